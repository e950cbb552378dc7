"""One table as an Excel workbook: numbers are numbers, text is never a formula, nothing is cut off in silence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg._show import NUMBERS, visible, width

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["FORMULA_STARTS", "workbook"]

# What OWASP lists under "CSV injection"; East Asian spreadsheets take the full-width forms too.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
MOST_ROWS, MOST_COLUMNS, LONGEST_TEXT = 1_048_576, 16_384, 32_767  # of a sheet, and the characters of a cell
FIRST_YEAR = 1900  # of Excel's dates; it has a 29 February that was none
MOST_DIGITS = 15  # of a number: of a longer one Excel replaces the last ones by zeros
NO_XML = re.compile("[\ufffe\uffff]")
BROADEST = 46  # characters of a column


def workbook(columns: Mapping[str, list[Any]], percent: Collection[str], note: str) -> bytes:
    """Give the file of a workbook with one sheet: names, rows, and the note below.

    An entry is a number, a bool, a date, `None` (an empty cell), or text; so is the mark of a suppressed figure.
    """
    n_rows = 1 + len(next(iter(columns.values()), [])) + bool(note)
    if n_rows > MOST_ROWS or len(columns) > MOST_COLUMNS:
        raise ValueError(
            f"a sheet of Excel has at most {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns; these are "
            f"{n_rows:,} and {len(columns):,}: write CSV"
        )
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter
    except ImportError as error:
        raise ImportError("to_excel needs openpyxl: pip install xxmfg[excel]", name="openpyxl") from error
    from io import BytesIO

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.freeze_panes = "A2"
    for place, (name, column) in enumerate(columns.items(), start=1):
        texts = [name, *(entry for entry in column if isinstance(entry, str))]
        sheet.column_dimensions[get_column_letter(place)].width = min(max(map(width, texts)) + 4, BROADEST)
    head = [_cell(sheet, name, "the names") for name in columns]
    for cell in head:
        cell.font = Font(bold=True)
    written = [[_entry(sheet, entry, name, name in percent) for entry in column] for name, column in columns.items()]
    below = [[_cell(sheet, note, "the note")]] if note else []
    for row in [head, *zip(*written, strict=True), *below]:  # errors are behind us: a sheet that is begun has to end
        sheet.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _entry(sheet: Any, entry: Any, name: str, is_percent: bool) -> Any:
    """Give what stands in a cell: a number or date that Excel can hold as it is, or text."""
    if entry is None or isinstance(entry, bool):
        return entry
    if isinstance(entry, NUMBERS):
        number = entry.item() if isinstance(entry, np.generic) else entry
        if abs(number) < 10**MOST_DIGITS or (isinstance(number, float) and np.isfinite(number)):
            return _number(sheet, number, is_percent) if is_percent or isinstance(number, float) else number
    elif hasattr(entry, "isoformat"):
        if entry.year > FIRST_YEAR:
            return entry
        entry = entry.isoformat()
    return _cell(sheet, str(entry), f"column {name!r}")


def _number(sheet: Any, number: float, is_percent: bool) -> Any:
    """Give a cell of a number to its last bit: openpyxl by itself writes 16 digits."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, repr(number))
    cell.data_type = "n"
    if is_percent:
        cell.number_format = "0.00%"
    return cell


def _cell(sheet: Any, text: str, where: str) -> Any:
    """Give a cell of text that stays text, also where somebody edits it; characters that cannot be seen as escapes."""
    from openpyxl.cell import WriteOnlyCell

    text = NO_XML.sub(lambda found: f"\\u{ord(found[0]):x}", visible(text))
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"{where}: a cell of Excel has at most {LONGEST_TEXT:,} characters, a text {len(text):,}")
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # what begins with = would be a formula, and #N/A an error
    if text.startswith(FORMULA_STARTS):
        cell.quotePrefix = True
    return cell
