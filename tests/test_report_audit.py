"""表15 is the audit, and every number that it doubts is marked where it stands and leads to its row."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest

import xxmfg as xm
from tests.reports import built_report

SURVEY = Path(__file__).parents[1] / "data" / "xixian2019"
pytest.importorskip("scipy")


@pytest.fixture(scope="module")
def document():
    """Give the survey report before it is written."""
    from xxmfg.report.xixian import read_survey, survey_report

    return survey_report(read_survey())


@pytest.fixture(scope="module")
def doubted():
    """Give the figures that the audit doubts, with the rows of 表15 that doubt them."""
    found = xm.audit(SURVEY / "figures.csv", SURVEY / "relations.csv")
    figures = {}
    for name, relation, verdict in zip(
        *(found.relations[c].tolist() for c in ("id", "relation", "verdict")), strict=True
    ):
        for figure in re.findall(r"F\d{3}", relation) if verdict in {"fails", "query", "gap"} else ():
            figures.setdefault(figure, set()).add(name)
    for conflict, name, kind in zip(*(found.conflicts[c].tolist() for c in ("conflict", "id", "kind")), strict=True):
        if kind == "figure":
            figures.setdefault(name, set()).add(conflict)
    assert {"R011"} == figures.pop("F016")  # 29.85 is the first of the chain and the largest: nothing is wrong with it
    return figures


def test_table_15_has_every_relation_remark_and_conflict(document):
    """57 relations with their verdicts, 19 remarks, and the joint conflict with its six figures."""
    (audit,) = (sheet for sheet in document.sheets if sheet.number == 15)
    verdicts = [row.cells[5].text for row in audit.rows]
    keys = [row.key for row in audit.rows if row.key]
    with (SURVEY / "relations.csv").open(encoding="utf-8", newline="") as file:
        assert [*(row["id"] for row in csv.DictReader(file)), "C1"] == keys
    counts = {verdict: verdicts.count(verdict) for verdict in ("矛盾", "存疑", "缺口", "备注")}
    assert {"矛盾": 3 + 1 + 6, "存疑": 1, "缺口": 1, "备注": 19} == counts
    text = next(block.text for section in document.sections if section.key == "audit" for block in section.blocks)
    assert "57 条关系中，矛盾 3 条，存疑 1 条，缺口 1 条" in text
    assert "不能同时成立的 1 组" in text


def test_every_cell_with_a_doubted_number_is_marked(document, doubted):
    """No cell of any table gives or quotes a doubted figure without the mark of each row that doubts it."""
    seen = set()
    for sheet in document.sheets:
        for row in sheet.rows:
            for cell in row.cells:
                for figure in cell.figures:
                    targets = {note.target for note in cell.notes}
                    assert doubted.get(figure, set()) <= targets, (sheet.name, figure)
                    seen |= {figure} & doubted.keys()
    assert set(doubted) == seen
    assert 22 == len(doubted)


def test_texts_and_charts_with_doubted_numbers_refer_to_their_rows(document, doubted):
    """A sentence has the reference behind the number, a chart below it."""
    texts = "".join(block.text for section in document.sections for block in section.blocks)
    for said in [
        "35［矛盾 R001］ 户",
        "45.78［矛盾 C1］ 亿元",
        "55.16［矛盾 C1］%",
        "18［矛盾 R042］ 个",
        "71.2［矛盾 R046］%",
    ]:
        assert said in texts
    assert "各 10［矛盾 R001］ 户" in texts
    for chart in document.charts:
        expected = set().union(*(doubted.get(figure, set()) for figure in chart.figures))
        assert expected == {note.target for note in chart.notes}
    assert {"R001"} == {note.target for note in document.charts[0].notes}


def test_marks_lead_to_rows_in_every_form(doubted):
    """On the page, in the Word document and in the workbook each link has its target."""
    folder = built_report()
    page = (folder / "index.html").read_text(encoding="utf-8")
    ids = set(re.findall(r' id="([^"]+)"', page))
    targets = re.findall(r'href="#(row-[^"]+)"', page)
    assert set().union(*doubted.values()) == {target.removeprefix("row-") for target in targets}
    assert set(targets) <= ids
    with zipfile.ZipFile(folder / "report.docx") as archive:
        words = archive.read("word/document.xml").decode()
    anchors = set(re.findall(r'w:anchor="(row_[^"]+)"', words))
    assert {f"row_{key}" for key in set().union(*doubted.values())} == anchors
    assert anchors <= set(re.findall(r'w:bookmarkStart [^>]*w:name="([^"]+)"', words))
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO((folder / "tables.xlsx").read_bytes()))
    links = [cell.hyperlink.location for cell in book["表1"]["F"] if cell.hyperlink]
    assert links
    for link in links:
        name, _, place = link.rpartition("!")
        assert book[name.strip("'")][place].value in {"R001", "R046", "C1"}
