"""表14 and 表17: what is known of concentration, and which of the fourteen categories the report covers."""

from typing import Any

import numpy as np

from ...aggregate import aggregate
from ...share import share
from ..document import Wording
from ..press import Quantity
from ..sheets import BLANK, PERCENT, Cell, Column, Row, Sheet, number
from .figures import YI, figure_cell
from .findings import Findings
from .sheet import inferred, line, sheet, text
from .survey import Survey

__all__ = ["facts", "sheets"]

_BOUNDED = (4, 8)  # the largest enterprises whose joint share has bounds


def facts(survey: Survey, found: Findings) -> dict[str, Any]:
    """Give the shares that the figures identify, and the bounds of those that they do not."""
    cities = sorted((part.output for name, part in found.cities.items() if name in survey.cities), reverse=True)
    named = [leader.output for leader in found.leaders]
    rest, n_rest = found.in_cities.output - sum(named), found.enterprises - len(named)
    squares = _herfindahl(np.array(cities))
    low, high = _herfindahl_bounds(named, rest, n_rest, found.output)
    bounds = {n: _largest_bounds(named, rest, n_rest, n, found.output) for n in _BOUNDED}
    return {
        "city_herfindahl": Quantity(squares, 4),
        "city_effective": Quantity(1 / squares, 2),
        "city_primacy": Quantity(cities[0] / cities[1], 2),
        "cr1": Quantity(found.leaders[0].share, 2, PERCENT),
        "cr3": Quantity(found.leaders[-1].cumulative_share, 2, PERCENT),
        **{f"cr{n}_low": Quantity(low, 1, PERCENT) for n, (low, _) in bounds.items()},
        **{f"cr{n}_high": Quantity(high, 1, PERCENT) for n, (_, high) in bounds.items()},
        "herfindahl_low": Quantity(low, 3),
        "herfindahl_high": Quantity(high, 3),
        "n_rest": n_rest,
        "n_categories": len(survey.categories),
        "n_covered": len(survey.figures["F011"].items),
        "n_with_output": len(_category_outputs(survey, found)),
    }


def _herfindahl(outputs: Any) -> float:
    shares = share(outputs, by=np.arange(len(outputs)))["share"]
    return float(aggregate(shares * shares, stats=("sum",))["sum"][0])


def _largest_bounds(named: list[float], rest: float, n_rest: int, n: int, total: float) -> tuple[float, float]:
    """Bound the share of the n largest: the others share what is left, none above the smallest named one."""
    more = n - len(named)
    return (sum(named) + more * rest / n_rest) / total, (sum(named) + min(rest, more * min(named))) / total


def _herfindahl_bounds(named: list[float], rest: float, n_rest: int, total: float) -> tuple[float, float]:
    """Bound the sum of squared shares: the rest is equal parts, or as few parts of the smallest named one's size."""
    known, cap = sum(output**2 for output in named), min(named)
    full = int(rest // cap)
    most = full * cap**2 + (rest - full * cap) ** 2
    return (known + rest**2 / n_rest) / total**2, (known + most) / total**2


def _category_outputs(survey: Survey, found: Findings) -> dict[str, tuple[list[str], float]]:
    """Give, by category, the branches whose output the report prints and their sum."""
    outputs: dict[str, tuple[list[str], float]] = {}
    for branch in survey.branches:
        code = found.branch_categories[branch]
        names, output = outputs.get(code, ([], 0.0))
        outputs[code] = ([*names, branch], output + found.branches[branch].output)
    return outputs


def sheets(survey: Survey, found: Findings, say: Wording) -> tuple[Sheet, ...]:
    """Give 表14 and 表17."""
    return _concentration(survey, found, say), _coverage(survey, found, say)


def _concentration(survey: Survey, found: Findings, say: Wording) -> Sheet:
    """表14: identified numbers, or bounds; nothing that the reconstruction alone would say."""
    said, bounds = say.facts, say.note("bounds")
    largest = said["largest_city"]
    first = figure_cell(found.cities[largest].share, survey.of_city(largest, "%"), PERCENT)

    def known(name: str, cell: Cell, unit: str, way: str) -> Row:
        return line(name, cell, BLANK, BLANK, unit, way)

    def bounded(name: str, low: Quantity, high: Quantity, unit: str) -> Row:
        return line(name, BLANK, inferred(low, bounds), inferred(high, bounds), unit, "由前三家与户数推出")

    rows = [
        line("新城（产值）", role="subtotal", width=6),
        known(f"首位新城（{largest}）占比", first, "%", "由记录计算，报告印出"),
        known("首位度（第一 ÷ 第二）", inferred(said["city_primacy"]), "倍", "由记录计算"),
        known("赫芬达尔指数（五个新城）", inferred(said["city_herfindahl"]), "—", "由记录计算"),
        known("有效个数（1 ÷ 赫芬达尔指数）", inferred(said["city_effective"]), "个", "由记录计算"),
        line("企业（产值）", role="subtotal", width=6),
        known("CR1", inferred(said["cr1"]), "%", "由记录计算"),
        known("CR3", inferred(said["cr3"]), "%", "由记录计算"),
        *(bounded(f"CR{n}", said[f"cr{n}_low"], said[f"cr{n}_high"], "%") for n in _BOUNDED),
        bounded("赫芬达尔指数", said["herfindahl_low"], said["herfindahl_high"], "—"),
    ]
    columns = (text("指标"), Column("数值"), Column("下界"), Column("上界"), text("单位"), text("得数方式"))
    notes = (bounds, say.note("not_identified"), say.note("denominator"))
    return sheet(14, "集中度", "见表内", columns, rows, notes, say)


def _coverage(survey: Survey, found: Findings, say: Wording) -> Sheet:
    """表17: which categories the report names, for which it prints an output, how many projects it names there."""
    outputs, rows = _category_outputs(survey, found), []
    decimals, percent = max(one.in_yi().decimals for one in survey.branches.values()), survey.usual_decimals("%")
    for code, name in survey.categories.items():
        named = "列入" if name in survey.figures["F011"].items else ""
        branches, output = outputs.get(code, ([], float("nan")))
        n_projects = sum(row["category"] == code for row in survey.lists["projects"])
        share_of_all = number(output / found.output, percent, PERCENT)
        cells = ("、".join(branches), number(output, decimals, YI), share_of_all, number(n_projects, 0))
        rows.append(line(code, name, named, *cells))
    counts = figure_cell(len(survey.categories), survey.figures["F004"])._replace(figures=("F003", "F004"))
    totals = (Cell(f"{len(survey.categories)} 类"), figure_cell(say.facts["n_covered"], survey.figures["F011"]))
    listed = number(found.listed.output, decimals, YI), number(found.listed.share, percent, PERCENT)
    n_named = number(len(survey.lists["projects"]), 0)
    rows.append(line(counts._replace(text="合计"), *totals, "", *listed, n_named, role="total"))
    columns = (text("代码"), text("类别"), text("报告“6 大产业”"), text("印出产值的产业"), Column("产值", "亿元"),
               Column("占比", "%"), Column("点名项目", "个"))  # fmt: skip
    notes = (say.note("coverage"), say.note("codes"))
    return sheet(17, "先进制造业十四类的覆盖", "亿元、%、个", columns, rows, notes, say)
