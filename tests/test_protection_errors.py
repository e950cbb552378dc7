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
