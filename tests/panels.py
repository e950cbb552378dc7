"""A synthetic panel of enterprises, of no real survey: they enter, grow and exit over some years."""

import numpy as np

import xxmfg as xm

REGIONS, INDUSTRIES = 31, 30


def synthetic_panel(n_enterprises, years=range(2014, 2020), seed=2019):
    """Give records enterprise, region, industry, year, output of made-up enterprises; the same for the same seed.

    A third is there in all years; of the others each enters and exits in years of its own. Outputs are log-normal, and
    grow by 6 % a year on average.
    """
    random = np.random.default_rng(seed)
    first, last = years[0], years[-1]
    stays = random.random(n_enterprises) < 1 / 3
    start = np.where(stays, first, random.integers(first - 3, last + 1, n_enterprises))
    end = np.where(stays, last, np.maximum(start, first) + random.integers(0, 8, n_enterprises))
    region = random.zipf(1.3, n_enterprises) % REGIONS
    industry = (random.zipf(1.3, n_enterprises) + region) % INDUSTRIES
    size = random.lognormal(6, 1.5, n_enterprises)
    there = [(year, np.flatnonzero((start <= year) & (year <= end))) for year in years]
    whose = np.concatenate([who for _, who in there])
    year = np.concatenate([np.full(len(who), at) for at, who in there])
    grown = size[whose] * 1.06 ** (year - first) * random.lognormal(0, 0.2, len(whose))
    names = {
        "region": [f"Region {i:02}" for i in range(REGIONS)],
        "industry": [f"C{i + 13}" for i in range(INDUSTRIES)],
    }
    return xm.Records({
        "enterprise": np.array([f"Synthetic {i:06}" for i in range(n_enterprises)])[whose],
        "region": np.array(names["region"])[region[whose]],
        "industry": np.array(names["industry"])[industry[whose]],
        "year": year,
        "output": np.round(grown, 2),
    })  # fmt: skip
