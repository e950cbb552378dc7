"""Values against the intervals in which they would have to lie."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from xxmfg._columns import covered
from xxmfg.charts._style import ACCENT, INK, SERIES, SMALL, framed, hidden_rows, labels_of, print_at, texts_of
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from xxmfg.table import Table

__all__ = ["intervals"]

_INSIDE = 0.15  # of a row's width, that stays free on each side of what it shows
_ROW = 0.55  # inches of a row's height


def intervals(
    table: "Table",
    label: str,
    value: str,
    low: str,
    high: str,
    *,
    texts: Sequence[str] | None = None,
    title: str | None = None,
    note: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw each value as a dot beside the bar of its interval, every row on a scale of its own.

    Rows may be of different units, so that distances compare within a row alone.

    Parameters
    ----------
    table : Table
        One row a value.
    label, value, low, high : str
        The names of the columns with the labels, the values and the ends of the intervals. An infinite end is drawn to
        the edge; a row with a missing number has neither dot nor bar.
    texts : sequence of str, optional
        What to print at the end of each row, as many as the table has rows; without it the value and its interval.
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
        A value is infinite, the low end of an interval is above the high one, `texts` has another length than the table
        has rows, or matplotlib is not installed.

    Examples
    --------
    >>> from xxmfg import Table, charts
    >>> doubted = Table({"figure": ["share"], "printed": [71.2], "low": [72.06], "high": [72.07]})
    >>> ax = charts.intervals(doubted, "figure", "printed", "low", "high")
    >>> [text.get_text() for text in ax.texts]
    ['71.2 / 72.06–72.07']
    """
    names = labels_of(table[label])
    values, lows, highs = (np.asarray(table[name], dtype=np.float64) for name in (value, low, high))
    if np.isinf(values).any():
        raise XxmfgError(f"intervals draws finite values; column {value!r} has an infinite one")
    if (lows > highs).any():
        raise XxmfgError(f"row {int(np.argmax(lows > highs))}: the interval's low end is above its high one")
    rows = list(zip(values.tolist(), lows.tolist(), highs.tolist(), strict=True))
    hidden = np.logical_or.reduce([hidden_rows(table, name) for name in (value, low, high)])
    said = covered([_said(*row) for row in rows], hidden)
    printed = said if texts is None else texts_of(table, value, texts)
    with framed(table, ax, [*names, *printed], title, note, size=(6.4, 1.2 + _ROW * max(len(names), 1))) as axes:
        for place, row in enumerate(rows):
            axes.axhline(place, color=SERIES[5], linewidth=0.8, zorder=0)
            print_at(
                axes, printed[place], (1, place), (4, 0), ha="left", va="center", size=SMALL,
                xycoords=("axes fraction", "data"),
            )  # fmt: skip
            if not np.isnan(row).any():
                _draw(axes, place, *row)
        axes.set_yticks(np.arange(len(names)), names)
        axes.set_xticks([])
        axes.set_xlim(0, 1)
        axes.set_ylim(max(len(names), 1) - 0.5, -0.5)
    return axes


def _draw(ax: "Axes", place: int, value: float, low: float, high: float) -> None:
    """Draw a row from left to right between 0 and 1."""
    ends = [end for end in (value, low, high) if np.isfinite(end)]
    least, most = min(ends), max(ends)
    size = (most - least) or 1.0

    def at(number: float) -> float:
        if np.isinf(number):
            return 0.0 if number < 0 else 1.0
        return _INSIDE + (1 - 2 * _INSIDE) * (number - least) / size

    ax.plot([at(low), at(high)], [place, place], color=ACCENT, linewidth=7, solid_capstyle="butt", marker="|",
            markersize=11, markeredgewidth=2)  # fmt: skip
    ax.plot([at(value)], [place], "o", color=INK, markersize=7, markeredgecolor="none")


def _said(value: float, low: float, high: float) -> str:
    if np.isnan([value, low, high]).any():
        return "—"
    ends = f"{low:.6g}" if low == high else f"≤ {high:.6g}" if np.isinf(low) else f"≥ {low:.6g}"
    return f"{value:.6g} / {ends if np.isinf([low, high]).any() or low == high else f'{low:.6g}–{high:.6g}'}"
