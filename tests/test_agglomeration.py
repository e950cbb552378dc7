"""Ellison–Glaeser's and Maurel–Sédillot's indices and coagglomeration against their slow twins, and their laws."""

import math

import numpy as np
import pytest
import reference
from compare import rows_of, shown
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import seeds, structures

import xxmfg as xm

NAMES = ("n", "raw", "herfindahl", "gamma", "maurel_sedillot")
areas = st.fixed_dictionaries({name: st.integers(0, 5000) for name in ("丙", "乙", "甲", "d", "e")})


def close(expected, *columns):
    """Give figures to compare with, to 12 digits; what 1 − Σ x² or 1 − H nearly cancel loses as many as they do."""
    slack = 1e-12
    for values in columns:
        there = np.asarray(values, dtype=np.float64)
        there = there[there > 0]
        slack *= float(there.sum() / there.min()) if len(there) else 1
    return pytest.approx(expected, rel=max(1e-12, slack), abs=max(1e-12, slack), nan_ok=True)


def assert_figures(expected, table, *columns):
    """Compare the rows of a twin with a table."""
    assert list(expected) == table["industry"].tolist()
    for line, *actual in zip(expected.values(), *(table[name].tolist() for name in NAMES), strict=True):
        assert close(line[:3]) == actual[:3]
        if line[2] < 1 - 1e-15 or line[2] == 1 or math.isnan(line[2]):  # else H rounds to 1, and the rest to NaN
            assert close(line[3:], *columns) == actual[3:]


@settings(max_examples=200, deadline=None)
@given(records=structures())
def test_ellison_glaeser_equals_its_slow_twin(records):
    """With the plants themselves as the reference every column is that of the formula."""
    assert_figures(reference.ellison_glaeser(*records), xm.ellison_glaeser(*records), records[0], records[0])


@settings(max_examples=150, deadline=None)
@given(records=structures(), area=areas)
def test_ellison_glaeser_with_a_reference_equals_its_slow_twin(records, area):
    """With a declared reference its regions count, those without plants too."""
    assume(sum(area.values()) > 0)
    table = xm.ellison_glaeser(*records, reference=area)
    assert_figures(reference.ellison_glaeser(*records, area), table, records[0], list(area.values()))


@settings(max_examples=100, deadline=None)
@given(records=structures(), seed=seeds)
def test_no_bit_depends_on_the_order_of_records(records, seed):
    """Shuffled records give the same tables, bit for bit."""
    order = np.random.default_rng(seed).permutation(len(records[0]))
    shuffled = tuple(column[order] for column in records)
    assert shown(xm.ellison_glaeser(*records)) == shown(xm.ellison_glaeser(*shuffled))
    group = records[2] % 2
    assert shown(xm.coagglomeration(*records, group)) == shown(xm.coagglomeration(*shuffled, group[order]))


@settings(max_examples=60, deadline=None)
@given(records=structures(), seed=seeds)
def test_each_group_is_a_table_of_its_own(records, seed):
    """With by, each group has its own plants, industries and reference."""
    year = np.random.default_rng(seed).integers(2018, 2021, len(records[0]))
    expected = [
        (y, *row)
        for y in np.unique(year).tolist()
        for row in rows_of(xm.ellison_glaeser(*(c[year == y] for c in records)))
    ]
    assert expected == rows_of(xm.ellison_glaeser(*records, by={"year": year}))


@settings(max_examples=100, deadline=None)
@given(records=structures())
def test_herfindahl_keeps_its_range(records):
    """Σ z² lies between 1 / n and 1, G in [0, 2]."""
    table = xm.ellison_glaeser(*records)
    known = ~np.isnan(table["herfindahl"])
    n, herfindahl = table["n"][known], table["herfindahl"][known]
    assert (herfindahl <= 1).all()
    assert (herfindahl * n >= 1 - 1e-12).all()
    assert ((table["raw"][known] >= 0) & (table["raw"][known] <= 2)).all()


@settings(max_examples=150, deadline=None)
@given(records=structures(), area=areas)
def test_coagglomeration_equals_its_slow_twin(records, area):
    """The short form has the values of the long one, in which the plants' Herfindahl indices stand."""
    if len(records[0]):
        both = records[0], records[0]
        assert close(reference.coagglomeration(*records), *both) == xm.coagglomeration(*records)["gamma_c"].item()
        expected = close(reference.coagglomeration(*records, area), records[0], list(area.values()))
        assert expected == xm.coagglomeration(*records, reference=area)["gamma_c"].item()


@settings(max_examples=100, deadline=None)
@given(records=structures())
def test_groups_share_the_reference_of_all(records):
    """Each group of industries is measured against the sum of all values given."""
    group, whole = records[2] // 3, reference.matrix(*records)
    table = xm.coagglomeration(*records, {"kind": group})
    assert np.unique(group).tolist() == table["kind"].tolist()
    for label, gamma in zip(table["kind"].tolist(), table["gamma_c"].tolist(), strict=True):
        part = (column[group == label] for column in records)
        assert close(reference.coagglomeration(*part, whole=whole), records[0], records[0]) == gamma


def test_what_has_no_index_is_nan():
    """One plant (H = 1), plants beside it of size zero, one region, and an industry of zero give NaN, never inf."""
    region, industry = ["A", "A", "A", "B", "A", "B"], [1, 2, 2, 2, 3, 4]
    table = xm.ellison_glaeser([5.0, 7.0, 0.0, 0.0, 0.0, 2.0], region, industry)
    assert [1.0, 1.0, 1.0] == table["herfindahl"][[0, 1, 3]].tolist()
    assert [1, 3, 1, 1] == table["n"].tolist()
    for name in ("gamma", "maurel_sedillot"):
        assert np.isnan(table[name]).all()
    assert np.isnan(table["raw"]).tolist() == [False, False, True, False]
    alone = xm.ellison_glaeser([1.0, 2.0], ["A", "A"], [1, 1])
    assert (0.0, True) == (alone["raw"].item(), math.isnan(alone["gamma"].item()))
    assert math.isnan(xm.coagglomeration([1.0, 2.0], ["A", "A"], [1, 2])["gamma_c"].item())
    assert math.isnan(xm.coagglomeration([1.0, 2.0], ["A", "B"], [1, 1])["gamma_c"].item())
    assert math.isnan(xm.coagglomeration([0.0, 0.0], ["A", "B"], [1, 2])["gamma_c"].item())


def test_totals_whose_squares_leave_the_range_are_nan():
    """Sizes of 1e-200 or 1e200 give NaN rather than squares that are zero or infinite; those in between their index."""
    sizes, region, industry = np.array([1.0, 2.0, 3.0, 4.0]), ["A", "B", "A", "B"], [1, 1, 1, 1]
    area = {"A": 1, "B": 3}
    expected = xm.ellison_glaeser(sizes, region, industry, reference=area)["gamma"].item()
    for scale in (2.0**-300, 2.0**400):
        assert expected == xm.ellison_glaeser(sizes * scale, region, industry, reference=area)["gamma"].item()
    for scale in (1e-200, 1e200, math.inf):
        assert math.isnan(xm.ellison_glaeser(sizes * scale, region, industry, reference=area)["herfindahl"].item())


def test_records_that_a_grouping_drops_are_no_plants():
    """A Grouping that leaves regions out leaves their plants out of every column."""
    region = xm.Grouping({"region": ["A", "B", "A", None]}, missing="drop")
    left = xm.ellison_glaeser([1, 2, 3, 50], region, [1, 1, 1, 1])
    expected = xm.ellison_glaeser([1, 2, 3], ["A", "B", "A"], [1, 1, 1])
    assert [close(expected[name].item()) for name in NAMES] == [left[name].item() for name in NAMES]


def test_missing_sizes_are_no_plants():
    """A plant without a size is skipped."""
    table = xm.ellison_glaeser([1.0, 2.0, math.nan, 3.0], ["A", "B", "B", "A"], [1, 1, 1, 1])
    assert shown(table) == shown(xm.ellison_glaeser([1.0, 2.0, 3.0], ["A", "B", "A"], [1, 1, 1]))


def test_columns_and_dtypes():
    """The columns are those of the index, n counts; without group there is one row and no key."""
    table = xm.ellison_glaeser([1, 2], ["A", "B"], {"branch": ["x", "x"]}, by={"year": [1, 1]})
    assert ("year", "branch", *NAMES) == table.columns
    assert np.int64 == table["n"].dtype
    assert ("gamma_c",) == xm.coagglomeration([1, 2], ["A", "B"], [1, 2]).columns
    assert ("group", "gamma_c") == xm.coagglomeration([1, 2], ["A", "B"], [1, 2], [1, 1]).columns
    assert 0 == len(xm.ellison_glaeser([], [], [])) == len(xm.coagglomeration([], [], []))


SIZES, REGION, INDUSTRY = [1, 2, 3], ["A", "B", "B"], [1, 1, 2]
KINDS = [
    ("region", lambda: xm.ellison_glaeser(SIZES, ["A", None, None], INDUSTRY), "^region: 2 records have none"),
    ("industry", lambda: xm.coagglomeration(SIZES, REGION, [1, None, 2]), "^industry: 1 record has none"),
    (
        "a negative plant in a positive sum",
        lambda: xm.ellison_glaeser([5, -2, 3], ["A", "A", "B"], [1, 1, 1]),
        "^values: the size of a plant of industry 1, region A is negative .-2",
    ),
    (
        "reference without a region",
        lambda: xm.ellison_glaeser(SIZES, REGION, INDUSTRY, reference={"A": 1}),
        "^reference: region B occurs among the records but not there",
    ),
    (
        "industry in two groups",
        lambda: xm.coagglomeration(SIZES, REGION, [1, 1, 1], ["x", "x", "y"]),
        "^group: industry 1 lies in x and in y; each must lie in one group",
    ),
    (
        "length of group",
        lambda: xm.coagglomeration(SIZES, REGION, INDUSTRY, [1, 2]),
        "^values has 3 rows, group 'group' has 2",
    ),
]


@pytest.mark.parametrize(("call", "says"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_bad_input_is_named(call, says):
    """What is wrong raises, and says which argument, how many records, which plant's cell."""
    with pytest.raises(ValueError, match=says):
        call()
