"""Twins of top and rank_of."""

import math

from .keys import groups_or_all, label_columns, labels, missing_label
from .rational import add, nearest, numbers, present, quotient


def top(values, n, keys=(), label=None, ties="strict"):
    """Give each group's n largest values: ties by label, then by row; ties="all" keeps all that tie with the n-th."""
    column = numbers(values)
    names = [None] * len(column) if label is None else labels(label)
    label_tuples, lines = [], []
    for label_tuple, rows in groups_or_all(keys, len(column)):
        ordered = sorted(
            (row for row in rows if column[row] is not None),
            key=lambda row: (-column[row], names[row] is None, names[row] if names[row] is not None else 0, row),
        )
        chosen = ordered[:n]
        if ties == "all" and chosen:
            chosen = [row for row in ordered if column[row] >= column[chosen[-1]]]
        total = nearest(add([column[row] for row in ordered]))
        for rank, row in enumerate(chosen, start=1):
            so_far = nearest(add([column[earlier] for earlier in chosen[:rank]]))
            place = rank if ties == "strict" else 1 + sum(column[other] > column[row] for other in ordered)
            label_tuples.append(label_tuple)
            share = quotient(float(column[row]), total)
            lines.append((place, row, names[row], column[row] + 0, share, quotient(so_far, total)))
    table = label_columns(keys, label_tuples)
    for position, name in enumerate(("rank", "row", "label", "value", "share", "cumulative_share")):
        if name != "label" or label is not None:
            table[name] = [line[position] for line in lines]
    if label is not None:
        shown = missing_label(label)
        table["label"] = [shown if text is None else text for text in table["label"]]
    return table


def sums_by_entity(values, entity):
    """Give [(first row, entity, exact sum)]; each record without an entity is an entity of its own."""
    column, entities = numbers(values), labels(entity)
    rows_of = {}
    for row, name in enumerate(entities):
        rows_of.setdefault((row if name is None else None, name), []).append(row)
    return [
        (rows[0], name, add(present([column[row] for row in rows])))
        for (_, name), rows in rows_of.items()
        if present([column[row] for row in rows])
    ]


def rank_of(values, keys=(), method="competition", *, descending=True):
    """Give each record's rank within its group; missing values get 0, or NaN where ranks are averages."""
    column = numbers(values)
    ranks = [math.nan if method == "average" else 0] * len(column)
    for _, rows in groups_or_all(keys, len(column)):
        kept = [row for row in rows if column[row] is not None]
        sign = -1 if descending else 1
        for row in kept:
            before = [other for other in kept if sign * column[other] < sign * column[row]]
            equal = [other for other in kept if column[other] == column[row]]
            ranks[row] = {
                "competition": len(before) + 1,
                "dense": len({column[other] for other in before}) + 1,
                "ordinal": len(before) + equal.index(row) + 1,
                "average": len(before) + (len(equal) + 1) / 2,
            }[method]
    return ranks
