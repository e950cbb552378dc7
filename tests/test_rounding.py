"""Rounding against its definitions: exact, adding up, margins kept or an honest refusal."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import reference.rounding as twin
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import finite, value_columns

import xxmfg as xm

MODES = ("half_even", "half_up", "down")
decimals = st.integers(-9, 9)
halves = st.builds(lambda units, digits: Fraction(units, 2) / 10**digits, st.integers(-999, 999), st.integers(0, 6))


@settings(max_examples=400, deadline=None)
@given(value=finite | halves.map(float), digits=decimals, mode=st.sampled_from(MODES))
def test_figures_are_rounded_as_the_rationals_that_they_are(value, digits, mode):
    """The result is the double nearest to the exact rounding of the exact double, never a negative zero."""
    expected = twin.nearest(Fraction(value), digits, mode)
    (rounded,) = xm.round_figures([value], digits, mode).tolist()
    assert expected.numerator / expected.denominator == rounded
    assert rounded != 0 or math.copysign(1, rounded) == 1


@given(value=halves, digits=st.integers(-2, 7), mode=st.sampled_from(MODES))
def test_decimals_and_fractions_are_taken_exactly(value, digits, mode):
    """A half that no double holds is a half."""
    expected = float(twin.nearest(value, digits, mode))
    assert [expected] == xm.round_figures([value], digits, mode).tolist()
    tenths = Decimal(value.numerator) / Decimal(value.denominator)
    assert [expected] == xm.round_figures([tenths], digits, mode).tolist()


def test_the_modes_differ_at_halves():
    """GB/T 8170 goes to the even digit, the press away from zero, truncation towards it."""
    values = [Decimal(text) for text in ("2.675", "-2.665", "0.005", "1.0149")]
    assert [2.68, -2.66, 0.0, 1.01] == xm.round_figures(values, 2).tolist()
    assert [2.68, -2.67, 0.01, 1.01] == xm.round_figures(values, 2, "half_up").tolist()
    assert [2.67, -2.66, 0.0, 1.01] == xm.round_figures(values, 2, "down").tolist()
    assert [2.67] == xm.round_figures([2.675], 2, "half_up").tolist()  # the double is 2.67499999999999982236431605997


@given(column=st.integers(0, 12).flatmap(value_columns))
def test_kinds_of_numbers(column):
    """Integers stay integers, missing stays missing, infinities stay."""
    rounded = xm.round_figures(column, 0)
    entries = column.tolist()
    given_as = int if rounded.dtype.kind in "iu" else float  # beside a missing one 2^53 + 1 is the nearest double
    assert len(entries) == len(rounded)
    for entry, result in zip(entries, rounded.tolist(), strict=True):
        if entry is None or math.isnan(entry):
            assert math.isnan(result)
        elif math.isinf(entry):
            assert entry == result
        else:
            assert given_as(round(entry)) == result
    if column.dtype.kind in "iub" and None not in entries:
        assert rounded.dtype.kind in "iu"


@settings(max_examples=300, deadline=None)
@given(shares=st.lists(st.fractions(-2, 2, max_denominator=60), max_size=9), digits=st.integers(-1, 4))
def test_shares_add_up_to_their_rounded_sum(shares, digits):
    """Largest remainder: the twin's numbers, whose sum is the rounded sum; the adjusted ones are marked."""
    expected = twin.shares_that_add_up(shares, digits)
    table = xm.round_shares(shares, digits)
    assert [float(number) for number in expected] == table["rounded"].tolist()
    assert sum(expected) == twin.nearest(sum(shares, Fraction(0)), digits)
    plain = [twin.nearest(share, digits) for share in shares]
    assert [number != usual for number, usual in zip(expected, plain, strict=True)] == table["adjusted"].tolist()


PUBLISHED_SHARES = [
    ([13.626332, 47.989636, 9.596008, 28.788024], 0, [14, 48, 9, 29]),
    ([Fraction(part, 255) for part in (92, 93, 70)], 2, [0.36, 0.37, 0.27]),
    ([Fraction(360 * part, 39) for part in (15, 12, 10, 2)], 0, [139, 111, 92, 18]),
    ([20.5, 60.3, 19.2], 0, [21, 60, 19]),
    ([Fraction(100 * part, 17) for part in (12, 4, 1)], 0, [71, 23, 6]),
]


@pytest.mark.parametrize(("shares", "digits", "expected"), PUBLISHED_SHARES)
def test_published_examples_of_the_largest_remainder(shares, digits, expected):
    """Worked examples of largest-remainder packages and seat tables, to the unit."""
    assert expected == xm.round_shares(shares, digits)["rounded"].tolist()


def test_a_missing_share_stays_missing():
    """It counts for nothing, and the others add up."""
    table = xm.round_shares([0.5, math.nan, 0.4986], 2)
    assert [0.5, None, 0.5] == [None if math.isnan(entry) else entry for entry in table["rounded"].tolist()]
    assert [False, False, False] == table["adjusted"].tolist()


cells = st.integers(1, 3).flatmap(
    lambda n: st.lists(
        st.lists(st.integers(-30, 90).map(lambda units: Fraction(units, 8)), min_size=n, max_size=n),
        min_size=1,
        max_size=3,
    )
)


@settings(max_examples=200, deadline=None)
@given(table=cells, margins=st.sampled_from(("nearest", "adjacent")))
def test_tables_are_rounded_as_near_as_margins_allow(table, margins):
    """Of all tables of neighbors, the least distance; with nearest margins a refusal exactly where there is none."""
    expected = twin.least_distance(table, margins == "adjacent")
    doubles = [[float(cell) for cell in row] for row in table]
    if expected is None:
        with pytest.raises(xm.XxmfgError, match="values: "):
            xm.round_table(doubles, 0)
        return
    result = xm.round_table(doubles, 0, margins=margins)
    rounded = result["rounded"].reshape(len(table), -1)
    distance = np.abs(rounded - np.array(doubles)).sum()
    assert float(expected[1]) == distance
    lines = [*table, *zip(*table, strict=True), [cell for row in table for cell in row]]
    sums = [*rounded.sum(axis=1), *rounded.sum(axis=0), rounded.sum()]
    assert all(abs(total - float(sum(line))) < 1 for total, line in zip(sums, lines, strict=True))
    moved = sum(total != twin.nearest(sum(line), 0) for total, line in zip(sums, lines, strict=True))
    assert expected[0] == moved
    assert bool(moved) == bool(result.note)
    plain = [float(twin.nearest(cell, 0)) for row in table for cell in row]
    assert [a != b for a, b in zip(plain, rounded.ravel().tolist(), strict=True)] == result["adjusted"].tolist()


def test_large_tables_are_rounded_in_decimals():
    """A hundred by eighty cells: every cell a neighbor, every margin adds up, two runs alike."""
    values = np.random.default_rng(8).lognormal(3, 2, (100, 80))
    result = xm.round_table(values, 1, margins="adjacent")
    rounded = result["rounded"].reshape(values.shape)
    assert np.abs(rounded - values).max() < 0.1
    for axis in (0, 1):
        assert np.abs(rounded.sum(axis=axis) - values.sum(axis=axis)).max() < 0.1 + 1e-9
    assert abs(rounded.sum() - values.sum()) < 0.1 + 1e-6
    assert result.equals(xm.round_table(values, 1, margins="adjacent"))


REFUSED = [
    (lambda: xm.round_figures([1.5], 0, "up"), "mode must be one of half_even, half_up, down, not 'up'"),
    (lambda: xm.round_figures([1.5], 1101), "digits must be between -1100 and 1100, not 1101"),
    (lambda: xm.round_shares([0.5, math.inf], 2), "shares: number 1 is infinite"),
    (lambda: xm.round_table([1.5], 0), "values must be 2-D with a cell at least, got 1 dimensions of shape (1,)"),
    (lambda: xm.round_table([[]], 0), "values must be 2-D with a cell at least, got 2 dimensions of shape (1, 0)"),
    (
        lambda: xm.round_table([[1.0, math.nan]], 0),
        "values: row 0, column 1 is missing: a table is rounded whole",
    ),
    (lambda: xm.round_table([[1.0, -math.inf]], 0), "values, row 0: number 1 is infinite"),
    (lambda: xm.round_table([[1.0]], 0, margins="any"), 'margins must be "nearest" or "adjacent", not \'any\''),
    (
        lambda: xm.round_table([[0.4], [0.4], [0.4]], 0),
        "values: the rounded row sums add up to 0, the rounded column sums to 1, the rounded total is 1: no table has "
        'them all; margins="adjacent" lets a margin be its other neighbor',
    ),
]


@pytest.mark.parametrize(("call", "sentence"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_rounded_is_refused(call, sentence):
    """The sentence names the argument, the place and what would be right."""
    with pytest.raises(ValueError) as raised:  # noqa: PT011 -- the whole sentence is compared
        call()
    assert sentence == str(raised.value)


def test_wrong_kinds_are_type_errors():
    """Text is no number, half a digit no digit; what does not fit names its row."""
    with pytest.raises(TypeError, match="values must be numbers"):
        xm.round_figures(["1.5"], 0)
    with pytest.raises(TypeError, match="values must be numbers, but one is str"):
        xm.round_figures([Decimal("1.5"), "x"], 0)
    with pytest.raises(TypeError, match=r"digits must be a whole number, not 1\.5"):
        xm.round_shares([0.5], 1.5)
    with pytest.raises(OverflowError, match="values: row 1: 9223372036854775810 does not fit int64: give floats"):
        xm.round_figures([0, 2**63 - 1], -1)
    with pytest.raises(OverflowError, match="values: row 0 rounds to a number that does not fit a double"):
        xm.round_figures([1.7e308], -308)


def test_records_round_by_name():
    """The methods give what the functions give."""
    r = xm.Records({"output": [0.126, 0.874]})
    assert xm.round_figures(r["output"], 2).tolist() == r.round_figures("output", 2).tolist()
    assert xm.round_shares(r["output"], 1).equals(r.round_shares("output", 1))
