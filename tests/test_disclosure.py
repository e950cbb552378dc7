"""Cells that would tell of an enterprise are found by each rule, with its boundary, and nothing else is told."""

import csv
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xxmfg as xm
from tests.reference.disclosing import contributions, reasons

QCEW = Path(__file__).parents[1] / "data" / "qcew_nj_2016q1.csv"

# The cells of GaussSuppression's documentation.
DOCUMENTED = {
    "v1": [100],
    "v2": [90, 10],
    "v3": [80, 20],
    "v4": [70, 30],
    "v5": [50, 25, 25],
    "v6": [40, 20, 20, 20],
    "v7": [25, 25, 25, 25],
}
VALUES = [value for values in DOCUMENTED.values() for value in values]
CELLS = [cell for cell, values in DOCUMENTED.items() for _ in values]
NONE = {"min_count": 1, "dominance": None}


def primary(values=VALUES, by=CELLS, **rules):
    """Name the cells that a call finds sensitive."""
    table = xm.disclosure(values, by, **{**NONE, **rules})
    return set(table["key"][np.array(table["status"].tolist()) == "primary"].tolist())


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"dominance": (1, 0.8), "boundary": "gt"}, "v1 v2"),
        ({"dominance": (1, 0.8), "boundary": "ge"}, "v1 v2 v3"),
        ({"dominance": (2, 0.7), "boundary": "ge"}, "v1 v2 v3 v4 v5"),
        ({"dominance": (2, 0.7), "boundary": "gt"}, "v1 v2 v3 v4 v5"),
        ({"p_percent": 10}, "v1 v2 v3 v4"),
        ({"min_count": 3}, "v1 v2 v3 v4"),
        ({"pq": (10, 100)}, "v1 v2 v3 v4"),
        ({"pq": (40, 50)}, "v1 v2 v3 v4 v5"),
    ],
)
def test_the_documented_cells(rules, expected):
    """The reference cells of GaussSuppression's documentation, at both boundaries."""
    assert set(expected.split()) == primary(**rules)


def test_p_percent_at_its_boundary_is_safe():
    """X - x1 - x2 of just p % of x1 leaves the largest open by p %."""
    assert set() == primary([100, 50, 10], ["a"] * 3, p_percent=10)
    assert {"a"} == primary([100, 50, 9], ["a"] * 3, p_percent=10)


PARTS = st.one_of(st.none(), st.integers(0, 40), st.sampled_from([0.5, 12.25, 300.0, -7.0]))


@given(
    st.lists(
        st.tuples(PARTS, st.sampled_from("abc"), st.sampled_from(["x", "y", "z", None]), st.booleans()), max_size=14
    ),
    st.fixed_dictionaries(
        {
            "min_count": st.integers(1, 4),
            "dominance": st.sampled_from([None, (1, "0.5"), (1, "0.8"), (2, "0.75"), (3, "0.9")]),
            "p_percent": st.sampled_from([None, "10", "25.5"]),
            "pq": st.sampled_from([None, ("10", "50")]),
            "boundary": st.sampled_from(["ge", "gt"]),
            "zeros": st.sampled_from(["publish", "suppress"]),
        }
    ),
    st.sampled_from(["record", "contributor", "holding"]),
)
def test_every_rule_is_its_twin(records, rules, whose):
    """Counts, statuses and reasons are those of the rules in fractions, for records, contributors and holdings."""
    values = np.array([np.nan if part is None else float(part) for part, *_ in records])
    by = np.array([cell for _, cell, _, _ in records], dtype="U1")
    contributor = None if whose == "record" else np.array([name for *_, name, _ in records], dtype=object)
    # x and y belong to one holding, and not every record says so.
    holding = [("H" if name in {"x", "y"} and told else None) for *_, name, told in records]
    holding = np.array(holding, dtype=object) if whose == "holding" else None
    truth = contributions(values, by.tolist(), contributor, holding)
    as_text = {name: rule for name, rule in rules.items() if name not in {"dominance", "p_percent", "pq"}}
    given_rules = as_text | {
        "dominance": rules["dominance"] and (rules["dominance"][0], float(rules["dominance"][1])),
        "p_percent": rules["p_percent"] and float(rules["p_percent"]),
        "pq": rules["pq"] and tuple(map(float, rules["pq"])),
    }
    table = xm.disclosure(values, by, contributor, holding=holding, reveal=True, **given_rules)
    assert sorted(truth) == table["key"].tolist()
    for cell, n, status, total, reason in zip(
        *(table[name].tolist() for name in ("key", "n_contributors", "status", "total", "reason")), strict=True
    ):
        expected = reasons(truth[cell], **rules)
        assert len(truth[cell]) == n
        assert "+".join(expected) == reason
        assert ("missing" if n == 0 else "primary" if expected else "publish") == status
        assert np.array_equal(float(sum(truth[cell])) if n else np.nan, total, equal_nan=True)


def test_nothing_but_status_and_number_is_told():
    """Without reveal there is no total, share or reason; with it there is."""
    assert ("key", "n_contributors", "status") == xm.disclosure(VALUES, CELLS).columns
    revealed = xm.disclosure(VALUES, CELLS, reveal=True)
    assert ("key", "n_contributors", "status", "total", "largest_share", "reason") == revealed.columns
    assert [1.0, 0.9, 0.8, 0.7, 0.5, 0.4, 0.25] == revealed["largest_share"].tolist()
    assert ["count+dominance", "count+dominance", "count", "count", "", "", ""] == revealed["reason"].tolist()


def test_a_zero_cell_and_a_missing_cell_differ():
    """All contribute zero: published, or suppressed when asked; nobody has a value: missing."""
    values, cells = [0.0, 0.0, np.nan, np.nan, 1.0, 0.0, 0.0], list("aabbccc")
    assert ["publish", "missing", "primary"] == xm.disclosure(values, cells)["status"].tolist()
    assert ["primary", "missing", "primary"] == xm.disclosure(values, cells, zeros="suppress")["status"].tolist()
    assert [2, 0, 3] == xm.disclosure(values, cells)["n_contributors"].tolist()


def test_negative_contributions_follow_the_stated_rule():
    """Absolute values count, so that a loss of one cannot hide another's dominance; or negatives are refused."""
    values, cells = [100, -95, 5, 3], ["a"] * 4
    assert set() == primary(values, cells, dominance=(1, 0.85))
    assert {"a"} == primary(values, cells, dominance=(2, 0.85))
    assert [13.0] == xm.disclosure(values, cells, reveal=True)["total"].tolist()
    with pytest.raises(xm.XxmfgError, match=r"a contribution to key = a is negative \(-95\); .* takes absolute values"):
        xm.disclosure(values, cells, negatives="raise")


def test_one_holding_is_one_contributor():
    """Three enterprises of one group are one; a group said once holds for all records of its member."""
    values, cells = [1.0, 1.0, 1.0, 1.0], ["a", "a", "a", "b"]
    table = xm.disclosure(values, cells, ["x", "y", "z", "x"], holding=["H", "H", None, None], **NONE)
    assert [2, 1] == table["n_contributors"].tolist()
    alone = xm.disclosure([1.0, 2.0, 4.0], ["a"] * 3, holding=["H", "H", None], **NONE)
    assert [2] == alone["n_contributors"].tolist()


def test_a_contributor_of_two_holdings_raises():
    """The error names the contributor and both holdings."""
    with pytest.raises(xm.XxmfgError, match="holding: contributor x belongs to two, G and H"):
        xm.disclosure([1.0, 1.0], ["a", "a"], ["x", "x"], holding=["G", "H"])


@pytest.mark.parametrize(
    ("rules", "error", "message"),
    [
        ({"min_count": 0}, xm.XxmfgError, "min_count must be 1 or more"),  # was a ValueError of no library
        ({"min_count": 2.5}, TypeError, "min_count must be a whole number"),
        ({"min_count": True}, TypeError, "min_count must be a whole number, not True"),  # passed as 1
        ({"dominance": (1, 85)}, xm.XxmfgError, "dominance: k must be above 0 and at most 1, not 85; 85 % is 0.85"),
        ({"dominance": (0, 0.85)}, xm.XxmfgError, "dominance: n must be 1 or more"),
        ({"dominance": (True, 0.85)}, TypeError, "dominance: n must be a whole number, not True"),
        ({"dominance": (1, Fraction(1, 10**400))}, xm.XxmfgError, "dominance: k must be above 0 and at most 1"),
        ({"dominance": (65, 0.85)}, xm.XxmfgError, "dominance: n must be 64 or less"),
        ({"dominance": 0.85}, xm.XxmfgError, r"dominance must be \(n, k\), such as \(1, 0.85\)"),
        ({"dominance": (1, float("nan"))}, xm.XxmfgError, "dominance: k must be above 0"),
        ({"p_percent": 0}, xm.XxmfgError, "p_percent must be above 0 and at most 100, not 0"),
        ({"p_percent": 101}, xm.XxmfgError, "p_percent must be above 0 and at most 100, not 101"),
        ({"p_percent": "10"}, TypeError, "p_percent must be a number, not '10'"),
        ({"p_percent": True}, TypeError, "p_percent must be a number, not True"),
        ({"pq": (10, 10)}, xm.XxmfgError, "pq: p must be less than q"),
        ({"pq": 10}, xm.XxmfgError, r"pq must be \(p, q\) in percent"),
        ({"boundary": np.array(["ge", "gt"])}, xm.XxmfgError, 'boundary must be "ge" or "gt", not array'),
        ({"boundary": ">="}, xm.XxmfgError, 'boundary must be "ge" or "gt"'),
        ({"zeros": "hide"}, xm.XxmfgError, 'zeros must be "publish" or "suppress"'),
        ({"negatives": "drop"}, xm.XxmfgError, 'negatives must be "absolute" or "raise"'),
        ({"contributor": ["x"]}, ValueError, "values has 7 rows, contributor 'contributor' has 1"),
        ({"holding": ["x"]}, ValueError, "values has 7 rows, holding 'holding' has 1"),
    ],
)
def test_bad_rules_are_named(rules, error, message):
    """A rule out of range, or contributors that do not match, say what would be right."""
    with pytest.raises(error, match=message):
        xm.disclosure(np.ones(7), list("aaabbbb"), **rules)


def test_totals_must_be_finite():
    """An infinite contribution would make every rule silent."""
    with pytest.raises(xm.XxmfgError, match="the total of key = b is not finite"):
        xm.disclosure([1.0, np.inf], ["a", "b"])


def test_a_key_must_not_be_called_like_a_result():
    """A key named status would hide the column."""
    with pytest.raises(ValueError, match="a key is called 'status'"):
        xm.disclosure([1.0], {"status": ["a"]})


def test_qcew_cells_of_one_or_two_establishments_are_primary():
    """Each of the 3,499 cells with as many equal records as it has establishments: the minimum rule is the count."""
    with QCEW.open(encoding="utf-8", newline="") as file:
        counts = np.array([int(row["qtrly_estabs_count"]) for row in csv.DictReader(file)])
    cell = np.repeat(np.arange(len(counts)), counts)
    table = xm.disclosure(np.ones(len(cell)), {"cell": cell}, dominance=None)
    status = np.array(table["status"].tolist())
    known = counts[table["cell"]]
    assert (known > 0).all()
    assert np.array_equal(known, table["n_contributors"])
    assert set(status[known < 3]) == {"primary"}
    assert (table["n_contributors"][status == "publish"] >= 3).all()


def test_order_and_threads_change_nothing():
    """Shuffled records give the same table."""
    random = np.random.default_rng(3)
    n = 20_000
    values, cells, names = random.lognormal(0, 2, n), random.integers(0, 900, n), random.integers(0, 3000, n)
    order = random.permutation(n)
    first = xm.disclosure(values, cells, names, reveal=True, p_percent=20)
    assert first.equals(xm.disclosure(values[order], cells[order], names[order], reveal=True, p_percent=20))


def spread(kind, n=6000):
    """Give values, cells and contributors of records that are spread over several parts of the core."""
    random = np.random.default_rng(7)
    values = random.integers(-20, 400, n).astype(float) * random.choice([1e-3, 1.0, 2.0**70], n)
    names = random.integers(0, 900, n)
    cells = {
        "many": (random.integers(0, 700, n),),
        "few": (random.integers(0, 3, n),),
        "none": (),
        "wide": (random.integers(0, 20, n) * 2**57 - 2**62, random.integers(0, 5, n) * 2**60),
        "text": (random.choice(["甲", "乙", ""], n), random.integers(0, 50, n)),
        "dates": (np.datetime64("2019-01") + random.integers(0, 40, n), random.choice([0.5, -1.0], n)),
    }[kind]
    return values, cells, names


@pytest.mark.parametrize("kind", ["many", "few", "none", "wide", "text", "dates"])
def test_contributors_of_many_records_are_their_twin(kind):
    """By keys of any kind and width, the counts, totals and shares are those of sums in fractions."""
    values, cells, names = spread(kind)
    values[::11] = np.nan
    by = list(zip(*(key.tolist() for key in cells), strict=True)) if cells else [()] * len(values)
    truth = contributions(values, by, names)
    table = xm.disclosure(values, cells or None, names, reveal=True)
    assert sorted(truth) == (list(zip(*(table[key].tolist() for key in table.columns[:-5]), strict=True)) or [()])
    for given_sums, n, total, share in zip(
        (truth[cell] for cell in sorted(truth)),
        *(table[name].tolist() for name in ("n_contributors", "total", "largest_share")),
        strict=True,
    ):
        sizes = sorted((abs(float(x)) for x in given_sums), reverse=True)
        assert len(sizes) == n
        assert math.fsum(float(x) for x in given_sums) == total
        assert sizes[0] / math.fsum(sizes) == pytest.approx(share, rel=1e-15)


@pytest.mark.parametrize("n_cells", [50, 40_000])
@pytest.mark.parametrize("dtype", ["float64", "int32", "uint64"])
def test_records_of_cells_are_their_twin(dtype, n_cells):
    """Each record being a contributor, a few and a crowd of cells have the counts, sums and shares of their records."""
    random = np.random.default_rng(8)
    n = 300_000
    by, missing = random.integers(0, n_cells, n) * 3, random.random(n) < 0.05
    values = np.minimum(random.lognormal(9, 3, n), 2**31 - 1).astype(dtype)
    values[::7] *= 1 if dtype == "uint64" else -1
    given_values = np.where(missing, np.nan, values) if dtype == "float64" else np.ma.masked_array(values, missing)
    cells = {}
    for cell, value in zip(by[~missing].tolist(), values[~missing].tolist(), strict=True):
        cells.setdefault(cell, []).append(value)
    table = xm.disclosure(given_values, by, reveal=True)
    occur = sorted(set(by.tolist()))
    assert occur == table["key"].tolist()
    assert [len(cells.get(cell, ())) for cell in occur] == table["n_contributors"].tolist()
    for cell, total, share in zip(occur, table["total"].tolist(), table["largest_share"].tolist(), strict=True):
        sizes = [abs(value) for value in cells.get(cell, ())]
        assert total == math.fsum(cells[cell]) if sizes else math.isnan(total)
        largest = max(sizes) / math.fsum(sizes) if any(sizes) else math.nan
        assert share == pytest.approx(largest, rel=1e-15, nan_ok=True)


def test_integers_of_a_contributor_that_do_not_fit_are_named():
    """The sum of one contributor in one cell is beyond 64 bits."""
    large = np.array([2**62, 2**62, 1])
    with pytest.raises(OverflowError, match="the sum of group key = 1, contributor = 7 does not fit 64 bits"):
        xm.disclosure(large, [1, 1, 1], [7, 7, 8])


@pytest.mark.parametrize("missing", [np.nan, np.ma.masked])
def test_cells_of_a_missing_second_key_stay_apart(missing):
    """Cells of different first keys were one where the number beside a missing second key was out of its range."""
    industry = [5, 9, 5, 9, missing, missing, missing, missing]
    if missing is np.ma.masked:
        industry = np.ma.masked_array([5, 9, 5, 9, 0, 0, 0, 0], [False] * 4 + [True] * 4)
    by = {"region": [1, 2, 3, 4, 1, 2, 3, 4], "industry": industry}
    table = xm.disclosure(np.arange(1.0, 9.0), by, np.arange(8), reveal=True)
    assert [1, 1, 2, 2, 3, 3, 4, 4] == table["region"].tolist()
    assert [1, 5, 2, 6, 3, 7, 4, 8] == table["total"].tolist()


def test_contributors_of_text_cells_are_named_as_they_were_given():
    """A contributor whose sum does not fit is named by its date, where it was by a number that stood for it within."""
    days = np.array(["2016-03-31", "2016-06-30", "2016-06-30"], "datetime64[D]")
    with pytest.raises(OverflowError, match="the sum of group key = a, contributor = 2016-06-30 does not fit"):
        xm.disclosure(np.array([1, 2**62, 2**62]), ["a", "a", "a"], days)


def test_masked_and_unsigned_values_by_contributor():
    """A contributor whose values are all missing is none; a cell of such ones is missing; uint64 keeps its size."""
    values = np.ma.masked_array(np.array([2**63, 5, 1, 7], dtype=np.uint64), [False, False, True, True])
    table = xm.disclosure(values, [1, 1, 1, 2], [7, 8, 9, 9], reveal=True)
    assert [2, 0] == table["n_contributors"].tolist()
    assert [2.0**63 + 5, np.nan] == pytest.approx(table["total"].tolist(), nan_ok=True)
    assert ["primary", "missing"] == table["status"].tolist()
