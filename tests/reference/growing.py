"""Twins of growth, growth_of and average_growth."""

import math
from fractions import Fraction

import numpy as np

from .keys import groups_or_all, label_columns, labels
from .rational import add, difference, nearest, numbers, plain_float, present, quotient

COLUMNS = ("period", "value", "base", "change", "rate", "share", "share_change", "contribution", "pull", "status")


def periods(column):
    """Give periods as ints or datetime64, None where missing; whole floats are ints."""
    return [int(label) if isinstance(label, float) else label for label in labels(column)]


def units(period, n):
    """Give n of the units that a period counts in; of a datetime64, its own."""
    return np.timedelta64(n, np.datetime_data(period.dtype)) if isinstance(period, np.datetime64) else n


def earlier(period, lag):
    """Give the period lag units before."""
    return period - units(period, lag)


def side(values):
    """Give the exact sum of one side of a comparison: 0 without records, NaN where all values are missing."""
    kept = present(values)
    return math.nan if values and not kept else add(kept)


def rate_of(change, base):
    """Give change / base, NaN unless the base is above zero."""
    return quotient(change, base) if base > 0 else math.nan


def status_of(current, base):
    """Name what is special about a comparison of two lists of values (None = missing)."""
    if base and not present(base):
        return "missing base"
    if current and not present(current):
        return "missing value"
    if not base:
        return "new"
    if not current:
        return "gone"
    if add(present(base)) == 0:
        return "zero base"
    if add(present(base)) < 0:
        return "negative base"
    return "incomplete" if None in [*current, *base] else "ok"


def growth(values, period, keys=(), lag=1):
    """Give a row a group and period; each base is the same group's value lag periods earlier, never another row's."""
    column, when = numbers(values), periods(period)
    occurring = sorted({p for p in when if p is not None})
    found = groups_or_all(keys, len(column))
    values_at = {}
    for g, (_, rows) in enumerate(found):
        for row in rows:
            values_at.setdefault((g, when[row]), []).append(column[row])
    lines = {}
    for p in occurring:
        before = earlier(p, lag)
        if before in occurring:
            lines.update(compared(values_at, len(found), p, before))
        else:
            status = "first period" if p == occurring[0] else "no base period"
            lines.update(uncompared(values_at, len(found), p, status))
    for g in range(len(found)):
        if (g, None) in values_at:
            value = nearest(side(values_at[g, None]))
            lines[g, None] = (None, value, *[math.nan] * 7, "no period")
    order = sorted(lines, key=lambda line: (line[0], line[1] is None, line[1] if line[1] is not None else 0))
    table = label_columns(keys, [found[g][0] for g, _ in order])
    for position, name in enumerate(COLUMNS):
        table[name] = [lines[line][position] for line in order]
    return table


def total_at(values_at, period):
    """Give the exact total of all groups' values of one period."""
    return add(present([value for (_, p), values in values_at.items() if p == period for value in values]))


def compared(values_at, n_groups, p, before):
    """Give the lines of one period that has a base: {(group, period): line}."""
    total, base_total = nearest(total_at(values_at, p)), nearest(total_at(values_at, before))
    pairs = {}
    for g in range(n_groups):
        current, base = values_at.get((g, p), []), values_at.get((g, before), [])
        if current or base:
            pairs[g] = (current, base)
    counted = [pair for pair in pairs.values() if status_of(*pair) not in {"missing base", "missing value"}]
    base_counted = add(present([value for _, base in counted for value in base]))
    total_change = difference(add(present([value for current, _ in counted for value in current])), base_counted)
    lines = {}
    for g, (current, base) in pairs.items():
        status = status_of(current, base)
        value, base_value = nearest(side(current)), nearest(side(base))
        change = nearest(difference(side(current), side(base)))
        share = quotient(value, total)
        share_change = plain_float(share - quotient(base_value, base_total))
        left_out = status in {"missing base", "missing value"}
        contribution = math.nan if left_out else quotient(change, nearest(total_change))
        pull = math.nan if left_out else rate_of(change, nearest(base_counted))
        figures = (value, base_value, change, rate_of(change, base_value), share, share_change, contribution, pull)
        lines[g, p] = (p, *figures, status)
    return lines


def uncompared(values_at, n_groups, p, status):
    """Give the lines of one period whose base period occurs nowhere."""
    total = nearest(total_at(values_at, p))
    lines = {}
    for g in range(n_groups):
        if (g, p) in values_at:
            value = nearest(side(values_at[g, p]))
            lines[g, p] = (p, value, *[math.nan] * 3, quotient(value, total), *[math.nan] * 3, status)
    return lines


def growth_of(values, entity, period, lag=1):
    """Give each record's rate against the same entity's record lag periods earlier; NaN where there is none."""
    column, entities, when = numbers(values), labels(entity), periods(period)
    value_at = {(name, p): value for name, p, value in zip(entities, when, column, strict=True)}
    rates = []
    for name, p, value in zip(entities, when, column, strict=True):
        base = None if name is None or p is None else value_at.get((name, earlier(p, lag)))
        if value is None or base is None:
            rates.append(math.nan)
        else:
            change = nearest(difference(add([value]), add([base])))
            rates.append(rate_of(change, nearest(add([base]))))
    return rates


def average_growth(values, period, start, end, keys=()):
    """Give (value / base) ** (1 / periods) - 1 between two periods, NaN unless the base is above zero."""
    column, when = numbers(values), periods(period)
    n_periods = int((end - start) / units(end, 1))
    found = groups_or_all(keys, len(column))
    table = label_columns(keys, [label_tuple for label_tuple, _ in found])
    for name, p in (("base", start), ("value", end)):
        table[name] = [nearest(side([column[row] for row in rows if when[row] == p])) for _, rows in found]
    table["periods"] = [n_periods] * len(found)
    table["rate"] = [
        math.nan if not base > 0 or not value >= 0 else root(value, base, n_periods) - 1
        for base, value in zip(table["base"], table["value"], strict=True)
    ]
    return table


def root(value, base, n_periods):
    """Give the n-th root of value / base."""
    return math.inf if math.isinf(value) else float(Fraction(value) / Fraction(base)) ** (1 / n_periods)
