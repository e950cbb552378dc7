"""Concentration against its rational twin, its bounds and laws, and what it refuses."""

import math

import numpy as np
import pytest
import reference
from compare import shown
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import seeds

import xxmfg as xm

MEASURES = ("herfindahl", "herfindahl_normalized", "effective_number", "entropy", "primacy")
sizes = st.floats(0, 1e12) | st.integers(0, 9).map(float) | st.floats(0, 1.7e308, allow_subnormal=True)
groups = st.lists(st.tuples(sizes, st.integers(0, 3)), max_size=40)


def close(expected, actual, scale=0.0):
    """Tell whether a double is what the twin gives, within 1e-14 of it or of a scale; None is NaN."""
    if expected is None:
        return math.isnan(actual)
    return expected == actual or abs(expected - actual) <= 1e-14 * max(abs(expected), scale)


@settings(max_examples=300, deadline=None)
@given(records=groups)
def test_concentration_is_its_twin(records):
    """Every group's measures are those of the definitions, whatever the magnitudes."""
    values, keys = [value for value, _ in records], [key for _, key in records]
    table = xm.concentration(np.array(values, dtype=float), by=np.array(keys, dtype=np.int64), ranks=(3, 1))
    assert sorted(set(keys)) == table["key"].tolist()
    for row, key in enumerate(table["key"].tolist()):
        members = [value for value, own in records if own == key]
        expected = reference.concentration(members, (3, 1))
        assert sum(value > 0 for value in members) == table["n"][row]
        if math.isinf(table["total"][row]):
            assert all(math.isnan(table[name][row]) for name in expected)
            continue
        for name in expected:
            scale = {"entropy": math.log(max(len(members), 2)), "herfindahl_normalized": 1e-3}.get(name, 0.0)
            assert close(expected[name], table[name][row], scale), (name, expected[name], table[name][row])


@settings(max_examples=60, deadline=None)
@given(seed=seeds, n=st.integers(2, 3000))
def test_order_and_threads_change_no_bit(seed, n):
    """Shuffled records give the same bits."""
    generator = np.random.default_rng(seed)
    values, keys = generator.lognormal(0, 3, n), generator.integers(0, 5, n)
    order = generator.permutation(n)
    assert shown(xm.concentration(values, keys)) == shown(xm.concentration(values[order], keys[order]))


def test_threads_change_no_bit():
    """One, two and five threads give the same bits on as many rows as make them worth it."""
    generator = np.random.default_rng(5)
    values, keys = generator.lognormal(0, 2, 600_000), generator.integers(0, 70, 600_000)
    before, found = xm.get_threads(), []
    for n_threads in (1, 2, 5):
        xm.set_threads(n_threads)
        found.append(shown(xm.concentration(values, keys)))
    xm.set_threads(before)
    assert found[0] == found[1] == found[2]
    few = keys < 3
    expected = reference.concentration(values[keys == 2].tolist(), (1, 4, 8))
    table = xm.concentration(values[few], keys[few])
    assert all(close(expected[name], table[name][2], 1.0) for name in expected)


def test_shares_that_hardly_differ_keep_their_digits():
    """The normalized index of 1, 1 + 1e-9, 1 - 1e-9 is right to 14 digits, unlike Σs² − 1/n."""
    values = [1.0, 1.0 + 2**-30, 1.0 - 2**-30]
    table = xm.concentration(values)
    expected = reference.concentration(values, ())["herfindahl_normalized"]
    assert expected == pytest.approx(float(table["herfindahl_normalized"][0]), rel=1e-14)
    assert 0 < expected < 1e-17


@pytest.mark.parametrize("power", [-1010, -1000, 1000, 1010, 1015])
@pytest.mark.parametrize("ranks", [(1, 2), (1, 40)])
def test_a_unit_changes_no_bit(power, ranks):
    """Values next to the ends of the doubles are measured as the same ones in the middle: units were cut at 2^1000."""
    values = np.exp2(np.random.default_rng(11).normal(0, 1.5, 500)).round(9)
    groups = np.arange(500) % 7
    expected, scaled = (
        xm.concentration(numbers, by=groups, ranks=ranks) for numbers in (values, np.ldexp(values, power))
    )
    for name in expected:
        if name != "total":
            assert shown(expected)[name] == shown(scaled)[name], name


def test_equal_members_are_not_concentrated():
    """Equal shares give 1/n, 0, n and ln n."""
    table = xm.concentration(np.full(7, 0.1), ranks=(7,))
    row = {name: float(table[name][0]) for name in ("cr7", *MEASURES)}
    assert {"cr7": 1.0, "herfindahl": 1 / 7, "herfindahl_normalized": 0.0, "primacy": 1.0} == {
        name: row[name] for name in ("cr7", "herfindahl", "herfindahl_normalized", "primacy")
    }
    assert math.log(7) == pytest.approx(row["entropy"], rel=1e-15)


def test_what_cannot_be_measured_is_nan():
    """Negative and infinite values, zero totals and single members are told apart from small numbers."""
    values = [5.0, -1.0, 3.0, 0.0, 0.0, 4.0, np.inf, 1.0, np.nan]
    table = xm.concentration(values, by=["negative"] * 3 + ["zero"] * 2 + ["one"] + ["infinite"] * 2 + ["missing"])
    rows = {label: row for row, label in enumerate(table["key"].tolist())}
    for label in ("negative", "zero", "infinite", "missing"):
        assert all(math.isnan(table[name][rows[label]]) for name in ("cr1", "cr4", "cr8", *MEASURES)), label
    one = rows["one"]
    assert [1, 4.0, 1.0, 1.0, 1.0, 1.0, 0.0] == [
        table[name][one] for name in ("n", "total", "cr1", "cr8", "herfindahl", "effective_number", "entropy")
    ]
    assert math.isnan(table["herfindahl_normalized"][one])
    assert math.isnan(table["primacy"][one])


def test_zeros_are_no_members():
    """A value of zero changes nothing."""
    with_zeros = xm.concentration([3.0, 0.0, 1.0, -0.0])
    assert shown(xm.concentration([3.0, 1.0])) == shown(with_zeros)
    assert 2 == with_zeros["n"][0]


def test_entities_are_summed_first():
    """Two establishments of an enterprise are one member."""
    table = xm.concentration([1, 2, 3], by=["a", "a", "a"], entity=["E1", "E1", "E2"])
    assert shown(xm.concentration([3, 3], by=["a", "a"])) == shown(table)


@pytest.mark.parametrize("dtype", ["i1", "u1", "i8", "u8", "f4", "f2"])
def test_every_kind_of_number_is_measured(dtype):
    """Integers and short floats give what their doubles give; so do text keys on several threads."""
    values = np.array([3, 7, 0, 1, 9], dtype=dtype)
    keys = ["x", "y", "x", "x", "y"]
    expected, actual = xm.concentration(values.astype(float), keys), xm.concentration(values, keys)
    assert shown(expected) == shown(actual)


def test_bad_ranks_are_refused():
    """A rank is a whole number from 1, and stands once."""
    for ranks, error, sentence in (
        ((0,), ValueError, "ranks must be 1 or more and fit 64 bits, not 0"),
        ((4, 4), ValueError, "ranks: 4, 4 has a rank twice"),
        ((1.5,), TypeError, "ranks must be a whole number, not 1.5"),
    ):
        with pytest.raises(error, match=sentence):
            xm.concentration([1.0], ranks=ranks)
    assert shown(xm.concentration([3.0, 1.0], ranks=(1,))) == shown(xm.concentration([3.0, 1.0], ranks=1))
    assert 1 == xm.concentration([1.0, 2.0], ranks=(2**62,))[f"cr{2**62}"][0]
    assert [] == [name for name in xm.concentration([1.0], ranks=()) if name.startswith("cr")]


def test_many_groups_are_measured():
    """Half a million groups of two give what one group gives."""
    values = np.tile([3.0, 1.0], 500_000)
    table = xm.concentration(values, by=np.repeat(np.arange(500_000), 2))
    alone = xm.concentration([3.0, 1.0])
    assert all((table[name] == alone[name][0]).all() for name in ("n", "total", "cr1", "cr4", "cr8", "herfindahl"))
    assert all(np.allclose(table[name], alone[name][0], rtol=1e-15, atol=0) for name in MEASURES)


@settings(max_examples=60, deadline=None)
@given(records=groups)
def test_a_negative_value_changes_no_other_group(records):
    """Groups beside one that cannot be measured are measured as they are without it."""
    values, keys = np.array([value for value, _ in records] + [1.0]), np.array([key for _, key in records] + [0])
    alone = xm.concentration(values, keys)
    beside = xm.concentration(np.append(values, -1.0), np.append(keys, 9))
    assert math.isnan(beside["herfindahl"][-1])
    assert (alone["n"] == beside["n"][:-1]).all()
    assert all(np.allclose(alone[name], beside[name][:-1], rtol=1e-14, atol=1e-14, equal_nan=True) for name in MEASURES)
