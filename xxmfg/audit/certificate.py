"""Farkas certificates in rationals: rows that, added up with the right multipliers, cannot hold in the box.

A solver's multipliers are doubles; here they become fractions, are made to cancel exactly where a variable has no
bound, and the sum is evaluated exactly. Only then is an infeasibility called one (Farkas 1902).
"""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING

from xxmfg.audit.intervals import ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xxmfg.audit.intervals import Interval
    from xxmfg.audit.system import Line

__all__ = ["confirmed"]

NEGLIGIBLE = 1e-9  # of the largest multiplier
DENOMINATORS = (1, 100, 10**4, 10**7, 10**12)
MOST_ROWS = 400  # that are made to cancel exactly

Multipliers = dict[int, Fraction]


def confirmed(lines: Sequence[Line], found: Sequence[float], box: Sequence[Interval]) -> Multipliers | None:
    """Give multipliers that prove the lines infeasible within a box, near those that a solver found, or None.

    Parameters
    ----------
    lines : sequence of Line
        Each is zero, at most zero, or below it.
    found : sequence of float
        One multiplier a line; those of inequalities must not be negative.
    box : sequence of Interval
        The interval of each variable.
    """
    largest = max((abs(multiplier) for multiplier in found), default=0.0)
    kept = {i: m / largest for i, m in enumerate(found) if largest and abs(m) > NEGLIGIBLE * largest}
    kept = {i: m for i, m in kept.items() if m > 0 or lines[i].comparison == "="}
    for denominator in DENOMINATORS:
        exact = {i: Fraction(m).limit_denominator(denominator) for i, m in kept.items()}
        exact = _cancelled(lines, {i: m for i, m in exact.items() if m}, box)
        if exact and _contradicts(lines, exact, box):
            return exact
    return None


def combination(lines: Sequence[Line], multipliers: Multipliers) -> tuple[dict[int, Fraction], Fraction]:
    """Add up lines with their multipliers."""
    coefficients: dict[int, Fraction] = {}
    constant = ZERO
    for i, multiplier in multipliers.items():
        constant += multiplier * lines[i].constant
        for variable, coefficient in lines[i].coefficients.items():
            coefficients[variable] = coefficients.get(variable, ZERO) + multiplier * coefficient
    return {variable: coefficient for variable, coefficient in coefficients.items() if coefficient}, constant


def _contradicts(lines: Sequence[Line], multipliers: Multipliers, box: Sequence[Interval]) -> bool:
    """Tell whether the sum, which is at most zero, is above zero everywhere in the box."""
    if any(multiplier < 0 and lines[i].comparison != "=" for i, multiplier in multipliers.items()):
        return False
    coefficients, least = combination(lines, multipliers)
    is_strict = any(lines[i].comparison == "<" for i in multipliers)
    for variable, coefficient in coefficients.items():
        interval = box[variable]
        end, is_open = (interval.low, interval.low_open) if coefficient > 0 else (interval.high, interval.high_open)
        if not isinstance(end, Fraction):
            return False
        least += coefficient * end
        is_strict = is_strict or is_open
    return least > 0 or (least == 0 and is_strict)


def _cancelled(lines: Sequence[Line], multipliers: Multipliers, box: Sequence[Interval]) -> Multipliers:
    """Change multipliers so that variables without the bound that the sum needs drop out of it exactly."""
    coefficients, _ = combination(lines, multipliers)
    unbound = [v for v, c in coefficients.items() if (box[v].low == -inf if c > 0 else box[v].high == inf)]
    if not unbound or len(multipliers) > MOST_ROWS:
        return multipliers
    # Also those that cancel already must stay so.
    loose = sorted({v for i in multipliers for v in lines[i].coefficients if -box[v].low == inf or box[v].high == inf})
    kept = [v for v in loose if v in unbound or v not in coefficients]
    equations = [{i: lines[i].coefficients[v] for i in multipliers if v in lines[i].coefficients} for v in kept]
    changed = dict(multipliers)
    for pivot, others in _eliminated(equations, multipliers):
        changed[pivot] = -sum((factor * changed[i] for i, factor in others.items()), ZERO)
    return {i: multiplier for i, multiplier in changed.items() if multiplier}


def _eliminated(
    equations: list[dict[int, Fraction]], multipliers: Multipliers
) -> list[tuple[int, dict[int, Fraction]]]:
    """Solve homogeneous equations for the largest multipliers they hold, each in terms of those that stay free."""
    solved: list[tuple[int, dict[int, Fraction]]] = []
    for equation in equations:
        rest = dict(equation)
        for pivot, others in solved:
            factor = rest.pop(pivot, ZERO)
            for i, coefficient in others.items():
                rest[i] = rest.get(i, ZERO) - factor * coefficient
        rest = {i: coefficient for i, coefficient in rest.items() if coefficient}
        if not rest:
            continue
        pivot = max(rest, key=lambda i: (abs(multipliers[i]), -i))
        scale = rest.pop(pivot)
        row = {i: coefficient / scale for i, coefficient in rest.items()}
        solved = [(earlier, _substituted(others, pivot, row)) for earlier, others in solved]
        solved.append((pivot, row))
    return solved


def _substituted(others: dict[int, Fraction], pivot: int, row: dict[int, Fraction]) -> dict[int, Fraction]:
    factor = others.get(pivot, ZERO)
    if not factor:
        return others
    changed = {i: coefficient for i, coefficient in others.items() if i != pivot}
    for i, coefficient in row.items():
        changed[i] = changed.get(i, ZERO) - factor * coefficient
    return {i: coefficient for i, coefficient in changed.items() if coefficient}
