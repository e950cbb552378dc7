"""A document as an Excel workbook: contents, then a sheet a table; numbers are numbers, text is never a formula."""

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from .._show import visible, width
from .document import Document, doubts, load
from .sheets import ABSENT, Cell, Column, Sheet, marks, plain

__all__ = ["workbook"]

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # the same bytes on every day
_STRINGS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FONT = {"zh": "宋体", "en": "Calibri"}
_FIRST = 3  # the line of the first row of a table, from 0
_NARROW, _BROAD = 8, 46  # characters of a column


def workbook(document: Document) -> bytes:
    """Give the workbook's file.

    A computed number is written as it is before rounding, in a format that shows the printed digits; marks stand in
    a column of their own, notes below the table.
    """
    import xlsxwriter

    content = BytesIO()
    words = load(__package__, "words.toml")[document.language]
    with xlsxwriter.Workbook(content, {**_STRINGS, "in_memory": True, "nan_inf_to_errors": False}) as book:
        book.set_properties({"title": visible(document.title), "created": _NEVER.replace(tzinfo=None)})
        formats = _Formats(book, _FONT[document.language])
        _write_contents(book.add_worksheet(words["contents"]), document, words, formats)
        places = _places(document)
        for sheet in document.sheets:
            _write_sheet(book.add_worksheet(_tab(sheet)), sheet, words, formats, places)
    return content.getvalue()


class _Formats:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: Any, font: str) -> None:
        self._book, self._font, self._made = book, font, dict[Any, Any]()

    def __call__(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": self._font, "valign": "vcenter", **properties})
        return self._made[key]

    def title(self) -> Any:
        return self(bold=True, font_size=14)

    def head(self, *, is_number: bool) -> Any:
        align = "right" if is_number else "left"
        return self(bold=True, text_wrap=True, top=2, bottom=1, bg_color="#F3F1EA", align=align)

    def body(self, role: str, **properties: Any) -> Any:
        if role in {"subtotal", "total"}:
            properties["bold"] = True
        if role == "child":
            properties["font_color"] = "#55626D"
        return self(bottom=4, bottom_color="#B8B5AC", **properties)

    def note(self) -> Any:
        return self(text_wrap=True, font_size=9, font_color="#55626D", valign="top")


def _tab(sheet: Sheet) -> str:
    return sheet.name[:31]


def _write_contents(page: Any, document: Document, words: Mapping[str, Any], formats: _Formats) -> None:
    """Write the first sheet: what the report is, where its tables are, what in it is doubtful."""
    page.set_column(0, 0, 12)
    page.set_column(1, 1, 90)
    page.write_string(0, 0, visible(document.title), formats.title())
    rows = [("", document.lead), *document.warnings]
    row = 1
    for head, text in rows:
        page.write_string(row, 1, visible(head + text), formats.note())
        row += 1
    for sheet in document.sheets:
        page.write_url(row, 0, f"internal:'{_tab(sheet)}'!A1", formats(font_color="#1F5F8F", underline=1), sheet.name)
        page.write_string(row, 1, visible(sheet.title), formats())
        row += 1
    for note, sheets in doubts(document.sheets):
        page.write_string(row, 0, note.mark, formats(bold=True, font_color="#A5321F", valign="top"))
        where = words["list_comma"].join(sheet.name for sheet in sheets)
        page.write_string(row, 1, visible(f"{note.gist or note.text} ({where})"), formats.note())
        row += 1


def _places(document: Document) -> dict[str, str]:
    """Give the addresses of the rows that marks lead to."""
    return {
        row.key: f"internal:'{_tab(sheet)}'!A{line}"
        for sheet in document.sheets
        for line, row in enumerate(sheet.rows, start=_FIRST + 1)
        if row.key
    }


def _write_sheet(
    page: Any, sheet: Sheet, words: Mapping[str, Any], formats: _Formats, places: Mapping[str, str]
) -> None:
    marked = any(marks(cell, words) for row in sheet.rows for cell in row.cells)
    page.write_string(0, 0, visible(f"{sheet.name} {sheet.title}"), formats.title())
    if sheet.unit:
        page.write_string(1, 0, visible(words["unit"].format(sheet.unit)), formats.note())
    for place, column in enumerate(sheet.columns):
        head = words["with_unit"].format(column.name, column.unit) if column.unit else column.name
        page.write_string(2, place, visible(head), formats.head(is_number=column.is_number))
        page.set_column(place, place, _column_width(sheet, place, head))
    if marked:
        page.write_string(2, len(sheet.columns), words["mark"], formats.head(is_number=False))
    for line, row in enumerate(sheet.rows, start=_FIRST):
        for place, (column, cell) in enumerate(zip(sheet.columns, row.cells, strict=True)):
            _write_cell(page, line, place, column, cell, row.role, formats)
        if marked:
            found = dict.fromkeys(mark for cell in row.cells for mark in marks(cell, words))
            text, style = words["list_comma"].join(found), formats.body(row.role)
            targets = [note.target for cell in row.cells for note in cell.notes if note.target in places]
            if targets:
                page.write_url(line, len(sheet.columns), places[targets[0]], style, text)
            else:
                page.write_string(line, len(sheet.columns), text, style)
    _write_notes(page, 4 + len(sheet.rows), sheet, words, formats)
    page.freeze_panes(3, 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(2)


def _write_cell(page: Any, line: int, place: int, column: Column, cell: Cell, role: str, formats: _Formats) -> None:
    text = visible(cell.text)
    decimals = len(cell.text.partition(".")[2])
    if column.is_number and cell.value is not None and _is_number(plain(cell)):
        form = "#,##0" if "," in cell.text else "0"
        form = f"{form}.{'0' * decimals}" if decimals else form
        page.write_number(line, place, cell.value, formats.body(role, num_format=form, align="right"))
    elif column.is_number and _is_number(plain(cell)):
        page.write_number(line, place, float(plain(cell)), formats.body(role, align="right"))
    else:
        align = "right" if column.is_number else "left"
        page.write_string(
            line, place, "" if text == ABSENT.text else text, formats.body(role, align=align, text_wrap=True)
        )


def _write_notes(page: Any, line: int, sheet: Sheet, words: Mapping[str, Any], formats: _Formats) -> None:
    texts = [words["source"].format(sheet.source)] if sheet.source else []
    texts += [
        f"{place}. {f'[{note.mark}] ' if note.mark else ''}{note.text}" for place, note in enumerate(sheet.notes, 1)
    ]
    last = max(len(sheet.columns) - 1, 1)
    room = sum(_column_width(sheet, place, column.name) for place, column in enumerate(sheet.columns))
    for text in texts:
        page.merge_range(line, 0, line, last, "", formats.note())
        page.write_string(line, 0, visible(text), formats.note())
        page.set_row(line, 13 * (1 + int(width(text) * 0.95 / max(room, 20))))
        line += 1


def _column_width(sheet: Sheet, place: int, head: str) -> int:
    widest = max((width(row.cells[place].text) for row in sheet.rows), default=0)
    return min(max(widest, width(head), _NARROW) + 2, _BROAD)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
