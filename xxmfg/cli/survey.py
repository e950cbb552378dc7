"""The command that builds the survey report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

__all__ = ["add_commands"]


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `report`."""
    report = commands.add_parser(
        "report", help="build the survey report: a page, its tables and charts", allow_abbrev=False
    )
    report.add_argument(
        "-o", "--output", metavar="DIR", default="report", help="the folder to make (default: %(default)s)"
    )
    report.add_argument("--force", action="store_true", help="replace a folder that is there")
    report.set_defaults(run=_report)


def _report(arguments: argparse.Namespace) -> None:
    from xxmfg.report import build

    print(build(arguments.output, force=arguments.force))
