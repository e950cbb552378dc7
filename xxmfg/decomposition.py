"""The growth of groups taken apart: entities that continue, enter and exit, and the rate of those that match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg import _core
from xxmfg._arrays import CODES, LEAVES_OUT, value_column, whole_number
from xxmfg._entities import entity_codes
from xxmfg._periods import Cells, moved, pairs_of, period_key
from xxmfg._statistics import COUNT, SUM, TOTAL, quotient, where_there
from xxmfg.aggregate import accumulate
from xxmfg.grouping import Keys, check_lengths, keys_of
from xxmfg.table import Table
from xxmfg.threads import get_threads

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from xxmfg._arrays import Column
    from xxmfg._periods import Pairs

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

__all__ = ["decompose_growth"]

COLUMNS = ("base", "value", "rate", "continuing", "entry", "exit", "matched_rate")
NUMBERS = ("n_continuing", "n_entry", "n_exit")
PERCENT = ("rate", "continuing", "entry", "exit", "matched_rate")

# What an entity's sum is in the growth of its group.
STAYS, ENTERS, STAYED, EXITS = range(4)


def decompose_growth(values: ArrayLike, entity: Any, period: Any, by: Any = None, lag: int = 1) -> Table:
    """Give the growth of groups with what of it continuing, entering and exiting entities make.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        What grows; summed within group, entity and period. Of Arrow's decimal128 the nearest doubles are added exactly.
    entity : array_like, tuple or mapping of array_like, or Grouping
        Whose values they are, each of shape (n,). A record without an entity is one of its own.
    period : array_like of integers or dates, shape (n,)
        Years, quarter numbers …, or datetime64 in years, months, weeks or days. Records without one are left out.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        The keys of the groups, each of shape (n,). An entity that changes its group exits from one and enters the
        other.
    lag : int, optional
        How many periods earlier the base stands; no other period takes its place where it is missing.

    Returns
    -------
    Table
        The keys, `period`, then, with x the value of an entity, x₀ that of the base and X₀ the `base` of the group,
        `value`, `rate` = value / base − 1, `continuing` = Σ (x − x₀) / X₀ of the entities of both periods, `entry` =
        Σ x / X₀ of those of the period alone, `exit` = Σ x₀ / X₀ of those of the base alone (rate = continuing + entry
        − exit), `matched_rate` = Σ x / Σ x₀ − 1 of the entities of both (同口径 growth, beside the nominal rate), and
        how many there are of each: `n_continuing`, `n_entry`, `n_exit`. Rates are fractions. An entity that has a
        record in a period but no value there neither enters nor exits: it is left out of both sides. Base and rates
        are NaN, and so are the numbers, where there is no base period; rates where the base is zero or negative.

    Raises
    ------
    ValueError
        If entity is missing as a whole, a period is no whole number, or lengths differ.
    TypeError
        If values are not numbers, or periods neither integers nor dates.

    Notes
    -----
    Entry and exit of levels (Davis and Haltiwanger 1992, whose rates of jobs divide by the mean of both periods; here
    the denominator is the base). An entity that crosses the
    threshold of a survey enters or exits too; only a column that says so can tell it from a birth. Differences are
    formed from the exact sums and rounded once.

    Examples
    --------
    >>> import xxmfg as xm
    >>> t = xm.decompose_growth([100, 50, 30, 120, 40, 35], list("ABCABD"), [2018] * 3 + [2019] * 3)
    >>> [round(t[name][1].item(), 10) for name in ("rate", "continuing", "entry", "exit", "matched_rate")]
    [0.0833333333, 0.0555555556, 0.1944444444, 0.1666666667, 0.0666666667]
    """
    step = whole_number(lag, "lag")
    keys, when, whose = keys_of(by), period_key(period), keys_of(entity, "entity", "entity")
    column = value_column(values, "values")
    if not whose.columns:
        raise ValueError("entity: the growth of continuing entities needs to know whose each record is")
    (keys + when).check_names((*COLUMNS, *NUMBERS))
    check_lengths(keys + when, (("values", column),))
    check_lengths(whose, (("values", column),), "entity")
    panel = _panel_of(keys, when, whose, column)
    pairs = pairs_of(panel.groups, step)
    either = panel.groups.whose[np.maximum(pairs.later, pairs.earlier)]
    table = {name: labels[either] for name, labels in panel.labels.items()}
    table[when.names[0]] = panel.periods[pairs.place]
    try:
        return Table(table | _figures(panel, pairs, step), percent=PERCENT)
    except OverflowError:
        accumulate(keys + when, (column,), (SUM,), True)  # which names the group
        raise OverflowError("values: a change does not fit 64 bits; give the integers as floats") from None


class _Panel(NamedTuple):
    """The sums of (group, entity, period), sorted so; and the groups and periods that occur."""

    state: Any
    counts: Integers  # of values of each sum
    entities: Integers  # the (group, entity) of each sum
    place: Integers  # of its period
    row: Integers  # of its (group, period) among those that occur
    groups: Cells  # the (group, period)s that occur
    labels: dict[str, NDArray[Any]]  # of the groups
    periods: NDArray[Any]  # of the places


def _panel_of(keys: Keys, when: Keys, whose: Keys, column: Column) -> _Panel:
    columns: list[Column] = []
    labels: dict[str, NDArray[Any]] = {}
    if keys.columns:
        codes, _, raw = _core.group(keys.columns, True)
        labels = keys.labels(raw)
        columns.append((codes, None, CODES | LEAVES_OUT))
    columns.append(entity_codes(whose))
    places, _, raw = _core.group(when.left_out().columns, True)
    (periods,) = when.labels(raw).values()
    columns.append((places, None, CODES | LEAVES_OUT))
    state, cells, (counts,) = _core.aggregate(tuple(columns), (column,), (COUNT,), True, get_threads(), 0)
    place = cells[-1].astype(np.int64)
    group = cells[0].astype(np.int64) if keys.columns else np.zeros(len(place), dtype=np.int64)
    starts = np.r_[False, (group[1:] != group[:-1]) | (cells[-2][1:] != cells[-2][:-1])][: len(place)]
    row, _, (owners, places_there) = _core.group((group, place), True)
    groups = Cells(owners, places_there, periods.astype(np.uint64 if periods.dtype.kind == "u" else np.int64).tolist())
    return _Panel(state, counts, np.cumsum(starts), place, row.astype(np.int64), groups, labels, periods)


def _roles(panel: _Panel, pairs: Pairs, lag: int) -> tuple[Integers, Integers]:
    """Give what each sum is for the growth to its period and for that from it: 4 × row of the result + role, or -1."""
    n = len(panel.place)
    every = np.arange(n)
    to, since = np.full(len(panel.groups.whose) + 1, -1), np.full(len(panel.groups.whose) + 1, -1)
    to[pairs.later], since[pairs.earlier] = np.arange(len(pairs.later)), np.arange(len(pairs.later))
    before = moved(panel.groups, -lag)[panel.place]
    codes = panel.entities * len(panel.periods) + panel.place  # ascending
    asked = codes - panel.place + before
    at = np.minimum(np.searchsorted(codes, asked), n - 1)
    earlier = np.where((before >= 0) & (codes[at] == asked), at, -1) if n else every
    later = np.full(n + 1, -1)
    later[earlier] = every
    later = later[:-1] if n else later[:0]
    has_value = np.append(panel.counts > 0, True)  # the last: there is none
    known = has_value[:-1] & has_value[earlier]
    now = np.where(known, 4 * to[panel.row] + np.where(earlier >= 0, STAYS, ENTERS), -1)
    known = has_value[:-1] & has_value[later] & (since[panel.row] >= 0)
    then = np.where(known, 4 * since[panel.row] + np.where(later >= 0, STAYED, EXITS), -1)
    return now, then


def _figures(panel: _Panel, pairs: Pairs, lag: int) -> dict[str, NDArray[Any]]:
    """Give the columns of figures."""
    n = len(pairs.later)
    codes = np.concatenate(_roles(panel, pairs, lag))
    parts = _core.fold(panel.state, np.tile(np.arange(len(panel.place)), 2), codes, 4 * n)
    rows = np.arange(n)
    sides = _core.fold(parts, np.arange(4 * n), np.repeat(np.arange(2 * n), 2), 2 * n)
    numbers = np.bincount(codes[codes >= 0], minlength=4 * n).reshape(n, 4)
    has_base = pairs.before >= 0
    none = numbers == 0
    empty = (pairs.later >= 0) & none[:, STAYS] & none[:, ENTERS]  # all its entities are left out
    empty_base = (pairs.earlier >= 0) & none[:, STAYED] & none[:, EXITS]
    value, base = _core.statistics(sides, (SUM,))[0].reshape(n, 2).T
    sums = _core.statistics(parts, (TOTAL,))[0].reshape(n, 4).T
    below = np.where(has_base & ~empty & ~empty_base & (base > 0), base, 0)
    stayed = np.where(has_base & (sums[STAYED] > 0), sums[STAYED], 0)
    change = _core.differences(sides, 0, 2 * rows, 2 * rows + 1)
    of_stayers = _core.differences(parts, 0, 4 * rows + STAYS, 4 * rows + STAYED)
    columns = {
        "base": where_there(base, has_base & ~empty_base),
        "value": where_there(value, ~empty),
        "rate": quotient(change, below),
        "continuing": quotient(of_stayers, below),
        "entry": quotient(sums[ENTERS], below),
        "exit": quotient(sums[EXITS], below),
        "matched_rate": quotient(of_stayers, stayed),
    }
    counted = zip(NUMBERS, (STAYS, ENTERS, EXITS), strict=True)
    return columns | {name: where_there(numbers[:, role], has_base) for name, role in counted}
