"""How far suppressed cells can move in a table of three keys, where that is no flow: linear programs (HiGHS by SciPy).

The same questions as in `_cycles`, answered the same way: by the cells that have to move.
"""

from __future__ import annotations

import itertools
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg._cycles import PER_CELL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xxmfg._cycles import Target

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Cell = tuple[int, ...]

__all__ = ["MOST_IN_LINE", "Program", "known_parts"]

MOVED = 1e-7  # of what is asked for: less than that is the solver's rounding
MOST_KNOWN = 1_000  # deviations that are kept
MOST_IN_LINE = 9  # suppressed cells, all of whose sums are looked at


class Program:
    """The cells that may move, and how much: `up` and `down` in value, with totals last along each key."""

    def __init__(self, up: Floats, down: Floats) -> None:
        if find_spec("scipy") is None:
            raise ImportError("protecting a table of three keys needs scipy: pip install xxmfg[audit]", name="scipy")
        self.up, self.down = up, down
        from scipy.sparse import csc_array

        relations = relations_of(up.shape)
        self.relations = csc_array(np.hstack([relations, -relations]))
        self.inner = np.zeros(up.shape, dtype=np.bool_)
        self.inner[(slice(-1),) * up.ndim] = True
        self.found = np.zeros((0, *up.shape))

    def way(self, target: Target, cost: Floats, blocked: Flags | None = None) -> set[Cell] | None:
        """Give the cells besides its own by which a target can move as far as it must, None where it cannot."""
        sign = 1.0 if target.upward else -1.0
        allowed = cost == 0 if blocked is None else (cost == 0) & ~blocked
        known = self._known(target, sign, allowed)
        if known is None:
            moved = self._solved(self.up, self.down, cost, blocked, target.amount, (target.cells, sign))
            if moved is None:
                return None
            self._remember(moved)
            known = moved
        return set(map(tuple, np.argwhere(known).tolist())).difference(target.cells)

    def _known(self, target: Target, sign: float, allowed: Flags) -> Floats | None:
        """Give a deviation that was found for another target and moves this one as far as it must."""
        columns = tuple(np.array(target.cells).T)
        far = np.flatnonzero(sign * self.found[:, *columns].sum(axis=1) >= target.amount)
        for place in far.tolist():
            deviation: Floats = self.found[place]
            if not deviation[~allowed].any():
                return deviation
        return None

    def _remember(self, deviation: Floats) -> None:
        """Keep a deviation and its opposite, each as far as it goes."""
        for signed in (deviation, -deviation):
            moved = signed != 0
            room = np.where(signed > 0, self.up, self.down)[moved] / np.abs(signed[moved])
            furthest = float(room.min(initial=np.inf))
            if furthest > 0:
                longest = signed * (furthest if np.isfinite(furthest) else 1.0)
                self.found = np.concatenate([longest[None], self.found[: MOST_KNOWN - 1]])

    def joint(self, least: Floats, cost: Floats, blocked: Flags | None = None) -> set[Cell] | None:
        """Give the cells by which every cell can at once differ from its value by `least` or more, None if not."""
        there = np.maximum(self.up, self.down) > 0
        free = np.where(there, np.inf, 0.0)
        down = np.where(self.inner, -least * there, free)
        amount = float(least[self.inner].max())
        if amount <= 0:
            return set()
        moved = self._solved(free, down, cost, blocked, amount, None)
        return None if moved is None else set(map(tuple, np.argwhere(moved).tolist()))

    def _solved(
        self,
        up: Floats,
        down: Floats,
        cost: Floats,
        blocked: Flags | None,
        amount: float,
        together: tuple[tuple[Cell, ...], float] | None,
    ) -> Floats | None:
        """Find the cheapest deviations that keep all sums, first without paying for any cell."""
        for paid in (cost == 0, np.isfinite(cost)):
            chosen = paid if blocked is None else paid & ~blocked
            if not (down[~chosen] < 0).any():  # what must rise is suppressed
                found = self._deviations(up, down, cost, chosen, amount, together)
                if found is not None:
                    moved = np.zeros(cost.shape)
                    moved[chosen] = np.where(np.abs(found) > MOVED, found * amount, 0.0)
                    return moved
            if not np.isfinite(cost[cost > 0]).any():
                break
        return None

    def _deviations(
        self,
        up: Floats,
        down: Floats,
        cost: Floats,
        chosen: Flags,
        amount: float,
        together: tuple[tuple[Cell, ...], float] | None,
    ) -> Floats | None:
        """Give how far each chosen cell moves, in units of what is asked for."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csc_array, vstack

        # A deviation is a rise less a fall, each of which costs; a cell pays in full for moving as far as is asked.
        flat = np.flatnonzero(chosen.ravel())
        n = len(flat)
        columns = self.relations[:, np.r_[flat, flat + chosen.size]]
        sides = np.zeros(columns.shape[0])
        high, low = up.ravel()[flat] / amount, -down.ravel()[flat] / amount
        if together is not None:
            cells, sign = together
            inside = np.isin(flat, [int(np.ravel_multi_index(cell, chosen.shape)) for cell in cells])
            columns = vstack([columns, csc_array(np.r_[inside, -1.0 * inside][None])])
            sides = np.append(sides, sign)
        price = cost.ravel()[flat] + PER_CELL
        bounds = Bounds(
            np.r_[np.maximum(low, 0), np.maximum(-high, 0)], np.r_[np.maximum(high, 0), np.maximum(-low, 0)]
        )
        found: Any = milp(np.r_[price, price], bounds=bounds, constraints=LinearConstraint(columns, sides, sides))
        return found.x[:n] - found.x[n:] if found.success else None


def relations_of(shape: tuple[int, ...]) -> Floats:
    """Give what adds up to zero, a row a line: its cells, less its total."""
    number = np.arange(np.prod(shape)).reshape(shape)
    lines = [np.moveaxis(number, axis, -1).reshape(-1, n) for axis, n in enumerate(shape)]
    relations = np.zeros((sum(map(len, lines)), number.size))
    row = 0
    for own in lines:
        for line in own:
            relations[row, line[:-1]], relations[row, line[-1]] = 1.0, -1.0
            row += 1
    return relations


def known_parts(suppressed: Flags, lines: list[tuple[Cell, ...]]) -> list[list[tuple[Cell, ...]]]:
    """Give for each line the smallest parts of its suppressed cells whose sum can be worked out.

    A sum is known just if it is zero over all deviations that keep the totals: here, over a basis of them. Of a line of
    more than MOST_IN_LINE such cells the whole is looked at alone.
    """
    flat = suppressed.ravel()
    columns = relations_of(suppressed.shape)[:, flat]
    if not columns.size:
        return [[] for _ in lines]
    _, sizes, vectors = np.linalg.svd(columns, full_matrices=True)
    basis = vectors[int((sizes > 1e-9).sum()) :].T
    place = {cell: i for i, cell in enumerate(map(tuple, np.argwhere(suppressed).tolist()))}
    return [_parts(basis[[place[cell] for cell in line]], line) for line in lines]


def _parts(own: Floats, line: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
    n = len(line)
    sizes = range(2, n + 1) if n <= MOST_IN_LINE else (n,)
    found: list[tuple[int, ...]] = []
    for chosen in itertools.chain.from_iterable(itertools.combinations(range(n), size) for size in sizes):
        is_smallest = not any(set(part) <= set(chosen) for part in found)
        if is_smallest and np.abs(own[list(chosen)].sum(axis=0)).max(initial=0.0) < 1e-7:
            found.append(chosen)
    return [tuple(line[i] for i in chosen) for chosen in found]
