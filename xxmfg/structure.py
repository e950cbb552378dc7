"""The structure of regions: location quotients, specialization, and how unevenly industries lie over regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._crosstab import (
    Crosstab,
    Lines,
    Reference,
    areas_of,
    blocks,
    cell_sums,
    known,
    line_labels,
    lines_of,
    margin,
    reference_of,
    structure_of,
)
from xxmfg._statistics import plain, quotient
from xxmfg.table import Table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["localization", "location_quotient", "specialization"]

LOCATION_QUOTIENT = ("value", "share", "reference_share", "lq", "rsca", "nrca")
SPECIALIZATION = ("krugman", "krugman_rest", "hoover", "herfindahl", "entropy", "n_industries")
LOCALIZATION = ("hoover_gini", "krugman_gini", "lq_gini", "hoover", "herfindahl")


def location_quotient(values: ArrayLike, region: Any, industry: Any, by: Any = None, reference: Any = None) -> Table:
    """Give each industry's weight in each region against its weight in the reference area.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        Employment, output …; summed by region and industry. Missing ones are skipped.
    region, industry : array_like, tuple or mapping of array_like, or Grouping
        Whose values they are, each of shape (n,); none may be missing.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        Years, say: each group is a table of its own.
    reference : mapping of industry to value, optional
        The reference area where it is not the sum of the regions, the same for all groups; each industry must be in it.

    Returns
    -------
    Table
        A row a (region, industry) that occurs, with x its `value`, X_j the region's, X_i the industry's, X the
        reference total: `share` = x / X_j, `reference_share` = X_i / X, `lq` = share / reference share (0 … ∞, 1 is
        the reference's weight), `rsca` = (lq − 1) / (lq + 1) in [−1, 1], `nrca` = x / X − X_j X_i / X². Shares of a
        zero total, and lq and rsca of a region or industry that is zero, are NaN; so is all of a cell whose values are
        all missing.

    Raises
    ------
    ValueError
        If a region or industry is missing, a sum is negative, the reference lacks an industry, or lengths differ.
    TypeError
        If values are not numbers, or the reference is no mapping.

    Notes
    -----
    Location quotient: Haig (1927), Florence (1939); in trade Balassa (1965). RSCA: Dalum, Laursen and Villumsen (1998).
    NRCA: Yu, Cai and Leung (2009). Weighted by the regions' shares of the total, an industry's quotients have the mean
    1; its nrca add up to zero over all regions, as a region's do over all industries. An industry that a region does
    not have is no row: with records of 0 it is, and its quotient 0. A region alone is its own reference, and has 1.

    Examples
    --------
    >>> import xxmfg as xm
    >>> e, total = [500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000]  # Farhauer and Kröll (2013)
    >>> others = [whole - part for whole, part in zip(total, e)]
    >>> t = xm.location_quotient(e + others, [1, 2, 3, 4, 5] * 2, ["e"] * 5 + ["others"] * 5)
    >>> t["lq"][t["industry"] == "e"].round(4).tolist()
    [0.25, 0.3333, 0.5, 1.75, 2.0]
    """
    table = structure_of(values, (region, "region"), (industry, "industry"), by, LOCATION_QUOTIENT)
    lines = lines_of(table.group, table.row)
    state, sums = margin(table.state, lines.codes, len(lines.groups))
    region_totals = sums[lines.codes]
    if reference is None:
        industries = lines_of(table.group, table.column)
        industry_totals = margin(table.state, industries.codes, len(industries.groups)).totals[industries.codes]
        totals = margin(state, lines.groups, table.group.size).totals[table.group.codes]
    else:
        given = reference_of(reference, table.column, "industry")
        industry_totals, totals = given.values[table.column.codes], np.full(len(table.totals), given.total)
    own = np.where(table.counts > 0, table.totals, np.nan)
    reference_share = quotient(industry_totals, totals)
    lq = _location_quotients(own, region_totals, industry_totals, totals)
    with np.errstate(invalid="ignore"):
        nrca = quotient(own, totals) - quotient(region_totals, totals) * reference_share
    cells = {
        name: labels[axis.codes]
        for axis in (table.group, table.row, table.column)
        for name, labels in axis.labels.items()
    }
    cells |= {"value": cell_sums(table), "share": quotient(own, region_totals), "reference_share": reference_share}
    cells |= {"lq": lq, "rsca": plain((lq - 1) / (lq + 1)), "nrca": plain(nrca)}
    return Table(cells, percent=("share", "reference_share"))


def _location_quotients(own: Floats, region_totals: Floats, industry_totals: Floats, totals: Floats) -> Floats:
    """Give (x X) / (X_j X_i): products of integers up to 2^53 are exact, so a quotient that is 1 is 1.

    Scaled to stay in range; a quotient beyond it is NaN.
    """
    region_scale, scale = -np.frexp(region_totals)[1], -np.frexp(totals)[1]
    above = np.ldexp(own, region_scale) * np.ldexp(totals, scale)
    lq = quotient(above, np.ldexp(region_totals, region_scale) * np.ldexp(industry_totals, scale))
    return np.where(np.isfinite(lq), lq, np.nan)


# ---- specialization ----


def specialization(values: ArrayLike, region: Any, industry: Any, by: Any = None, reference: Any = None) -> Table:
    """Give how far the industries of each region differ from those of the reference area, and how few they are.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        Employment, output …; summed by region and industry. Missing ones are skipped.
    region, industry : array_like, tuple or mapping of array_like, or Grouping
        Whose values they are, each of shape (n,); none may be missing.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        Years, say: each group is a table of its own.
    reference : mapping of industry to value, optional
        The reference area where it is not the sum of the regions, the same for all groups; each industry must be in it.

    Returns
    -------
    Table
        A row a region, with s_i the shares of its industries and r_i those of the reference area: `krugman` =
        Σ|s_i − r_i| in [0, 2]; `krugman_rest`, the same against the reference area without the region; `hoover` =
        krugman / 2; `herfindahl` = Σ s_i²; `entropy` = −Σ s_i ln s_i in nats; `n_industries` above zero. NaN for a
        region whose total is zero, `krugman_rest` also where there is no other region or the reference area does not
        hold the region.

    Raises
    ------
    ValueError
        If a region or industry is missing, a sum is negative, the reference lacks an industry, or lengths differ.
    TypeError
        If values are not numbers, or the reference is no mapping.

    Notes
    -----
    Krugman (1991); coefficient of specialization: Hoover and Giarratani (1985). The values depend on how finely
    industries are classified.

    Examples
    --------
    >>> import xxmfg as xm
    >>> t = xm.specialization([20, 10, 70, 60, 40], ["A"] * 3 + ["B"] * 2, [1, 2, 3, 4, 5])
    >>> t["krugman_rest"].tolist()  # Farhauer and Kröll (2013), as REAT has it: no industry in common
    [2.0, 2.0]
    >>> t["krugman"].tolist()  # the total holds each of them too
    [1.0, 1.0]
    """
    table = structure_of(values, (region, "region"), (industry, "industry"), by, SPECIALIZATION)
    lines = lines_of(table.group, table.row)
    region_totals = margin(table.state, lines.codes, len(lines.groups)).totals
    shares = quotient(table.totals, region_totals[lines.codes])
    areas = areas_of(table, reference, "industry")
    residuals, rest_totals = _rest_of(table, lines, region_totals, None if reference is None else areas(0))
    columns = {name: np.full(len(lines.groups), np.nan) for name in SPECIALIZATION[:-1]}
    for group, start, stop, block in blocks(table, lines, shares):
        part, area = slice(start, stop), areas(group)
        columns["krugman"][part] = _distances(block, area.values, area.others, np.full(stop - start, area.total))
        rest = _rest_rows(table, lines, area.values, residuals, start, stop)
        columns["krugman_rest"][part] = _distances(block, rest, area.others, rest_totals[part])
        columns["herfindahl"][part] = np.minimum((block * block).sum(axis=1), 1)
        columns["entropy"][part] = -(block * np.log(np.where(block > 0, block, 1))).sum(axis=1)
    columns["hoover"] = columns["krugman"] / 2
    columns = known(columns, region_totals)
    n_industries = np.bincount(lines.codes[table.totals > 0], minlength=len(lines.groups))
    return Table(line_labels(table, lines, table.row) | columns | {"n_industries": n_industries})


def _rest_of(table: Crosstab, lines: Lines, region_totals: Floats, given: Reference | None) -> tuple[Floats, Floats]:
    """Give what the reference area has without the region: of each cell's industry, and in all of each region.

    The differences are formed from the exact states, so a region that has nearly all leaves its rest unharmed.
    """
    if given is not None:
        return given.values[table.column.codes] - table.totals, given.total - region_totals
    industries = lines_of(table.group, table.column)
    every = np.arange(len(table.totals))
    starts = np.cumsum([len(every), len(lines.groups), len(industries.groups), table.group.size])
    whose_region, whose_industry = starts[0] + lines.codes, starts[1] + industries.codes
    codes = np.concatenate([every, whose_region, whose_industry, starts[2] + table.group.codes])
    folded = _core.fold(table.state, np.tile(every, 4), codes, int(starts[3]))
    try:
        residuals = _core.differences(folded, 0, whose_industry, every)
        regions = starts[0] + np.arange(len(lines.groups))
        totals = _core.differences(folded, 0, starts[2] + lines.groups, regions)
    except OverflowError:
        raise OverflowError("values: a total does not fit 64 bits; give the integers as floats") from None
    return residuals.astype(np.float64), totals.astype(np.float64)


def _rest_rows(table: Crosstab, lines: Lines, whole: Floats, residuals: Floats, start: int, stop: int) -> Floats:
    """Give the reference area without each of some regions, as dense rows."""
    rows = np.tile(whole, (stop - start, 1))
    low, high = np.searchsorted(lines.codes, (start, stop))
    rows[lines.codes[low:high] - start, table.column.codes[low:high]] = residuals[low:high]
    rows[(rows < 0).any(axis=1)] = np.nan  # the area does not hold the region
    return rows


def _distances(block: Floats, area: Floats, others: Floats, totals: Floats) -> Floats:
    """Give Σ|s − r| of dense rows of shares against an area's values, one or one a row, with its totals."""
    below = np.where(totals > 0, totals, np.nan)
    apart: Floats = np.abs(block - area / below[:, np.newaxis]).sum(axis=1)
    apart += others.sum() / below
    apart[apart > 2] = 2  # by rounding
    return apart


# ---- localization ----


def localization(values: ArrayLike, region: Any, industry: Any, by: Any = None) -> Table:
    """Give how unevenly each industry lies over the regions, against all industries together.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        Employment, output …; summed by region and industry. Missing ones are skipped.
    region, industry : array_like, tuple or mapping of array_like, or Grouping
        Whose values they are, each of shape (n,); none may be missing.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        Years, say: each group is a table of its own.

    Returns
    -------
    Table
        A row an industry, with s_j its shares in the regions, x_j the shares of all industries, and regions in the
        order of s_j / x_j: `hoover_gini`, the Gini of the Lorenz curve of s against x, 0 … 1; `krugman_gini`, half of
        that, 0 … ½; `lq_gini`, the Gini of the location quotients, each region counting the same, 0 … 1 − 1/regions;
        `hoover` = ½ Σ|s_j − x_j|, 0 … 1; `herfindahl` = Σ s_j². Regions whose total is zero are left out. NaN for an
        industry whose total is zero; with one region all Ginis are 0.

    Raises
    ------
    ValueError
        If a region or industry is missing, a sum is negative, or lengths differ.
    TypeError
        If values are not numbers.

    Notes
    -----
    Three measures go by the name of locational Gini: Hoover's (1936), Krugman's (1991, p. 56), and the unweighted one
    (Farhauer and Kröll 2013). Regions that tie in their location quotient change none of them.

    Examples
    --------
    >>> import xxmfg as xm
    >>> e, total = [500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000]  # Farhauer and Kröll (2013)
    >>> others = [whole - part for whole, part in zip(total, e)]
    >>> t = xm.localization(e + others, [1, 2, 3, 4, 5] * 2, ["e"] * 5 + ["others"] * 5).head(1)
    >>> t["hoover_gini"].round(4).tolist(), t["lq_gini"].round(10).tolist(), t["hoover"].round(4).tolist()
    ([0.3725], [0.4068965517], [0.35])
    """
    table = structure_of(values, (industry, "industry"), (region, "region"), by, LOCALIZATION)
    lines = lines_of(table.group, table.row)
    industry_totals = margin(table.state, lines.codes, len(lines.groups)).totals
    shares = quotient(table.totals, industry_totals[lines.codes])
    areas = areas_of(table, None, "region")
    columns = {name: np.full(len(lines.groups), np.nan) for name in LOCALIZATION}
    for group, start, stop, block in blocks(table, lines, shares):
        area = areas(group)
        there = area.values > 0
        for name, column in _uneven(block[:, there], area.values[there] / area.total).items():
            columns[name][start:stop] = column
    columns = known(columns, industry_totals)
    return Table(line_labels(table, lines, table.row) | columns)


def _uneven(shares: Floats, reference: Floats) -> dict[str, Floats]:
    """Give the measures of dense rows of shares against shares that are all above zero."""
    quotients = shares / reference
    order = np.argsort(quotients, axis=1, kind="stable")
    own, other, quotients = (
        np.take_along_axis(rows, order, axis=1)
        for rows in (shares, np.broadcast_to(reference, shares.shape), quotients)
    )
    own_sofar, other_sofar = np.cumsum(own, axis=1), np.cumsum(other, axis=1)
    steps = other_sofar[:, :-1] * own[:, 1:] - other[:, 1:] * own_sofar[:, :-1]
    area = np.clip(steps.sum(axis=1), 0, 1)
    n = len(reference)
    weighted = ((2 * np.arange(1, n + 1) - n - 1) * quotients).sum(axis=1)
    return {
        "hoover_gini": area,
        "krugman_gini": area / 2,
        "lq_gini": np.maximum(quotient(weighted, n * quotients.sum(axis=1)), 0),
        "hoover": np.minimum(np.abs(own - other).sum(axis=1) / 2, 1),
        "herfindahl": np.minimum((own * own).sum(axis=1), 1),
    }
