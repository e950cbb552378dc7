"""Columns of industry codes: their distinct texts as plain codes; those that are none are told with their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._columns import entries_of
from xxmfg._schemes import plain_code, why_no_code
from xxmfg.errors import XxmfgError
from xxmfg.grouping import keys_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["distinct", "first_row", "plain_codes"]

NAMED = 4  # of the codes that are none, after the first


def distinct(codes: Any, argument: str = "codes") -> tuple[NDArray[np.int32], list[str | None]]:
    """Give each row's place among the distinct texts, in the order of their first rows; the last is none, at -1."""
    if codes is None:
        raise TypeError("codes must be a column (1-D array-like), not None")
    keys = keys_of(codes, "codes", "codes")
    if len(keys.columns) != 1:
        raise TypeError(f"codes must be one column, not {len(keys.columns)}")
    places, _, raw = _core.group(keys.left_out().columns, False)
    (labels,) = keys.labels(raw).values()
    if labels.dtype.kind not in "TU" and len(labels):
        told = f"{argument} must be text, not {labels.dtype}: numbers lose leading zeros"
        raise TypeError(f"{told}; read the column as text (types=, --type)")
    texts: list[str | None] = [*entries_of(labels), None]
    return places, texts


def plain_codes(
    rows: NDArray[np.int32], texts: list[str | None], argument: str, called: Callable[[int], str]
) -> list[str | None]:
    """Give each text as a plain code, None where there is none, or raise where one is no code."""
    plain: list[str | None] = []
    wrong = []
    for place, text in enumerate(texts):
        stripped = (text or "").strip()
        plain.append(plain_code(stripped))
        if stripped and plain[-1] is None:
            wrong.append(place)
    if wrong:
        raise XxmfgError(f"{argument}: {_wrong_codes(rows, texts, wrong, called)}")
    return plain


def _wrong_codes(
    rows: NDArray[np.int32], texts: list[str | None], wrong: list[int], called: Callable[[int], str]
) -> str:
    """Say what is wrong with the first code that is none, name a few more, and count the records of all."""
    first, *others = wrong  # by place, so by first row
    says = f"{called(first_row(rows, first))}: {why_no_code(texts[first] or '')}"
    if others:
        few = ", ".join(f"{texts[other]!r} in {called(first_row(rows, other))}" for other in others[:NAMED])
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        is_wrong = np.zeros(len(texts), dtype=np.bool_)
        is_wrong[wrong] = True
        says += f"; neither are {few}{more}: {is_wrong[rows].sum():,} records have codes that are none"
    return says


def first_row(rows: NDArray[np.int32], place: int) -> int:
    """Give the first row of a distinct text."""
    return int((rows == place).argmax())
