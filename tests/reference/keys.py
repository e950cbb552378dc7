"""Groups by labels: sorted, first key slowest, missing last; -0.0 is 0.0 and all NaN are one label."""

import math

import numpy as np

from .rational import entries


def labels(column):
    """Give a key column as a list of Python labels (dates as datetime64), None where the label is missing."""
    column = column if isinstance(column, np.ndarray) else np.asarray(column, dtype=object)
    if column.dtype.kind == "M":
        return [None if np.isnat(label) else label for label in column]
    return [None if label is None or label != label else unsigned_zero(label) for label in entries(column)]  # noqa: PLR0124


def unsigned_zero(label):
    """Give 0.0 for -0.0 and every other label as it is."""
    return 0.0 if isinstance(label, float) and label == 0 else label


def missing_label(column):
    """Give what a result shows for a missing label: NaN for floats, NaT for dates, None for the rest."""
    column = column if isinstance(column, np.ndarray) else np.asarray(column)
    if column.dtype.kind == "f":
        return math.nan
    return np.datetime64("NaT", "D") if column.dtype.kind == "M" else None


def sort_key(label_tuple):
    """Order tuples of labels: first key slowest, a missing label after all others."""
    return [(label is None, label) for label in label_tuple]


def groups(keys, *, order="label", missing="keep"):
    """Give [(labels, rows)], a pair for each group that occurs; without keys, all rows are one group."""
    keys = list(keys)
    rows = {}
    for row, label_tuple in enumerate(zip(*map(labels, keys), strict=True)):
        if missing == "keep" or None not in label_tuple:
            rows.setdefault(label_tuple, []).append(row)
    return sorted(rows.items(), key=lambda group: sort_key(group[0])) if order == "label" else list(rows.items())


def groups_or_all(keys, n_rows, *, order="label"):
    """Give the groups by the keys, or one group of all rows where there is no key."""
    return groups(keys, order=order) if keys else [((), list(range(n_rows)))]


def key_names(keys):
    """Name unnamed keys: key, or key_0, key_1 where there are more."""
    return ["key"] if len(keys) == 1 else [f"key_{k}" for k in range(len(keys))]


def label_columns(keys, label_tuples):
    """Give the label columns of a result: name -> list, missing labels as the result shows them."""
    columns = {}
    for k, (name, key) in enumerate(zip(key_names(keys), keys, strict=True)):
        shown = missing_label(key)
        columns[name] = [shown if label_tuple[k] is None else label_tuple[k] for label_tuple in label_tuples]
    return columns
