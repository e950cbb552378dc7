"""Natural breaks against all partitions, tiers against their slow twin."""

import math

import numpy as np
import pytest
import reference
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import seeds, value_columns

import xxmfg as xm

few = st.lists(st.integers(-50, 50) | st.integers(0, 3).map(lambda p: 10**p), min_size=1, max_size=9)
floats = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8)


@settings(max_examples=300, deadline=None)
@given(values=few | floats, k=st.integers(1, 5))
def test_natural_breaks_are_the_best_partition(values, k):
    """No partition into k classes differs less within them by what 27 digits tell; fewer values are a class each."""
    bounds = xm.natural_breaks(values, k).tolist()
    expected = reference.natural_breaks(values, k)
    assert len(expected) == len(bounds)
    assert set(bounds) <= set(values)
    best, actual = reference.cost(values, expected), reference.cost(values, bounds)
    assert actual - best <= reference.cost(values, [max(values)]) * 2**-90


@pytest.mark.parametrize(
    ("values", "k", "expected"),
    [([1, 2, 3], 2, [1, 3]), ([0, 2, 4, 6], 3, [0, 2, 6]), ([1, 2, 3, 4, 5], 2, [2, 5]), ([0, 0, 4, 8, 8], 2, [0, 8])],
)
def test_of_equal_partitions_the_lower_bounds_win(values, k, expected):
    """Where two partitions cost the same, the one whose last bounds are lower is given, as by the twin."""
    assert expected == reference.natural_breaks(values, k)
    assert expected == xm.natural_breaks(values, k).tolist()


@settings(max_examples=50, deadline=None)
@given(seed=seeds, k=st.integers(2, 7))
def test_many_values_need_no_more_than_neighbors_can_better(seed, k):
    """On hundreds of values no bound can be moved to a neighboring value without a loss, and order does not matter."""
    generator = np.random.default_rng(seed)
    values = np.round(generator.lognormal(3, 2, 300), 1)
    bounds = xm.natural_breaks(values, k)
    assert bounds.tolist() == xm.natural_breaks(generator.permutation(values), k).tolist()
    distinct = np.unique(values).tolist()
    best = reference.cost(values.tolist(), bounds.tolist())
    place = int(generator.integers(0, k - 1))
    for step in (-1, 1):
        moved = bounds.tolist()
        moved[place] = distinct[distinct.index(moved[place]) + step]
        if len(set(moved)) == k:
            assert best <= reference.cost(values.tolist(), moved)


def test_a_large_offset_does_not_blur_the_breaks():
    """Values far from zero, whose squares lose the digits that matter, have the breaks of their differences."""
    values = np.array([0.0, 1.0, 2.0, 10.0, 11.0, 30.0, 31.0, 33.0])
    assert [1e15 + 2, 1e15 + 11, 1e15 + 33] == xm.natural_breaks(values + 1e15, 3).tolist()
    scaled = xm.natural_breaks(values * 1e-300, 3)
    assert (np.array([2.0, 11.0, 33.0]) * 1e-300).tolist() == scaled.tolist()
    assert [1.0, 1e300] == xm.natural_breaks([1e-300, 1.0, 1e300], 2).tolist()


def test_kinds_of_values():
    """Bounds keep the kind of the values; missing ones are skipped; -0.0 and 0.0 are one value."""
    assert np.int16 == xm.natural_breaks(np.array([1, 2, 9], dtype=np.int16), 2).dtype
    assert [2.0, 9.0] == xm.natural_breaks([1.0, math.nan, 9.0, 2.0], 2).tolist()
    masked = np.ma.masked_array([1, 2, 100, 9], mask=[False, False, True, False])
    assert [2, 9] == xm.natural_breaks(masked, 2).tolist()
    assert [0.0, 1.0] == xm.natural_breaks([-0.0, 0.0, 1.0], 3).tolist()
    assert [False, True] == xm.natural_breaks([True, False], 2).tolist()
    assert [2**62, 2**62 + 1, 2**63 - 1] == xm.natural_breaks([2**62, 2**62 + 1, 2**63 - 1], 3).tolist()
    assert ["float32", "uint64"] == [str(xm.natural_breaks(np.ones(2, t), 1).dtype) for t in ("f4", "u8")]


bound_lists = st.lists(st.integers(-100, 300) | st.floats(-1e9, 1e9), min_size=0, max_size=5, unique=True).map(sorted)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), n=st.integers(0, 12), bounds=bound_lists, closed=st.sampled_from(("left", "right")))
def test_tiers_equal_their_slow_twin(data, n, bounds, closed):
    """Values of every kind are compared with the bounds exactly; a missing one has tier 0."""
    values = data.draw(value_columns(n, masked=True))
    finite = np.where(np.isinf(np.ma.getdata(values)), 0, np.ma.getdata(values)) if values.dtype.kind == "f" else values
    column = np.ma.masked_array(finite.astype(values.dtype), mask=np.ma.getmaskarray(values))
    limits = np.array(bounds, dtype=np.float64)
    expected = reference.tiers_of(reference.numbers(column), limits.tolist(), closed)
    assert expected == xm.tiers_of(column, limits, closed).tolist()


def test_a_bound_is_in_its_tier():
    """以上 includes its bound; closed on the right it lies in the tier below."""
    assert [1, 2, 2, 3] == xm.tiers_of([7000.0, 6999.9, 4000.0, 3999.9], [4000, 7000]).tolist()
    assert [2, 2, 3, 3] == xm.tiers_of([7000.0, 6999.9, 4000.0, 3999.9], [4000, 7000], closed="right").tolist()
    assert [1, 1] == xm.tiers_of([1.0, 2.0], []).tolist()
    assert [1, 2] == xm.tiers_of([math.inf, -math.inf], [0]).tolist()


def test_integers_are_not_rounded_to_doubles():
    """2⁵³ and 2⁵³ + 1, which are one double, lie on two sides of a bound; so do bounds that no double is."""
    assert [2, 1] == xm.tiers_of(np.array([2**53, 2**53 + 1]), [2**53 + 1]).tolist()
    assert [2, 1] == xm.tiers_of(np.array([2.0**53, 2.0**53 + 2]), [2**53 + 1]).tolist()
    assert [2, 2] == xm.tiers_of(np.array([2**63 - 1, 0]), [2.0**63]).tolist()
    assert [1, 2] == xm.tiers_of(np.array([255, 0], dtype=np.uint8), [0.5]).tolist()


@settings(max_examples=100, deadline=None)
@given(values=few, k=st.integers(1, 4))
def test_natural_breaks_give_tiers(values, k):
    """All bounds but the last, closed on the right, give the natural classes: none is empty."""
    bounds = xm.natural_breaks(values, k)
    tiers = xm.tiers_of(values, bounds[:-1], closed="right")
    assert list(range(1, len(bounds) + 1)) == sorted(set(tiers.tolist()))
    assert all(value <= bounds[len(bounds) - tier] for value, tier in zip(values, tiers.tolist(), strict=True))


KINDS = [
    ("k of zero", lambda: xm.natural_breaks([1.0], 0), ValueError, "^k must be 1 or more"),
    ("k of a half", lambda: xm.natural_breaks([1.0], 0.5), TypeError, "^k must be a whole number"),
    ("no value", lambda: xm.natural_breaks([math.nan], 2), ValueError, "^values: there is none to put into classes"),
    ("infinite", lambda: xm.natural_breaks([1.0, math.inf], 2), ValueError, "^values: one is infinite"),
    ("text", lambda: xm.natural_breaks(["a"], 2), TypeError, "^values must be numbers"),
    ("falling", lambda: xm.tiers_of([1.0], [2, 1]), ValueError, "^bounds must ascend, but 1 follows 2"),
    ("twice", lambda: xm.tiers_of([1.0], [2, 2]), ValueError, "^bounds must ascend, but 2 follows 2"),
    ("missing", lambda: xm.tiers_of([1.0], [1, math.nan]), ValueError, "^bounds: number 1 is missing or infinite"),
    ("closed", lambda: xm.tiers_of([1.0], [1], closed="both"), ValueError, '^closed must be "left" or "right"'),
]


@pytest.mark.parametrize(("call", "kind", "says"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_bad_input_is_named(call, kind, says):
    """What is wrong raises, and says which argument and what would be right."""
    with pytest.raises(kind, match=says):
        call()
