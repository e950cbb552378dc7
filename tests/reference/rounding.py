"""Rounding again, from its definitions: in fractions, and by trying every table."""

from fractions import Fraction
from itertools import product
from math import floor


def nearest(number, digits, mode="half_even"):
    """Round an exact number to a fraction of 10⁻ᵈ."""
    unit = Fraction(10) ** -digits
    low = floor(number / unit) * unit
    if mode == "down":
        return low if number >= 0 or low == number else low + unit
    below, above = number - low, low + unit - number
    if below != above:
        return low if below < above else low + unit
    if mode == "half_up":
        return low + unit if number > 0 else low
    return low if (low / unit) % 2 == 0 else low + unit


def shares_that_add_up(shares, digits):
    """Round shares down, then raise those of the largest remainders until the rounded sum is reached."""
    unit = Fraction(10) ** -digits
    rounded = [floor(share / unit) * unit for share in shares]
    left = list(range(len(shares)))
    while sum(rounded) != nearest(sum(shares), digits):
        best = max(left, key=lambda i: (shares[i] - floor(shares[i] / unit) * unit, shares[i], -i))
        rounded[best] += unit
        left.remove(best)
    return rounded


def least_distance(cells, adjacent):
    """Give the least distance of a table of whole neighbors whose margins hold, None where there is none.

    Margins are the half-even roundings of the sums, or any of their neighbors, as few as can be not the half-even one.
    """
    n_rows, n_columns = len(cells), len(cells[0])
    flat = [cell for row in cells for cell in row]

    def lines(numbers):
        rows = [numbers[i * n_columns : (i + 1) * n_columns] for i in range(n_rows)]
        return [*map(sum, rows), *map(sum, zip(*rows, strict=True)), sum(numbers)]

    sums, best = lines(flat), None
    for choice in product(*({floor(cell), -floor(-cell)} for cell in flat)):
        margins = lines(list(choice))
        moved = sum(margin != nearest(line, 0) for margin, line in zip(margins, sums, strict=True))
        if all(abs(margin - line) < 1 for margin, line in zip(margins, sums, strict=True)) and (adjacent or not moved):
            distance = sum(abs(cell - number) for cell, number in zip(flat, choice, strict=True))
            best = min(best, (moved, distance)) if best else (moved, distance)
    return best
