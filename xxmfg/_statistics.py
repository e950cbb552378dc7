"""The statistics by name: what they are called, and how each is finished from the exact states of groups."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg import _core
from xxmfg._arrays import dtype_of, entries_at, length_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xxmfg._arrays import Column

__all__ = [
    "CORE",
    "COUNT",
    "HIGH",
    "KEY_STATISTICS",
    "LOW",
    "MAX",
    "MIN",
    "MISSING",
    "NO_STATE",
    "ONLY_SUMS",
    "SUM",
    "TOTAL",
    "Plan",
    "State",
    "as_given",
    "between",
    "mend_extremes",
    "plain",
    "plan_of",
    "quantile_of",
    "quotient",
    "share_of_parents",
    "share_of_total",
    "statistic",
    "where_there",
]

# Flags of _core.aggregate.
ONLY_SUMS, NO_STATE = 1, 2
# The numbers of mfg_statistic in the core.
COUNT, MISSING, SUM, TOTAL, MEAN, LOW, HIGH, MIN, MAX = range(9)
CORE = {"count": COUNT, "missing": MISSING, "sum": SUM, "mean": MEAN, "min": MIN, "max": MAX}
PASSES = ("var", "std", "median", "first", "last", "n_unique", "share")
KEY_STATISTICS = {"count", "missing", "n_unique"}
LISTED = "count missing sum mean min max var std median q25 q90 … first last n_unique share"


class Plan(NamedTuple):
    """What is asked for, and how the core is asked for it."""

    names: tuple[str, ...]
    numbers: tuple[int, ...]  # of what the core finishes in the call that reads the records
    is_all: bool  # nothing else is asked for
    flags: int  # of _core.aggregate
    of_keys: bool  # text and dates, which can only be counted, will do


class State(NamedTuple):
    """The exact states of the groups of one value column, and the column for what reads it again."""

    core: Any
    place: int
    column: Column


def quantile_of(name: str) -> tuple[int, int] | None:
    """Give "q25" as (25, 100), "q99.9" as (999, 1000), "median" as (1, 2); None for what names no quantile."""
    if name == "median":
        return 1, 2
    whole, _, part = name[1:].partition(".")
    digits = whole + part
    if name[:1] != "q" or not (whole and digits.isdecimal() and digits.isascii()) or len(part) > 6 or len(whole) > 3:
        return None
    numerator, denominator = int(digits), 100 * 10 ** len(part)
    return (numerator, denominator) if numerator <= denominator else None


def plan_of(stats: Any) -> Plan:
    """Check names of statistics, and plan them."""
    if type(stats) is not tuple:
        stats = (stats,) if isinstance(stats, str) else tuple(stats) if isinstance(stats, Iterable) else (stats,)
    try:
        return _planned(stats)
    except TypeError:
        wrong = next(name for name in stats if not isinstance(name, str))
        raise TypeError(f"stats: names are text, not {wrong!r}") from None


@lru_cache(maxsize=64)
def _planned(stats: tuple[Any, ...]) -> Plan:
    """Give the plan of a tuple of names, made once; what is no text may have no hash."""
    if not stats:
        raise ValueError(f"stats: at least one of {LISTED}")
    for name in stats:
        if not isinstance(name, str):
            raise TypeError
        if name not in CORE and name not in PASSES and quantile_of(name) is None:
            raise ValueError(f"stats: {name!r} is none of {LISTED}")
    if len(set(stats)) < len(stats):
        raise ValueError(f"stats: a statistic is asked for twice in {', '.join(stats)}")
    if not CORE.keys() >= set(stats):  # a sum that does not fit is named before the records are read again
        return Plan(stats, (SUM,) if "sum" in stats else (), False, 0, KEY_STATISTICS.issuperset(stats))
    kept = NO_STATE if {"min", "max"} & set(stats) else NO_STATE | ONLY_SUMS
    return Plan(stats, tuple([CORE[name] for name in stats]), True, kept, KEY_STATISTICS.issuperset(stats))


def statistic(state: State, name: str) -> NDArray[Any]:
    """Give one statistic of all groups."""
    if name in CORE:
        values = _core.statistics(state.core, (CORE[name],))[state.place]
        if name in {"min", "max"} and values.dtype.kind != "f":  # there is no least of no integers
            return where_there(values, _core.statistics(state.core, (COUNT,))[state.place] > 0)
        return values
    if name in {"var", "std"}:
        return _core.variances(state.core, state.place, name == "std")
    if name in {"first", "last"}:
        return _end(state, _core.first_last(state.core, state.place)[name == "last"])
    if name == "share":
        return share_of_total(state)
    return _quantile(state, *(quantile_of(name) or (0, 1)))


def _end(state: State, rows: NDArray[np.int64]) -> NDArray[Any]:
    """Give the values of some rows in the kind of minima, NaN for row -1; a negative zero as 0.0."""
    if length_of(state.column):
        taken = entries_at(state.column, np.maximum(rows, 0))
    else:
        taken = np.zeros(len(rows), dtype=dtype_of(state.column))
    return where_there(as_given(taken), rows >= 0)


def as_given(values: NDArray[Any]) -> NDArray[Any]:
    """Give values of records in their own dtype and native byte order, negative zeros as 0.0."""
    native = values.astype(values.dtype.newbyteorder("="))
    if native.dtype.kind == "f":
        native += native.dtype.type(0)
    return native


def where_there(values: NDArray[Any], there: NDArray[np.bool_]) -> NDArray[Any]:
    """Give values with NaN where there is none; integers stay integers where all are there."""
    if there.all():
        return values
    values = values.astype(np.float64)
    values[~there] = np.nan
    return values


def mend_extremes(
    table: dict[str, NDArray[Any]], titles: tuple[str, ...], numbers: tuple[int, ...], state: Any
) -> None:
    """Put NaN where a group has no integer: there is no least of none."""
    counts = None
    for place, title in enumerate(titles):
        if numbers[place % len(numbers)] in {MIN, MAX} and table[title].dtype.kind != "f":
            counts = _core.statistics(state, (COUNT,)) if counts is None else counts
            table[title] = where_there(table[title], counts[place // len(numbers)] > 0)


def plain(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give values with the one NaN and no negative zero, so that bits never depend on order; changes them in place."""
    values += 0.0
    values[np.isnan(values)] = np.nan
    return values


def quotient(above: NDArray[Any], below: NDArray[Any]) -> NDArray[np.float64]:
    """Give above / below as floats, NaN where below is zero."""
    with np.errstate(all="ignore"):
        ratios = np.divide(above, below, dtype=np.float64)
    ratios[below == 0] = np.nan
    return plain(ratios)


def share_of_total(state: State) -> NDArray[np.float64]:
    """Give each group's part of the sum of all; NaN where that is zero."""
    n_groups = len(_core.statistics(state.core, (COUNT,))[state.place])
    return share_of_parents(state, np.zeros(n_groups, dtype=np.int64), 1)


def share_of_parents(state: State, parents: NDArray[np.int64], n_parents: int) -> NDArray[np.float64]:
    """Give each group's part of the sum of its parent, formed from the exact states; NaN where that is zero."""
    sums = _core.statistics(state.core, (TOTAL,))[state.place]
    whole = _core.fold(state.core, np.arange(len(sums)), parents, n_parents)
    return quotient(sums, _core.statistics(whole, (TOTAL,))[state.place][parents])


def _quantile(state: State, numerator: int, denominator: int) -> NDArray[Any]:
    """Give the quantile of type 7 (Hyndman and Fan 1996): linear between the neighbors of (n - 1) q."""
    counts = _core.statistics(state.core, (COUNT,))[state.place]
    lower, upper = _core.quantiles(state.core, state.place, numerator, denominator)
    there = counts > 0
    if not ((lower != upper) & there).any():
        return where_there(lower, there)
    # (n - 1) q is k + fraction; the product of whole numbers would overflow, their remainders do not.
    remainders = (np.maximum(counts - 1, 0) % denominator) * numerator % denominator
    upward, downward = remainders / denominator, (denominator - remainders) / denominator
    return plain(where_there(between(lower, upper, upward, downward), there))


def between(
    lower: NDArray[Any], upper: NDArray[Any], upward: NDArray[np.float64], downward: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give what lies between neighbors, `upward` of the way from the lower one, which is 1 - `downward`."""
    low, high = lower.astype(np.float64), upper.astype(np.float64)
    with np.errstate(all="ignore"):
        apart = ((low < 0) & (high > 0)) | np.isinf(low) | np.isinf(high)  # a difference could overflow
        nearer = np.where(upward < 0.5, low + (high - low) * upward, high - (high - low) * downward)
        mixed = np.where(apart, low * downward + high * upward, nearer)
    return np.where((lower == upper) | (upward == 0), low, mixed)
