"""Table: what it takes, what it keeps to itself, when it equals another, how its rows are sorted and laid out."""

import copy
import math
import pickle
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xxmfg._columns import is_missing
from xxmfg.errors import ColumnError, DuplicateError
from xxmfg.table import Table

TEXT = np.dtypes.StringDType(na_object=None)


def text_column(entries):
    """Give text as the measures give it."""
    return np.array(entries, dtype=TEXT)


@pytest.fixture
def cities():
    """Give a table of three rows with all that is shown around the data."""
    return Table(
        {
            "new_city": text_column(["沣东新城", "空港", None]),
            "sum": np.array([45.78, 3.31, np.nan]),
            "share": np.array([0.5516, 0.04, np.nan]),
            "count": np.array([10, 5, 0]),
        },
        percent=["share"],
        units={"sum": "亿元"},
        title="表4 新城布局",
        note="资料来源：调查",
    )


class TestColumns:
    def test_habits_of_a_dataframe(self, cities):
        """Length counts rows, iteration and `in` go over names, a name gives its column."""
        assert len(cities) == 3
        assert list(cities) == ["new_city", "sum", "share", "count"]
        assert cities.columns == ("new_city", "sum", "share", "count")
        assert "share" in cities
        assert "rate" not in cities
        assert cities["count"].tolist() == [10, 5, 0]

    def test_what_is_shown_around_the_data(self, cities):
        """A table keeps its percent columns, units, title and note."""
        assert cities.percent == frozenset({"share"})
        assert cities.units == {"sum": "亿元"}
        assert cities.title == "表4 新城布局"
        assert cities.note == "资料来源：调查"

    def test_one_percent_column_as_a_str(self):
        """A single name may stand for the columns of percent."""
        assert Table({"share": [0.5]}, percent="share").percent == frozenset({"share"})

    def test_columns_are_read_only_and_the_callers_are_not(self):
        """A column of a table cannot be written to, while the caller's array is the same memory and stays writeable."""
        values = np.array([1.0, 2.0])
        column = Table({"x": values})["x"]
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 5.0
        assert np.shares_memory(column, values)
        values[0] = 7.0
        assert column[0] == 7.0

    @pytest.mark.parametrize("name", ["title", "columns", "percent", "anything"])
    def test_attributes_cannot_be_assigned(self, cities, name):
        """A table takes no assignment of attributes, old or new."""
        with pytest.raises(AttributeError):
            setattr(cities, name, "x")

    def test_what_it_hands_out_does_not_reach_in(self, cities):
        """Changing the units that a table gives does not change the table."""
        cities.units["sum"] = "万元"
        assert cities.units == {"sum": "亿元"}

    def test_items_cannot_be_assigned(self, cities):
        """A table takes no assignment of columns."""
        with pytest.raises(TypeError):
            cities["sum"] = np.zeros(3)

    def test_no_hash(self, cities):
        """A table cannot be a key of a dict."""
        with pytest.raises(TypeError, match="unhashable"):
            hash(cities)

    def test_empty(self):
        """A table without columns and one without rows have length zero."""
        assert len(Table({})) == 0
        assert len(Table({"x": np.array([])})) == 0
        assert Table({}).columns == ()

    @pytest.mark.parametrize(
        "again", [copy.copy, copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))], ids=["copy", "deepcopy", "pickle"]
    )
    def test_copies(self, cities, again):
        """A copied and a pickled table are the same table, with all that is shown around it."""
        twin = again(cities)
        assert twin.equals(cities)
        assert (twin.percent, twin.units, twin.title, twin.note) == (
            cities.percent,
            cities.units,
            cities.title,
            cities.note,
        )
        assert twin["new_city"].dtype == TEXT

    @pytest.mark.parametrize(
        ("given", "kind", "entries"),
        [
            (["a", "b"], "T", ["a", "b"]),
            (["a", None], "T", ["a", None]),
            ((1, 2), "i", [1, 2]),
            ([1, None], "O", [1, None]),
            ([True, None], "O", [True, None]),
            ([1.5, 2, None], "f", [1.5, 2.0, None]),
            ([None, None], "O", [None, None]),
            ([1, "a"], "O", [1, "a"]),
            (range(3), "i", [0, 1, 2]),
            (np.ma.array([1.0, 2.0], mask=[False, True]), "f", [1.0, None]),
            (np.ma.array([1, 2], mask=[False, True]), "O", [1, None]),
            (np.ma.array([1, 2]), "i", [1, 2]),
            (np.ma.array(np.array(["2019"], "M8[Y]"), mask=[True]), "M", [None]),
        ],
    )
    def test_array_likes(self, given, kind, entries):
        """Lists, ranges and masked arrays become columns, what is missing in them missing."""
        column = Table({"x": given})["x"]
        assert column.dtype.kind == kind
        assert [None if is_missing(entry) else entry for entry in column.tolist()] == entries

    def test_columns_of_other_libraries(self):
        """Columns of pandas, Polars and Arrow become columns, their missing text `None`."""
        import pandas as pd
        import polars as pl
        import pyarrow as pa

        for series in (
            pd.Series(["a", None]),
            pl.Series(["a", None]),
            pa.array(["a", None]),
            pd.Categorical(["a", None]),
        ):
            column = Table({"x": series})["x"]
            assert (column.dtype, column.tolist()) == (TEXT, ["a", None])
        assert Table(pd.DataFrame({"x": [1, 2]}))["x"].tolist() == [1, 2]

    def test_unequal_lengths(self):
        """Columns of unequal lengths are refused with both lengths."""
        with pytest.raises(ValueError, match=re.escape("column 'b' has 3 rows, column 'a' has 2")):
            Table({"a": np.zeros(2), "b": np.zeros(3)})
        with pytest.raises(ValueError, match=re.escape("column 'b' has 0 rows, column 'a' has 2")):
            Table({"a": np.zeros(2), "b": []})

    @pytest.mark.parametrize("values", [np.zeros((2, 2)), np.array(1.0), 5, "abc", [[1], [2]], [[1], [2, 3]]])
    def test_not_one_dimensional(self, values):
        """A column that is no list of entries is refused by its name."""
        with pytest.raises(ValueError, match="column 'a' must be one-dimensional"):
            Table({"a": values})

    def test_names(self):
        """A name that is not a str, or that comes twice, is refused."""
        import pandas as pd

        with pytest.raises(TypeError, match=re.escape("must be a str, got 2019 (int)")):
            Table({2019: [1]})
        with pytest.raises(TypeError, match="two columns have the name 'a'"):
            Table(pd.DataFrame([[1, 2]], columns=["a", "a"]))
        with pytest.raises(TypeError, match="must be a mapping of names to columns, got list"):
            Table([[1, 2]])

    def test_a_name_of_a_str_subclass(self):
        """A name that comes from an array is taken as a plain str."""
        assert [type(name) for name in Table({np.str_("a"): [1]})] == [str]

    def test_absent_column(self, cities):
        """A name that is not there raises a `KeyError` that names the nearest one."""
        message = (
            "the table has no column 'shar'; the nearest is 'share' (there are 'new_city', 'sum', 'share', 'count')"
        )
        with pytest.raises(ColumnError, match=re.escape(message)) as caught:
            cities["shar"]
        assert isinstance(caught.value, KeyError)
        assert str(caught.value) == message
        with pytest.raises(ColumnError, match="for it has no columns"):
            Table({})["a"]
        with pytest.raises(ColumnError, match="and 3 more"):
            Table({f"c{i}": [1] for i in range(15)})["c"]

    def test_a_column_asked_for_by_no_name(self, cities):
        """A position or a list instead of a name is a wrong kind."""
        with pytest.raises(TypeError, match=re.escape("by its name, a str, got 0 (int)")):
            cities[0]
        with pytest.raises(TypeError, match=re.escape("by its name, a str, got ['sum'] (list)")):
            cities[["sum"]]

    def test_percent_and_units_of_absent_columns(self):
        """Percent and units of a column that is not there are refused."""
        with pytest.raises(ColumnError, match="'shar'; the nearest is 'share'"):
            Table({"share": [1.0]}, percent=["shar"])
        with pytest.raises(ColumnError, match="'summ'; the nearest is 'sum'"):
            Table({"sum": [1.0]}, units={"summ": "亿元"})


class TestEquals:
    @pytest.mark.parametrize(
        ("left", "right", "expected"),
        [
            ([1.0, math.nan], [1.0, math.nan], True),
            ([1.0, math.nan], [math.nan, 1.0], False),
            ([0.0], [-0.0], True),
            (["a", None], ["a", None], True),
            (["a", None], ["a", ""], False),
            (["a"], np.array(["a"]), True),
            ([1], [1.0], False),
            ([1], [True], False),
            ([1, None], [True, None], False),
            ([1, None], [1, None], True),
            (np.array([1], np.int32), np.array([1], np.uint64), True),
            (np.array([2**63], np.uint64), np.array([2**63 - 1], np.int64), False),
            (np.array([1, 2], object), [1, 2], True),
            (np.array([None, 1], object), np.array([math.nan, 1], object), False),
            (np.array(["2019", "NaT"], "M8[Y]"), np.array(["2019", "NaT"], "M8[Y]"), True),
            (np.array(["2019"], "M8[Y]"), np.array(["2019"], "M8[D]"), False),
            (["1"], [1], False),
            ([1, 2], [1, 2, 3], False),
        ],
    )
    def test_values(self, left, right, expected):
        """Values are compared by kind and value; what is missing equals what is missing in the same way."""
        assert Table({"x": left}).equals(Table({"x": right})) == expected
        assert (Table({"x": right}) == Table({"x": left})) == expected

    def test_names_and_their_order(self):
        """Tables with other names, or the same in another order, differ."""
        assert not Table({"a": [1]}).equals(Table({"b": [1]}))
        assert not Table({"a": [1], "b": [1]}).equals(Table({"b": [1], "a": [1]}))

    def test_what_is_not_compared(self, cities):
        """What is shown around the data does not matter, and what is no table differs."""
        assert cities == Table({name: cities[name] for name in cities})
        assert not cities.equals(cities.to_dict())
        assert cities != 1


class TestSort:
    @given(
        st.lists(st.tuples(st.none() | st.sampled_from("ab沣"), st.sampled_from([-1.0, 0.0, -0.0, 2.0, math.nan]))),
        st.booleans(),
    )
    def test_against_the_slow_twin(self, records, descending):
        """Sorting by two columns is sorting twice, stably, with what is missing put last each time."""
        t = Table(
            {
                "name": text_column([name for name, _ in records]),
                "value": np.array([value for _, value in records], dtype=float),
                "row": np.arange(len(records)),
            }
        )
        twin = list(range(len(records)))
        for key in (1, 0):
            lost = [i for i in twin if records[i][key] is None or records[i][key] != records[i][key]]
            kept = [i for i in twin if i not in lost]
            # reverse=True keeps ties in their order
            twin = sorted(kept, key=lambda i: records[i][key], reverse=descending) + lost
        assert t.sort(["name", "value"], descending=descending)["row"].tolist() == twin

    @pytest.mark.parametrize(
        ("values", "ascending", "descending"),
        [
            (np.array([2, 1, 3]), [1, 2, 3], [3, 2, 1]),
            (np.array([2, None, 1], object), [1, 2, None], [2, 1, None]),
            (np.array([True, False]), [False, True], [True, False]),
            (np.array(["b", "a"]), ["a", "b"], ["b", "a"]),
            (np.array([-128, 127], np.int8), [-128, 127], [127, -128]),
            (np.array([0, 2**64 - 1], np.uint64), [0, 2**64 - 1], [2**64 - 1, 0]),
        ],
    )
    def test_kinds(self, values, ascending, descending):
        """Every kind of column sorts both ways, without wrapping at the ends of its type."""
        t = Table({"x": values})
        assert t.sort("x")["x"].tolist() == ascending
        assert t.sort("x", descending=True)["x"].tolist() == descending

    def test_dates(self):
        """Dates sort by time, a missing one last."""
        t = Table({"x": np.array(["2020-01", "NaT", "2019-12"], "M8[M]")})
        assert [str(x) for x in t.sort("x")["x"]] == ["2019-12", "2020-01", "NaT"]
        assert [str(x) for x in t.sort("x", descending=True)["x"]] == ["2020-01", "2019-12", "NaT"]

    def test_keeps_the_rest(self, cities):
        """A sorted table and a head keep percent, units, title and note, and the first table stays as it was."""
        for t in (cities.sort("count"), cities.head(1)):
            assert (t.percent, t.units, t.title, t.note) == (cities.percent, cities.units, cities.title, cities.note)
        assert cities["count"].tolist() == [10, 5, 0]

    def test_errors(self, cities):
        """An absent column, no column and a column without an order are refused."""
        with pytest.raises(ColumnError, match="nearest is 'count'"):
            cities.sort("counts")
        with pytest.raises(ValueError, match="by must name at least one column"):
            cities.sort([])
        with pytest.raises(TypeError, match="column 'x' mixes kinds"):
            Table({"x": [1, "a"]}).sort("x")

    def test_head(self, cities):
        """The head has the first rows, at most all."""
        assert cities.head(2)["count"].tolist() == [10, 5]
        assert len(cities.head()) == 3
        assert len(cities.head(0)) == 0
        with pytest.raises(ValueError, match="n must be 0 or more and fit 64 bits, not -1"):
            cities.head(-1)


class TestPivot:
    def test_layout(self):
        """A cell without a row is NaN, years ascend, cities stay in the order of the table."""
        t = Table({"city": ["沣西", "沣东", "沣东"], "year": [2019, 2018, 2019], "sum": [14, 39, 46]})
        rows, columns, sums = t.pivot("city", "year", "sum")
        assert rows.tolist() == ["沣西", "沣东"]
        assert columns.tolist() == [2018, 2019]
        assert sums.dtype == np.float64
        np.testing.assert_array_equal(sums, [[np.nan, 14], [39, 46]])

    def test_missing_labels(self):
        """A missing label is a row or a column of its own, and a missing number is NaN."""
        t = Table({"city": ["a", None], "code": np.array([None, 2], object), "n": np.array([None, 4], object)})
        rows, columns, numbers = t.pivot("city", "code", "n")
        assert rows.tolist() == ["a", None]
        assert columns.tolist() == [2, None]
        np.testing.assert_array_equal(numbers, [[np.nan, np.nan], [4, np.nan]])

    def test_dates_and_flags(self):
        """Dates can be labels in their unit, and truth values can be numbers."""
        t = Table({"month": np.array(["2020-02", "2020-01"], "M8[M]"), "k": ["a", "a"], "flag": [True, False]})
        rows, _, flags = t.pivot("month", "k", "flag")
        assert [str(x) for x in rows] == ["2020-01", "2020-02"]
        assert flags.tolist() == [[0.0], [1.0]]

    def test_no_rows(self):
        """A table without rows gives a matrix without cells."""
        rows, columns, values = Table({"a": text_column([]), "b": np.array([], int), "v": np.array([])}).pivot(
            "a", "b", "v"
        )
        assert (len(rows), len(columns), values.shape) == (0, 0, (0, 0))

    def test_a_cell_that_occurs_twice(self):
        """Two rows for one cell are refused, and the cell is named."""
        t = Table({"city": ["a", "b", "b"], "year": [2018, 2019, 2019], "sum": [1.0, 2.0, 3.0]})
        with pytest.raises(DuplicateError, match="one cell of the pivot: city 'b', year 2019"):
            t.pivot("city", "year", "sum")

    def test_no_numbers(self, cities):
        """A value that is text, a date or a mixture is refused by its name."""
        for values in (["x"], [1, "x"][1:], np.array(["2019"], "M8[Y]"), np.array(["1"], object)):
            with pytest.raises(TypeError, match="column 'v' must hold numbers"):
                Table({"a": [1], "b": [1], "v": values}).pivot("a", "b", "v")
        with pytest.raises(ColumnError):
            cities.pivot("new_city", "year", "sum")

    @given(st.dictionaries(st.tuples(st.integers(0, 4), st.sampled_from("xyz")), st.floats()))
    def test_every_row_has_its_cell(self, cells):
        """The matrix holds each row of the table at its labels, and nothing else."""
        t = Table(
            {
                "a": np.array([a for a, _ in cells], dtype=np.int64),
                "b": text_column([b for _, b in cells]),
                "v": np.array(list(cells.values()), dtype=float),
            }
        )
        rows, columns, matrix = t.pivot("a", "b", "v")
        expected = [[cells.get((a, b), math.nan) for b in columns.tolist()] for a in rows.tolist()]
        np.testing.assert_array_equal(matrix, np.reshape(expected, matrix.shape))
        assert rows.tolist() == sorted({a for a, _ in cells})
        assert columns.tolist() == list(dict.fromkeys(b for _, b in cells))
