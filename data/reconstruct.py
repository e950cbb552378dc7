"""Rebuild xixian2019/establishments.csv from figures.csv: establishments from which every printed figure follows.

The survey's own records were never published; many sets of records give what the report prints. This command picks
one of them by rules, so that it writes the same bytes on every run:

1. an integer program (SciPy's HiGHS) gives each city and branch a number of establishments and an output, such that
   every figure holds to its printed digits and nobody unnamed reaches the third of the three named enterprises;
2. of all such points it takes the one that, in this order, is nearest to the printed values, makes the establishments
   without a printed branch alike, spreads a city's output most evenly over its others, and has the lexicographically
   least counts, then outputs, in the order of READINGS. That leaves one point, whatever the version of the solver;
3. within a city and branch, n establishments stand as n : n - 1 : ... : 1 (nothing is known there);
4. the output of 2018 is that of 2019 over the printed growth, the same for all.

Everything is in whole 万元 and compared as exact fractions; the solver's answer is checked, never trusted.
``python data/reconstruct.py [FILE]`` prints each constraint with its computed value; if one fails it writes nothing.
"""

import csv
import itertools
import sys
from fractions import Fraction
from math import ceil, floor, inf
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

FOLDER = Path(__file__).parent / "xixian2019"
MOST = 1_000_000  # 万元: more than every output here
INFEASIBLE = 2  # of scipy.optimize.milp

# City: the figures of its count, output and share, in the report's order.
CITIES = {
    "空港新城": ("F024", "F025", "F026"),
    "沣东新城": ("F027", "F028", "F029"),
    "秦汉新城": ("F030", "F031", "F032"),
    "沣西新城": ("F033", "F034", "F035"),
    "泾河新城": ("F036", "F037", "F038"),
}
# Branch: its category (numbered in the order of the report's footnote), the figure of its output where one is printed.
BRANCHES = {
    "汽车": ("0202", "F019"),
    "航空航天航海动力装备": ("0202", "F020"),
    "绿色节能建筑材料": ("0214", "F021"),
    "生物医药": ("0209", "F022"),
    "金属材料": ("0204", "F023"),
    "电力电子": ("0201", ""),
    "仪器仪表": ("0202", ""),
    "新能源汽车": ("0212", ""),
    "环保": ("0214", ""),
}
# City, the text's word for an industry there (主要分布在……), the branches that the word is read as.
READINGS = [
    ("空港新城", "新材料", ["金属材料"]),
    ("空港新城", "医药", ["生物医药"]),
    ("空港新城", "环保", ["环保"]),
    ("沣东新城", "装备制造", ["汽车", "航空航天航海动力装备"]),
    ("沣东新城", "新材料", ["金属材料"]),
    ("沣东新城", "医药", ["生物医药"]),
    ("沣东新城", "电力电子", ["电力电子"]),
    ("秦汉新城", "绿色节能建筑材料", ["绿色节能建筑材料"]),
    ("秦汉新城", "电力电子", ["金属材料"]),
    ("沣西新城", "医药", ["生物医药"]),
    ("沣西新城", "汽车", ["汽车", "新能源汽车"]),
    ("沣西新城", "电力电子", ["电力电子"]),
    ("沣西新城", "仪器仪表", ["仪器仪表"]),
    ("泾河新城", "医药", ["生物医药"]),
    ("泾河新城", "汽车", ["汽车"]),
    ("泾河新城", "装备制造", ["汽车", "航空航天航海动力装备"]),
]
# An assumption (wire and cable: metal products, power equipment): without it the text's lists are infeasible.
ASSUMED = ("秦汉新城", "电力电子")
# The enterprises whose output is printed, and the branch that the text gives them.
NAMED = {"F016": "汽车", "F017": "绿色节能建筑材料", "F018": "生物医药"}
ENTERPRISES, CATEGORIES, TOTAL, GROWTH = "F010", "F011", "F012", "F014"

FIELDS = ["establishment", "enterprise", "name", "new_city", "industry", "category", "branch", "year", "output"]
FIELDS += ["record_type"]
COLUMNS = FIELDS + [f"{field}_origin" for field in FIELDS]


class Figure(NamedTuple):
    """A printed figure; value and half a unit of its last digit are in 万元 where it is an output."""

    subject: str
    value: Fraction
    half: Fraction

    def integers(self, scale: Fraction = Fraction(1)) -> tuple[int, int]:
        """Give the least and greatest integer inside scale × (value ± half): both print as the value by any rule."""
        return floor(scale * (self.value - self.half)) + 1, ceil(scale * (self.value + self.half)) - 1


class Slot(NamedTuple):
    """A place for establishments: a city, the text's word for the industry, the branch that it is read as."""

    city: str
    industry: str
    branch: str


class Site(NamedTuple):
    """An establishment: where, how large (万元), and the figure of its output if it is a named enterprise's."""

    slot: Slot
    output: int
    figure: str = ""


Figures = dict[str, Figure]
Homes = dict[str, Slot]  # the slot of each named enterprise, by the figure of its output

SLOTS = [Slot(city, industry, branch) for city, industry, branches in READINGS for branch in branches]
PRINTED = {branch: figure for branch, (_, figure) in BRANCHES.items() if figure}
UNPRINTED = [slot for slot in SLOTS if slot.branch not in PRINTED]
# The figure of each printed output, and the slots that it is the output of.
PARTS = {figure: [slot for slot in SLOTS if slot.branch == branch] for branch, figure in PRINTED.items()}
PARTS |= {figure: [slot for slot in SLOTS if slot.city == city] for city, (_, figure, _) in CITIES.items()}


def read_figures(path: Path) -> Figures:
    """Read the figures, by id."""
    figures = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            scale = 10_000 if row["unit"] == "亿元" else 1
            value, half = Fraction(row["value"]), Fraction(1, 2 * 10 ** int(row["decimals"]))
            figures[row["id"]] = Figure(row["subject"], scale * value, scale * half)
    return figures


class Program:
    """An integer program: grows by variables and rows, is solved for one objective after another."""

    def __init__(self) -> None:
        self.upper: list[int] = []
        self.rows: list[tuple[dict[int, int], float, float]] = []

    def variable(self, upper: int) -> int:
        """Add an integer variable of 0 to `upper`."""
        self.upper.append(upper)
        return len(self.upper) - 1

    def require(self, terms: dict[int, int], low: float, high: float) -> None:
        """Add the row low <= sum of coefficient × variable <= high."""
        self.rows.append((terms, low, high))

    def distance(self, terms: dict[int, int], center: int) -> int:
        """Add a variable that is at least |terms - center|."""
        variable = self.variable(MOST)
        self.require({**terms, variable: -1}, -inf, center)
        self.require({**terms, variable: 1}, center, inf)
        return variable

    def solve(self, objective: list[int]) -> list[int] | None:
        """Give the variables at the least sum of those of `objective`; None if the rows contradict each other."""
        matrix = np.zeros((len(self.rows), len(self.upper)))
        for row, (terms, _, _) in enumerate(self.rows):
            matrix[row, list(terms)] = list(terms.values())
        cost = np.zeros(len(self.upper))
        cost[objective] = 1
        result = milp(
            cost,
            integrality=np.ones(len(self.upper), dtype=np.int64),
            bounds=Bounds(0, self.upper),
            constraints=LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for _, _, high in self.rows]),
            options={"mip_rel_gap": 0},
        )
        if result.x is None and result.status != INFEASIBLE:
            sys.exit(f"the solver stopped: {result.message}")
        return None if result.x is None else [round(x) for x in result.x]

    def minimize(self, objective: list[int]) -> list[int]:
        """Solve, and hold the least value for all that is solved later."""
        solution = self.solve(objective)
        if solution is None:
            sys.exit("infeasible: no records give the printed figures")
        self.require(dict.fromkeys(objective, 1), 0, sum(solution[variable] for variable in objective))
        return solution


class Model(NamedTuple):
    """The program, with the variables of the unnamed establishments of each slot: their count and their output."""

    program: Program
    counts: dict[Slot, int]
    outputs: dict[Slot, int]


def largest_unnamed(figures: Figures) -> int:
    """Give the most that an establishment may have without reaching the named enterprises."""
    return min(int(figures[figure].value) for figure in NAMED) - 1


def named_in(slots: list[Slot], figures: Figures, homes: Homes) -> tuple[int, int]:
    """Count the named enterprises that stand in `slots`, and add up their output."""
    values = [int(figures[figure].value) for figure, home in homes.items() if home in slots]
    return len(values), sum(values)


def printed_model(figures: Figures, homes: Homes) -> Model:
    """Require all printed counts, outputs and shares, an establishment in each listed industry and each category."""
    program, total, largest = Program(), figures[TOTAL].value, largest_unnamed(figures)
    counts = {slot: program.variable(MOST) for slot in SLOTS}
    outputs = {slot: program.variable(MOST) for slot in SLOTS}
    for slot in SLOTS:
        program.require({outputs[slot]: 1, counts[slot]: -1}, 0, inf)
        program.require({outputs[slot]: 1, counts[slot]: -largest}, -inf, 0)
    ranges = [(slots, figures[figure].integers()) for figure, slots in PARTS.items()]
    ranges += [(PARTS[output], figures[share].integers(total / 100)) for _, output, share in CITIES.values()]
    ranges += [(SLOTS, (0, int(total)))]
    for slots, (low, high) in ranges:
        _, named = named_in(slots, figures, homes)
        program.require({outputs[slot]: 1 for slot in slots}, low - named, high - named)
    for count, output, _ in CITIES.values():
        unnamed = int(figures[count].value) - named_in(PARTS[output], figures, homes)[0]
        program.require({counts[slot]: 1 for slot in PARTS[output]}, unnamed, unnamed)
    present = [[slot for slot in SLOTS if slot[:2] == (city, industry)] for city, industry, _ in READINGS]
    categories = dict.fromkeys(category for category, _ in BRANCHES.values())
    present += [[slot for slot in SLOTS if BRANCHES[slot.branch][0] == category] for category in categories]
    for slots in present:
        program.require({counts[slot]: 1 for slot in slots}, 1 - named_in(slots, figures, homes)[0], inf)
    return Model(program, counts, outputs)


def possible_homes(figures: Figures) -> list[Homes]:
    """List the slots in which the named enterprises can stand together, however the others divide the rest."""
    choices = [[slot for slot in SLOTS if slot.branch == branch] for branch in NAMED.values()]
    possible = []
    for slots in itertools.product(*choices):
        homes = dict(zip(NAMED, slots, strict=True))
        if printed_model(figures, homes).program.solve([]) is not None:
            possible.append(homes)
    return possible or sys.exit("infeasible: the named enterprises fit into no cities")


def choose(figures: Figures, homes: Homes) -> dict[Slot, tuple[int, int]]:
    """Choose the count and output of each slot's unnamed establishments, by the rules of the module's docstring."""
    program, counts, outputs = printed_model(figures, homes)
    largest = largest_unnamed(figures)
    for slot in SLOTS:  # in the proportion n : ... : 1 the largest of n has 2 / (n + 1) of the output
        occurs = program.variable(1)
        program.require({occurs: 1, counts[slot]: -1}, -inf, 0)
        program.require({outputs[slot]: 2, counts[slot]: -largest, occurs: -largest}, -inf, 0)
    for slot in UNPRINTED:  # the report gives these no figure: one small establishment each, all alike
        program.require({counts[slot]: 1}, 1, 1)
    unlike = [program.distance({outputs[slot]: 1, outputs[UNPRINTED[0]]: -1}, 0) for slot in UNPRINTED[1:]]
    named = {figure: named_in(slots, figures, homes) for figure, slots in PARTS.items()}
    rest = {figure: int(figures[figure].value) - output for figure, (_, output) in named.items()}
    off = [program.distance({outputs[slot]: 1 for slot in PARTS[figure]}, rest[figure]) for figure in PARTS]
    uneven = []
    for count, output, _ in CITIES.values():
        mean = round(rest[output] / (figures[count].value - named[output][0]))
        slots = [slot for slot in PARTS[output] if slot not in UNPRINTED]
        uneven += [program.distance({outputs[slot]: 1, counts[slot]: -mean}, 0) for slot in slots]
    for objective in (off, unlike, uneven, *([variable] for variable in [*counts.values(), *outputs.values()])):
        solution = program.minimize(objective)
    return {slot: (solution[counts[slot]], solution[outputs[slot]]) for slot in SLOTS}


def apportion(total: int, weights: list[int]) -> list[int]:
    """Give integers that add up to `total` in proportion to the weights (largest remainder; ties to the first)."""
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [floor(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def sites_of(figures: Figures, homes: Homes) -> list[Site]:
    """List the establishments by city and industry as the report lists them, the larger first."""
    sites = []
    for slot, (count, output) in choose(figures, homes).items():
        sites += [Site(slot, int(figures[figure].value), figure) for figure, home in homes.items() if home == slot]
        sites += [Site(slot, part) for part in apportion(output, list(range(count, 0, -1)))]
    return sites


def enterprise_numbers(sites: list[Site], n_enterprises: int) -> list[int]:
    """Give each site its enterprise: the named are the first; two sites share one in the first branch of two cities."""
    same: dict[int, int] = {}  # a site, and the earlier site of its enterprise
    for branch in BRANCHES:
        smallest = {site.slot.city: i for i, site in enumerate(sites) if site.slot.branch == branch and not site.figure}
        if len(smallest) > 1 and len(same) < len(sites) - n_enterprises:
            first, second, *_ = smallest.values()
            same[second] = first
    numbers: list[int] = []
    free = itertools.count(len(NAMED) + 1)
    for i, site in enumerate(sites):
        own = list(NAMED).index(site.figure) + 1 if site.figure else 0
        numbers.append(own or (numbers[same[i]] if i in same else next(free)))
    return numbers


def origins(site: Site, year: int) -> list[str]:
    """Where each field of an establishment's record comes from, in the order of FIELDS."""
    slot, named = site.slot, bool(site.figure)
    industry = "assumed" if slot[:2] == ASSUMED else "inferred" if named else "reconstructed"
    category = "inferred" if named else "reconstructed" if slot.branch in PRINTED else "assumed"
    name, city, output = ("published", "inferred", "published") if named else ("reconstructed",) * 3
    dated, output = ("published", output) if year == 2019 else ("inferred", "inferred")
    return ["reconstructed", "reconstructed", name, city, industry, category, name, dated, output, name]


def records(figures: Figures, homes: Homes) -> list[list[str]]:
    """Make the rows of the file: each establishment and the balance record, 2018 and then 2019."""
    sites = sites_of(figures, homes)
    numbers = enterprise_numbers(sites, int(figures[ENTERPRISES].value))
    total = int(figures[TOTAL].value)
    outputs = [site.output for site in sites]
    outputs.append(total - sum(outputs))  # the balance record
    base = apportion(round(total / (1 + figures[GROWTH].value / 100)), outputs)
    rows = []
    for year, values in ((2018, base), (2019, outputs)):
        dated = "published" if year == 2019 else "inferred"
        for i, (site, number) in enumerate(zip(sites, numbers, strict=True)):
            name = figures[site.figure].subject if site.figure else f"企业{number:02}"
            ids = [f"S{i + 1:02}", f"E{number:02}", name, site.slot.city, site.slot.industry]
            known = [BRANCHES[site.slot.branch][0], site.slot.branch, str(year), str(values[i]), "企业"]
            rows.append(ids + known + origins(site, year))
        balance = ["", "", "未分配", "未分配", "", "", "未分配", str(year), str(values[-1]), "平衡项"]
        rows.append([*balance, *["assumed"] * 7, dated, "inferred", "assumed"])
    return rows


def computed_figures(rows: list[dict[str, str]]) -> dict[str, Fraction]:
    """Every printed figure that follows from the records, by id, computed from them alone."""
    now = [row for row in rows if row["year"] == "2019"]
    units = [row for row in now if row["record_type"] == "企业"]

    def output(chosen: list[dict[str, str]]) -> Fraction:
        return Fraction(sum(int(row["output"]) for row in chosen))

    computed = {
        ENTERPRISES: Fraction(len({row["enterprise"] for row in units})),
        CATEGORIES: Fraction(len({row["category"] for row in units})),
        TOTAL: output(now),
        GROWTH: 100 * (output(now) / output([row for row in rows if row["year"] == "2018"]) - 1),
    }
    for number, figure in enumerate(NAMED, start=1):
        computed[figure] = output([row for row in units if row["enterprise"] == f"E{number:02}"])
    for branch, figure in PRINTED.items():
        computed[figure] = output([row for row in units if row["branch"] == branch])
    for city, (count, total, share) in CITIES.items():
        here = [row for row in units if row["new_city"] == city]
        computed |= {count: Fraction(len(here)), total: output(here), share: 100 * output(here) / output(now)}
    return computed


def verdicts(rows: list[dict[str, str]], figures: Figures) -> list[tuple[bool, str]]:
    """Say for each constraint whether it holds, with what the report prints and what the records give."""
    lines = []
    for figure, value in computed_figures(rows).items():
        subject, printed, half = figures[figure]
        text = f"{figure} {subject}: printed {float(printed):g}, computed {float(value):.10g}"
        lines.append((abs(value - printed) < half, text))
    units = [row for row in rows if row["year"] == "2019" and row["record_type"] == "企业"]
    keys = sorted({row["enterprise"] for row in units})
    sizes = [sum(int(row["output"]) for row in units if row["enterprise"] == key) for key in keys]
    n_as_large = sum(size >= min(sizes[: len(NAMED)]) for size in sizes)
    lines.append((n_as_large == len(NAMED), f"F015 as large as the named enterprises: {n_as_large}"))
    present = {(row["new_city"], row["industry"]) for row in rows if row["industry"]}
    lines.append((present == {slot[:2] for slot in SLOTS}, f"industries of the cities, each present: {len(present)}"))
    return lines


def readings_verdicts(figures: Figures, homes: list[Homes]) -> list[tuple[bool, str]]:
    """Say whether the named enterprises have one place only, and whether the assumed reading is needed."""
    branches = ("汽车", "生物医药", "金属材料")
    least = sum(figures[PRINTED[branch]].integers()[0] for branch in branches)
    cities = {slot.city for slot in SLOTS if slot.branch in branches and slot[:2] != ASSUMED}
    most = sum(figures[CITIES[city][1]].integers()[1] for city in cities)
    places = [" ".join(home.city for home in way.values()) for way in homes]
    return [
        (len(homes) == 1, f"the named can only stand in: {' or '.join(places)}"),
        (least > most, f"assumption needed: {'、'.join(branches)} ≥ {least}, the cities that list them ≤ {most}"),
    ]


def main(arguments: list[str]) -> int:
    """Write the file (by default in its place) and return 0, or print what fails and return 1."""
    figures = read_figures(FOLDER / "figures.csv")
    homes = possible_homes(figures)
    rows = records(figures, homes[0])
    lines = readings_verdicts(figures, homes)
    lines += verdicts([dict(zip(COLUMNS, row, strict=True)) for row in rows], figures)
    for holds, line in lines:
        print("holds" if holds else "FAILS", line)
    if not all(holds for holds, _ in lines):
        return 1
    path = Path(arguments[0]) if arguments else FOLDER / "establishments.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
