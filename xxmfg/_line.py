"""Patterns of a table of one key: of its suppressed cells one sum is known, so the others give what one of them takes.

No flow has to be found: the room of cells, which is how far they may fall, is added up.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xxmfg._cycles import ROUNDING, Target
from xxmfg._pattern import ORDERS, SMALL, Pattern
from xxmfg._targets import asked_of, refusal, targets_of
from xxmfg.errors import DisclosureError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from xxmfg._frame import Frame
    from xxmfg._sums import Rise

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Cell = tuple[int, ...]

__all__ = ["LinePattern", "cheapest_line"]

FILLS = ("cheaper", "alone", "large")  # of small ones first and large ones first; one for all if there is; large ones


def cheapest_line(frame: Frame, weights: Floats) -> Flags:
    """Give the cells of a table of one key to suppress: the cheapest of several tries if it is small.

    Raises
    ------
    DisclosureError
        If no try makes the table safe.
    """
    small = frame.totals.size <= SMALL
    found: list[Flags] = []
    refused: list[DisclosureError] = []
    for order, fill in itertools.product(range(ORDERS), FILLS) if small else [(0, FILLS[0])]:
        pattern = LinePattern(frame, weights, order, fill)
        try:
            pattern.secure()
            pattern.release(in_full=small)
            pattern.secure()
        except DisclosureError as error:
            refused.append(error)
        else:
            found.append(pattern.suppressed)
    if not found:
        raise refused[0]
    return min(found, key=lambda suppressed: float(weights[suppressed].sum()))


class Room(NamedTuple):
    """What cells have together: how many they are, how many may fall without end, and how far the others may."""

    n: int = 0
    n_endless: int = 0
    fall: int = 0  # exact: a whole number of the finest units of the table

    def plus(self, other: Room, sign: int = 1) -> Room:
        """Give what both have, or one without the other."""
        return Room(self.n + sign * other.n, self.n_endless + sign * other.n_endless, self.fall + sign * other.fall)


class LinePattern(Pattern):
    """Suppressed cells of a table of one key, and the room that they, and those of each contributor, have."""

    def __init__(self, frame: Frame, weights: Floats, order: int = 0, fill: str = FILLS[0]) -> None:
        super().__init__(frame, weights, [], order)
        self.fill = fill
        falls = np.where(frame.signed[0, :-1], 0.0, frame.totals[0, :-1])
        ratios = [fall.as_integer_ratio() for fall in falls.tolist()]
        self.unit = max((below for _, below in ratios), default=1)
        self.rooms = [
            Room(1, endless, above * (self.unit // below))
            for (above, below), endless in zip(ratios, frame.signed[0, :-1].astype(int).tolist(), strict=True)
        ]
        self.falls = np.where(frame.signed[0, :-1], np.inf, falls)
        self.begin(frame.sensitive)

    def begin(self, suppressed: Flags) -> None:
        """Take these cells as suppressed, and add up their room."""
        super().begin(suppressed)
        self.room, self.own = Room(), defaultdict[int, Room](Room)
        for place in np.flatnonzero(self.suppressed[0, :-1]).tolist():
            self._add(place, 1)
        self._rank()

    def _add(self, place: int, sign: int) -> int:
        """Add a suppressed cell to the room of all and of its owner, or take it away; give the owner."""
        owner = int(self.frame.owners[0, place])
        self.room = self.room.plus(self.rooms[place], sign)
        if owner >= 0:
            self.own[owner] = self.own[owner].plus(self.rooms[place], sign)
        return owner

    def _rank(self) -> None:
        """Put the owners of suppressed cells in order, by what the others lack most without them."""
        self.ranked = {
            upward: sorted(self.own, key=lambda owner: self.own[owner][1:] if upward else self.own[owner][:1])[::-1]
            for upward in (True, False)
        }

    def _put(self, cell: Cell, is_suppressed: bool) -> None:
        if self.suppressed[cell] != is_suppressed:
            super()._put(cell, is_suppressed)
            if self._add(cell[1], 1 if is_suppressed else -1) >= 0:
                self._rank()

    def _ways_of(self, target: Target | Rise, *, adding: bool) -> Iterator[set[Cell]]:
        """Give the cells that a target lacks to move as far as it must: for outsiders, for contributors."""
        for contributor, asked, room in self._asked(target):
            left = asked.amount - self._moves(asked, room)
            if left > asked.amount * ROUNDING:
                cells = self._cheapest(asked, contributor, left) if adding else set()
                if not cells:
                    raise refusal(self.frame, target)
                yield cells

    def _asked(self, target: Target | Rise) -> Iterator[tuple[int, Target, Room]]:
        """Give who looks at a target, -1 for outsiders, how far it must move then, and the room that others have."""
        if not isinstance(target, Target):
            return  # sums over several lines: there is one
        room = self.room
        for _, place in target.cells:
            room = room.plus(self.rooms[place], -1)
        yield -1, target, room
        if target.is_sensitive and self.own:
            for contributor in self._viewers(target):
                asked = asked_of(self.frame, target, contributor)
                if asked.amount > 0:
                    yield contributor, asked, room.plus(self.own[contributor], -1)

    def _moves(self, target: Target, room: Room) -> float:
        """Give how far a target can move by the room of others; they may rise without end."""
        return np.inf if (room.n_endless if target.upward else room.n) else room.fall / self.unit

    def _viewers(self, target: Target) -> Iterator[int]:
        """Give the contributors to a target who own suppressed cells of others, and of all others who owns most."""
        givers = {giver for cell in target.cells for giver in self.frame.entities[self.frame.rows_of(cell)].tolist()}
        owners = {int(self.frame.owners[cell]) for cell in target.cells}
        yield from sorted((givers & self.own.keys()) - owners)
        for owner in self.ranked[target.upward]:
            if owner not in givers:
                yield owner
                break

    def _cheapest(self, target: Target, contributor: int, left: float) -> set[Cell]:
        """Give the cheapest cells found by which a target can move, none where there are none."""
        may = np.isfinite(self.weights[0, :-1]) & ~self.suppressed[0, :-1]
        may[[place for _, place in target.cells]] = False
        if contributor >= 0:
            may &= self.frame.owners[0, :-1] != contributor
        falls = self.falls if target.upward else np.full(len(may), np.inf)
        places = np.flatnonzero(may & (falls > left * ROUNDING))
        places = places[np.argsort(self.weights[0, places], kind="stable")]
        if falls[places].sum() < left * (1 - ROUNDING):
            return set()
        alone = np.flatnonzero(falls[places] >= target.amount)
        if self.fill == "alone" and len(alone):
            return {(0, int(places[alone[0]]))}
        orders = {"cheaper": (places, places[::-1]), "alone": (places,), "large": (places[::-1],)}[self.fill]
        found = [_first(each, falls[each], left * (1 - ROUNDING)) for each in orders]
        best = min(found, key=lambda chosen: float(self.weights[0, chosen].sum()))
        return {(0, place) for place in best}

    def release(self, *, in_full: bool) -> None:
        """Publish again what turns out not to be needed, dear cells first.

        In a large table only what no sensitive cell needs, as it was before the first one went.
        """
        if in_full:
            super().release(in_full=True)
            return
        n, fall = np.inf, np.inf
        for target in targets_of(self.frame, self.suppressed):
            for _, asked, room in self._asked(target) if target.is_sensitive else ():
                if not asked.upward:
                    n = min(n, room.n)
                elif not room.n_endless:
                    fall = min(fall, room.fall / self.unit - asked.amount)
        free = self.suppressed[0, :-1] & ~self.frame.sensitive[0, :-1]
        for place in sorted(np.flatnonzero(free).tolist(), key=lambda place: -self.weights[0, place]):
            if self.falls[place] <= fall and n > 1:
                n, fall = n - 1, fall - self.falls[place]
                self._put((0, place), False)


def _first(places: NDArray[np.intp], widths: Floats, left: float) -> list[int]:
    """Give the first places until one of the rest is wide enough for what they leave, and the narrowest such one."""
    taken = np.append(0.0, np.cumsum(widths[:-1]))
    widest = np.maximum.accumulate(widths[::-1])[::-1]
    n = int(np.argmax(widest >= left - taken))
    enough = np.where(widths[n:] >= left - taken[n], widths[n:], np.inf)
    return [*places[:n].tolist(), int(places[n + np.argmin(enough)])]
