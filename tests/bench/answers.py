"""Answers compared: every library's with xxmfg's within rounding, and whose sums are the correctly rounded ones."""

import math
from itertools import pairwise

import numpy as np

__all__ = ["disagreement", "n_different", "n_exact", "rounded_sums", "sorted_answer"]

EXACT = {"count", "min", "max", "value"}  # what no rounding enters


def sorted_answer(columns, workload):
    """Give the results of an answer as arrays: records in their order, groups in that of their keys."""
    columns = {name: as_array(column) for name, column in columns.items()}
    first = columns[workload.results[0]]
    if workload.each_record:
        order = np.argsort(columns["row"]) if "row" in columns else slice(None)
        return {name: columns[name][order] for name in workload.results}
    order = np.lexsort((-first, *(columns[name] for name in reversed(workload.keys))))
    return {name: columns[name][order] for name in (*workload.keys, *workload.results)}


def as_array(column):
    """Give a column of an answer as an array, text as text of one width, which sorts."""
    array = np.asarray(column)
    return np.array(array.tolist()) if array.dtype.kind in ("O", "T") else array


def sort_keys(column):
    """Give a key as numbers that sort as it does: text as the places of its names."""
    if isinstance(column, np.ndarray):
        return column
    import pyarrow as pa

    encoded = pa.array(column).dictionary_encode()
    places = np.argsort(np.argsort(encoded.dictionary.to_pylist()))
    return places[encoded.indices.to_numpy()]


def disagreement(expected, actual, n_rows):
    """Say where two answers differ by more than a plain sum of so many rows may be off; empty where nowhere."""
    for name, column in expected.items():
        other = actual[name]
        if column.shape != other.shape:
            return f"{name}: {len(other)} rows, not {len(column)}"
        is_rounded = column.dtype.kind == "f" and name not in EXACT
        same = column == other
        if is_rounded:
            # A rate is what is left of a quotient when 1 is taken away; it is as far off as the quotient.
            allowed = n_rows * np.finfo(float).eps * (np.abs(column) + (name == "rate"))
            with np.errstate(invalid="ignore"):
                same |= np.abs(column - other) <= allowed
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
    by = [sort_keys(columns[name]) for name in keys]
    order = np.lexsort(by[::-1])
    bounds = starts_of([key[order] for key in by]).tolist()
    values = columns["value"][order]
    return np.array([math.fsum(values[a:b].tolist()) for a, b in pairwise(bounds)])


def n_exact(sums, answer):
    """Count the sums that are the correctly rounded ones, to the last bit."""
    return int(np.count_nonzero(sums == answer["sum"])) if sums.shape == answer["sum"].shape else 0
