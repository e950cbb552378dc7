"""The report's figures to their printed digits, and what it says of those that do not hold or are inferred."""

import re

import pytest
from reports import Page, built_report, read_csv

from xxmfg.report import sheets
from xxmfg.report.document import Wording
from xxmfg.report.press import press
from xxmfg.report.xixian import notes, read_survey, survey_report
from xxmfg.report.xixian.facts import facts_of
from xxmfg.report.xixian.findings import find
from xxmfg.report.xixian.report import described

RECONSTRUCTED = "重构数据，非调查原始记录"


@pytest.fixture(scope="module")
def survey():
    """Give the survey of the package."""
    return read_survey()


@pytest.fixture(scope="module")
def found(survey):
    """Give what the records say."""
    return find(survey)


@pytest.fixture(scope="module")
def built():
    """Give the folder of a report."""
    return built_report()


@pytest.fixture(scope="module")
def document(survey):
    """Give the report before it is written."""
    return survey_report(survey)


@pytest.fixture(scope="module")
def html(built):
    """Give the page's source."""
    return (built / "index.html").read_text("utf-8")


@pytest.fixture(scope="module")
def parsed(html):
    """Give the page, parsed."""
    return Page(html)


def column(built, number, name):
    """Give a column of a table's CSV."""
    (path,) = (built / "tables").glob(f"表{number}_*.csv")
    return [row[name] for row in read_csv(path)]


# The figures, as the report prints them.

PRINTED = {
    (1, "数值"): ["35", "6", "83", "24.26", "342.1", "70.61", "17.54"],
    (2, "产值（亿元）"): ["29.85", "10.33", "5.67"],
    (2, "占比（%）"): ["35.96", "12.45", "6.83"],
    (2, "累计占比（%）"): ["35.96", "48.41", "55.24"],
    (2, "原文次序"): ["1", "3", "2"],
    (3, "产值（亿元）"): ["43.5", "0.755", "10.5", "13", "15", "82.755", "0.245", "0.215", "0.030", "83"],
    (4, "企业数（户）"): ["5", "10", "8", "10", "3", "", "35"],
    (4, "产值（亿元）"): ["3.31", "45.78", "14.15", "9.03", "10.7", "0.03", "83"],
    (4, "占比（%）"): ["4", "55.16", "17.05", "10.88", "12.89", "0.04", "100"],
    (4, "户均产值（亿元/户）"): ["0.66", "4.58", "1.77", "0.90", "3.57", "", "2.37"],
}


@pytest.mark.parametrize("place", PRINTED, ids=lambda place: f"table{place[0]}-{place[1]}")
def test_csv_figures_have_the_printed_digits(built, place):
    """Every number comes out of the records with the digits that the report prints."""
    assert PRINTED[place] == column(built, *place)


@pytest.mark.parametrize(("number", "name"), PRINTED, ids=str)
def test_the_page_has_the_figures_of_the_csv(parsed, number, name):
    """A number stands on the page as in the file."""
    rows = parsed.tables[f"table-{number}"]
    place = next(place for place, head in enumerate(rows[0]) if head.split(" ")[0] == name.split("（")[0])
    shown = [row[place - len(rows[0])].split(" ")[-1] for row in rows[1:]]
    assert PRINTED[number, name] == ["" if text == "—" else text for text in shown]


def test_charts_print_the_figures(built):
    """图1 has the counts, 图2 the shares, as text."""
    drawn = [path.read_text("utf-8") for path in sorted((built / "charts").glob("*.svg"))]
    counts, shares = (re.findall(r">([\d.]+%?)</text>", text) for text in drawn[:2])
    assert ["5", "10", "8", "10", "3"] == counts
    assert ["55.16%", "17.05%", "12.89%", "10.88%", "4%", "0.04%"] == shares


def test_no_computed_number_differs_from_the_printed_one(survey):
    """The records give every printed figure; none is marked 不符."""
    cells = [cell for sheet in survey_report(survey).sheets for row in sheet.rows for cell in row.cells]
    assert not any(cell.differs for cell in cells)


def test_a_number_that_differs_from_the_printed_one_is_marked(survey):
    """Records that give another figure are not made to agree."""
    output = survey.records["output"].copy()
    output[survey.records["name"] == "中车西安车辆有限公司"] += 1000
    other = survey._replace(records=survey.records.with_column("output", output))
    layout = survey_report(other).sheets[3]
    words = {"differs": "不符"}
    marked = [r.cells[0].text for r in layout.rows if any("不符" in sheets.marks(cell, words) for cell in r.cells)]
    assert ["空港新城", "沣东新城", "秦汉新城", "沣西新城", "泾河新城"][1] in marked


# What does not hold and what is inferred is said where it stands.


def test_35_against_36_is_a_contradiction_where_the_count_stands(parsed):
    """The count of the whole carries the mark, the note below gives both numbers."""
    assert "矛盾 35" == parsed.tables["table-1"][1][1]
    assert "矛盾 35" == parsed.tables["table-4"][-1][1]
    assert "5 个新城的企业数相加为 36 户，与新区的 35 户相差 1 户" in parsed.text


def test_what_is_inferred_is_marked(parsed):
    """24.26 % is quoted, 342.1 and 70.61 follow from printed rates, and 17.54 % rests on the latter."""
    marked = {row[0]: row[1] for row in parsed.tables["table-1"][1:] if row[1].startswith("推算 ")}
    expected = {
        "占新区工业总产值比重": "推算 24.26",
        "新区工业总产值": "推算 342.1",
        "2018 年先进制造业产值": "推算 70.61",
        "产值同比增长": "推算 17.54",
    }
    assert expected == marked
    assert "342.1 亿元由 83.00 亿元 ÷ 24.26% 反推" in parsed.text


def test_the_order_of_the_leaders_is_a_query(parsed):
    """29.85, 5.67, 10.33 does not descend: the two that are out of order are marked."""
    assert ["29.85", "存疑 10.33", "存疑 5.67"] == [row[2] for row in parsed.tables["table-2"][1:]]
    assert "“分别完成产值” 29.85、5.67、10.33 亿元，数值并非由大到小" in parsed.text
    swapped = "陕西凝远新材料科技股份有限公司为 10.33 亿元，陕西海天制药有限公司为 5.67 亿元"
    assert swapped in parsed.text


def test_the_balance_item_is_a_line_of_its_own_and_in_every_total(parsed, found):
    """0.03 stands beside the cities, is in the total and in denominators, and in no count or ranking."""
    row = next(row for row in parsed.tables["table-4"] if row[0].startswith("未分配"))
    assert ["未分配（平衡项）", "—", "存疑 0.03", "0.04", "—"] == row
    assert "5 个新城产值相加为 82.97 亿元，与新区的 83 亿元不等" in parsed.text
    assert "占比的分母为新区合计 83.00 亿元，含未分配 0.03 亿元" in parsed.text
    assert "未分配" not in {leader.name for leader in found.leaders} | set(found.city_counts)
    assert 300 == found.unassigned.output


def test_the_bounds_of_the_residual_follow_from_the_printed_digits(parsed):
    """Half a unit of the last digit of each figure, all in one direction: -1.35505 and 1.84505 rounded outward."""
    assert "残差可在 −1.36 至 1.85 亿元之间" in parsed.text


def test_rounding_is_explained_where_parts_do_not_add_up(survey):
    """The sentence of the statistical yearbooks stands below 表4, whose shares add to 100.02, and not below 表3."""
    sentence = "部分数据因四舍五入，存在总计与分项合计不等的情况。"
    said = [sentence in {note.text for note in sheet.notes} for sheet in survey_report(survey).sheets[:4]]
    assert [False, False, False, True] == said


def test_every_output_says_where_the_data_are_reconstructed(built, parsed, document):
    """The page at its top; tables and charts that rest on the records, and no others; each row of their files."""
    made_from_records = {1, 2, 3, 4, 14, 17, 18, 19, 20}
    for sheet in document.sheets:
        (path,) = (built / "tables").glob(f"{sheet.name}_*.csv")
        expected = {RECONSTRUCTED} if sheet.number in made_from_records else {None}
        assert expected == {row.get("数据性质") for row in read_csv(path)}, sheet.name
        assert (RECONSTRUCTED in sheet.source) == (sheet.number in made_from_records)
    for chart in document.charts:
        (path,) = (built / "charts").glob(f"{chart.name}_*.svg")
        assert (RECONSTRUCTED in path.read_text("utf-8")) == (chart.table in made_from_records)
    assert RECONSTRUCTED in parsed.text.partition("一、新区先进制造业概况 先进制造业企业数")[0]


def test_every_table_and_chart_has_source_unit_and_notes(html, document):
    """来源 below every table and chart, 单位 above each table that has one."""
    assert len(document.sheets) + len(document.charts) == html.count("来源：《西咸新区先进制造业调研报告》")
    assert sum(bool(sheet.unit) for sheet in document.sheets) == html.count("单位：")


def test_notes_vanish_with_their_reason(survey, found):
    """A survey whose numbers agree has no conflict, no balance line and no query to speak of."""
    agreeing = found._replace(city_places=found.enterprises, unassigned=found.unassigned._replace(output=0.0))
    in_order = tuple(sorted(found.leaders, key=lambda leader: list(survey.leaders).index(leader.name)))
    agreeing = agreeing._replace(leaders=tuple(one._replace(rank=i) for i, one in enumerate(in_order, start=1)))
    say = Wording(described(), facts_of(survey, agreeing))
    assert () == notes.sum_of_counts(agreeing, say)
    assert () == notes.outside_the_cities(agreeing, say)
    assert () == notes.order_of_leaders(survey, agreeing, say)


# Rounding for print.


@pytest.mark.parametrize(
    ("value", "decimals", "power", "expected"),
    [
        (2.5, 0, 0, "3"),
        (-2.5, 0, 0, "-3"),
        (0.125, 2, 0, "0.13"),
        (2.675, 2, 0, "2.67"),  # the double is 2.67499999999999982236431605997495353221893310546875
        (33150, 2, -4, "3.32"),
        (0.5516, 2, 2, "55.16"),
        (-0.001, 2, 0, "0.00"),
        (5e-324, 3, 0, "0.000"),
        (1.7e308, 0, 0, str(int(1.7e308))),
    ],
)
def test_press_rounds_the_exact_value_half_away_from_zero(value, decimals, power, expected):
    """Halves go up, what only looks like a half does not; zero has no sign."""
    assert expected == press(value, decimals, power)
