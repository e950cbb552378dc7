"""Periods: integers or dates as keys, and which group of one period belongs to which of another."""

from __future__ import annotations

from collections.abc import Mapping
from operator import index
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg import _core
from xxmfg._arrays import data_of, dtype_of, key_column, mask_of
from xxmfg.grouping import Grouping, Keys, keys_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xxmfg._arrays import Column

    Integers = NDArray[np.int64]

__all__ = ["Cells", "Pairs", "cells_of", "find", "pairs_of", "period_key", "period_number"]

UNITS = ("Y", "M", "W", "D")


def period_key(period: Any) -> Keys:
    """Give the period as a key of integers, or of dates in a unit that a lag can count in."""
    if isinstance(period, (Grouping, tuple)):
        raise TypeError(f"period must be one column, not a {type(period).__name__}")
    keys = keys_of(period, "period", "period")
    if len(keys.names) != 1:
        raise TypeError(f"period must be one column, not {len(keys.names)}")
    if keys.are_plain:
        return keys
    column, labels = key_column(next(iter(period.values())) if isinstance(period, Mapping) else period, "period")
    is_arrow = isinstance(column, tuple) and not isinstance(column[0], np.ndarray)
    if is_arrow and dtype_of(column).kind in "iuM" and not isinstance(labels, np.ndarray):
        if dtype_of(column).kind == "M":
            _check_unit(dtype_of(column))
        return keys
    data, mask = data_of(column), mask_of(column)
    if isinstance(labels, np.ndarray):  # read through codes
        mask = data < 0
        data = labels[data] if len(labels) else np.zeros(len(data), dtype=np.int64)
    if data.dtype.kind == "f":
        data, mask = _whole(data, mask)
    elif data.dtype.kind == "M":
        _check_unit(data.dtype)
    elif data.dtype.kind not in "iu":
        if data.dtype.kind in "UT":
            raise TypeError(
                "period must be integers or dates, not text; dates: --type COLUMN=date on the command line, "
                'np.asarray(period, dtype="datetime64[M]") or types={"COLUMN": "date"} of xm.read in Python; '
                "of quarters give their number, 4 * year + quarter"
            )
        raise TypeError(f"period must be integers or dates, not {data.dtype}")
    key: Column = data if mask is None or not mask.any() else (data, mask, 0)
    return Keys(keys.names, (key,), keys_of(data).decoders)


def _whole(data: NDArray[Any], mask: NDArray[np.bool_] | None) -> tuple[Integers, NDArray[np.bool_]]:
    missing = np.isnan(data) if mask is None else mask | np.isnan(data)
    filled = np.where(missing, 0, data)
    wrong = np.flatnonzero((filled != np.trunc(filled)) | (np.abs(filled) >= 2.0**63))
    if len(wrong):
        raise ValueError(f"period must be whole numbers, but row {wrong[0]} is {data[wrong[0]]}")
    return filled.astype(np.int64), missing


def _check_unit(dtype: np.dtype[Any]) -> None:
    unit, count = np.datetime_data(dtype)
    if unit not in UNITS or count != 1:
        raise ValueError(
            f"period is in units of {count if count > 1 else ''}{unit}, but a lag counts years, months, weeks or days; "
            'convert it, as by np.asarray(period).astype("datetime64[M]")'
        )


def period_number(value: Any, periods: NDArray[Any], name: str) -> int:
    """Give one period as the integer that lags count in."""
    if periods.dtype.kind != "M":
        try:
            return index(value)
        except TypeError:
            raise TypeError(f"{name} must be an integer, as the periods are, not {value!r}") from None
    if isinstance(value, (int, np.integer)):  # which NumPy would count from 1970
        raise TypeError(f"{name} must be a date, as the periods are, such as {str(value)!r}, not the number {value!r}")
    try:
        return int(np.asarray(value, dtype=periods.dtype).astype(np.int64))
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name} must be a date, as the periods are, such as '2019-12', not {value!r}") from None


class Cells(NamedTuple):
    """The groups of (keys, period): whose they are, in the order of the results, and which period's."""

    whose: Integers
    place: Integers  # of the period among the different ones; -1: none
    periods: list[int]  # the different ones, ascending


def cells_of(labels: dict[str, NDArray[Any]], period: str) -> Cells:
    """Give numbers to the groups by their keys, in the order in which they stand, and to their periods."""
    when = labels[period]
    if when.dtype.kind == "M":
        known = ~np.isnat(when)
    elif when.dtype.kind == "O":
        known = np.array([label is not None for label in when.tolist()], dtype=bool)
    else:
        known = np.ones(len(when), dtype=bool)
    numbers = when[known].astype(np.uint64 if when.dtype.kind == "u" else np.int64)
    periods, places = np.unique(numbers, return_inverse=True)
    place = np.full(len(when), -1)
    place[known] = places
    own = {name: column for name, column in labels.items() if name != period}
    whose = np.zeros(len(when), dtype=np.int64)
    if own:
        whose = _core.group(keys_of(own).columns, False)[0].astype(np.int64)
    return Cells(whose, place, periods.tolist())


def moved(cells: Cells, lag: int) -> Integers:
    """Give the place of the period that is `lag` after each one, -1 where it does not occur; one more for none."""
    places = {number: place for place, number in enumerate(cells.periods)}
    return np.array([*(places.get(number + lag, -1) for number in cells.periods), -1])


def find(cells: Cells, whose: Integers, place: Integers) -> Integers:
    """Give the group with these keys and this period, -1 where there is none."""
    rows = np.flatnonzero(cells.place >= 0)
    if not len(rows):
        return np.full(len(whose), -1)
    codes = cells.whose[rows] * len(cells.periods) + cells.place[rows]
    order = np.argsort(codes)
    asked = whose * len(cells.periods) + place
    at = np.minimum(np.searchsorted(codes[order], asked), len(codes) - 1)
    found = rows[order[at]]
    return np.where((place >= 0) & (codes[order[at]] == asked), found, -1)


class Pairs(NamedTuple):
    """The rows of a growth table: the group of a period and the one `lag` earlier, -1 where there is none."""

    later: Integers
    earlier: Integers
    place: Integers  # of the period; -1: none
    before: Integers  # of the period `lag` earlier; -1 where it does not occur


def pairs_of(cells: Cells, lag: int) -> Pairs:
    """Pair each group with its earlier one; and each earlier one that has no later one."""
    rows = np.flatnonzero(cells.place >= 0)
    whose, place = cells.whose[rows], cells.place[rows]
    before, after = moved(cells, -lag), moved(cells, lag)
    gone = (after[place] >= 0) & (find(cells, whose, after[place]) < 0)
    left, none = rows[gone], np.flatnonzero(cells.place < 0)
    later = np.concatenate([rows, np.full(len(left), -1), none])
    earlier = np.concatenate([find(cells, whose, before[place]), left, np.full(len(none), -1)])
    places = np.concatenate([place, after[cells.place[left]], np.full(len(none), -1)])
    last = np.where(places < 0, len(cells.periods), places)
    order = np.lexsort((last, cells.whose[np.maximum(later, earlier)]))
    return Pairs(later[order], earlier[order], places[order], before[places[order]])
