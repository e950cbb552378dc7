"""Grouping: keys to codes and labels, built once and reusable by every measure; and how keys are named."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._arrays import CODES, LEAVES_OUT, TEXT, flagged, key_column, length_of
from xxmfg._objects import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from numpy.typing import NDArray

    from xxmfg._arrays import Column

    Labels = tuple[NDArray[Any], ...]
    Decoder = Callable[[Any], Labels]

__all__ = ["Grouping", "Keys", "by_label", "check_lengths", "keys_of", "labels_by_code"]


class Keys:
    """The keys of one call: names, columns for the core, and how its labels become arrays.

    Where they `are_plain`, integers of which none is missing, the core gives their labels as they are wanted.
    """

    __slots__ = ("are_plain", "columns", "decoders", "names")

    def __init__(
        self,
        names: tuple[str, ...],
        columns: tuple[Column, ...],
        decoders: tuple[Decoder | None, ...],
        are_plain: bool = False,
    ) -> None:
        self.names = names
        self.columns = columns
        self.decoders = decoders
        self.are_plain = are_plain

    def __add__(self, other: Keys) -> Keys:
        """Give the keys of both, those of `other` fastest."""
        taken = set(self.names) & set(other.names)
        if taken:
            raise ValueError(f"two keys have the name {min(taken)!r}: name one of them otherwise")
        return Keys(
            self.names + other.names,
            self.columns + other.columns,
            self.decoders + other.decoders,
            self.are_plain and other.are_plain,
        )

    def left_out(self) -> Keys:
        """Give the same keys, where a missing one leaves its record out."""
        if self.are_plain:
            return self
        return Keys(self.names, tuple(flagged(column, LEAVES_OUT) for column in self.columns), self.decoders)

    def labels(self, raw: tuple[Any, ...]) -> dict[str, NDArray[Any]]:
        """Give the label columns of what the core says of its groups."""
        arrays: list[NDArray[Any]] = []
        for decode, labels in zip(self.decoders, raw, strict=True):
            if decode is not None:
                arrays += decode(labels)  # of all keys of a Grouping at once
            elif type(labels) is np.ndarray:
                arrays.append(labels)
            else:
                arrays.append(_plain_labels(labels, self.names[len(arrays)]))
        return dict(zip(self.names, arrays, strict=True))

    def table(
        self, raw: tuple[Any, ...], titles: tuple[str, ...], results: tuple[NDArray[Any], ...]
    ) -> dict[str, NDArray[Any]]:
        """Give the columns of labels, then those of results, which have titles."""
        if self.are_plain:
            return dict(zip(self.names + titles, raw + results, strict=True))
        return self.labels(raw) | dict(zip(titles, results, strict=True))

    def check_names(self, results: Container[str]) -> None:
        """Raise where a key is called like a column of the result."""
        for name in self.names:
            if name in results:
                raise ValueError(f"a key is called {name!r}, which is a column of the result: name it otherwise")


class Grouping:
    """Records put into groups by their keys; built once, it serves any number of measures.

    Parameters
    ----------
    *keys : array_like, shape (n,), or mapping of str to array_like
        One or more columns of integers, floats, bools, text or dates. A mapping (or a named Series) names them. Dates
        with a time zone are read by the clock of their zone; Decimals and Fractions as their nearest doubles.
    missing : {"keep", "drop"}, optional
        Whether a missing key is a label of its own, the last of its key, or leaves its record out on purpose.
    order : {"label", "appearance"}, optional
        Groups by their labels, first key slowest, or by their first records.

    Attributes
    ----------
    n_rows, n_groups, n_missing : int
        Records, groups, and records left out.
    codes : ndarray of int32, shape (n,)
        The group of each record; -1 where it is left out.
    labels : tuple of ndarray, each of shape (n_groups,)
        The labels of the groups, an array a key.
    names : tuple of str
        The names of the keys.

    Raises
    ------
    TypeError
        If a key is of a kind that cannot be one.
    ValueError
        If there is no key, one is not 1-D, or lengths differ.

    Examples
    --------
    >>> import xxmfg as xm
    >>> g = xm.Grouping(["b", "a", "b"])
    >>> g.codes.tolist(), g.labels[0].tolist()
    ([1, 0, 1], ['a', 'b'])
    >>> xm.aggregate([1.0, 2.0, 4.0], by=g)["sum"].tolist()
    [2.0, 5.0]
    """

    __slots__ = ("codes", "labels", "n_groups", "n_missing", "n_rows", "names")

    codes: NDArray[np.int32]
    labels: Labels
    names: tuple[str, ...]
    n_rows: int
    n_groups: int
    n_missing: int

    def __init__(self, *keys: Any, missing: str = "keep", order: str = "label") -> None:
        if missing not in {"keep", "drop"}:
            raise ValueError(f'missing must be "keep" or "drop", not {missing!r}')
        given: Any = keys
        if len(keys) == 1 and isinstance(keys[0], (Mapping, Grouping)):
            given = keys[0]
        held = keys_of(given, "keys")
        if not held.columns:
            raise ValueError("keys: at least one is needed")
        check_lengths(held, (), "keys")
        if missing == "drop":
            held = held.left_out()
        codes, n_missing, raw = _core.group(held.columns, by_label(order))
        labels = held.labels(raw)
        n_groups = len(next(iter(labels.values())))
        self._hold(codes, tuple(labels.values()), n_groups, n_missing, len(codes), held.names)

    def _hold(self, *attributes: Any) -> None:
        """Take the attributes in the order of the slots; the arrays do not change from here on."""
        for name, attribute in zip(self.__slots__, attributes, strict=True):
            object.__setattr__(self, name, attribute)
        for array in (self.codes, *self.labels):
            array.flags.writeable = False

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: a grouping does not change."""
        raise AttributeError(f"a Grouping does not change: {name} cannot be set")

    def __reduce__(self) -> tuple[Any, ...]:
        """Give what copies and pickles are made of: the attributes, in their order."""
        return _grouping_of, tuple(getattr(self, name) for name in self.__slots__)

    def __repr__(self) -> str:
        """Say what the groups are made of."""
        return f"Grouping({', '.join(self.names)}: {self.n_rows:,} rows, {self.n_groups:,} groups)"


def _grouping_of(*attributes: Any) -> Grouping:
    """Give the grouping that a copy or a pickle is of."""
    grouping = Grouping.__new__(Grouping)
    grouping._hold(*attributes)
    return grouping


def by_label(order: str) -> bool:
    """Tell whether groups come in the order of labels."""
    if order not in {"label", "appearance"}:
        raise ValueError(f'order must be "label" or "appearance", not {order!r}')
    return order == "label"


def keys_of(given: Any, argument: str = "by", default: str = "key") -> Keys:
    """Give what stands for keys in a call: nothing, a column, a tuple or a mapping of columns, or a Grouping."""
    if given is None:
        return Keys((), (), ())
    columns = (given,) if type(given) is np.ndarray else given
    if type(columns) is tuple:
        if _core.are_integers(columns):
            return _plain(_unnamed(default, len(columns)), columns)
        return _several(_names_of(columns, default), columns, argument)
    if isinstance(given, Grouping):
        return Keys(given.names, ((given.codes, None, CODES | LEAVES_OUT),), (labels_by_code(given.labels),))
    if isinstance(given, Mapping):
        for name in given:
            if not isinstance(name, str):
                raise TypeError(f"{argument}: the name of a key must be a str, not {name!r}")
        return _several(tuple(given), tuple(given.values()), argument)
    if isinstance(given, list) and given and _is_column(given[0]):
        raise TypeError(f"{argument}: several keys come as a tuple of columns or a mapping, not as a list")
    return _single(given, argument, default)


def _plain(names: tuple[str, ...], columns: tuple[Any, ...]) -> Keys:
    return Keys(names, columns, (None,) * len(columns), are_plain=True)


def _several(names: tuple[str, ...], columns: tuple[Any, ...], argument: str) -> Keys:
    if len(columns) == 1 and isinstance(columns[0], Grouping):
        return keys_of(columns[0], argument)
    if len(set(names)) < len(names):
        raise ValueError(f"{argument}: two keys have one name among {', '.join(names)}")
    if _core.are_integers(columns):
        return _plain(names, columns)
    read, decoders = [], []
    for name, given in zip(names, columns, strict=True):
        column, labels = key_column(given, argument, name)
        read.append(column)
        decoders.append(_decoder(labels))
    return Keys(names, tuple(read), tuple(decoders))


def _single(given: Any, argument: str, default: str) -> Keys:
    name = _name_of(given)
    column, labels = key_column(given, argument, name)
    return Keys((name or default,), (column,), (_decoder(labels),))


def _is_column(entry: Any) -> bool:
    return not isinstance(entry, (str, bytes)) and (isinstance(entry, (list, tuple)) or getattr(entry, "ndim", 0) > 0)


def _name_of(column: Any) -> str | None:
    name = getattr(column, "name", None)
    return name if isinstance(name, str) and name else None


def _names_of(columns: tuple[Any, ...], default: str) -> tuple[str, ...]:
    """Give the columns' own names; unnamed ones are `key`, or `key_0`, `key_1` by place where there are several."""
    unnamed = _unnamed(default, len(columns))
    if all([type(column) is np.ndarray for column in columns]):
        return unnamed
    return tuple([_name_of(column) or name for name, column in zip(unnamed, columns, strict=True)])


@lru_cache(maxsize=64)
def _unnamed(default: str, count: int) -> tuple[str, ...]:
    return (default,) if count == 1 else tuple([f"{default}_{i}" for i in range(count)])


def check_lengths(keys: Keys, values: Sequence[tuple[str, Column]], argument: str = "by") -> None:
    """Raise where columns differ in length, naming two of them and both lengths."""
    columns = [column for _, column in values] + list(keys.columns)
    lengths = [length_of(column) for column in columns]
    if len(set(lengths)) <= 1:
        return
    names = [name for name, _ in values] + [f"{argument} {name!r}" for name in keys.names]
    other = next(i for i, length in enumerate(lengths) if length != lengths[0])
    raise ValueError(f"{names[0]} has {lengths[0]} rows, {names[other]} has {lengths[other]}: lengths must be equal")


# ---- labels ----


def _decoder(labels: NDArray[Any] | np.dtype[Any] | None) -> Decoder | None:
    """Give what decodes the labels of a key; None where the core read the key itself."""
    if isinstance(labels, np.dtype):
        return _date_labels(labels)
    return None if labels is None else _category_labels(labels)


def _date_labels(dtype: np.dtype[Any]) -> Decoder:
    """Give the decoder of dates that the core gives as integers."""

    def decode(raw: Any) -> Labels:
        dates, absent = (raw, None) if type(raw) is np.ndarray else raw
        return (dates.view(dtype) if absent is None else _with_missing(dates.view(dtype), absent),)

    return decode


def _plain_labels(raw: tuple[Any, ...], name: str) -> NDArray[Any]:
    """Give the labels of a key that the core read itself, some missing or text."""
    if len(raw) == 3:
        texts, codes, absent = raw
        table = as_text([*texts, None], f"key {name!r}", "label")
        return table[codes if absent is None else np.where(absent, len(texts), codes)]
    return _with_missing(*raw)


def _category_labels(categories: NDArray[Any]) -> Decoder:
    """Give the decoder of a key that was read through codes."""

    def decode(raw: Any) -> Labels:
        codes, absent = (raw, None) if type(raw) is np.ndarray else raw
        if not len(categories):
            return (np.full(len(codes), None, dtype=TEXT),)
        labels = categories[codes]
        return (labels if absent is None else _with_missing(labels, absent),)

    return decode


def labels_by_code(labels: Labels) -> Decoder:
    """Give the decoder of a Grouping, whose one column of codes stands for all its keys."""

    def decode(raw: Any) -> Labels:
        codes, absent = (raw, None) if type(raw) is np.ndarray else raw
        if absent is None:
            return tuple([column[codes] for column in labels])
        padded = [np.append(column, np.zeros(1, column.dtype)) for column in labels]  # where all records are left out
        return tuple([_with_missing(column[codes], absent) for column in padded])

    return decode


def _with_missing(labels: NDArray[Any], absent: NDArray[np.bool_]) -> NDArray[Any]:
    """Give labels with the missing ones marked as their kind can: NaN, NaT, else None."""
    kind = labels.dtype.kind
    if kind in "biu":
        labels = labels.astype(object)
    elif kind == "U":
        labels = labels.astype(TEXT)
    labels[absent] = {"f": np.nan, "M": "NaT", "m": "NaT"}.get(kind)
    return labels
