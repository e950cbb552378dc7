"""Printed figures: what each row says, and the interval in which the number lies that was printed so."""

from __future__ import annotations

import re
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from xxmfg.audit.intervals import FREE, Interval, intersection, whole
from xxmfg.audit.units import Unit, UnitFault, known_units, parse_unit

if TYPE_CHECKING:
    from xxmfg.audit.rows import Row, Rows

__all__ = ["QUALIFIERS", "Figure", "Precision", "interval_of", "read_figures"]

BOUNDS = ("above", "at_least", "at_most", "below", "range_lo", "range_hi", "lower_bound", "upper_bound")
QUALIFIERS = ("exact", "approx", *BOUNDS, "over", "from")
SOFT = ("approx", "over")
FROM_BELOW = ("above", "at_least", "range_lo", "lower_bound")
FROM_ABOVE = ("below", "at_most", "range_hi", "upper_bound")
NO_QUANTITY = ("label",)
MOST_DECIMALS = 30
LARGEST = Fraction(10) ** 300

_ID = re.compile(r"[^\W\d]\w*")
_VALUE = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")


class Precision(NamedTuple):
    """How printed digits are read: rounded or cut off, and how many half units 约 is worth."""

    truncated: bool = False
    approx: int = 1


ROUNDED = Precision()


class Figure(NamedTuple):
    """A row of figures; `value` is None where a row declares an unknown."""

    id: str
    value: Fraction | None
    unit: Unit
    qualifier: str
    decimals: int
    kind: str
    items: tuple[str, ...]
    goes_on: bool  # the list of items ends with 等: there are more
    title: str  # whose figure, of what
    row: int

    @property
    def is_soft(self) -> bool:
        """Whether a contradiction that rests on it is a question only."""
        return self.qualifier in SOFT

    @property
    def is_whole(self) -> bool:
        """Whether it counts something, so that its number is an integer."""
        return self.unit.is_count and self.decimals == 0

    @property
    def is_growth(self) -> bool:
        """Whether it is a rate of growth, which may be at comparable prices."""
        return self.kind == "growth"

    @property
    def step(self) -> Fraction:
        """One unit of its last printed decimal."""
        return Fraction(10) ** -self.decimals


def interval_of(figure: Figure, precision: Precision = ROUNDED) -> Interval:
    """Give the interval of the numbers that are printed like a figure."""
    if figure.value is None:
        return whole(Interval(Fraction(0), inf)) if figure.is_whole else FREE
    value = figure.value
    if figure.kind == "threshold" or figure.qualifier == "from":
        return Interval(value, value)
    if figure.qualifier == "over":
        interval = Interval(value, value + _last_place(value), True, True)
    elif figure.qualifier in FROM_BELOW or (figure.goes_on and value == len(figure.items)):
        interval = Interval(value, inf, figure.qualifier == "above", True)
    elif figure.qualifier in FROM_ABOVE:
        interval = Interval(-inf, value, True, figure.qualifier == "below")
    elif figure.is_whole:
        return Interval(value, value)
    elif precision.truncated:
        up, down = figure.step if value >= 0 else 0, figure.step if value <= 0 else 0
        interval = Interval(value - down, value + up, down != 0, up != 0)
    else:
        half = figure.step / 2 * (precision.approx if figure.qualifier == "approx" else 1)
        interval = Interval(value - half, value + half)
    return whole(intersection(interval, Interval(Fraction(0), inf))) if figure.is_whole else interval


def _last_place(value: Fraction) -> Fraction:
    """Give one unit of the last place that is not zero: 10 for 50, 0.1 for 1.2."""
    unit = Fraction(1)
    while (value / unit).denominator != 1:
        unit /= 10
    while value and (value / (10 * unit)).denominator == 1:
        unit *= 10
    return unit


def read_figures(rows: Rows) -> dict[str, Figure]:
    """Give the figures by their ids, or raise `AuditError` with the place of what is wrong."""
    for name in ("id", "value", "unit", "qualifier", "decimals"):
        rows.require(name)
    figures: dict[str, Figure] = {}
    for row in rows:
        figure = _figure(row)
        if figure.id in figures:
            first = rows.place(figures[figure.id].row)
            raise row.fault("id", f"id {figure.id!r} is already that of {first}: give every figure its own")
        figures[figure.id] = figure
    return figures


def _figure(row: Row) -> Figure:
    name = row.text("id")
    if not _ID.fullmatch(name):
        raise row.fault("id", f"id {name!r} is no name: letters, digits and _, the first a letter")
    kind, qualifier = row.text("kind"), row.text("qualifier")
    value = _value(row)
    try:
        unit = parse_unit("" if kind in NO_QUANTITY else row.text("unit"))
    except UnitFault as fault:
        from difflib import get_close_matches

        near = get_close_matches(row.text("unit"), known_units(), n=1, cutoff=0.3)
        hint = f"the nearest is {near[0]!r}; " if near else ""
        raise row.fault("unit", f"{fault}: {hint}leave it empty for a plain number") from None
    if qualifier not in QUALIFIERS and not (value is None and not qualifier):
        raise row.fault("qualifier", f"qualifier {qualifier!r} is not one of {', '.join(QUALIFIERS)}")
    decimals = _decimals(row, value, kind)
    items = tuple(item for item in row.text("items").split("、") if item)
    title = " ".join(part for part in (row.text("subject"), row.text("indicator")) if part)
    return Figure(name, value, unit, qualifier, decimals, kind, items, _goes_on(row, items), title, row.number)


def _value(row: Row) -> Fraction | None:
    text = row.text("value").replace("−", "-")
    if not text:
        return None
    if not _VALUE.fullmatch(text):
        raise row.fault("value", f"value {row.text('value')!r} is not a number")
    value = Fraction(text)
    if abs(value) > LARGEST:
        raise row.fault("value", f"value {row.text('value')!r} is beyond 1e300")
    return value


def _decimals(row: Row, value: Fraction | None, kind: str) -> int:
    text = row.text("decimals")
    if not text and (value is None or kind == "threshold"):
        return 0
    if not re.fullmatch(r"[+-]?\d{1,2}(?:\.0)?", text) or abs(int(text.removesuffix(".0"))) > MOST_DECIMALS:
        raise row.fault(
            "decimals", f"decimals {text!r} is no whole number between -{MOST_DECIMALS} and {MOST_DECIMALS}"
        )
    decimals = int(text.removesuffix(".0"))
    if value is not None and (value * Fraction(10) ** decimals).denominator != 1:
        raise row.fault("value", f"value {row.text('value')!r} has more decimals than decimals = {decimals} says")
    return decimals


def _goes_on(row: Row, items: tuple[str, ...]) -> bool:
    """Tell whether the phrase ends its list with 等 and gives no number after it."""
    if not items:
        return False
    _, found, after = row.text("phrase").rpartition(f"{items[-1]}等")
    return bool(found) and not re.search(r"[0-9〇一二两三四五六七八九十百]", after)
