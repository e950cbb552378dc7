"""Published figures of regional economics, each with its source, recomputed to the printed digit."""

import numpy as np
import pytest

import xxmfg as xm

# The matrix of EconGeo's documentation: regions R1 … R5, industries I1 … I5, every row and column 100.
M5 = np.array([[100, 0, 0, 0, 0], [0, 15, 5, 70, 10], [0, 20, 10, 20, 50], [0, 25, 30, 5, 40], [0, 40, 55, 5, 0]])
REGIONS, INDUSTRIES = np.repeat(np.arange(1, 6), 5), np.tile(np.arange(1, 6), 5)
OF_M5 = (M5.ravel(), REGIONS, INDUSTRIES)


def printed(column, digits):
    """Round a column of few figures as a page prints them."""
    return [round(value, digits) + 0.0 for value in np.asarray(column).tolist()]


# ---- location quotients ----


def test_location_quotients_of_econgeo():
    """EconGeo's M5: the location quotients of Haig (1927), as EconGeo prints them, and those that are 1 or more."""
    lq = xm.location_quotient(*OF_M5)["lq"].reshape(5, 5)
    expected = [
        [5.0, 0.0, 0.0, 0.0, 0.0],
        [0.0, 0.75, 0.25, 3.5, 0.5],
        [0.0, 1.0, 0.5, 1.0, 2.5],
        [0.0, 1.25, 1.5, 0.25, 2.0],
        [0.0, 2.0, 2.75, 0.25, 0.0],
    ]
    assert expected == lq.tolist()
    assert ["10000", "00010", "01011", "01101", "01100"] == ["".join(map(str, row)) for row in (lq >= 1).astype(int)]


def test_a_region_without_anything_has_no_quotients():
    """EconGeo gives 0 for the quotients of a region of zeros; there is nothing to compare, and they are NaN."""
    values = np.where(REGIONS == 1, 0, M5.ravel())
    lq = xm.location_quotient(values, REGIONS, INDUSTRIES)["lq"]
    assert np.isnan(lq[:5]).all()
    own = xm.specialization(values, REGIONS, INDUSTRIES)
    assert all(np.isnan(own[name][0]) for name in ("krugman", "herfindahl", "entropy"))


def test_average_location_quotients_of_econgeo():
    """EconGeo: the quotients of M5's regions, weighted by their own shares, are 5, 2.625, 1.7, 1.575, 2.325."""
    table = xm.location_quotient(*OF_M5)
    averages = (table["share"] * table["lq"]).reshape(5, 5).sum(axis=1)
    assert [5.0, 2.625, 1.7, 1.575, 2.325] == printed(averages, 12)
    assert [0.2, 0.380952381, 0.5882352941, 0.6349206349, 0.4301075269] == printed(1 / averages, 10)  # Hachman


def test_a_location_quotient_of_reat():
    """REAT's documentation: locq(1714, 79006, 879213, 15593224) is 0.3847623423."""
    wider = {"industry": 879213, "others": 15593224 - 879213}
    table = xm.location_quotient([1714, 79006 - 1714], ["r", "r"], ["industry", "others"], reference=wider)
    assert 0.3847623423 == printed(table["lq"], 10)[0]


def test_symmetric_and_normalized_quotients():
    """M5, R2: RSCA of Dalum, Laursen and Villumsen (1998), NRCA of Yu, Cai and Leung (2009) times 10⁴."""
    table = xm.location_quotient(*OF_M5)
    assert [-1.0, -0.1428571429, -0.6, 0.5555555556, -0.3333333333] == printed(table["rsca"][5:10], 10)
    assert [-400.0, -100.0, -300.0, 1000.0, -200.0] == printed(1e4 * table["nrca"][5:10], 9)
    additive = table["share"][5:10] - table["reference_share"][5:10]  # Hoen and Oosterhaven (2006)
    assert [-0.2, -0.05, -0.15, 0.5, -0.1] == printed(additive, 12)


# ---- specialization and similarity ----


def test_specialization_of_econgeo():
    """EconGeo's M5: Krugman's index, Hoover's coefficient, the Herfindahl index; entropy in bits to 3 decimals."""
    table = xm.specialization(*OF_M5)
    assert [1.6, 1.0, 0.6, 0.7, 1.1] == printed(table["krugman"], 12)
    assert [0.8, 0.5, 0.3, 0.35, 0.55] == printed(table["hoover"], 12)
    assert [1.0, 0.525, 0.34, 0.315, 0.465] == printed(table["herfindahl"], 12)
    assert [0.0, 1.319, 1.761, 1.766, 1.219] == printed(table["entropy"] / np.log(2), 3)


def test_pairs_of_regions():
    """M5: Krugman (1991), the cosine, and Finger and Kreinin (1979), from their formulas."""
    table = xm.similarity(*OF_M5)
    pairs = list(zip(table["region_a"].tolist(), table["region_b"].tolist(), strict=True))
    krugman = dict(zip(pairs, printed(table["krugman"], 12), strict=True))
    expected = {(2, 3): 1.0, (2, 4): 1.3, (2, 5): 1.5, (3, 4): 0.5, (3, 5): 1.3, (4, 5): 0.8}
    assert {(1, b): 2.0 for b in range(2, 6)} | expected == krugman
    cosine = dict(zip(pairs, printed(table["cosine"], 10), strict=True))
    assert (0.5325537019, [0.0] * 4) == (cosine[2, 3], [cosine[1, b] for b in range(2, 6)])
    common = dict(zip(pairs, printed(table["finger_kreinin"], 12), strict=True))
    assert (0.5, [0.0] * 4) == (common[2, 3], [common[1, b] for b in range(2, 6)])


def test_regions_without_a_common_industry():
    """REAT's documentation: krugman.spec of 20, 10, 70, 0, 0 and 0, 0, 0, 60, 40 is 2."""
    values, industry = [20, 10, 70, 0, 0, 0, 0, 0, 60, 40], [1, 2, 3, 4, 5] * 2
    assert [2.0] == xm.similarity(values, [1] * 5 + [2] * 5, industry)["krugman"].tolist()


# ---- the three Ginis ----


# The German Länder in 2015, billions of euros and heads, as REAT's documentation has them.
GDP = [460.69, 549.19, 124.16, 65.29, 31.59, 109.27, 263.44, 39.87, 258.53, 645.59, 131.95, 35.03, 112.66, 56.22, 85.61]
GDP += [56.81]
POPULATION = [10879618, 12843514, 3520031, 2484826, 671489, 1787408, 6176172, 1612362, 7926599, 17865516, 4052803]
POPULATION += [995597, 4084851, 2245470, 2858714, 2170714]


def two_industries(own, total):
    """Give values, region, industry: an industry "a", and what else there is in each region."""
    own, total = np.array(own), np.array(total)
    region = np.tile(np.arange(len(own)), 2)
    return np.concatenate([own, total - own]), region, np.repeat(["a", "others"], len(own))


def test_three_ginis_of_an_industry():
    """REAT's gini.conc (Farhauer and Kröll 2013) is 0.4068965517; Hoover's 0.3725, Krugman's 0.18625, D 0.35."""
    records = two_industries([500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000])
    quotients = xm.location_quotient(*records)
    own = quotients["lq"][quotients["industry"] == "a"]
    assert [0.25, 0.3333, 0.5, 1.75, 2.0] == printed(own, 4)
    table = xm.localization(*records).head(1)
    names = ("hoover_gini", "krugman_gini", "lq_gini", "hoover")
    assert [0.3725, 0.18625, 0.4068965517, 0.35] == [printed(table[name], 10)[0] for name in names]


def test_gini_of_a_regions_industries():
    """REAT's gini.spec of 700 … 40000 against 30000 … 50000 is 0.6222222222: sides exchanged."""
    values, branch, side = two_industries([700, 600, 500, 10000, 40000], [30000, 15000, 10000, 60000, 50000])
    assert 0.6222222222 == printed(xm.localization(values, branch, side)["lq_gini"], 10)[0]


def test_hoover_gini_of_econgeo():
    """EconGeo: Hoover.Gini of 0, 10, 10, 30, 50 against 10, 15, 20, 25, 30 is 0.31, its Hoover.index 25 %."""
    table = xm.localization(*two_industries([0, 10, 10, 30, 50], [100, 150, 200, 250, 300]))
    assert (0.31, 0.25) == (printed(table["hoover_gini"], 12)[0], printed(table["hoover"], 12)[0])


def test_hoover_concentration_of_german_regions():
    """REAT, example of hoover: GDP against population of the Länder in 2015, 0.0735899089."""
    wider = dict(enumerate(POPULATION))
    table = xm.specialization(GDP, np.zeros(16, dtype=np.int64), np.arange(16), reference=wider)
    assert [0.0735899089] == printed(table["hoover"], 10)
    whole = np.array(POPULATION)
    table = xm.localization(*two_industries(np.round(100 * np.array(GDP)).astype(np.int64), whole)).head(1)
    assert [0.0735899089] == printed(table["hoover"], 10)


def test_locational_ginis_of_econgeo():
    """EconGeo's locational.Gini of M5 is Krugman's (1991): 0.40, 0.18, 0.27, 0.31, 0.28."""
    assert [0.4, 0.18, 0.27, 0.31, 0.28] == printed(xm.localization(*OF_M5)["krugman_gini"], 2)


# ---- agglomeration ----

SIZES = [200, 650, 12000, 100, 50, 16000, 13000, 1500, 1500, 25000]
CITIES = ["Wien"] * 5 + ["Linz"] * 4 + ["Graz"]
EMPLOYMENT = {"Wien": 500_000, "Linz": 400_000, "Graz": 100_000}


def test_ellison_glaeser_of_an_industry():
    """Farhauer and Kröll (2014), as in REAT's documentation: G, H and γ of ten plants; Maurel and Sédillot's (1999)."""
    table = xm.ellison_glaeser(SIZES, CITIES, ["i"] * 10, reference=EMPLOYMENT)
    expected = {
        "n": 10,
        "raw": 0.1681632653,
        "herfindahl": 0.2446887755,
        "gamma": 0.0599062841,
        "maurel_sedillot": -0.4357625532,
    }
    assert expected == {name: printed(table[name], 10)[0] for name in expected}


@pytest.mark.parametrize(("wrong", "whose"), [(-0.1013165272, "egi"), (0.3838638364, "concentrationMetrics")])
def test_wrong_ellison_glaeser_values_do_not_come_out(wrong, whose):
    """What the formulas of Stata's egi and of concentrationMetrics would give on the same plants is in no column."""
    table = xm.ellison_glaeser(SIZES, CITIES, ["i"] * 10, reference=EMPLOYMENT)
    assert all(abs(table[name].item() - wrong) > 0.03 for name in ("raw", "herfindahl", "gamma")), whose
    assert abs(table["maurel_sedillot"].item() - wrong) > 0.03, whose


# Farhauer and Kröll (2014), REAT's data FK2014_EGC: plants of four industries in regions 1, 2, 3.
FIRMS = {
    "clothing": ([1020, 1250, 1255, 1750, 1720, 1580], [315, 330], [370, 200, 210]),
    "forestry": ([1020, 1100, 1055, 1100, 1070, 1080], [1030, 1015, 1150, 1100], [210, 170, 100]),
    "dyeing": ([1020, 1250, 1255, 1750, 1720, 1580], [315, 330], [210]),
    "textile": ([1320, 1250, 1255, 1300, 1320, 1320], [615, 630], [530]),
}


def firms():
    """Give sizes, regions and industries of the plants."""
    listed = [
        (size, region, industry)
        for industry, regions in FIRMS.items()
        for region, sizes in enumerate(regions, start=1)
        for size in sizes
    ]
    return tuple(np.array(column) for column in zip(*listed, strict=True))


def test_ellison_glaeser_of_four_industries():
    """The first industry against the plants themselves (REAT: −0.0937938446), and against total employment."""
    own = xm.ellison_glaeser(*firms()).head(1)
    assert ["clothing"] == own["industry"].tolist()
    figures = (-0.0937938446, 0.1312435, 0.0179096534)
    assert figures == (
        printed(own["gamma"], 10)[0],
        printed(own["herfindahl"], 7)[0],
        printed(own["raw"], 10)[0],
    )
    employment = {1: 360_000, 2: 108_000, 3: 132_000}
    assert 0.0543817728 == printed(xm.ellison_glaeser(*firms(), reference=employment)["gamma"], 10)[0]


def test_wrong_coagglomeration_values_do_not_come_out():
    """REAT gives 21.8395 and 12.0729 on these plants; the index of Ellison and Glaeser (1997) lies between −1 and 1."""
    for area in (None, {1: 360_000, 2: 108_000, 3: 132_000}):
        gamma = xm.coagglomeration(*firms(), reference=area)["gamma_c"].item()
        assert -1 < gamma < 1


# ---- shift-share ----

# Farhauer and Kröll (2013): four industries in regions A, B, C, at two times.
BEFORE = {"A": [90, 20, 10, 60], "B": [60, 30, 30, 40], "C": [250, 100, 110, 300]}
AFTER = {"A": [100, 40, 10, 55], "B": [85, 55, 40, 35], "C": [255, 115, 85, 390]}


def shifts():
    """Give the shift-share table of the three regions."""
    values = np.array([*BEFORE.values(), *AFTER.values()])
    assert [[400, 150, 150, 400], [440, 210, 135, 480]] == values.reshape(2, 3, 4).sum(axis=1).tolist()
    region, industry = np.tile(np.repeat(["A", "B", "C"], 4), 2), np.tile([1, 2, 3, 4], 6)
    return xm.shift_share(values.ravel(), region, industry, np.repeat([0, 1], 12), 0, 1)


def test_shift_share_of_three_regions():
    """The change of each region, national, mix and competitive parts (Dunn 1960), and Esteban-Marquillas' (1972)."""
    table = shifts()
    sums = {name: xm.aggregate(table[name], by=table["region"])["sum"] for name in list(table)[2:]}
    assert [25.0, 55.0, 85.0] == sums["change"].tolist()
    assert [27.0, 24.0, 114.0] == printed(sums["national"], 10)
    assert [1.0, -1.0, 0.0] == printed(sums["mix"], 10)
    assert [-3.0, 32.0, -29.0] == printed(sums["competitive"], 10)
    assert [-0.6363636364, 18.4242424242] == printed(sums["homothetic"][:2], 10)
    assert [-2.3636363636, 13.5757575758] == printed(sums["allocation"][:2], 10)
    assert [-33.57190083, 4.571900826] == [
        printed(sums["homothetic"], 8)[2],
        printed(sums["allocation"], 9)[2],
    ]


def test_shift_share_by_industry():
    """Region A by industry: the national part alone, which REAT's shifti prints together with the mix."""
    table = shifts().head(4)
    assert [13.5, 3.0, 1.5, 9.0] == printed(table["national"], 10)
    assert [-4.5, 5.0, -2.5, 3.0] == printed(table["mix"], 10)
    assert [1.0, 12.0, 1.0, -17.0] == printed(table["competitive"], 10)
    assert [9.0, 8.0, -1.0, 12.0] == printed(table["national"] + table["mix"], 10)


# ---- natural breaks ----

# Employees a km² of California's 58 counties, the example of mapclassify (its calempdensity.csv, column emp/sq km).
CALIFORNIA = """
329.92 0.42 5.9 14.03 2.78 1.34 181.27 1.65 10.03 16.7 1.32 3.99 3.16 0.22 8.7 6.56 3.27 0.33 370.5 4.51 75.29 0.99 2.74
8.68 0.14 0.92 12.63 28.7 12.02 722.85 36.68 0.74 29.82 192.05 3.38 11.15 110.74 4111.45 49.47 10.33 317.11 20.47 264.93
66.26 5.39 0.13 0.61 50.65 40.48 36.67 13.09 1.81 0.2 7.6 2.51 57.26 24.32 6.97
"""


def test_natural_breaks_of_california():
    """Mapclassify's FisherJenks(load_example(), k=5): bounds 75.29 … 4111.45, counts 49, 3, 4, 1, 1, ADCM 799.24."""
    values = np.array(CALIFORNIA.split(), dtype=np.float64)
    assert (58, 125.92810345) == (len(values), round(values.mean(), 8))
    bounds = xm.natural_breaks(values, 5)
    assert [75.29, 192.05, 370.5, 722.85, 4111.45] == bounds.tolist()
    classes = xm.tiers_of(values, bounds[:-1], closed="right")
    assert [49, 3, 4, 1, 1] == np.bincount(classes)[:0:-1].tolist()
    apart = [np.abs(values[classes == c] - np.median(values[classes == c])).sum() for c in range(1, 6)]
    assert 799.24 == round(sum(apart), 2)


def test_clusters_on_a_line():
    """Ckmeans.1d.dp (Wang and Song 2011): ten numbers in clusters of 4, 3, 3 with 0, 0 and 2 within."""
    values = np.array([-1, 2, -1, 2, 4, 5, 6, -1, 2, -1])
    tiers = xm.tiers_of(values, xm.natural_breaks(values, 3)[:-1], closed="right")
    assert [4, 3, 3] == np.bincount(tiers)[:0:-1].tolist()
    within = [((values[tiers == tier] - values[tiers == tier].mean()) ** 2).sum() for tier in (3, 2, 1)]
    assert [0.0, 0.0, 2.0] == within


def test_classes_of_california():
    """Mapclassify's HeadTailBreaks: counts 50, 7, 1; its Quantiles(k=5): 1.464, 5.798, 13.278, 54.616, 4111.45."""
    values = np.array(CALIFORNIA.split(), dtype=np.float64)
    mean = values.mean()
    heads = [mean, values[values > mean].mean()]
    assert [125.92810345, 811.26] == printed(heads, 8)
    assert [1, 7, 50] == np.bincount(xm.tiers_of(values, heads, closed="right"))[1:].tolist()
    fifths = xm.aggregate(values, stats=("q20", "q40", "q60", "q80", "max"))
    assert [1.464, 5.798, 13.278, 54.616, 4111.45] == [printed(fifths[name], 9)[0] for name in fifths]


# ---- concentration ----


def test_concentration_of_doersams_sellers():
    """Doersam (2004): sales 20, 50, 20, 10 have H 0.34, normalized 0.12, 2.94 effective, CR 0.5, 0.7, 0.9, 1."""
    table = xm.concentration([20, 50, 20, 10], ranks=(1, 2, 3, 4))
    assert [0.5, 0.7, 0.9, 1.0] == [float(table[f"cr{rank}"][0]) for rank in (1, 2, 3, 4)]
    assert [0.34, 0.12] == printed([table["herfindahl"][0], table["herfindahl_normalized"][0]], 12)
    assert [2.9411764706, 1.2206072646] == printed([table["effective_number"][0], table["entropy"][0]], 10)
    assert 3.3892452773 == round(float(np.exp(table["entropy"][0])), 10)
    assert 1.7609640474 == round(float(table["entropy"][0]) / np.log(2), 10)  # bits


def test_concentration_of_german_regions():
    """REAT, example of herf: GDP of the Länder in 2015, 0.125."""
    assert [0.125] == printed(xm.concentration(GDP)["herfindahl"], 3)


def test_entropy_of_related_and_unrelated_variety():
    """Frenken, Van Oort and Verburg (2007): .2, .3 | .1, .4 have 1.8464393447 bits, 1 of them between the groups."""
    shares, group = [0.2, 0.3, 0.1, 0.4], [1, 1, 2, 2]
    variety, unrelated = (xm.concentration(shares, entity=e)["entropy"].item() / np.log(2) for e in (None, group))
    assert [1.8464393447, 1.0, 0.8464393447] == printed([variety, unrelated, variety - unrelated], 10)
