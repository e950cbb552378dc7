"""Parquet to Records: numbers and dates as arrays, text where Arrow holds it; what is no column of records is named."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg._zones import dates_of_arrow
from xxmfg.errors import XxmfgError, unknown_column
from xxmfg.io._cells import KINDS
from xxmfg.records import Records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["read_parquet"]


def read_parquet(path: str, *, types: Mapping[str, str] | None, columns: Sequence[str] | None) -> Records:
    """Read a Parquet file; see `xxmfg.read`.

    A file has its types, so `types` converts nothing but integers to text: it says what a column must be.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as absent:
        raise ImportError("reading Parquet needs pyarrow: pip install xxmfg[arrow]", name="pyarrow") from absent
    try:
        schema = parquet.read_schema(path)
        for name, times in Counter(schema.names).items():
            if times > 1:
                raise XxmfgError(f"{path}: two columns are called {name!r}; rename one")
        for name in (*(types or {}), *(columns or ())):
            if name not in schema.names:
                raise unknown_column(name, schema.names, path)
        wanted = list(schema.names if columns is None else columns)
        texts = [name for name in wanted if _is_text(schema.field(name).type)]
        table = parquet.ParquetFile(path, read_dictionary=texts).read(columns=wanted).select(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the file system's; those of broken metadata name neither a number nor the file
        said = " ".join(str(error).split())
        raise XxmfgError(f"{path}: no Parquet file that can be read: {said}") from None
    taken = {}
    for name in wanted:
        taken[name] = _column(table[name], path, name, (types or {}).get(name))
        table = table.drop_columns([name])
    return Records(taken)


def _is_text(kind: Any) -> bool:
    from pyarrow import types as is_

    return bool(is_.is_string(kind) or is_.is_large_string(kind) or str(kind) == "string_view")  # a type from 16 on


def _column(values: Any, path: str, name: str, declared: str | None) -> Any:
    """Give a column as NumPy holds it, text and dictionaries as Arrow does; raise where it is of another kind."""
    from pyarrow import types as is_

    kind = values.type
    where = f"{path}: column {name!r}"
    if is_.is_nested(kind) or is_.is_binary(kind) or is_.is_time(kind) or is_.is_duration(kind):
        raise XxmfgError(f"{where} is {kind}; records hold numbers, text, dates and bools")
    if is_.is_decimal(kind):
        kind = "int64" if kind.scale == 0 and kind.precision <= 18 else "float64"
        values = values.cast(kind)
    if declared is not None:
        values = _as_declared(values, where, declared)
    if is_.is_dictionary(values.type) or _is_text(values.type):
        return values
    if is_.is_null(values.type):
        return np.full(len(values), np.nan)
    return _array(values, where)


def _as_declared(values: Any, where: str, declared: str) -> Any:
    from pyarrow import types as is_

    if declared not in KINDS:
        raise XxmfgError(f"types: {where} is declared {declared!r}; give one of {', '.join(KINDS)}")
    kind = values.type.value_type if is_.is_dictionary(values.type) else values.type
    is_number = is_.is_integer(kind) or is_.is_floating(kind)
    fits = {
        "text": _is_text(kind),
        "number": is_number,
        "int": is_.is_integer(kind),
        "float": is_number,
        "date": is_.is_temporal(kind),
        "bool": is_.is_boolean(kind),
    }
    if declared == "text" and is_.is_integer(kind):
        return values.cast("string")
    if not fits[declared] and not is_.is_null(kind):
        raise XxmfgError(f"{where} is {kind}, not {declared}; convert it before it is written")
    return values.cast("float64") if declared == "float" else values


def _array(values: Any, where: str) -> Any:
    """Give numbers, bools and dates as an array: missing floats and dates as NaN and NaT, others under a mask."""
    from pyarrow import types as is_

    if getattr(values.type, "tz", None) is not None:
        return dates_of_arrow(values, where)
    if not values.null_count or is_.is_floating(values.type) or is_.is_temporal(values.type):
        return values.to_numpy()
    filled = values.fill_null(False if is_.is_boolean(values.type) else 0)
    return np.ma.MaskedArray(filled.to_numpy(), mask=values.is_null().to_numpy())
