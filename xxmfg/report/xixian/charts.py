"""The survey's charts: which finding each draws, and what it says to those who cannot see it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ... import charts
from ...table import Table
from ..document import Chart
from ..press import press
from ..sheets import PERCENT
from .figures import YI
from .findings import Findings
from .survey import Survey

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["enterprises_by_city", "output_by_city"]


def enterprises_by_city(survey: Survey, found: Findings) -> Chart:
    """图1: the enterprises of each new city."""
    cities, counts = list(found.city_counts), list(found.city_counts.values())
    table = Table({"city": cities, "count": counts}, units={"count": "户"})
    texts = [str(count) for count in counts]
    said, note = _said(cities, [f" {count} 户" for count in counts]), _note(survey)

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return charts.bar(table, "city", "count", texts=texts, title=title, note=note, ax=ax)

    return Chart(1, "图1", "新城先进制造业企业数分布情况", f"柱形图：{said}。", draw, 4, note)


def output_by_city(survey: Survey, found: Findings) -> Chart:
    """图2: the share of each new city in the output, and the balance item's."""
    cities, shares = list(found.cities), [part.share for part in found.cities.values()]
    table = Table({"city": cities, "share": shares}, percent=["share"])
    usual = survey.usual_decimals("%")
    decimals = [survey.of_city(city, "%").decimals if city in survey.cities else usual for city in cities]
    texts = [f"{press(share, places, PERCENT)}%" for share, places in zip(shares, decimals, strict=True)]
    output = press(found.output, survey.figures["F012"].decimals, YI)
    whole = f"新区合计 {output} 亿元 = 100%"
    note = _note(survey)
    said = f"占比图，以新区合计 {output} 亿元为 100%：{_said(cities, [f' {text}' for text in texts])}。"

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return charts.share(table, "city", texts=texts, whole=whole, title=title, note=note, ax=ax)

    return Chart(2, "图2", "新城先进制造业产值占比情况", said, draw, 4, note)


def _note(survey: Survey) -> str:
    return f"{survey.year} 年。重构数据，非调查原始记录。"


def _said(labels: Sequence[str], texts: Sequence[str]) -> str:
    return "，".join(f"{label}{text}" for label, text in zip(labels, texts, strict=True))
