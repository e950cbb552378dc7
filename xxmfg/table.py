"""Table: the immutable named columns that every measure over groups gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np

from xxmfg import _columns, _show
from xxmfg._arrays import whole_number
from xxmfg._export import Exports

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    Column = NDArray[Any]

__all__ = ["Table"]


class Table(Exports):
    """Immutable named columns of equal length, the keys first.

    A table has a dataframe's habits: `len(t)` counts rows, iteration and `in` go over the names of the columns, and
    `t["share"]` is a column, read-only, and `t[t["share"] > 0.1]` the rows that a mask keeps. Shares and rates are
    fractions in the data (0.5516), percent only when shown. Two tables are equal (`==`) where `equals` says so; a table
    has no hash.

    Parameters
    ----------
    columns : mapping of str to array_like, each of shape (n,)
        The columns in their order. A NumPy array is not copied, so a later change of it shows in the table; a list of
        text becomes `StringDType(na_object=None)`, in which `None` is a missing text.
    percent : str or iterable of str, optional
        The columns that are fractions and are shown as percent.
    units : mapping of str to str, optional
        The units of columns, shown in their headers.
    title, note : str, optional
        What is shown above and below the table.
    suppressed : mapping of str to array_like of bool, each of shape (n,), optional
        Where a column of floats has no figure because it may not be published: NaN there, and shown as ``c``. Such a
        column is copied.

    Raises
    ------
    TypeError
        If `columns` is no mapping, or a name is not a str or comes twice.
    ValueError
        If a column is not one-dimensional or its length differs from the first one's, or still holds a figure where it
        is said to be suppressed, or is called as the marks or the note of another are in frames (`to_pandas`).
    ColumnError
        If `percent`, `units` or `suppressed` names a column that is not there.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.Table({"new_city": ["沣东", "空港"], "sum": [45.78, 3.31], "share": [0.5516, 0.04]},
    ...          percent=["share"], units={"sum": "亿元"})
    new_city  sum (亿元)    share
    --------  ----------  -------
    沣东           45.78  55.16 %
    空港            3.31   4.00 %
    2 rows × 3 columns
    """

    __slots__ = ("_columns", "_note", "_percent", "_suppressed", "_title", "_units")
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self,
        columns: Mapping[str, ArrayLike],
        *,
        percent: str | Iterable[str] = (),
        units: Mapping[str, str] | None = None,
        title: str = "",
        note: str = "",
        suppressed: Mapping[str, ArrayLike] | None = None,
    ) -> None:
        arrays = _columns.checked_columns(columns)
        self._columns = arrays
        self._percent = frozenset((percent,) if isinstance(percent, str) else percent)
        self._units = dict(units) if units else {}
        self._title = title
        self._note = note
        self._suppressed = _columns.checked_masks(suppressed, arrays) if suppressed else {}
        arrays |= {name: arrays[name].copy() for name in self._suppressed}  # nobody else may write below a mark
        for name in (*self._percent, *self._units):
            if name not in arrays:
                raise _columns.absent(name, arrays)

    @classmethod
    def of_arrays(cls, columns: dict[str, Column], percent: Iterable[str] = ()) -> Table:
        """Give the table of what a measure has just made: 1-D arrays of one length, whose names it has checked.

        A call on a few rows is over in the time that checking them again would take.
        """
        table = cls.__new__(cls)
        table._columns = columns
        table._percent = frozenset(percent)
        table._units = {}
        table._title = table._note = ""
        table._suppressed = {}
        return table

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, keys first."""
        return tuple(self._columns)

    @property
    def percent(self) -> frozenset[str]:
        """The columns that are fractions and are shown as percent."""
        return self._percent

    @property
    def units(self) -> dict[str, str]:
        """The units of the columns that have one."""
        return dict(self._units)

    @property
    def title(self) -> str:
        """What is shown above the table."""
        return self._title

    @property
    def note(self) -> str:
        """What is shown below the table."""
        return self._note

    @property
    def suppressed(self) -> dict[str, NDArray[np.bool_]]:
        """Where figures are suppressed, by the columns of a table from `protect`; of any other table nothing.

        The masks are copies, and read-only: the marks of a table stay.
        """
        masks = {name: mask.copy() for name, mask in self._suppressed.items()}
        for mask in masks.values():
            mask.flags.writeable = False
        return masks

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()), ()))

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    @overload
    def __getitem__(self, key: str) -> Column: ...
    @overload
    def __getitem__(self, key: NDArray[np.bool_] | list[bool]) -> Table: ...
    def __getitem__(self, key: Any) -> Any:
        """Give the column of a name, or the rows that a mask keeps; where the mask is missing none is kept."""
        if not isinstance(key, str) and _is_mask(key):
            return self._rows(_columns.mask_of(key, len(self), "table"))
        view = self._owned(key).view()
        view.flags.writeable = False
        return view

    def __eq__(self, other: object) -> bool:
        return self.equals(other) if isinstance(other, Table) else NotImplemented

    def __repr__(self) -> str:
        return _show.text(self)

    def _repr_html_(self) -> str:
        return _show.html(self)

    def _owned(self, name: str) -> Column:
        """Give the column as its owner gave it, perhaps writeable: for methods that only read it."""
        try:
            return self._columns[name]
        except (KeyError, TypeError):
            raise _columns.absent(name, self._columns) from None

    def _marks(self) -> dict[str, list[int]]:
        """Give the rows that are suppressed, by the columns that have any."""
        return {name: rows for name, mask in self._suppressed.items() if (rows := np.flatnonzero(mask).tolist())}

    def _rows(self, rows: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Table:
        columns = {name: column[rows] for name, column in self._columns.items()}
        masks = {name: mask[rows] for name, mask in self._suppressed.items()}
        return Table(
            columns, percent=self._percent, units=self._units, title=self._title, note=self._note, suppressed=masks
        )

    def equals(self, other: object) -> bool:
        """Tell whether another table has the same columns with the same values.

        Names and their order, lengths and values must be the same; NaN equals NaN, so do NaT and `None`. A
        number of another width is the same (int32 and int64), one of another kind is not (1, 1.0 and True), nor is a
        date in another unit; what is suppressed is not what is missing. How a text is stored does not matter, nor do
        title, note, units and percent.

        Parameters
        ----------
        other : object
            The table to compare with; anything else is not equal.

        Returns
        -------
        bool
            True if both hold the same.

        Examples
        --------
        >>> import xxmfg as xm
        >>> xm.Table({"rate": [0.5, float("nan")]}).equals(xm.Table({"rate": [0.5, float("nan")]}))
        True
        """
        return (
            isinstance(other, Table)
            and self.columns == other.columns
            and len(self) == len(other)
            and self._marks() == other._marks()
            and all(_columns.same(column, other._columns[name]) for name, column in self._columns.items())
        )

    def sort(self, by: str | Sequence[str], descending: bool = False) -> Table:
        """Give the table with its rows in the order of one or more columns.

        Rows that tie stay in their order. Missing values come last in both directions; text goes by code points.

        Parameters
        ----------
        by : str or sequence of str
            The columns to sort by, the first one slowest.
        descending : bool, optional
            Whether the largest come first.

        Returns
        -------
        Table
            The same rows in the new order.

        Raises
        ------
        ColumnError
            If the table has no such column.
        ValueError
            If `by` names no column.
        TypeError
            If a column mixes kinds that have no common order, such as numbers and text.

        Examples
        --------
        >>> import xxmfg as xm
        >>> t = xm.Table({"year": [2018, 2019, 2020], "sum": [1.0, float("nan"), 3.0]})
        >>> t.sort("sum", descending=True)["year"].tolist()
        [2020, 2018, 2019]
        """
        names = (by,) if isinstance(by, str) else tuple(by)
        if not names:
            raise ValueError("by must name at least one column")
        return self._rows(_columns.row_order({name: self._owned(name) for name in names}, descending))

    def head(self, n: int = 5) -> Table:
        """Give the first rows.

        Parameters
        ----------
        n : int, optional
            How many; a table with fewer rows is given whole.

        Returns
        -------
        Table
            The first `n` rows.

        Raises
        ------
        ValueError
            If `n` is negative.
        TypeError
            If `n` is no whole number.

        Examples
        --------
        >>> import xxmfg as xm
        >>> len(xm.Table({"rank": [1, 2, 3]}).head(2))
        2
        """
        return self._rows(slice(whole_number(n, "n", least=0)))

    def pivot(self, rows: str, columns: str, value: str) -> tuple[Column, Column, NDArray[np.float64]]:
        """Lay one column out over two others.

        Labels that are numbers or dates ascend, a missing one last. Labels that are text keep the order in which the
        table has them, so that categories stay in their order and a sorted table stays sorted.

        Parameters
        ----------
        rows, columns : str
            The columns whose labels become the rows and the columns of the matrix.
        value : str
            The column of numbers to lay out.

        Returns
        -------
        tuple
            The labels of the rows, shape (r,), and of the columns, shape (c,), in the dtypes of their columns, and the
            values as float64 of shape (r, c), with NaN where no row of the table has both labels, or it is suppressed.

        Raises
        ------
        ColumnError
            If the table has no such column.
        DuplicateError
            If two rows of the table are one cell; it names the cell.
        TypeError
            If `value` holds no numbers.

        Examples
        --------
        >>> import xxmfg as xm
        >>> t = xm.Table({"city": ["沣东", "沣东", "空港"], "year": [2018, 2019, 2019], "sum": [38.9, 45.8, 3.3]})
        >>> cities, years, sums = t.pivot("city", "year", "sum")
        >>> sums
        array([[38.9, 45.8],
               [ nan,  3.3]])
        """
        return _columns.pivot((rows, self._owned(rows)), (columns, self._owned(columns)), (value, self._owned(value)))


def _is_mask(key: object) -> bool:
    return hasattr(key, "__array__") or (isinstance(key, list) and all(isinstance(entry, bool) for entry in key))
