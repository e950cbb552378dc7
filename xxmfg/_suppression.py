"""Secondary suppression: which further cells must go so that nobody works out a sensitive one.

What must stay open, for every pattern of suppressed cells:

- each sensitive cell, by its protection level upwards and downwards (as far as zero), to an outsider who knows the
  published cells, and to each contributor who moreover knows the cells to which nobody else contributes;
- each sum of a line's suppressed cells that published ones give away, where these cells taken as one are sensitive;
- all cells at once in which a few contributors stand out, so that they do in no sum over several lines (`_sums`);
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
from xxmfg._programs import Program, known_parts
from xxmfg._rules import COUNT_PROTECTION
from xxmfg._sums import Rise, is_needed, least_of, rises_of
from xxmfg.errors import DisclosureError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from xxmfg._frame import Frame

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Cell = tuple[int, ...]

__all__ = ["attack", "cell_name", "suppressed_cells", "weights_of"]

LEAST_PROTECTION = 0.01  # of a sensitive cell: a rule struck at its very bound asks for nothing
LEAST_OPENING = 0.001  # of a cell that is suppressed for the others' sake
SMALLEST = float(np.finfo(np.float64).tiny) / LEAST_OPENING  # cell whose parts are more than zero
SMALL = 150  # cells: a table of one or two keys for which several orders are tried, and each cell's release in full
SMALL_OF_THREE = 80  # cells: a table of three keys for which any release is tried
ORDERS = 6  # of a small table
LARGEST = 1_000  # cells of a table of three keys, totals among them


def suppressed_cells(frame: Frame) -> Flags:
    """Give the cells to suppress, sensitive ones among them, with those of the totals last along each key."""
    is_flow = frame.totals.ndim == 2
    if not is_flow and frame.totals.size > LARGEST:
        shape = " × ".join(map(str, frame.totals.shape))
        raise DisclosureError(
            f"the table has {shape} = {frame.totals.size:,} cells with its totals; of three keys at most {LARGEST:,} "
            "can be protected: give coarser keys, or fewer"
        )
    if frame.sensitive.flat[-1]:
        raise DisclosureError("the total of all cells is itself sensitive: nothing of this table may be published")
    small = is_flow and frame.totals.size <= SMALL
    best, least = frame.sensitive, np.inf
    weights, rises = weights_of(frame), rises_of(frame)
    for order in range(ORDERS if small else 1):
        pattern = Pattern(frame, weights, rises, order)
        pattern.secure()
        if is_flow or frame.totals.size <= SMALL_OF_THREE:
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
    inner = frame.magnitudes[frame.inner]
    n_cells, size = max(1, int(np.count_nonzero(inner))), float(inner.sum())
    weights: Floats = 1 / n_cells + frame.magnitudes / (size or 1.0)
    weights[(frame.magnitudes == 0) & ~frame.sensitive] = np.inf
    weights.flat[-1] = np.inf
    if frame.is_line:
        weights[-1, :-1] = 0.0
    return weights


def movements(frame: Frame) -> Network | Program:
    """Give how far each cell may move for all that an outsider knows: to zero where no contribution is negative."""
    up = np.where(frame.counts >= 0, np.inf, 0.0)
    down = np.where(frame.signed, np.inf, frame.totals)
    up.flat[-1] = down.flat[-1] = 0.0
    return Network(up, down) if up.ndim == 2 else Program(up, down)


class Pattern:
    """Suppressed cells of a table, with what shows that each target can move far enough."""

    def __init__(self, frame: Frame, weights: Floats, rises: list[Rise], order: int) -> None:
        self.frame = frame
        self.weights = weights
        self.rises = rises
        self.order = order
        self.movements = movements(frame)
        self.suppressed = frame.sensitive.copy()
        if frame.is_line:
            self.suppressed[-1, :-1] = frame.counts[-1, :-1] >= 0
        self.ways: dict[tuple[Target | Rise, int], set[Cell]] = {}

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

    def check(self) -> None:
        """Raise unless every target can move as far as it must by the suppressed cells alone."""
        for target in self._ordered(list(targets_of(self.frame, self.suppressed))):
            for _ in self._ways_of(target, adding=False):
                pass

    def _ordered(self, targets: list[Target]) -> list[Target | Rise]:
        """Put the targets in the order of this try: the largest first, the smallest first, or some other order."""
        targets.sort(key=lambda target: -target.amount)
        if self.order == 1:
            targets.reverse()
        elif self.order:
            np.random.default_rng(self.order).shuffle(targets)
        return [*targets, *self.rises]

    def _ways_of(self, target: Target | Rise, *, adding: bool) -> Iterator[set[Cell]]:
        """Give the ways by which a target moves: one for outsiders, one for each contributor who knows cells of that.

        Raises
        ------
        DisclosureError
            There is no way.
        """
        way = self._way(target, -1, adding)
        yield way
        owners = self.frame.owners
        knowing = sorted({int(owners[cell]) for cell in way} - {-1})
        if isinstance(target, Rise):
            for contributor in knowing:
                if contributor != target.kept:
                    yield self._way(target, contributor, adding)
        elif target.is_sensitive:
            own = {int(owners[cell]) for cell in target.cells}
            for contributor in knowing:
                asked = asked_of(self.frame, target, contributor)
                if contributor not in own and asked.amount > 0:
                    yield self._way(asked, contributor, adding)

    def _way(self, target: Target | Rise, contributor: int, adding: bool) -> set[Cell]:
        known = self.ways.get((target, contributor))
        if known is not None and all(self.suppressed[cell] for cell in known):
            return known
        cost = np.where(self.suppressed, 0.0, self.weights if adding else np.inf)
        blocked = self.frame.owners == contributor if contributor >= 0 else None
        way: set[Cell] | None
        if isinstance(target, Rise):
            least = least_of(self.frame, target, contributor)
            if not is_needed(self.frame, least, self.suppressed):
                return set()
            way = self.movements.joint(least, cost, blocked)
        else:
            way = self.movements.way(target, cost, blocked)
        if way is None:
            named = cell_name(self.frame, _first_cell(self.frame, target))
            raise DisclosureError(
                f"{named} cannot be made safe: whatever else is suppressed, published "
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
            before = dict(self.ways)
            try:
                if in_full:
                    self.check()
                else:
                    self._check_by(cell)
            except DisclosureError:
                self.suppressed[cell] = True
                self.ways = before

    def _check_by(self, cell: Cell) -> None:
        """Raise unless those that moved by a cell can do without it."""
        for target in [target for (target, _), way in self.ways.items() if cell in way]:
            if isinstance(target, Rise) or cell not in target.cells:
                for _ in self._ways_of(target, adding=False):
                    pass


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
    known = _known_in_blocks(suppressed, lines) if suppressed.ndim == 2 else known_parts(
        suppressed, [cells for _, cells in lines]
    )  # fmt: skip
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


def attack(frame: Frame, suppressed: Flags) -> None:
    """Try to work out the suppressed cells from what is published, anew.

    Raises
    ------
    DisclosureError
        A cell, or cells taken together, can be narrowed too far.
    """
    pattern = Pattern(frame, weights_of(frame), rises_of(frame), 0)
    pattern.suppressed = suppressed
    pattern.check()


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
