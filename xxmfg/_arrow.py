"""Columns of whatever exports Arrow's C data interface (PyCapsules): read where they lie, by the core."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._objects import TEXT, as_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["arrow_column", "arrow_dtype", "arrow_labels", "arrow_length", "arrow_rows", "arrow_scale", "is_coded"]

NUMBERS = {"b": "?", "c": "i1", "C": "u1", "s": "i2", "S": "u2", "i": "i4", "I": "u4", "l": "i8", "L": "u8"}
NUMBERS |= {"e": "f2", "f": "f4", "g": "f8"}
TEXTS = {"u", "U", "vu"}
UNITS = {"s": "s", "m": "ms", "u": "us", "n": "ns"}


def arrow_column(values: Any, name: str) -> Any:
    """Give a column of the core over what `values` export; None where they export none that the core reads.

    Of pandas only what it holds in Arrow's memory is read so: the rest it would copy. So would Polars copy the codes of
    its categories; they are read beside them.
    """
    library = type(values).__module__.partition(".")[0]
    labels, is_ordered = None, False
    if library == "pandas":
        values = _held_by_pandas(values)
    elif library == "polars":
        labels, is_ordered = _categories_of_polars(values)
    if labels is not None:
        codes, known = arrow_column(values.to_physical(), name), arrow_column(labels, name)
        return _core.arrow_coded(codes, known, is_ordered)
    try:
        if hasattr(values, "__arrow_c_stream__"):
            return _core.arrow_column(values.__arrow_c_stream__(), None, name)
        if hasattr(values, "__arrow_c_array__"):
            schema, array = values.__arrow_c_array__()
            return _core.arrow_column(schema, array, name)
    except TypeError:  # of a type that no column has
        return None
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    return None


def _held_by_pandas(values: Any) -> Any:
    """Give the Arrow column that a pandas one holds; None where it holds none."""
    dtype = getattr(values, "dtype", None)
    if type(dtype).__name__ == "ArrowDtype" or getattr(dtype, "storage", None) == "pyarrow":
        return getattr(values, "array", values).__arrow_array__()
    return None


def _categories_of_polars(values: Any) -> tuple[Any, bool]:
    """Give what the codes of a Polars Series stand for, None where it has none, and whether that is their order."""
    dtype: Any = getattr(values, "dtype", None)
    if type(dtype).__name__ == "Enum":
        return dtype.categories, True
    known: Any = getattr(dtype, "categories", None) if type(dtype).__name__ == "Categorical" else None
    return (known.to_series() if hasattr(known, "to_series") else None), False


@lru_cache(maxsize=64)
def _dtype_of(form: str) -> np.dtype[Any]:
    """Give the dtype of the labels of an Arrow format."""
    if form in NUMBERS:
        return np.dtype(NUMBERS[form])
    if form in TEXTS:
        return TEXT
    if form.startswith("d:"):  # decimals, read as their nearest doubles
        return np.dtype("f8")
    if form == "tdD":
        return np.dtype("M8[D]")
    unit = UNITS[form[2]]
    return np.dtype(f"m8[{unit}]" if form.startswith("tD") else f"M8[{unit}]")


def is_coded(column: Any) -> bool:
    """Tell whether a column of the core has codes into a dictionary."""
    return _core.arrow_shape(column)[2] is not None


def arrow_scale(column: Any) -> int | None:
    """Give the decimal places of a column of decimals, None of any other."""
    form: str = _core.arrow_shape(column)[0]
    return int(form.split(",")[1]) if form.startswith("d:") else None


def arrow_dtype(column: Any) -> np.dtype[Any]:
    """Give the dtype that a column of the core has in NumPy; of codes, that of their ranks."""
    form, _, labels = _core.arrow_shape(column)
    return _dtype_of(form if labels is None else "l")


def arrow_labels(column: Any, name: str) -> NDArray[Any]:
    """Give what the ranks of a column of codes stand for."""
    dtype = _dtype_of(_core.arrow_shape(column)[2] or "")
    raw = _core.arrow_labels(column)
    if raw is None:
        return np.empty(0, dtype)
    if isinstance(raw, tuple):
        texts, codes, _ = raw
        return as_text(texts, name, "label")[codes]
    labels: NDArray[Any] = raw
    return labels.view(dtype) if dtype.kind in "mM" else labels


def arrow_length(column: Any) -> int:
    """Give the number of rows of a column of the core."""
    return _core.arrow_shape(column)[1]


def arrow_rows(column: Any, rows: NDArray[np.int64] | None) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Copy some rows of a column, or all: an array of its dtype, and the mask of missing ones if that has no mark.

    Of codes, a missing rank is -1 besides.
    """
    dtype = arrow_dtype(column)
    copied = _core.arrow_rows(column, None if rows is None else rows.astype(np.int64, copy=False))
    if dtype.kind == "T":
        return as_text(copied, "a column"), None
    numbers, absent = copied
    if absent is not None and is_coded(column):
        numbers[absent] = -1
    return numbers.view(dtype) if dtype.kind in "mM" else numbers.astype(dtype, copy=False), absent
