"""How Arrow is called: a pyarrow Table over the arrays; it has no leaders of groups."""

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..workloads import STATS
from . import Library


class Handed(NamedTuple):
    table: Any
    keys: list[str]


def hand(columns, keys):
    """Put the arrays into a Table, with a row number, since what is joined comes in another order."""
    return Handed(pa.table({**columns, "row": np.arange(len(columns["value"]))}), list(keys))


def statistics(handed):
    """Give five statistics a group."""
    return handed.table.group_by(handed.keys).aggregate([("value", stat) for stat in STATS])


def sums(handed):
    """Sum each group."""
    return handed.table.group_by(handed.keys).aggregate([("value", "sum")])


def shares(handed):
    """Give each record's share of its group: matched with the group's sum."""
    matched = handed.table.join(sums(handed), handed.keys, join_type="inner")
    return pa.table({"row": matched["row"], "share": pc.divide(matched["value"], matched["value_sum"])})


def growth(handed):
    """Give each record's growth on the year before: matched with the same records a year later."""
    entity, year = handed.keys
    later = pc.add(handed.table[year], pa.scalar(1, handed.table[year].type))
    base = pa.table({entity: handed.table[entity], year: later, "base": handed.table["value"]})
    matched = handed.table.join(base, handed.keys, join_type="left outer")
    return pa.table({"row": matched["row"], "rate": pc.subtract(pc.divide(matched["value"], matched["base"]), 1.0)})


def columns_of(answer, keys):
    """Give the columns, called by their statistic alone; what is null is NaN."""
    return {name.removeprefix("value_"): answer[name].to_numpy() for name in answer.column_names}


MEASURES = {
    "statistics": statistics,
    "sums": sums,
    "text_sums": sums,
    "dictionary_sums": sums,
    "shares": shares,
    "growth": growth,
}
LIBRARIES = (Library("Arrow", pa.__version__, hand, MEASURES, columns_of),)
