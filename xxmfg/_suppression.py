"""Secondary suppression: which further cells must go so that nobody works out a sensitive one.

What must stay open, for every pattern of suppressed cells:

- each sensitive cell, by its protection level upwards and downwards (as far as zero), to an outsider who knows the
  published cells, and to each contributor who moreover knows the cells to which nobody else contributes;
- each sum of a line's suppressed cells that published ones give away, where these cells taken as one are sensitive;
- suppressed cells of one line that have one and the same largest contributor, where together they are sensitive;
- each other suppressed cell, a little: one that can be worked out is not suppressed.

The engine of τ-ARGUS (pytauargus 0.6, optimal by HiGHS) was tried in its place. Its patterns cost as much and take as
long, but it looks at outsiders alone: 15 of 27 small tables were broken by contributors or by sums of suppressed cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xxmfg._blocks import blocks_of
from xxmfg._columns import entries_of
from xxmfg._cycles import Network, Target
from xxmfg._rules import COUNT_PROTECTION
from xxmfg.errors import DisclosureError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from xxmfg._frame import Frame

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Cell = tuple[int, int]

__all__ = ["attack", "cell_name", "suppressed_cells", "weights_of"]

LEAST_PROTECTION = 0.01  # of a sensitive cell: a rule struck at its very bound asks for nothing
LEAST_OPENING = 0.001  # of a cell that is suppressed for the others' sake
SMALL = 150  # cells: a table for which several orders are tried, and each cell's release is tried in full
ORDERS = 6  # of a small table


def suppressed_cells(frame: Frame) -> Flags:
    """Give the cells to suppress, sensitive ones among them, shape (rows + 1, columns + 1)."""
    if frame.sensitive[-1, -1]:
        raise DisclosureError("the total of all cells is itself sensitive: nothing of this table may be published")
    small = frame.totals.size <= SMALL
    best, least = frame.sensitive, np.inf
    weights = weights_of(frame)
    for order in range(ORDERS if small else 1):
        pattern = Pattern(frame, weights, order)
        pattern.secure()
        pattern.release(in_full=small)
        pattern.secure()
        price = float(weights[pattern.suppressed].sum())
        if price < least:
            best, least = pattern.suppressed, price
    return best


def weights_of(frame: Frame) -> Floats:
    """Give the cost of suppressing each cell: its part of the number of cells, and its part of the value.

    Infinite where a cell must stay: zeros, cells without a record or a value, and the total of all.
    """
    inner = frame.magnitudes[:-1, :-1]
    n_cells, size = max(1, int(np.count_nonzero(inner))), float(inner.sum())
    weights: Floats = 1 / n_cells + frame.magnitudes / (size or 1.0)
    weights[(frame.magnitudes == 0) & ~frame.sensitive] = np.inf
    weights[-1, -1] = np.inf
    if frame.is_line:
        weights[-1, :-1] = 0.0
    return weights


def movements(frame: Frame) -> Network:
    """Give how far each cell may move for all that an outsider knows: to zero where no contribution is negative."""
    up = np.where(frame.counts >= 0, np.inf, 0.0)
    down = np.where(frame.signed, np.inf, frame.totals)
    up[-1, -1] = down[-1, -1] = 0.0
    return Network(up, down)


class Pattern:
    """Suppressed cells of a table, with what shows that each target can move far enough."""

    def __init__(self, frame: Frame, weights: Floats, order: int) -> None:
        self.frame = frame
        self.weights = weights
        self.order = order
        self.network = movements(frame)
        self.suppressed = frame.sensitive.copy()
        if frame.is_line:
            self.suppressed[-1, :-1] = frame.counts[-1, :-1] >= 0
        self.ways: dict[tuple[Target, int], set[Cell]] = {}

    def secure(self) -> None:
        """Add cells until every target can move as far as it must."""
        settled = False
        while not settled:
            settled = True
            for target in self._ordered(list(targets_of(self.frame, self.suppressed))):
                missing = [cell for way in self._ways_of(target, adding=True) for cell in way]
                settled = settled and all(self.suppressed[cell] for cell in missing)
                for cell in missing:
                    self.suppressed[cell] = True

    def _ordered(self, targets: list[Target]) -> list[Target]:
        """Put the targets in the order of this try: the largest first, the smallest first, or some other order."""
        targets.sort(key=lambda target: -target.amount)
        if self.order == 1:
            targets.reverse()
        elif self.order:
            np.random.default_rng(self.order).shuffle(targets)
        return targets

    def _ways_of(self, target: Target, *, adding: bool) -> Iterator[set[Cell]]:
        """Give the ways by which a target moves: one for outsiders, one for each contributor who knows cells of that.

        Raises
        ------
        DisclosureError
            There is no way.
        """
        way = self._way(target, -1, adding)
        yield way
        if not target.is_sensitive:
            return
        owners = self.frame.owners
        knowing = {int(owners[cell]) for cell in target.cells} | {-1}
        for contributor in sorted({int(owners[cell]) for cell in way} - knowing):
            asked = asked_of(self.frame, target, contributor)
            if asked.amount > 0:
                yield self._way(asked, contributor, adding)

    def _way(self, target: Target, contributor: int, adding: bool) -> set[Cell]:
        known = self.ways.get((target, contributor))
        if known is not None and all(self.suppressed[cell] for cell in known):
            return known
        cost = np.where(self.suppressed, 0.0, self.weights if adding else np.inf)
        blocked = self.frame.owners == contributor if contributor >= 0 else None
        way = self.network.way(target, cost, blocked)
        if way is None:
            raise DisclosureError(
                f"{cell_name(self.frame, target.cells[0])} cannot be made safe: whatever else is suppressed, published "
                "totals narrow it too far; give coarser keys, or do not publish the table"
            )
        self.ways[target, contributor] = way
        return way

    def release(self, *, in_full: bool) -> None:
        """Publish again what turns out not to be needed, dear cells first.

        In a large table the sums that published cells give away are looked at by the next `secure` alone.
        """
        free = self.suppressed & ~self.frame.sensitive & (self.weights > 0)
        for cell in sorted(map(tuple, np.argwhere(free).tolist()), key=lambda cell: -self.weights[cell]):
            self.suppressed[cell] = False
            targets = (
                list(targets_of(self.frame, self.suppressed))
                if in_full
                else [target for (target, _), way in self.ways.items() if cell in way and cell not in target.cells]
            )
            before = dict(self.ways) if in_full else None
            try:
                for target in targets:
                    for _ in self._ways_of(target, adding=False):
                        pass
            except DisclosureError:
                self.suppressed[cell] = True
                self.ways = before or self.ways


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
    smallest = frame.magnitudes[frame.magnitudes > 0].min(initial=np.inf)
    for row, column in np.argwhere(suppressed).tolist():
        if frame.is_line and row:
            continue
        size = max(frame.magnitudes[row, column], smallest)
        if frame.sensitive[row, column]:
            needed = max(frame.needed[row, column], LEAST_PROTECTION * size)
            yield from _both_ways(frame, 0, row, (column,), needed)
        else:
            yield Target(0, row, (column,), True, LEAST_OPENING * size, False)
    blocks = blocks_of(suppressed)
    for axis in (0, 1):
        lines = zip(blocks.T if axis else blocks, frame.leaders.T if axis else frame.leaders, strict=True)
        for line, (own, leaders) in enumerate(lines):
            if frame.is_line and (axis or line):
                continue
            for inside in _together(own, leaders):
                cells = [(place, line) if axis else (line, place) for place in inside]
                pool = frame.pooled(cells)
                if any(flags[0] for flags in frame.rules.struck(pool).values()):
                    needed = max(float(frame.rules.protection(pool)[0]), LEAST_PROTECTION * float(pool.magnitudes[0]))
                    yield from _both_ways(frame, axis, line, inside, needed)


def _together(blocks: NDArray[np.int64], leaders: NDArray[np.int64]) -> set[tuple[int, ...]]:
    """Give the cells of a line that must be seen as one: those of a leader, and those whose sum is given away.

    The sum of a line's cells within one block can be worked out, if the line's total is not in the block.
    """
    places = np.flatnonzero(blocks[:-1] >= 0)
    found = set()
    for leader in np.unique(leaders[places]):
        found.add(tuple(places[leaders[places] == leader].tolist()))
    for block in np.unique(blocks[places]):
        if block != blocks[-1]:
            found.add(tuple(places[blocks[places] == block].tolist()))
    return {inside for inside in found if len(inside) > 1}


def _both_ways(frame: Frame, axis: int, line: int, inside: tuple[int, ...], needed: float) -> Iterator[Target]:
    rise = Target(axis, line, inside, True, needed, True)
    yield rise
    cells = rise.cells
    signed = any(frame.signed[cell] for cell in cells)
    fall = needed if signed else min(needed, float(sum(frame.totals[cell] for cell in cells)))
    if fall > 0:
        yield rise._replace(upward=False, amount=fall)


def attack(frame: Frame, suppressed: Flags) -> None:
    """Try to work out the suppressed cells from what is published, anew.

    Raises
    ------
    DisclosureError
        A cell, or cells taken together, can be narrowed too far.
    """
    pattern = Pattern(frame, weights_of(frame), 0)
    pattern.suppressed = suppressed
    for target in targets_of(frame, suppressed):
        for _ in pattern._ways_of(target, adding=False):
            pass


def cell_name(frame: Frame, cell: Cell) -> str:
    """Give a cell by its labels."""
    places = cell[1:] if frame.is_line else cell
    names = []
    for labels, place in zip(frame.labels, places, strict=True):
        ((name, column),) = labels.items()
        names.append(f"{name} = {[*entries_of(column), 'total'][place]!s}")
    return ", ".join(names)
