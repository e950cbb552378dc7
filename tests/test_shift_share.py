"""Shift-share against its slow twin, and its laws."""

import math

import numpy as np
import pytest
import reference
from compare import shown
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import listed, seeds, structures

import xxmfg as xm

NAMES = ("change", "national", "mix", "competitive", "homothetic", "allocation")


def close(expected, scale=1.0):
    """Give figures to compare with, to 12 digits of the scale of the table."""
    return pytest.approx(expected, rel=1e-12, abs=1e-12 * max(scale, 1), nan_ok=True)


def figures(table):
    """Give the parts of each row."""
    return [list(row) for row in zip(*(table[name].tolist() for name in NAMES), strict=True)]


@st.composite
def panels(draw):
    """Give a structure with years 2018 to 2020, and sometimes missing values; 2018 and 2020 occur."""
    values, region, industry = draw(structures())
    year = np.array(draw(listed(st.integers(2018, 2020), len(values))), dtype=np.int64)
    values, region, industry = np.append(values, [3, 4]), np.append(region, ["d", "d"]), np.append(industry, [1, 1])
    year = np.append(year, [2018, 2020])
    if draw(st.booleans()):
        values = values.astype(np.float64)
        values[draw(st.integers(0, len(values) - 1))] = np.nan
    return values, region, industry, year


def assert_figures(expected, table, values):
    """Compare the rows of a twin with a table; sums of rates may lose digits of the largest value over the least."""
    pairs = list(zip(table["region"].tolist(), table["industry"].tolist(), strict=True))
    assert list(expected) == pairs
    there = values[values > 0]
    scale = float(there.max()) ** 2 / float(there.min()) if len(there) else 1.0
    for line, actual in zip(expected.values(), figures(table), strict=True):
        assert close(line, scale) == actual


@settings(max_examples=200, deadline=None)
@given(panel=panels())
def test_shift_share_equals_its_slow_twin(panel):
    """Every part is that of the formula: entrants, exits, industries without a base and missing values included."""
    table = xm.shift_share(*panel, 2018, 2020)
    assert_figures(reference.shift_share(*panel, 2018, 2020), table, panel[0])


@settings(max_examples=100, deadline=None)
@given(panel=panels(), seed=seeds)
def test_a_wider_area_takes_the_place_of_the_sum(panel, seed):
    """With a reference its records give the growth of all and of each industry."""
    generator = np.random.default_rng(seed)
    kinds = np.tile(np.arange(1, 6), 2)
    wide = generator.integers(0, 5000, 10), kinds, np.repeat([2018, 2020], 5)
    expected = reference.shift_share(*panel, 2018, 2020, wide)
    table = xm.shift_share(*panel, 2018, 2020, reference=wide)
    assert_figures(expected, table, np.concatenate([panel[0], wide[0]]))
    order = generator.permutation(10)
    again = xm.shift_share(*panel, 2018, 2020, reference=tuple(column[order] for column in wide))
    assert shown(table) == shown(again)


@settings(max_examples=100, deadline=None)
@given(panel=panels(), seed=seeds)
def test_no_bit_depends_on_the_order_of_records(panel, seed):
    """Shuffled records give the same table, bit for bit."""
    order = np.random.default_rng(seed).permutation(len(panel[0]))
    shuffled = xm.shift_share(*(column[order] for column in panel), 2018, 2020)
    assert shown(xm.shift_share(*panel, 2018, 2020)) == shown(shuffled)


@settings(max_examples=100, deadline=None)
@given(panel=panels())
def test_parts_add_up_to_the_change(panel):
    """National + mix + competitive is the change, homothetic + allocation the competitive part."""
    table = xm.shift_share(*panel, 2018, 2020)
    scale = float(np.nanmax(panel[0])) ** 2
    for change, national, mix, competitive, homothetic, allocation in figures(table):
        if not math.isnan(mix):
            assert close(change, scale) == math.fsum([national, mix, competitive])
        if not math.isnan(homothetic):
            assert close(competitive, scale) == homothetic + allocation


@settings(max_examples=60, deadline=None)
@given(panel=panels())
def test_competitive_parts_of_an_industry_add_up_to_zero(panel):
    """Against the sum of the regions no industry wins or loses over all of them, and mix adds up to zero."""
    table = xm.shift_share(*panel, 2018, 2020)
    scale = float(np.nanmax(panel[0])) ** 2
    for label in set(table["industry"].tolist()):
        parts = table["competitive"][table["industry"] == label]
        if not np.isnan(parts).all():
            assert close(0, scale) == math.fsum(parts[~np.isnan(parts)].tolist())


def test_an_entrant_is_competitive_altogether():
    """Without a base national and mix are 0, all is competitive, and what needs its own rate is NaN."""
    table = xm.shift_share([10, 20, 5, 20], ["A", "B", "A", "B"], [1, 1, 2, 1], [0, 0, 1, 1], 0, 1)
    assert [-10.0, -10 / 6, -10 / 6] == pytest.approx([table["change"][0], table["national"][0], table["national"][0]])
    entrant = figures(table)[1]
    assert shown({"a": [5.0, 0.0] + [math.nan] * 4}) == shown({"a": entrant})
    both = xm.shift_share([10, 20, 5, 20, 5], ["A", "B", "A", "B", "B"], [1, 1, 2, 1, 2], [0, 0, 1, 1, 0], 0, 1)
    assert shown({"a": [5.0, 0.0, 0.0, 5.0, math.nan, math.nan]}) == shown({"a": figures(both)[1]})


def test_a_cell_without_values_is_left_out_of_the_growth():
    """Where all values of a period are missing the row is NaN, and growth is that of the others."""
    values = [10.0, 10.0, math.nan, 20.0]
    table = xm.shift_share(values, ["A", "B", "A", "B"], [1, 1, 1, 1], [0, 0, 1, 1], 0, 1)
    assert np.isnan(figures(table)[0]).all()
    assert [10.0, 10.0, 0.0, 0.0, 0.0, 0.0] == figures(table)[1]


def test_changes_are_formed_from_exact_sums():
    """1 → 1 + 2⁻⁵⁴ has grown, though both sums round to 1."""
    table = xm.shift_share([1.0, 1.0, 2.0**-54], ["A"] * 3, [1, 1, 1], [0, 1, 1], 0, 1)
    assert 2.0**-54 == table["change"].item() == table["national"].item()


def test_what_is_out_of_range_is_nan():
    """Infinite values, and parts beyond the range of doubles, are NaN, never inf."""
    values = [1e308, 1.0, 1e308, 1e308]
    table = xm.shift_share(values, ["A", "B"] * 2, [1, 2, 1, 2], [0, 0, 1, 1], 0, 1)
    assert not np.isinf(figures(table)).any()
    infinite = xm.shift_share([math.inf, 1.0], ["A", "A"], [1, 1], [0, 1], 0, 1)
    assert np.isnan(figures(infinite)).all()


def test_an_integer_change_beyond_64_bits_raises():
    """A change of integers that does not fit raises and says what would be right."""
    with pytest.raises(OverflowError, match="values: a change does not fit 64 bits; give the integers as floats"):
        xm.shift_share(np.array([1, 2**63 - 1, 2**63 - 1]), ["A"] * 3, [1, 1, 1], [0, 1, 1], 0, 1)


def test_periods_may_be_dates_and_others_stay_aside():
    """datetime64 periods serve; records of other periods, and without one, change nothing, nor need a region."""
    when = np.array(["2018", "2019", "2020", "NaT"], dtype="M8[Y]")
    table = xm.shift_share([1, 3, 7, 9], ["A", "A", None, None], [1, 1, 1, 1], when, np.datetime64("2018"), "2019")
    assert (["A"], [2.0]) == (table["region"].tolist(), table["change"].tolist())
    assert ("region", "industry", *NAMES) == table.columns


VALUES, REGION, INDUSTRY, YEAR = [1, 2, 3], ["A", "A", "B"], [1, 1, 1], [2018, 2019, 2019]
WIDE = ([5, 6], [2, 2], [2018, 2019])
KINDS = [
    ("base", {"base": 2017}, ValueError, "^base: 2017 does not occur among the periods of the values"),
    ("current", {"current": 2020}, ValueError, "^current: 2020 does not occur among the periods of the values"),
    ("no integer", {"base": "x"}, TypeError, "^base must be an integer"),
    ("region", {"region": ["A", None, None]}, ValueError, "^region: 2 records have none"),
    ("industry", {"industry": [1, None, 1]}, ValueError, "^industry: 1 record has none"),
    ("negative", {"values": [1, -2, 3]}, ValueError, "^values: the sum of .*region A.*2019 is negative"),
    ("no triple", {"reference": {1: 2}}, TypeError, r"^reference must be a tuple of \(values, industry, period\)"),
    ("reference lacks", {"reference": WIDE}, ValueError, "^reference: industry 1 occurs among the records"),
    (
        "reference has no base",
        {"reference": ([5], [1], [2019])},
        ValueError,
        "^base: 2018 does not occur among the periods of the reference",
    ),
    ("a period of two", {"period": (YEAR, YEAR)}, TypeError, "^period must be one column"),
]


@pytest.mark.parametrize(("flaw", "kind", "says"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_bad_input_is_named(flaw, kind, says):
    """What is wrong raises, and says which argument, how many records, which cell."""
    good = {"values": VALUES, "region": REGION, "industry": INDUSTRY, "period": YEAR, "base": 2018, "current": 2019}
    with pytest.raises(kind, match=says):
        xm.shift_share(**{**good, **flaw})
