"""What the audit says of a claim or a conflict, in English and in Chinese, for readers who are no specialists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxmfg.audit.numerals import as_printed, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xxmfg.audit.intervals import Interval
    from xxmfg.audit.judgment import Case, Finding
    from xxmfg.audit.readings import Explanation

__all__ = ["VERDICTS", "of_finding", "of_member", "of_relation", "summary"]

Pair = tuple[str, str]  # English, Chinese

VERDICTS = {
    "certain": "必然成立",
    "compatible": "相容",
    "fails": "矛盾",
    "query": "存疑",
    "inferred": "推算",
    "gap": "缺口",
    "undetermined": "不能判定",
}


def of_finding(finding: Finding, case: Case, needed: Sequence[tuple[str, str]], others: Sequence[Explanation]) -> Pair:
    """Say what was found of one claim."""
    english, chinese = _SAID[finding.verdict](finding, case)
    if needed:
        said = [f"{name} {digits}" for name, digits in needed]
        english += f" If the other figures are right: {' or '.join(said)}."
        chinese += f"若其余各数无误，应为 {' 或 '.join(said)}。"
    for other in others:
        more = _explained(other)
        english, chinese = f"{english} {more[0]}", chinese + more[1]
    return english, chinese


def _name(name: str, case: Case) -> Pair:
    title = case.figures[name].title
    return (f"{name} ({title})", f"{name}（{title}）") if title else (name, name)


def _printed(finding: Finding, case: Case) -> str:
    if finding.stated_by:
        return as_printed(case.figures[finding.stated_by])
    return span(finding.stated, finding.stated) if finding.stated is not None else ""


def _computed(finding: Finding, case: Case) -> str:
    unit = case.figures[finding.stated_by].unit.text if finding.stated_by else ""
    return f"{span(finding.computed.low, finding.computed.high)}{unit if unit == '%' else f' {unit}' if unit else ''}"


def _certain(finding: Finding, case: Case) -> Pair:
    if finding.claim.tree.classes:
        return "The classes meet without gap or overlap.", "各档首尾相接，既无缺口也不重叠。"
    return "Holds for every value that is printed so.", "印出位数以内的任何取值都使它成立。"


def _compatible(finding: Finding, case: Case) -> Pair:
    if finding.claim.tree.classes:
        at = ", ".join(span(end.low, end.high) for end in finding.ends)
        return f"No gap, but two classes have the bound {at} in common.", f"无缺口，但相邻两档都含界点 {at}。"
    if finding.stated is None:
        return "Not refuted by what is printed.", "与印出的数字不矛盾。"
    printed, computed = _printed(finding, case), _computed(finding, case)
    return (
        f"Not refuted: the other figures make {computed}, printed is {printed}.",
        f"相容：由其余各数算得 {computed}，印出的是 {printed}，不矛盾。",
    )


def _fails(finding: Finding, case: Case) -> Pair:
    lists = _repeated(finding, case)
    if lists:
        return lists
    if finding.stated is None:
        return "Cannot hold: no values that are printed so satisfy it.", "不能成立：印出位数以内没有取值满足它。"
    printed, computed = _printed(finding, case), _computed(finding, case)
    name = _name(finding.stated_by, case) if finding.stated_by else ("the constant", "常数")
    is_whole = bool(finding.stated_by) and case.figures[finding.stated_by].is_whole
    if set(finding.claim.tree.comparisons) != {"="}:
        english = f"Cannot hold: {name[0]} is printed as {printed}, the other side is {computed}."
        return english, f"不能成立：{name[1]}印作 {printed}，另一边为 {computed}。"
    if is_whole:
        return (
            f"Cannot hold: the other figures make {computed}, {name[0]} is printed as {printed}; "
            "counts are not rounded, so rounding excuses nothing.",
            f"不能成立：由其余各数得 {computed}，{name[1]}印作 {printed}；计数没有舍入，不能用四舍五入解释。",
        )
    return (
        f"Cannot hold: the other figures make {computed}, {name[0]} is printed as {printed}; no rounding explains it.",
        f"不能成立：由其余各数应得 {computed}，{name[1]}印作 {printed}，四舍五入不能解释。",
    )


def _repeated(finding: Finding, case: Case) -> Pair | None:
    """Name what stands twice in the lists of a claim that compares the count of names with that of different ones."""
    twice = []
    for name in finding.claim.figures:
        items = case.figures[name].items
        if f"distinct({name})" in finding.claim.text.replace(" ", ""):
            for item in dict.fromkeys(item for item in items if items.count(item) > 1):
                places = [str(i) for i, other in enumerate(items, start=1) if other == item]
                twice.append((item, places))
    if not twice:
        return None
    english = "; ".join(f"{item} stands in places {' and '.join(places)}" for item, places in twice)
    chinese = "；".join(f"{item}列在第 {'、'.join(places)} 位" for item, places in twice)
    return f"Cannot hold: a name stands in the list more than once: {english}.", f"不能成立：名单有重复：{chinese}。"


def _query(finding: Finding, case: Case) -> Pair:
    if finding.why == "habit":
        order = ", ".join(as_printed(case.figures[name]) for name in finding.claim.figures)
        return (
            f"Not as such sentences are usually written ({order}); a habit is no law, so this is a question.",
            f"与通常的写法不符（{order}）；写法不是定律，故只存疑。",
        )
    english, chinese = _fails(finding, case)
    soft = "、".join(name for name in finding.claim.figures if case.figures[name].is_soft)
    return (
        f"{english} It rests on {soft}, printed as about so much: a question, no contradiction.",
        f"{chinese}所依据的 {soft} 带有“约”“余”等字样，故只存疑。",
    )


def _inferred(finding: Finding, case: Case) -> Pair:
    names = "、".join(finding.claim.unknowns)
    if len(finding.claim.unknowns) > 1:
        return f"{names} follow from it.", f"由此推算 {names}。"
    computed = span(finding.computed.low, finding.computed.high)
    return f"It follows that {names} is {computed}.", f"由此推算 {names} 为 {computed}。"


def _gap(finding: Finding, case: Case) -> Pair:
    hole = span(finding.computed.low, finding.computed.high)
    shared = ", ".join(span(end.low, end.high) for end in finding.ends if end.is_point and end != finding.computed)
    if finding.why == "overlap":
        english, chinese = f"What lies in {hole} is in two classes.", f"{hole} 同属两档。"
    else:
        english, chinese = f"What lies in {hole} is in no class.", f"{hole} 不属于任何一档。"
    if shared:
        english += f" The bound {shared} is in two classes."
        chinese += f"界点 {shared} 同属两档。"
    return english, chinese


def _undetermined(finding: Finding, case: Case) -> Pair:
    if finding.why == "comparable":
        return (
            f"Left open: the rate is read as at comparable prices; at current prices it is {_computed(finding, case)}.",
            f"不作判定：增速按可比价理解；按现价算得 {_computed(finding, case)}。",
        )
    names = "、".join(finding.claim.unknowns)
    return f"Says too little to infer {names}.", f"不足以推算 {names}。"


_SAID = {
    "certain": _certain,
    "compatible": _compatible,
    "fails": _fails,
    "query": _query,
    "inferred": _inferred,
    "gap": _gap,
    "undetermined": _undetermined,
}


def _explained(other: Explanation) -> Pair:
    names = "、".join(other.names)
    if other.reading == "denominator":
        was, instead = other.names
        return f"It would hold with {instead} in the place of {was}.", f"若以 {instead} 代替 {was} 作分母，则成立。"
    english, chinese = {
        "truncated": ("It would hold if digits were cut off, not rounded.", "若数字是截尾而非四舍五入，则成立。"),
        "comparable": (
            f"It need not hold if {names} is at comparable prices.",
            f"若 {names} 按可比价（同口径）计算，则不必成立。",
        ),
        "from_printed": (
            "It need not hold if shares and rates were computed from digits already rounded.",
            "若占比、增速由已经四舍五入的数字算出，则不必成立。",
        ),
        "sites": (
            "An enterprise with several sites counted at each, or another scope, would explain it.",
            "一户多处重复计入，或口径不同，可以解释。",
        ),
        "overlap": ("Parts that overlap, or another scope, would explain it.", "各部分交叉，或口径不同，可以解释。"),
        "scope": (
            "Something that belongs to no listed part, or another scope, would explain it.",
            "有未列出的部分，或口径不同，可以解释。",
        ),
    }[other.reading]
    return english, chinese


# ---- conflicts ----


def of_member(name: str, case: Case, held: Interval, digits: str | None) -> Pair:
    """Say what a figure of a conflict would have to be for the others to be true."""
    printed, would = as_printed(case.figures[name]), span(held.low, held.high)
    english = f"Printed as {printed}; with the others true it would lie in {would}"
    chinese = f"印作 {printed}；若其余各项成立，应在 {would} 之内"
    if digits:
        return f"{english}, and be printed as {digits}.", f"{chinese}，印作 {digits}。"
    return f"{english}.", f"{chinese}。"


def of_relation(difference: Interval) -> Pair:
    """Say what is left of a claim of a conflict when the others are true."""
    left = span(difference.low, difference.high)
    return (
        f"Without it the others can be true; its left side less its right side is then {left}.",
        f"去掉这一条，其余可以同时成立；此时其左边减右边为 {left}。",
    )


def summary(number: str, n_figures: int, n_claims: int, others: Sequence[Explanation]) -> Pair:
    """Say of a conflict how large it is, and what would explain it."""
    english = f"{number}: {n_figures} figures and {n_claims} relations cannot all be true."
    chinese = f"{number}：{n_figures} 个数字与 {n_claims} 条关系不能同时成立。"
    for other in others:
        more = _explained(other)
        english, chinese = f"{english} {more[0]}", chinese + more[1]
    return english, chinese
