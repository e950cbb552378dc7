"""Tables whose truth is known: the audit of honest ones finds nothing, that of altered ones what can be proved.

    python -m tests.audit_trials 10000        the whole trial (make audit-trials)

An oracle that shares nothing with the audit tells whether an altered table is possible: every printed share, rate,
contribution and pull bounds a linear form of the amounts (lo·y ≤ x ≤ hi·y where y > 0), so that possible is feasible
for a linear program over the amounts alone. Where HiGHS leaves less than a millionth, fractions decide
(tests/reference/feasibility.py).
"""

import random
import sys
import time
from fractions import Fraction
from math import floor
from typing import NamedTuple

import numpy as np

import xxmfg as xm
from tests.reference.feasibility import is_feasible

MODES = ("half_up", "half_even", "truncated")
CLEAR = 1e-6  # of the constraints' own size: beyond this the solver's answer is taken


class Trial(NamedTuple):
    """A printed table, what must hold in it, and the reading under which it was made."""

    figures: dict
    relations: dict
    reading: dict
    n_parts: int


def rounded(number, decimals, mode):
    """Round an exact number once: half away from zero, half to even, or cut off."""
    units = abs(number) * 10**decimals
    whole = floor(units)
    rest = units - whole
    if mode != "truncated" and (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (mode == "half_up" or whole % 2))):
        whole += 1
    return (1 if number > 0 else -1) * Fraction(whole, 10**decimals)


def printed(value, decimals):
    """Write a number that has no more than some decimals."""
    digits = str(abs(value) * 10**decimals).rjust(decimals + 1, "0")
    whole, rest = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    return f"{'-' if value < 0 else ''}{whole}{'.' if decimals else ''}{rest}"


class _Printer:
    """Prints numbers and remembers them as figures."""

    def __init__(self, mode):
        self.mode, self.rows, self.printed = mode, [], {}

    def __call__(self, name, number, decimals, unit, kind=""):
        value = self.printed[name] = rounded(number, decimals, self.mode)
        self.rows.append((name, printed(value, decimals), unit, "exact", decimals, kind))

    def figures(self):
        names = ("id", "value", "unit", "qualifier", "decimals", "kind")
        return dict(zip(names, map(list, zip(*self.rows, strict=True)), strict=True))


def honest(seed, mode=None, *, from_printed=None, real=None):
    """Make a table of two years: amounts, totals, shares, growth, contributions and pulls of two to five parts."""
    draw = random.Random(seed)
    mode = draw.choice(MODES) if mode is None else mode
    from_printed = draw.random() < 0.5 if from_printed is None else from_printed
    real = draw.random() < 0.25 if real is None else real
    n = draw.randint(2, 5)
    bases = [Fraction(draw.randint(5_000, 500_000), 1000) for _ in range(n)]
    amounts = [base * Fraction(draw.randint(700, 1600), 1000) for base in bases]
    deflator = Fraction(draw.randint(960, 1050), 1000) if real else Fraction(1)
    out = _Printer(mode)
    decimals = draw.randint(0, 3)
    for i in range(n):
        out(f"p{i}", amounts[i], decimals, "亿元")
        out(f"b{i}", bases[i], decimals, "亿元")
    sums = from_printed and draw.random() < 0.5  # totals of what is printed, not of what is exact
    for name, parts in (("p", amounts), ("b", bases)):
        whole = sum(out.printed[f"{name}{i}"] for i in range(n)) if sums else sum(parts)
        out(f"{name}t", whole, decimals, "亿元")
    exact = {f"p{i}": amounts[i] for i in range(n)} | {f"b{i}": bases[i] for i in range(n)}
    exact |= {"pt": sum(amounts), "bt": sum(bases)}
    known = out.printed if from_printed else exact
    relations = {f"sum_{name}": f"{' + '.join(f'{name}{i}' for i in range(n))} = {name}t" for name in "pb"}
    _rates(draw, out, relations, dict(known), n, deflator)
    if not from_printed:
        _totals_of_rates(out, relations, n, real=real)
    reading = {"truncated": mode == "truncated", "from_printed": from_printed, "comparable": real}
    return Trial(out.figures(), relations, reading, n)


def _rates(draw, out, relations, known, n, deflator):
    """Print what is computed from amounts, each kind with decimals of its own."""
    share, growth, contribution, pull = (draw.randint(0, 3) for _ in range(4))
    change = known["pt"] - known["bt"]
    step = Fraction(1, 10 ** int(out.rows[0][4]))
    is_apart = abs(out.printed["pt"] - out.printed["bt"]) > 3 * step and change
    for i in [*range(n), "t"]:
        x, y = known[f"p{i}"], known[f"b{i}"]
        out(f"g{i}", 100 * (x / deflator / y - 1), growth, "%", "growth")
        relations[f"growth_{i}"] = f"g{i} = 100 * (p{i} / b{i} - 1)"
        if i == "t":
            continue
        out(f"s{i}", 100 * x / known["pt"], share, "%")
        relations[f"share_{i}"] = f"s{i} = 100 * p{i} / pt"
        if is_apart:
            out(f"c{i}", 100 * (x - y) / change, contribution, "%")
            relations[f"contribution_{i}"] = f"c{i} = 100 * (p{i} - b{i}) / (pt - bt)"
        out(f"l{i}", 100 * (x - y) / known["bt"], pull, "个百分点")
        relations[f"pull_{i}"] = f"l{i} = 100 * (p{i} - b{i}) / bt"


def _totals_of_rates(out, relations, n, *, real):
    """Add what holds between rates of exact amounts: shares and contributions make 100, pulls the growth."""
    relations["shares"] = f"{' + '.join(f's{i}' for i in range(n))} = 100"
    if "c0" in out.printed:
        relations["contributions"] = f"{' + '.join(f'c{i}' for i in range(n))} = 100"
    if not real:
        relations["pulls"] = f"{' + '.join(f'l{i}' for i in range(n))} = gt"


def altered(trial, seed):
    """Change the last digits of one figure, by one to forty units of its last place."""
    draw = random.Random(-1 - seed)
    figures = {name: list(column) for name, column in trial.figures.items()}
    row = draw.randrange(len(figures["id"]))
    decimals = figures["decimals"][row]
    units = draw.choice((1, 1, 2, 3, 5, 9, 40)) * draw.choice((-1, 1))
    value = Fraction(figures["value"][row]) + Fraction(units, 10**decimals)
    figures["value"][row] = printed(value, decimals)
    return trial._replace(figures=figures)


# ---- the oracle ----


def is_possible(trial):
    """Tell whether exact amounts exist that are printed so, rounded to nearest; the ends of the intervals included."""
    n, rows = trial.n_parts, []
    ends = {}
    for name, value, decimals in zip(*(trial.figures[key] for key in ("id", "value", "decimals")), strict=True):
        half = Fraction(1, 2 * 10**decimals)
        ends[name] = Fraction(value) - half, Fraction(value) + half
    forms = {f"{kind}{i}": _unit(2 * n, [place * n + i]) for place, kind in enumerate("pb") for i in range(n)}
    forms |= {f"{kind}t": _unit(2 * n, range(place * n, place * n + n)) for place, kind in enumerate("pb")}
    for name, form in forms.items():
        rows += _between(form, [0] * 2 * n, ends[name], constant=True)
    for name, bounds in ends.items():
        kind, i = name[0], name[1:]
        if kind in "pb":
            continue
        p, b, pt, bt = (forms[f"{key}{j}"] for key, j in (("p", i), ("b", i), ("p", "t"), ("b", "t")))
        top = p if kind == "s" else [x - y for x, y in zip(p, b, strict=True)]
        bottom = {"s": pt, "g": b, "l": bt, "c": [x - y for x, y in zip(pt, bt, strict=True)]}[kind]
        low, high = (end / 100 for end in bounds)
        if kind == "c" and sum(ends["pt"]) < sum(ends["bt"]):
            top, bottom = [-x for x in top], [-x for x in bottom]
        rows += _between(top, bottom, (low, high))
    return _feasible(rows)


def _unit(size, places):
    return [1 if i in places else 0 for i in range(size)]


def _between(top, bottom, bounds, *, constant=False):
    """Give rows (a, b), a·x ≤ b, that say low · bottom ≤ top ≤ high · bottom; the bounds themselves where constant."""
    low, high = bounds
    if constant:
        return [([Fraction(-x) for x in top], -low), ([Fraction(x) for x in top], high)]
    below = [low * y - x for x, y in zip(top, bottom, strict=True)]
    above = [x - high * y for x, y in zip(top, bottom, strict=True)]
    return [(below, Fraction(0)), (above, Fraction(0))]


def _feasible(rows):
    """Maximize the room that all rows leave; let fractions decide where it is next to nothing."""
    from scipy.optimize import linprog

    matrix = np.array([[float(x) for x in a] for a, _ in rows])
    right = np.array([float(b) for _, b in rows])
    norms = np.linalg.norm(matrix, axis=1)
    n = matrix.shape[1]
    found = linprog(
        [0.0] * n + [-1.0],
        A_ub=np.column_stack([matrix / norms[:, None], np.ones(len(rows))]),
        b_ub=right / norms,
        bounds=[(None, None)] * n + [(None, 1.0)],
        method="highs",
    )
    room = found.x[-1] if found.status == 0 else 0.0
    return room > 0 if abs(room) > CLEAR else is_feasible(rows)


# ---- trials ----


def false_alarms(seeds):
    """Give the seeds of honest tables that the audit does not let stand under the reading that made them."""
    return [seed for seed in seeds if not audited(honest(seed)).holds]


def audited(trial):
    """Audit a trial under its own reading."""
    return xm.audit(trial.figures, trial.relations, **trial.reading)


def altered_table(seed):
    """Give a table, rounded to nearest from exact amounts, in which one figure was changed."""
    return altered(honest(seed, MODES[seed % 2], from_printed=False, real=False), seed)


class Score(NamedTuple):
    """How many altered tables are impossible, how many of them no single relation shows, and where the audit errs."""

    impossible: int
    joint: int
    refused: int
    missed: list
    refuted: list


def alterations(seeds):
    """Hold the audit of altered tables against the oracle."""
    impossible, joint, refused, missed, refuted = 0, 0, 0, [], []
    for seed in seeds:
        trial = altered_table(seed)
        try:
            found = audited(trial)
        except xm.AuditError:  # the altered figure may be a denominator of zero
            refused += 1
            continue
        possible = is_possible(trial)
        impossible += not possible
        joint += not found.holds and "fails" not in found.relations["verdict"].tolist()
        missed += [seed] if found.holds and not possible else []
        refuted += [seed] if possible and not found.holds else []
    return Score(impossible, joint, refused, missed, refuted)


def large(n_figures, seed=1):
    """Make one table of about as many figures, with as many relations, in which everything hangs together.

    Areas of eight parts: parts add up to their area, areas to the country; each part has its share of its area.
    """
    draw, out, relations = random.Random(seed), _Printer("half_up"), {}
    totals = []
    while len(out.rows) < n_figures - 1:
        area = len(totals)
        parts = [Fraction(draw.randint(100, 10**6), 1000) for _ in range(8)]
        totals.append(sum(parts))
        for i, part in enumerate(parts):
            out(f"a{area}p{i}_", part, 2, "亿元")
            out(f"a{area}s{i}_", 100 * part / totals[-1], 2, "%")
            relations[f"share_{area}_{i}"] = f"a{area}s{i}_ = 100 * a{area}p{i}_ / a{area}t_"
            relations[f"part_{area}_{i}"] = f"a{area}p{i}_ <= a{area}t_"
        out(f"a{area}t_", totals[-1], 1, "亿元")
        relations[f"sum_{area}"] = f"{' + '.join(f'a{area}p{i}_' for i in range(8))} = a{area}t_"
    out("country", sum(totals), 0, "亿元")
    relations["sum"] = f"{' + '.join(f'a{area}t_' for area in range(len(totals)))} = country"
    return Trial(out.figures(), relations, {}, 0)


def main(count):
    """Run the whole trial and print what it found; exit code 1 where the audit is wrong."""
    alarms = false_alarms(range(count))
    print(f"{count} honest tables: {len(alarms)} false alarms {alarms[:10] or ''}", flush=True)
    score = alterations(range(count // 10))
    share = f"{score.impossible / max(count // 10, 1):.1%}"
    print(f"{count // 10} altered tables: {score.impossible} provably impossible ({share}); {score.joint} only jointly")
    print(f"refused, for a denominator may be zero: {score.refused}")
    print(f"found {score.impossible - len(score.missed)} of {score.impossible} {score.missed[:10] or ''}", flush=True)
    print(f"possible but refuted: {len(score.refuted)} {score.refuted[:10] or ''}", flush=True)
    for size in (1000, 10_000):
        trial = large(size)
        begin = time.perf_counter()
        holds = audited(trial).holds
        seconds = time.perf_counter() - begin
        print(f"{len(trial.figures['id'])} figures, {len(trial.relations)} relations: {seconds:.1f} s", flush=True)
        alarms += [] if holds else [size]
    return 1 if alarms or score.missed or score.refuted else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
