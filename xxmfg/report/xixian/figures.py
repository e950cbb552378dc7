"""The figures that the printed report gives, with the digits and the words that it gives them with."""

from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from ...records import Records
from ..press import press
from ..sheets import Cell, Note

__all__ = ["YI", "Figure", "figure_cell", "figures_of", "quoted_cell"]

YI = -4  # the power of ten from the records' 万元 to 亿元

_POWERS = {"亿元": 0, "万元": -4}  # of ten, from a unit of money to 亿元
_BEFORE = {"approx": ("约",), "above": ("突破", "超过"), "at_most": ("前",)}
_AFTER = {"approx": ("左右",), "over": ("余", "多"), "at_least": ("以上",), "at_most": ("以下",)}
_TIGHT = ("", "%", "％")  # units that stand next to their number


class Figure(NamedTuple):
    """A number of the printed report; `items` are the names that it counts, where it lists them."""

    id: str
    kind: str
    subject: str
    indicator: str
    year: str
    value: Decimal
    unit: str
    qualifier: str
    decimals: int
    phrase: str
    items: tuple[str, ...]

    def __str__(self) -> str:
        return self.text

    def __format__(self, _: str) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The number with its printed digits."""
        return f"{self.value:.{self.decimals}f}"

    @property
    def qualified(self) -> str:
        """The number with the word that the report puts before it or after it: 约, 突破, 余, 以上."""
        before, after = self._word(_BEFORE), self._word(_AFTER)
        return " ".join(filter(None, (before, self.text, after)))

    @property
    def quoted(self) -> str:
        """The number as the report has it, with its unit and the words around it."""
        after, unit = self._word(_AFTER), self.unit.replace("亿(元)", "亿")
        if self.qualifier == "over":
            return f"{self.text} {after}{unit}"
        space = "" if unit in _TIGHT else " "
        before = self._word(_BEFORE)
        return f"{before}{' ' if before else ''}{self.text}{space}{unit}{after}"

    @property
    def significant(self) -> int:
        """How many significant digits are printed."""
        return len(self.value.as_tuple().digits)

    def span_in_yi(self) -> tuple[Decimal, Decimal]:
        """Give the bounds, in 亿元, between which a figure of money was rounded to its printed digits."""
        half = Decimal(1).scaleb(-self.decimals) / 2
        power = _POWERS[self.unit]
        return (self.value - half).scaleb(power), (self.value + half).scaleb(power)

    def in_yi(self) -> "Figure":
        """Give a figure of money in 亿元; 7550 万元 becomes 0.755, for its last zero is no digit of 亿元."""
        if self.unit == "亿元":
            return self
        value = self.value.scaleb(_POWERS[self.unit]).normalize()
        return self._replace(value=value, unit="亿元", decimals=max(0, -int(value.as_tuple().exponent)))

    def _word(self, words: dict[str, tuple[str, ...]]) -> str:
        return next((word for word in words.get(self.qualifier, ()) if word in self.phrase), "")


def figure_cell(value: float, figure: Figure, power: int = 0, notes: tuple[Note, ...] = ()) -> Cell:
    """Give a computed value × 10**power with the digits that the report prints, compared with what it prints."""
    text = press(value, figure.decimals, power)
    exact = float(Decimal(value).scaleb(power))
    return Cell(text, exact, notes, differs=Decimal(text) != figure.value, figures=(figure.id,), is_computed=True)


def quoted_cell(figure: Figure, notes: tuple[Note, ...] = (), *, with_unit: bool = False) -> Cell:
    """Give a figure as it is quoted, not computed; with its unit where the column has none."""
    text = figure.quoted if with_unit else figure.qualified
    return Cell(text, float(figure.value), notes, figures=(figure.id,))


def figures_of(table: Records) -> dict[str, Figure]:
    """Give the figures of the file by their ids."""
    rows = zip(*(np.asarray(table[name]).tolist() for name in Figure._fields), strict=True)
    return {row[0]: _figure(*(entry or "" for entry in row)) for row in rows}


def _figure(*entries: Any) -> Figure:
    fields = dict(zip(Figure._fields, entries, strict=True))
    items = tuple(fields.pop("items").split("、")) if fields["items"] else ()
    value, decimals = Decimal(fields.pop("value")), int(fields.pop("decimals") or 0)
    return Figure(
        **{name: fields.get(name, "") for name in ("id", "kind", "subject", "indicator", "year")},
        value=value,
        unit=fields["unit"],
        qualifier=fields["qualifier"],
        decimals=decimals,
        phrase=fields["phrase"],
        items=items,
    )
