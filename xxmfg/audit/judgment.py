"""One claim by itself: what its other figures make of the printed one, the verdict, and what would mend it."""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from xxmfg.audit.contraction import Contraction
from xxmfg.audit.evaluation import Fault, evaluate
from xxmfg.audit.grammar import OF_A_LIST, Call, Name, Number
from xxmfg.audit.intervals import FREE, Interval, add, intersection, negate, point, whole
from xxmfg.audit.numerals import printed_range
from xxmfg.audit.system import build

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxmfg.audit.claims import Claim
    from xxmfg.audit.figures import Figure, Precision

__all__ = ["Case", "Finding", "Reading", "can_be", "judge", "repairs"]

MOST_REPAIRS = 6  # that are written out


class Reading(NamedTuple):
    """How figures and claims are read."""

    precision: Precision
    from_printed: bool = False
    comparable: bool = False


class Case(NamedTuple):
    """The figures, their intervals under the reading, and the reading."""

    figures: Mapping[str, Figure]
    intervals: Mapping[str, Interval]
    reading: Reading


class Finding(NamedTuple):
    """What one claim says by itself."""

    claim: Claim
    verdict: str
    stated: Fraction | None = None  # the printed number that the others are held against
    stated_by: str = ""  # its figure
    computed: Interval = FREE  # what the others make of it
    why: str = ""  # "habit" or "soft" for a query, "overlap" for classes, "comparable" for what is left open
    ends: tuple[Interval, ...] = ()  # gaps, overlaps, and shared bounds of classes


def judge(claim: Claim, case: Case) -> Finding:
    """Give the verdict on a claim by itself, or raise `AuditError` where it cannot be computed."""
    if claim.tree.classes:
        from xxmfg.audit.tiers import judge_classes

        return judge_classes(claim, case)
    try:
        sides = [evaluate(side, case.intervals, case.figures) for side in claim.tree.sides]
    except Fault as fault:
        raise claim.fault(fault.offset, str(fault)) from None
    if claim.unknowns:
        return _inferred(claim, case)
    place = _stated_place(claim)
    finding = _compared(claim, case, sides, place)
    if case.reading.comparable and any(case.figures[name].is_growth for name in claim.figures):
        return finding._replace(verdict="undetermined", why="comparable")
    if case.reading.from_printed and place is not None and is_derived(claim, case):
        sides = [evaluate(side, _printed(finding, case), case.figures) for side in claim.tree.sides]
        finding = _compared(claim, case, sides, place)
    elif all(map(_surely, claim.tree.comparisons, sides, sides[1:])):
        return finding._replace(verdict="certain")
    holds = all(map(_perhaps, claim.tree.comparisons, sides, sides[1:])) and can_be(claim, case)
    return finding if holds else _doubted(finding, case)


def _compared(claim: Claim, case: Case, sides: list[Interval], place: int | None) -> Finding:
    """Give the printed number of a claim, and what the other sides make of it."""
    listed = [side.arguments[0] for side in claim.tree.sides if isinstance(side, Call) and side.function in OF_A_LIST]
    if len(listed) == 2 and isinstance(listed[0], Name) and listed[0]._replace(at=0) == listed[1]._replace(at=0):
        items = case.figures[listed[0].id].items  # whether names of a list are all different: further ones mend nothing
        return Finding(claim, "compatible", Fraction(len(items)), "", point(Fraction(len(set(items)))))
    stated, stated_by = _stated(claim, case, place)
    is_whole = bool(stated_by) and case.figures[stated_by].is_whole
    return Finding(claim, "compatible", stated, stated_by, _computed(claim, sides, place, is_whole=is_whole))


def can_be(claim: Claim, case: Case) -> bool:
    """Tell whether contraction leaves every figure of a claim something."""
    return Contraction(build([claim], case.figures, case.intervals)).conflict is None


def is_derived(claim: Claim, case: Case) -> bool:
    """Tell whether a claim multiplies or divides figures, as shares and rates do, rather than adding them up."""
    return bool(build([claim], case.figures, case.intervals).products)


def _doubted(finding: Finding, case: Case) -> Finding:
    """Let a claim that does not hold fail, unless it is a habit or rests on a figure that is only about right."""
    if finding.claim.tree.is_habit:
        return finding._replace(verdict="query", why="habit")
    hard = {name: interval for name, interval in case.intervals.items() if not case.figures[name].is_soft}
    if can_be(finding.claim, case._replace(intervals=hard)):
        return finding._replace(verdict="query", why="soft")
    return finding._replace(verdict="fails")


def _printed(finding: Finding, case: Case) -> dict[str, Interval]:
    """Give the printed digits themselves for all figures of a claim but the stated one."""
    exact = dict(case.intervals)
    for name in finding.claim.figures:
        value = case.figures[name].value
        if name != finding.stated_by and value is not None and exact[name].holds(value):
            exact[name] = point(value)
    return exact


# ---- the sides ----


def _stated_place(claim: Claim) -> int | None:
    """Give the side that is held against the others: the last figure, or number, that stands by itself."""
    sides = claim.tree.sides
    alone = [i for i, side in enumerate(sides) if isinstance(side, Name) and side.id in claim.figures]
    alone = alone or [i for i, side in enumerate(sides) if isinstance(side, Number)]
    if len(sides) > 2 and len(alone) != 1:
        return None
    return alone[-1] if alone else None


def _stated(claim: Claim, case: Case, place: int | None) -> tuple[Fraction | None, str]:
    if place is None:
        return None, ""
    side = claim.tree.sides[place]
    if isinstance(side, Number):
        return side.value, ""
    return (case.figures[side.id].value, side.id) if isinstance(side, Name) else (None, "")


def _computed(claim: Claim, sides: list[Interval], place: int | None, *, is_whole: bool) -> Interval:
    """Give what the other sides make of the stated one; of two sides an inequality shows the other one itself."""
    if place is None:
        return sides[0] if len(sides) == 2 else FREE
    if len(sides) == 2:
        return sides[1 - place]
    allowed = FREE
    for i, comparison in enumerate(claim.tree.comparisons):
        if place in {i, i + 1}:
            other = sides[i + 1] if place == i else sides[i]
            allowed = intersection(allowed, _allowed(comparison, other, is_left=place == i))
        elif comparison == "=" and set(claim.tree.comparisons) == {"="}:
            allowed = intersection(allowed, sides[i + 1] if i + 1 != place else sides[i])
    return whole(allowed) if is_whole else allowed


def _allowed(comparison: str, other: Interval, *, is_left: bool) -> Interval:
    """Give what a side can be that stands in a comparison with another."""
    if comparison == "=":
        return other
    is_below = comparison.startswith("<") == is_left
    is_strict = len(comparison) == 1
    if is_below:
        return Interval(-inf, other.high, True, is_strict or other.high_open)
    return Interval(other.low, inf, is_strict or other.low_open, True)


def _surely(comparison: str, left: Interval, right: Interval) -> bool:
    """Tell whether a comparison holds for all numbers of both sides."""
    if comparison == "=":
        return left.is_point and left == right
    lower, higher = (left, right) if comparison.startswith("<") else (right, left)
    gap = add(higher, negate(lower))
    return gap.low > 0 or (gap.low == 0 and (len(comparison) == 2 or gap.low_open))


def _perhaps(comparison: str, left: Interval, right: Interval) -> bool:
    """Tell whether a comparison holds for some numbers of both sides."""
    if comparison == "=":
        return not intersection(left, right).is_empty
    lower, higher = (left, right) if comparison.startswith("<") else (right, left)
    gap = add(higher, negate(lower))
    return gap.high > 0 or (gap.high == 0 and not gap.high_open and len(comparison) == 2)


# ---- unknowns, and what a figure would have to be ----


def _inferred(claim: Claim, case: Case) -> Finding:
    """Infer unknowns from one claim; where there is but one, its interval is what was computed."""
    stated, stated_by = _stated(claim, case, _stated_place(claim))
    system = build([claim], case.figures, case.intervals)
    contraction = Contraction(system)
    if contraction.conflict is not None:
        return _doubted(Finding(claim, "fails", stated, stated_by), case)
    found = [contraction.intervals[system.named(name)] for name in claim.unknowns]
    is_found = all(interval.low != -inf or interval.high != inf for interval in found)
    computed = found[0] if len(found) == 1 else FREE
    return Finding(claim, "inferred" if is_found else "undetermined", stated, stated_by, computed)


def repairs(finding: Finding, case: Case) -> list[tuple[str, str]]:
    """Give (figure, digits): what each figure, the stated one first, would have to be by itself for a claim to hold."""
    claim = finding.claim
    if not finding.stated_by and finding.computed.is_point and claim.figures and case.figures[claim.figures[0]].items:
        return [(claim.figures[0], str(finding.computed.low))]
    order = sorted(claim.figures, key=lambda name: name != finding.stated_by)
    found: list[tuple[str, str]] = []
    for name in order:
        figure = case.figures[name]
        if figure.value is None or len(found) == MOST_REPAIRS:
            continue
        system = build([claim], case.figures, {other: i for other, i in case.intervals.items() if other != name})
        contraction = Contraction(system)
        variable = system.known_name(name)
        if contraction.conflict is None and variable is not None:
            digits = printed_range(figure, contraction.intervals[variable], case.reading.precision)
            found += [(name, digits)] if digits is not None else []
    return found
