"""表9 and 表10: Shenzhen, whose shares lie one inside the other; Hefei, whose shares overlap and are no partition."""

from typing import Any

from ...aggregate import aggregate, ratio
from ...growth import growth
from ..document import Wording
from ..press import Quantity
from ..sheets import BLANK, PERCENT, Cell, Column, Row, Sheet
from .figures import figure_cell, quoted_cell
from .sheet import inferred, line, sheet, text
from .survey import Survey

__all__ = ["facts", "sheets"]

_NINETY = "6个90%"
_HEFEI_SHARES = ("F105", "F106", "F107")


def facts(survey: Survey) -> dict[str, Any]:
    """Give what the sentences and notes on Shenzhen and Hefei say."""
    value = {key: float(figure.value) for key, figure in survey.figures.items()}
    industry, advanced = (_base(value[key], value[rate]) for key, rate in (("F081", "F082"), ("F083", "F084")))
    parts = growth(
        [advanced, industry - advanced, value["F083"], value["F081"] - value["F083"]],
        [0, 0, 1, 1],
        by={"part": ["advanced", "others"] * 2},
    )
    row = [*zip(parts["part"].tolist(), parts["status"].tolist(), strict=True)].index(("advanced", "ok"))
    overlapping = [value[key] for key in _HEFEI_SHARES]
    return {
        "industry_base": Quantity(industry, 1),
        "advanced_base": Quantity(advanced, 1),
        "emerging_base": Quantity(_base(value["F090"], value["F091"]), 1),
        "advanced_share": Quantity(_ratio(value["F083"], value["F081"]), 2, PERCENT),
        "advanced_share_1": Quantity(_ratio(value["F083"], value["F081"]), 1, PERCENT),
        "advanced_share_raw": _ratio(value["F083"], value["F081"]),
        "electronics_share_raw": _ratio(value["F086"], value["F083"]),
        "electronics_of_industry": Quantity(_ratio(value["F086"], value["F081"]), 1, PERCENT),
        "emerging_share_most": Quantity(_ratio(value["F090"], value["F080"] * 10_000), 2, PERCENT),
        "implied_gdp": Quantity(_ratio(value["F094"], value["F095"] / 100)),
        "advanced_contribution": Quantity(float(parts["contribution"][row]), 1, PERCENT),
        "advanced_pull": Quantity(float(parts["pull"][row]), 2, PERCENT),
        "hefei_sum": Quantity(float(aggregate(overlapping, stats=("sum",))["sum"][0]), 1),
        "n_ninety": sum(row["topic"] == _NINETY and row["figure"] != "F096" for row in survey.lists["cases"]),
        "n_emerging": sum(row["topic"] == "战略性新兴产业" for row in survey.lists["cases"]),
        "shenzhen_measures": "、".join(survey.measures("深圳举措")),
        "hefei_measures": "、".join(survey.measures("合肥举措")),
    }


def sheets(survey: Survey, say: Wording) -> tuple[Sheet, ...]:
    """Give 表9 and 表10."""
    return _shenzhen(survey, say), _hefei(survey, say)


def _ratio(numerator: float, denominator: float) -> float:
    return float(ratio([numerator], [denominator])["ratio"][0])


def _base(value: float, percent: float) -> float:
    return _ratio(value, 1 + percent / 100)


def _shenzhen(survey: Survey, say: Wording) -> Sheet:
    """表9: each value with its growth, its share of the one above as printed and as computed, and the base before."""
    figures, said = survey.figures, say.facts
    wrong, base, gdp = say.note("advanced_share"), say.note("shenzhen_bases"), say.note("implied_gdp")
    advanced = figure_cell(said["advanced_share_raw"], figures["F085"], PERCENT)
    advanced = advanced._replace(text=str(said["advanced_share"]), notes=(wrong,), differs=False)
    electronics = figure_cell(said["electronics_share_raw"], figures["F087"], PERCENT)
    emerging = Cell(f"≤ {said['emerging_share_most']}", None)

    def row(name: str, keys: tuple[str, str, str], computed: Cell, before: Cell, role: str = "part") -> Row:
        value, rate, share = (quoted_cell(figures[key]) if key else BLANK for key in keys)
        return line(name, value, figures[keys[0]].unit, rate, share, computed, before, role=role)

    industry, before, emerged = (inferred(said[f"{name}_base"], base) for name in ("industry", "advanced", "emerging"))
    others = [figures[key] for key in ("F079", "F088", "F089", "F093")]
    ninety = [one for one in survey.lists["cases"] if one["topic"] == _NINETY and one["figure"] != "F096"]
    rows = [
        row("地区生产总值", ("F080", "", ""), BLANK, BLANK),
        line("地区生产总值", inferred(said["implied_gdp"], gdp), "亿元", role="child", width=7),
        row("规模以上工业增加值", ("F081", "F082", ""), BLANK, industry),
        row("其中：先进制造业", ("F083", "F084", "F085"), advanced, before, "child"),
        row("其中：电子信息制造业", ("F086", "", "F087"), electronics, BLANK, "child"),
        row("战略性新兴产业增加值", ("F090", "F091", "F092"), emerging, emerged),
        row("战略性新兴产业增加值（重述）", ("F094", "", "F095"), BLANK, BLANK),
        *(line(one.indicator, quoted_cell(one), one.unit, width=7) for one in others),
        line("“6 个 90%”", figure_cell(said["n_ninety"], figures["F096"]), "个", width=7),
        *(line(one["item"], quoted_cell(figures[one["figure"]]), "%", role="child", width=7) for one in ninety),
    ]
    columns = (text("指标"), Column("数值"), text("单位"), Column("同比", "%"), Column("占上级印数", "%"),
               Column("占上级计算", "%"), Column("上年反推", "亿元"))  # fmt: skip
    notes = (wrong, base, gdp, say.note("shenzhen_shares"), say.note("shenzhen_contribution"))
    return sheet(9, "深圳先进制造业的嵌套占比（2018）", "见表内", columns, rows, notes, say, is_quoted=True)


def _hefei(survey: Survey, say: Wording) -> Sheet:
    """表10: three shares that overlap, and the other figures on Hefei."""
    figures, overlap = survey.figures, say.note("hefei_overlap")
    rows = [line(row["item"], quoted_cell(figures[row["figure"]]), "%", "占工业比重")
            for row in survey.lists["cases"] if row["topic"] == "占工业比重"]  # fmt: skip
    rows.append(line("三项相加", inferred(say.facts["hefei_sum"], overlap), "%", "口径交叉，不是分割", role="subtotal"))
    for row in survey.lists["cases"]:
        if row["case"] == "合肥市" and row["figure"] and row["figure"] not in _HEFEI_SHARES:
            figure = figures[row["figure"]]
            rows.append(line(row["item"], quoted_cell(figure), figure.unit, row["topic"]))
    columns = (text("指标"), Column("数值"), text("单位"), text("说明"))
    return sheet(10, "合肥先进制造业相关占比与举措", "见表内", columns, rows, (overlap,), say, is_quoted=True)
