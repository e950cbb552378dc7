"""Published figures of inequality, each with its source, recomputed to the printed digit."""

import math

import pytest

import xxmfg as xm

FIRMS = [20, 50, 20, 10]  # Doersam (2004), Wirtschaftsstatistik anschaulich: sales
REGIONS = [10, 10, 10, 20, 50]  # Störmann (2009), Regionalökonomik
FIFTHS = [10, 20, 30, 40, 50]
INCOMES = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]  # R package ineq, its example of Atkinson


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
