"""The results as Markdown tables whose columns are aligned, so that they can be read as they stand."""

from itertools import zip_longest

from .measuring import OURS

__all__ = [
    "STARRED",
    "duration",
    "exact_table",
    "growth_table",
    "import_table",
    "memory_table",
    "speed_table",
    "values_table",
]

MEGABYTE = 1e6
IMPORT_GOAL, VALUES_GOAL = 0.015, 1.3  # seconds; times the first kind of values
GROWTH_GOAL = 11  # times the cost of a tenth of the rows
NONE, STAR = "–", "\\*"
STARRED = f"{STAR} no call: lines written by hand for keys like these, shown but not counted as a peer"


def speed_table(results, libraries):
    """Give seconds by workload and library, the ratio to the fastest peer, and the goal."""
    head = ["", "work", *libraries, "fastest peer ÷ xxmfg", "goal"]
    rows = []
    for result in results:
        times = [time_of(result, name) for name in libraries]
        ratio = f"{result.ratio:.2g}× ({result.fastest_peer})" if result.fastest_peer else NONE
        rows.append([result.workload.name, result.title, *times, ratio, f"{result.workload.goal:g}×"])
    return markdown(head, rows)


def exact_table(results, libraries):
    """Give how many of the sums are the correctly rounded ones."""
    rows = [
        [result.workload.name, f"{result.n_groups:,}", *(shown(result.exact.get(name)) for name in libraries)]
        for result in results
        if result.exact
    ]
    return markdown(["", "sums", *libraries], rows)


def memory_table(peaks, libraries):
    """Give megabytes beyond the inputs, by workload and library."""
    rows = []
    for workload, sizes in peaks:
        row = [f"{sizes[name] / MEGABYTE:.1f} MB" if name in sizes else NONE for name in libraries]
        rows.append([workload.name, *row, f"{workload.memory_goal:g} MB"])
    return markdown(["", *libraries, "goal"], rows)


def values_table(timings):
    """Give xxmfg's seconds on other values, and how many times the first the slowest takes."""
    rows = []
    for workload, seconds in timings:
        first, *others = seconds.values()
        worst = max(others) / first
        rows.append([workload.name, *map(duration, seconds.values()), f"{worst:.2f}×", f"{VALUES_GOAL:g}×"])
    return markdown(["", *timings[0][1], "slowest ÷ first", "goal"], rows)


def import_table(seconds):
    """Give the seconds of each import."""
    row = ["W12", *map(duration, seconds.values()), duration(IMPORT_GOAL)]
    return markdown(["", *seconds, f"goal for {OURS}"], [row])


def growth_table(results, libraries):
    """Give how many times as long ten times as many rows take, by workload and library."""
    rows = []
    for result in results:
        times = [result.times(name) for name in libraries]
        shown_times = [NONE if one is None else f"{one:.1f}×" for one in times]
        rows.append([result.workload.name, *shown_times, f"{GROWTH_GOAL}×"])
    return markdown(["", *libraries, f"goal for {OURS}"], rows)


def time_of(result, name):
    """Write the time of a library; a star says that it has no call for it."""
    if name not in result.seconds:
        return NONE
    return duration(result.seconds[name]) + (" " + STAR if name in result.by_hand else "")


def duration(seconds):
    """Write seconds with three significant digits, in the unit that needs no power of ten."""
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= 0.9995 * size or unit == "µs":
            number = seconds / size
            return f"{number:.{max(0, 2 - len(str(int(number))) + 1)}f} {unit}"
    raise AssertionError


def shown(number):
    """Write a count, or that there is none."""
    return NONE if number is None else f"{number:,}"


def markdown(head, rows):
    """Give a Markdown table: the first columns of text to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip_longest(head, *rows, fillvalue="")]
    is_text = [name in {"", "work"} for name in head]
    rule = ["-" * width if text else "-" * (width - 1) + ":" for width, text in zip(widths, is_text, strict=True)]
    return "\n".join(line(row, widths, is_text) for row in (head, rule, *rows))


def line(cells, widths, is_text):
    """Give a line of a Markdown table."""
    padded = zip(cells, widths, is_text, strict=True)
    return f"| {' | '.join(cell.ljust(width) if text else cell.rjust(width) for cell, width, text in padded)} |"
