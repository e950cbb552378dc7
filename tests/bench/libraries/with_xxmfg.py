"""How xxmfg is called: on NumPy arrays as they are."""

from typing import Any, NamedTuple

import numpy as np

import xxmfg as xm

from ..workloads import STATS
from . import Library


class Handed(NamedTuple):
    values: Any
    by: Any


def hand(columns, keys):
    """Give one key as an array, two as a tuple of arrays."""
    by = tuple(columns[name] for name in keys)
    return Handed(columns["value"], by if len(by) > 1 else by[0])


def statistics(handed):
    """Give five statistics a group."""
    return xm.aggregate(handed.values, by=handed.by, stats=STATS)


def sums(handed):
    """Sum each group."""
    return xm.aggregate(handed.values, by=handed.by, stats=("sum",))


def shares(handed):
    """Give each record's share of its group."""
    return xm.share_of(handed.values, within=handed.by)


def growth(handed):
    """Give each record's growth on the year before."""
    entity, year = handed.by
    return xm.growth_of(handed.values, entity, year)


def leaders(handed):
    """Give the three greatest of each group, with their rows and shares."""
    return xm.top(handed.values, 3, by=handed.by)


def concentration(handed):
    """Give Herfindahl's index and the share of the four greatest, with eight other columns."""
    return xm.concentration(handed.values, by=handed.by)


def medians(handed):
    """Give the median of each group."""
    return xm.aggregate(handed.values, by=handed.by, stats=("median",))


def columns_of(answer, keys):
    """Give a table's columns, whose keys had no names, or the one array."""
    if isinstance(answer, np.ndarray):
        return {"share": answer, "rate": answer}
    names = [*keys, *answer.columns[len(keys) :]]
    return {name: answer[column] for name, column in zip(names, answer.columns, strict=True)}


MEASURES = {
    "statistics": statistics,
    "sums": sums,
    "text_sums": sums,
    "dictionary_sums": sums,
    "shares": shares,
    "growth": growth,
    "leaders": leaders,
    "concentration": concentration,
    "medians": medians,
}
LIBRARIES = (Library("xxmfg", xm.__version__, hand, MEASURES, columns_of),)
