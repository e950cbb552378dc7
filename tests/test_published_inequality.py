"""Published figures of inequality, each with its source, recomputed to the printed digit."""

import math

import pytest

import xxmfg as xm

FIRMS = [20, 50, 20, 10]  # Doersam (2004), Wirtschaftsstatistik anschaulich: sales
REGIONS = [10, 10, 10, 20, 50]  # Störmann (2009), Regionalökonomik
FIFTHS = [10, 20, 30, 40, 50]
INCOMES = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]  # R package ineq, its example of Atkinson
# GDP of the German Länder in 2015, billions of euros, as REAT's documentation has it.
GDP = [460.69, 549.19, 124.16, 65.29, 31.59, 109.27, 263.44, 39.87, 258.53, 645.59, 131.95, 35.03, 112.66, 56.22, 85.61]
GDP += [56.81]
# GDP a head of the Mexican states in 1940: pcgdp1940 of PySAL's mexico.csv.
MEXICO = """
10384 22361 9573 3758 2934 8578 8537 6909 17816 12132 4359 2181 4414 5309 3408 3327 6936 4836 9073 1892 3569 11016 21965
4372 4840 6399 2459 7508 3605 5203 7990 3734
"""


def figure(name, values, weights=None):
    """Give one measure of one group."""
    return xm.inequality(values, weights)[name].item()


def test_gini_of_four_firms():
    """Doersam (2004): 0.3, normalized 0.4."""
    assert round(figure("gini", FIRMS), 12) == 0.3
    assert round(figure("gini_normalized", FIRMS), 12) == 0.4


def test_gini_of_income_classes():
    """R package REAT, example of gini with weights: 0.527826087."""
    income, households = [500, 1500, 2500, 4000, 7500, 15000], [1000, 1200, 1600, 400, 200, 600]
    assert round(figure("gini", income, households), 9) == 0.527826087


def test_gini_of_an_industry():
    """R package EconGeo, example of Gini: 0.48."""
    assert round(figure("gini", [0, 10, 10, 30, 50]), 12) == 0.48


def test_gini_of_regions():
    """REAT, example of gini: 0.5009 for the German Länder; PySAL, test of Gini: 0.3537237117 for Mexico's states."""
    assert round(figure("gini", GDP), 4) == 0.5009
    assert round(figure("gini", [float(income) for income in MEXICO.split()]), 10) == 0.3537237117


def test_theil_of_five_regions():
    """Störmann (2009): the mean log deviation is 0.2326301620 (REAT calls it theil); T is another number."""
    assert round(figure("theil_l", REGIONS), 10) == 0.2326301620
    assert round(figure("theil_t", REGIONS), 10) == 0.2502012118


@pytest.mark.parametrize(
    ("values", "groups", "expected"),
    [
        (REGIONS, "aabbb", (0.0915162218, 0.1586849899, 0.2502012118)),
        ([0, 0, 0, 10, 10, 10], "aaabbb", (round(math.log(2), 10), 0.0, round(math.log(2), 10))),
    ],
)
def test_theil_between_and_within(values, groups, expected):
    """The second is PySAL's example of TheilD: all lies between the groups, ln 2."""
    parts = xm.theil_decomposition(values, list(groups))
    assert expected == tuple(round(part, 10) for part in (parts.between, parts.within, parts.total))


def test_zeros_are_zeros():
    """PySAL adds the least float to zeros; here a zero adds nothing to T, and L is not defined."""
    assert math.isnan(figure("theil_l", [0, 0, 10]))
    assert round(math.log(3), 14) == round(figure("theil_t", [0, 0, 10]), 14)


@pytest.mark.parametrize(("values", "digits", "expected"), [(FIFTHS, 5, 0.06315), (INCOMES, 7, 0.1796591)])
def test_atkinson(values, digits, expected):
    """Atkinson's index with aversion ½: two documented examples of R packages."""
    assert expected == round(figure("atkinson", values), digits)


@pytest.mark.parametrize(("values", "digits", "expected"), [(FIFTHS, 7, 0.1316096), (INCOMES, 7, 0.3518251)])
def test_atkinson_with_aversion_one(values, digits, expected):
    """The same examples with aversion 1: 1 − geometric mean / mean, which is 1 − exp(−L)."""
    assert expected == round(1 - math.exp(-figure("theil_l", values)), digits)


def test_equally_distributed_equivalent():
    """The income that, had by all, would be worth as much: 26.0517108 of a mean of 30 (R, documented example)."""
    assert round(30 * math.exp(-figure("theil_l", FIFTHS)), 7) == 26.0517108


def test_values_that_other_packages_make_up_do_not_come_out():
    """REAT has a Herfindahl index of 0.714 where a value is negative, and stops at the Gini of one value."""
    assert math.isnan(xm.concentration([5, -1, 3])["herfindahl"].item())
    assert 0 == figure("gini", [7])
    assert math.isnan(figure("gini_normalized", [7]))
