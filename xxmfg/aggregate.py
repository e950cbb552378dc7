"""Statistics of values within groups; ratios of sums; counts of distinct entities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._arrays import CODES, LEAVES_OUT, TEXT, data_of, flagged, key_column, length_of, value_column
from xxmfg._columns import entries_of
from xxmfg._decimals import exact_sums, mend_sums
from xxmfg._statistics import (
    ONLY_SUMS,
    SUM,
    Plan,
    State,
    mend_extremes,
    plan_of,
    quotient,
    statistic,
)
from xxmfg._weighted import COLUMNS, weight_column, weighted_columns, weighted_statistics
from xxmfg.grouping import Keys, by_label, check_lengths, keys_of
from xxmfg.table import Table
from xxmfg.threads import get_threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from xxmfg._arrays import Column

__all__ = ["Distinct", "accumulate", "aggregate", "distinct", "ratio"]


def aggregate(
    values: ArrayLike | Mapping[str, ArrayLike],
    by: Any = None,
    stats: str | Sequence[str] = ("count", "sum"),
    weights: ArrayLike | None = None,
    order: str = "label",
    total: bool = False,
) -> Table:
    """Give statistics of values within groups, every sum exact and rounded once.

    Parameters
    ----------
    values : array_like of numbers, shape (n,), or mapping of str to array_like
        What is aggregated; missing ones are skipped. With a mapping, columns are called `name_stat`.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        The keys, each of shape (n,); a missing key is a label of its own. Without keys there is one group of all.
    stats : str or sequence of str
        Of `count missing sum mean min max var std median q25 q90 … first last n_unique share`. Variances divide by
        n − 1; quantiles are of type 7 (Hyndman and Fan 1996); `share` is the part of the sum of all groups. `count`
        and `n_unique` take keys (text, dates) too.
    weights : array_like of numbers, shape (n,), optional
        How many each value stands for, zero or more, on any scale; then the statistics are `count missing sum mean
        median q25 … share` of weighted values. A record whose weight is missing or zero is counted as missing.
    order : {"label", "appearance"}, optional
        Groups by their labels, or by their first records.
    total : bool, optional
        Whether to add a last row for all records; the key columns become text, the first one says `total`.

    Returns
    -------
    Table
        The keys, then a column a statistic. Sums of integers and bools are int64 (uint64 for uint64), all others of
        floats float64, of Arrow's decimal128 too: these are added exactly as decimals, and all else is made of their
        nearest doubles. A group with no value has count 0 and sum 0; its mean, min and max are NaN.

    Raises
    ------
    ValueError
        If a statistic is unknown, a weight negative or infinite, or lengths differ.
    TypeError
        If values or weights are not numbers, or a key is of a kind that cannot be one.
    OverflowError
        If an integer sum does not fit 64 bits; the group is named.

    Notes
    -----
    The sum of floats is the double nearest to the exact real sum, whatever the order of the rows. A variance takes a
    second pass about the mean; its sum of squares is exact too.

    With weights, the sum is Σ w x and the mean Σ w x / Σ w, of products rounded once each and then added exactly. A
    quantile q is the value up to which the part q of all weight lies: x_i where the weight before it is below q Σ w and
    the weight up to it above; midway between x_i and the next value where the weight up to x_i is just q Σ w. That is
    the second type of Hyndman and Fan (1996) for equal weights, and it is the same whether a record weighs three or
    stands three times.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.aggregate([1e16, 1.0, -1e16, 5.0], by=["a", "a", "a", "b"])
    key  count  sum
    ---  -----  ---
    a        3    1
    b        1    5
    2 rows × 3 columns

    Incomes of six classes, and the households of each (Doersam 2004):

    >>> income, households = [500, 1500, 2500, 4000, 7500, 15000], [1000, 1200, 1600, 400, 200, 600]
    >>> xm.aggregate(income, stats=("mean", "median", "q90"), weights=households)
    mean  median    q90
    ----  ------  -----
    3680    2500  15000
    1 row × 3 columns
    """
    keys, plan, sort = keys_of(by), plan_of(stats), by_label(order)
    columns, called, titles = _named(values, plan.names)
    keys.check_names(titles)
    if total and not keys.names:
        raise ValueError("total=True adds a row to the rows of groups: give the keys as by")
    weighing = None if weights is None else weight_column(weights)
    table = _figures(keys, columns, called, titles, plan, weighing, sort)
    if total:
        table = _with_total(table, keys, columns, called, titles, plan, weighing)
    return Table.of_arrays(table, [title for title in titles if title.endswith("share")] if not plan.is_all else ())


def _figures(
    keys: Keys,
    given: tuple[Any, ...],
    called: tuple[str, ...],
    titles: tuple[str, ...],
    plan: Plan,
    weights: Column | None,
    sort: bool,
) -> dict[str, NDArray[Any]]:
    """Give the labels of groups and their statistics."""
    if weights is not None:
        return _weighted(keys, titles, dict(zip(called, given, strict=True)), plan.names, weights, sort)
    are_floats = _core.are_floats(given)
    columns = given if are_floats else tuple(map(_presence if plan.of_keys else value_column, given, called))
    state, raw, results = _gathered(keys, columns, plan.numbers, sort, called, plan.flags)
    if not plan.is_all:
        results = tuple(
            _distinct_values(keys, column, sort) if stat == "n_unique" else statistic(held, stat)
            for held, column in zip(_states(state, columns), given, strict=True)
            for stat in plan.names
        )
    table = keys.table(raw, titles, results)
    if not are_floats:
        mend_sums(table, titles, plan.names, keys, columns, sort)
        if plan.is_all:
            mend_extremes(table, titles, plan.numbers, state)
    return table


def _weighted(
    keys: Keys,
    titles: tuple[str, ...],
    given: dict[str, Any],
    names: tuple[str, ...],
    weights: Column,
    sort: bool,
) -> dict[str, NDArray[Any]]:
    """Give labels and weighted statistics."""
    held = {name: value_column(column, name) for name, column in given.items()}
    check_lengths(keys, (*held.items(), ("weights", weights)))
    columns = [part for column in held.values() for part in weighted_columns(column, weights)]
    state, table, _ = accumulate(keys, tuple(columns), (), sort)
    results = [weighted_statistics(state, COLUMNS * place, names) for place in range(len(held))]
    return table | dict(zip(titles, [result for found in results for result in found], strict=True))


def _named(values: Any, stats: tuple[str, ...]) -> tuple[tuple[Any, ...], tuple[str, ...], tuple[str, ...]]:
    """Give the value columns, what to call them in an error, and the titles of their statistics."""
    if type(values) is np.ndarray or not isinstance(values, Mapping):
        return (values,), ("values",), stats
    if not values:
        raise ValueError("values: at least one column is needed")
    titles = tuple(f"{name}_{stat}" for name in values for stat in stats)
    return tuple(values.values()), tuple(f"values {name!r}" for name in values), titles


def _states(state: Any, columns: tuple[Column, ...]) -> list[State]:
    return [State(state, place, column) for place, column in enumerate(columns)]


def accumulate(
    keys: Keys,
    columns: tuple[Column, ...],
    numbers: tuple[int, ...],
    sort: bool,
    names: tuple[str, ...] = ("values",),
    flags: int = 0,
) -> tuple[Any, dict[str, NDArray[Any]], tuple[NDArray[Any], ...]]:
    """Give the exact states of groups, their labels, and the statistics that the core finishes in the same call."""
    state, raw, results = _gathered(keys, columns, numbers, sort, names, flags)
    return state, keys.labels(raw), results


def _gathered(
    keys: Keys, columns: tuple[Column, ...], numbers: tuple[int, ...], sort: bool, names: tuple[str, ...], flags: int
) -> tuple[Any, tuple[Any, ...], tuple[NDArray[Any], ...]]:
    """Give the same with labels as the core says them.

    With the flag ONLY_SUMS nothing else can be made from the state: least and greatest values are not kept. With
    NO_STATE there may be none, where all columns are floats.
    The core refuses unequal lengths and sums that do not fit; what to call them is known here.
    """
    try:
        return _core.aggregate(keys.columns, columns, numbers, sort, get_threads(), flags)
    except ValueError:
        check_lengths(keys, tuple(zip(names, columns, strict=True)))
        raise
    except OverflowError as error:
        if not isinstance(error.args[0], int):
            raise
        _, raw, _ = _core.aggregate(keys.columns, columns, (), sort, get_threads(), ONLY_SUMS)
        name, group = _too_large(keys, columns, names, sort)
        raise OverflowError(_overflow(keys.labels(raw), group, name)) from None


def _too_large(keys: Keys, columns: tuple[Column, ...], names: tuple[str, ...], sort: bool) -> tuple[str, int]:
    """Give the first column that has a sum beyond 64 bits, and the first group that has it."""
    for name, column in zip(names, columns, strict=True):
        try:
            _core.aggregate(keys.columns, (column,), (SUM,), sort, get_threads(), ONLY_SUMS)
        except OverflowError as error:
            return name, error.args[0]
    raise AssertionError("a sum that does not fit beside others fits alone")


def _overflow(labels: dict[str, NDArray[Any]], group: int, name: str) -> str:
    """Say which group's sum is beyond 64 bits."""
    where = ", ".join(f"{key} = {column[group]!s}" for key, column in labels.items())
    which = f"group {where}" if where else "all records"
    return f"{name}: the sum of {which} does not fit 64 bits; give the integers as floats"


def _presence(values: Any, name: str) -> Column:
    """Give a column that tells what is missing of text, dates or numbers."""
    column, _ = key_column(values, name)
    codes, _, _ = _core.group((flagged(column, LEAVES_OUT),), False)
    return codes, None, CODES


def _with_total(
    table: dict[str, NDArray[Any]],
    keys: Keys,
    given: tuple[Any, ...],
    called: tuple[str, ...],
    titles: tuple[str, ...],
    plan: Plan,
    weights: Column | None,
) -> dict[str, NDArray[Any]]:
    """Add the row of all records that are in a group; label columns become text."""
    codes = _core.group(keys.columns, False)[0]
    left_out = codes < 0
    if left_out.all():  # of no records, which a key of no group could not show
        read = map(_presence if plan.of_keys else value_column, given, called)
        given = tuple([data_of(column)[:0] for column in read])
        weights = None if weights is None else data_of(weights)[:0]
        everything = Keys((), (), ())
    elif left_out.any():
        everything = Keys(("",), ((-left_out.astype(np.int8), None, CODES | LEAVES_OUT),), (None,))
    else:
        everything = Keys((), (), ())
    whole = _figures(everything, given, called, titles, plan, weights, True)
    columns = {}
    for place, name in enumerate(keys.names):
        texts = [None if label is None else str(label) for label in entries_of(table[name])]
        columns[name] = np.array([*texts, "" if place else "total"], dtype=TEXT)
    for title in titles:
        columns[title] = np.concatenate([table[title], whole[title]])
    return columns


# ---- counts of what is distinct ----


class Distinct:
    """Entities to be counted once a group, in the place of a denominator: see `distinct`."""

    __slots__ = ("keys",)

    def __init__(self, keys: Keys) -> None:
        self.keys = keys


def distinct(*keys: Any) -> Distinct:
    """Name entities that a ratio is taken over: each counts once within a group, a record without one by itself.

    Parameters
    ----------
    *keys : array_like, shape (n,)
        What tells one entity from another.

    Returns
    -------
    Distinct
        What `ratio` takes as its denominator.

    Raises
    ------
    ValueError
        If there is no key.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.ratio([3.0, 5.0, 4.0], xm.distinct(["A", "A", "B"]))["ratio"].tolist()
    [6.0]
    """
    held = keys_of(keys[0] if len(keys) == 1 else keys, "keys")
    if not held.columns:
        raise ValueError("keys: at least one is needed")
    return Distinct(held)


def _distinct_values(keys: Keys, values: Any, sort: bool) -> NDArray[np.int64]:
    """Count the different values of each group; missing ones do not count."""
    column, _ = key_column(values, "values")
    return _count_distinct(keys, (flagged(column, LEAVES_OUT),), sort)


def _codes_of(keys: Keys, n_rows: int, sort: bool) -> tuple[NDArray[np.int32], int]:
    """Give the group of each record and the number of groups; without keys there is one."""
    if not keys.columns:
        return np.zeros(n_rows, dtype=np.int32), 1
    codes, _, raw = _core.group(keys.columns, sort)
    return codes, len(next(iter(keys.labels(raw).values())))


def _count_distinct(keys: Keys, entities: tuple[Column, ...], sort: bool) -> NDArray[np.int64]:
    """Count the groups of (group, entity) that each group has."""
    codes, n_groups = _codes_of(keys, length_of(entities[0]), sort)
    _, raw, _ = _core.aggregate(((codes, None, CODES | LEAVES_OUT), *entities), (), (), True, get_threads(), ONLY_SUMS)
    return np.bincount(raw[0], minlength=n_groups).astype(np.int64)


def _count_entities(keys: Keys, entities: Keys) -> NDArray[np.int64]:
    """Count the entities of each group, and each record without one."""
    known = _count_distinct(keys, entities.left_out().columns, True)
    codes, n_groups = _codes_of(keys, length_of(entities.columns[0]), True)
    whose, _, _ = _core.group(entities.left_out().columns, False)
    unknown = codes[(whose < 0) & (codes >= 0)]
    return known + np.bincount(unknown, minlength=n_groups)


# ---- ratios ----


def ratio(numerator: ArrayLike, denominator: ArrayLike | Distinct, by: Any = None) -> Table:
    """Give the ratio of two sums within groups: output a head, output an enterprise, rate of value added.

    Parameters
    ----------
    numerator : array_like of numbers, shape (n,)
        What is summed above the line; missing ones are skipped. Arrow's decimal128 are added exactly, as decimals.
    denominator : array_like of numbers, shape (n,), or Distinct
        What is summed below it; or `xm.distinct(enterprise)`, the number of different enterprises.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        The keys, each of shape (n,).

    Returns
    -------
    Table
        The keys, then `numerator`, `denominator` (their sums) and `ratio`, in the unit of the one a unit of the
        other; NaN where the denominator is zero. A quotient of exact sums: no mean of ratios.

    Raises
    ------
    ValueError
        If lengths differ.
    TypeError
        If one is not numbers.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.ratio([10.0, 20.0, 5.0], [2, 3, 0], by=["a", "a", "b"])["ratio"].tolist()
    [6.0, nan]
    """
    keys = keys_of(by)
    keys.check_names(("numerator", "denominator", "ratio"))
    above = value_column(numerator, "numerator")
    if isinstance(denominator, Distinct):
        check_lengths(keys, (("numerator", above), ("denominator", denominator.keys.columns[0])))
        _, labels, (sums,) = accumulate(keys, (above,), (SUM,), True, ("numerator",))
        below: NDArray[Any] = _count_entities(keys, denominator.keys)
    else:
        under = value_column(denominator, "denominator")
        check_lengths(keys, (("numerator", above), ("denominator", under)))
        _, labels, (sums, below) = accumulate(keys, (above, under), (SUM,), True, ("numerator", "denominator"))
        below = exact_sums(keys, under, below)
    sums = exact_sums(keys, above, sums)
    return Table(labels | {"numerator": sums, "denominator": below, "ratio": quotient(sums, below)})
