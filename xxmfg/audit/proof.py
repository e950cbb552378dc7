"""Whether claims and printed figures contradict each other: contraction, linear programs, integers by branching."""

from __future__ import annotations

from fractions import Fraction
from math import floor, inf
from typing import TYPE_CHECKING

from xxmfg.audit.contraction import Contraction, Support
from xxmfg.audit.intervals import Interval
from xxmfg.audit.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xxmfg.audit.system import System

__all__ = ["refute"]

BRANCHES = 200  # nodes of the search for a proof over integers


def refute(system: System) -> Support | None:
    """Give what a proof of contradiction rests on, None where none was found.

    A proof is exact: an interval that came out empty, a Farkas certificate in fractions, or one of these for each
    branch of an integer. None is no proof that all can be true: products are relaxed.
    """
    return _Search().refuted(system)


class _Search:
    def __init__(self) -> None:
        self.left = BRANCHES

    def refuted(self, system: System) -> Support | None:
        contraction = Contraction(system)
        if contraction.conflict is not None:
            return contraction.conflict
        if _is_forest(system, contraction):
            return None
        program = Program(system, contraction)
        found = program.refuted()
        if found is not None or program.is_whole_feasible() is not False:
            return found
        return self._branch(system, contraction)

    def _branch(self, system: System, contraction: Contraction) -> Support | None:
        """Split the shortest range of an integer in two; both halves must be refuted."""
        loose = [i for i, is_whole in enumerate(system.is_whole) if is_whole and not contraction.intervals[i].is_point]
        chosen = min(loose, key=lambda i: (contraction.intervals[i].high - contraction.intervals[i].low, i))
        interval = contraction.intervals[chosen]
        if self.left < 2 or interval.high - interval.low == inf:
            return None
        middle = floor((interval.low + interval.high) / 2)
        halves = (Interval(interval.low, Fraction(middle)), Interval(Fraction(middle + 1), interval.high))
        before = system.intervals[chosen]
        figures, claims = contraction.support_of([chosen])
        for half in halves:
            self.left -= 1
            system.intervals[chosen] = half
            found = self.refuted(system)
            system.intervals[chosen] = before
            if found is None:
                return None
            figures, claims = figures | found.figures, claims | found.claims
        return Support(figures, claims)


def _is_forest(system: System, contraction: Contraction) -> bool:
    """Tell whether no two ways lead from a constraint to another: then contraction has left nothing to find."""
    leader: dict[int, int] = {}

    def root(node: int) -> int:
        while leader.setdefault(node, node) != node:
            leader[node] = node = leader[leader[node]]
        return node

    constraints: list[Iterable[int]] = [*(line.coefficients for line in system.lines), *system.products]
    for number, variables in enumerate(constraints):
        for variable in variables:
            if contraction.intervals[variable].is_point:
                continue
            here, there = root(-1 - number), root(variable)
            if here == there:
                return False
            leader[here] = there
    return True
