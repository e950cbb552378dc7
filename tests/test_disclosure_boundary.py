"""What lies at the very boundary of a rule is at it in any unit: decimals as doubles make no difference."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xxmfg as xm
from tests.reference.attacking import Published, findings
from tests.reference.disclosing import reasons
from tests.trials.protection import as_text, protected, suppressed_of
from xxmfg._cells import contributions_of
from xxmfg._frame import frame_of
from xxmfg._rules import rules_of
from xxmfg._sums import Rise, least_of

NONE = {"min_count": 1, "dominance": None}
RULES = [  # with what strikes a cell at the boundary itself
    ({"dominance": (1, "0.85"), "boundary": "ge"}, "dominance"),
    ({"dominance": (1, "0.85"), "boundary": "gt"}, ""),
    ({"dominance": (2, "0.75"), "boundary": "ge"}, "dominance"),
    ({"dominance": (3, "0.925"), "boundary": "gt"}, ""),
    ({"dominance": (9, "0.9"), "boundary": "ge"}, "dominance"),
    ({"p_percent": "10"}, ""),
    ({"p_percent": "12.5"}, ""),
    ({"pq": ("30", "70")}, ""),
]


def in_numbers(rules):
    """Give rules whose decimals are text as `disclosure` takes them."""
    dominance, p_percent, pq = (rules.get(name) for name in ("dominance", "p_percent", "pq"))
    numbers = {"dominance": dominance and (dominance[0], float(dominance[1]))}
    numbers |= {"p_percent": p_percent and float(p_percent), "pq": pq and tuple(map(float, pq))}
    return NONE | rules | numbers


def split(random, whole, n):
    """Give n whole numbers above zero that add up to one."""
    cuts = np.sort(random.choice(whole - 1, n - 1, replace=False)) + 1
    return np.diff([0, *cuts, whole]).tolist()


def at_boundary(random, rules):
    """Give the contributions to a cell, whole numbers, that is at the boundary of a rule."""
    if "dominance" in rules:
        n, part = rules["dominance"][0], Fraction(rules["dominance"][1])
        size = int(random.integers(30, 3000))
        top = part.numerator * size * n
        most = top // n
        rest = part.denominator * size * n - top
        leading = [most] * n
        for place in range(1, n):
            moved = int(random.integers(0, most // 20 + 1))
            leading[0], leading[place] = leading[0] + moved, leading[place] - moved
        n_rest = int(random.integers(-(-rest // min(leading)), min(rest, -(-rest // min(leading)) + 4) + 1))
        others = [rest // n_rest + (place < rest % n_rest) for place in range(n_rest)]
        return leading + others
    p, q = rules["pq"] if "pq" in rules else (rules["p_percent"], 100)
    part = Fraction(p) / Fraction(q)
    size = int(random.integers(2, 900))
    first, rest = part.denominator * size, part.numerator * size
    others = split(random, rest, int(random.integers(1, min(rest, 4) + 1)))
    return [first, int(random.integers(max(others), first + 1)), *others]


def records_of(random, cells, unit, n_each):
    """Give values, cells and contributors: whole contributions in a unit, each of up to so many records."""
    values, by, names = [], [], []
    for cell, amounts in enumerate(cells):
        for name, amount in enumerate(amounts):
            parts = split(random, amount, int(random.integers(1, min(amount, n_each) + 1)))
            values += [float(Fraction(part, unit)) for part in parts]
            by += [cell] * len(parts)
            names += [name] * len(parts)
    order = random.permutation(len(values))
    return np.array(values)[order], np.array(by)[order], np.array(names)[order]


@pytest.mark.parametrize(("rules", "expected"), RULES)
@pytest.mark.parametrize("decimals", [0, 1, 2, 3])
def test_decimals_at_a_boundary_are_at_it(rules, expected, decimals):
    """Of cells at 85 % of two decimals each 11th was published at "ge", and primary at "gt"; p % went by the unit."""
    random = np.random.default_rng(decimals)
    cells = [at_boundary(random, rules) for _ in range(300)]
    for n_each in (1, 4):
        values, by, names = records_of(random, cells, 10**decimals, n_each)
        found = xm.disclosure(values, by, names, reveal=True, **in_numbers(rules))["reason"].tolist()
        assert [expected] * len(cells) == found


@pytest.mark.parametrize(("rules", "expected"), RULES)
@pytest.mark.parametrize("decimals", [0, 2])
def test_one_unit_off_a_boundary_is_off_it(rules, expected, decimals):
    """The largest contribution one unit of the last decimal more or less: what the twin says of the whole numbers."""
    random = np.random.default_rng(decimals)
    cells = [at_boundary(random, rules) for _ in range(300)]
    for cell in cells:
        cell[0] += int(random.choice([-1, 1]))
    truth = ["+".join(reasons(cell, **NONE | rules)) for cell in cells]
    assert len(set(truth)) == 2
    values, by, names = records_of(random, cells, 10**decimals, 3)
    assert truth == xm.disclosure(values, by, names, reveal=True, **in_numbers(rules))["reason"].tolist()


@given(
    st.integers(100, 10**12), st.integers(-3, 3), st.integers(0, 10**12), st.sampled_from([rule for rule, _ in RULES])
)
@settings(max_examples=300, deadline=None)
def test_whole_numbers_are_judged_as_they_are(total, off, second, rules):
    """Up to totals of 10^12 a cell a unit off the boundary is on its side of it, as the twin says in fractions."""
    part = Fraction(rules["dominance"][1]) if "dominance" in rules else Fraction(4, 7)
    first = max(1, min(total, int(part * total) + off))
    cell = [
        amount for amount in (first, min(second, total - first), total - first - min(second, total - first)) if amount
    ]
    found = xm.disclosure(np.array(cell, dtype=float), ["a"] * len(cell), reveal=True, **in_numbers(rules))
    assert ["+".join(reasons(cell, **NONE | rules))] == found["reason"].tolist()


@pytest.mark.parametrize("values", [[385.56, 23.37, 44.67], [8.33, 0.384, 1.086], [399.33, 2.43, 68.04]])
def test_85_percent_of_decimals(values):
    """The largest share is told as 0.85, and was published under "ge" with no reason."""
    for boundary, reason in (("ge", "dominance"), ("gt", "")):
        table = xm.disclosure(values, ["a"] * 3, min_count=1, boundary=boundary, reveal=True)
        assert (0.85, reason) == (table["largest_share"][0], table["reason"][0])


def test_p_percent_does_not_depend_on_the_unit():
    """7, 2 and 0.7 were primary by p = 10 %, 70, 20 and 7 were not."""
    for unit in (1e-3, 0.1, 1.0, 10.0, 1e6):
        values = [float(f"{value * unit:.12g}") for value in (7, 2, 0.7)]
        assert ["publish"] == xm.disclosure(values, ["a"] * 3, **NONE, p_percent=10)["status"].tolist()


@pytest.mark.parametrize(("boundary", "expected"), [("ge", "primary"), ("gt", "publish")])
def test_protect_has_the_same_boundary(boundary, expected):
    """A cell of decimals at 85 % was published, and one at the boundary hidden, in the protected table too."""
    values = [385.56, 23.37, 44.67, *[100.1] * 5, *[90.3] * 5, *[80.7] * 5]
    records = [
        (city, name, value) for name, (city, value) in enumerate(zip([0] * 3 + [1, 2, 3] * 5, values, strict=True))
    ]
    table = protected(records, {"boundary": boundary})
    assert expected == table["status"].tolist()[0]
    assert [] == findings(Published(records, suppressed_of(table), as_text({"boundary": boundary})))


def frame_at_boundary(random, rules, n_parts):
    """Give a frame of 100 rows, each of which, its cells taken as one, is at the boundary of a rule."""
    cells = [at_boundary(random, rules) for _ in range(100)]
    values, rows, names = records_of(random, cells, 100, 2 * n_parts)
    numbers = {"p_percent": None, "pq": None, "boundary": "ge", **in_numbers(rules)}
    checked = rules_of(**numbers, zeros="publish", negatives="absolute")
    columns = random.integers(0, n_parts, len(rows))
    columns[: 2 * n_parts] = np.arange(2 * n_parts) % n_parts
    return frame_of(contributions_of(values, names, None), (rows, columns), checked, "absolute")


@pytest.mark.parametrize(("rules", "expected"), RULES)
def test_cells_taken_as_one_have_the_same_boundary(rules, expected):
    """What a contributor gives to several cells, and what is in them, was added as doubles, one after the other."""
    frame = frame_at_boundary(np.random.default_rng(1), rules, 3)
    for row in range(100):
        cells = [(row, column) for column in range(3) if frame.counts[row, column] > 0]
        struck = frame.rules.struck(frame.pooled(cells))
        assert ([expected] if expected else []) == [name for name, flags in struck.items() if flags[0]]


@pytest.mark.parametrize(("rules", "expected"), RULES)
def test_sums_over_several_lines_have_the_same_boundary(rules, expected):
    """A cell at a boundary that is safe was asked to rise by what its decimals lose as doubles."""
    frame = frame_at_boundary(np.random.default_rng(2), rules, 1)
    rule = next(iter(frame.rules.of_parts))
    least = least_of(frame, Rise(rule, tuple(range(frame.rules.of_parts[rule]))))
    assert {bool(expected)} == set((least[frame.inner] > 0).ravel().tolist())


@pytest.mark.parametrize("boundary", ["ge", "gt"])
@pytest.mark.parametrize(("values", "expected"), [
    ([1.7e308, 1e300, 1e300, 1e300], "primary"), ([4e307] * 4, "publish"), ([5e-324] * 4, "publish"),
    ([1e-310, 1e-320, 1e-320, 1e-320], "primary"),
])  # fmt: skip
def test_the_largest_and_the_smallest_doubles_are_judged(values, expected, boundary):
    """Products overflowed: above 10^306 a dominated cell was published, and four equal ones were primary."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = xm.disclosure(values, ["a"] * 4, boundary=boundary)
        assert [expected] == table["status"].tolist()
        if expected == "publish":
            assert ["publish"] * 2 == xm.protect(values, ["a"] * 4, boundary=boundary)["status"].tolist()


def test_tables_of_the_largest_doubles_are_protected():
    """Their cost was inf % of the value, with a warning of NumPy."""
    values, by = [3e307, *[1e307] * 9], (["a"] + ["b"] * 3 + ["c"] * 6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = xm.protect(values, by)
    assert table.note.endswith("(1 cell) or to protect those (1 cell); 50.0 % of the value")


@pytest.mark.parametrize(("rules", "expected"), [
    ({"dominance": (1, 5e-324)}, "primary"), ({"p_percent": 5e-324}, "publish"), ({"pq": (5e-324, 100)}, "publish")
])  # fmt: skip
def test_the_smallest_rules_are_rules(rules, expected):
    """A part of 5e-324 was an OverflowError that named nothing."""
    assert [expected] == xm.disclosure([3.0, 2.0, 2.0], ["a"] * 3, **NONE | rules)["status"].tolist()


def test_absolute_values_that_add_up_beyond_the_doubles_are_named():
    """A cell whose total is finite and whose absolute values are not was published at "gt"."""
    values, city = [1.7e308, -1.7e308, 1.0, 2.0], {"city": ["a"] * 4}
    for call in (xm.disclosure, xm.protect):
        with pytest.raises(xm.XxmfgError, match=r"^values: the absolute values of city = a add up beyond the doubles"):
            call(values, city, boundary="gt")
