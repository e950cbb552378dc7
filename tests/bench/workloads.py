"""The workloads: what each measures, on which columns, and how much faster than every peer it is meant to be.

A new workload is a row here and, in each module of `libraries` where it has a natural expression, one function
entered in that module's table of measures under the name that the row gives.
"""

from collections.abc import Callable
from typing import NamedTuple

from .columns import arrow_text, dictionary, few_groups, many_groups, pandas_text, panel, sparse_groups

__all__ = ["STATS", "WORKLOADS", "Workload"]

STATS = ("count", "sum", "mean", "min", "max")


class Workload(NamedTuple):
    name: str
    title: str
    measure: str  # the name under which each library has its call
    columns: Callable
    keys: tuple[str, ...]
    results: tuple[str, ...]  # the columns of the answer after its keys, which are compared
    goal: float  # times faster than the fastest peer
    each_record: bool = False  # one number a record, else a row a group
    rows: int | None = None  # where the number of rows is part of the workload
    memory_goal: float | None = None  # MB beyond the inputs


REGION_INDUSTRY = ("region", "industry")

WORKLOADS = (
    Workload("W1", "count, sum, mean, min, max by region, industry",
             "statistics", few_groups, REGION_INDUSTRY, STATS, 3, memory_goal=4),
    Workload("W2", "count, sum, mean, min, max by enterprise",
             "statistics", many_groups, ("enterprise",), STATS, 10, memory_goal=64),
    Workload("W3", "sum by a sparse 64-bit key",
             "sums", sparse_groups, ("code",), ("sum",), 3),
    Workload("W4", "each record's share within region, industry",
             "shares", few_groups, REGION_INDUSTRY, ("share",), 5, each_record=True),
    Workload("W5", "each record's growth on the year before, 5 years shuffled",
             "growth", panel, ("entity", "year"), ("rate",), 4, each_record=True),
    Workload("W6", "the 3 leaders by region, industry",
             "leaders", few_groups, REGION_INDUSTRY, ("value",), 2.5),
    Workload("W7", "concentration by region, industry: Herfindahl and CR4, ours with eight columns more",
             "concentration", few_groups, REGION_INDUSTRY, ("cr4", "herfindahl"), 2.5),
    Workload("W8", "sum by name, Arrow's text",
             "text_sums", arrow_text, ("name",), ("sum",), 2.5),
    Workload("W8p", "sum by name, pandas's text",
             "text_sums", pandas_text, ("name",), ("sum",), 2.5),
    Workload("W8d", "sum by name, a dictionary",
             "dictionary_sums", dictionary, ("name",), ("sum",), 3),
    Workload("W9", "median by region, industry",
             "medians", few_groups, REGION_INDUSTRY, ("median",), 2),
    Workload("W11", "W1 on 35 rows",
             "statistics", few_groups, REGION_INDUSTRY, STATS, 20, rows=35),
)  # fmt: skip
