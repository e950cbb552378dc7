"""表7 and 表8: artificial intelligence and trends; the cities of the index, in printed and in natural tiers."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...aggregate import ratio
from ...tiers import natural_breaks, tiers_of
from ..document import Wording
from ..press import Quantity
from ..sheets import Cell, Column, Note, Row, Sheet, number
from .figures import quoted_cell
from .sheet import inferred, line, sheet, text
from .survey import Survey

__all__ = ["CLASSES", "facts", "natural_tiers", "sheets"]

CLASSES = ("第一", "第二", "第三")
_LISTED = {"1": "F076", "2": "F077", "3": "F078"}  # the figures that list the cities of each tier
_CHIPS = ("芯片设计", "晶圆制造", "芯片封测")


def facts(survey: Survey) -> dict[str, Any]:
    """Give what the sentences and notes on trends and cities say."""
    figures, cities = survey.figures, survey.lists["cities"]
    sound, classes = natural_tiers(survey)
    world = ratio([float(figures["F069"].value)], [float(figures["F070"].value) / 100])["ratio"][0]
    listed = figures["F077"].items
    twice = sorted({city for city in listed if listed.count(city) > 1})
    placed = [(int(city["tier"]), classes[city["city"]]) for city in sound if city["tier"]]
    return {
        "ai_world": Quantity(float(world)),
        "trends": tuple(f"{row['item']}。" for row in survey.lists["cases"] if row["topic"] == "趋势"),
        "n_listed": len(listed),
        "n_distinct": len(set(listed)),
        "twice": "、".join(twice),
        "twice_places": "、".join(str(place) for place, city in enumerate(listed, 1) if city in twice),
        "n_cities_index": len(cities),
        "n_sound": len(sound),
        "misprints": "、".join(f"{city['city']} {city['score']}" for city in cities if city["doubt"]),
        "n_placed_cities": len(placed),
        "n_same": sum(tier == natural for tier, natural in placed),
        **{f"natural_{name}": _spread(sound, classes, place) for place, name in enumerate("abc", 1)},
        **{f"n_natural_{name}": list(classes.values()).count(place) for place, name in enumerate("abc", 1)},
    }


def natural_tiers(survey: Survey) -> tuple[list[Mapping[str, str]], dict[str, int]]:
    """Give the cities whose scores are sound, and the natural tier of each, 1 the highest."""
    sound = [city for city in survey.lists["cities"] if not city["doubt"]]
    scores = np.array([float(city["score"]) for city in sound])
    bounds = natural_breaks(scores, len(CLASSES))
    found = tiers_of(scores, bounds[:-1], closed="right").tolist()
    return sound, dict(zip((city["city"] for city in sound), found, strict=True))


def _spread(sound: list[Mapping[str, str]], classes: Mapping[str, int], place: int) -> str:
    scores = [city["score"] for city in sound if classes[city["city"]] == place]
    return f"{scores[-1]}—{scores[0]}"


def sheets(survey: Survey, say: Wording) -> tuple[Sheet, ...]:
    """Give 表7 and 表8."""
    return _trends(survey, say), _index(survey, say)


def _trends(survey: Survey, say: Wording) -> Sheet:
    """表7: the figures on artificial intelligence and robots, and the firms named along the chain of chips."""
    world, rows = say.note("ai_world"), list[Row]()
    for row in survey.lists["cases"]:
        if row["case"] == "全国" and row["figure"]:
            figure = survey.figures[row["figure"]]
            name = f"{row['topic']}：{row['item']}"
            rows.append(line(name, quoted_cell(figure), figure.unit, row["year"], "引自报告"))
    rows.append(line("人工智能：世界企业总数", inferred(say.facts["ai_world"], world), "家", "2018", "由比重反推"))
    for topic in _CHIPS:
        firms = [row["item"] for row in survey.lists["cases"] if row["topic"] == topic]
        rows.append(line(f"集成电路：{topic}（{'、'.join(firms)}）", number(len(firms), 0), "家", "", "报告列名数"))
    columns = (text("指标"), Column("数值"), text("单位"), text("年份"), text("得数方式"))
    notes = (world, say.note("ai_scopes"))
    return sheet(7, "人工智能、集成电路与发展趋势", "见表内", columns, rows, notes, say, is_quoted=True)


def _index(survey: Survey, say: Wording) -> Sheet:
    """表8: ranks and scores as printed, the report's tiers, and the classes that differ least within themselves."""
    twice, misprint = say.note("city_twice"), say.note("city_misprints")
    _, classes = natural_tiers(survey)
    rows = []
    for city in survey.lists["cities"]:
        doubted = (misprint,) if city["doubt"] else ()
        marks = (twice,) if city["city"] in say.facts["twice"].split("、") else ()
        natural = CLASSES[classes[city["city"]] - 1] if city["city"] in classes else ""
        score = Cell(city["score"], float(city["score"]), doubted)
        named = Cell(city["city"], None, marks, figures=(_LISTED[city["tier"]],) if city["tier"] else ())
        rows.append(line(city["rank"], named, score, CLASSES[int(city["tier"]) - 1] if city["tier"] else "", natural))
    columns = (Column("位次"), text("城市"), Column("得分"), text("报告梯队"), text("自然断点分组"))
    notes: tuple[Note, ...] = (twice, misprint, say.note("natural"), say.note("index_source"))
    return sheet(8, "赛迪先进制造业城市发展指数（2019）梯队", "分", columns, rows, notes, say, is_quoted=True)
