"""Tables out of the package: CSV files, Python objects, the frames of pandas, Polars and Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO, cast

import numpy as np

from xxmfg._columns import entries_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike
    from types import ModuleType

    import pandas as pd
    import polars as pl
    import pyarrow as pa
    from numpy.typing import NDArray

    from xxmfg.table import Table

    Column = NDArray[Any]

__all__ = ["arrow_table", "objects", "pandas_frame", "polars_frame", "write_csv", "write_whole"]

ROWS_AT_ONCE = 65_536  # of a long table are turned into Python objects
# What OWASP lists under "CSV injection"; East Asian spreadsheets take the full-width forms too.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def write_csv(table: Table, path: str | PathLike[str] | TextIO, *, safe: bool, bom: bool) -> None:
    """Write a table as CSV to a path, whole or not at all, or to a text file object."""

    def write(file: TextIO) -> None:
        columns = [table[name] for name in table]
        file.write("\ufeff" if bom else "")
        file.write(_line([_field(name, safe) for name in table]))
        for start in range(0, len(table), ROWS_AT_ONCE):
            block = (entries_of(column[start : start + ROWS_AT_ONCE]) for column in columns)
            fields = [[_field(entry, safe) for entry in entries] for entries in block]
            file.writelines(map(_line, zip(*fields, strict=True)))

    if hasattr(path, "write"):
        write(cast("TextIO", path))
    else:
        write_whole(path, write)


def write_whole(path: str | PathLike[str], write: Callable[[TextIO], None]) -> None:
    """Let `write` fill a UTF-8 text file that then takes the place of `path`, or leave no trace where it fails.

    Line ends are written as they are given. What is no regular file (a pipe, a terminal) is written to directly. An
    `OSError` names `path`, never the file beside it.
    """
    from pathlib import Path
    from secrets import token_hex

    target = Path(path)
    try:
        if target.exists() and not target.is_file():
            with target.open("w", encoding="utf-8", newline="") as file:
                write(file)
            return
        target = target.resolve()  # a symbolic link stays one
        beside = target.with_name(f".{token_hex(8)}.part")
        try:
            with beside.open("x", encoding="utf-8", newline="") as file:
                if target.exists():
                    beside.chmod(target.stat().st_mode)
                write(file)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def _line(fields: tuple[str, ...] | list[str]) -> str:
    return (",".join(fields) if fields != ("",) else '""') + "\n"  # an empty line would be no row to a reader


def _field(entry: object, safe: bool) -> str:
    """Give one field; a lone carriage return is quoted too, which Python 3.11's csv forgets."""
    if entry is None:
        return ""
    field = str(entry)  # of a float: the shortest text that reads back as the same number
    if safe and isinstance(entry, str) and field.startswith(FORMULA_STARTS):
        field = "'" + field
    return f'"{field.replace(chr(34), chr(34) * 2)}"' if any(mark in field for mark in ',"\n\r') else field


def objects(column: Column) -> list[Any]:
    """Give a column as Python objects: a missing entry is `None`, a float NaN stays NaN."""
    kind = column.dtype.kind
    if kind in "mM" and np.datetime_data(column.dtype)[0] in {"ns", "ps", "fs", "as"}:
        return entries_of(column)
    return entries_of(column) if kind in "TO" else cast("list[Any]", column.tolist())


def pandas_frame(table: Table) -> pd.DataFrame:
    """Give a table as a pandas DataFrame."""
    frames = _extra("pandas")
    columns = {name: table[name].tolist() if table[name].dtype.kind in "TU" else table[name] for name in table}
    return cast("pd.DataFrame", frames.DataFrame(columns))


def polars_frame(table: Table) -> pl.DataFrame:
    """Give a table as a Polars DataFrame."""
    frames = _extra("polars")
    columns = [frames.Series(name, *_portable(table[name], frames.String)) for name in table]
    return cast("pl.DataFrame", frames.DataFrame(columns))


def arrow_table(table: Table) -> pa.Table:
    """Give a table as an Arrow table."""
    arrow = _extra("pyarrow", "arrow")
    columns = {name: arrow.array(*_portable(table[name], arrow.string())) for name in table}
    return arrow.table(columns)


def _portable(column: Column, text: Any) -> tuple[Column | list[Any], Any]:
    """Give a column in a form that Arrow has a type for, and that type where the entries alone may not tell it."""
    kind = column.dtype.kind
    if kind in "TUO":
        return entries_of(column), None if kind == "O" else text
    if kind in "mM":
        unit, step = np.datetime_data(column.dtype)
        known = {"ms", "us", "ns", "D"} if kind == "M" else {"ms", "us", "ns"}
        if unit not in known or step != 1:
            return column.astype(f"{kind}8[{'D' if kind == 'M' and unit in {'Y', 'M', 'W', 'D'} else 'ms'}]"), None
    return column, None


def _extra(module: str, extra: str = "") -> ModuleType:
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        name = extra or module
        raise ImportError(f"to_{name} needs {module}: pip install xxmfg[{name}]", name=module) from error
