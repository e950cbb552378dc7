"""The Word document and the workbook: they open, hold what the page holds, and run nothing."""

import re
import zipfile
from io import BytesIO

import docx
import openpyxl
import pytest
from reports import Page, built_report, hostile_survey

from xxmfg.report import output
from xxmfg.report.xixian import read_survey, survey_report


@pytest.fixture(scope="module")
def built():
    """Give the folder of a report."""
    return built_report()


@pytest.fixture(scope="module")
def document():
    """Give the survey report before it is written."""
    return survey_report(read_survey())


@pytest.fixture(scope="module")
def book(built):
    """Give the workbook."""
    return openpyxl.load_workbook(built / "tables.xlsx")


@pytest.fixture(scope="module")
def paper(built):
    """Give the Word document."""
    return docx.Document(built / "report.docx")


def shown(cell):
    """Give a cell as the program shows it."""
    if isinstance(cell.value, float | int):
        return (
            f"{cell.value:.{len(cell.number_format.partition('.')[2])}f}"
            if cell.number_format != "General"
            else (f"{cell.value:g}")
        )
    return cell.value or "—"


def test_the_workbook_has_contents_and_a_sheet_a_table(book, document):
    """In the report's order, each with the title, the heads and as many rows as on the page."""
    assert ["目录", *(sheet.name for sheet in document.sheets)] == book.sheetnames
    for sheet in document.sheets:
        page = book[sheet.name]
        assert f"{sheet.name} {sheet.title}" == page["A1"].value
        heads = [f"{column.name}（{column.unit}）" if column.unit else column.name for column in sheet.columns]
        assert heads == [page.cell(3, place + 1).value for place in range(len(heads))]


def test_numbers_of_the_workbook_are_numbers_that_show_the_printed_digits(book, document):
    """A figure is not text, holds what stood before rounding, and looks as it is printed."""
    for sheet in document.sheets:
        page = book[sheet.name]
        for line, row in enumerate(sheet.rows, start=4):
            for place, (column, cell) in enumerate(zip(sheet.columns, row.cells, strict=True), start=1):
                there = page.cell(line, place)
                if column.is_number and re.fullmatch(r"-?[\d.]+", cell.text):
                    assert "n" == there.data_type
                    assert float(cell.text) == pytest.approx(float(shown(there)), abs=1e-12), (sheet.name, cell)


def test_nothing_in_the_workbook_runs(book, built):
    """No cell is a formula, no link leaves the workbook, no part is a macro."""
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None or cell.hyperlink.target is None
    with zipfile.ZipFile(built / "tables.xlsx") as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower() or "external" in name.lower()]


def test_the_document_has_the_texts_tables_and_charts_of_the_page(paper, built, document):
    """Headings in order, each table cell by cell, a picture with its description for each chart."""
    headings = [p.text for p in paper.paragraphs if p.style.name.startswith("Heading")]
    assert ["目录", *(section.heading for section in document.sections)] == headings
    page = Page((built / "index.html").read_text("utf-8"))
    assert len(document.sheets) == len(paper.tables) == len(page.tables)
    for sheet, table in zip(document.sheets, paper.tables, strict=True):
        texts = [[cell.text.rpartition("] ")[2] for cell in row.cells] for row in table.rows[1:]]
        assert [[cell.text for cell in row.cells] for row in sheet.rows] == texts
    described = [shape._inline.docPr.get("descr") for shape in paper.inline_shapes]
    assert [chart.description for chart in document.charts] == described
    for section in document.sections:
        for block in section.blocks:
            if block.kind == "text":
                assert block.text in {p.text for p in paper.paragraphs}


def test_the_document_is_for_a4_and_repeats_the_heads_of_tables(paper):
    """What a Chinese office prints on; the first row of each table is its head on every page."""
    assert (21.0, 29.7) == (round(paper.sections[0].page_width.cm, 1), round(paper.sections[0].page_height.cm, 1))
    for table in paper.tables:
        assert "tblHeader" in table.rows[0]._tr.xml
        assert "tblHeader" not in table.rows[1]._tr.xml


@pytest.mark.parametrize("name", ["report.docx", "tables.xlsx"])
def test_files_do_not_say_when_or_by_whom_they_were_made(built, name):
    """The same bytes on any day: parts of the archive have no date, properties one that never changes."""
    with zipfile.ZipFile(built / name) as archive:
        assert {(1980, 1, 1, 0, 0, 0)} == {part.date_time for part in archive.infolist()}
        core = archive.read("docProps/core.xml").decode()
    assert {"2000-01-01T00:00:00Z"} == set(re.findall(r"\d{4}-\d\d-\d\dT[^<]*", core))
    assert not re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>[^<]+<", core)


def test_hostile_names_stay_text_in_office_files(tmp_path):
    """Markup, formulas, marks of direction and control characters are shown, never obeyed."""
    output.write(survey_report(hostile_survey()), tmp_path)
    page = openpyxl.load_workbook(tmp_path / "tables.xlsx")["表2"]
    names = [page.cell(row, 2) for row in (4, 5, 6)]
    assert ["<script>alert(1)</script>", '=HYPERLINK("x")', "\\u202eb&c\\x1b"] == [cell.value for cell in names]
    assert {"s"} == {cell.data_type for cell in names}
    paper = docx.Document(BytesIO((tmp_path / "report.docx").read_bytes()))
    shown_names = [row.cells[1].text for row in paper.tables[1].rows[1:]]
    assert ["<script>alert(1)</script>", '=HYPERLINK("x")', "\\u202eb&c\\x1b"] == shown_names
