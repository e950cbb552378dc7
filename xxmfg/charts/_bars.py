"""Bars: a value a row, and the parts of a whole."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from xxmfg.charts._style import (
    ACCENT,
    INK,
    SERIES,
    SMALL,
    axes_or_new,
    finish,
    labels_of,
    print_at,
    style_for,
    texts_of,
)
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from xxmfg.table import Table

__all__ = ["bar", "share"]


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
    title, note = table.title if title is None else title, table.note if note is None else note
    unit = table.units.get(value, "")
    with style_for([*labels, *texts, title, note, unit]):
        ax = axes_or_new(ax)
        places = np.arange(len(values))
        ax.bar(places, np.nan_to_num(values), width=0.56, color=ACCENT, linewidth=0)
        for place, height, text in zip(places.tolist(), np.nan_to_num(values).tolist(), texts, strict=True):
            above = height >= 0
            print_at(ax, text, (place, height), (0, 3 if above else -3), ha="center", va="bottom" if above else "top")
        ax.set_xticks(places, labels)
        ax.set_yticks([])
        ax.margins(y=0.12)
        ax.axhline(0, color=INK, linewidth=0.8)
        if unit:
            print_at(ax, f"({unit})", (0, 1), (0, 0), ha="left", va="bottom", size=SMALL, xycoords="axes fraction")
        finish(ax, title, note)
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
    printed = texts_of(table, value, texts, percent=True)
    labels, texts = [[every[row] for row in order] for every in (labels_of(table[label]), printed)]
    title, note = table.title if title is None else title, table.note if note is None else note
    with style_for([*labels, *texts, whole, title, note]):
        ax = axes_or_new(ax)
        shares, colors = shares[order], [SERIES[min(row, len(SERIES) - 1)] for row in range(len(order))]
        gap = 0.004  # the parts of the strip stand apart in the color of whatever lies below
        starts = np.cumsum(shares) - shares
        ax.barh(np.full(len(shares), -1.45), np.maximum(shares - gap, 0), 0.8, starts, color=colors, linewidth=0)
        ax.barh(np.arange(len(shares)), shares, 0.5, color=colors, linewidth=0)
        for row, text in enumerate(texts):
            print_at(ax, text, (shares[row], row), (5, 0), ha="left", va="center")
        if whole:
            print_at(ax, whole, (0, -1.85), (0, 4), ha="left", va="bottom", size=SMALL)
        ax.set_yticks(np.arange(len(labels)), labels)
        ax.set_xticks([])
        ax.set_xlim(0, max(1.0, float(shares.max(initial=0)) + 0.16))
        ax.set_ylim(len(labels) - 0.5, -2.4 if whole else -2.0)
        finish(ax, title, note)
    return ax
