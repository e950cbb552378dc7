"""Charts: a Table in, matplotlib axes out, in one visual style and with a font that can draw every label.

matplotlib comes with ``pip install xxmfg[report]`` and is imported when a chart is made. The style holds for the chart
alone: matplotlib's settings stay as they were. A character that no font on the system can draw raises
`MissingGlyphError`; it never becomes an empty box.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from ._show import visible
from .errors import MissingGlyphError, XxmfgError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .table import Table

__all__ = ["bar", "share"]

# Fonts drawn for simplified Chinese come first; then fonts whose Chinese is readable though drawn in another region's
# manner (of Noto's collection, matplotlib before 3.11 sees the JP face alone). The last one comes with matplotlib.
FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Noto Sans CJK JP", "Source Han Sans JP",
    "Droid Sans Fallback", "Arial Unicode MS", "DejaVu Sans",
)  # fmt: skip

INK = "#1f2a33"
# One hue from dark to light, so that the order is told apart in print and by every eye; past the last, the last again.
SERIES = ("#1f5f8f", "#2b77ad", "#4c93c4", "#7fb2d6", "#a9cbe2", "#c9d3da")
ACCENT = SERIES[1]

SIZE = (4.8, 3.0)  # inches; at 72 points an inch the text is as large as the page's on a phone
_SMALL = 10.0
_STYLE: dict[str, Any] = {
    "axes.edgecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlepad": 20.0,
    "axes.titlesize": 13.5,
    "axes.unicode_minus": False,
    "axes.xmargin": 0.02,
    "font.size": 12.0,
    "font.weight": "normal",
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "text.usetex": False,
}


def bar(
    table: "Table",
    label: str,
    value: str,
    *,
    texts: Sequence[str] | None = None,
    title: str | None = None,
    note: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw one column a row, in the order of the table, with its value above it.

    Parameters
    ----------
    table : Table
        One row a column of the chart.
    label, value : str
        The names of the columns with the labels and with the heights. A missing value leaves its place empty.
    texts : sequence of str, optional
        What to print at each column, as many as the table has rows. Without it the values are printed: integers
        whole, columns that the table shows as percent with two decimals, others with six significant digits.
    title, note : str, optional
        Printed above and below; the table's own where not given, nothing where empty.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure of pyplot's where not given.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ColumnError
        The table has no column of that name.
    MissingGlyphError
        No font on the system can draw a character of the chart.
    XxmfgError
        matplotlib is not installed, or `texts` has another length than the table.

    Examples
    --------
    >>> from xxmfg import Table, charts
    >>> cities = Table({"city": ["A", "B"], "count": [5, 10]}, title="Enterprises by city")
    >>> ax = charts.bar(cities, "city", "count")
    >>> [text.get_text() for text in ax.texts]
    ['5', '10']
    """
    labels, values = _labels(table[label]), np.asarray(table[value], dtype=np.float64)
    texts = _texts(table, value, texts)
    title, note = table.title if title is None else title, table.note if note is None else note
    unit = table.units.get(value, "")
    with _style([*labels, *texts, title, note, unit]):
        ax = _axes(ax)
        places = np.arange(len(values))
        ax.bar(places, np.nan_to_num(values), width=0.56, color=ACCENT, linewidth=0)
        for place, height, text in zip(places.tolist(), np.nan_to_num(values).tolist(), texts, strict=True):
            above = height >= 0
            _print(ax, text, (place, height), (0, 3 if above else -3), ha="center", va="bottom" if above else "top")
        ax.set_xticks(places, labels)
        ax.set_yticks([])
        ax.margins(y=0.12)
        ax.axhline(0, color=INK, linewidth=0.8)
        if unit:
            _print(ax, f"({unit})", (0, 1), (0, 0), ha="left", va="bottom", size=_SMALL, xycoords="axes fraction")
        _finish(ax, title, note)
    return ax


def share(
    table: "Table",
    label: str,
    value: str = "share",
    *,
    texts: Sequence[str] | None = None,
    whole: str = "",
    title: str | None = None,
    note: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the parts of a whole: a strip that they fill together, and below it a bar for each, the largest first.

    The strip and the bars have one scale: the strip's length is 1. Equal parts stay in the order of the table.

    Parameters
    ----------
    table : Table
        One row a part.
    label, value : str
        The names of the columns with the labels and with the shares, fractions from 0 to 1.
    texts : sequence of str, optional
        What to print at each part, in the order of the table; without it the shares in percent with two decimals.
    whole : str, optional
        Printed above the strip: what the whole is.
    title, note : str, optional
        Printed above and below; the table's own where not given, nothing where empty.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure of pyplot's where not given.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ColumnError
        The table has no column of that name.
    MissingGlyphError
        No font on the system can draw a character of the chart.
    XxmfgError
        A share is missing or outside 0 to 1, `texts` has another length than the table, or matplotlib is not
        installed.

    Examples
    --------
    >>> from xxmfg import Table, charts
    >>> cities = Table({"city": ["A", "B"], "share": [0.25, 0.75]}, percent=["share"])
    >>> ax = charts.share(cities, "city")
    >>> [text.get_text() for text in ax.texts]
    ['75.00%', '25.00%']
    """
    shares = np.asarray(table[value], dtype=np.float64)
    outside = np.flatnonzero(~((shares >= 0) & (shares <= 1)))
    if outside.size:
        row = int(outside[0])
        raise XxmfgError(f"share draws fractions from 0 to 1; column {value!r} has {shares[row]} in row {row}")
    order = np.argsort(-shares, kind="stable")
    printed = _texts(table, value, texts, percent=True)
    labels, texts = [[every[row] for row in order] for every in (_labels(table[label]), printed)]
    title, note = table.title if title is None else title, table.note if note is None else note
    with _style([*labels, *texts, whole, title, note]):
        ax = _axes(ax)
        shares, colors = shares[order], [SERIES[min(row, len(SERIES) - 1)] for row in range(len(order))]
        gap = 0.004  # the parts of the strip stand apart in the color of whatever lies below
        starts = np.cumsum(shares) - shares
        ax.barh(np.full(len(shares), -1.45), np.maximum(shares - gap, 0), 0.8, starts, color=colors, linewidth=0)
        ax.barh(np.arange(len(shares)), shares, 0.5, color=colors, linewidth=0)
        for row, text in enumerate(texts):
            _print(ax, text, (shares[row], row), (5, 0), ha="left", va="center")
        if whole:
            _print(ax, whole, (0, -1.85), (0, 4), ha="left", va="bottom", size=_SMALL)
        ax.set_yticks(np.arange(len(labels)), labels)
        ax.set_xticks([])
        ax.set_xlim(0, max(1.0, float(shares.max(initial=0)) + 0.16))
        ax.set_ylim(len(labels) - 0.5, -2.4 if whole else -2.0)
        _finish(ax, title, note)
    return ax


def _axes(ax: "Axes | None") -> "Axes":
    if ax is not None:
        return ax
    from matplotlib import pyplot

    return pyplot.subplots(figsize=SIZE, layout="constrained")[1]


def _print(
    ax: "Axes", text: str, at: tuple[float, float], offset: tuple[float, float], *, xycoords: str = "data", **how: Any
) -> None:
    """Print text at a point of the chart, moved by an offset in points."""
    ax.annotate(text, at, offset, textcoords="offset points", xycoords=xycoords, annotation_clip=False, **how)


def _finish(ax: "Axes", title: str, note: str) -> None:
    """Leave only what carries information: no frame, no ticks; the title above, the note below."""
    import matplotlib as mpl

    ax.patch.set_visible(False)  # whatever lies below is the background
    ax.spines[:].set_visible(False)
    # Ticks, title and axis label may be older than this style: axes bring their own.
    family, size = mpl.rcParams["font.family"][0], mpl.rcParams["font.size"]
    ax.tick_params(length=0, pad=6, labelsize=size, labelcolor=INK, labelfontfamily=family)
    texts = [*ax.get_xticklabels(), *ax.get_yticklabels()]
    if title:
        texts.append(ax.set_title(title, fontfamily=family, color=INK))
    if note:
        small = {"fontsize": _SMALL, "fontfamily": family, "linespacing": 1.5}
        texts.append(ax.set_xlabel(note, loc="left", labelpad=10, color=INK, alpha=0.75, **small))
    for text in texts:
        text.set_parse_math(False)


def _labels(column: np.ndarray[Any, Any]) -> list[str]:
    return ["—" if label is None else visible(str(label)) for label in column.tolist()]


def _texts(table: "Table", name: str, texts: Sequence[str] | None, *, percent: bool = False) -> list[str]:
    """Give what to print at each value of a column."""
    column = table[name]
    if texts is not None:
        if len(texts) != len(column):
            raise XxmfgError(f"texts has {len(texts)} entries, the table {len(column)} rows: give one for each row")
        return list(texts)
    if percent or name in table.percent:
        return ["—" if np.isnan(value) else f"{value:.2%}" for value in column.tolist()]
    return [_number(value) for value in column.tolist()]


def _number(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return "—" if np.isnan(value) else f"{value:.6g}"


@contextmanager
def _style(texts: Sequence[str]) -> Iterator[None]:
    """Give the context in which a chart of these texts is made."""
    _require_matplotlib()
    import matplotlib as mpl

    style: Any = {**_STYLE, "font.family": [_font(frozenset("".join(texts)) - set("\n "))]}
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


def _font(characters: frozenset[str]) -> str:
    """Give the family name of the first font that can draw all these characters."""
    import os

    wanted = os.environ.get("XXMFG_FONT", "")
    names = (_named_font(wanted),) if wanted else FONTS
    lacking = {name: characters - _drawn_by(name) for name in names if _is_known(name)}
    if not wanted and all(lacking.values()):
        _find_new_fonts()
        lacking = {name: characters - _drawn_by(name) for name in names if _is_known(name)}
    best = min(lacking, key=lambda name: len(lacking[name]))
    if not lacking[best]:
        return best
    missing = sorted(lacking[best])
    shown = " ".join(f"{one} (U+{ord(one):04X})" if one.isprintable() else f"U+{ord(one):04X}" for one in missing[:8])
    more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
    who = f"the font {best!r} that XXMFG_FONT names" if wanted else f"the best font on this system, {best!r},"
    raise MissingGlyphError(
        f"{who} cannot draw these characters of the chart: {shown}{more}; install a font that can, such as Noto Sans "
        "CJK (apt-get install fonts-noto-cjk), or set XXMFG_FONT to the name or the path of one"
    )


def _named_font(wanted: str) -> str:
    """Give the family name of the font that XXMFG_FONT names: a file, or a font of the system."""
    from pathlib import Path

    from matplotlib.font_manager import fontManager

    if Path(wanted).is_file():
        try:
            fontManager.addfont(wanted)
        except (OSError, RuntimeError, ValueError) as unreadable:
            raise XxmfgError(f"XXMFG_FONT names {wanted}, which is not a font that can be read") from unreadable
        # The faces of a collection are entries of their own, the one that a family list prefers first.
        names = [entry.name for entry in fontManager.ttflist if str(entry.fname) == wanted]
        return min(names, key=lambda name: FONTS.index(name) if name in FONTS else len(FONTS))
    if not _is_known(wanted):
        _find_new_fonts()
    if not _is_known(wanted):
        raise XxmfgError(f"XXMFG_FONT names {wanted!r}, which is neither a font on this system nor a file")
    return wanted


def _is_known(name: str) -> bool:
    from matplotlib.font_manager import fontManager

    return any(entry.name == name for entry in fontManager.ttflist)


def _find_new_fonts() -> None:
    """Add to matplotlib's list the fonts installed since it was written."""
    from contextlib import suppress

    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {str(entry.fname) for entry in fontManager.ttflist}
    for path in sorted(set(findSystemFonts()) - known):
        with suppress(OSError, RuntimeError, ValueError):  # a file that is no font is no news
            fontManager.addfont(path)


def _drawn_by(name: str) -> frozenset[str]:
    """Give the characters that a font has glyphs for."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    path = findfont(FontProperties(family=[name]), fallback_to_default=False)
    return frozenset(map(chr, get_font(path).get_charmap()))
