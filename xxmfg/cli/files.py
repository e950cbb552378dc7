"""A file of records on the command line: the arguments that say how to read it, and the reading."""

from __future__ import annotations

import os
import sys
from errno import EBADF
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from xxmfg.records import Records

__all__ = ["TAKEN", "add_file_arguments", "add_reading_arguments", "is_text", "places_of", "records_of"]

TAKEN = ".csv, .tsv, .txt, .xlsx, .parquet, or - for CSV from stdin"


def add_file_arguments(command: argparse.ArgumentParser) -> None:
    """Add the file and what may be said of it."""
    command.add_argument("file", metavar="FILE", help=TAKEN)
    add_reading_arguments(command)


def add_reading_arguments(command: argparse.ArgumentParser) -> None:
    """Add what may be said of a file."""
    command.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook (default: the first)")
    command.add_argument("--encoding", help="the encoding of the file (default: UTF-8, else GB18030)")
    command.add_argument("--thousands", metavar="CHARACTER", help="the separator of thousands in numbers")
    command.add_argument(
        "--type",
        metavar="COLUMN=KIND",
        action="append",
        default=[],
        help="read a column as text, number, int, float, date or bool",
    )
    command.add_argument(
        "--where",
        metavar="COLUMN=ENTRY",
        action="append",
        default=[],
        help="only records with this entry (COLUMN= for none); given again: that have all of them",
    )


def records_of(arguments: argparse.Namespace, numbers: Sequence[str], columns: Sequence[str] | None = None) -> Records:
    """Read the file, or some of its columns, and keep the records that --where asks for.

    What is no number where there must be one is an error with its line. What there is to say of the reading is kept in
    `arguments.remarks` for the end: in front of an error it would look like one. For `places_of`, standard input is
    kept in `arguments.content`, and in `arguments.kept` which records are.
    """
    from xxmfg.io import read
    from xxmfg.io.csv import MAX_BYTES, parse_csv

    types = dict.fromkeys(numbers, "number")
    for declared in arguments.type:
        name, equals, kind = declared.rpartition("=")
        if not equals:
            raise ValueError(f"--type {declared}: give COLUMN=KIND, such as code=text")
        types[name] = kind
    wanted = [_wanted(asked) for asked in arguments.where]
    options = {"encoding": arguments.encoding, "types": types, "thousands": arguments.thousands}
    if arguments.file == "-":
        if sys.stdin is None:
            raise OSError(EBADF, "it is closed", "standard input")
        arguments.content = sys.stdin.buffer.read(MAX_BYTES + 1)
        records = parse_csv(arguments.content, "standard input", **options)
    else:
        names = None if columns is None else list(dict.fromkeys([*columns, *(name for name, _ in wanted)]))
        records = read(arguments.file, sheet=arguments.sheet, columns=names, **options)
    if arguments.encoding is None and records.encoding not in {None, "utf-8", "utf-8-sig"}:
        arguments.remarks.append(f"{arguments.file}: read as {records.encoding}")
    if not len(records):
        arguments.remarks.append(f"{arguments.file}: there are no records below its head")
    arguments.kept = range(len(records))
    for name, entry in wanted:
        has_entry = _has(records[name], entry)
        if len(records) and not has_entry.any():
            arguments.remarks.append(f"--where {name}={entry}: no record has this entry")
        records = records[has_entry]
        arguments.kept = [row for row, has in zip(arguments.kept, has_entry.tolist(), strict=True) if has]
    return records


def is_text(arguments: argparse.Namespace) -> bool:
    """Tell whether the file is delimited text, or else a workbook or Parquet, whose entries have kinds already."""
    from xxmfg.io import DELIMITERS

    return arguments.file == "-" or _suffix(arguments) in DELIMITERS


def _suffix(arguments: argparse.Namespace) -> str:
    suffix: str = os.path.splitext(arguments.file)[1].lower()  # noqa: PTH122  (pathlib is slow to import)
    return suffix


def places_of(arguments: argparse.Namespace) -> Callable[[int], str]:
    """Give what says where a record that was kept stands: on which line of its text; else, which record it is."""
    from xxmfg.io import DELIMITERS
    from xxmfg.io.csv import decode, line_of

    if not is_text(arguments):
        return lambda row: f"record {arguments.kept[row] + 1}"
    delimiter = DELIMITERS.get(_suffix(arguments), ",")

    def line(row: int) -> str:
        if arguments.file != "-":
            with open(arguments.file, "rb") as file:  # noqa: PTH123
                arguments.content = file.read()
        text, _ = decode(arguments.content, arguments.encoding, arguments.file)
        return f"line {line_of(text, delimiter, arguments.kept[row] + 1)}"

    return line


def _wanted(asked: str) -> tuple[str, str]:
    """Give the column and the entry that --where asks for."""
    name, equals, entry = asked.partition("=")
    if not equals:
        raise ValueError(f"--where {asked}: give COLUMN=ENTRY, such as year=2019; COLUMN= for missing ones")
    return name, entry


def _has(column: Any, entry: str) -> NDArray[np.bool_]:
    """Tell which records have this entry: a label as text, or none."""
    import numpy as np

    from xxmfg.grouping import Grouping

    found = Grouping(column)
    missing = [label is None or label != label for label in found.labels[0].tolist()]  # noqa: PLR0124  (NaN)
    texts = ["" if none else str(label) for label, none in zip(found.labels[0].tolist(), missing, strict=True)]
    return np.array([text == entry for text in texts], dtype=bool)[found.codes]
