"""Dates with time zones and periods of pandas, as keys and as periods."""

import datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import xxmfg as xm

DAYS = pd.Series(pd.to_datetime(["2019-01-02", None, "2019-01-01"])).dt.tz_localize("Asia/Shanghai")
AUTUMN = pd.Series(pd.date_range("2019-10-27", periods=3, freq="h", tz="UTC")).dt.tz_convert("Europe/Berlin")
HELD = {
    "pandas": lambda dates: dates,
    "pandas index": pd.DatetimeIndex,
    "pandas categories": pd.Categorical,
    "pandas objects": lambda dates: dates.astype(object),
    "pandas Arrow": lambda dates: dates.astype(pd.ArrowDtype(pa.timestamp("us", str(dates.dt.tz)))),
    "polars": pl.Series,
    "arrow": lambda dates: pa.array(dates, from_pandas=True),
    "arrow chunks": lambda dates: pa.chunked_array([pa.array(dates[:1]), pa.array(dates[1:])]),
}


@pytest.mark.parametrize("kind", HELD)
def test_dates_of_a_zone_are_read_by_its_clock(kind):
    """Midnight in Shanghai is the label of its own day, not 16 o'clock of the day before in UTC."""
    grouping = xm.Grouping(HELD[kind](DAYS))
    assert [1, 2, 0] == grouping.codes.tolist()
    assert ["2019-01-01", "2019-01-02", "NaT"] == grouping.labels[0].astype("M8[D]").astype(str).tolist()


@pytest.mark.parametrize("kind", [kind for kind in HELD if kind != "pandas categories"])
def test_two_instants_of_one_clock_time_are_refused(kind):
    """When the clock is put back, two instants would have one label: the error says so and names the way out."""
    with pytest.raises(ValueError, match=r"two instants at 2019-10-27T02:00.*Europe/Berlin.*UTC"):
        xm.Grouping(HELD[kind](AUTUMN))
    assert 3 == xm.Grouping(AUTUMN.dt.tz_convert("UTC")).n_groups


def test_a_zone_whose_clock_moves_is_read_where_no_time_is_in_doubt():
    """Summer and winter dates of one zone are read by its clock."""
    dates = pd.Series(pd.to_datetime(["2019-01-01", "2019-07-01"])).dt.tz_localize("Europe/Berlin")
    assert ["2019-01-01", "2019-07-01"] == xm.Grouping(dates).labels[0].astype("M8[D]").astype(str).tolist()


def test_two_zones_in_one_column_are_refused():
    """Datetimes of different zones have no common clock."""
    shanghai = datetime.timezone(datetime.timedelta(hours=8))
    dates = [datetime.datetime(2019, 1, 1, tzinfo=zone) for zone in (datetime.UTC, shanghai)]
    with pytest.raises(TypeError, match=r"time zones UTC and UTC\+08:00"):
        xm.Grouping(dates)
    with pytest.raises(TypeError, match=r"row 0 is 2019-01-01T00:00:00\+00:00 .* row 1 is 2019-01-01T00:00:00 "):
        xm.Grouping([dates[0], datetime.datetime(2019, 1, 1)])


@pytest.mark.parametrize(("frequency", "unit"), [("Y", "Y"), ("M", "M"), ("D", "D")])
def test_periods_of_pandas_are_dates_of_their_unit(frequency, unit):
    """A column of pandas periods in years, months or days is a key and a period."""
    periods = pd.Series(pd.period_range("2018-01", periods=2, freq=frequency))
    table = xm.growth([4.0, 5.0], periods)
    assert np.dtype(f"M8[{unit}]") == table["period"].dtype
    assert [str(period) for period in periods] == table["period"].astype(str).tolist()
    assert [0.25] == table["rate"][1:].tolist()
    assert 2 == xm.Grouping(pd.Series([*periods, pd.NaT], dtype=periods.dtype), missing="drop").n_groups


def test_other_periods_of_pandas_say_what_to_give():
    """Quarters, whose lag NumPy's dates cannot count, name the whole numbers that can."""
    with pytest.raises(TypeError, match=r"period has periods of frequency Q-DEC.*\.dt\.quarter"):
        xm.growth([1.0, 2.0], pd.PeriodIndex(["2018Q1", "2019Q1"], freq="Q"))
