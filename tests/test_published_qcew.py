"""What the QCEW file of ten New Jersey counties prints of itself, recomputed: growth rates, location quotients."""

from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import xxmfg as xm

QCEW = Path(__file__).parents[1] / "data" / "qcew_nj_2016q1.csv"
NUMBERS = ("qtrly_estabs_count", "month3_emplvl", "total_qtrly_wages")
TOTAL_COVERED, PRIVATE = 0, 5
HALF = Fraction(1, 200)  # of the last printed digit of a quotient
REST = "everything else"

pytestmark = pytest.mark.skipif(not QCEW.exists(), reason="the sources are not here")


@pytest.fixture(scope="module")
def records():
    """Give the records of the file."""
    return xm.read(QCEW)


def open_rows(records, *codes):
    """Tell which rows no disclosure code marks: "N" is suppressed, and its 0 no zero."""
    return np.array([all(code is None for code in row) for row in zip(*(records[c] for c in codes), strict=True)])


def printed(column):
    """Give figures of one or two decimals as the fractions that were printed."""
    return [Fraction(str(figure)) for figure in column.tolist()]


# ---- changes on the year ----


def growth_on_the_year(records, name):
    """Give the growth of each row on the year before, which is the value less its printed change."""
    value, change = records[name], records[f"oty_{name}_chg"]
    row = np.arange(len(value))
    table = xm.growth(np.r_[value - change, value], np.repeat([2015, 2016], len(value)), by=np.r_[row, row])
    return xm.Table({column: table[column][table["period"] == 2016] for column in table.columns})


@pytest.mark.parametrize(("mode", "agreeing"), [("half_even", 7128), ("half_up", 7100)])
def test_percentage_changes_on_the_year(records, mode, agreeing):
    """All 7,128 open cells (2,376 rows, three numbers) come out half to even; half up misses 28 of the 40 ties."""
    told = records[open_rows(records, "disclosure_code", "oty_disclosure_code")]
    cells = same = 0
    for name in NUMBERS:
        table = growth_on_the_year(told, name)
        assert {"ok"} == set(table["status"].tolist())
        # Per mille, a tie ends in .5, which a double holds; in per cent it may lie beside the double.
        tenths = xm.round_figures(1000 * table["change"] / table["base"], 0, mode)
        same += (tenths == [10 * figure for figure in printed(told[f"oty_{name}_pct_chg"])]).sum()
        cells += len(table)
        assert 1e-15 > np.abs(table["change"] / table["base"] - table["rate"]).max()
    assert (7128, agreeing) == (cells, same)


# ---- location quotients ----


def totals_of(records, name, owner):
    """Give each county's number of all industries under an owner code."""
    rows = records[(records["agglvl_code"] <= 71) & (records["own_code"] == owner)]
    return dict(zip(rows["area_title"].tolist(), rows[name].tolist(), strict=True))


def private_industries(records):
    """Give the open rows of private industries."""
    closed = open_rows(records, "disclosure_code", "lq_disclosure_code")
    return records[closed & (records["agglvl_code"] >= 74)]


def implied_shares(records, name, owner):
    """Give for each industry the bounds that each county's printed quotient sets to its national share."""
    totals, rows = totals_of(records, name, owner), private_industries(records)
    bounds = defaultdict(list)
    columns = (rows["area_title"].tolist(), rows["industry_code"].tolist(), rows[name].tolist())
    for county, industry, value, lq in zip(*columns, printed(rows[f"lq_{name}"]), strict=True):
        share = Fraction(value, totals[county])
        bounds[industry].append((share / (lq + HALF), share / (lq - HALF) if lq > HALF else None))
    return bounds


def common(bounds):
    """Give the interval that lies within all bounds, its end None where nothing bounds it."""
    return max(low for low, _ in bounds), min((high for _, high in bounds if high is not None), default=None)


def agree(bounds):
    """Tell whether one national share explains all counties' quotients."""
    low, high = common(bounds)
    return high is None or low <= high


@pytest.mark.parametrize(
    ("name", "of_total", "of_private"),
    [("qtrly_estabs_count", 320, 10), ("month3_emplvl", 320, 1), ("total_qtrly_wages", 320, 3)],
)
def test_counties_agree_on_the_national_share_of_an_industry(records, name, of_total, of_private):
    """Of 320 industries in two or more counties all agree under total covered, hardly one under private employment."""
    for owner, expected in ((TOTAL_COVERED, of_total), (PRIVATE, of_private)):
        several = [bounds for bounds in implied_shares(records, name, owner).values() if len(bounds) > 1]
        assert (320, expected) == (len(several), sum(map(agree, several)))


@pytest.mark.parametrize("name", NUMBERS)
def test_location_quotients_as_printed(records, name):
    """With a national share from the middle of its interval each of the 2,442 quotients has its printed digits."""
    shares = {industry: common(bounds) for industry, bounds in implied_shares(records, name, TOTAL_COVERED).items()}
    totals, industries, cells = totals_of(records, name, TOTAL_COVERED), private_industries(records), 0
    for level in (74, 75, 76):
        rows = industries[industries["agglvl_code"] == level]
        county, industry, value = rows["area_title"].tolist(), rows["industry_code"].tolist(), rows[name].tolist()
        told = dict(zip(zip(county, industry, strict=True), printed(rows[f"lq_{name}"]), strict=True))
        wider = {code: float(low + (2 * low if high is None else high)) / 2 for code, (low, high) in shares.items()}
        wider = {code: wider[code] for code in set(industry)}
        known = dict(
            zip(*(xm.aggregate(value, by=county, stats="sum")[c].tolist() for c in ("key", "sum")), strict=True)
        )
        others = [totals[name] - known[name] for name in known]
        table = xm.location_quotient(
            value + others,
            region=county + list(known),
            industry=industry + [REST] * len(known),
            reference=wider | {REST: 1 - sum(wider.values())},
        )
        for label, code, lq in zip(*(table[c].tolist() for c in ("region", "industry", "lq")), strict=True):
            if code != REST:
                cells += 1
                assert abs(Fraction(lq) - told[label, code]) <= HALF
    assert 2442 == cells
