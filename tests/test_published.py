"""Published figures, each with its source, recomputed to the printed digit."""

import math

import numpy as np
import pytest
from compare import by_label

import xxmfg as xm

# Farhauer and Kröll (2013), Standorttheorien: region A, industries 1 to 4 in two years.
INDUSTRY = np.tile([1, 2, 3, 4], 2)
YEAR = np.repeat([0, 1], 4)
REGION_A = np.array([90.0, 20.0, 10.0, 60.0, 100.0, 40.0, 10.0, 55.0])


def printed(column, digits):
    """Round a column of few figures as a page prints them."""
    return [round(value, digits) + 0.0 for value in np.asarray(column).tolist()]


def test_growth_of_a_region():
    """Region A of Farhauer and Kröll grows from 180 to 205: 13.88888889 %."""
    table = xm.growth(REGION_A, YEAR)
    assert [180.0, 205.0] == table["value"].tolist()
    assert 0.1388888889 == printed(table["rate"], 10)[1]


def test_contributions_and_pulls():
    """Contributions (INSEE, definition c1207) 0.4, 0.8, 0, -0.2; pulls add to 13.8888888889 points."""
    table = xm.growth(REGION_A, YEAR, by=INDUSTRY)
    later = table["period"] == 1
    assert [0.4, 0.8, 0.0, -0.2] == printed(table["contribution"][later], 10)
    assert [5.5555555556, 11.1111111111, 0.0, -2.7777777778] == printed(100 * table["pull"][later], 10)
    assert 13.8888888889 == round(100 * math.fsum(table["pull"][later]), 10)


def test_pull_is_base_share_times_rate():
    """拉动 = base share × rate, for every industry of region A."""
    table = xm.growth(REGION_A, YEAR, by=INDUSTRY)
    base, later = table["period"] == 0, table["period"] == 1
    assert printed(table["share"][base] * table["rate"][later], 14) == printed(table["pull"][later], 14)


def test_entry_and_exit():
    """Davis and Haltiwanger's level identity: 0.0833333333 = 0.0555555556 + 0.1944444444 - 0.1666666667."""
    output, firm = np.array([100.0, 50.0, 30.0, 120.0, 40.0, 35.0]), np.array(["A", "B", "C", "A", "B", "D"])
    table = xm.decompose_growth(output, firm, np.repeat([0, 1], 3))
    figures = [printed(table[name], 10)[1] for name in ("rate", "continuing", "entry", "exit")]
    assert [0.0833333333, 0.0555555556, 0.1944444444, 0.1666666667] == figures


def test_average_growth():
    """From 100 to 150 in four years is 10.66819197 % a year (compound annual growth)."""
    table = xm.average_growth(np.array([100.0, 150.0]), np.array([2014, 2018]), 2014, 2018)
    assert [0.1066819197] == printed(table["rate"], 10)


@pytest.mark.parametrize(
    ("q", "expected"),
    [("q40", 2.6), ("q0", 1.0), ("q25", 2.0), ("median", 3.0), ("q75", 4.0), ("q100", 10.0)],
)
def test_quantiles_of_type_7(q, expected):
    """Hyndman and Fan (1996), type 7, as R's quantile gives: 1, 2, 3, 4, 10 at 0.4 is 2.6."""
    assert [expected] == printed(xm.aggregate(np.array([1.0, 2.0, 3.0, 4.0, 10.0]), stats=(q,))[q], 12)


def test_largest_with_all_ties():
    """The tests of pandas: nlargest(4, keep="all") of 10, 9, 8, 7, 7, 7, 7, 6 keeps seven values."""
    table = xm.top(np.array([10, 9, 8, 7, 7, 7, 7, 6]), 4, ties="all")
    assert [10, 9, 8, 7, 7, 7, 7] == table["value"].tolist()


def test_concentration_of_leaders():
    """Doersam (2004): sales 20, 50, 20, 10 have the cumulative shares 0.5, 0.7, 0.9, 1."""
    table = xm.top(np.array([20.0, 50.0, 20.0, 10.0]), 4)
    assert [0.5, 0.7, 0.9, 1.0] == table["cumulative_share"].tolist()


def test_sectors_of_shenzhen_2018():
    """深圳 2018: 22.09 + 9961.95 + 14237.94 = 24221.98 亿元; 0.1 %, 41.1 %, 58.8 % (深圳市统计局)."""
    table = xm.share(np.array([22.09, 9961.95, 14237.94]), by={"sector": np.array(["第一", "第二", "第三"])})
    assert 24221.98 == xm.aggregate(table["sum"])["sum"].tolist()[0]
    shares = {sector: round(100 * share, 1) for sector, share in by_label(table, "share").items()}
    assert {"第一": 0.1, "第二": 41.1, "第三": 58.8} == shares


@pytest.mark.parametrize(("part", "expected"), [(6564.83, 72.1), (6131.20, 67.3)])
def test_advanced_and_high_tech_manufacturing_of_shenzhen_2018(part, expected):
    """深圳 2018: 先进制造业 72.1 %, 高技术制造业 67.3 % of 规上工业增加值 9109.54 亿元 (深圳市统计局)."""
    table = xm.ratio(np.array([part]), np.array([9109.54]))
    assert [expected] == printed(100 * table["ratio"], 1)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [([6227, 62453, 76689], 145369), ([9485, 100459, 132964], 242908)],
)
def test_new_economy_of_china(parts, expected):
    """三新经济 2018 and 2024: the three industries add up to the printed total (国家统计局), 亿元."""
    assert [expected] == xm.aggregate(np.array(parts))["sum"].tolist()


@pytest.mark.parametrize(("share", "rate", "expected"), [(0.712, 0.103, 7.1), (0.657, 0.11, 7.0)])
def test_pulls_of_shenzhen_2019(share, rate, expected):
    """深圳 2019 H1: 先进制造业 +10.3 % pulls 7.1 points, 高技术制造业 +11 % 7 (羊城晚报 2019-08-06)."""
    value = np.array([share / (1 + rate), 1 / 1.074 - share / (1 + rate), share, 1 - share])
    part = np.array(["part", "rest", "part", "rest"])
    table = xm.growth(value, np.array([2018, 2018, 2019, 2019]), by=part)
    pull = table["pull"][(table["key"] == "part") & (table["period"] == 2019)]
    assert [expected] == printed(100 * pull, 1)


def test_contribution_of_shenzhen_2019():
    """深圳 2019 H1: 26.4 % of the province, +7.4 % against +4.8 %: 贡献率 39.7 % (羊城晚报 2019-08-06)."""
    value = np.array([0.264 / 1.074, 1 / 1.048 - 0.264 / 1.074, 0.264, 0.736])
    table = xm.growth(value, np.array([2018, 2018, 2019, 2019]), by=np.array(["深圳", "其他", "深圳", "其他"]))
    contribution = table["contribution"][(table["key"] == "深圳") & (table["period"] == 2019)]
    assert [39.7] == printed(100 * contribution, 1)


def test_new_cities_of_xixian_2019():
    """西咸 2019: the cities have 3.99 … 12.89 % of 83 亿元, the leaders 35.96, 12.45, 6.83 % (研究报告)."""
    output, total = np.array([3.31, 45.78, 14.15, 9.03, 10.7]), np.full(5, 83.0)
    table = xm.ratio(output, total, by=np.arange(5))
    assert [3.99, 55.16, 17.05, 10.88, 12.89] == printed(100 * table["ratio"], 2)
    assert [35.96, 12.45, 6.83] == printed(100 * xm.ratio([29.85, 10.33, 5.67], [83.0] * 3, by=[1, 2, 3])["ratio"], 2)
