"""How alike regions are: every pair of them, and each against all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg._crosstab import BLOCK, lines_of, required, structure_of
from xxmfg._statistics import NO_STATE, ONLY_SUMS, TOTAL, plain, quotient
from xxmfg.aggregate import accumulate
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
    values depend on how finely industries are classified. Beyond its result the call needs the shares of all regions,
    those of one group as a dense table, and blocks of 256 KB.

    Examples
    --------
    >>> import xxmfg as xm
    >>> jobs = [15, 5, 70, 10, 20, 10, 20, 50]  # two of the regions of EconGeo's documentation
    >>> t = xm.similarity(jobs, ["R2"] * 4 + ["R3"] * 4, [2, 3, 4, 5] * 2)
    >>> [round(t[name].item(), 4) for name in ("krugman", "cosine", "finger_kreinin")]
    [1.0, 0.5326, 0.5]
    """
    keys_of(by).check_names([f"{name}_{side}" for name in required(region, "region").names for side in "ab"])
    shapes = _shapes_of(values, region, industry, by)
    columns: dict[str, NDArray[Any]] = {}
    done = 0
    for start, stop, rows in _dense_groups(shapes):
        columns = columns or _columns_of_pairs(shapes)  # when the cells of the first group have been let go
        for a, found in enumerate(_against_later(rows), start):
            part = slice(done, done + stop - 1 - a)
            for name, labels in shapes.group_labels.items():
                columns[name][part] = labels[a]
            for name, labels in shapes.region_labels.items():
                columns[f"{name}_a"][part], columns[f"{name}_b"][part] = labels[a], labels[a + 1 : stop]
            for name, measure in zip(SIMILARITY, found, strict=True):
                columns[name][part] = measure
            done = part.stop
    return Table(columns or _columns_of_pairs(shapes))


def _columns_of_pairs(shapes: _Shapes) -> dict[str, NDArray[Any]]:
    """Give the columns of all pairs, not yet filled."""
    sizes = np.bincount(shapes.groups)
    n = int((sizes * (sizes - 1) // 2).sum())
    columns = {name: np.empty(n, labels.dtype) for name, labels in shapes.group_labels.items()}
    for side in "ab":
        columns |= {f"{name}_{side}": np.empty(n, labels.dtype) for name, labels in shapes.region_labels.items()}
    return columns | {name: np.empty(n) for name in SIMILARITY}


class _Shapes(NamedTuple):
    """The shares of the industries of each region, region by region within each group, and nothing of many cells more.

    Region r of all has shares starts[r] ... starts[r + 1] - 1 of all.
    """

    starts: NDArray[np.int64]
    cells: list[tuple[NDArray[np.int32], Floats]]  # industries and shares by group; each is let go when it is read
    n_industries: int
    totals: Floats  # of each region
    groups: NDArray[np.int64]  # of each region
    group_labels: dict[str, NDArray[Any]]
    region_labels: dict[str, NDArray[Any]]


def _shapes_of(values: Any, region: Any, industry: Any, by: Any) -> _Shapes:
    table = structure_of(values, (region, "region"), (industry, "industry"), by, SIMILARITY, keep="nothing")
    lines = lines_of(table.group, table.row)
    # Those of the regions' own records: the same as of the exact sums of their cells.
    group, row, _ = table.sides
    _, _, (totals,) = accumulate(group + row, (table.values,), (TOTAL,), True, flags=ONLY_SUMS | NO_STATE)
    totals = np.where(np.isfinite(totals), totals, np.nan)
    industries, shares = table.column.codes.astype(np.int32), quotient(table.totals, totals[lines.codes])
    breaks = np.searchsorted(table.group.codes, np.arange(1, table.group.size))
    return _Shapes(
        np.searchsorted(lines.codes, np.arange(len(totals) + 1)),
        list(zip(np.split(industries, breaks), np.split(shares, breaks), strict=True)),
        table.column.size,
        totals,
        lines.groups,
        {name: labels[lines.groups] for name, labels in table.group.labels.items()},
        {name: labels[lines.places] for name, labels in table.row.labels.items()},
    )


def _dense_groups(shapes: _Shapes) -> Iterator[tuple[int, int, Floats]]:
    """Give the shares of each group's regions as one block: (first region, end, block)."""
    ends = np.flatnonzero(np.diff(shapes.groups, append=-1)) + 1
    first = 0
    for end in ends.tolist():
        industries, shares = shapes.cells.pop(0)
        regions = np.repeat(np.arange(end - first), np.diff(shapes.starts[first : end + 1]))
        rows = np.zeros((end - first, shapes.n_industries))
        rows[regions, industries] = shares
        del industries, shares, regions
        yield first, end, rows
        first = end


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
    shapes = _shapes_of(values, region, industry, by)
    means = np.full((3, len(shapes.groups)), np.nan)
    for start, stop, rows in _dense_groups(shapes):
        there = np.flatnonzero(shapes.totals[start:stop] > 0)
        if len(there) < 2:
            continue
        sums = np.zeros((3, len(there)))
        for a, found in enumerate(_against_later(rows if len(there) == len(rows) else rows[there])):
            sums[:, a] += [column.sum() for column in found]
            sums[:, a + 1 :] += found
        means[:, start + there] = sums / (len(there) - 1)
    return Table(shapes.group_labels | shapes.region_labels | dict(zip(SIMILARITY, means, strict=True)))
