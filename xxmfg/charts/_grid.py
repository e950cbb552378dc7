"""The heat map: a value for each pair of labels, darker the larger, and printed where there is room."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg._show import width
from xxmfg.charts._style import INK, PAPER, SERIES, SIZE, axes_or_new, finish, labels_of, style_for, texts_of
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from xxmfg.table import Table

__all__ = ["heat_map", "heat_map_size"]

# From small to large; the third of the series is left out: no text has enough contrast with it.
STEPS = (SERIES[5], SERIES[4], SERIES[3], SERIES[1], SERIES[0])
_DARK = 3  # the step from which text is printed in the color of the paper
_GAP = 0.03  # between cells, in the color of whatever lies below
# Inches of the text of these charts: a column of a terminal across, and a line.
_ACROSS, _LINE = 0.094, 0.21


def heat_map(
    table: "Table",
    row: str,
    column: str,
    value: str,
    *,
    bounds: Sequence[float] = (),
    texts: Sequence[str] | None = None,
    title: str | None = None,
    note: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a cell for each pair of a row's and a column's label, in up to five shades, darker the larger the value.

    Without bounds the shades are five equal steps from the smallest to the largest value; where all values are the
    same, all cells have the middle one. A pair that the table does not have, or whose value is missing, stays empty.
    A new figure is as large as its cells and labels need.

    Parameters
    ----------
    table : Table
        One row a cell.
    row, column, value : str
        The names of the columns with the labels of rows and columns, in the order of `Table.pivot`, and with the
        values.
    bounds : sequence of float, optional
        Where the shades meet, ascending, at most four; a bound has the darker one. For location quotients, say,
        ``(0.5, 0.8, 1.25, 2)``.
    texts : sequence of str, optional
        What to print in each cell, in the order of the table; without it the values: integers whole, columns that the
        table shows as percent with two decimals, others with three significant digits.
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
        A value is infinite, bounds do not ascend or are more than four, `texts` has another length than the table, or
        matplotlib is not installed.

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
    printed = texts_of(table, value, texts, digits=3)
    row_labels, column_labels = labels_of(rows), labels_of(columns, line=None)
    leaning = _widest(column_labels) > _widest(printed) + 2
    title, note = table.title if title is None else title, table.note if note is None else note
    with style_for([*row_labels, *column_labels, *printed, title, note]):
        ax = axes_or_new(ax, heat_map_size(rows, columns, printed))
        steps = _steps(values, bounds)
        row_places, column_places = (
            {label: at for at, label in enumerate(labels)} for labels in (row_labels, column_labels)
        )
        pairs = zip(labels_of(table[row]), labels_of(table[column], line=None), printed, strict=True)
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
        finish(ax, title, note, 1 if leaning else 2)
        if leaning:
            for label in ax.get_xticklabels():
                label.set(rotation=45, ha="left", rotation_mode="anchor")
    return ax


def heat_map_size(rows: "NDArray[Any]", columns: "NDArray[Any]", printed: Sequence[str]) -> tuple[float, float]:
    """Give the inches of a figure that has room for the cells and labels, and those that charts have at least."""
    row_labels, column_labels = labels_of(rows), labels_of(columns, line=None)
    row_width, column_width, wide = map(_widest, (row_labels, column_labels, printed))
    leaning = column_width > wide + 2
    cell = _ACROSS * ((wide if leaning else column_width) + 2)
    lines = max([label.count("\n") for label in row_labels], default=0) + 1
    above = _ACROSS * column_width * 0.75 if leaning else _LINE
    across = _ACROSS * row_width + cell * len(columns) + (above if leaning else 0)
    return max(SIZE[0], across + 0.4), max(SIZE[1], _LINE * (lines + 0.5) * len(rows) + above + 0.9)


def _widest(labels: Sequence[str]) -> int:
    return max([width(line) for label in labels for line in label.split("\n")], default=0)


def _steps(values: "NDArray[np.float64]", bounds: Sequence[float]) -> "NDArray[np.float64]":
    """Give the shade of each value, 0 the lightest; NaN stays NaN."""
    if bounds:
        if len(bounds) >= len(STEPS) or not all(low < high for low, high in pairwise(bounds)):
            raise XxmfgError(f"bounds must ascend and be at most {len(STEPS) - 1}, not {', '.join(map(str, bounds))}")
        shades = np.linspace(0, len(STEPS) - 1, len(bounds) + 1).round()
        return np.where(np.isnan(values), np.nan, shades[np.searchsorted(bounds, values, side="right")])
    present = values[~np.isnan(values)]
    low, high = (present.min(), present.max()) if present.size else (0.0, 0.0)
    if high == low:
        return np.where(np.isnan(values), np.nan, len(STEPS) // 2)
    return np.minimum(np.floor((values - low) / (high - low) * len(STEPS)), len(STEPS) - 1)
