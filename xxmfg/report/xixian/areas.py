"""表5 and 表6: the national-level new areas with their tiers as the report quotes them; four of them by figures."""

from collections.abc import Mapping
from typing import Any

from ...aggregate import aggregate, ratio
from ..document import Wording
from ..press import Quantity
from ..sheets import ABSENT, BLANK, Cell, Column, Row, Sheet
from .figures import figure_cell, quoted_cell
from .sheet import inferred, line, sheet, text
from .survey import Survey

__all__ = ["AREAS", "facts", "sheets"]

AREAS = ("长春新区", "哈尔滨新区", "赣江新区", "滇中新区")
TIERS = {  # name, the figure that counts its areas, those that bound it
    "1": ("第一梯队", "F043", ("F044",)),
    "2": ("第二梯队", "F045", ("F046", "F047")),
    "3": ("第三梯队", "F048", ("F049",)),
}
_ORIGINS = {"named": "报告列名", "implied": "报告“其中”句列名"}
_TOPICS = ("重点产业", "引进企业与项目", "产业园", "主力")


def facts(survey: Survey) -> dict[str, Any]:
    """Give what the sentences and notes on the new areas say."""
    figures, areas = survey.figures, survey.lists["new_areas"]
    counts = [float(figures[key].value) for _, key, _ in TIERS.values()]
    placed = [area["tier"] for area in areas if area["tier"]]
    revenue = ratio([float(figures["F060"].value)], [float(figures["F061"].value) / 100])["ratio"][0]
    return {
        "n_areas": len(areas),
        "tier_sum": int(aggregate(counts, stats=("sum",))["sum"][0]),
        "n_placed": len(placed),
        "n_unplaced": len(areas) - len(placed),
        "n_known_gdp": sum(bool(area["gdp_2018"]) for area in areas),
        "unplaced_2": int(figures["F045"].value) - placed.count("2"),
        "unplaced_3": int(figures["F048"].value) - placed.count("3"),
        "changchun_base": _base(survey, "F052", "F053"),
        "harbin_base": _base(survey, "F056", "F057"),
        "ganjiang_revenue": Quantity(float(revenue)),
        "area_lines": tuple(_line(survey, area) for area in AREAS),
        "common": "、".join(survey.measures("四新区共同点")),
        "particular": tuple(f"{title}。" for title in survey.measures("四新区特性")),
    }


def sheets(survey: Survey, say: Wording) -> tuple[Sheet, ...]:
    """Give 表5 and 表6."""
    return _tiers(survey, say), _four(survey, say)


def _base(survey: Survey, value: str, rate: str) -> Quantity:
    """Give the value of the year before, which a printed rate of growth implies."""
    current, percent = (float(survey.figures[key].value) for key in (value, rate))
    return Quantity(float(ratio([current], [1 + percent / 100])["ratio"][0]), 1)


def _line(survey: Survey, area: str) -> str:
    said = []
    for topic in _TOPICS:
        items = [row["item"] for row in survey.lists["cases"] if (row["case"], row["topic"]) == (area, topic)]
        if items:
            said.append(f"{topic}：{'、'.join(items)}")
    return f"{area}——{'；'.join(said)}。"


def _tiers(survey: Survey, say: Wording) -> Sheet:
    """表5: the tiers with the areas that the report puts into them; nobody is ranked by what is not known."""
    figures, rows = survey.figures, list[Row]()
    gap = say.note("tier_gap")
    for tier, (name, count, bounds) in TIERS.items():
        title = Cell(
            f"{name}：经济总量 {span_of(survey, bounds)}", None, (gap,) if len(bounds) > 1 else (), figures=bounds
        )
        rows.append(Row((title, *[BLANK] * 4, quoted_cell(figures[count]), BLANK), "subtotal"))
        rows += [_area(survey, area) for area in survey.lists["new_areas"] if area["tier"] == tier]
    rest = f"报告未列名：第二梯队 {say.facts['unplaced_2']} 个、第三梯队 {say.facts['unplaced_3']} 个"
    rows.append(line(rest, role="subtotal", width=7))
    rows += [_area(survey, area) for area in survey.lists["new_areas"] if not area["tier"]]
    rows.append(Row((Cell("合计"), *[BLANK] * 4, figure_cell(say.facts["tier_sum"], figures["F041"]), ABSENT), "total"))
    heads = (text("新区"), text("所在地"), text("区域"), text("批复"), text("梯次依据"))
    columns = (*heads, Column("新区数", "个"), Column("2018 年生产总值", "亿元"))
    notes = (gap, say.note("one_gdp"), say.note("approvals"))
    return sheet(5, "国家级新区三梯次", "个、亿元", columns, rows, notes, say, is_quoted=True)


def span_of(survey: Survey, bounds: tuple[str, ...]) -> str:
    """Give the bounds of a tier in the report's words."""
    if len(bounds) == 1:
        return survey.figures[bounds[0]].quoted
    low, high = (survey.figures[key].text for key in bounds)
    return f"{low}—{high} 亿元"


def _area(survey: Survey, area: Mapping[str, str]) -> Row:
    gdp = quoted_cell(survey.figures[area["gdp_figure"]]) if area["gdp_figure"] else ABSENT
    origin = _ORIGINS.get(area["tier_origin"], "")
    return line(area["name"], area["host"], area["region"], area["approved"], origin, BLANK, gdp, role="child")


def _four(survey: Survey, say: Wording) -> Sheet:
    """表6: what the report prints of four areas, and the bases that its rates imply."""
    bases, revenue = say.note("area_bases"), say.note("ganjiang_revenue")
    implied = {
        "长春新区": ("2017 年战略性新兴产业产值", "changchun_base", "由增速反推", bases),
        "哈尔滨新区": ("2017 年战略性新兴产业产值", "harbin_base", "由增速反推", bases),
        "赣江新区": ("2018 年工业主营业务收入，大于", "ganjiang_revenue", "由比重反推", revenue),
    }
    rows = list[Row]()
    for area in AREAS:
        rows.append(line(area, role="subtotal", width=5))
        for row in survey.lists["cases"]:
            if row["case"] == area and row["figure"]:
                figure = survey.figures[row["figure"]]
                rows.append(line(row["item"], quoted_cell(figure), figure.unit, row["year"], "引自报告", role="child"))
        if area in implied:
            name, key, way, note = implied[area]
            rows.append(line(name, inferred(say.facts[key], note), "亿元", "", way, role="child"))
    columns = (text("新区与指标"), Column("数值"), text("单位"), text("年份"), text("得数方式"))
    notes = (bases, revenue, say.note("four_scopes"))
    return sheet(6, "长春、哈尔滨、赣江、滇中新区先进制造业", "见表内", columns, rows, notes, say, is_quoted=True)
