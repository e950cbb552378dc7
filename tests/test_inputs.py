"""Every kind of input: sequences, arrays of any layout, masked arrays, pandas, Polars, Arrow; none is changed."""

import datetime
import math

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from compare import shown, shown_column

import xxmfg as xm

PLAIN = [3.0, 1.0, None, 4.0]
FLOATS = np.array([3.0, 1.0, math.nan, 4.0])
CITY = np.array(["b", "a", "b", "a"])
STRINGS, NAN_STRINGS = np.dtypes.StringDType(na_object=None), np.dtypes.StringDType(na_object=math.nan)


def unaligned(array):
    """Copy an array to an address that no dtype wants."""
    buffer = np.zeros(array.nbytes + 1, np.uint8)
    view = buffer[1:].view(array.dtype)
    view[:] = array
    return view


def read_only(array):
    """Copy an array and forbid writing to it."""
    array = array.copy()
    array.flags.writeable = False
    return array


FLOAT_COLUMNS = {
    "list": PLAIN,
    "tuple": tuple(PLAIN),
    "list of numpy scalars": [np.float64(3), np.float32(1), None, np.int8(4)],
    "array": FLOATS,
    "strided": np.repeat(FLOATS, 3)[::3],
    "reversed": FLOATS[::-1].copy()[::-1],
    "field of a record array": np.rec.fromarrays([np.arange(4, dtype="i1"), FLOATS], names="id,value")["value"],
    "column of a matrix": np.stack((FLOATS, FLOATS), axis=1)[:, 0],
    "read-only": read_only(FLOATS),
    "swapped bytes": FLOATS.astype(">f8"),
    "swapped float32": FLOATS.astype(">f4"),
    "unaligned": unaligned(FLOATS),
    "float16": FLOATS.astype(np.float16),
    "object array": np.array(PLAIN, dtype=object),
    "object with NaN": np.array([3, 1.0, math.nan, 4], dtype=object),
    "masked": np.ma.masked_array([3.0, 1.0, 9.0, 4.0], mask=[0, 0, 1, 0]),
    "masked integers": np.ma.masked_array([3, 1, 9, 4], mask=[0, 0, 1, 0]),
    "masked strided": np.ma.masked_array([3, 0, 1, 0, 9, 0, 4, 0], mask=[0, 0, 0, 0, 1, 0, 0, 0])[::2],
    "masked with NaN": np.ma.masked_array([3.0, 1.0, math.nan, 4.0], mask=False),
    "pandas float64": pd.Series(FLOATS),
    "pandas Float64": pd.Series(PLAIN, dtype="Float64"),
    "pandas Int64": pd.Series([3, 1, None, 4], dtype="Int64"),
    "pandas UInt8": pd.Series([3, 1, None, 4], dtype="UInt8"),
    "pandas object": pd.Series(PLAIN, dtype=object),
    "pandas Arrow": pd.Series(PLAIN, dtype=pd.ArrowDtype(pa.float64())),
    "pandas array": pd.array([3, 1, None, 4], dtype="Int32"),
    "pandas Index": pd.Index(FLOATS),
    "polars Float64": pl.Series(PLAIN),
    "polars Int16": pl.Series([3, 1, None, 4], dtype=pl.Int16),
    "arrow float": pa.array(PLAIN),
    "arrow int32": pa.array([3, 1, None, 4], type=pa.int32()),
    "arrow slice": pa.array([7, 3, 1, None, 4, 7]).slice(1, 4),
    "arrow chunks": pa.chunked_array([[3.0], [1.0, None], [], [4.0]]),
}


@pytest.mark.parametrize("kind", FLOAT_COLUMNS)
def test_values_of_every_kind(kind):
    """One column of values, however it is held, gives the same statistics and is not changed."""
    column = FLOAT_COLUMNS[kind]
    before = repr(column)
    table = xm.aggregate(column, by=CITY, stats=("count", "missing", "sum", "mean", "median"))
    expected = {"count": [2, 1], "missing": [0, 1], "sum": [5.0, 3.0], "mean": [2.5, 3.0], "median": [2.5, 3.0]}
    assert expected == {stat: table[stat].tolist() for stat in expected}
    assert before == repr(column)


def test_a_column_without_stride():
    """One number broadcast over all rows is a column."""
    assert [4.0, 4.0] == xm.aggregate(np.broadcast_to(2.0, 4), by=CITY)["sum"].tolist()
    assert [8.0] == xm.aggregate(np.full(4, 2.0), by=np.broadcast_to(1, 4))["sum"].tolist()


@pytest.mark.parametrize(
    "column",
    [
        [3, 1, 2, 4],
        range(3, 7),
        [True, False, True, True],
        np.array([3, 1, 2, 4], dtype=">i2"),
        np.array([3, 1, 2, 4], dtype=np.longlong),
        np.array([3, 1, 2, 4], dtype=np.intc),
        np.array([3, 1, 2, 4], dtype=object),
        pd.Series([3, 1, 2, 4]),
        pd.Series([3, 1, 2, 4], dtype="Int8"),
        pd.Series([True, False, None, True], dtype="boolean"),
        pl.Series([3, 1, 2, 4]),
        pl.Series([True, None, False]).extend(pl.Series([True])),
        pa.array([3, 1, 2, 4], type=pa.uint16()),
        pa.array([True, None, True, False]),
    ],
    ids=lambda column: f"{type(column).__module__.split('.')[0]}-{getattr(column, 'dtype', type(column).__name__)}",
)
def test_integers_and_bools_of_every_kind_add_as_integers(column):
    """Integers and bools stay integers: their sums are int64."""
    total = xm.aggregate(column)["sum"]
    assert np.int64 == total.dtype
    assert [sum(int(value) for value in list(map(plain, column)) if value is not None)] == total.tolist()


def plain(value):
    """Give an entry of any column as a Python number or None."""
    value = value.as_py() if hasattr(value, "as_py") else value
    return None if value is None or value is pd.NA else int(value)


def test_large_integers_of_every_library_keep_their_digits():
    """Nullable integers beyond 2**53 do not pass through doubles."""
    values = [2**62 + 1, None, 1]
    for column in (
        pd.Series(values, dtype="Int64"),
        pl.Series(values),
        pa.array(values),
        np.ma.masked_array([2**62 + 1, 0, 1], mask=[0, 1, 0]),
        values,
    ):
        assert [2**62 + 2] == xm.aggregate(column)["sum"].tolist(), type(column)


TEXT_COLUMNS = {
    "list": ["沣东", "空港", None, "沣东"],
    "object": np.array(["沣东", "空港", None, "沣东"], dtype=object),
    "object with NaN": np.array(["沣东", "空港", math.nan, "沣东"], dtype=object),
    "StringDType": np.array(["沣东", "空港", None, "沣东"], dtype=STRINGS),
    "StringDType with NaN": np.array(
        ["沣东", "空港", math.nan, "沣东"], dtype=np.dtypes.StringDType(na_object=math.nan)
    ),
    "masked": np.ma.masked_array(["沣东", "空港", "?", "沣东"], mask=[0, 0, 1, 0]),
    "pandas str": pd.Series(["沣东", "空港", None, "沣东"], dtype="str"),
    "pandas string": pd.Series(["沣东", "空港", None, "沣东"], dtype="string"),
    "pandas object": pd.Series(["沣东", "空港", None, "沣东"], dtype=object),
    "pandas Arrow": pd.Series(["沣东", "空港", None, "沣东"], dtype=pd.ArrowDtype(pa.string())),
    "pandas Categorical": pd.Series(["沣东", "空港", None, "沣东"], dtype=pd.CategoricalDtype(["沣东", "空港"])),
    "polars String": pl.Series(["沣东", "空港", None, "沣东"]),
    "polars Categorical": pl.Series(["沣东", "空港", None, "沣东"], dtype=pl.Categorical),
    "polars Enum": pl.Series(["沣东", "空港", None, "沣东"], dtype=pl.Enum(["沣东", "空港"])),
    "arrow string": pa.array(["沣东", "空港", None, "沣东"]),
    "arrow large": pa.array(["沣东", "空港", None, "沣东"], type=pa.large_string()),
    "arrow view": pa.array(["沣东", "空港", None, "沣东"], type=pa.string_view()),
    "arrow dictionary": pa.array(["沣东", "空港", None, "沣东"]).dictionary_encode(),
    "arrow chunks": pa.chunked_array([["沣东"], ["空港", None, "沣东"]]),
    "arrow unlike dictionaries": pa.chunked_array(
        [pa.array(["沣东"]).dictionary_encode(), pa.array(["空港", None, "沣东"]).dictionary_encode()]
    ),
}


@pytest.mark.parametrize("kind", TEXT_COLUMNS)
def test_texts_of_every_kind(kind):
    """One column of texts, however it is held, gives the same labels, missing last, as StringDType."""
    column = TEXT_COLUMNS[kind]
    before = repr(column)
    table = xm.aggregate(np.array([1, 2, 4, 8]), by=column, stats=("sum",))
    assert ["沣东", "空港", None] == table["key"].tolist()
    assert [9, 2, 4] == table["sum"].tolist()
    assert STRINGS == table["key"].dtype
    assert before == repr(column)


def test_fixed_width_texts():
    """NumPy's U arrays of either byte order and any stride are keys."""
    column = np.array(["沣东", "空港", "", "沣东"])
    for same in (column, column.astype(">U2"), np.repeat(column, 2)[::2], column.astype("U9"), unaligned(column)):
        table = xm.aggregate([1, 2, 4, 8], by=same, stats=("sum",))
        assert {"key": ["", "沣东", "空港"], "sum": [4, 9, 2]} == shown(table)


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(["low", "high", None, "low"], dtype=pd.CategoricalDtype(["low", "mid", "high"])),
        pd.Series(["low", "high", None, "low"], dtype=pd.CategoricalDtype(["low", "mid", "high"], ordered=True)),
        pd.Categorical(["low", "high", None, "low"], categories=["low", "mid", "high"]),
        pl.Series(["low", "high", None, "low"], dtype=pl.Enum(["low", "mid", "high"])),
        pa.DictionaryArray.from_arrays(pa.array([0, 2, None, 0]), ["low", "mid", "high"], ordered=True),
    ],
    ids=["pandas", "pandas ordered", "pandas array", "polars Enum", "arrow ordered"],
)
def test_categories_keep_their_order(column):
    """Categories come in their own order, only those that occur, the missing one last."""
    assert {"key": ["low", "high", None], "sum": [9, 2, 4]} == shown(xm.aggregate([1, 2, 4, 8], column, ("sum",)))


def test_categories_of_numbers_and_dates():
    """Categories need not be texts."""
    numbers = pd.Series(pd.Categorical([30, 4, 30], categories=[30, 4]))
    assert {"key": [30, 4], "sum": [5, 2]} == shown(xm.aggregate([1, 2, 4], numbers, ("sum",)))


def test_an_index_never_aligns():
    """Columns meet by position, whatever their index says."""
    values = pd.Series([1.0, 2.0], index=[1, 0])
    key = pd.Series(["a", "b"], index=[0, 1])
    assert {"a": 1.0, "b": 2.0} == dict(zip(*xm.aggregate(values, key, ("sum",)).to_dict().values(), strict=True))


def test_a_series_names_its_key():
    """A named Series as a key names the label column, in pandas and in Polars."""
    for key in (pd.Series([1, 2], name="city"), pl.Series("city", [1, 2])):
        assert ("city", "count", "sum") == xm.aggregate([1, 2], by=key).columns
        assert ("city", "key_1", "count", "sum") == xm.aggregate([1, 2], by=(key, [1, 2])).columns


@pytest.mark.parametrize("unit", ["Y", "M", "W", "D", "h", "s", "ms", "us", "ns"])
def test_dates_of_every_unit_are_keys(unit):
    """datetime64 of any unit is a key, its labels of the same unit, NaT last."""
    column = np.array(["2019-01-03", "NaT", "2018-01-04", "2019-01-03"], dtype="M8[D]").astype(f"M8[{unit}]")
    table = xm.aggregate([1, 2, 4, 8], by=column, stats=("sum",))
    assert column.dtype == table["key"].dtype
    assert [4, 9, 2] == table["sum"].tolist()
    assert shown_column(column[[2, 0, 1]]) == shown_column(table["key"])


@pytest.mark.parametrize(
    "column",
    [
        [datetime.date(2019, 1, 3), None, datetime.date(2018, 1, 4)],
        pd.Series(pd.to_datetime(["2019-01-03", None, "2018-01-04"])),
        pl.Series([datetime.date(2019, 1, 3), None, datetime.date(2018, 1, 4)]),
        pl.Series([datetime.datetime(2019, 1, 3), None, datetime.datetime(2018, 1, 4)]),
        pa.array([datetime.date(2019, 1, 3), None, datetime.date(2018, 1, 4)]),
        pa.array([datetime.date(2019, 1, 3), None, datetime.date(2018, 1, 4)], type=pa.date64()),
    ],
    ids=["list", "pandas", "polars Date", "polars Datetime", "arrow date32", "arrow date64"],
)
def test_dates_of_every_library_are_keys(column):
    """Dates of lists, pandas, Polars and Arrow come out as datetime64, the missing one as NaT, last."""
    table = xm.aggregate([1, 2, 4], by=column, stats=("sum",))
    assert ["2018-01-04", "2019-01-03", "NaT"] == [str(date) for date in table["key"].astype("M8[D]")]
    assert [4, 1, 2] == table["sum"].tolist()


@pytest.mark.parametrize("unit", ["Y", "M", "W", "D"])
def test_periods_count_in_their_unit(unit):
    """A lag of one is one year, month, week or day."""
    period = np.array([0, 1, 3], dtype="i8").view("M8[D]").astype("i8").view(f"M8[{unit}]")
    rates = xm.growth_of([1.0, 2.0, 3.0], [0, 0, 0], period)
    assert ["nan", (1.0).hex(), "nan"] == shown_column(rates)


def test_missing_integer_and_bool_keys_are_objects_with_none():
    """An int or bool key with a missing label gives an object column whose last entry is None."""
    for column, expected in (
        (pd.Series([2, None, 1], dtype="Int64"), [1, 2, None]),
        (pd.Series([True, None, False], dtype="boolean"), [False, True, None]),
        (pa.array([2, None, 1]), [1, 2, None]),
        ([2, None, 1], [1, 2, None]),
    ):
        table = xm.aggregate([1, 2, 4], by=column)
        assert expected == table["key"].tolist()
        assert np.dtype(object) == table["key"].dtype


def test_inputs_are_never_changed():
    """Read-only inputs serve every measure, and writable ones keep their bytes."""
    values, key, period = FLOATS.copy(), CITY.copy(), np.array([1, 1, 2, 2])
    before = [column.tobytes() for column in (values, key, period)]
    for columns in ((values, key, period), tuple(map(read_only, (values, key, period)))):
        v, k, p = columns
        xm.aggregate(v, by=k, stats=("median", "var", "n_unique", "share"), total=True)
        xm.share(v, by=(k, p), within=k)
        xm.share_of(v, within=k)
        xm.growth(v, p, by=k)
        xm.growth_of(v, k, p)
        xm.average_growth(v, p, 1, 2, by=k)
        xm.top(v, 2, by=k, label=p)
        xm.rank_of(v, within=k)
        xm.ratio(v, xm.distinct(k), by=p)
        assert before == [column.tobytes() for column in columns]
