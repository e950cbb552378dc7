"""Sums by row and column (industries in regions) within groups: the cells that occur, their margins, dense blocks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg import _core
from xxmfg._arrays import CODES, value_column
from xxmfg._columns import entries_of, missing_rows
from xxmfg._statistics import COUNT, MISSING, NO_STATE, ONLY_SUMS, SUM, TOTAL, plain, where_there
from xxmfg.aggregate import accumulate
from xxmfg.errors import XxmfgError
from xxmfg.grouping import Keys, check_lengths, keys_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from xxmfg._arrays import Column

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

__all__ = [
    "Axis",
    "Crosstab",
    "Lines",
    "Margin",
    "Reference",
    "areas_of",
    "blocks",
    "cell_sums",
    "crosstab",
    "known",
    "labels_of",
    "line_labels",
    "lines_of",
    "margin",
    "places_among",
    "reference_of",
    "refuse_missing",
    "refuse_negative",
    "required",
    "span",
    "structure_of",
]

KEPT = {"all": 0, "sums": ONLY_SUMS, "nothing": ONLY_SUMS | NO_STATE}  # of the exact states of cells

# Numbers of a dense block: with three temporaries of its size it stays in the second-level cache (4 * 256 KB).
BLOCK = 1 << 15


class Axis(NamedTuple):
    """One side of the table: the code of each cell in the order of labels, and the labels of the codes."""

    codes: Integers
    labels: dict[str, NDArray[Any]]
    size: int


class Crosstab(NamedTuple):
    """The cells that occur, sorted by group, row and column."""

    sides: tuple[Keys, Keys, Keys]  # of group, row, column
    values: Column
    state: Any  # None where it was let go: the sums of many cells take much more than their totals
    totals: Floats
    group: Axis
    row: Axis
    column: Axis

    @property
    def counts(self) -> Integers:
        """How many values of each cell are there."""
        counts: Integers = _core.statistics(self.state, (COUNT,))[0]
        return counts


class Lines(NamedTuple):
    """The pairs of a group and a row (or column) that occur, sorted."""

    codes: Integers  # of each cell
    groups: Integers  # of each line
    places: Integers  # of each line: its code on the other axis


class Margin(NamedTuple):
    """Exact sums of cells by code, and each rounded once, NaN where it is beyond the range of doubles."""

    state: Any
    totals: Floats


class Reference(NamedTuple):
    """The values of a reference area: of each code of an axis, and of labels that do not occur there."""

    values: Floats
    others: Floats
    total: float


def required(given: Any, argument: str) -> Keys:
    """Give the keys of an argument that must be there."""
    keys = keys_of(given, argument, argument)
    if not keys.columns:
        raise ValueError(f"{argument}: the {argument} of each record is needed")
    return keys


def structure_of(
    values: Any,
    row: tuple[Any, str],
    column: tuple[Any, str],
    by: Any,
    results: tuple[str, ...],
    argument: str = "by",
    keep: str = "sums",
) -> Crosstab:
    """Sum values that must be complete and not negative by what was given for each side, with its argument's name.

    Of the exact states `keep` says what stays: "all", the "sums", or "nothing".
    """
    groups = keys_of(by, argument, "key" if argument == "by" else argument)
    rows, columns = required(*row), required(*column)
    (groups + rows + columns).check_names(results)
    sides = (groups, argument), (rows, row[1]), (columns, column[1])
    table = crosstab(values, *sides, keep=keep)
    every = np.arange(len(table.totals))
    refuse_missing(table, table.row, row[1], every)
    refuse_missing(table, table.column, column[1], every)
    refuse_negative(table, table.totals, "sum", every)
    return table


def crosstab(
    values: Any, by: tuple[Keys, str], row: tuple[Keys, str], column: tuple[Keys, str], *, keep: str = "sums"
) -> Crosstab:
    """Sum values by group, row and column; each comes with the name of its argument."""
    held = value_column(values, "values")
    for keys, argument in (by, row, column):
        check_lengths(keys, (("values", held),), argument)
    keys = by[0] + row[0] + column[0]
    # Labels stay as the core gives them: codes of categories sort as the categories do, their labels may not.
    raw_keys = Keys(tuple(f"key {i}" for i in range(len(keys.columns))), keys.columns, (_as_is,) * len(keys.columns))
    state, raw, (totals,) = accumulate(raw_keys, (held,), (TOTAL,), True, flags=KEPT[keep])
    if keep == "nothing":
        state = None
    parts = list(raw.values())
    del raw  # labels go as they are read
    axes = [_axis(own, [parts.pop(0) for _ in own.columns], len(totals)) for own, _ in (by, row, column)]
    return Crosstab((by[0], row[0], column[0]), held, state, totals, *axes)


def _as_is(raw: Any) -> tuple[Any]:
    return (raw,)


def _axis(keys: Keys, raw: list[Any], n_cells: int) -> Axis:
    """Give dense codes in the order of labels, and the labels of a cell of each."""
    if not keys.columns:
        return Axis(np.zeros(n_cells, dtype=np.int64), {}, int(n_cells > 0))
    codes = _core.group(tuple(_sortable(part) for part in raw), True)[0].astype(np.int64)
    size = int(codes.max(initial=-1)) + 1
    cells = np.zeros(size, dtype=np.int64)
    cells[codes] = np.arange(n_cells)
    return Axis(codes, keys.labels(tuple(_taken(part, cells) for part in raw)), size)


def _sortable(raw: Any) -> Column:
    """Give what the core said of a key's labels as a column that sorts as they do."""
    if isinstance(raw, np.ndarray):
        return raw
    if len(raw) == 2:
        return raw[0], raw[1].astype(np.bool_), 0
    texts, codes, absent = raw
    ranks = np.zeros(len(texts) + 1, dtype=np.int64)
    ranks[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return np.where(absent, -1, ranks[codes]) if absent is not None else ranks[codes], None, CODES


def _taken(raw: Any, rows: Integers) -> Any:
    """Give the labels of some cells as the core would."""
    if isinstance(raw, np.ndarray):
        return raw[rows]
    if len(raw) == 2:
        return raw[0][rows], raw[1][rows]
    texts, codes, absent = raw
    return texts, codes[rows], None if absent is None else absent[rows]


def refuse_missing(table: Crosstab, axis: Axis, argument: str, cells: Integers) -> None:
    """Raise where a label of some cells is missing, saying of how many records."""
    absent = np.zeros(axis.size, dtype=np.bool_)
    for labels in axis.labels.values():
        absent |= missing_rows(labels)
    nameless = cells[absent[axis.codes[cells]]] if absent.any() else cells[:0]
    if len(nameless):
        group, row, column = table.sides
        _, _, (counts, missing) = accumulate(group + row + column, (table.values,), (COUNT, MISSING), True)
        n = int((counts + missing)[nameless].sum())
        says = "1 record has none; drop or name it" if n == 1 else f"{n} records have none; drop or name them"
        raise XxmfgError(f"{argument}: {says}")


def refuse_negative(table: Crosstab, numbers: NDArray[Any], what: str, cells: Integers) -> None:
    """Raise where the number of one of some cells is negative, naming the first."""
    below = cells[numbers[cells] < 0]
    if len(below):
        named = [
            f"{name} {labels[axis.codes[below[0]]]!s}"
            for axis in (table.group, table.row, table.column)
            for name, labels in axis.labels.items()
        ]
        number = numbers[below[0]].item()
        raise XxmfgError(f"values: the {what} of {', '.join(named)} is negative ({number:g}); it must be zero or more")


def cell_sums(table: Crosstab) -> NDArray[Any]:
    """Give the sums of the cells in the kind of the values, NaN where all values are missing."""
    try:
        (sums,) = _core.statistics(table.state, (SUM,))
    except OverflowError:
        group, row, column = table.sides
        accumulate(group + row + column, (table.values,), (SUM,), True)  # which names the cell
        raise
    return where_there(sums, table.counts > 0)


def lines_of(group: Axis, other: Axis) -> Lines:
    """Give the pairs of two axes that occur."""
    pairs = group.codes * max(other.size, 1)
    pairs += other.codes
    if (pairs[1:] >= pairs[:-1]).all():  # as those of group and row are
        begins = np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]
        pairs, codes = pairs[begins], np.cumsum(begins)
        codes -= 1
    else:
        codes, _, (pairs,) = _core.group((pairs,), True)
        codes = codes.astype(np.int64)
    return Lines(codes, pairs // max(other.size, 1), pairs % max(other.size, 1))


def margin(state: Any, codes: Integers, n: int) -> Margin:
    """Add the sums of a state by code."""
    folded = _core.fold(state, np.arange(len(codes)), codes, n)
    (totals,) = _core.statistics(folded, (TOTAL,))
    return Margin(folded, np.where(np.isfinite(totals), totals, np.nan))


def line_labels(table: Crosstab, lines: Lines, axis: Axis) -> dict[str, NDArray[Any]]:
    """Give the label columns of lines."""
    groups = {name: labels[lines.groups] for name, labels in table.group.labels.items()}
    return groups | {name: labels[lines.places] for name, labels in axis.labels.items()}


def known(columns: dict[str, Floats], totals: Floats) -> dict[str, Floats]:
    """Give columns with NaN where the total is zero or out of range, and one kind of NaN and zero."""
    for column in columns.values():
        column[~(totals > 0)] = np.nan
        plain(column)
    return columns


def span(sorted_codes: Integers, code: int) -> tuple[int, int]:
    """Give where a code begins and ends among sorted ones."""
    return int(np.searchsorted(sorted_codes, code)), int(np.searchsorted(sorted_codes, code, side="right"))


def blocks(table: Crosstab, lines: Lines, entries: NDArray[Any]) -> Iterator[tuple[int, int, int, Floats]]:
    """Give the entries of cells as dense rows, zero where there is no cell: (group, first line, end, block).

    The lines are those of the rows; a block lies in one group.
    """
    height = max(BLOCK // max(table.column.size, 1), 1)
    for group in range(table.group.size):
        first, end = span(lines.groups, group)
        for start in range(first, end, height):
            stop = min(start + height, end)
            low, high = np.searchsorted(lines.codes, (start, stop))
            block = np.zeros((stop - start, table.column.size))
            block[lines.codes[low:high] - start, table.column.codes[low:high]] = entries[low:high]
            yield group, start, stop, block


# ---- reference areas ----


def areas_of(table: Crosstab, given: Any, argument: str) -> Callable[[int], Reference]:
    """Give what finds the reference area of a group: its columns' sums, or what was given for all groups."""
    if given is not None:
        reference = reference_of(given, table.column, argument)
        return lambda group: reference
    columns = lines_of(table.group, table.column)
    state, sums = margin(table.state, columns.codes, len(columns.groups))
    totals = margin(state, columns.groups, table.group.size).totals

    def area(group: int) -> Reference:
        first, end = span(columns.groups, group)
        values = np.zeros(table.column.size)
        values[columns.places[first:end]] = sums[first:end]
        return Reference(values, np.zeros(0), float(totals[group]))

    return area


def reference_of(given: Any, axis: Axis, argument: str) -> Reference:
    """Give a mapping from labels to values by the codes of an axis; each label that occurs must be in it."""
    has_columns = hasattr(given, "columns")
    if has_columns or not (hasattr(given, "keys") and hasattr(given, "__getitem__")):
        hint = '; of columns: dict(zip(table["name"], table["sum"]))' if has_columns else ""
        raise TypeError(f"reference must be a mapping of {argument} to value, not {type(given).__name__}{hint}")
    values = {label: _reference_value(given[label], label) for label in given.keys()}  # noqa: SIM118 -- a Series
    places = places_among(list(values), axis, argument)
    entries = np.array(list(values.values()))
    others = np.sort(np.delete(entries, places))
    return Reference(entries[places], others, math.fsum(entries) or math.nan)


def labels_of(axis: Axis) -> list[Any]:
    """Give the labels of an axis as Python objects, tuples where it has several keys."""
    columns = [entries_of(labels) for labels in axis.labels.values()]
    return columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))


def places_among(labels: list[Any], axis: Axis, argument: str) -> Integers:
    """Give where the labels of an axis stand among those of a reference, or raise naming one that does not."""
    places = {label: place for place, label in enumerate(labels)}
    own = labels_of(axis)
    absent = [label for label in own if label not in places]
    if absent:
        more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
        raise XxmfgError(f"reference: {argument} {absent[0]!s}{more} occurs among the records but not there")
    return np.array([places[label] for label in own], dtype=np.int64)


def _reference_value(value: Any, label: Any) -> float:
    try:
        number = math.nan if isinstance(value, (str, bytes)) else float(value)
    except TypeError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise XxmfgError(f"reference: the value of {label!s} must be a finite number, zero or more, not {value!r}")
    return number
