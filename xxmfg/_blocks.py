"""Blocks of suppressed cells: which hang together so that no published sum tells them apart (Tarjan 1972)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["blocks_of"]


def blocks_of(suppressed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Give the number of the block of each suppressed cell, -1 elsewhere.

    Cells are edges between rows and columns; two are in one block if a cycle leads through both.
    """
    n_rows, n_columns = suppressed.shape
    blocks = np.full(suppressed.shape, -1, dtype=np.int64)
    beside = [[n_rows + place for place in np.flatnonzero(row).tolist()] for row in suppressed]
    beside += [np.flatnonzero(column).tolist() for column in suppressed.T]
    found = [-1] * (n_rows + n_columns)  # when a line was first reached
    lowest = found.copy()  # the earliest line that it leads back to
    n_found = n_blocks = 0
    for root in range(n_rows):
        if found[root] >= 0:
            continue
        found[root] = lowest[root] = n_found
        n_found += 1
        trail = [(root, -1, iter(beside[root]))]
        edges: list[tuple[int, int]] = []
        while trail:
            line, parent, rest = trail[-1]
            other = next(rest, -1)
            if other < 0:
                trail.pop()
                if not trail:
                    continue
                lowest[parent] = min(lowest[parent], lowest[line])
                if lowest[line] >= found[parent]:
                    while edges:
                        edge = edges.pop()
                        blocks[min(edge), max(edge) - n_rows] = n_blocks
                        if edge == (parent, line):
                            break
                    n_blocks += 1
            elif found[other] < 0:
                edges.append((line, other))
                found[other] = lowest[other] = n_found
                n_found += 1
                trail.append((other, line, iter(beside[other])))
            elif other != parent and found[other] < found[line]:
                edges.append((line, other))
                lowest[line] = min(lowest[line], found[other])
    return blocks
