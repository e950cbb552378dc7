"""Shares: each group's part of a total, each record's part of its group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._arrays import value_column
from xxmfg._decimals import sums_of
from xxmfg._statistics import MISSING, SUM, quotient
from xxmfg.aggregate import accumulate
from xxmfg.errors import XxmfgError
from xxmfg.grouping import Keys, check_lengths, keys_of
from xxmfg.table import Table
from xxmfg.threads import get_threads

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["share", "share_of"]


def share(values: ArrayLike, by: Any, within: Any = None) -> Table:
    """Give each group's share of the total of all groups, or of the groups with the same parent.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        What is shared; missing ones are skipped. Arrow's decimal128 are added exactly, as decimals.
    by : array_like, tuple or mapping of array_like, or Grouping
        The keys of the groups, each of shape (n,).
    within : array_like, tuple or mapping of array_like, or Grouping, optional
        The keys of the parents. Each group must lie in one parent.

    Returns
    -------
    Table
        The keys, then `sum`, `share` (a fraction, shown as percent) and `missing`, the number of missing values.
        share = sum / sum of the parent, a quotient of two correctly rounded sums; NaN where the parent's is zero.

    Raises
    ------
    ValueError
        If a group lies in two parents, which are named, or lengths differ.
    TypeError
        If values are not numbers.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.share([3.0, 1.0, 4.0], by=["a", "b", "c"], within=["x", "x", "y"])["share"].tolist()
    [0.75, 0.25, 1.0]
    """
    keys = keys_of(by)
    if not keys.columns:
        raise ValueError("by: shares need the keys of the groups")
    keys.check_names(("sum", "share", "missing"))
    parents = keys_of(within, "within")
    column = value_column(values, "values")
    check_lengths(keys, (("values", column),))
    check_lengths(parents, (("values", column),), "within")
    both = keys + Keys(tuple(f"within {name}" for name in parents.names), parents.columns, parents.decoders)
    state, labels, (sums, missing) = accumulate(both, (column,), (SUM, MISSING), True)
    own = {name: labels[name] for name in keys.names}
    if parents.columns:
        above = {name: labels[name] for name in both.names[len(keys.names) :]}
        _check_nested(own, above)
        codes = _core.group(keys_of(above).columns, True)[0].astype(np.int64)
    else:
        codes = np.zeros(len(sums), dtype=np.int64)
    exact = sums_of(state, both, column)
    totals = exact.fold(np.arange(len(sums)), codes, int(codes.max(initial=-1)) + 1).totals()
    shares = quotient(exact.totals(), totals[codes])
    return Table(own | {"sum": exact.in_place_of(sums), "share": shares, "missing": missing}, percent=("share",))


def _check_nested(own: dict[str, NDArray[Any]], above: dict[str, NDArray[Any]]) -> None:
    """Raise where a group stands under two parents."""
    codes = keys_of(own).columns
    which, _, _ = _core.group(codes, True)  # the labels are sorted, so a group in two parents follows itself
    twice = np.flatnonzero(which[1:] == which[:-1])
    if len(twice):
        row = int(twice[0])
        group = ", ".join(str(column[row]) for column in own.values())
        first, second = (", ".join(str(column[i]) for column in above.values()) for i in (row, row + 1))
        raise XxmfgError(f"within: group {group} lies in {first} and in {second}; each must lie in one parent")


def share_of(values: ArrayLike, within: Any = None) -> NDArray[np.float64]:
    """Give each record's share of the total of its group, in the order of the records.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        What is shared; of Arrow's decimal128 each value as its nearest double, which are added exactly.
    within : array_like, tuple or mapping of array_like, or Grouping, optional
        The keys of the groups, each of shape (n,); without them the total is that of all.

    Returns
    -------
    ndarray of float64, shape (n,)
        value / total of its group; NaN where the value is missing or the total is zero.

    Raises
    ------
    ValueError
        If lengths differ.
    TypeError
        If values are not numbers.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.share_of([1.0, 3.0, 5.0], within=["a", "a", "b"]).tolist()
    [0.25, 0.75, 1.0]
    """
    keys = keys_of(within, "within")
    column = value_column(values, "values")
    check_lengths(keys, (("values", column),), "within")
    return _core.share_of(keys.columns, (column,), get_threads())
