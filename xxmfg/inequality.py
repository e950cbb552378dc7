"""Inequality: Gini, Theil, Atkinson of values within groups, and what of it lies between groups."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg import _core
from xxmfg._arrays import CODES, LEAVES_OUT, value_column
from xxmfg._entities import entity_sums
from xxmfg._statistics import COUNT, TOTAL, plain, quotient
from xxmfg._weighted import weight_column
from xxmfg.aggregate import accumulate
from xxmfg.errors import XxmfgError
from xxmfg.grouping import Keys, check_lengths, keys_of
from xxmfg.table import Table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from xxmfg._arrays import Column

    Floats = NDArray[np.float64]

__all__ = ["TheilDecomposition", "inequality", "theil_decomposition"]

COLUMNS = ("n", "gini", "gini_normalized", "theil_t", "theil_l", "atkinson")
GROUPS = ("n", "share", "mean", "theil_t", "between", "within")


def inequality(values: ArrayLike, weights: ArrayLike | None = None, by: Any = None, entity: Any = None) -> Table:
    """Give how unequally values are spread within groups.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        Output, income …, zero or more. Missing ones are skipped.
    weights : array_like of numbers, shape (n,), optional
        How many each value stands for (heads of a region with its income a head), zero or more; on any scale. A record
        whose weight is missing or zero is skipped.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        The keys of the groups, each of shape (n,).
    entity : array_like, tuple or mapping of array_like, or Grouping, optional
        Whose values are summed first, within each group: inequality of entities then. A record without one stands by
        itself.

    Returns
    -------
    Table
        The keys, then, with p_i the share of weight (1/n without weights), μ = Σ p_i x_i and F the share of weight up
        to a value: `n` values; `gini` = Σ F (1 − F) (next x − x) / μ = Σ_ij p_i p_j |x_i − x_j| / 2μ, in
        [0, 1 − 1/n]; `gini_normalized`, divided by the most that it can be, 1 − 1/n (with weights 1 − the least p), in
        [0, 1]; `theil_t` = Σ p_i (x_i/μ) ln(x_i/μ), in [0, ln n]; `theil_l` = Σ p_i ln(μ/x_i), zero or more (the mean
        log deviation); `atkinson` = 1 − (Σ p_i √x_i)² / μ (ε = ½), in [0, 1). All NaN where a value is negative, or
        their sum is zero or infinite; `theil_l` where a value is zero; `gini_normalized` of one value.

    Raises
    ------
    ValueError
        If a weight is negative or infinite, weights and entities are both given, or lengths differ.
    TypeError
        If values or weights are not numbers.

    Notes
    -----
    The index of Atkinson with aversion 1 is 1 − exp(−`theil_l`). Values are read in ascending order and no term of a
    sum is negative, so results have the same bits in any order of the records, and nothing is lost where values are
    nearly equal.

    References
    ----------
    Gini, C. (1912), *Variabilità e mutabilità*. Theil, H. (1967), *Economics and Information Theory*. Atkinson, A. B.
    (1970), *On the measurement of inequality*.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.inequality([20, 50, 20, 10])["gini"].tolist()  # Doersam (2004)
    [0.3]
    >>> income, households = [500, 1500, 2500, 4000, 7500, 15000], [1000, 1200, 1600, 400, 200, 600]
    >>> t = xm.inequality(income, weights=households)  # Doersam's six classes of income
    >>> t["gini"].round(9).tolist()
    [0.527826087]
    """
    keys, column = keys_of(by), value_column(values, "values")
    whose = keys_of(entity, "entity", "entity")
    keys.check_names(COLUMNS)
    check_lengths(keys, (("values", column),))
    check_lengths(whose, (("values", column),), "entity")
    if whose.columns:
        if weights is not None:
            raise XxmfgError(
                "weights and entity: a weight belongs to a record, not to a sum of records; give one of them"
            )
        keys, column, _ = entity_sums(keys, whose, column)
    labels, measures = _measured(keys, column, weights)
    return Table(labels | dict(zip(COLUMNS, measures, strict=True)))


def _measured(keys: Keys, column: Column, weights: Any) -> tuple[dict[str, NDArray[Any]], tuple[NDArray[Any], ...]]:
    """Give the labels of groups and their measures."""
    if weights is None:
        state, labels, _ = accumulate(keys, (column,), (), True)
        return labels, _core.inequality(state, 0, -1)
    weight = weight_column(weights)
    check_lengths(keys, (("values", column), ("weights", weight)))
    state, labels, _ = accumulate(keys, (column, weight), (), True)
    return labels, _core.inequality(state, 0, 1)


class TheilDecomposition(NamedTuple):
    """Theil's index of values and its parts between groups and within them: see `theil_decomposition`.

    Parameters
    ----------
    total, between, within : float
        The index of all values (T), of the groups' means, and what the groups' own indices add; total = between +
        within.
    groups : Table
        A row a group.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.theil_decomposition([1, 1, 1], ["a", "a", "b"]).total
    0.0
    """

    total: float
    between: float
    within: float
    groups: Table


def theil_decomposition(values: ArrayLike, by: Any) -> TheilDecomposition:
    """Give how much of Theil's index lies between groups, and how much within them.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        Output, income …, zero or more. Missing ones are skipped.
    by : array_like, tuple or mapping of array_like, or Grouping
        The keys of the groups, each of shape (n,).

    Returns
    -------
    TheilDecomposition
        `total` = T = Σ (1/n) (x_i/μ) ln(x_i/μ) of all values, `between` = Σ S_g ln(μ_g/μ) and `within` = Σ S_g T_g,
        which add up to it; `groups`: the keys, then `n`, `share` (S_g, of the sum of all), `mean` (μ_g), `theil_t`
        (T_g) and the group's terms of `between` and `within`. A group whose values are all zero, or missing, adds 0 to
        both. All NaN where a value is negative, or the sum is zero or infinite.

    Raises
    ------
    ValueError
        If there is no key, or lengths differ.
    TypeError
        If values are not numbers.

    Notes
    -----
    `between` is what would be left if each value were its group's mean, zero or more; a group below the mean of all has
    a negative term in it. Groups that all have the same mean leave everything within, groups of equal values between.

    References
    ----------
    Theil, H. (1967), *Economics and Information Theory*. Shorrocks, A. F. (1980), *The class of additively decomposable
    inequality measures*.

    Examples
    --------
    The five regions of Störmann (2009), two and three of them together:

    >>> import xxmfg as xm
    >>> parts = xm.theil_decomposition([10, 10, 10, 20, 50], ["a", "a", "b", "b", "b"])
    >>> round(parts.between, 10), round(parts.within, 10), round(parts.total, 10)
    (0.0915162218, 0.1586849899, 0.2502012118)
    """
    keys, column = keys_of(by), value_column(values, "values")
    if not keys.columns:
        raise ValueError("by: the parts between and within need the groups of the values")
    keys.check_names(GROUPS)
    check_lengths(keys, (("values", column),))
    state, labels, (sums, counts) = accumulate(keys, (column,), (TOTAL, COUNT), True)
    own = _core.inequality(state, 0, -1)[3]
    groups = np.arange(len(counts))
    whole = _core.fold(state, groups, np.zeros(len(groups), dtype=np.int64), 1)
    (sum_of_all,), (n_of_all,) = _core.statistics(whole, (TOTAL, COUNT))
    everything, _, _ = accumulate(_as_one(keys), (column,), (), True)
    (total,) = _core.inequality(everything, 0, -1)[3] if len(groups) else (np.nan,)
    known = 0.0 if math.isfinite(total) else np.nan
    means = quotient(sums, counts)
    shares = quotient(sums, np.full(len(sums), sum_of_all))
    apart = _logarithms(means, sum_of_all / n_of_all if n_of_all else np.nan)
    between, within = (np.where(shares > 0, shares, 0) * np.where(shares > 0, part, 0) + known for part in (apart, own))
    columns = dict(zip(GROUPS, (counts, shares, means, own, plain(between), plain(within)), strict=True))
    sums_of_terms = math.fsum(between) + known, math.fsum(within) + known
    return TheilDecomposition(float(total), *sums_of_terms, groups=Table(labels | columns, percent=("share",)))


def _as_one(keys: Keys) -> Keys:
    """Give one group of all records that the keys do not leave out."""
    codes, _, _ = _core.group(keys.columns, False)
    return Keys(("key",), ((np.minimum(codes, 0), None, CODES | LEAVES_OUT),), (None,))


def _logarithms(values: Floats, base: float) -> Floats:
    """Give ln(value / base), exact to its last digits where they are nearly equal."""
    with np.errstate(all="ignore"):
        d = (values - base) / base
        logarithms: Floats = np.where(np.abs(d) < 0.5, np.log1p(d), np.log(values / base))
    return logarithms
