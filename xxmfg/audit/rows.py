"""Rows of text with their places, from a CSV file or from columns: what figures and relations are read from."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from xxmfg.errors import AuditError, unknown_column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxmfg.io.fields import Fields

__all__ = ["Row", "Rows", "figure_rows", "relation_rows", "rows_of_bytes"]

TYPED = (".xlsx", ".parquet")  # files whose cells are no text: they are read as records

_LABELED = re.compile(r"\s*([^\W\d]\w*)\s*(?::\s*|(?=\?))")


class Rows:
    """Named columns of text; `source` is what messages call them."""

    def __init__(self, source: str, columns: Mapping[str, list[str]], fields: Fields | None = None) -> None:
        self.source = source
        self.columns = columns
        self.fields = fields
        self.n_rows = len(next(iter(columns.values()), []))

    def __iter__(self) -> Iterator[Row]:
        return (Row(self, number) for number in range(self.n_rows))

    def require(self, name: str) -> None:
        """Raise where a column is not there."""
        if name not in self.columns:
            raise unknown_column(name, self.columns, self.source)

    def place(self, row: int, column: str | None = None, offset: int = 0) -> str:
        """Say where a row stands, or a character of one of its fields."""
        if self.fields is None:
            inside = f", column {column!r}, character {offset + 1}" if column else ""
            return f"{self.source}: row {row}{inside}"
        line, place = self.fields.place(row, column, offset)
        return f"{self.source}: line {line}, column {place}" if column else f"{self.source}: line {line}"


class Row(NamedTuple):
    """One row; a column that is not there is empty."""

    rows: Rows
    number: int

    def text(self, name: str) -> str:
        """Give the text of a column without the blanks around it."""
        column = self.rows.columns.get(name)
        return column[self.number].strip() if column else ""

    def fault(self, column: str, message: str, offset: int = 0) -> AuditError:
        """Give the error that names the place of a field, or of a character of its stripped text."""
        text = self.rows.columns[column][self.number]
        blanks = len(text) - len(text.lstrip())
        return AuditError(f"{self.rows.place(self.number, column, blanks + offset)}: {message}")


def figure_rows(given: Any) -> Rows:
    """Give figures as rows: a path, `Records`, a `Table`, a dataframe or a mapping of names to columns."""
    if isinstance(given, Rows):
        return given
    return _from_file(given) if isinstance(given, str | os.PathLike) else _from_columns(given, "figures")


def relation_rows(given: Any) -> Rows:
    """Give relations as rows: as figures, or a mapping of ids to relations, or lines such as ``R1: a + b = c``."""
    if isinstance(given, Rows):
        return given
    if isinstance(given, str | os.PathLike):
        return _from_file(given)
    if isinstance(given, Mapping) and all(isinstance(text, str) for text in given.values()):
        return Rows("relations", {"id": list(map(str, given)), "relation": list(given.values())})
    if isinstance(given, list | tuple):
        return _from_lines(given)
    return _from_columns(given, "relations")


def _from_file(path: str | os.PathLike[str]) -> Rows:
    if os.fspath(path).lower().endswith(TYPED):
        from xxmfg.io import read

        return _from_columns(read(path), os.fspath(path))
    from xxmfg.io.fields import read_fields

    return _from_fields(read_fields(path))


def rows_of_bytes(content: bytes, source: str) -> Rows:
    """Give the rows of a CSV file's bytes; `source` is what messages call it."""
    from xxmfg.io.fields import parse_fields

    return _from_fields(parse_fields(content, source))


def _from_fields(fields: Fields) -> Rows:
    return Rows(fields.source, dict(zip(fields.names, fields.columns, strict=True)), fields)


def _from_columns(given: Any, source: str) -> Rows:
    from xxmfg.records import Records

    records = given if isinstance(given, Records) else Records(given)
    columns = {}
    for name in records.columns:
        column = records[name]
        entries = column.tolist() if hasattr(column, "tolist") else column.to_pylist()
        columns[name] = [_text(entry) for entry in entries]
    return Rows(source, columns)


def _text(entry: Any) -> str:
    return "" if entry is None or entry != entry or type(entry).__name__ == "NAType" else str(entry)  # noqa: PLR0124


def _from_lines(lines: list[Any] | tuple[Any, ...]) -> Rows:
    ids, relations = [], []
    for number, line in enumerate(lines):
        if not isinstance(line, str):
            raise TypeError(f"relations: number {number} is {type(line).__name__}; give texts such as 'R1: a + b = c'")
        label = _LABELED.match(line)
        ids.append(label[1] if label else str(number + 1))
        relations.append(line[label.end() :] if label else line)
    return Rows("relations", {"id": ids, "relation": relations})
