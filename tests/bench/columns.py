"""The columns that are measured on, made anew from a seed; groups are equally likely.

Keys are plain NumPy arrays, but for text, which comes as Arrow and pandas hold it.
"""

import numpy as np

__all__ = [
    "VALUES",
    "arrow_text",
    "dictionary",
    "few_groups",
    "many_groups",
    "pandas_text",
    "panel",
    "sparse_groups",
]

N_REGIONS, N_INDUSTRIES, N_YEARS, N_NAMES = 10, 7, 5, 3_000


def lognormal(generator, rows):
    """Give values of many magnitudes."""
    return generator.lognormal(0, 2, rows)


def with_one_inf(generator, rows):
    """Give the same with one inf in the middle."""
    values = lognormal(generator, rows)
    values[rows // 2] = np.inf
    return values


VALUES = {
    "lognormal(0, 2)": lognormal,
    "yuan, lognormal(16, 3)": lambda generator, rows: generator.lognormal(16, 3, rows),
    "N(0, 1)": lambda generator, rows: generator.standard_normal(rows),
    "integers": lambda generator, rows: generator.integers(0, 1_000_000, rows),
    "one inf": with_one_inf,
}


def few_groups(rows, values=lognormal):
    """Make 70 groups of two int32 keys."""
    generator = np.random.default_rng(1)
    return {
        "value": values(generator, rows),
        "region": generator.integers(0, N_REGIONS, rows, dtype=np.int32),
        "industry": generator.integers(0, N_INDUSTRIES, rows, dtype=np.int32),
    }


def many_groups(rows, values=lognormal):
    """Make 300,000 groups of one int32 key; fewer below 10 M rows."""
    generator = np.random.default_rng(2)
    n_groups = max(1, min(300_000, rows * 3 // 100))
    return {
        "value": values(generator, rows),
        "enterprise": generator.integers(0, n_groups, rows, dtype=np.int32),
    }


def sparse_groups(rows):
    """Make 1 M groups of one int64 key spread over 62 bits; fewer below 10 M rows."""
    generator = np.random.default_rng(3)
    names = generator.integers(0, 1 << 62, max(1, min(1_000_000, rows // 10)))
    return {"value": lognormal(generator, rows), "code": names[generator.integers(0, len(names), rows)]}


def panel(rows):
    """Make entities of five years each, no gap, all shuffled: 2 M entities at 10 M rows."""
    generator = np.random.default_rng(4)
    n_entities = rows // N_YEARS
    order = generator.permutation(n_entities * N_YEARS)
    return {
        "value": lognormal(generator, len(order)),
        "entity": np.repeat(np.arange(n_entities, dtype=np.int32), N_YEARS)[order],
        "year": np.tile(np.arange(2015, 2015 + N_YEARS, dtype=np.int32), n_entities)[order],
    }


def dictionary(rows):
    """Make 3,000 names of one key, an Arrow dictionary."""
    import pyarrow as pa

    generator = np.random.default_rng(5)
    names = pa.array([f"第{place:04}机械制造有限公司" for place in range(N_NAMES)])
    codes = generator.integers(0, N_NAMES, rows, dtype=np.int32)
    return {"value": lognormal(generator, rows), "name": pa.DictionaryArray.from_arrays(codes, names)}


def arrow_text(rows):
    """Make the same names as Arrow's text."""
    columns = dictionary(rows)
    return {**columns, "name": columns["name"].dictionary_decode()}


def pandas_text(rows):
    """Make the same names as pandas's text."""
    import pandas as pd

    columns = arrow_text(rows)
    return {**columns, "name": pd.Series(columns["name"].to_pandas(), dtype="str")}
