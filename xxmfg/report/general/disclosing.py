"""What of a survey may be printed: cells that the rules strike, and others so that no sum gives those away."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import DisclosureError
from ...records import Records
from .survey import Survey

__all__ = ["DOMINANCE", "MIN_COUNT", "Apart", "Protected", "may_print", "protected", "taken_apart"]

MIN_COUNT = 3
DOMINANCE = (1, 0.85)

Flags = NDArray[np.bool_]


class Protected(NamedTuple):
    """Which cells may be printed, True where they may, by codes; and how many the rules themselves strike."""

    total: bool
    base_total: bool
    region: Flags
    industry: Flags
    base_region: Flags
    base_industry: Flags
    cells: Flags  # region × industry
    occurring: dict[str, Flags]  # of each table, the cells that have a record
    struck: dict[str, int]  # of each table


def protected(survey: Survey) -> Protected:
    """Check the tables of the report before anything of them is printed.

    Tables of one key are those of `protect`. Of regions by industries, a cell that `disclosure` strikes is suppressed;
    then, in each line whose suppressed cells together would still be struck, the smallest others, until what a total
    gives away is a sum that may be published: at any size, which the flows of `protect` are not.
    """
    n = {part: len(survey.labels[part]) for part in ("region", "industry")}
    latest, base = survey.latest, survey.base
    found = {part: _line(survey, latest, part, n[part]) for part in n}
    earlier = {part: _line(survey, base, part, n[part]) if base else found[part] for part in n}
    cells = _grid(survey, found["region"].shown, found["industry"].shown)
    tables = {**found, "cells": cells}
    return Protected(
        total=may_print(survey, latest),
        base_total=base is not None and may_print(survey, base),
        region=found["region"].shown,
        industry=found["industry"].shown,
        base_region=earlier["region"].shown,
        base_industry=earlier["industry"].shown,
        cells=cells.shown,
        occurring={name: table.occurring for name, table in tables.items()},
        struck={name: table.struck for name, table in tables.items()},
    )


class _Checked(NamedTuple):
    shown: Flags
    occurring: Flags
    struck: int


def _statuses(survey: Survey, records: Records, by: list[str], shape: tuple[int, ...]) -> tuple[Flags, Flags]:
    """Give which cells the rules strike, and which occur."""
    struck, occurring = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    if len(records):
        checked = records.disclosure("value", by, survey.entity, min_count=MIN_COUNT, dominance=DOMINANCE)
        at = tuple(checked[name] for name in by)
        struck[at], occurring[at] = checked["status"] == "primary", True
    return struck, occurring


def may_print(survey: Survey, records: Records) -> bool:
    """Tell whether the total of these records may be printed."""
    if survey.options.published:
        return True
    whole = records.with_column("whole", np.zeros(len(records), dtype=np.int8))
    struck, _ = _statuses(survey, whole, ["whole"], (1,))
    return not struck[0]


class Apart(NamedTuple):
    """What of growth taken apart may be printed, and how many enterprises a missing value leaves out of it."""

    rate: bool
    parts: bool
    n_left_out: int


def taken_apart(survey: Survey, now: Records, base: Records) -> Apart:
    """Check growth taken apart before anything of it is printed.

    The totals of both periods stand elsewhere: the rate of all but those left out tells what these reported.
    """
    here, valued = _presence(survey, now)
    there, valued_then = _presence(survey, base)
    left_out = (now, valued & there & ~valued_then), (base, valued_then & here & ~valued)
    parts = (
        (now, valued & valued_then), (base, valued & valued_then),  # continuing
        (now, valued & ~there), (base, valued_then & ~here),  # entering, exiting
    )  # fmt: skip

    def may(*of: tuple[Records, Flags]) -> bool:
        return all(may_print(survey, records[whose[records["enterprise"]]]) for records, whose in of)

    rate = may_print(survey, now) and may_print(survey, base) and may(*left_out)
    return Apart(rate, rate and may(*parts), sum(int(whose.sum()) for _, whose in left_out))


def _presence(survey: Survey, records: Records) -> tuple[Flags, Flags]:
    """Give which enterprises have a record, and which a value, by their codes."""
    found = records.aggregate("value", "enterprise", ["count"])
    here, valued = (np.zeros(int(survey.records["enterprise"].max()) + 1, dtype=bool) for _ in range(2))
    here[found["enterprise"]] = True
    valued[found["enterprise"]] = found["count"] > 0
    return here, valued


def _sums(records: Records, by: list[str], shape: tuple[int, ...]) -> NDArray[np.float64]:
    sums = np.zeros(shape)
    found = records.aggregate("value", by, ["sum"])
    sums[tuple(found[name] for name in by)] = found["sum"]
    return np.nan_to_num(np.abs(sums))


def _line(survey: Survey, records: Records, part: str, n: int) -> _Checked:
    """Check a table of one key with its total."""
    struck, occurring = _statuses(survey, records, [part], (n,))
    if survey.options.published:
        return _Checked(np.ones(n, dtype=bool), occurring, 0)
    hidden = struck.copy()
    if struck.any():
        try:
            safe = records.protect("value", part, survey.entity, min_count=MIN_COUNT, dominance=DOMINANCE)
        except DisclosureError:  # the total is itself sensitive, or one cell makes up nearly all
            hidden |= occurring
        else:
            codes = [int(label) for label in safe[part].tolist()[:-1]]  # the last row is the total
            hidden[codes] = safe["status"][:-1] != "publish"
    return _Checked(~hidden, occurring, int(struck.sum()))


def _grid(survey: Survey, regions: Flags, industries: Flags) -> _Checked:
    """Check the table of regions by industries with its totals; no cell of a suppressed line is printed."""
    records, shape, keys = survey.latest, (len(regions), len(industries)), ["region", "industry"]
    struck, occurring = _statuses(survey, records, keys, shape)
    if survey.options.published:
        return _Checked(np.ones(shape, dtype=bool), occurring, 0)
    hidden, sums = struck | ~regions[:, None] | ~industries, _sums(records, keys, shape)
    before = -1
    while before != hidden.sum():
        before = int(hidden.sum())
        for axis, part in enumerate(keys):
            inside = records[hidden[records["region"], records["industry"]]]
            told, _ = _statuses(survey, inside, [part], (shape[axis],))
            for line in np.flatnonzero(told):
                at: list[int | slice] = [slice(None), slice(None)]
                at[axis] = int(line)
                cells, sizes = hidden[tuple(at)], sums[tuple(at)]
                others = np.flatnonzero(~cells & (sizes > 0))
                if len(others):
                    cells[others[np.argmin(sizes[others])]] = True
    return _Checked(~hidden, occurring, int(struck.sum()))
