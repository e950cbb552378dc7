"""Twins of natural_breaks and tiers_of: all partitions tried, in fractions."""

import math
from fractions import Fraction
from itertools import combinations


def deviations(values):
    """Give the sum of squared deviations from the mean."""
    exact = [Fraction(value) for value in values]
    mean = sum(exact) / len(exact)
    return sum((value - mean) ** 2 for value in exact)


def classes(values, bounds):
    """Give the values of each class between bounds, each the greatest of its class."""
    below = [-math.inf, *bounds]
    return [[v for v in values if low < v <= high] for low, high in zip(below, bounds, strict=False)]


def cost(values, bounds):
    """Give the cost of a partition: the deviations within its classes."""
    return sum(deviations(held) for held in classes(values, bounds) if held)


def natural_breaks(values, k):
    """Give the bounds of the cheapest of all partitions; of equal ones that with the lowest bounds from the top."""
    distinct = sorted(set(values))
    k = min(k, len(distinct))
    partitions = [[*chosen, distinct[-1]] for chosen in combinations(distinct[:-1], k - 1)]
    return min(partitions, key=lambda bounds: (cost(values, bounds), bounds[::-1]))


def tiers_of(values, bounds, closed="left"):
    """Give 1 for the highest tier … len(bounds) + 1, 0 where a value is missing."""
    tiers = []
    for value in values:
        if value is None or value != value:  # noqa: PLR0124 -- NaN
            tiers.append(0)
            continue
        exact = Fraction(value)
        reached = [exact >= Fraction(b) if closed == "left" else exact > Fraction(b) for b in bounds]
        tiers.append(1 + len(bounds) - sum(reached))
    return tiers
