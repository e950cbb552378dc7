"""Records: named columns in; every measure as a method that takes column names."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg._columnar import marked_columns
from xxmfg._columns import SUPPRESSED, checked_column, checked_name, is_missing, mark_of, mask_of
from xxmfg._dynamic import GrowthMeasures
from xxmfg._official import OfficialMeasures
from xxmfg._rounded import Rounding
from xxmfg._spread import SpreadMeasures
from xxmfg._statistics import KEY_STATISTICS
from xxmfg._structural import StructuralMeasures
from xxmfg.aggregate import aggregate, distinct, ratio
from xxmfg.errors import DisclosureError, unknown_column
from xxmfg.share import share, share_of
from xxmfg.table import Table
from xxmfg.top import rank_of, top

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from xxmfg.aggregate import Distinct

__all__ = ["Records", "refuse_suppressed"]

SHOWN_ROWS = 10  # by repr and in Jupyter
HELD = (  # kept as they are: their categories and nulls are read where they lie
    ("pandas.api.extensions", "ExtensionArray"),
    ("polars", "Series"),
    ("pyarrow", "Array"),
    ("pyarrow", "ChunkedArray"),
)


class Records(GrowthMeasures, SpreadMeasures, StructuralMeasures, OfficialMeasures, Rounding):
    """Named columns of one length, one row a record: what surveys hand in. Records never change.

    Every measure of the package is a method that takes the name of a column where the function takes an array, a list
    of names where it takes several, and gives what the function gives. Arrays, mappings and a `Grouping` are taken too.

    Parameters
    ----------
    source : mapping of str to array_like, each of shape (n,), or dataframe
        The columns by name, or a dataframe of pandas, Polars or Arrow, or anything else that exports an Arrow stream.
        Columns are not copied and keep their categories and nulls; lists become arrays. A table from `protect` comes
        with its columns of marks: of a column with suppressed figures no measure is taken (`DisclosureError`).
    encoding : str, optional
        The text encoding that the columns were read with.

    Raises
    ------
    TypeError
        If the source has no named columns, or a name is not a str or comes twice.
    ValueError
        If a column is not one-dimensional or differs in length from the first.

    Examples
    --------
    >>> import xxmfg as xm
    >>> r = xm.Records({"city": ["A", "B", "A"], "output": [1.0, 2.0, 5.0]})
    >>> len(r), r.columns
    (3, ('city', 'output'))
    >>> r[r["city"] == "A"]["output"].tolist()
    [1.0, 5.0]
    >>> r.share("output", by="city")["share"].tolist()
    [0.75, 0.25]
    """

    __slots__ = ("_columns", "_encoding", "_n_rows")

    def __init__(self, source: Any, *, encoding: str | None = None) -> None:
        given, held = _named(source)
        names: dict[str, None] = {}
        for name in given:
            names[checked_name(name, names)] = None
        self._columns = {name: _column(name, held[name]) for name in names}
        first = next(iter(names), "")
        self._n_rows = len(self._columns[first]) if names else 0
        self._encoding = encoding
        for name, column in self._columns.items():
            if len(column) != self._n_rows:
                raise ValueError(f"column {name!r} has {len(column)} rows, column {first!r} has {self._n_rows}")

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self._columns)

    @property
    def encoding(self) -> str | None:
        """The text encoding that the columns were read with; None where no text was read."""
        return self._encoding

    def __len__(self) -> int:
        return self._n_rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __getitem__(self, key: Any) -> Any:
        """Give the column of a name, or the records that a mask keeps; where the mask is missing none is kept."""
        if isinstance(key, str):
            if key not in self._columns:
                raise unknown_column(key, self._columns, "Records")
            return self._columns[key]
        mask = mask_of(key, self._n_rows, "records")
        kept = {name: _taken(column, mask) for name, column in self._columns.items()}
        return Records(kept, encoding=self._encoding)

    def __repr__(self) -> str:
        return repr(self._head())

    def _repr_html_(self) -> str:
        return self._head()._repr_html_()

    def with_column(self, name: str, values: Any) -> Records:
        """Give records with one more column, or with another one in the place of the one of that name.

        Examples
        --------
        >>> import xxmfg as xm
        >>> xm.Records({"output": [1.0, 2.0]}).with_column("year", [2018, 2019]).columns
        ('output', 'year')
        """
        return Records({**self._columns, name: values}, encoding=self._encoding)

    def to_pandas(self) -> pd.DataFrame:
        """Give the records as a pandas DataFrame with a plain index; categories stay, and what is missing.

        Examples
        --------
        >>> import xxmfg as xm
        >>> xm.Records({"output": [1.0, 2.0]}).to_pandas().shape
        (2, 1)
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError("to_pandas needs pandas: pip install xxmfg[pandas]", name="pandas") from error
        return pd.DataFrame({name: _for_pandas(column) for name, column in self._columns.items()})

    def aggregate(
        self,
        values: Any,
        by: Any = None,
        stats: str | Sequence[str] = ("count", "sum"),
        weights: Any = None,
        order: str = "label",
        total: bool = False,
    ) -> Table:
        """Give statistics of one or more columns in groups: `xxmfg.aggregate`; several `values` give `name_stat`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": ["A", "B", "A"], "output": [1.0, 2.0, 5.0]})
        >>> r.aggregate("output", by="city", stats=["sum"]).to_dict()
        {'city': ['A', 'B'], 'sum': [6.0, 2.0]}
        """
        counted = KEY_STATISTICS.issuperset([stats] if isinstance(stats, str) else stats)
        return aggregate(
            self._values(values, text_too=counted),
            self._keys(by),
            stats,
            self._values(weights, text_too=True),
            order,
            total,
        )

    def share(self, values: Any, by: Any, within: Any = None) -> Table:
        """Give each group's sum and its share of the total, or of its parent group's: `xxmfg.share`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"city": ["A", "B", "A"], "output": [1.0, 2.0, 5.0]})
        >>> r.share("output", by="city")["share"].tolist()
        [0.75, 0.25]
        """
        return share(self._values(values), self._keys(by), self._keys(within))

    def share_of(self, values: Any, within: Any = None) -> NDArray[np.float64]:
        """Give each record's share of its group's total: `xxmfg.share_of`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> xm.Records({"output": [1.0, 2.0, 5.0]}).share_of("output").tolist()
        [0.125, 0.25, 0.625]
        """
        return share_of(self._values(values), self._keys(within))

    def ratio(self, numerator: Any, denominator: Any, by: Any = None) -> Table:
        """Give the ratio of two columns' sums in each group: `xxmfg.ratio`; or of a sum to `distinct` entities.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"enterprise": ["X", "X", "Y"], "output": [1.0, 2.0, 5.0]})
        >>> r.ratio("output", r.distinct("enterprise"))["ratio"].tolist()
        [4.0]
        """
        return ratio(self._values(numerator), self._values(denominator), self._keys(by))

    def distinct(self, *keys: Any) -> Distinct:
        """Give entities to be counted, as the denominator of `ratio`: `xxmfg.distinct`."""
        return distinct(self._keys(keys[0] if len(keys) == 1 else keys))

    def top(
        self, values: Any, n: int, by: Any = None, label: Any = None, entity: Any = None, ties: str = "strict"
    ) -> Table:
        """Give the n largest records of each group, or its n largest entities: `xxmfg.top`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> r = xm.Records({"enterprise": ["X", "Y", "Z"], "output": [1.0, 5.0, 2.0]})
        >>> r.top("output", 2, label="enterprise")["enterprise"].tolist()
        ['Y', 'Z']
        """
        return top(self._values(values), n, self._keys(by), self._keys(label), self._keys(entity), ties)

    def rank_of(
        self, values: Any, within: Any = None, method: str = "competition", descending: bool = True
    ) -> NDArray[Any]:
        """Give each record's rank in its group: `xxmfg.rank_of`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> xm.Records({"output": [1.0, 5.0, 2.0]}).rank_of("output").tolist()
        [3, 1, 2]
        """
        return rank_of(self._values(values), self._keys(within), method, descending)

    def _one(self, given: Any) -> Any:
        """Give the column of a name, anything else as it is."""
        return self[given] if isinstance(given, str) else given

    def _values(self, given: Any, *, text_too: bool = False) -> Any:
        """Give a column of values, several by their names; text that should be numbers is named."""
        held = self._keys(given)
        if isinstance(held, Mapping):
            for name, column in held.items():
                refuse_suppressed(self, name, column)
                if not text_too:
                    _refuse_text(name, column)
        return held[given] if isinstance(given, str) else held

    def _keys(self, given: Any) -> Any:
        """Give a mapping of the columns by their names, so that results carry the names; arrays as they are."""
        if isinstance(given, str):
            return {given: self[given]}
        if isinstance(given, Mapping):
            return {name: self._one(part) for name, part in given.items()}
        if isinstance(given, list | tuple) and any(isinstance(part, str) for part in given):
            names: list[str] = []
            for position, part in enumerate(given):
                names.append(checked_name(_name(part, position), names))
            return dict(zip(names, map(self._one, given), strict=True))
        return given

    def _head(self) -> Table:
        title = f"Records: {self._n_rows:,} × {len(self._columns):,}"
        note = f"the first {SHOWN_ROWS} of {self._n_rows:,} records" if self._n_rows > SHOWN_ROWS else ""
        columns = {name: _shown(column[:SHOWN_ROWS]) for name, column in self._columns.items()}
        return Table(columns, title=title, note=note)


def _named(source: Any) -> tuple[list[object], Any]:
    """Give the names of the columns, one of which may come twice, and what has a column under each name."""
    if isinstance(source, Table):
        source = {name: column for name, column, _ in marked_columns(source)}
    if isinstance(source, Mapping):
        return list(source), source
    if _is(source, "pandas", "DataFrame") or _is(source, "polars", "DataFrame") or isinstance(source, Records):
        return list(source.columns), source
    if hasattr(source, "__arrow_c_stream__"):
        import pyarrow

        with suppress(TypeError, ValueError):  # what exports one column has no names
            table = pyarrow.table(source)
            return table.column_names, table
    hint = "; give its collect()" if hasattr(source, "collect") else ""
    raise TypeError(f"source must be a mapping of names to columns or a dataframe, got {type(source).__name__}{hint}")


def _column(name: str, values: Any) -> Any:
    """Give a column without a copy: a read-only view of an array, or what pandas, Polars or Arrow hold it in."""
    if _is(values, "pandas", "Series") or _is(values, "pandas", "Index"):
        values = values.to_numpy() if isinstance(values.dtype, np.dtype) else values.array
    if any(_is(values, *held) for held in HELD):
        return values
    column = values.view() if isinstance(values, np.ndarray) and values.ndim == 1 else checked_column(name, values)
    column.flags.writeable = False
    return column


def _is(value: object, library: str, kind: str) -> bool:
    """Tell whether a value is of a library's type; a library that nobody imported made no value."""
    return isinstance(value, getattr(sys.modules.get(library), kind, ()))


def _name(part: Any, position: int) -> str:
    """Give the name of a key: a name of a column, a named column's own, or that of the position."""
    own = part if isinstance(part, str) else getattr(part, "name", None)
    return own if isinstance(own, str) and own else f"key_{position}"


def refuse_suppressed(records: Records, name: str, column: Any) -> None:
    """Raise where figures of a column are suppressed: a measure would take them for missing, a sum leave them out.

    They are told from other missing ones by a column of marks, which every frame of a protected table has.
    """
    if mark_of(name) not in records or len(records) != len(column):
        return
    pairs = zip(_shown(records[mark_of(name)]), _shown(column), strict=True)
    n = sum(mark == SUPPRESSED and is_missing(entry) for mark, entry in pairs)
    if n:
        raise DisclosureError(
            f"column {name!r}: {n:,} of {len(records):,} figures are suppressed ({mark_of(name)} is {SUPPRESSED!r}); "
            "what is made of the others alone would be wrong; take the records that the table was made from, or leave "
            "out these rows"
        )


def _refuse_text(name: str, column: Any) -> None:
    """Raise where a column is text, naming its first entry that is no number; all missing is the measure's case."""
    if isinstance(column, np.ndarray) and column.dtype.kind in "TU":
        entries = [(row, text) for row, text in enumerate(column.tolist()) if text is not None]
        for row, text in sorted(entries, key=lambda entry: _is_numeral(entry[1]))[:1]:
            raise TypeError(f"column {name!r} must be numbers, but is text: {text!r} in row {row}")


def _is_numeral(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _taken(column: Any, mask: NDArray[np.bool_]) -> Any:
    return column.filter(mask) if hasattr(column, "filter") else column[mask]


def _shown(column: Any) -> Any:
    """Give a column as Table takes it: NumPy would decode an Arrow dictionary's nulls as its last label."""
    if isinstance(column, np.ndarray):
        return column
    return column.to_pylist() if hasattr(column, "to_pylist") else list(column)


def _for_pandas(column: Any) -> Any:
    if hasattr(column, "to_pandas"):
        return column.to_pandas()
    if isinstance(column, np.ma.MaskedArray) and column.dtype.kind in "iub":
        import pandas as pd

        nullable = pd.arrays.BooleanArray if column.dtype.kind == "b" else pd.arrays.IntegerArray
        return nullable(np.array(column.data), np.ma.getmaskarray(column).copy())
    if isinstance(column, np.ndarray):
        column = checked_column("", column)
        return column.tolist() if column.dtype.kind == "T" else column
    return column
