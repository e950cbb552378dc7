"""A CSV file as the texts of its fields, each of which knows the line and the column where it stands."""

from __future__ import annotations

import os
from typing import NamedTuple

from xxmfg.errors import XxmfgError
from xxmfg.io import path_of
from xxmfg.io.csv import MAX_BYTES, decode, line_of, split

__all__ = ["Fields", "parse_fields", "read_fields"]

DELIMITER = ","


class Fields(NamedTuple):
    """The columns of a file, nothing read into them."""

    source: str
    text: str
    names: list[str]
    columns: list[list[str]]

    def place(self, row: int, name: str | None = None, offset: int = 0) -> tuple[int, int]:
        """Give line and column, both from 1, of a record, or of a character of one of its fields."""
        line = line_of(self.text, DELIMITER, row + 1)
        if name is None:
            return line, 1
        return _walk(self.text, line, self.names.index(name), offset)


def read_fields(path: str | os.PathLike[str]) -> Fields:
    """Read a file of comma-separated text; UTF-8, else GB18030.

    Raises
    ------
    OSError
        The file is missing or not readable.
    XxmfgError
        The file is no such text; the message names the line.
    """
    name = path_of(path)
    with open(name, "rb") as file:  # noqa: PTH123  (pathlib is slow to import)
        content = file.read(MAX_BYTES + 1)
    return parse_fields(content, name)


def parse_fields(content: bytes, source: str) -> Fields:
    """Take the bytes of comma-separated text apart; `source` is what errors call it."""
    if len(content) > MAX_BYTES:
        raise XxmfgError(f"{source}: more than {MAX_BYTES / 1e6:.0f} MB")
    text, _ = decode(content, None, source)
    names, columns = split(text, DELIMITER, 0, source)
    return Fields(source, text, names, columns)


def _walk(text: str, line: int, field: int, offset: int) -> tuple[int, int]:
    """Go from the beginning of a record to a character of one of its fields."""
    import re
    from io import StringIO

    record = "".join(list(StringIO(text, newline=""))[line - 1 :])
    at = 0
    for _ in range(field):
        at = _end_of_field(record, at) + 1
    if record[at : at + 1] == '"':
        at += 1
        for _ in range(offset):
            at += 2 if record[at : at + 2] == '""' else 1  # a doubled quote is one character
    else:
        at += offset
    ends = [match.end() for match in re.finditer(r"\r\n|\r|\n", record[:at])]
    return line + len(ends), at - (ends[-1] if ends else 0) + 1


def _end_of_field(record: str, at: int) -> int:
    import re

    match = re.compile(rf'"(?:[^"]|"")*"|[^{DELIMITER}\r\n]*').match(record, at)
    return match.end() if match else at
