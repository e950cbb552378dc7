"""Shows columns in a form that compares bit for bit, so that an assert prints what differs."""

import math
from fractions import Fraction

import numpy as np


def shown(columns):
    """Give a Table or a mapping of columns as plain lists: floats as hexadecimal text, dates as ISO text."""
    return {name: shown_column(columns[name]) for name in columns}


def rows_of(columns):
    """Give a Table or a mapping of columns as a list of rows that compare bit for bit."""
    return list(zip(*shown(columns).values(), strict=True))


def shown_column(column):
    """Give one column as a list; every other entry than a float or a date is itself."""
    if isinstance(column, np.ndarray) and column.dtype.kind == "M":
        return [str(date) for date in column]
    return [shown_entry(entry) for entry in (column.tolist() if isinstance(column, np.ndarray) else column)]


def shown_entry(entry):
    """Give a float as hexadecimal text, a NaN of unusual bits as its bits."""
    if isinstance(entry, np.datetime64):
        return str(entry)
    if not isinstance(entry, float):
        return entry
    bits = int(np.float64(entry).view(np.uint64))
    return float(entry).hex() if not math.isnan(entry) or bits == 0x7FF8 << 48 else f"nan {bits:#x}"


def bits(column):
    """Give floats as their 64 bits."""
    return np.ascontiguousarray(column, dtype=np.float64).view(np.uint64).tolist()


def ulps(expected, actual):
    """Give the distance of a double from an exact number in units of the last place of that number."""
    if math.isnan(expected) or math.isinf(expected) or math.isinf(actual) or math.isnan(actual):
        return 0.0 if expected == actual or (math.isnan(expected) and math.isnan(actual)) else math.inf
    return float(abs(Fraction(actual) - Fraction(expected)) / Fraction(math.ulp(float(expected))))


def furthest(expected, actual):
    """Give the largest distance in ulps between two columns of equal length."""
    return max((ulps(*pair) for pair in zip(expected, actual, strict=True)), default=0.0)


def by_label(table, name):
    """Give one column of a result as a mapping from the labels of its first key."""
    return dict(zip(table[next(iter(table))].tolist(), table[name].tolist(), strict=True))
