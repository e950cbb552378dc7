"""Charts to files and to elements of the page: drawn the same anywhere, without a word of when or by which version."""

from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ..charts._style import grow
from .document import Chart
from .svg import inline

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

__all__ = ["page_svg", "png", "save"]

_DPI = 200


def page_svg(chart: Chart) -> str:
    """Give a chart as an element of the page, whose caption holds title and note."""
    text = StringIO()
    _draw(chart, "", "", 0.02, lambda drawing: _save_svg(drawing, text, "none"))
    return inline(text.getvalue(), f"figure-{chart.number}", f"{chart.name} {chart.title}", chart.description)


def png(chart: Chart) -> bytes:
    """Give a chart as a picture for a document whose caption holds title and note."""
    content = BytesIO()
    _draw(chart, "", "", 0.04, lambda drawing: _save_png(drawing, content))
    return content.getvalue()


def save(chart: Chart, folder: Path, stem: str) -> tuple[str, ...]:
    """Write a chart that stands by itself, as PNG and as SVG, and give the names of the files."""

    def both(drawing: "Drawing") -> None:
        with (folder / f"{stem}.png").open("wb") as file:
            _save_png(drawing, file)
        with (folder / f"{stem}.svg").open("w", encoding="utf-8", newline="\n") as file:
            _save_svg(drawing, file, "white")

    _draw(chart, f"{chart.name} {chart.title}", chart.note, 0.18, both)
    return f"{stem}.png", f"{stem}.svg"


def _draw(chart: Chart, title: str, note: str, margin: float, use: "Callable[[Drawing], None]") -> None:
    """Draw a chart (margin in inches) by matplotlib's defaults, whatever the user has set: it is the same anywhere."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as Drawing
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": chart.name})
        drawing = Drawing(figsize=chart.size, layout=ConstrainedLayoutEngine(w_pad=margin, h_pad=margin))
        grow(chart.draw(drawing.subplots(), title, note))
        use(drawing)


def _save_png(drawing: "Drawing", file: IO[bytes]) -> None:
    drawing.savefig(file, format="png", dpi=_DPI, facecolor="white", metadata={"Software": None})


def _save_svg(drawing: "Drawing", file: IO[Any], background: str) -> None:
    """Write SVG that says nothing of when and by which version it was made."""
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    drawing.savefig(file, format="svg", facecolor=background, metadata=nothing)
