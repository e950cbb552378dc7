"""Twin of shift_share, from Dunn (1960) and Esteban-Marquillas (1972), in fractions."""

import math
from fractions import Fraction

from .keys import labels
from .rational import add, numbers, present
from .structuring import fraction


def ends(values, region, industry, period, base, current):
    """Give {(region, industry): (base, current)}: 0 without a record, None where all values are missing."""
    column, names, kinds, when = numbers(values), labels(region), labels(industry), labels(period)
    pairs = {}
    for place, wanted in enumerate((base, current)):
        rows = [row for row, p in enumerate(when) if p == wanted]
        for row in rows:
            pairs.setdefault((names[row], kinds[row]), ([], []))[place].append(column[row])
    return {
        pair: tuple(None if side and not present(side) else add(present(side)) for side in pairs[pair])
        for pair in sorted(pairs)
    }


def growth(pairs):
    """Give base and current sums of what is known: by industry, and in all."""
    known = {pair: sides for pair, sides in pairs.items() if None not in sides}
    by_industry = {i: [Fraction(0), Fraction(0)] for _, i in pairs}
    for (_, i), sides in known.items():
        by_industry[i] = [sofar + side for sofar, side in zip(by_industry[i], sides, strict=True)]
    return by_industry, [sum((sides[k] for sides in known.values()), Fraction(0)) for k in (0, 1)]


def rate(sides):
    """Give the growth of a pair of sums; NaN without a base."""
    return fraction(sides[1] - sides[0], sides[0])


def product(*factors):
    """Multiply; NaN where one is."""
    return math.nan if any(isinstance(factor, float) for factor in factors) else math.prod(factors)


def difference(a, b):
    """Subtract; NaN where one is."""
    return math.nan if isinstance(a, float) or isinstance(b, float) else a - b


def shift_share(values, region, industry, period, base, current, reference=None):
    """Give {(region, industry): [change, national, mix, competitive, homothetic, allocation]}."""
    pairs = ends(values, region, industry, period, base, current)
    by_industry, whole = growth(pairs)
    if reference is not None:
        wide, kind, when = reference
        by_industry, whole = growth(ends(wide, [0] * len(kind), kind, when, base, current))
    regional = {}
    for (j, _), sides in pairs.items():
        regional[j] = regional.get(j, Fraction(0)) + (0 if None in sides else sides[0])
    found = {}
    for (j, i), sides in pairs.items():
        if None in sides:
            found[j, i] = [math.nan] * 6
            continue
        x, change = sides[0], sides[1] - sides[0]
        g, g_i, g_ij = rate(whole), rate(by_industry[i]), rate(sides)
        expected = fraction(regional[j] * by_industry[i][0], whole[0])
        ahead = difference(g_ij, g_i)
        figures = [
            change,
            product(x, g),
            product(x, difference(g_i, g)),
            difference(change, product(x, g_i)),
            product(expected, ahead),
            product(difference(x, expected), ahead),
        ]
        found[j, i] = [float(figure) for figure in figures]
    return found
