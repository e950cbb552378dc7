"""The heat map: a value for each pair of labels, darker the larger, and printed where there is room."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg.charts._style import (
    ACROSS,
    INK,
    LINE,
    PAPER,
    SERIES,
    SIZE,
    framed,
    hidden_rows,
    labels_of,
    lines_of,
    texts_of,
    widest,
)
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
    same, all cells have the middle one. A pair that the table does not have, or whose value is missing, stays empty; of
    one that is suppressed there is the mark.
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
    layout = _layout(rows, columns, printed)
    texts, above = [*layout.rows, *layout.columns, *printed], 1 if layout.is_leaning else 2
    with framed(table, ax, texts, title, note, size=layout.size, above=above) as axes:
        steps = _steps(values, bounds)
        row_places, column_places = (
            {label: at for at, label in enumerate(labels)} for labels in (layout.rows, layout.columns)
        )
        hidden = hidden_rows(table, value).tolist()
        cells = zip(labels_of(table[row]), labels_of(table[column], line=None), printed, hidden, strict=True)
        for row_label, column_label, text, is_hidden in cells:
            i, j = row_places[row_label], column_places[column_label]
            if is_hidden:
                axes.annotate(text, (j, i), ha="center", va="center")
            elif not np.isnan(values[i, j]):
                step = int(steps[i, j])
                axes.bar(j, 1 - _GAP, 1 - _GAP, i - 0.5 + _GAP / 2, color=STEPS[step], linewidth=0)
                axes.annotate(text, (j, i), ha="center", va="center", color=PAPER if step >= _DARK else INK)
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xticks(np.arange(len(columns)), layout.columns)
        axes.set_yticks(np.arange(len(rows)), layout.rows)
        axes.xaxis.tick_top()
        if layout.is_leaning:
            for label in axes.get_xticklabels():
                label.set(rotation=45, ha="left", rotation_mode="anchor")
    return axes


class _Layout(NamedTuple):
    """The labels of a heat map; whether those of columns lean, and the inches of a figure that has room for all."""

    rows: list[str]
    columns: list[str]
    is_leaning: bool
    size: tuple[float, float]


def _layout(rows: "NDArray[Any]", columns: "NDArray[Any]", printed: Sequence[str]) -> _Layout:
    """Lay the cells out: labels of columns lean where they are wider than the cells and do not fit side by side."""
    row_labels, column_labels = labels_of(rows), labels_of(columns, line=None)
    row_width, column_width, wide = map(widest, (row_labels, column_labels, printed))
    flat = ACROSS * (row_width + (max(column_width, wide) + 2) * len(columns)) + 0.4
    is_leaning = column_width > wide + 2 and flat > SIZE[0]
    above = ACROSS * column_width * 0.75 if is_leaning else LINE  # a leaning label is as high as it is wide
    across = ACROSS * (row_width + (wide + 2) * len(columns)) + above + 0.4 if is_leaning else flat
    down = LINE * (lines_of(row_labels) + 0.5) * len(rows) + above + 0.9
    return _Layout(row_labels, column_labels, is_leaning, (max(SIZE[0], across), max(SIZE[1], down)))


def heat_map_size(rows: "NDArray[Any]", columns: "NDArray[Any]", printed: Sequence[str]) -> tuple[float, float]:
    """Give the inches of a figure that has room for the cells and labels, and those that charts have at least."""
    return _layout(rows, columns, printed).size


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
