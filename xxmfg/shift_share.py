"""Shift-share: what part of each region's change is the whole area's, its industries', its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg import _core
from xxmfg._columns import missing_rows
from xxmfg._crosstab import (
    Axis,
    Crosstab,
    crosstab,
    labels_of,
    places_among,
    refuse_missing,
    refuse_negative,
    required,
)
from xxmfg._periods import period_key, period_number
from xxmfg._statistics import TOTAL, plain, quotient
from xxmfg.errors import XxmfgError
from xxmfg.grouping import Keys
from xxmfg.table import Table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

__all__ = ["shift_share"]

SHIFT_SHARE = ("change", "national", "mix", "competitive", "homothetic", "allocation")


def shift_share(
    values: ArrayLike,
    region: Any,
    industry: Any,
    period: Any,
    base: Any,
    current: Any,
    reference: tuple[ArrayLike, Any, Any] | None = None,
) -> Table:
    """Give the change of each industry in each region as that of the whole area, of the industry, and its own.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        Employment, output …; summed by region, industry and period. Missing ones are skipped.
    region, industry : array_like, tuple or mapping of array_like, or Grouping
        Whose values they are, each of shape (n,); none may be missing in the two periods.
    period : array_like of integers or dates, shape (n,)
        Years, quarter numbers …, or datetime64 in years, months, weeks or days.
    base, current : int or datetime64
        The two periods that are compared; both must occur. Records of others are left aside.
    reference : tuple of (values, industry, period), each array_like of shape (m,), optional
        The records of a wider area, where growth is not compared with the sum of the regions.

    Returns
    -------
    Table
        A row a (region, industry) of either period, with x its base, g, g_i and g_ij the growth of the whole area, of
        the industry there, and its own: `change`, `national` = x g, `mix` = x (g_i − g), `competitive` = change −
        x g_i; these three add up to the change. With x* = X_j X_i / X, the base that the region would have if it were
        structured like the whole area: `homothetic` = x* (g_ij − g_i), `allocation` = (x − x*)(g_ij − g_i), which add
        up to competitive. An entrant (x = 0) is competitive altogether, homothetic and allocation NaN. NaN also where
        the industry, or all, has no base, and where all values of one of the periods are missing: such cells are left
        out of the growth they are compared with.

    Raises
    ------
    ValueError
        If a region or industry is missing, a sum is negative, a period does not occur, the reference lacks an
        industry or a period, or lengths differ.
    TypeError
        If values are not numbers, or periods neither integers nor dates.

    Notes
    -----
    Dunn (1960); homothetic and allocation: Esteban-Marquillas (1972). Changes are formed from the exact sums.

    Examples
    --------
    >>> import xxmfg as xm
    >>> values = [90, 20, 10, 60, 310, 130, 140, 340, 100, 40, 10, 55, 340, 170, 125, 425]
    >>> region, industry = (["A"] * 4 + ["others"] * 4) * 2, [1, 2, 3, 4] * 4
    >>> t = xm.shift_share(values, region, industry, [0] * 8 + [1] * 8, 0, 1)  # Farhauer and Kröll (2013)
    >>> [t[name][:4].round(10).tolist() for name in ("national", "mix", "competitive")]
    [[13.5, 3.0, 1.5, 9.0], [-4.5, 5.0, -2.5, 3.0], [1.0, 12.0, 1.0, -17.0]]
    """
    regions, industries = required(region, "region"), required(industry, "industry")
    (regions + industries).check_names(SHIFT_SHARE)
    table, ends = _two_periods(values, regions, industries, period, base, current, "values")
    if reference is None:
        growth = _growth_by(table, ends, ends.industries, table.row.size)
        total = _growth_by(table, ends, np.zeros_like(ends.industries), 1)
    else:
        growth, total = _reference_growth(reference, table.row, base, current)
    regional = _growth_by(table, ends, ends.regions, table.group.size)
    own, change = _line_bases(table, ends), _line_changes(table, ends)
    rate, total_rate = growth.rates()[ends.industries], total.rates()
    structure = quotient(growth.bases, np.repeat(total.bases, len(growth.bases)))
    with np.errstate(all="ignore"):
        columns = {"change": change, "national": own * total_rate, "mix": own * (rate - total_rate)}
        columns["competitive"] = change - own * rate
        expected = regional.bases[ends.regions] * structure[ends.industries]
        ahead = quotient(change, own) - rate
        columns |= {"homothetic": expected * ahead, "allocation": (own - expected) * ahead}
    labels = {name: column[ends.regions] for name, column in table.group.labels.items()}
    labels |= {name: column[ends.industries] for name, column in table.row.labels.items()}
    return Table(labels | {name: _finite(column) for name, column in columns.items()})


class _Ends(NamedTuple):
    """The (region, industry) of either period: their codes, and their cells in both, -1 where there is none."""

    regions: Integers
    industries: Integers
    earlier: Integers
    later: Integers
    known: NDArray[np.bool_]  # neither cell is without a value


class _Growth(NamedTuple):
    """Bases and changes of sums, each rounded once."""

    bases: Floats
    changes: Floats

    def rates(self) -> Floats:
        return quotient(self.changes, self.bases)


def _two_periods(
    values: Any, regions: Keys, industries: Keys, period: Any, base: Any, current: Any, what: str
) -> tuple[Crosstab, _Ends]:
    """Sum by region, industry and period, and find what stands in the two periods."""
    when = period_key(period)
    table = crosstab(values, (regions, "region"), (industries, "industry"), (when, "period"))
    labels = table.column.labels[when.names[0]]
    places = [_place_of(given, name, labels, what) for given, name in ((base, "base"), (current, "current"))]
    of_ends = [np.flatnonzero(table.column.codes == place) for place in places]
    both = np.unique(np.concatenate(of_ends))
    for axis, argument in ((table.group, "region"), (table.row, "industry")):
        refuse_missing(table, axis, argument, both)
    refuse_negative(table, table.totals, "sum", both)
    pairs = table.group.codes * max(table.row.size, 1) + table.row.codes
    lines = np.unique(pairs[both])
    cells = np.full((2, len(lines)), -1)
    for found, rows in zip(cells, of_ends, strict=True):
        found[np.searchsorted(lines, pairs[rows])] = rows
    known = ((cells < 0) | (table.counts[cells] > 0)).all(axis=0)
    return table, _Ends(lines // max(table.row.size, 1), lines % max(table.row.size, 1), cells[0], cells[1], known)


def _place_of(given: Any, name: str, labels: NDArray[Any], what: str) -> int:
    """Give the code of a period among those that occur."""
    there = np.flatnonzero(~missing_rows(labels))
    number = period_number(given, labels[there] if len(there) else labels, name)
    found = there[labels[there].astype(np.int64) == number]
    if not len(found):
        raise XxmfgError(f"{name}: {given} does not occur among the periods of the {what}")
    return int(found[0])


def _finite(values: Floats) -> Floats:
    """Give NaN for what is beyond the range of doubles."""
    return plain(np.where(np.isfinite(values), values, np.nan))


def _line_bases(table: Crosstab, ends: _Ends) -> Floats:
    bases = np.where(ends.earlier >= 0, table.totals[ends.earlier], 0)
    return _finite(np.where(ends.known, bases, np.nan))


def _line_changes(table: Crosstab, ends: _Ends) -> Floats:
    changes = _differences(table.state, ends.later, ends.earlier)
    return _finite(np.where(ends.known, changes, np.nan))


def _differences(state: Any, later: Integers, earlier: Integers) -> Floats:
    try:
        return np.asarray(_core.differences(state, 0, later, earlier), dtype=np.float64)
    except OverflowError:
        raise OverflowError("values: a change does not fit 64 bits; give the integers as floats") from None


def _growth_by(table: Crosstab, ends: _Ends, codes: Integers, n: int) -> _Growth:
    """Sum both periods of all lines that are known by code."""
    sources, targets = [], []
    for cells, shift in ((ends.earlier, 0), (ends.later, n)):
        held = ends.known & (cells >= 0)
        sources.append(cells[held])
        targets.append(codes[held] + shift)
    both = _core.fold(table.state, np.concatenate(sources), np.concatenate(targets), 2 * n)
    bases = _core.statistics(both, (TOTAL,))[0][:n]
    changes = _differences(both, np.arange(n) + n, np.arange(n))
    return _Growth(_finite(bases), _finite(changes))


def _reference_growth(reference: Any, axis: Axis, base: Any, current: Any) -> tuple[_Growth, _Growth]:
    """Give the growth of the wider area by the codes of an axis, and in all."""
    if not isinstance(reference, tuple) or len(reference) != 3:
        raise TypeError("reference must be a tuple of (values, industry, period), the records of the wider area")
    values, industry, period = reference
    keys = required(industry, "industry")
    table, ends = _two_periods(values, Keys((), (), ()), keys, period, base, current, "reference")
    growth = _growth_by(table, ends, ends.industries, table.row.size)
    total = _growth_by(table, ends, np.zeros_like(ends.industries), 1)
    places = places_among(labels_of(table.row), axis, "industry")
    return _Growth(growth.bases[places], growth.changes[places]), total
