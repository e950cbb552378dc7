"""How far suppressed cells can move in a table with fixed sums: cheapest cycles, by min-plus steps.

Suppressed cells of a two-way table with totals are the edges between its rows and columns. An outsider knows every
other cell, so what may still differ are circulations: along a cycle each sum stays when the cells go up and down in
turn (totals count the other way round). A line's cells D can rise together by `amount` just if a flow of that much
leads from D's ends back to the line by other cells. Each search is Bellman and Ford's (1956): whole matrices a step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Cell = tuple[int, int]

__all__ = ["Network", "Target"]

PER_EDGE = 1e-9  # makes the shorter of two ways that cost nothing the cheaper one
ROUNDING = 1e-9  # of what has to be moved: what is left of it by rounding is nothing


class Target(NamedTuple):
    """Cells of one line, all within the table or all totals, that must be able to move together by `amount`."""

    axis: int  # 0: the line is a row, 1: a column
    line: int
    inside: tuple[int, ...]  # places along the line
    upward: bool
    amount: float
    is_sensitive: bool  # so that contributors must not work them out either

    @property
    def cells(self) -> list[Cell]:
        """The cells by row and column."""
        return [(place, self.line) if self.axis else (self.line, place) for place in self.inside]


class Network:
    """The cells that may move, and how much: `up` and `down` in value, shape (rows + 1, columns + 1)."""

    def __init__(self, up: Floats, down: Floats) -> None:
        total = np.zeros(up.shape, dtype=np.bool_)
        total[-1], total[:, -1] = True, True
        total[-1, -1] = False
        # A total moves against the cells that it sums: rising, it takes away from the balance of its line.
        self.plus, self.minus = np.where(total, down, up), np.where(total, up, down)
        self.total = total

    def way(self, target: Target, cost: Floats, blocked: Flags | None = None) -> set[Cell] | None:
        """Give the cells besides its own by which a target can move as far as it must, None where it cannot.

        Of what `cost` asks (infinite for cells that must stay), little is paid; the flow of several ways is found
        one after the other, each the cheapest that is left, at first one that is wide enough alone.
        """
        plus, minus = self.plus.copy(), self.minus.copy()
        if blocked is not None:
            plus[blocked] = minus[blocked] = 0.0
        price = cost + PER_EDGE
        used: set[Cell] = set()
        raised = target.upward != bool(self.total[target.cells[0]])
        if target.axis:
            plus, minus, price = plus.T, minus.T, price.T
        left, least = target.amount, target.amount * ROUNDING
        while left > least:
            found = _cheapest(plus, minus, price, target, raised, left) or _cheapest(
                plus, minus, price, target, raised, least
            )
            if found is None:
                return None
            up, down = found
            amount = min(left, *(plus[cell] for cell in up), *(minus[cell] for cell in down))
            for cell in up:
                plus[cell] -= amount
                minus[cell] += amount
            for cell in down:
                minus[cell] -= amount
                plus[cell] += amount
            for cell in (*up, *down):
                used.add((cell[1], cell[0]) if target.axis else cell)
                price[cell] = PER_EDGE
            left -= amount
        return used.difference(target.cells)


def _cheapest(
    plus: Floats, minus: Floats, price: Floats, target: Target, raised: bool, width: float
) -> tuple[list[Cell], list[Cell]] | None:
    """Give the cells that rise and those that fall along the cheapest cycle through a target that is `width` wide.

    Rows lead to columns by cells that rise, columns to rows by cells that fall. Where the target rises the way begins
    at its columns and ends by a falling cell of the line; where it falls it begins by a rising one.
    """
    line, inside = target.line, list(target.inside)
    forward, back = np.where(plus >= width, price, np.inf), np.where(minus >= width, price, np.inf)
    within = np.zeros(price.shape[1], dtype=np.bool_)
    within[inside] = True
    first = np.where(within, forward[line], np.inf) if raised else np.where(within, np.inf, forward[line])
    last = np.where(within, np.inf, back[line]) if raised else np.where(within, back[line], np.inf)
    forward[line] = back[line] = np.inf
    reached, steps = first, []
    best, end, depth = np.inf, -1, 0
    for step in range(price.shape[0]):
        ends = reached + last
        place = int(np.argmin(ends))
        if ends[place] < best:
            best, end, depth = float(ends[place]), place, step
        rows = back + reached
        from_column = np.argmin(rows, axis=1)
        at_row = rows[np.arange(len(rows)), from_column]
        columns = forward + at_row[:, None]
        from_row = np.argmin(columns, axis=0)
        at_column = columns[from_row, np.arange(columns.shape[1])]
        better = at_column < reached
        if not better.any() or float(at_column[better].min()) >= best:
            break
        steps.append((better, from_row, from_column))
        reached = np.where(better, at_column, reached)
    return None if end < 0 else _traced(steps[:depth], line, end)


def _traced(
    steps: list[tuple[Flags, NDArray[np.intp], NDArray[np.intp]]], line: int, end: int
) -> tuple[list[Cell], list[Cell]]:
    """Go back from the end of a way to its beginning."""
    up: list[Cell] = []
    down: list[Cell] = [(line, end)]
    column = end
    for better, from_row, from_column in reversed(steps):
        if better[column]:
            row = int(from_row[column])
            up.append((row, column))
            column = int(from_column[row])
            down.append((row, column))
    up.append((line, column))
    return up, down
