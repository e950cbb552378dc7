"""Cells of text to one typed column: the one place that decides what a column of a text file holds."""

import re
from typing import Any

import numpy as np

from xxmfg._objects import text_column

__all__ = ["KINDS", "CellError", "typed_column"]

KINDS = ("text", "number", "int", "float", "date", "bool")
"""What `types` may say of a column; `number` is `int` where all cells are integers, else `float`."""

_READ_AS = {"number": ("int", "float"), "date": ("date", "month")}  # the others are read as themselves
_INFERRED = ("int", "float", "bool", "date")
_TRUTH = {"true": True, "false": False}
_EXACT_IN_FLOAT = 2**53  # every integer up to here is a double of its own
_WANTED = {
    "number": "a number",
    "int": "an integer of 64 bits",
    "float": "a number",
    "date": "a date such as 2019-12-31 (or, in the whole column, a month such as 2019-12)",
    "bool": "true or false",
}
_PARTED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


class CellError(ValueError):
    """A cell that is not of the kind that its column is declared to be; `row` counts from 0."""

    def __init__(self, row: int, cell: str, kind: str, thousands: str | None) -> None:
        says = f"{cell!r} is not {_WANTED[kind]}"
        if thousands is None and kind in {"number", "int", "float"} and _PARTED.fullmatch(cell.strip()):
            says += '; where a comma parts thousands, give thousands="," (--thousands ,)'
        super().__init__(says)
        self.row = row


def typed_column(
    cells: list[str], missing: frozenset[str], thousands: str | None = None, kind: str | None = None
) -> np.ndarray[Any, Any]:
    """Give the column that the cells hold, of a declared kind or of the kind that all its cells are.

    Inferred are: int64 when all cells are integers that fit; float64 when all are numbers, or integers and missing
    cells (a masked int64 array where a double would change one of them), or all are missing; bool for the words true
    and false (masked where some are missing); datetime64[D] for ISO dates; else text, a StringDType column whose
    missing cells are None. Numbers are ASCII. Where a number has leading zeros, or an integer is beyond int64, the
    column stays text: both are identifiers, which a number would change.

    Raises
    ------
    CellError
        A cell is not of the declared kind.
    """
    gaps = [row for row, cell in enumerate(cells) if cell.strip() in missing]
    present = _without(cells, gaps)
    column = _inferred(present, thousands) if kind is None else _declared(present, thousands, kind)
    if column is None:
        raise _first_error(cells, frozenset(gaps), thousands, str(kind))
    return _spread(column, gaps, len(cells), keep_integers=kind == "int") if gaps else column


def _inferred(cells: list[str], thousands: str | None) -> np.ndarray[Any, Any]:
    if not cells:
        return np.empty(0)
    for kind in _INFERRED:
        try:
            column = _read(cells, thousands, kind)
        except ValueError:
            continue
        except OverflowError:
            break
        if column.dtype.kind in "if" and (_has_leading_zeros(cells) or not np.isfinite(column).any()):
            break
        return column
    return _texts(cells)


def _declared(cells: list[str], thousands: str | None, kind: str) -> np.ndarray[Any, Any] | None:
    """Read cells as the declared kind; None where one of them is not."""
    if kind == "text":
        return _texts(cells)
    for way in _READ_AS.get(kind, (kind,)):
        try:
            return _read(cells, thousands, way)
        except (ValueError, OverflowError):
            continue
    return None


def _first_error(cells: list[str], gaps: frozenset[int], thousands: str | None, kind: str) -> CellError:
    rows = (row for row in range(len(cells)) if row not in gaps)
    first = next(row for row in rows if _declared([cells[row]], thousands, kind) is None)
    return CellError(first, cells[first], kind, thousands)


def _read(cells: list[str], thousands: str | None, kind: str) -> np.ndarray[Any, Any]:
    """Read cells that are all present; ValueError where one is of another kind, OverflowError beyond its range."""
    if kind == "int":
        return np.fromiter(map(int, _numerals(cells, thousands)), np.int64, len(cells))
    if kind == "float":
        return _floats(_numerals(cells, thousands))
    if kind == "bool":
        return _truths(cells)
    return (
        _dates(cells, r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "D")
        if kind == "date"
        else _dates(cells, r"[0-9]{4}-[0-9]{2}", "M")
    )


def _numerals(cells: list[str], thousands: str | None) -> list[str]:
    """Give the cells without separators; ValueError where int and float would read more than ASCII numerals."""
    if thousands is not None:
        import re

        grouped = re.compile(rf"\s*[+-]?[1-9][0-9]{{0,2}}({re.escape(thousands)}[0-9]{{3}})+(\.[0-9]*)?\s*").fullmatch
        cells = [cell.replace(thousands, "") if thousands in cell and grouped(cell) else cell for cell in cells]
    for cell in cells[:1]:
        float(cell)  # most columns of text end here, before the whole column is looked at
    joined = "".join(cells)
    if not joined.isascii():  # full-width spaces around a numeral may go, full-width digits may not
        cells = [cell.strip() for cell in cells]
        joined = "".join(cells)
    if "_" in joined or not joined.isascii():
        raise ValueError
    return cells


def _floats(cells: list[str]) -> np.ndarray[Any, Any]:
    column = np.fromiter(map(float, cells), np.float64, len(cells))
    if any(character.isdigit() for row in np.flatnonzero(np.isinf(column)) for character in cells[row]):
        raise OverflowError  # 1e999 is not inf
    return column


def _truths(cells: list[str]) -> np.ndarray[Any, Any]:
    words = [cell.strip().lower() for cell in cells]
    if not _TRUTH.keys() >= set(words):
        raise ValueError
    return np.array([_TRUTH[word] for word in words], dtype=bool)


def _dates(cells: list[str], form: str, unit: str) -> np.ndarray[Any, Any]:
    import re

    if not all(map(re.compile(rf"\s*{form}\s*").fullmatch, cells)):  # NumPy reads also "2019", "today" and "NaT"
        raise ValueError
    return np.array([cell.strip() for cell in cells], dtype=f"datetime64[{unit}]")


def _texts(cells: list[str]) -> np.ndarray[Any, Any]:
    return text_column(cells)


def _has_leading_zeros(cells: list[str]) -> bool:
    import re

    return any(map(re.compile(r"\s*[+-]?0[0-9]").match, cells))


def _without(cells: list[str], gaps: list[int]) -> list[str]:
    if not gaps:
        return cells
    left_out = frozenset(gaps)
    return [cell for row, cell in enumerate(cells) if row not in left_out]


def _spread(present: np.ndarray[Any, Any], gaps: list[int], n: int, *, keep_integers: bool) -> np.ndarray[Any, Any]:
    """Put the present cells back between the missing ones."""
    is_gap = np.zeros(n, dtype=bool)
    is_gap[gaps] = True
    if present.dtype.kind == "i" and not keep_integers and not _beyond_float(present):
        present = present.astype(np.float64)
    if present.dtype.kind in "ib":
        held = np.zeros(n, dtype=present.dtype)
        held[~is_gap] = present
        return np.ma.MaskedArray(held, mask=is_gap)
    column = np.full(n, {"f": np.nan, "M": "NaT", "T": None}[present.dtype.kind], dtype=present.dtype)
    column[~is_gap] = present
    return column


def _beyond_float(column: np.ndarray[Any, Any]) -> bool:
    return bool(column.size) and max(int(column.max()), -int(column.min())) > _EXACT_IN_FLOAT
