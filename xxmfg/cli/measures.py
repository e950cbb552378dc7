"""The commands of the measures of a column in groups: aggregate, growth, top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xxmfg.cli.files import add_file_arguments, records_of
from xxmfg.cli.output import add_formats, write

if TYPE_CHECKING:
    import argparse

__all__ = ["add_commands"]


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `aggregate`, `growth` and `top`."""
    aggregate = _measure(commands, "aggregate", "statistics of a column in groups")
    aggregate.add_argument(
        "--stats", default="count,sum", help="statistics, separated by commas (default: %(default)s)"
    )
    aggregate.add_argument("--total", action="store_true", help="add a row with the totals")
    aggregate.set_defaults(run=_aggregate)

    growth = _measure(commands, "growth", "growth of each group's sum from period to period")
    growth.add_argument(
        "--period",
        metavar="COLUMN",
        required=True,
        help="the column of periods: integers, or dates (months such as 2019-12 need --type COLUMN=date)",
    )
    growth.add_argument(
        "--lag", metavar="N", type=int, default=1, help="periods back to the base (default: %(default)s)"
    )
    growth.set_defaults(run=_growth)

    top = _measure(commands, "top", "the largest records of each group")
    top.add_argument("-n", metavar="N", type=int, default=10, help="how many (default: %(default)s)")
    top.add_argument("--label", metavar="COLUMN", help="the column that names the records")
    top.add_argument(
        "--ties", choices=("strict", "all"), default="strict", help="all: keep what ties with the last one"
    )
    top.set_defaults(run=_top)


def _measure(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str
) -> argparse.ArgumentParser:
    """Add the command of a measure, with what all of them take: a file, a value, keys, a format."""
    command = commands.add_parser(name, help=summary, description=f"Give {summary}.", allow_abbrev=False)
    add_file_arguments(command)
    command.add_argument("--value", metavar="COLUMN", required=True, help="the column of values")
    command.add_argument("--by", metavar="COLUMN", action="append", help="a key of the groups; may be given again")
    add_formats(command)
    return command


def _aggregate(arguments: argparse.Namespace) -> None:
    from xxmfg._statistics import KEY_STATISTICS

    stats = [stat.strip() for stat in arguments.stats.split(",")]
    records = records_of(arguments, [] if KEY_STATISTICS.issuperset(stats) else [arguments.value])
    write(records.aggregate(arguments.value, arguments.by, stats, total=arguments.total), arguments.form)


def _growth(arguments: argparse.Namespace) -> None:
    records = records_of(arguments, [arguments.value])
    arguments.remarks += _months(records[arguments.period], arguments.period, arguments.lag)
    write(records.growth(arguments.value, arguments.period, arguments.by, arguments.lag), arguments.form)


def _months(periods: Any, name: str, lag: int) -> list[str]:
    """Give a remark where whole numbers look like months of several years, which no lag but of years counts."""
    import numpy as np

    numbers = np.unique(np.ma.compressed(periods) if periods.dtype.kind == "i" else np.zeros(0, np.int64))
    if not len(numbers) or lag % 100 == 0 or numbers[0] // 100 == numbers[-1] // 100:
        return []
    if numbers[0] < 100001 or numbers[-1] > 999912 or not np.isin(numbers % 100, range(1, 13)).all():
        return []
    turn = int(np.flatnonzero(np.diff(numbers // 100))[0]) + 1
    year, month = divmod(int(numbers[turn]), 100)
    return [
        f"--period {name}: {numbers[turn]} is read as a whole number, whose base is {numbers[turn] - lag}; for months "
        f"that count on past the turn of a year write {year}-{month:02} and give --type {name}=date"
    ]


def _top(arguments: argparse.Namespace) -> None:
    records = records_of(arguments, [arguments.value])
    leaders = records.top(arguments.value, arguments.n, arguments.by, arguments.label, ties=arguments.ties)
    write(leaders, arguments.form)
