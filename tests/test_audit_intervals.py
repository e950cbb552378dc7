"""Interval arithmetic holds every result of its members, and its open ends are reached by none."""

from fractions import Fraction
from math import inf

from hypothesis import assume, given
from hypothesis import strategies as st

from xxmfg.audit import intervals
from xxmfg.audit.intervals import (
    FREE,
    Interval,
    add,
    divide,
    hull,
    intersection,
    multiply,
    negate,
    point,
    shortened,
    whole,
)

small = st.integers(-6, 6).map(lambda units: Fraction(units, 2))


@st.composite
def ranges(draw):
    """Give intervals, some open, some infinite, none empty."""
    low, high = sorted((draw(small), draw(small)))
    low_open, high_open = (draw(st.booleans()), draw(st.booleans())) if low < high else (False, False)
    low, low_open = (-inf, True) if draw(st.integers(0, 9)) == 0 else (low, low_open)
    high, high_open = (inf, True) if draw(st.integers(0, 9)) == 0 else (high, high_open)
    return Interval(low, high, low_open, high_open)


def members(interval):
    """Give numbers of an interval, as near to its ends as may be."""
    low = Fraction(-100) if interval.low == -inf else interval.low
    high = Fraction(100) if interval.high == inf else interval.high
    steps = [low, low + (high - low) / 1000, (low + high) / 2, high - (high - low) / 1000, high, Fraction(0)]
    return [step for step in steps if interval.holds(step)]


@given(a=ranges(), b=ranges())
def test_results_of_members_are_in_the_interval(a, b):
    """Sums, products, negatives and quotients of members are members of the result."""
    for x in members(a):
        assert negate(a).holds(-x)
        for y in members(b):
            assert add(a, b).holds(x + y)
            assert multiply(a, b).holds(x * y)
            if not b.holds(Fraction(0)):
                assert divide(a, b).holds(x / y)


@given(a=ranges(), b=ranges())
def test_finite_ends_of_products_are_reached_unless_open(a, b):
    """A closed end of a product is the product of two members; of an open one there is none."""
    assume(all(abs(end) != inf for end in (*a[:2], *b[:2])))
    product = multiply(a, b)
    corners = [x * y for x in members(a) for y in members(b)]
    assert product.low_open == (product.low not in corners)
    assert product.high_open == (product.high not in corners)


@given(a=ranges(), b=ranges(), x=small)
def test_intersection_and_hull(a, b, x):
    """What is in both is in the intersection, what is in either in the hull."""
    assert intersection(a, b).holds(x) == (a.holds(x) and b.holds(x))
    assert hull(a, b).holds(x) >= (a.holds(x) or b.holds(x))


@given(a=ranges())
def test_integers_of_an_interval(a):
    """The least and the greatest integer of an interval, or none."""
    found = whole(a)
    integers = [number for number in range(-4, 5) if a.holds(Fraction(number))]
    assert integers == [number for number in range(-4, 5) if found.holds(Fraction(number))]
    if all(abs(end) != inf for end in a[:2]):
        assert found.is_empty == (not integers)


def test_long_denominators_are_moved_outward():
    """A bound of thousands of digits becomes a near one outside."""
    long = Fraction(1, 3**2000)
    short = shortened(Interval(1 + long, 2 + long))
    assert 1 <= short.low < 1 + long
    assert 2 + long < short.high < 2 + Fraction(1, 2**100)
    assert short.low.denominator.bit_length() < 300
    assert point(Fraction(1, 3)) == shortened(point(Fraction(1, 3)))
    assert FREE == shortened(FREE)
    tiny = shortened(Interval(-long, long))
    assert -2 * long < tiny.low <= -long
    assert intervals.ZERO < tiny.high < 2 * long
