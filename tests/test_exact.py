"""Exactness: every sum is the exact sum rounded once, in any order; integers never wrap."""

import math
from fractions import Fraction

import numpy as np
import pytest
import reference
from compare import bits, furthest, ulps
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import INTEGER_TYPES, RECIPES, adversarial, finite, integers_of, seeds

import xxmfg as xm

MAX = np.finfo(np.float64).max
TINY = 2.0**-1074
N_GROUPS = 250  # 400 examples of 250 groups: 100,000 sums


def sums(values, by=None):
    """Give the sums of the groups, in the order of their labels."""
    return xm.aggregate(values, by=by, stats=("sum",))["sum"]


def exact_sums(values, codes):
    """Give the exact sum of each group that occurs, rounded once."""
    members = {}
    for code, value in zip(codes.tolist(), values.tolist(), strict=True):
        if value == value:  # noqa: PLR0124
            members.setdefault(code, []).append(value)
        else:
            members.setdefault(code, [])
    return [reference.nearest(reference.add(members[code])) for code in sorted(members)]


@settings(max_examples=400, deadline=None)
@given(seed=seeds, recipe=st.sampled_from(RECIPES), rows_a_group=st.sampled_from((1, 2, 3, 4, 8)))
def test_group_sums_equal_the_exact_sum_rounded_once(seed, recipe, rows_a_group):
    """A group's sum is the double nearest to the exact sum of its values, whatever their signs and exponents."""
    generator = np.random.default_rng(seed)
    n = N_GROUPS * rows_a_group
    values = adversarial(recipe, n, generator)
    codes = generator.permutation(np.arange(n) % N_GROUPS)
    assert bits(exact_sums(values, codes)) == bits(sums(values, by=codes))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(), max_size=30))
def test_any_few_doubles_add_to_the_exact_sum(values):
    """The sum of any doubles, infinities included, is the exact sum rounded once."""
    column = np.array(values, dtype=np.float64)
    expected = reference.nearest(reference.add(reference.rational.present(reference.numbers(column))))
    assert bits([expected]) == bits(sums(column))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1e16, 1.0, -1e16], 1.0),
        ([MAX, MAX, -MAX], MAX),
        ([MAX, -MAX, MAX, -MAX, TINY], TINY),
        ([MAX, MAX], math.inf),
        ([-MAX, -MAX], -math.inf),
        ([MAX, math.ulp(MAX) / 4], MAX),
        ([MAX, math.ulp(MAX) / 2], math.inf),
        ([MAX, math.ulp(MAX) / 2, -TINY], MAX),
        ([TINY] * 3, 3 * TINY),
        ([2.0**-1022, -TINY], 2.0**-1022 - TINY),
        ([1.0, 2.0**-53], 1.0),
        ([1.0, 2.0**-53, TINY], 1.0 + 2.0**-52),
        ([1.0 + 2.0**-52, 2.0**-53], 1.0 + 2.0**-51),
        ([1.0 + 2.0**-52, 2.0**-53, -TINY], 1.0 + 2.0**-52),
        ([2.0**960, 2.0**-1060, -(2.0**960)], 2.0**-1060),
        ([0.1] * 10, 1.0),
        ([-0.0, -0.0], 0.0),
        ([5.0, -5.0], 0.0),
        ([math.inf, 1.0], math.inf),
        ([math.inf, -math.inf], math.nan),
        ([math.inf, MAX, MAX], math.inf),
        ([math.inf, -MAX, -MAX, -MAX], math.inf),
        ([math.nan, MAX, -MAX, 1.0], 1.0),
        ([-math.inf, MAX, MAX], -math.inf),
        ([math.nan, 1.0], 1.0),
        ([math.nan], 0.0),
        ([], 0.0),
    ],
)
def test_adversarial_sums(values, expected):
    """Cancellation, overflow on the way, subnormals, ties and infinities give the exact sum, in every rotation."""
    column = np.array(values, dtype=np.float64)
    for shift in range(max(len(values), 1)):
        assert bits([expected]) == bits(sums(np.roll(column, shift)))


def test_every_exponent_pair_adds_exactly():
    """Two values of any two exponents add exactly, each pair in a group of its own."""
    exponents = np.arange(-1074, 1024, 7)
    low, high = np.meshgrid(exponents, exponents)
    pairs = np.stack((np.ldexp(1.0, low.ravel()), -np.ldexp(1.0, high.ravel())), axis=1)
    codes = np.repeat(np.arange(len(pairs)), 2)
    assert bits(pairs.sum(axis=1) + 0.0) == bits(sums(pairs.ravel(), by=codes))


@settings(max_examples=20, deadline=None)
@given(seed=seeds, recipe=st.sampled_from(RECIPES))
def test_sums_means_and_variances_have_the_same_bits_in_any_order(seed, recipe):
    """Twenty shuffles of the records give the same bits of every statistic of every group."""
    generator = np.random.default_rng(seed)
    values = adversarial(recipe, 600, generator)
    codes = generator.integers(0, 20, 600)
    stats = ("sum", "mean", "min", "max", "var", "std", "median", "q10", "share")
    first = xm.aggregate(values, by=codes, stats=stats)
    for _ in range(20):
        order = generator.permutation(600)
        again = xm.aggregate(values[order], by=codes[order], stats=stats)
        assert {stat: bits(first[stat]) for stat in stats} == {stat: bits(again[stat]) for stat in stats}


def test_many_rows_in_few_groups_stay_exact():
    """Half a million rows in three groups, over several blocks and carries, add exactly."""
    generator = np.random.default_rng(1)
    values = np.ldexp(generator.normal(size=500_000), generator.integers(-60, 60, 500_000))
    codes = generator.integers(0, 3, 500_000)
    assert bits([math.fsum(values[codes == g].tolist()) for g in range(3)]) == bits(sums(values, by=codes))


def test_a_value_that_outgrows_the_window_late_stays_exact():
    """A large value after a long run of small ones, and a small one after large ones, are added exactly."""
    values = np.concatenate((np.full(100_000, 2.0**-70), [2.0**100, 1.0, -(2.0**100)], np.full(50_000, 3.0e-300)))
    expected = reference.nearest(reference.add(values.tolist()))
    assert bits([expected]) == bits(sums(values))
    assert bits([expected]) == bits(sums(values[::-1]))


def test_missing_values_beside_the_largest_are_missing():
    """NaN next to the largest doubles is counted as missing, inf as a value."""
    values = np.array([MAX, math.nan, math.inf, -MAX, math.nan])
    table = xm.aggregate(values, stats=("count", "missing", "min", "max"))
    assert [3, 2, -MAX, math.inf] == [table[stat].tolist()[0] for stat in table]


def test_an_infinity_disturbs_no_other_group():
    """Groups beside one with inf and one with NaN sums keep their exact sums."""
    values = np.array([math.inf, 1e16, -math.inf, 1.0, math.inf, -1e16])
    codes = np.array([0, 1, 2, 1, 2, 1])
    assert bits([math.inf, 1.0, math.nan]) == bits(sums(values, by=codes))


@pytest.mark.parametrize("dtype", ["f2", "f4"])
def test_short_floats_add_as_doubles(dtype):
    """float16 and float32 values add exactly as the doubles that they are."""
    values = np.array([60000.0, 60000.0, 0.1, 2.0**-14, -60000.0], dtype=dtype)
    expected = reference.nearest(reference.add(values.astype(float).tolist()))
    actual = sums(values)
    assert np.float64 == actual.dtype
    assert bits([expected]) == bits(actual)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), dtype=st.sampled_from(INTEGER_TYPES))
def test_integer_sums_equal_pythons(data, dtype):
    """Integers of every type add exactly, into int64, or uint64 for uint64."""
    values = np.array(data.draw(st.lists(integers_of(dtype), max_size=40)), dtype=dtype)
    actual = sums(values)
    assert (np.uint64 if dtype == "u8" else np.int64) == actual.dtype
    assert [sum(values.tolist())] == actual.tolist()


def test_bools_add_as_counts():
    """True counts one, into int64."""
    actual = sums(np.array([True, False, True, True]))
    assert np.int64 == actual.dtype
    assert [3] == actual.tolist()


@pytest.mark.parametrize(
    ("dtype", "values", "expected"),
    [
        ("i8", [2**63 - 1, 2**63 - 1, -(2**63), 1], 2**63 - 1),
        ("i8", [-(2**63), -1, 1], -(2**63)),
        ("u8", [2**64 - 1, 0], 2**64 - 1),
        ("u8", [2**63, 2**63 - 1], 2**64 - 1),
        ("u4", [2**32 - 1] * 3, 3 * (2**32 - 1)),
        ("i1", [-128] * 3, -384),
    ],
)
def test_integer_sums_that_fit_in_the_end_are_exact(dtype, values, expected):
    """A sum may leave its type on the way, in any order, as long as it ends within it."""
    for order in (values, values[::-1], sorted(values), sorted(values)[::-1]):
        assert [expected] == sums(np.array(order, dtype=dtype)).tolist()


@pytest.mark.parametrize(("dtype", "values"), [("i8", [2**63 - 1, 1]), ("i8", [-(2**63), -1]), ("u8", [2**64 - 1, 1])])
def test_an_integer_sum_that_does_not_fit_raises_and_names_the_group(dtype, values):
    """OverflowError names the labels of the group whose sum does not fit."""
    column = np.array([*values, 7], dtype=dtype)
    with pytest.raises(OverflowError, match="沣东"):
        sums(column, by=np.array(["沣东", "沣东", "沣西"]))
    with pytest.raises(OverflowError):
        sums(column[:2])


@settings(max_examples=100, deadline=None)
@given(st.lists(finite, min_size=1, max_size=20))
def test_means_are_quotients_of_exact_sums(values):
    """A mean is the correctly rounded sum divided by the count: within 2.5 ulp of the exact mean, same bits always."""
    mean = xm.aggregate(np.array(values), stats=("mean",))["mean"]
    total = reference.nearest(reference.add(values))
    if math.isinf(total):  # the mean of large numbers does not overflow with their sum
        assert ulps(reference.add(values) / len(values), float(mean[0])) <= 2.5
        return
    assert bits([total / len(values) + 0.0]) == bits(mean)
    if math.isfinite(total):
        assert ulps(reference.nearest(reference.add(values) / len(values)), mean[0]) <= 2.5


@settings(max_examples=60, deadline=None)
@given(seed=seeds, spread=st.integers(0, 300), center=st.sampled_from((0.0, 1.0, 1e8, -1e15)))
def test_variances_stay_within_four_ulps(seed, spread, center):
    """The sample variance is within 4 ulp of the exact one, its root within 3, also for a large mean."""
    generator = np.random.default_rng(seed)
    values = center + np.ldexp(generator.normal(size=400), generator.integers(-spread, spread + 1, 400))
    codes = generator.integers(0, 50, 400)
    table = xm.aggregate(values, by=codes, stats=("var", "std"))
    expected = [reference.variance(values[codes == code].tolist()) for code in np.unique(codes)]
    assert furthest(expected, table["var"]) <= 4
    assert furthest(list(map(math.sqrt, expected)), table["std"]) <= 3


@pytest.mark.parametrize(
    "values",
    [
        [1.0, 1.0, 1.0],
        [1e16, 1e16 + 2],
        [0.1] * 7,
        [1.0, 1.0 + 2.0**-52],
        [1e-150, 2e-150, 4e-150],
        [1.7e-162, -1.7e-162] * 50,
        [7.0, math.inf],
        [7.0],
    ],
)
def test_variances_of_hard_data(values):
    """Equal values, neighbors and tiny deviations have the exact variance within 4 ulp."""
    assert ulps(reference.variance(values), xm.aggregate(np.array(values), stats=("var",))["var"][0]) <= 4


@pytest.mark.parametrize("values", [[1e200, -1e200, 1e200], [MAX, MAX], [MAX / 4] * 5, [1.2e154, -1.2e154] * 50])
def test_variances_beyond_the_range_are_never_wrong_numbers(values):
    """Where a square or a sum on the way overflows, the variance is the exact one, inf or NaN."""
    variance = xm.aggregate(np.array(values), stats=("var",))["var"][0]
    assert not math.isfinite(variance) or ulps(reference.variance(values), variance) <= 4


def test_integer_means_and_variances_use_the_exact_integers():
    """Means and variances of int64 beyond 2**53 do not pass through rounded values."""
    values = [2**60 + 1, 2**60 + 2, 2**60 + 4]
    table = xm.aggregate(np.array(values), stats=("mean", "var"))
    assert [float(Fraction(sum(values), 3))] == table["mean"].tolist()
    assert ulps(reference.variance(values), table["var"][0]) <= 4


@pytest.mark.parametrize("n", [10, 1000, 100_000])
def test_a_variance_keeps_its_digits_where_one_value_differs_from_all_others(n):
    """Regression: the pivot was truncated, and what was taken off again cancelled n-fold."""
    values = np.ones(n, dtype=bool)
    values[0] = False
    exact = Fraction(n - 1, n) / (n - 1)
    assert 4 >= ulps(exact, xm.aggregate(values, stats="var")["var"][0])
    floats = np.full(n, 0.1)
    floats[0] = np.nextafter(0.1, 1)
    step = Fraction(floats[0]) - Fraction(0.1)
    assert 4 >= ulps(step**2 * Fraction(n - 1, n) / (n - 1), xm.aggregate(floats, stats="var")["var"][0])


def test_one_value_beyond_all_others_moves_no_sum():
    """A total among its parts leaves the sums exact: the plane is placed by most values, not by the largest."""
    values = np.random.default_rng(5).lognormal(0, 2, 3000)
    values[0] = 1e30
    codes = np.arange(3000) % 7
    assert bits([math.fsum(values[codes == g].tolist()) for g in range(7)]) == bits(sums(values, by=codes))


def test_numbers_that_no_sampled_row_shows_are_summed_all_the_same():
    """Zeros wherever the column is sampled place no plane; the first number does."""
    values = np.zeros(5000)
    values[1::4] = 1e200
    values[2::4] = -1e-200
    assert math.fsum(values.tolist()) == sums(values)[0]
