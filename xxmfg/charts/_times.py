"""Growth: a column a period, and above it what it is and how it grew."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from xxmfg._columns import SUPPRESSED
from xxmfg.charts._bars import bar
from xxmfg.charts._style import hidden_rows, texts_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from xxmfg.table import Table

__all__ = ["growth"]


def growth(
    table: "Table",
    period: str = "period",
    value: str = "value",
    rate: str = "rate",
    *,
    texts: Sequence[str] | None = None,
    title: str | None = None,
    note: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a column a period, with its value above it and, from the second on, its growth with its sign.

    Parameters
    ----------
    table : Table
        One row a period, as `xxmfg.growth` without groups gives them.
    period, value, rate : str
        The names of the columns with the periods, the values and the rates, fractions; where a rate is missing none is
        printed.
    texts : sequence of str, optional
        What to print for the values, as many as the table has rows.
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
        `texts` has another length than the table, or matplotlib is not installed.

    Examples
    --------
    >>> import xxmfg as xm
    >>> from xxmfg import charts
    >>> ax = charts.growth(xm.growth([80, 100, 90], [2017, 2018, 2019]))
    >>> [text.get_text().split() for text in ax.texts]
    [['80'], ['100', '+25.00%'], ['90', '-10.00%']]
    """
    rates = np.asarray(table[rate], dtype=np.float64).tolist()
    rows = zip(texts_of(table, value, texts), rates, hidden_rows(table, rate).tolist(), strict=True)
    printed = [
        f"{text}\n{SUPPRESSED}" if is_hidden else text if np.isnan(grown) else f"{text}\n{grown:+.2%}"
        for text, grown, is_hidden in rows
    ]
    return bar(table, period, value, texts=printed, title=title, note=note, ax=ax)
