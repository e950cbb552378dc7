"""A table's columns for others: lists, pandas, Polars, Arrow; of a protected one with columns of marks and the note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from xxmfg._columns import NOTE, SUPPRESSED, covered, entries_of, mark_of
from xxmfg._objects import text_column

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    import pandas as pd
    import polars as pl
    import pyarrow as pa
    from numpy.typing import NDArray

    from xxmfg.table import Table

    Column = NDArray[Any]
    Flags = NDArray[np.bool_]

__all__ = ["arrow_table", "lists", "marked_columns", "objects", "pandas_frame", "polars_frame"]


def marked_columns(table: Table) -> Iterator[tuple[str, Column, Flags | None]]:
    """Give the name of each column of a frame, the column, and where it is suppressed; then marks, and the note."""
    masks = table.suppressed
    for name in table:
        yield name, table[name], masks.get(name)
    for name, mask in masks.items():
        yield mark_of(name), _texts_where(mask, SUPPRESSED), None
    if masks:
        yield NOTE, _texts_where(np.logical_or.reduce(list(masks.values())), table.note or None), None


def _texts_where(mask: Flags, text: str | None) -> Column:
    return text_column([text if hidden else None for hidden in mask.tolist()])


def lists(table: Table) -> dict[str, list[Any]]:
    """Give the columns of a table as lists of Python objects, `None` where they are suppressed."""
    return {name: covered(objects(column), hidden, None) for name, column, hidden in marked_columns(table)}


def objects(column: Column) -> list[Any]:
    """Give a column as Python objects: a missing entry is `None`, a float NaN stays NaN."""
    kind = column.dtype.kind
    if kind in "mM" and np.datetime_data(column.dtype)[0] in {"ns", "ps", "fs", "as"}:
        return entries_of(column)
    return entries_of(column) if kind in "TO" else cast("list[Any]", column.tolist())


def pandas_frame(table: Table) -> pd.DataFrame:
    """Give a table as a pandas DataFrame."""
    frames = _extra("pandas")
    columns = {
        name: column.tolist() if column.dtype.kind in "TU" else column for name, column, _ in marked_columns(table)
    }
    frame = cast("pd.DataFrame", frames.DataFrame(columns))
    if table.suppressed:
        frame.attrs["note"] = table.note
    return frame


def polars_frame(table: Table) -> pl.DataFrame:
    """Give a table as a Polars DataFrame."""
    frames = _extra("polars")
    columns = []
    for name, column, hidden in marked_columns(table):
        series = frames.Series(name, *_portable(column, frames.String))
        columns.append(series if hidden is None else series.set(frames.Series(hidden), None))
    return cast("pl.DataFrame", frames.DataFrame(columns))


def arrow_table(table: Table) -> pa.Table:
    """Give a table as an Arrow table."""
    arrow = _extra("pyarrow", "arrow")
    columns = {
        name: arrow.array(*_portable(column, arrow.string()), mask=hidden)
        for name, column, hidden in marked_columns(table)
    }
    made = arrow.table(columns)
    return made.replace_schema_metadata({"note": table.note}) if table.suppressed else made


def _portable(column: Column, text: Any) -> tuple[Column | list[Any], Any]:
    """Give a column in a form that Arrow has a type for, and that type where the entries alone may not tell it."""
    kind = column.dtype.kind
    if kind in "TUO":
        return entries_of(column), None if kind == "O" else text
    if kind in "mM":
        unit, step = np.datetime_data(column.dtype)
        known = {"ms", "us", "ns", "D"} if kind == "M" else {"ms", "us", "ns"}
        if unit not in known or step != 1:
            return column.astype(f"{kind}8[{'D' if kind == 'M' and unit in {'Y', 'M', 'W', 'D'} else 'ms'}]"), None
    return column, None


def _extra(module: str, extra: str = "") -> ModuleType:
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        name = extra or module
        raise ImportError(f"to_{name} needs {module}: pip install xxmfg[{name}]", name=module) from error
