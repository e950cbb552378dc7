"""The command line: arguments in, one call, a table or a page out, an exit code.

0 done; 1 the data do not hold; 2 wrong use or unreadable input, with one line on standard error; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xxmfg.records import Records
    from xxmfg.table import Table

__all__ = ["as_json", "main"]

WRONG_USE = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells have it
PIPE_CLOSED = 141  # 128 + SIGPIPE
UNREADABLE = (ImportError, MemoryError, OSError, OverflowError, TypeError, ValueError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after the command's name; by default those of the process.

    Returns
    -------
    int
        0 when done, 2 for wrong use or unreadable input, 130 when interrupted, 141 when the reader of the output left.

    Raises
    ------
    SystemExit
        For ``--help``, and with code 2 for words that the command does not know.

    Examples
    --------
    >>> from xxmfg.cli import main
    >>> main(["aggregate", "no-such-file.csv", "--value", "output"])
    2
    """
    try:
        with warnings.catch_warnings():
            warnings.showwarning = lambda message, *_: _say(f"warning: {message}")
            _run(_parser().parse_args(arguments))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except UNREADABLE as error:
        _drop_output()
        _say(_message(error))
        return WRONG_USE
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="xxmfg",
        description="Exact statistics of industry, from records to tables and the report.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    report = commands.add_parser(
        "report", help="build the survey report: a page, its tables and charts", allow_abbrev=False
    )
    report.add_argument(
        "-o", "--output", metavar="DIR", default="report", help="the folder to make (default: %(default)s)"
    )
    report.add_argument("--force", action="store_true", help="replace a folder that is there")

    aggregate = _measure(commands, "aggregate", "statistics of a column in groups")
    aggregate.add_argument(
        "--stats", default="count,sum", help="statistics, separated by commas (default: %(default)s)"
    )
    aggregate.add_argument("--total", action="store_true", help="add a row with the totals")

    growth = _measure(commands, "growth", "growth of each group's sum from period to period")
    growth.add_argument(
        "--period",
        metavar="COLUMN",
        required=True,
        help="the column of periods: integers, or dates (months need --type)",
    )
    growth.add_argument(
        "--lag", metavar="N", type=int, default=1, help="periods back to the base (default: %(default)s)"
    )

    top = _measure(commands, "top", "the largest records of each group")
    top.add_argument("-n", metavar="N", type=int, default=10, help="how many (default: %(default)s)")
    top.add_argument("--label", metavar="COLUMN", help="the column that names the records")
    top.add_argument(
        "--ties", choices=("strict", "all"), default="strict", help="all: keep what ties with the last one"
    )
    return parser


def _measure(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str
) -> argparse.ArgumentParser:
    """Add the command of a measure, with what all of them take: a file, a value, keys, a format."""
    command = commands.add_parser(name, help=summary, description=f"Give {summary}.", allow_abbrev=False)
    command.add_argument("file", metavar="FILE", help="a .csv, .tsv or .txt file, or - for CSV on standard input")
    command.add_argument("--value", metavar="COLUMN", required=True, help="the column of values")
    command.add_argument("--by", metavar="COLUMN", action="append", help="a key of the groups; may be given again")
    command.add_argument("--encoding", help="the encoding of the file (default: UTF-8, else GB18030)")
    command.add_argument("--thousands", metavar="CHARACTER", help="the separator of thousands in numbers")
    command.add_argument(
        "--type",
        metavar="COLUMN=KIND",
        action="append",
        default=[],
        help="read a column as text, number, int, float, date or bool",
    )
    formats = command.add_mutually_exclusive_group()
    for form in ("csv", "json", "html"):
        formats.add_argument(f"--{form}", dest="form", action="store_const", const=form, help=f"write {form.upper()}")
    return command


def _run(arguments: argparse.Namespace) -> None:
    if arguments.version:
        import xxmfg

        print(f"xxmfg {xxmfg.__version__}")
    elif arguments.command is None:
        _parser().error("name a command: report, aggregate, growth or top")
    elif arguments.command == "report":
        from xxmfg.report import build

        print(build(arguments.output, force=arguments.force))
    else:
        _write(_table(arguments), arguments.form)


def _table(arguments: argparse.Namespace) -> Table:
    from xxmfg.aggregate import KEY_STATISTICS

    if arguments.command == "growth":
        records = _records(arguments, [arguments.value])
        return records.growth(arguments.value, arguments.period, arguments.by, arguments.lag)
    if arguments.command == "top":
        records = _records(arguments, [arguments.value])
        return records.top(arguments.value, arguments.n, arguments.by, arguments.label, ties=arguments.ties)
    stats = [stat.strip() for stat in arguments.stats.split(",")]
    records = _records(arguments, [] if KEY_STATISTICS.issuperset(stats) else [arguments.value])
    return records.aggregate(arguments.value, arguments.by, stats, total=arguments.total)


def _records(arguments: argparse.Namespace, numbers: Sequence[str]) -> Records:
    """Read the file; what is no number in a column that must hold numbers is an error that names its line."""
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
        records = parse_csv(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input", **options)
    else:
        records = read(arguments.file, **options)
    if arguments.encoding is None and records.encoding not in {"utf-8", "utf-8-sig"}:
        _say(f"{arguments.file}: read as {records.encoding}")
    return records


def _write(table: Table, form: str | None) -> None:
    """Write a table to standard output: aligned text, or in UTF-8 as CSV, JSON or HTML."""
    from xxmfg import _show

    if hasattr(sys.stdout, "reconfigure"):  # a terminal of another encoding shows escapes; files are always UTF-8
        sys.stdout.reconfigure(encoding="utf-8" if form else None, errors="backslashreplace")
    if form == "csv":
        table.to_csv(sys.stdout)
    elif form == "json":
        print(as_json(table))
    elif form == "html":
        head = '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>xxmfg</title>\n</head>\n<body>'
        print(f"{head}\n{_show.html(table, max_rows=None)}\n</body>\n</html>")
    else:
        print(_show.text(table, max_rows=None, max_width=None))


def as_json(table: Table) -> str:
    """Give a list of objects, one a row on its line; missing is null, infinity the text that JavaScript prints."""
    import json

    from xxmfg._columns import entries_of

    words = {float("inf"): "Infinity", float("-inf"): "-Infinity"}
    columns = [[words.get(entry, entry) for entry in entries_of(table[name])] for name in table]
    rows = (dict(zip(table.columns, row, strict=True)) for row in zip(*columns, strict=True))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    return f"[\n{lines}\n]" if lines else "[]"


def _message(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error) or type(error).__name__


def _say(message: str) -> None:
    """Write one line to standard error; characters of the data that move the cursor are escaped."""
    from xxmfg._show import visible

    print(f"xxmfg: {visible(message)}", file=sys.stderr)


def _drop_output() -> None:
    """Let go of output that nobody takes, or Python would complain about it once more when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
