"""Growth of groups and of records against their slow twin: gaps, entries, exits, missing values, odd bases."""

import math

import numpy as np
import pytest
import reference
from compare import bits, furthest, shown, shown_column
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import MAX_ROWS, key_columns, listed, moderate, row_counts, value_columns

import xxmfg as xm

COLUMNS = ("period", "value", "base", "change", "rate", "share", "share_change", "contribution", "pull", "status")


@st.composite
def period_columns(draw, n):
    """Give a period column of n: years, whole floats with NaN, masked years, or dates in months with NaT."""
    kind = draw(st.sampled_from(("year", "float", "masked", "month", "day")))
    steps = np.array(draw(listed(st.integers(0, 5), n)), dtype=np.int64)
    gone = np.array(draw(listed(st.integers(0, 9), n)), dtype=np.int64) == 0
    match kind:
        case "year":
            return steps.astype(draw(st.sampled_from(("i2", "i4", "i8", "u2"))))
        case "float":
            return np.where(gone, np.nan, 2000.0 + steps)
        case "masked":
            return np.ma.masked_array(2000 + steps, mask=gone)
    dates = steps.astype("M8[M]" if kind == "month" else "M8[D]")
    dates[gone] = "NaT"
    return dates


def shown_growth(columns):
    """Show a growth table, its figures as doubles and its periods as ISO text, ints or None."""
    figures = {name: np.asarray(columns[name], np.float64) for name in COLUMNS[1:-1]}
    when = [str(p) if isinstance(p, np.datetime64) else p for p in reference.growing.periods(columns["period"])]
    return shown({name: columns[name] for name in columns} | figures | {"period": when})


@settings(max_examples=200, deadline=None)
@given(data=st.data(), n=row_counts, lag=st.integers(1, 3), n_keys=st.integers(0, 2))
def test_growth_equals_its_slow_twin(data, n, lag, n_keys):
    """Rows, statuses and figures of every group and period are the twin's, bit for bit."""
    values = np.array(data.draw(listed(moderate | st.sampled_from((0.0, math.nan, 1.0, -1.0)), n)), dtype=np.float64)
    period = data.draw(period_columns(n))
    keys = tuple(data.draw(key_columns(n)) for _ in range(n_keys))
    expected, table = reference.growth(values, period, keys, lag), xm.growth(values, period, by=keys or None, lag=lag)
    assert list(expected) == list(table.columns)
    assert shown_growth(expected) == shown_growth(table)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=row_counts)
def test_growth_of_integers_equals_its_slow_twin(data, n):
    """Integers and bools grow from their exact sums, shown as doubles."""
    values, period = data.draw(value_columns(n, ("i8", "u4", "i1", "?"))), data.draw(period_columns(n))
    key = data.draw(key_columns(n))
    expected, table = reference.growth(values, period, (key,)), xm.growth(values, period, by=key)
    assert shown_growth(expected) == shown_growth(table)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), n=row_counts, lag=st.integers(1, 3))
def test_growth_of_equals_its_slow_twin(data, n, lag):
    """Each record's rate has the twin's bits, in record order."""
    values = np.array(data.draw(listed(st.floats() | st.sampled_from((0.0, math.nan, 1.0)), n)), dtype=np.float64)
    entity, period = data.draw(key_columns(n)), data.draw(period_columns(n))
    seen, single = set(), []
    for row, pair in enumerate(zip(reference.labels(entity), reference.growing.periods(period), strict=True)):
        if None in pair or pair not in seen:
            single.append(row)
            seen.add(pair)
    values, entity, period = values[single], entity[single], period[single]
    actual = xm.growth_of(values, entity, period, lag=lag)
    assert np.float64 == actual.dtype
    assert bits(reference.growth_of(values, entity, period, lag)) == bits(actual)


def statuses(values, period, by=None, lag=1):
    """Give the statuses of growth's rows."""
    return xm.growth(np.array(values, float), np.array(period), by=by, lag=lag)["status"].tolist()


@pytest.mark.parametrize(
    ("values", "period", "expected"),
    [
        ([2.0, 3.0], [1, 2], ["first period", "ok"]),
        ([0.0, 3.0], [1, 2], ["first period", "zero base"]),
        ([-2.0, 3.0], [1, 2], ["first period", "negative base"]),
        ([math.nan, 3.0], [1, 2], ["first period", "missing base"]),
        ([2.0, math.nan], [1, 2], ["first period", "missing value"]),
        ([2.0, math.nan, 3.0], [1, 1, 2], ["first period", "incomplete"]),
        ([2.0, math.nan, 3.0], [1, 2, 2], ["first period", "incomplete"]),
        ([2.0, 3.0], [1, 3], ["first period", "no base period"]),
    ],
)
def test_statuses(values, period, expected):
    """Each odd comparison is named."""
    assert expected == statuses(values, period)


def test_entries_and_exits():
    """A new group has base 0 and no rate, one that is gone value 0 and rate -1; both add to the change."""
    table = xm.growth(np.array([4.0, 1.0, 5.0]), np.array([2018, 2018, 2019]), by=np.array(["a", "b", "a"]))
    gone = {name: table[name].tolist()[-1] for name in ("key", "period", *COLUMNS[1:5], "status")}
    assert {"key": "b", "period": 2019, "value": 0, "base": 1, "change": -1, "rate": -1, "status": "gone"} == gone
    table = xm.growth(np.array([4.0, 1.0, 5.0]), np.array([2018, 2019, 2019]), by=np.array(["a", "b", "a"]))
    new = {name: shown_column(table[name])[-1] for name in ("key", "period", *COLUMNS[1:5], "status")}
    figures = {"value": (1.0).hex(), "base": (0.0).hex(), "change": (1.0).hex(), "rate": "nan"}
    assert {"key": "b", "period": 2019, "status": "new"} | figures == new
    assert [0.5, 0.5] == table["contribution"].tolist()[1:]
    assert [0.25, 0.25] == table["pull"].tolist()[1:]


def test_groups_with_missing_sides_are_left_out_of_contributions():
    """A group whose base or value is missing altogether has no contribution; those of the others add up to 1."""
    values = np.array([1.0, math.nan, 4.0, 2.0, 6.0, 5.0])
    table = xm.growth(values, np.repeat([1, 2], 3), by=np.tile(["a", "b", "c"], 2))
    later = table["period"] == 2
    assert bits([0.5, math.nan, 0.5]) == bits(table["contribution"][later])
    assert bits([0.2, math.nan, 0.2]) == bits(table["pull"][later])
    assert ["ok", "missing base", "ok"] == table["status"][later].tolist()


def test_a_gap_is_never_bridged():
    """A period missing in between gives no base: the row before is not the period before."""
    values, period = np.array([1.0, 2.0, 4.0]), np.array([2016, 2018, 2019])
    assert ["first period", "no base period", "ok"] == statuses(values, period)
    entity = np.zeros(3, dtype=int)
    assert bits([math.nan, math.nan, 1.0]) == bits(xm.growth_of(values, entity, period))
    assert bits([math.nan, 1.0, math.nan]) == bits(xm.growth_of(values, entity, period, lag=2))


def test_the_first_integer_has_no_period_before_it():
    """A base period that no integer holds is none: nothing wraps around."""
    period = np.array([2**63 - 1, -(2**63)])
    assert bits([math.nan] * 2) == bits(xm.growth_of(np.array([1.0, 2.0]), np.zeros(2), period))
    table = xm.growth(np.array([1.0, 2.0]), period)
    assert ["first period", "no base period"] == table["status"].tolist()
    assert bits([math.nan] * 2) == bits(table["base"])
    unsigned = np.array([2**63 + 1, 2**63], dtype=np.uint64)
    assert bits([1.0, math.nan]) == bits(xm.growth_of(np.array([2.0, 1.0]), np.zeros(2), unsigned))


def test_months_compare_year_on_year_with_lag_12():
    """A datetime64 lag counts in the column's own unit."""
    months = np.array(["2018-03", "2019-02", "2019-03"], dtype="M8[M]")
    assert bits([math.nan, math.nan, 0.5]) == bits(xm.growth_of(np.array([2.0, 9.0, 3.0]), np.zeros(3), months, lag=12))
    assert ["first period", "no base period", "ok"] == statuses([2.0, 9.0, 3.0], months, lag=12)


def test_a_change_below_the_rounding_of_sums_is_seen():
    """Changes are formed before rounding: 1 to 1 + 2**-54 is growth."""
    values, period = np.array([1.0, 1.0, 2.0**-54]), np.array([1, 2, 2])
    table = xm.growth(values, period)
    assert [2.0**-54] == table["change"].tolist()[1:]
    assert [2.0**-54] == table["rate"].tolist()[1:]


def test_records_without_a_period_have_one_row_a_group():
    """Records whose period is missing are summed in a last row of their group, without base and rate."""
    table = xm.growth(np.array([1.0, 2.0, 3.0]), np.array([2018.0, math.nan, math.nan]), by=np.array([0, 0, 1]))
    assert ["first period", "no period", "no period"] == table["status"].tolist()
    assert [1.0, 2.0, 3.0] == table["value"].tolist()
    assert bits([math.nan] * 3) == bits(table["rate"])


def test_growth_of_finds_the_right_records():
    """A missing entity, period or value, a zero or a negative base give NaN; rows keep their order."""
    entity = np.array(["b", "a", "a", "b", "c", "c", None, "d", "d"], dtype=object)
    period = np.array([2, 1, 2, 1, 1, 2, 2, 1, 2])
    values = np.array([3.0, 0.0, 5.0, 2.0, -1.0, 5.0, 4.0, math.nan, 1.0])
    expected = [0.5, *[math.nan] * 8]
    assert bits(expected) == bits(xm.growth_of(values, entity, period))


def test_entities_twice_in_a_period_raise_and_are_named():
    """One entity twice in one period is a DuplicateError that names both."""
    with pytest.raises(xm.DuplicateError, match=r"沣东.*2019"):
        xm.growth_of(np.ones(3), np.array(["沣东", "空港", "沣东"]), np.array([2019, 2019, 2019]))


def test_records_without_entity_or_period_are_no_duplicates():
    """Missing entities and periods repeat freely."""
    period = np.array([1.0, 1.0, math.nan, math.nan])
    entity = np.array([None, None, "a", "a"], dtype=object)
    assert bits([math.nan] * 4) == bits(xm.growth_of(np.ones(4), entity, period))


def test_average_growth_spans_calendar_periods():
    """The root is of the number of periods between start and end, not of rows."""
    table = xm.average_growth(np.array([100.0, 150.0]), np.array([2015, 2019]), 2015, 2019)
    assert ("base", "value", "periods", "rate") == table.columns
    assert [100.0, 150.0, 4] == [table[name].tolist()[0] for name in ("base", "value", "periods")]
    assert 0.1066819197 == round(table["rate"].tolist()[0], 10)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=st.integers(2, MAX_ROWS))
def test_average_growth_equals_its_slow_twin(data, n):
    """Bases, values and rates of groups are the twin's, rates within 4 ulp of 1."""
    values = np.array(data.draw(listed(moderate | st.sampled_from((0.0, math.nan)), n)), dtype=np.float64)
    period = np.array([1, 3, *data.draw(listed(st.sampled_from((1, 2, 3)), n - 2))])
    key = data.draw(key_columns(n))
    expected = reference.average_growth(values, period, 1, 3, (key,))
    table = xm.average_growth(values, period, 1, 3, by=key)
    assert list(expected) == list(table.columns)
    exact = [name for name in expected if name != "rate"]
    assert shown({name: expected[name] for name in exact}) == shown({name: table[name] for name in exact})
    assert furthest([1 + rate for rate in expected["rate"]], [1 + rate for rate in table["rate"].tolist()]) <= 4


def large_panel(n_entities, seed):
    """Give a shuffled panel with gaps and missing values, and the rates by a join on (entity, period)."""
    generator = np.random.default_rng(seed)
    rows = generator.permutation(5 * n_entities)[: 4 * n_entities]
    entity, period = rows // 5, 2015 + rows % 5
    values = np.where(generator.random(len(rows)) < 0.1, np.nan, generator.lognormal(0, 2, len(rows)))
    values[::50] *= -1
    at = np.full(5 * n_entities + 1, np.nan)
    at[rows] = values
    base = np.where(rows % 5 > 0, at[rows - 1], np.nan)
    with np.errstate(invalid="ignore"):
        rates = np.where(base > 0, (values - base) / base, np.nan)
    return values, entity, period, rates


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("kind", ["small", "scattered", "sparse", "text"])
def test_growth_of_each_record_of_a_large_panel_is_that_of_a_join(kind, threads):
    """Entities of any kind, numbers with gaps and text too, have the same rates, to the last bit, on any threads."""
    values, entity, period, rates = large_panel(60_000 if kind != "text" else 5_000, 11)
    given = {
        "small": entity,
        "scattered": 7 * entity,
        "sparse": entity * 2**40 + 7,
        "text": np.char.add("E", entity.astype(str)),
    }[kind]
    before = xm.get_threads()
    try:
        xm.set_threads(threads)
        assert (rates + 0.0).tobytes() == xm.growth_of(values, given, period).tobytes()
    finally:
        xm.set_threads(before)


def test_growth_of_integers_in_a_large_panel_is_that_of_floats():
    """Integers have the rates of the same numbers as floats, missing values and missing keys among them."""
    values, entity, period, _ = large_panel(60_000, 13)
    whole = np.ma.array(np.nan_to_num(values * 100).astype(np.int64), mask=np.isnan(values))
    entity = np.ma.array(entity, mask=entity % 17 == 0)
    expected = xm.growth_of(whole.astype(np.float64).filled(np.nan), entity, period)
    assert expected.tobytes() == xm.growth_of(whole, entity, period).tobytes()
    assert bits(xm.growth_of(whole[:1000], entity[:1000], period[:1000])) == bits(
        reference.growth_of(whole[:1000].tolist(), entity[:1000].tolist(), period[:1000].tolist(), 1)
    )


def test_a_duplicate_in_a_large_panel_is_named():
    """A record that stands twice is named by its entity and period among 240,000 too."""
    values, entity, period, _ = large_panel(60_000, 12)
    entity[200_000], period[200_000] = entity[100], period[100]
    with pytest.raises(xm.DuplicateError, match=f"key {entity[100]}, period {period[100]} stands twice"):
        xm.growth_of(values, {"key": entity}, period)


@pytest.mark.parametrize("pattern", [0x8080808080808080, 0x8080808080808081, 0xFFFFFFFFFFFFFFFF])
@pytest.mark.parametrize("dtype", [np.float64, np.int64, np.uint64])
def test_values_that_look_like_an_empty_slot_are_values(pattern, dtype):
    """The patterns that mark a slot of the panel are values like others where they come."""
    odd = np.array([pattern], dtype=np.uint64).view(dtype)[0]
    values = np.array([odd, 2, 4, odd], dtype=dtype)
    expected = reference.growth_of(values.tolist(), [1, 1, 2, 2], [1, 2, 1, 2], 1)
    assert bits(expected) == bits(xm.growth_of(values, [1, 1, 2, 2], [1, 2, 1, 2]))


def test_no_pull_without_a_positive_base():
    """Where the total of the base is zero or negative a pull is NaN, as a rate is; contributions still add up to 1."""
    for base in ([-3.0, 1.0], [-1.0, 1.0]):
        table = xm.growth([*base, 1.0, -4.0], [1, 1, 2, 2], by=["a", "b", "a", "b"])
        later = table["period"] == 2
        assert [True, True] == np.isnan(table["pull"][later]).tolist()
        assert 1.0 == table["contribution"][later].sum()


@pytest.mark.parametrize(
    ("values", "period", "by", "told"),
    [
        ([-(2**63), 2**63 - 1], [1, 2], None, "the change of group period = 2"),
        ([1, -(2**62), 1, 2**62], [1, 1, 2, 2], ["b", "a", "b", "a"], "the change of group city = a, period = 2"),
        (
            [2**63 - 1, -(2**63), 0, 0, 0, 1],
            [1, 1, 1, 2, 2, 2],
            [1, 2, 3] * 2,
            "the change of group city = 2, period = 2",
        ),
        ([-(2**62), -(2**62), 2**61, 2**61], [1, 1, 2, 2], ["a", "b"] * 2, "the change of the total in 2"),
    ],
)
def test_a_change_beyond_64_bits_names_its_group(values, period, by, told):
    """An integer change that does not fit says whose it is: of a group and period, or of a total."""
    with pytest.raises(OverflowError) as raised:
        xm.growth(np.array(values), period, by=None if by is None else {"city": by})
    assert f"values: {told} does not fit 64 bits; give the integers as floats" == str(raised.value)


def test_unsigned_values_beyond_int64_grow():
    """Sums of uint64 above 2**63 have a growth: only changes that are shown must fit int64."""
    table = xm.growth(np.array([2**64 - 2, 2**64 - 1], dtype=np.uint64), [1, 2])
    assert 1 == table["change"][1]
    assert [2**64 - 2, 2**64 - 1] == [int(value) for value in table["value"]]


def test_text_given_as_periods_says_how_to_make_dates_of_it():
    """Months and quarters as text are refused with what would be right, in the shell's words and in Python's."""
    for text in ("2016-12", "2016Q1"):
        with pytest.raises(TypeError, match=r"not text; dates: --type COLUMN=date .* 4 \* year \+ quarter"):
            xm.growth([1.0], [text])
