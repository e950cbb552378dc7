"""The survey's tables are made alike: 表 and a number, the report as their source, what the data are."""

from ..document import Wording
from ..sheets import Column, Note, Row, Sheet

__all__ = ["sheet", "text"]


def sheet(
    number: int,
    title: str,
    unit: str,
    columns: tuple[Column, ...],
    rows: tuple[Row, ...],
    notes: tuple[Note, ...],
    say: Wording,
    *,
    is_quoted: bool = False,
) -> Sheet:
    """Give a table of the survey; a quoted one has nothing of the reconstructed records in it."""
    source = say.description["quoted_source" if is_quoted else "source"]
    nature = "" if is_quoted else say.description["nature"]
    return Sheet(number, f"表{number}", title, unit, columns, rows, notes, source, nature)


def text(name: str) -> Column:
    """Give a column of text."""
    return Column(name, is_number=False)
