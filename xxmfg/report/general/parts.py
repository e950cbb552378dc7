"""What a part of the report gives: facts for sentences, rows of tables, charts; or why it cannot be made."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..document import Chart
from ..press import Quantity, press
from ..sheets import ABSENT, PERCENT, Cell, Note, Row, number
from .survey import Survey

__all__ = ["Drawn", "Part", "Printer", "Unmade", "share_or_dash"]


class Unmade(Exception):  # noqa: N818  (it is no error of anybody: a part that the records do not give)
    """A part cannot be made; `name` is the sentence of the description that says why."""

    def __init__(self, name: str, **facts: object) -> None:
        super().__init__(name)
        self.name, self.facts = name, facts


class Drawn(NamedTuple):
    """A chart and the key of the table that has its data."""

    chart: Chart
    table: str


class Part(NamedTuple):
    """Facts, rows by tables' keys, notes' names by tables' keys, charts by their keys."""

    facts: Mapping[str, Any]
    tables: Mapping[str, list[Row]]
    notes: Mapping[str, tuple[str, ...]]
    charts: Mapping[str, Drawn]


class Printer:
    """Prints the numbers of a survey as cells, with commas between thousands."""

    def __init__(self, survey: Survey, words: dict[str, Any], suppressed: Note) -> None:
        self.survey, self.words, self._decimals = survey, words, survey.decimals
        self._hidden = Cell(ABSENT.text, None, (suppressed,))

    def label(self, part: str, code: int) -> str:
        """Give a region's or an industry's name."""
        label = self.survey.labels[part][code]
        return self.words["missing_label"] if label is None else label

    def quantity(self, value: float) -> Quantity:
        """Give a value for a sentence."""
        return Quantity(float(value), self._decimals, grouped=True)

    def percent(self, share: float) -> Quantity:
        """Give a share for a sentence, in percent."""
        return Quantity(float(share), 2, PERCENT)

    def amount(self, value: float, *, shown: bool = True) -> Cell:
        """Give a cell with a value."""
        return number(float(value), self._decimals, grouped=True) if shown else self._hidden

    def mean(self, value: float, *, shown: bool = True) -> Cell:
        """Give a cell with a mean."""
        return number(float(value), max(2, self._decimals), grouped=True) if shown else self._hidden

    def share(self, value: float, *, shown: bool = True) -> Cell:
        """Give a cell with a share or a rate, in percent."""
        return number(float(value), 2, PERCENT, grouped=True) if shown else self._hidden

    def index(self, value: float, *, shown: bool = True) -> Cell:
        """Give a cell with an index, with four decimals."""
        return number(float(value), 4) if shown else self._hidden

    @staticmethod
    def count(value: float) -> Cell:
        """Give a cell with a count."""
        return number(float(value), 0, grouped=True)


def share_or_dash(value: float) -> str:
    """Print a share in percent for a label of a chart."""
    text = press(value, 2, PERCENT)
    return text if text == ABSENT.text else f"{text}%"
