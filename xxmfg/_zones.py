"""Dates that NumPy has no kind for: with a time zone, read by the clock of their zone; periods of pandas."""

from __future__ import annotations

import sys
from datetime import UTC
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]

__all__ = ["clock_of_objects", "dates_of_arrow", "dates_of_pandas", "dates_of_polars"]

_UNITS = {"Y-DEC": "Y", "M": "M", "D": "D"}  # of pandas' frequencies; both count from 1970


def dates_of_pandas(values: Any, name: str) -> Dates | None:
    """Give a pandas column of dates with a time zone, or of periods, as dates; None where it is neither."""
    held = getattr(values, "array", values)
    if hasattr(held.dtype, "freq"):
        return _dates_of_periods(held, name)
    if not hasattr(held.dtype, "tz"):
        return None
    instants = held.tz_convert("UTC").tz_localize(None).to_numpy()
    return _told_apart(held.tz_localize(None).to_numpy(), instants, name, str(held.dtype.tz))


def dates_of_polars(values: Any, name: str) -> Dates:
    """Give a Polars column of dates or durations."""
    zone = getattr(values.dtype, "time_zone", None)
    clock: Dates = (values if zone is None else values.dt.replace_time_zone(None)).to_numpy()
    if zone is None:
        return clock
    return _told_apart(clock, values.dt.convert_time_zone("UTC").dt.replace_time_zone(None).to_numpy(), name, zone)


def dates_of_arrow(values: Any, name: str) -> Dates:
    """Give an Arrow column of dates."""
    zone = getattr(values.type, "tz", None)
    if zone is None:
        dates: Dates = values.to_numpy(zero_copy_only=False)
        return dates
    from pyarrow.compute import local_timestamp

    instants = values.cast(sys.modules["pyarrow"].timestamp(values.type.unit)).to_numpy(zero_copy_only=False)
    return _told_apart(local_timestamp(values).to_numpy(zero_copy_only=False), instants, name, zone)


def clock_of_objects(moments: Sequence[datetime], name: str) -> Dates:
    """Give the clock times of datetimes, all of one time zone."""
    zones = {str(moment.tzinfo): moment for moment in moments}
    if len(zones) > 1:
        raise TypeError(f"{name} mixes the time zones {' and '.join(list(zones)[:2])}: give its dates in one")
    instants = [np.datetime64(moment.astimezone(UTC).replace(tzinfo=None)) for moment in moments]
    clock = [np.datetime64(moment.replace(tzinfo=None)) for moment in moments]
    return _told_apart(np.array(clock), np.array(instants), name, next(iter(zones)))


def _dates_of_periods(held: Any, name: str) -> Dates:
    frequency = held.dtype.name.removeprefix("period[").removesuffix("]")
    if frequency not in _UNITS:
        raise TypeError(
            f"{name} has periods of frequency {frequency}: give whole numbers (quarters: .dt.year * 4 + .dt.quarter) "
            "or dates (.dt.to_timestamp())"
        )
    dates: Dates = held.asi8.view(f"datetime64[{_UNITS[frequency]}]")
    return dates


def _told_apart(clock: Dates, instants: Dates, name: str, zone: str) -> Dates:
    """Give clock times, or raise where two instants have the same one, as when a clock is put back."""
    present = ~np.isnat(clock)
    offsets = (clock - instants)[present]
    if not len(offsets) or (offsets == offsets[0]).all():
        return clock
    different = np.unique(instants[present], return_index=True)[1]
    times, counts = np.unique(clock[present][different], return_counts=True)
    if (counts > 1).any():
        time = times[np.argmax(counts > 1)]
        told = f"{name} has two instants at {time} by the clock of {zone}, which was put back"
        raise ValueError(f"{told}: give them in UTC")
    return clock
