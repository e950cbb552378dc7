"""The commands of statistical offices: which cells may be published, and in which official class a code is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xxmfg.cli.files import add_file_arguments, is_text, places_of, records_of
from xxmfg.cli.output import add_formats, say, write

if TYPE_CHECKING:
    import argparse

__all__ = ["add_commands"]

NOT_PUBLISHABLE = 1


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `disclosure`, `protect` and `classify`."""
    disclosure = _of_cells(commands, "disclosure", "which cells would disclose an enterprise; exit code 1 if any would")
    disclosure.add_argument(
        "--reveal", action="store_true", help="add totals, shares and reasons: for the office's own eyes"
    )
    disclosure.set_defaults(run=_disclosure)

    protect = _of_cells(
        commands, "protect", "a table with totals that may be published; exit code 1 if none can be made"
    )
    protect.set_defaults(run=_protect)

    classify = commands.add_parser(
        "classify", help="the official class of each code", description="Give the official class of each code.",
        allow_abbrev=False,
    )  # fmt: skip
    add_file_arguments(classify)
    classify.add_argument(
        "--code",
        metavar="COLUMN",
        required=True,
        help="the column of industry codes; numbers of a workbook or a Parquet file, which may have "
        "lost a zero, are taken with --type COLUMN=text alone",
    )
    classify.add_argument("--scheme", metavar="NAME", help="the scheme (default: GB/T 4754-2017)")
    classify.add_argument("--crosswalk", metavar="CSV", help="a file with the columns code, target, partial, edition")
    add_formats(classify)
    classify.set_defaults(run=_classify)


def _of_cells(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str
) -> argparse.ArgumentParser:
    """Add a command that puts the rules of disclosure to the cells of a table."""
    command = commands.add_parser(name, help=summary, description=f"Give {summary}.", allow_abbrev=False)
    add_file_arguments(command)
    command.add_argument("--value", metavar="COLUMN", required=True, help="the column of values")
    command.add_argument(
        "--by", metavar="COLUMN", action="append", required=True, help="a key of the cells; may be given again"
    )
    command.add_argument("--contributor", metavar="COLUMN", help="whose value it is (default: each record's own)")
    command.add_argument("--holding", metavar="COLUMN", help="the group of enterprises, which is one contributor")
    command.add_argument("--min-count", metavar="N", type=int, default=3, help="contributors (default: %(default)s)")
    command.add_argument(
        "--dominance", metavar="N,K", default="1,0.85", help="the part of the n largest, or none (default: %(default)s)"
    )
    command.add_argument("--p-percent", metavar="P", type=float, help="how well the largest may be guessed, in percent")
    command.add_argument("--pq", metavar="P,Q", help="the same where others are known within q percent before")
    for option, choices in (("boundary", ("ge", "gt")), ("zeros", ("publish", "suppress")),
                            ("negatives", ("absolute", "raise"))):  # fmt: skip
        command.add_argument(f"--{option}", choices=choices, default=choices[0], help="(default: %(default)s)")
    add_formats(command)
    return command


def _rules(arguments: argparse.Namespace) -> dict[str, Any]:
    names = ("holding", "min_count", "p_percent", "boundary", "zeros", "negatives")
    rules = {name: getattr(arguments, name) for name in names}
    rules["dominance"] = None if arguments.dominance == "none" else _pair(arguments.dominance, "--dominance", "1,0.85")
    rules["pq"] = None if arguments.pq is None else _pair(arguments.pq, "--pq", "10,50")
    return rules


def _pair(given: str, option: str, example: str) -> tuple[int | float, float]:
    """Read two numbers with a comma between."""
    try:
        first, second = map(float, given.split(","))
    except ValueError:
        raise ValueError(f"{option} {given}: give two numbers, such as {example}") from None
    return int(first) if first.is_integer() else first, second


def _disclosure(arguments: argparse.Namespace) -> int:
    records = records_of(arguments, [arguments.value])
    table = records.disclosure(
        arguments.value, arguments.by, arguments.contributor, reveal=arguments.reveal, **_rules(arguments)
    )
    write(table, arguments.form)
    return 0 if set(table["status"].tolist()) <= {"publish"} else NOT_PUBLISHABLE


def _protect(arguments: argparse.Namespace) -> int:
    from xxmfg.errors import DisclosureError

    records = records_of(arguments, [arguments.value])
    try:
        table = records.protect(arguments.value, arguments.by, arguments.contributor, **_rules(arguments))
    except DisclosureError as error:
        say(str(error))
        return NOT_PUBLISHABLE
    write(table, arguments.form)
    return 0


def _classify(arguments: argparse.Namespace) -> None:
    from xxmfg._schemes import INDUSTRIES
    from xxmfg.classification import Crosswalk, classified

    if is_text(arguments):
        arguments.type.append(f"{arguments.code}=text")  # a number of a workbook may have lost its zero already
    records = records_of(arguments, [])
    crosswalk = None if arguments.crosswalk is None else Crosswalk.read(arguments.crosswalk)
    source = "standard input" if arguments.file == "-" else arguments.file
    argument = f"{source}: column {arguments.code!r}"
    scheme = INDUSTRIES if arguments.scheme is None else arguments.scheme
    table = classified(records[arguments.code], scheme, crosswalk, argument, places_of(arguments))
    write(table, arguments.form)
    if arguments.form in {"csv", "json"} and table.note:
        arguments.remarks.append(table.note)  # these forms have no place for it
