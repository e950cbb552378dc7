"""Calls of every public function that reads records: what the tests of memory, leaks, interrupts and threads walk."""

from typing import NamedTuple

import numpy as np

import xxmfg as xm

STATS = ("count", "missing", "sum", "mean", "min", "max", "var", "median", "q90", "first", "n_unique", "share")
WEIGHTED = ("count", "sum", "mean", "median", "q90", "share")

# What reads no records: classes that the calls build on the way, files, settings, parsers, tables of figures.
OTHERS = {"AuditResult", "Crosswalk", "Records", "Table", "TheilDecomposition", "audit", "classes", "classify"}
OTHERS |= {"figures_from_text", "get_threads", "read", "scheme_totals", "set_threads", "share_change"}
OTHERS |= {"round_figures", "round_shares", "round_table", "natural_breaks", "tiers_of"}


class Sample(NamedTuple):
    """Columns of one length, of every way that keys take to groups."""

    values: np.ndarray  # positive, a few missing
    signed: np.ndarray  # of all magnitudes and signs
    whole: np.ndarray
    weights: np.ndarray
    region: np.ndarray
    industry: np.ndarray  # sparse integers
    city: np.ndarray  # text
    plant: np.ndarray  # two records each, of two years
    name: np.ndarray  # of the plant
    year: np.ndarray


def sample(n, seed=7):
    """Give `n` records; an even number, for each plant has two years."""
    random = np.random.default_rng(seed)
    values = random.lognormal(0, 2, n)
    values[::97] = np.nan
    codes = random.integers(0, 12, n)
    return Sample(
        values=values,
        signed=random.normal(size=n) * 10.0 ** random.integers(-200, 200, n),
        whole=random.integers(1, 1000, n),
        weights=random.integers(1, 9, n).astype(float),
        region=random.integers(0, 5, n).astype(np.int32),
        industry=random.integers(0, 2**60, 12)[codes],
        city=np.array([f"新城{i}" for i in range(12)])[codes],
        plant=np.repeat(np.arange(n // 2), 2),
        name=np.repeat(np.arange(n // 2), 2).astype(str),
        year=np.tile(np.array([2018, 2019]), n // 2),
    )


def _places(s):
    return {"region": s.region, "industry": s.industry}


# "function" or "function: in which way"
CALLS = {
    "Grouping": lambda s: xm.Grouping(s.city, s.region),
    "aggregate": lambda s: xm.aggregate(s.values, by=s.city, stats=STATS, total=True),
    "aggregate: all magnitudes": lambda s: xm.aggregate(s.signed, by=(s.region, s.industry), order="appearance"),
    "aggregate: integers": lambda s: xm.aggregate(s.whole, by=s.plant, stats=("sum", "min", "max", "median")),
    "aggregate: weights": lambda s: xm.aggregate(s.values, by=s.region, stats=WEIGHTED, weights=s.weights),
    "aggregate: no keys": lambda s: xm.aggregate(s.signed, stats=STATS),
    "average_growth": lambda s: xm.average_growth(s.values, s.year, 2018, 2019, by=s.region),
    "coagglomeration": lambda s: xm.coagglomeration(s.whole, **_places(s)),
    "concentration": lambda s: xm.concentration(s.values, by=s.region, entity=s.plant),
    "decompose_growth": lambda s: xm.decompose_growth(s.values, s.plant, s.year, by=s.region),
    "disclosure": lambda s: xm.disclosure(s.values, by=(s.region, s.city), contributor=s.plant),
    "distinct": lambda s: xm.ratio(s.values, xm.distinct(s.plant), by=s.city),
    "ellison_glaeser": lambda s: xm.ellison_glaeser(s.whole, **_places(s)),
    "growth": lambda s: xm.growth(s.values, s.year, by=s.region),
    "growth_of": lambda s: xm.growth_of(s.values, s.plant, s.year),
    "growth_of: text": lambda s: xm.growth_of(s.values, s.name, s.year),
    "inequality": lambda s: xm.inequality(s.values, by=s.region, weights=s.weights),
    "localization": lambda s: xm.localization(s.values, **_places(s)),
    "location_quotient": lambda s: xm.location_quotient(s.values, **_places(s)),
    "mean_similarity": lambda s: xm.mean_similarity(s.values, **_places(s)),
    "protect": lambda s: xm.protect(s.values, s.region, s.plant),
    "rank_of": lambda s: xm.rank_of(s.values, within=s.city, method="average"),
    "ratio": lambda s: xm.ratio(s.values, s.whole, by=(s.region, s.city)),
    "share": lambda s: xm.share(s.values, by=(s.region, s.city), within=s.region),
    "share_of": lambda s: xm.share_of(s.values, within=(s.region, s.industry)),
    "shift_share": lambda s: xm.shift_share(s.whole, **_places(s), period=s.year, base=2018, current=2019),
    "similarity": lambda s: xm.similarity(s.values, **_places(s)),
    "specialization": lambda s: xm.specialization(s.values, **_places(s)),
    "theil_decomposition": lambda s: xm.theil_decomposition(s.values, by=s.region),
    "top": lambda s: xm.top(s.values, 3, by=s.region, label=s.city),
    "top: entities": lambda s: xm.top(s.values, 3, by=s.city, entity=s.plant, ties="all"),
}


def uncalled(public):
    """Give the public functions that no call of the list is of."""
    return set(public) - {name.partition(":")[0] for name in CALLS} - OTHERS
