"""Files to Records: `read` picks the reader by the file's name."""

from __future__ import annotations

import os
from errno import EISDIR
from typing import TYPE_CHECKING

from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xxmfg.records import Records

__all__ = ["MISSING", "path_of", "read"]

MISSING = ("", "NA", "—", "…")
"""Cells that stand for a missing value unless the caller says otherwise."""

DELIMITERS = {".csv": ",", ".txt": ",", ".tsv": "\t"}
_OTHERS = {
    ".xls": "pandas.read_excel",
    ".ods": "pandas.read_excel",
    ".feather": "pyarrow.feather.read_table",
    ".arrow": "pyarrow.feather.read_table",
}


def path_of(given: object) -> str:
    """Give the name of a file, or raise where it is none; bytes are none."""
    if not isinstance(given, str) and not isinstance(given, os.PathLike):
        raise TypeError(f"path must be a str or a pathlib.Path, not {given!r} ({type(given).__name__})")
    return os.fspath(given)


def read(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    types: Mapping[str, str] | None = None,
    missing: Iterable[str] = MISSING,
    thousands: str | None = None,
    sheet: str | int | None = None,
    header: int = 0,
    columns: Sequence[str] | None = None,
) -> Records:
    r"""Read a file of records: .csv and .txt (commas), .tsv (tabs), .xlsx (needs openpyxl) or .parquet (pyarrow).

    Each column becomes int64, float64, bool, datetime64[D] or text, as all its cells are. Numbers with leading zeros
    (0201) stay text, and so do integers beyond int64. Integers with missing cells become float64 with NaN, or a
    masked int64 array where a double would change one of them.

    Of a workbook, cells that Excel keeps as text stay text, formulas give the values that Excel stored (where none
    is, the cell is named), and an archive that unpacks to more than 512 MB or 100 times its size is refused before it
    is opened. A Parquet file has its types: numbers, bools and dates become arrays, instants by the clock of their time
    zone; text stays in Arrow, as a dictionary of its distinct entries, and ``numpy.asarray`` gives it as an array.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    encoding : str, optional
        The text's encoding. By default a byte order mark decides; without one, strict UTF-8, then strict GB18030.
        `Records.encoding` names what was found.
    types : mapping of str to str, optional
        Column name to "text", "number", "int", "float", "date" (2019-12-31, or 2019-12 for months) or "bool": what
        is not so is an error instead of text.
    missing : iterable of str
        Cells that stand for a missing value, in every column; spaces around them do not matter.
    thousands : str, optional
        The separator of thousands in numbers, such as ",".
    sheet : str or int, optional
        The sheet of a workbook, by its name or its place counted from 0; by default the first.
    header : int
        The row that holds the column names, counted from 0; rows above it are left out. Empty lines are skipped and
        not counted.
    columns : sequence of str, optional
        Only these columns, in this order; by default all. Of a Parquet file the others are not read.

    Returns
    -------
    Records
        The columns in the file's order.

    Raises
    ------
    OSError
        The file is missing (`FileNotFoundError`), a folder, or not readable.
    XxmfgError
        The file is no such text: the message names the line.
    ColumnError
        `types` or `columns` names a column that the file does not have.
    ImportError
        openpyxl or pyarrow is not installed: ``pip install xxmfg[excel]`` or ``xxmfg[arrow]``.

    Examples
    --------
    >>> import pathlib, tempfile, xxmfg as xm
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "plants.csv")
    ...     _ = path.write_text("code,output\n0201,3.5\n0202,NA\n")
    ...     r = xm.read(path)
    >>> r["code"].tolist(), r["output"].tolist(), r.encoding
    (['0201', '0202'], [3.5, nan], 'utf-8')
    """
    name = path_of(path)
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122  (pathlib is slow to import)
    if suffix not in DELIMITERS:
        os.stat(name)  # a missing file is a missing file, whatever its name  # noqa: PTH116
        if os.path.isdir(name):  # noqa: PTH112
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR), name)
        if suffix not in {".xlsx", ".parquet"}:
            raise XxmfgError(_not_read(name, suffix))
    if sheet is not None and suffix != ".xlsx":
        raise XxmfgError(f"{name}: sheet {sheet!r} is asked for; sheets are for workbooks, and this file has none")
    if suffix == ".xlsx":
        from xxmfg.io.excel import read_xlsx

        return read_xlsx(
            name, types=types, missing=missing, thousands=thousands, sheet=sheet, header=header, columns=columns
        )
    if suffix == ".parquet":
        from xxmfg.io.parquet import read_parquet

        return read_parquet(name, types=types, columns=columns)
    from xxmfg.io.csv import read_csv

    records = read_csv(
        name,
        delimiter=DELIMITERS.get(suffix, ","),
        encoding=encoding,
        types=types,
        missing=missing,
        thousands=thousands,
        header=header,
    )
    return records if columns is None else _chosen(records, columns)


def _chosen(records: Records, columns: Sequence[str]) -> Records:
    from xxmfg.records import Records

    return Records({name: records[name] for name in columns}, encoding=records.encoding)


def _not_read(name: str, suffix: str) -> str:
    taken = f"{name}: read takes .csv, .tsv, .txt, .xlsx and .parquet"
    if suffix in _OTHERS:
        return f"{taken}; load {suffix} with xxmfg.Records({_OTHERS[suffix]}({name!r}))"
    return f"{taken}; rename the file, or give its columns to xxmfg.Records yourself"
