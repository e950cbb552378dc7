"""The Lorenz curve: which part of the whole the smaller members hold together."""

from typing import TYPE_CHECKING

import numpy as np

from xxmfg.charts._style import INK, SERIES, SMALL, framed, labels_of, legend, print_at, require_all
from xxmfg.errors import XxmfgError
from xxmfg.inequality import inequality

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from xxmfg.table import Table

    Floats = NDArray[np.float64]

__all__ = ["lorenz"]

# Three shades that are told apart, then the same dashed.
LINES = tuple((SERIES[shade], style) for style in ("-", (0, (4, 2))) for shade in (0, 2, 4))
SIDE = 4.2  # inches


def lorenz(
    table: "Table",
    value: str,
    weights: str | None = None,
    by: str | None = None,
    *,
    x_label: str | None = None,
    y_label: str | None = None,
    title: str | None = None,
    note: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the Lorenz curve of a column beside the diagonal of equality, with the Gini coefficient.

    The members stand in ascending order of their values: above each share of members (or of their weight) stands the
    share of the sum that they hold. The Gini coefficient is twice the area between the curve and the diagonal, and
    that of `inequality`.

    Parameters
    ----------
    table : Table
        One row a member. Rows whose value or weight is missing, or whose weight is zero, are left out.
    value : str
        The name of the column with the values, zero or more.
    weights : str, optional
        The name of the column that says how many each value stands for, as in `inequality`. With location quotients
        and the regions' shares in all industries the curve is Hoover's (1936).
    by : str, optional
        The name of a column of groups: each gets a curve, at most six, in the order of the table.
    x_label, y_label : str, optional
        Printed along the sides: among whom, and what is shared out. Without them the names of the columns; nothing
        where empty.
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
        A value is negative or infinite, all of a group are zero or missing, there are more than six groups, or
        matplotlib is not installed.

    References
    ----------
    Lorenz, M. O. (1905), *Methods of measuring the concentration of wealth*.

    Examples
    --------
    >>> from xxmfg import Table, charts
    >>> sellers = Table({"sales": [20, 50, 20, 10]})  # Doersam (2004)
    >>> ax = charts.lorenz(sellers, "sales")
    >>> ax.lines[1].get_ydata().round(10).tolist()
    [0.0, 0.1, 0.3, 0.5, 1.0]
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['Gini 0.300']
    """
    curves = _curves(table, value, weights, by)
    x_label = (weights or "") if x_label is None else x_label
    y_label = value if y_label is None else y_label
    texts, size = [*curves, x_label, y_label, "0123456789%"], (SIDE, SIDE + 0.2 * len(curves))
    with framed(table, ax, texts, title, note, size=size, above=len(curves)) as axes:
        axes.plot([0, 1], [0, 1], color=INK, linewidth=0.8)
        for (x, y), (color, dashes) in zip(curves.values(), LINES, strict=False):
            axes.plot(x, y, color=color, linewidth=2, linestyle=dashes)
        legend(axes, axes.lines[1:], list(curves), loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0)
        axes.set_aspect("equal")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        marks = [0, 0.5, 1]
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_ticks(marks, [f"{100 * mark:g}%" for mark in marks])
        along = {"ha": "right", "va": "top", "size": SMALL, "xycoords": "axes fraction"}
        print_at(axes, x_label, (1, 0), (0, -24), **along)
        print_at(axes, y_label, (0, 1), (-46, 0), rotation=90, **along)
    if x_label and axes.get_xlabel():
        axes.xaxis.labelpad = 22
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(True)
    return axes


def _curves(table: "Table", value: str, weights: str | None, by: str | None) -> dict[str, tuple["Floats", "Floats"]]:
    """Give the points of each curve by what its legend says."""
    require_all("lorenz", table, value, *([] if weights is None else [weights]))
    values = np.asarray(table[value], dtype=np.float64)
    heavy = np.ones(len(values)) if weights is None else np.asarray(table[weights], dtype=np.float64)
    for name, column in ((value, values), (weights, heavy)):
        bad = np.flatnonzero((column < 0) | np.isinf(column))
        if bad.size:
            raise XxmfgError(
                f"lorenz draws finite values, zero or more; column {name!r} has {column[bad[0]]:g} in row {bad[0]}"
            )
    groups = _members(table, by)
    if len(groups) > len(LINES):
        raise XxmfgError(f"lorenz draws at most {len(LINES)} curves; column {by!r} has {len(groups)} groups")
    curves = {}
    for name, rows in groups.items():
        there = rows[~np.isnan(values[rows]) & (heavy[rows] > 0)]
        gini = inequality(values[there], heavy[there])["gini"].item()
        if np.isnan(gini):
            of = f" of {name}" if name else ""
            raise XxmfgError(f"lorenz: the values{of} in column {value!r} have no sum above zero to share out")
        curves[f"{name}  Gini {gini:.3f}".strip()] = _points(values[there], heavy[there])
    return curves


def _members(table: "Table", by: str | None) -> dict[str, "NDArray[np.int64]"]:
    """Give the rows of each group in the order of the table."""
    if by is None:
        return {"": np.arange(len(table))}
    labels = labels_of(table[by], line=None)
    return {label: np.flatnonzero([other == label for other in labels]) for label in dict.fromkeys(labels)}


def _points(values: "Floats", weights: "Floats") -> tuple["Floats", "Floats"]:
    """Give the cumulative shares of weight and of the weighted sum, from (0, 0) to (1, 1)."""
    order = np.argsort(values, kind="stable")
    weights = weights[order] / weights.max()
    parts = values[order] / values.max() * weights
    x, y = (np.append(0, np.cumsum(part) / part.sum()) for part in (weights, parts))
    x[-1] = y[-1] = 1  # but for rounding
    return x, y
