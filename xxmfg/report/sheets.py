"""What a printed table consists of: columns, rows of cells, notes; and the same as a `Table` for CSV."""

from decimal import Decimal
from typing import NamedTuple

from ..table import Table
from .press import press
from .survey import Figure

__all__ = [
    "ABSENT",
    "PERCENT",
    "RECONSTRUCTED",
    "SOURCE",
    "WHOLE",
    "YI",
    "Cell",
    "Column",
    "Note",
    "Row",
    "Sheet",
    "cell",
    "figure_cell",
    "marks",
    "to_table",
]

YI, PERCENT = -4, 2  # powers of ten: from the records' 万元 to 亿元, from a fraction to percent
RECONSTRUCTED = "重构数据，非调查原始记录"
SOURCE = f"《西咸新区先进制造业调研报告》印出的数字；企业记录为{RECONSTRUCTED}。"


class Note(NamedTuple):
    """Sentences below a table; with a mark (推算, 存疑, 矛盾) they are what the cells of that mark point to."""

    text: str
    mark: str = ""
    gist: str = ""  # of a marked note: one sentence for the list of all of them


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


class Row(NamedTuple):
    """The cells of a row; the role (part, child, balance, subtotal, total) says what it is in its table."""

    cells: tuple[Cell, ...]
    role: str = "part"
    is_headline: bool = False

    def as_headline(self) -> "Row":
        """Give the row as one that stands also large above the table."""
        return self._replace(is_headline=True)


class Sheet(NamedTuple):
    """A table as the report prints it."""

    number: int
    title: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...]

    @property
    def name(self) -> str:
        """表 and number."""
        return f"表{self.number}"


ABSENT = Cell("—")
WHOLE = Cell("100", 100.0)


def cell(value: float, decimals: int, power: int = 0, notes: tuple[Note, ...] = ()) -> Cell:
    """Give a computed value × 10**power that the report does not print."""
    return Cell(press(value, decimals, power), _scaled(value, power), notes)


def figure_cell(value: float, figure: Figure, power: int = 0, notes: tuple[Note, ...] = ()) -> Cell:
    """Give a computed value × 10**power with the digits that the report prints, compared with what it prints."""
    text = press(value, figure.decimals, power)
    return Cell(text, _scaled(value, power), notes, Decimal(text) != figure.value)


def to_table(sheet: Sheet) -> Table:
    """Give a sheet as a Table: columns as printed, numbers also before rounding, marks, and what the data are."""
    columns: dict[str, list[str] | list[float]] = {}
    for place, column in enumerate(sheet.columns):
        cells = [row.cells[place] for row in sheet.rows]
        unit = f"（{column.unit}）" if column.unit else ""
        columns[f"{column.name}{unit}"] = ["" if one == ABSENT else one.text for one in cells]
        if column.is_number and any(map(_is_rounded, cells)):
            exact = f"（{column.unit}，未舍入）" if column.unit else "（未舍入）"
            columns[f"{column.name}{exact}"] = [float("nan") if one.value is None else one.value for one in cells]
    columns["标记"] = ["、".join(dict.fromkeys(mark for one in row.cells for mark in marks(one))) for row in sheet.rows]
    columns["数据性质"] = [RECONSTRUCTED] * len(sheet.rows)
    return Table(columns)


def marks(one: Cell) -> list[str]:
    """Give the marks of a cell; 不符 where the report prints another number."""
    found = [note.mark for note in one.notes if note.mark]
    return [*found, "不符"] if one.differs else found


def _is_rounded(one: Cell) -> bool:
    return one.value is not None and one.value != float(one.text)


def _scaled(value: float, power: int) -> float:
    return float(Decimal(value).scaleb(power))
