"""The whole survey report: every printed figure has its place; what is computed comes out as it should."""

import csv
import re
from pathlib import Path

import docx
import openpyxl
import pytest
from reports import Page, built_report

from xxmfg.report.xixian import read_survey, survey_report
from xxmfg.report.xixian.report import described

WAYS = {"重算：相同", "照录", "照录：自述个数", "不是数量：名称", "不是数量：年份", "不是数量：序数"}
FIGURES = Path(__file__).parents[1] / "data" / "xixian2019" / "figures.csv"


@pytest.fixture(scope="module")
def survey():
    """Give the survey of the package."""
    return read_survey()


@pytest.fixture(scope="module")
def document(survey):
    """Give the report before it is written."""
    return survey_report(survey)


@pytest.fixture(scope="module")
def sheets(document):
    """Give the tables by their numbers."""
    return {sheet.number: sheet for sheet in document.sheets}


@pytest.fixture(scope="module")
def texts():
    """Give all that the page, the workbook and the Word document say."""
    built = built_report()
    book = openpyxl.load_workbook(built / "tables.xlsx")
    paper = docx.Document(built / "report.docx")
    cells = [str(cell.value) for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    said = [p.text for p in paper.paragraphs]
    said += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return {
        "page": Page((built / "index.html").read_text("utf-8")).text,
        "workbook": "\n".join(cells),
        "document": "\n".join(said),
    }


def column(sheet, name):
    """Give a column's texts."""
    place = [one.name for one in sheet.columns].index(name)
    return [row.cells[place].text for row in sheet.rows]


def cell(sheet, row, name):
    """Give the text of a cell by the text of its row's first cell."""
    return dict(zip([r.cells[0].text.strip() for r in sheet.rows], column(sheet, name), strict=True))[row]


def test_tables_stand_in_the_reports_order(document):
    """表 and 图 are numbered as they come; the index is the last."""
    numbers = [sheet.number for sheet in document.sheets]
    assert sorted(numbers) == numbers
    assert {*range(1, 15), *range(17, 22)} <= set(numbers)
    assert sorted(chart.number for chart in document.charts) == [chart.number for chart in document.charts]


# The 125 figures.


def test_all_figures_are_on_the_page_in_the_workbook_and_in_the_document(survey, sheets, texts):
    """Each of the 125, with its words and unit, stands in all three, or is listed as no quantity, with the reason."""
    with FIGURES.open(encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == column(sheets[21], "编号")
    for key, shown, where, way in zip(
        *(column(sheets[21], name) for name in ("编号", "印数", "所在", "得数")), strict=True
    ):
        figure = survey.figures[key]
        assert figure.text in shown
        for text in texts.values():
            assert shown in text, key
        assert where or figure.kind in {"label", "date", "ordinal"}, key
        assert way in {"重算：相同", "照录", "照录：自述个数", "不是数量：名称", "不是数量：年份", "不是数量：序数"}, (
            key
        )


def test_what_the_records_hold_is_computed_not_quoted(sheets):
    """The figures on the new area's own industry, and the counts of lists, are computed and equal the printed ones."""
    ways = dict(zip(column(sheets[21], "编号"), column(sheets[21], "得数"), strict=True))
    from_records = {f"F{n:03}" for n in (*range(10, 13), 14, *range(16, 39))}
    from_records |= {"F003", "F004", "F041", "F087", "F096"}
    assert {key for key, way in ways.items() if way == "重算：相同"} == from_records | {"F085"}


def test_figures_stand_where_the_index_says(sheets, texts):
    """A figure's number is in each table that the index names for it."""
    names = {sheet.name: sheet for sheet in sheets.values()}
    for key, where in zip(column(sheets[21], "编号"), column(sheets[21], "所在"), strict=True):
        for name in filter(None, where.split("、")):
            if name != "正文":
                assert any(key in one.figures for row in names[name].rows for one in row.cells), (key, name)


def test_sentences_hold_no_number_of_their_own():
    """Every number in the description's sentences is filled in, but for names such as 表3 and “6 个 90%”."""
    description = described()
    sentences = [*description["text"].values(), *description["list"]["reading"], *description["evidence"].values()]
    sentences += [note[part] for note in description["note"].values() for part in ("text", "gist") if part in note]
    allowed = r"\{[^}]*\}|表\d+|图\d+|2018 年|2017 年|20\d\d 年?|10 亿元|超过 100%|CR\d|“6 大产业”|0201—0214|计 1|1 ÷"
    for sentence in sentences:
        assert not re.search(r"\d", re.sub(allowed, "", sentence)), sentence


# What is computed, against values worked out by hand (report_relations: R020 to R062).


@pytest.mark.parametrize(
    ("number", "row", "name", "expected"),
    [
        (5, "合计", "新区数", "19"),
        (6, "2018 年工业主营业务收入，大于", "数值", "1279"),
        (7, "人工智能：世界企业总数", "数值", "6077"),
        (9, "其中：先进制造业", "占上级计算", "72.07"),
        (9, "其中：先进制造业", "上年反推", "5861.5"),
        (9, "规模以上工业增加值", "上年反推", "8319.2"),
        (9, "其中：电子信息制造业", "占上级计算", "81.9"),
        (9, "战略性新兴产业增加值", "占上级计算", "≤ 38.15"),
        (9, "战略性新兴产业增加值", "上年反推", "8391.6"),
        (10, "三项相加", "数值", "170.2"),
        (14, "赫芬达尔指数（五个新城）", "数值", "0.3636"),
        (14, "首位新城（沣东新城）占比", "数值", "55.16"),
        (14, "CR1", "数值", "35.96"),
        (14, "CR3", "数值", "55.24"),
        (14, "CR8", "数值", ""),
        (16, "汽车", "最大者占比", "68.6"),
        (16, "沣东新城", "最大者占比", "65.2"),
        (16, "生物医药", "最大者占比", "76.5—82.7"),
        (19, "2025", "达到千亿的路径", "1000.0"),
        (19, "2025", "按现增速", "218.9"),
    ],
)
def test_computed_cells(sheets, number, row, name, expected):
    """Inferred bases, implied totals, shares, concentration and paths have the values that the figures imply."""
    assert expected == cell(sheets[number], row, name)


def test_what_tells_of_an_enterprise(sheets):
    """表16: named enterprises tell of themselves; a cell is judged where the printed figures decide it at both ends."""
    rules = {row.cells[0].text: [one.text for one in row.cells[6:]] for row in sheets[16].rows}
    assert [["触发"] * 3] * 3 == list(rules.values())[:3]
    # 中车: the rest of 13.65 is in three hands at least, so 13.65 - 5.67 = 7.98 is more than a tenth of 29.85.
    assert ["未触发"] * 3 == rules["汽车"] == rules["沣东新城"]
    # 海天: the other 2.17 to 3.18 may be one enterprise's.
    assert ["不能判定", "未触发", "不能判定"] == rules["生物医药"]
    assert ["不能判定"] * 3 == rules["航空航天航海动力装备"]
    assert ["未触发", "不能判定", "不能判定"] == rules["泾河新城"]
    # None of the three largest is of 金属材料: its 15 are in three hands at least, 5.67, 5.67, 3.66; 3.66 > 0.567.
    assert ["未触发"] * 3 == rules["金属材料"] == rules["新区合计"]
    assert "3" == cell(sheets[16], "泾河新城", "户数")
    law = "".join(note.text for note in sheets[16].notes)
    assert "表3 的残差和表4 的未分配是数字之差，不知由哪几户构成" in law
    assert "（2009 年修订）第二十五条大意" in law
    assert "据二手转引概括，未与公报原文核对" in law
    assert "2024 年再次修正，条文序号待核对" in law


def test_bases_that_rates_imply(sheets):
    """长春 249 / 1.144 = 217.66, 哈尔滨 158.5 / 1.206 = 131.43 (R035, R036)."""
    assert ["217.7", "131.4"] == [
        row.cells[1].text for row in sheets[6].rows if row.cells[0].text == "2017 年战略性新兴产业产值"
    ]


def test_scenario_and_contribution_in_the_text(texts):
    """51.4 % a year, 218.9 at the present rate; 贡献率 89.0 %, 拉动 8.45 (R056, R057); implied GDP 24220 (R051)."""
    for text in texts.values():
        assert "24220" in text
    for name in ("page", "document"):
        assert "每年须增长 51.4%" in texts[name]
        assert "2025 年为 218.9 亿元" in texts[name]
        assert "贡献率约为 89.0%，拉动 8.45 个百分点" in texts[name]


def test_bounds_enclose_what_the_reconstruction_has(survey, sheets):
    """CR4, CR8 and the Herfindahl index of any records that hold lie within the printed bounds."""
    units = survey.establishments()
    outputs = sorted(units.aggregate("output", by="enterprise", stats=["sum"])["sum"].tolist(), reverse=True)
    total = sum(survey.current()["output"].tolist())
    for n in (4, 8):
        low, high = (float(cell(sheets[14], f"CR{n}", name)) for name in ("下界", "上界"))
        assert low - 0.05 <= 100 * sum(outputs[:n]) / total <= high + 0.05
    low, high = (float(cell(sheets[14], "赫芬达尔指数", name)) for name in ("下界", "上界"))
    assert low - 0.0005 <= sum((output / total) ** 2 for output in outputs) <= high + 0.0005


def test_misprints_and_repeats_are_marked_where_they_stand(sheets):
    """青岛 twice, 福州 and 中山, 71.2 %, the gap between tiers, the overlap of Hefei's shares."""
    marked = {
        (sheet.number, row.cells[0].text if sheet.number != 8 else row.cells[1].text): note.mark
        for sheet in sheets.values()
        for row in sheet.rows
        for one in row.cells
        for note in one.notes
    }
    assert "矛盾" == marked[8, "青岛"]
    assert "存疑" == marked[8, "福州"] == marked[8, "中山"]
    assert "矛盾" == marked[9, "其中：先进制造业"] or "推算" == marked[9, "其中：先进制造业"]
    assert "缺口" == marked[5, "第二梯队：经济总量 1000—4000 亿元"]
    assert "存疑" == marked[10, "三项相加"]


def test_city_classes(sheets):
    """Natural breaks put 24 of the 25 listed cities where the report has them: 苏州 alone is with the first."""
    rows = [
        (city, tier, natural)
        for city, tier, natural in zip(
            *(column(sheets[8], name) for name in ("城市", "报告梯队", "自然断点分组")), strict=True
        )
        if tier
    ]
    assert 25 == len(rows)
    assert ["苏州"] == [city for city, tier, natural in rows if tier != natural]


def test_likeness_of_cities(sheets):
    """Shared industries over the root of the product of the lists' lengths."""
    rows = {(row.cells[0].text, row.cells[1].text): row for row in sheets[12].rows}
    row = rows["空港新城", "沣东新城"]
    assert ["新材料、生物医药", f"{2 / (3 * 4) ** 0.5:.2f}"] == [one.text for one in row.cells[2:4]]
    assert "无" == rows["空港新城", "秦汉新城"].cells[2].text


def test_projects_add_up(sheets, survey):
    """Fourteen projects, none called finished; 表17 counts the same by category."""
    assert 14 == len(sheets[13].rows) == int(sheets[17].rows[-1].cells[-1].text)
    assert sum(int(row.cells[-1].text) for row in sheets[17].rows[:-1]) == 14
    assert "建成" not in column(sheets[13], "状态")
    assert len(survey.categories) == len(sheets[17].rows) - 1


def test_every_challenge_has_its_replies_and_evidence_or_says_that_there_is_none(sheets):
    """Six challenges; three have evidence in the report's own figures, three have no data."""
    assert 6 == len(sheets[20].rows)
    evidence = column(sheets[20], "数据依据")
    assert 3 == evidence.count("报告未给数据")
    assert all("表" in text for text in evidence if text != "报告未给数据")
