"""How NumPy is called: it has no groups, so by lines that one writes for keys like these, integers with few gaps.

Where they are one expression they count as a call of NumPy's; else they are shown, marked as written by hand.
"""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from . import Library


class Handed(NamedTuple):
    values: Any
    by: tuple[Any, ...]


def hand(columns, keys):
    """Give the arrays as they are."""
    return Handed(columns["value"], tuple(columns[name] for name in keys))


def groups(by):
    """Give each record's group by its keys, which are small integers, and the number of groups that may occur."""
    sizes = tuple(int(key.max()) + 1 for key in by)
    return np.ravel_multi_index(by, sizes) if len(by) > 1 else by[0], sizes


def labels(which, sizes):
    """Give the keys of groups, numbered."""
    return {f"key_{place}": key for place, key in enumerate(np.unravel_index(which, sizes))}


def statistics(handed):
    """Give five statistics a group."""
    codes, sizes = groups(handed.by)
    n_groups = int(np.prod(sizes))
    count = np.bincount(codes, minlength=n_groups)
    sums = np.bincount(codes, handed.values, n_groups)
    least, greatest = np.full(n_groups, np.inf), np.full(n_groups, -np.inf)
    np.minimum.at(least, codes, handed.values)
    np.maximum.at(greatest, codes, handed.values)
    which = np.flatnonzero(count)
    stats = {"count": count, "sum": sums, "mean": sums / np.maximum(count, 1), "min": least, "max": greatest}
    return labels(which, sizes) | {name: column[which] for name, column in stats.items()}


def sums(handed):
    """Sum each group; the key is spread too wide to be an index."""
    keys, codes = np.unique(handed.by[0], return_inverse=True)
    return {"key_0": keys, "sum": np.bincount(codes, handed.values)}


def shares(handed):
    """Give each record's share of its group."""
    codes, _ = groups(handed.by)
    return {"share": handed.values / np.bincount(codes, handed.values)[codes]}


def growth(handed):
    """Give each record's growth on the year before, which is its neighbor once they are sorted."""
    entity, year = handed.by
    order = np.lexsort((year, entity))
    entity, year, values = entity[order], year[order], handed.values[order]
    follows = (entity[1:] == entity[:-1]) & (year[1:] == year[:-1] + 1)
    rates = np.full(len(values), np.nan)
    rates[order[1:][follows]] = values[1:][follows] / values[:-1][follows] - 1
    return {"rate": rates}


def leaders(handed):
    """Give the three greatest of each group, which stand at its head once they are sorted."""
    codes, sizes = groups(handed.by)
    order = np.lexsort((-handed.values, codes))
    heads = np.r_[0, np.flatnonzero(np.diff(codes[order])) + 1, len(order)]
    places = np.concatenate([np.arange(head, min(head + 3, end)) for head, end in pairwise(heads)])
    rows = order[places]
    return labels(codes[rows], sizes) | {"value": handed.values[rows]}


def columns_of(answer, keys):
    """Give the columns, the keys by their names."""
    return {**answer, **{name: answer[f"key_{place}"] for place, name in enumerate(keys) if f"key_{place}" in answer}}


MEASURES = {"statistics": statistics, "sums": sums, "shares": shares, "growth": growth, "leaders": leaders}
BY_HAND = frozenset({"statistics", "growth", "leaders"})
LIBRARIES = (Library("NumPy", np.__version__, hand, MEASURES, columns_of, BY_HAND),)
