"""Sums of suppressed cells over several lines: nobody who makes a cell sensitive may stand out in any of them.

What is known of suppressed cells are sums of them: published totals less published cells, and whatever follows from
several such lines together. A few contributors stand out in a sum where a rule would strike it as a cell, by their
parts in it. Sums are many, and no list of them is needed: by Farkas' lemma (1902) those few stand out in none that is
known just if every suppressed cell can at once differ from its value by what they stand out in it, or stay behind by
what they fall short: c (x_1 + … + x_n) - X with c = 1 / k for dominance, for instance. To a contributor its own cells
are known besides: they stand still.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg._rules import COUNT_PROTECTION, LARGEST_DOUBLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from xxmfg._frame import Frame

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Cell = tuple[int, ...]

JUST = 1e-6  # of a level: by so much more a part of just k is above it, where that is sensitive

__all__ = ["Rise", "is_needed", "least_of", "rises_of"]


class Rise(NamedTuple):
    """Cells that must be able to rise at once, by as much as a few contributors stand out in each by a rule."""

    rule: str
    group: tuple[int, ...]  # of p % and pq: the one to be guessed, then the one who guesses

    @property
    def kept(self) -> int:
        """Who need not be kept from such a sum, whatever it knows, since the sum would tell of it alone; else -1."""
        return self.group[0] if len(self.group) == 1 or self.rule in {"p_percent", "pq"} else -1


def rises_of(frame: Frame) -> list[Rise]:
    """Give the contributors who must not stand out together in any sum of cells of the table.

    Whoever stands out in a sum does so in one of its cells, which is sensitive then. Of dominance by one it is each who
    does; of dominance by several, p % and pq those of them who lead a cell, the same or another. Of the count it is all
    who contribute to a cell of fewer than the minimum, and two such groups that share some. One is left out if nobody
    in it contributes to another cell: what its own cell must be able to do says as much, if no other falls below zero.
    """
    inner = np.zeros(frame.totals.shape, dtype=np.bool_)
    inner[frame.inner] = True
    places = np.repeat(np.arange(frame.totals.size), np.diff(frame.starts))
    n_cells = np.bincount(frame.entities[inner.ravel()[places]])
    asked = defaultdict(set)  # of each contributor
    for cell in np.argwhere(inner & (frame.magnitudes > 0)).tolist():
        for rise in _leading(frame, tuple(cell)):
            for member in rise.group:
                asked[member].add(rise)
    found = {
        rise
        for cell in np.argwhere(frame.sensitive & inner & (frame.magnitudes > 0)).tolist()
        for rise in _standing_out(frame, tuple(cell), asked)
    }
    found = {rise for rise in found if frame.signed.any() or n_cells[list(rise.group)].max() > 1}
    return sorted(found | _united(found, frame.rules.min_count - 1))


def _leading(frame: Frame, cell: Cell) -> Iterator[Rise]:
    """Give those of whom it is asked whether they stand out together, for they lead a cell; of one, all in it."""
    rules, rows = frame.rules, frame.rows_of(cell)
    entities = frame.entities[rows][np.argsort(-frame.amounts[rows], kind="stable")].tolist()
    if rules.dominance:
        n = rules.dominance[0]
        for group in [(one,) for one in entities] if n == 1 else [sorted(entities[:n])]:
            yield Rise("dominance", tuple(group))
    for name, part in (("p_percent", rules.p_percent), ("pq", rules.pq)):
        if part is not None:
            yield Rise(name, tuple(entities[:2]))
            yield Rise(name, tuple(entities[1::-1]))


def _standing_out(frame: Frame, cell: Cell, asked: dict[int, set[Rise]]) -> Iterator[Rise]:
    """Give those who stand out together in a cell; of the count, all who contribute to it."""
    rows = frame.rows_of(cell)
    amounts = dict(zip(frame.entities[rows].tolist(), frame.amounts[rows].tolist(), strict=True))
    if len(amounts) < frame.rules.min_count:
        yield Rise("count", tuple(sorted(amounts)))
    for rise in set().union(*(asked[member] for member in amounts)):
        given = [amounts.get(member, 0.0) for member in rise.group]
        if frame.rules.strikes(rise.rule, _level(frame, rise, given), frame.magnitudes[cell]):
            yield rise


def _level(frame: Frame, rise: Rise, given: Any) -> Any:
    """Give the total beyond which a cell, or each of some, is safe from what a group gives to it, member by member."""
    is_just = rise.rule == "dominance" and frame.rules.inclusive
    return frame.rules.level(rise.rule, given) * (1 + JUST if is_just else 1)


def _united(found: set[Rise], most: int) -> set[Rise]:
    """Give groups of the count that share a member as one, where together they are still too few."""
    of_member = defaultdict(set)
    for rise in found:
        if rise.rule == "count" and 1 < len(rise.group) < most:
            for member in rise.group:
                of_member[member].add(rise.group)
    pairs = (pair for groups in of_member.values() for pair in itertools.combinations(sorted(groups), 2))
    united = {tuple(sorted({*one, *other})) for one, other in pairs}
    return {Rise("count", group) for group in united if len(group) <= most}


def least_of(frame: Frame, rise: Rise, contributor: int = -1) -> Floats:
    """Give by how much each cell must be able to rise at once; below zero: how far it may fall.

    To a contributor of the group its own cells need not rise, for it knows them; nor, but for the count, any that it
    leads.
    """
    shape, magnitudes = frame.totals.shape, frame.magnitudes
    given, n_given = np.zeros((len(rise.group), magnitudes.size)), np.zeros(magnitudes.size, dtype=np.int64)
    for own, member in zip(given, rise.group, strict=True):
        rows = np.flatnonzero(frame.entities == member)
        places = np.searchsorted(frame.starts, rows, side="right") - 1
        own[places] = frame.amounts[rows]
        n_given[places] += 1
    if rise.rule == "count":
        theirs = (n_given > 0).reshape(shape) & (n_given.reshape(shape) == frame.counts)
        least = np.where(theirs, COUNT_PROTECTION * magnitudes, -magnitudes)
    else:
        with np.errstate(over="ignore"):
            level = np.minimum(_level(frame, rise, given), LARGEST_DOUBLE).reshape(shape)
        struck = frame.rules.strikes(rise.rule, level, magnitudes)
        least = np.where(struck, level - magnitudes, np.minimum(level - magnitudes, 0.0))
    if contributor in rise.group:
        own = (frame.owners if rise.rule == "count" else frame.leaders) == contributor
        least[own] = np.minimum(least[own], 0.0)
    return least


def is_needed(frame: Frame, least: Floats, suppressed: Flags) -> bool:
    """Tell whether several suppressed cells of the table have to do with a rise: one alone is a target by itself.

    Not where a cell may fall below zero: what that target takes from there is still a contribution to the sum.
    """
    inner = frame.inner
    return bool(frame.signed.any()) or int((suppressed[inner] & (least[inner] > -frame.magnitudes[inner])).sum()) > 1
