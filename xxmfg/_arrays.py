"""Array-likes to the columns that the core reads: the only place that knows lists, pandas, Polars and Arrow.

A column is an array, or `(source, mask, flags)` with an array or a column of Arrow's as its source: a mask marks
missing rows, `CODES` says that a negative number is missing, `LEAVES_OUT` that a key that is missing leaves its record
out. Of decimals in Arrow's memory the core reads the nearest doubles, or one half of the integers that they are:
`LOW`, `HIGH`.
"""

from __future__ import annotations

import sys
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg._arrow import arrow_column, arrow_dtype, arrow_labels, arrow_length, arrow_rows, arrow_scale, is_coded
from xxmfg._objects import TEXT, as_text, keys_of_objects, numbers_of_objects
from xxmfg._zones import dates_of_arrow, dates_of_pandas, dates_of_polars

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Labels = NDArray[Any] | np.dtype[Any]
    Column = NDArray[Any] | tuple[Any, NDArray[np.bool_] | None, int]

__all__ = [
    "CODES",
    "LEAVES_OUT",
    "TEXT",
    "column_at",
    "data_of",
    "dtype_of",
    "entries_at",
    "flagged",
    "halves_of",
    "key_column",
    "length_of",
    "mask_of",
    "scale_of",
    "value_column",
    "whole_number",
]

CODES = 1
LEAVES_OUT = 2
LOW = 4
HIGH = 8
EXACT = 2.0**53  # from here on not every integer is a double

_ndarray = np.ndarray
_float64 = np.dtype(np.float64)


def value_column(values: Any, name: str) -> Column:
    """Give numbers as a column, or raise what is wrong with them.

    Integers that have missing ones keep their kind, beside a mask.
    """
    if type(values) is _ndarray and values.dtype == _float64 and values.ndim == 1:
        return values
    held = arrow_column(values, name)
    if held is not None and not is_coded(held):
        if arrow_dtype(held).kind not in "biuf":
            raise TypeError(f"{name} must be numbers (float64 or shorter, integers, bools), not {_described(held)}")
        return held, None, 0
    array, mask = _array_of(values, name)
    kind = array.dtype.kind
    if kind == "O":
        array, mask = numbers_of_objects(array, mask, name)
    elif kind not in "biuf" or array.dtype.itemsize > 8:
        raise TypeError(f"{name} must be numbers (float64 or shorter, integers, bools), not {_described(array)}")
    return array if mask is None else (array, mask, 0)


def key_column(values: Any, argument: str, key: str | None = None) -> tuple[Column, Labels | None]:
    """Give a key as a column, and the labels that its codes stand for where it is read through codes.

    Of dates that the core reads as integers the labels are their dtype.
    """
    if type(values) is _ndarray and values.dtype.kind in "iu" and values.ndim == 1:
        return values, None
    name = argument if key is None else f"{argument} {key!r}"
    held = arrow_column(values, name)
    if held is not None and arrow_scale(held) is None:  # two decimals may be one double
        dtype = arrow_dtype(held)
        labels = arrow_labels(held, name) if is_coded(held) else dtype if dtype.kind in "mM" else None
        return (held, None, 0), labels
    coded = _coded(values, name)
    if coded is not None:
        codes, labels = coded
        return (codes, None, CODES), labels
    array, mask = _array_of(values, name)
    kind = array.dtype.kind
    if kind == "O":
        array, mask = keys_of_objects(array, mask, name)
        if array.dtype.kind == "O":
            codes, labels = _ranked(array, mask)
            return (codes, None, CODES), labels
    elif kind == "S":
        array = _decoded(array, name)
    elif kind not in "biufMmUT" or (kind == "f" and array.dtype.itemsize > 8):
        raise TypeError(f"{name} must be integers, floats, bools, text or dates, not {_described(array)}")
    elif kind == "U" and not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    return (array if mask is None else (array, mask, 0)), None


def _ranked(integers: NDArray[Any], mask: NDArray[np.bool_] | None) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Give integers that no dtype holds as codes, -1 where missing, into their labels in ascending order."""
    present = np.ones(len(integers), dtype=bool) if mask is None else ~mask
    labels, ranks = np.unique(integers[present], return_inverse=True)
    codes = np.full(len(integers), -1)
    codes[present] = ranks
    return codes, labels


def _decoded(array: NDArray[Any], name: str) -> NDArray[Any]:
    try:
        return np.char.decode(array, "utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{name} has bytes that are not UTF-8: {error}") from None


def flagged(column: Column, flags: int) -> tuple[Any, NDArray[np.bool_] | None, int]:
    """Give a column with flags added to its own."""
    if isinstance(column, tuple):
        return column[0], column[1], column[2] | flags
    return column, None, flags


def data_of(column: Column) -> NDArray[Any]:
    """Give the numbers of a column without its mask; those of Arrow's are copied."""
    if not isinstance(column, tuple):
        return column
    source: NDArray[Any] = column[0] if isinstance(column[0], _ndarray) else arrow_rows(column[0], None)[0]
    return source


def mask_of(column: Column) -> NDArray[np.bool_] | None:
    """Give the mask of the missing rows of a column of numbers, None where none is; a float may be NaN besides."""
    if not isinstance(column, tuple):
        return None
    return column[1] if isinstance(column[0], _ndarray) else arrow_rows(column[0], None)[1]


def entries_at(column: Column, rows: NDArray[np.int64]) -> NDArray[Any]:
    """Give the numbers of some rows."""
    if isinstance(column, tuple) and not isinstance(column[0], _ndarray):
        return arrow_rows(column[0], rows)[0]
    taken: NDArray[Any] = data_of(column)[rows]
    return taken


def column_at(column: Column, rows: NDArray[np.int64]) -> tuple[Any, NDArray[np.bool_] | None, int]:
    """Give some rows of a column as a column of its own."""
    source, mask, flags = flagged(column, 0)
    if isinstance(source, _ndarray):
        return source[rows], None if mask is None else mask[rows], flags
    return *arrow_rows(source, rows), flags


def dtype_of(column: Column) -> np.dtype[Any]:
    """Give the dtype of a column."""
    source = column[0] if isinstance(column, tuple) else column
    return source.dtype if isinstance(source, _ndarray) else arrow_dtype(source)


def length_of(column: Column) -> int:
    """Give the number of rows of a column."""
    source = column[0] if isinstance(column, tuple) else column
    return len(source) if isinstance(source, _ndarray) else arrow_length(source)


def scale_of(column: Column) -> int | None:
    """Give the decimal places of a column of decimals in Arrow's memory, None of any other."""
    source = column[0] if isinstance(column, tuple) else column
    return None if isinstance(source, _ndarray) else arrow_scale(source)


def halves_of(column: Column) -> tuple[Column, Column]:
    """Give the low 64 bits of decimals as a column of uint64, and the high ones as one of int64."""
    return flagged(column, LOW), flagged(column, HIGH)


def whole_number(given: Any, name: str, least: int = 1) -> int:
    """Give a count of 1 or more, or of another least, or raise."""
    try:
        number = index(given)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {given!r}") from None
    if not least <= number < 2**63:
        raise ValueError(f"{name} must be {least} or more and fit 64 bits, not {number}")
    return number


def _described(column: Any) -> str:
    dtype = dtype_of(column)
    return "text" if dtype.kind in "SUT" else str(dtype)


def _array_of(values: Any, name: str) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Give any array-like as a 1-D array and the mask of its missing entries; the mask may be None."""
    mask = None
    if isinstance(values, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(values) if np.ma.is_masked(values) else None
        array = np.asarray(values.data)
    elif isinstance(values, _ndarray):
        array = np.asarray(values)
    else:
        frame = _library_of(values)
        array, mask = frame(values, name) if frame is not None else (_from_sequence(values, name), None)
    if array.ndim == 0 and not isinstance(values, _ndarray):
        raise TypeError(f"{name} must be a column (1-D array-like), not {type(values).__name__}")
    if array.ndim != 1:
        raise ValueError(f"{name} must be 1-D, got {array.ndim} dimensions of shape {array.shape}")
    return array, mask


def _from_sequence(values: Any, name: str) -> NDArray[Any]:
    """Give a list, tuple or range as an array; what NumPy would turn into text stays objects."""
    if values is None or isinstance(values, (str, bytes, set, frozenset, dict)) or np.isscalar(values):
        raise TypeError(f"{name} must be a column (1-D array-like), not {values!r} ({type(values).__name__})")
    kinds = set(map(type, values)) if isinstance(values, (list, tuple)) else set()
    try:
        array = _objects_of(values) if _stay_objects(kinds) else np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must be 1-D, but its entries differ in length") from error
    if array.ndim != 1 or array.dtype.kind not in "fUS":
        return array
    if array.dtype.kind == "f":
        whole = not any(isinstance(entry, (float, np.floating)) for entry in values)
        in_doubt = whole or (int in kinds and bool((np.abs(array) >= EXACT).any()))
    else:
        in_doubt = not all(isinstance(entry, (str, bytes)) for entry in values)
    return _objects_of(values) if in_doubt else array  # integers would lose digits, numbers become text


def _stay_objects(kinds: set[type]) -> bool:
    """Tell whether NumPy would make one kind of several, or give each text the room of the longest."""
    return str in kinds or (bool in kinds and len(kinds) > 1)


def _objects_of(values: Any) -> NDArray[Any]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


# ---- dataframes ----


def _library_of(values: Any) -> Any:
    """Give the function that reads columns of the library that `values` comes from, None where it is no dataframe's."""
    library = type(values).__module__.partition(".")[0]
    if library in {"pandas", "polars", "pyarrow"} and library in sys.modules:
        return {"pandas": _from_pandas, "polars": _from_polars, "pyarrow": _from_arrow}[library]
    return None


def _coded(values: Any, name: str) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Give (codes, labels) of a categorical column of pandas, whose codes are in the order of its categories."""
    if type(values).__module__.partition(".")[0] != "pandas":
        return None
    array = getattr(values, "array", values)
    if hasattr(array, "categories") and hasattr(array, "codes"):
        return np.asarray(array.codes), _labels_from(array.categories, name)
    return None


def _labels_from(categories: Any, name: str) -> NDArray[Any]:
    """Give categories as labels, in their order."""
    if getattr(getattr(categories, "dtype", None), "name", "").startswith("interval"):  # as pandas.cut makes them
        return as_text([str(interval) for interval in categories], name, "category")
    array, _ = _array_of(categories, f"the categories of {name}")
    if array.dtype.kind == "O":
        return keys_of_objects(array, None, name, "category")[0]
    return as_text(array, name, "category") if array.dtype.kind in "SUT" else array


def _from_pandas(values: Any, name: str) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    if values.ndim != 1:
        return values.to_numpy(), None
    dtype = values.dtype
    if isinstance(dtype, np.dtype):
        return values.to_numpy(), None
    if type(dtype).__name__ == "ArrowDtype":
        return _from_arrow(getattr(values, "array", values).__arrow_array__(), name)
    numeric = getattr(dtype, "numpy_dtype", None)
    if isinstance(numeric, np.dtype) and numeric.kind in "biuf":
        held = getattr(values, "array", values)
        data, missing = getattr(held, "_data", None), getattr(held, "_mask", None)
        if not isinstance(data, _ndarray) or not isinstance(missing, _ndarray):  # where pandas keeps them by no promise
            data, missing = values.to_numpy(dtype=numeric, na_value=numeric.type(0)), np.asarray(values.isna())
        return data, missing if missing.any() else None
    dates = dates_of_pandas(values, name)
    return values.to_numpy(dtype=object) if dates is None else dates, None


def _polars() -> Any:
    return sys.modules["polars"]


def _from_polars(values: Any, name: str) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    if not hasattr(values, "is_null"):
        return np.asarray(values), None
    if values.dtype.is_numeric() and not values.dtype.is_decimal():
        if values.null_count() == 0:
            return values.to_numpy(), None
        return values.fill_null(0).to_numpy(), values.is_null().to_numpy()
    if values.dtype == _polars().Boolean:
        return values.fill_null(value=False).to_numpy(), values.is_null().to_numpy() if values.null_count() else None
    if values.dtype.is_temporal():
        return dates_of_polars(values, name), None
    array = np.empty(len(values), dtype=object)
    array[:] = values.to_list()
    return array, None


def _from_arrow(values: Any, name: str) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    types = sys.modules["pyarrow"].types
    if not hasattr(values, "null_count"):
        return np.asarray(values), None
    numeric = types.is_integer(values.type) or types.is_floating(values.type) or types.is_boolean(values.type)
    if numeric and values.null_count:
        missing = values.is_null().to_numpy(zero_copy_only=False)
        return values.fill_null(False if types.is_boolean(values.type) else 0).to_numpy(zero_copy_only=False), missing
    if types.is_date32(values.type) or types.is_timestamp(values.type):
        return dates_of_arrow(values, name), None
    if numeric:
        return values.to_numpy(zero_copy_only=False), None
    array = np.empty(len(values), dtype=object)
    array[:] = values.to_pylist()
    return array, None
