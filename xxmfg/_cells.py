"""The cells of a table as disclosure control sees them: how many contribute, how much, and what the largest give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg import _core
from xxmfg._arrays import CODES, length_of, value_column
from xxmfg._columns import entries_of
from xxmfg._entities import coded, entity_codes
from xxmfg._statistics import SUM
from xxmfg.aggregate import accumulate
from xxmfg.errors import XxmfgError
from xxmfg.grouping import Keys, check_lengths, keys_of
from xxmfg.threads import get_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xxmfg._arrays import Column

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

__all__ = ["Cells", "Contributions", "cells_of", "contributions_of"]


class Contributions(NamedTuple):
    """What the records of a call contribute: values, and whose they are (no column: each record is a contributor)."""

    column: Column
    entity: Keys


class Cells(NamedTuple):
    """The cells that occur, sorted by their labels."""

    labels: dict[str, NDArray[Any]]
    counts: Integers  # of contributors that have a value
    totals: Floats
    magnitudes: Floats  # sums of absolute contributions
    largest: Floats  # absolute contributions in descending order, shape (cells, size); 0 where there are fewer


def contributions_of(values: Any, contributor: Any, holding: Any) -> Contributions:
    """Check what was given for values, contributors and holdings; a holding stands for all that belong to it."""
    column = value_column(values, "values")
    whose = _one_key(contributor, "contributor")
    groups = _one_key(holding, "holding")
    for keys, argument in ((whose, "contributor"), (groups, "holding")):
        check_lengths(keys, (("values", column),), argument)
    if not groups.columns:
        return Contributions(column, whose)
    holders, _, names = _core.group(groups.left_out().columns, False)
    if not whose.columns:
        return Contributions(column, _numbered(holders.astype(np.int64)))
    members, _, labels = _core.group(whose.left_out().columns, False)
    held = _holding_of_members(members, holders, (whose, labels), (groups, names))
    n_holdings = int(holders.max(initial=-1)) + 1
    entities = np.where(holders >= 0, holders, np.where(members < 0, -1, n_holdings + members)).astype(np.int64)
    known = (members >= 0) & (held[members] >= 0)
    entities[known] = held[members[known]]
    return Contributions(column, _numbered(entities))


def _one_key(given: Any, argument: str) -> Keys:
    keys = keys_of(given, argument, argument)
    if len(keys.columns) > 1:
        raise TypeError(f"{argument} must be one column, not {len(keys.columns)}")
    return keys


def _numbered(codes: Integers) -> Keys:
    return Keys(("contributor",), ((codes, None, CODES),), (None,))


def _holding_of_members(
    members: NDArray[np.int32], holders: NDArray[np.int32], whose: tuple[Keys, Any], groups: tuple[Keys, Any]
) -> NDArray[np.int32]:
    """Give the holding of each contributor, -1 where none is known; raise where it has two."""
    n = int(members.max(initial=-1)) + 1
    both = (members >= 0) & (holders >= 0)
    most, least = np.full(n + 1, -1, dtype=np.int32), np.full(n + 1, np.iinfo(np.int32).max, dtype=np.int32)
    np.maximum.at(most, members[both], holders[both])
    np.minimum.at(least, members[both], holders[both])
    for member in np.flatnonzero((most >= 0) & (most != least))[:1]:
        (names,) = whose[0].labels(whose[1]).values()
        (labels,) = groups[0].labels(groups[1]).values()
        owners = f"{entries_of(labels)[least[member]]!s} and {entries_of(labels)[most[member]]!s}"
        raise XxmfgError(f"holding: contributor {entries_of(names)[member]!s} belongs to two, {owners}")
    return most


def cells_of(given: Contributions, keys: Keys, size: int, negatives: str) -> Cells:
    """Sum contributions by cell, and find the `size` largest ones of each."""
    check_lengths(keys, (("values", given.column),))
    cells, least = _cells_and_least(given, keys, size)
    if not np.isfinite(cells.totals).all():
        cell = int(np.flatnonzero(~np.isfinite(cells.totals))[0])
        raise XxmfgError(f"values: the total of {_named(cells, cell)} is not finite; a cell needs finite values")
    if negatives == "raise" and (least < 0).any():
        cell = int(np.flatnonzero(least < 0)[0])
        raise XxmfgError(
            f"values: a contribution to {_named(cells, cell)} is negative ({least[cell].item():g}); the rules are for "
            'zero and more; negatives="absolute" takes absolute values'
        )
    if cells.magnitudes.max(initial=0.0) == np.inf:  # though the totals need not be
        named = _named(cells, int(np.argmax(cells.magnitudes)))
        raise XxmfgError(f"values: the absolute values of {named} add up beyond the doubles; give a larger unit")
    return cells


def _cells_and_least(given: Contributions, keys: Keys, size: int) -> tuple[Cells, NDArray[Any]]:
    """Give the cells, and the least contribution to each."""
    has_contributor = bool(given.entity.columns) and length_of(given.column) > 0
    entity = (entity_codes(given.entity),) if has_contributor else ()
    try:
        found = _core.contributions((*keys.columns, *entity), (given.column,), size, has_contributor, get_threads())
        if found is None:  # the keys are text, or too wide for one word with the contributor's
            numbers = _numbered(_core.group(entity, False)[0].astype(np.int64))
            return _cells_and_least(Contributions(given.column, numbers), coded(keys), size)
    except OverflowError:
        accumulate(keys + given.entity.left_out(), (given.column,), (SUM,), True)  # which names the contributor
        raise
    labels, (counts, totals, magnitudes, least, largest) = found
    return Cells(keys.labels(labels), counts, totals, magnitudes, largest.reshape(-1, size)), least


def _named(cells: Cells, cell: int) -> str:
    return ", ".join(f"{name} = {column[cell]!s}" for name, column in cells.labels.items()) or "all records"
