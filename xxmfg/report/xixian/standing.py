"""表11 to 表13: the new area's rank, how alike its cities are, its projects by place, category and status."""

from collections import Counter
from itertools import combinations
from typing import Any

from ...similarity import mean_similarity, similarity
from ...table import Table
from ..document import Wording
from ..press import Quantity
from ..sheets import ABSENT, Cell, Column, Row, Sheet, number
from .areas import AREAS
from .figures import quoted_cell
from .sheet import line, sheet, text
from .survey import Survey

__all__ = ["PRODUCING", "cosines", "facts", "industries_of", "sheets"]

PRODUCING = "形成产能"
_DECIMALS = 2


def facts(survey: Survey) -> dict[str, Any]:
    """Give what the sentences and notes on rank, likeness and projects say."""
    figures, projects = survey.figures, survey.lists["projects"]
    before = int(figures["F043"].value + figures["F045"].value)
    statuses = Counter(row["status"] for row in projects)
    now = _pairs(industries_of(survey, planned=False))
    most = max(now, key=lambda pair: now[pair])
    means = {planned: _mean(industries_of(survey, planned=planned)) for planned in (False, True)}
    return {
        "third_from": before + 1,
        "third_to": before + int(figures["F048"].value),
        "smaller_areas": int(figures["F116"].value - figures["F117"].value),
        "smaller_western": int(figures["F118"].value - figures["F119"].value),
        "most_alike": "与".join(most),
        "most_alike_cosine": Quantity(now[most], _DECIMALS),
        "mean_cosine_now": Quantity(means[False], _DECIMALS),
        "mean_cosine_planned": Quantity(means[True], _DECIMALS),
        "shared_by_most": "、".join(_shared_by_most(survey)),
        "n_shared_by_most": _most_cities(survey),
        "n_projects": len(projects),
        "n_placed_projects": sum(bool(row["place"]) for row in projects),
        "n_building": statuses["在建"],
        "n_signed": statuses["已签约"],
        "n_unsaid": statuses["未说明"],
    }


def sheets(survey: Survey, say: Wording) -> tuple[Sheet, ...]:
    """Give 表11, 表12 and 表13."""
    return _rank(survey, say), _alike(survey, say), _projects(survey, say)


def industries_of(survey: Survey, *, planned: bool) -> dict[str, list[str]]:
    """Give the industries that the report lists for each new city: those producing, or also those planned."""
    found: dict[str, list[str]] = {city: [] for city in survey.cities}
    for row in survey.lists["presence"]:
        if (planned or row["status"] == PRODUCING) and row["branch"] not in found[row["new_city"]]:
            found[row["new_city"]].append(row["branch"])
    return found


def cosines(listed: dict[str, list[str]]) -> Table:
    """Give the likeness of each pair of lists, every industry on a list counting one."""
    pairs = [(place, industry) for place, industries in listed.items() for industry in industries]
    places, industries = zip(*pairs, strict=True)
    return similarity([1.0] * len(pairs), list(places), list(industries))


def _pairs(listed: dict[str, list[str]]) -> dict[tuple[str, str], float]:
    """Give the cosine of each pair, the names in the order of the lists."""
    table, order = cosines(listed), list(listed)
    columns = (table[name].tolist() for name in ("region_a", "region_b", "cosine"))
    found = {frozenset((one, other)): value for one, other, value in zip(*columns, strict=True)}
    return {pair: found[frozenset(pair)] for pair in combinations(order, 2)}


def _mean(listed: dict[str, list[str]]) -> float:
    """Give the mean of the cities' mean likeness with the others."""
    pairs = [(place, industry) for place, industries in listed.items() for industry in industries]
    places, industries = zip(*pairs, strict=True)
    means = mean_similarity([1.0] * len(pairs), list(places), list(industries))["cosine"].tolist()
    return float(sum(means) / len(means))


def _most_cities(survey: Survey) -> int:
    return max(Counter(name for names in industries_of(survey, planned=False).values() for name in names).values())


def _shared_by_most(survey: Survey) -> list[str]:
    counts = Counter(name for names in industries_of(survey, planned=False).values() for name in names)
    return [name for name, count in counts.items() if count == _most_cities(survey)]


def _rank(survey: Survey, say: Wording) -> Sheet:
    """表11: the ranks that the report quotes, and what they must agree with."""
    figures, said = survey.figures, say.facts
    span = f"第三梯队为第 {said['third_from']}—{said['third_to']} 位，相容"
    behind = f"其后西部 {said['smaller_western']} 个，不多于其后全国 {said['smaller_areas']} 个，相容"
    rows = [
        line("生产总值", quoted_cell(figures["F115"]), "亿元", f"小于 {figures['F049'].text}，属第三梯队"),
        line("在国家级新区中的位次", quoted_cell(figures["F117"]), "位", span),
        line("国家级新区数", quoted_cell(figures["F116"]), "个", "与表5 相同"),
        line("在西部国家级新区中的位次", quoted_cell(figures["F119"]), "位", behind),
        line("西部国家级新区数", quoted_cell(figures["F118"]), "个", "与表5 区域一栏相同"),
    ]
    columns, notes = (text("指标"), Column("数值"), text("单位"), text("核对")), (say.note("ranks_quoted"),)
    return sheet(11, "西咸新区在国家级新区中的位次（2018）", "见表内", columns, rows, notes, say, is_quoted=True)


def _alike(survey: Survey, say: Wording) -> Sheet:
    """表12: the industries that two places share, and the cosine of their lists."""
    now, planned = (industries_of(survey, planned=planned) for planned in (False, True))
    areas = {
        area: [row["item"] for row in survey.lists["cases"] if (row["case"], row["topic"]) == (area, "重点产业")]
        for area in AREAS
    }
    rows = [line("新城之间", role="subtotal", width=5)]
    rows += _pair_rows(now, _pairs(now), _pairs(planned))
    rows.append(line("四个国家级新区之间（重点产业）", role="subtotal", width=5))
    rows += _pair_rows(areas, _pairs(areas), None)
    columns = (text("甲"), text("乙"), text("共同产业"), Column("余弦相似度"), Column("含在建、前期"))
    notes = (say.note("alike"), say.note("alike_words"))
    return sheet(12, "新城产业同质化", "0—1", columns, rows, notes, say, is_quoted=True)


def _pair_rows(
    listed: dict[str, list[str]], now: dict[tuple[str, str], float], planned: dict[tuple[str, str], float] | None
) -> list[Row]:
    rows = []
    for pair, cosine in now.items():
        shared = [name for name in listed[pair[0]] if name in listed[pair[1]]]
        later = number(planned[pair], _DECIMALS) if planned else ABSENT
        rows.append(line(*pair, "、".join(shared) or "无", number(cosine, _DECIMALS), later))
    return rows


def _projects(survey: Survey, say: Wording) -> Sheet:
    """表13: every project that the report names."""
    unsaid, names = say.note("projects_unsaid"), survey.categories
    rows = [
        line(row["project"], row["place"], names[row["category"]], Cell(row["status"]), f"“{row['word']}”")
        for row in survey.lists["projects"]
    ]
    columns = (text("项目"), text("所在新城"), text("类别"), text("状态"), text("依据的原文"))
    return sheet(13, "报告点名的项目", "", columns, rows, (unsaid, say.note("projects_category")), say, is_quoted=True)
