"""Leaders and ranks: the greatest values of each group, and each record's place in its group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._arrays import LEAVES_OUT, column_at, entries_at, length_of, value_column, whole_number
from xxmfg._entities import entity_sums
from xxmfg._statistics import as_given, quotient
from xxmfg.grouping import Grouping, Keys, check_lengths, keys_of
from xxmfg.table import Table
from xxmfg.threads import get_threads

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["rank_of", "top"]

METHODS = {"competition": 0, "dense": 1, "ordinal": 2, "average": 3}


def top(
    values: ArrayLike,
    n: int,
    by: Any = None,
    label: ArrayLike | None = None,
    entity: Any = None,
    ties: str = "strict",
) -> Table:
    """Give the records with the n greatest values of each group.

    Parameters
    ----------
    values : array_like of numbers, shape (n_rows,)
        What leads; missing ones are never among the leaders. Of Arrow's decimal128 the nearest doubles lead, are given
        and are added exactly.
    n : int
        How many leaders a group has; one of fewer records gives them all.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        The keys of the groups, each of shape (n_rows,).
    label : array_like, shape (n_rows,), optional
        What the records are called; it settles ties.
    entity : array_like, tuple or mapping of array_like, or Grouping, optional
        Whose values are summed first: leaders are entities then. A record without one stands by itself.
    ties : {"strict", "all"}, optional
        Exactly n, ties settled by label and then row; or also all that tie with the n-th.

    Returns
    -------
    Table
        The keys, then `rank` (1, 2, 2, 4), `row` (of the record, or of the entity's first), the entity and the label
        where they were given, `value`, `share` (of the group's total) and `cumulative_share`.

    Raises
    ------
    ValueError
        If n is less than 1, `ties` is unknown, or lengths differ.
    TypeError
        If values are not numbers.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.top([10.33, 29.85, 5.67], 2, label=["海天", "中车", "凝远"])
    rank  row  label  value    share  cumulative_share
    ----  ---  -----  -----  -------  ----------------
       1    1  中车   29.85  65.10 %           65.10 %
       2    0  海天   10.33  22.53 %           87.63 %
    2 rows × 6 columns
    """
    size = whole_number(n, "n")
    if ties not in {"strict", "all"}:
        raise ValueError(f'ties must be "strict" or "all", not {ties!r}')
    keys = keys_of(by)
    column = value_column(values, "values")
    called, whose = _one_label(label), keys_of(entity, "entity", "entity")
    for held, argument in ((keys, "by"), (called, "label"), (whose, "entity")):
        check_lengths(held, (("values", column),), argument)
    (keys + whose + called).check_names(("rank", "row", "value", "share", "cumulative_share"))
    first = None
    if whose.columns:
        keys, column, first = entity_sums(keys, whose, column, with_rows=True)
    ranks = _tie_ranks(called, first)
    raw, totals, rows, places = _core.top(
        keys.columns, (column,), min(size, max(length_of(column), 1)), ranks, ties == "all", get_threads()
    )
    taken = as_given(entries_at(column, rows))
    settled = rows if ranks is None else ranks[rows]
    order = np.lexsort((rows, settled, ~taken if taken.dtype.kind in "biu" else -taken, places))
    rows, places, taken = rows[order], places[order], taken[order]
    records = rows if first is None else first[rows]
    table = {name: held[places] for name, held in keys.labels(raw).items()}
    table |= {"rank": _ranks(places, taken, ties == "all"), "row": records}
    table |= _labels_at(whose, records) | _labels_at(called, records)
    table["value"] = taken
    for name, part in (("share", taken), ("cumulative_share", _core.running_sums((places,), (taken,)))):
        table[name] = quotient(part, totals[places])
    return Table(table, percent=("share", "cumulative_share"))


def _one_label(given: Any) -> Keys:
    """Give a label, which is one column."""
    if isinstance(given, (Grouping, tuple)):
        raise TypeError(f"label must be one column, not a {type(given).__name__}")
    keys = keys_of(given, "label", "label")
    if len(keys.columns) > 1:
        raise TypeError(f"label must be one column, not {len(keys.columns)}")
    return keys


def _tie_ranks(called: Keys, first: NDArray[np.int64] | None) -> NDArray[np.int32] | None:
    """Give the place of each record's label, or of each entity's, among all labels."""
    if not called.columns:
        return None
    codes, _, _ = _core.group(called.columns, True)
    return codes if first is None else codes[first]


def _ranks(places: NDArray[np.int64], taken: NDArray[Any], shared: bool) -> NDArray[np.int64]:
    """Give ranks to the leaders of each group, which follow each other; where all are kept, ties share one."""
    at = np.arange(len(places))
    starts = _changes(places)
    ranks = at - np.maximum.accumulate(np.where(starts, at, 0)) + 1
    if shared:
        ranks = ranks[np.maximum.accumulate(np.where(starts | _changes(taken), at, 0))]
    return ranks


def _changes(column: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell where a value is another than the one before it, as the first one is."""
    changes = np.ones(len(column), dtype=bool)
    np.not_equal(column[1:], column[:-1], out=changes[1:])
    return changes


def _labels_at(keys: Keys, rows: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Give the labels of some records."""
    if not keys.columns:
        return {}
    columns = []
    for column in keys.columns:
        source, mask, flags = column_at(column, rows)
        columns.append((source, mask, flags & ~LEAVES_OUT))
    codes, _, raw = _core.group(tuple(columns), True)
    return {name: labels[codes] for name, labels in keys.labels(raw).items()}


def rank_of(
    values: ArrayLike, within: Any = None, method: str = "competition", descending: bool = True
) -> NDArray[np.int64] | NDArray[np.float64]:
    """Give each record's rank within its group, in the order of the records.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        What is ranked.
    within : array_like, tuple or mapping of array_like, or Grouping, optional
        The keys of the groups, each of shape (n,).
    method : {"competition", "dense", "ordinal", "average"}, optional
        What equal values get: 1 2 2 4, 1 2 2 3, 1 2 3 4 (by row), or 1 2.5 2.5 4.
    descending : bool, optional
        Whether the greatest value has rank 1.

    Returns
    -------
    ndarray of int64, shape (n,), or of float64 for "average"
        Ranks from 1; a missing value has 0, or NaN for "average".

    Raises
    ------
    ValueError
        If the method is unknown or lengths differ.
    TypeError
        If values are not numbers.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.rank_of([5.0, 9.0, 9.0, 1.0]).tolist()
    [3, 1, 1, 4]
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method!r}")
    keys = keys_of(within, "within")
    column = value_column(values, "values")
    check_lengths(keys, (("values", column),), "within")
    return _core.rank_of(keys.columns, (column,), METHODS[method], bool(descending))
