"""The survey that the report is made from: establishment records, and the figures that the printed report gives."""

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from typing import NamedTuple

import numpy as np

from ...io import read
from ...records import Records
from .figures import Figure, figures_of

__all__ = ["BALANCE", "UNASSIGNED", "Survey", "read_survey"]

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
_FIGURE_TEXTS = ("id", "kind", "subject", "indicator", "year", "value", "unit", "qualifier", "phrase", "items")
_LISTS = ("presence", "projects", "new_areas", "cities", "cases", "measures", "relations")
_RECORD_TEXTS = ("enterprise", "name", "new_city", "category", "branch", "record_type")


class Survey(NamedTuple):
    """Establishment records of two years, outputs in 万元; the report's figures by id; its lists by file, all texts."""

    records: Records
    figures: Mapping[str, Figure]
    lists: Mapping[str, tuple[Mapping[str, str], ...]]

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

    def measures(self, kind: str) -> list[str]:
        """Give what the report argues under a head: 机遇, 挑战, 思路, 建议 and their like."""
        return [row["title"] for row in self.lists["measures"] if row["kind"] == kind]

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
    lists = {name: _texts(folder / f"{name}.csv") for name in _LISTS}
    return Survey(records, figures_of(_read(folder / "figures.csv", _FIGURE_TEXTS)), lists)


def _read(source: Traversable, texts: tuple[str, ...]) -> Records:
    from importlib.resources import as_file

    with as_file(source) as path:
        return read(path, types=dict.fromkeys(texts, "text"))


def _texts(source: Traversable) -> tuple[dict[str, str], ...]:
    """Give the rows of a list, every entry a text."""
    import csv

    with source.open("r", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))
