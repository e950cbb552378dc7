"""Twins of inequality and theil_decomposition, and of weighted means and quantiles."""

import math
from fractions import Fraction

from .rational import numbers


def weighed(values, weights=None):
    """Give [(value, weight)] as Fractions of the records that have a value and a weight above zero."""
    column = numbers(values)
    heavy = [1] * len(column) if weights is None else numbers(weights)
    pairs = zip(column, heavy, strict=True)
    return [(Fraction(x), Fraction(w)) for x, w in pairs if x is not None and w is not None and w > 0]


def inequality(values, weights=None):
    """Give gini, gini_normalized, theil_t, theil_l, atkinson from their textbook sums over all pairs and values."""
    held = weighed(values, weights)
    whole = sum((w for _, w in held), Fraction(0))
    total = sum((x * w for x, w in held), Fraction(0))
    if not held or total == 0 or min(x for x, _ in held) < 0:
        return [math.nan] * 5
    mean = total / whole
    parts = [(x / mean, w / whole) for x, w in held]
    gini = sum(p * q * abs(x - y) for x, p in parts for y, q in parts) / 2
    most = 1 - min(w for _, w in held) / whole
    theil_t = math.fsum(float(p * r) * logarithm(r) for r, p in parts if r > 0)
    theil_l = math.fsum(-float(p) * logarithm(r) for r, p in parts if r > 0) if min(parts)[0] > 0 else math.nan
    mean_root = math.fsum(float(p) * math.sqrt(r) for r, p in parts)
    return [float(gini), float(gini / most) if len(held) > 1 else math.nan, theil_t, theil_l, 1 - mean_root**2]


def logarithm(ratio):
    """Give ln of a Fraction, whose parts may be beyond the range of doubles."""
    return math.log(ratio.numerator) - math.log(ratio.denominator)


def theil_decomposition(values, groups):
    """Give total, between, within of values in groups, each a list of rows."""
    column = numbers(values)
    present = [Fraction(x) for x in column if x is not None]
    total = sum(present, Fraction(0))
    if not present or total == 0 or min(present) < 0:
        return [math.nan] * 3
    mean = total / len(present)
    between, within = [], []
    for rows in groups:
        own = [Fraction(column[row]) for row in rows if column[row] is not None]
        if sum(own) > 0:
            share = float(sum(own) / total)
            between.append(share * logarithm(sum(own) / len(own) / mean))
            within.append(share * inequality(list(map(float, own)))[2])
    return [inequality(list(map(float, present)))[2], math.fsum(between), math.fsum(within)]


def weighted_mean(values, weights):
    """Give the mean of values by weight as a Fraction, None where there is no weight."""
    held = weighed(values, weights)
    whole = sum((w for _, w in held), Fraction(0))
    return sum((x * w for x, w in held), Fraction(0)) / whole if held else None


def weighted_quantile(values, weights, part):
    """Give the value up to which a part of the weight lies; midway to the next where just that part lies up to it."""
    held = sorted(weighed(values, weights))
    target = Fraction(part) * sum((w for _, w in held), Fraction(0))
    sofar = Fraction(0)
    for place, (x, w) in enumerate(held):
        sofar += w
        if sofar > target:
            return x
        if sofar == target:
            return (x + held[min(place + 1, len(held) - 1)][0]) / 2
    return None
