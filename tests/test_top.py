"""Leaders and ranks against their slow twin: ties, labels, entities."""

import math

import numpy as np
import pytest
import reference
from compare import bits, shown
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import key_columns, listed, row_counts, value_columns

import xxmfg as xm

OUTPUT = np.array([10.33, 29.85, 5.67, 10.33, 1.0])
NAME = np.array(["乙", "甲", "丙", "丁", "戊"])
MAX = np.finfo(np.float64).max
METHODS = ("competition", "dense", "ordinal", "average")


@st.composite
def tied_values(draw, n):
    """Give n values with many ties: few distinct numbers of any dtype, missing ones among them."""
    column = draw(value_columns(n))
    if n == 0:
        return column
    return column[np.array(draw(listed(st.integers(0, min(n - 1, 6)), n)))]


@settings(max_examples=200, deadline=None)
@given(data=st.data(), n=row_counts, size=st.integers(1, 5), ties=st.sampled_from(("strict", "all")))
def test_top_equals_its_slow_twin(data, n, size, ties):
    """Rows, ranks, values and shares are the twin's, ties broken by label, then row."""
    values = data.draw(tied_values(n))
    keys = tuple(data.draw(key_columns(n)) for _ in range(data.draw(st.integers(0, 2))))
    label = data.draw(st.none() | key_columns(n))
    expected = reference.top(values, size, keys, label, ties)
    table = xm.top(values, size, by=keys or None, label=label, ties=ties)
    assert list(expected) == list(table.columns)
    expected["value"] = np.array(expected["value"], table["value"].dtype)
    assert shown(expected) == shown(table)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), n=row_counts, method=st.sampled_from(METHODS), descending=st.booleans())
def test_rank_of_equals_its_slow_twin(data, n, method, descending):
    """Each record's rank is the twin's: 1 for the first, missing values 0, or NaN among averages."""
    values = data.draw(tied_values(n))
    keys = tuple(data.draw(key_columns(n)) for _ in range(data.draw(st.integers(0, 2))))
    ranks = xm.rank_of(values, within=keys or None, method=method, descending=descending)
    expected = reference.rank_of(values, keys, method, descending=descending)
    assert (np.float64 if method == "average" else np.int64) == ranks.dtype
    assert shown({"rank": expected}) == shown({"rank": ranks})


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("competition", [1, 2, 2, 4, 0]),
        ("dense", [1, 2, 2, 3, 0]),
        ("ordinal", [1, 2, 3, 4, 0]),
        ("average", [1.0, 2.5, 2.5, 4.0, math.nan]),
    ],
)
def test_rank_methods(method, expected):
    """The four methods differ at ties only."""
    ranks = xm.rank_of(np.array([9.0, 5.0, 5.0, 1.0, math.nan]), method=method)
    assert bits(expected) == bits(ranks)


def test_top_columns():
    """Columns are rank, row, label where given, value, share and cumulative share, after the keys."""
    figures = ("value", "share", "cumulative_share")
    assert ("rank", "row", *figures) == xm.top(OUTPUT, 2).columns
    assert ("rank", "row", "label", *figures) == xm.top(OUTPUT, 2, label=NAME).columns
    assert ("city", "rank", "row", "name", *figures) == xm.top(OUTPUT, 2, {"city": NAME}, {"name": NAME}).columns


def test_ties_go_to_the_lesser_label_then_to_the_first_row():
    """Of two equal values the lesser label comes first; without labels the earlier record."""
    assert ["甲", "丁", "乙"] == xm.top(OUTPUT, 3, label=NAME)["label"].tolist()
    assert [1, 0, 3] == xm.top(OUTPUT, 3)["row"].tolist()


def test_ties_all_keeps_every_value_that_ties_with_the_last():
    """The example in pandas of nlargest(4, keep="all") gives the same seven values."""
    values = np.array([10, 9, 8, 7, 7, 7, 7, 6])
    assert [10, 9, 8, 7, 7, 7, 7] == xm.top(values, 4, ties="all")["value"].tolist()
    assert [10, 9, 8, 7] == xm.top(values, 4)["value"].tolist()


def test_shares_are_of_the_whole_group():
    """Shares are of all the group's values, not of those shown; cumulated exactly."""
    table = xm.top(np.array([0.1] * 10), 3)
    assert [0.1 / 1.0] * 3 == table["share"].tolist()
    assert bits([reference.nearest(reference.add([0.1] * k)) for k in (1, 2, 3)]) == bits(table["cumulative_share"])


def test_missing_values_are_never_among_the_top():
    """Fewer values than asked for give fewer rows."""
    assert [1, 3] == xm.top(np.array([math.nan, 2.0, math.nan, 1.0]), 3)["row"].tolist()
    assert 0 == len(xm.top(np.array([math.nan]), 3))
    assert 0 == len(xm.top(np.array([]), 3))


def test_cumulated_shares_at_the_edges():
    """Sums that overflow and infinite values give the shares that IEEE's division gives, no error."""
    table = xm.top(np.array([MAX, MAX, -MAX]), 3)
    assert [1.0, math.inf, 1.0] == table["cumulative_share"].tolist()
    table = xm.top(np.array([math.inf, 1.0]), 2)
    assert bits([math.nan, 0.0]) == bits(table["share"])


def test_asking_for_more_than_there_is():
    """Any n gives what there is: memory follows the records, not n."""
    assert [1, 0, 3, 2, 4] == xm.top(OUTPUT, 2**40)["row"].tolist()
    assert [0, 1] == xm.top(np.array([1.0, 2.0]), 2**62, by=np.array([0, 1]))["row"].tolist()


def test_entities_are_summed_first():
    """With entity, an entity's records are added; row is its first record."""
    values = np.array([3.0, 4.0, 2.0, math.nan, 1.0])
    entity = np.array(["b", "a", "b", "c", "a"])
    table = xm.top(values, 3, entity=entity)
    assert ["b", "a"] == table["entity"].tolist()
    assert [0, 1] == table["row"].tolist()
    assert [5.0, 5.0] == table["value"].tolist()
    assert [0.5, 0.5] == table["share"].tolist()
    assert [0.5, 1.0] == table["cumulative_share"].tolist()


@settings(max_examples=100, deadline=None)
@given(data=st.data(), n=row_counts, size=st.integers(1, 4))
def test_sums_of_entities_equal_their_slow_twin(data, n, size):
    """The largest entities are those of the exact sums; a record without an entity is one of its own."""
    values = np.array(data.draw(listed(st.floats(-1e9, 1e9), n)), dtype=np.float64)
    entity = data.draw(key_columns(n))
    sums = [(row, reference.nearest(total)) for row, _, total in reference.ranking.sums_by_entity(values, entity)]
    expected = sorted(total for _, total in sums)[::-1][:size]
    table = xm.top(values, size, entity=entity)
    assert expected == table["value"].tolist()
    first_rows = dict(sums)
    assert expected == [first_rows[row] for row in table["row"].tolist()]


def test_an_entity_in_two_groups_counts_in_each():
    """Entities are summed within their group."""
    values, entity = np.array([1.0, 2.0, 4.0]), np.array(["a", "a", "a"])
    table = xm.top(values, 1, by=np.array([0, 0, 1]), entity=entity)
    assert [3.0, 4.0] == table["value"].tolist()
    assert [0, 2] == table["row"].tolist()


def test_an_entity_may_have_several_keys():
    """A tuple, a mapping or a Grouping names entities; each of its keys is a column; an incomplete one is its own."""
    values = np.array([1.0, 2.0, 4.0, 8.0])
    county, number = np.array(["a", "b", "a", None], dtype=object), np.array([1, 1, 1, 1])
    table = xm.top(values, 3, entity={"county": county, "number": number})
    assert [[None, 1], ["a", 1], ["b", 1]] == [
        list(pair) for pair in zip(table["county"], table["number"], strict=True)
    ]
    assert [8.0, 5.0, 2.0] == table["value"].tolist()
    assert [3, 0, 1] == table["row"].tolist()
    dropped = xm.top(values, 3, entity=xm.Grouping({"county": county}, missing="drop"))
    assert [None, "a", "b"] == dropped["county"].tolist()
    assert [8.0, 5.0, 2.0] == dropped["value"].tolist()


def test_an_entity_without_a_value_is_no_leader():
    """An entity whose values are all missing does not lead; integers beside it stay integers."""
    values = np.ma.MaskedArray([5, 7, 1], mask=[False, True, False])
    table = xm.top(values, 3, entity=np.array(["a", "b", "a"]))
    assert ["a"] == table["entity"].tolist()
    assert [6] == table["value"].tolist()
    assert np.int64 == table["value"].dtype


def test_leaders_have_no_negative_zero():
    """A leader of -0.0 is given as 0.0, as sums and minima are."""
    table = xm.top(np.array([-0.0, -1.0], dtype=np.float32), 1)
    assert ["0x0.0p+0"] == [value.hex() for value in table["value"].tolist()]
