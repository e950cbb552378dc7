"""Tiers: natural breaks of values, and the tier of each among bounds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg._arrays import data_of, mask_of, value_column, whole_number
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Pair = tuple[Floats, Floats]  # a number as a sum of two doubles, the second below half an ulp of the first

__all__ = ["natural_breaks", "tiers_of"]


def natural_breaks(values: ArrayLike, k: int) -> NDArray[Any]:
    """Give the upper bounds of the k classes that differ least within themselves (Fisher–Jenks).

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        What is put into classes; missing ones are skipped.
    k : int
        How many classes.

    Returns
    -------
    ndarray, shape (min(k, number of different values),)
        The greatest value of each class, ascending, in the kind of the values; the last is the greatest of all. Where
        there are fewer different values than k, each is a class: there are fewer bounds than k.

    Raises
    ------
    ValueError
        If k is less than 1, a value is infinite, or there is none.
    TypeError
        If values are not numbers.

    Notes
    -----
    Fisher (1958), Jenks (1967): the least sum over classes of squared deviations from the class mean, found exactly by
    dynamic programming over the different values (n) in O(k n log n) steps; no start is drawn. Sums are carried to
    about 32 digits of the squared deviations of all values: partitions that differ by less are equal, and of equal
    ones the lower bounds win.

    Examples
    --------
    >>> import xxmfg as xm
    >>> values = [-1, 2, -1, 2, 4, 5, 6, -1, 2, -1]  # Wang and Song (2011), Ckmeans.1d.dp
    >>> bounds = xm.natural_breaks(values, 3)
    >>> bounds.tolist()
    [-1, 2, 6]
    >>> xm.tiers_of(values, bounds[:-1], closed="right").tolist()
    [3, 2, 3, 2, 1, 1, 1, 3, 2, 3]
    """
    n_classes = whole_number(k, "k")
    column = value_column(values, "values")
    entries, missing = data_of(column), mask_of(column)
    if missing is not None:
        entries = entries[~missing]
    if entries.dtype.kind == "f":
        entries = entries[~np.isnan(entries)] + entries.dtype.type(0)  # -0.0 is 0.0
        if np.isinf(entries).any():
            raise XxmfgError("values: one is infinite; classes need finite values")
    if not len(entries):
        raise XxmfgError("values: there is none to put into classes")
    distinct, counts = np.unique(entries, return_counts=True)
    return distinct[_class_ends(distinct, counts, min(n_classes, len(distinct)))]


def _class_ends(distinct: NDArray[Any], counts: Integers, n_classes: int) -> Integers:
    """Give the index of the last value of each class.

    best[j] is the least cost of values 0 … j in as many classes as layers have been made.
    """
    costs = _Costs(distinct, counts)
    n = len(distinct)
    best = costs.of(np.zeros(n, dtype=np.int64), np.arange(n))
    cuts = []
    for layer in range(1, n_classes):
        best, first = _next_layer(costs, best, layer)
        cuts.append(first)
    ends = [n - 1]
    for first in reversed(cuts):
        ends.append(int(first[ends[-1]]) - 1)
    return np.array(ends[::-1], dtype=np.int64)


def _next_layer(costs: _Costs, best: Pair, layer: int) -> tuple[Pair, Integers]:
    """Add a class: for each last value, the least cost and where the added class begins.

    That place never falls as the last value rises (the costs are of Monge type), so the middle one of a range bounds
    those of both halves; all middles of one depth are searched together.
    """
    n = len(best[0])
    found = (np.full(n, np.inf), np.zeros(n))
    first = np.arange(n)
    ranges = np.array([[layer, n - 1, layer, n - 1]])  # last values from … to, beginnings from … to
    while len(ranges):
        low, high, least, most = ranges.T
        middle = (low + high) // 2
        lengths = np.minimum(middle, most) - least + 1
        starts = np.cumsum(lengths) - lengths
        begin = np.arange(lengths.sum()) - np.repeat(starts - least, lengths)
        total = _add((best[0][begin - 1], best[1][begin - 1]), costs.of(begin, np.repeat(middle, lengths)))
        chosen = _least_of_segments(total, starts, lengths)
        for column, sums in zip(found, total, strict=True):
            column[middle] = sums[chosen]
        first[middle] = begin[chosen]
        halves = [[low, middle - 1, least, begin[chosen]], [middle + 1, high, begin[chosen], most]]
        ranges = np.concatenate([np.stack(half, axis=1) for half in halves])
        ranges = ranges[ranges[:, 0] <= ranges[:, 1]]
    return found, first


def _least_of_segments(total: Pair, starts: Integers, lengths: Integers) -> Integers:
    """Give the index of the first least number of each segment."""
    which = np.repeat(np.arange(len(starts)), lengths)
    high = np.minimum.reduceat(total[0], starts)[which]
    low = np.where(total[0] == high, total[1], np.inf)
    least = (low == np.minimum.reduceat(low, starts)[which]) & (total[0] == high)
    rows = np.flatnonzero(least)
    return rows[np.searchsorted(which[rows], np.arange(len(starts)))]


class _Costs:
    """Sums of squared deviations of runs of sorted values: of all that begin and end somewhere, by prefix sums."""

    def __init__(self, distinct: NDArray[Any], counts: Integers) -> None:
        # Integers of one unit add exactly; from the middle value, so that squares do not cancel more than they must.
        ratios = [value.as_integer_ratio() for value in distinct.tolist()]
        unit = max(below for _, below in ratios)
        numbers = [above * (unit // below) for above, below in ratios]
        middle = numbers[len(numbers) // 2]
        greatest = max(abs(number - middle) for number in numbers) or 1
        sums, squares = [0], [0]
        for number, count in zip(numbers, counts.tolist(), strict=True):
            sums.append(sums[-1] + (number - middle) * count)
            squares.append(squares[-1] + (number - middle) ** 2 * count)
        self.counts = np.concatenate([[0], np.cumsum(counts)]).astype(np.float64)
        self.sums, self.squares = _pairs(sums, greatest), _pairs(squares, greatest * greatest)

    def of(self, begin: Integers, last: Integers) -> Pair:
        """Give Σ x² − (Σ x)² / n of values begin … last, never negative."""
        n = self.counts[last + 1] - self.counts[begin]
        sums, squares = (
            _add((high[last + 1], low[last + 1]), (-high[begin], -low[begin]))
            for high, low in (self.sums, self.squares)
        )
        mean_part = _divided(_squared(sums), n)
        cost = _add(squares, (-mean_part[0], -mean_part[1]))
        alone = (begin == last) | (cost[0] < 0)
        return np.where(alone, 0, cost[0]), np.where(alone, 0, cost[1])


# ---- numbers of two doubles (Dekker 1971) ----


def _pairs(numbers: list[int], unit: int) -> Pair:
    """Give integers divided by a unit."""
    high = [number / unit for number in numbers]
    low = []
    for number, nearest in zip(numbers, high, strict=True):
        above, below = nearest.as_integer_ratio()
        low.append((number * below - above * unit) / (unit * below))
    return np.array(high), np.array(low)


def _exact_sum(a: Floats, b: Floats) -> Pair:
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def _add(a: Pair, b: Pair) -> Pair:
    high, low = _exact_sum(a[0], b[0])
    more, rest = _exact_sum(a[1], b[1])
    high, low = _exact_sum(high, low + more)
    return _exact_sum(high, low + rest)


def _exact_product(a: Floats, b: Floats) -> Pair:
    """Give a b as a pair; 2^27 + 1 splits 53 bits into halves whose products are exact."""
    product = a * b
    (a_high, a_low), (b_high, b_low) = (
        (high, x - high) for x in (a, b) for high in [(2.0**27 + 1) * x - ((2.0**27 + 1) * x - x)]
    )
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def _squared(a: Pair) -> Pair:
    high, low = _exact_product(a[0], a[0])
    return _exact_sum(high, low + 2 * a[0] * a[1])


def _divided(a: Pair, n: Floats) -> Pair:
    high = a[0] / n
    product = _exact_product(high, n)
    rest = _add(a, (-product[0], -product[1]))
    return _exact_sum(high, rest[0] / n)


# ---- tiers ----


def tiers_of(values: ArrayLike, bounds: ArrayLike, closed: str = "left") -> NDArray[np.int64]:
    """Give the tier of each value among bounds, 1 the highest, in the order of the records.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        What is put into tiers.
    bounds : array_like of numbers, shape (m,)
        Where tiers meet, ascending.
    closed : {"left", "right"}, optional
        Whether a bound belongs to the tier above it (以上 includes its bound) or to the one below.

    Returns
    -------
    ndarray of int64, shape (n,)
        Tiers from 1 to m + 1; 0 where the value is missing.

    Raises
    ------
    ValueError
        If bounds do not ascend, one is missing or infinite, or `closed` is unknown.
    TypeError
        If values or bounds are not numbers.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.tiers_of([10000.0, 9999.9, 4000.0, 12.0], [4000, 7000, 10000]).tolist()
    [1, 2, 3, 4]
    """
    if closed not in {"left", "right"}:
        raise ValueError(f'closed must be "left" or "right", not {closed!r}')
    column, limits = value_column(values, "values"), _bounds(bounds)
    entries, missing = data_of(column), mask_of(column)
    tiers = np.full(len(entries), len(limits) + 1, dtype=np.int64)
    for limit in limits:
        tiers -= _reaches(entries, limit, closed == "left")
    if missing is not None:
        tiers[missing] = 0
    if entries.dtype.kind == "f":
        tiers[np.isnan(entries)] = 0
    return tiers


def _bounds(given: Any) -> list[Any]:
    column = value_column(given, "bounds")
    limits: list[Any] = data_of(column).tolist()
    missing = mask_of(column)
    for place, limit in enumerate(limits):
        if not math.isfinite(limit) or (missing is not None and missing[place]):
            raise XxmfgError(f"bounds: number {place} is missing or infinite")
        if place and limit <= limits[place - 1]:
            raise XxmfgError(f"bounds must ascend, but {limit} follows {limits[place - 1]}")
    return limits


def _reaches(entries: NDArray[Any], limit: Any, inclusive: bool) -> NDArray[np.bool_]:
    """Tell which values lie above a limit, or on it where that counts; integers are not rounded to doubles."""
    if entries.dtype.kind == "f":
        nearest = float(limit)
        if nearest != limit:  # an integer that no double is: no value lies on it
            inclusive = nearest > limit
        bound: Any = np.float64(nearest)
    else:
        bound = math.ceil(limit) if inclusive else math.floor(limit)
    reached: NDArray[np.bool_] = entries >= bound if inclusive else entries > bound
    return reached
