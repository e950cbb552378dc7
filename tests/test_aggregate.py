"""Statistics of groups against their slow twin; names, order, totals, dtypes; ratio and distinct."""

import math

import numpy as np
import pytest
import reference
from compare import bits, by_label, furthest, shown
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import key_columns, row_counts, value_columns

import xxmfg as xm

EXACT_STATS = ("count", "missing", "sum", "mean", "min", "max", "first", "last", "n_unique", "share")
CITY = np.array(["沣东", "空港", "沣东", "秦汉", "空港"])
OUTPUT = np.array([29.85, 3.31, math.nan, 14.15, 5.0])


@settings(max_examples=150, deadline=None)
@given(data=st.data(), n=row_counts, order=st.sampled_from(("label", "appearance")))
def test_statistics_equal_their_slow_twin(data, n, order):
    """Each statistic of each group has the twin's bits, for values and keys of every kind."""
    values = data.draw(value_columns(n))
    keys = tuple(data.draw(key_columns(n)) for _ in range(data.draw(st.integers(1, 3))))
    table = xm.aggregate(values, by=keys, stats=EXACT_STATS, order=order)
    expected = reference.aggregate(values, keys, EXACT_STATS, order=order)
    assert list(expected) == list(table.columns)
    assert as_doubles(expected, EXACT_STATS) == as_doubles(table, EXACT_STATS)


def as_doubles(columns, stats):
    """Show a table with its statistics as doubles: integer columns with an empty group are float64 in results."""
    doubled = {name: np.asarray(columns[name], np.float64) if name in stats else columns[name] for name in columns}
    return shown(doubled)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=row_counts)
def test_quantiles_and_variances_equal_their_slow_twin(data, n):
    """Variances of ddof 1 are within 4 ulp; quantiles of type 7 within 2 ulp of the values that they lie between."""
    values = data.draw(value_columns(n, ("i4", "u2", "i8", "?", "f8")))
    if values.dtype.kind == "f":
        values = values.clip(-1e6, 1e6)
        values[np.abs(values) < 1e-280] = 0.0  # deviations down there are those of test_spread.py
    quantiles, key = ("q0", "q25", "q37", "q90", "q100", "median"), data.draw(key_columns(n))
    stats = (*quantiles, "var", "std")
    table, expected = xm.aggregate(values, by=key, stats=stats), reference.aggregate(values, (key,), stats)
    assert furthest(expected["var"], table["var"]) <= 4
    assert furthest(expected["std"], table["std"]) <= 3
    present = reference.rational.present(reference.numbers(values))
    slack = 2 * math.ulp(float(max(map(abs, present), default=0)))
    for stat in quantiles:
        assert np.allclose(expected[stat], table[stat].astype(float), rtol=0, atol=slack, equal_nan=True), stat


def test_without_keys_all_records_are_one_group():
    """by=None gives one row and no key column, also without records."""
    assert {"count": [4], "sum": [sum([29.85, 3.31, 14.15, 5.0]).hex()]} == shown(xm.aggregate(OUTPUT))
    assert {"count": [0], "sum": [(0.0).hex()]} == shown(xm.aggregate(OUTPUT[:0]))


def test_without_records_grouping_gives_no_row():
    """An empty key column gives a table of its columns without rows."""
    table = xm.aggregate(OUTPUT[:0], by=CITY[:0])
    assert ("key", "count", "sum") == table.columns
    assert 0 == len(table)


def test_default_statistics_and_column_names():
    """The default is count and sum; an unnamed key is key, two are key_0 and key_1, a mapping names them."""
    assert ("key", "count", "sum") == xm.aggregate(OUTPUT, by=CITY).columns
    assert ("key_0", "key_1", "count", "sum") == xm.aggregate(OUTPUT, by=(CITY, CITY)).columns
    assert ("city", "count", "sum") == xm.aggregate(OUTPUT, by={"city": CITY}).columns
    assert ("city", "year", "max") == xm.aggregate(OUTPUT, by={"city": CITY, "year": CITY}, stats=("max",)).columns


def test_statistics_come_in_the_order_asked():
    """Columns stand in the order of stats; one statistic may be named alone."""
    assert ("key", "max") == xm.aggregate(OUTPUT, by=CITY, stats="max").columns
    assert ("key", "max", "count", "min") == xm.aggregate(OUTPUT, by=CITY, stats=("max", "count", "min")).columns


def test_a_mapping_of_values_gives_a_column_each():
    """Values may be a mapping; its columns are called name_stat, one value after the other."""
    table = xm.aggregate({"output": OUTPUT, "staff": np.arange(5)}, by=CITY, stats=("count", "sum"))
    assert ("key", "output_count", "output_sum", "staff_count", "staff_sum") == table.columns
    assert [1, 1, 2] == table["output_count"].tolist()
    assert [2, 3, 5] == table["staff_sum"].tolist()
    assert np.int64 == table["staff_sum"].dtype


def test_groups_come_sorted_or_in_the_order_of_appearance():
    """order="label" sorts, first key slowest; order="appearance" keeps the order of the records."""
    assert sorted({"沣东", "空港", "秦汉"}) == xm.aggregate(OUTPUT, by=CITY)["key"].tolist()
    assert ["沣东", "空港", "秦汉"] == xm.aggregate(OUTPUT, by=CITY, order="appearance")["key"].tolist()


def test_total_adds_a_last_row():
    """total=True appends the statistics of all records; keys become strings, the first label is total."""
    table = xm.aggregate(OUTPUT, by=(CITY, np.arange(5) % 2), stats=("count", "missing", "sum", "max"), total=True)
    assert ["total", ""] == [table["key_0"].tolist()[-1], table["key_1"].tolist()[-1]]
    assert "0" in table["key_1"].tolist()
    assert [4, 1] == [table["count"].tolist()[-1], table["missing"].tolist()[-1]]
    assert bits(xm.aggregate(OUTPUT)["sum"]) == bits(table["sum"][-1:])
    assert 29.85 == table["max"][-1]


def test_total_shows_labels_as_texts():
    """Dates show in their unit, a missing label stays missing, in the rows above the total."""
    years = np.array(["2018", "2019"], dtype="M8[Y]")
    assert ["2018", "2019", "total"] == xm.aggregate([1, 2], by=years, total=True)["key"].tolist()
    names = np.array(["a", None], dtype=object)
    assert ["a", None, "total"] == xm.aggregate([1, 2], by=names, total=True)["key"].tolist()


def test_total_is_of_all_records_for_every_statistic():
    """The total row repeats what the same statistics give without keys."""
    stats = ("mean", "var", "std", "median", "q25", "first", "last", "n_unique", "share")
    table, whole = xm.aggregate(OUTPUT, by=CITY, stats=stats, total=True), xm.aggregate(OUTPUT, stats=stats)
    assert shown(whole) == shown({stat: table[stat][-1:] for stat in stats})


def test_dtypes_of_statistics():
    """Counts and integer sums are int64, uint64 sums uint64, means float64, extremes of integers integers."""
    stats = ("count", "missing", "n_unique", "sum", "min", "max", "mean", "var", "share")
    dtypes = {
        dtype: [str(xm.aggregate(np.array([1, 2], dtype), by=np.arange(2), stats=stats)[stat].dtype) for stat in stats]
        for dtype in ("int16", "uint64", "float32")
    }
    counts, quotients = ["int64"] * 3, ["float64"] * 3
    expected = {
        "int16": [*counts, *["int64"] * 3, *quotients],
        "uint64": [*counts, *["uint64"] * 3, *quotients],
        "float32": [*counts, *["float64"] * 3, *quotients],
    }
    assert expected == dtypes


def test_first_and_last_are_values_as_they_are():
    """First and last skip missing values and keep the dtype of the values."""
    for values in (
        np.array([1, 2], "i2"),
        np.array([True, False]),
        np.array([1.5, -2.0], "f4"),
        np.array([7, 2**64 - 1], "u8"),
    ):
        table = xm.aggregate(values, stats=("first", "last"))
        assert [values.dtype] * 2 == [table["first"].dtype, table["last"].dtype]
        assert values.tolist() == [*table["first"].tolist(), *table["last"].tolist()]
    table = xm.aggregate(np.array([math.nan, 3.0, 4.0, math.nan]), stats=("first", "last"))
    assert [3.0, 4.0] == [*table["first"].tolist(), *table["last"].tolist()]


def test_extremes_of_integers_are_float_only_where_a_group_is_empty():
    """min, max and median of integers keep int64 unless a group is empty or a median lies between two."""
    values = np.ma.masked_array([1, 2, 3, 7], mask=[0, 0, 0, 1])
    stats = ("sum", "min", "max", "median")
    full, empty = (xm.aggregate(values, by=by, stats=stats) for by in (np.zeros(4, int), np.array([0, 0, 0, 1])))
    assert ["int64"] * 4 == [str(full[stat].dtype) for stat in stats]
    assert ["int64", "float64", "float64", "float64"] == [str(empty[stat].dtype) for stat in stats]
    assert [6, 0] == empty["sum"].tolist()
    between = xm.aggregate(np.array([1, 2]), stats=("median",))["median"]
    assert [1.5] == between.tolist()
    assert np.float64 == between.dtype


def test_a_group_without_values_has_count_zero_and_nan_statistics():
    """An all-missing group has count 0, sum 0 and NaN for what needs a value."""
    stats = (*EXACT_STATS, "median")
    table = xm.aggregate(OUTPUT[2:3], by=CITY[2:3], stats=stats)
    counted = {"key": ["沣东"], "count": [0], "missing": [1], "sum": [(0.0).hex()], "n_unique": [0]}
    assert counted | {stat: ["nan"] for stat in stats if stat not in counted} == shown(table)


def test_single_values_have_no_variance():
    """The variance of one value is NaN: ddof is 1."""
    assert bits([math.nan] * 2) == bits(xm.aggregate(np.array([3.0, 4.0]), by=np.arange(2), stats=("var",))["var"])


def test_integers_beyond_doubles_keep_every_digit():
    """min, max, first, last and median of int64 and uint64 do not pass through doubles."""
    values = np.array([2**63 + 1, 2**63 + 3, 2**64 - 1], np.uint64)
    table = xm.aggregate(values, by=np.zeros(3), stats=("min", "median", "max", "first", "last"))
    expected = {"key": [(0.0).hex()], "min": [2**63 + 1], "median": [2**63 + 3], "max": [2**64 - 1]}
    assert expected | {"first": [2**63 + 1], "last": [2**64 - 1]} == shown(table)


@pytest.mark.parametrize(
    ("values", "stat", "expected"),
    [
        ([-math.inf, 1.0], "median", -math.inf),
        ([math.inf, math.inf], "q25", math.inf),
        ([1.0, 2.0, math.inf], "median", 2.0),
        ([-math.inf, math.inf], "median", math.nan),
        ([1e308, 1.7e308], "median", 1.35e308),
        ([-1.7e308, 1.7e308], "median", 0.0),
        ([5e-324, 5e-324], "median", 5e-324),
        ([-0.0], "min", 0.0),
        ([-0.0], "max", 0.0),
        ([-0.0, -0.0], "median", 0.0),
    ],
)
def test_quantiles_at_the_edges(values, stat, expected):
    """Infinities, overflow between two values and signed zeros have one sensible result."""
    assert bits([expected]) == bits(xm.aggregate(np.array(values), stats=(stat,))[stat])


@pytest.mark.parametrize("percent", [7, 14, 28, 29, 55, 56, 57, 58])
def test_quantiles_of_whole_places_are_values(percent):
    """Of 101 values the p-th percentile is the p-th value itself, whatever (n - 1) p / 100 is in doubles."""
    values = np.full(101, 3.0)
    values[:percent], values[percent + 1 :] = -math.inf, math.inf
    assert [3.0] == xm.aggregate(values, stats=(f"q{percent}",))[f"q{percent}"].tolist()


def test_counts_take_key_columns():
    """count, missing and n_unique take strings: what is counted need not be a number."""
    names = np.array(["甲", "乙", None, "甲"], dtype=object)
    table = xm.aggregate(names, by=np.array([0, 0, 0, 1]), stats=("count", "n_unique"))
    assert {"key": [0, 1], "count": [2, 1], "n_unique": [2, 1]} == shown(table)


def test_zeros_of_both_signs_are_one_value():
    """n_unique counts -0.0 and 0.0 once and no missing value."""
    assert [2] == xm.aggregate(np.array([0.0, -0.0, math.nan, 1.0]), stats=("n_unique",))["n_unique"].tolist()


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=row_counts)
def test_ratio_is_the_ratio_of_sums(data, n):
    """A ratio has both sums and their quotient; NaN where the denominator is zero."""
    numerator, denominator = data.draw(value_columns(n)), data.draw(value_columns(n, ("f8", "i2")))
    key = data.draw(key_columns(n))
    expected, table = reference.ratio(numerator, denominator, (key,)), xm.ratio(numerator, denominator, by=key)
    assert list(expected) == list(table.columns)
    names = ("numerator", "denominator", "ratio")
    assert as_doubles(expected, names) == as_doubles(table, names)


def test_ratio_to_a_count_of_entities():
    """With distinct, the denominator is the number of different entities in each group."""
    table = xm.ratio(OUTPUT, xm.distinct(np.array(["a", "b", "a", "c", "d"])), by=CITY)
    assert {"沣东": 1, "空港": 2, "秦汉": 1} == by_label(table, "denominator")
    assert bits(table["numerator"] / table["denominator"]) == bits(table["ratio"])


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=row_counts)
def test_distinct_equals_its_slow_twin(data, n):
    """The denominator counts the entities of each group as the twin does."""
    entity, key = data.draw(key_columns(n)), data.draw(key_columns(n))
    table = xm.ratio(np.ones(n), xm.distinct(entity), by=key)
    assert [reference.distinct(entity, rows) for _, rows in reference.groups((key,))] == table["denominator"].tolist()


def test_a_record_without_an_entity_is_an_entity_of_its_own():
    """Missing entities are counted one by one."""
    entity = np.array(["a", None, None, "a", "b"], dtype=object)
    table = xm.ratio(np.ones(5), xm.distinct(entity))
    assert {"numerator": [(5.0).hex()], "denominator": [4], "ratio": [(1.25).hex()]} == shown(table)


@pytest.mark.parametrize("stats", [("sum",), ("count", "sum", "var"), ("median", "sum")])
def test_a_sum_beyond_64_bits_names_its_column_and_group(stats):
    """Among several columns, and among statistics that read the records again, the error names which sum it is."""
    values = {"heads": [1, 2, 3], "output": np.array([2**63 - 1, 5, 1])}
    with pytest.raises(OverflowError) as raised:
        xm.aggregate(values, by={"city": ["a", "b", "a"]}, stats=stats)
    told = "values 'output': the sum of group city = a does not fit 64 bits; give the integers as floats"
    assert told == str(raised.value)


def test_no_statistic_gives_a_negative_zero():
    """-0.0 and 0.0 are one value: every statistic, first and last too, gives it as 0.0."""
    stats = ("sum", "mean", "min", "max", "median", "q10", "first", "last", "var", "std")
    table = xm.aggregate([-0.0, 0.0, -0.0], stats=stats)
    assert {stat: (0.0).hex() for stat in stats} == {stat: table[stat][0].hex() for stat in stats}


@pytest.mark.parametrize("weights", [None, [1.0, 2.0, 3.0, 4.0]])
def test_a_total_is_of_the_records_that_are_kept(weights):
    """The last row adds up the rows above it, without records whose missing key a Grouping has dropped."""
    stats = ("count", "missing", "sum", "mean", "median", "share")
    grouping = xm.Grouping(["a", None, "b", "a"], missing="drop")
    values = [1.0, 10.0, 3.0, math.nan]
    table = xm.aggregate(values, by=grouping, stats=stats, weights=weights, total=True)
    kept = xm.aggregate([1.0, 3.0, math.nan], stats=stats, weights=None if weights is None else [1.0, 3.0, 4.0])
    assert [column[-1] for column in shown(table).values()][1:] == [column[0] for column in shown(kept).values()]
    assert 3 == table["count"][-1] + table["missing"][-1] == table["count"][:-1].sum() + 1


def test_a_total_of_no_records():
    """Where every record is left out, or none was given, the only row is a total of nothing."""
    for values, key in (([1.0, 2.0], [None, None]), ([], [])):
        table = xm.aggregate(values, by=xm.Grouping(key, missing="drop"), stats=("count", "sum", "mean"), total=True)
        assert {"key": ["total"], "count": [0], "sum": ["0x0.0p+0"], "mean": ["nan"]} == shown(table)
    table = xm.aggregate([1, 2], by=xm.Grouping([None, None], missing="drop"), stats=("sum", "n_unique"), total=True)
    assert {"key": ["total"], "sum": [0], "n_unique": [0]} == shown(table)
    assert np.int64 == table["sum"].dtype


def test_a_total_counts_what_is_distinct_once():
    """n_unique of the total is that of all kept records, text too, not the sum of the groups'."""
    grouping = xm.Grouping(["a", "b", None], missing="drop")
    table = xm.aggregate(["x", "x", "y"], by=grouping, stats=("count", "n_unique"), total=True)
    assert {"key": ["a", "b", "total"], "count": [1, 1, 2], "n_unique": [1, 1, 1]} == shown(table)
