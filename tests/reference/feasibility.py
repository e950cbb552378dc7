"""Whether linear inequalities have a solution, in fractions: the simplex method with Bland's rule (Bland 1977)."""

from fractions import Fraction


def is_feasible(rows):
    """Tell whether some x has a·x ≤ b for all (a, b); x may be of either sign.

    x = y − z with y, z ≥ 0, and one slack a row. Where b is negative the row is turned and gets an artificial
    variable; their sum is minimized, and is zero exactly where a solution exists. Bland's rule ends always.
    """
    n, m = len(rows[0][0]), len(rows)
    turned = [i for i, (_, b) in enumerate(rows) if b < 0]
    width = 2 * n + m + len(turned)
    tableau, basis = [], []
    for i, (a, b) in enumerate(rows):
        sign = -1 if b < 0 else 1
        line = [sign * Fraction(x) for x in a] + [-sign * Fraction(x) for x in a] + [Fraction(0)] * (m + len(turned))
        line[2 * n + i] = Fraction(sign)
        if sign < 0:
            line[2 * n + m + turned.index(i)] = Fraction(1)
        basis.append(2 * n + m + turned.index(i) if sign < 0 else 2 * n + i)
        tableau.append([*line, sign * Fraction(b)])
    cost = [-sum(tableau[i][j] for i in turned) for j in range(width + 1)]
    for j in range(2 * n + m, width):
        cost[j] += 1
    while True:
        entering = next((j for j in range(width) if cost[j] < 0), None)
        if entering is None:
            return cost[-1] == 0
        ratios = [(line[-1] / line[entering], basis[i], i) for i, line in enumerate(tableau) if line[entering] > 0]
        _, _, leaving = min(ratios)
        pivot = tableau[leaving] = [x / tableau[leaving][entering] for x in tableau[leaving]]
        basis[leaving] = entering
        for line in (*tableau, cost):
            factor = line[entering]
            if line is not pivot and factor:
                line[:] = [x - factor * y if y else x for x, y in zip(line, pivot, strict=True)]
