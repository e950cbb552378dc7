"""From figures and relations to the three tables of an audit."""

from __future__ import annotations

from fractions import Fraction
from math import inf, nan
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg._arrays import TEXT
from xxmfg.audit import AuditResult, readings, sentences
from xxmfg.audit.claims import natural, read_claims
from xxmfg.audit.conflicts import components, find_conflicts
from xxmfg.audit.contraction import Contraction
from xxmfg.audit.figures import interval_of, read_figures
from xxmfg.audit.intervals import FREE, NOTHING, Interval, hull, intersection
from xxmfg.audit.judgment import Case, is_derived, judge, repairs
from xxmfg.audit.numerals import as_double, printed_range
from xxmfg.audit.program import Program
from xxmfg.audit.rows import figure_rows, relation_rows
from xxmfg.audit.system import build
from xxmfg.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xxmfg.audit.claims import Claim
    from xxmfg.audit.conflicts import Conflict
    from xxmfg.audit.judgment import Finding, Reading
    from xxmfg.audit.system import Affine, System

__all__ = ["audited"]

DOUBTED = ("fails", "query")
SLACK = 1e-9  # relative, by which the solver's ends are moved outward
LINES_TIMES_UNKNOWNS = 200_000  # of a component, up to which its unknowns are narrowed by the solver


def audited(figures: Any, relations: Any, reading: Reading) -> AuditResult:
    """Audit figures under one reading."""
    known = read_figures(figure_rows(figures))
    claims = read_claims(relation_rows(relations), known)
    used = {name for claim in claims for name in claim.figures}
    intervals = {name: interval_of(figure, reading.precision) for name, figure in known.items() if name in used}
    case = Case(known, intervals, reading)
    findings = [judge(claim, case) for claim in claims]
    joint = [finding.claim for finding in findings if _is_joint(finding, case)]
    conflicts = _conflicts(joint, case)
    alone = {conflict.claims[0].id: kind for conflict, kind in conflicts if len(conflict.claims) == 1}
    findings = [
        finding._replace(verdict=alone[finding.claim.id], why="joint") if finding.claim.id in alone else finding
        for finding in findings
    ]
    together = [(conflict, kind) for conflict, kind in conflicts if len(conflict.claims) > 1]
    return AuditResult(
        _relations(findings, case), _conflict_table(together, case), _unknowns(joint, claims, conflicts, case)
    )


def _is_joint(finding: Finding, case: Case) -> bool:
    """Tell whether a claim takes part where all are held together."""
    if finding.verdict not in {"certain", "compatible", "inferred", "undetermined"} or finding.claim.tree.classes:
        return False
    if finding.why == "comparable" or (
        case.reading.comparable and any(case.figures[name].is_growth for name in finding.claim.figures)
    ):
        return False
    return not (case.reading.from_printed and is_derived(finding.claim, case))


def _conflicts(claims: Sequence[Claim], case: Case) -> list[tuple[Conflict, str]]:
    """Find contradictions of what is firm, then those that rest on habits and approximate figures, with the verdict."""
    firm = {name: interval for name, interval in case.intervals.items() if not case.figures[name].is_soft}
    laws = [claim for claim in claims if not claim.tree.is_habit]
    found = [(conflict, "fails") for conflict in find_conflicts(laws, case.figures, firm)]
    if len(firm) == len(case.intervals) and len(laws) == len(claims):
        return found
    settled = {name for conflict, _ in found for name in conflict.figures}
    rest = {name: interval for name, interval in case.intervals.items() if name not in settled}
    bare = {claim.id for conflict, _ in found if not conflict.figures for claim in conflict.claims}
    left = [claim for claim in claims if claim.id not in bare]
    return found + [(conflict, "query") for conflict in find_conflicts(left, case.figures, rest)]


# ---- tables ----


def _relations(findings: Sequence[Finding], case: Case) -> Table:
    rows = []
    for finding in findings:
        needed = repairs(finding, case) if finding.verdict in DOUBTED and finding.why != "habit" else []
        others = readings.of_claim(finding, case) if finding.verdict in DOUBTED else []
        english, chinese = sentences.of_finding(finding, case, needed, others)
        stated = nan if finding.stated is None else float(finding.stated)
        low, high = _ends(finding.computed)
        text = "; ".join(f"{name}: {digits}" for name, digits in needed)
        claim = finding.claim
        rows.append((claim.id, claim.text, stated, low, high, finding.verdict, text or None, english, chinese))
    names = ("id", "relation", "stated", "low", "high", "verdict", "needed", "note", "note_zh")
    return _table(names, rows)


def _conflict_table(found: Sequence[tuple[Conflict, str]], case: Case) -> Table:
    rows: list[tuple[Any, ...]] = []
    notes: list[str] = []
    for number, (conflict, verdict) in enumerate(found, start=1):
        label = f"C{number}"
        for name in conflict.figures:
            held = _held(conflict, name, case)
            digits = printed_range(case.figures[name], held, case.reading.precision)
            said = sentences.of_member(name, case, held, digits)
            value = case.figures[name].value
            stated = nan if value is None else float(value)
            rows.append((label, name, "figure", verdict, stated, *_ends(held), digits, *said))
        for claim in conflict.claims:
            left = _difference(conflict, claim, case)
            rows.append((label, claim.id, "relation", verdict, nan, *_ends(left), None, *sentences.of_relation(left)))
        others = readings.of_conflict(conflict, case)
        notes += sentences.summary(label, len(conflict.figures), len(conflict.claims), others)
    names = ("conflict", "id", "kind", "verdict", "stated", "low", "high", "needed", "note", "note_zh")
    return _table(names, rows, "\n".join(notes))


def _ends(interval: Interval) -> tuple[float, float]:
    """Give the ends as doubles, NaN for an interval that says nothing."""
    return (nan, nan) if interval[:2] == FREE[:2] else (as_double(interval.low), as_double(interval.high))


def _table(names: Sequence[str], rows: Sequence[tuple[Any, ...]], note: str = "") -> Table:
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    numbers = {"stated", "low", "high"}
    return Table(
        {
            name: np.array(column, dtype=np.float64 if name in numbers else TEXT)
            for name, column in zip(names, columns, strict=True)
        },
        note=note,
    )


# ---- what the others leave of a member ----


def _held(conflict: Conflict, name: str, case: Case) -> Interval:
    """Give where a figure would lie if the other members were true."""
    others = {other: case.intervals[other] for other in conflict.figures if other != name}
    system = build(conflict.claims, case.figures, others)
    return _narrowed(system, {system.named(name): Fraction(1)}, system.named(name))


def _difference(conflict: Conflict, claim: Claim, case: Case) -> Interval:
    """Give what the sides of a claim would differ by if the other members were true."""
    if len(claim.tree.sides) != 2:
        return FREE
    own = {name: case.intervals[name] for name in conflict.figures}
    system = build([other for other in conflict.claims if other is not claim], case.figures, own)
    coefficients, constant = system.difference(claim)
    return _narrowed(system, coefficients, constant=constant)


def _narrowed(
    system: System, coefficients: dict[int, Fraction], variable: int | None = None, constant: Fraction = Fraction(0)
) -> Interval:
    """Give the range of a linear form: that of contraction for a variable, narrowed by the solver."""
    contraction = Contraction(system)
    if contraction.conflict is not None:
        return NOTHING
    interval = FREE if variable is None else contraction.intervals[variable]
    found = intersection(interval, _solved(Program(system, contraction), (coefficients, constant)))
    if found[:2] != FREE[:2]:
        return found
    # A product bounds nothing while a factor may be of either sign: take the signs one after the other.
    for factor in {part for product in system.products for part in product[1:]}:
        if system.intervals[factor][:2] == FREE[:2]:
            sides = []
            for half in (Interval(Fraction(0), inf, False, True), Interval(-inf, Fraction(0), True, False)):
                system.intervals[factor] = half
                sides.append(_narrowed(system, coefficients, variable, constant))
            return hull(*sides)
    return found


def _solved(program: Program, form: Affine) -> Interval:
    low, high = program.extent(form)
    slack = SLACK * max((abs(end) for end in (low, high) if abs(end) < inf), default=0.0)
    least = Fraction(low - slack) if abs(low) < inf else -inf
    most = Fraction(high + slack) if abs(high) < inf else inf
    return Interval(least, most, least == -inf, most == inf)


# ---- unknowns ----


def _unknowns(
    joint: Sequence[Claim], claims: Sequence[Claim], conflicts: Sequence[tuple[Conflict, str]], case: Case
) -> Table:
    """Infer the unknowns: from the claims that name them, and from all, where these do not contradict each other."""
    names = sorted({name for claim in claims for name in claim.unknowns}, key=natural)
    declared = [name for name, figure in case.figures.items() if figure.value is None and name in case.intervals]
    found = _by_own_claims(joint, [*names, *declared], case)
    doubted = {claim.id for conflict, _ in conflicts for claim in conflict.claims}
    for together in components(joint, case.intervals):
        if not any(claim.id in doubted for claim in together):
            _by_all_claims(together, found, case)
    listed = [*names, *sorted(declared, key=natural)]
    rows = [(name, as_double(found[name].low), as_double(found[name].high)) for name in listed]
    return _table(("name", "low", "high"), rows)


def _by_own_claims(joint: Sequence[Claim], names: Sequence[str], case: Case) -> dict[str, Interval]:
    naming: dict[str, list[Claim]] = {name: [] for name in names}
    for claim in joint:
        for name in (*claim.unknowns, *claim.figures):
            if name in naming:
                naming[name].append(claim)
    found = {}
    for name, own in naming.items():
        system = build(own, case.figures, case.intervals)
        contraction = Contraction(system)
        variable = system.named(name) if own else None
        found[name] = FREE if variable is None or contraction.conflict else contraction.intervals[variable]
    return found


def _by_all_claims(claims: Sequence[Claim], found: dict[str, Interval], case: Case) -> None:
    """Narrow the unknowns of claims that do not contradict each other."""
    system = build(claims, case.figures, case.intervals)
    contraction = Contraction(system)
    if contraction.conflict is not None:
        return
    own = [name for name in found if system.known_name(name) is not None]
    if len(claims) == 1:
        return
    program = Program(system, contraction) if len(own) * len(system.lines) <= LINES_TIMES_UNKNOWNS else None
    for name in own:
        variable = system.named(name)
        found[name] = intersection(found[name], contraction.intervals[variable])
        if program is not None and not contraction.intervals[variable].is_point:
            found[name] = intersection(found[name], _solved(program, ({variable: Fraction(1)}, Fraction(0))))
