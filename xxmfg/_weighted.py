"""Weighted statistics: sums and means of weighted values, quantiles by mass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._arrays import data_of, mask_of, value_column
from xxmfg._statistics import (
    COUNT,
    MISSING,
    TOTAL,
    State,
    between,
    plain,
    quantile_of,
    quotient,
    share_of_total,
    where_there,
)
from xxmfg.errors import XxmfgError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xxmfg._arrays import Column

    Floats = NDArray[np.float64]

__all__ = ["COLUMNS", "weight_column", "weighted_columns", "weighted_statistics"]

KNOWN = ("count", "missing", "sum", "mean", "share")
COLUMNS = 3  # that stand for a value column: itself, the weights of its values, and their products


def weight_column(given: Any) -> Column:
    """Give weights as a column, or raise where one is negative or infinite, naming the first."""
    column = value_column(given, "weights")
    numbers = _floats(column)
    with np.errstate(invalid="ignore"):
        bad = (numbers < 0) | (numbers == np.inf)
    if bad.any():
        row = int(bad.argmax())
        raise XxmfgError(f"weights must be finite, zero or more, but row {row} is {numbers[row]:g}")
    return column


def _floats(column: Column) -> Floats:
    """Give the numbers of a column as floats, NaN where they are missing."""
    data, mask = data_of(column), mask_of(column)
    numbers: Floats = data.astype(np.float64, copy=False)
    return numbers if mask is None else np.where(mask, np.nan, numbers)


def weighted_columns(column: Column, weights: Column) -> tuple[Column, Floats, Floats]:
    """Give a value column, the weights of its values above zero, else NaN, and the weighted values."""
    numbers, heavy = _floats(column), _floats(weights)
    with np.errstate(invalid="ignore", over="ignore"):
        held = (heavy > 0) & ~np.isnan(numbers)
        return column, np.where(held, heavy, np.nan), np.where(held, numbers * heavy, np.nan)


def weighted_statistics(core: Any, place: int, names: tuple[str, ...]) -> tuple[NDArray[Any], ...]:
    """Give the statistics of all groups from a state of weighted columns that begin at a place."""
    wanted = [name for name in names if name not in KNOWN]
    unknown = [name for name in wanted if quantile_of(name) is None]
    if unknown:
        raise XxmfgError(f"stats: {unknown[0]!r} takes no weights; with weights: {' '.join(KNOWN)} median q25 …")
    results = _statistics(core, place) | dict(zip(wanted, _quantiles(core, place, wanted), strict=True))
    return tuple(results[name] for name in names)


def _statistics(core: Any, place: int) -> dict[str, NDArray[Any]]:
    totals, counts, missing = (_core.statistics(core, (number,)) for number in (TOTAL, COUNT, MISSING))
    heavy, weighted = place + 1, place + 2
    return {
        "count": counts[heavy],
        "missing": missing[heavy],
        "sum": totals[weighted],
        "mean": quotient(totals[weighted], totals[heavy]),
        "share": share_of_total(State(core, weighted, np.zeros(0))),
    }


def _quantiles(core: Any, place: int, names: list[str]) -> list[NDArray[Any]]:
    """Give quantiles by mass, midway where just that part of the weight lies up to a value."""
    if not names:
        return []
    parts = np.array([quantile_of(name) for name in names], dtype=np.int64)
    numerators, denominators = (np.ascontiguousarray(part) for part in parts.T)
    there = _core.statistics(core, (COUNT,))[place + 1] > 0
    found = _core.weighted_quantiles(core, place, place + 1, numerators, denominators)
    lower, upper = (side.reshape(len(names), -1) for side in found)
    return [_midway(low, high, there) for low, high in zip(lower, upper, strict=True)]


def _midway(lower: NDArray[Any], upper: NDArray[Any], there: NDArray[np.bool_]) -> NDArray[Any]:
    if np.array_equal(lower, upper):
        return where_there(lower, there)
    half = np.full(len(lower), 0.5)
    return plain(where_there(between(lower, upper, half, half), there))
