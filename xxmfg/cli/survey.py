"""The command that builds a report: the survey's, or with --records that of any file of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xxmfg.cli.files import TAKEN, add_reading_arguments, records_of

if TYPE_CHECKING:
    import argparse

__all__ = ["add_commands"]

_PARTS = ("value", "by", "industry", "period")
_WITH_ENTRY = ("lag", "title", "unit", "where", "sheet", "encoding", "thousands", "type")
_WITHOUT_ENTRY = ("name_leaders", "published")
_OTHERS = ("lang", *_WITH_ENTRY, *_WITHOUT_ENTRY)


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `report`."""
    report = commands.add_parser(
        "report",
        help="build a report: a page, its tables and charts",
        description="Build the survey report that comes with the package, or with --records that of any records.",
        allow_abbrev=False,
    )
    report.add_argument(
        "-o", "--output", metavar="DIR", default="report", help="the folder to make (default: %(default)s)"
    )
    report.add_argument("--force", action="store_true", help="replace a report that is there")
    _add_columns(report)
    add_reading_arguments(report)
    report.set_defaults(run=_report)


def _add_columns(report: argparse.ArgumentParser) -> None:
    any_records = report.add_argument_group("any records")
    any_records.add_argument("--records", dest="file", metavar="FILE", help=TAKEN)
    for name, said in (
        ("value", "the column of values"),
        ("by", "the column of regions"),
        ("industry", "the column of industries"),
        ("period", "the column of periods: integers, or dates"),
        ("enterprise", "the column that says whose each record is"),
    ):
        any_records.add_argument(f"--{name}", metavar="COLUMN", help=said)
    any_records.add_argument("--lag", metavar="N", type=int, help="periods back to the base (default: 1)")
    any_records.add_argument("--lang", choices=("zh", "en"), help="language (default: zh)")
    any_records.add_argument("--title", help="the report's title")
    any_records.add_argument("--unit", help="the unit of the values")
    any_records.add_argument("--name-leaders", action="store_true", help="name the largest enterprises")
    any_records.add_argument(
        "--published", action="store_true", help="the records are published figures: suppress nothing"
    )


def _report(arguments: argparse.Namespace) -> None:
    from xxmfg import report

    given = [name for name in (*_PARTS, "enterprise") if getattr(arguments, name) is not None]
    if arguments.file is None:
        useless = [*given, *(name for name in _OTHERS if _is_given(getattr(arguments, name)))]
        if useless:
            raise ValueError(f"{_option(useless[0])} is for a report of any records: give --records FILE too")
        print(report.build(arguments.output, force=arguments.force))
        return
    columns = [getattr(arguments, name) for name in given]
    absent = [f"--{name}" for name in _PARTS if name not in given]
    if absent:
        raise ValueError(f"a report of any records needs to know its columns: give {', '.join(absent)}")
    print(
        report.describe(
            records_of(arguments, [arguments.value], None if arguments.file == "-" else columns),
            arguments.output,
            arguments.value,
            arguments.by,
            arguments.industry,
            arguments.period,
            arguments.enterprise,
            lag=1 if arguments.lag is None else arguments.lag,
            language=arguments.lang or "zh",
            title=arguments.title or "",
            unit=arguments.unit or "",
            source=_name(arguments.file),
            command=_command(arguments, given),
            name_leaders=arguments.name_leaders,
            published=arguments.published,
            force=arguments.force,
        )
    )


def _is_given(entry: Any) -> bool:
    return entry is not None and entry is not False and entry != []


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _name(file: str) -> str:
    from pathlib import PurePath

    return "stdin" if file == "-" else PurePath(file).name


def _command(arguments: argparse.Namespace, given: list[str]) -> str:
    """Give the command that makes the same report, as a shell takes it; of the file its name alone."""
    import shlex

    words = ["xxmfg", "report", "--records", _name(arguments.file)]
    for name in (*given, *_WITH_ENTRY):
        entry = getattr(arguments, name)
        entries = entry if isinstance(entry, list) else [] if entry is None else [str(entry)]
        words += [word for one in entries for word in (_option(name), one)]
    words += [_option(name) for name in _WITHOUT_ENTRY if getattr(arguments, name)]
    return shlex.join([*words, "--lang", arguments.lang or "zh"])
