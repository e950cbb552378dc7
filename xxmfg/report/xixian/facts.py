"""The facts that fill the survey's sentences: each a computed number, a printed figure or a list of names."""

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from ..press import Quantity, decimals_for, press
from ..sheets import PERCENT
from .figures import YI
from .findings import Findings
from .notes import misplaced
from .survey import BALANCE, UNASSIGNED, Survey

__all__ = ["facts_of"]

_LARGE = 100_000.0  # 万元: 10 亿元


def facts_of(survey: Survey, found: Findings) -> dict[str, Any]:
    """Give every fact by its name; figures of the report by their ids."""
    facts: dict[str, Any] = {**survey.figures, "year": survey.year, "before": survey.year - 1}
    facts |= {"balance": BALANCE, "unassigned": UNASSIGNED}
    for part in (_overview, _leaders, _branches, _layout):
        facts |= part(survey, found)
    return facts


def _yi(survey: Survey) -> Callable[[float], Quantity]:
    """Give what prints money as the report does, in 亿元 with two decimals."""
    return lambda value: Quantity(value, survey.usual_decimals("亿元"), YI)


def _percent(survey: Survey) -> Callable[[float], Quantity]:
    return lambda value: Quantity(value, survey.usual_decimals("%"), PERCENT)


def _overview(survey: Survey, found: Findings) -> dict[str, Any]:
    figures = survey.figures
    share, rate = figures["F013"], figures["F014"]
    printed = _printed_categories(survey, found)
    return {
        "enterprises": found.enterprises,
        "establishments": found.establishments,
        "industries": found.industries,
        "places": found.city_places,
        "count_gap": abs(found.city_places - found.enterprises),
        "n_cities": len(survey.cities),
        "n_named": len(survey.leaders),
        "n_industries": len(figures["F011"].items),
        "n_given": len(printed),
        "not_given": "、".join(name for name in figures["F011"].items if name not in printed),
        "output": Quantity(found.output, figures["F012"].decimals, YI),
        "total": _yi(survey)(found.output),
        "rate": Quantity(found.rate, rate.decimals, PERCENT),
        "gross": Quantity(found.gross, decimals_for(found.gross, share.significant, YI), YI),
        "base": Quantity(found.base, decimals_for(found.base, rate.significant, YI), YI),
        "left": _yi(survey)(found.unassigned.output),
        "in_cities": _yi(survey)(found.in_cities.output),
    }


def _leaders(survey: Survey, found: Findings) -> dict[str, Any]:
    moved = misplaced(survey, found)
    printed = [figure for name, figure in survey.leaders.items()]
    descending = sorted((survey.leaders[name] for name in moved), key=lambda figure: figure.value, reverse=True)
    swapped = (f"{name}为 {figure.text} 亿元" for name, figure in zip(moved, descending, strict=True))
    first, last = found.leaders[0], found.leaders[-1]
    return {
        "leader_names": "、".join(survey.leaders),
        "leader_outputs": "、".join(figure.text for figure in printed),
        "swapped": "，".join(swapped),
        "n_leaders": len(found.leaders),
        "first": first.name,
        "first_share": _percent(survey)(first.share),
        "n_large": sum(leader.output >= _LARGE for leader in found.leaders),
        "leaders_share": _percent(survey)(last.cumulative_share),
    }


def _branches(survey: Survey, found: Findings) -> dict[str, Any]:
    printed = {branch: figure.in_yi() for branch, figure in survey.branches.items()}
    decimals = max(figure.decimals for figure in printed.values())
    largest = max(printed, key=lambda branch: found.branches[branch].output)
    lows, highs = zip(*(figure.span_in_yi() for figure in survey.branches.values()), strict=True)
    least, most = survey.figures["F012"].span_in_yi()
    unit = Decimal(1).scaleb(-survey.usual_decimals("亿元"))
    low, high = (least - sum(highs)).quantize(unit, ROUND_FLOOR), (most - sum(lows)).quantize(unit, ROUND_CEILING)
    return {
        "n_branches": len(printed),
        "listed": Quantity(found.listed.output, decimals, YI),
        "listed_share": _percent(survey)(found.listed.share),
        "largest_branch": largest,
        "largest_branch_output": Quantity(found.branches[largest].output, printed[largest].decimals, YI),
        "largest_branch_share": _percent(survey)(found.branches[largest].share),
        "rest": Quantity(found.rest.output, decimals, YI),
        "rest_low": str(low).replace("-", "−"),
        "rest_high": str(high).replace("-", "−"),
    }


def _layout(survey: Survey, found: Findings) -> dict[str, Any]:
    largest = max(survey.cities, key=lambda city: found.cities[city].output)
    most = max(found.city_counts.values())
    with_most = [city for city, count in found.city_counts.items() if count == most]
    by_mean = sorted(survey.cities, key=lambda city: found.city_means[city])
    money = _yi(survey)
    return {
        "largest_city": largest,
        "largest_city_output": Quantity(found.cities[largest].output, survey.of_city(largest, "亿元").decimals, YI),
        "largest_city_share": Quantity(found.cities[largest].share, survey.of_city(largest, "%").decimals, PERCENT),
        "most_cities": "、".join(with_most),
        "most_each": "各 " if len(with_most) > 1 else "",
        "most_count": most,
        "mean": money(found.mean),
        "highest_mean_city": by_mean[-1],
        "highest_mean": money(found.city_means[by_mean[-1]]),
        "lowest_mean_city": by_mean[0],
        "lowest_mean": money(found.city_means[by_mean[0]]),
        "unusual": _unusual(survey, found),
    }


def _unusual(survey: Survey, found: Findings) -> str:
    """List what the report prints for a city with fewer decimals than for the others."""
    said = []
    for city in survey.cities:
        part = found.cities[city]
        for name, unit, value, power in (("产值", "亿元", part.output, YI), ("占比", "%", part.share, PERCENT)):
            figure, usual = survey.of_city(city, unit), survey.usual_decimals(unit)
            if figure.decimals < usual:
                said.append(f"{city}{name} {figure.quoted}（{usual} 位小数为 {press(value, usual, power)}）")
    return "、".join(said)


def _printed_categories(survey: Survey, found: Findings) -> set[str]:
    """Give the categories that have a branch whose output the report prints."""
    return {survey.categories[found.branch_categories[branch]] for branch in survey.branches}
