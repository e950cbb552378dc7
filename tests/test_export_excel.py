"""Tables as Excel workbooks: what the cells hold, what no formula becomes, and that a file is whole or not there."""

import datetime
import io
import re
import sys

import numpy as np
import pytest

import xxmfg as xm

TEXT = np.dtypes.StringDType(na_object=None)


def sheet_of(table):
    """Give the sheet of the workbook that `to_excel` writes."""
    from openpyxl import load_workbook

    file = io.BytesIO()
    table.to_excel(file)
    return load_workbook(file).active


def rows_of(table):
    """Give the rows of that sheet as lists of values."""
    return [list(row) for row in sheet_of(table).iter_rows(values_only=True)]


def test_numbers_are_numbers():
    """Every float to its last bit, integers, bools; what is missing is an empty cell; percent is a format."""
    t = xm.Table(
        {
            "新城": np.array(["沣东", None], TEXT),
            "产值": [0.1 + 0.2, np.nan],
            "户数": [10, -5],
            "占比": np.array([0.5516, 1.0]),
            "是": [True, False],
            "代码": np.array([7, None], object),
        },
        percent=["占比"],
        units={"产值": "亿元"},
        title="表4",
        note="not of what is suppressed",
    )
    assert [list(t), ["沣东", 0.1 + 0.2, 10, 0.5516, True, 7], [None, None, -5, 1, False, None]] == rows_of(t)
    cells = list(sheet_of(t).iter_rows())
    assert ["0.00%", "0.00%"] == [row[3].number_format for row in cells[1:]]
    assert [True] * 6 == [cell.font.b for cell in cells[0]]


def test_a_protected_table_has_its_marks_and_its_note():
    """The mark stands where the figure would, text among numbers; the note stands in the last row."""
    t = xm.Table({"city": ["a", "b"], "sum": [np.nan, 2.5]}, suppressed={"sum": [True, False]}, note="=c: 保密")
    assert [["city", "sum"], ["a", "c"], ["b", 2.5], ["=c: 保密", None]] == rows_of(t)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-x", "@SUM(1)", "＝1", "#N/A", "#REF!", "http://a.b", "1", "TRUE", " a "]
)
def test_text_is_text(text):
    """No entry, name or note is a formula, an error, a number or a link; nor does it become one where it is edited."""
    t = xm.Table({text: np.array([text], TEXT)})
    for row in sheet_of(t).iter_rows():
        assert (text, "s", None) == (row[0].value, row[0].data_type, row[0].hyperlink)
        assert row[0].quotePrefix == (text[0] in "=+-@＝")


def test_characters_that_cannot_be_seen_are_shown():
    """Control characters, which no XML holds, and those that turn the direction of text, by their escapes."""
    texts = ["a\x00b", "c\nd", "e\u202ef", "g\uffffh", "i\ud800j"]
    shown = [["x"], ["a\\x00b"], ["c\\nd"], ["e\\u202ef"], ["g\\uffffh"], ["i\\ud800j"]]
    assert shown == rows_of(xm.Table({"x": np.array(texts, object)}))


def test_numbers_that_excel_has_not():
    """More than 15 digits would lose the last ones, and there is no infinity: both are text."""
    large = 10**15
    t = xm.Table({"n": np.array([large, 1 - large, large - 1]), "u": np.array([2**64 - 1, 1, 2], np.uint64)})
    assert [[str(large), str(2**64 - 1)], [1 - large, 1], [large - 1, 2]] == rows_of(t)[1:]
    assert [["inf"], ["-inf"], [1e300]] == rows_of(xm.Table({"x": [np.inf, -np.inf, 1e300]}))[1:]


def test_dates_are_dates():
    """Of days and finer; years, months, and days before Excel's first are text in ISO form."""
    days, months = (
        np.array(["2019-03-01", "NaT", "1899-01-01"], "M8[D]"),
        np.array(["2019-03", "NaT", "1899-01"], "M8[M]"),
    )
    rows = rows_of(xm.Table({"day": days, "second": days.astype("M8[s]"), "month": months}))
    first = datetime.datetime(2019, 3, 1)
    assert [first, first, "2019-03"] == rows[1]
    assert [None, None, None] == rows[2]
    assert ["1899-01-01", "1899-01-01T00:00:00", "1899-01"] == rows[3]


def test_a_workbook_is_read_back(tmp_path):
    """`read` gives the columns that were written."""
    t = xm.Table({"城市": np.array(["沣东", "空港"], TEXT), "sum": [45.78, 3.31], "n": [10, 5]})
    t.to_excel(tmp_path / "t.xlsx")
    r = xm.read(tmp_path / "t.xlsx")
    assert t.to_dict() == {name: r[name].tolist() for name in r}
    assert [] == rows_of(xm.Table({}))


def test_nothing_half_written(tmp_path):
    """Where an error comes an older file stays, with its permissions where it is replaced; the path is named."""
    path, t = tmp_path / "t.xlsx", xm.Table({"x": [1.0]})
    path.write_text("older")
    path.chmod(0o600)
    with pytest.raises(ValueError, match="column 'x': a cell of Excel has at most 32,767 characters, a text 32,768"):
        xm.Table({"x": ["a" * 32_768]}).to_excel(path)
    assert "older" == path.read_text()
    t.to_excel(str(path))
    assert [[1.0]] == [[value.tolist()[0]] for value in [xm.read(path)["x"]]]
    assert (0o600, ["t.xlsx"]) == (path.stat().st_mode & 0o777, [file.name for file in tmp_path.iterdir()])
    with pytest.raises(FileNotFoundError, match=re.escape(str(tmp_path / "none" / "t.xlsx"))):
        t.to_excel(tmp_path / "none" / "t.xlsx")


def test_more_than_a_sheet_holds():
    """Excel would open such a file as damaged, or cut it off."""
    with pytest.raises(ValueError, match="at most 1,048,576 rows and 16,384 columns; these are 1,048,577 and 1: write"):
        xm.Table({"x": np.zeros(1_048_576)}).to_excel("never.xlsx")


def test_what_is_not_installed(monkeypatch, tmp_path):
    """The error says what to install, and no file is there."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ImportError, match=re.escape("to_excel needs openpyxl: pip install xxmfg[excel]")):
        xm.Table({"x": [1]}).to_excel(tmp_path / "t.xlsx")
    assert [] == list(tmp_path.iterdir())
