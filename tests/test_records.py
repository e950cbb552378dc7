"""Records hold columns as they are, and their methods are the measures with names in place of arrays."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import xxmfg as xm

CITY = np.array(["沣东", "沣西", "沣东", None, "沣西", "沣东"], dtype=np.dtypes.StringDType(na_object=None))
BRANCH = np.array([1, 2, 1, 2, 2, 2])
ENTERPRISE = np.array(["A", "B", "A", "B", "C", "C"])
YEAR = np.array([2018, 2018, 2019, 2019, 2019, 2018])
OUTPUT = np.array([1.0, 2.0, 4.0, np.nan, 8.0, 16.0])
STAFF = np.array([10, 20, 30, 40, 50, 60])
R = xm.Records(
    {"city": CITY, "branch": BRANCH, "enterprise": ENTERPRISE, "year": YEAR, "output": OUTPUT, "staff": STAFF}
)
CODES = xm.Records({"code": ["01", None, "x"]})
KEYS = {"city": CITY, "branch": BRANCH}


@pytest.mark.parametrize(
    ("by_name", "by_array"),
    [
        (lambda: R.aggregate("output"), lambda: xm.aggregate(OUTPUT)),
        (lambda: R.aggregate("output", by="city"), lambda: xm.aggregate(OUTPUT, by={"city": CITY})),
        (lambda: R.aggregate("output", by=["city", "branch"]), lambda: xm.aggregate(OUTPUT, by=KEYS)),
        (lambda: R.aggregate("output", by=("city", "branch")), lambda: xm.aggregate(OUTPUT, by=KEYS)),
        (
            lambda: R.aggregate("output", "city", ["mean"], order="appearance", total=True),
            lambda: xm.aggregate(OUTPUT, {"city": CITY}, ["mean"], order="appearance", total=True),
        ),
        (
            lambda: R.aggregate(["output", "staff"], by="city"),
            lambda: xm.aggregate({"output": OUTPUT, "staff": STAFF}, by={"city": CITY}),
        ),
        (
            lambda: R.aggregate({"产值": "output", "从业": STAFF}, by={"新城": "city"}),
            lambda: xm.aggregate({"产值": OUTPUT, "从业": STAFF}, by={"新城": CITY}),
        ),
        (lambda: R.share("output", by="city"), lambda: xm.share(OUTPUT, by={"city": CITY})),
        (
            lambda: R.share("output", by=["city", "branch"], within="city"),
            lambda: xm.share(OUTPUT, by=KEYS, within={"city": CITY}),
        ),
        (lambda: R.share_of("output", within="city"), lambda: xm.share_of(OUTPUT, within=CITY)),
        (lambda: R.share_of("output"), lambda: xm.share_of(OUTPUT)),
        (lambda: R.ratio("output", "staff", by="city"), lambda: xm.ratio(OUTPUT, STAFF, by={"city": CITY})),
        (
            lambda: R.ratio("output", R.distinct("enterprise"), by="city"),
            lambda: xm.ratio(OUTPUT, xm.distinct(ENTERPRISE), by={"city": CITY}),
        ),
        (
            lambda: R.ratio("output", xm.distinct(ENTERPRISE)),
            lambda: xm.ratio(OUTPUT, xm.distinct(ENTERPRISE)),
        ),
        (lambda: R.growth("output", "year"), lambda: xm.growth(OUTPUT, {"year": YEAR})),
        (
            lambda: R.growth("output", period="year", by="city", lag=1),
            lambda: xm.growth(OUTPUT, {"year": YEAR}, by={"city": CITY}, lag=1),
        ),
        (
            lambda: R.growth_of("output", "enterprise", "year"),
            lambda: xm.growth_of(OUTPUT, ENTERPRISE, YEAR),
        ),
        (
            lambda: R.growth_of("output", ["enterprise", "city"], "year", lag=2),
            lambda: xm.growth_of(OUTPUT, (ENTERPRISE, CITY), YEAR, lag=2),
        ),
        (
            lambda: R.average_growth("output", "year", 2018, 2019, by="branch"),
            lambda: xm.average_growth(OUTPUT, {"year": YEAR}, 2018, 2019, by={"branch": BRANCH}),
        ),
        (lambda: R.top("output", 2), lambda: xm.top(OUTPUT, 2)),
        (
            lambda: R.top("output", 1, by="branch", label="enterprise", ties="all"),
            lambda: xm.top(OUTPUT, 1, by={"branch": BRANCH}, label={"enterprise": ENTERPRISE}, ties="all"),
        ),
        (
            lambda: R.top("output", 2, entity="enterprise"),
            lambda: xm.top(OUTPUT, 2, entity={"enterprise": ENTERPRISE}),
        ),
        (lambda: R.rank_of("output"), lambda: xm.rank_of(OUTPUT)),
        (
            lambda: R.rank_of("output", within="city", method="average", descending=False),
            lambda: xm.rank_of(OUTPUT, within=CITY, method="average", descending=False),
        ),
    ],
)
def test_a_method_gives_what_the_function_gives(by_name, by_array):
    """Names in place of arrays change nothing but the names of the columns."""
    expected, actual = by_array(), by_name()
    if isinstance(expected, xm.Table):
        assert expected.columns == actual.columns
        assert expected.equals(actual)
    else:
        np.testing.assert_array_equal(expected, actual)


def test_results_carry_the_names_of_the_columns():
    """Keys, periods and labels keep the names that the records have for them."""
    assert ("city", "branch", "count", "sum") == R.aggregate("output", by=["city", "branch"]).columns
    assert "year" in R.growth("output", "year", by="city")
    assert "enterprise" in R.top("output", 1, label="enterprise")


def test_text_can_be_counted():
    """Counts need no numbers: a column of text or several are taken."""
    assert {"count": [2], "n_unique": [2]} == CODES.aggregate("code", stats=["count", "n_unique"]).to_dict()
    assert {"code_count": [2]} == CODES.aggregate(["code"], stats="count").to_dict()


def test_arrays_and_groupings_are_taken_where_names_are():
    """A method takes an array, a mapping, a Grouping, and names and arrays side by side."""
    by_name = R.share("output", by="city")
    assert by_name.equals(R.share(OUTPUT, by={"city": CITY}))
    assert by_name.equals(R.share("output", by=xm.Grouping({"city": CITY})))
    assert xm.share(OUTPUT, by=CITY).equals(R.share("output", by=CITY))
    mixed = R.share("output", by=("city", pd.Series(BRANCH, name="branch")))
    assert R.share("output", by=["city", "branch"]).equals(mixed)
    assert ("city", "key_1") == R.share("output", by=("city", BRANCH)).columns[:2]


SOURCES = {
    "mapping": lambda columns: columns,
    "pandas": pd.DataFrame,
    "polars": lambda columns: pl.DataFrame({name: pl.Series(name, list(values)) for name, values in columns.items()}),
    "arrow": lambda columns: pa.table({name: pa.array(list(values)) for name, values in columns.items()}),
    "batch": lambda columns: pa.record_batch({name: pa.array(list(values)) for name, values in columns.items()}),
    "table": xm.Table,
    "records": xm.Records,
}


@pytest.mark.parametrize("build", SOURCES.values(), ids=SOURCES)
def test_every_source_gives_the_same_records(build):
    """A mapping, a dataframe of any library, a Table and Records are read alike, nulls included."""
    columns = {"city": ["沣东", None, "沣西"], "output": [1.0, 2.0, 4.0], "year": [2018, 2019, 2019]}
    r = xm.Records(build(columns))
    assert (3, ("city", "output", "year")) == (len(r), r.columns)
    expected = {"city": ["沣东", "沣西", None], "count": [1, 1, 1], "sum": [1.0, 4.0, 2.0]}
    assert expected == r.aggregate("output", by="city").to_dict()
    kept = r[np.array([True, False, True])]
    assert ([1.0, 4.0], ("city", "output", "year")) == (kept.to_pandas()["output"].tolist(), kept.columns)


def test_an_exporter_of_arrow_streams_is_a_source():
    """Anything with the Arrow stream protocol is taken."""

    class Exporter:
        def __arrow_c_stream__(self, requested_schema=None):
            return pa.table({"output": [1.0, 2.0]}).__arrow_c_stream__(requested_schema)

    assert [3.0] == xm.Records(Exporter()).aggregate("output", stats=["sum"])["sum"].tolist()


def test_arrays_are_neither_copied_nor_open_to_change():
    """A column shares the memory of the caller's array, and cannot be written through the records."""
    r = xm.Records({"output": OUTPUT, "masked": np.ma.array(STAFF, mask=STAFF > 50)})
    assert np.shares_memory(OUTPUT, r["output"])
    assert isinstance(r["masked"], np.ma.MaskedArray)
    for name in r:
        with pytest.raises(ValueError, match="read-only"):
            r[name][0] = 0
    assert OUTPUT.flags.writeable
    with pytest.raises(TypeError):
        r["output"] = OUTPUT
    with pytest.raises(AttributeError):
        r.columns = ()


@pytest.mark.parametrize(
    "city",
    [
        pd.Series(pd.Categorical(["b", None, "a"], categories=["b", "a", "unused"], ordered=True)),
        pl.Series(["b", None, "a"], dtype=pl.Enum(["b", "a", "unused"])),
    ],
)
def test_categories_keep_their_order(city):
    """Categories are read through their codes: results come in the categories' order, not the alphabet's."""
    r = xm.Records({"city": city, "output": [1, 2, 4]})
    assert {"city": ["b", "a", None], "sum": [1, 4, 2]} == r.aggregate("output", by="city", stats=["sum"]).to_dict()
    left = r[[True, True, False]]
    assert {"city": ["b", None], "sum": [1, 2]} == left.aggregate("output", by="city", stats=["sum"]).to_dict()


@pytest.mark.parametrize(
    "mask",
    [
        [True, False, True, False, False, False],
        np.array([True, False, True, False, False, False]),
        pd.Series([True, False, True, pd.NA, False, False], dtype="boolean"),
        pl.Series([True, False, True, None, False, False]),
        pa.array([True, False, True, None, False, False]),
        np.ma.array([True, False, True, True, False, False], mask=[0, 0, 0, 1, 0, 0]),
        [True, False, True, None, False, False],
    ],
    ids=["list", "array", "pandas", "polars", "arrow", "masked", "objects"],
)
def test_a_mask_keeps_the_records_where_it_is_true(mask):
    """False and missing leave a record out, in every column."""
    kept = R[mask]
    assert [1.0, 4.0] == kept["output"].tolist()
    assert ["沣东", "沣东"] == kept["city"].tolist()
    assert R.columns == kept.columns


def test_a_comparison_of_a_column_is_a_mask():
    """Columns compare as arrays do, missing labels included."""
    assert 3 == len(R[R["city"] == "沣东"])
    assert 0 == len(R[R["year"] > 2019])


def test_with_column_adds_or_replaces():
    """A new column comes last, another one in the place of the old; the records stay as they were."""
    more = R.with_column("rate", OUTPUT * 2)
    assert ((*R.columns, "rate"), "rate" in R) == (more.columns, False)
    assert R.columns == R.with_column("city", BRANCH).columns
    assert BRANCH.tolist() == R.with_column("city", BRANCH)["city"].tolist()
    with pytest.raises(ValueError, match="column 'rate' has 1 rows, column 'city' has 6"):
        R.with_column("rate", [1])


def test_to_pandas_keeps_what_is_missing():
    """Missing entries stay missing, categories categories, integers integers."""
    frame = pd.DataFrame({"c": pd.Categorical(["x", None]), "n": pd.array([1, None], dtype="Int64"), "t": ["a", None]})
    pd.testing.assert_frame_equal(frame, xm.Records(frame).to_pandas())
    masked = np.ma.array([2**60 + 1, 0], mask=[0, 1])
    r = xm.Records(
        {"i": masked, "b": masked.astype(bool), "f": masked.astype(float), "t": CITY[2:4], "p": pl.Series([1, None])}
    )
    found = r.to_pandas()
    assert 2**60 + 1 == found["i"][0]
    assert ["Int64", "boolean", "float64"] == [str(found[name].dtype) for name in "ibf"]
    assert [False, True] * 5 == [missing for name in r for missing in found[name].isna()]


def test_records_show_their_first_rows():
    """Text and HTML show ten records and say how many there are; markup in the data is escaped."""
    r = xm.Records({"name": ["<b>秦汉</b>"] * 12, "c": pa.array(["x", None] * 6).dictionary_encode()})
    assert "the first 10 of 12 records" in repr(r)
    assert [5, 5] == [repr(r).count(" x\n"), repr(r).count(" —\n")]
    assert "&lt;b&gt;秦汉" in r._repr_html_()
    assert "<b>" not in r._repr_html_()
    assert "Records: 0 × 0" in repr(xm.Records({}))


def test_records_survive_pickling():
    """What a process sends to another one are the same records."""
    copy = pickle.loads(pickle.dumps(R))
    assert (R.columns, CITY.tolist()) == (copy.columns, copy["city"].tolist())


@pytest.mark.parametrize(
    ("build", "error", "sentence"),
    [
        (
            lambda: xm.Records([1, 2]),
            TypeError,
            "source must be a mapping of names to columns or a dataframe, got list",
        ),
        (lambda: xm.Records(pl.LazyFrame()), TypeError, "or a dataframe, got LazyFrame; give its collect()"),
        (lambda: xm.Records(pl.Series([1])), TypeError, "or a dataframe, got Series"),
        (lambda: xm.Records({1: [1]}), TypeError, "the name of a column must be a str, got 1 (int)"),
        (lambda: xm.Records(pd.DataFrame([[1, 2]], columns=["a", "a"])), TypeError, "two columns have the name 'a'"),
        (lambda: xm.Records({"a": [1], "b": [1, 2]}), ValueError, "column 'b' has 2 rows, column 'a' has 1"),
        (
            lambda: xm.Records({"a": np.ones((2, 2))}),
            ValueError,
            "column 'a' must be one-dimensional, got 2 dimensions",
        ),
        (lambda: xm.Records({"a": "text"}), ValueError, "column 'a' must be one-dimensional, got 0 dimensions"),
        (lambda: R["outputs"], xm.ColumnError, "Records has no column 'outputs'; the nearest is 'output'"),
        (lambda: R.share("output", by="citi"), xm.ColumnError, "Records has no column 'citi'; the nearest is 'city'"),
        (
            lambda: R.share("output", by=["city", "years"]),
            KeyError,
            "Records has no column 'years'; the nearest is 'year'",
        ),
        (
            lambda: R.aggregate(["output", "saff"]),
            xm.ColumnError,
            "Records has no column 'saff'; the nearest is 'staff'",
        ),
        (lambda: R.share("output", by=["city", "city"]), TypeError, "two columns have the name 'city'"),
        (lambda: R.share("city", by="city"), TypeError, "column 'city' must be numbers, but is text: '沣东' in row 0"),
        (lambda: CODES.top("code", 1), TypeError, "column 'code' must be numbers, but is text: 'x' in row 2"),
        (lambda: CODES.aggregate(["code"]), TypeError, "column 'code' must be numbers, but is text: 'x' in row 2"),
        (lambda: R[[True]], ValueError, "the mask has shape (1,), the records have 6 rows"),
        (lambda: R[np.ones((6, 1), dtype=bool)], ValueError, "the mask has shape (6, 1), the records have 6 rows"),
        (lambda: R[0], TypeError, "records[...] takes the name of a column or a mask of bools, got int"),
        (lambda: R[:2], TypeError, "records[...] takes the name of a column or a mask of bools, got slice"),
        (lambda: R[["city"]], TypeError, "records[...] takes the name of a column or a mask of bools, got list"),
        (lambda: R[[1, 0, 1, 0, 0, 0]], TypeError, "takes the name of a column or a mask of bools, got list"),
    ],
)
def test_what_is_no_record_is_refused(build, error, sentence):
    """Each fault has its own error and sentence."""
    with pytest.raises(error) as caught:
        build()
    assert sentence in str(caught.value)
