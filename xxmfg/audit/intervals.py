"""Intervals of exact rationals whose ends may be infinite, and belong to the interval or not."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, inf
from typing import NamedTuple

Exact = Fraction | float  # a rational; the only floats are the infinities

__all__ = [
    "FREE",
    "NOTHING",
    "ZERO",
    "Exact",
    "Interval",
    "add",
    "divide",
    "hull",
    "intersection",
    "multiply",
    "negate",
    "point",
    "whole",
]

LONG = 256  # bits of a denominator, beyond which a bound is moved outward to a short one
KEPT = 128  # significant bits that stay then


class Interval(NamedTuple):
    """The numbers from `low` to `high`; an open end is left out, an infinite one always is."""

    low: Exact
    high: Exact
    low_open: bool = False
    high_open: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no number is in it."""
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    @property
    def is_point(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high and not (self.low_open or self.high_open)

    def holds(self, number: Exact) -> bool:
        """Tell whether a number is in it."""
        above = self.low < number or (self.low == number and not self.low_open)
        return above and (number < self.high or (number == self.high and not self.high_open))


FREE = Interval(-inf, inf, True, True)
NOTHING = Interval(Fraction(1), Fraction(0))
ZERO = Fraction(0)


def point(number: Fraction) -> Interval:
    """Give the interval of one number."""
    return Interval(number, number)


def negate(a: Interval) -> Interval:
    """Give the interval of −x."""
    return Interval(-a.high, -a.low, a.high_open, a.low_open)


def add(a: Interval, b: Interval) -> Interval:
    """Give the interval of x + y."""
    return Interval(a.low + b.low, a.high + b.high, a.low_open or b.low_open, a.high_open or b.high_open)


def multiply(a: Interval, b: Interval) -> Interval:
    """Give the interval of x y."""
    ends = [
        _end_product(x, x_open, y, y_open)
        for x, x_open in ((a.low, a.low_open), (a.high, a.high_open))
        for y, y_open in ((b.low, b.low_open), (b.high, b.high_open))
    ]
    low = min(end for end, _ in ends)
    high = max(end for end, _ in ends)
    low_open = all(is_open for end, is_open in ends if end == low)
    high_open = all(is_open for end, is_open in ends if end == high)
    # A zero that one factor reaches is reached whatever the other is, though no two ends may have made it.
    if a.holds(ZERO) or b.holds(ZERO):
        low_open, high_open = low_open and low != 0, high_open and high != 0
    return Interval(low, high, low_open, high_open)


def _end_product(x: Exact, x_open: bool, y: Exact, y_open: bool) -> tuple[Exact, bool]:
    if x == 0 or y == 0:
        return ZERO, (x_open if x == 0 else y_open) and (y_open if y == 0 else x_open)
    return x * y, x_open or y_open


def divide(a: Interval, b: Interval) -> Interval:
    """Give the interval of x / y; y must not hold zero, though zero may be an open end of it."""
    return multiply(a, _reciprocal(b))


def _reciprocal(b: Interval) -> Interval:
    if b.low < 0:
        return negate(_reciprocal(negate(b)))
    high: Exact = inf if b.low == 0 else 1 / b.low
    low: Exact = ZERO if b.high == inf else 1 / b.high
    return Interval(low, high, b.high_open or b.high == inf, b.low_open or b.low == 0)


def intersection(a: Interval, b: Interval) -> Interval:
    """Give what two intervals have in common, perhaps an empty interval."""
    low, low_open = max((a.low, a.low_open), (b.low, b.low_open))
    high, high_closed = min((a.high, not a.high_open), (b.high, not b.high_open))
    return Interval(low, high, low_open, not high_closed)


def hull(a: Interval, b: Interval) -> Interval:
    """Give the least interval that holds both."""
    if a.is_empty or b.is_empty:
        return b if a.is_empty else a
    low, low_open = min((a.low, a.low_open), (b.low, b.low_open))
    high, high_closed = max((a.high, not a.high_open), (b.high, not b.high_open))
    return Interval(low, high, low_open, not high_closed)


def whole(a: Interval) -> Interval:
    """Give the interval between the least and the greatest integer of an interval."""
    low, high = a.low, a.high
    if low != -inf:
        least = ceil(low)
        low = Fraction(least + (a.low_open and least == a.low))
    if high != inf:
        most = floor(high)
        high = Fraction(most - (a.high_open and most == a.high))
    return Interval(low, high, low == -inf, high == inf)


def shortened(a: Interval) -> Interval:
    """Move ends with long denominators outward to short ones, so that repeated steps stay cheap."""
    low, high = a.low, a.high
    low_open, high_open = a.low_open, a.high_open
    if isinstance(low, Fraction) and low.denominator.bit_length() > LONG:
        low, low_open = _short(low, floor), True
    if isinstance(high, Fraction) and high.denominator.bit_length() > LONG:
        high, high_open = _short(high, ceil), True
    return Interval(low, high, low_open, high_open)


def _short(number: Fraction, rounding: object) -> Fraction:
    size = number.denominator.bit_length() - abs(number.numerator).bit_length()
    scale = 1 << max(KEPT + size, KEPT)
    scaled = number * scale
    units = floor(scaled) if rounding is floor else ceil(scaled)
    return Fraction(units, scale)
