"""A document as Word reads it: headings, texts, tables with repeated heads, pictures with their descriptions."""

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from .._show import visible
from .archive import without_dates
from .document import Block, Chart, Document, doubts, load, references, row_keys
from .sheets import Row, Sheet, marks

__all__ = ["word"]

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # the same bytes on every day
_FONTS = {"zh": ("Times New Roman", "宋体", "黑体"), "en": ("Calibri", "宋体", "黑体")}
_WIDE = 7  # columns from which a table is set smaller
_PICTURE = 12.0  # centimeters


def word(document: Document, pictures: Mapping[int, bytes]) -> bytes:
    """Give the .docx file; `pictures` are PNGs by the numbers of their charts."""
    import docx

    content = BytesIO()
    paper = docx.Document()
    writer = _Writer(paper, document, pictures)
    writer.write()
    paper.core_properties.title = visible(document.title)
    paper.core_properties.author = ""
    paper.core_properties.comments = visible(document.nature)
    paper.core_properties.created = paper.core_properties.modified = _NEVER.replace(tzinfo=None)
    paper.save(content)
    return without_dates(content.getvalue())


class _Writer:
    """Writes the parts of a document into a paper of python-docx, one after the other."""

    def __init__(self, paper: Any, document: Document, pictures: Mapping[int, bytes]) -> None:
        self._paper, self._document, self._pictures = paper, document, pictures
        self._words = load(__package__, "words.toml")[document.language]
        self._keys = row_keys(document)
        self._bookmarks = 0

    def write(self) -> None:
        """Write everything."""
        document = self._document
        self._set_styles()
        self._paper.add_heading(visible(document.title), 0)
        self._text(document.subtitle)
        self._text(document.lead)
        self._contents()
        for head, text in document.warnings:
            paragraph = self._paper.add_paragraph(style="Intense Quote")
            paragraph.add_run(visible(head)).bold = True
            paragraph.add_run(visible(text))
        for section in document.sections:
            heading = self._paper.add_heading(visible(section.heading), section.level - 1)
            self._bookmark(heading, section.key)
            for block in section.blocks:
                self._block(block)

    def _block(self, block: Block) -> None:
        if block.kind == "text":
            self._text(block.text)
        for item in block.items:
            self._runs(self._paper.add_paragraph(style="List Bullet"), item)
        if block.sheet:
            self._table(block.sheet)
        for chart in block.charts:
            self._picture(chart)
        if block.kind == "doubts":
            for note, sheets in doubts(self._document.sheets):
                where = self._words["list_comma"].join(sheet.name for sheet in sheets)
                paragraph = self._paper.add_paragraph(style="List Bullet")
                paragraph.add_run(f"{note.mark} ").bold = True
                paragraph.add_run(visible(f"{note.gist or note.text} ({where})"))

    def _text(self, text: str) -> None:
        if text:
            self._runs(self._paper.add_paragraph(style="Body Text"), text)

    def _runs(self, paragraph: Any, text: str) -> None:
        """Add a text to a paragraph, its references as links to their rows."""
        for part, key in references(text, self._keys):
            run = paragraph.add_run(visible(part))
            if key:
                _link(paragraph, run, _anchor(key))

    def _table(self, sheet: Sheet) -> None:
        from docx.shared import Pt

        unit = f"    {self._words['unit'].format(sheet.unit)}" if sheet.unit else ""
        self._caption(f"{sheet.name} {sheet.title}{unit}", keep=True)
        table = self._paper.add_table(rows=1, cols=len(sheet.columns))
        table.style = "Light List"
        size = Pt(8 if len(sheet.columns) >= _WIDE else 9)
        for column, cell in zip(sheet.columns, table.rows[0].cells, strict=True):
            name = self._words["with_unit"].format(column.name, column.unit) if column.unit else column.name
            self._fill(cell, name, size, is_number=column.is_number, is_bold=True)
        _repeat(table.rows[0])
        for row in sheet.rows:
            self._row(table.add_row(), sheet, row, size)
        if sheet.source:
            self._small(self._words["source"].format(sheet.source))
        for place, note in enumerate(sheet.notes, start=1):
            mark = f"[{note.mark}] " if note.mark else ""
            self._small(f"{place}. {mark}{note.text}")

    def _row(self, line: Any, sheet: Sheet, row: Row, size: Any) -> None:
        _keep_together(line)
        if row.key:
            self._bookmark(line.cells[0].paragraphs[0], _anchor(row.key))
        for column, one, cell in zip(sheet.columns, row.cells, line.cells, strict=True):
            targets = {note.mark: note.target for note in one.notes if note.target in self._keys}
            for mark in marks(one, self._words):
                run = cell.paragraphs[0].add_run(f"[{mark}] ")
                run.font.size = size
                if mark in targets:
                    _link(cell.paragraphs[0], run, _anchor(targets[mark]))
            is_bold = row.role in {"subtotal", "total"}
            self._fill(cell, one.text, size, is_number=column.is_number, is_bold=is_bold)

    def _fill(self, cell: Any, text: str, size: Any, *, is_number: bool, is_bold: bool) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_number else WD_ALIGN_PARAGRAPH.LEFT
        run = paragraph.add_run(visible(text))
        run.font.size, run.bold = size, is_bold

    def _picture(self, chart: Chart) -> None:
        from docx.shared import Cm

        paragraph = self._paper.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        room = min(_PICTURE * chart.size[0] / 4.8, 16.0)
        shape = paragraph.add_run().add_picture(BytesIO(self._pictures[chart.number]), width=Cm(room))
        described = shape._inline.docPr
        described.set("descr", visible(chart.description))
        described.set("title", visible(f"{chart.name} {chart.title}"))
        doubted = "".join(f"［{note.mark} {note.target}］" for note in chart.notes)
        self._caption(f"{chart.name} {chart.title}{doubted}", keep=False)

    def _caption(self, text: str, *, keep: bool) -> None:
        paragraph = self._paper.add_paragraph(style="Caption")
        self._runs(paragraph, text)
        paragraph.paragraph_format.keep_with_next = keep

    def _small(self, text: str) -> None:
        from docx.shared import Pt

        paragraph = self._paper.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        self._runs(paragraph, text)
        for run in paragraph.runs:
            run.font.size = Pt(8)

    def _contents(self) -> None:
        """List the sections, each a link to its heading."""
        self._paper.add_heading(self._words["contents"], 1)
        for section in self._document.sections:
            paragraph = self._paper.add_paragraph(style="Body Text")
            paragraph.paragraph_format.space_after = 0
            run = paragraph.add_run("\u3000" * (section.level - 2) + visible(section.heading))
            _link(paragraph, run, section.key)

    def _bookmark(self, paragraph: Any, name: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        self._bookmarks += 1
        for kind in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = OxmlElement(kind)
            mark.set(qn("w:id"), str(self._bookmarks))
            if kind == "w:bookmarkStart":
                mark.set(qn("w:name"), name)
            paragraph._p.append(mark)

    def _set_styles(self) -> None:
        """Set A4, and fonts for Latin and Chinese characters, which Word keeps apart."""
        from docx.oxml.ns import qn
        from docx.shared import Cm, RGBColor

        page = self._paper.sections[0]
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = Cm(2.4)
        latin, body, heading = _FONTS[self._document.language]
        for style in self._paper.styles:
            if style.type == 1:  # of paragraphs
                is_heading = style.name.startswith(("Heading", "Title", "Caption"))
                style.font.name = latin
                fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
                for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                    fonts.attrib.pop(qn(theme), None)
                fonts.set(qn("w:eastAsia"), heading if is_heading else body)
                if is_heading:
                    style.font.color.rgb = RGBColor(0x1F, 0x2A, 0x33)


def _anchor(key: str) -> str:
    return f"row_{key}"


def _link(paragraph: Any, run: Any, anchor: str) -> None:
    """Let a run lead to a bookmark."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), anchor)
    paragraph._p.remove(run._r)
    link.append(run._r)
    paragraph._p.append(link)


def _repeat(row: Any) -> None:
    """Let the head of a table stand again on each page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _keep_together(row)


def _keep_together(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
