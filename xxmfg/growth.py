"""Growth: of groups from period to period, of each record against its entity's earlier one, on average a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import numpy as np

from xxmfg import _core
from xxmfg._arrays import TEXT, value_column, whole_number
from xxmfg._decimals import exact_sums, sums_of
from xxmfg._periods import Cells, Pairs, cells_of, find, pairs_of, period_key, period_number
from xxmfg._statistics import COUNT, MISSING, SUM, plain, quotient
from xxmfg.aggregate import accumulate
from xxmfg.errors import DuplicateError
from xxmfg.grouping import Keys, check_lengths, keys_of
from xxmfg.table import Table
from xxmfg.threads import get_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from xxmfg._decimals import DecimalSums, StateSums

    Integers = NDArray[np.int64]

__all__ = ["average_growth", "growth", "growth_of"]

COLUMNS = ("value", "base", "change", "rate", "share", "share_change", "contribution", "pull", "status")
PERCENT = ("rate", "share", "share_change", "contribution", "pull")


class _Side(NamedTuple):
    """One side of the pairs: sums (0 without a record, NaN where all are missing), and what stands behind them."""

    sums: NDArray[Any]
    there: NDArray[np.bool_]  # a record
    empty: NDArray[np.bool_]  # records, but no value
    missing: NDArray[np.bool_]  # a missing value


def growth(values: ArrayLike, period: Any, by: Any = None, lag: int = 1) -> Table:
    """Give the growth of groups: values against those `lag` periods earlier, with shares, contributions and pulls.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        What grows; summed within group and period, Arrow's decimal128 exactly, as decimals.
    period : array_like of integers or dates, shape (n,)
        Years, quarter numbers …, or datetime64 in years, months, weeks or days.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        The keys of the groups, each of shape (n,).
    lag : int, optional
        How many periods earlier the base stands; no other period takes its place where it is missing.

    Returns
    -------
    Table
        The keys, `period`, then `value`, `base`, `change`, `rate` = change / base, `share` of the period's total and
        `share_change`, `contribution` = change / change of the total (贡献率), `pull` = change / base of the total
        (拉动), which add up to 1 and to the total's rate, and `status`: `ok`, `new`, `gone`, `incomplete`,
        `missing base`, `missing value`, `zero base`, `negative base`, `first period`, `no base period`, `no period`.
        A rate or pull on a base of zero or less is NaN, as is a contribution to a total that did not change.
        Rates and shares are fractions. Where a figure has no meaning it is NaN, and `status` says why.

    Raises
    ------
    ValueError
        If the unit of dates is finer than a day, a period is no whole number, or lengths differ.
    TypeError
        If values are not numbers, or periods neither integers nor dates.

    Notes
    -----
    Changes are formed from the exact sums and rounded once. Contribution and pull: National Bureau of Statistics of
    China, 主要统计指标解释; the pull is INSEE's contribution à la croissance (definition c1207).

    Examples
    --------
    >>> import xxmfg as xm
    >>> t = xm.growth([100.0, 50.0, 120.0, 60.0], [2018, 2018, 2019, 2019], by=["a", "b", "a", "b"])
    >>> t["status"].tolist(), t["contribution"][1::2].round(4).tolist()
    (['first period', 'ok', 'first period', 'ok'], [0.6667, 0.3333])
    """
    step = whole_number(lag, "lag")
    keys, when = keys_of(by), period_key(period)
    column = value_column(values, "values")
    both = keys + when
    both.check_names(COLUMNS)
    check_lengths(both, (("values", column),))
    state, labels, results = accumulate(both, (column,), (SUM, COUNT, MISSING), True)
    exact = sums_of(state, both, column)
    results = (exact.in_place_of(results[0]), *results[1:])
    cells = cells_of(labels, when.names[0])
    pairs = pairs_of(cells, step)
    now, then = (_side(results, rows) for rows in (pairs.later, pairs.earlier))
    has_base = pairs.before >= 0
    base = _where(has_base, then.sums)
    status = _status(pairs, now, then)
    counted = has_base & ~now.empty & ~then.empty
    table = {name: labels[name][np.maximum(pairs.later, pairs.earlier)] for name in keys.names}
    table |= _period_labels(labels, when.names[0], cells, pairs)

    def named(row: int) -> str:
        return "group " + ", ".join(f"{name} = {column[row]!s}" for name, column in table.items())

    later, earlier = (np.where(counted, rows, -1) for rows in (pairs.later, pairs.earlier))
    change = _where(counted, _differences(exact, later, earlier, named))
    rate = quotient(change, np.where(then.there & (then.sums > 0), then.sums, 0))
    table |= {"value": now.sums, "base": base, "change": change, "rate": rate}
    table |= _shares(exact, cells, pairs, now, then) | _parts(exact, pairs, counted, change, table[when.names[0]])
    return Table(table | {"status": status}, percent=PERCENT)


def _side(results: tuple[NDArray[Any], ...], rows: Integers) -> _Side:
    if not len(results[0]):
        none = np.zeros(0, dtype=bool)
        return _Side(results[0], none, none, none)
    sums, counts, missing = (result[rows] for result in results)
    there = rows >= 0
    empty = there & (counts == 0)
    sums = np.where(there, sums, sums.dtype.type(0))
    return _Side(_where(~empty, sums), there, empty, there & (missing > 0))


def _where(kept: NDArray[np.bool_], values: NDArray[Any]) -> NDArray[Any]:
    """Give values with NaN where they are not kept; integers stay integers where all are."""
    return values if kept.all() else np.where(kept, values, np.nan)


def _differences(
    sums: StateSums | DecimalSums, later: Integers, earlier: Integers, named: Callable[[int], str]
) -> NDArray[Any]:
    """Give changes, or raise, naming what changes by more than 64 bits."""
    try:
        return sums.differences(later, earlier)
    except OverflowError as error:
        changed = named(error.args[0])
        raise OverflowError(
            f"values: the change of {changed} does not fit 64 bits; give the integers as floats"
        ) from None


def _status(pairs: Pairs, now: _Side, then: _Side) -> NDArray[Any]:
    """Give the first of the cases that holds, the strongest reason first."""
    cases = (
        (pairs.place < 0, "no period"),
        (pairs.place == 0, "first period"),
        (pairs.before < 0, "no base period"),
        (then.empty, "missing base"),
        (now.empty, "missing value"),
        (~then.there, "new"),
        (~now.there, "gone"),
        (then.sums == 0, "zero base"),
        (then.sums < 0, "negative base"),
        (now.missing | then.missing, "incomplete"),
    )
    words: NDArray[Any] = np.array([*(word for _, word in cases), "ok"], dtype=TEXT)
    chosen: NDArray[np.int64] = np.select([case for case, _ in cases], range(len(cases)), len(cases))
    return words[chosen]


def _period_labels(labels: dict[str, NDArray[Any]], name: str, cells: Cells, pairs: Pairs) -> dict[str, NDArray[Any]]:
    """Give the period of each pair in the kind of its key: that of any group with the same period."""
    rows = np.flatnonzero(cells.place >= 0)
    holders = np.zeros(len(cells.periods) + 1, dtype=np.int64)
    holders[cells.place[rows]] = rows
    return {name: labels[name][np.where(pairs.place < 0, pairs.later, holders[pairs.place])]}


def _shares(
    sums: StateSums | DecimalSums, cells: Cells, pairs: Pairs, now: _Side, then: _Side
) -> dict[str, NDArray[np.float64]]:
    """Give each group's share of its period's total, and how it has changed."""
    whole = sums.fold(np.arange(len(cells.place)), cells.place, len(cells.periods))
    totals = np.append(whole.totals(), np.nan)  # the last: no period
    shares = quotient(now.sums, totals[pairs.place])
    with np.errstate(invalid="ignore"):
        changes = shares - quotient(then.sums, totals[pairs.before])
    return {"share": shares, "share_change": plain(changes)}


def _parts(
    sums: StateSums | DecimalSums, pairs: Pairs, counted: NDArray[np.bool_], change: NDArray[Any], period: NDArray[Any]
) -> dict[str, NDArray[np.float64]]:
    """Give contributions and pulls: parts of what all counted pairs of a period change together, and of their base."""

    def named(place: int) -> str:
        return f"the total in {period[pairs.place == place][0]!s}"

    n_periods = int(pairs.place.max(initial=-1)) + 1
    sources, codes = [], []
    for rows, shift in ((pairs.later, 0), (pairs.earlier, n_periods)):
        held = counted & (rows >= 0)
        sources.append(rows[held])
        codes.append(pairs.place[held] + shift)
    both = sums.fold(np.concatenate(sources), np.concatenate(codes), 2 * n_periods)
    periods = np.arange(n_periods)
    changes = np.append(_differences(both, periods, periods + n_periods, named), 0)
    bases = np.append(both.totals()[n_periods:], 0)
    return {
        "contribution": quotient(change, changes[pairs.place]),
        "pull": quotient(change, np.where(bases > 0, bases, 0)[pairs.place]),
    }


def growth_of(values: ArrayLike, entity: Any, period: Any, lag: int = 1) -> NDArray[np.float64]:
    """Give each record's growth against the same entity's record `lag` periods earlier, in the order of the records.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        What grows; of Arrow's decimal128 the nearest doubles.
    entity : array_like, tuple or mapping of array_like, or Grouping
        Whose records they are, each of shape (n,).
    period : array_like of integers or dates, shape (n,)
        Years, quarter numbers …, or datetime64 in years, months, weeks or days.
    lag : int, optional
        How many periods earlier the base stands.

    Returns
    -------
    ndarray of float64, shape (n,)
        value / base − 1, a fraction. NaN where there is no such record, its value is missing, zero or negative, or
        the record's own value, entity or period is missing.

    Raises
    ------
    DuplicateError
        If an entity has two records in one period; both are named.
    ValueError
        If the unit of dates is finer than a day, a period is no whole number, or lengths differ.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.growth_of([100.0, 7.0, 150.0], ["A", "B", "A"], [2018, 2018, 2019]).tolist()
    [nan, nan, 0.5]
    """
    step = whole_number(lag, "lag")
    keys = keys_of(entity, "entity", "entity")
    if not keys.columns:
        raise ValueError("entity: growth of each record needs to know whose it is")
    both = (keys + period_key(period)).left_out()
    column = value_column(values, "values")
    check_lengths(both, (("values", column),), "entity")
    try:
        return _core.growth_of(both.columns, (column,), step, get_threads())
    except DuplicateError as error:
        _reraise_duplicate(both, int(error.args[0]))


def _reraise_duplicate(both: Keys, row: int) -> NoReturn:
    codes, _, raw = _core.group(both.columns, False)
    named = ", ".join(f"{name} {labels[codes[row]]!s}" for name, labels in both.labels(raw).items())
    first = int(np.flatnonzero(codes == codes[row])[0])
    raise DuplicateError(f"{named} stands twice, in rows {first} and {row}: one record an entity and period") from None


def average_growth(values: ArrayLike, period: Any, start: Any, end: Any, by: Any = None) -> Table:
    """Give the average growth a period from `start` to `end` (年均增速).

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        What grows; summed within group and period, Arrow's decimal128 exactly, as decimals.
    period : array_like of integers or dates, shape (n,)
        Years, quarter numbers …, or datetime64 in years, months, weeks or days.
    start, end : int or datetime64
        The two periods, `start` the earlier one; both must occur.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        The keys of the groups, each of shape (n,).

    Returns
    -------
    Table
        The keys, then `base` and `value` (the sums of both periods), `periods` (how many lie between) and `rate` =
        (value / base)^(1 / periods) − 1; NaN where the base is zero, negative or missing, or the value is.

    Raises
    ------
    ValueError
        If a period does not occur, or `end` is not later than `start`.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.average_growth([100.0, 150.0], [2015, 2019], 2015, 2019)["rate"].round(10).tolist()
    [0.1066819197]
    """
    keys, when = keys_of(by), period_key(period)
    column = value_column(values, "values")
    both = keys + when
    both.check_names(("base", "value", "periods", "rate"))
    check_lengths(both, (("values", column),))
    _, labels, results = accumulate(both, (column,), (SUM, COUNT, MISSING), True)
    results = (exact_sums(both, column, results[0]), *results[1:])
    cells = cells_of(labels, when.names[0])
    ends = [period_number(given, labels[when.names[0]], name) for given, name in ((start, "start"), (end, "end"))]
    if ends[1] <= ends[0]:
        raise ValueError(f"end must be later than start, but {end} is not later than {start}")
    for name, given, number in (("start", start, ends[0]), ("end", end, ends[1])):
        if number not in cells.periods:
            raise ValueError(f"{name} {given} does not occur among the periods")
    _, first = np.unique(cells.whose, return_index=True)
    whose = cells.whose[first]
    places = [np.full(len(whose), cells.periods.index(number)) for number in ends]
    base, value = (_side(results, find(cells, whose, place)).sums for place in places)
    n_periods = ends[1] - ends[0]
    ratios = quotient(np.where(value < 0, np.nan, value), np.where(base > 0, base, 0))
    table = {name: labels[name][first] for name in keys.names}
    table |= {"base": base, "value": value, "periods": np.full(len(whose), n_periods)}
    return Table(table | {"rate": plain(ratios ** (1 / n_periods) - 1)}, percent=("rate",))
