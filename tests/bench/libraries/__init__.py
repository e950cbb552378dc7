"""The libraries that are compared: one module each, the only place that knows how that library is called.

A module imports its library at the top (where that fails, the library is left out) and gives `LIBRARIES`, mostly of
one. Columns are handed over before the clock runs, in the form in which the library is fastest, without a copy where
it has such a form. A measure is one call of the library's public interface as its documentation writes it.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

__all__ = ["Library", "installed"]

MODULES = ("with_xxmfg", "with_pandas", "with_polars", "with_duckdb", "with_arrow", "with_numpy", "with_r")


class Library(NamedTuple):
    name: str
    version: str
    hand: Callable[[Mapping[str, Any], tuple[str, ...]], Any]  # columns and names of keys → what measures take
    measures: Mapping[str, Callable[[Any], Any]]
    columns_of: Callable[[Any, tuple[str, ...]], Mapping[str, Any]]  # answer and names of keys → arrays by name
    by_hand: frozenset[str] = frozenset()  # measures that are lines of one's own for these keys, not a call
    in_process: bool = True  # else a call has the cost of a message, and its memory is not ours to see


def installed():
    """Give the libraries by name, xxmfg first, and a note for each that is left out."""
    libraries, notes = {}, []
    for module in MODULES:
        try:
            found = import_module(f"{__name__}.{module}").LIBRARIES
        except ImportError as absent:
            notes.append(f"left out: {absent}")
        else:
            libraries |= {library.name: library for library in found}
    return libraries, notes
