"""Earlier tables, from which growth rates count: what `protect` gave for them, checked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg._columns import NOTE, entries_of, mark_of
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xxmfg.table import Table

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Label = tuple[str | None, ...]

__all__ = ["DERIVED", "KINDS", "RESULTS", "WHOLE", "earlier_values"]

KINDS = ("publish", "primary", "secondary", "missing")  # of a row's status
HIDDEN = KINDS[1:3]
DERIVED = ("share", "mean", "rate")
RESULTS = ("value", "status", *DERIVED, *map(mark_of, ("value", *DERIVED)), NOTE)  # those of exports too
WHOLE = "total"  # the label of totals


class _Row(NamedTuple):
    value: float
    status: str
    is_marked: bool  # as suppressed, which `protect` does


def earlier_values(keys: dict[str, NDArray[Any]], base: Table) -> tuple[Floats, Flags]:
    """Give the value of each row in an earlier table, NaN where it has none, and where it is suppressed there."""
    before = _rows_of(base, tuple(keys))
    _check_totals(before, len(keys))
    absent = _Row(math.nan, "missing", False)
    own = [before.get(label, absent) for label in zip(*map(entries_of, keys.values()), strict=True)]
    values = np.array([row.value for row in own], dtype=np.float64)
    return values, np.array([row.status in HIDDEN for row in own], dtype=np.bool_)


def _rows_of(base: Table, names: tuple[str, ...]) -> dict[Label, _Row]:
    """Give the rows of a base by their labels."""
    found = tuple(name for name in base if name not in RESULTS)
    for name in names:
        if name not in found:
            raise XxmfgError(f"base: it has no key {name!r}")
    if set(found) != set(names):
        raise XxmfgError(f"base: its keys are {', '.join(found)}, those of this table {', '.join(names)}")
    if base["value"].dtype.kind not in "iuf":
        raise XxmfgError("base: its values must be numbers, NaN where they are suppressed; there is text among them")
    values, statuses = base["value"].astype(np.float64).tolist(), entries_of(base["status"])
    marks = base.suppressed.get("value", np.zeros(len(base), dtype=np.bool_)).tolist()
    rows: dict[Label, _Row] = {}
    labels = zip(*(entries_of(base[name]) for name in names), strict=True)
    for label, value, status, is_marked in zip(labels, values, statuses, marks, strict=True):
        if status not in KINDS:
            raise XxmfgError(f"base: the status of {_words(label)} is {status!r}, none of {', '.join(KINDS)}")
        if (status == "publish") != math.isfinite(value):
            raise XxmfgError(f"base: the status of {_words(label)} is {status}, and its value is {value:g}")
        if label in rows:
            raise XxmfgError(f"base: it has two rows of {_words(label)}")
        rows[label] = _Row(value, status, is_marked)
    return rows


def _check_totals(rows: dict[Label, _Row], n_keys: int) -> None:
    """Raise where a line has no total, or does not add up to it.

    Beside a cell that `protect` itself suppressed the others may be more than the total: that cell may be negative.
    """
    for axis in range(n_keys):
        lines: dict[Label, list[_Row]] = {}
        for label, row in rows.items():
            line = (*label[:axis], WHOLE, *label[axis + 1 :])
            if label != line:
                lines.setdefault(line, []).append(row)
        for line, parts in lines.items():
            if line not in rows:
                raise XxmfgError(f"base: it has no total of {_words(line)}; give the table as protect gave it")
            if rows[line].status == "publish" and not _adds_up(parts, rows[line].value):
                found = sum(row.value for row in parts if row.status == "publish")
                raise XxmfgError(
                    f"base: the cells of {_words(line)} add up to {found:g}, its total is {rows[line].value:g}"
                )


def _adds_up(parts: list[_Row], total: float) -> bool:
    published = [row.value for row in parts if row.status == "publish"]
    hidden = [row for row in parts if row.status in HIDDEN]
    more, rounding = math.fsum(published) - total, 1e-9 * max(map(abs, [*published, total]))
    if hidden:
        return more <= rounding or all(row.is_marked for row in hidden)
    return abs(more) <= rounding


def _words(label: Label) -> str:
    return ", ".join(map(str, label))
