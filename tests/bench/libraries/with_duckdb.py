"""How DuckDB is called: SQL over an Arrow table over the arrays (a table of its own was no faster), NumPy out."""

from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from . import Library


class Handed(NamedTuple):
    connection: Any
    keys: tuple[str, ...]


def hand(columns, keys):
    """Register the arrays as the view `records`, with a row number, since what is joined comes in another order."""
    connection = duckdb.connect()
    connection.register("records", pa.table({**columns, "row": np.arange(len(columns["value"]))}))
    return Handed(connection, keys)


def select(handed, query):
    """Run a query and fetch its columns."""
    return handed.connection.execute(query).fetchnumpy()


def statistics(handed):
    """Give five statistics a group."""
    keys = ", ".join(handed.keys)
    stats = "count(value) AS count, sum(value) AS sum, avg(value) AS mean, min(value) AS min, max(value) AS max"
    return select(handed, f"SELECT {keys}, {stats} FROM records GROUP BY {keys}")


def sums(handed):
    """Sum each group."""
    keys = ", ".join(handed.keys)
    return select(handed, f"SELECT {keys}, sum(value) AS sum FROM records GROUP BY {keys}")


def shares(handed):
    """Give each record's share of its group; sum(value) OVER (PARTITION BY …) takes twice as long."""
    keys = ", ".join(handed.keys)
    totals = f"SELECT {keys}, sum(value) AS total FROM records GROUP BY {keys}"
    return select(handed, f"SELECT row, value / total AS share FROM records JOIN ({totals}) USING ({keys})")


def growth(handed):
    """Give each record's growth on the year before; lag(value) OVER (…) takes longer and does not see a gap."""
    entity, year = handed.keys
    return select(
        handed,
        f"""SELECT now.row, now.value / base.value - 1 AS rate FROM records AS now
        LEFT JOIN records AS base ON now.{entity} = base.{entity} AND now.{year} = base.{year} + 1""",
    )


def leaders(handed):
    """Give the three greatest of each group."""
    keys = ", ".join(handed.keys)
    return select(handed, f"SELECT {keys}, unnest(max(value, 3)) AS value FROM records GROUP BY {keys}")


def concentration(handed):
    """Give Herfindahl's index and the share of the four greatest; one pass takes half as long as two."""
    keys = ", ".join(handed.keys)
    cr4 = "list_sum(max(value, 4)) / sum(value) AS cr4"
    herfindahl = "sum(value * value) / (sum(value) * sum(value)) AS herfindahl"
    return select(handed, f"SELECT {keys}, {cr4}, {herfindahl} FROM records GROUP BY {keys}")


def medians(handed):
    """Give the median of each group."""
    keys = ", ".join(handed.keys)
    return select(handed, f"SELECT {keys}, median(value) AS median FROM records GROUP BY {keys}")


def columns_of(answer, keys):
    """Give the columns; what is null is NaN."""
    return {
        name: column.filled(np.nan) if isinstance(column, np.ma.MaskedArray) and column.mask.any() else column
        for name, column in answer.items()
    }


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
LIBRARIES = (Library("DuckDB", duckdb.__version__, hand, MEASURES, columns_of),)
