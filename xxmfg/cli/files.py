"""A file of records on the command line: the arguments that say how to read it, and the reading."""

from __future__ import annotations

import sys
from errno import EBADF
from typing import TYPE_CHECKING

from xxmfg.cli.output import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from xxmfg.records import Records

__all__ = ["TAKEN", "add_file_arguments", "add_reading_arguments", "records_of"]

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


def records_of(arguments: argparse.Namespace, numbers: Sequence[str], columns: Sequence[str] | None = None) -> Records:
    """Read the file, or some of its columns; what is no number where there must be one is an error with its line."""
    from xxmfg.io import read
    from xxmfg.io.csv import MAX_BYTES, parse_csv

    types = dict.fromkeys(numbers, "number")
    for declared in arguments.type:
        name, equals, kind = declared.rpartition("=")
        if not equals:
            raise ValueError(f"--type {declared}: give COLUMN=KIND, such as code=text")
        types[name] = kind
    options = {"encoding": arguments.encoding, "types": types, "thousands": arguments.thousands}
    if arguments.file == "-":
        if sys.stdin is None:
            raise OSError(EBADF, "it is closed", "standard input")
        records = parse_csv(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input", **options)
    else:
        records = read(arguments.file, sheet=arguments.sheet, columns=columns, **options)
    if arguments.encoding is None and records.encoding not in {None, "utf-8", "utf-8-sig"}:
        say(f"{arguments.file}: read as {records.encoding}")
    return records
