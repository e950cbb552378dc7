"""What the commands say: a table in the chosen form on standard output, lines on standard error."""

from __future__ import annotations

import sys
from errno import EBADF
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from xxmfg.table import Table

__all__ = ["add_formats", "as_page", "prepare", "say", "write"]


def add_formats(command: argparse.ArgumentParser) -> None:
    """Add `--csv`, `--json` and `--html`, of which one at most may be given."""
    formats = command.add_mutually_exclusive_group()
    for form in ("csv", "json", "html"):
        formats.add_argument(f"--{form}", dest="form", action="store_const", const=form, help=f"write {form.upper()}")


def write(table: Table, form: str | None) -> None:
    """Write a table to standard output: aligned text, or in UTF-8 as CSV, JSON or HTML."""
    from xxmfg import _show

    prepare(form)
    if form == "csv":
        table.to_csv(sys.stdout)
    elif form == "json":
        print(table.to_json())
    elif form == "html":
        print(as_page([table]))
    else:
        print(_show.text(table, max_rows=None, max_width=None))


def prepare(form: str | None) -> None:
    """Set the encoding of standard output: a terminal of another one shows escapes; what is no plain text is UTF-8."""
    if sys.stdout is None:
        raise OSError(EBADF, "it is closed", "standard output")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8" if form else None, errors="backslashreplace")


def as_page(tables: Sequence[Table]) -> str:
    """Give tables as an HTML file."""
    from xxmfg import _show

    head = '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>xxmfg</title>\n</head>\n<body>'
    body = "\n".join(_show.html(table, max_rows=None) for table in tables)
    return f"{head}\n{body}\n</body>\n</html>"


def say(message: str) -> None:
    """Write one line to standard error; characters of the data that move the cursor are escaped."""
    from xxmfg._show import visible

    if sys.stderr is not None:  # print would take standard output in its place
        print(f"xxmfg: {visible(message)}", file=sys.stderr)
