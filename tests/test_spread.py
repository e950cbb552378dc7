"""Means, variances, deviations and quantiles at the ends of the doubles: right wherever the result is one."""

import math
from fractions import Fraction

import numpy as np
import pytest
import reference
from compare import furthest, ulps
from hypothesis import given, settings
from hypothesis import strategies as st

import xxmfg as xm

MAX, TINY = math.ldexp(1 - 2.0**-53, 1024), 5e-324
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
MODERATE = st.floats(-1e3, 1e3)


def exact_mean(values):
    """Give the mean of finite values, rounded once."""
    return reference.nearest(sum(map(Fraction, values)) / len(values))


@settings(max_examples=300, deadline=None)
@given(values=st.lists(FLOATS | st.sampled_from((MAX, -MAX, TINY, 0.0)), min_size=2, max_size=9))
def test_means_and_spreads_of_any_floats(values):
    """Of doubles of any size the mean, the variance and the deviation are right, or 0 and inf where no double is."""
    table = xm.aggregate(np.array(values), stats=("mean", "var", "std"))
    expected = [exact_mean(values), reference.variance(values), reference.deviation(values)]
    tolerance = 8 * len(values) * TINY if min(map(abs, values)) < 1e-280 else 0.0
    for stat, exact in zip(("mean", "var", "std"), expected, strict=True):
        actual = table[stat][0]
        assert ulps(exact, actual) <= 5 or abs(exact - actual) <= tolerance, stat


@settings(max_examples=200, deadline=None)
@given(
    values=st.lists(MODERATE, min_size=4, max_size=30), powers=st.lists(st.integers(-960, 1010), min_size=2, max_size=2)
)
def test_a_power_of_two_scales_a_deviation(values, powers):
    """Values of two groups times powers of two have means and deviations times those powers."""
    column = np.array(values)
    column[np.abs(column) < 1e-9] = 0.0
    table = xm.aggregate(np.concatenate([column] * 2), by=np.repeat([0, 1], len(column)), stats=("mean", "std"))
    scaled = np.concatenate([np.ldexp(column, power) for power in powers])
    result = xm.aggregate(scaled, by=np.repeat([0, 1], len(column)), stats=("mean", "std"))
    for stat in ("mean", "std"):
        expected = [math.ldexp(table[stat][0], power) for power in powers]
        assert furthest(expected, result[stat]) <= 4


@pytest.mark.parametrize(
    ("values", "mean", "std"),
    [
        ([1.5e154, -1.5e154], 0.0, 2.1213203435596424e154),
        ([MAX, MAX], MAX, 0.0),
        ([MAX, MAX, MAX / 2], MAX / 6 * 5, MAX / 2 / math.sqrt(3)),
        ([MAX / 2, -MAX / 2], 0.0, MAX / 2 * math.sqrt(2)),
        ([2e-170, 4e-170], 3e-170, math.sqrt(2) * 1e-170),
        ([TINY, -TINY, TINY], 0.0, TINY),
    ],
)
def test_spreads_whose_squares_are_no_doubles(values, mean, std):
    """Squares beyond the doubles used to make a deviation inf or 0 and a sum beyond them the mean inf."""
    table = xm.aggregate(values, stats=("mean", "std"))
    assert ulps(mean, table["mean"][0]) <= 1
    assert ulps(std, table["std"][0]) <= 4


QUANTILES = [
    ([1.0, math.inf], {"q0": 1.0, "q10": math.inf, "median": math.inf, "q90": math.inf, "q100": math.inf}),
    ([0.0, math.inf], {"q10": math.inf, "median": math.inf, "q90": math.inf}),
    ([-math.inf, 0.0], {"q10": -math.inf, "median": -math.inf, "q90": -math.inf, "q100": 0.0}),
    ([-math.inf, math.inf], {"q0": -math.inf, "q10": math.nan, "median": math.nan, "q100": math.inf}),
    ([1.0, 2.0, math.inf], {"q25": 1.5, "median": 2.0, "q75": math.inf}),
    ([1.0, math.inf, math.inf], {"median": math.inf, "q75": math.inf}),
    ([-math.inf, 1.0, 3.0, 5.0, math.inf], {"q25": 1.0, "median": 3.0, "q75": 5.0, "q37.5": 2.0}),
    ([-MAX, MAX], {"q0": -MAX, "median": 0.0, "q100": MAX}),
]


@pytest.mark.parametrize(("values", "expected"), QUANTILES)
def test_quantiles_beside_infinity(values, expected):
    """Between a number and inf lies inf, between -inf and inf nothing; what falls on a number is that number.

    The formula as it is usually written, high - (high - low) * part, used to give NaN from the median up.
    """
    table = xm.aggregate(values, stats=tuple(expected))
    np.testing.assert_equal({stat: table[stat][0] for stat in expected}, expected)
