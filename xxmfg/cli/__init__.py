"""The command line: arguments in, one call, a table or a page out, an exit code.

0 done; 1 the data do not hold; 2 wrong use or unreadable input, with one line on standard error; 130 interrupted.
Each family of commands is a module that adds its parsers and says what each of them runs.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from typing import TYPE_CHECKING, NoReturn

from xxmfg._export import as_json
from xxmfg.cli import audit, measures, official, survey
from xxmfg.cli.output import say

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["as_json", "main"]

FAMILIES = (survey, audit, measures, official)

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
        0 when done, 1 when the data do not hold, 2 for wrong use or unreadable input, 130 when interrupted, 141 when
        the reader of the output left.

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
            warnings.showwarning = lambda message, *_: say(f"warning: {message}")
            code = _run(_parser().parse_args(arguments))
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except UNREADABLE as error:
        _drop_output()
        say(_message(error))
        return WRONG_USE
    return code or 0


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, and where the words that it knows stand."""

    def error(self, message: str) -> NoReturn:
        """Say it and end with the code of wrong use."""
        say(f"{message}; see {self.prog} --help")
        raise SystemExit(WRONG_USE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="xxmfg",
        description="Exact statistics of industry, from records to tables and the report.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for family in FAMILIES:
        family.add_commands(commands)
    parser.set_defaults(names=", ".join(commands.choices))
    return parser


def _run(arguments: argparse.Namespace) -> int | None:
    """Run the chosen command; its exit code, or None where there is nothing to say but that it is done."""
    if arguments.version:
        import xxmfg

        print(f"xxmfg {xxmfg.__version__}")
        return None
    if arguments.command is None:
        _parser().error(f"name a command: {arguments.names}")
    arguments.remarks = []  # what the command has to say when all is done
    code: int | None = arguments.run(arguments)
    for remark in arguments.remarks:
        say(remark)
    return code


def _message(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error) or type(error).__name__


def _drop_output() -> None:
    """Let go of output that nobody takes, or Python would complain about it once more when it ends."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
