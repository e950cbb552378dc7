"""Twins of location_quotient, specialization, similarity, mean_similarity and localization, in fractions."""

import math
from fractions import Fraction
from itertools import combinations

from .keys import groups
from .rational import add, numbers, present


def matrix(values, region, industry):
    """Give the exact sum of each (region, industry) that occurs, sorted: {(region, industry): Fraction}."""
    column = numbers(values)
    return {pair: add(present([column[row] for row in rows])) for pair, rows in groups((region, industry))}


def margins(cells):
    """Give the sums of regions and of industries, and the total."""
    regions, industries = {}, {}
    for (region, industry), value in cells.items():
        regions[region] = regions.get(region, Fraction(0)) + value
        industries[industry] = industries.get(industry, Fraction(0)) + value
    return dict(sorted(regions.items())), dict(sorted(industries.items())), sum(cells.values(), Fraction(0))


def fraction(above, below):
    """Divide; NaN where the denominator is zero or either is NaN."""
    if below == 0 or isinstance(above, float) or isinstance(below, float):
        return math.nan
    return above / below


def floats(columns):
    """Give columns of Fractions as floats."""
    return {name: [float(value) for value in column] for name, column in columns.items()}


def location_quotient(values, region, industry, reference=None):
    """Give value, share, reference_share, lq, rsca, nrca of each (region, industry) that occurs."""
    cells = matrix(values, region, industry)
    regions, industries, total = margins(cells)
    if reference is not None:
        industries = {name: Fraction(value) for name, value in reference.items()}
        total = sum(industries.values(), Fraction(0))
    columns = {name: [] for name in ("value", "share", "reference_share", "lq", "rsca", "nrca")}
    for (j, i), value in cells.items():
        share, reference_share = fraction(value, regions[j]), fraction(industries[i], total)
        lq = math.nan if isinstance(reference_share, float) else fraction(share, reference_share)
        rsca = math.nan if isinstance(lq, float) else (lq - 1) / (lq + 1)
        nrca = math.nan if total == 0 else value / total - regions[j] * industries[i] / total**2
        line = (value, share, reference_share, lq, rsca, nrca)
        for column, figure in zip(columns.values(), line, strict=True):
            column.append(figure)
    return floats(columns)


def shares(cells, regions, industries):
    """Give the shares of each region's industries, absent ones 0; None for a region without a total."""
    return {
        j: None if regions[j] == 0 else [cells.get((j, i), Fraction(0)) / regions[j] for i in industries]
        for j in regions
    }


def apart(a, b):
    """Give the sum of absolute differences."""
    return sum((abs(x - y) for x, y in zip(a, b, strict=True)), Fraction(0))


def specialization(values, region, industry, reference=None):
    """Give krugman, krugman_rest, hoover, herfindahl, entropy, n_industries of each region."""
    cells = matrix(values, region, industry)
    regions, industries, _ = margins(cells)
    whole = industries if reference is None else {name: Fraction(value) for name, value in reference.items()}
    names = sorted(set(industries) | set(whole))
    total = sum(whole.values(), Fraction(0))
    columns = {name: [] for name in ("krugman", "krugman_rest", "hoover", "herfindahl", "entropy", "n_industries")}
    for j, own in shares(cells, regions, names).items():
        rest = [whole.get(i, Fraction(0)) - cells.get((j, i), Fraction(0)) for i in names]
        line = [math.nan] * 5
        if own is not None:
            krugman = math.nan if total == 0 else apart(own, [whole.get(i, 0) / total for i in names])
            others = math.nan
            if sum(rest) > 0 and min(rest) >= 0:
                others = apart(own, [value / sum(rest) for value in rest])
            entropy = -math.fsum(float(s) * math.log(s) for s in own if s > 0)
            line = [krugman, others, krugman / 2, sum(s * s for s in own), entropy]
        line.append(sum(cells.get((j, i), 0) > 0 for i in names))
        for column, figure in zip(columns.values(), line, strict=True):
            column.append(figure)
    return floats(columns)


def compared(a, b):
    """Give krugman, cosine and finger_kreinin of two lists of shares."""
    if a is None or b is None:
        return [math.nan] * 3
    product = sum(x * y for x, y in zip(a, b, strict=True))
    lengths = sum(x * x for x in a) * sum(y * y for y in b)
    return [float(apart(a, b)), float(product) / math.sqrt(lengths), float(sum(map(min, a, b)))]


def similarity(values, region, industry):
    """Give {(region_a, region_b): [krugman, cosine, finger_kreinin]} of all pairs."""
    cells = matrix(values, region, industry)
    regions, industries, _ = margins(cells)
    own = shares(cells, regions, list(industries))
    return {(a, b): compared(own[a], own[b]) for a, b in combinations(own, 2)}


def mean_similarity(values, region, industry):
    """Give {region: means over its pairs with other regions that have a total}."""
    pairs = similarity(values, region, industry)
    cells = matrix(values, region, industry)
    regions, _, _ = margins(cells)
    means = {}
    for own in regions:
        found = [figures for pair, figures in pairs.items() if own in pair and not math.isnan(figures[0])]
        means[own] = (
            [math.fsum(column) / len(found) for column in zip(*found, strict=True)] if found else [math.nan] * 3
        )
    return means


def localization(values, region, industry):
    """Give hoover_gini, krugman_gini, lq_gini, hoover, herfindahl of each industry."""
    cells = matrix(values, region, industry)
    regions, industries, total = margins(cells)
    there = [j for j in regions if regions[j] > 0]
    columns = {name: [] for name in ("hoover_gini", "krugman_gini", "lq_gini", "hoover", "herfindahl")}
    for i in industries:
        line = [math.nan] * 5
        if industries[i] > 0:
            s = [cells.get((j, i), Fraction(0)) / industries[i] for j in there]
            x = [regions[j] / total for j in there]
            both = list(zip(s, x, strict=True))
            pairs = [abs(a * v - b * u) for (a, u) in both for (b, v) in both]
            area = sum(pairs) / 2
            lq = [a / u for a, u in both]
            gini = sum(abs(a - b) for a in lq for b in lq) / (2 * len(lq) * sum(lq))
            line = [area, area / 2, gini, apart(s, x) / 2, sum(a * a for a in s)]
        for column, figure in zip(columns.values(), line, strict=True):
            column.append(figure)
    return floats(columns)
