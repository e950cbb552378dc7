"""The one style of all charts: colors, sizes, what is printed where."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg._show import visible, width
from xxmfg.charts._fonts import font_for
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from xxmfg.table import Table

__all__ = [
    "ACCENT",
    "INK",
    "PAPER",
    "SERIES",
    "SIZE",
    "SMALL",
    "axes_or_new",
    "finish",
    "labels_of",
    "legend",
    "print_at",
    "style_for",
    "texts_of",
    "visible_texts",
]

INK = "#1f2a33"
PAPER = "#fcfbf8"
# One hue from dark to light, so that the order is told apart in print and by every eye; past the last, the last again.
SERIES = ("#1f5f8f", "#2b77ad", "#4c93c4", "#7fb2d6", "#a9cbe2", "#c9d3da")
ACCENT = SERIES[1]

SIZE = (4.8, 3.0)  # inches; at 72 points an inch the text is as large as the page's on a phone
SMALL = 10.0
_LINE = 20  # columns of a terminal that a label may take in one line
_STYLE: dict[str, Any] = {
    "axes.edgecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 13.5,
    "axes.unicode_minus": False,
    "axes.xmargin": 0.02,
    "font.size": 12.0,
    "font.weight": "normal",
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "text.usetex": False,
}


@contextmanager
def style_for(texts: Sequence[str]) -> Iterator[None]:
    """Give the context in which a chart of these texts is made."""
    _require_matplotlib()
    import matplotlib as mpl

    style: Any = {**_STYLE, "font.family": [font_for(frozenset("".join(texts)) - set("\n "))]}
    with mpl.rc_context(style):
        yield
        interactive = mpl.is_interactive()
    # Jupyter turns this on when the first figure is made; forgotten with the context, no later chart would be shown.
    mpl.interactive(interactive)


def _require_matplotlib() -> None:
    try:
        import matplotlib  # noqa: F401  (only whether it is there)
    except ImportError as absent:
        raise ImportError("charts need matplotlib: pip install xxmfg[report]") from absent


def axes_or_new(ax: "Axes | None", size: tuple[float, float] = SIZE) -> "Axes":
    """Give the axes, or those of a new figure of a size in inches."""
    if ax is not None:
        return ax
    from matplotlib import pyplot

    return pyplot.subplots(figsize=size, layout="constrained")[1]


def print_at(
    ax: "Axes", text: str, at: tuple[float, float], offset: tuple[float, float], *, xycoords: Any = "data", **how: Any
) -> None:
    """Print text at a point of the chart, moved by an offset in points."""
    ax.annotate(text, at, offset, textcoords="offset points", xycoords=xycoords, annotation_clip=False, **how)


def finish(ax: "Axes", title: str, note: str, above: int = 1) -> None:
    """Leave only what carries information: no frame, no ticks; the title above some small lines, the note below."""
    import matplotlib as mpl

    ax.patch.set_visible(False)  # whatever lies below is the background
    ax.spines[:].set_visible(False)
    # Ticks, title and axis label may be older than this style: axes bring their own.
    family, size = mpl.rcParams["font.family"][0], mpl.rcParams["font.size"]
    ax.tick_params(length=0, pad=6, labelsize=size, labelcolor=INK, labelfontfamily=family)
    texts = [*ax.get_xticklabels(), *ax.get_yticklabels()]
    if title:
        texts.append(ax.set_title(title, fontfamily=family, color=INK, pad=20 + 16 * (above - 1)))
    if note:
        small = {"fontsize": SMALL, "fontfamily": family, "linespacing": 1.5}
        texts.append(ax.set_xlabel(note, loc="left", labelpad=10, color=INK, alpha=0.75, **small))
    for text in texts:
        text.set_parse_math(False)


def legend(ax: "Axes", handles: Any, names: Sequence[str], **where: Any) -> None:
    """Name what is drawn, small and without a frame; one thing that has no name needs none."""
    if not any(names):
        return
    texts = ax.legend(handles, names, frameon=False, fontsize=SMALL, handlelength=1.2, labelcolor=INK, **where)
    for text in texts.get_texts():
        text.set_parse_math(False)


def labels_of(column: np.ndarray[Any, Any], *, line: int | None = _LINE) -> list[str]:
    """Give labels as they are printed: one that is longer than a line in two lines."""
    labels = visible_texts(column.tolist())
    return labels if line is None else [_wrapped(label, line) for label in labels]


def visible_texts(labels: Sequence[Any]) -> list[str]:
    """Give labels as text, marks that hide as escapes, a dash for a missing one."""
    return ["—" if label is None else visible(str(label)) for label in labels]


def _wrapped(label: str, line: int) -> str:
    """Break a label that is longer than a line near its middle, at a space where it has one there."""
    if width(label) <= line:
        return label
    middle = len(label) // 2 + len(label) % 2
    spaces = [place for place, mark in enumerate(label) if mark == " "]
    at = min(spaces, key=lambda place: abs(place - middle), default=middle)
    at = at if abs(at - middle) <= len(label) // 4 else middle
    return f"{label[:at].rstrip()}\n{label[at:].lstrip()}"


def texts_of(
    table: "Table", name: str, texts: Sequence[str] | None, *, percent: bool = False, digits: int = 6
) -> list[str]:
    """Give what to print at each value of a column."""
    column = table[name]
    if texts is not None:
        if len(texts) != len(column):
            raise XxmfgError(f"texts has {len(texts)} entries, the table {len(column)} rows: give one for each row")
        return list(texts)
    if percent or name in table.percent:
        return ["—" if np.isnan(value) else f"{value:.2%}" for value in column.tolist()]
    return [_number(value, digits) for value in column.tolist()]


def _number(value: float, digits: int) -> str:
    if isinstance(value, int):
        return str(value)
    if np.isnan(value):
        return "—"
    return f"{value:.0f}" if 10 ** (digits - 1) <= abs(value) < 1e6 else f"{value:.{digits}g}"
