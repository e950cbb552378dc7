"""What is measured of a workload: seconds, answers, exact sums, memory; and of xxmfg on other values."""

from functools import partial
from typing import NamedTuple

from .answers import disagreement, n_different, n_exact, rounded_sums, sorted_answer
from .columns import VALUES
from .libraries import Library
from .memory import peak_beyond_inputs
from .timing import interleaved
from .workloads import Workload

__all__ = ["Result", "measure", "measure_memory", "measure_values"]

OURS = "xxmfg"
FEWEST_ROWS = 1_000  # below it a message to another process would be most of what is timed


class Result(NamedTuple):
    workload: Workload
    seconds: dict[str, float]  # by library
    exact: dict[str, int]  # how many sums are correctly rounded
    n_groups: int  # 0 where the answer has one number a record
    doubts: dict[str, str]  # where an answer is another than xxmfg's
    by_hand: frozenset[str]  # libraries that have no call for it

    @property
    def title(self):
        """What is measured."""
        return self.workload.title + (f": {self.n_groups:,} groups" if self.n_groups else "")

    @property
    def fastest_peer(self):
        """The name of the fastest library beside xxmfg that has a call for it; None where there is none."""
        peers = {name: seconds for name, seconds in self.seconds.items() if name not in {OURS, *self.by_hand}}
        return min(peers, key=peers.get) if peers else None

    @property
    def ratio(self):
        """How many times as long as xxmfg the fastest peer takes."""
        return self.seconds[self.fastest_peer] / self.seconds[OURS] if self.fastest_peer else float("nan")


def measure(workload: Workload, libraries: dict[str, Library], rows: int, repeat: int) -> Result:
    """Measure a workload with every library that has a call for it."""
    columns, n_groups = workload.columns(rows), 0
    taking_part = [
        library
        for library in libraries.values()
        if workload.measure in library.measures and (library.in_process or rows >= FEWEST_ROWS)
    ]
    calls, answers = {}, {}
    for library in taking_part:
        calls[library.name] = partial(library.measures[workload.measure], library.hand(columns, workload.keys))
        given = library.columns_of(calls[library.name](), workload.keys)
        answers[library.name] = sorted_answer(given, workload)
    doubts = {name: disagreement(answers[OURS], answer, rows) for name, answer in answers.items()}
    doubts = {name: doubt for name, doubt in doubts.items() if doubt}
    if not workload.each_record:
        n_groups = n_different([answers[OURS][name] for name in workload.keys])
    exact = {}
    if "sum" in workload.results:
        sums = rounded_sums(columns, workload.keys)
        exact = {name: n_exact(sums, answer) for name, answer in answers.items()}
    del answers  # what the clock sees is a process that holds the columns alone
    by_hand = frozenset(library.name for library in taking_part if workload.measure in library.by_hand)
    return Result(workload, interleaved(calls, repeat), exact, n_groups, doubts, by_hand)


def measure_memory(workload: Workload, libraries: dict[str, Library], rows: int) -> dict[str, int]:
    """Give the peak bytes beyond the inputs, by library."""
    names = [name for name, one in libraries.items() if one.in_process and workload.measure in one.measures]
    return {name: peak_beyond_inputs(workload, name, rows) for name in names}


def measure_values(workload: Workload, library: Library, rows: int, repeat: int) -> dict[str, float]:
    """Give the seconds of one library on each kind of values, interleaved."""
    call = library.measures[workload.measure]
    handed = {kind: library.hand(workload.columns(rows, values), workload.keys) for kind, values in VALUES.items()}
    return interleaved({kind: partial(call, one) for kind, one in handed.items()}, repeat)
