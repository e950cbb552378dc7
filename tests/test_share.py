"""Shares of groups and of records against their slow twin, and their laws."""

import math

import numpy as np
import pytest
import reference
from compare import bits, by_label, shown
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import key_columns, row_counts, value_columns

import xxmfg as xm

CITY = np.array(["沣东", "空港", "沣东", "秦汉"])


@settings(max_examples=100, deadline=None)
@given(data=st.data(), n=row_counts)
def test_share_equals_its_slow_twin(data, n):
    """Sums and shares of groups have the twin's bits, with one key or two."""
    values = data.draw(value_columns(n, ("f8", "f4", "i4", "u1", "?")))
    keys = tuple(data.draw(key_columns(n)) for _ in range(data.draw(st.integers(1, 2))))
    expected, table = reference.share(values, keys), xm.share(values, by=keys)
    assert list(expected) == list(table.columns)
    expected["sum"] = np.array(expected["sum"], table["sum"].dtype)
    assert shown(expected) == shown(table)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=row_counts)
def test_share_within_parents_equals_its_slow_twin(data, n):
    """With within, the denominator is the total of the parent that the group lies in."""
    values = data.draw(value_columns(n, ("f8", "i4")))
    parent, child = data.draw(key_columns(n)), data.draw(key_columns(n))
    expected, table = (
        reference.share(values, (parent, child), (parent,)),
        xm.share(values, (parent, child), within=parent),
    )
    expected["sum"] = np.array(expected["sum"], table["sum"].dtype)
    assert shown(expected) == shown(table)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), n=row_counts)
def test_share_of_equals_its_slow_twin(data, n):
    """Each record's share has the twin's bits, in record order."""
    values = data.draw(value_columns(n))
    keys = tuple(data.draw(key_columns(n)) for _ in range(data.draw(st.integers(0, 2))))
    actual = xm.share_of(values, within=keys or None)
    assert np.float64 == actual.dtype
    assert bits(reference.share_of(values, keys)) == bits(actual)


def test_columns_and_dtypes():
    """The columns are sum, share and missing after the keys; integer sums stay integers."""
    table = xm.share(np.array([1, 2, 3, 4]), by={"city": CITY})
    assert ("city", "sum", "share", "missing") == table.columns
    assert ["int64", "float64", "int64"] == [str(table[name].dtype) for name in ("sum", "share", "missing")]
    assert {"沣东": 0.4, "秦汉": 0.4, "空港": 0.2} == dict(
        zip(table["city"].tolist(), table["share"].tolist(), strict=True)
    )


def test_a_group_in_two_parents_raises_and_is_named():
    """Each group must lie in one parent; the error names the group that lies in two."""
    with pytest.raises(ValueError, match="沣东"):
        xm.share(np.ones(4), by=CITY, within=np.array([1, 1, 2, 2]))


def test_a_zero_total_has_no_shares():
    """Shares of a total of zero are NaN, not zero and not infinite."""
    assert bits([math.nan] * 2) == bits(xm.share(np.array([1.0, -1.0]), by=np.array([0, 1]))["share"])
    assert bits([math.nan] * 2) == bits(xm.share_of(np.array([1.0, -1.0])))
    assert bits([math.nan] * 3) == bits(xm.share_of(np.array([0, 0, 0])))


def test_missing_values_have_no_share_and_are_counted():
    """A missing value's own share is NaN; its group counts it and shares what is there."""
    values = np.array([1.0, math.nan, math.nan, 3.0])
    table = xm.share(values, by=CITY)
    assert {"沣东": 0.25, "秦汉": 0.75, "空港": 0.0} == by_label(table, "share")
    assert {"沣东": 1, "秦汉": 0, "空港": 1} == by_label(table, "missing")
    assert bits([0.25, math.nan, math.nan, 0.75]) == bits(xm.share_of(values))


def test_missing_labels_share_too():
    """Records whose key is missing form a group of their own, so shares add up to one."""
    table = xm.share(np.array([1.0, 1.0, 2.0]), by=np.array(["a", None, None], dtype=object))
    assert {"key": ["a", None], "share": [(0.25).hex(), (0.75).hex()]} == shown(
        {name: table[name] for name in ("key", "share")}
    )


def test_shares_of_a_cancelling_total_are_exact():
    """A total that cancels to 1 gives the shares of 1, as no running sum does."""
    assert [1e16, 1.0, -1e16] == xm.share_of(np.array([1e16, 1.0, -1e16])).tolist()


@pytest.mark.parametrize("n_groups", [70, 65_535, 65_536, 100_000])
@pytest.mark.parametrize("kind", ["i4", "U6", "f8"])
def test_shares_of_any_number_of_groups(n_groups, kind):
    """Codes kept in the results and keys read again give the same shares, on any number of threads."""
    random = np.random.default_rng(n_groups)
    keys = np.concatenate([np.arange(n_groups), random.integers(0, n_groups, 250_000)])
    values = random.integers(0, 1000, len(keys)).astype(float)
    values[::101] = np.nan
    totals = np.bincount(keys, np.nan_to_num(values), n_groups)[keys]
    expected = np.divide(values, totals, out=np.full(len(keys), np.nan), where=totals > 0)
    for threads in (1, 3):
        xm.set_threads(threads)
        assert np.array_equal(expected, xm.share_of(values, within=keys.astype(kind)), equal_nan=True)
    xm.set_threads(None)


def test_a_record_that_is_left_out_has_no_share():
    """Its place after the last total was not there: a record without a group read past it."""
    left_out = xm.Grouping(np.ma.masked_equal([1, 9, 1, 2] * 50, 9), missing="drop")
    shares = xm.share_of([1.0, 5.0, 3.0, 4.0] * 50, within=left_out)
    assert np.array_equal([1 / 200, np.nan, 3 / 200, 4 / 200] * 50, shares, equal_nan=True)
