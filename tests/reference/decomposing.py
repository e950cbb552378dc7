"""Twin of decompose_growth: entities by name in a mapping, one period against another."""

import math
from fractions import Fraction

from .keys import groups_or_all, labels
from .rational import numbers


def decompose_growth(values, entity, period, keys=(), lag=1):
    """Give {(group, period): {column: figure}}, figures as floats of exact quotients, NaN where they mean nothing."""
    column, whose, when = numbers(values), labels(entity), labels(period)
    known = sorted({label for label in when if label is not None})
    lines = {}
    for group, rows in groups_or_all(keys, len(column)):
        sums = {label: {} for label in known}
        for row in rows:
            if when[row] is not None:
                name = (row, None) if whose[row] is None else (None, whose[row])
                held = sums[when[row]].setdefault(name, [])
                held += [] if column[row] is None else [Fraction(column[row])]
        for label in known:
            before = label - lag if label - lag in sums else None
            if sums[label] or (before is not None and sums[before]):
                lines[group, label] = compared(sums.get(before), sums[label])
    return lines


def compared(then, now):
    """Compare two mappings of entity to values, the first of which is None where there is no such period."""
    past = {} if then is None else then
    left_out = {name for side in (past, now) for name, held in side.items() if not held}
    base = {name: sum(held) for name, held in past.items() if name not in left_out}
    value = {name: sum(held) for name, held in now.items() if name not in left_out}
    stays, enters, exits = base.keys() & value.keys(), value.keys() - base.keys(), base.keys() - value.keys()
    whole, total = sum(base.values(), Fraction(0)), sum(value.values(), Fraction(0))
    below = whole if then is not None and whole > 0 and (base or not past) and (value or not now) else 0
    stayed = sum((base[name] for name in stays), Fraction(0)) if then is not None else 0
    change = sum((value[name] - base[name] for name in stays), Fraction(0))
    return {
        "base": math.nan if then is None or (past and not base) else float(whole),
        "value": math.nan if now and not value else float(total),
        "rate": over(total - whole, below),
        "continuing": over(change, below),
        "entry": over(sum((value[name] for name in enters), Fraction(0)), below),
        "exit": over(sum((base[name] for name in exits), Fraction(0)), below),
        "matched_rate": over(change, stayed),
        "n_continuing": math.nan if then is None else len(stays),
        "n_entry": math.nan if then is None else len(enters),
        "n_exit": math.nan if then is None else len(exits),
    }


def over(above, below):
    """Give above / below, NaN where below is not above zero."""
    return float(above / below) if below > 0 else math.nan
