"""Protected tables on their way out: every form has the mark and the note, none the figure; nothing loses them."""

import copy
import io
import pickle

import numpy as np
import pytest

import xxmfg as xm

NOTE = "c: suppressed so that no enterprise is disclosed (1 cell) or to protect those (1 cell); 55.2 % of the value"
MARKS = ["c", "c", None, None]


@pytest.fixture
def secret():
    """Give a protected table in which a value and one for its sake are suppressed."""
    values, city = [987654.3210123456, *[123456.789] * 4, *[200000.5] * 6], ["a"] + ["b"] * 4 + ["c"] * 6
    table = xm.protect(values, {"city": city}, derived=["share"], dominance=None)
    assert (NOTE, [True, True, False, False]) == (table.note, table.suppressed["value"].tolist())
    return table


def frames_of(table):
    """Give the frames of a table as lists: by its own methods, and by what reads Arrow streams."""
    import polars as pl
    import pyarrow as pa

    return {
        "dict": table.to_dict(),
        "pandas": table.to_pandas().astype(object).replace(np.nan, None).to_dict("list"),
        "polars": table.to_polars().to_dict(as_series=False),
        "arrow": table.to_arrow().to_pydict(),
        "stream": pa.table(table).to_pydict(),
        "polars of a stream": pl.DataFrame(table).to_dict(as_series=False),
    }


def test_frames_have_marks_and_note_beside_what_is_suppressed(secret):
    """Lists and Polars had NaN alone: nothing told a suppressed figure from one that nobody has."""
    for form, frame in frames_of(secret).items():
        assert ["city", "value", "status", "share", "value_mark", "share_mark", "note"] == list(frame), form
        assert [None, None, *secret["value"].tolist()[2:]] == frame["value"], form
        assert MARKS == frame["value_mark"] == frame["share_mark"], form
        assert [NOTE, NOTE, None, None] == frame["note"], form


def test_what_is_suppressed_is_null_and_what_is_missing_is_nan():
    """Polars and Arrow took a suppressed figure for NaN, which they sort and compare as the largest number."""
    table = xm.Table({"x": [np.nan, np.nan, 1.0]}, suppressed={"x": [True, False, False]})
    frame, arrow = table.to_polars(), table.to_arrow()
    assert [True, False, False] == frame["x"].is_null().to_list() == arrow["x"].is_null().to_pylist()
    assert [None, True, False] == frame["x"].is_nan().to_list()
    assert {"note": [None] * 3} == {"note": table.to_dict()["note"]}  # the table has none


def test_frames_have_the_same_columns_whatever_is_suppressed(secret):
    """Tables of several years can be put together, also of a year in which nothing is suppressed."""
    shown = xm.protect([1.0, 2, 3, 4], {"city": ["a"] * 4}, derived=["share"])
    for form, frame in frames_of(shown).items():
        assert list(secret.to_dict()) == list(frame), form
        assert [None, None] == frame["value_mark"] == frame["note"], form
    assert secret.to_polars().schema == shown.to_polars().schema
    assert secret.to_arrow().schema.types == shown.to_arrow().schema.types


def test_other_tables_have_no_columns_of_marks():
    """Their frames are as they were."""
    assert {"x": [1.0]} == xm.Table({"x": [1.0]}, note="a note").to_dict()


def test_a_column_called_as_one_of_marks_is_refused():
    """One of the two would be lost in frames."""
    with pytest.raises(ValueError, match="suppressed: frames add a column 'note' for 'x', and there is one: rename it"):
        xm.Table({"x": [1.0], "note": ["a"]}, suppressed={"x": [False]})
    with pytest.raises(ValueError, match="a key is called 'value_mark', which is a column of the result"):
        xm.protect([1.0] * 4, {"value_mark": ["a"] * 4})


def test_marks_cannot_be_erased(secret):
    """`t.suppressed["value"][:] = False` left a missing figure in the place of each mark, in every export."""
    before = secret.to_json()
    for table in (secret, copy.deepcopy(secret), pickle.loads(pickle.dumps(secret))):
        with pytest.raises(ValueError, match="read-only"):
            table.suppressed["value"][:] = False
        mask = table.suppressed["value"]
        mask.flags.writeable = True  # a copy's owner may
        mask[:] = False
        table.suppressed.clear()
        assert before == table.to_json()


def test_nobody_writes_below_a_mark():
    """The array that a column came from could be filled later, and the figure exported beside its mark."""
    given, mask = np.array([np.nan, 2.0]), np.array([True, False])
    table = xm.Table({"x": given}, suppressed={"x": mask})
    given[0], mask[0] = 5.0, False
    assert {"x": [None, 2.0], "x_mark": ["c", None], "note": [None, None]} == table.to_dict()
    assert np.isnan(table.to_pandas()["x"][0])


def test_what_is_suppressed_does_not_equal_what_is_missing(secret):
    """A table without the marks was the same table."""
    bare = xm.Table({name: secret[name] for name in secret})
    assert not secret.equals(bare)
    assert not bare.equals(secret)
    assert secret.equals(copy.copy(secret))
    published = secret[secret["status"] == "publish"]
    assert published.equals(bare[bare["status"] == "publish"])


def test_rows_keep_their_marks(secret):
    """Sorted, cut, chosen, copied, pickled: in each the mark stands where the figure would, and the note below."""
    tables = [secret.sort("city", descending=True), secret.head(2), secret[secret["status"] == "primary"],
              copy.copy(secret), pickle.loads(pickle.dumps(secret.head(1)))]  # fmt: skip
    for table in tables:
        found = dict(zip(table["city"].tolist(), table.to_dict()["value_mark"], strict=True))
        assert "c" == found["a"]
        file = io.StringIO()
        table.to_csv(file)
        for text in (file.getvalue(), repr(table), table._repr_html_(), table.to_markdown(), table.to_json()):
            assert NOTE in text.replace("\\", "")


REFUSED = (
    r"column 'value': 2 of 4 figures are suppressed \(value_mark is 'c'\); what is made of the others alone would be "
    "wrong; take the records that the table was made from, or leave out these rows"
)


@pytest.mark.parametrize("form", ["table", "dict", "pandas", "polars", "arrow", "parquet"])
def test_no_measure_of_records_leaves_out_what_is_suppressed(secret, form, tmp_path):
    """A sum over a protected table was that of its published cells, without a word."""
    if form == "parquet":
        import pyarrow.parquet as pq

        pq.write_table(secret.to_arrow(), tmp_path / "secret.parquet")
        r = xm.read(tmp_path / "secret.parquet")
    else:
        r = xm.Records(secret if form == "table" else getattr(secret, f"to_{form}")())
    for measure in (
        lambda: r.aggregate("value"),
        lambda: r.aggregate("value", stats="count"),
        lambda: r.aggregate(["city", "value"], stats="count"),
        lambda: r.aggregate("city", stats="count", weights="value"),
        lambda: r.share("value", by="city"),
        lambda: r.ratio("value", "value"),
        lambda: r.top("value", 1),
        lambda: r.concentration("value"),
    ):
        with pytest.raises(xm.DisclosureError, match=REFUSED):
            measure()
    published = r[np.array([str(status) == "publish" for status in r["status"]])]
    assert [secret["value"][2:].sum()] == published.aggregate("value", stats="sum")["sum"].tolist()
    assert [4] == r.aggregate("city", stats="count")["count"].tolist()


def test_a_column_that_is_called_like_marks_refuses_nothing():
    """Where nothing is missing beside a mark, or the column is another's, the figures are those of the records."""
    r = xm.Records({"exam": [1.0, np.nan], "exam_mark": ["c", "d"]})
    assert [1.0] == r.aggregate("exam", stats="sum")["sum"].tolist()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_marks_read_again_are_no_numbers(secret, suffix, tmp_path):
    """In a file the mark makes its column text, of which no sum is taken."""
    path = tmp_path / f"secret.{suffix}"
    (secret.to_csv if suffix == "csv" else secret.to_excel)(path)
    with pytest.raises(TypeError, match="column 'value' must be numbers, but is text: 'c' in row 0"):
        xm.read(path).aggregate("value")


def test_no_report_of_records_leaves_out_what_is_suppressed(tmp_path):
    """A report of a protected table gave totals of its published cells, without a word."""
    from xxmfg import report

    region, industry, period = ["a", "b"] * 4, ["x", "x", "y", "y"] * 2, [2018] * 4 + [2019] * 4
    columns = {"region": region, "industry": industry, "period": period, "value": [np.nan, *[5.0] * 7]}
    records = xm.Records(xm.Table(columns, suppressed={"value": [True, *[False] * 7]}))
    with pytest.raises(xm.DisclosureError, match="column 'value': 1 of 8 figures are suppressed"):
        report.describe(records, tmp_path / "report", "value", "region", "industry", "period")
    assert [] == list(tmp_path.iterdir())
