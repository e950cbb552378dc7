"""Many groups: rows put apart by their ids give what rows taken one by one give, for all kinds of keys and values."""

import math

import numpy as np
import pytest

import xxmfg as xm
from xxmfg import _core
from xxmfg._statistics import MIN

N_ROWS = 300_000
N_GROUPS = 60_000
STATS = ("count", "missing", "sum", "mean", "min", "max")
rng = np.random.default_rng(20191124)
NUMBERS = rng.integers(0, N_GROUPS, N_ROWS)
SPARSE = rng.integers(-(2**63), 2**63, N_GROUPS)[NUMBERS]
LOGNORMAL = rng.lognormal(0, 2, N_ROWS)
DATES = np.where(NUMBERS == 7, np.datetime64("NaT", "D"), NUMBERS.astype("datetime64[D]"))
FLOATS = np.where(NUMBERS == 7, np.nan, np.where(NUMBERS % 2 == 0, NUMBERS * 1e-300, -NUMBERS * 1e200))

KEYS = {
    "small integers": NUMBERS.astype(np.int32),
    "small integers swapped": NUMBERS.astype(">i4"),
    "small unsigned": NUMBERS.astype(np.uint16),
    "sparse": SPARSE,
    "sparse unsigned": SPARSE.view(np.uint64),
    "multiples of 2^32": NUMBERS << 32,
    "floats": FLOATS,
    "dates": DATES,
    "masked": np.ma.masked_array(NUMBERS, NUMBERS % 11 == 0),
    "masked sparse": np.ma.masked_array(SPARSE, NUMBERS % 11 == 0),
    "two small": (NUMBERS.astype(np.int16) // 100, (NUMBERS % 1000).astype(np.uint8)),
    "two dates": (DATES, NUMBERS % 2 == 0),
    "the second missing": (NUMBERS // 3, np.where(NUMBERS % 3 == 0, np.nan, NUMBERS % 5 / 4)),
    "the second masked, -7 beside": (
        NUMBERS // 3,
        np.ma.masked_array(np.where(NUMBERS % 3 == 0, -7, NUMBERS % 5), NUMBERS % 3 == 0),
    ),
    "wider than 64 bits": (SPARSE, SPARSE[::-1].copy()),
    "all different": rng.permutation(N_ROWS),
    "all different and sparse": rng.integers(-(2**63), 2**63, N_ROWS),
    "a row or two": rng.integers(0, N_ROWS, N_ROWS) << 40,
    "sharing their highest bits": NUMBERS + (NUMBERS % 2 << 62),
    "sorted": np.sort(NUMBERS),
    "one holds most": np.where(rng.random(N_ROWS) < 0.9, 0, SPARSE),
}
VALUES = {
    "floats": LOGNORMAL,
    "floats with missing and infinite": np.where(
        NUMBERS % 13 == 0, np.nan, np.where(NUMBERS % 17 == 0, -np.inf, LOGNORMAL)
    ),
    "of all magnitudes": np.ldexp(rng.normal(size=N_ROWS), rng.integers(-1060, 960, N_ROWS)),
    "integers": rng.integers(-(10**12), 10**12, N_ROWS),
    "masked integers": np.ma.masked_array(rng.integers(0, 99, N_ROWS).astype(np.int8), NUMBERS % 3 == 0),
    "unsigned": rng.integers(2**56, 2**57, N_ROWS, dtype=np.uint64),
    "bools": NUMBERS % 2 == 0,
}


def by_appearance(values, keys, stats):
    """Give the same groups row by row, which is how they come in the order of their first records, then sorted."""
    table = xm.aggregate(values, keys, stats, order="appearance")
    codes = xm.aggregate(np.arange(len(table)), tuple(table[name] for name in table if name.startswith("key")), "sum")
    return {name: table[name][codes["sum"]] for name in table}


@pytest.mark.parametrize("name", KEYS)
def test_every_kind_of_key_gives_what_row_by_row_gives(name):
    """Labels and statistics of many groups are those of the records taken one by one."""
    expected = by_appearance(LOGNORMAL, KEYS[name], STATS)
    actual = xm.aggregate(LOGNORMAL, KEYS[name], STATS)
    assert xm.Table(expected).equals(actual)


FEW_ROWS_A_GROUP = ("all different", "all different and sparse", "a row or two")


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("key", ["small integers", "sparse", *FEW_ROWS_A_GROUP])
def test_every_kind_of_value_gives_what_row_by_row_gives(name, key):
    """Missing, infinite and integer values of many groups come out as of records taken one by one."""
    expected = by_appearance(VALUES[name], KEYS[key], STATS)
    actual = xm.aggregate(VALUES[name], KEYS[key], STATS)
    assert xm.Table(expected).equals(actual)


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("key", ["small integers", "sparse"])
def test_sums_alone_are_those_beside_other_statistics(name, key):
    """Where least and greatest values are not asked for, and so not kept, nothing else changes."""
    expected = xm.aggregate(VALUES[name], KEYS[key], ("missing", "sum", "mean", "max"))
    actual = xm.aggregate(VALUES[name], KEYS[key], ("missing", "sum", "mean"))
    assert all(expected[column].tobytes() == actual[column].tobytes() for column in actual)


@pytest.mark.parametrize("ask", [_core.statistics, _core.variances, _core.quantiles, _core.first_last])
def test_states_of_sums_alone_give_nothing_else(ask):
    """What needs least and greatest values, or reads the records again, is refused."""
    state, _, _ = _core.aggregate((NUMBERS,), (LOGNORMAL,), (), True, 2, True)
    arguments = {_core.statistics: ((MIN,),), _core.variances: (0, False), _core.quantiles: (0, 1, 2)}
    with pytest.raises(ValueError, match=r"unknown statistic|a state of nothing but sums"):
        ask(state, *arguments.get(ask, (0,)))


@pytest.mark.parametrize("key", ["small integers", "sparse"])
def test_sums_of_many_groups_are_those_of_fsum(key):
    """Each sum is the double nearest to the exact sum of its group."""
    values = VALUES["of all magnitudes"]
    order = np.argsort(KEYS[key], kind="stable")
    cuts = np.flatnonzero(np.diff(KEYS[key][order])) + 1
    expected = [math.fsum(group) for group in np.split(values[order], cuts)]
    assert expected == xm.aggregate(values, KEYS[key], "sum")["sum"].tolist()


@pytest.mark.parametrize("key", ["small integers", "sparse", "a row or two"])
def test_neither_threads_nor_order_of_rows_change_a_bit(key):
    """Twenty orders of the rows on one to eight threads give the same bits."""
    values = VALUES["of all magnitudes"]
    expected = xm.aggregate(values, KEYS[key], STATS)
    before = xm.get_threads()
    try:
        for turn in range(20):
            xm.set_threads((1, 2, 5, 8)[turn % 4])
            order = np.random.default_rng(turn).permutation(N_ROWS)
            actual = xm.aggregate(values[order], KEYS[key][order], STATS)
            assert all(expected[name].tobytes() == actual[name].tobytes() for name in expected)
    finally:
        xm.set_threads(before)


@pytest.mark.parametrize("key", ["masked", "masked sparse", "dates"])
def test_records_that_a_grouping_leaves_out_are_in_no_group(key):
    """A missing key leaves its record out where that is asked for, also among many groups."""
    kept = xm.Grouping(KEYS[key]).codes < xm.Grouping(KEYS[key], missing="drop").n_groups
    plain = KEYS[key][kept] if key == "dates" else KEYS[key].data[kept]
    expected = xm.aggregate(LOGNORMAL[kept], {"key": plain}, STATS)
    actual = xm.aggregate(LOGNORMAL, xm.Grouping({"key": KEYS[key]}, missing="drop"), STATS)
    assert expected.equals(actual)


@pytest.mark.parametrize("key", ["small integers", "sparse", "masked sparse", "two dates"])
def test_what_reads_the_records_again_finds_the_groups(key):
    """Variances, quantiles, first records and shares of many groups are those of records taken one by one."""
    stats = ("var", "median", "first", "last", "share")
    expected = by_appearance(LOGNORMAL, KEYS[key], stats)
    actual = xm.aggregate(LOGNORMAL, KEYS[key], stats)
    assert xm.Table(expected).equals(actual)
    codes = xm.Grouping(*KEYS[key]).codes if isinstance(KEYS[key], tuple) else xm.Grouping(KEYS[key]).codes
    totals = xm.aggregate(LOGNORMAL, KEYS[key], "sum")["sum"]
    assert (LOGNORMAL / totals[codes]).tobytes() == xm.share_of(LOGNORMAL, KEYS[key]).tobytes()


def test_an_integer_sum_that_does_not_fit_names_its_group():
    """Among many groups too, a sum beyond 64 bits raises and says which."""
    values = np.ones(N_ROWS, dtype=np.int64)
    values[np.flatnonzero(NUMBERS == 4321)[:2]] = 2**63 - 1
    with pytest.raises(OverflowError, match="group key = 4321"):
        xm.aggregate(values, KEYS["small integers"], "sum")
