"""Twins of the rules of disclosure control and of the protection they ask for (Hundepool et al. 2012), in fractions."""

from fractions import Fraction

from .rational import numbers


def contributions(values, by, contributor=None, holding=None):
    """Give {cell: contributions}: sums by contributor; a holding stands for all its members, in other records too."""
    n = len(values)
    members = list(contributor) if contributor is not None else [None] * n
    holdings = list(holding) if holding is not None else [None] * n
    belongs = {m: h for m, h in zip(members, holdings, strict=True) if m is not None and h is not None}
    cells = {}
    for row, (value, cell) in enumerate(zip(numbers(values), by, strict=True)):
        held = holdings[row] if holdings[row] is not None else belongs.get(members[row])
        if held is not None:
            name = ("holding", held)
        elif members[row] is not None:
            name = ("member", members[row])
        else:
            name = ("row", row)
        own = cells.setdefault(cell, {})
        if value is not None:
            own[name] = own.get(name, Fraction(0)) + Fraction(value)
    return {cell: list(own.values()) for cell, own in cells.items()}


def reasons(given, *, min_count=3, dominance=(1, "0.85"), p_percent=None, pq=None, boundary="ge", zeros="publish"):
    """Name the rules that a cell of these contributions breaks; k, p and q as decimals in text."""
    sizes = sorted((abs(x) for x in given), reverse=True)
    total = sum(sizes, Fraction(0))
    if total == 0:
        return ["zero"] if sizes and zeros == "suppress" else []
    first, second = [*sizes, Fraction(0)][:2]
    found = ["count"] if len(sizes) < min_count else []
    if dominance is not None:
        n, k = dominance
        top, limit = sum(sizes[:n], Fraction(0)), Fraction(k) * total
        found += ["dominance"] if top > limit or (boundary == "ge" and top == limit) else []
    if p_percent is not None and total - first - second < Fraction(p_percent) / 100 * first:
        found.append("p_percent")
    if pq is not None and total - first - second < Fraction(pq[0]) / Fraction(pq[1]) * first:
        found.append("pq")
    return found


def protection(given, *, dominance=(1, "0.85"), p_percent=None, pq=None, **rules):
    """Give how far above its value a cell of these contributions must seem possible: Hundepool et al., table 4.2."""
    found = reasons(given, dominance=dominance, p_percent=p_percent, pq=pq, **rules)
    sizes = [*sorted((abs(x) for x in given), reverse=True), Fraction(0), Fraction(0)]
    total = sum(sizes, Fraction(0))
    levels = [Fraction(0)]
    if "count" in found:
        levels.append(total / 10)
    if "dominance" in found:
        levels.append(sum(sizes[: dominance[0]], Fraction(0)) / Fraction(dominance[1]) - total)
    for name, part in (
        ("p_percent", p_percent and Fraction(p_percent) / 100),
        ("pq", pq and Fraction(pq[0]) / Fraction(pq[1])),
    ):
        if name in found:
            levels.append(part * sizes[0] - (total - sizes[0] - sizes[1]))
    return max(levels)
