"""Tables out of the package: CSV that reads back, whole or not at all; Python objects; pandas, Polars, Arrow."""

import csv
import datetime
import errno
import io
import math
import os
import re
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xxmfg.table import Table

labels = st.text(st.characters(codec="utf-8"), max_size=12)


def text_column(entries):
    """Give text as the measures give it: StringDType, in which None is missing."""
    return np.array(entries, dtype=np.dtypes.StringDType(na_object=None))


def csv_of(table, **options):
    """Give what `to_csv` writes to a file object."""
    file = io.StringIO()
    table.to_csv(file, **options)
    return file.getvalue()


def rows_of(text):
    """Read CSV with Python's own reader."""
    return list(csv.reader(io.StringIO(text, newline="")))


class TestCsv:
    @given(st.lists(st.tuples(st.none() | labels, st.floats(), st.integers(-(2**63), 2**63 - 1)), max_size=20), labels)
    def test_round_trip(self, rows, name):
        """Python's reader gets back every text, and every number to its last bit."""
        names = [name, name + "_f", name + "_i"]
        columns = [
            text_column([r[0] for r in rows]),
            np.array([r[1] for r in rows], float),
            np.array([r[2] for r in rows], int),
        ]
        read = rows_of(csv_of(Table(dict(zip(names, columns, strict=True)))))
        assert read[0] == names
        assert [r[0] for r in read[1:]] == [label or "" for label, _, _ in rows]
        back = np.array([float(r[1] or "nan") for r in read[1:]])
        assert back.tobytes() == np.where(np.isnan(columns[1]), np.nan, columns[1]).tobytes()
        assert [int(r[2]) for r in read[1:]] == columns[2].tolist()

    def test_bytes_of_a_file(self, tmp_path):
        """A file is UTF-8 with plain line ends, fractions as fractions, what is missing empty."""
        t = Table({"新城": ["沣东", None], "sum": [45.78, math.nan], "share": [0.5516, 0.1 + 0.2]}, percent="share")
        t.to_csv(tmp_path / "t.csv")
        expected = "新城,sum,share\n沣东,45.78,0.5516\n,,0.30000000000000004\n"
        assert (tmp_path / "t.csv").read_bytes() == expected.encode()
        t.to_csv(str(tmp_path / "bom.csv"), bom=True)
        assert (tmp_path / "bom.csv").read_bytes() == expected.encode("utf-8-sig")

    def test_other_kinds(self):
        """Dates are written in their unit, labels as they are, a lone missing value as a row."""
        t = Table({"month": np.array(["2019-01", "NaT"], "M8[M]"), "code": [7, None], "flag": [True, False]})
        assert csv_of(t) == "month,code,flag\n2019-01,7,True\n,,False\n"
        assert csv_of(Table({"x": ["a", None]})) == 'x\na\n""\n'
        assert rows_of(csv_of(Table({"x": ["a\rb", 'c"d', "e,f", "g\nh"]})))[1:] == [
            ["a\rb"],
            ['c"d'],
            ["e,f"],
            ["g\nh"],
        ]

    def test_long_tables(self):
        """A table longer than a block of writing is written whole and in order."""
        n = 70_000
        assert csv_of(Table({"i": np.arange(n)})).split() == ["i", *map(str, range(n))]

    @pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
    def test_formulas(self, first):
        """Text that a spreadsheet would run is quoted in a safe file, in names too, and written as it is otherwise."""
        text = first + "1+1"
        t = Table({text: text_column([text, "a=b"]), "n": np.array([-1, 2]), "x": np.array([-0.5, 1.0])})
        assert rows_of(csv_of(t, safe=True)) == [
            ["'" + text, "n", "x"],
            ["'" + text, "-1", "-0.5"],
            ["a=b", "2", "1.0"],
        ]
        assert rows_of(csv_of(t))[1][0] == text

    def test_formulas_in_labels_that_are_objects(self):
        """Text among numbers is made safe too, and the numbers are not touched."""
        assert rows_of(csv_of(Table({"x": [-5, "=A1"]}), safe=True)) == [["x"], ["-5"], ["'=A1"]]

    def test_a_printed_negative_number_stays_a_number(self):
        """The report's rounded changes came out of its CSV files as text: a minus before digits alone runs nothing."""
        texts = ["-1020", "-0.28", "-1+1", "-1.", "-x", "--1", "-"]
        expected = [["x"], *([text if text in {"-1020", "-0.28"} else "'" + text] for text in texts)]
        assert expected == rows_of(csv_of(Table({"x": text_column(texts)}), safe=True))

    @pytest.mark.parametrize("older", [None, "older"])
    def test_nothing_half_written(self, tmp_path, older):
        """Where an error comes in the middle, an older file stays and no trace remains."""
        path = tmp_path / "t.csv"
        if older:
            path.write_text(older)
        with pytest.raises(UnicodeEncodeError):
            Table({"x": np.array(["a" * 100_000, "\ud800"])}).to_csv(path)
        assert [file.name for file in tmp_path.iterdir()] == (["t.csv"] if older else [])
        assert not older or path.read_text() == older

    def test_an_older_file_is_replaced(self, tmp_path):
        """A file is replaced with its permissions, a symbolic link stays one, and nothing else is left."""
        path, link = tmp_path / "t.csv", tmp_path / "link.csv"
        path.write_text("older")
        path.chmod(0o600)
        link.symlink_to(path)
        Table({"x": [1]}).to_csv(link)
        assert path.read_text() == "x\n1\n"
        assert path.stat().st_mode & 0o777 == 0o600
        assert link.is_symlink()
        assert len(list(tmp_path.iterdir())) == 2

    def test_where_no_file_can_be(self, tmp_path):
        """A missing folder, a file in place of a folder and a folder in place of a file are named."""
        (tmp_path / "file").write_text("")
        (tmp_path / "folder").mkdir()
        for path, kind in (
            (tmp_path / "none" / "t.csv", FileNotFoundError),
            (tmp_path / "file" / "t.csv", NotADirectoryError),
            (tmp_path / "folder", IsADirectoryError),
        ):
            with pytest.raises(kind, match=re.escape(str(path))):
                Table({"x": [1]}).to_csv(path)
        assert sorted(file.name for file in tmp_path.rglob("*")) == ["file", "folder"]

    def test_links_that_lead_to_one_another(self, tmp_path):
        """A loop of symbolic links is an OSError with the path; it was a RuntimeError, and a traceback in a shell."""
        (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
        (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
        with pytest.raises(OSError, match=re.escape(str(tmp_path / "a.csv"))) as raised:
            Table({"x": [1]}).to_csv(tmp_path / "a.csv")
        assert raised.value.errno == errno.ELOOP
        assert (tmp_path / "a.csv").is_symlink()

    @pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
    def test_a_folder_that_is_not_writable(self, tmp_path):
        """A folder without permission is an error that names the path."""
        tmp_path.chmod(0o500)
        with pytest.raises(PermissionError, match=re.escape(str(tmp_path / "t.csv"))):
            Table({"x": [1]}).to_csv(tmp_path / "t.csv")

    def test_a_device(self):
        """What is no regular file is written to, not replaced."""
        Table({"x": [1]}).to_csv("/dev/null")
        assert not os.path.isfile("/dev/null")  # noqa: PTH113 -- the question is about the device itself


class TestOtherLibraries:
    @pytest.fixture
    def table(self):
        """Give a table with a column of every kind."""
        return Table(
            {
                "city": text_column(["沣东", None]),
                "code": np.array([7, None], object),
                "flag": np.array([None, True], object),
                "month": np.array(["2019-01", "NaT"], "M8[M]"),
                "hour": np.array(["2019-01-01T05", "NaT"], "M8[h]"),
                "span": np.array([2, "NaT"], "m8[D]"),
                "pause": np.array([2, "NaT"], "m8[ms]"),
                "count": np.array([1, 2]),
                "big": np.array([2**64 - 1, 0], np.uint64),
                "share": np.array([0.5, np.nan]),
                "name": np.array(["a", "b"]),
            }
        )

    def test_dict(self, table):
        """Columns become lists of Python objects with `None` for what is missing, and NaN for a float."""
        given = table.to_dict()
        assert list(given) == list(table)
        assert given["city"] == ["沣东", None]
        assert given["code"] == [7, None]
        assert given["month"] == [datetime.date(2019, 1, 1), None]
        assert given["span"] == [datetime.timedelta(days=2), None]
        assert given["share"][0] == 0.5
        assert math.isnan(given["share"][1])
        assert [type(entry) for entry in given["count"]] == [int, int]

    def test_dict_of_nanoseconds(self):
        """Dates that Python has no type for come as text, not as numbers."""
        t = Table({"x": np.array(["2019-01-01T00:00:00.000000001", "NaT"], "M8[ns]")})
        assert t.to_dict() == {"x": ["2019-01-01T00:00:00.000000001", None]}

    def test_pandas(self, table):
        """A DataFrame has the same columns, and writing to it leaves the table alone."""
        frame = table.to_pandas()
        assert list(frame) == list(table)
        assert frame["city"].isna().tolist() == [False, True]
        assert frame["code"].tolist() == [7, None]
        assert frame["month"].dt.year.tolist()[0] == 2019
        assert frame["big"].tolist() == [2**64 - 1, 0]
        frame.loc[0, "share"] = 9.0
        assert table["share"][0] == 0.5

    def test_polars(self, table):
        """A Polars frame has nulls for missing labels and NaN for floats."""
        import polars as pl

        frame = table.to_polars()
        assert frame.columns == list(table)
        assert frame["city"].to_list() == ["沣东", None]
        assert frame["code"].to_list() == [7, None]
        assert frame["flag"].to_list() == [None, True]
        assert frame["month"].to_list() == [datetime.date(2019, 1, 1), None]
        assert frame["hour"].to_list() == [datetime.datetime(2019, 1, 1, 5), None]
        assert frame["span"].to_list() == [datetime.timedelta(days=2), None]
        assert frame["pause"].to_list() == [datetime.timedelta(milliseconds=2), None]
        assert frame.schema["share"] == pl.Float64
        assert frame["share"].null_count() == 0

    def test_arrow(self, table):
        """An Arrow table has nulls for missing labels, NaN for floats, and readers of Arrow streams take a table."""
        import polars as pl
        import pyarrow as pa

        arrow = table.to_arrow()
        assert arrow.column_names == list(table)
        assert arrow["city"].to_pylist() == ["沣东", None]
        assert arrow["month"].to_pylist() == [datetime.date(2019, 1, 1), None]
        assert arrow["big"].to_pylist() == [2**64 - 1, 0]
        assert arrow["share"].null_count == 0
        assert pa.RecordBatchReader.from_stream(table).read_all().schema == arrow.schema
        assert pl.DataFrame(table)["code"].to_list() == [7, None]

    def test_arrow_of_empty_columns(self):
        """Columns without rows keep the types that NumPy gives them."""
        t = Table({"city": text_column([]), "n": np.array([], np.int64)})
        assert [str(kind) for kind in t.to_arrow().schema.types] == ["string", "int64"]
        assert t.to_polars().schema.names() == ["city", "n"]
        assert len(t.to_pandas()) == 0

    @pytest.mark.parametrize(("method", "module"), [("pandas", "pandas"), ("polars", "polars"), ("arrow", "pyarrow")])
    def test_what_is_not_installed(self, monkeypatch, method, module):
        """Where a library is absent, the error says what to install."""
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(ImportError, match=re.escape(f"to_{method} needs {module}: pip install xxmfg[{method}]")):
            getattr(Table({"x": [1]}), f"to_{method}")()
