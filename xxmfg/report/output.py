"""A document into its folder: the page, the Word document, the workbook, tables as CSV, charts as PNG and SVG."""

import warnings
from pathlib import Path

from ..errors import MissingGlyphError
from . import drawing, page
from .document import Document, load, without_charts
from .sheets import to_table
from .word import word
from .workbook import workbook

__all__ = ["write"]


def write(document: Document, folder: Path) -> None:
    """Write a report into an empty folder; without charts, and saying why, where no font can draw their labels."""
    words = load(__package__, "words.toml")[document.language]
    try:
        drawings = {chart.number: drawing.page_svg(chart) for chart in document.charts}
    except MissingGlyphError as lacking:
        warnings.warn(f"the report is made without charts: {lacking}", stacklevel=3)
        document, drawings = without_charts(document, words["no_charts"], str(lacking)), {}
    (folder / "tables").mkdir()
    (folder / "charts").mkdir()
    csv_files = {}
    for sheet in document.sheets:
        path = folder / "tables" / f"{_file_name(f'{sheet.name}_{sheet.title}')}.csv"
        to_table(sheet, words).to_csv(path, safe=True, bom=True)
        csv_files[sheet.number] = (path.name, path.read_bytes())
    for chart in document.charts:
        drawing.save(chart, folder / "charts", _file_name(f"{chart.name}_{chart.title}"))
    pictures = {chart.number: drawing.png(chart) for chart in document.charts}
    (folder / "report.docx").write_bytes(word(document, pictures))
    (folder / "tables.xlsx").write_bytes(workbook(document))
    (folder / "index.html").write_text(page.render(document, drawings, csv_files), "utf-8", newline="\n")


def _file_name(title: str) -> str:
    """Give a title without what a file's name cannot hold anywhere, at most 60 characters long."""
    kept = "".join(" " if mark in '/\\:*?"<>|' or not mark.isprintable() else mark for mark in title)
    return " ".join(kept.split())[:60].strip(" .")
