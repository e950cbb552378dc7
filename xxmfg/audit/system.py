"""Claims as a system: linear rows and products of two variables, which contraction and the solver both read.

A figure, an unknown, and each part of an expression that is multiplied or divided is a variable. Rows that only say
what such a part is belong to no claim: they always hold. A quotient x / y is the variable q with q y = x.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from xxmfg.audit.claims import names_in
from xxmfg.audit.evaluation import evaluate
from xxmfg.audit.grammar import Call, Name, Number, Sum
from xxmfg.audit.intervals import FREE, ZERO, Interval, point

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxmfg.audit.claims import Claim
    from xxmfg.audit.figures import Figure
    from xxmfg.audit.grammar import Node

__all__ = ["DEFINITION", "Affine", "Line", "System", "build"]

DEFINITION = ""  # the claim of a row that only says what a variable is

Affine = tuple[dict[int, Fraction], Fraction]  # coefficients by variable, and the constant


class Line(NamedTuple):
    """Sum of coefficient × variable, plus the constant, is zero, or at most zero, or below it."""

    coefficients: dict[int, Fraction]
    constant: Fraction
    comparison: str  # "=", "<=" or "<"
    claim: str


class System:
    """Variables with their intervals, lines, and products (w, x, y) that say w = x y."""

    def __init__(self, figures: Mapping[str, Figure], intervals: Mapping[str, Interval]) -> None:
        self.figures = figures
        self.printed = intervals
        self.intervals: list[Interval] = []
        self.is_whole: list[bool] = []
        self.names: list[str] = []  # "" for a part of an expression
        self.lines: list[Line] = []
        self.products: list[tuple[int, int, int]] = []
        self.supports: dict[int, tuple[str, ...]] = {}  # the names on which the first interval of a variable rests
        self._of_name: dict[str, int] = {}
        self._of_parts: dict[object, int] = {}

    def variable(self, name: str = "", interval: Interval = FREE, *, is_whole: bool = False) -> int:
        """Add a variable."""
        self.names.append(name)
        self.intervals.append(interval)
        self.is_whole.append(is_whole)
        return len(self.names) - 1

    def named(self, name: str) -> int:
        """Give the variable of a figure or an unknown; a figure whose interval is not given is an unknown."""
        if name not in self._of_name:
            is_whole = name in self.printed and self.figures[name].is_whole
            self._of_name[name] = self.variable(name, self.printed.get(name, FREE), is_whole=is_whole)
        return self._of_name[name]

    def known_name(self, name: str) -> int | None:
        """Give the variable of a name that occurs, else None."""
        return self._of_name.get(name)

    def add(self, claim: Claim) -> None:
        """Add what a claim says of its sides; what one comparison says of neighbors."""
        sides = [self.affine(side) for side in claim.tree.sides]
        for comparison, left, right in zip(claim.tree.comparisons, sides, sides[1:], strict=False):
            if comparison in {">", ">="}:
                difference, sign = _sum(((1, right), (-1, left))), comparison.replace(">", "<")
            else:
                difference, sign = _sum(((1, left), (-1, right))), comparison
            self.lines.append(Line(*difference, sign, claim.id))

    def difference(self, claim: Claim) -> Affine:
        """Give the first side less the second."""
        left, right = (self.affine(side) for side in claim.tree.sides[:2])
        return _sum(((1, left), (-1, right)))

    def affine(self, node: Node) -> Affine:
        """Give an expression as a linear form of variables; products and quotients become variables."""
        if isinstance(node, Number):
            return {}, node.value
        if isinstance(node, Name):
            return {self.named(node.id): Fraction(1)}, ZERO
        if isinstance(node, Sum):
            return _sum((sign, self.affine(part)) for sign, part in node.terms)
        if isinstance(node, Call):
            return self._called(node)
        value: Affine = ({}, Fraction(1))
        for exponent, part in node.factors:
            value = self._times(value, self.affine(part), exponent)
        return value

    def _called(self, node: Call) -> Affine:
        if node.function == "sum":
            return _sum((1, self.affine(part)) for part in node.arguments)
        if node.function == "rank":
            key = ("rank", node.at, node.arguments)
            if key not in self._of_parts:
                interval = evaluate(node, self.printed, self.figures)
                self._of_parts[key] = rank = self.variable("", interval, is_whole=True)
                self.supports[rank] = tuple(name for part in node.arguments for name in names_in(part))
            return {self._of_parts[key]: Fraction(1)}, ZERO
        (name,) = (argument.id for argument in node.arguments if isinstance(argument, Name))
        distinct = {self._list_part(name, "distinct"): Fraction(1)}
        return distinct | ({self._list_part(name, "repeats"): Fraction(1)} if node.function == "count" else {}), ZERO

    def _list_part(self, name: str, part: str) -> int:
        """Give the variable of the different names of a list, or of its repetitions: more may come after 等."""
        if (part, name) not in self._of_parts:
            figure = self.figures[name]
            different = len(set(figure.items))
            number = Fraction(different if part == "distinct" else len(figure.items) - different)
            interval = Interval(number, inf, False, True) if figure.goes_on else point(number)
            self._of_parts[part, name] = self.variable("", interval, is_whole=True)
        return self._of_parts[part, name]

    def _times(self, a: Affine, b: Affine, exponent: int) -> Affine:
        if not b[0] and (exponent > 0 or b[1]):
            return _scaled(a, b[1] if exponent > 0 else 1 / b[1])
        if not a[0] and exponent > 0:
            return _scaled(b, a[1])
        (c, x), (d, y) = self._single(a), self._single(b)
        if exponent > 0:
            key: object = ("*", *sorted((x, y)))
            if key not in self._of_parts:
                self._of_parts[key] = w = self.variable()
                self.products.append((w, min(x, y), max(x, y)))
            return {self._of_parts[key]: c * d}, ZERO
        key = ("/", x, y)
        if key not in self._of_parts:
            self._of_parts[key] = q = self.variable()
            self.products.append((x, q, y))
        return {self._of_parts[key]: c / d}, ZERO

    def _single(self, form: Affine) -> tuple[Fraction, int]:
        """Give a linear form as a multiple of one variable, which may be a new one."""
        coefficients, number = form
        if len(coefficients) == 1 and not number:
            ((variable, factor),) = coefficients.items()
            return factor, variable
        key = (tuple(sorted(coefficients.items())), number)
        if key not in self._of_parts:
            self._of_parts[key] = part = self.variable()
            self.lines.append(Line({**coefficients, part: Fraction(-1)}, number, "=", DEFINITION))
        return Fraction(1), self._of_parts[key]


def build(claims: Iterable[Claim], figures: Mapping[str, Figure], intervals: Mapping[str, Interval]) -> System:
    """Give the system of some claims, in which the figures that have an interval are bound by what is printed."""
    system = System(figures, intervals)
    for claim in claims:
        system.add(claim)
    return system


def _sum(terms: Iterable[tuple[int, Affine]]) -> Affine:
    coefficients: dict[int, Fraction] = {}
    number = ZERO
    for sign, (parts, constant) in terms:
        number += sign * constant
        for variable, coefficient in parts.items():
            coefficients[variable] = coefficients.get(variable, ZERO) + sign * coefficient
    return {variable: coefficient for variable, coefficient in coefficients.items() if coefficient}, number


def _scaled(a: Affine, factor: Fraction) -> Affine:
    return {variable: factor * coefficient for variable, coefficient in a[0].items() if factor}, factor * a[1]
