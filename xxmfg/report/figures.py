"""图1 and 图2: which finding each draws, and the files and page elements made of it."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from .. import charts
from ..table import Table
from .findings import Findings
from .press import press
from .sheets import PERCENT, RECONSTRUCTED, YI
from .survey import Survey
from .svg import inline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

__all__ = ["Chart", "figures", "page_svg", "save"]

_DPI = 200


class Chart(NamedTuple):
    """A chart of the report; `draw` puts it on axes, with a title above and a note below."""

    number: int
    title: str
    description: str
    draw: "Callable[[Axes, str, str], Axes]"

    @property
    def name(self) -> str:
        """图 and number."""
        return f"图{self.number}"


def figures(survey: Survey, found: Findings) -> tuple[Chart, ...]:
    """Give the report's charts."""
    return enterprises_by_city(found), output_by_city(survey, found)


def enterprises_by_city(found: Findings) -> Chart:
    """图1: the enterprises of each new city."""
    cities, counts = list(found.city_counts), list(found.city_counts.values())
    table = Table({"city": cities, "count": counts}, units={"count": "户"})
    texts = [str(count) for count in counts]
    said = "，".join(f"{city} {count} 户" for city, count in found.city_counts.items())
    title = "新城先进制造业企业数分布情况"

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return charts.bar(table, "city", "count", texts=texts, title=title, note=note, ax=ax)

    return Chart(1, title, f"柱形图：{said}。", draw)


def output_by_city(survey: Survey, found: Findings) -> Chart:
    """图2: the share of each new city in the output, and the balance item's."""
    cities, shares = list(found.cities), [part.share for part in found.cities.values()]
    table = Table({"city": cities, "share": shares}, percent=["share"])
    usual = survey.usual_decimals("%")
    decimals = [survey.of_city(city, "%").decimals if city in survey.cities else usual for city in cities]
    texts = [f"{press(share, places, PERCENT)}%" for share, places in zip(shares, decimals, strict=True)]
    said = "，".join(f"{city} {text}" for city, text in zip(cities, texts, strict=True))
    output = press(found.output, survey.figures["F012"].decimals, YI)
    whole = f"新区合计 {output} 亿元 = 100%"

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return charts.share(table, "city", texts=texts, whole=whole, title=title, note=note, ax=ax)

    return Chart(2, "新城先进制造业产值占比情况", f"占比图，以新区合计 {output} 亿元为 100%：{said}。", draw)


def page_svg(chart: Chart) -> str:
    """Give a chart as an element of the page, whose caption holds title and note."""
    text = StringIO()
    _draw(chart, "", "", 0.02, lambda drawing: _save_svg(drawing, text, "none"))
    return inline(text.getvalue(), f"figure-{chart.number}", f"{chart.name} {chart.title}", chart.description)


def save(chart: Chart, folder: Path, year: int) -> tuple[str, ...]:
    """Write a chart that stands by itself, as PNG and as SVG, and give the names of the files."""
    stem = f"{chart.name}_{chart.title}"
    note = f"{year} 年。{RECONSTRUCTED}。"

    def both(drawing: "Drawing") -> None:
        drawing.savefig(folder / f"{stem}.png", dpi=_DPI, facecolor="white", metadata={"Software": None})
        with (folder / f"{stem}.svg").open("w", encoding="utf-8", newline="\n") as file:
            _save_svg(drawing, file, "white")

    _draw(chart, f"{chart.name} {chart.title}", note, 0.18, both)
    return f"{stem}.png", f"{stem}.svg"


def _draw(chart: Chart, title: str, note: str, margin: float, use: "Callable[[Drawing], None]") -> None:
    """Draw a chart (margin in inches) by matplotlib's defaults, whatever the user has set: it is the same anywhere."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as Drawing
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": chart.name})
        drawing = Drawing(figsize=charts.SIZE, layout=ConstrainedLayoutEngine(w_pad=margin, h_pad=margin))
        chart.draw(drawing.subplots(), title, note)
        use(drawing)


def _save_svg(drawing: "Drawing", file: IO[Any], background: str) -> None:
    """Write SVG that says nothing of when and by which version it was made."""
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    drawing.savefig(file, format="svg", facecolor=background, metadata=nothing)
