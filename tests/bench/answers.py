"""Answers compared: every library's with xxmfg's within rounding, and whose sums are the correctly rounded ones."""

import math
from itertools import pairwise

import numpy as np

__all__ = ["disagreement", "n_different", "n_exact", "rounded_sums", "sorted_answer"]

EXACT = {"count", "min", "max", "value"}  # what no rounding enters


def sorted_answer(columns, workload):
    """Give the results of an answer as arrays: records in their order, groups in that of their keys."""
    columns = {name: np.asarray(column) for name, column in columns.items()}
    first = columns[workload.results[0]]
    if workload.each_record:
        order = np.argsort(columns["row"]) if "row" in columns else slice(None)
        return {name: columns[name][order] for name in workload.results}
    order = np.lexsort((-first, *(columns[name] for name in reversed(workload.keys))))
    return {name: columns[name][order] for name in (*workload.keys, *workload.results)}


def disagreement(expected, actual, n_rows):
    """Say where two answers differ by more than a plain sum of so many rows may be off; empty where nowhere."""
    for name, column in expected.items():
        other = actual[name]
        if column.shape != other.shape:
            return f"{name}: {len(other)} rows, not {len(column)}"
        is_rounded = column.dtype.kind == "f" and name not in EXACT
        # A rate is what is left of a quotient when 1 is taken away; it is as far off as the quotient.
        size = np.abs(column) + (name == "rate")
        allowed = n_rows * np.finfo(float).eps * size if is_rounded else 0
        with np.errstate(invalid="ignore"):
            same = (column == other) | (np.abs(column - other) <= allowed)
        if is_rounded:
            same |= np.isnan(column) & np.isnan(other)
        if not same.all():
            row = int(np.flatnonzero(~same)[0])
            return f"{name}: {other[row]!s} in place {row}, not {column[row]!s}"
    return ""


def starts_of(by):
    """Give where groups begin in sorted keys, and their number of rows as the last bound."""
    changes = np.any([key[1:] != key[:-1] for key in by], axis=0)
    return np.r_[0, np.flatnonzero(changes) + 1, len(by[0])]


def n_different(by):
    """Count the different keys, which are sorted."""
    return len(starts_of(by)) - 1


def rounded_sums(columns, keys):
    """Give the sum of each group, in the order of the keys, correctly rounded: by math.fsum."""
    by = [columns[name] for name in keys]
    order = np.lexsort(by[::-1])
    bounds = starts_of([key[order] for key in by]).tolist()
    values = columns["value"][order]
    return np.array([math.fsum(values[a:b].tolist()) for a, b in pairwise(bounds)])


def n_exact(sums, answer):
    """Count the sums that are the correctly rounded ones, to the last bit."""
    return int(np.count_nonzero(sums == answer["sum"])) if sums.shape == answer["sum"].shape else 0
