"""Weighted sums, means and quantiles against their slow twin, NumPy's own, and the definitions that are stated."""

import math

import numpy as np
import pytest
import reference
from compare import bits, furthest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import key_columns, listed, row_counts, seeds

import xxmfg as xm

STATS = ("count", "missing", "sum", "mean", "median", "q0", "q25", "q90", "q100", "share")
PARTS = {"median": "1/2", "q0": "0", "q25": "1/4", "q90": "9/10", "q100": "1"}
NUMBERS = st.integers(-50, 50) | st.floats(-1e6, 1e6)
WEIGHTS = st.integers(0, 4) | st.floats(0, 1e3) | st.sampled_from((0.1, 0.2, 0.3))


@st.composite
def weighted(draw, n):
    """Give n values and weights with ties and missing ones."""
    values = np.array(draw(listed(NUMBERS, n)), dtype=draw(st.sampled_from(("f8", "i4"))))
    weights = np.array(draw(listed(WEIGHTS, n)), dtype=np.float64)
    weights[draw(listed(st.booleans(), n))] = draw(st.sampled_from((math.nan, 1.0, 0.1)))
    if draw(st.booleans()):
        values = np.ma.masked_array(values, mask=draw(listed(st.booleans(), n)))
    return values, weights


@settings(max_examples=300, deadline=None)
@given(data=st.data(), n=row_counts)
def test_weighted_statistics_equal_their_slow_twin(data, n):
    """Sums and means are near the exact ones, quantiles are the twin's, digit for digit where no middle is taken."""
    values, weights = data.draw(weighted(n))
    key = data.draw(key_columns(n))
    table = xm.aggregate(values, key, STATS, weights=weights)
    for row, (_, rows) in enumerate(reference.groups((key,))):
        own = np.ma.asarray(values)[rows], weights[rows]
        held = reference.spreading.weighed(*own)
        assert [len(held), len(rows) - len(held)] == [table["count"][row], table["missing"][row]]
        exact = reference.weighted_mean(*own)
        scale = float(sum((abs(x) * w for x, w in held), 0)) or 1.0
        tiny = len(held) * 5e-324  # a product below the normal doubles is off by up to half of the least one
        assert float(sum((x * w for x, w in held), 0)) == pytest.approx(table["sum"][row], abs=4e-16 * scale + tiny)
        if exact is None:
            assert all(np.isnan(table[name][row]) for name in ("mean", *PARTS))
            continue
        weight = float(sum(w for _, w in held))
        assert float(exact) == pytest.approx(table["mean"][row], abs=(8e-16 * scale + tiny) / weight)
        expected = [float(reference.weighted_quantile(*own, part)) for part in PARTS.values()]
        assert furthest(expected, [float(table[name][row]) for name in PARTS]) <= 1


@settings(max_examples=100, deadline=None)
@given(data=st.data(), n=st.integers(1, 40), seed=seeds)
def test_no_order_of_rows_changes_a_bit(data, n, seed):
    """Shuffled rows give the same bits."""
    values, weights = (
        part.filled(0) if isinstance(part, np.ma.MaskedArray) else part for part in data.draw(weighted(n))
    )
    order = np.random.default_rng(seed).permutation(n)
    table = xm.aggregate(values, stats=STATS, weights=weights)
    again = xm.aggregate(values[order], stats=STATS, weights=weights[order])
    assert all(bits(table[name]) == bits(again[name]) for name in STATS)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), n=st.integers(1, 40), scale=st.sampled_from((0.5, 3.0, 2.0**40)))
def test_laws_of_weights(data, n, scale):
    """Equal weights give the unweighted sum, mean, median; the scale of weights moves no mean and no quantile."""
    values = np.array(data.draw(listed(st.integers(-1000, 1000), n)), dtype=np.float64)
    equal = xm.aggregate(values, stats=("mean", "median", "q0", "q100"), weights=np.full(n, scale))
    assert xm.aggregate(values, stats=("mean", "median", "q0", "q100")).equals(equal) or scale == 3.0
    assert bits(xm.aggregate(values, stats="median")["median"]) == bits(equal["median"])
    weights = np.array(data.draw(listed(st.integers(1, 9), n)))
    names = ("median", "q25", "q90")
    long = xm.aggregate(np.repeat(values, weights), stats=names, weights=np.ones(weights.sum()))
    assert long.equals(xm.aggregate(values, stats=names, weights=weights))
    assert long.equals(xm.aggregate(values, stats=names, weights=weights * 0.125))


@pytest.mark.parametrize("q", [0.05, 0.25, 0.5, 0.9, 0.995])
def test_quantiles_are_numpys(q):
    """NumPy's inverted_cdf takes the same value wherever none is hit just so; with equal weights, type 2 always."""
    generator = np.random.default_rng(9)
    values, weights = generator.normal(size=997), generator.random(997)
    name = f"q{q * 100:g}"
    expected = np.quantile(values, q, weights=weights, method="inverted_cdf")
    assert [expected] == xm.aggregate(values, stats=name, weights=weights)[name].tolist()
    expected = np.quantile(values[:200], q, method="averaged_inverted_cdf")
    assert [expected] == xm.aggregate(values[:200], stats=name, weights=np.ones(200))[name].tolist()


def test_a_part_that_is_hit_just_so():
    """Ten weights of 0.1 have just half of it up to the fifth value, though 0.1 is no tenth."""
    assert [5.5] == xm.aggregate(np.arange(1.0, 11.0), stats="median", weights=np.full(10, 0.1))["median"].tolist()
    table = xm.aggregate([1, 2, 10], stats=("median", "q75"), weights=[1, 1, 2])
    assert [6] == table["median"].tolist()
    assert [10] == table["q75"].tolist()
    assert [0.0] == xm.aggregate([-1.7e308, 1.7e308], stats="median", weights=[2, 2])["median"].tolist()


def test_quantiles_of_integers_stay_integers_where_no_middle_is_taken():
    """As without weights."""
    table = xm.aggregate(np.array([2**62, 3]), stats=("median", "q25"), weights=[1, 3])
    assert (np.int64, np.int64) == (table["median"].dtype, table["q25"].dtype)
    assert [3] == table["median"].tolist()
    assert np.float64 == xm.aggregate(np.array([1, 2]), stats="median", weights=[1, 1])["median"].dtype


def test_a_total_row_and_several_columns():
    """total=True weighs all records; a mapping of values gives name_stat."""
    columns = {"wage": [10.0, 20.0, 40.0], "hours": [1.0, 2.0, math.nan]}
    table = xm.aggregate(columns, by={"city": ["a", "a", "b"]}, stats=("mean", "share"), weights=[1, 3, 4], total=True)
    assert ["a", "b", "total"] == table["city"].tolist()
    assert bits([17.5, 40, 28.75]) == bits(table["wage_mean"])
    assert bits([1.75, math.nan, 1.75]) == bits(table["hours_mean"])
    assert bits([70 / 230, 160 / 230, 1]) == bits(table["wage_share"])


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (
            lambda: xm.aggregate([1.0], stats="var", weights=[1.0]),
            xm.XxmfgError,
            "'var' takes no weights; with weights: c",
        ),
        (
            lambda: xm.aggregate([1.0], weights=[-1.0]),
            xm.XxmfgError,
            "weights must be finite, zero or more, but row 0 is -1",
        ),
        (lambda: xm.aggregate([1.0, 2.0], weights=[1.0]), ValueError, "values has 2 rows, weights has 1"),
        (lambda: xm.aggregate([1.0], weights=["a"]), TypeError, "weights must be numbers"),
        (lambda: xm.aggregate(["a"], stats="mean", weights=[1]), TypeError, "values must be numbers"),
    ],
)
def test_bad_input(call, kind, words):
    """Each is named with what would be right."""
    with pytest.raises(kind, match=words):
        call()


def test_many_rows_on_any_number_of_threads():
    """Half a million rows: the bits of one thread, and NumPy's value."""
    generator = np.random.default_rng(3)
    values, weights, key = generator.normal(size=500_000), generator.random(500_000), generator.integers(0, 3, 500_000)
    tables = []
    for threads in (1, 2, 3):
        xm.set_threads(threads)
        try:
            tables.append(xm.aggregate(values, key, ("mean", "median", "q10"), weights=weights))
        finally:
            xm.set_threads(None)
    assert all(table.equals(tables[0]) for table in tables[1:])
    expected = np.quantile(values[key == 1], 0.1, weights=weights[key == 1], method="inverted_cdf")
    assert expected == tables[0]["q10"][1]
