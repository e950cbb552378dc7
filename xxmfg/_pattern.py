"""Patterns of suppressed cells: others are added until every target can move as far as it must, or taken back."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from xxmfg._cycles import Network, Target
from xxmfg._programs import Program
from xxmfg._sums import Rise, is_needed, least_of
from xxmfg._targets import asked_of, refusal, targets_of
from xxmfg.errors import DisclosureError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from xxmfg._frame import Frame

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Cell = tuple[int, ...]

__all__ = ["ORDERS", "SMALL", "Pattern"]

SMALL = 150  # cells: a table of one or two keys for which several orders are tried, and each cell's release in full
ORDERS = 6  # of a small table


class Pattern:
    """Suppressed cells of a table, with what shows that each target can move far enough."""

    def __init__(self, frame: Frame, weights: Floats, rises: list[Rise], order: int) -> None:
        self.frame = frame
        self.weights = weights
        self.rises = rises
        self.order = order
        self.suppressed = frame.sensitive.copy()
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
                    self._put(cell, True)

    def check(self) -> None:
        """Raise unless every target can move as far as it must by the suppressed cells alone."""
        for target in self._ordered(list(targets_of(self.frame, self.suppressed))):
            for _ in self._ways_of(target, adding=False):
                pass

    @cached_property
    def movements(self) -> Network | Program:
        """How far each cell may move for all that an outsider knows: to zero where no contribution is negative."""
        frame = self.frame
        up = np.where(frame.counts >= 0, np.inf, 0.0)
        down = np.where(frame.signed, np.inf, frame.totals)
        up.flat[-1] = down.flat[-1] = 0.0
        return Network(up, down) if up.ndim == 2 else Program(up, down)

    def begin(self, suppressed: Flags) -> None:
        """Take these cells as suppressed."""
        self.suppressed = suppressed.copy()

    def _put(self, cell: Cell, is_suppressed: bool) -> None:
        self.suppressed[cell] = is_suppressed

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
            raise refusal(self.frame, target)
        self.ways[target, contributor] = way
        return way

    def release(self, *, in_full: bool) -> None:
        """Publish again what turns out not to be needed, dear cells first.

        In a large table the sums that published cells give away are looked at by the next `secure` alone.
        """
        free = self.suppressed & ~self.frame.sensitive & (self.weights > 0)
        for cell in sorted(map(tuple, np.argwhere(free).tolist()), key=lambda cell: -self.weights[cell]):
            self._put(cell, False)
            before = dict(self.ways)
            try:
                if in_full:
                    self.check()
                else:
                    self._check_by(cell)
            except DisclosureError:
                self._put(cell, True)
                self.ways = before

    def _check_by(self, cell: Cell) -> None:
        """Raise unless those that moved by a cell can do without it."""
        for target in [target for (target, _), way in self.ways.items() if cell in way]:
            if isinstance(target, Rise) or cell not in target.cells:
                for _ in self._ways_of(target, adding=False):
                    pass
