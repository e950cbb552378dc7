"""Twins of ellison_glaeser and coagglomeration, from Ellison and Glaeser (1997), in fractions."""

import math
from fractions import Fraction

from .rational import numbers, present
from .structuring import margins, matrix


def distribution(cells, reference):
    """Give the shares of regions by chance: of all that is given, or of a reference; None where it has no total."""
    regions, _, _ = margins(cells)
    if reference is not None:
        regions = {name: Fraction(value) for name, value in reference.items()}
    total = sum(regions.values(), Fraction(0))
    return None if total == 0 else {j: value / total for j, value in regions.items()}


def raw_concentration(s, x):
    """Give G = Σ (s_j − x_j)² over all regions of the reference."""
    return sum((s.get(j, 0) - x[j]) ** 2 for j in x)


def ellison_glaeser(values, region, industry, reference=None):
    """Give {industry: [n, raw, herfindahl, gamma, maurel_sedillot]}."""
    cells = matrix(values, region, industry)
    x = distribution(cells, reference)
    column, names = numbers(values), np_list(industry)
    found = {}
    for i, total in margins(cells)[1].items():
        plants = [Fraction(v) for v in present([v for v, name in zip(column, names, strict=True) if name == i])]
        figures = [math.nan] * 4
        if total > 0 and x is not None:
            s = {j: value / total for (j, name), value in cells.items() if name == i}
            figures = of_industry(s, x, sum((v / total) ** 2 for v in plants))
        found[i] = [len(plants), *map(float, figures)]
    return found


def np_list(column):
    """Give a column as a list."""
    return column.tolist() if hasattr(column, "tolist") else list(column)


def of_industry(s, x, herfindahl):
    """Give raw, herfindahl, gamma, maurel_sedillot from the shares and the plants' Herfindahl index."""
    loose = 1 - sum(share**2 for share in x.values())
    raw = raw_concentration(s, x)
    if loose == 0 or herfindahl == 1:
        return raw, herfindahl, math.nan, math.nan
    gamma = (raw - loose * herfindahl) / (loose * (1 - herfindahl))
    squares = sum(share**2 for share in s.values()) - sum(share**2 for share in x.values())
    return raw, herfindahl, gamma, (squares / loose - herfindahl) / (1 - herfindahl)


def coagglomeration(values, region, industry, reference=None, whole=None):
    """Give γ_c of one group by the long formula, with the plants' Herfindahl indices and γ_i of each industry.

    `whole` has the cells of all groups, which the distribution by chance comes from.
    """
    cells = matrix(values, region, industry)
    x = distribution(cells if whole is None else whole, reference)
    regions, industries, total = margins(cells)
    if total == 0 or x is None:
        return math.nan
    loose = 1 - sum(share**2 for share in x.values())
    weights = {i: value / total for i, value in industries.items()}
    mixed = 1 - sum(w**2 for w in weights.values())
    if loose == 0 or mixed == 0:
        return math.nan
    column, names = numbers(values), np_list(industry)
    herfindahl, own = Fraction(0), Fraction(0)
    for i, w in weights.items():
        if w == 0:
            continue
        plants = [Fraction(v) for v in present([v for v, name in zip(column, names, strict=True) if name == i])]
        of_plants = sum((v / industries[i]) ** 2 for v in plants)
        s = {j: value / industries[i] for (j, name), value in cells.items() if name == i}
        herfindahl += w**2 * of_plants
        # γ_i (1 − H_i), which is finite for one plant too
        own += w**2 * (raw_concentration(s, x) - loose * of_plants) / loose
    together = raw_concentration({j: value / total for j, value in regions.items()}, x)
    return float((together / loose - herfindahl - own) / mixed)
