"""How pandas is called: a DataFrame over the arrays."""

from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from ..workloads import STATS
from . import Library


class Handed(NamedTuple):
    frame: Any
    keys: list[str]


def hand(columns, keys):
    """Put the arrays into a DataFrame as they are; Arrow's text becomes text of pandas, a dictionary categories."""
    own = {name: column.to_pandas() if isinstance(column, pa.Array) else column for name, column in columns.items()}
    return Handed(pd.DataFrame(own, copy=False), list(keys))


def statistics(handed):
    """Give five statistics a group."""
    return handed.frame.groupby(handed.keys, sort=False)["value"].agg(list(STATS))


def sums(handed):
    """Sum each group."""
    return handed.frame.groupby(handed.keys, sort=False, observed=True)["value"].sum()


def shares(handed):
    """Give each record's share of its group."""
    return handed.frame["value"] / handed.frame.groupby(handed.keys, sort=False)["value"].transform("sum")


def growth(handed):
    """Give each record's growth on the year before: matched with the same records a year later."""
    frame, (entity, year) = handed.frame, handed.keys
    base = pd.DataFrame({entity: frame[entity], year: frame[year] + 1, "base": frame["value"]})
    matched = frame.merge(base, on=handed.keys, how="left")
    return matched["value"] / matched["base"] - 1


def leaders(handed):
    """Give the three greatest of each group."""
    return handed.frame.groupby(handed.keys, sort=False)["value"].nlargest(3)


def medians(handed):
    """Give the median of each group."""
    return handed.frame.groupby(handed.keys, sort=False)["value"].median().rename("median")


def columns_of(answer, keys):
    """Give a table's columns with those of its index, or the one series."""
    if isinstance(answer, pd.Series) and answer.index.nlevels == 1 and answer.index.name not in keys:
        return {"share": answer.to_numpy(), "rate": answer.to_numpy()}
    table = answer.reset_index()
    columns = {name: table[name].to_numpy() for name in table.columns}
    return columns | ({"sum": columns["value"]} if "value" in columns else {})


MEASURES = {
    "statistics": statistics,
    "sums": sums,
    "text_sums": sums,
    "dictionary_sums": sums,
    "shares": shares,
    "growth": growth,
    "leaders": leaders,
    "medians": medians,
}
LIBRARIES = (Library("pandas", pd.__version__, hand, MEASURES, columns_of),)
