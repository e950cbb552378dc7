"""A table with its totals as disclosure control sees it: an array with a margin each way, and who contributes what."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg import _core
from xxmfg._arrays import CODES, LEAVES_OUT, length_of
from xxmfg._cells import Cells, Contributions, cells_of
from xxmfg._entities import entity_codes
from xxmfg._statistics import COUNT, TOTAL
from xxmfg.aggregate import accumulate
from xxmfg.errors import XxmfgError
from xxmfg.grouping import Grouping, Keys, check_lengths, keys_of, labels_by_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from xxmfg._rules import Rules

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Labels = dict[str, NDArray[Any]]
    Cell = tuple[int, ...]

__all__ = ["Frame", "frame_of"]


class Frame(NamedTuple):
    """Cells of a table and its totals: in arrays of shape (r + 1, c + 1, …), where the last along each key are totals.

    A table of one key is one row; below it, in the place of column totals, stand its own cells once more.
    """

    labels: tuple[Labels, ...]  # of each key
    counts: Integers  # of contributors; -1 where no record is
    totals: Floats
    magnitudes: Floats  # sums of absolute contributions
    signed: Flags  # may be below zero: a contribution to it is
    sensitive: Flags  # by the rules
    needed: Floats  # how far a sensitive cell must stay open
    owners: Integers  # the contributor of a cell that has but one, else -1
    leaders: Integers  # the largest contributor of each cell, -1 where there is none
    starts: Integers  # of cell c, counted in C order: contributions starts[c] … starts[c + 1]
    entities: Integers  # of each contribution
    amounts: Floats  # of each contribution, absolute
    rules: Rules

    @property
    def is_line(self) -> bool:
        """Whether the table has one key."""
        return len(self.labels) == 1

    @property
    def inner(self) -> tuple[slice, ...]:
        """Where the cells of the table lie that are no totals."""
        return (slice(-1),) * self.totals.ndim

    def rows_of(self, cell: Cell) -> slice:
        """Give which contributions are those to a cell, by contributor."""
        place = int(np.ravel_multi_index(cell, self.totals.shape))
        return slice(self.starts[place], self.starts[place + 1])

    def pooled(self, cells: Iterable[Cell]) -> Cells:
        """Give several cells as one: what a contributor gives to any of them is one contribution."""
        rows = [self.rows_of(cell) for cell in cells]
        entities, own = np.unique(np.concatenate([self.entities[part] for part in rows]), return_inverse=True)
        amounts = np.concatenate([self.amounts[part] for part in rows])
        kept = np.argsort(-np.bincount(own, weights=amounts), kind="stable")[: self.rules.size]
        largest = np.zeros((1, self.rules.size))
        largest[0, : len(kept)] = [math.fsum(amounts[own == one]) for one in kept]
        total = np.array([math.fsum(amounts)])
        return Cells({}, np.array([len(entities)]), total, total, largest)

    def given_by(self, contributor: int, cells: Iterable[Cell]) -> float:
        """Give what one contributor gives to several cells together."""
        given = 0.0
        for cell in cells:
            rows = self.rows_of(cell)
            found = rows.start + np.searchsorted(self.entities[rows], contributor)
            if found < rows.stop and self.entities[found] == contributor:
                given += float(self.amounts[found])
        return given


def frame_of(given: Contributions, by: Any, rules: Rules, negatives: str) -> Frame:
    """Lay contributions out over their keys, with all totals, and put the rules to every cell."""
    keys = keys_of(by)
    check_lengths(keys, (("values", given.column),))
    sides = _sides(by, keys)
    labels = tuple(own for _, own in sides)
    codes = [code for code, _ in sides]
    if len(codes) == 1:
        codes = [np.where(codes[0] < 0, -1, 0), codes[0]]
    shape = tuple(_size(own) + 1 for own in labels) if len(sides) > 1 else (2, _size(labels[0]) + 1)
    whose = _numbered(given)
    left_out = np.any([code < 0 for code in codes], axis=0)
    parts = []
    for is_total in itertools.product((False, True), repeat=len(codes)):
        places = np.zeros_like(codes[0])
        for code, n, is_last in zip(codes, shape, is_total, strict=True):
            places = places * n + (n - 1 if is_last else code)
        key = Keys(("place",), ((np.where(left_out, -1, places), None, CODES | LEAVES_OUT),), (None,))
        try:
            cells = cells_of(whose, key, rules.size, negatives)
            parts.append((cells, rules.struck(cells), _contributions(whose, key)))
        except (XxmfgError, OverflowError):
            kept = _keys_left(sides, is_total[-len(sides) :])
            cells_of(given, kept, rules.size, negatives)  # which names the cell by its labels
            raise
    return _frame(labels, shape, parts, rules)


def _size(labels: Labels) -> int:
    return len(next(iter(labels.values())))


def _sides(by: Any, keys: Keys) -> list[tuple[Integers, Labels]]:
    """Give for each key the place of each record among its labels, -1 where it is left out, and the labels."""
    if isinstance(by, Grouping):
        own = [_coded(keys_of({name: labels})) for name, labels in zip(by.names, by.labels, strict=True)]
        return [(np.where(by.codes < 0, -1, np.append(places, -1)[by.codes]), labels) for places, labels in own]
    each = zip(keys.names, keys.columns, keys.decoders, strict=True)
    return [_coded(Keys((name,), (column,), (decoder,))) for name, column, decoder in each]


def _coded(keys: Keys) -> tuple[Integers, Labels]:
    codes, _, raw = _core.group(keys.columns, True)
    return codes.astype(np.int64), keys.labels(raw)


def _keys_left(sides: list[tuple[Integers, Labels]], is_total: tuple[bool, ...]) -> Keys:
    """Give the keys along which there is no total, by their labels."""
    kept = keys_of(None)
    for (codes, labels), is_last in zip(sides, is_total, strict=True):
        if not is_last:
            kept += Keys(tuple(labels), ((codes, None, CODES | LEAVES_OUT),), (labels_by_code(tuple(labels.values())),))
    return kept


def _numbered(given: Contributions) -> Contributions:
    """Give the same with contributors as numbers; a record of nobody has one of its own."""
    entity = entity_codes(given.entity) if given.entity.columns else np.arange(length_of(given.column))
    return Contributions(given.column, Keys(("contributor",), (entity,), (None,)))


def _contributions(given: Contributions, keys: Keys) -> tuple[Integers, Integers, Floats]:
    """Give place, contributor and absolute amount of each contribution that has a value, sorted by place."""
    numbers = COUNT, TOTAL
    _, labels, (counts, sums) = accumulate(keys + given.entity, (given.column,), numbers, True)
    there = counts > 0
    return labels["place"][there], labels["contributor"][there].astype(np.int64), np.abs(sums[there])


def _frame(labels: tuple[Labels, ...], shape: tuple[int, ...], parts: list[Any], rules: Rules) -> Frame:
    """Put what is known of cells and their totals into arrays."""
    n = math.prod(shape)
    counts, totals, magnitudes = np.full(n, -1, dtype=np.int64), np.zeros(n), np.zeros(n)
    sensitive, needed = np.zeros(n, dtype=np.bool_), np.zeros(n)
    for cells, struck, _ in parts:
        places = cells.labels["place"]
        counts[places], totals[places], magnitudes[places] = cells.counts, cells.totals, cells.magnitudes
        sensitive[places] = np.any(list(struck.values()), axis=0)
        needed[places] = rules.protection(cells, struck)
    place, entity, amount = (np.concatenate(columns) for columns in zip(*(given for *_, given in parts), strict=True))
    order = np.lexsort((entity, place))
    place, entity, amount = place[order], entity[order], amount[order]
    starts = np.searchsorted(place, np.arange(n + 1))
    by_size = np.lexsort((amount, place))
    leaders, held = np.full(n, -1, dtype=np.int64), starts[1:] > starts[:-1]
    leaders[held] = entity[by_size[starts[1:][held] - 1]]
    owners = np.where(counts == 1, leaders, -1)
    return Frame(
        labels,
        counts.reshape(shape),
        totals.reshape(shape),
        magnitudes.reshape(shape),
        _signed((magnitudes != totals).reshape(shape)),
        sensitive.reshape(shape),
        needed.reshape(shape),
        owners.reshape(shape),
        leaders.reshape(shape),
        starts,
        entity,
        amount,
        rules,
    )


def _signed(cells: Flags) -> Flags:
    """Tell which cells may be below zero, where that is known of those in the table: a total of such a one."""
    signed = cells.copy()
    for axis in range(signed.ndim):
        along = np.moveaxis(signed, axis, 0)
        along[-1] |= along[:-1].any(axis=0)
    return signed
