"""How Polars is called: a lazy query over a DataFrame, which lets its optimizer and its threads work."""

from typing import Any, NamedTuple

import numpy as np
import polars as pl

from . import Library


class Handed(NamedTuple):
    records: Any
    keys: tuple[str, ...]


def hand(columns, keys):
    """Put the arrays into a DataFrame, with a row number, since what is joined comes in another order."""
    rows = np.arange(len(columns["value"]))
    return Handed(pl.DataFrame({**columns, "row": rows}).lazy(), keys)


def statistics(handed):
    """Give five statistics a group."""
    value = pl.col("value")
    stats = {"count": value.count(), "sum": value.sum(), "mean": value.mean(), "min": value.min(), "max": value.max()}
    return handed.records.group_by(handed.keys).agg(**stats).collect()


def sums(handed):
    """Sum each group."""
    return handed.records.group_by(handed.keys).agg(sum=pl.col("value").sum()).collect()


def shares(handed):
    """Give each record's share of its group."""
    return handed.records.select(share=pl.col("value") / pl.col("value").sum().over(handed.keys)).collect()


def growth(handed):
    """Give each record's growth on the year before; pct_change().over(…, order_by=…) takes more than twice as long."""
    entity, year = handed.keys
    base = handed.records.select(entity, pl.col(year) + 1, base="value")
    matched = handed.records.join(base, on=handed.keys, how="left")
    return matched.select("row", rate=pl.col("value") / pl.col("base") - 1).collect()


def leaders(handed):
    """Give the three greatest of each group."""
    return handed.records.group_by(handed.keys).agg(pl.col("value").top_k(3)).explode("value").collect()


def concentration(handed):
    """Give Herfindahl's index and the share of the four greatest."""
    value = pl.col("value")
    cr4, herfindahl = value.top_k(4).sum() / value.sum(), (value * value).sum() / value.sum() ** 2
    return handed.records.group_by(handed.keys).agg(cr4=cr4, herfindahl=herfindahl).collect()


def medians(handed):
    """Give the median of each group."""
    return handed.records.group_by(handed.keys).agg(median=pl.col("value").median()).collect()


def columns_of(answer, keys):
    """Give the columns; what is null is NaN."""
    return {column.name: column.to_numpy() for column in answer}


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
LIBRARIES = (Library("Polars", pl.__version__, hand, MEASURES, columns_of),)
