"""A table of integers whose every row and column adds up to zero, at the least cost of moving entries by one."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

__all__ = ["GRAIN", "balanced"]

GRAIN = 2**40  # costs are whole multiples of 2⁻⁴⁰, so that their sums are exact and the same on every machine
FAR = 2**62


def balanced(
    entries: Sequence[Sequence[int]], moves: Sequence[Sequence[tuple[int, int]]], *, fixed_margins: bool
) -> list[list[int]] | None:
    """Move entries by one so that every line adds up to zero; None if that cannot be.

    Parameters
    ----------
    entries : matrix of int
        The cells, in the last row and column the margins with their signs turned.
    moves : matrix of (int, int)
        Of each entry the way it may move (−1, 1, or 0 for none) and what that costs, in `GRAIN`.
    fixed_margins : bool
        Whether the last row and column stay; else any number of cells moves, at any cost, before a margin does.
    """
    ways = np.array([[way for way, _ in row] for row in moves], dtype=np.int64)
    costs = np.array([[cost for _, cost in row] for row in moves], dtype=np.int64)
    margin = np.zeros(ways.shape, dtype=bool)
    margin[-1, :] = margin[:, -1] = True
    if fixed_margins:
        ways[margin] = 0
    else:
        costs[margin] = GRAIN * ways.size
    flow = _Flow(ways, costs)
    rows = np.array([sum(row) for row in entries], dtype=np.int64)
    columns = np.array([sum(column) for column in zip(*entries, strict=True)], dtype=np.int64)
    # What a row lacks may flow out of it, what a column has too much flows back.
    excess = np.concatenate([-rows, columns])
    while (excess > 0).any():
        path = flow.cheapest_path(excess)
        if path is None:
            return None
        excess[path[0]] -= 1
        excess[path[-1]] += 1
        flow.send(path)
    return [
        [int(entry) + int(step) for entry, step in zip(*pair, strict=True)]
        for pair in zip(entries, flow.steps, strict=True)
    ]


class _Flow:
    """Rows and columns as nodes; raising an entry is an arc from its row to its column, lowering it one back."""

    def __init__(self, ways: Integers, costs: Integers) -> None:
        self.ways = ways
        self.steps = np.zeros_like(ways)
        self.n_rows, n_columns = ways.shape
        # forth[i, j] and back[j, i] are the costs of the arcs, FAR where there is none.
        self.forth = np.where(ways > 0, costs, FAR)
        self.back = np.where(ways < 0, costs, FAR).T.copy()
        self.potential = np.zeros(self.n_rows + n_columns, dtype=np.int64)

    def cheapest_path(self, excess: Integers) -> list[int] | None:
        """Give the nodes from one with an excess to one that lacks (Dijkstra 1959, costs reduced by potentials)."""
        distance = np.where(excess > 0, np.int64(0), np.int64(FAR))
        before = np.full(len(excess), -1)
        done = np.zeros(len(excess), dtype=bool)
        while True:
            node = int(np.argmin(np.where(done, FAR, distance)))
            if done[node] or distance[node] >= FAR:
                return None
            done[node] = True
            if excess[node] < 0:
                break
            others = np.s_[self.n_rows :] if node < self.n_rows else np.s_[: self.n_rows]
            arcs = self.forth[node] if node < self.n_rows else self.back[node - self.n_rows]
            reduced = distance[node] + arcs + self.potential[node] - self.potential[others]
            nearer = (arcs < FAR) & ~done[others] & (reduced < distance[others])
            distance[others][nearer] = reduced[nearer]
            before[others][nearer] = node
        self.potential += np.minimum(distance, distance[node])
        path = [node]
        while before[path[-1]] >= 0:
            path.append(int(before[path[-1]]))
        return path[::-1]

    def send(self, path: list[int]) -> None:
        """Move the entries of a path; each may then move back, at the cost with its sign turned."""
        for here, there in pairwise(path):
            step = 1 if here < self.n_rows else -1
            i, j = (here, there - self.n_rows) if step > 0 else (there, here - self.n_rows)
            self.steps[i, j] += step
            if step > 0:
                self.back[j, i], self.forth[i, j] = -self.forth[i, j], FAR
            else:
                self.forth[i, j], self.back[j, i] = -self.back[j, i], FAR
