"""The heat map: a value for each pair of labels, darker the larger, and printed where there is room."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg.charts._style import INK, PAPER, SERIES, axes_or_new, finish, labels_of, style_for, texts_of
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from xxmfg.table import Table

__all__ = ["heat_map"]

# From small to large; the third of the series is left out: no text has enough contrast with it.
STEPS = (SERIES[5], SERIES[4], SERIES[3], SERIES[1], SERIES[0])
_DARK = 3  # the step from which text is printed in the color of the paper
_GAP = 0.03  # between cells, in the color of whatever lies below


def heat_map(
    table: "Table",
    row: str,
    column: str,
    value: str,
    *,
    texts: Sequence[str] | None = None,
    title: str | None = None,
    note: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a cell for each pair of a row's and a column's label, in five shades from the smallest to the largest value.

    The shades are equal steps between the two; where all values are the same, all cells have the middle one. A pair
    that the table does not have, or whose value is missing, stays empty.

    Parameters
    ----------
    table : Table
        One row a cell.
    row, column, value : str
        The names of the columns with the labels of rows and columns, in the order of `Table.pivot`, and with the
        values.
    texts : sequence of str, optional
        What to print in each cell, in the order of the table; without it the values, as `bar` prints them.
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
    DuplicateError
        Two rows of the table are one cell.
    MissingGlyphError
        No font on the system can draw a character of the chart.
    XxmfgError
        A value is infinite, `texts` has another length than the table, or matplotlib is not installed.

    Examples
    --------
    >>> from xxmfg import Table, charts
    >>> quotients = Table({"region": ["A", "A", "B"], "industry": ["x", "y", "x"], "lq": [0.5, 1.5, 2.0]})
    >>> ax = charts.heat_map(quotients, "region", "industry", "lq")
    >>> [text.get_text() for text in ax.texts]
    ['0.5', '1.5', '2']
    """
    rows, columns, values = table.pivot(row, column, value)
    if np.isinf(values).any():
        raise XxmfgError(f"heat_map draws finite values; column {value!r} has an infinite one")
    printed = texts_of(table, value, texts)
    row_labels, column_labels = labels_of(rows), labels_of(columns)
    title, note = table.title if title is None else title, table.note if note is None else note
    with style_for([*row_labels, *column_labels, *printed, title, note]):
        ax = axes_or_new(ax)
        steps = _steps(values)
        row_places, column_places = _places(rows), _places(columns)
        pairs = zip(labels_of(table[row]), labels_of(table[column]), printed, strict=True)
        for row_label, column_label, text in pairs:
            i, j = row_places[row_label], column_places[column_label]
            if not np.isnan(values[i, j]):
                step = int(steps[i, j])
                ax.bar(j, 1 - _GAP, 1 - _GAP, i - 0.5 + _GAP / 2, color=STEPS[step], linewidth=0)
                ax.annotate(text, (j, i), ha="center", va="center", color=PAPER if step >= _DARK else INK)
        ax.set_xlim(-0.5, len(columns) - 0.5)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_xticks(np.arange(len(columns)), column_labels)
        ax.set_yticks(np.arange(len(rows)), row_labels)
        ax.xaxis.tick_top()
        finish(ax, title, note)
    return ax


def _steps(values: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Give the shade of each value, 0 the lightest; NaN stays NaN."""
    present = values[~np.isnan(values)]
    low, high = (present.min(), present.max()) if present.size else (0.0, 0.0)
    if high == low:
        return np.where(np.isnan(values), np.nan, len(STEPS) // 2)
    return np.minimum(np.floor((values - low) / (high - low) * len(STEPS)), len(STEPS) - 1)


def _places(labels: "NDArray[Any]") -> dict[str, int]:
    return {label: place for place, label in enumerate(labels_of(labels))}
