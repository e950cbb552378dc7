"""Agglomeration: whether the plants of an industry, or the industries of a group, lie closer than chance has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg import _core
from xxmfg._arrays import LEAVES_OUT
from xxmfg._crosstab import (
    Axis,
    Crosstab,
    Lines,
    Reference,
    areas_of,
    blocks,
    known,
    line_labels,
    lines_of,
    margin,
    refuse_negative,
    span,
    structure_of,
)
from xxmfg._statistics import COUNT, MAX, MIN, TOTAL, quotient
from xxmfg.aggregate import accumulate
from xxmfg.errors import XxmfgError
from xxmfg.table import Table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

__all__ = ["coagglomeration", "ellison_glaeser"]

ELLISON_GLAESER = ("n", "raw", "herfindahl", "gamma", "maurel_sedillot")

# Totals whose square, and the squares of parts down to 2^-100 of them, are normal doubles.
LEAST, GREATEST = 2.0**-400, 2.0**500


def ellison_glaeser(values: ArrayLike, region: Any, industry: Any, by: Any = None, reference: Any = None) -> Table:
    """Give how much the plants of each industry agglomerate beyond what few large plants do by chance.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        The sizes of plants, a record a plant: employment, say. Missing ones are skipped.
    region, industry : array_like, tuple or mapping of array_like, or Grouping
        Where the plant is and what it makes, each of shape (n,); none may be missing.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        Years, say: each group is a table of its own.
    reference : mapping of region to value, optional
        The distribution that plants would follow by chance where it is not the sum of the plants given: total
        employment, say; the same for all groups. Each region of a plant must be in it; regions without plants count.

    Returns
    -------
    Table
        A row an industry, with s_j its shares in the regions, x_j those of the reference, z_k those of its plants in
        its size: `n` plants with a size, `raw` = G = Σ (s_j − x_j)², `herfindahl` = H = Σ z_k² in [1/n, 1], `gamma` =
        (G − (1 − Σ x_j²) H) / ((1 − Σ x_j²)(1 − H)), `maurel_sedillot` = ((Σ s_j² − Σ x_j²) / (1 − Σ x_j²) − H) /
        (1 − H). Both are 0 on average where plants lie by chance, and below 0 where they avoid each other;
        `maurel_sedillot` is at most 1, `gamma` more where an industry lies in regions that the reference has little of.
        NaN for an industry whose total is zero, one whose size is in one plant, and where the reference is one region.

    Raises
    ------
    ValueError
        If a region or industry is missing, a size is negative, the reference lacks a region, or lengths differ.
    TypeError
        If values are not numbers, or the reference is no mapping.

    Notes
    -----
    Ellison and Glaeser (1997), Maurel and Sédillot (1999). With no `reference` the industry itself is part of x.
    Totals below 2⁻⁴⁰⁰ or above 2⁵⁰⁰, whose squares leave the range of doubles, give NaN.

    Examples
    --------
    >>> import xxmfg as xm
    >>> sizes = [200, 650, 12000, 100, 50, 16000, 13000, 1500, 1500, 25000]
    >>> region = ["Wien"] * 5 + ["Linz"] * 4 + ["Graz"]
    >>> employment = {"Wien": 500_000, "Linz": 400_000, "Graz": 100_000}
    >>> t = xm.ellison_glaeser(sizes, region, ["metal"] * 10, reference=employment)  # Farhauer and Kröll (2014)
    >>> [round(t[name].item(), 10) for name in ("raw", "herfindahl", "gamma")]
    [0.1681632653, 0.2446887755, 0.0599062841]
    """
    table = structure_of(values, (industry, "industry"), (region, "region"), by, ELLISON_GLAESER, keep="all")
    (least,) = _core.statistics(table.state, (MIN,))
    refuse_negative(table, np.where(table.counts > 0, least, 0), "size of a plant", np.arange(len(least)))
    lines = lines_of(table.group, table.row)
    plants = _plants_of(table, lines)
    totals = plants.totals
    columns = {name: np.full(len(totals), np.nan) for name in ELLISON_GLAESER[1:]}
    herfindahl = columns["herfindahl"] = _plant_herfindahl(plants)
    areas = areas_of(table, reference, "region")
    for group, start, stop, block in blocks(table, lines, quotient(table.totals, totals[lines.codes])):
        part = slice(start, stop)
        expected, beyond = _shares_of(areas(group))
        loose = _looseness(expected, beyond)
        chance = herfindahl[part]
        raw = ((block - expected) ** 2).sum(axis=1) + (beyond * beyond).sum()
        above = (block * block).sum(axis=1) - (expected * expected).sum() - (beyond * beyond).sum()
        columns["raw"][part] = raw
        columns["gamma"][part] = quotient(raw - loose * chance, loose * (1 - chance))
        columns["maurel_sedillot"][part] = quotient(quotient(above, np.full(len(raw), loose)) - chance, 1 - chance)
    return Table(line_labels(table, lines, table.row) | {"n": plants.counts} | known(columns, totals))


class _Plants(NamedTuple):
    """The plants of the lines, in groups that each lie in one line."""

    state: Any
    codes: Integers  # the line of each group
    counts: Integers  # of the plants of each line
    totals: Floats  # of each line, NaN where squares would leave the range of doubles


def _plants_of(table: Crosstab, lines: Lines) -> _Plants:
    """Give the plants by line, or by cell where regions leave records out."""
    group, row, column = table.sides
    codes, state = lines.codes, table.state
    if not any(isinstance(part, tuple) and part[2] & LEAVES_OUT for part in column.columns):
        codes = np.arange(len(lines.groups))
        state, _, _ = accumulate(group + row, (table.values,), (TOTAL,), True)
    whole, totals = margin(state, codes, len(lines.groups))
    totals[(totals < LEAST) | (totals > GREATEST)] = np.nan
    return _Plants(state, codes, _core.statistics(whole, (COUNT,))[0], totals)


def _plant_herfindahl(plants: _Plants) -> Floats:
    """Give Σ z² of the plants of each line from exact variances, at most 1.

    Of n values with sum S, Σ v² = (n − 1) variance + S² / n. One plant that has the whole size gives 1 exactly.
    """
    sums, counts, greatest = _core.statistics(plants.state, (TOTAL, COUNT, MAX))
    whole = plants.totals[plants.codes]
    variances = np.where(counts > 1, _core.variances(plants.state, 0, False), 0)
    with np.errstate(all="ignore"):
        parts = (counts - 1) * (variances / whole / whole) + (sums / whole) ** 2 / counts
    parts[counts == 0] = 0
    starts = np.searchsorted(plants.codes, np.arange(len(plants.totals)))
    herfindahl: Floats = np.add.reduceat(parts, starts) if len(parts) else np.zeros(0)
    herfindahl[herfindahl > 1] = 1  # by rounding
    herfindahl[plants.codes[(greatest == whole) & (counts > 0)]] = 1
    return herfindahl


def _shares_of(area: Reference) -> tuple[Floats, Floats]:
    """Give the shares of the regions of a reference area, and of those beyond the records."""
    total = area.total if area.total > 0 else np.nan
    return area.values / total, area.others / total


def _looseness(expected: Floats, beyond: Floats) -> float:
    """Give 1 − Σ x² as Σ x (1 − x), which is exactly 0 where one region has all."""
    return float((expected * (1 - expected)).sum() + (beyond * (1 - beyond)).sum())


def coagglomeration(values: ArrayLike, region: Any, industry: Any, group: Any = None, reference: Any = None) -> Table:
    """Give how much the industries of each group lie in the same regions beyond what each does by itself.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        Employment, say, of plants or of industries in regions. Missing ones are skipped.
    region, industry : array_like, tuple or mapping of array_like, or Grouping
        Whose values they are, each of shape (n,); none may be missing.
    group : array_like, tuple or mapping of array_like, or Grouping, optional
        The group that the industry belongs to, of shape (n,); without it all industries are one group.
    reference : mapping of region to value, optional
        The distribution by chance where it is not the sum of all values given. Each region must be in it.

    Returns
    -------
    Table
        A row a group: `gamma_c` = (G / (1 − Σ x_j²) − H − Σ γ_i w_i² (1 − H_i)) / (1 − Σ w_i²), with w_i the share of
        industry i in the group, G of the group's sum, H = Σ w_i² H_i. 0 where industries lie by chance of each other.
        NaN for a group whose total is zero or lies in one industry, and where the reference is one region.

    Raises
    ------
    ValueError
        If a region or industry is missing, an industry is in two groups, a sum is negative, the reference lacks a
        region, or lengths differ.
    TypeError
        If values are not numbers, or the reference is no mapping.

    Notes
    -----
    Ellison and Glaeser (1997). The plants' Herfindahl indices cancel: γ_i (1 − H_i) = G_i / (1 − Σ x_j²) − H_i, so
    γ_c = (G − Σ w_i² G_i) / ((1 − Σ x_j²)(1 − Σ w_i²)), and industries of one plant do no harm.

    Examples
    --------
    The four industries of Farhauer and Kröll (2014), whose employment lies in three regions:

    >>> import xxmfg as xm
    >>> jobs = [8575, 645, 780, 6425, 4295, 480, 8575, 645, 210, 7765, 1245, 530]
    >>> industry = ["clothing"] * 3 + ["forestry"] * 3 + ["dyeing"] * 3 + ["textile"] * 3
    >>> total = {1: 360_000, 2: 108_000, 3: 132_000}
    >>> xm.coagglomeration(jobs, [1, 2, 3] * 4, industry, reference=total)["gamma_c"].round(4).tolist()
    [0.089]
    """
    sides = (industry, "industry"), (region, "region")
    table = structure_of(values, *sides, by=group, results=("gamma_c",), argument="group")
    lines = lines_of(table.group, table.row)
    _refuse_two_groups(table, lines)
    n_groups = table.group.size
    state, sums = margin(table.state, lines.codes, len(lines.groups))
    totals = margin(state, lines.groups, n_groups).totals
    weights = quotient(sums, totals[lines.groups])
    area = _whole_area(table, reference)
    expected, beyond = _shares_of(area)
    apart = np.zeros(n_groups)
    mixed = np.bincount(lines.groups, weights * (1 - weights), n_groups)
    # The entries of an industry's dense row are shares of its group: w_i s_ij.
    for number, start, stop, block in blocks(table, lines, quotient(table.totals, totals[table.group.codes])):
        own = weights[start:stop, np.newaxis]
        squares = ((block - own * expected) ** 2).sum() + (own * own).sum() * (beyond * beyond).sum()
        apart[number] += squares
    together = _group_raw(table, totals, expected, beyond)
    gamma = quotient(together - apart, _looseness(expected, beyond) * mixed)
    return Table(dict(table.group.labels) | known({"gamma_c": gamma}, totals))


def _refuse_two_groups(table: Crosstab, lines: Lines) -> None:
    """Raise where an industry has records in two groups."""
    twice = np.flatnonzero(np.bincount(lines.places, minlength=table.row.size) > 1)
    if len(twice):
        industry = ", ".join(str(labels[twice[0]]) for labels in table.row.labels.values())
        first, second = (
            ", ".join(str(labels[place]) for labels in table.group.labels.values())
            for place in lines.groups[lines.places == twice[0]][:2]
        )
        raise XxmfgError(f"group: industry {industry} lies in {first} and in {second}; each must lie in one group")


def _whole_area(table: Crosstab, given: Any) -> Reference:
    """Give the reference area of all groups."""
    everything = table._replace(group=Axis(np.zeros_like(table.group.codes), {}, 1))
    return areas_of(everything, given, "region")(0)


def _group_raw(table: Crosstab, totals: Floats, expected: Floats, beyond: Floats) -> Floats:
    """Give Σ (s − x)² of the groups themselves."""
    lines = lines_of(table.group, table.column)
    shares = quotient(margin(table.state, lines.codes, len(lines.groups)).totals, totals[lines.groups])
    raw = np.empty(len(totals))
    for group in range(len(raw)):
        first, end = span(lines.groups, group)
        row = np.zeros(len(expected))
        row[lines.places[first:end]] = shares[first:end]
        raw[group] = ((row - expected) ** 2).sum() + (beyond * beyond).sum()
    return raw
