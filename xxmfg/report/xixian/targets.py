"""表18 to 表20: the new area beside others, the target of a thousand, challenges with replies and evidence."""

from math import ceil, log
from typing import Any

from ...growth import average_growth
from ..document import Wording, filled
from ..press import Quantity
from ..sheets import PERCENT, Cell, Column, Row, Sheet, number
from .figures import YI, figure_cell, quoted_cell
from .findings import Findings
from .sheet import line, sheet, text
from .survey import Survey

__all__ = ["TARGET", "facts", "paths", "sheets"]

TARGET = 1000.0  # 亿元: what the word 千亿级 says
_COMPARED = (  # place, figure, scope
    ("西咸新区", "F012", "先进制造业产值（总产出）"),
    ("长春新区", "F052", "战略性新兴产业产值（总产出）"),
    ("哈尔滨新区", "F056", "战略性新兴产业产值（总产出）"),
    ("赣江新区", "F060", "先进制造主导产业主营业务收入（销售）"),
    ("深圳市", "F083", "规模以上先进制造业增加值（扣除中间投入）"),
)


def facts(survey: Survey, found: Findings) -> dict[str, Any]:
    """Give what the sentences and notes on targets and challenges say."""
    start, end = survey.year, int(survey.figures["F008"].value)
    output = found.output * 10.0**YI
    needed = average_growth([output, TARGET], [start, end], start, end)["rate"][0]
    kinds = {"opportunities": "机遇", "challenges": "挑战", "strategies": "思路", "suggestions": "建议"}
    return {
        "target": Quantity(TARGET),
        "target_year": end,
        "years_left": end - start,
        "needed_rate": Quantity(float(needed), 1, PERCENT),
        "reached": Quantity(output * (1 + found.rate) ** (end - start), 1),
        "share_of_target": Quantity(output / TARGET, 1, PERCENT),
        "year_at_rate": start + ceil(log(TARGET / output) / log(1 + found.rate)),
        **{f"n_{name}": len(survey.measures(kind)) for name, kind in kinds.items()},
        "opportunities": "、".join(survey.measures("机遇")),
        "clusters": "、".join(survey.measures("目标集群")),
        "unanswered": "、".join(_unanswered(survey)),
    }


def paths(survey: Survey, found: Findings, say: Wording) -> list[tuple[int, float, float]]:
    """Give year by year the output that would reach the target, and the one at the present rate, in 亿元."""
    start, rate = found.output * 10.0**YI, say.facts["needed_rate"].value
    years = range(survey.year, say.facts["target_year"] + 1)
    return [
        (year, start * (1 + rate) ** (year - survey.year), start * (1 + found.rate) ** (year - survey.year))
        for year in years
    ]


def sheets(survey: Survey, found: Findings, say: Wording) -> tuple[Sheet, ...]:
    """Give 表18, 表19 and 表20."""
    return _compared(survey, found, say), _target(survey, found, say), _challenges(survey, say)


def _compared(survey: Survey, found: Findings, say: Wording) -> Sheet:
    """表18: numbers of different scopes and years stand beside each other, never ranked."""
    rows = []
    for place, key, scope in _COMPARED:
        figure = survey.figures[key]
        value = figure_cell(found.output, figure, YI) if key == "F012" else quoted_cell(figure)
        rows.append(line(place, value, figure.unit, figure.year, scope))
    columns = (text("地区"), Column("数值"), text("单位"), text("年份"), text("口径"))
    return sheet(18, "与报告所列地区对照（口径不同，不排位）", "亿元", columns, rows, (say.note("scopes"),), say)


def _target(survey: Survey, found: Findings, say: Wording) -> Sheet:
    """表19: the way to the target, and where the present rate leads."""
    scenario, rows = say.note("scenario"), list[Row]()
    for year, needed, present in paths(survey, found, say):
        is_given = year == survey.year
        notes = () if is_given else (scenario,)
        first = figure_cell(found.output, survey.figures["F012"], YI) if is_given else number(needed, 1)
        cells = (first, number(present, 1), number(present / TARGET, 1, PERCENT))
        rows.append(line(Cell(f"{year} ", None, notes), *cells))
    columns = (
        text("年份"),
        Column("达到千亿的路径", "亿元"),
        Column("按现增速", "亿元"),
        Column("按现增速占千亿", "%"),
    )
    return sheet(
        19, "千亿目标的两条路径（情景，不是预测）", "亿元、%", columns, rows, (scenario, say.note("target")), say
    )


def _challenges(survey: Survey, say: Wording) -> Sheet:
    """表20: what the report replies to each challenge, and what its own figures say of it."""
    rows, evidence = [], say.description["evidence"]
    for row in survey.lists["measures"]:
        if row["kind"] == "挑战":
            replies = (_replies(survey, kind, row["number"]) for kind in ("思路", "建议"))
            shown = filled(evidence[row["number"]], say.facts)
            rows.append(line(Cell(f"{row['number']}. {row['title']}"), *replies, shown))
    columns = (text("挑战"), text("思路"), text("建议"), text("数据依据"))
    return sheet(20, "挑战—思路—建议与数据依据", "", columns, rows, (say.note("replies"),), say)


def _replies(survey: Survey, kind: str, challenge: str) -> str:
    found = [row for row in survey.lists["measures"] if row["kind"] == kind and challenge in row["answers"].split("、")]
    return "；".join(row["title"] for row in found)


def _unanswered(survey: Survey) -> list[str]:
    return [row["title"] for row in survey.lists["measures"] if row["kind"] in {"思路", "建议"} and not row["answers"]]
