"""Minimal sets of figures and claims that contradict each other: each member is needed for the contradiction."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xxmfg.audit.claims import natural
from xxmfg.audit.contraction import Support
from xxmfg.audit.proof import refute
from xxmfg.audit.system import build

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xxmfg.audit.claims import Claim
    from xxmfg.audit.figures import Figure
    from xxmfg.audit.intervals import Interval

Member = tuple[str, str]  # "claim" or "figure", and its id

__all__ = ["Conflict", "components", "find_conflicts"]

FEW = 80  # figures and claims of a system, up to which more than one set is looked for
MOST = 100  # conflicts of one component


class Conflict(NamedTuple):
    """Figures and claims that cannot all be true; without any one of them the others are not refuted."""

    figures: tuple[str, ...]
    claims: tuple[Claim, ...]


def components(claims: Sequence[Claim], bound: Mapping[str, Interval]) -> list[list[Claim]]:
    """Put claims together that share an unknown, or a figure that may be more than one number."""
    leader: dict[str, str] = {}

    def root(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for claim in claims:
        own = f" {claim.id}"
        leader[own] = own
        for name in (*claim.figures, *claim.unknowns):
            if name not in bound or not bound[name].is_point:
                leader.setdefault(name, name)
                leader[root(name)] = root(own)
    together: dict[str, list[Claim]] = {}
    for claim in claims:
        together.setdefault(root(f" {claim.id}"), []).append(claim)
    return list(together.values())


def find_conflicts(
    claims: Sequence[Claim], figures: Mapping[str, Figure], intervals: Mapping[str, Interval]
) -> list[Conflict]:
    """Find conflicts that have no figure in common, the claims in their order; one at most rests on claims alone."""
    found = []
    for together in components(claims, intervals):
        left, bound = list(together), dict(intervals)
        for _ in range(MOST):
            support = refute(build(left, figures, bound))
            if support is None:
                break
            conflict = _minimal(left, support, figures, bound)
            found.append(conflict)
            for name in conflict.figures:
                del bound[name]
            if not conflict.figures:
                left = [claim for claim in left if claim not in conflict.claims]
    return found


def _minimal(
    claims: Sequence[Claim], support: Support, figures: Mapping[str, Figure], intervals: Mapping[str, Interval]
) -> Conflict:
    """Leave out what is not needed; of the sets found, that of the fewest figures, then members, then first names."""

    def refuted(some: Sequence[Member]) -> Sequence[Member] | None:
        wanted = set(some)
        chosen = [claim for claim in claims if ("claim", claim.id) in wanted]
        found = refute(build(chosen, figures, {name: intervals[name] for kind, name in some if kind == "figure"}))
        return None if found is None else _members(found)

    sets = [_filtered(_members(support), refuted)]
    names = frozenset(name for claim in claims for name in claim.figures if name in intervals)
    named = _members(Support(names, frozenset()))
    claimed = [("claim", claim.id) for claim in claims]
    if len(named) + len(claimed) <= FEW:
        for order in (claimed, claimed[::-1]):
            needed = _filtered(order, lambda some: some if refuted([*some, *named]) else None)
            sets.append(_filtered([*needed, *named], refuted))
    best = min(sets, key=lambda kept: (sum(kind == "figure" for kind, _ in kept), len(kept), sorted(kept)))
    bound = sorted((name for kind, name in best if kind == "figure"), key=natural)
    return Conflict(tuple(bound), tuple(claim for claim in claims if ("claim", claim.id) in best))


def _members(support: Support) -> list[Member]:
    listed = [("claim", name) for name in sorted(support.claims, key=natural)]
    return listed + [("figure", name) for name in sorted(support.figures, key=natural)]


def _filtered(
    members: Sequence[Member], refuted: Callable[[Sequence[Member]], Sequence[Member] | None]
) -> list[Member]:
    """Leave out what the rest is refuted without, from the end: halves, quarters, at last one by one.

    `refuted` gives what a refutation of some members rests on, so that the others go at once.
    """
    kept = list(members)
    size = max(1, len(kept) // 2)
    while True:
        end = len(kept)
        while end > 0:
            begin = max(0, end - size)
            found = refuted(kept[:begin] + kept[end:])
            if found is not None:
                needed = set(found)
                before = [member for member in kept[:begin] if member in needed]
                kept = before + [member for member in kept[end:] if member in needed]
                begin = len(before)
            end = begin
        if size == 1:
            return kept
        size //= 2
