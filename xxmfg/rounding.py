"""Rounding to decimals: of exact values, of shares that must add up, of two-way tables whose margins must hold.

A number is rounded as the rational that it is (2.675 is a little less), in integers and once; what was rounded before
is not known here. Decimals and fractions are taken as they are.
"""

from __future__ import annotations

import math
from operator import index
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg._arrays import data_of, mask_of, value_column
from xxmfg._balance import GRAIN, balanced
from xxmfg.errors import XxmfgError
from xxmfg.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Ratio = tuple[int, int]  # numerator and denominator
    Move = tuple[int, int]

__all__ = ["round_figures", "round_shares", "round_table"]

MODES = ("half_even", "half_up", "down")
MOST_DIGITS = 1100  # the last decimal of the smallest double is the 1074th


def round_figures(values: ArrayLike, digits: int, mode: str = "half_even") -> NDArray[Any]:
    """Round each value to decimals, exactly and once.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        What is rounded: floats as the exact binary numbers that they are, integers, `Decimal` and `Fraction`.
    digits : int
        How many decimals are kept; −4 rounds to ten thousands.
    mode : {"half_even", "half_up", "down"}, optional
        What becomes of a half: to the even neighbor (GB/T 8170), or away from zero (四舍五入); "down" drops the digits
        beyond, whatever they are.

    Returns
    -------
    ndarray, shape (n,)
        The double nearest to each rounded decimal; integers stay integers. Missing and infinite values stay.

    Raises
    ------
    ValueError
        If `mode` is unknown or `digits` beyond ±1100.
    TypeError
        If values are not numbers or `digits` is no whole number.
    OverflowError
        If a rounded value does not fit; it names the row.

    Notes
    -----
    With x the exact value, half_even gives 10⁻ᵈ·⌊10ᵈx⌉, ties to even. GB/T 8170—2008, 数值修约规则.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.round_figures([0.125, 0.375, 2.675], 2).tolist()
    [0.12, 0.38, 2.67]
    >>> xm.round_figures([0.125, 0.375, 2.675], 2, mode="half_up").tolist()
    [0.13, 0.38, 2.67]
    >>> xm.round_figures([7550, 12500], -3).tolist()
    [8000, 12000]
    """
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, not {mode!r}")
    places = _decimals(digits)
    column = _numbers(values, "values")
    rounded = [entry if _is_odd(entry) else _nearest(_units(entry, places, mode), places) for entry in column.entries]
    if column.dtype is None:
        return _floats(rounded)
    limits = np.iinfo(column.dtype)
    for row, number in enumerate(rounded):
        if not limits.min <= number <= limits.max:
            raise OverflowError(f"values: row {row}: {number} does not fit {column.dtype}: give floats")
    return np.array(rounded, dtype=column.dtype)


def round_shares(shares: ArrayLike, digits: int) -> Table:
    """Round shares so that they add up to their rounded sum, and mark those that plain rounding gives otherwise.

    Parameters
    ----------
    shares : array_like of numbers, shape (n,)
        Parts of a whole: fractions, percentages, or anything else that adds up.
    digits : int
        How many decimals of the numbers as given are kept: 4 for fractions that are printed as 55.16 %.

    Returns
    -------
    Table
        `share rounded adjusted`, a row a share. `adjusted` where `rounded` is not what half-even rounding gives.
        A missing share stays missing and counts for nothing.

    Raises
    ------
    ValueError
        If a share is infinite or `digits` beyond ±1100.
    TypeError
        If shares are not numbers or `digits` is no whole number.

    Notes
    -----
    Largest remainder (Hamilton 1792, Hare 1859): each share is rounded down, and the units that the rounded sum lacks
    go to the largest remainders; of equal ones to the larger share, then to the first. All in exact integers.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.round_shares([0.3608, 0.3647, 0.2745], 2)["rounded"].tolist()
    [0.36, 0.37, 0.27]
    >>> xm.round_shares([0.125, 0.375, 0.25, 0.25], 1)["adjusted"].tolist()
    [False, False, True, False]
    """
    places = _decimals(digits)
    entries = _finite(_numbers(shares, "shares").entries, "shares")
    rows = [row for row, entry in enumerate(entries) if entry is not None]
    ratios = [_units_exactly(entries[row], places) for row in rows]
    common = math.lcm(*(below for _, below in ratios))
    exact = [above * (common // below) for above, below in ratios]
    lacking = _half_even(sum(exact), common) - sum(above // common for above in exact)
    order = sorted(range(len(exact)), key=lambda i: (-(exact[i] % common), -exact[i], i))
    raised = set(order[:lacking])
    rounded, adjusted = np.full(len(entries), math.nan), np.zeros(len(entries), dtype=bool)
    for i, row in enumerate(rows):
        units = exact[i] // common + (i in raised)
        rounded[row] = _nearest(units, places)
        adjusted[row] = units != _half_even(exact[i], common)
    given = [None if entry is None else _double(entry) for entry in entries]
    return Table({"share": _floats(given), "rounded": rounded, "adjusted": adjusted})


def round_table(values: ArrayLike, digits: int, *, margins: str = "nearest") -> Table:
    """Round the cells of a two-way table so that rows, columns and the whole add up to their own rounded sums.

    Parameters
    ----------
    values : array_like of numbers, shape (r, c)
        The cells, none of them missing.
    digits : int
        How many decimals are kept.
    margins : {"nearest", "adjacent"}, optional
        Whether each margin must be its exact sum rounded half-even, or may be the other neighbor where the nearest
        ones contradict each other. A table with adjacent margins always exists.

    Returns
    -------
    Table
        `row column value rounded adjusted`, a row a cell. Each cell is one of its two neighbors; `adjusted` where it is
        not the half-even one. Of all such tables it is one that is nearest to the cells, and the same one every time.
        With adjacent margins, `note` names those that are not the nearest.

    Raises
    ------
    XxmfgError
        If no table has the nearest margins: the rounded sums of the rows and of the columns add up to different totals,
        or no choice of neighbors gives them.
    ValueError
        If values are not two-dimensional, a cell is missing or infinite, or `margins` is unknown.
    TypeError
        If values are not numbers or `digits` is no whole number.

    Notes
    -----
    Controlled rounding (Cox and Ernst 1982; Cox 1987): a flow of least cost through rows and columns, where moving a
    cell costs what it adds to its distance, in units of 2⁻⁴⁰ of the last digit.

    Examples
    --------
    >>> import xxmfg as xm
    >>> t = xm.round_table([[1.4, 2.4], [3.4, 4.4]], 0)
    >>> t["rounded"].reshape(2, 2)
    array([[2., 2.],
           [3., 5.]])
    >>> t["adjusted"].tolist()
    [True, False, False, True]
    """
    if margins not in {"nearest", "adjacent"}:
        raise ValueError(f'margins must be "nearest" or "adjacent", not {margins!r}')
    places = _decimals(digits)
    cells = _matrix(values)
    exact = _with_margins([[_units_exactly(entry, places) for entry in row] for row in cells])
    plain = [[_half_even(*ratio) for ratio in row] for row in exact]
    if margins == "nearest":
        _refuse_unlike_totals(plain, places)
    solved = balanced(plain, [[_move(*ratio) for ratio in row] for row in exact], fixed_margins=margins == "nearest")
    if solved is None:
        raise XxmfgError(
            "values: no rounding of the cells to a neighbor gives all rounded margins; "
            'margins="adjacent" lets a margin be its other neighbor'
        )
    n_rows, n_columns = len(cells), len(cells[0])
    rows, columns = np.divmod(np.arange(n_rows * n_columns), n_columns)
    rounded = [units for row in solved[:-1] for units in row[:-1]]
    nearest = [units for row in plain[:-1] for units in row[:-1]]
    return Table(
        {
            "row": rows,
            "column": columns,
            "value": _floats([_double(entry) for row in cells for entry in row]),
            "rounded": _floats([_nearest(units, places) for units in rounded]),
            "adjusted": np.array(rounded) != np.array(nearest),
        },
        note=_moved_margins(plain, solved),
    )


# ---- what is given ----


class _Numbers(NamedTuple):
    """Python numbers, None where missing; the dtype of integers, None where the result is floats."""

    entries: list[Any]
    dtype: np.dtype[Any] | None


def _numbers(values: Any, name: str) -> _Numbers:
    if isinstance(values, (list, tuple, np.ndarray)) and _has_exact(values):
        return _Numbers([None if entry is None or entry != entry else entry for entry in values], None)  # noqa: PLR0124
    column = value_column(values, name)
    array = data_of(column)
    entries = array.tolist()
    missing = mask_of(column)
    if missing is not None:
        entries = [None if absent else entry for entry, absent in zip(entries, missing.tolist(), strict=True)]
    if array.dtype.kind == "f":
        return _Numbers([None if entry is None or math.isnan(entry) else entry for entry in entries], None)
    dtype = np.dtype(np.uint64 if array.dtype == np.uint64 else np.int64)
    return _Numbers(entries, dtype if missing is None or not missing.any() else None)


def _has_exact(values: Sequence[Any] | NDArray[Any]) -> bool:
    """Tell whether decimals or fractions are among numbers."""
    if isinstance(values, np.ndarray) and (values.dtype.kind != "O" or values.ndim != 1):
        return False
    from decimal import Decimal
    from fractions import Fraction

    kinds = {type(entry) for entry in values}
    if kinds.isdisjoint({Decimal, Fraction}):
        return False
    others = kinds - {Decimal, Fraction, int, float, bool, type(None)}
    if others:
        raise TypeError(f"values must be numbers, but one is {others.pop().__name__}")
    return True


def _matrix(values: Any) -> list[list[Any]]:
    """Give the cells of a two-way table, or raise."""
    array = np.asarray(values)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"values must be 2-D with a cell at least, got {array.ndim} dimensions of shape {array.shape}")
    rows = []
    for i, row in enumerate(array):
        entries = _finite(_numbers(row, f"values, row {i}").entries, f"values, row {i}")
        if None in entries:
            raise XxmfgError(f"values: row {i}, column {entries.index(None)} is missing: a table is rounded whole")
        rows.append(entries)
    return rows


def _decimals(given: Any) -> int:
    try:
        digits = index(given)
    except TypeError:
        raise TypeError(f"digits must be a whole number, not {given!r}") from None
    if abs(digits) > MOST_DIGITS:
        raise ValueError(f"digits must be between -{MOST_DIGITS} and {MOST_DIGITS}, not {digits}")
    return digits


def _is_odd(entry: Any) -> bool:
    """Tell whether an entry is missing or infinite: it stays."""
    return entry is None or math.isinf(entry)


def _finite(entries: list[Any], name: str) -> list[Any]:
    for row, entry in enumerate(entries):
        if entry is not None and math.isinf(entry):
            raise XxmfgError(f"{name}: number {row} is infinite")
    return entries


def _floats(numbers: list[Any]) -> NDArray[np.float64]:
    """Give numbers as doubles, None as NaN."""
    try:
        return np.array([math.nan if number is None else number for number in numbers], dtype=np.float64)
    except OverflowError:
        row = next(row for row, number in enumerate(numbers) if isinstance(number, int) and abs(number) >= 2**1024)
        raise OverflowError(f"values: row {row} rounds to a number that does not fit a double") from None


def _double(entry: Any) -> float:
    """Give the nearest double."""
    above, below = entry.as_integer_ratio()
    return float(above / below)


# ---- exact units of 10⁻ᵈ ----


def _units_exactly(entry: Any, places: int) -> Ratio:
    """Give a number as a ratio of units of the last decimal kept."""
    above, below = entry.as_integer_ratio()
    return (above * 10**places, below) if places >= 0 else (above, below * 10**-places)


def _half_even(above: int, below: int) -> int:
    units, rest = divmod(above, below)
    return units + (2 * rest > below or (2 * rest == below and units % 2 == 1))


def _units(entry: Any, places: int, mode: str) -> int:
    """Round a number to whole units of the last decimal kept."""
    above, below = _units_exactly(entry, places)
    if mode == "half_even":
        return _half_even(above, below)
    size = (2 * abs(above) + below) // (2 * below) if mode == "half_up" else abs(above) // below
    return size if above >= 0 else -size


def _nearest(units: int, places: int) -> Any:
    """Give the double nearest to units of the last decimal kept; an integer where these are no decimals."""
    return units / 10**places if places > 0 else units * 10**-places


# ---- two-way tables ----


def _with_margins(cells: list[list[Ratio]]) -> list[list[Ratio]]:
    """Add the row of the negative column sums and the column of the negative row sums: every line adds up to zero."""
    common = math.lcm(*(below for row in cells for _, below in row))
    units = [[above * (common // below) for above, below in row] for row in cells]
    rows = [[*row, -sum(row)] for row in units]
    rows.append([-sum(column) for column in zip(*rows, strict=True)])
    return [[(above, common) for above in row] for row in rows]


def _move(above: int, below: int) -> Move:
    """Give the way from the nearest unit to the other neighbor, 0 where there is none, and what that costs."""
    distance = above - _half_even(above, below) * below
    return (distance > 0) - (distance < 0), GRAIN - 2 * (GRAIN * abs(distance) // below)


def _refuse_unlike_totals(plain: list[list[int]], places: int) -> None:
    """Raise where the rounded sums of the rows, or of the columns, do not add up to the rounded total."""
    total = plain[-1][-1]
    by_rows, by_columns = -sum(row[-1] for row in plain[:-1]), -sum(plain[-1][:-1])
    if not by_rows == by_columns == total:
        shown = [_nearest(units, places) for units in (by_rows, by_columns, total)]
        raise XxmfgError(
            "values: the rounded row sums add up to {}, the rounded column sums to {}, the rounded total is {}: no "
            'table has them all; margins="adjacent" lets a margin be its other neighbor'.format(*shown)
        )


def _moved_margins(plain: list[list[int]], solved: list[list[int]]) -> str:
    """Name the margins that are not at their nearest unit."""
    moved = [f"the sum of row {i}" for i, row in enumerate(plain[:-1]) if row[-1] != solved[i][-1]]
    moved += [f"the sum of column {j}" for j, units in enumerate(plain[-1][:-1]) if units != solved[-1][j]]
    moved += ["the total"] if plain[-1][-1] != solved[-1][-1] else []
    return f"Rounded to the other neighbor: {', '.join(moved)}." if moved else ""
