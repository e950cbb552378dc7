"""Classes of `covers`: what lies in none of them, in two of them, or on a bound that two of them have."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from xxmfg.audit.grammar import Name, Number
from xxmfg.audit.intervals import Interval, intersection
from xxmfg.audit.judgment import Finding

if TYPE_CHECKING:
    from fractions import Fraction

    from xxmfg.audit.claims import Claim
    from xxmfg.audit.grammar import Node
    from xxmfg.audit.judgment import Case

__all__ = ["judge_classes"]


def judge_classes(claim: Claim, case: Case) -> Finding:
    """Look for gaps and overlaps between classes in the order of their lower ends."""
    classes = []
    for bounds in claim.tree.classes:
        low, low_open = _end(bounds.low, claim, case, "low")
        high, high_open = _end(bounds.high, claim, case, "high")
        interval = Interval(low, high, low_open, high_open)
        if interval.is_empty:
            raise claim.fault(bounds.at, "the class is empty: its lower end is above the upper one")
        classes.append(interval)
    classes.sort(key=lambda interval: (interval.low, interval.low_open, interval.high))
    gaps: list[Interval] = []
    overlaps: list[Interval] = []
    shared: list[Interval] = []
    reach = classes[0]
    for after in classes[1:]:
        common = intersection(reach, after)
        if reach.high < after.low or (reach.high == after.low and reach.high_open and after.low_open):
            gaps.append(Interval(reach.high, after.low, not reach.high_open, not after.low_open))
        elif not common.is_empty:
            (shared if common.is_point else overlaps).append(common)
        if (after.high, not after.high_open) > (reach.high, not reach.high_open):
            reach = after
    ends, why = (gaps, "gap") if gaps else (overlaps, "overlap") if overlaps else (shared, "shared")
    verdict = "gap" if gaps or overlaps else "compatible" if shared else "certain"
    ends = [*ends, *(shared if gaps or overlaps else ())]
    hole = ends[0] if gaps or overlaps else Interval(-inf, inf, True, True)
    return Finding(claim, verdict, computed=hole, why=why, ends=tuple(ends))


def _end(node: Node | None, claim: Claim, case: Case, side: str) -> tuple[Fraction | float, bool]:
    """Give the end of a class, and whether it is left out: 突破 and 不足 leave it out, 以上 and 以下 include it."""
    if node is None:
        return (-inf if side == "low" else inf), True
    if isinstance(node, Number):
        return node.value, False
    value = case.figures[node.id].value if isinstance(node, Name) and node.id in case.figures else None
    if not isinstance(node, Name) or value is None:
        raise claim.fault(node.at, "the end of a class must be a figure with a value, or a number")
    return value, case.figures[node.id].qualifier == ("above" if side == "low" else "below")
