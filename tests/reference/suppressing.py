"""The cheapest suppression of a small table, by one mixed-integer program (Fischetti, Salazar 2001)."""

from collections import defaultdict

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from .attacking import TOTAL


def prices(published):
    """Give the cost of each cell that may be suppressed: its part of the cells and its part of the value."""
    inner = {cell: published.size(cell) for cell in published.cells if TOTAL not in cell}
    n_cells, value = sum(size > 0 for size in inner.values()), sum(inner.values())
    whole = max(published.cells, key=lambda cell: sum(label == TOTAL for label in cell))
    return {
        cell: 1 / n_cells + published.size(cell) / value
        for cell in published.cells
        if cell != whole and published.size(cell) > 0
    }


def cheapest(published, seconds=60):
    """Give a bound that no pattern costs less than: one under which each sensitive cell is safe from outsiders.

    To each sensitive cell and direction belong deviations that move it as far as it must, that keep all sums, and that
    touch suppressed cells alone. What contributors know, and what cells tell together, is left out: with those the
    cheapest pattern costs as much or more.
    """
    costs = prices(published)
    cells = sorted(costs, key=str)
    place = {cell: i for i, cell in enumerate(cells)}
    sensitive = [cell for cell in cells if published.reasons(cell)]
    asked = [(cell, sign, amount) for cell in sensitive for sign, amount in _asked(published, cell) if amount > 0]
    lines = _lines(cells)
    n = len(cells)
    width = n * (1 + len(asked))
    lower, upper = np.zeros(width), np.ones(width)
    lower[[place[cell] for cell in sensitive]] = 1
    table = lil_array((len(asked) * (len(lines) + 2 * n), width))
    least, most = np.zeros(table.shape[0]), np.zeros(table.shape[0])
    row = 0
    for k, (target, sign, amount) in enumerate(asked, start=1):
        for own in lines:
            for cell, factor in own:
                table[row, k * n + place[cell]] = factor
            row += 1
        for i, cell in enumerate(cells):
            down = amount if cell in published.signed else min(amount, published.values[cell])
            lower[k * n + i], upper[k * n + i] = -down, amount
            # -down y <= d <= amount y
            table[row, k * n + i], table[row, i], most[row], least[row] = 1, -amount, 0, -np.inf
            table[row + 1, k * n + i], table[row + 1, i], least[row + 1], most[row + 1] = 1, down, 0, np.inf
            row += 2
        own = k * n + place[target]
        lower[own] = upper[own] = sign * amount
    objective = np.zeros(width)
    objective[:n] = [costs[cell] for cell in cells]
    found = milp(
        objective,
        integrality=np.arange(width) < n,
        bounds=Bounds(lower, upper),
        constraints=LinearConstraint(table.tocsr(), least, most),
        options={"time_limit": seconds, "mip_rel_gap": 1e-6},
    )
    return found.fun if found.success else np.nan


def _asked(published, cell):
    needed = published.needed(cell)
    yield 1, needed
    yield -1, needed if cell in published.signed else min(needed, published.values[cell])


def _lines(cells):
    found = defaultdict(list)
    for cell in cells:
        for along, label in enumerate(cell):
            found[along, cell[:along] + cell[along + 1 :]].append((cell, -1 if label == TOTAL else 1))
    return list(found.values())
