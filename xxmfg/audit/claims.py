"""Relations as claims about figures: read, every name known, the units of their sides alike."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from xxmfg.audit import units
from xxmfg.audit.grammar import OF_A_LIST, Call, Name, Number, Product, Relation, Sum, SyntaxFault, parse
from xxmfg.audit.units import ANY, Measure, UnitFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxmfg.audit.figures import Figure
    from xxmfg.audit.grammar import Node
    from xxmfg.audit.rows import Row, Rows
    from xxmfg.errors import AuditError

Shape = tuple[str, str, int]  # what stands before and after the digits of an id, and how many they are

__all__ = ["Claim", "constant", "names_in", "natural", "read_claims"]

_NUMBERED = re.compile(r"(\D+)(\d+)(\D*)")
_DIGITS = re.compile(r"(\d+)")


class Claim(NamedTuple):
    """A relation with the names that it uses, in their order."""

    id: str
    text: str
    tree: Relation
    figures: tuple[str, ...]
    unknowns: tuple[str, ...]
    row: Row

    def fault(self, offset: int, message: str) -> AuditError:
        """Give the error that names a place in the relation."""
        return self.row.fault("relation", message, offset)


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """Give a key that sorts R2 before R10."""
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in _DIGITS.split(name) if part)


def read_claims(rows: Rows, figures: Mapping[str, Figure]) -> list[Claim]:
    """Give the relations in the order of their ids, or raise `AuditError` with file, line and column.

    A row without a relation is a remark and is left out.
    """
    for name in ("id", "relation"):
        rows.require(name)
    numbered: set[Shape] = {(match[1], match[3], len(match[2])) for match in map(_NUMBERED.fullmatch, figures) if match}
    claims: dict[str, Claim] = {}
    for row in rows:
        if row.text("relation"):
            claim = _claim(row, figures, numbered)
            if claim.id in claims:
                first = rows.place(claims[claim.id].row.number)
                raise row.fault("id", f"id {claim.id!r} is already that of {first}: give every relation its own")
            claims[claim.id] = claim
    ordered = sorted(claims.values(), key=lambda claim: natural(claim.id))
    _check_units(ordered, figures)
    return ordered


def _claim(row: Row, figures: Mapping[str, Figure], numbered: set[Shape]) -> Claim:
    name = row.text("id").removesuffix("?").strip()
    if not name:
        raise row.fault("id", "a relation needs an id")
    try:
        tree = parse(row.text("relation"))
    except SyntaxFault as fault:
        raise row.fault("relation", str(fault), fault.offset) from None
    if row.text("id").endswith("?"):
        tree = tree._replace(is_habit=True)
    used: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for node, is_list in _names(tree):
        if node.id in figures:
            if figures[node.id].kind == "label":
                raise row.fault("relation", f"{node.id} is a label, no quantity", node.at)
            if is_list and not figures[node.id].items:
                raise row.fault("relation", f"figure {node.id} has no items to count", node.at)
            used[node.id] = None
        elif is_list or _looks_like_a_figure(node.id, numbered):
            raise row.fault("relation", _no_figure(node.id, figures), node.at)
        else:
            unknown[node.id] = None
    return Claim(name, row.text("relation").lstrip("? ").strip(), tree, tuple(used), tuple(unknown), row)


def _looks_like_a_figure(name: str, numbered: set[Shape]) -> bool:
    """Tell whether a name has the letters and as many digits as the figures have: it is one misspelled, no unknown."""
    match = _NUMBERED.fullmatch(name)
    return match is not None and (match[1], match[3], len(match[2])) in numbered


def _no_figure(name: str, figures: Mapping[str, Figure]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, figures, n=1, cutoff=0.0)
    return f"there is no figure {name}" + (f"; the nearest is {near[0]}" if near else "")


def _names(tree: Relation) -> Iterator[tuple[Name, bool]]:
    """Give each name of a relation, and whether the items of its figure are meant."""
    nodes: list[tuple[Node | None, bool]] = [(side, False) for side in tree.sides]
    nodes += [(end, False) for bounds in tree.classes for end in (bounds.low, bounds.high)]
    while nodes:
        node, is_list = nodes.pop(0)
        if isinstance(node, Name):
            yield node, is_list
        elif isinstance(node, Call):
            nodes = [(part, node.function in OF_A_LIST) for part in node.arguments] + nodes
        elif isinstance(node, Sum):
            nodes = [(part, False) for _, part in node.terms] + nodes
        elif isinstance(node, Product):
            nodes = [(part, False) for _, part in node.factors] + nodes


def names_in(node: Node) -> list[str]:
    """Give the names in an expression."""
    return [name.id for name, _ in _names(Relation(False, (node,), (), (), ()))]


def constant(node: Node) -> Fraction | None:
    """Give the value of an expression without names, None where it has one or divides by zero."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Sum):
        parts = [(sign, constant(part)) for sign, part in node.terms]
        return None if any(part is None for _, part in parts) else sum((s * p for s, p in parts if p), Fraction(0))
    if isinstance(node, Product):
        value = Fraction(1)
        for exponent, part in node.factors:
            factor = constant(part)
            if factor is None or (exponent < 0 and factor == 0):
                return None
            value = value * factor if exponent > 0 else value / factor
        return value
    return None


# ---- units ----


def _check_units(claims: list[Claim], figures: Mapping[str, Figure]) -> None:
    """Raise where sides of a relation count in different units; an unknown counts in what it is said to equal."""
    known = {name: Measure(figure.unit.dimensions, frozenset({figure.unit.scale})) for name, figure in figures.items()}
    while True:
        found = len(known)
        for claim in claims:
            checker = _Checker(claim, known)
            for side in claim.tree.sides:
                if isinstance(side, Name) and side.id in claim.unknowns and side.id not in known:
                    measure = checker.of_relation()
                    if measure.dimensions is not None:
                        known[side.id] = measure
        if len(known) == found:
            break
    for claim in claims:
        _Checker(claim, known).of_relation()


class _Checker:
    """Finds what the expressions of one relation are measured in."""

    def __init__(self, claim: Claim, known: Mapping[str, Measure]) -> None:
        self.claim = claim
        self.known = known

    def of_relation(self) -> Measure:
        tree = self.claim.tree
        sides = [*tree.sides, *(end for bounds in tree.classes for end in (bounds.low, bounds.high) if end)]
        measure = ANY
        for i, side in enumerate(sides):
            at = tree.places[i - 1] if tree.places and i else side.at
            measure = self.same(measure, self.of(side), at)
        return measure

    def same(self, a: Measure, b: Measure, at: int) -> Measure:
        try:
            return units.combined(a, b)
        except UnitFault as fault:
            raise self.claim.fault(at, f"units that do not match: {fault}; convert one of them") from None

    def of(self, node: Node) -> Measure:
        if isinstance(node, Name):
            return self.known.get(node.id, ANY)
        if isinstance(node, Sum):
            measure = ANY
            for _, part in node.terms:
                measure = self.same(measure, self.of(part), part.at)
            return measure
        if isinstance(node, Product):
            return self.of_product(node)
        if isinstance(node, Call):
            measure = ANY
            for part in node.arguments:
                measure = self.same(measure, self.of(part), part.at)
            return measure if node.function == "sum" else Measure((), frozenset({Fraction(1)}))
        return ANY

    def of_product(self, node: Product) -> Measure:
        """Multiply measures; constants, taken together at the end, may convert."""
        measure, factor = Measure((), frozenset({Fraction(1)})), Fraction(1)
        is_constant = True
        for exponent, part in node.factors:
            number = constant(part)
            if number is None:
                measure, is_constant = units.product(measure, self.of(part), exponent), False
            elif number:
                factor = factor * number if exponent > 0 else factor / number
        return ANY if is_constant else units.scaled(measure, factor)
