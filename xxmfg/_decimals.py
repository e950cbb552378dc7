"""Sums of decimals: added exactly as whole numbers of their last place, and given as the nearest doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._arrays import halves_of, scale_of
from xxmfg._statistics import COUNT, HIGH, LOW, ONLY_SUMS, quotient
from xxmfg.threads import get_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xxmfg._arrays import Column
    from xxmfg.grouping import Keys

__all__ = ["mend_sums"]


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
            sums = _doubles(units, scale)
            whole = np.full_like(sums, _doubles([sum(units)], scale))
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


def _doubles(units: list[int], scale: int) -> NDArray[np.float64]:
    """Give units · 10^-scale; Python rounds a quotient of integers once, to the nearest double."""
    above, below = 10 ** max(-scale, 0), 10 ** max(scale, 0)
    return np.array([count * above / below for count in units], dtype=np.float64)
