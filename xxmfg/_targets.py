"""What must be able to move in a table with suppressed cells so that nobody works out a sensitive one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xxmfg._blocks import blocks_of
from xxmfg._columns import entries_of
from xxmfg._cycles import Target
from xxmfg._programs import known_parts
from xxmfg._rules import COUNT_PROTECTION
from xxmfg._sums import Rise, least_of
from xxmfg.errors import DisclosureError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from xxmfg._frame import Frame

    Flags = NDArray[np.bool_]
    Cell = tuple[int, ...]

__all__ = ["asked_of", "refusal", "targets_of"]

LEAST_PROTECTION = 0.01  # of a sensitive cell: a rule struck at its very bound asks for nothing
LEAST_OPENING = 0.001  # of a cell that is suppressed for the others' sake
SMALLEST = float(np.finfo(np.float64).tiny) / LEAST_OPENING  # cell whose parts are more than zero


def asked_of(frame: Frame, target: Target, contributor: int) -> Target:
    """Give a target as one of its contributors sees it: what is its own it knows to be there.

    The rules of dominance, p % and pq keep the largest contributor from the others; from it the count alone keeps them.
    """
    own = frame.given_by(contributor, target.cells)
    if own == 0:
        return target
    amount, pool = target.amount, frame.pooled(target.cells)
    if own >= pool.largest[0, 0]:
        amount = (
            min(amount, COUNT_PROTECTION * float(pool.magnitudes[0])) if pool.counts[0] < frame.rules.min_count else 0
        )
    others = float(pool.magnitudes[0]) - own
    if not target.upward and not any(frame.signed[cell] for cell in target.cells):
        amount = min(amount, others)
    return target._replace(amount=amount if others > 0 else 0.0)


def targets_of(frame: Frame, suppressed: Flags) -> Iterator[Target]:
    """Give what must be able to move in a pattern, each way."""
    smallest = max(frame.magnitudes[frame.magnitudes > 0].min(initial=np.inf), SMALLEST)
    for cell in map(tuple, np.argwhere(suppressed).tolist()):
        if frame.is_line and cell[0]:
            continue
        size = max(frame.magnitudes[cell], smallest)
        if frame.sensitive[cell]:
            yield from _both_ways(frame, 0, (cell,), max(frame.needed[cell], LEAST_PROTECTION * size))
        else:
            yield Target(0, (cell,), True, LEAST_OPENING * size, False)
    for axis, cells in _together(frame, suppressed):
        pool = frame.pooled(cells)
        struck = frame.rules.struck(pool)
        if any(flags[0] for flags in struck.values()):
            needed = max(float(frame.rules.protection(pool, struck)[0]), LEAST_PROTECTION * float(pool.magnitudes[0]))
            yield from _both_ways(frame, axis, cells, needed)


def _together(frame: Frame, suppressed: Flags) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Give the cells of a line that must be seen as one: those of a leader, and those whose sum is given away."""
    lines = [(axis, cells) for axis, cells in _lines(frame, suppressed) if len(cells) > 1]
    known: Iterable[list[tuple[Cell, ...]]]
    if frame.is_line:
        known = [[cells] for _, cells in lines]  # one total, one known sum
    elif suppressed.ndim == 2:
        known = _known_in_blocks(suppressed, lines)
    else:
        known = known_parts(suppressed, [cells for _, cells in lines])
    for (axis, cells), parts in zip(lines, known, strict=True):
        by_leader: dict[int, list[Cell]] = {}
        for cell in cells:
            by_leader.setdefault(int(frame.leaders[cell]), []).append(cell)
        for part in {*map(tuple, by_leader.values()), *parts}:
            if len(part) > 1:
                yield axis, part


def _lines(frame: Frame, suppressed: Flags) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Give the suppressed cells of each line, without its total; the line of axis 0 runs along the last key."""
    last = suppressed.ndim - 1
    for axis in range(1 if frame.is_line else last + 1):
        along = last - axis
        moved = np.moveaxis(suppressed, along, -1)
        for line in np.ndindex((1,) if frame.is_line else moved.shape[:-1]):
            places = np.flatnonzero(moved[line][:-1]).tolist()
            yield axis, tuple((*line[:along], place, *line[along:]) for place in places)


def _known_in_blocks(suppressed: Flags, lines: list[tuple[int, tuple[Cell, ...]]]) -> Iterator[list[tuple[Cell, ...]]]:
    """Give the parts of each line whose sum can be worked out: those of one block, if the line's total is not in it."""
    blocks = blocks_of(suppressed)
    for axis, cells in lines:
        total = blocks[cells[0][0], -1] if axis == 0 else blocks[-1, cells[0][1]]
        parts: dict[int, list[Cell]] = {}
        for cell in cells:
            parts.setdefault(int(blocks[cell]), []).append(cell)
        yield [tuple(part) for block, part in parts.items() if block != total]


def _both_ways(frame: Frame, axis: int, cells: tuple[Cell, ...], needed: float) -> Iterator[Target]:
    rise = Target(axis, cells, True, needed, True)
    yield rise
    signed = any(frame.signed[cell] for cell in cells)
    fall = needed if signed else min(needed, float(sum(frame.totals[cell] for cell in cells)))
    if fall > 0:
        yield rise._replace(upward=False, amount=fall)


def refusal(frame: Frame, target: Target | Rise) -> DisclosureError:
    """Give the error for a target that cannot move as far as it must."""
    named = cell_name(frame, _first_cell(frame, target))
    return DisclosureError(
        f"{named} cannot be made safe: whatever else is suppressed, published "
        "totals narrow it too far; give coarser keys, or do not publish the table"
    )


def _first_cell(frame: Frame, target: Target | Rise) -> Cell:
    """Give the cell by which a target is named: of a rise the one that must rise furthest."""
    if isinstance(target, Target):
        return target.cells[0]
    least = least_of(frame, target)
    return tuple(np.argwhere(least == least[frame.inner].max())[0].tolist())


def cell_name(frame: Frame, cell: Cell) -> str:
    """Give a cell by its labels."""
    places = cell[1:] if frame.is_line else cell
    names = []
    for labels, place in zip(frame.labels, places, strict=True):
        ((name, column),) = labels.items()
        names.append(f"{name} = {[*entries_of(column), 'total'][place]!s}")
    return ", ".join(names)
