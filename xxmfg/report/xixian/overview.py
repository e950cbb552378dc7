"""表1 to 表4 in the report's order: which finding stands in which row and column, with how many digits."""

from ..document import Wording
from ..sheets import ABSENT, PERCENT, WHOLE, Cell, Column, Note, Row, Sheet, number
from . import notes
from .figures import YI, Figure, figure_cell, quoted_cell
from .findings import Findings, Part
from .sheet import sheet, text
from .survey import BALANCE, UNASSIGNED, Survey

__all__ = ["branches", "layout", "leaders", "overview", "sheets"]

OUTPUT, SHARE = Column("产值", "亿元"), Column("占比", "%")


def sheets(survey: Survey, found: Findings, say: Wording) -> tuple[Sheet, ...]:
    """Give 表1 to 表4."""
    return tuple(table(survey, found, say) for table in (overview, leaders, branches, layout))


def overview(survey: Survey, found: Findings, say: Wording) -> Sheet:
    """表1: enterprises, industries, output, its share of the gross industrial output, its growth."""
    figures, before = survey.figures, survey.year - 1
    counts, share = notes.sum_of_counts(found, say), figures["F013"]
    gross, base = (say.note("inferred_gross"),), (say.note("inferred_base"),)

    def row(name: str, value: Cell, unit: str, way: str, printed: Figure | None = None) -> Row:
        quoted = Cell(printed.qualified, figures=(printed.id,)) if printed else ABSENT
        return Row((Cell(name), value, Cell(unit), quoted, Cell(way)))

    enterprises = figure_cell(found.enterprises, figures["F010"], 0, counts)
    industries = figure_cell(found.industries, figures["F011"])
    output = figure_cell(found.output, figures["F012"], YI)
    quoted = quoted_cell(share, gross)._replace(text=share.text)
    whole = Cell(str(say.facts["gross"]), found.gross / 10**-YI, gross)
    earlier = Cell(str(say.facts["base"]), found.base / 10**-YI, base)
    rate = figure_cell(found.rate, figures["F014"], PERCENT, base)
    rows = (
        row("先进制造业企业数", enterprises, "户", "由记录计算", figures["F010"]).as_headline(),
        row("产业数", industries, "个", "由记录计算", figures["F011"]),
        row("先进制造业产值", output, "亿元", "由记录计算", figures["F012"]).as_headline(),
        row("占新区工业总产值比重", quoted, "%", "引自报告", share).as_headline(),
        row("新区工业总产值", whole, "亿元", "由比重反推"),
        row(f"{before} 年先进制造业产值", earlier, "亿元", "由增速反推"),
        row("产值同比增长", rate, "%", "对反推的基期计算", figures["F014"]).as_headline(),
    )
    columns = (text("指标"), Column("数值"), text("单位"), Column("报告印数"), text("得数方式"))
    all_notes = (*counts, *gross, *base, say.note("industries"))
    return sheet(1, "新区先进制造业概况", "见表内", columns, rows, all_notes, say)


def leaders(survey: Survey, found: Findings, say: Wording) -> Sheet:
    """表2: the largest enterprises by output; the order of the report's sentence is a query."""
    query, moved = notes.order_of_leaders(survey, found, say), notes.misplaced(survey, found)
    places = {name: place for place, name in enumerate(survey.leaders, start=1)}
    money, percent = survey.usual_decimals("亿元"), survey.usual_decimals("%")
    rows = []
    for leader in found.leaders:
        doubts = query if leader.name in moved else ()
        printed = survey.leaders.get(leader.name)
        output = figure_cell(leader.output, printed, YI, doubts) if printed else number(leader.output, money, YI)
        shares = (number(value, percent, PERCENT) for value in (leader.share, leader.cumulative_share))
        place = Cell(str(places[leader.name])) if leader.name in places else ABSENT
        rows.append(Row((Cell(str(leader.rank)), Cell(leader.name), output, *shares, place)))
    columns = (Column("位次"), text("企业"), OUTPUT, SHARE, Column("累计占比", "%"), Column("原文次序"))
    all_notes = (*query, say.note("denominator"), say.note("named_outputs"))
    return sheet(2, "产值前三企业", "亿元、%", columns, tuple(rows), all_notes, say)


def branches(survey: Survey, found: Findings, say: Wording) -> Sheet:
    """表3: the output of the branches for which the report gives one, and what is left of the total."""
    query, total = (say.note("uncertain_rest"),), survey.figures["F012"]
    printed = {branch: figure.in_yi() for branch, figure in survey.branches.items()}
    money, percent = max(figure.decimals for figure in printed.values()), survey.usual_decimals("%")

    def branch_row(branch: str, figure: Figure) -> Row:
        part, category = found.branches[branch], survey.categories[found.branch_categories[branch]]
        output, share = figure_cell(part.output, figure, YI), number(part.share, percent, PERCENT)
        return Row((Cell(branch), Cell(category), output, share, Cell(survey.branches[branch].quoted)))

    def sum_row(name: str, part: Part, role: str, doubts: tuple[Note, ...] = ()) -> Row:
        output, share = number(part.output, money, YI, doubts), number(part.share, percent, PERCENT)
        return Row((Cell(name), ABSENT, output, share, ABSENT), role)

    rows = (
        *(branch_row(branch, figure) for branch, figure in printed.items()),
        sum_row(f"以上 {len(printed)} 项小计", found.listed, "subtotal"),
        sum_row("残差（合计减小计）", found.rest, "subtotal", query),
        sum_row("其中：报告未给产值的产业", found.unlisted, "child"),
        sum_row(f"其中：{UNASSIGNED}（{BALANCE}）", found.unassigned, "child"),
        Row((Cell("合计"), ABSENT, figure_cell(found.output, total, YI), WHOLE, Cell(total.quoted)), "total"),
    )
    columns = (text("产业"), text("所属类别"), OUTPUT, SHARE, text("报告原文"))
    rounded = notes.rounding(rows, (2, 3), ("part", "child"), say)
    return sheet(3, "重点产业产值", "亿元、%", columns, rows, (*query, say.note("denominator"), *rounded), say)


def layout(survey: Survey, found: Findings, say: Wording) -> Sheet:
    """表4: enterprises, output, share and output per enterprise of the new cities."""
    counts, left = notes.sum_of_counts(found, say), notes.outside_the_cities(found, say)
    money, percent = survey.usual_decimals("亿元"), survey.usual_decimals("%")

    def city_row(city: str) -> Row:
        part, printed = found.cities[city], [survey.of_city(city, unit) for unit in ("户", "亿元", "%")]
        count = figure_cell(found.city_counts[city], printed[0])
        output, share = figure_cell(part.output, printed[1], YI), figure_cell(part.share, printed[2], PERCENT)
        return Row((Cell(city), count, output, share, number(found.city_means[city], money, YI)))

    balance = (number(found.unassigned.output, money, YI, left), number(found.unassigned.share, percent, PERCENT))
    enterprises = figure_cell(found.enterprises, survey.figures["F010"], 0, counts)
    output, mean = figure_cell(found.output, survey.figures["F012"], YI), number(found.mean, money, YI)
    rows = (
        *map(city_row, survey.cities),
        *([Row((Cell(f"{UNASSIGNED}（{BALANCE}）"), ABSENT, *balance, ABSENT), "balance")] if left else []),
        Row((Cell("合计"), enterprises, output, WHOLE, mean), "total"),
    )
    columns = (text("新城"), Column("企业数", "户"), OUTPUT, SHARE, Column("户均产值", "亿元/户"))
    digits, rounded = notes.unusual_digits(say), notes.rounding(rows, (2, 3), ("part", "balance"), say)
    others = (say.note("denominator"), say.note("means"), *digits, *rounded)
    return sheet(4, "新城先进制造业布局", "户、亿元、%、亿元/户", columns, rows, (*counts, *left, *others), say)
