"""Rules of disclosure: what makes a cell too sensitive to publish, and how far it must stay from being guessed."""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg._arrays import whole_number
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from xxmfg._cells import Cells

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

__all__ = ["COUNT_PROTECTION", "LARGEST_DOUBLE", "Rules", "rules_of"]

# Where the number of contributors alone makes a cell sensitive, no formula says how far its value must stay open.
COUNT_PROTECTION = 0.1
HALF_ULP = 2.0**-53
LARGEST_DOUBLE = float(np.finfo(np.float64).max)


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

    @property
    def of_parts(self) -> dict[str, int]:
        """The rules that look at the largest contributions, and at how many of them."""
        asked = {"dominance": self.dominance, "p_percent": self.p_percent, "pq": self.pq}
        return {rule: self._n(rule) for rule, given in asked.items() if given is not None}

    def _n(self, rule: str) -> int:
        return self.dominance[0] if rule == "dominance" and self.dominance else 2

    def _part(self, rule: str) -> float:
        k = self.dominance[1] if self.dominance else None
        return float({"dominance": k, "p_percent": self.p_percent, "pq": self.pq}[rule] or 0)

    def struck(self, cells: Cells) -> dict[str, Flags]:
        """Tell for each rule which cells it makes sensitive; cells without values or of zeros have their own rule.

        The largest contributions are taken as parts of the total, so that no product of large ones overflows.
        """
        valued = cells.magnitudes > 0
        flags = {"count": valued & (cells.counts < self.min_count)}
        with np.errstate(invalid="ignore", over="ignore"):  # 0 / 0 is a part that no rule strikes
            most = max(self.of_parts.values(), default=0)
            parts = [cells.largest[:, place] / cells.magnitudes for place in range(most)]
            for rule, n in self.of_parts.items():
                flags[rule] = self.strikes(rule, self.level(rule, parts[:n]), 1.0)
        if self.zeros == "suppress":
            flags["zero"] = (cells.counts > 0) & ~valued
        return flags

    def level(self, rule: str, given: Sequence[Any]) -> Any:
        """Give the total below which a cell is sensitive by what a few give to it, the one to be guessed first."""
        together, part = functools.reduce(operator.add, given), self._part(rule)
        return together / part if rule == "dominance" else together + part * given[0]

    def strikes(self, rule: str, level: Any, total: Any) -> Any:
        """Tell where a total is below the level of a rule, or, of dominance if so asked, at it.

        What decimals lose as doubles is no difference. In units of 2^-53 of the total: a contribution is a sum of
        rounded decimals, rounded, so it may be 2 off, and the total of contributions 3; their quotient is 6 off, n of
        these together n + 5, and divided by k n + 7; x_1 + x_2 + p x_1, of which p x_1 is at most a half, 8.5. Whole
        numbers are told apart still: one in 10^12 is 9,000 such units.
        """
        slack = (self._n(rule) + 8) * HALF_ULP * total
        return level >= total - slack if self.inclusive and rule == "dominance" else level > total + slack

    def protection(self, cells: Cells, struck: dict[str, Flags]) -> Floats:
        """Give how far above its value each sensitive cell must seem possible (Hundepool et al. 2012, table 4.2).

        (n, k): (x_1 + … + x_n) / k - X; p %: p x_1 - (X - x_1 - x_2); pq: the same with p / q; by the count alone a
        tenth of X. The same holds downwards, as far as zero.
        """
        needed = np.where(struck["count"], cells.magnitudes * COUNT_PROTECTION, 0.0)
        for rule, n in self.of_parts.items():
            given = [cells.largest[:, place] for place in range(n)]
            if rule == "dominance":
                with np.errstate(over="ignore"):
                    level = np.minimum(self.level(rule, given), LARGEST_DOUBLE) - cells.magnitudes
            else:
                level = given[0] * self._part(rule) - (cells.magnitudes - given[0] - given[1])
            needed = np.where(struck[rule], np.maximum(needed, level), needed)
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
        if not isinstance(given, str) or given not in choices:
            raise XxmfgError(f'{name} must be "{choices[0]}" or "{choices[1]}", not {given!r}')
    count = _count(min_count, "min_count")
    p = None if p_percent is None else _number(p_percent, "p_percent", 100) / 100
    return Rules(count, _dominance(dominance), p, _pq(pq), boundary == "ge", zeros)


def _dominance(given: Any) -> tuple[int, Fraction] | None:
    if given is None:
        return None
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise XxmfgError(f"dominance must be (n, k), such as (1, 0.85), not {given!r}")
    n = _count(given[0], "dominance: n")
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


def _count(given: Any, name: str) -> int:
    if isinstance(given, bool):
        raise TypeError(f"{name} must be a whole number, not {given!r}")
    try:
        return whole_number(given, name)
    except ValueError as error:
        raise XxmfgError(str(error)) from None


def _number(given: Any, name: str, most: int) -> Fraction:
    """Give a number above zero as the decimal that was written."""
    from fractions import Fraction

    if isinstance(given, bool) or not isinstance(given, int | float | Fraction | np.integer | np.floating):
        raise TypeError(f"{name} must be a number, not {given!r}")
    if not (0 < given <= most and float(given)):
        hint = "; 85 % is 0.85" if most == 1 else ""
        raise XxmfgError(f"{name} must be above 0 and at most {most}, not {given!r}{hint}")
    return given if isinstance(given, Fraction) else Fraction(repr(float(given)))
