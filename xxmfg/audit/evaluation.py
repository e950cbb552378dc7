"""What an expression can be, once each of its names is an interval: interval arithmetic in exact rationals."""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING

from xxmfg.audit.grammar import Call, Name, Number, Product, Sum
from xxmfg.audit.intervals import FREE, ZERO, Interval, add, divide, multiply, negate, point

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxmfg.audit.figures import Figure
    from xxmfg.audit.grammar import Node

__all__ = ["Fault", "evaluate", "listed"]

LARGEST = Fraction(10) ** 300


class Fault(Exception):  # noqa: N818 -- the audit turns it into an AuditError that knows the file
    """What cannot be computed, at an offset of the relation's text."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset


def listed(figure: Figure, *, distinct: bool) -> Interval:
    """Give how many names a figure's list has; at least so many where the text goes on with 等."""
    number = Fraction(len(set(figure.items)) if distinct else len(figure.items))
    return Interval(number, inf, False, True) if figure.goes_on else point(number)


def evaluate(node: Node, intervals: Mapping[str, Interval], figures: Mapping[str, Figure]) -> Interval:
    """Give the interval of an expression; a name without an interval can be anything.

    Raises
    ------
    Fault
        Where figures are divided by what may be zero, or a number grows beyond 1e300.
    """
    if isinstance(node, Number):
        return point(node.value)
    if isinstance(node, Name):
        return intervals.get(node.id, FREE)
    if isinstance(node, Sum):
        total = point(ZERO)
        for sign, part in node.terms:
            term = evaluate(part, intervals, figures)
            total = add(total, term if sign > 0 else negate(term))
        return _bounded(total, node.at)
    if isinstance(node, Call):
        return _called(node, intervals, figures)
    return _product(node, intervals, figures)


def _product(node: Product, intervals: Mapping[str, Interval], figures: Mapping[str, Figure]) -> Interval:
    value = point(Fraction(1))
    for exponent, part in node.factors:
        factor = evaluate(part, intervals, figures)
        if exponent > 0:
            value = multiply(value, factor)
        elif not factor.holds(ZERO):
            value = divide(value, factor)
        elif factor == FREE or _has_unknown(part, intervals):
            value = FREE
        else:
            shown = f"which may be zero ({_short(factor.low)} to {_short(factor.high)})"
            raise Fault(part.at, f"divides by {part.id if isinstance(part, Name) else 'what stands here'}, {shown}")
    return _bounded(value, node.at)


def _called(node: Call, intervals: Mapping[str, Interval], figures: Mapping[str, Figure]) -> Interval:
    if node.function in {"count", "distinct"} and isinstance(node.arguments[0], Name):
        return listed(figures[node.arguments[0].id], distinct=node.function == "distinct")
    parts = [evaluate(part, intervals, figures) for part in node.arguments]
    if node.function == "rank":
        first, others = parts[0], parts[1:]
        surely = sum(_is_above(other, first) for other in others)
        perhaps = sum(other.high > first.low for other in others)
        return Interval(Fraction(1 + surely), Fraction(1 + perhaps))
    total = point(ZERO)
    for part in parts:
        total = add(total, part)
    return _bounded(total, node.at)


def _is_above(a: Interval, b: Interval) -> bool:
    """Tell whether every number of one interval is greater than every number of another."""
    return a.low > b.high or (a.low == b.high and (a.low_open or b.high_open))


def _has_unknown(node: Node, intervals: Mapping[str, Interval]) -> bool:
    from xxmfg.audit.claims import names_in

    return any(name not in intervals for name in names_in(node))


def _bounded(value: Interval, at: int) -> Interval:
    for end in (value.low, value.high):
        if isinstance(end, Fraction) and abs(end) > LARGEST:
            raise Fault(at, "overflows: a number beyond 1e300")
    return value


def _short(end: Fraction | float) -> str:
    return f"{float(end):.6g}"
