"""Twins of share and share_of."""

import math

from .keys import groups_or_all, label_columns
from .rational import add, nearest, numbers, present, quotient


def share(values, keys, parents=()):
    """Give each group's sum, its share of its parent's total, and its count of missing values."""
    column = numbers(values)
    found = groups_or_all(keys, len(column))
    table = label_columns(keys, [label_tuple for label_tuple, _ in found])
    parent_total = [math.nan] * len(column)
    for _, rows in groups_or_all(parents, len(column)):
        total = nearest(add(present([column[row] for row in rows])))
        for row in rows:
            parent_total[row] = total
    sums = [add(present([column[row] for row in rows])) for _, rows in found]
    table["sum"] = [nearest(exact) for exact in sums]
    table["share"] = [
        quotient(total, parent_total[rows[0]]) for total, (_, rows) in zip(table["sum"], found, strict=True)
    ]
    table["missing"] = [sum(column[row] is None for row in rows) for _, rows in found]
    return table


def share_of(values, keys=()):
    """Give each record's share of its group's total, NaN where the value is missing or the total is zero."""
    column = numbers(values)
    shares = [math.nan] * len(column)
    for _, rows in groups_or_all(keys, len(column)):
        total = nearest(add(present([column[row] for row in rows])))
        for row in rows:
            if column[row] is not None:
                shares[row] = quotient(float(column[row]), total)
    return shares
