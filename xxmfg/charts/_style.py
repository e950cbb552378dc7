"""The one style of all charts: colors, sizes, what is printed where."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg._columns import covered
from xxmfg._show import visible, width
from xxmfg.charts._fonts import font_for, width_of
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from xxmfg.table import Table

__all__ = [
    "ACCENT",
    "ACROSS",
    "INK",
    "LINE",
    "PAPER",
    "SERIES",
    "SIZE",
    "SMALL",
    "framed",
    "grow",
    "hidden_rows",
    "labels_of",
    "legend",
    "lines_of",
    "print_at",
    "require_all",
    "room_of",
    "texts_of",
    "visible_texts",
    "widest",
    "wrapped",
]

INK = "#1f2a33"
PAPER = "#fcfbf8"
# One hue from dark to light, so that the order is told apart in print and by every eye; past the last, the last again.
SERIES = ("#1f5f8f", "#2b77ad", "#4c93c4", "#7fb2d6", "#a9cbe2", "#c9d3da")
ACCENT = SERIES[1]

SIZE = (4.8, 3.0)  # inches; at 72 points an inch the text is as large as the page's on a phone
TITLE, BODY, SMALL = 13.5, 12.0, 10.0  # points
# Inches of the text of charts: a column of a terminal across, and a line.
ACROSS, LINE = 0.094, 0.21
_LONGEST = 20  # columns of a terminal that a label may take in one line
_SPACING = 1.25  # of the lines of a label
_PAD = 6  # points between labels and what they name
_MARGIN = 0.4  # inches of a figure's width that stay free
_STYLE: dict[str, Any] = {
    "axes.edgecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": TITLE,
    "axes.unicode_minus": False,
    "axes.xmargin": 0.02,
    "font.size": BODY,
    "font.weight": "normal",
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "text.usetex": False,
}


@contextmanager
def framed(
    table: "Table",
    ax: "Axes | None",
    texts: Sequence[str],
    title: str | None,
    note: str | None,
    *,
    size: tuple[float, float] = SIZE,
    above: int = 1,
) -> Iterator["Axes"]:
    """Give axes to draw on, in the style of all charts; what is drawn then gets its title above and its note below.

    Title and note are the table's own where none is given. `texts` has whatever else is printed, for the font must have
    every character of it; `size` is that of a new figure, in inches; `above` counts the small lines between the chart
    and its title.
    """
    _require_matplotlib()
    import matplotlib as mpl

    title, note = table.title if title is None else title, table.note if note is None else note
    characters = frozenset("".join([*texts, title, note])) - set("\n ")
    style: Any = {**_STYLE, "font.family": [font_for(characters)]}
    with mpl.rc_context(style):
        axes = ax or _new_axes(size)
        yield axes
        _finish(axes, title, note, above)
        if ax is None:
            grow(axes)
        interactive = mpl.is_interactive()
    # Jupyter turns this on when the first figure is made; forgotten with the context, no later chart would be shown.
    mpl.interactive(interactive)


def _require_matplotlib() -> None:
    try:
        import matplotlib  # noqa: F401  (only whether it is there)
    except ImportError as absent:
        raise ImportError("charts need matplotlib: pip install xxmfg[report]") from absent


def _new_axes(size: tuple[float, float]) -> "Axes":
    from matplotlib import pyplot

    return pyplot.subplots(figsize=size, layout="constrained")[1]


def print_at(
    ax: "Axes", text: str, at: tuple[float, float], offset: tuple[float, float], *, xycoords: Any = "data", **how: Any
) -> None:
    """Print text at a point of the chart, moved by an offset in points."""
    how |= {"linespacing": _SPACING} if "\n" in text else {}
    ax.annotate(text, at, offset, textcoords="offset points", xycoords=xycoords, annotation_clip=False, **how)


def _finish(ax: "Axes", title: str, note: str, above: int) -> None:
    """Leave only what carries information: no frame, no ticks; the title above some small lines, the note below.

    Both begin where the labels on the left do, and are broken into lines that end within the figure.
    """
    import matplotlib as mpl
    from matplotlib.transforms import IdentityTransform, ScaledTranslation, blended_transform_factory

    ax.patch.set_visible(False)  # whatever lies below is the background
    ax.spines[:].set_visible(False)
    # Ticks, title and axis label may be older than this style: axes bring their own.
    family, size = mpl.rcParams["font.family"][0], mpl.rcParams["font.size"]
    ax.tick_params(length=0, pad=_PAD, labelsize=size, labelcolor=INK, labelfontfamily=family)
    texts = [*ax.get_xticklabels(), *ax.get_yticklabels()]
    for text in texts:
        if "\n" in text.get_text():
            text.set_linespacing(_SPACING)
    at_left, room = _beside(ax), room_of(ax)
    to_the_left = ScaledTranslation(-at_left / 72, 0, ax.figure.dpi_scale_trans)
    if title:
        lines = wrapped(title, room, TITLE)
        texts.append(ax.set_title(lines, fontfamily=family, color=INK, pad=20 + 16 * (above - 1), linespacing=1.3))
        texts[-1].set_transform(texts[-1].get_transform() + to_the_left)
    if note:
        small = {"fontsize": SMALL, "fontfamily": family, "linespacing": 1.5}
        lines = wrapped(note, room, SMALL)
        texts.append(ax.set_xlabel(lines, loc="left", labelpad=10, color=INK, alpha=0.75, **small))
        texts[-1].set_transform(blended_transform_factory(ax.transAxes, IdentityTransform()) + to_the_left)
    for text in texts:
        text.set_parse_math(False)


def room_of(ax: "Axes") -> float:
    """Give the points across that the axes have with their labels: their part of the figure without its margins."""
    place, across = ax.get_subplotspec(), 72 * ax.figure.bbox.width / ax.figure.dpi
    if place is None:  # axes that were put somewhere by hand
        return float(across * (1 - ax.get_position().x0))
    return float(across * len(place.colspan) / place.get_gridspec().ncols - 72 * _MARGIN)


def _beside(ax: "Axes") -> float:
    """Give the points across that the labels on the left take."""
    lines = [line for label in ax.get_yticklabels() for line in label.get_text().split("\n") if line]
    return max(width_of(line, BODY) for line in lines) + _PAD if lines else 0.0


def grow(ax: "Axes") -> None:
    """Let the figure of a chart grow by the lines that title, note and labels below have beyond their first."""
    below = [label.get_text() for label in ax.get_xticklabels() if not label.get_rotation()]
    extra = sum(lines_of(texts) - 1 for texts in ([ax.get_title("left")], [ax.get_xlabel()], below))
    figure: Any = ax.figure
    figure.set_figheight(figure.get_figheight() + 1.1 * LINE * extra)


def legend(ax: "Axes", handles: Any, names: Sequence[str], **where: Any) -> None:
    """Name what is drawn, small and without a frame; one thing that has no name needs none."""
    if not any(names):
        return
    texts = ax.legend(handles, names, frameon=False, fontsize=SMALL, handlelength=1.2, labelcolor=INK, **where)
    for text in texts.get_texts():
        text.set_parse_math(False)


def labels_of(column: np.ndarray[Any, Any], *, line: int | None = _LONGEST) -> list[str]:
    """Give labels as they are printed: one that is longer than a line in two lines."""
    labels = visible_texts(column.tolist())
    return labels if line is None else [_halved(label, line) for label in labels]


def widest(texts: Sequence[str]) -> int:
    """Give the columns of a terminal that the widest line takes."""
    return max([width(line) for text in texts for line in text.split("\n")], default=0)


def lines_of(texts: Sequence[str]) -> int:
    """Give the lines of the text that has most."""
    return max([text.count("\n") for text in texts], default=0) + 1


def visible_texts(labels: Sequence[Any]) -> list[str]:
    """Give labels as text, marks that hide as escapes, a dash for a missing one."""
    return ["—" if label is None else visible(str(label)) for label in labels]


def _halved(label: str, line: int) -> str:
    """Break a label that is longer than a line near its middle, at a space where it has one there."""
    if width(label) <= line:
        return label
    middle = len(label) // 2 + len(label) % 2
    spaces = [place for place, mark in enumerate(label) if mark == " "]
    at = min(spaces, key=lambda place: abs(place - middle), default=middle)
    at = at if abs(at - middle) <= len(label) // 4 else middle
    return f"{label[:at].rstrip()}\n{label[at:].lstrip()}"


# What stays together on a line: a Chinese character with the marks that may not stand apart from it, or a word.
_UNBROKEN = re.compile(
    r"[（《“「【]*(?:[\u2e80-\u9fff\uff10-\uff5a]|[^\s\u2e80-\u9fff（《“「【，；：！？）”]+)[，。；：、！？）》”」】…％]*|\s+"
)


def wrapped(text: str, room: float, size: float) -> str:
    """Break a text into lines of at most so many points, as few as will do and about as long as each other."""
    filled = _filled(text, room, size)
    narrower = (_filled(text, part * room, size) for part in (0.5, 0.6, 0.7, 0.8, 0.9))
    return next((lines for lines in narrower if lines.count("\n") == filled.count("\n")), filled)


def _filled(text: str, room: float, size: float) -> str:
    """Fill lines one after the other; a break is between words or Chinese characters, else anywhere."""
    lines = []
    for given in text.split("\n"):
        line = ""
        for part in _UNBROKEN.findall(given):
            if line and width_of((line + part).rstrip(), size) > room:
                lines.append(line.rstrip())
                line = ""
            for mark in part if line else part.lstrip():
                if line and width_of((line + mark).rstrip(), size) > room:  # a word that is longer than a line
                    lines.append(line)
                    line = ""
                line += mark
        lines.append(line.rstrip())
    return "\n".join(lines)


def texts_of(
    table: "Table", name: str, texts: Sequence[str] | None, *, percent: bool = False, digits: int = 6
) -> list[str]:
    """Give what to print at each value of a column: of a protected table the mark where it is suppressed."""
    column = table[name]
    if texts is not None:
        if len(texts) != len(column):
            raise XxmfgError(f"texts has {len(texts)} entries, the table {len(column)} rows: give one for each row")
        return list(texts)
    if percent or name in table.percent:
        printed = ["—" if np.isnan(value) else f"{value:.2%}" for value in column.tolist()]
    else:
        printed = [_number(value, digits) for value in column.tolist()]
    return covered(printed, table.suppressed.get(name))


def hidden_rows(table: "Table", name: str) -> "NDArray[np.bool_]":
    """Tell where a column is suppressed."""
    mask = table.suppressed.get(name)
    return np.zeros(len(table), dtype=np.bool_) if mask is None else mask


def require_all(chart: str, table: "Table", *names: str) -> None:
    """Raise where a column is suppressed in part, for a chart of all values together: that of some would be wrong."""
    for name in names:
        n = int(hidden_rows(table, name).sum())
        if n:
            raise XxmfgError(
                f"{chart} draws all values together; column {name!r} has {n:,} that are suppressed: draw the records"
            )


def _number(value: float, digits: int) -> str:
    if isinstance(value, int):
        return str(value)
    if np.isnan(value):
        return "—"
    return f"{value:.0f}" if 10 ** (digits - 1) <= abs(value) < 1e6 else f"{value:.{digits}g}"
