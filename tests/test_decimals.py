"""Columns of decimal128: read where they lie, added exactly, rounded once."""

import itertools
import math
import tracemalloc
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from compare import shown, shown_column
from hypothesis import given
from hypothesis import strategies as st
from reference.aggregating import decimal_statistic
from reference.rational import nearest, quotient

import xxmfg as xm

STATS = ("count", "missing", "sum", "mean", "min", "max", "share")
OF_DOUBLES = ("var", "std", "median", "q90", "first", "last")


def decimals(units, precision, scale):
    """Give whole numbers of units of 10^-scale as an Arrow array, by its buffers; None is null."""
    words = b"".join((0 if count is None else count).to_bytes(16, "little", signed=True) for count in units)
    valid = np.packbits([count is not None for count in units], bitorder="little").tobytes()
    buffers = [pa.py_buffer(valid), pa.py_buffer(words)]
    return pa.Array.from_buffers(pa.decimal128(precision, scale), len(units), buffers)


@st.composite
def columns(draw):
    """Draw a precision, a scale, units, the groups of rows and where chunks end."""
    precision, scale = draw(st.integers(1, 38)), draw(st.integers(-38, 38))
    most = 10**precision - 1
    units = draw(st.lists(st.none() | st.integers(-most, most), min_size=1, max_size=40))
    groups = draw(st.lists(st.integers(0, 3), min_size=len(units), max_size=len(units)))
    ends = sorted(draw(st.lists(st.integers(0, len(units)), max_size=3)))
    return precision, scale, units, groups, ends


@given(drawn=columns(), skipped=st.integers(0, 9))
def test_decimals_are_added_exactly_in_every_cut(drawn, skipped):
    """Sums, means and shares are those of the fractions, all else that of nearest doubles, in slices and chunks."""
    precision, scale, units, groups, ends = drawn
    whole = decimals([*units[:1] * skipped, *units], precision, scale).slice(skipped)
    edges = [0, *ends, len(units)]
    pieces = [whole.slice(low, high - low) for low, high in itertools.pairwise(edges)]
    unit = Fraction(10) ** -scale
    doubles = np.array([math.nan if count is None else nearest(count * unit) for count in units])
    labels = sorted(set(groups))
    expected = {"key": labels}
    for stat in STATS:
        expected[stat] = [
            decimal_statistic(stat, [u for u, g in zip(units, groups, strict=True) if g == label], scale, units)
            for label in labels
        ]
    for column in (whole, pa.chunked_array(pieces, type=whole.type)):
        assert shown(expected) == shown(xm.aggregate(column, by=groups, stats=STATS))
        found = xm.aggregate(column, by=groups, stats=OF_DOUBLES)
        assert shown(xm.aggregate(doubles, by=groups, stats=OF_DOUBLES)) == shown(found)
        assert shown_column(xm.share_of(doubles, groups)) == shown_column(xm.share_of(column, groups))
    backwards = xm.aggregate(whole.take(pa.array(range(len(units))[::-1])), by=groups[::-1], stats=STATS)
    assert shown(expected) == shown(backwards)


def laid(drawn, skipped):
    """Give drawn decimals as one array, a slice, and in chunks; and the exact numbers."""
    precision, scale, units, _, ends = drawn
    whole = decimals([*units[:1] * skipped, *units], precision, scale).slice(skipped)
    pieces = [whole.slice(low, high - low) for low, high in itertools.pairwise([0, *ends, len(units)])]
    exact = [None if count is None else count * Fraction(10) ** -scale for count in units]
    return (whole, pa.chunked_array(pieces, type=whole.type)), exact


def sums_by(codes, exact):
    """Give the exact sum of each code."""
    sums = dict.fromkeys(codes, Fraction(0))
    for code, number in zip(codes, exact, strict=True):
        sums[code] += number or 0
    return sums


@given(drawn=columns(), skipped=st.integers(0, 9))
def test_shares_and_ratios_of_decimals_are_of_exact_sums(drawn, skipped):
    """Shares and ratios of groups come of the fractions, from slices and chunks with nulls."""
    groups = drawn[3]
    laid_out, exact = laid(drawn, skipped)
    sums = sums_by(groups, exact)
    own = {g: nearest(sums[g]) for g in sorted(sums)}
    parents = sums_by([g // 2 for g in groups], exact)
    weights = [i + 1 for i in range(len(groups))]
    over = {g: float(n) for g, n in sums_by(groups, weights).items()}
    for column in laid_out:
        shares = xm.share(column, by=groups)
        assert shown_column(own.values()) == shown_column(shares["sum"])
        total = nearest(sum(sums.values()))
        assert shown_column(quotient(own[g], total) for g in own) == shown_column(shares["share"])
        nested = xm.share(column, by=groups, within=[g // 2 for g in groups])["share"]
        assert shown_column(quotient(own[g], nearest(parents[g // 2])) for g in own) == shown_column(nested)
        above, below = xm.ratio(column, weights, by=groups), xm.ratio(weights, column, by=groups)
        assert shown_column(quotient(own[g], over[g]) for g in own) == shown_column(above["ratio"])
        assert shown_column(quotient(over[g], own[g]) for g in own) == shown_column(below["ratio"])
        each = xm.ratio(column, xm.distinct(np.zeros(len(groups))), by=groups)["ratio"]
        assert shown_column(own.values()) == shown_column(each)


@given(drawn=columns(), skipped=st.integers(0, 9))
def test_growth_of_decimals_is_of_exact_sums(drawn, skipped):
    """Changes, rates, contributions and pulls of groups come of the fractions, each rounded once."""
    groups = drawn[3]
    laid_out, exact = laid(drawn, skipped)
    years = [i % 2 for i in range(len(groups))]
    cells = sums_by(list(zip(groups, years, strict=True)), exact)
    for column in laid_out:
        grown = xm.growth(column, years, by=groups)
        counted = (grown["period"] == 1) & ~np.isnan(grown["change"].astype(float))
        names = grown["key"][counted].tolist()
        now, then = ([cells.get((g, year), Fraction(0)) for g in names] for year in (1, 0))
        change = [nearest(after - before) for after, before in zip(now, then, strict=True)]
        whole, base = nearest(sum(now) - sum(then)), nearest(sum(then))
        bases = [nearest(before) if before > 0 else 0.0 for before in then]
        expected = {
            "value": [nearest(after) for after in now],
            "change": change,
            "rate": [quotient(*pair) for pair in zip(change, bases, strict=True)],
            "contribution": [quotient(own, whole) for own in change],
            "pull": [quotient(own, max(base, 0.0)) for own in change],
        }
        assert shown(expected) == shown({name: grown[name][counted] for name in expected})


@given(drawn=columns())
def test_other_measures_take_the_nearest_doubles(drawn):
    """Leaders, concentration, growth of records and its decomposition are those of the nearest doubles."""
    groups = drawn[3]
    (column, _), exact = laid(drawn, 0)
    doubles = np.array([math.nan if number is None else nearest(number) for number in exact])
    rows, years = np.arange(len(groups)) // 2, np.arange(len(groups)) % 2
    measures = (
        lambda values: xm.top(values, 2, by=groups),
        lambda values: xm.concentration(values, by=groups),
        lambda values: xm.decompose_growth(values, rows, years),
    )
    for measure in measures:
        assert shown(measure(doubles)) == shown(measure(column))
    assert shown_column(xm.growth_of(doubles, rows, years)) == shown_column(xm.growth_of(column, rows, years))


def test_growth_of_decimals_beyond_doubles():
    """Changes, rates and averages of sums that doubles would lose are right, as is a share of nothing but cents."""
    large = "90071992547409920.00"
    values = [Decimal(text) for text in (large, "0.10", "-" + large, "0.20", large, "0.40", "-" + large, "0.60")]
    column = pa.array(values, pa.decimal128(20, 2))
    years = [2018] * 4 + [2019] * 4
    grown = xm.growth(column, years)
    assert [0.3, 1.0] == grown["value"].tolist()
    assert 0.7 == grown["change"][1]
    assert 0.7 / 0.3 == grown["rate"][1]
    assert [1.0 / 0.3 - 1] == xm.average_growth(column, years, 2018, 2019)["rate"].tolist()
    assert [0.3 / 1.3, 1.0 / 1.3] == xm.share(column, by=years)["share"].tolist()
    assert [0.3] == xm.ratio(column[:4], pa.array([Decimal("1.00")] * 4, pa.decimal128(5, 2)))["numerator"].tolist()


def test_decimals_of_three_libraries_and_of_objects():
    """Where doubles cannot hold decimals their sum is right, from pyarrow, Polars and pandas; keys stay apart."""
    values = [Decimal("90071992547409.93"), None, Decimal("0.10"), Decimal("0.20"), Decimal("-90071992547409.93")]
    arrow = pa.array(values, pa.decimal128(20, 2))
    keys = ["a", "a", "a", "b", "a"]
    for column in (
        arrow,
        pl.Series(values, dtype=pl.Decimal(20, 2)),
        pd.Series(arrow, dtype=pd.ArrowDtype(arrow.type)),
    ):
        found = xm.aggregate(column, by=keys, stats=("sum", "count", "missing"), total=True)
        assert found["sum"].tolist() == [0.1, 0.2, 0.3]
        assert found["missing"].tolist() == [1, 0, 1]
    assert xm.aggregate({"x": arrow, "y": [1, 2, 3, 4, 5]}, by=keys, stats="sum")["y_sum"].tolist() == [11, 4]
    with pytest.raises(ValueError, match="one float64"):
        xm.aggregate([1, 2], by=pa.array([10**20, 10**20 + 1], pa.decimal128(38, 0)))


def test_sums_of_decimals_do_not_overflow():
    """Sums that leave 128 bits are right: their halves are added apart."""
    most = 10**38 - 1
    found = xm.aggregate(decimals([most] * 5000 + [-most] * 4000, 38, 0), stats=("sum", "mean"))
    assert found["sum"].tolist() == [float(1000 * most)]
    assert found["mean"].tolist() == [float(1000 * most) / 9000]


def test_decimals_are_not_copied():
    """What is allocated does not grow with the rows, also where groups are many or few."""
    column = decimals(range(1000), 18, 2)
    many = pa.concat_arrays([column] * 400)
    keys = np.tile(np.arange(8), 50_000)
    xm.aggregate(column, by=keys[:1000], stats=STATS)
    tracemalloc.start()
    xm.aggregate(many, by=keys, stats=("count", "sum", "mean", "max"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000
