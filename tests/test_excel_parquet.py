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


def broken(path, rows, part, damage):
    """Write a workbook and change the bytes of one of its parts."""
    workbook(path, rows)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, damage(content) if name.endswith(part) else content)
    return path


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda sheet: sheet[:-80], "sheet '数据' cannot be read below row 3: "),
        (lambda sheet: sheet.replace(b"<v>7</v>", b"<v>seven</v>"), "sheet '数据' cannot be read below row 1: .*seven"),
    ],
)
def test_a_damaged_sheet_is_told_with_its_file(tmp_path, damage, message):
    """A sheet that ends too soon, or holds no number in a cell of one, gave the parser's bare error."""
    with pytest.raises(xm.XxmfgError, match=rf"a\.xlsx: {message}"):
        xm.read(broken(tmp_path / "a.xlsx", [["a"], [7], [8]], "sheet1.xml", damage))


def test_damage_to_what_is_packed_is_told_with_its_file(tmp_path):
    """Packed bytes that do not unpack gave a bare zlib.error."""
    path = workbook(tmp_path / "a.xlsx", [["a"], *([number] for number in range(3000))])
    content = bytearray(path.read_bytes())
    begins = content.index(b"xl/worksheets/sheet1.xml") + 500
    content[begins : begins + 20] = b"\xff" * 20
    path.write_bytes(content)
    with pytest.raises(xm.XxmfgError, match=r"a\.xlsx: no \.xlsx workbook: "):
        xm.read(path)


def test_a_formula_that_nobody_calculated_is_named(tmp_path):
    """Programs write formulas without values; they were missing values, and such rows were gone without a word."""
    path = workbook(tmp_path / "a.xlsx", [["=1+1", "side"], ["a", "b"], [1, 2], [3, "=A3*2"]])
    with pytest.raises(xm.XxmfgError, match="cell B4 holds a formula without its value; open the file in Excel"):
        xm.read(path, header=1)
    workbook(path, [["a"], [1], ["=A2"]])
    with pytest.raises(xm.XxmfgError, match="cell A3 holds a formula"):
        xm.read(path)


def test_formulas_give_what_was_stored_and_empty_text_is_missing(tmp_path):
    """Excel stores a number beside its formula, and of an empty text that it is one."""
    stored = (b'<c r="A2"><f>1+1</f><v>2</v></c>', b'<c r="B2" t="str"><f>""</f><v></v></c>')

    def calculate(sheet):
        for cell, value in zip((b'<c r="A2"><f>1+1</f><v', b'<c r="B2"><f>""</f><v'), stored, strict=True):
            begins = sheet.index(cell)
            ends = sheet.index(b"</c>", begins) + len(b"</c>")
            sheet = sheet[:begins] + value + sheet[ends:]
        return sheet

    r = xm.read(broken(tmp_path / "a.xlsx", [["a", "b"], ["=1+1", '=""']], "sheet1.xml", calculate))
    assert ([2], True) == (r["a"].tolist(), bool(np.isnan(r["b"][0])))


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


def test_instants_are_read_by_the_clock_of_their_zone(tmp_path):
    """Midnight of a new year in Shanghai was read as the old year, by the clock of UTC."""
    new_year = datetime.datetime(2019, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
    path = table(tmp_path / "a.parquet", {"t": pa.array([new_year, None], pa.timestamp("us", tz="Asia/Shanghai"))})
    assert ["2019-01-01", "NaT"] == xm.read(path)["t"].astype("datetime64[D]").astype(str).tolist()


def test_views_of_text_are_text(tmp_path):
    """A column of Arrow's string views with a missing entry could not be read."""
    r = xm.read(table(tmp_path / "a.parquet", {"t": pa.array(["x", None], pa.string_view())}), types={"t": "text"})
    assert ["x", None] == xm.aggregate([1, 2], by=r["t"])["key"].tolist()


def test_two_columns_of_one_name_are_told(tmp_path):
    """Arrow writes such a file; the error was a KeyError that named a column which was there."""
    parquet.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]), tmp_path / "a.parquet")
    with pytest.raises(xm.XxmfgError, match=r"a\.parquet: two columns are called 'a'; rename one"):
        xm.read(tmp_path / "a.parquet")


def test_broken_metadata_are_told_with_their_file(tmp_path):
    """A footer that is none gave an OSError that named no file."""
    path = table(tmp_path / "a.parquet", {"a": [1]})
    path.write_bytes(path.read_bytes()[:-8] + bytes(4) + b"PAR1")
    with pytest.raises(xm.XxmfgError, match=r"a\.parquet: no Parquet file that can be read: "):
        xm.read(path)


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
