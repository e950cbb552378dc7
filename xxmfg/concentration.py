"""Concentration: how much of each group's total lies with its largest members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._arrays import value_column, whole_number
from xxmfg._entities import entity_sums
from xxmfg._statistics import quotient
from xxmfg.grouping import check_lengths, keys_of
from xxmfg.table import Table
from xxmfg.threads import get_threads

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["concentration"]

MEASURES = ("herfindahl", "herfindahl_normalized", "effective_number", "entropy", "primacy")


def concentration(
    values: ArrayLike, by: Any = None, entity: Any = None, ranks: int | Iterable[int] = (1, 4, 8)
) -> Table:
    """Give measures of how much of each group's total lies with its largest members.

    Members are the records whose value is above 0, or with `entity` the entities whose sum is.

    Parameters
    ----------
    values : array_like of numbers, shape (n_rows,)
        Output, employment …; missing ones are skipped. Arrow's decimal128 are taken as their nearest doubles, which are
        added exactly.
    by : array_like, tuple or mapping of array_like, or Grouping, optional
        The keys of the groups, each of shape (n_rows,).
    entity : array_like, tuple or mapping of array_like, or Grouping, optional
        Whose values are summed first. A record without one stands by itself.
    ranks : int or iterable of int, optional
        The n of the concentration ratios CRn: each gives a column.

    Returns
    -------
    Table
        The keys, then, with shares s = x / total of the n members: `n`, `total`, a column `cr4` for each rank (the
        share of the 4 largest; 1 where there are no more), `herfindahl` = Σs² in [1/n, 1],
        `herfindahl_normalized` = (Σs² − 1/n) / (1 − 1/n) in [0, 1], `effective_number` = 1 / Σs², `entropy` =
        −Σ s ln s in [0, ln n] (nats), `primacy` (the largest over the second; 首位度). A group with a negative or
        infinite value, or a total of zero, has NaN for all that follows `total`; one member has herfindahl 1 and NaN
        for the normalized index and primacy.

    Raises
    ------
    ValueError
        If lengths differ, or a rank is less than 1 or stands twice.
    TypeError
        If values are not numbers.

    Notes
    -----
    The Herfindahl–Hirschman index of antitrust practice is 10,000 × `herfindahl`. It is formed from deviations about
    the mean, 1/n + Σ(x − mean)² / total², so that the normalized index keeps its digits where shares hardly differ.
    Results have the same bits in any order of the rows and on any number of threads.

    References
    ----------
    Hirschman, A. O. (1945), *National Power and the Structure of Foreign Trade*. Herfindahl, O. C. (1950),
    *Concentration in the Steel Industry*.

    Examples
    --------
    Doersam's (2004) four sellers:

    >>> import xxmfg as xm
    >>> table = xm.concentration([20, 50, 20, 10], ranks=(1, 2))
    >>> [round(float(table[name][0]), 4) for name in ("cr1", "cr2", "herfindahl", "herfindahl_normalized")]
    [0.5, 0.7, 0.34, 0.12]
    >>> [round(float(table[name][0]), 4) for name in ("effective_number", "entropy", "primacy")]
    [2.9412, 1.2206, 2.5]
    """
    wanted = _checked_ranks(ranks)
    names = tuple(f"cr{rank}" for rank in wanted)
    keys = keys_of(by)
    keys.check_names(("n", "total", *names, *MEASURES))
    column = value_column(values, "values")
    whose = keys_of(entity, "entity")
    check_lengths(keys, (("values", column),))
    check_lengths(whose, (("values", column),), "entity")
    if whose.columns:
        keys, column, _ = entity_sums(keys, whose, column)
    ascending = np.array(sorted(wanted), dtype=np.int64)
    raw, results = _core.concentration(keys.columns, (column,), ascending, get_threads())
    members, totals, herfindahl, normalized, entropy, primacy, leading = results
    ratios = leading.reshape(len(members), len(ascending))
    table = keys.labels(raw) | {"n": members, "total": totals}
    table |= {
        name: ratios[:, np.searchsorted(ascending, rank)].copy() for name, rank in zip(names, wanted, strict=True)
    }
    effective = quotient(np.ones(len(members)), herfindahl)
    table |= dict(zip(MEASURES, (herfindahl, normalized, effective, entropy, primacy), strict=True))
    return Table(table, percent=names)


def _checked_ranks(ranks: int | Iterable[int]) -> tuple[int, ...]:
    """Give the ranks as whole numbers above 0, none twice."""
    given = ranks if isinstance(ranks, Iterable) else (ranks,)
    wanted = tuple(whole_number(rank, "ranks") for rank in given)
    if len(set(wanted)) < len(wanted):
        raise ValueError(f"ranks: {', '.join(map(str, wanted))} has a rank twice")
    return wanted
