"""Numbers as the audit prints them: exact decimals, ranges rounded outward, the digits that a figure would show."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, inf, isfinite, isnan, log10
from typing import TYPE_CHECKING

from xxmfg.audit.intervals import whole

if TYPE_CHECKING:
    from xxmfg.audit.figures import Figure, Precision
    from xxmfg.audit.intervals import Exact, Interval

__all__ = ["as_double", "as_printed", "decimal", "printed_range", "span"]

MOST_DECIMALS = 12
DASH = "–"


def as_double(end: Exact) -> float:
    """Give the nearest double."""
    return float(end) if isinstance(end, Fraction) else end


def decimal(number: Fraction, decimals: int) -> str:
    """Give a number with some decimals, rounded half to even."""
    units = round(number * Fraction(10) ** decimals)
    return _units(units, decimals)


def _units(units: int, decimals: int) -> str:
    if decimals <= 0:
        return str(units * 10**-decimals)
    digits = str(abs(units)).rjust(decimals + 1, "0")
    return f"{'-' if units < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"


def span(low: Exact, high: Exact) -> str:
    """Give a range: its ends rounded outward to what tells them apart, one number where they are one."""
    if isnan(low) or isnan(high):
        return "?"
    if low == high:
        return f"{float(low):.12g}"
    if not isfinite(low) or not isfinite(high):
        if not isfinite(low) and not isfinite(high):
            return f"−{inf}{DASH}{inf}"
        return f"≥ {float(low):.7g}" if isfinite(low) else f"≤ {float(high):.7g}"
    low, high = Fraction(low), Fraction(high)
    decimals = min(max(2 - floor(log10(float(high - low) or 1e-300)), 0), MOST_DECIMALS)
    unit = Fraction(10) ** decimals
    ends = _units(floor(low * unit), decimals), _units(ceil(high * unit), decimals)
    if decimals and all(end.endswith("0") for end in ends):
        ends = ends[0].rstrip("0").rstrip("."), ends[1].rstrip("0").rstrip(".")
    return ends[0] if ends[0] == ends[1] else DASH.join(ends)


def as_printed(figure: Figure) -> str:
    """Give a figure's own digits with its unit."""
    if figure.value is None:
        return "?"
    unit = figure.unit.text
    return f"{decimal(figure.value, figure.decimals)}{unit if unit in {'%', '％', '‰'} else f' {unit}' if unit else ''}"


def printed_range(figure: Figure, interval: Interval, precision: Precision) -> str | None:
    """Say which printed digits would stand for a number of an interval; None where any would, or none."""
    low, high = (_digits(figure, end, precision, side) for end, side in ((interval.low, -1), (interval.high, 1)))
    if figure.is_whole:
        low, high = (as_integer(end) for end in whole(interval)[:2])
    if low is not None and high is not None:
        if low > high:
            return None
        return (
            _units(low, figure.decimals)
            if low == high
            else DASH.join(_units(end, figure.decimals) for end in (low, high))
        )
    if low is not None:
        return f"≥ {_units(low, figure.decimals)}"
    return None if high is None else f"≤ {_units(high, figure.decimals)}"


def as_integer(end: Exact) -> int | None:
    """Give a whole end, None where it is infinite."""
    return int(end) if isinstance(end, Fraction) else None


def _digits(figure: Figure, end: Exact, precision: Precision, side: int) -> int | None:
    """Give the outermost printed digits, in units of the last place, that an end of an interval may have."""
    if not isinstance(end, Fraction):
        return None
    units = end / figure.step
    if precision.truncated:
        return int(units)
    return floor(units + Fraction(1, 2)) if side > 0 else ceil(units - Fraction(1, 2))
