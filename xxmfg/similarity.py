"""How alike regions are: every pair of them, and each against all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg._crosstab import BLOCK, Crosstab, Lines, line_labels, lines_of, margin, required, span, structure_of
from xxmfg._statistics import plain, quotient
from xxmfg.grouping import keys_of
from xxmfg.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["mean_similarity", "similarity"]

SIMILARITY = ("krugman", "cosine", "finger_kreinin")


def similarity(values: ArrayLike, region: Any, industry: Any, by: Any = None) -> Table:
    """Give how alike the industries of each pair of regions are (产业同构).

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        Employment, output …; summed by region and industry. Missing ones are skipped.
    region, industry : array_like, tuple or mapping of array_like, or Grouping
        Whose values they are, each of shape (n,); none may be missing.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        Years, say: each group has pairs of its own.

    Returns
    -------
    Table
        A row a pair, the labels as `region_a` and `region_b`; with a_i and b_i the shares of industries: `krugman` =
        Σ|a_i − b_i|, 0 (alike) … 2; `cosine` = Σ a_i b_i / √(Σ a_i² Σ b_i²), 0 … 1 (产业结构相似系数);
        `finger_kreinin` = Σ min(a_i, b_i) = 1 − krugman / 2. NaN where a region's total is zero.

    Raises
    ------
    ValueError
        If a region or industry is missing, a sum is negative, or lengths differ.
    TypeError
        If values are not numbers.

    Notes
    -----
    Krugman (1991); UNIDO (1979) for the cosine, which is not Pearson's correlation; Finger and Kreinin (1979). The
    values depend on how finely industries are classified. Beyond its result the call needs the shares of one group
    and blocks of 256 KB.

    Examples
    --------
    >>> import xxmfg as xm
    >>> jobs = [15, 5, 70, 10, 20, 10, 20, 50]  # two of the regions of EconGeo's documentation
    >>> t = xm.similarity(jobs, ["R2"] * 4 + ["R3"] * 4, [2, 3, 4, 5] * 2)
    >>> [round(t[name].item(), 4) for name in ("krugman", "cosine", "finger_kreinin")]
    [1.0, 0.5326, 0.5]
    """
    keys_of(by).check_names([f"{name}_{side}" for name in required(region, "region").names for side in "ab"])
    table = structure_of(values, (region, "region"), (industry, "industry"), by, SIMILARITY)
    lines = lines_of(table.group, table.row)
    shares = quotient(table.totals, margin(table.state, lines.codes, len(lines.groups)).totals[lines.codes])
    table = table._replace(state=None)  # of as many sums as there are cells: its memory is that of many pairs
    sizes = np.bincount(lines.groups, minlength=table.group.size)
    n_pairs = int((sizes * (sizes - 1) // 2).sum())
    measures = [np.empty(n_pairs) for _ in SIMILARITY]
    first, second = (np.empty(n_pairs, dtype=np.int32) for _ in range(2))
    done = 0
    for start, stop, rows in _dense_groups(table, lines, shares):
        for a, found in enumerate(_against_later(rows)):
            part = slice(done, done + stop - start - 1 - a)
            first[part], second[part] = start + a, np.arange(start + a + 1, stop)
            for column, values_found in zip(measures, found, strict=True):
                column[part] = values_found
            done = part.stop
    columns = {name: labels[lines.groups][first] for name, labels in table.group.labels.items()}
    for suffix, side in (("a", first), ("b", second)):
        for name, labels in table.row.labels.items():
            columns[f"{name}_{suffix}"] = labels[lines.places][side]
    return Table(columns | dict(zip(SIMILARITY, measures, strict=True)))


def _dense_groups(table: Crosstab, lines: Lines, shares: Floats) -> Iterator[tuple[int, int, Floats]]:
    """Give the shares of each group's regions as one block: (first line, end, block)."""
    for group in range(table.group.size):
        first, end = span(lines.groups, group)
        low, high = np.searchsorted(lines.codes, (first, end))
        rows = np.zeros((end - first, table.column.size))
        rows[lines.codes[low:high] - first, table.column.codes[low:high]] = shares[low:high]
        yield first, end, rows


def _against_later(rows: Floats) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Compare each row but the last with those after it, a block of them at a time, in one piece of memory."""
    height = max(BLOCK // max(rows.shape[1], 1), 1)
    space = np.empty((height, rows.shape[1]))
    lengths = np.array([(row * row).sum() for row in rows])
    for a in range(len(rows) - 1):
        apart, product, common = np.empty((3, len(rows) - 1 - a))
        for start in range(a + 1, len(rows), height):
            others = rows[start : start + height]
            block, part = space[: len(others)], slice(start - a - 1, start - a - 1 + len(others))
            np.abs(np.subtract(others, rows[a], out=block), out=block).sum(axis=1, out=apart[part])
            np.multiply(others, rows[a], out=block).sum(axis=1, out=product[part])
            np.minimum(others, rows[a], out=block).sum(axis=1, out=common[part])
        cosine = quotient(product, np.sqrt(lengths[a] * lengths[a + 1 :]))
        yield plain(np.minimum(apart, 2)), np.minimum(cosine, 1), plain(np.minimum(common, 1))


def mean_similarity(values: ArrayLike, region: Any, industry: Any, by: Any = None) -> Table:
    """Give how alike each region's industries are to those of the other regions on average (同质化).

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        Employment, output …; summed by region and industry. Missing ones are skipped.
    region, industry : array_like, tuple or mapping of array_like, or Grouping
        Whose values they are, each of shape (n,); none may be missing.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        Years, say: regions are compared within each group.

    Returns
    -------
    Table
        A row a region: the means of `krugman`, `cosine` and `finger_kreinin` of `similarity` over its pairs with all
        other regions whose total is above zero. NaN where its own is not, or where there is no other.

    Raises
    ------
    ValueError
        If a region or industry is missing, a sum is negative, or lengths differ.
    TypeError
        If values are not numbers.

    Notes
    -----
    The mean over pairs is not weighted: each other region counts the same. Sources and ranges as in `similarity`.

    Examples
    --------
    >>> import xxmfg as xm
    >>> jobs = [15, 5, 70, 10, 20, 10, 20, 50, 25, 30, 5, 40]  # three of the regions of EconGeo's documentation
    >>> t = xm.mean_similarity(jobs, ["R2"] * 4 + ["R3"] * 4 + ["R4"] * 4, [2, 3, 4, 5] * 3)
    >>> t["finger_kreinin"].round(4).tolist()
    [0.425, 0.625, 0.55]
    """
    table = structure_of(values, (region, "region"), (industry, "industry"), by, SIMILARITY)
    lines = lines_of(table.group, table.row)
    region_totals = margin(table.state, lines.codes, len(lines.groups)).totals
    shares = quotient(table.totals, region_totals[lines.codes])
    means = np.full((3, len(lines.groups)), np.nan)
    for start, stop, rows in _dense_groups(table, lines, shares):
        there = np.flatnonzero(region_totals[start:stop] > 0)
        if len(there) < 2:
            continue
        sums = np.zeros((3, len(there)))
        for a, found in enumerate(_against_later(rows if len(there) == len(rows) else rows[there])):
            sums[:, a] += [column.sum() for column in found]
            sums[:, a + 1 :] += found
        means[:, start + there] = sums / (len(there) - 1)
    return Table(line_labels(table, lines, table.row) | dict(zip(SIMILARITY, means, strict=True)))
