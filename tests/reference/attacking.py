"""An outsider, and each contributor, with linear programs: what they can work out of a table with suppressed cells."""

from collections import defaultdict
from fractions import Fraction
from itertools import chain, combinations, permutations, product

import highspy
import numpy as np

from .disclosing import protection, reasons

TOTAL = "total"
MOST_SUBSETS = 9  # suppressed cells of a line, all of whose subsets are tried
TOLERANCE = 1e-6  # of a cell, or of what is asked for


class Published:
    """The true contributions behind a table of any number of keys, and which of its cells are suppressed."""

    def __init__(self, records, suppressed, rules):
        """Take records of a label for each key, a name and a value; cells are tuples of labels, TOTAL for totals.

        A value is the decimal that it is written as, as the rules take it.
        """
        self.rules = rules
        self.cells = defaultdict(lambda: defaultdict(Fraction))
        self.signed = set()
        for *labels, name, value in records:
            for cell in product(*((label, TOTAL) for label in labels)):
                self.cells[cell][name] += Fraction(str(value))
                if value < 0:
                    self.signed.add(cell)
        self.suppressed = sorted(suppressed, key=str)
        self.values = {cell: float(sum(own.values())) for cell, own in self.cells.items()}

    def reasons(self, *cells):
        """Name the rules that several cells break when they are taken as one."""
        return reasons(self.pooled(cells), **self.rules)

    def needed(self, *cells):
        """Give how far cells taken as one must stay open."""
        return float(protection(self.pooled(cells), **self.rules))

    def pooled(self, cells):
        """Give the contributions to several cells taken as one: the absolute ones of each contributor are summed."""
        pool = defaultdict(Fraction)
        for cell in cells:
            for name, amount in self.cells[cell].items():
                pool[name] += abs(amount)
        return list(pool.values())

    def size(self, cell):
        """Give the sum of the absolute contributions to a cell."""
        return float(sum(self.pooled([cell])))

    def owner(self, cell):
        """Give the only contributor of a cell, None where there are several."""
        return next(iter(self.cells[cell])) if len(self.cells[cell]) == 1 else None

    def leader(self, cell):
        """Give the largest contributor of a cell."""
        return max(self.cells[cell], key=lambda name: abs(self.cells[cell][name]))

    def lines(self):
        """Give the sums that everybody knows to hold: for each line its suppressed cells, and its suppressed total.

        A line is the key along which it runs, and the labels of the others.
        """
        found = defaultdict(list)
        for cell in self.suppressed:
            for along in range(len(cell)):
                found[along, cell[:along] + cell[along + 1 :]].append(cell)
        return found


class Attacker:
    """A linear program in how far the suppressed cells may differ from the truth; it is changed and solved again."""

    def __init__(self, published):
        self.published = published
        cells = published.suppressed
        self.place = {cell: i for i, cell in enumerate(cells)}
        self.size = max(map(abs, published.values.values()))
        lines = list(published.lines().items())
        self.matrix = np.zeros((len(lines), len(cells)))
        for i, ((along, _), own) in enumerate(lines):
            for cell in own:
                self.matrix[i, self.place[cell]] = -1.0 if cell[along] == TOTAL else 1.0
        self.lower = np.array([-np.inf if c in published.signed else -published.values[c] for c in cells])
        self.lower = np.maximum(self.lower, -9 * self.size)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(cells), len(lines)
        model.col_cost_ = np.zeros(len(cells))
        model.col_lower_, model.col_upper_ = self.lower, np.full(len(cells), 9 * self.size)
        model.row_lower_ = model.row_upper_ = np.zeros(len(lines))
        columns, rows = np.nonzero(self.matrix.T)
        model.a_matrix_.start_ = np.searchsorted(columns, np.arange(len(cells) + 1))
        model.a_matrix_.index_, model.a_matrix_.value_ = rows, self.matrix[rows, columns]
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.passModel(model)

    def interval(self, *cells):
        """Give how far below and above the truth the sum of cells may be for all that is known."""
        ends = []
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            for cell in cells:
                self.solver.changeColCost(self.place[cell], 1.0)
            self.solver.changeObjectiveSense(sense)
            self.solver.run()
            assert highspy.HighsModelStatus.kOptimal == self.solver.getModelStatus()
            ends.append(self.solver.getInfo().objective_function_value)
        for cell in cells:
            self.solver.changeColCost(self.place[cell], 0.0)
        return ends

    def knowing(self, cells, known):
        """Take cells as known, or give them up again."""
        for cell in cells:
            place = self.place[cell]
            free = (self.lower[place], 9 * self.size)
            self.solver.changeColBounds(place, *((0.0, 0.0) if known else free))

    def covers(self, *cells, contributor=None):
        """Tell whether cells taken as one stay open as far as they must, to outsiders or to one who contributes.

        Who gives most need not be kept from learning of itself: to it the count alone matters, and what others give.
        """
        low, high = self.interval(*cells)
        needed, truth = self.published.needed(*cells), sum(self.published.values[cell] for cell in cells)
        own = sum(abs(self.published.cells[cell].get(contributor, 0)) for cell in cells)
        pool = self.published.pooled(cells)
        if own and own == max(pool):
            needed = min(needed, truth / 10) if "count" in self.published.reasons(*cells) else 0.0
        if own and own == sum(pool):
            return True
        least = TOLERANCE * max(truth, needed)
        signed = any(cell in self.published.signed for cell in cells)
        down = needed if signed else min(needed, truth - float(own))
        is_open = high - low > least or (own and needed == 0)
        return high >= needed - least and -low >= down - least and is_open

    def is_open(self, cell):
        """Tell whether a cell cannot be worked out."""
        low, high = self.interval(cell)
        return high - low > TOLERANCE * self.published.values[cell]

    def derived(self):
        """Give cells of one line whose sum can be worked out: all subsets, or of a long line some."""
        singular, vectors = np.linalg.svd(self.matrix)[1:] if self.matrix.size else (np.zeros(0), np.zeros((0, 0)))
        free = vectors[int((singular > 1e-9).sum()) :]
        for (along, _), own in self.published.lines().items():
            inner = [cell for cell in own if cell[along] != TOTAL]
            for part in subsets(inner, self.published):
                if np.abs(free[:, [self.place[cell] for cell in part]].sum(axis=1)).max(initial=0.0) < 1e-7:
                    yield part


class Sums:
    """A linear program in the sums that are known: of a line's relation each may be taken any number of times.

    What comes of it is a sum of suppressed cells of the table, none of them less than no times, and no totals. To a
    contributor its own cells are known, and may be taken away any number of times.
    """

    def __init__(self, attacker, owned):
        self.published, self.owned = attacker.published, owned
        self.matrix, self.cells = attacker.matrix, self.published.suppressed
        self.is_inner = np.array([TOTAL not in cell for cell in self.cells])
        self.sizes = np.array([self.published.size(cell) for cell in self.cells])
        model = highspy.HighsLp()
        n_lines, n_cells = self.matrix.shape
        model.num_col_, model.num_row_ = n_lines, n_cells + 1
        model.col_cost_ = np.zeros(n_lines)
        model.col_lower_, model.col_upper_ = np.full(n_lines, -np.inf), np.full(n_lines, np.inf)
        model.row_lower_ = np.append(np.zeros(n_cells), -np.inf)
        model.row_upper_ = np.append(np.where(self.is_inner, np.inf, 0.0), 1.0)
        rows = np.vstack([self.matrix.T, self.matrix @ np.where(self.is_inner, self.sizes, 0.0)])
        lines, places = np.nonzero(rows.T)
        model.a_matrix_.start_ = np.searchsorted(lines, np.arange(n_lines + 1))
        model.a_matrix_.index_, model.a_matrix_.value_ = places, rows[places, lines]
        model.sense_ = highspy.ObjSense.kMaximize
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.passModel(model)

    def most(self, standing, only=None, contributor=None):
        """Give the most, as a part, by which a group stands out in a known sum; `only` these cells may be in it."""
        own = np.array([cell in self.owned.get(contributor, ()) for cell in self.cells])
        for place in np.flatnonzero(self.is_inner).tolist():
            most = np.inf if only is None or only[place] or own[place] else 0.0
            self.solver.changeRowBounds(place, -np.inf if own[place] else 0.0, most)
        counted = self.is_inner & ~own
        costs = self.matrix @ np.where(counted, standing, 0.0)
        sizes = self.matrix @ np.where(counted, self.sizes, 0.0)
        for line, (cost, size) in enumerate(zip(costs.tolist(), sizes.tolist(), strict=True)):
            self.solver.changeColCost(line, cost)
            self.solver.changeCoeff(len(self.cells), line, size)
        self.solver.run()
        assert highspy.HighsModelStatus.kOptimal == self.solver.getModelStatus()
        return self.solver.getInfo().objective_function_value

    def struck(self, most_groups=10**9, random=None):
        """Name the rule and the contributors that make a known sum of suppressed cells sensitive."""
        asked = [(rule, group, name) for rule, group in self._groups() for name in self._viewers(rule, group)]
        if len(asked) > most_groups:
            asked = [asked[i] for i in random.choice(len(asked), most_groups, replace=False)]
        for rule, group, name in asked:
            standing, only = self._standing(rule, group)
            if name is not None and rule != "count":  # who gives most to a cell learns of it by the count alone
                led = np.array([self.published.leader(cell) == name for cell in self.cells])
                standing = np.where(led, np.minimum(standing, 0.0), standing)
            if (standing > TOLERANCE * self.sizes).any() and self.most(standing, only, name) > TOLERANCE:
                whose = "" if name is None else f" that {name} knows"
                yield f"in a sum over several lines{whose} {group} break the rule of {rule}"

    def _viewers(self, rule, group):
        """Give who looks at the sums: everybody, and those of a group who know cells by themselves."""
        others = group[1:] if rule in {"p_percent", "pq"} or len(group) == 1 else group
        return [None, *(name for name in others if name in self.owned)]

    def _groups(self):
        """Give who might stand out: everybody for one dominating, and for the count; else who leads a cell."""
        rules = {"min_count": 3, **self.published.rules}
        given = [self.published.cells[cell] for cell in self.cells if TOTAL not in cell]
        names = sorted({name for own in given for name in own}, key=str)
        leading = {tuple(sorted(own, key=lambda name: -abs(own[name]))[:n]) for own in given for n in (1, 2)}
        if rules["dominance"]:
            groups = [(name,) for name in names] if rules["dominance"][0] == 1 else sorted(leading, key=str)
            yield from (("dominance", group) for group in groups)
        for rule in ("p_percent", "pq"):
            if rules[rule]:
                yield from (
                    (rule, pair) for pair in sorted({p for lead in leading for p in permutations(lead)}, key=str)
                )
        few = rules["min_count"] - 1
        small = {frozenset(own) for own in given if len(own) <= few}
        groups = combinations(sorted(set().union(*small), key=str), few)
        if few != 2 or len(small) < 2:  # who contribute to one cell, or to two that share a contributor
            united = {one | other for one, other in combinations(small, 2) if one & other and len(one | other) <= few}
            groups = (tuple(sorted(group, key=str)) for group in sorted(small | united, key=str))
        yield from (("count", group) for group in groups)

    def _standing(self, rule, group):
        """Give by how much a group stands out in each cell of the table, and of the count the cells that are theirs."""
        given = [self.published.cells[cell] for cell in self.cells]
        if rule == "count":
            only = self.is_inner & np.array([set(own) <= set(group) for own in given])
            return np.where(only, self.sizes, 0.0), only
        rules = self.published.rules
        if rule == "dominance":
            level = [self._sum(own, group) / Fraction(rules["dominance"][1]) for own in given]
        else:
            p, q = (rules[rule], 100) if rule == "p_percent" else rules[rule]
            level = [self._sum(own, group) + Fraction(p) / Fraction(q) * self._sum(own, group[:1]) for own in given]
        return np.where(self.is_inner, np.array(level, dtype=float) - self.sizes, 0.0), None

    @staticmethod
    def _sum(own, group):
        return sum((abs(own.get(name, Fraction(0))) for name in group), Fraction(0))


def subsets(cells, published):
    """Give the parts of a line that are looked at."""
    if len(cells) <= MOST_SUBSETS:
        return list(chain.from_iterable(combinations(cells, n) for n in range(1, len(cells) + 1)))
    return [tuple(cells), *groups(cells, published)]


def groups(cells, published):
    """Give the cells of a line by their largest contributors, where there are several."""
    found = defaultdict(list)
    for cell in cells:
        found[published.leader(cell)].append(cell)
    return [tuple(own) for own in found.values() if len(own) > 1]


def findings(published, *, most_pairs=10**9, random=None):
    """Say what is wrong with a pattern: an empty list where nobody can work out what is sensitive."""
    found = [f"{cell} is sensitive and published" for cell in published.cells
             if cell not in published.suppressed and published.reasons(cell)]  # fmt: skip
    if not published.suppressed:
        return found
    attacker = Attacker(published)
    sensitive = [cell for cell in published.suppressed if published.reasons(cell)]
    for cell in published.suppressed:
        open_enough = attacker.covers(cell) if cell in sensitive else attacker.is_open(cell)
        found += [] if open_enough else [f"{cell} can be worked out"]
    owned = defaultdict(list)
    for cell in published.suppressed:
        if published.owner(cell) is not None:
            owned[published.owner(cell)].append(cell)
    pairs = [(name, cell) for name in owned for cell in sensitive if cell not in owned[name]]
    if len(pairs) > most_pairs:
        pairs = sorted((pairs[i] for i in random.choice(len(pairs), most_pairs, replace=False)), key=str)
    before = None
    for name, cell in pairs:
        if name != before:
            attacker.knowing(owned.get(before, ()), False)
            attacker.knowing(owned[name], True)
            before = name
        if not attacker.covers(cell, contributor=name):
            found.append(f"{cell} can be worked out by {name}")
    attacker.knowing(owned.get(before, ()), False)
    found += [
        f"the sum of {part} is sensitive and can be worked out"
        for part in attacker.derived()
        if published.reasons(*part)
    ]
    for (along, _), own in published.lines().items():
        inner = [cell for cell in own if cell[along] != TOTAL]
        for part in groups(inner, published):
            if published.reasons(*part) and not attacker.covers(*part):
                found.append(f"{part} of one enterprise can be worked out together")
    if len(published.suppressed[0]) > 1:
        found += Sums(attacker, owned).struck(most_pairs, random)
    return found
