"""Bars: a value a row, and the parts of a whole."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from xxmfg.charts._style import (
    ACCENT,
    ACROSS,
    BODY,
    INK,
    LINE,
    SERIES,
    SIZE,
    SMALL,
    framed,
    labels_of,
    lines_of,
    print_at,
    require_all,
    room_of,
    texts_of,
    widest,
    wrapped,
)
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from xxmfg.table import Table

__all__ = ["bar", "bar_size", "share", "share_size"]

_LABEL = 10  # columns of a terminal that a label below a column takes at most, before it is broken


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
    labels, values = labels_of(table[label]), np.asarray(table[value], dtype=np.float64)
    texts = texts_of(table, value, texts)
    unit = table.units.get(value, "")
    with framed(table, ax, [*labels, *texts, unit], title, note, size=bar_size(labels, texts)) as axes:
        places = np.arange(len(values))
        axes.bar(places, np.nan_to_num(values), width=0.56, color=ACCENT, linewidth=0)
        for place, height, text in zip(places.tolist(), np.nan_to_num(values).tolist(), texts, strict=True):
            up = height >= 0
            print_at(axes, text, (place, height), (0, 3 if up else -3), ha="center", va="bottom" if up else "top")
        room = room_of(axes) / max(len(labels), 1) - BODY / 2
        axes.set_xticks(places, [wrapped(one, room, BODY) for one in labels])
        axes.set_yticks([])
        axes.margins(y=0.16 * lines_of(texts))  # which the texts take
        axes.axhline(0, color=INK, linewidth=0.8)
        if unit:
            print_at(axes, f"({unit})", (0, 1), (0, 3), ha="left", va="bottom", size=SMALL, xycoords="axes fraction")
    return axes


def bar_size(labels: Sequence[str], texts: Sequence[str]) -> tuple[float, float]:
    """Give the inches of a figure that has room for what stands below and above its columns."""
    column = ACROSS * (max(widest(texts), min(widest(labels), _LABEL)) + 2)
    return max(SIZE[0], column * len(labels)), SIZE[1]


def share(
    table: "Table",
    label: str,
    value: str = "share",
    *,
    texts: Sequence[str] | None = None,
    whole: str = "",
    rest: str | None = None,
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
    rest : str, optional
        The label of what is left over: it stands last, however large it is.
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
    require_all("share", table, value)
    shares = np.asarray(table[value], dtype=np.float64)
    outside = np.flatnonzero(~((shares >= 0) & (shares <= 1)))
    if outside.size:
        row = int(outside[0])
        raise XxmfgError(f"share draws fractions from 0 to 1; column {value!r} has {shares[row]} in row {row}")
    is_rest = np.array([rest is not None and one == rest for one in table[label].tolist()], dtype=bool)
    order = np.lexsort((-shares, is_rest))
    printed = texts_of(table, value, texts, percent=True)
    labels, texts = [[every[row] for row in order] for every in (labels_of(table[label]), printed)]
    with framed(table, ax, [*labels, *texts, whole], title, note, size=share_size(labels)) as axes:
        shades = np.where(is_rest[order], len(SERIES), np.arange(len(order))).clip(max=len(SERIES) - 1)
        shares, colors = shares[order], [SERIES[shade] for shade in shades]
        gap = 0.004  # the parts of the strip stand apart in the color of whatever lies below
        starts = np.cumsum(shares) - shares
        axes.barh(np.full(len(shares), -1.45), np.maximum(shares - gap, 0), 0.8, starts, color=colors, linewidth=0)
        axes.barh(np.arange(len(shares)), shares, 0.5, color=colors, linewidth=0)
        for row, text in enumerate(texts):
            print_at(axes, text, (shares[row], row), (5, 0), ha="left", va="center")
        if whole:
            print_at(axes, whole, (0, -1.85), (0, 4), ha="left", va="bottom", size=SMALL)
        axes.set_yticks(np.arange(len(labels)), labels)
        axes.set_xticks([])
        axes.set_xlim(0, max(1.0, float(shares.max(initial=0)) + 0.16))
        axes.set_ylim(len(labels) - 0.5, -2.4 if whole else -2.0)
    return axes


def share_size(labels: Sequence[str]) -> tuple[float, float]:
    """Give the inches of a figure that has room for these labels beside their bars."""
    row = LINE * (lines_of(labels) + 0.25)
    return max(SIZE[0], 4.4 + ACROSS * widest(labels)), max(SIZE[1], 1.1 + row * (len(labels) + 1.5))
