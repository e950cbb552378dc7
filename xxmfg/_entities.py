"""Values summed by entity within groups, before a measure is taken over the entities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg import _core
from xxmfg._arrays import CODES, LEAVES_OUT, length_of
from xxmfg._statistics import COUNT, SUM, where_there
from xxmfg.aggregate import accumulate
from xxmfg.grouping import Keys, labels_by_code
from xxmfg.threads import get_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xxmfg._arrays import Column

__all__ = ["EntitySums", "coded", "entity_codes", "entity_sums"]


class EntitySums(NamedTuple):
    """The exact sums of entities, a row a (group, entity): what a measure takes in the place of records."""

    keys: Keys  # of the groups
    column: Column  # missing where an entity has no value
    first: NDArray[np.int64]  # the first record of each entity in its group; empty where it was not asked for


def entity_sums(keys: Keys, entity: Keys, column: Column, *, with_rows: bool = False) -> EntitySums:
    """Sum values by entity within each group; a record without an entity is one of its own."""
    is_plain = all(_is_plain(part) for part in keys.columns)
    groups = keys if is_plain else coded(keys)
    held = (*groups.columns, entity_codes(entity))
    # A column without missing values: its first record is the entity's.
    present = (np.zeros(length_of(column), dtype=np.bool_),) if with_rows else ()
    try:
        state, raw, (sums, counts, *_) = _core.aggregate(held, (column, *present), (SUM, COUNT), True, get_threads(), 0)
    except OverflowError:
        accumulate(keys + entity.left_out(), (column,), (SUM,), True)  # which names the entity
        raise
    own = tuple(part if is_plain else (part, None, CODES | LEAVES_OUT) for part in raw[:-1])
    first = _core.first_last(state, 1)[0] if with_rows else np.zeros(0, dtype=np.int64)
    return EntitySums(Keys(groups.names, own, groups.decoders), _where_there(sums, counts > 0), first)


def _where_there(sums: NDArray[Any], there: NDArray[np.bool_]) -> Column:
    """Give sums as a column that lacks those of no value; integers keep their kind."""
    if there.all() or sums.dtype.kind == "f":
        return where_there(sums, there)
    return sums, ~there, 0


def coded(keys: Keys) -> Keys:
    """Give keys that the core gives back as it took them: one column of codes."""
    codes, _, raw = _core.group(keys.columns, True)
    labels = tuple(keys.labels(raw).values())
    return Keys(keys.names, ((codes, None, CODES | LEAVES_OUT),), (labels_by_code(labels),))


def _is_plain(column: Column) -> bool:
    """Tell whether a key is integers of which none is missing."""
    return isinstance(column, np.ndarray) and column.dtype.kind in "iu"


def entity_codes(entity: Keys) -> Column:
    """Give a number to each entity, and one of its own to each record without one."""
    if len(entity.columns) == 1 and _is_plain(entity.columns[0]):
        return entity.columns[0]
    codes, _, _ = _core.group(entity.left_out().columns, False)
    nameless = np.flatnonzero(codes < 0)
    numbers = codes.astype(np.int64)
    numbers[nameless] = int(codes.max(initial=-1)) + 1 + np.arange(len(nameless))
    return numbers
