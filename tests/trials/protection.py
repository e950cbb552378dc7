"""Random tables are protected and attacked: `python -m tests.trials.protection`."""

import sys
import time
from collections import Counter

import numpy as np

import xxmfg as xm
from tests.reference.attacking import TOTAL, Published, findings
from tests.reference.suppressing import cheapest, prices

RULES = (
    {},
    {"dominance": (2, 0.75), "boundary": "gt"},
    {"p_percent": 20, "dominance": None},
    {"pq": (30, 60), "dominance": None, "min_count": 2},
    {"p_percent": 15, "min_count": 4},
)


def random_records(random, *shape):
    """Give records (keys, enterprise, value) of a table, sparse or dense, some cells of which are dominated."""
    present = random.random(shape) < random.choice([0.2, 0.5, 0.8, 1.0])
    n_names = int(random.integers(3, 3 + 3 * present.size))
    most, spread = int(random.integers(2, 12)), random.choice([0.5, 1.5, 2.5])
    negative = random.random() < 0.1
    records = []
    for cell in np.argwhere(present).tolist():
        n = int(random.integers(1, most + 1))
        names = random.choice(n_names, min(n, n_names), replace=False)
        values = random.lognormal(3, spread, len(names)).round(3) + 0.001
        if random.random() < 0.1:  # dominated
            values[0] = 20 * values.sum()
        if random.random() < 0.05:
            values[:] = 0.0
        if negative and random.random() < 0.2:
            values[-1] *= -1
        records += [(*cell, int(name), float(value)) for name, value in zip(names, values, strict=True)]
    return records


def protected(records, rules):
    """Protect records by all their keys."""
    *keys, names, values = (np.array(column) for column in zip(*records, strict=True))
    named = ("row", "column", "layer") if len(keys) > 1 else ("column",)
    return xm.protect(values, dict(zip(named, keys, strict=False)), names, **rules)


def suppressed_of(table):
    """Give the suppressed cells of a table as the attacker names them."""
    names = [[label if label == TOTAL else int(label) for label in table[key].tolist()] for key in table.columns[:-2]]
    cells = zip(*names, strict=True)
    return [
        cell for cell, status in zip(cells, table["status"].tolist(), strict=True) if status in {"primary", "secondary"}
    ]


def as_text(rules):
    """Give rules as the twins take them: decimals in text."""
    text = {"dominance": (1, "0.85"), "p_percent": None, "pq": None, **rules}
    dominance, pq = text["dominance"], text["pq"]
    text["dominance"] = dominance and (dominance[0], str(dominance[1]))
    text["p_percent"] = text["p_percent"] and str(text["p_percent"])
    text["pq"] = pq and tuple(map(str, pq))
    return text


def attempt(seed, most=50):
    """Protect one random table and attack it: give its shape, what became of it, and what is wrong with it."""
    random = np.random.default_rng(seed)
    shape = np.exp(random.uniform(np.log(3), np.log(most + 0.99), 2)).astype(int).tolist()
    shape = shape[1:] if random.random() < 0.1 else shape
    return _attacked(random, shape)


def attempt_cube(seed, most=8):
    """Do the same with a table of three keys."""
    random = np.random.default_rng(seed)
    return _attacked(random, np.exp(random.uniform(np.log(3), np.log(most + 0.99), 3)).astype(int).tolist())


def _attacked(random, shape):
    records = random_records(random, *shape) or [(*([0] * len(shape)), 0, 1.0)]
    rules = RULES[int(random.integers(len(RULES)))]
    named = " × ".join(map(str, shape))
    try:
        table = protected(records, rules)
    except xm.DisclosureError:
        return named, "refused", 0, []
    published = Published(records, suppressed_of(table), as_text(rules))
    return named, "safe", len(published.suppressed), findings(published, most_pairs=400, random=random)


def compare(seed):
    """Protect one small random table: give what its suppression costs, and a bound of the least that one can."""
    random = np.random.default_rng(seed)
    n_rows, n_columns = random.integers(3, 7, 2).tolist()
    rules = RULES[int(random.integers(len(RULES)))]
    records = random_records(random, n_rows, n_columns) or [(0, 0, 0, 1.0)]
    try:
        table = protected(records, rules)
    except xm.DisclosureError:
        return None
    published = Published(records, suppressed_of(table), as_text(rules))
    costs = prices(published)
    return sum(costs[cell] for cell in published.suppressed), cheapest(published)


def costs(first, last):
    """Compare the costs of small tables with the least and say how they lie."""
    pairs = [pair for seed in range(first, last) if (pair := compare(seed)) and pair[0] > 0]
    ratios = np.array([own / least for own, least in pairs])
    known = ratios[np.isfinite(ratios)]
    print(
        f"{len(known)} tables up to 6 × 6 with suppressed cells, {len(ratios) - len(known)} more had no optimum in time"
    )
    print(f"cost against the optimum: median {np.median(known):.3f}, mean {known.mean():.3f}, most {known.max():.3f}")


def large(n_rows=200, n_columns=100):
    """Protect a large table, sparse and dense in sensitive cells, and say how long it took."""
    for n_each in (4, 12):
        random = np.random.default_rng(n_each)
        n = n_rows * n_columns * n_each
        rows, columns = random.integers(0, n_rows, n), random.integers(0, n_columns, n)
        started = time.perf_counter()
        table = xm.protect(random.lognormal(3, 1.5, n), (rows, columns), random.integers(0, n // 2, n))
        print(f"{n_rows} × {n_columns}, {time.perf_counter() - started:.1f} s; {table.note}")


def main(first, last, attempt=attempt):
    """Run the trials of a range of seeds and say what was found."""
    became, n_cells, wrong, started = Counter(), 0, 0, time.perf_counter()
    for seed in range(first, last):
        shape, what, n, found = attempt(seed)
        became[what] += 1
        n_cells += n
        wrong += len(found)
        for line in found:
            print(f"seed {seed}, {shape}: {line}", flush=True)
    print(f"{last - first} tables: {dict(became)}; {n_cells:,} cells suppressed; {wrong} worked out; "
          f"{time.perf_counter() - started:.0f} s", flush=True)  # fmt: skip
    return wrong


if __name__ == "__main__":
    large()
    costs(0, 200)
    first, last = map(int, sys.argv[1:] or ("0", "1000"))
    sys.exit(main(first, last) + main(first, first + (last - first) // 5, attempt_cube) > 0)
