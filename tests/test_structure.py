"""Location quotients, specialization and localization against their slow twins, and their laws."""

import math

import numpy as np
import pandas as pd
import pytest
import reference
from compare import by_label, rows_of, shown
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import seeds, structures

import xxmfg as xm

MEASURES = (xm.location_quotient, xm.specialization, xm.localization)
CLOSE = {"rel": 1e-12, "abs": 1e-13, "nan_ok": True}


def close(expected):
    """Give figures to compare with, to 12 digits."""
    return pytest.approx(expected, **CLOSE)


def assert_columns(expected, table):
    """Compare each column of a twin with that of a table."""
    for name, column in expected.items():
        assert close(column) == table[name].tolist(), name


@settings(max_examples=150, deadline=None)
@given(records=structures())
def test_location_quotient_equals_its_slow_twin(records):
    """Every column is that of the formula, zero regions and industries included."""
    table = xm.location_quotient(*records)
    assert_columns(reference.location_quotient(*records), table)
    pairs = list(zip(table["region"].tolist(), table["industry"].tolist(), strict=True))
    assert list(reference.matrix(*records)) == pairs


wider = st.fixed_dictionaries({i: st.integers(0, 5000) for i in range(1, 6)})


@settings(max_examples=100, deadline=None)
@given(records=structures(), area=wider)
def test_a_reference_area_takes_the_place_of_the_sum(records, area):
    """With a reference its industries and its total stand below, those without records included."""
    assert_columns(reference.location_quotient(*records, area), xm.location_quotient(*records, reference=area))
    assert_columns(reference.specialization(*records, area), xm.specialization(*records, reference=area))
    shuffled = dict(reversed(area.items()))
    assert shown(xm.specialization(*records, reference=area)) == shown(xm.specialization(*records, reference=shuffled))


@settings(max_examples=150, deadline=None)
@given(records=structures())
def test_specialization_equals_its_slow_twin(records):
    """Every column is that of the formula, against the total and against the rest."""
    assert_columns(reference.specialization(*records), xm.specialization(*records))


@settings(max_examples=150, deadline=None)
@given(records=structures())
def test_localization_equals_its_slow_twin(records):
    """The three Ginis, Hoover's index and the Herfindahl index are those of the formulas."""
    assert_columns(reference.localization(*records), xm.localization(*records))


@settings(max_examples=100, deadline=None)
@given(records=structures(), seed=seeds)
def test_no_bit_depends_on_the_order_of_records(records, seed):
    """Shuffled records give the same tables, bit for bit."""
    order = np.random.default_rng(seed).permutation(len(records[0]))
    for measure in MEASURES:
        assert shown(measure(*records)) == shown(measure(*(column[order] for column in records)))


@settings(max_examples=60, deadline=None)
@given(records=structures(), seed=seeds)
def test_each_group_is_a_table_of_its_own(records, seed):
    """With by, each group's rows are those that its records alone would give."""
    year = np.random.default_rng(seed).integers(2018, 2021, len(records[0]))
    for measure in MEASURES:
        expected = [
            (y, *row) for y in np.unique(year).tolist() for row in rows_of(measure(*(c[year == y] for c in records)))
        ]
        assert expected == rows_of(measure(*records, by={"year": year}))


@settings(max_examples=100, deadline=None)
@given(records=structures())
def test_location_quotients_have_a_weighted_mean_of_one(records):
    """Weighted by the regions' shares, an industry's quotients have the mean 1; weighted by industries', a region's."""
    table = xm.location_quotient(*records)
    for key, other in (("industry", "region"), ("region", "industry")):
        shares = by_label(xm.share(table["value"], by={other: table[other]}), "share")
        weights = np.array([shares[label] for label in table[other].tolist()])
        for label in set(table[key].tolist()):
            rows = table[key] == label
            if table["value"][rows].sum() > 0:
                assert close(1) == np.nansum(weights[rows] * table["lq"][rows])


@settings(max_examples=100, deadline=None)
@given(records=structures(least=1))
def test_nrca_adds_up_to_zero(records):
    """Over all pairs of a region and an industry, those without records included, NRCA adds up to zero."""
    table = xm.location_quotient(*records)
    value, total = table["value"].astype(float), float(table["value"].sum())
    if total == 0:
        assert np.isnan(table["nrca"]).all()
        return
    own = by_label(xm.aggregate(value, by=table["region"]), "sum")
    kinds = by_label(xm.aggregate(value, by=table["industry"]), "sum")
    there = set(zip(table["region"].tolist(), table["industry"].tolist(), strict=True))
    absent = [-own[j] * kinds[i] / total**2 for j in own for i in kinds if (j, i) not in there]
    assert pytest.approx(0, abs=1e-12) == math.fsum([*table["nrca"].tolist(), *absent])


@settings(max_examples=100, deadline=None)
@given(records=structures())
def test_figures_keep_their_ranges(records):
    """Krugman in [0, 2], Hoover and Herfindahl in [0, 1], RSCA in [-1, 1], Ginis in [0, 1], entropy up to ln n."""
    region, industry = xm.specialization(*records), xm.localization(*records)
    bounds = [(region[name], 2) for name in ("krugman", "krugman_rest")] + [(region["hoover"], 1)]
    bounds += [(t["herfindahl"], 1) for t in (region, industry)]
    bounds += [(industry["hoover_gini"], 1), (industry["krugman_gini"], 0.5), (industry["lq_gini"], 1)]
    for column, most in bounds:
        assert ((column >= 0) & (column <= most) | np.isnan(column)).all()
    rsca = xm.location_quotient(*records)["rsca"]
    assert ((np.abs(rsca) <= 1) | np.isnan(rsca)).all()
    n = np.maximum(region["n_industries"], 1)
    assert not (region["entropy"] > np.log(n) + 1e-12).any()


def test_columns_names_and_dtypes():
    """Named keys keep their names, integer sums stay integers, n_industries counts."""
    table = xm.location_quotient([1, 2], {"city": ["A", "B"]}, ["x", "x"], by={"year": [1, 1]})
    assert ("year", "city", "industry", "value", "share", "reference_share", "lq", "rsca", "nrca") == table.columns
    assert np.int64 == table["value"].dtype
    own = xm.specialization([1.0, 2.0], (["A", "B"], ["a", "b"]), ["x", "x"])
    names = ("krugman", "krugman_rest", "hoover", "herfindahl", "entropy", "n_industries")
    assert ("region_0", "region_1", *names) == own.columns
    assert np.int64 == own["n_industries"].dtype
    assert ("industry", "hoover_gini", "krugman_gini", "lq_gini", "hoover", "herfindahl") == xm.localization(
        [1.0], ["A"], ["x"]
    ).columns


def test_categories_keep_their_order():
    """Rows come in the order of categories; a Grouping is read too."""
    region = pd.Categorical(["west", "east"], categories=["west", "east"])
    assert ["west", "east"] == xm.specialization([1.0, 2.0], region, [1, 1])["region"].tolist()
    grouping = xm.Grouping({"city": ["b", "a", None]}, missing="drop")
    assert ["a", "b"] == xm.specialization([1.0, 2.0, 3.0], grouping, [1, 1, 1])["city"].tolist()


def test_a_quotient_of_one_is_exactly_one():
    """Where a region's share is the reference's, the quotient of integers is 1, so that ≥ 1 says what it should."""
    region, industry = np.repeat([1, 2, 3], 2), np.tile([1, 2], 3)
    assert [1.0] * 6 == xm.location_quotient([3, 7, 9, 21, 27, 63], region, industry)["lq"].tolist()


def test_what_has_no_total_is_nan():
    """A region or industry that is zero has NaN, not 0 and not 1; the other rows are as without it."""
    values, region, industry = [0, 0, 2, 4, 0], ["A", "A", "B", "C", "C"], [1, 2, 1, 1, 2]
    table = xm.location_quotient(values, region, industry)
    assert shown({"lq": [math.nan, math.nan, 1.0, 1.0, math.nan]}) == shown({"lq": table["lq"]})
    own = xm.specialization(values, region, industry)
    assert shown({"krugman": [math.nan, 0.0, 0.0]}) == shown({"krugman": own["krugman"]})
    assert [0, 1, 1] == own["n_industries"].tolist()
    assert [False, True] == np.isnan(xm.localization(values, region, industry)["hoover_gini"]).tolist()


def test_one_region_has_no_rest():
    """A single region is like the total, and krugman_rest is NaN; its industries are spread over nothing."""
    table = xm.specialization([1.0, 3.0], ["A", "A"], [1, 2])
    assert (0.0, 0.0) == (table["krugman"].item(), table["hoover"].item())
    assert math.isnan(table["krugman_rest"].item())
    even = xm.localization([1.0, 3.0], ["A", "A"], [1, 2])
    assert [0.0, 0.0] == even["hoover_gini"].tolist() == even["lq_gini"].tolist()


def test_the_rest_of_a_region_that_has_nearly_all_is_exact():
    """The rest is formed from exact sums: 1 and 2 beside 1e16 are not lost."""
    table = xm.specialization([1e16, 1e16, 1.0, 2.0], ["A", "A", "B", "B"], [1, 2, 1, 2])
    assert close(1 / 3) == table["krugman_rest"].tolist()[0]


def test_missing_values_are_skipped_and_an_empty_cell_is_nan():
    """A missing value counts as no record; a cell of nothing else has NaN."""
    table = xm.location_quotient([1.0, math.nan, 2.0, math.nan], ["A", "A", "B", "B"], [1, 1, 1, 2])
    assert shown({"lq": [1.0, 1.0, math.nan]}) == shown({"lq": table["lq"]})
    assert shown({"value": [1.0, 2.0, math.nan]}) == shown({"value": table["value"]})


def test_sums_out_of_range_are_nan():
    """An infinite value makes its region NaN, not zero; huge and tiny values are as any others."""
    assert np.isnan(xm.location_quotient([math.inf, 1.0, 1.0], ["A", "A", "B"], [1, 2, 2])["share"][:2]).all()
    for scale in (1e-300, 1.0, 1e300):
        table = xm.location_quotient(np.array([1.0, 3.0, 4.0]) * scale, ["A", "A", "B"], [1, 2, 2])
        assert close([2, 6 / 7, 8 / 7]) == table["lq"].tolist()


def test_a_quotient_out_of_range_is_nan():
    """A region of 1e-300 beside one of 1e300 cannot have its quotient, and gets NaN rather than inf."""
    table = xm.location_quotient([1e-300, 1e-310, 1e300], ["A", "A", "B"], [1, 2, 3])
    assert not np.isinf(np.array([table[name] for name in ("lq", "rsca", "nrca")])).any()
    assert np.isnan(table["lq"][0])


def test_labels_of_groups_may_be_missing():
    """A missing year is a group of its own, sorted last; text and categories serve as keys."""
    year = np.array(["2019", None, "2018"], dtype=object)
    table = xm.location_quotient([1, 2, 3], ["A", "A", "A"], pd.Categorical(["z", "y", "z"]), by={"year": year})
    assert (["2018", "2019", None], ["z", "z", "y"]) == (table["year"].tolist(), table["industry"].tolist())
    numbers = xm.specialization([1, 2], ["A", "A"], [1, 1], by={"year": [math.nan, 2018.0]})
    assert shown({"year": [2018.0, math.nan]}) == shown({"year": numbers["year"]})


def test_an_integer_sum_beyond_64_bits_is_named():
    """The value of a cell of integers that does not fit raises, and names region and industry."""
    huge = np.array([2**63 - 1, 2**63 - 1])
    with pytest.raises(OverflowError, match="region = A, industry = 1 does not fit 64 bits"):
        xm.location_quotient(huge, ["A", "A"], [1, 1])
    with pytest.raises(OverflowError, match="a total does not fit 64 bits; give the integers as floats"):
        xm.specialization(np.append(huge, 2**63 - 1), ["A", "B", "C"], [1, 1, 1])
    assert [0.0, 0.0] == xm.specialization(huge, ["A", "B"], [1, 1])["krugman_rest"].tolist()


def test_no_records_give_no_rows():
    """Nothing in, an empty table out."""
    for measure in MEASURES:
        assert 0 == len(measure(np.zeros(0), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)))


REGION, INDUSTRY = np.array(["A", "B", None], dtype=object), np.array([1, 1, 2])
FLAWS = [
    ("missing region", {"region": REGION}, ValueError, "^region: 1 record has none"),
    ("missing industry", {"industry": [1.0, math.nan, math.nan]}, ValueError, "^industry: 2 records have none"),
    ("negative", {"values": [1, -3, 2]}, ValueError, "^values: the sum of .*region B.* is negative .-3"),
    ("text", {"values": ["a", "b", "c"]}, TypeError, "^values must be numbers"),
    ("no region", {"region": None}, ValueError, "^region: the region of each record is needed"),
    ("lengths", {"industry": [1, 2]}, ValueError, "^values has 3 rows, industry 'industry' has 2"),
    ("one name", {"industry": {"region": [1, 2, 3]}}, ValueError, "two keys have the name 'region'"),
    ("taken name", {"by": {"hoover": [1, 2, 3], "share": [1, 1, 1]}}, ValueError, "is a column of the result"),
]


@pytest.mark.parametrize(("flaw", "kind", "says"), [row[1:] for row in FLAWS], ids=[row[0] for row in FLAWS])
@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.__name__)
def test_bad_input_is_named(measure, flaw, kind, says):
    """What is wrong raises, and says which argument, how many records, which cell."""
    good = {"values": [1, 2, 3], "region": ["A", "B", "C"], "industry": [1, 1, 2]}
    with pytest.raises(kind, match=says):
        measure(**{**good, **flaw})


@pytest.mark.parametrize(
    ("area", "kind", "says"),
    [
        ({1: 5}, ValueError, "^reference: industry 2 occurs among the records but not there"),
        ({1: 5, 2: -1}, ValueError, "^reference: the value of 2 must be a finite number, .* not -1"),
        ({1: 5, 2: math.nan}, ValueError, "^reference: the value of 2 .* not nan"),
        ({1: 5, 2: None}, ValueError, "^reference: the value of 2 must be a finite number, zero or more, not None"),
        ({1: 5, 2: "7"}, ValueError, "^reference: the value of 2 must be a finite number, zero or more, not '7'"),
        ([1, 2], TypeError, "^reference must be a mapping of industry to value, not list"),
        (xm.Table({"key": [1], "sum": [5]}), TypeError, "not Table; of columns: dict.zip.table"),
        (pd.DataFrame({"key": [1], "sum": [5]}), TypeError, "not DataFrame; of columns: dict.zip.table"),
    ],
)
def test_a_bad_reference_is_named(area, kind, says):
    """A reference that lacks an industry, or has no size for it, raises and names it."""
    for measure in (xm.location_quotient, xm.specialization):
        with pytest.raises(kind, match=says):
            measure([1, 2], ["A", "B"], [1, 2], reference=area)


def test_a_reference_that_does_not_hold_the_region_has_no_rest():
    """Where the region exceeds the reference area, krugman_rest is NaN; a reference of zero gives NaN."""
    table = xm.specialization([5, 1], ["A", "B"], [1, 2], reference={1: 4, 2: 4})
    assert [True, False] == np.isnan(table["krugman_rest"]).tolist()
    assert np.isnan(xm.location_quotient([5, 1], ["A", "B"], [1, 2], reference={1: 0, 2: 0})["lq"]).all()


def test_a_series_may_be_the_reference():
    """A pandas Series by industry serves as the mapping."""
    area = pd.Series([10, 30], index=["x", "y"])
    table = xm.location_quotient([1, 1], ["A", "A"], ["x", "y"], reference=area)
    assert [2.0, 2 / 3] == table["lq"].tolist()
