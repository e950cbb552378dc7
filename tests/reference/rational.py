"""Exact sums: every double is a whole number of 2**-1074, so Python's integers add doubles without rounding."""

import math
from fractions import Fraction

import numpy as np

GRID = 2**1074


def numbers(column):
    """Give a column as a list of Python numbers, None where the value is missing (NaN, None, masked)."""
    return [None if value is None or value != value else number(value) for value in entries(column)]  # noqa: PLR0124


def entries(column):
    """Give a column as a list of Python objects, None where it is masked."""
    if not isinstance(column, np.ndarray):
        return list(column)
    masked = np.ma.getmaskarray(column).tolist()
    return [None if gone else entry for entry, gone in zip(np.ma.getdata(column).tolist(), masked, strict=True)]


def number(value):
    """Give one value as an int (a bool is 0 or 1) or as a float."""
    return float(value) if isinstance(value, (float, np.floating)) else int(value)


def present(column):
    """Give the values of a list that are not missing."""
    return [value for value in column if value is not None]


def add(values):
    """Give the exact sum as a Fraction; with infinities IEEE's sum: inf, -inf, or NaN where both occur."""
    infinite = {value for value in values if value in {math.inf, -math.inf}}
    if infinite:
        return infinite.pop() if len(infinite) == 1 else math.nan
    whole = 0
    for value in values:
        numerator, denominator = value.as_integer_ratio()
        whole += numerator * (GRID // denominator)
    return Fraction(whole, GRID)


def difference(left, right):
    """Give left - right, exact where both are Fractions and IEEE's where one is inf or NaN."""
    if isinstance(left, float) or isinstance(right, float):
        return nearest(left) - nearest(right)
    return left - right


def nearest(exact):
    """Round a Fraction once, to the nearest double, ties to even; beyond the largest double is inf; 0 is +0.0."""
    if isinstance(exact, float):
        return plain_float(exact)
    try:
        return exact.numerator / exact.denominator + 0.0
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


def quotient(numerator, denominator):
    """Divide two doubles; NaN where the denominator is zero or either is missing."""
    if numerator is None or denominator is None or denominator == 0:
        return math.nan
    return plain_float(numerator / denominator)


def plain_float(value):
    """Give +0.0 for both zeros and the positive quiet NaN for every NaN (inf / inf is a negative one on x86)."""
    return math.nan if math.isnan(value) else value + 0.0
