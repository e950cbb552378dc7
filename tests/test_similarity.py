"""Similarity of regions against its slow twin, and its laws."""

import math
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import reference
from compare import rows_of, shown
from hypothesis import given, settings
from strategies import seeds, structures

import xxmfg as xm

ROOT = Path(__file__).parents[1]
RESET = Path("/proc/self/clear_refs")
NAMES = ("krugman", "cosine", "finger_kreinin")
MEASURES = (xm.similarity, xm.mean_similarity)


def close(expected):
    """Give figures to compare with, to 12 digits."""
    return pytest.approx(expected, rel=1e-12, abs=1e-13, nan_ok=True)


def figures(table):
    """Give the three measures of each row."""
    return [list(row) for row in zip(*(table[name].tolist() for name in NAMES), strict=True)]


@settings(max_examples=150, deadline=None)
@given(records=structures())
def test_similarity_equals_its_slow_twin(records):
    """A row a pair in the order of labels, with the figures of the formulas."""
    expected, table = reference.similarity(*records), xm.similarity(*records)
    assert list(expected) == list(zip(table["region_a"].tolist(), table["region_b"].tolist(), strict=True))
    for line, actual in zip(expected.values(), figures(table), strict=True):
        assert close(line) == actual


@settings(max_examples=150, deadline=None)
@given(records=structures())
def test_mean_similarity_equals_its_slow_twin(records):
    """A row a region, with the means over its pairs with regions that have a total."""
    expected, table = reference.mean_similarity(*records), xm.mean_similarity(*records)
    assert list(expected) == table["region"].tolist()
    for line, actual in zip(expected.values(), figures(table), strict=True):
        assert close(line) == actual


@settings(max_examples=100, deadline=None)
@given(records=structures(), seed=seeds)
def test_no_bit_depends_on_the_order_of_records(records, seed):
    """Shuffled records give the same tables, bit for bit."""
    order = np.random.default_rng(seed).permutation(len(records[0]))
    for measure in MEASURES:
        assert shown(measure(*records)) == shown(measure(*(column[order] for column in records)))


@settings(max_examples=60, deadline=None)
@given(records=structures(), seed=seeds)
def test_each_group_is_a_table_of_its_own(records, seed):
    """With by, regions are compared within each group only."""
    year = np.random.default_rng(seed).integers(2018, 2021, len(records[0]))
    for measure in MEASURES:
        expected = [
            (y, *row) for y in np.unique(year).tolist() for row in rows_of(measure(*(c[year == y] for c in records)))
        ]
        assert expected == rows_of(measure(*records, by={"year": year}))


@settings(max_examples=100, deadline=None)
@given(records=structures())
def test_figures_are_symmetric_and_keep_their_ranges(records):
    """The order of the pair changes no bit; Krugman lies in [0, 2], the others in [0, 1], and FK is 1 − K / 2."""
    values, region, industry = records
    turned = {"d": "丙", "丙": "d", "乙": "甲", "甲": "乙"}
    table = xm.similarity(*records)
    other = xm.similarity(values, np.array([turned[name] for name in region.tolist()], dtype="U1"), industry)
    swapped = {
        frozenset((turned[a], turned[b])): row
        for a, b, row in zip(other["region_a"].tolist(), other["region_b"].tolist(), figures(other), strict=True)
    }
    for a, b, row in zip(table["region_a"].tolist(), table["region_b"].tolist(), figures(table), strict=True):
        assert repr(row) == repr(swapped[frozenset((a, b))])
        if not math.isnan(row[0]):
            assert 0 <= row[0] <= 2
            assert 0 <= row[1] <= 1
            assert close(1 - row[0] / 2) == row[2]


def test_alike_and_unlike():
    """Regions with the same shares are alike whatever their size; those with no common industry not at all."""
    region, industry = ["A", "A", "B", "B", "C"], [1, 2, 1, 2, 3]
    table = xm.similarity([1.0, 2.0, 10.0, 20.0, 5.0], region, industry)
    assert [[0.0, 1.0, 1.0], [2.0, 0.0, 0.0], [2.0, 0.0, 0.0]] == figures(table)


def test_named_regions_name_the_pair():
    """A key called city gives city_a and city_b; several keys give a pair each; by comes first."""
    table = xm.similarity([1, 2], {"city": ["A", "B"]}, [1, 1], by={"year": [1, 1]})
    assert ("year", "city_a", "city_b", *NAMES) == table.columns
    both = xm.similarity([1, 2], {"city": ["A", "B"], "part": [1, 2]}, [1, 1])
    assert ("city_a", "part_a", "city_b", "part_b", *NAMES) == both.columns
    with pytest.raises(ValueError, match="a key is called 'region_a', which is a column of the result"):
        xm.similarity([1, 2], ["A", "B"], [1, 1], by={"region_a": [1, 1]})


def test_regions_without_a_total_are_left_out_of_means():
    """A region of zero has NaN pairs and a NaN mean, and weakens no other; one region alone has no mean."""
    table = xm.mean_similarity([1.0, 1.0, 0.0], ["A", "B", "C"], [1, 1, 1])
    assert shown({"krugman": [0.0, 0.0, math.nan]}) == shown({"krugman": table["krugman"]})
    pairs = xm.similarity([1.0, 1.0, 0.0], ["A", "B", "C"], [1, 1, 1])
    assert shown({"cosine": [1.0, math.nan, math.nan]}) == shown({"cosine": pairs["cosine"]})
    assert math.isnan(xm.mean_similarity([1.0], ["A"], [1])["cosine"].item())
    assert 0 == len(xm.similarity([1.0], ["A"], [1]))


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.__name__)
def test_bad_input_is_named(measure):
    """A missing region or industry and a negative sum raise, and are counted or named."""
    with pytest.raises(ValueError, match=r"^region: 1 record has none; drop or name it"):
        measure([1, 2], ["A", None], [1, 1])
    with pytest.raises(ValueError, match=r"^industry: 2 records have none; drop or name them"):
        measure([1, 2], ["A", "B"], [math.nan, math.nan])
    with pytest.raises(ValueError, match=r"^values: the sum of region B, industry 1 is negative .-2"):
        measure([1, -2], ["A", "B"], [1, 1])


PEAK = """
import numpy as np
import xxmfg as xm
from tests.bench.memory import resident_peak

region, industry = np.repeat(np.arange(2000, dtype=np.int32), 200), np.tile(np.arange(200, dtype=np.int32), 2000)
values = np.random.default_rng(7).lognormal(0, 2, len(region))
xm.similarity(values[:400], region[:400], industry[:400])
before = resident_peak(reset=True)
table = xm.similarity(values, region, industry)
print(resident_peak() - before, sum(table[name].nbytes for name in table))
"""


@pytest.mark.skipif(not RESET.exists(), reason="only Linux tells the peak of one call")
def test_sums_of_cells_are_let_go_before_their_regions_are_compared():
    """A process has a fifth more than the result at its peak: the exact states of 400,000 cells are gone by then."""
    done = subprocess.run([sys.executable, "-c", PEAK], cwd=ROOT, capture_output=True, check=True, text=True)
    peak, size = map(int, done.stdout.split())
    assert 32 * 2000 * 1999 // 2 == size
    assert peak < 1.25 * size


def test_many_regions_are_compared_within_the_memory_of_the_result():
    """Pairs are compared a block at a time: beyond result and records the call holds less than the result."""
    n_regions, n_industries = 400, 40
    region, industry = np.repeat(np.arange(n_regions), n_industries), np.tile(np.arange(n_industries), n_regions)
    values = np.random.default_rng(7).lognormal(0, 2, len(region))
    tracemalloc.start()
    table = xm.similarity(values, region, industry)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    size = sum(table[name].nbytes for name in table)
    assert n_regions * (n_regions - 1) // 2 == len(table)
    assert peak < 2 * size + 20 * values.nbytes
