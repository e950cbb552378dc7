"""Contraction: what lines and products leave of each variable's interval, until nothing changes any more.

Every step is exact, so that an interval that comes out empty is a proof that the claims and the printed figures
contradict each other; the steps that led there say which of them took part.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from xxmfg.audit.intervals import (
    FREE,
    NOTHING,
    ZERO,
    Interval,
    divide,
    intersection,
    multiply,
    negate,
    shortened,
    whole,
)
from xxmfg.audit.system import DEFINITION, Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxmfg.audit.system import System

__all__ = ["Contraction", "Support"]

ROUNDS = 40  # times that one line or product is looked at
WORTHWHILE = Fraction(1, 1000)  # the part of an interval that must go for its neighbors to be looked at again


class Support(NamedTuple):
    """The printed figures and the claims that something rests on."""

    figures: frozenset[str]
    claims: frozenset[str]


class _Step(NamedTuple):
    """A variable's interval became smaller by a constraint, which saw the steps before it."""

    variable: int
    constraint: int


class Contraction:
    """The intervals of a system's variables after contraction; `conflict` is None or what an empty one rests on."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.intervals = [
            whole(interval) if is_whole else interval
            for interval, is_whole in zip(system.intervals, system.is_whole, strict=True)
        ]
        self.conflict: Support | None = None
        self._steps: list[_Step] = []
        self._steps_of: list[list[int]] = [[] for _ in system.names]
        self._constraints: list[Line | tuple[int, int, int]] = [*system.lines, *system.products]
        self._touching: list[list[int]] = [[] for _ in system.names]
        for number in range(len(self._constraints)):
            for variable in set(self._variables(number)):
                self._touching[variable].append(number)
        self._run()

    def _variables(self, number: int) -> tuple[int, ...]:
        constraint = self._constraints[number]
        return tuple(constraint.coefficients) if isinstance(constraint, Line) else constraint

    def _run(self) -> None:
        empty = next((i for i, interval in enumerate(self.intervals) if interval.is_empty), None)
        if empty is not None:
            self.conflict = self.support_of([empty])
            return
        waiting = deque(range(len(self._constraints)))
        is_waiting = [True] * len(self._constraints)
        looked_at = [0] * len(self._constraints)
        while waiting:
            number = waiting.popleft()
            is_waiting[number] = False
            looked_at[number] += 1
            for variable, narrowed in self._narrowed(number):
                before = self.intervals[variable]
                is_worthwhile = self._narrow(variable, narrowed, number)
                if self.conflict is not None:
                    break
                if is_worthwhile and self.intervals[variable] != before:
                    for other in self._touching[variable]:
                        if not is_waiting[other] and other != number and looked_at[other] < ROUNDS:
                            is_waiting[other] = True
                            waiting.append(other)
            if self.conflict is not None:
                return

    def _narrow(self, variable: int, found: Interval, number: int) -> bool:
        """Take a smaller interval, and tell whether it is smaller by enough to look at the neighbors again."""
        before = self.intervals[variable]
        after = intersection(before, shortened(found))
        if self.system.is_whole[variable]:
            after = whole(after)
        if after == before:
            return False
        self._steps.append(_Step(variable, number))
        self._steps_of[variable].append(len(self._steps) - 1)
        self.intervals[variable] = after
        if after.is_empty:
            self.conflict = self.support_of([variable])
            return False
        if before.low == -inf or before.high == inf or after.is_point:
            return True
        if after[2:] != before[2:]:
            return True
        return after.high - after.low <= (before.high - before.low) * (1 - WORTHWHILE)

    # ---- what one constraint says ----

    def _narrowed(self, number: int) -> Iterator[tuple[int, Interval]]:
        constraint = self._constraints[number]
        return self._by_line(constraint) if isinstance(constraint, Line) else self._by_product(*constraint)

    def _by_line(self, line: Line) -> Iterator[tuple[int, Interval]]:
        """Give each variable's interval by the sum of the others.

        Sums of all low and all high ends are made once; an infinite or open end is counted, so that it can be left out.
        """
        terms = [(v, c, _times(self.intervals[v], c)) for v, c in line.coefficients.items()]
        low = sum((t.low for _, _, t in terms if t.low != -inf), line.constant)
        high = sum((t.high for _, _, t in terms if t.high != inf), line.constant)
        infinite_low, infinite_high = sum(t.low == -inf for *_, t in terms), sum(t.high == inf for *_, t in terms)
        open_low, open_high = sum(t.low_open for *_, t in terms), sum(t.high_open for *_, t in terms)
        if not terms:
            yield from self._constant(line)
        for variable, coefficient, term in terms:
            # sum of the others + term = 0 (or ≤ 0): term ≤ −low(others); for "=" also term ≥ −high(others)
            most: float | Fraction = inf
            if not infinite_low - (term.low == -inf):
                most = -(low - (term.low if term.low != -inf else 0))
            most_open = open_low - term.low_open > 0 or line.comparison == "<" or most == inf
            least: float | Fraction = -inf
            if line.comparison == "=" and not infinite_high - (term.high == inf):
                least = -(high - (term.high if term.high != inf else 0))
            least_open = open_high - term.high_open > 0 or least == -inf
            yield variable, _times(Interval(least, most, least_open, most_open), 1 / coefficient)

    def _constant(self, line: Line) -> Iterator[tuple[int, Interval]]:
        """Find the contradiction of a line that has no variables."""
        number = line.constant
        holds = {"=": number == 0, "<=": number <= 0, "<": number < 0}[line.comparison]
        if not holds:
            self.conflict = Support(frozenset(), frozenset({line.claim}))
        return iter(())

    def _by_product(self, w: int, x: int, y: int) -> Iterator[tuple[int, Interval]]:
        if x == y:
            yield w, intersection(multiply(self.intervals[x], self.intervals[x]), Interval(ZERO, inf, False, True))
        else:
            yield w, multiply(self.intervals[x], self.intervals[y])
        yield x, _quotient(self.intervals[w], self.intervals[y])
        if x != y:
            yield y, _quotient(self.intervals[w], self.intervals[x])

    # ---- what a result rests on ----

    def support_of(self, variables: list[int]) -> Support:
        """Give the printed figures and the claims on which the intervals of some variables rest."""
        figures: set[str] = set()
        claims: set[str] = set()
        seen: set[tuple[int, int]] = set()
        waiting = [(variable, len(self._steps)) for variable in variables]
        while waiting:
            variable, time = waiting.pop()
            steps = self._steps_of[variable]
            number = bisect_left(steps, time) - 1
            if (variable, number) in seen:
                continue
            seen.add((variable, number))
            if number < 0:
                figures.update(self._printed(variable))
                continue
            step = self._steps[steps[number]]
            constraint = self._constraints[step.constraint]
            if isinstance(constraint, Line) and constraint.claim != DEFINITION:
                claims.add(constraint.claim)
            waiting.extend((other, steps[number]) for other in self._variables(step.constraint) if other != variable)
            waiting.append((variable, steps[number]))
        return Support(frozenset(figures), frozenset(claims))

    def _printed(self, variable: int) -> tuple[str, ...]:
        system = self.system
        support = system.supports.get(variable, ())
        name = system.names[variable]
        return tuple(figure for figure in (*support, name) if figure in system.printed)


def _times(a: Interval, factor: Fraction) -> Interval:
    """Give the interval of c x."""
    if factor < 0:
        return _times(negate(a), -factor)
    low = a.low if a.low == -inf else a.low * factor
    high = a.high if a.high == inf else a.high * factor
    return Interval(low, high, a.low_open, a.high_open)


def _quotient(w: Interval, y: Interval) -> Interval:
    """Give what x can be where x y = w; y may hold zero."""
    if not y.holds(ZERO):
        return divide(w, y)
    if w.holds(ZERO):
        return FREE
    if y.is_point:
        return NOTHING
    if y.high <= 0:
        return negate(_quotient(w, negate(y)))
    if y.low < 0:  # x may be of either sign, but not near zero; an interval cannot say that
        return FREE
    # 0 < y, as x y is not zero: x has the sign of w
    return divide(w, Interval(ZERO, y.high, True, y.high_open))
