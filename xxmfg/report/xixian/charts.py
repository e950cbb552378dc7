"""The survey's charts: which finding each draws, and what it says to those who cannot see it."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ... import charts as drawn
from ...audit import AuditResult
from ...audit.sentences import VERDICTS
from ...charts._bars import share_size
from ...charts._style import labels_of
from ...table import Table
from ...tiers import natural_breaks
from ..document import Chart, Wording
from ..press import press
from ..sheets import PERCENT
from .figures import YI
from .findings import Findings
from .nation import CLASSES, natural_tiers
from .standing import cosines, industries_of
from .survey import UNASSIGNED, Survey

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["charts"]

_QUOTED = "《西咸新区先进制造业调研报告》印出的数字。"


def charts(survey: Survey, found: Findings, say: Wording, audit: AuditResult) -> tuple[Chart, ...]:
    """Give the report's charts in their order."""
    return (
        enterprises_by_city(survey, found),
        output_by_city(survey, found),
        areas_by_tier(survey),
        cities_by_tier(survey),
        shares_of_shenzhen(survey, say),
        likeness(survey),
        projects(survey),
        leaders(survey, found),
        audited(survey, audit),
    )


def enterprises_by_city(survey: Survey, found: Findings) -> Chart:
    """图1: the enterprises of each new city."""
    cities, counts = list(found.city_counts), list(found.city_counts.values())
    table = Table({"city": cities, "count": counts}, units={"count": "户"})
    texts = [str(count) for count in counts]
    said, note = _said(cities, [f" {count} 户" for count in counts]), _note(survey)

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return drawn.bar(table, "city", "count", texts=texts, title=title, note=note, ax=ax)

    return Chart(
        1, "图1", "新城先进制造业企业数分布情况", f"柱形图：{said}。", draw, 4, note, figures=_of_cities(survey, "户")
    )


def output_by_city(survey: Survey, found: Findings) -> Chart:
    """图2: the share of each new city in the output, and the balance item's."""
    cities, shares = list(found.cities), [part.share for part in found.cities.values()]
    table = Table({"city": cities, "share": shares}, percent=["share"])
    usual = survey.usual_decimals("%")
    decimals = [survey.of_city(city, "%").decimals if city in survey.cities else usual for city in cities]
    texts = [f"{press(share, places, PERCENT)}%" for share, places in zip(shares, decimals, strict=True)]
    output = press(found.output, survey.figures["F012"].decimals, YI)
    whole = f"新区合计 {output} 亿元 = 100%"
    note = _note(survey)
    said = f"占比图，以新区合计 {output} 亿元为 100%：{_said(cities, [f' {text}' for text in texts])}。"

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return drawn.share(table, "city", texts=texts, whole=whole, title=title, note=note, ax=ax)

    return Chart(2, "图2", "新城先进制造业产值占比情况", said, draw, 4, note, figures=_of_cities(survey, "%"))


def areas_by_tier(survey: Survey) -> Chart:
    """图3: how many areas each tier has, by its bounds; the gap between two of them is a place without any."""
    figures = survey.figures
    low, high, top = figures["F046"].text, figures["F047"].text, figures["F044"].text
    names = [f"{low} 以下", f"{low}—{high}", f"{high}—{top}", f"{top} 以上"]
    counts = [float(figures[key].value) if key else 0.0 for key in ("F048", "F045", "", "F043")]
    texts = [f"{count:.0f}" if count else "无梯次" for count in counts]
    table = Table({"tier": names, "count": counts}, units={"count": "个；按经济总量，亿元"})

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return drawn.bar(table, "tier", "count", texts=texts, title=title, note=note, ax=ax)

    said = f"柱形图，按经济总量（亿元）：{_said(names, [f' {text}' for text in texts])}。"
    return Chart(3, "图3", "国家级新区的梯次", said, draw, 5, _QUOTED, figures=("F044", "F046", "F047"))


def cities_by_tier(survey: Survey) -> Chart:
    """图4: the scores of the cities in each of the report's tiers, and the natural breaks between them."""
    sound, _ = natural_tiers(survey)
    scores = np.array([float(city["score"]) for city in sound])
    bounds = [float(bound) for bound in natural_breaks(scores, len(CLASSES))[:-1]]
    names = [f"{CLASSES[int(city['tier']) - 1]}梯队" if city["tier"] else "未列名" for city in sound]
    order = [*(f"{name}梯队" for name in CLASSES), "未列名"]
    rows = sorted(range(len(names)), key=lambda row: order.index(names[row]))
    table = Table({"tier": [names[row] for row in rows], "score": scores[rows]}, units={"score": "得分"})
    texts = [f"{names.count(name)} 个" for name in order]

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return drawn.tiers(table, "tier", "score", bounds=bounds, texts=texts, title=title, note=note, ax=ax)

    marks = "、".join(f"{bound:g}" for bound in bounds)
    said = f"点图，每点一个城市的得分：{_said(order, [f' {text}' for text in texts])}；虚线为自然断点 {marks}。"
    return Chart(4, "图4", "城市指数得分与梯队", said, draw, 8, _QUOTED, figures=("F077",))


def shares_of_shenzhen(survey: Survey, say: Wording) -> Chart:
    """图5: industry, advanced manufacturing in it, electronics in that."""
    figures = [survey.figures[key] for key in ("F081", "F083", "F086")]
    names = ["规模以上工业", "先进制造业", "电子信息制造业"]
    table = Table({"part": names, "value": [float(figure.value) for figure in figures]})
    shares = ["", f"，占上级 {say.facts['advanced_share']}%", f"，占上级 {survey.figures['F087']}%"]
    texts = [f"{figure.text} 亿元{share}" for figure, share in zip(figures, shares, strict=True)]

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return drawn.nested(table, "part", "value", texts=texts, title=title, note=note, ax=ax)

    return Chart(
        5,
        "图5",
        "深圳增加值的嵌套占比（2018）",
        f"嵌套条形图：{_said(names, [f' {t}' for t in texts])}。",
        draw,
        9,
        _QUOTED,
        figures=("F081", "F083", "F086", "F087"),
    )


def likeness(survey: Survey) -> Chart:
    """图6: how alike the producing industries of each pair of cities are."""
    table = cosines(industries_of(survey, planned=False))
    pairs = {
        frozenset((one, other)): value
        for one, other, value in zip(*(table[n].tolist() for n in ("region_a", "region_b", "cosine")), strict=True)
    }
    cells = [(one, other) for one in survey.cities for other in survey.cities]
    values = [1.0 if one == other else pairs[frozenset((one, other))] for one, other in cells]
    short = {city: city.removesuffix("新城") for city in survey.cities}
    apart = [one != other for one, other in cells]
    texts = [press(value, 2) if differs else "" for value, differs in zip(values, apart, strict=True)]
    shown = [value if differs else np.nan for value, differs in zip(values, apart, strict=True)]
    one_, other_ = ([short[cell[place]] for cell in cells] for place in (0, 1))
    square = Table({"row": one_, "column": other_, "cosine": shown})

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return drawn.heat_map(square, "row", "column", "cosine", texts=texts, title=title, note=note, ax=ax)

    named = {frozenset(cell): text for cell, text in zip(cells, texts, strict=True) if text}
    said = "，".join(f"{'与'.join(sorted(pair, key=survey.cities.index))} {text}" for pair, text in named.items())
    return Chart(6, "图6", "新城产业的余弦相似度（形成产能）", f"热力图：{said}。", draw, 12, _QUOTED)


def projects(survey: Survey) -> Chart:
    """图7: the named projects by category and status."""
    counts = Counter((row["category"], row["status"]) for row in survey.lists["projects"])
    codes, statuses = sorted({code for code, _ in counts}), ["在建", "已签约", "未说明"]
    cells = [(code, status) for code in codes for status in statuses]
    table = Table({
        "category": [survey.categories[code].removesuffix("制造") for code, _ in cells],
        "status": [status for _, status in cells],
        "count": [float(counts[cell]) if counts[cell] else np.nan for cell in cells],
    })  # fmt: skip
    texts = [str(counts[cell]) for cell in cells]

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return drawn.heat_map(table, "category", "status", "count", texts=texts, title=title, note=note, ax=ax)

    filled = [cell for cell in cells if counts[cell]]
    said = "，".join(f"{survey.categories[code]}{status} {counts[code, status]} 个" for code, status in filled)
    return Chart(7, "图7", "点名项目的类别与状态", f"热力图：{said}。", draw, 13, _QUOTED)


def leaders(survey: Survey, found: Findings) -> Chart:
    """图8: the named enterprises in the whole output."""
    others = f"其余 {found.enterprises - len(found.leaders)} 户与{UNASSIGNED}"
    names = [*(leader.name for leader in found.leaders), others]
    shares = [*(leader.share for leader in found.leaders), 1 - found.leaders[-1].cumulative_share]
    texts = [f"{press(share, survey.usual_decimals('%'), PERCENT)}%" for share in shares]
    table = Table({"name": names, "share": shares}, percent=["share"])

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return drawn.share(table, "name", texts=texts, rest=others, title=title, note=note, ax=ax)

    said = f"占比图：{_said(names, [f' {text}' for text in texts])}。"
    size, figures = share_size(labels_of(table["name"])), ("F016", "F017", "F018")
    return Chart(8, "图8", "前三企业的产值占比", said, draw, 14, _note(survey), size, figures)


def audited(survey: Survey, audit: AuditResult) -> Chart:
    """图9: printed figures beside the intervals that the others leave them; those that contradict come first."""
    subjects = {row["id"]: row["subject"] for row in survey.lists["relations"]}
    found = {name: audit.relations[name].tolist() for name in ("id", "stated", "low", "high", "verdict")}
    rows = [
        row
        for verdict in ("fails", "compatible")
        for row, own in enumerate(found["verdict"])
        if own == verdict and np.isfinite([found[name][row] for name in ("stated", "low", "high")]).all()
    ]
    labels = [f"{found['id'][row]} {subjects[found['id'][row]].partition('(')[0]}" for row in rows]
    between = [_between(found["low"][row], found["high"][row]) for row in rows]
    texts = [
        f"{found['stated'][row]:g} / {ends} {VERDICTS[found['verdict'][row]]}"
        for row, ends in zip(rows, between, strict=True)
    ]
    table = Table({"label": labels, **{name: [found[name][row] for row in rows] for name in ("stated", "low", "high")}})

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return drawn.intervals(table, "label", "stated", "low", "high", texts=texts, title=title, note=note, ax=ax)

    said = f"区间图，点为印数，条为由其他数字算得的区间：{_said(labels, [f' {text}' for text in texts])}。"
    note = f"{_QUOTED}印数四舍五入，也有半个末位单位的宽窄：点在条外而相容的，由此。"
    size = (7.2, 1.2 + 0.5 * len(rows))
    return Chart(9, "图9", "印数与由其他数字算得的区间", said, draw, 15, note, size)


def _between(low: float, high: float) -> str:
    return f"{low:.6g}" if low == high else f"{low:.6g}—{high:.6g}"


def _note(survey: Survey) -> str:
    return f"{survey.year} 年。重构数据，非调查原始记录。"


def _of_cities(survey: Survey, unit: str) -> tuple[str, ...]:
    return tuple(survey.of_city(city, unit).id for city in survey.cities)


def _said(labels: Sequence[str], texts: Sequence[str]) -> str:
    return "，".join(f"{label}{text}" for label, text in zip(labels, texts, strict=True))
