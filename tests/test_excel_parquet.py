"""Workbooks and Parquet files: the columns that they hold, and a clear error for what is no column of records."""

import datetime
import sys
import zipfile

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

import xxmfg as xm
from xxmfg import cli
from xxmfg.io import excel


def workbook(path, rows, name="数据", more=()):
    """Write a workbook whose first sheet has these rows."""
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    for title in more:
        book.create_sheet(title).append([title])
    book.save(path)
    return path


def table(path, columns):
    """Write a Parquet file of these columns."""
    parquet.write_table(pa.table(columns), path)
    return path


# Workbooks.


def test_columns_of_a_workbook_have_the_types_of_their_cells(tmp_path):
    """Text stays text, though it looks like a number; numbers, bools and dates are what they are."""
    day = datetime.datetime(2019, 12, 31)
    rows = [
        ["代码", "户数", "产值", "在产", "日期", "时刻", "混合"],
        ["0201", 5, 3.31, True, day, day.replace(hour=8), 1],
        ["12", None, 4, False, None, None, "x"],
    ]
    r = xm.read(workbook(tmp_path / "a.xlsx", rows))
    assert ["0201", "12"] == r["代码"].tolist()
    assert [5.0, None] == [None if np.isnan(count) else count for count in r["户数"].tolist()]
    assert ([3.31, 4.0], [True, False]) == (r["产值"].tolist(), r["在产"].tolist())
    assert ["2019-12-31", "NaT"] == r["日期"].astype(str).tolist()
    assert "datetime64[D]" == str(r["日期"].dtype)
    assert ["2019-12-31T08:00:00", "NaT"] == r["时刻"].astype(str).tolist()
    assert ["1", "x"] == r["混合"].tolist()


def test_a_workbook_is_read_as_its_csv_would_be(tmp_path):
    """Records of numbers and text are the same from both, but for text that looks like numbers."""
    rows = [["city", "year", "output"], ["沣东", 2018, 1.5], ["空港", 2019, None], ["—", 2019, 0.1]]
    lines = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    (tmp_path / "a.csv").write_text(lines, "utf-8")
    one, other = xm.read(tmp_path / "a.csv"), xm.read(workbook(tmp_path / "a.xlsx", rows))
    assert one.columns == other.columns
    for name in one.columns:
        assert one[name].dtype == other[name].dtype
        assert str(one[name].tolist()) == str(other[name].tolist())


def test_sheets_headers_and_empty_rows(tmp_path):
    """A sheet is chosen by name or place; rows above the names and empty ones are left out."""
    path = workbook(tmp_path / "a.xlsx", [["表题"], [], ["a", "b"], [1, 2], [], [3, 4]], more=["other"])
    assert [1, 3] == xm.read(path, header=1)["a"].tolist()
    assert ("other",) == xm.read(path, sheet="other").columns == xm.read(path, sheet=1).columns
    assert ("b",) == xm.read(path, header=1, columns=["b"]).columns
    for sheet, message in (("no", "no sheet 'no'; there are '数据', 'other'"), (2, "no sheet 2; there are 2")):
        with pytest.raises(xm.XxmfgError, match=message):
            xm.read(path, sheet=sheet)
    with pytest.raises(TypeError, match="sheet=True"):
        xm.read(path, sheet=True)
    with pytest.raises(xm.XxmfgError, match="has no row 9 of column names"):
        xm.read(path, header=9)


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([["a", None, "c"], [1, 2, 3]], {}, "row 1: column B has no name"),
        ([["a", "a"], [1, 2]], {}, "columns A and B are both called 'a'"),
        ([["a"], [1, 2]], {}, "row 2 has more cells than the row of names"),
        ([["a"], ["#DIV/0!"]], {}, "cell A2 holds the error #DIV/0!"),
        ([["a"], [1], ["x"]], {"types": {"a": "number"}}, "cell A3: 'x' is not a number"),
        ([["a"], [1]], {"types": {"b": "number"}}, "no column 'b'; the nearest is 'a'"),
        ([["a"], [1]], {"columns": ["b"]}, "no column 'b'; the nearest is 'a'"),
        ([], {}, "has no row 0 of column names"),
    ],
)
def test_what_is_wrong_in_a_workbook_is_named_with_its_place(tmp_path, rows, options, message):
    """The message has the sheet and the cell, as Excel shows them."""
    with pytest.raises(xm.XxmfgError, match=f"sheet '数据'.*{message}"):
        xm.read(workbook(tmp_path / "a.xlsx", rows), **options)


def test_a_bomb_is_refused_before_it_is_opened(tmp_path, monkeypatch):
    """More than 100 times its size, or more than 512 MB: the archive's own list is enough to say no."""
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 5_000_000)
    monkeypatch.setattr(openpyxl, "load_workbook", None)
    with pytest.raises(xm.XxmfgError, match="times its size, as no workbook does"):
        xm.read(path)
    monkeypatch.setattr(excel, "MAX_BYTES", 4_000_000)
    with pytest.raises(xm.XxmfgError, match="unpacks to 5 MB; above 4 MB"):
        xm.read(path)


def test_entities_are_refused(tmp_path):
    """A document type declaration, by which XML grows or reaches other files, is never parsed."""
    path = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(xm.XxmfgError, match=r"workbook\.xml declares entities"):
        xm.read(path)


@pytest.mark.parametrize("content", [b"", b"PK", b"a,b\n1,2\n"])
def test_what_is_no_workbook_says_so(tmp_path, content):
    """A text file under another name is no workbook."""
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(xm.XxmfgError, match=r"no \.xlsx workbook"):
        xm.read(tmp_path / "a.xlsx")


def test_an_archive_of_something_else_is_no_workbook(tmp_path):
    """A zip without sheets is refused with its name."""
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(xm.XxmfgError, match="no workbook that can be read"):
        xm.read(tmp_path / "a.xlsx")


# Parquet.


def test_columns_of_a_parquet_file(tmp_path):
    """Numbers and dates become arrays, missing ones NaN, NaT or masked; text stays in Arrow and works as a key."""
    columns = {
        "city": ["沣东", None, "沣东"],
        "year": [2018, 2019, 2019],
        "count": pa.array([1, None, 3]),
        "output": [1.5, None, 2.5],
        "open": pa.array([True, None, False]),
        "day": pa.array([datetime.date(2019, 1, 2), None, None]),
        "money": pa.array([1, 2, 3], pa.decimal128(10, 2)),
        "empty": pa.nulls(3),
    }
    r = xm.read(table(tmp_path / "a.parquet", columns))
    assert (r["year"] == 2019).tolist() == [False, True, True]
    assert [1, None, 3] == r["count"].tolist()
    assert [True, None, False] == r["open"].tolist()
    assert ["2019-01-02", "NaT", "NaT"] == r["day"].astype(str).tolist()
    assert [1.0, 2.0, 3.0] == r["money"].tolist()
    assert np.isnan(r["empty"]).all()
    assert {"city": ["沣东", None], "sum": [4.0, 0.0]} == r.aggregate("output", "city", ["sum"]).to_dict()
    assert [2.5] == r[r["year"] == 2019].aggregate("output", "city", ["sum"])["sum"].tolist()[:1]


def test_declared_kinds_are_checked_and_text_may_be_asked_for(tmp_path):
    """A file keeps its types: another kind is an error, but for codes that should be text."""
    path = table(tmp_path / "a.parquet", {"code": [201, 202], "name": ["a", "b"]})
    assert ["201", "202"] == xm.read(path, types={"code": "text"})["code"].to_pylist()
    assert "float64" == str(xm.read(path, types={"code": "float"})["code"].dtype)
    assert ("name", "code") == xm.read(path, columns=["name", "code"]).columns
    with pytest.raises(xm.XxmfgError, match=r"column 'name' is .*string.*, not number"):
        xm.read(path, types={"name": "number"})
    with pytest.raises(xm.XxmfgError, match="declared 'integer'; give one of"):
        xm.read(path, types={"code": "integer"})
    for options in ({"types": {"cod": "int"}}, {"columns": ["cod"]}):
        with pytest.raises(xm.ColumnError, match="no column 'cod'; the nearest is 'code'"):
            xm.read(path, **options)


@pytest.mark.parametrize("values", [[[1], [2]], [b"x", b"y"], [{"a": 1}, {"a": 2}]])
def test_columns_that_records_do_not_hold_are_named(tmp_path, values):
    """Lists, bytes and structures are refused by name."""
    with pytest.raises(xm.XxmfgError, match=r"column 'v' is .*records hold numbers, text, dates and bools"):
        xm.read(table(tmp_path / "a.parquet", {"v": values}))


def test_folders_are_not_files(tmp_path):
    """A folder of that name is a folder."""
    for name in ("a.parquet", "a.xlsx"):
        (tmp_path / name).mkdir()
        with pytest.raises(IsADirectoryError):
            xm.read(tmp_path / name)


@pytest.mark.parametrize(
    ("absent", "suffix", "extra"), [("openpyxl", "xlsx", "excel"), ("pyarrow", "parquet", "arrow")]
)
def test_without_the_extra_its_name_is_in_the_error(tmp_path, monkeypatch, absent, suffix, extra):
    """The message is the command that helps."""
    path = tmp_path / f"a.{suffix}"
    workbook(path, [["a"], [1]]) if suffix == "xlsx" else table(path, {"a": [1]})
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(ImportError, match=rf"needs {absent}: pip install xxmfg\[{extra}\]"):
        xm.read(path)


def test_csv_columns_may_be_chosen(tmp_path):
    """Only the named columns, in the order asked for."""
    (tmp_path / "a.csv").write_text("a,b,c\n1,2,3\n")
    assert ("c", "a") == xm.read(tmp_path / "a.csv", columns=["c", "a"]).columns


def test_the_command_line_reads_them_too(tmp_path, capsys):
    """A workbook's sheet by its name, a Parquet file by its suffix; neither has an encoding to speak of."""
    book = workbook(tmp_path / "a.xlsx", [["v"], [1], [2]], more=["other"])
    file = table(tmp_path / "a.parquet", {"v": [1, 2]})
    for words in ([str(book), "--sheet", "数据"], [str(file)]):
        assert 0 == cli.main(["aggregate", *words, "--value", "v", "--stats", "sum", "--csv"])
        assert ("sum\n3\n", "") == capsys.readouterr()
    assert 2 == cli.main(["aggregate", str(book), "--sheet", "no", "--value", "v"])
    assert "no sheet 'no'" in capsys.readouterr().err
