"""Tables out of the package: CSV files, Python objects, the frames of pandas, Polars and Arrow; a Table's methods."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TextIO, cast

import numpy as np

from xxmfg import _show
from xxmfg._columns import SUPPRESSED, entries_of

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

__all__ = ["Exports", "marked_entries", "objects", "write_csv", "write_whole"]

ROWS_AT_ONCE = 65_536  # of a long table are turned into Python objects
# What OWASP lists under "CSV injection"; East Asian spreadsheets take the full-width forms too.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?")  # printed with its digits; a spreadsheet reads it as the number it is


class Exports:
    """What a `Table` gives to others; of what is suppressed none gives more than that it is."""

    __slots__ = ()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_dict(self) -> dict[str, list[Any]]:
        """Give the columns as lists of Python objects.

        A missing text, label or date is `None`, a float NaN stays NaN. Dates finer than a microsecond, for which Python
        has no type, come as ISO text.

        Returns
        -------
        dict of str to list
            The columns by their names, in order.

        Examples
        --------
        >>> import xxmfg as xm
        >>> xm.Table({"city": ["沣东", None], "sum": [45.78, 3.31]}).to_dict()
        {'city': ['沣东', None], 'sum': [45.78, 3.31]}
        """
        table = _as_table(self)
        return {name: objects(table[name]) for name in table}

    def to_csv(self, path: str | PathLike[str] | TextIO, safe: bool = False, *, bom: bool = False) -> None:
        """Write the table as CSV in UTF-8: a line of names, one line a row, every number to its last bit.

        Missing values are empty fields, shares and rates stay fractions. Of a table from `protect` what is suppressed
        is ``c``, and the last line is the note if there is one. A file is written beside and renamed, so it is
        never half-written: where an error comes, an older file stays as it was.

        Parameters
        ----------
        path : str, path or text file object
            Where to write. A file object is written to as it is and stays open.
        safe : bool, optional
            Whether text that a spreadsheet would take for a formula (it begins with ``= + - @``, their full-width
            forms, a tab or a line break) gets a single quote in front; numbers are never touched.
        bom : bool, optional
            Whether the text begins with a byte order mark, by which spreadsheets know UTF-8.

        Raises
        ------
        OSError
            If the file cannot be written; it names the path.

        Examples
        --------
        >>> import sys
        >>> import xxmfg as xm
        >>> xm.Table({"city": ["沣东", "空港"], "share": [0.5516, 0.04]}).to_csv(sys.stdout)
        city,share
        沣东,0.5516
        空港,0.04
        """
        write_csv(_as_table(self), path, safe=safe, bom=bom)

    def to_markdown(self) -> str:
        r"""Give all rows as a Markdown table of GitHub's kind, as they are shown: percent, units, escaped markup.

        Returns
        -------
        str
            The table, without a line break at its end.

        Examples
        --------
        >>> import xxmfg as xm
        >>> print(xm.Table({"city": ["沣东|沣西"], "share": [0.7221]}, percent=["share"]).to_markdown())
        | city | share |
        | :--- | ---: |
        | 沣东\|沣西 | 72.21 % |
        """
        return _show.markdown(_as_table(self))

    def to_pandas(self) -> pd.DataFrame:
        """Give a copy as a pandas DataFrame with a plain index; a missing label is missing there too.

        Raises
        ------
        ImportError
            If pandas is not installed: ``pip install xxmfg[pandas]``.
        """
        return pandas_frame(_as_table(self))

    def to_polars(self) -> pl.DataFrame:
        """Give a copy as a Polars DataFrame; missing labels become null, NaN stays, years and months become dates.

        Raises
        ------
        ImportError
            If Polars is not installed: ``pip install xxmfg[polars]``.
        """
        return polars_frame(_as_table(self))

    def to_arrow(self) -> pa.Table:
        """Give a pyarrow Table; missing labels become null, NaN stays, years and months become dates.

        Raises
        ------
        ImportError
            If pyarrow is not installed: ``pip install xxmfg[arrow]``.
        """
        return arrow_table(_as_table(self))


def _as_table(exporting: Exports) -> Table:
    return cast("Table", exporting)


def write_csv(table: Table, path: str | PathLike[str] | TextIO, *, safe: bool, bom: bool) -> None:
    """Write a table as CSV to a path, whole or not at all, or to a text file object."""

    def write(file: TextIO) -> None:
        file.write("\ufeff" if bom else "")
        file.write(_line([_field(name, safe) for name in table]))
        for start in range(0, len(table), ROWS_AT_ONCE):
            block = (marked_entries(table, name, slice(start, start + ROWS_AT_ONCE)) for name in table)
            fields = [[_field(entry, safe) for entry in entries] for entries in block]
            file.writelines(map(_line, zip(*fields, strict=True)))
        if table.suppressed and table.note:
            file.write(_line([_field(table.note, safe), *[""] * (len(table.columns) - 1)]))

    if hasattr(path, "write"):
        write(cast("TextIO", path))
    else:
        write_whole(path, write)


def marked_entries(table: Table, name: str, rows: slice = slice(None)) -> list[Any]:
    """Give a column's entries, with the mark of suppression where a figure must not be seen."""
    entries = entries_of(table[name][rows])
    mask = table.suppressed.get(name)
    if mask is None:
        return entries
    return [SUPPRESSED if hidden else entry for entry, hidden in zip(entries, mask[rows].tolist(), strict=True)]


def write_whole(path: str | PathLike[str], write: Callable[[TextIO], None]) -> None:
    """Let `write` fill a UTF-8 text file that then takes the place of `path`, or leave no trace where it fails.

    Line ends are written as they are given. What is no regular file (a pipe, a terminal) is written to directly. An
    `OSError` names `path`, never the file beside it.
    """
    from contextlib import suppress
    from pathlib import Path
    from secrets import token_hex

    target = Path(path)
    try:
        with suppress(FileNotFoundError):
            target.stat()  # a loop of symbolic links is no file to come, as `exists` has it
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
    if safe and isinstance(entry, str) and field.startswith(FORMULA_STARTS) and not NEGATIVE.fullmatch(field):
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
    frame = cast("pd.DataFrame", frames.DataFrame(columns))
    if table.suppressed:
        frame.attrs["note"] = table.note
    return frame


def polars_frame(table: Table) -> pl.DataFrame:
    """Give a table as a Polars DataFrame."""
    frames = _extra("polars")
    columns = [frames.Series(name, *_portable(table[name], frames.String)) for name in table]
    return cast("pl.DataFrame", frames.DataFrame(columns))


def arrow_table(table: Table) -> pa.Table:
    """Give a table as an Arrow table."""
    arrow = _extra("pyarrow", "arrow")
    columns = {name: arrow.array(*_portable(table[name], arrow.string())) for name in table}
    made = arrow.table(columns)
    return made.replace_schema_metadata({"note": table.note}) if table.suppressed else made


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
