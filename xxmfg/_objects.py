"""Columns of Python objects to columns of one kind: numbers, text, bools, dates; what is of no kind is named.

Integers and bools may stand among floats, Decimals and Fractions, which are read as their nearest doubles; nothing
else mixes. None, NaN, NaT and pandas' NA are missing in every kind.
"""

from __future__ import annotations

import reprlib
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg._zones import clock_of_objects

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Objects = NDArray[np.object_]
    Mask = NDArray[np.bool_]

__all__ = ["TEXT", "as_text", "keys_of_objects", "numbers_of_objects", "text_column"]

TEXT = np.dtypes.StringDType(na_object=None)

NUMBERS = frozenset({"int", "float", "decimal"})
LISTED = "integers, floats, bools, text or dates"


def numbers_of_objects(objects: Objects, mask: Mask | None, name: str) -> tuple[NDArray[Any], Mask | None]:
    """Give values that are objects as numbers, with a mask where integers or bools have missing ones.

    Raises
    ------
    TypeError
        If an entry is no number; it and its row are named.
    OverflowError
        If an integer fits no 64 bits, or no double where others are floats.
    """
    entries = _sorted_out(objects, mask)
    for kind, row in entries.first.items():
        if kind not in NUMBERS and kind != "bool":
            raise TypeError(f"{name} must be numbers, but row {row} is {_shown(entries.all[row])}")
    kept = entries.kept()
    if entries.first.keys() <= {"bool"}:
        return _spread(np.array(kept, dtype=bool if kept else np.float64), entries)
    if entries.first.keys() <= {"bool", "int"}:
        numbers = _integers(kept)
        if numbers is None:
            row = next(row for row in entries.rows() if not -(2**63) <= entries.all[row] < 2**63)
            raise OverflowError(f"{name} has integers beyond 64 bits, as in row {row}: give them as floats")
        return _spread(numbers, entries)
    return _spread(_doubles(kept, entries, name), entries)


def keys_of_objects(
    objects: Objects, mask: Mask | None, name: str, entry: str = "row"
) -> tuple[NDArray[Any], Mask | None]:
    """Give keys that are objects as a column of one kind, with a mask where integers or bools have missing ones.

    Integers beyond 64 bits stay objects. `entry` is what errors call an entry.

    Raises
    ------
    TypeError
        If an entry can be no key, or two are of kinds that have no common order; both are named.
    ValueError
        If a text has no characters that UTF-8 can write, or two keys would become one number.
    """
    entries = _sorted_out(objects, mask)
    first = entries.first
    read = _reader(frozenset(first))
    if read is None:
        told = " and ".join(f"{entry} {row} is {_shown(entries.all[row])}" for row in _clash(first))
        raise TypeError(f"{name} must be of one kind ({LISTED}), but {told}")
    column = read(entries, name, entry)
    return _spread(column, entries) if len(column) < len(objects) or entries.missing is not None else (column, None)


def text_column(texts: list[Any]) -> NDArray[Any]:
    """Give texts (None where missing) as a column of StringDType.

    The array is made before the list is read: NumPy (2.4) takes no notice when a signal waits while it makes an array
    of this type, and Ctrl-C in the time in which it looks a long list through would end the process.
    """
    column = np.empty(len(texts), dtype=TEXT)
    column[:] = texts
    return column


def as_text(texts: Any, name: str, entry: str = "row") -> NDArray[Any]:
    """Give texts (None where missing) as a column of StringDType, or name one that UTF-8 cannot write."""
    try:
        return text_column(texts) if isinstance(texts, list) else np.asarray(texts, dtype=TEXT)
    except (UnicodeEncodeError, TypeError):
        for row, text in enumerate(texts):
            if isinstance(text, str) and not _is_writable(text):
                told = f"{entry} {row} is {reprlib.repr(str(text))}"
                raise ValueError(f"{name}: {told}, half a surrogate pair: no such text can be written") from None
        raise


def _is_writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# ---- the kinds of entries ----


class _Entries(NamedTuple):
    """Objects, which of them are missing (None: none is), and the first row of each kind among the others."""

    all: list[Any]
    missing: Mask | None
    first: dict[str, int]

    def rows(self) -> Sequence[int]:
        return range(len(self.all)) if self.missing is None else np.flatnonzero(~self.missing).tolist()

    def kept(self) -> list[Any]:
        if self.missing is None:
            return self.all
        return [entry for entry, gap in zip(self.all, self.missing.tolist(), strict=True) if not gap]


def _sorted_out(objects: Objects, mask: Mask | None) -> _Entries:
    """Tell missing entries from others, and the kinds of those; a column of one type costs one look."""
    entries = objects.tolist()
    kinds = {kind: _kind_of(kind) for kind in set(map(type, entries))}
    if mask is None and not any(kind in _MAY_BE_MISSING for kind in kinds.values()):
        missing = None
    else:
        missing = np.fromiter((_is_missing(entry, kinds[type(entry)]) for entry in entries), bool, len(entries))
        missing = missing if mask is None else missing | mask
        missing = missing if missing.any() else None
    first: dict[str, int] = {}
    (only,) = found if len(found := set(kinds.values())) == 1 else (None,)
    if only is not None and only != "datetime" and missing is None:
        first[only] = 0
    else:
        for row, entry in enumerate(entries):
            if missing is None or not missing[row]:
                first.setdefault(_kind(entry, kinds[type(entry)]), row)
    return _Entries(entries, missing, first)


_MAY_BE_MISSING = frozenset({"missing", "float", "decimal", "datetime", "timedelta"})
_ORDER: tuple[tuple[type | tuple[type, ...], str], ...] = (  # a datetime is a date, a bool an int: the finer kind first
    ((bool, np.bool_), "bool"),
    (np.timedelta64, "timedelta"),  # which NumPy counts among its integers
    ((int, np.integer), "int"),
    (float, "float"),
    (str, "text"),
    ((bytes, bytearray), "bytes"),
    ((datetime, np.datetime64), "datetime"),
    (date, "date"),
    (timedelta, "timedelta"),
)


def _kind_of(type_: type) -> str:
    if type_ is type(None) or type_.__name__ in {"NAType", "NaTType"}:
        return "missing"
    for types, kind in _ORDER:
        if issubclass(type_, types):
            return kind
    if issubclass(type_, np.floating):
        return "float" if type_(0).dtype.itemsize <= 8 else type_.__name__
    if (type_.__module__, type_.__name__) in {("decimal", "Decimal"), ("fractions", "Fraction")}:
        return "decimal"
    return type_.__name__


def _kind(entry: Any, kind: str) -> str:
    return "datetime with a time zone" if kind == "datetime" and getattr(entry, "tzinfo", None) is not None else kind


def _is_missing(entry: Any, kind: str) -> bool:
    if kind == "missing":
        return True
    if kind == "float":
        return bool(entry != entry)  # noqa: PLR0124 -- only NaN differs from itself
    if kind == "decimal":
        return hasattr(entry, "is_nan") and entry.is_nan()
    return isinstance(entry, (np.datetime64, np.timedelta64)) and bool(np.isnat(entry))


def _shown(entry: object) -> str:
    shown = entry.isoformat() if isinstance(entry, date) else reprlib.repr(entry)
    return f"{shown} ({type(entry).__name__})"


# ---- readers of one kind ----


def _reader(kinds: frozenset[str]) -> Callable[[_Entries, str, str], NDArray[Any]] | None:
    """Give what reads keys of these kinds; None where they have no common one."""
    if kinds <= {"text"}:
        return _read_text
    if kinds <= NUMBERS:
        return _read_whole if kinds == {"int"} else _read_numbers
    for wanted, read in (
        ({"bool"}, _read_bools),
        ({"bytes"}, _read_bytes),
        ({"date"}, _read_dates),
        ({"datetime"}, _read_datetimes),
        ({"datetime with a time zone"}, _read_zoned),
        ({"timedelta"}, _read_timedeltas),
    ):
        if kinds == wanted:
            return read
    return None


def _clash(first: dict[str, int]) -> list[int]:
    """Give the rows to be shown in an error: the first two kinds that do not mix, or one that is no kind at all."""
    for kind, row in first.items():
        if _reader(frozenset({kind})) is None:
            return [row]
    kinds = list(first)
    other = next(kind for kind in kinds if _reader(frozenset({kinds[0], kind})) is None)
    return sorted((first[kinds[0]], first[other]))


def _read_text(entries: _Entries, name: str, entry: str) -> NDArray[Any]:
    gaps = entries.missing
    texts = entries.all if gaps is None else [None if gap else e for e, gap in zip(entries.all, gaps, strict=True)]
    return as_text(texts, name, entry)


def _read_bytes(entries: _Entries, name: str, entry: str) -> NDArray[Any]:
    texts: list[str | None] = [None] * len(entries.all)
    for row in entries.rows():
        try:
            texts[row] = bytes(entries.all[row]).decode()
        except UnicodeDecodeError as error:
            raise ValueError(f"{name}: {entry} {row} has bytes that are not UTF-8: {error}") from None
    return text_column(texts)


def _read_bools(entries: _Entries, _name: str, _entry: str) -> NDArray[Any]:
    return np.array(entries.kept(), dtype=bool)


def _read_whole(entries: _Entries, _name: str, _entry: str) -> NDArray[Any]:
    kept = entries.kept()
    integers = _integers(kept)
    if integers is None:
        integers = np.empty(len(kept), dtype=object)
        integers[:] = [int(number) for number in kept]
    return integers


def _integers(kept: list[Any]) -> NDArray[Any] | None:
    """Give integers as int64, or uint64 where they need it; None where neither holds all."""
    for dtype in (np.int64, np.uint64):
        try:
            return np.array([int(number) for number in kept], dtype=dtype)
        except OverflowError:
            continue
    return None


def _read_numbers(entries: _Entries, name: str, entry: str) -> NDArray[Any]:
    kept = entries.kept()
    numbers = _doubles(kept, entries, name, entry)
    if entries.first.keys() != {"float"} and len(np.unique(numbers)) < len(set(kept)):
        holders: dict[float, int] = {}
        for row, number in zip(entries.rows(), numbers.tolist(), strict=True):
            other = holders.setdefault(number, row)
            if entries.all[other] != entries.all[row]:
                told = " and ".join(f"{entry} {i} is {_shown(entries.all[i])}" for i in (other, row))
                raise ValueError(f"{name}: {told}, which are one float64: give such keys as text")
    return numbers


def _doubles(kept: list[Any], entries: _Entries, name: str, entry: str = "row") -> NDArray[np.float64]:
    try:
        return np.fromiter(map(float, kept), np.float64, len(kept))
    except OverflowError:
        for row in entries.rows():
            try:
                float(entries.all[row])
            except OverflowError:
                raise OverflowError(f"{name}: {entry} {row} is a number beyond float64") from None
        raise


def _read_dates(entries: _Entries, _name: str, _entry: str) -> NDArray[Any]:
    return np.array(entries.kept(), dtype="datetime64[D]")


def _read_datetimes(entries: _Entries, _name: str, _entry: str) -> NDArray[Any]:
    # What pandas makes has nanoseconds.
    exact = [e.to_datetime64() if hasattr(e, "to_datetime64") else e for e in entries.kept()]
    return np.array(exact, dtype="datetime64")


def _read_zoned(entries: _Entries, name: str, _entry: str) -> NDArray[Any]:
    return clock_of_objects(entries.kept(), name)


def _read_timedeltas(entries: _Entries, _name: str, _entry: str) -> NDArray[Any]:
    exact = [e.to_timedelta64() if hasattr(e, "to_timedelta64") else e for e in entries.kept()]
    return np.array(exact, dtype="timedelta64")


def _spread(kept: NDArray[Any], entries: _Entries) -> tuple[NDArray[Any], Mask | None]:
    """Put entries that are not missing back between those that are; a mask stands where their kind has no mark."""
    missing = entries.missing
    if missing is None or kept.dtype == TEXT:
        return kept, None
    kind = kept.dtype.kind
    column = np.zeros(len(missing), dtype=kept.dtype)
    column[~missing] = kept
    if kind in "fmM":
        column[missing] = np.nan if kind == "f" else np.array("NaT", dtype=kept.dtype)
        return column, None
    return column, missing
