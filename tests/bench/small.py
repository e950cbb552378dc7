"""Microseconds of a call on few rows, beside the fastest peer: ``python -m tests.bench.small W1,W6``.

An older revision built in FOLDER is measured by ``PYTHONPATH=FOLDER:. python -P -m tests.bench.small W1,W6``, where
FOLDER holds its package alone.
"""

import sys
from functools import partial

from .libraries import installed
from .measuring import OURS
from .timing import interleaved
from .workloads import WORKLOADS

SIZES = (10, 100, 1_000, 10_000)
REPEAT = 3


def main():
    """Print a line a workload and number of rows."""
    names = sys.argv[1].split(",") if len(sys.argv) > 1 else [one.name for one in WORKLOADS]
    libraries, _ = installed()
    for workload in WORKLOADS:
        for rows in SIZES if workload.name in names and workload.rows is None else ():
            print(workload.name, f"{rows:,} rows:", figures(workload, libraries, rows), flush=True)


def figures(workload, libraries, rows):
    """Give our microseconds a call, and the fastest peer's."""
    columns = workload.columns(rows)
    calls = {
        one.name: partial(one.measures[workload.measure], one.hand(columns, workload.keys))
        for one in libraries.values()
        if one.in_process and workload.measure in one.measures and workload.measure not in one.by_hand
    }
    seconds = interleaved(calls, REPEAT)
    ours = seconds.pop(OURS)
    peer = min(seconds, key=seconds.get)
    return f"{OURS} {ours * 1e6:,.0f} µs, {peer} {seconds[peer] * 1e6:,.0f} µs"


if __name__ == "__main__":
    main()
