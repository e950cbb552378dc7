"""Files to Records: `read` picks the reader by the file's name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxmfg.records import Records

__all__ = ["MISSING", "read"]

MISSING = ("", "NA", "—", "…")
"""Cells that stand for a missing value unless the caller says otherwise."""

_DELIMITERS = {".csv": ",", ".txt": ",", ".tsv": "\t"}
_OTHERS = {
    ".xlsx": "pandas.read_excel",
    ".xls": "pandas.read_excel",
    ".ods": "pandas.read_excel",
    ".parquet": "pyarrow.parquet.read_table",
    ".feather": "pyarrow.feather.read_table",
    ".arrow": "pyarrow.feather.read_table",
}


def read(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    types: Mapping[str, str] | None = None,
    missing: Iterable[str] = MISSING,
    thousands: str | None = None,
    sheet: str | int | None = None,
    header: int = 0,
) -> Records:
    r"""Read a file of records: .csv and .txt (commas) or .tsv (tabs).

    Each column becomes int64, float64, bool, datetime64[D] or text, as all its cells are. Numbers with leading zeros
    (0201) stay text, and so do integers beyond int64. Integers with missing cells become float64 with NaN, or a
    masked int64 array where a double would change one of them.

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
        For workbooks; a text file has none.
    header : int
        The row that holds the column names, counted from 0; rows above it are left out. Empty lines are skipped and
        not counted.

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
        `types` names a column that the file does not have.

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
    name = os.fspath(path)
    if not isinstance(name, str):
        raise TypeError(f"path is {type(name).__name__}; give a str or a pathlib.Path")
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122  (pathlib is slow to import)
    if suffix not in _DELIMITERS and not os.path.isdir(name):  # noqa: PTH112
        os.stat(name)  # a missing file is a missing file, whatever its name  # noqa: PTH116
        raise XxmfgError(_not_text(name, suffix))
    if sheet is not None:
        raise XxmfgError(f"{name}: sheet={sheet!r} is for workbooks; a text file has no sheets")
    from xxmfg.io.csv import read_csv

    return read_csv(
        name,
        delimiter=_DELIMITERS.get(suffix, ","),
        encoding=encoding,
        types=types,
        missing=missing,
        thousands=thousands,
        header=header,
    )


def _not_text(name: str, suffix: str) -> str:
    if suffix in _OTHERS:
        return f"{name}: read takes .csv, .tsv and .txt; load {suffix} with xxmfg.Records({_OTHERS[suffix]}({name!r}))"
    return f"{name}: read takes .csv, .tsv and .txt; rename the file, or give its columns to xxmfg.Records yourself"
