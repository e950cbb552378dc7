"""The survey's tables are made alike: 表 and a number, the report as their source, what the data are."""

from ..document import Wording
from ..press import Quantity
from ..sheets import BLANK, Cell, Column, Note, Row, Sheet, number

__all__ = ["inferred", "line", "sheet", "text"]


def sheet(
    place: int,
    title: str,
    unit: str,
    columns: tuple[Column, ...],
    rows: tuple[Row, ...] | list[Row],
    notes: tuple[Note, ...],
    say: Wording,
    *,
    is_quoted: bool = False,
) -> Sheet:
    """Give a table of the survey; a quoted one has nothing of the reconstructed records in it."""
    source = say.description["quoted_source" if is_quoted else "source"]
    nature = "" if is_quoted else say.description["nature"]
    return Sheet(place, f"表{place}", title, unit, columns, tuple(rows), notes, source, nature)


def text(name: str) -> Column:
    """Give a column of text."""
    return Column(name, is_number=False)


def line(*cells: Cell | str, role: str = "part", width: int = 0) -> Row:
    """Give a row of cells or plain texts, empty ones behind them up to the width."""
    made = [Cell(one) if isinstance(one, str) else one for one in cells]
    return Row((*made, *[BLANK] * (width - len(made))), role)


def inferred(quantity: Quantity, *notes: Note) -> Cell:
    """Give a quantity that the report does not print."""
    return number(quantity.value, quantity.decimals, quantity.power, notes)
