"""The survey that the report is made from: establishment records, and the figures that the printed report gives."""

from collections.abc import Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import NamedTuple

import numpy as np

from ..io import read
from ..records import Records

__all__ = ["BALANCE", "UNASSIGNED", "Figure", "Survey", "read_survey"]

BALANCE = "平衡项"  # the record_type of output that no city has: part of every total, never counted or ranked
UNASSIGNED = "未分配"  # its city and branch

_BRANCHES = {  # the branches of the records whose output the report prints, in its order
    "汽车": "F019",
    "航空航天航海动力装备": "F020",
    "绿色节能建筑材料": "F021",
    "生物医药": "F022",
    "金属材料": "F023",
}
_LEADERS = ("F016", "F017", "F018")
_POWERS = {"亿元": 0, "万元": -4}  # of ten, from a unit of money to 亿元
_FIGURE_TEXTS = ("id", "subject", "year", "value", "unit", "items")
_RECORD_TEXTS = ("enterprise", "name", "new_city", "category", "branch", "record_type")


class Figure(NamedTuple):
    """A number of the printed report; `items` are the names that it counts, where it lists them."""

    subject: str
    year: str
    value: Decimal
    unit: str
    is_approximate: bool
    decimals: int
    items: tuple[str, ...]

    @property
    def text(self) -> str:
        """The number with its printed digits."""
        return f"{self.value:.{self.decimals}f}"

    @property
    def quoted(self) -> str:
        """The number as the report has it: with 约 where it says so, and with its unit."""
        return f"{self.qualified}{'' if self.unit == '%' else ' '}{self.unit}"

    @property
    def qualified(self) -> str:
        """The number, with 约 where the report says so."""
        return f"{'约 ' if self.is_approximate else ''}{self.text}"

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


class Survey(NamedTuple):
    """Establishment records of two years, outputs in 万元, and the report's figures by their ids."""

    records: Records
    figures: Mapping[str, Figure]

    @property
    def year(self) -> int:
        """The year that the report is about."""
        return int(self.figures["F012"].year)

    @property
    def cities(self) -> tuple[str, ...]:
        """The new cities in the report's order."""
        return self.figures["F121"].items

    @property
    def categories(self) -> dict[str, str]:
        """The names of the fourteen categories by code: 0201 is the first that the report's footnote lists."""
        return {f"02{number:02}": name for number, name in enumerate(self.figures["F004"].items, start=1)}

    @property
    def branches(self) -> dict[str, Figure]:
        """The branches whose output the report prints, in its order."""
        return {branch: self.figures[key] for branch, key in _BRANCHES.items()}

    @property
    def leaders(self) -> dict[str, Figure]:
        """The enterprises that the report names as the largest, in the order of its sentence."""
        return {self.figures[key].subject: self.figures[key] for key in _LEADERS}

    def of_city(self, city: str, unit: str) -> Figure:
        """Give what the report prints of a new city: its enterprises (户), output (亿元) or share (%)."""
        return next(figure for figure in self.figures.values() if (figure.subject, figure.unit) == (city, unit))

    def usual_decimals(self, unit: str) -> int:
        """Give the decimals for a number that the report does not print: the most that it gives to a new city."""
        return max(self.of_city(city, unit).decimals for city in self.cities)

    def current(self) -> Records:
        """Give the records of the report's year, the balance item among them."""
        records: Records = self.records[np.asarray(self.records["year"]) == self.year]
        return records

    def establishments(self) -> Records:
        """Give the records of the report's year that are establishments."""
        current = self.current()
        records: Records = current[np.asarray(current["record_type"]) != BALANCE]
        return records


def read_survey() -> Survey:
    """Read the survey that is installed with the package."""
    from importlib.resources import files

    folder = files("xxmfg.data.xixian2019")
    records = _read(folder / "establishments.csv", _RECORD_TEXTS)
    return Survey(records, _figures(_read(folder / "figures.csv", _FIGURE_TEXTS)))


def _read(source: Traversable, texts: tuple[str, ...]) -> Records:
    from importlib.resources import as_file

    with as_file(source) as path:
        return read(path, types=dict.fromkeys(texts, "text"))


def _figures(table: Records) -> dict[str, Figure]:
    names = ("id", "subject", "year", "value", "unit", "qualifier", "decimals", "items")
    rows = zip(*(np.asarray(table[name]).tolist() for name in names), strict=True)
    return {
        key: Figure(
            subject or "",
            year or "",
            Decimal(value),
            unit or "",
            qualifier == "approx",
            int(decimals),
            tuple(items.split("、")) if items else (),
        )
        for key, subject, year, value, unit, qualifier, decimals, items in rows
    }
