"""Tables out of the package: CSV files, Python objects, the frames of pandas, Polars and Arrow; a Table's methods."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any, BinaryIO, TextIO, cast

import numpy as np

from xxmfg import _show
from xxmfg._columnar import arrow_table, lists, pandas_frame, polars_frame
from xxmfg._columns import NOTE, covered, entries_of
from xxmfg._excel import FORMULA_STARTS, workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike
    from pathlib import Path

    import pandas as pd
    import polars as pl
    import pyarrow as pa
    from numpy.typing import NDArray

    from xxmfg.table import Table

__all__ = ["Exports", "as_json", "write_csv", "write_whole"]

ROWS_AT_ONCE = 65_536  # of a long table are turned into Python objects
NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?")  # printed with its digits; a spreadsheet reads it as the number it is


class Exports:
    """What a `Table` gives to others; of what is suppressed each gives the mark and the note, and none the figure.

    What people read has the mark in the place of the figure and the note below. Frames have no figure there (null, in
    pandas NaN) and further columns behind their own: for each column that may have suppressed figures, such as `value`,
    one of marks, `value_mark`, and `note`, which is the note in the rows that have a mark.
    """

    __slots__ = ()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_dict(self) -> dict[str, list[Any]]:
        """Give the columns as lists of Python objects.

        A missing text, label or date is `None`, a float NaN stays NaN. Dates finer than a microsecond, for which Python
        has no type, come as ISO text. What is suppressed is `None`; its marks and the note are further columns.

        Returns
        -------
        dict of str to list
            The columns by their names, in order; of a table from `protect` then those of marks and `note`.

        Examples
        --------
        >>> import xxmfg as xm
        >>> xm.Table({"city": ["沣东", None], "sum": [45.78, 3.31]}).to_dict()
        {'city': ['沣东', None], 'sum': [45.78, 3.31]}
        >>> xm.Table({"sum": [float("nan"), 3.31]}, suppressed={"sum": [True, False]}, note="c: confidential").to_dict()
        {'sum': [None, 3.31], 'sum_mark': ['c', None], 'note': ['c: confidential', None]}
        """
        return lists(_as_table(self))

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

    def to_excel(self, path: str | PathLike[str] | BinaryIO) -> None:
        """Write the table as an Excel workbook with one sheet: a row of names, then one row a row, numbers as numbers.

        Missing values are empty cells; shares and rates are fractions in a format of percent. Of a table from `protect`
        what is suppressed is ``c``, and the last row is the note if there is one. Text is never a formula; invisible
        characters are shown by their escapes. Integers of more than 15 digits, of which Excel would change the last,
        and infinities are text. A file is written beside and renamed, as by `to_csv`.

        Parameters
        ----------
        path : str, path or binary file object
            Where to write. A file object is written to as it is and stays open.

        Raises
        ------
        ValueError
            If the table has more rows or columns than a sheet, or a text is longer than a cell.
        OSError
            If the file cannot be written; it names the path.
        ImportError
            If openpyxl is not installed: ``pip install xxmfg[excel]``.

        Examples
        --------
        >>> from io import BytesIO
        >>> import xxmfg as xm
        >>> from openpyxl import load_workbook
        >>> file = BytesIO()
        >>> xm.Table({"city": ["沣东", "空港"], "share": [0.5516, 0.04]}, percent=["share"]).to_excel(file)
        >>> list(load_workbook(file).active.values)
        [('city', 'share'), ('沣东', 0.5516), ('空港', 0.04)]
        """
        table = _as_table(self)
        masks = table.suppressed
        columns = {name: _excel_entries(table[name], masks.get(name)) for name in table}
        content = workbook(columns, table.percent, table.note if masks else "")
        if hasattr(path, "write"):
            cast("BinaryIO", path).write(content)
        else:
            write_whole(path, lambda file: file.write(content), "b")

    def to_json(self) -> str:
        """Give the rows as a JSON list of objects, one a line; shares and rates stay fractions.

        Missing values are null, infinities the texts that JavaScript prints. Of a table from `protect` what is
        suppressed is ``"c"``, and the last object is the note if there is one.

        Returns
        -------
        str
            The JSON, without a line break at its end.

        Examples
        --------
        >>> import xxmfg as xm
        >>> print(xm.Table({"city": ["沣东", None], "share": [0.5516, 0.04]}).to_json())
        [
        {"city": "沣东", "share": 0.5516},
        {"city": null, "share": 0.04}
        ]
        """
        return as_json(_as_table(self))

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

        What is suppressed is NaN, which pandas leaves out of sums and means without a word; its marks stand in columns
        of their own, the note in another and in `attrs`.

        Raises
        ------
        ImportError
            If pandas is not installed: ``pip install xxmfg[pandas]``.
        """
        return pandas_frame(_as_table(self))

    def to_polars(self) -> pl.DataFrame:
        """Give a copy as a Polars DataFrame; missing labels become null, NaN stays, years and months become dates.

        What is suppressed is null, no NaN, which Polars takes for the largest number of all; its marks and the note
        stand in columns of their own.

        Raises
        ------
        ImportError
            If Polars is not installed: ``pip install xxmfg[polars]``.
        """
        return polars_frame(_as_table(self))

    def to_arrow(self) -> pa.Table:
        """Give a pyarrow Table; missing labels become null, NaN stays, years and months become dates.

        What is suppressed is null; its marks and the note stand in columns of their own, the note in the metadata too.

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
    masks = table.suppressed
    parts = [(table[name], masks.get(name)) for name in table]

    def write(file: TextIO) -> None:
        file.write("\ufeff" if bom else "")
        file.write(_line([_field(name, safe) for name in table]))
        for start in range(0, len(table), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            block = (covered(entries_of(column[rows]), None if mask is None else mask[rows]) for column, mask in parts)
            fields = [[_field(entry, safe) for entry in entries] for entries in block]
            file.writelines(map(_line, zip(*fields, strict=True)))
        if masks and table.note:
            file.write(_line([_field(table.note, safe), *[""] * (len(table.columns) - 1)]))

    if hasattr(path, "write"):
        write(cast("TextIO", path))
    else:
        write_whole(path, write)


def as_json(table: Table) -> str:
    """Give a table as a JSON list of objects."""
    import json

    words = {float("inf"): "Infinity", float("-inf"): "-Infinity"}
    masks = table.suppressed
    marked = (covered(entries_of(table[name]), masks.get(name)) for name in table)
    columns = [[words.get(entry, entry) for entry in entries] for entries in marked]
    rows = [dict(zip(table.columns, row, strict=True)) for row in zip(*columns, strict=True)]
    rows += [{NOTE: table.note}] if masks and table.note else []
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    return f"[\n{lines}\n]" if lines else "[]"


def _excel_entries(column: NDArray[Any], mask: NDArray[np.bool_] | None) -> list[Any]:
    """Give what stands in the cells of a column: dates of days or finer as dates, of years and months as text."""
    is_date = column.dtype.kind == "M" and np.datetime_data(column.dtype)[0] in {"D", "h", "m", "s", "ms", "us"}
    return column.tolist() if is_date else covered(entries_of(column), mask)


def write_whole(path: str | PathLike[str], write: Callable[[Any], object], kind: str = "") -> None:
    """Let `write` fill a file that then takes the place of `path`, or leave no trace where it fails.

    It is UTF-8 text whose line ends are written as they are given, or of `kind` "b" bytes. What is no regular file (a
    pipe, a terminal) is written to directly. An `OSError` names `path`, never the file beside it.
    """
    from contextlib import suppress
    from pathlib import Path
    from secrets import token_hex

    target = Path(path)
    try:
        with suppress(FileNotFoundError):
            target.stat()  # a loop of symbolic links is no file to come, as `exists` has it
        if target.exists() and not target.is_file():
            with _opened(target, "w" + kind) as file:
                write(file)
            return
        target = target.resolve()  # a symbolic link stays one
        beside = target.with_name(f".{token_hex(8)}.part")
        try:
            with _opened(beside, "x" + kind) as file:
                if target.exists():
                    beside.chmod(target.stat().st_mode)
                write(file)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def _opened(path: Path, mode: str) -> IO[Any]:
    is_text = not mode.endswith("b")
    return path.open(mode, encoding="utf-8" if is_text else None, newline="" if is_text else None)


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
