"""Seconds of a workload on more and more rows: how cost grows."""

from functools import partial
from typing import NamedTuple

from .libraries import Library
from .timing import interleaved
from .workloads import Workload

__all__ = ["Growth", "measure_growth", "sizes_up_to"]

FEWEST = 10_000
LONGEST = 3.0  # seconds; a library that takes longer is not asked for ten times as many rows


class Growth(NamedTuple):
    workload: Workload
    seconds: dict[int, dict[str, float]]  # by rows, by library

    def times(self, name):
        """How many times as long the most rows take as a tenth of them; None where they were not measured."""
        *_, fewer, most = self.seconds.values()
        return most[name] / fewer[name] if name in most else None


def sizes_up_to(rows):
    """Give 10,000, 100,000 … as far as they are below `rows`, a tenth of `rows`, and `rows`."""
    size, sizes = rows, []
    while size > FEWEST:
        sizes.append(size)
        size //= 10
    return [size, *reversed(sizes)]


def measure_growth(workload: Workload, libraries: dict[str, Library], sizes: list[int], repeat: int) -> Growth:
    """Measure a workload on each number of rows, with the libraries of this process."""
    taking_part = [one for one in libraries.values() if one.in_process and workload.measure in one.measures]
    seconds = {}
    for rows in sizes:
        columns = workload.columns(rows)
        calls = {
            one.name: partial(one.measures[workload.measure], one.hand(columns, workload.keys)) for one in taking_part
        }
        seconds[rows] = interleaved(calls, repeat)
        taking_part = [one for one in taking_part if seconds[rows][one.name] <= LONGEST]
        del columns, calls  # before ten times as many are made
    return Growth(workload, seconds)
