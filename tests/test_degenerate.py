"""Input that has no answer: zero totals, one region, one plant, empty industries. NaN or an error, never 0 or inf."""

import math

import numpy as np
import pytest

import xxmfg as xm


def shift_share(values, region, industry):
    """Give the shift-share table of values that were all one before."""
    n = len(values)
    both = np.concatenate([np.ones(n), values]), list(region) * 2, list(industry) * 2
    return xm.shift_share(*both, np.repeat([0, 1], n), 0, 1)


STRUCTURAL = (
    xm.location_quotient,
    xm.specialization,
    xm.similarity,
    xm.mean_similarity,
    xm.localization,
    xm.ellison_glaeser,
    xm.coagglomeration,
    shift_share,
)


def name_of(measure):
    """Name a measure."""
    return measure.__name__


def figures(table, *rows):
    """Give the figures of some rows by column, counts and sums apart."""
    plain = {"n", "n_industries", "value", "change", "national"}
    columns = [name for name in table.columns if table[name].dtype.kind == "f" and name not in plain]
    return {name: [table[name][row].item() for row in rows] for name in columns}


every_structural = pytest.mark.parametrize("measure", STRUCTURAL, ids=name_of)


@every_structural
def test_a_negative_sum_is_named(measure):
    """An error that says which cell, never a share of something negative."""
    with pytest.raises(xm.XxmfgError, match=r"^values: the (sum|size of a plant) of .*B.* is negative \(-3\)"):
        measure([1.0, 2.0, -3.0], ["A", "A", "B"], ["x", "y", "x"])


@pytest.mark.parametrize("measure", STRUCTURAL[:-1], ids=name_of)
def test_there_are_no_shares_of_zero(measure):
    """Where everything is zero every figure is NaN."""
    table = measure([0.0, 0.0, 0.0], ["A", "A", "B"], ["x", "y", "x"])
    assert len(table)
    for name, column in figures(table, *range(len(table))).items():
        assert all(map(math.isnan, column)), name


def test_there_is_no_growth_of_zero():
    """From nothing to something is a change without a rate: no part of it can be told."""
    table = xm.shift_share([0, 0, 1, 2], ["A", "B"] * 2, ["x"] * 4, [0, 0, 1, 1], 0, 1)
    assert [1, 2] == table["change"].tolist()
    assert all(math.isnan(figure) for column in figures(table, 0, 1).values() for figure in column)


@every_structural
@pytest.mark.parametrize("values", [[3.0, 1.0, 0.0, 0.0], [1e-300, 1e300, 5e-324, 1.0], [math.inf, 1.0, 2.0, 3.0]])
def test_no_figure_is_infinite(measure, values):
    """Regions and industries of zero, values at the ends of the doubles, infinite ones."""
    table = measure(values, ["A", "A", "B", "B"], ["x", "y", "y", "z"])
    for name, column in figures(table, *range(len(table))).items():
        assert not np.isinf(column).any(), name


ONE_REGION = [
    (xm.location_quotient, {"lq": [1, 1], "rsca": [0, 0], "nrca": [0, 0]}),
    (xm.specialization, {"krugman": [0], "krugman_rest": [math.nan], "hoover": [0]}),
    (xm.similarity, {"cosine": []}),
    (xm.mean_similarity, {"krugman": [math.nan], "cosine": [math.nan], "finger_kreinin": [math.nan]}),
    (xm.localization, {"hoover_gini": [0, 0], "lq_gini": [0, 0], "hoover": [0, 0], "herfindahl": [1, 1]}),
    (xm.ellison_glaeser, {"raw": [0, 0], "gamma": [math.nan] * 2, "maurel_sedillot": [math.nan] * 2}),
    (xm.coagglomeration, {"gamma_c": [math.nan]}),
    (shift_share, {"competitive": [0, 0], "allocation": [0, 0]}),
]


@pytest.mark.parametrize(("measure", "expected"), ONE_REGION, ids=[name_of(row[0]) for row in ONE_REGION])
def test_one_region_is_like_itself(measure, expected):
    """What compares a region with the total finds no difference, what needs another region is NaN."""
    table = measure([2.0, 6.0], ["A", "A"], ["x", "y"])
    for name, column in expected.items():
        assert column == pytest.approx(table[name].tolist(), nan_ok=True), name


def test_one_plant_cannot_agglomerate():
    """H is 1, which leaves both indices nothing to divide by; so does a plant beside empty ones."""
    table = xm.ellison_glaeser([5.0, 9.0, 0.0, 4.0, 4.0], list("ABABA"), list("xyyzz"))
    assert [1, 1] == table["herfindahl"][:2].tolist()
    assert [True, True, False] == np.isnan(table["gamma"]).tolist() == np.isnan(table["maurel_sedillot"]).tolist()


def test_an_industry_without_anything_leaves_the_others_as_they_were():
    """An empty industry has NaN, and the figures of the others do not move."""
    values, region, industry = [1.0, 2.0, 4.0, 3.0], ["A", "B"] * 2, ["x", "x", "y", "y"]
    filled = [*values, 0.0, 0.0], [*region, "A", "B"], [*industry, "z", "z"]
    for measure in (xm.location_quotient, xm.localization, xm.ellison_glaeser):
        table, alone = measure(*filled), measure(values, region, industry)
        empty = table["industry"] == "z"
        for name in figures(table):
            if name not in {"share", "reference_share", "nrca"}:  # a share of 0, which is right
                assert np.isnan(table[name][empty]).all(), name
            assert alone[name].tolist() == table[name][~empty].tolist()
    for measure in (xm.specialization, xm.similarity, xm.mean_similarity, xm.coagglomeration):
        assert measure(*filled).equals(measure(values, region, industry))


@pytest.mark.parametrize("measure", [xm.ellison_glaeser, xm.coagglomeration], ids=name_of)
def test_a_reference_without_a_region_is_named(measure):
    """The region that is not there; a region without plants may be."""
    plants = [1.0, 2.0, 3.0], ["A", "B", "B"], ["x", "x", "y"]
    with pytest.raises(xm.XxmfgError, match=r"^reference: region B occurs among the records but not there"):
        measure(*plants, reference={"A": 3.0})
    assert len(measure(*plants, reference={"A": 3.0, "B": 1.0, "C": 9.0}))
    for name, column in figures(measure(*plants, reference={"A": 0, "B": 0}), 0).items():
        if name != "herfindahl":
            assert all(map(math.isnan, column)), name


def test_growth_without_a_base_has_a_status():
    """The first period, a gap, a base of zero: NaN and the word for it; an average rate is NaN too."""
    table = xm.growth([0.0, 4.0, 5.0, 6.0], [2015, 2016, 2018, 2019])
    assert ["first period", "zero base", "no base period", "ok"] == table["status"].tolist()
    assert [True, True, True, False] == np.isnan(table["rate"]).tolist()
    assert math.isnan(xm.average_growth([0.0, 4.0], [2015, 2016], 2015, 2016)["rate"].item())
    parts = xm.decompose_growth([0.0, 4.0, 5.0, 6.0], list("aaaa"), [2015, 2016, 2018, 2019])
    assert [True, True, True, False] == np.isnan(parts["rate"]).tolist() == np.isnan(parts["continuing"]).tolist()


def test_a_base_that_no_record_has_is_named():
    """Periods that are asked for have to occur."""
    with pytest.raises(xm.XxmfgError, match=r"^base: 2017 does not occur among the periods of the values"):
        xm.shift_share([1, 2], ["A", "A"], ["x", "x"], [2018, 2019], 2017, 2019)


@pytest.mark.parametrize(
    ("weights", "kind", "says"),
    [
        ([1.0], ValueError, "values has 2 rows, weights has 1"),
        ([1.0, -1.0], xm.XxmfgError, "weights must be finite, zero or more, but row 1 is -1"),
        ([1.0, math.inf], xm.XxmfgError, "weights must be finite, zero or more, but row 1 is inf"),
        (["a", "b"], TypeError, "weights must be numbers"),
        ([[1.0, 2.0]], ValueError, "weights must be 1-D, got 2 dimensions"),
    ],
)
def test_weights_that_do_not_match_are_named(weights, kind, says):
    """Too few, negative, infinite, text, a matrix; in each measure that takes them."""
    for measure in (
        lambda w: xm.inequality([1.0, 2.0], w),
        lambda w: xm.aggregate([1.0, 2.0], weights=w, stats="mean"),
    ):
        with pytest.raises(kind, match=says):
            measure(weights)


def test_weights_of_nothing_give_nothing():
    """Where all weights are zero or missing there is no mean, no quantile, no inequality."""
    for weights in ([0.0, 0.0], [math.nan, math.nan]):
        table = xm.aggregate([1.0, 2.0], stats=("count", "mean", "median"), weights=weights)
        assert 0 == table["count"].item()
        assert np.isnan([table["mean"].item(), table["median"].item()]).all()
        assert np.isnan(xm.inequality([1.0, 2.0], weights)["gini"]).all()
