"""What of a survey may be printed: tables that `protect` gives or refuses, and the figures made from them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import DisclosureError
from ...records import Records
from .survey import Survey

__all__ = ["DOMINANCE", "MIN_COUNT", "MOST_CELLS", "Apart", "Protected", "may_print", "protected", "taken_apart"]

MIN_COUNT = 3
DOMINANCE = (1, 0.85)
MOST_CELLS = 30_000  # totals among them, of a table of two keys; protecting one of 20,000 took 11 s

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
    whole: dict[str, Flags]  # which regions and industries all cells of may be printed; "base": regions, in the base
    withheld: str  # why no cell of region × industry is printed: "refused" or "large"; empty where some are
    occurring: dict[str, Flags]  # of each table, the cells that have a record
    struck: dict[str, int]  # of each table


class _Checked(NamedTuple):
    shown: Flags
    occurring: Flags
    struck: Flags


def protected(survey: Survey) -> Protected:
    """Put the tables of the report through `protect` before anything of them is printed.

    Regions by industries are one table, and those of regions and of industries its totals. Where it is refused or too
    large nothing of its inside is printed, and each of the two is a table by itself.
    """
    n = {part: len(survey.labels[part]) for part in ("region", "industry")}
    latest, base = survey.latest, survey.base
    found = {part: _line(survey, latest, part, n[part]) for part in n}
    earlier = {part: _line(survey, base, part, n[part]) if base else found[part] for part in n}
    cells, withheld = _grid(survey, latest, found)
    then, _ = _grid(survey, base, earlier) if base else (cells, "")
    return Protected(
        total=may_print(survey, latest),
        base_total=base is not None and may_print(survey, base),
        region=found["region"].shown,
        industry=found["industry"].shown,
        base_region=earlier["region"].shown,
        base_industry=earlier["industry"].shown,
        cells=cells.shown,
        whole={"region": _whole(cells, 1), "industry": _whole(cells, 0), "base": _whole(then, 1)},
        withheld=withheld,
        occurring={name: table.occurring for name, table in (*found.items(), ("cells", cells))},
        struck={name: int(table.struck.sum()) for name, table in (*found.items(), ("cells", cells))},
    )


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


def _line(survey: Survey, records: Records, part: str, n: int) -> _Checked:
    """Check a table of one key with its total."""
    struck, occurring = _statuses(survey, records, [part], (n,))
    if survey.options.published:
        return _Checked(np.ones(n, dtype=bool), occurring, np.zeros(n, dtype=bool))
    hidden = struck.copy()
    if struck.any():
        try:
            safe = _protected(survey, records, [part], (n,))
        except DisclosureError:  # the total is itself sensitive, or one cell makes up nearly all
            hidden |= occurring
        else:
            hidden = safe[:-1]
    return _Checked(~hidden, occurring, struck)


def _whole(table: _Checked, axis: int) -> Flags:
    """Tell of which lines all cells that occur may be printed: an index of others would tell of them."""
    lines: Flags = np.logical_and.reduce(table.shown | ~table.occurring, axis=axis)
    return lines


def _grid(survey: Survey, records: Records, lines: dict[str, _Checked]) -> tuple[_Checked, str]:
    """Check the table of regions by industries, and say why nothing of it is printed; change its totals accordingly.

    A location quotient is made from a cell and its totals: it is printed where all three are.
    """
    keys = list(lines)
    shape = len(lines["region"].shown), len(lines["industry"].shown)
    struck, occurring = _statuses(survey, records, keys, shape)
    if survey.options.published:
        return _Checked(np.ones(shape, dtype=bool), occurring, np.zeros(shape, dtype=bool)), ""
    if (shape[0] + 1) * (shape[1] + 1) > MOST_CELLS:
        return _Checked(np.zeros(shape, dtype=bool), occurring, struck), "large"
    try:
        hidden = _protected(survey, records, keys, shape)
    except DisclosureError:
        return _Checked(np.zeros(shape, dtype=bool), occurring, struck), "refused"
    for part, totals in (("region", hidden[:-1, -1]), ("industry", hidden[-1, :-1])):
        lines[part] = lines[part]._replace(shown=~totals)
    shown = ~(hidden[:-1, :-1] | hidden[:-1, -1:] | hidden[-1:, :-1])
    return _Checked(shown, occurring, struck), ""


def _protected(survey: Survey, records: Records, keys: list[str], shape: tuple[int, ...]) -> Flags:
    """Give which cells `protect` suppresses, with those of the totals last along each key."""
    hidden = np.zeros([n + 1 for n in shape], dtype=bool)
    if len(records):
        safe = records.protect("value", keys, survey.entity, min_count=MIN_COUNT, dominance=DOMINANCE)
        places = (
            [n if label == "total" else int(label) for label in safe[key].tolist()]
            for key, n in zip(keys, shape, strict=True)
        )
        hidden[tuple(places)] = safe.suppressed["value"]
    return hidden
