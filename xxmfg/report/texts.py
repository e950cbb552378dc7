"""The sentences between the tables, each number in them computed or quoted."""

from .findings import Findings
from .press import press
from .sheets import PERCENT, YI
from .survey import Survey

__all__ = ["on_branches", "on_layout", "on_leaders", "on_overview"]


def on_overview(survey: Survey, found: Findings) -> str:
    """Say what 表1 shows."""
    output = press(found.output, survey.figures["F012"].decimals, YI)
    rate = press(found.rate, survey.figures["F014"].decimals, PERCENT)
    return (
        f"{survey.year} 年，新区共有先进制造业企业 {found.enterprises} 户，分属 {found.industries} 个产业，完成产值 "
        f"{output} 亿元，约占新区工业总产值的 {survey.figures['F013'].text}%，同比增长 {rate}%。"
    )


def on_leaders(survey: Survey, found: Findings) -> str:
    """Say what 表2 shows."""
    first, last = found.leaders[0], found.leaders[-1]
    return (
        f"产值最大的 {len(found.leaders)} 户企业合计占全部产值的 {_percent(survey, last.cumulative_share)}%，"
        f"其中{first.name}一户占 {_percent(survey, first.share)}%。"
    )


def on_branches(survey: Survey, found: Findings) -> str:
    """Say what 表3 shows."""
    printed = {branch: figure.in_yi() for branch, figure in survey.branches.items()}
    listed = press(found.listed.output, max(figure.decimals for figure in printed.values()), YI)
    largest = max(printed, key=lambda branch: found.branches[branch].output)
    output = press(found.branches[largest].output, printed[largest].decimals, YI)
    return (
        f"报告给出产值的 {len(printed)} 项产业合计 {listed} 亿元，"
        f"占全部产值的 {_percent(survey, found.listed.share)}%；{largest}最大，为 {output} 亿元，"
        f"占 {_percent(survey, found.branches[largest].share)}%。"
    )


def on_layout(survey: Survey, found: Findings) -> str:
    """Say what 表4, 图1 and 图2 show."""
    largest = max(survey.cities, key=lambda city: found.cities[city].output)
    part, most = found.cities[largest], max(found.city_counts.values())
    output = press(part.output, survey.of_city(largest, "亿元").decimals, YI)
    share = press(part.share, survey.of_city(largest, "%").decimals, PERCENT)
    with_most = [city for city, count in found.city_counts.items() if count == most]
    counts = f"{'、'.join(with_most)}为多，{'各 ' if len(with_most) > 1 else ''}{most} 户"
    by_mean = sorted(survey.cities, key=lambda city: found.city_means[city])
    low, high = (press(found.city_means[city], survey.usual_decimals("亿元"), YI) for city in (by_mean[0], by_mean[-1]))
    return (
        f"产值集中在{largest}：{output} 亿元，占 {share}%。企业数以{counts}；户均产值{by_mean[-1]}最高（{high} 亿元），"
        f"{by_mean[0]}最低（{low} 亿元）。"
    )


def _percent(survey: Survey, share: float) -> str:
    return press(share, survey.usual_decimals("%"), PERCENT)
