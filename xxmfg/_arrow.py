"""Columns of whatever exports Arrow's C data interface (PyCapsules): read where they lie, by the core."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["arrow_column", "arrow_dtype", "arrow_length", "arrow_rows"]

NUMBERS = {"b": "?", "c": "i1", "C": "u1", "s": "i2", "S": "u2", "i": "i4", "I": "u4", "l": "i8", "L": "u8"}
NUMBERS |= {"e": "f2", "f": "f4", "g": "f8"}
UNITS = {"s": "s", "m": "ms", "u": "us", "n": "ns"}


def arrow_column(values: Any, name: str) -> Any:
    """Give a column of the core over what `values` export; None where they export none that the core reads.

    Of pandas only what it holds in Arrow's memory is read so: the rest it would copy.
    """
    library = type(values).__module__.partition(".")[0]
    if library == "pandas":
        if type(getattr(values, "dtype", None)).__name__ != "ArrowDtype":
            return None
        values = getattr(values, "array", values).__arrow_array__()
    elif library == "polars" and not _is_plain(values):
        return None
    try:
        if hasattr(values, "__arrow_c_stream__"):
            column, _, _ = _core.arrow_column(values.__arrow_c_stream__(), None)
        elif hasattr(values, "__arrow_c_array__"):
            column, _, _ = _core.arrow_column(*values.__arrow_c_array__())
        else:
            return None
    except TypeError:  # of a type that no column has
        return None
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    return column


def _is_plain(series: Any) -> bool:
    """Tell whether a Polars Series exports what it holds."""
    dtype = getattr(series, "dtype", None)
    return dtype is not None and (dtype.is_numeric() or dtype.is_temporal() or dtype == sys.modules["polars"].Boolean)


@lru_cache(maxsize=64)
def _dtype_of(form: str) -> np.dtype[Any]:
    """Give the dtype of the labels of an Arrow format."""
    if form in NUMBERS:
        return np.dtype(NUMBERS[form])
    if form == "tdD":
        return np.dtype("M8[D]")
    unit = UNITS[form[2]]
    return np.dtype(f"m8[{unit}]" if form.startswith("tD") else f"M8[{unit}]")


def arrow_dtype(column: Any) -> np.dtype[Any]:
    """Give the dtype that a column of the core has in NumPy."""
    return _dtype_of(_core.arrow_shape(column)[0])


def arrow_length(column: Any) -> int:
    """Give the number of rows of a column of the core."""
    return _core.arrow_shape(column)[1]


def arrow_rows(column: Any, rows: NDArray[np.int64] | None) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Copy some rows of a column of numbers or dates, or all: an array of its dtype and the mask of missing ones."""
    dtype = arrow_dtype(column)
    numbers, absent = _core.arrow_rows(column, None if rows is None else rows.astype(np.int64, copy=False))
    return numbers.view(dtype) if dtype.kind in "mM" else numbers.astype(dtype, copy=False), absent
