"""What a printed table consists of: columns, rows of cells, notes; and the same as a `Table` for CSV."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from ..table import Table
from .press import press

__all__ = [
    "ABSENT",
    "BLANK",
    "PERCENT",
    "WHOLE",
    "Cell",
    "Column",
    "Note",
    "Row",
    "Sheet",
    "marks",
    "number",
    "plain",
    "to_table",
]

PERCENT = 2  # the power of ten from a fraction to percent


class Note(NamedTuple):
    """Sentences below a table; with a mark (推算, 存疑, 矛盾) they are what the cells of that mark point to."""

    text: str
    mark: str = ""
    gist: str = ""  # of a marked note: one sentence for the list of all of them
    target: str = ""  # the key of the row, of another table, that the mark leads to


class Column(NamedTuple):
    """A column's head; `is_number` aligns it by its digits."""

    name: str
    unit: str = ""
    is_number: bool = True


class Cell(NamedTuple):
    """A cell: its text as printed, its value before rounding, the notes that doubt or explain it."""

    text: str
    value: float | None = None
    notes: tuple[Note, ...] = ()
    differs: bool = False  # the report prints something else
    figures: tuple[str, ...] = ()  # the ids of the printed figures that it gives or quotes
    is_computed: bool = False  # what it gives is computed, not quoted


class Row(NamedTuple):
    """The cells of a row; the role (part, child, balance, subtotal, total) says what it is in its table."""

    cells: tuple[Cell, ...]
    role: str = "part"
    is_headline: bool = False
    key: str = ""  # what marks and texts refer to it by

    def as_headline(self) -> "Row":
        """Give the row as one that stands also large above the table."""
        return self._replace(is_headline=True)


class Sheet(NamedTuple):
    """A table as the report prints it; `nature` says on every row of its file what the data are."""

    number: int
    name: str
    title: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...] = ()
    source: str = ""
    nature: str = ""


ABSENT = Cell("—")  # a value that is not there
BLANK = Cell("")  # a place for which there is nothing to say
WHOLE = Cell("100", 100.0)


def number(
    value: float | Decimal, decimals: int, power: int = 0, notes: tuple[Note, ...] = (), *, grouped: bool = False
) -> Cell:
    """Give a computed value × 10**power with this many decimals; what is no number as a dash."""
    text = press(value, decimals, power, grouped=grouped)
    return Cell(text, float(Decimal(value).scaleb(power)), notes) if text != "—" else Cell(text, None, notes)


def to_table(sheet: Sheet, words: Mapping[str, str]) -> Table:
    """Give a sheet as a Table: columns as printed, numbers also before rounding, marks, and what the data are."""
    columns: dict[str, list[str] | list[float]] = {}
    for place, column in enumerate(sheet.columns):
        cells = [row.cells[place] for row in sheet.rows]
        head = words["with_unit"].format(column.name, column.unit) if column.unit else column.name
        columns[head] = [
            "" if one.text == ABSENT.text else plain(one) if column.is_number else one.text for one in cells
        ]
        if column.is_number and any(map(_is_rounded, cells)):
            unit = f"{column.unit}{words['comma']}{words['unrounded']}" if column.unit else words["unrounded"]
            exact = words["with_unit"].format(column.name, unit)
            columns[exact] = [float("nan") if one.value is None else one.value for one in cells]
    columns[words["mark"]] = [_row_marks(row, words) for row in sheet.rows]
    if sheet.nature:
        columns[words["nature"]] = [sheet.nature] * len(sheet.rows)
    return Table(columns)


def plain(one: Cell) -> str:
    """Give a cell of a column of numbers as programs read it: without commas between thousands."""
    return one.text.replace(",", "")


def _row_marks(row: Row, words: Mapping[str, str]) -> str:
    return "、".join(dict.fromkeys(mark for one in row.cells for mark in marks(one, words)))


def marks(one: Cell, words: Mapping[str, str]) -> list[str]:
    """Give the marks of a cell; 不符 where the report prints another number."""
    found = [note.mark for note in one.notes if note.mark]
    return [*found, words["differs"]] if one.differs else found


def _is_rounded(one: Cell) -> bool:
    if one.value is None:
        return False
    try:
        return one.value != float(plain(one))
    except ValueError:
        return True
