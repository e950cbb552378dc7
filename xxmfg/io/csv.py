"""CSV text to Records: decode strictly, split into columns, give each its type; errors name the line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from xxmfg.errors import XxmfgError, unknown_column
from xxmfg.io import MISSING
from xxmfg.io._cells import KINDS, CellError, typed_column
from xxmfg.records import Records

if TYPE_CHECKING:
    import _csv
    from collections.abc import Iterable, Mapping

__all__ = ["MAX_BYTES", "decode", "line_of", "parse_csv", "read_csv", "split"]

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_UNMARKED = ("utf-8", "gb18030")  # never the other way round: GB18030 reads much of what is UTF-8, as other characters

MAX_BYTES = 100_000_000  # as Python's strings a file takes some 15 times its size (measured: 33 MB, 500 MB)
_CHUNK = 512  # records; below the 700 new objects that wake the garbage collector (measured: half the time of 10,000)


def read_csv(
    path: str,
    *,
    delimiter: str = ",",
    encoding: str | None = None,
    types: Mapping[str, str] | None = None,
    missing: Iterable[str] = MISSING,
    thousands: str | None = None,
    header: int = 0,
) -> Records:
    """Read a file of delimited text; see `xxmfg.read`."""
    with open(path, "rb") as file:  # noqa: PTH123  (pathlib is slow to import)
        n_bytes = os.fstat(file.fileno()).st_size
        if n_bytes > MAX_BYTES:
            raise XxmfgError(
                f"{path}: {n_bytes / 1e6:.0f} MB; above {MAX_BYTES / 1e6:.0f} MB read the file with pyarrow: "
                f"xxmfg.Records(pyarrow.csv.read_csv({path!r}))"
            )
        content = file.read(MAX_BYTES + 1)  # what is no regular file does not tell its size
    return parse_csv(
        content,
        path,
        delimiter=delimiter,
        encoding=encoding,
        types=types,
        missing=missing,
        thousands=thousands,
        header=header,
    )


def parse_csv(
    content: bytes,
    source: str,
    *,
    delimiter: str = ",",
    encoding: str | None = None,
    types: Mapping[str, str] | None = None,
    missing: Iterable[str] = MISSING,
    thousands: str | None = None,
    header: int = 0,
) -> Records:
    """Read the bytes of delimited text; `source` is what errors call it."""
    if len(content) > MAX_BYTES:
        raise XxmfgError(f"{source}: more than {MAX_BYTES / 1e6:.0f} MB; save it as a file and read it with pyarrow")
    types = dict(types or {})
    blanks = frozenset((missing,) if isinstance(missing, str) else missing)
    _check_options(types, blanks, thousands, header)
    text, found = decode(content, encoding, source)
    names, columns = split(text, delimiter, header, source)
    for name in types:
        if name not in names:
            raise unknown_column(name, names, source)
    typed = {}
    for name, cells in zip(names, columns, strict=True):
        try:
            typed[name] = typed_column(cells, blanks, thousands, types.get(name))
        except CellError as error:
            line = line_of(text, delimiter, header + 1 + error.row)
            raise XxmfgError(f"{source}: line {line}, column {name!r}: {error}") from None
        cells.clear()
    return Records(typed, encoding=found)


def _check_options(types: Mapping[str, str], blanks: frozenset[str], thousands: str | None, header: int) -> None:
    for name, kind in types.items():
        if kind not in KINDS:
            raise XxmfgError(f"types (--type): column {name!r} is declared {kind!r}; give one of {', '.join(KINDS)}")
    for blank in blanks:
        if not isinstance(blank, str):
            raise TypeError(f"missing holds {blank!r}; give the texts that stand for a missing value")
    if thousands is not None and (len(thousands) != 1 or thousands in "0123456789+-."):
        raise XxmfgError(f"{thousands!r} is no separator of thousands; give one character such as ','")
    if not isinstance(header, int) or isinstance(header, bool):
        raise TypeError(f"header={header!r}; give the number of the row that holds the names, counted from 0")
    if header < 0:
        raise XxmfgError(f"header={header}; give the number of the row that holds the names, counted from 0")


def decode(content: bytes, encoding: str | None, source: str) -> tuple[str, str]:
    """Give the text and the name of its encoding."""
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    faults = []
    tries = (encoding,) if encoding is not None else (marked,) if marked else _UNMARKED
    for name in tries:
        try:
            text = content.decode(name).removeprefix("\ufeff")
        except LookupError:
            raise XxmfgError(f"{encoding!r} is no text encoding; common ones are utf-8 and gb18030") from None
        except UnicodeDecodeError as error:
            at = error.start + len(content) - len(error.object)  # the codec of marked UTF-8 counts from behind the mark
            line = content.count(b"\n", 0, at) + 1
            faults.append(f"not {name} (line {line}, byte {at + 1}: 0x{content[at]:02x})")
        else:
            if "\0" in text:
                line = text.count("\n", 0, text.index("\0")) + 1
                raise XxmfgError(f"{source}: line {line} holds a NUL character: not a text file, or not {name}")
            return text, name
    raise XxmfgError(f"{source}: {', '.join(faults)}; name the encoding")


def split(text: str, delimiter: str, header: int, source: str) -> tuple[list[str], list[list[str]]]:
    """Give the column names and the cells of each column."""
    import csv
    from itertools import islice

    records = filter(None, _reader(text, delimiter))
    try:
        names = next(islice(records, header, None), None)
        if names is None:
            raise XxmfgError(f"{source}: no row {header} of column names: the file ends before it")
        _check_names(names, f"{source}: line {line_of(text, delimiter, header)}")
        columns: list[list[str]] = [[] for _ in names]
        while chunk := list(islice(records, _CHUNK)):
            for row, record in enumerate(chunk, start=len(columns[0])):
                if len(record) != len(names):
                    line = line_of(text, delimiter, header + 1 + row)
                    raise XxmfgError(f"{source}: line {line}: expected {len(names)} fields, found {len(record)}")
            for column, cells in zip(columns, zip(*chunk, strict=True), strict=True):
                column.extend(cells)
    except csv.Error as error:
        line = line_of(text, delimiter)
        if "unexpected end" in str(error):
            raise XxmfgError(f"{source}: line {line}: a quotation mark opens a field that nothing closes") from None
        raise XxmfgError(f"{source}: line {line}: {error}") from None
    return names, columns


def _check_names(names: list[str], where: str) -> None:
    taken: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        if not name.strip():
            raise XxmfgError(f"{where}: column {number} has no name; give every column one")
        if taken.setdefault(name, number) != number:
            raise XxmfgError(f"{where}: columns {taken[name]} and {number} are both called {name!r}; rename one")


def _reader(text: str, delimiter: str) -> _csv.Reader:
    import csv
    from io import StringIO

    return csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)


def line_of(text: str, delimiter: str, record: int | None = None) -> int:
    """Give the line, counted from 1, on which a record begins; without a record the one that cannot be read.

    Records are counted from 0, empty lines left out.
    """
    import csv

    reader = _reader(text, delimiter)
    line, seen = 1, 0
    try:
        for fields in reader:
            if fields:
                if seen == record:
                    break
                seen += 1
            line = reader.line_num + 1
    except csv.Error:
        pass  # the line is where the unreadable record begins
    return line
