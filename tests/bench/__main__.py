"""The command line of the benchmark: ``python -m tests.bench --rows 10000000 --only W1,W2``."""

import argparse
import os
import platform
import sys
from pathlib import Path

from . import tables
from .chart import save_chart, save_cost_chart
from .imports import import_seconds
from .libraries import installed
from .measuring import OURS, measure, measure_memory, measure_values
from .sizes import measure_growth, sizes_up_to
from .workloads import WORKLOADS

OTHERS = ("values", "W12", "W13", "W14")
FEWEST_ROWS = 100
LARGE = 10  # W13 and W14 take so many times the rows


def main():
    """Measure what was asked for; print it, write it; exit with 1 where answers differ."""
    wanted = arguments()
    libraries, notes = installed()
    for note in notes:
        say(note)
    text = [heading(wanted, libraries)]
    results = [timed(one, libraries, wanted) for one in WORKLOADS if one.name in wanted.only]
    if results:
        text += ["", tables.speed_table(results, libraries)]
    if any(result.by_hand for result in results):
        text += ["", tables.STARRED]
    if any(result.exact for result in results):
        text += ["", "Sums that are correctly rounded, to the last bit:", "", tables.exact_table(results, libraries)]
    text += other_tables(wanted, libraries)
    if "W14" in wanted.only:
        text += growth(wanted, libraries)
    print("\n".join(text))
    if wanted.markdown:
        wanted.markdown.write_text("\n".join(text) + "\n", encoding="utf-8")
    if wanted.chart and results:
        save_chart(results, text[0], wanted.chart)
    doubts = [f"{one.workload.name}, {name}: {doubt}" for one in results for name, doubt in one.doubts.items()]
    for doubt in doubts:
        say(f"another answer: {doubt}")
    return 1 if doubts else 0


def arguments():
    """Read the command line."""
    names = (*(workload.name for workload in WORKLOADS), *OTHERS)
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="records (default: 10,000,000)")
    parser.add_argument("--only", default=",".join(names), help=f"some of {','.join(names)}")
    parser.add_argument("--repeat", type=int, default=5, help="rounds whose median is taken (default: 5)")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables here too")
    parser.add_argument("--chart", type=Path, metavar="FILE.svg", help="draw the speed table here")
    parser.add_argument("--cost-chart", type=Path, metavar="FILE.svg", help="draw W14, the cost of a row, here")
    wanted = parser.parse_args()
    wanted.only = wanted.only.split(",")
    unknown = set(wanted.only) - set(names)
    if unknown:
        parser.error(f"--only: no {min(unknown)!r} among {', '.join(names)}")
    if wanted.rows < FEWEST_ROWS or wanted.repeat < 1:
        parser.error(f"--rows must be {FEWEST_ROWS} or more, --repeat 1 or more")
    return wanted


def timed(workload, libraries, wanted):
    """Measure a workload and say so."""
    say(f"{workload.name}  {workload.title}")
    return measure(workload, libraries, workload.rows or wanted.rows, wanted.repeat)


def other_tables(wanted, libraries):
    """Give the lines of what is no workload of its own: other values, imports, memory."""
    of_memory = [workload for workload in WORKLOADS if workload.memory_goal]
    text = []
    if "values" in wanted.only:
        say("W1 and W2 on other values")
        seconds = [(one, measure_values(one, libraries[OURS], wanted.rows, wanted.repeat)) for one in of_memory]
        text += ["", f"{OURS} on other values:", "", tables.values_table(seconds)]
    if "W12" in wanted.only:
        say("W12  imports")
        text += ["", "Import, beyond NumPy's:", "", tables.import_table(import_seconds(libraries, wanted.repeat))]
    if "W13" in wanted.only:
        say("W13  memory of W1 and W2")
        rows = LARGE * wanted.rows
        peaks = [(one, measure_memory(one, libraries, rows)) for one in of_memory]
        title = (
            f"Peak memory beyond the inputs on {rows:,} rows, the answer included (W13; the goals are for 100 M rows):"
        )
        text += ["", title, "", tables.memory_table(peaks, libraries)]
    return text


def growth(wanted, libraries):
    """Give the lines on how cost grows with the rows, and draw them."""
    sizes = sizes_up_to(LARGE * wanted.rows)
    results = []
    for one in WORKLOADS:
        if one.memory_goal:
            say(f"W14  {one.name} on {sizes[0]:,} to {sizes[-1]:,} rows")
            results.append(measure_growth(one, libraries, sizes, wanted.repeat))
    if wanted.cost_chart:
        save_cost_chart(results, wanted.cost_chart)
    title = f"Cost of {sizes[-1]:,} rows against a tenth of them, in times (W14):"
    return ["", title, "", tables.growth_table(results, libraries)]


def heading(wanted, libraries):
    """Say what was compared on how many rows, cores and threads."""
    import xxmfg as xm

    n_cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    n_threads = xm.get_threads() if hasattr(xm, "get_threads") else 1
    versions = ", ".join(f"{library.name} {library.version}" for library in libraries.values())
    return (
        f"{wanted.rows:,} rows, medians of {wanted.repeat} interleaved rounds, {n_cores} cores; {OURS} on "
        f"{n_threads} thread{'s' if n_threads > 1 else ''}, the others as they come; "
        f"Python {platform.python_version()}, {versions}."
    )


def say(line):
    """Tell how far it is, where it does not mix with the tables."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
