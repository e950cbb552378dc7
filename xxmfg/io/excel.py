"""Workbooks to Records: an .xlsx is weighed before it is opened, then read row by row; errors name the cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg.errors import XxmfgError, unknown_column
from xxmfg.io._cells import CellError, typed_column
from xxmfg.records import Records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["read_xlsx"]

# A workbook is a zip archive: a small file may unpack to whatever its author wanted.
MAX_BYTES = 512_000_000
MAX_RATIO = 100
_SMALL = 1_000_000  # bytes that may be packed as tightly as they like
_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#GETTING_DATA")
# A cell with a formula and no value, as programs write that do not calculate; where text is calculated, none is "".
_NO_VALUE = re.compile(
    rb'<c\b(?![^<>]*\bt="str")[^<>]*\br="([A-Z]+)([0-9]+)"[^<>]*>\s*'
    rb"<f\b[^<>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)


def read_xlsx(
    path: str,
    *,
    types: Mapping[str, str] | None,
    missing: Iterable[str],
    thousands: str | None,
    sheet: str | int | None,
    header: int,
    columns: Sequence[str] | None,
) -> Records:
    """Read one sheet of an Excel workbook; see `xxmfg.read`.

    Formulas give the values that Excel stored; where it stored an error, or nothing, the cell is named.
    """
    _weigh(path)
    try:
        import openpyxl
    except ImportError as absent:
        raise ImportError("reading .xlsx needs openpyxl: pip install xxmfg[excel]", name="openpyxl") from absent
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # noqa: BLE001  (whatever is wrong inside, the file is no workbook)
        raise XxmfgError(f"{path}: no workbook that can be read: {error}") from None
    try:
        chosen = _sheet(book, sheet, path)
        where = f"{path}: sheet {chosen.title!r}"
        names, numbers, cells = _cells_of(chosen, header, where)
    finally:
        book.close()
    declared, blanks = dict(types or {}), frozenset((missing,) if isinstance(missing, str) else missing)
    for name in (*declared, *(columns or ())):
        if name not in names:
            raise unknown_column(name, names, where)
    typed = {}
    for place, name in enumerate(names):
        if columns is None or name in columns:
            try:
                typed[name] = _typed(cells[place], blanks, thousands, declared.get(name))
            except CellError as error:
                raise XxmfgError(f"{where}, cell {_letters(place)}{numbers[error.row]}: {error}") from None
        cells[place] = []
    return Records(typed if columns is None else {name: typed[name] for name in columns})


def _weigh(path: str) -> None:
    """Refuse an archive that is not one, that unpacks to too much, or whose XML declares entities."""
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            packed, unpacked = (sum(getattr(part, size) for part in parts) for size in ("compress_size", "file_size"))
            if unpacked > MAX_BYTES:
                raise XxmfgError(f"{path}: unpacks to {unpacked / 1e6:.0f} MB; above {MAX_BYTES / 1e6:.0f} MB save CSV")
            if unpacked > max(_SMALL, MAX_RATIO * packed):
                raise XxmfgError(
                    f"{path}: unpacks to {unpacked / max(packed, 1):.0f} times its size, as no workbook does"
                )
            for part in parts:
                with archive.open(part) as file:
                    if b"<!DOCTYPE" in file.read(4096).replace(b"\0", b"").upper():  # also in UTF-16
                        raise XxmfgError(f"{path}: {part.filename} declares entities, as no workbook does")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise XxmfgError(f"{path}: no .xlsx workbook: {error}") from None


def _sheet(book: Any, sheet: str | int | None, path: str) -> Any:
    """Give a worksheet by name or place; the first one where none is asked for."""
    sheets = {one.title: one for one in book.worksheets}
    if isinstance(sheet, str):
        if sheet not in sheets:
            raise XxmfgError(f"{path}: no sheet {sheet!r}; there are {', '.join(map(repr, sheets))}")
        return sheets[sheet]
    place = 0 if sheet is None else sheet
    if not isinstance(place, int) or isinstance(place, bool):
        raise TypeError(f"sheet={sheet!r}; give the name of a sheet, or its place counted from 0")
    if not 0 <= place < len(sheets):
        raise XxmfgError(f"{path}: no sheet {place}; there are {len(sheets)}, counted from 0")
    return list(sheets.values())[place]


def _cells_of(chosen: Any, header: int, where: str) -> tuple[list[str], list[int], list[list[Any]]]:
    """Give the names, the number of each row, and the cells of each column; empty rows are skipped."""
    chosen.reset_dimensions()  # what a file says of its size may be wrong
    filled = _filled_rows(chosen, where)
    head: tuple[int, tuple[Any, ...]] | None = None
    for _ in range(header + 1):
        head = next(filled, None)
    if head is None:
        raise XxmfgError(f"{where} has no row {header} of column names: it ends before it")
    names = _names(head[1], f"{where}, row {head[0]}")
    _refuse_formulas_without_value(chosen, len(names), head[0], where)
    numbers: list[int] = []
    cells: list[list[Any]] = [[] for _ in names]
    for number, row in filled:
        if any(cell is not None for cell in row[len(names) :]):
            raise XxmfgError(f"{where}, row {number} has more cells than the row of names")
        numbers.append(number)
        for place, column in enumerate(cells):
            cell = row[place] if place < len(row) else None
            if isinstance(cell, str) and cell in _ERRORS:
                raise XxmfgError(
                    f"{where}, cell {_letters(place)}{number} holds the error {cell}; mend it, or empty it"
                )
            column.append(cell)
    return names, numbers, cells


def _filled_rows(chosen: Any, where: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    number = 0
    try:
        for number, row in enumerate(chosen.iter_rows(values_only=True), start=1):
            if any(cell is not None for cell in row):
                yield number, row
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  (the sheet is parsed row by row: whatever is wrong inside comes here)
        raise XxmfgError(f"{where} cannot be read below row {number}: {error}") from None


def _refuse_formulas_without_value(chosen: Any, n_columns: int, head: int, where: str) -> None:
    """Raise where the columns hold a formula below their names that nobody calculated: it would be a missing value."""
    with chosen._get_source() as file:  # its rows have the value alone: of such a cell None
        sheet = file.read()
    if b"<f" not in sheet:
        return
    columns = {_letters(place) for place in range(n_columns)}
    for found in _NO_VALUE.finditer(sheet):
        column, row = found[1].decode(), int(found[2])
        if row > head and column in columns:
            raise XxmfgError(
                f"{where}, cell {column}{row} holds a formula without its value; open the file in Excel or "
                "LibreOffice and save it there"
            )


def _names(row: tuple[Any, ...], where: str) -> list[str]:
    texts = [_text(cell) for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    taken: dict[str, int] = {}
    for place, name in enumerate(texts):
        if not name.strip():
            raise XxmfgError(f"{where}: column {_letters(place)} has no name; give every column one (cells merged?)")
        if taken.setdefault(name, place) != place:
            first = _letters(taken[name])
            raise XxmfgError(f"{where}: columns {first} and {_letters(place)} are both called {name!r}; rename one")
    return texts


def _typed(cells: list[Any], blanks: frozenset[str], thousands: str | None, kind: str | None) -> Any:
    """Give the column that cells hold; what Excel keeps as text stays text unless it is declared another kind."""
    present = [cell for cell in cells if cell is not None and not (isinstance(cell, str) and cell.strip() in blanks)]
    if kind is None and present and all(isinstance(cell, str) for cell in present):
        kind = "text"
    if kind is None and present and all(hasattr(cell, "hour") and hasattr(cell, "year") for cell in present):
        moments = np.array([cell if hasattr(cell, "year") else None for cell in cells], dtype="datetime64[s]")
        days = moments.astype("datetime64[D]")
        return days if ((days == moments) | np.isnat(moments)).all() else moments
    return typed_column([_text(cell) for cell in cells], blanks | {""}, thousands, kind)


def _text(cell: Any) -> str:
    """Give a cell as a text file would have it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if hasattr(cell, "hour") and hasattr(cell, "year"):
        text: str = cell.isoformat()
        return text.removesuffix("T00:00:00")
    return str(cell)


def _letters(place: int) -> str:
    """Give the letters of a column counted from 0: A to Z, then AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
