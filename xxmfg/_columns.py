"""What a table does with its columns: take them, compare them, put their rows in order, lay one out over two others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg._objects import text_column
from xxmfg.errors import ColumnError, DuplicateError, unknown_column

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from numpy.typing import ArrayLike, NDArray

    Column = NDArray[Any]

__all__ = [
    "NOTE",
    "SUPPRESSED",
    "absent",
    "checked_column",
    "checked_columns",
    "checked_masks",
    "checked_name",
    "covered",
    "entries_of",
    "is_missing",
    "mark_of",
    "mask_of",
    "missing_rows",
    "pivot",
    "row_order",
    "same",
]

SUPPRESSED = "c"
"""What stands in the place of a figure that may not be published: SDMX's and Eurostat's mark for confidential."""

NOTE = "note"
"""The column, beside those of marks, in which frames of a protected table have its note."""


def mark_of(name: str) -> str:
    """Give the name of the column in which frames of a protected table have the marks of another one."""
    return f"{name}_mark"


def covered(entries: list[Any], hidden: NDArray[np.bool_] | None, cover: str | None = SUPPRESSED) -> list[Any]:
    """Give entries with a cover, such as the mark, in the place of those that are hidden."""
    if hidden is None:
        return entries
    return [cover if is_hidden else entry for entry, is_hidden in zip(entries, hidden.tolist(), strict=True)]


def checked_name(name: object, taken: Container[str]) -> str:
    """Give the name of a column as a plain str, or raise `TypeError` if it is none or is taken."""
    if not isinstance(name, str):
        raise TypeError(f"the name of a column must be a str, got {name!r} ({type(name).__name__})")
    if name in taken:
        raise TypeError(f"two columns have the name {name!r}")
    return str(name)


def checked_masks(masks: Mapping[str, ArrayLike], known: Mapping[str, Column]) -> dict[str, NDArray[np.bool_]]:
    """Give the masks of suppressed entries, each of a column of floats that holds NaN there, or raise."""
    found = {}
    for name, given in masks.items():
        if name not in known:
            raise absent(name, known)
        for added in (mark_of(name), NOTE):
            if added in known:
                raise ValueError(f"suppressed: frames add a column {added!r} for {name!r}, and there is one: rename it")
        mask, column = np.array(given, dtype=np.bool_), known[name]
        if mask.shape != column.shape:
            raise ValueError(f"suppressed: the mask of {name!r} has shape {mask.shape}, not {column.shape}")
        if column.dtype.kind != "f" or not np.isnan(column[mask]).all():
            raise ValueError(f"suppressed: column {name!r} still holds what is suppressed; put NaN there")
        found[name] = mask
    return found


def absent(name: object, known: Iterable[str]) -> ColumnError | TypeError:
    """Give the error for a column that is asked for and is not there."""
    if isinstance(name, str):
        return unknown_column(name, known, "the table")
    return TypeError(f"a column is taken by its name, a str, got {name!r} ({type(name).__name__})")


def checked_columns(columns: Mapping[str, ArrayLike]) -> dict[str, Column]:
    """Give columns as 1-D arrays of one length, or raise."""
    if not hasattr(columns, "items"):
        raise TypeError(f"columns must be a mapping of names to columns, got {type(columns).__name__}")
    arrays: dict[str, Column] = {}
    n_rows = 0
    for name, column in columns.items():
        if type(name) is not str or name in arrays:
            name = checked_name(name, arrays)  # noqa: PLW2901 -- a str subclass becomes a str
        if type(column) is not np.ndarray or column.ndim != 1:
            column = checked_column(name, column)  # noqa: PLW2901 -- any array-like becomes an array
        if len(column) != n_rows:
            if arrays:
                first = next(iter(arrays))
                raise ValueError(f"column {name!r} has {len(column)} rows, column {first!r} has {n_rows}")
            n_rows = len(column)
        arrays[name] = column
    return arrays


def checked_column(name: str, values: Any) -> Column:
    """Give any one-dimensional array-like as a base-class array; text becomes StringDType(na_object=None).

    A masked value becomes NaN in a column of floats and `None` in any other.
    """
    if isinstance(values, np.ma.MaskedArray):
        values = _unmasked(values)
    try:
        column = np.asarray(values)
        if column.dtype.kind == "U" and not isinstance(values, np.ndarray):
            column = np.array(values, dtype=object)  # [1, "a"] must not become ["1", "a"]
    except ValueError as error:
        raise ValueError(f"column {name!r} must be one-dimensional, its entries are of unequal lengths") from error
    if column.ndim != 1:
        raise ValueError(f"column {name!r} must be one-dimensional, got {column.ndim} dimensions, shape {column.shape}")
    return _settled(column) if column.dtype.kind == "O" and not isinstance(values, np.ndarray) else column


def _unmasked(values: np.ma.MaskedArray[Any, Any]) -> Column:
    mask, column = np.ma.getmaskarray(values), np.array(values.data)
    if not mask.any():
        return column
    kind = column.dtype.kind
    if kind not in "fmM":
        column = column.astype(object)
    column[mask] = {"f": np.nan, "m": "NaT", "M": "NaT"}.get(kind)
    return column


def _settled(column: Column) -> Column:
    """Give a column of objects as what its entries are: text, floats, or else still objects.

    A missing one becomes NaN among floats (with or without integers), `None` elsewhere.
    """
    labels = [None if is_missing(label) else label for label in column.tolist()]
    kinds = {type(label) for label in labels if label is not None}
    if kinds and all(issubclass(kind, str) for kind in kinds):
        return text_column(labels)
    if float in kinds and kinds <= {float, int}:
        return np.array([np.nan if label is None else label for label in labels], dtype=np.float64)
    plain = np.empty(len(labels), dtype=object)
    plain[:] = labels
    return plain


def is_missing(value: object) -> bool:
    """Tell whether an entry of a column is missing: None, NaN, NaT, or what pandas has in their place."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 -- only NaN differs from itself
        return True
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return bool(np.isnat(value))
    return type(value).__name__ in {"NAType", "NaTType"}


def missing_rows(column: Column) -> NDArray[np.bool_]:
    """Give the mask of the rows whose entry is missing, shape (n,)."""
    kind = column.dtype.kind
    if kind in "fc":
        return np.isnan(column)
    if kind in "mM":
        return np.isnat(column)
    if kind in "TO":
        return np.fromiter(map(is_missing, column.tolist()), dtype=bool, count=len(column))
    return np.zeros(len(column), dtype=bool)


def entries_of(column: Column) -> list[Any]:
    """Give the entries as Python objects with every missing one as `None`; dates as ISO text in their unit."""
    kind = column.dtype.kind
    if kind in "mM":
        texts = np.datetime_as_string(column) if kind == "M" else column.astype(str)
        return [None if text == "NaT" else text for text in texts.tolist()]
    entries = column.astype(np.float64).tolist() if kind == "f" else column.tolist()
    return [None if is_missing(entry) else entry for entry in entries] if kind in "fTO" else entries


def mask_of(key: Any, n_rows: int, whose: str) -> NDArray[np.bool_]:
    """Give what is taken from records or a table as a mask of rows, false where it is missing."""
    mask = key.filled(False) if isinstance(key, np.ma.MaskedArray) and key.dtype.kind == "b" else np.asarray(key)
    if mask.dtype.kind == "O" and all(is_missing(entry) or isinstance(entry, bool | np.bool_) for entry in mask.flat):
        mask = np.array([not is_missing(entry) and bool(entry) for entry in mask.flat], dtype=bool)
    if mask.dtype.kind != "b":
        raise TypeError(f"{whose}[...] takes the name of a column or a mask of bools, got {type(key).__name__}")
    if mask.shape != (n_rows,):
        verb = "has" if whose == "table" else "have"
        raise ValueError(f"the mask has shape {mask.shape}, the {whose} {verb} {n_rows} rows")
    return mask


def same(left: Column, right: Column) -> bool:
    """Tell whether two columns of equal length hold the same values of the same kind; missing equals missing."""
    kinds = {left.dtype.kind, right.dtype.kind}
    if kinds <= {"i", "u"} or kinds == {"b"}:
        return np.array_equal(left, right)
    if kinds in ({"f"}, {"c"}):
        return np.array_equal(left, right, equal_nan=True)
    if kinds & {"m", "M"}:
        return left.dtype == right.dtype and np.array_equal(left, right, equal_nan=True)
    return all(map(_same_entry, left.tolist(), right.tolist()))


def _same_entry(left: object, right: object) -> bool:
    if is_missing(left) or is_missing(right):
        return is_missing(left) and is_missing(right) and (left is None) == (right is None)
    kinds_agree = all(isinstance(left, kind) == isinstance(right, kind) for kind in (bool, float))
    return kinds_agree and bool(left == right)


def _codes(name: str, column: Column) -> tuple[NDArray[np.intp], int]:
    """Give the dense ranks of the labels, a missing one having the last, and how many labels are not missing."""
    present = ~missing_rows(column)
    try:
        labels, ranks = np.unique(column[present], return_inverse=True)
    except TypeError as error:
        raise TypeError(f"column {name!r} mixes kinds that have no common order") from error
    codes = np.full(len(column), len(labels), dtype=np.intp)
    codes[present] = ranks
    return codes, len(labels)


def row_order(keys: dict[str, Column], descending: bool) -> NDArray[np.intp]:
    """Give the stable order of the rows by the keys, the first one slowest; missing ones come last either way."""
    ranks = []
    for name, column in keys.items():
        codes, n_labels = _codes(name, column)
        ranks.append(np.where(codes < n_labels, n_labels - 1 - codes, codes) if descending else codes)
    return np.lexsort(ranks[::-1])


def pivot(
    rows: tuple[str, Column], columns: tuple[str, Column], value: tuple[str, Column]
) -> tuple[Column, Column, NDArray[np.float64]]:
    """Lay the numbers of `value` out over the labels of `rows` and `columns`, each given as name and column."""
    row_codes, row_labels = _axis(*rows)
    column_codes, column_labels = _axis(*columns)
    numbers = _numbers(*value)
    cells = row_codes * len(column_labels) + column_codes
    occupied, counts = np.unique(cells, return_counts=True)
    if np.any(counts > 1):
        i, j = divmod(int(occupied[np.argmax(counts > 1)]), len(column_labels))
        cell = f"{rows[0]} {_shown(row_labels[i])}, {columns[0]} {_shown(column_labels[j])}"
        raise DuplicateError(f"two rows of the table are one cell of the pivot: {cell}")
    matrix = np.full((len(row_labels), len(column_labels)), np.nan)
    matrix.reshape(-1)[cells] = numbers
    return row_labels, column_labels, matrix


def _axis(name: str, column: Column) -> tuple[NDArray[np.intp], Column]:
    """Give the place of each row's label on an axis, and the labels: text by first appearance, all else ascending."""
    codes, _ = _codes(name, column)
    _, first, places = np.unique(codes, return_index=True, return_inverse=True)
    if column.dtype.kind in "TU" or any(isinstance(label, str) for label in column[first].tolist()):
        order = np.argsort(first)
        places, first = np.argsort(order)[places], first[order]
    return places, column[first]


def _numbers(name: str, column: Column) -> NDArray[np.float64]:
    if column.dtype.kind in "biuf":
        return column.astype(np.float64)
    entries = column.tolist() if column.dtype.kind == "O" else ["no number"] * len(column)
    if not all(is_missing(entry) or isinstance(entry, (int, float)) for entry in entries):
        raise TypeError(f"column {name!r} must hold numbers, got {column.dtype}")
    return np.array([np.nan if is_missing(entry) else entry for entry in entries], dtype=np.float64)


def _shown(label: object) -> str:
    return repr(label) if isinstance(label, str) else str(label)
