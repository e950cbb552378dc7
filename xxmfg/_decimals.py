"""Sums of decimals: added exactly as whole numbers of their last place, and given as the nearest doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg import _core
from xxmfg._arrays import halves_of, scale_of
from xxmfg._statistics import COUNT, HIGH, LOW, ONLY_SUMS, TOTAL, quotient
from xxmfg.threads import get_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xxmfg._arrays import Column
    from xxmfg.grouping import Keys

    Integers = NDArray[np.int64]

__all__ = ["DecimalSums", "StateSums", "exact_sums", "mend_sums", "sums_of"]


class StateSums(NamedTuple):
    """The exact sums of groups, in a state of the core; what is made of them is rounded once."""

    state: Any

    def in_place_of(self, sums: NDArray[Any]) -> NDArray[Any]:
        """Give the sums that the core finished."""
        return sums

    def totals(self) -> NDArray[np.float64]:
        """Give the sums as doubles."""
        return _core.statistics(self.state, (TOTAL,))[0]

    def differences(self, later: Integers, earlier: Integers) -> NDArray[Any]:
        """Give later less earlier sums; of group -1 the sum is 0."""
        return _core.differences(self.state, 0, later, earlier)

    def fold(self, groups: Integers, codes: Integers, n_groups: int) -> StateSums:
        """Give the sums of coarser groups."""
        return StateSums(_core.fold(self.state, groups, codes, n_groups))


class DecimalSums(NamedTuple):
    """The same of decimals, in units of their last place."""

    units: list[int]
    scale: int

    def in_place_of(self, sums: NDArray[Any]) -> NDArray[Any]:
        """Give the exact sums instead of those of nearest doubles."""
        return self.totals()

    def totals(self) -> NDArray[np.float64]:
        """Give units · 10^-scale; Python rounds a quotient of integers once, to the nearest double."""
        above, below = 10 ** max(-self.scale, 0), 10 ** max(self.scale, 0)
        return np.array([count * above / below for count in self.units], dtype=np.float64)

    def differences(self, later: Integers, earlier: Integers) -> NDArray[Any]:
        """Give later less earlier sums; of group -1 the sum is 0."""
        units = [*self.units, 0]
        pairs = zip(later.tolist(), earlier.tolist(), strict=True)
        return DecimalSums([units[after] - units[before] for after, before in pairs], self.scale).totals()

    def fold(self, groups: Integers, codes: Integers, n_groups: int) -> DecimalSums:
        """Give the sums of coarser groups."""
        units = [0] * (n_groups + 1)  # the last: of groups that are left out, whose code is -1
        for group, code in zip(groups.tolist(), codes.tolist(), strict=True):
            units[code] += self.units[group]
        return DecimalSums(units[:-1], self.scale)


def sums_of(state: Any, keys: Keys, column: Column) -> StateSums | DecimalSums:
    """Give the exact sums of groups by label: of decimals as decimals, else those of the state."""
    scale = scale_of(column)
    return StateSums(state) if scale is None else DecimalSums(_units_of(keys, column, True)[0], scale)


def exact_sums(keys: Keys, column: Column, sums: NDArray[Any]) -> NDArray[Any]:
    """Give the exact sums of decimals by group, in the place of those of nearest doubles; other sums as they are."""
    return sums if scale_of(column) is None else sums_of(None, keys, column).totals()


def mend_sums(
    table: dict[str, NDArray[Any]],
    titles: tuple[str, ...],
    names: tuple[str, ...],
    keys: Keys,
    columns: tuple[Column, ...],
    sort: bool,
) -> None:
    """Put the exact sums of decimals, their means and shares in the place of those of their nearest doubles."""
    for place, column in enumerate(columns):
        scale = scale_of(column)
        if scale is not None and not {"sum", "mean", "share"}.isdisjoint(names):
            units, counts = _units_of(keys, column, sort)
            sums = DecimalSums(units, scale).totals()
            whole = np.full_like(sums, DecimalSums([sum(units)], scale).totals())
            exact = {"sum": sums, "mean": quotient(sums, counts), "share": quotient(sums, whole)}
            own = titles[place * len(names) :]
            table.update({title: exact[name] for title, name in zip(own, names, strict=False) if name in exact})


def _units_of(keys: Keys, column: Column, sort: bool) -> tuple[list[int], NDArray[np.int64]]:
    """Give the sum of each group in units of the last place, and how many values it has.

    A value is high · 2⁶⁴ + low. Either half is added in 128 bits, which fewer than 2⁶³ rows cannot overflow.
    """
    halves = halves_of(column)
    _, _, found = _core.aggregate(keys.columns, halves, (COUNT, LOW, HIGH), sort, get_threads(), ONLY_SUMS)
    limbs = zip(*(found[limb].tolist() for limb in (1, 2, 4, 5)), strict=True)
    return [low + ((carried + high) << 64) + (highest << 128) for low, carried, high, highest in limbs], found[0]
