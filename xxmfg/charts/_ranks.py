"""Values in their order: classes on one scale, and parts that lie one inside the other."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from xxmfg.charts._style import ACCENT, INK, SERIES, SMALL, framed, labels_of, print_at, require_all, texts_of
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from xxmfg.table import Table

__all__ = ["nested", "tiers"]

_HALF = 0.27  # of a bar's height, where the bars are one apart
_ROOM = 0.12  # of the scale, which a printed bound takes
_BESIDE = 0.06  # of the values' range, that stays free at each end of the scale


def tiers(
    table: "Table",
    tier: str,
    value: str,
    *,
    bounds: Sequence[float] = (),
    texts: Sequence[str] | None = None,
    title: str | None = None,
    note: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a dot for each value on one scale, a line of dots for each tier, the tiers in the order of the table.

    Parameters
    ----------
    table : Table
        One row a value.
    tier, value : str
        The names of the columns with the tiers and with the values. A missing value is not drawn.
    bounds : sequence of float, optional
        Bounds of classes, such as those of `natural_breaks`, drawn as lines across all tiers.
    texts : sequence of str, optional
        What to print at the end of each tier's line, one a tier; without it how many values the tier has.
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
        A value is infinite, `texts` has another length than there are tiers, or matplotlib is not installed.

    Examples
    --------
    >>> from xxmfg import Table, charts
    >>> cities = Table({"tier": ["first", "first", "second"], "score": [83.6, 80.0, 71.1]})
    >>> ax = charts.tiers(cities, "tier", "score", bounds=[75])
    >>> [text.get_text() for text in ax.texts]
    ['2', '1', '75']
    """
    require_all("tiers", table, value)
    names, values = labels_of(table[tier]), np.asarray(table[value], dtype=np.float64)
    if np.isinf(values).any():
        raise XxmfgError(f"tiers draws finite values; column {value!r} has an infinite one")
    order = list(dict.fromkeys(names))
    is_present = ~np.isnan(values)
    members = [values[(np.array(names) == one) & is_present] for one in order]
    printed = [str(len(one)) for one in members] if texts is None else list(texts)
    if len(printed) != len(order):
        raise XxmfgError(f"texts has {len(printed)} entries, there are {len(order)} tiers: give one for each")
    unit, marked = table.units.get(value, ""), [f"{bound:g}" for bound in bounds]
    lines = _lines(bounds, values)
    characters = [*order, *printed, *marked, unit, "0123456789.−-"]
    with framed(table, ax, characters, title, note, above=1 + max(lines, default=0)) as axes:
        for place, one in enumerate(members):
            axes.axhline(place, color=SERIES[5], linewidth=0.8, zorder=0)
            axes.plot(
                one, np.full(len(one), place), "o", color=ACCENT, markersize=6, markeredgecolor="none", alpha=0.75
            )
            print_at(
                axes, printed[place], (1, place), (4, 0), ha="left", va="center", xycoords=("axes fraction", "data")
            )
        axes.set_yticks(np.arange(len(order)), order)
        axes.set_ylim(len(order) - 0.5, -0.5)
        axes.margins(x=_BESIDE)
        for bound in bounds:
            axes.axvline(bound, color=INK, linewidth=0.8, linestyle=(0, (3, 3)), zorder=0)
        how = {"ha": "center", "va": "bottom", "size": SMALL, "xycoords": ("data", "axes fraction")}
        for bound, text, line in zip(bounds, marked, lines, strict=True):
            print_at(axes, text, (bound, 1), (0, 2 + 13 * line), **how)
        if unit:
            print_at(axes, f"({unit})", (1, 0), (4, -6), ha="left", va="top", size=SMALL, xycoords="axes fraction")
    return axes


def _lines(bounds: Sequence[float], values: "NDArray[np.float64]") -> list[int]:
    """Give the line that each bound is printed in: the lowest one where the last number is far enough to the left."""
    present = np.append(values[~np.isnan(values)], bounds)
    across = max(np.ptp(present) * (1 + 2 * _BESIDE), 1e-300) if present.size else 1.0
    ends: list[float] = []
    lines = []
    for bound in bounds:
        line = next((line for line, end in enumerate(ends) if bound - end > _ROOM * across), len(ends))
        ends[line : line + 1] = [bound]
        lines.append(line)
    return lines


def nested(
    table: "Table",
    label: str,
    value: str,
    *,
    texts: Sequence[str] | None = None,
    title: str | None = None,
    note: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw parts that lie one inside the other, the whole above, each as long as it is large.

    Parameters
    ----------
    table : Table
        One row a part, the whole first, then the part of it, then the part of that.
    label, value : str
        The names of the columns with the labels and with the sizes.
    texts : sequence of str, optional
        What to print at the end of each bar; without it the value, and from the second on its share of the one above.
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
        A size is missing, negative or larger than the one above, `texts` has another length than the table, or
        matplotlib is not installed.

    Examples
    --------
    >>> from xxmfg import Table, charts
    >>> parts = Table({"what": ["industry", "manufacturing"], "value": [200.0, 50.0]})
    >>> [text.get_text() for text in charts.nested(parts, "what", "value").texts]
    ['200', '50, 25.00%']
    """
    require_all("nested", table, value)
    labels, values = labels_of(table[label]), np.asarray(table[value], dtype=np.float64)
    for row, size in enumerate(values.tolist()):
        if not 0 <= size <= (values[row - 1] if row else np.inf):
            raise XxmfgError(f"nested draws parts of the one above; column {value!r} has {size} in row {row}")
    printed = texts_of(table, value, texts)
    if texts is None:
        shares = [f", {size / above:.2%}" for above, size in pairwise(values)]
        printed = [text + share for text, share in zip(printed, ["", *shares], strict=True)]
    with framed(table, ax, [*labels, *printed], title, note) as axes:
        colors = [SERIES[max(len(SERIES) - 1 - row, 0)] for row in range(len(values))]
        axes.barh(np.arange(len(values)), values, 2 * _HALF, color=colors, linewidth=0)
        for row, text in enumerate(printed):
            print_at(axes, text, (0, row - _HALF), (0, 2), ha="left", va="bottom", size=SMALL)
        axes.set_yticks(np.arange(len(labels)), labels)
        axes.set_xticks([])
        axes.set_ylim(len(labels) - 1 + _HALF, -0.85)
    return axes
