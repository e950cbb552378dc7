"""The page: a document into one HTML file that needs nothing beside it."""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from itertools import takewhile
from typing import Any

from .._show import visible
from .document import Document, Section, doubts, load, references, row_keys
from .sheets import ABSENT, BLANK, Cell, Note, Row, Sheet

__all__ = ["render"]

_WIDE = 7  # columns from which a table is set smaller


def render(document: Document, drawings: Mapping[int, str], csv_files: Mapping[int, tuple[str, bytes]]) -> str:
    """Give the page as HTML.

    Parameters
    ----------
    document : Document
        The report.
    drawings : mapping of int to str
        The `svg` element of each chart by its number.
    csv_files : mapping of int to (str, bytes)
        Name and content of each table's CSV file by the table's number: the page carries them along.

    Returns
    -------
    str
        The whole file. Everything that comes from data is escaped, and no invisible character stays invisible.
    """
    from markupsafe import Markup

    from xxmfg import __version__

    style = (files(__package__) / "page.css").read_text("utf-8")
    words = load(__package__, "words.toml")[document.language]
    sheets = {sheet.number: sheet for sheet in document.sheets}
    keys = row_keys(document)
    note_ids = {
        (sheet.number, note): f"note-{sheet.number}-{place}"
        for sheet in document.sheets
        for place, note in enumerate(sheet.notes, start=1)
    }
    html: str = (
        _environment()
        .get_template("page.html")
        .render(
            version=__version__,
            style=Markup(f"\n{style}"),  # noqa: S704  (a file of the package)
            style_hash=_digest(f"\n{style}"),
            document=document,
            words=words,
            mark_classes=words["marks"],
            drawings={number: Markup(svg) for number, svg in drawings.items()},  # noqa: S704  (svg.inline escaped it)
            downloads={number: (name, _as_address(content)) for number, (name, content) in csv_files.items()},
            doubts=doubts(document.sheets),
            note_ids=note_ids,
            first_ids=_first(note_ids),
            table_names={number: sheet.name for number, sheet in sheets.items()},
            chart_sources={chart.number: sheets[chart.table].source for chart in document.charts},
            row_numbers=keys,
            place_of=lambda note, place: f"row-{note.target}" if note.target in keys else place,
            linked=lambda text: _linked(text, {sheet.name: sheet.number for sheet in document.sheets}, keys, words),
            contents=_contents,
            header_place=_header_place,
            header_span=_header_span,
            padding=_padding,
            density=_density,
        )
    )
    return html


def _environment() -> Any:
    import jinja2

    folder = files(__package__)
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (folder / name).read_text("utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )


def _shown(value: Any) -> Any:
    """Make the invisible characters of a text visible; markup of our own has none."""
    return visible(value) if type(value) is str else value


def _digest(style: str) -> str:
    return f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"


def _as_address(content: bytes) -> str:
    return f"data:text/csv;charset=utf-8;base64,{b64encode(content).decode()}"


def _first(note_ids: Mapping[tuple[int, Note], str]) -> dict[Note, str]:
    """Give each note the id that it has in the first table with it."""
    found: dict[Note, str] = {}
    for (_, note), key in note_ids.items():
        found.setdefault(note, key)
    return found


def _linked(text: str, numbers: Mapping[str, int], keys: Mapping[str, int], words: Mapping[str, Any]) -> Any:
    """Give a text in which references to rows, and the names of tables, lead to them."""
    from markupsafe import Markup

    link = Markup('<a class="mark mark-{}" href="#row-{}">{}</a>')
    return Markup("").join(
        link.format(words["marks"][part[1:].split(" ")[0]], key, part[1:-1]) if key else _tables_linked(part, numbers)
        for part, key in references(text, keys)
    )


def _tables_linked(text: str, numbers: Mapping[str, int]) -> Any:
    from markupsafe import Markup, escape

    if not numbers:
        return visible(text)
    longest_first = sorted(numbers, key=len, reverse=True)
    parts = re.split(rf"({'|'.join(map(re.escape, longest_first))})(?!\d)", visible(text))
    return Markup("").join(
        Markup('<a href="#table-{}">{}</a>').format(numbers[part], part) if part in numbers else escape(part)
        for part in parts
    )


def _contents(section: Section) -> list[tuple[str, str, str]]:
    """Give target, name and title of a section's tables and charts, in their order."""
    entries = []
    for block in section.blocks:
        if block.sheet:
            entries.append((f"table-{block.sheet.number}", block.sheet.name, block.sheet.title))
        entries += [(f"figure-{chart.number}", chart.name, chart.title) for chart in block.charts]
    return entries


def _header_place(sheet: Sheet) -> int:
    """Give the place of the column that names the rows: the first of text."""
    return next((place for place, column in enumerate(sheet.columns) if not column.is_number), 0)


def _header_span(sheet: Sheet, row: Row) -> int:
    """Give the columns that a row's name takes: of a row of sums, those that are empty after it are its own."""
    if row.role == "part":
        return 1
    start = _header_place(sheet)
    following = zip(sheet.columns[start + 1 :], row.cells[start + 1 :], strict=True)
    return 1 + len(list(takewhile(lambda pair: pair[1] in (ABSENT, BLANK) and not pair[0].is_number, following)))


def _density(sheet: Sheet) -> str:
    return "dense" if len(sheet.columns) >= _WIDE else "plain"


def _padding(sheet: Sheet, place: int, cell: Cell) -> str:
    """Give the classes that move a number left, so that the points of its column stand below each other."""
    texts = [row.cells[place].text for row in sheet.rows]
    most, own = max(map(_decimals, texts)), _decimals(cell.text)
    return f"less-{most - own}{' pointless' if most and not own else ''}"


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
