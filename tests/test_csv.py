"""Text files come in as they are, or the error names the line."""

import csv
import io
import math
import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xxmfg as xm
from xxmfg.io import MISSING
from xxmfg.io import csv as csv_reader
from xxmfg.io._cells import typed_column
from xxmfg.io.csv import parse_csv

QCEW = Path(__file__).parent.parent / "data" / "qcew_nj_2016q1.csv"
INT64 = np.iinfo(np.int64)


def column(*cells, header="x", **options):
    """Read one column whose cells need no quotes."""
    return parse_csv("\n".join([header, *cells]).encode(), "plants.csv", **options)[header]


def test_a_real_table_comes_in_whole():
    """The QCEW file gives its rows, its types and the sums that a plain loop finds."""
    r = xm.read(QCEW)
    with QCEW.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert (len(rows), tuple(rows[0]), "utf-8") == (len(r), r.columns, r.encoding)
    assert np.int64 == r["total_qtrly_wages"].dtype
    assert [row["industry_title"] for row in rows] == r["industry_title"].tolist()
    assert sum(int(row["total_qtrly_wages"]) for row in rows) == r["total_qtrly_wages"].sum()
    assert [float(row["lq_month3_emplvl"]) for row in rows] == r["lq_month3_emplvl"].tolist()
    assert [row["disclosure_code"] or None for row in rows] == r["disclosure_code"].tolist()
    assert "31-33" in r["industry_code"].tolist()


@pytest.mark.parametrize(
    ("cells", "expected", "dtype"),
    [
        (["1", "-2", "+3", " 4 ", "\u30005"], [1, -2, 3, 4, 5], np.int64),
        ([str(INT64.min), str(INT64.max)], [INT64.min, INT64.max], np.int64),
        (["1.5", "2", "1e3", ".5", "-inf"], [1.5, 2.0, 1000.0, 0.5, -math.inf], np.float64),
        (["0", "0.5", "-0.25"], [0.0, 0.5, -0.25], np.float64),
        (["true", "False", "TRUE"], [True, False, True], np.bool_),
        (["2019-12-31", "2020-02-29"], [date(2019, 12, 31), date(2020, 2, 29)], "datetime64[D]"),
    ],
)
def test_a_column_has_the_type_of_all_its_cells(cells, expected, dtype):
    """Integers, decimals, truths and ISO dates are recognized."""
    found = column(*cells)
    assert dtype == found.dtype
    assert expected == found.tolist()


@pytest.mark.parametrize(
    "cells",
    [
        ["0201", "0202"],
        ["1", "-007"],
        ["00.5", "1.5"],
        ["1", "2 km"],
        ["1_000"],
        ["１２", "３"],
        ["٣"],
        ["9223372036854775808", "1"],
        ["9" * 5000],
        ["1e999", "1"],
        ["nan", "inf"],
        ["0x10"],
        ["1,5"],
        ["true", "1"],
        ["2019-02-30"],
        ["2019-2-3"],
        ["2019-12"],
        ["2019-12-31", "today"],
        ["NaT"],
        ["12%"],
    ],
)
def test_what_only_looks_like_a_number_or_a_date_stays_text(cells):
    """Identifiers with leading zeros, too long integers, digits of other scripts and impossible dates are text."""
    content = "x\n" + "".join(f'"{cell}"\n' for cell in cells)
    assert cells == parse_csv(content.encode(), "plants.csv")["x"].tolist()


@pytest.mark.parametrize("blank", [*MISSING, " ", "\u3000"])
def test_missing_cells_are_missing_in_every_type(blank):
    """A missing cell is NaN, NaT, None or masked, whatever the column's type."""
    content = f"i,f,t,d,b\n1,1.5,a,2019-12-31,true\n{','.join([blank] * 5)}\n"
    r = parse_csv(content.encode(), "plants.csv")
    assert [1.0] == r["i"][:1].tolist()
    assert np.isnan(r["i"][1])
    assert np.isnan(r["f"][1])
    assert ["a", None] == r["t"].tolist()
    assert np.isnat(r["d"][1])
    assert ([True, None], np.bool_) == (r["b"].tolist(), r["b"].dtype)


def test_an_integer_that_a_double_would_change_stays_an_integer():
    """Beyond 2**53 integers with missing cells become a masked int64 column, up to it a float64 one."""
    assert np.float64 == column(str(2**53), "NA").dtype
    found = column(str(2**53 + 1), "NA", str(-(2**62)))
    assert ([2**53 + 1, None, -(2**62)], np.int64) == (found.tolist(), found.dtype)


def test_a_column_without_a_cell_is_missing_numbers():
    """All missing, or no rows at all, is a float64 column."""
    assert (np.float64, 2) == (column("NA", "—").dtype, len(column("NA", "—")))
    assert (np.float64, 0) == (column().dtype, len(column()))


@pytest.mark.parametrize(
    ("kind", "cells", "expected"),
    [
        ("text", ["1", "02", "NA"], ["1", "02", None]),
        ("number", ["1", "2"], [1, 2]),
        ("number", ["1", str(2**70)], [1.0, float(2**70)]),
        ("int", ["0201", "NA"], [201, None]),
        ("float", ["1", "inf"], [1.0, math.inf]),
        ("float", ["inf"], [math.inf]),
        ("date", ["2019-12-31", "NA"], [date(2019, 12, 31), None]),
        ("date", ["2019-12", "2020-01"], [date(2019, 12, 1), date(2020, 1, 1)]),
        ("bool", ["true", "NA"], [True, None]),
        ("bool", ["NA"], [None]),
        ("int", ["NA"], [None]),
    ],
)
def test_a_declared_type_is_followed(kind, cells, expected):
    """What `types` says is the column's type, also where another one would have been inferred."""
    assert expected == column(*cells, types={"x": kind}).tolist()


def test_months_are_a_date_type_of_their_own():
    """A column declared as dates that holds months only counts in months."""
    assert np.dtype("datetime64[M]") == column("2019-12", "NA", types={"x": "date"}).dtype


def test_separators_of_thousands_go_where_they_belong():
    """Groups of three digits are joined; a separator anywhere else keeps the column text."""
    content = '"a","b","c"\n"1,234,567","-1,000.5","1,23"\n"12","2","4"\n'
    r = parse_csv(content.encode(), "plants.csv", thousands=",")
    assert [1234567, 12] == r["a"].tolist()
    assert [-1000.5, 2.0] == r["b"].tolist()
    assert ["1,23", "4"] == r["c"].tolist()


def test_markers_of_missing_values_can_be_chosen():
    """`missing` replaces the markers, and may be empty."""
    assert [1.0, None] == [None if math.isnan(x) else x for x in column("1", "n/a", missing="n/a").tolist()]
    assert ["NA", "—"] == column("NA", "—", missing=()).tolist()


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        ("新城\n沣东\n".encode(), "utf-8"),
        ("新城\n沣东\n".encode("utf-8-sig"), "utf-8-sig"),
        ("新城\n沣东\n".encode("gb18030"), "gb18030"),
        ("新城\n沣东\n".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "新城\n沣东\n".encode("utf-16-be"), "utf-16"),
    ],
)
def test_the_encoding_is_found_and_named(encoded, expected):
    """A byte order mark decides, then strict UTF-8, then strict GB18030."""
    r = parse_csv(encoded, "plants.csv")
    assert (expected, ("新城",), ["沣东"]) == (r.encoding, r.columns, r["新城"].tolist())


def test_a_given_encoding_is_followed_even_where_utf_8_would_do():
    """The caller's encoding is not second-guessed; a byte order mark is no part of the first name."""
    assert "cp1252" == parse_csv("x\né\n".encode("cp1252"), "plants.csv", encoding="cp1252").encoding
    assert ("x",) == parse_csv("\ufeffx\n1\n".encode(), "plants.csv", encoding="utf-8").columns


def test_quotes_keep_delimiters_and_line_breaks():
    """A quoted cell may hold commas, quotes and line breaks of every kind."""
    r = parse_csv(b'a,b\r\n"x, ""y""","1\r\n2\n3\r4"\r\n', "plants.csv")
    assert (['x, "y"'], ["1\r\n2\n3\r4"]) == (r["a"].tolist(), r["b"].tolist())


def test_empty_lines_are_no_records():
    """Lines without a character are skipped; a quoted empty cell is a record."""
    assert [1.0, 2.0] == column("", "1", "", "2", "", "").tolist()
    assert 2 == len(column("1", '""'))


def test_titles_above_the_header_are_left_out():
    """`header` says which row holds the names; rows above it may have any number of fields."""
    r = parse_csv("表1\n\n单位:亿元,,\na,b\n1,2\n".encode(), "plants.csv", header=2)
    assert (("a", "b"), [1]) == (r.columns, r["a"].tolist())


@pytest.mark.parametrize(("suffix", "delimiter"), [("csv", ","), ("TXT", ","), ("tsv", "\t")])
def test_the_suffix_tells_the_delimiter(tmp_path, suffix, delimiter):
    """Comma, and tab in .tsv."""
    path = tmp_path / f"plants.{suffix}"
    path.write_text(f"a{delimiter}b\n1{delimiter}2\n")
    assert ("a", "b") == xm.read(path).columns == xm.read(str(path)).columns


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(st.lists(st.tuples(TEXT, st.integers(INT64.min, INT64.max), st.floats(allow_nan=False), st.dates()), min_size=1))
def test_what_csv_writes_comes_back(rows):
    """Any text, integer, float and date survives the way through a file."""
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("text", "int", "float", "date"), *rows])
    kinds = {"text": "text", "float": "float"}
    r = parse_csv(file.getvalue().encode(), "plants.csv", types=kinds, missing=())
    assert rows == list(zip(*(r[name].tolist() for name in r.columns), strict=True))


@given(st.lists(TEXT | st.floats().map(repr) | st.integers().map(str) | st.sampled_from(["", "true", "2019-12-31"])))
def test_inference_never_changes_a_text(cells):
    """A column comes back as its texts, or every cell reads as what the column says."""
    found = typed_column(list(cells), frozenset(MISSING))
    assert len(cells) == len(found)
    for cell, value in zip(cells, found.tolist(), strict=True):
        if cell.strip() in MISSING:
            assert value is None or math.isnan(value)
        elif found.dtype.kind == "T":
            assert cell == value
        elif found.dtype.kind == "i":
            assert int(cell) == value  # exact: 2^53 + 1 is no double
        elif found.dtype.kind == "f":
            assert float(cell) == value or math.isnan(value)
        else:
            assert str(value).lower() == cell.strip().lower()


@given(st.binary(max_size=60))
def test_any_bytes_are_records_or_an_error_that_names_the_file(content):
    """Hostile bytes never raise anything else than XxmfgError."""
    message = "plants.csv: "
    try:
        r = parse_csv(content, "plants.csv")
    except xm.XxmfgError as error:
        r, message = {}, str(error)
    assert message.startswith("plants.csv: ")
    assert all(len(r) == len(r[name]) for name in r)


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (b"a,b\n1,2\n3\n", {}, "plants.csv: line 3: expected 2 fields, found 1"),
        (b"a,b\n1,2\n\n3,4,5\n", {}, "plants.csv: line 4: expected 2 fields, found 3"),
        (b'a,b\n"1\n1",2\n3\n', {}, "plants.csv: line 4: expected 2 fields, found 1"),
        (b"a,b\n" + b"1,2\n" * 2000 + b"3\n", {}, "plants.csv: line 2002: expected 2 fields, found 1"),
        (b"a,b\n" + b"1,2\n" * 512 + b"3\n", {}, "plants.csv: line 514: expected 2 fields, found 1"),
        (b'a,b\n1,2\n"3,4\n5,6\n', {}, "plants.csv: line 3: a quotation mark opens a field that nothing closes"),
        (b'a,b\n1,2\n"3"4,5\n', {}, "plants.csv: line 3: ',' expected after '\"'"),
        (b"a\n" + b"x" * 200_000, {}, "plants.csv: line 2: field larger than field limit (131072)"),
        (b"", {}, "plants.csv: no row 0 of column names: the file ends before it"),
        (b"\n\n", {}, "plants.csv: no row 0 of column names: the file ends before it"),
        (b"a\n1\n", {"header": 2}, "plants.csv: no row 2 of column names: the file ends before it"),
        (b"a,,b\n1,2,3\n", {}, "plants.csv: line 1: column 2 has no name; give every column one"),
        (b"\na,b,a\n", {}, "plants.csv: line 2: columns 1 and 3 are both called 'a'; rename one"),
        (b"a\n1\0\n", {}, "plants.csv: line 2 holds a NUL character: not a text file, or not utf-8"),
        (
            b"a\nb\nc\xff\n",
            {},
            "plants.csv: not utf-8 (line 3, byte 6: 0xff), not gb18030 (line 3, byte 6: 0xff); name the encoding",
        ),
        (b"\xef\xbb\xbfa\n\xd5\xc5\n", {}, "plants.csv: not utf-8-sig (line 2, byte 6: 0xd5); name the encoding"),
        (b"\xff\xfea\0\n\0\0", {}, "plants.csv: not utf-16 (line 2, byte 7: 0x00); name the encoding"),
        (b"a\n\xd5\xc5\n", {"encoding": "utf-8"}, "plants.csv: not utf-8 (line 2, byte 3: 0xd5); name the encoding"),
        (b"a\n", {"encoding": "klingon"}, "'klingon' is no text encoding; common ones are utf-8 and gb18030"),
        (b"a\n", {"encoding": "hex"}, "'hex' is no text encoding; common ones are utf-8 and gb18030"),
        (b"a\n1\n\nNA\nx2\n", {"types": {"a": "number"}}, "plants.csv: line 5, column 'a': 'x2' is not a number"),
        (b"a\n1.5\n", {"types": {"a": "int"}}, "plants.csv: line 2, column 'a': '1.5' is not an integer of 64 bits"),
        (
            b"a\n9223372036854775808",
            {"types": {"a": "int"}},
            "plants.csv: line 2, column 'a': '9223372036854775808' is not an integer of 64 bits",
        ),
        (b"a\n1e999\n", {"types": {"a": "float"}}, "plants.csv: line 2, column 'a': '1e999' is not a number"),
        (b"a\nyes\n", {"types": {"a": "bool"}}, "plants.csv: line 2, column 'a': 'yes' is not true or false"),
        (
            b"a\n1\n",
            {"types": {"a": "integer"}},
            "types (--type): column 'a' is declared 'integer'; give one of text, number, int, float, date, bool",
        ),
        (b"a\n1\n", {"thousands": "1"}, "'1' is no separator of thousands; give one character such as ','"),
        (b"a\n1\n", {"header": -1}, "header=-1; give the number of the row that holds the names, counted from 0"),
    ],
)
def test_what_is_no_table_is_refused_by_its_line(content, options, sentence):
    """Each fault of a file or an option has its own sentence."""
    with pytest.raises(xm.XxmfgError) as caught:
        parse_csv(content, "plants.csv", **options)
    assert sentence == str(caught.value)


def test_a_declared_column_must_be_there():
    """`types` for a column that the file does not have names the nearest one."""
    with pytest.raises(xm.ColumnError, match=r"plants\.csv has no column 'outputs'; the nearest is 'output'"):
        parse_csv(b"output\n1\n", "plants.csv", types={"outputs": "int"})


@pytest.mark.parametrize("options", [{"header": "0"}, {"header": True}, {"missing": [1]}, {"header": None}])
def test_options_of_the_wrong_kind_are_type_errors(options):
    """An option of a wrong type is refused before the text is looked at."""
    with pytest.raises(TypeError):
        parse_csv(b"", "plants.csv", **options)


class Compared(str):
    """A name that counts how often it is compared."""

    __slots__ = ()
    times = 0
    __hash__ = str.__hash__

    def __eq__(self, other):
        """Count, then compare."""
        Compared.times += 1
        return str.__eq__(self, other)


def test_many_columns_are_not_compared_with_one_another():
    """A line of 100,000 names, less than a megabyte, held the reader for seven minutes."""
    names = [Compared(f"c{number}") for number in range(500)]
    csv_reader._check_names(names, "plants.csv")
    assert tuple(names) == xm.Records(dict.fromkeys(names, (1.0,))).columns
    assert Compared.times < 10 * len(names)


def test_files_that_cannot_be_read_say_so(tmp_path):
    """A missing file, a folder, a workbook and an unknown kind each have their own error."""
    with pytest.raises(FileNotFoundError, match=r"plants\.csv"):
        xm.read(tmp_path / "plants.csv")
    with pytest.raises(FileNotFoundError, match=r"plants\.xlsx"):
        xm.read(tmp_path / "plants.xlsx")
    with pytest.raises(IsADirectoryError, match=os.fspath(tmp_path)):
        xm.read(tmp_path)
    with pytest.raises(TypeError, match=r"^path must be a str or a pathlib\.Path, not b'plants"):
        xm.read(b"plants.csv")
    for name, advice in {
        "a.xls": r"Records\(pandas\.read_excel\('.*a\.xls'\)\)",
        "a.feather": r"Records\(pyarrow\.feather\.read_table\('.*a\.feather'\)\)",
        "a.xlsx": "no .xlsx workbook",
        "a.parquet": "no Parquet file that can be read",
        "a.docx": "rename the file",
    }.items():
        (tmp_path / name).touch()
        with pytest.raises(xm.XxmfgError, match=advice):
            xm.read(tmp_path / name)
    (tmp_path / "a.csv").write_text("x\n1\n")
    with pytest.raises(xm.XxmfgError, match="sheet '1' is asked for; sheets are for workbooks"):
        xm.read(tmp_path / "a.csv", sheet="1")


def test_a_large_file_asks_for_pyarrow(tmp_path, monkeypatch):
    """Above 100 MB nothing is read: the error names the reader that can."""
    path = tmp_path / "plants.csv"
    with path.open("wb") as file:
        file.truncate(100_000_001)  # sparse: takes no room
    with pytest.raises(xm.XxmfgError, match=r"100 MB read the file with pyarrow: .*read_csv\('.*plants\.csv'\)"):
        xm.read(path)
    monkeypatch.setattr(csv_reader, "MAX_BYTES", 3)
    with pytest.raises(xm.XxmfgError, match="standard input: more than"):
        parse_csv(b"a\n1\n", "standard input")
