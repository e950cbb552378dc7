"""Shift-share: the parts of each change as bars to both sides of zero, and the change itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from xxmfg.aggregate import aggregate
from xxmfg.charts._style import (
    INK,
    PAPER,
    SERIES,
    SIZE,
    framed,
    labels_of,
    legend,
    print_at,
    require_all,
    visible_texts,
)
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch
    from numpy.typing import NDArray

    from xxmfg.table import Table

    Floats = NDArray[np.float64]

__all__ = ["shift_share"]

PARTS = ("national", "mix", "competitive")
COLORS = (SERIES[0], SERIES[2], SERIES[4], SERIES[1])
REST = "no base"
_ROW = 0.38  # inches


def shift_share(
    table: "Table",
    label: str,
    *,
    parts: Sequence[str] = PARTS,
    names: Sequence[str] | None = None,
    texts: Sequence[str] | None = None,
    title: str | None = None,
    note: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw what the parts of a shift-share table add up to for each region (or industry), and their sum, the change.

    Parts above zero stand to the right of it, one after the other, those below to the left; a diamond marks the
    change, which is printed at the end of the line.

    Parameters
    ----------
    table : Table
        What `xxmfg.shift_share` gives; or any table with a column `change` and columns that add up to it.
    label : str
        The name of the column of regions, or of industries: its labels get a line each, in the order of the table.
    parts : sequence of str, optional
        The names of two to four columns that add up to the change.
    names : sequence of str, optional
        What the legend calls the parts; without it their columns' names.
    texts : sequence of str, optional
        What to print for each label; without it the change, with its sign.
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
        There are fewer than two parts or more than four, as many names as parts are not given, `texts` has another
        length than there are labels, or matplotlib is not installed.

    Notes
    -----
    A row that has a change but lacks a part, such as an industry that had no base anywhere, cannot be shared out: what
    is missing to its change is drawn as a part of its own, called "no base". A row without a change is left out.

    Examples
    --------
    >>> from xxmfg import Table, charts
    >>> columns = {"change": [25, 55], "national": [27, 24], "mix": [1, -1], "competitive": [-3, 32]}
    >>> ax = charts.shift_share(Table({"region": ["A", "B"]} | columns), "region")  # Farhauer and Kröll (2013)
    >>> [text.get_text() for text in ax.texts]
    ['+25', '+55']
    """
    names = list(parts if names is None else names)
    if not 2 <= len(parts) <= len(COLORS) or len(names) != len(parts):
        raise XxmfgError(
            f"shift_share draws 2 to {len(COLORS)} parts, each with a name, not {len(parts)}, {len(names)}"
        )
    labels, change, sums = _sums(table, label, parts)
    printed = [_signed(value) for value in change] if texts is None else list(texts)
    if len(printed) != len(labels):
        raise XxmfgError(f"texts has {len(printed)} entries, there are {len(labels)} labels: give one for each")
    colors = [*COLORS[: len(parts)]]
    if sums[-1].any():
        names, colors = [*names, REST], [*colors, PAPER]
    names = visible_texts(names)
    texts = [*labels, *printed, *names, "0123456789.,+-−e"]
    with framed(table, ax, texts, title, note, size=(SIZE[0] + 1.2, max(SIZE[1], 1.3 + _ROW * len(labels)))) as axes:
        _draw_parts(axes, sums[: len(names)], colors)
        places = np.arange(len(labels))
        axes.plot(change, places, "D", color=INK, markersize=5, markeredgecolor=PAPER, markeredgewidth=0.8)
        for place, text in enumerate(printed):
            print_at(axes, text, (1, place), (4, 0), ha="left", va="center", xycoords=("axes fraction", "data"))
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_yticks(places, labels)
        axes.set_ylim(max(len(labels), 1) - 0.5, -0.5)
        axes.locator_params(axis="x", nbins=5)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")
        legend(
            axes, _patches(colors), names, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(names), borderaxespad=0
        )
    return axes


def _sums(table: "Table", label: str, parts: Sequence[str]) -> tuple[list[str], "Floats", list["Floats"]]:
    """Give the labels, their changes, and what the parts add up to; last what lacks to the change."""
    require_all("shift_share", table, "change", *parts)
    change = np.asarray(table["change"], dtype=np.float64)
    columns = {name: np.where(np.isnan(change), np.nan, table[name]) for name in parts}
    held = np.array(list(columns.values()))
    rest = np.where(np.isnan(held).any(axis=0), change - np.nansum(held, axis=0), 0)
    given = {"change": change} | columns | {"the rest": rest}
    sums = aggregate(given, by={label: table[label]}, stats="sum", order="appearance")
    change, *found = (np.asarray(sums[name], dtype=np.float64) for name in sums.columns[1:])
    return labels_of(sums[label]), change, found


def _draw_parts(ax: "Axes", sums: "list[Floats]", colors: Sequence[str]) -> None:
    """Stack the parts of each line from zero to its side."""
    right, left = np.zeros((2, len(sums[0])))
    for part, color in zip(sums, colors, strict=True):
        starts = np.where(part >= 0, right, left)
        ax.barh(np.arange(len(part)), part, 0.62, starts, color=color, edgecolor=_edge(color), linewidth=0.5)
        right, left = right + np.maximum(part, 0), left + np.minimum(part, 0)


def _patches(colors: Sequence[str]) -> "list[Patch]":
    """Give what stands for each part in the legend."""
    from matplotlib.patches import Patch

    return [Patch(facecolor=color, edgecolor=_edge(color), linewidth=0.5) for color in colors]


def _edge(color: str) -> str:
    return INK if color == PAPER else PAPER


def _signed(value: float) -> str:
    return f"{value:+,.0f}" if value == round(value) else f"{value:+,.6g}"
