"""Inequality and Theil's decomposition against their slow twins; laws, edges, order of rows, entities."""

import math
from fractions import Fraction

import numpy as np
import pytest
import reference
from compare import bits
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import finite, key_columns, listed, row_counts, seeds

import xxmfg as xm

MEASURES = ("gini", "gini_normalized", "theil_t", "theil_l", "atkinson")
SIZES = st.integers(0, 1000) | st.floats(0, 1e12).filter(lambda x: x == 0 or x > 1e-6)


def measures(table, row=0):
    """Give the five measures of one row."""
    return [table[name][row].item() for name in MEASURES]


def close(expected, actual):
    """Tell whether measures agree to 1e-13 of the largest term, which is 1, or both are NaN."""
    return all(
        (math.isnan(e) and math.isnan(a)) or abs(e - a) <= 1e-13 * max(1, abs(e))
        for e, a in zip(expected, actual, strict=True)
    )


@st.composite
def sizes(draw, n):
    """Give n values that are not negative, zeros, ties and missing ones among them, of floats or integers."""
    column = np.array(draw(listed(SIZES, n)), dtype=np.float64)
    if draw(st.booleans()):
        return np.ma.masked_array(column.astype(np.int64), mask=draw(listed(st.booleans(), n)))
    column[draw(listed(st.booleans(), n))] = math.nan if draw(st.booleans()) else 1.0
    return column


@settings(max_examples=200, deadline=None)
@given(data=st.data(), n=row_counts, weighted=st.booleans())
def test_inequality_equals_its_slow_twin(data, n, weighted):
    """Every measure of every group is the textbook's sum over pairs and values, with weights or without."""
    values, key = data.draw(sizes(n)), data.draw(key_columns(n))
    weights = data.draw(sizes(n)) if weighted else None
    table = xm.inequality(values, weights, by=key)
    for row, (_, rows) in enumerate(reference.groups((key,))):
        own = np.ma.asarray(values)[rows], None if weights is None else np.ma.asarray(weights)[rows]
        assert len(reference.spreading.weighed(*own)) == table["n"][row]
        assert close(reference.inequality(*own), measures(table, row))


@settings(max_examples=100, deadline=None)
@given(data=st.data(), n=st.integers(1, 60), weighted=st.booleans(), seed=seeds)
def test_no_order_of_rows_and_no_number_of_threads_changes_a_bit(data, n, weighted, seed):
    """The rows in any order give the same bits."""
    values = np.array(data.draw(listed(SIZES, n)), dtype=np.float64)
    weights = np.array(data.draw(listed(SIZES, n)), dtype=np.float64) if weighted else None
    key = np.array(data.draw(listed(st.integers(0, 2), n)))
    order = np.random.default_rng(seed).permutation(n)
    table = xm.inequality(values, weights, key)
    again = xm.inequality(values[order], None if weights is None else weights[order], key[order])
    assert [bits(table[name]) for name in MEASURES] == [bits(again[name]) for name in MEASURES]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n_groups", [1, 3, 5000])
def test_large_groups_are_cut_where_threads_share_them(n_groups, weighted):
    """Values of a million rows: the bits are those of one thread, of shuffled rows, and near the textbook's sums."""
    generator = np.random.default_rng(5)
    n = 600_000
    values, key = generator.lognormal(0, 2, n), generator.integers(0, n_groups, n)
    values[::7] = np.round(values[::7])  # ties, and zeros
    weights = generator.lognormal(0, 1, n) if weighted else None
    order = generator.permutation(n)
    tables = []
    for threads in (1, 2, 5):
        xm.set_threads(threads)
        try:
            tables.append(xm.inequality(values, weights, key))
        finally:
            xm.set_threads(None)
    tables.append(xm.inequality(values[order], None if weights is None else weights[order], key[order]))
    assert all(table.equals(tables[0]) for table in tables[1:])
    own = np.flatnonzero(key == 0)
    own = own[np.argsort(values[own])]
    x, w = values[own], np.ones(len(own)) if weights is None else weights[own]
    p, r = w / w.sum(), x / np.average(x, weights=w)
    upto = np.cumsum(p.astype(np.longdouble))
    gini = float((p * r * (2 * upto - p - 1)).sum())
    theil = (p * r * np.log(np.where(r > 0, r, 1))).sum()
    expected = gini, gini / (1 - p.min()), theil, math.nan, 1 - (p * np.sqrt(r)).sum() ** 2
    assert expected == pytest.approx(measures(tables[0]), rel=1e-11, nan_ok=True)
    assert len(own) == tables[0]["n"][0]


@settings(max_examples=200, deadline=None)
@given(values=st.lists(SIZES, min_size=1, max_size=30), scale=st.sampled_from((2.0**-300, 0.25, 16.0, 2.0**300)))
def test_laws_of_inequality(values, scale):
    """Measures are within their bounds, and the same on any scale and for records that stand twice."""
    table = xm.inequality(values)
    gini, normalized, theil_t, theil_l, atkinson = measures(table)
    if sum(values) == 0:
        assert all(map(math.isnan, measures(table)))
        return
    n = len(values)
    assert 0 <= gini <= 1 - 1 / n
    assert n == 1 or 0 <= normalized <= 1
    assert 0 <= theil_t <= math.log(n) * (1 + 1e-15)
    assert 0 <= atkinson < 1
    assert theil_l >= 0 or min(values) == 0
    assert bits(measures(table)) == bits(measures(xm.inequality(np.array(values) * scale)))
    twice = measures(xm.inequality(values * 2))
    weighted = measures(xm.inequality(values, [2.5] * n))
    assert close([gini, theil_t, theil_l, atkinson], [twice[k] for k in (0, 2, 3, 4)])
    assert close(measures(table), weighted)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), n=st.integers(2, 20))
def test_a_transfer_from_rich_to_poor_lessens_inequality(data, n):
    """Pigou and Dalton: what goes from the greatest value to the least makes each measure smaller."""
    values = np.array(data.draw(listed(st.integers(1, 1000), n)), dtype=np.float64)
    least, greatest = values.argmin(), values.argmax()
    if values[greatest] - values[least] < 2:
        return
    after = values.copy()
    after[least] += 1
    after[greatest] -= 1
    assert all(a < b for a, b in zip(measures(xm.inequality(after)), measures(xm.inequality(values)), strict=True))


def test_nothing_is_lost_where_values_are_nearly_equal():
    """Values 1e-9 apart have indices of 1e-18, right to 1e-12 of themselves: the textbook's sums cancel."""
    steps = np.array([0, 1, 1, 2, 5, 9])
    values = 1 + steps * 2.0**-30
    exact = [Fraction(value) for value in values.tolist()]
    mean = sum(exact) / len(exact)
    d = [value / mean - 1 for value in exact]
    theil_t = sum(sum((-1) ** k * x**k / (k * (k - 1)) for k in range(2, 8)) for x in d) / len(d)
    theil_l = sum(sum((-1) ** k * x**k / k for k in range(2, 8)) for x in d) / len(d)
    gini = sum(abs(a - b) for a in exact for b in exact) / (2 * len(exact) ** 2 * mean)
    table = xm.inequality(values)
    for expected, name in ((gini, "gini"), (theil_t, "theil_t"), (theil_l, "theil_l")):
        assert float(expected) == pytest.approx(table[name][0], rel=1e-12)
    assert float(theil_t) / 2 == pytest.approx(table["atkinson"][0], rel=1e-8)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], [0] + [math.nan] * 5),
        ([math.nan, math.nan], [0] + [math.nan] * 5),
        ([7.0], [1, 0, math.nan, 0, 0, 0]),
        ([7.0, math.nan], [1, 0, math.nan, 0, 0, 0]),
        ([0.0], [1] + [math.nan] * 5),
        ([0.0, 0.0], [2] + [math.nan] * 5),
        ([5.0, -1.0, 3.0], [3] + [math.nan] * 5),
        ([1.0, math.inf], [2] + [math.nan] * 5),
        ([1e308, 1e308], [2] + [math.nan] * 5),
        ([0.1] * 3, [3, 0, 0, 0, 0, 0]),
        ([0.0, 1.0], [2, 0.5, 1, math.log(2), math.nan, 0.5]),
    ],
)
def test_edges(values, expected):
    """One value, equal values, zeros, a negative one, a sum of zero, one beyond range, none at all."""
    table = xm.inequality(np.array(values))
    assert bits(expected) == bits([table["n"][0], *measures(table)])


def test_a_bad_group_harms_no_other():
    """A group with a negative value is NaN, the others are as they were."""
    table = xm.inequality([1.0, 3.0, -1.0, 3.0], by=["a", "a", "b", "b"])
    assert bits([0.25, math.nan]) == bits(table["gini"])
    assert [2, 2] == table["n"].tolist()


def test_weights_of_records_that_are_left_out():
    """A record without a value or a weight, or with a weight of zero, does not count."""
    values, weights = [1.0, 3.0, 100.0, 100.0, math.nan], [1.0, 1.0, 0.0, math.nan, 9.0]
    table = xm.inequality(values, weights)
    assert xm.inequality([1.0, 3.0]).equals(table)


def test_integer_weights_are_so_many_records():
    """A weight of three is the record three times, but for the normalized Gini's bound."""
    table, long = xm.inequality([1, 4, 6], [3, 1, 2]), xm.inequality([1, 1, 1, 4, 6, 6])
    assert close([measures(long)[k] for k in (0, 2, 3, 4)], [measures(table)[k] for k in (0, 2, 3, 4)])
    assert table["gini"][0] / (1 - 1 / 6) == table["gini_normalized"][0]


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (
            lambda: xm.inequality([1.0, 2.0], [1.0, -2.0]),
            xm.XxmfgError,
            "finite, zero or more, but row 1 is -2",
        ),
        (
            lambda: xm.inequality([1.0, 2.0], [1.0, math.inf], by={"city": ["a", "b"]}),
            xm.XxmfgError,
            "weights must be finite, zero or more, but row 1 is inf",
        ),
        (lambda: xm.inequality([1.0, 2.0], [1.0]), ValueError, "values has 2 rows, weights has 1"),
        (lambda: xm.inequality([1.0, 2.0], ["a", "b"]), TypeError, "weights must be numbers"),
        (lambda: xm.inequality(["a"]), TypeError, "values must be numbers"),
        (lambda: xm.inequality([1.0, 2.0], [1, 1], entity=[1, 1]), xm.XxmfgError, "a weight belongs to a record"),
        (lambda: xm.inequality([1.0, 2.0], entity=[1]), ValueError, "values has 2 rows, entity 'entity' has 1"),
        (lambda: xm.inequality([1.0], by={"gini": [1]}), ValueError, "a key is called 'gini'"),
        (lambda: xm.theil_decomposition([1.0], None), ValueError, "by: the parts between and within need the groups"),
        (lambda: xm.theil_decomposition([1.0], [1, 2]), ValueError, "values has 1 rows, by 'key' has 2"),
        (lambda: xm.theil_decomposition([1.0], {"within": [1]}), ValueError, "a key is called 'within'"),
    ],
)
def test_bad_input(call, kind, words):
    """Each is named with what would be right."""
    with pytest.raises(kind, match=words):
        call()


def test_entities_are_summed_first():
    """35 enterprises are not 36 establishments: an entity's values are one; a record without one stands by itself."""
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0, math.nan])
    entity = np.array(["a", "b", "a", None, None, "c"], dtype=object)
    table = xm.inequality(values, entity=entity)
    assert xm.inequality([4.0, 2.0, 4.0, 5.0]).equals(table)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), n=st.integers(1, 30))
def test_entities_are_those_of_sums_within_groups(data, n):
    """Summing by group and entity first, by hand, gives the same; groups without a value stay."""
    values, key = data.draw(sizes(n)), data.draw(key_columns(n, ("small", "text", "masked")))
    entity = np.array(data.draw(listed(st.integers(0, 5), n)))
    table = xm.inequality(values, by={"key": key}, entity=entity)
    sums = xm.aggregate(values, by={"key": key, "entity": entity}, stats=("sum", "count"))
    held = np.where(sums["count"] > 0, sums["sum"], np.nan)
    assert xm.inequality(held, by={"key": sums["key"]}).equals(table)


# ---- Theil's decomposition ----


@settings(max_examples=200, deadline=None)
@given(data=st.data(), n=row_counts)
def test_the_decomposition_equals_its_slow_twin_and_adds_up(data, n):
    """Total, between and within are the twin's; between and within add up to the total, as do the groups' terms."""
    values, key = data.draw(sizes(n)), data.draw(key_columns(n))
    parts = xm.theil_decomposition(values, key)
    expected = reference.theil_decomposition(values, [rows for _, rows in reference.groups((key,))])
    assert close(expected, parts[:3])
    assert close([parts.total], [parts.between + parts.within])
    for name in ("between", "within"):
        assert close([getattr(parts, name)], [math.fsum(parts.groups[name].tolist())]) or n == 0


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=st.integers(1, 40), seed=seeds)
def test_no_order_of_rows_changes_a_bit_of_a_decomposition(data, n, seed):
    """Shuffled records give the same parts and the same groups, bit for bit."""
    values = np.array(data.draw(listed(SIZES, n)), dtype=np.float64)
    key = np.array(data.draw(listed(st.integers(0, 3), n)))
    order = np.random.default_rng(seed).permutation(n)
    parts, again = xm.theil_decomposition(values, key), xm.theil_decomposition(values[order], key[order])
    assert bits(parts[:3]) == bits(again[:3])
    assert parts.groups.equals(again.groups)


def test_the_groups_of_a_decomposition():
    """Shares add up to 1; a group of zeros and one without a value add nothing."""
    values, city = [10, 10, 10, 20, 50, 0, 0, math.nan], ["a", "a", "b", "b", "b", "c", "c", "d"]
    groups = xm.theil_decomposition(values, {"city": city}).groups
    assert ("city", "n", "share", "mean", "theil_t", "between", "within") == groups.columns
    assert [2, 3, 2, 0] == groups["n"].tolist()
    assert [0.2, 0.8, 0, 0] == groups["share"].tolist()
    assert bits([10, 80 / 3, 0, math.nan]) == bits(groups["mean"])
    assert [0, 0] == groups["between"][2:].tolist()
    assert [0, 0] == groups["within"][2:].tolist()
    assert [True, True] == np.isnan(groups["theil_t"][2:]).tolist()


def test_records_that_a_grouping_leaves_out_are_in_no_part():
    """The total is that of the records in groups."""
    values, city = [1.0, 2.0, 4.0, 99.0], np.array(["a", "a", "b", None], dtype=object)
    dropped = xm.theil_decomposition(values, xm.Grouping(city, missing="drop"))
    assert xm.theil_decomposition(values[:3], city[:3]).total == dropped.total


@settings(max_examples=50, deadline=None)
@given(values=st.lists(finite, max_size=10))
def test_any_floats_give_numbers_or_nan_and_never_infinity(values):
    """No measure is ever infinite."""
    assert not np.isinf(measures(xm.inequality(np.array(values)))).any()
