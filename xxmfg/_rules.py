"""Rules of disclosure: what makes a cell too sensitive to publish, and how far it must stay from being guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg._arrays import whole_number
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from xxmfg._cells import Cells

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

__all__ = ["COUNT_PROTECTION", "Rules", "rules_of"]

# Where the number of contributors alone makes a cell sensitive, no formula says how far its value must stay open.
COUNT_PROTECTION = 0.1


class Rules(NamedTuple):
    """The rules of one call, each None where it was not asked for."""

    min_count: int
    dominance: tuple[int, Fraction] | None
    p_percent: Fraction | None
    pq: Fraction | None  # p / q
    inclusive: bool
    zeros: str

    @property
    def size(self) -> int:
        """How many of a cell's largest contributions the rules look at."""
        return max(2, self.dominance[0] if self.dominance else 0)

    def struck(self, cells: Cells) -> dict[str, Flags]:
        """Tell for each rule which cells it makes sensitive; cells without values or of zeros have their own rule."""
        valued = cells.magnitudes > 0
        flags = {"count": valued & (cells.counts < self.min_count)}
        if self.dominance:
            top, limit = self._dominance_sides(cells)
            flags["dominance"] = valued & (top >= limit if self.inclusive else top > limit)
        rest = cells.magnitudes - cells.largest[:, 0] - cells.largest[:, 1]
        for name, part in (("p_percent", self.p_percent), ("pq", self.pq)):
            if part is not None:
                first = cells.largest[:, 0] * part.numerator
                flags[name] = valued & (rest * part.denominator < first)
        if self.zeros == "suppress":
            flags["zero"] = (cells.counts > 0) & ~valued
        return flags

    def _dominance_sides(self, cells: Cells) -> tuple[Floats, Floats]:
        """Give the sum of the n largest and k times the total, both times the denominator of k."""
        n, k = self.dominance or (1, 1)
        return cells.largest[:, :n].sum(axis=1) * k.denominator, cells.magnitudes * k.numerator

    def protection(self, cells: Cells) -> Floats:
        """Give how far above its value each sensitive cell must seem possible (Hundepool et al. 2012, table 4.2).

        (n, k): (x_1 + … + x_n) / k - X; p %: p x_1 - (X - x_1 - x_2); pq: the same with p / q; by the count alone a
        tenth of X. The same holds downwards, as far as zero.
        """
        flags = self.struck(cells)
        needed = np.where(flags["count"], cells.magnitudes * COUNT_PROTECTION, 0.0)
        if self.dominance:
            n, k = self.dominance
            level = cells.largest[:, :n].sum(axis=1) / float(k) - cells.magnitudes
            needed = np.where(flags["dominance"], np.maximum(needed, level), needed)
        rest = cells.magnitudes - cells.largest[:, 0] - cells.largest[:, 1]
        for name, part in (("p_percent", self.p_percent), ("pq", self.pq)):
            if part is not None:
                level = cells.largest[:, 0] * float(part) - rest
                needed = np.where(flags[name], np.maximum(needed, level), needed)
        return needed


def rules_of(
    min_count: Any, dominance: Any, p_percent: Any, pq: Any, boundary: Any, zeros: Any, negatives: Any
) -> Rules:
    """Check the rules of a call."""
    for given, name, choices in (
        (boundary, "boundary", ("ge", "gt")),
        (zeros, "zeros", ("publish", "suppress")),
        (negatives, "negatives", ("absolute", "raise")),
    ):
        if given not in choices:
            raise XxmfgError(f'{name} must be "{choices[0]}" or "{choices[1]}", not {given!r}')
    count = whole_number(min_count, "min_count")
    p = None if p_percent is None else _number(p_percent, "p_percent", 100) / 100
    return Rules(count, _dominance(dominance), p, _pq(pq), boundary == "ge", zeros)


def _dominance(given: Any) -> tuple[int, Fraction] | None:
    if given is None:
        return None
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise XxmfgError(f"dominance must be (n, k), such as (1, 0.85), not {given!r}")
    n = whole_number(given[0], "dominance: n")
    if n > 64:
        raise XxmfgError(f"dominance: n must be 64 or less, not {n}")
    return n, _number(given[1], "dominance: k", 1)


def _pq(given: Any) -> Fraction | None:
    if given is None:
        return None
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise XxmfgError(f"pq must be (p, q) in percent, such as (10, 50), not {given!r}")
    p, q = _number(given[0], "pq: p", 100), _number(given[1], "pq: q", 100)
    if p >= q:
        raise XxmfgError(f"pq: p must be less than q, for what is known before is less exact, not {given!r}")
    return p / q


def _number(given: Any, name: str, most: int) -> Fraction:
    """Give a number above zero as the decimal that was written."""
    from fractions import Fraction

    if isinstance(given, bool) or not isinstance(given, int | float | Fraction | np.integer | np.floating):
        raise TypeError(f"{name} must be a number, not {given!r}")
    if not 0 < given <= most:
        hint = "; 85 % is 0.85" if most == 1 else ""
        raise XxmfgError(f"{name} must be above 0 and at most {most}, not {given!r}{hint}")
    return given if isinstance(given, Fraction) else Fraction(repr(float(given)))
