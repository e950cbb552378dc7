"""The page: sheets, charts and sentences into one HTML file that needs nothing beside it."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from .._show import visible
from . import texts
from .findings import Findings
from .sheets import ABSENT, RECONSTRUCTED, SOURCE, Cell, Note, Row, Sheet
from .survey import Survey

if TYPE_CHECKING:
    from .figures import Chart

__all__ = ["render"]

_MARK_CLASSES = {"矛盾": "conflict", "不符": "conflict", "存疑": "query", "推算": "inferred"}


def render(
    survey: Survey,
    found: Findings,
    sheets: Sequence[Sheet],
    charts: Sequence[tuple["Chart", str]],
    csv_files: Mapping[int, tuple[str, bytes]],
) -> str:
    """Give the page as HTML.

    Parameters
    ----------
    survey, found
        What the sentences are made from.
    sheets : sequence of Sheet
        The tables.
    charts : sequence of (Chart, str)
        The charts, each with its `svg` element.
    csv_files : mapping of int to (str, bytes)
        Name and content of each table's CSV file by the table's number: the page carries them along.

    Returns
    -------
    str
        The whole file. Everything that comes from data is escaped, and no invisible character stays invisible.
    """
    import jinja2
    from markupsafe import Markup

    from xxmfg import __version__

    folder = files(__package__)
    style = (folder / "page.css").read_text("utf-8")
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (folder / name).read_text("utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    return environment.get_template("page.html").render(
        version=__version__,
        style=Markup(f"\n{style}"),  # noqa: S704  (a file of the package)
        style_hash=_digest(f"\n{style}"),
        survey=survey,
        found=found,
        texts=texts,
        tables={sheet.number: sheet for sheet in sheets},
        charts={chart.number: (chart, Markup(svg)) for chart, svg in charts},  # noqa: S704  (svg.inline escaped it)
        downloads={number: (name, _as_address(content)) for number, (name, content) in csv_files.items()},
        doubts=_doubts(sheets),
        note_ids={
            (sheet.number, note): f"note-{sheet.number}-{place}"
            for sheet in sheets
            for place, note in enumerate(sheet.notes, start=1)
        },
        mark_classes=_MARK_CLASSES,
        header_place=_header_place,
        header_span=_header_span,
        padding=_padding,
        source=SOURCE,
        reconstructed=RECONSTRUCTED,
    )


def _shown(value: Any) -> Any:
    """Make the invisible characters of a text visible; markup of our own has none."""
    return visible(value) if type(value) is str else value


def _digest(style: str) -> str:
    return f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"


def _as_address(content: bytes) -> str:
    return f"data:text/csv;charset=utf-8;base64,{b64encode(content).decode()}"


def _doubts(sheets: Sequence[Sheet]) -> list[tuple[Note, list[Sheet]]]:
    """Give each marked note once, with the tables that have it."""
    found: dict[Note, list[Sheet]] = {}
    for sheet in sheets:
        for note in sheet.notes:
            if note.mark:
                found.setdefault(note, []).append(sheet)
    return list(found.items())


def _header_place(sheet: Sheet) -> int:
    """Give the place of the column that names the rows: the first of text."""
    return next(place for place, column in enumerate(sheet.columns) if not column.is_number)


def _header_span(sheet: Sheet, row: Row) -> int:
    """Give the columns that a row's name takes: those of text that the row leaves empty after it are its own."""
    start = _header_place(sheet)
    following = zip(sheet.columns[start + 1 :], row.cells[start + 1 :], strict=True)
    return 1 + len(list(takewhile(lambda pair: pair[1] == ABSENT and not pair[0].is_number, following)))


def _padding(sheet: Sheet, place: int, cell: Cell) -> str:
    """Give the classes that move a number left, so that the points of its column stand below each other."""
    texts = [row.cells[place].text for row in sheet.rows]
    most, own = max(map(_decimals, texts)), _decimals(cell.text)
    return f"less-{most - own}{' pointless' if most and not own else ''}"


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
