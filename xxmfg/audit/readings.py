"""Other readings of what contradicts itself: tried one by one, named where they would explain it, never assumed."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from xxmfg.audit.claims import natural
from xxmfg.audit.evaluation import Fault, evaluate
from xxmfg.audit.figures import Precision, interval_of
from xxmfg.audit.grammar import Name, Product, Relation, Sum
from xxmfg.audit.intervals import add, negate
from xxmfg.audit.judgment import Reading, can_be, judge
from xxmfg.audit.proof import refute
from xxmfg.audit.system import build

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xxmfg.audit.claims import Claim
    from xxmfg.audit.conflicts import Conflict
    from xxmfg.audit.grammar import Node
    from xxmfg.audit.judgment import Case, Finding

__all__ = ["Explanation", "of_claim", "of_conflict"]

MOST_DENOMINATORS = 3
MOST_CANDIDATES = 300  # of its unit; among more, some always fit by chance


class Explanation(NamedTuple):
    """A reading that would explain a contradiction: truncated, from_printed, comparable, denominator, sites, scope."""

    reading: str
    names: tuple[str, ...] = ()


def of_claim(finding: Finding, case: Case) -> list[Explanation]:
    """Give the readings under which a claim by itself would hold."""
    claim = finding.claim
    if claim.tree.is_habit:
        return []
    found = []
    if not case.reading.precision.truncated and can_be(claim, _truncated(case, claim.figures)):
        found.append(Explanation("truncated"))
    growth = tuple(name for name in claim.figures if case.figures[name].is_growth)
    if growth:
        found.append(Explanation("comparable", growth))
    found += _denominators(claim, case)
    found += _scope(finding, case)
    return found


def of_conflict(conflict: Conflict, case: Case) -> list[Explanation]:
    """Give the readings under which the members of a conflict would not contradict each other."""
    found = []
    names = [name for claim in conflict.claims for name in claim.figures]
    hard = {name: case.intervals[name] for name in conflict.figures}
    if not case.reading.precision.truncated:
        cut = {name: _truncated(case, names).intervals[name] for name in conflict.figures}
        if refute(build(conflict.claims, case.figures, cut)) is None:
            found.append(Explanation("truncated"))
    growth = tuple(dict.fromkeys(name for name in names if case.figures[name].is_growth))
    if growth:
        rest = [claim for claim in conflict.claims if not set(growth) & set(claim.figures)]
        if refute(build(rest, case.figures, hard)) is None:
            found.append(Explanation("comparable", growth))
    if not case.reading.from_printed and _hold_as_printed(conflict, case):
        found.append(Explanation("from_printed"))
    return found


def _hold_as_printed(conflict: Conflict, case: Case) -> bool:
    """Tell whether shares and rates follow from the printed digits, and the rest is no contradiction then."""
    printed = case._replace(reading=Reading(case.reading.precision, from_printed=True))
    derived = [claim for claim in conflict.claims if build([claim], case.figures, case.intervals).products]
    if any(judge(claim, printed).verdict not in {"certain", "compatible"} for claim in derived):
        return False
    rest = [claim for claim in conflict.claims if claim not in derived]
    return bool(derived) and refute(build(rest, case.figures, case.intervals)) is None


def _truncated(case: Case, names: Iterable[str]) -> Case:
    cut = {name: interval_of(case.figures[name], Precision(truncated=True)) for name in names if name in case.figures}
    return case._replace(intervals={**case.intervals, **cut})


# ---- another denominator ----


def _denominators(claim: Claim, case: Case) -> list[Explanation]:
    """Name the figures that would make a share right if it were a share of them."""
    found: list[Explanation] = []
    for name in _divisors(claim.tree):
        unit = case.figures[name].unit
        like = [
            other
            for other, figure in case.figures.items()
            if (figure.unit.dimensions, figure.unit.scale) == (unit.dimensions, unit.scale)
            and other not in claim.figures
            and figure.value is not None
            and figure.kind != "threshold"
            and interval_of(figure, case.reading.precision).high < inf
        ]
        for other in sorted(like, key=natural) if len(like) <= MOST_CANDIDATES else ():
            if len(found) < MOST_DENOMINATORS and _holds_with(claim, name, other, case):
                found.append(Explanation("denominator", (name, other)))
    return found


def _holds_with(claim: Claim, name: str, other: str, case: Case) -> bool:
    """Tell whether a claim would hold if a figure stood in the place of another."""
    intervals = {**case.intervals, name: interval_of(case.figures[other], case.reading.precision)}
    if not intervals[name].low > 0:
        return False
    return can_be(claim, case._replace(intervals=intervals))


def _divisors(tree: Relation) -> list[str]:
    """Give the figures that stand by themselves under a division."""
    found: dict[str, None] = {}
    waiting: list[Node] = list(tree.sides)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, Product):
            found.update((part.id, None) for exponent, part in node.factors if exponent < 0 and isinstance(part, Name))
            waiting += [part for _, part in node.factors]
        elif isinstance(node, Sum):
            waiting += [part for _, part in node.terms]
    return list(found)


# ---- another scope ----


def _scope(finding: Finding, case: Case) -> list[Explanation]:
    """Of parts that do not add up to their whole: some counted twice, or some not listed."""
    claim = finding.claim
    parts = [side for side in claim.tree.sides if isinstance(side, Sum) and all(sign > 0 for sign, _ in side.terms)]
    if claim.tree.comparisons != ("=",) or len(parts) != 1 or not finding.stated_by:
        return []
    if not all(isinstance(part, Name) for _, part in parts[0].terms):
        return []
    try:
        excess = add(evaluate(parts[0], case.intervals, case.figures), negate(case.intervals[finding.stated_by]))
    except Fault:
        return []
    if excess.low > 0:
        return [Explanation("sites" if case.figures[finding.stated_by].is_whole else "overlap")]
    return [Explanation("scope")]
