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
    Cell = tuple[int, ...]
    Edge = tuple[int, int]

__all__ = ["PER_CELL", "Network", "Target"]

PER_CELL = 1e-9  # makes the shorter of two ways that cost nothing the cheaper one
ROUNDING = 1e-9  # of what has to be moved: what is left of it by rounding is nothing


class Target(NamedTuple):
    """Cells of one line, all within the table or all totals, that must be able to move together by `amount`."""

    axis: int  # along which the line runs is the other: 0 for cells of one row, 1 of one column
    cells: tuple[Cell, ...]
    upward: bool
    amount: float
    is_sensitive: bool  # so that contributors must not work them out either


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
        flow = _Flow(self.plus, self.minus, cost, blocked)
        raised = target.upward != bool(self.total[target.cells[0]])
        if not flow.push(target, target.amount, raised=raised):
            return None
        return flow.used.difference(target.cells)

    def joint(self, least: Floats, cost: Floats, blocked: Flags | None = None) -> set[Cell] | None:
        """Give the cells by which every cell can at once differ from its value by `least` or more, None if they cannot.

        Of totals nothing is asked. The cells are raised one after the other; what one has risen beyond what it must it
        may give back, as what it falls it may fall to `least`.
        """
        there = np.maximum(self.plus, self.minus) > 0
        free = np.where(there, np.inf, 0.0)
        flow = _Flow(free, np.where(self.total, free, np.maximum(-least, 0.0) * there), cost, blocked)
        flow.least = np.where(self.total, -np.inf, least)
        asked = np.argwhere((least > 0) & there & ~self.total)
        for cell in sorted(map(tuple, asked.tolist()), key=lambda cell: -least[cell]):
            left = float(least[cell] - flow.moved[cell])
            if left > 0 and not flow.push(Target(0, (cell,), True, left, True), left, raised=True):
                return None
        return flow.used


class _Flow:
    """How far each cell may still move, and which were moved."""

    def __init__(self, plus: Floats, minus: Floats, cost: Floats, blocked: Flags | None) -> None:
        self.plus, self.minus, self.price = plus.copy(), minus.copy(), cost + PER_CELL
        if blocked is not None:
            self.plus[blocked] = self.minus[blocked] = 0.0
        self.moved = np.zeros(plus.shape)
        self.least: Floats | None = None
        self.used: set[Cell] = set()

    def push(self, target: Target, amount: float, *, raised: bool) -> bool:
        """Move a target, by several ways if one is not wide enough; tell whether there are any."""
        left, least = amount, amount * ROUNDING
        arrays = self.plus, self.minus, self.price
        plus, minus, price = (array.T for array in arrays) if target.axis else arrays
        line, inside = target.cells[0][target.axis], [cell[1 - target.axis] for cell in target.cells]
        while left > least:
            found = _cheapest(plus, minus, price, line, inside, raised, left) or _cheapest(
                plus, minus, price, line, inside, raised, least
            )
            if found is None:
                return False
            up, down = found
            step = min(left, *(plus[cell] for cell in up), *(minus[cell] for cell in down))
            for cells, sign in ((up, 1.0), (down, -1.0)):
                for cell in cells:
                    self._move((cell[1], cell[0]) if target.axis else cell, sign * step)
            left -= step
        return True

    def _move(self, cell: Cell, step: float) -> None:
        self.moved[cell] += step
        self.plus[cell] -= step
        self.minus[cell] += step
        if self.least is not None:
            self.minus[cell] = max(0.0, self.moved[cell] - self.least[cell])
        self.price[cell] = PER_CELL
        self.used.add(cell)


def _cheapest(
    plus: Floats, minus: Floats, price: Floats, line: int, inside: list[int], raised: bool, width: float
) -> tuple[list[Edge], list[Edge]] | None:
    """Give the cells that rise and those that fall along the cheapest cycle through a target that is `width` wide.

    Rows lead to columns by cells that rise, columns to rows by cells that fall. Where the target rises the way begins
    at its columns and ends by a falling cell of the line; where it falls it begins by a rising one.
    """
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
) -> tuple[list[Edge], list[Edge]]:
    """Go back from the end of a way to its beginning."""
    up: list[Edge] = []
    down: list[Edge] = [(line, end)]
    column = end
    for better, from_row, from_column in reversed(steps):
        if better[column]:
            row = int(from_row[column])
            up.append((row, column))
            column = int(from_column[row])
            down.append((row, column))
    up.append((line, column))
    return up, down
