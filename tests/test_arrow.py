"""Columns of pyarrow, Polars and pandas read where they lie: kinds, chunks, offsets, nulls, dates."""

import datetime
import itertools
import math

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from compare import shown, shown_column
from hypothesis import given
from hypothesis import strategies as st

import xxmfg as xm
from xxmfg import _core

INTEGERS = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]
FLOATS = [pa.float16(), pa.float32(), pa.float64()]


class Exports:
    """What exports the Arrow interface and is of no known library."""

    def __init__(self, held):
        self.held = held

    def __getattr__(self, name):
        if name in {"__arrow_c_stream__", "__arrow_c_array__"}:
            return getattr(self.held, name)
        raise AttributeError(name)


def cut(array, at):
    """Give an Arrow array as chunks, each with an offset of its own."""
    edges = [0, *sorted(at), len(array)]
    return pa.chunked_array([array.slice(low, high - low) for low, high in itertools.pairwise(edges)], type=array.type)


def plain(values, dtype):
    """Give entries as an array and a mask, or as floats with NaN."""
    if dtype.kind == "f":
        return np.array([math.nan if value is None else value for value in values], dtype)
    return np.ma.masked_array(
        np.array([0 if value is None else value for value in values], dtype), [value is None for value in values]
    )


@pytest.mark.parametrize("type_", [*INTEGERS, *FLOATS, pa.bool_()], ids=str)
@given(
    values=st.lists(st.none() | st.integers(0, 1), min_size=1, max_size=80),
    cuts=st.lists(st.integers(0, 80), max_size=5),
    skipped=st.integers(0, 9),
)
def test_every_kind_in_every_cut(type_, values, cuts, skipped):
    """Numbers of any width with nulls, at any offset and cut into chunks anyhow, add up as a plain array does."""
    given_values = [value if value is None else type_.to_pandas_dtype()(value) for value in values]
    whole = pa.array([*given_values[:1] * skipped, *given_values], type=type_).slice(skipped)
    dtype = np.dtype(type_.to_pandas_dtype())
    same = plain(values, dtype)
    stats = ("count", "missing", "sum", "min", "max", "median", "first", "last", "n_unique")
    expected = xm.aggregate(same, by=same, stats=stats)
    for column in (whole, cut(whole, [min(at, len(whole)) for at in cuts]), Exports(whole)):
        found = xm.aggregate(column, by=column, stats=stats)
        assert shown(expected) == shown(found)
        assert expected["key"].dtype == found["key"].dtype
        assert shown_column(xm.share_of(same)) == shown_column(xm.share_of(column))


@pytest.mark.parametrize("n_chunks", [1, 7, 3000])
def test_many_rows_in_chunks(n_chunks):
    """Chunks end anywhere in a block, and threads begin anywhere in a chunk: every measure reads the same records."""
    generator = np.random.default_rng(7)
    rows = 250_007
    key, period = generator.integers(-40, 40, rows).astype(np.int16), generator.integers(2000, 2005, rows)
    value = generator.lognormal(0, 2, rows)
    value[generator.random(rows) < 0.1] = math.nan
    edges = sorted(generator.integers(0, rows, n_chunks - 1))

    def chunked(array):
        return cut(pa.array(array, from_pandas=True), edges)

    plain_columns, chunks = (value, key, period), (chunked(value), chunked(key), chunked(period))
    for call in (
        lambda v, k, p: xm.aggregate(v, by=(k, p), stats=("count", "missing", "sum", "var", "median", "max")),
        lambda v, k, p: xm.top(v, 3, by=k, label=p),
        lambda v, k, p: xm.growth(v, p, by=k),
        lambda v, k, p: xm.concentration(v, by=k) if hasattr(xm, "concentration") else xm.share(v, by=k),
    ):
        assert shown(call(*plain_columns)) == shown(call(*chunks))
    assert shown_column(xm.share_of(value, key)) == shown_column(xm.share_of(chunks[0], chunks[1]))
    assert shown_column(xm.rank_of(value, key)) == shown_column(xm.rank_of(chunks[0], chunks[1]))
    entity = np.arange(rows) // 5
    expected = xm.growth_of(value, entity, np.arange(rows) % 5)
    assert shown_column(expected) == shown_column(
        xm.growth_of(chunks[0], chunked(entity), chunked(np.arange(rows) % 5))
    )


def test_many_groups_in_chunks():
    """Rows of many groups are put apart from chunks as from arrays."""
    generator = np.random.default_rng(8)
    rows = 400_000
    key, value = generator.integers(0, 2**62, rows // 8)[generator.integers(0, rows // 8, rows)], np.arange(rows) % 97
    expected = xm.aggregate(value, by=key, stats=("count", "sum"))
    found = xm.aggregate(
        cut(pa.array(value), [1000, 399_999]), by=cut(pa.array(key), [77, 200_001]), stats=("count", "sum")
    )
    assert shown(expected) == shown(found)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_dates_keep_their_unit(unit):
    """Timestamps and durations are keys of the same unit; nulls are NaT, last."""
    moments = np.array(["2019-01-03T05:00", "2018-01-04", "2019-01-03T05:00"], dtype=f"M8[{unit}]")
    for dates in (moments, moments - moments[1]):
        column = pa.chunked_array([pa.array(dates), pa.array([None], pa.array(dates).type)])
        table = xm.aggregate([1, 2, 4, 8], by=column, stats=("sum",))
        assert dates.dtype == table["key"].dtype
        assert [2, 5, 8] == table["sum"].tolist()
        assert shown_column(np.append(dates[[1, 0]], np.array(["NaT"], dates.dtype))) == shown_column(table["key"])


def test_days_are_periods():
    """Days of Arrow and Polars count as periods; an instant within a day is refused with the way to convert it."""
    days = [datetime.date(2019, 1, 1) + datetime.timedelta(d) for d in range(3)]
    for column in (pa.array(days), pl.Series(days), pd.Series(days, dtype=pd.ArrowDtype(pa.date32()))):
        rates = xm.growth_of([1.0, 2.0, 3.0], [1, 1, 1], column)
        assert ["nan", (1.0).hex(), (0.5).hex()] == shown_column(rates)
        assert np.dtype("M8[D]") == xm.growth([1.0, 2.0, 3.0], column)["period"].dtype
    with pytest.raises(ValueError, match=r'period is in units of us, .*astype\("datetime64\[M\]"\)'):
        xm.growth([1.0], pl.Series([datetime.datetime(2019, 1, 1)]))


def test_periods_with_nulls_are_not_rounded():
    """A year that is missing in an Arrow column leaves its record out of growth of records."""
    years = pa.array([2018, None, 2019], type=pa.uint16())
    assert ["nan", "nan", (1.0).hex()] == shown_column(xm.growth_of([1.0, 7.0, 2.0], [1, 1, 1], years))


def test_other_measures_over_arrow():
    """Tiers and natural breaks take Arrow columns, their nulls missing."""
    values = pa.chunked_array([[12, None], [3, 80, 2]])
    assert [2, 0, 3, 1, 3] == xm.tiers_of(values, pa.array([10, 20])).tolist()
    assert [3.0, 12.0, 80.0] == xm.natural_breaks(values, 3).tolist()
    table = xm.top(values, 2, label=pa.array([5, 6, None, 8, 9]))
    assert {"rank": [1, 2], "row": [3, 0], "label": [8, 5], "value": [80, 12]} == {
        name: table[name].tolist() for name in ("rank", "row", "label", "value")
    }


def test_nothing_is_copied():
    """A column of the core reads the numbers at their address: what changes there changes the sum."""
    numbers = np.array([1.0, 2.0])
    shared = pa.Array.from_buffers(pa.float64(), 2, [None, pa.py_buffer(numbers)])
    column = _core.arrow_column(*shared.__arrow_c_array__(), "shared")
    numbers[0] = 5.0
    assert ("g", 2, None) == _core.arrow_shape(column)
    assert [7.0] == _core.aggregate((), ((column, None, 0),), (2,), True, 1, True)[2][0].tolist()


def test_a_column_outlives_what_it_came_from():
    """The memory is kept while a column of it lives."""
    column = _core.arrow_column(pl.Series(range(100_000)).__arrow_c_stream__(), None, "numbers")
    assert [4_999_950_000] == _core.aggregate((), ((column, None, 0),), (2,), True, 1, True)[2][0].tolist()


@pytest.mark.parametrize(
    "column",
    [pa.array([]), pa.array([], type=pa.float64()), pa.chunked_array([], type=pa.int8()), pl.Series([], dtype=pl.Int8)],
    ids=["null", "float", "no chunks", "polars"],
)
def test_empty_columns(column):
    """A column of no rows adds up to nothing."""
    assert [0] == xm.aggregate(column)["count"].tolist()
    assert [] == xm.aggregate(column, by=column)["count"].tolist()


@pytest.mark.parametrize("column", [pa.array(["a"]), pa.array([datetime.date(2019, 1, 1)]), pl.Series(["a"])], ids=str)
def test_values_that_are_no_numbers(column):
    """Text and dates as values are refused by the name of the argument."""
    with pytest.raises(TypeError, match=r"^values must be numbers"):
        xm.aggregate(column, stats=("sum",))


def test_unequal_lengths_are_named():
    """Lengths of Arrow columns and arrays are compared and both named."""
    with pytest.raises(ValueError, match="values has 3 rows, by 'key' has 2: lengths must be equal"):
        xm.aggregate(pa.array([1, 2, 3]), by=[1, 2])


# ---- text and codes ----

TEXTS = ["沣东新城", None, "", "a", "a\x00b", "enterprise of more than sixteen bytes", "沣东新城", "a", None, "ab"] * 3
TEXT_TYPES = [pa.string(), pa.large_string(), pa.string_view()]


def coded(texts, labels, index_type, *, ordered=False):
    """Give an Arrow dictionary array whose labels come in the given order."""
    codes = pa.array([None if text is None else labels.index(text) for text in texts], type=index_type)
    return pa.DictionaryArray.from_arrays(codes, pa.array(labels, pa.string()), ordered=ordered)


def sums_by(key, rows=None):
    """Sum the numbers of the records by a key: labels and sums as lists."""
    return shown(xm.aggregate(np.arange(rows or len(key)), by=key, stats=("count", "sum")))


@pytest.mark.parametrize("type_", TEXT_TYPES, ids=str)
@given(
    texts=st.lists(st.none() | st.text(st.sampled_from("ab沣é\x00"), max_size=22), min_size=1, max_size=60),
    cuts=st.lists(st.integers(0, 60), max_size=4),
    skipped=st.integers(0, 9),
)
def test_text_in_every_layout_and_cut(type_, texts, cuts, skipped):
    """Text between offsets and in views, at any offset and in any chunks, groups as StringDType does."""
    whole = pa.array([*texts[:1] * skipped, *texts], type=type_).slice(skipped)
    expected = sums_by(np.array(texts, dtype=np.dtypes.StringDType(na_object=None)))
    for column in (whole, cut(whole, [min(at, len(whole)) for at in cuts]), Exports(whole)):
        assert expected == sums_by(column, len(texts))


@pytest.mark.parametrize(
    "column",
    [
        pl.Series(TEXTS),
        pl.Series(TEXTS).cast(pl.Categorical),
        pd.Series(TEXTS, dtype="str"),
        pd.Series(TEXTS, dtype=pd.ArrowDtype(pa.large_string())),
        pa.array(TEXTS).dictionary_encode(),
        pl.concat([pl.Series(TEXTS[:7]), pl.Series(TEXTS[7:])], rechunk=False),
    ],
    ids=["Polars", "Categorical", "pandas", "ArrowDtype", "dictionary", "chunks"],
)
def test_text_of_every_library(column):
    """Text and unordered categories group alike, wherever they come from, in the order of code points."""
    assert sums_by(TEXTS) == sums_by(column)


@pytest.mark.parametrize("index_type", INTEGERS, ids=str)
def test_codes_of_every_width(index_type):
    """Codes of any integer type stand for their labels; a null code and a null label are missing alike."""
    labels = ["z", "沣东新城", "a", "", "a\x00b", "enterprise of more than sixteen bytes", "ab"]
    assert sums_by(TEXTS) == sums_by(coded(TEXTS, labels, index_type))
    texts = [text or "gone" for text in TEXTS]
    with_gap = pa.DictionaryArray.from_arrays(
        pa.array([["gone", *labels].index(text) for text in texts], type=index_type), pa.array([None, *labels])
    )
    assert sums_by([None if text == "gone" else text for text in texts]) == sums_by(with_gap)


def test_chunks_with_different_dictionaries():
    """A label has one group, whatever codes stand for it in the dictionaries of the chunks, and however often."""
    chunks = [
        coded(["b", "a", None], ["b", "a"], pa.int8()),
        coded(["a", "c"], ["c", "a"], pa.int8()),
        pa.DictionaryArray.from_arrays(pa.array([0, 1, 2], pa.int8()), pa.array(["b", "a", "b"])),
        coded([None], [], pa.int8()),
    ]
    assert sums_by(["b", "a", None, "a", "c", "b", "a", "b", None]) == sums_by(pa.chunked_array(chunks))


def test_dictionaries_that_outgrow_their_codes():
    """Chunks with int8 codes have more labels together than an int8 can tell."""
    texts = [f"{i:03}" for i in range(300)]
    chunks = [coded(texts[at : at + 100], texts[at : at + 100], pa.int8()) for at in (200, 0, 100)]
    found = xm.aggregate(np.arange(300), by=pa.chunked_array(chunks), stats=("sum",))
    assert texts == found["key"].tolist()
    assert [*range(100, 300), *range(100)] == found["sum"].tolist()


def test_categories_in_their_order():
    """An Enum, an ordered dictionary and a pandas Categorical keep the order of their categories."""
    texts, order = ["low", "high", "mid", None, "low"], ["low", "mid", "high", "unused"]
    for column in (
        pl.Series(texts, dtype=pl.Enum(order)),
        coded(texts, order, pa.int16(), ordered=True),
        pd.Series(pd.Categorical(texts, order)),
        pa.chunked_array(
            [coded(texts[:2], order, pa.int8(), ordered=True), coded(texts[2:], order, pa.int8(), ordered=True)]
        ),
    ):
        table = xm.aggregate([1.0, 2.0, 4.0, 8.0, 16.0], by=column, stats=("sum",))
        assert ["low", "mid", "high", None] == table["key"].tolist()
        assert [17.0, 4.0, 2.0, 8.0] == table["sum"].tolist()


@pytest.mark.parametrize(
    "labels",
    [
        pa.array([2019, 2018]),
        pa.array([1.5, math.nan]),
        pa.array([datetime.date(2019, 1, 1), None]),
        pa.array([True, False]),
    ],
    ids=["integers", "floats", "dates", "bools"],
)
def test_codes_of_labels_that_are_no_text(labels):
    """The labels of a dictionary may be of any kind that a key can be of."""
    codes = pa.array([1, 0, 0, None], pa.uint8())
    expected = sums_by(labels.take(codes))
    assert expected == sums_by(pa.DictionaryArray.from_arrays(codes, labels))


def test_years_in_a_dictionary_are_periods():
    """A lag counts the years that codes stand for, not the codes."""
    years = pa.array([2015, 2018, 2019, None]).dictionary_encode()
    rates = xm.growth_of([1.0, 2.0, 3.0, 4.0], [1, 1, 1, 1], years)
    assert ["nan", "nan", (0.5).hex(), "nan"] == shown_column(rates)


def test_many_rows_of_text_on_threads():
    """Text of several lengths in chunks gives the same groups on any number of threads, beside a second key."""
    generator = np.random.default_rng(3)
    names = np.array([f"{'企业' * (i % 9)}{i}" for i in range(3000)], dtype=object)
    picked = names[generator.integers(0, 3000, 200_000)]
    year, value = generator.integers(2015, 2020, 200_000), generator.lognormal(0, 2, 200_000)
    text = cut(pa.array(picked), [3, 77_777, 150_001])
    expected = shown(xm.aggregate(value, by=(picked.astype(np.dtypes.StringDType()), year), stats=("count", "sum")))
    for column in (text, text.dictionary_encode(), pl.Series(picked.tolist())):
        assert expected == shown(xm.aggregate(value, by={"key_0": column, "key_1": year}, stats=("count", "sum")))


def test_labels_of_leaders_in_text():
    """The labels of leaders are taken row by row from Arrow text and codes."""
    for names in (
        pa.array(["甲", "乙", None]),
        pa.array(["甲", "乙", None]).dictionary_encode(),
        pl.Series(["甲", "乙", None]),
    ):
        assert [None, "乙"] == xm.top([1, 2, 3], 2, label=names)["label"].tolist()
