"""Twins of aggregate, ratio and distinct."""

import math
from fractions import Fraction

from .keys import groups_or_all, label_columns, labels
from .rational import add, nearest, numbers, present, quotient


def exact_variance(values):
    """Give the sample variance (ddof 1) of the exact values; NaN below two values or with an inf."""
    if len(values) < 2 or any(math.isinf(value) for value in values):
        return math.nan
    mean = sum(map(Fraction, values)) / len(values)
    return sum((Fraction(value) - mean) ** 2 for value in values) / (len(values) - 1)


def variance(values):
    """Give the sample variance (ddof 1), rounded once."""
    return nearest(exact_variance(values))


def deviation(values):
    """Give the standard deviation (ddof 1), within half an ulp or less, also where the variance is no double."""
    square = exact_variance(values)
    if isinstance(square, float):
        return square
    root = math.isqrt(square.numerator * 4**1200 // square.denominator)
    return nearest(Fraction(root, 2**1200))


def quantile(values, probability):
    """Give Hyndman and Fan's type 7 at an exact probability: linear between order statistics, rounded once."""
    if not values:
        return math.nan
    ordered = sorted(values)
    position = (len(ordered) - 1) * Fraction(probability)
    below = math.floor(position)
    weight = position - below
    if weight == 0 or ordered[below] == ordered[below + 1]:
        return nearest(Fraction(ordered[below])) if math.isfinite(ordered[below]) else ordered[below]
    low, high = ordered[below], ordered[below + 1]
    if math.isinf(low) or math.isinf(high):
        return nearest(low + high)
    return nearest(Fraction(low) + weight * (Fraction(high) - Fraction(low)))


def total_of(values):
    """Give the sum of a group: an int where all values are ints, else the exact sum rounded once."""
    if values and all(isinstance(value, int) for value in values):
        return sum(values)
    return nearest(add(values))


def mean_of(values):
    """Give the sum rounded once, as if exponents had no end, divided by how many there are."""
    total = add(values)
    if isinstance(total, Fraction) and math.isinf(nearest(total)):
        return nearest(total / 2**64) / len(values) * 2.0**64
    return quotient(nearest(total), len(values))


def decimal_statistic(stat, units, scale, all_units):
    """Give one statistic of decimals, whole numbers of units of 10^-scale: sums exact, all else of nearest doubles."""
    unit = Fraction(10) ** -scale
    kept = present(units)
    total = nearest(sum(kept) * unit)
    match stat:
        case "sum":
            return total
        case "mean":
            return quotient(total, len(kept))
        case "share":
            return quotient(total, nearest(sum(present(all_units)) * unit))
    return statistic(stat, [None if count is None else nearest(count * unit) for count in units], None)


def statistic(stat, values, total):
    """Give one statistic of a group's values (None = missing); total is the sum over all groups."""
    kept = present(values)
    match stat:
        case "count":
            return len(kept)
        case "missing":
            return len(values) - len(kept)
        case "sum":
            return total_of(kept)
        case "n_unique":
            return len(set(kept))
        case "share":
            return quotient(nearest(add(kept)), total)
        case "var":
            return variance(kept)
        case "std":
            return deviation(kept)
    if not kept:
        return math.nan
    match stat:
        case "mean":
            return mean_of(kept)
        case "min":
            return min(kept) + 0
        case "max":
            return max(kept) + 0
        case "first":
            return kept[0] + 0
        case "last":
            return kept[-1] + 0
        case "median":
            return quantile(kept, Fraction(1, 2))
    return quantile(kept, Fraction(int(stat[1:]), 100))


def aggregate(values, keys=(), stats=("count", "sum"), *, order="label", total=False):
    """Give one row a group and one column a stat; with total a last row over all records."""
    column = numbers(values)
    grand_total = nearest(add(present(column)))
    found = groups_or_all(keys, len(column), order=order)
    table = label_columns(keys, [label_tuple for label_tuple, _ in found])
    for stat in stats:
        table[stat] = [statistic(stat, [column[row] for row in rows], grand_total) for _, rows in found]
        if total:
            table[stat].append(statistic(stat, column, grand_total))
    return table


def distinct(entity, rows):
    """Count the entities of some rows; each record without an entity is an entity of its own."""
    entities = [labels(entity)[row] for row in rows]
    return len({entity for entity in entities if entity is not None}) + entities.count(None)


def ratio(numerator, denominator, keys=()):
    """Give the ratio of sums; NaN where the denominator is zero."""
    above, below = numbers(numerator), numbers(denominator)
    found = groups_or_all(keys, len(above))
    table = label_columns(keys, [label_tuple for label_tuple, _ in found])
    for name, column in (("numerator", above), ("denominator", below)):
        table[name] = [total_of(present([column[row] for row in rows])) for _, rows in found]
    rounded = ([float(total) for total in table[name]] for name in ("numerator", "denominator"))
    table["ratio"] = list(map(quotient, *rounded))
    return table
