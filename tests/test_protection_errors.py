"""What cannot be protected is told with its argument, cell or total, and with what would be right."""

import numpy as np
import pytest

import xxmfg as xm

BEFORE = {"city": ["a", "b", "total"], "value": [1.0, 2.0, 4.0], "status": ["publish"] * 3}


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"by": tuple([x] for x in "abcd")}, xm.XxmfgError, "by: one key makes a table, two or three do; there are 4"),
        ({"by": None}, xm.XxmfgError, "by: one key makes a table, two or three do; there are 0"),
        ({"by": ["a", "b"]}, ValueError, "values has 1 rows, by 'key' has 2: lengths must be equal"),
        ({"contributor": ["x", "y"]}, ValueError, "values has 1 rows, contributor 'contributor' has 2"),
        ({"values": ["x"]}, TypeError, "values"),
        ({"dominance": (1, 85)}, xm.XxmfgError, "dominance: k must be above 0 and at most 1, not 85; 85 % is 0.85"),
        ({"by": {"status": ["a"]}}, ValueError, "a key is called 'status', which is a column of the result"),
        ({"by": {"city": ["total"]}, "min_count": 1, "dominance": None}, xm.XxmfgError,
         "by: a label of city is 'total', which is what the totals are called; name it otherwise"),
        ({"values": [np.inf]}, xm.XxmfgError, "values: the total of city = a is not finite"),
        ({"derived": "median"}, xm.XxmfgError, "derived: 'median' is none of share, mean, rate"),
        ({"derived": "rate"}, xm.XxmfgError, "base: a rate counts from what protect gave for an earlier period"),
        ({"derived": "rate", "base": xm.Table(BEFORE)}, xm.XxmfgError, "base: the cells of total add up to 3, its"),
        ({"derived": "rate", "base": xm.Table(BEFORE), "by": ["a"]}, xm.XxmfgError, "base: it has no key 'key'"),
    ],
)  # fmt: skip
def test_bad_input_is_named(arguments, error, message):
    """What does not match, a rule out of range, a base whose totals do not add up: the error says what is wrong."""
    given = {"values": [1.0], "by": {"city": ["a"]}, "min_count": 1, "dominance": None, **arguments}
    with pytest.raises(error, match=f"^{message}"):
        xm.protect(**given)


MOST = 2**63 - 1


@pytest.mark.parametrize(
    ("values", "by", "error", "message"),
    [
        ([MOST, MOST, 1], {"city": list("aab")}, OverflowError, "sum of group city = a, contributor = x does not"),
        ([MOST, 1, MOST], {"city": list("aba")}, OverflowError, "sum of group city = a, contributor = x does not"),
        ([MOST, MOST, 1], {"r": list("aab"), "c": list("xyx")}, OverflowError, "sum of group r = a, contributor = x"),
        ([MOST, MOST, 1], {"r": list("abb"), "c": list("xyx")}, OverflowError, "sum of group r = b, contributor = x"),
        ([MOST, MOST, 1], {"city": list("abc")}, OverflowError, "sum of group contributor = x does not"),
        ([1.7e308, 1.7e308, 1.0], {"city": list("abb")}, xm.XxmfgError, "total of all records is not finite"),
    ],
)
def test_sums_that_do_not_fit_are_named_by_labels(values, by, error, message):
    """An integer beyond 64 bits was called the sum of group place = 0, contributor = 0, and so were totals."""
    with pytest.raises(error, match=f"^values: the {message}"):
        xm.protect(np.array(values), by, ["x", "x" if values[1] > 1 else "y", "x"], min_count=1, dominance=None)


@pytest.mark.parametrize("derived", [5, None])
def test_derived_must_be_names(derived):
    """A number or None said that an object is not iterable, of no argument."""
    with pytest.raises(TypeError, match=f"^derived must be names among share, mean, rate, not {derived}"):
        xm.protect(np.ones(3), ["a"] * 3, derived=derived)


HIDDEN = ["publish", "primary", "secondary", "publish"]


@pytest.mark.parametrize(
    ("base", "message"),
    [
        ({"city": ["a", "b"], "value": [1.0, 2.0]}, "it has no total of total; give the table as protect gave it"),
        ({"row": ["x"] * 3}, "its keys are row, city, those of this table city"),
        ({"value": ["1", "2", "3"]}, "its values must be numbers, NaN where they are suppressed; there is text"),
        ({"value": [np.nan, 2.0, 3.0]}, "the status of a is publish, and its value is nan"),
        ({"status": ["publish", "primary", "publish"]}, "the status of b is primary, and its value is 2"),
        ({"status": ["publish", "hidden", "publish"]}, "the status of b is 'hidden', none of publish, primary, second"),
        ({"city": ["a", "a", "total"]}, "it has two rows of a"),
        ({"city": ["a", "b", "c", "total"], "value": [15.0, np.nan, np.nan, 3.0], "status": HIDDEN},
         "the cells of total add up to 15, its total is 3"),
    ],
)  # fmt: skip
def test_a_base_is_what_protect_gave(base, message):
    """Another table as base passed, or ended in an error of NumPy."""
    given = {"city": ["a", "b", "total"], "value": [1.0, 2.0, 3.0], "status": ["publish"] * 3} | base
    n = len(given["city"])
    table = xm.Table({name: column[:n] for name, column in given.items() if name == "row"} | {
        name: column[:n] for name, column in given.items() if name != "row"})  # fmt: skip
    with pytest.raises(xm.XxmfgError, match=f"^base: {message}"):
        xm.protect(np.ones(4), {"city": ["a"] * 4}, derived="rate", base=table)


def test_a_base_of_more_keys_is_refused():
    """Of a table by row and city the totals of cities alone would have been taken."""
    base = xm.protect(np.ones(8), {"row": [1, 2] * 4, "city": ["a", "a", "b", "b"] * 2}, min_count=1, dominance=None)
    with pytest.raises(xm.XxmfgError, match=r"^base: its keys are row, city, those of this table city"):
        xm.protect(np.ones(4), {"city": ["a"] * 4}, derived="rate", base=base)


def test_a_base_that_nothing_counts_from_is_refused():
    """It was silently left aside."""
    base = xm.protect(np.ones(4), {"city": ["a"] * 4})
    for given in (5, base):
        with pytest.raises(xm.XxmfgError, match=r'^base: nothing counts from it but a rate; ask for derived="rate"'):
            xm.protect(np.ones(4), {"city": ["a"] * 4}, derived="share", base=given)


def test_whatever_protect_gives_is_a_base():
    """Also where a suppressed cell is below zero, so that the published ones are more than their total; and nothing."""
    values = [-40.0, 5.0, -2.0, *[30.0] * 4, *[7.0] * 4, *[9.0] * 4]
    base = xm.protect(values, {"city": ["a"] * 2 + ["b"] + ["c"] * 4 + ["d"] * 4 + ["e"] * 4})
    assert np.nansum(base["value"][:-1]) > base["value"][-1]
    for before in (base, xm.protect([], {"city": []})):
        table = xm.protect(np.ones(4), {"city": ["c"] * 4}, derived="rate", base=before)
        assert (before is base) == (4 / 120 - 1 == table["rate"][0])
