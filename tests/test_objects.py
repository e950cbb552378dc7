"""Columns of Python objects: one kind, or an error that names the rows and their kinds."""

import datetime
import math
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import xxmfg as xm

D = datetime.date
DT = datetime.datetime


def objects(*entries):
    """Give entries as an array of objects, whatever NumPy would make of them."""
    array = np.empty(len(entries), dtype=object)
    array[:] = entries
    return array


KEYS = {  # entries, codes, dtype, labels
    "text": (("b", "a", None), [1, 0, 2], "T", ["a", "b", None]),
    "text beside NaN": (("b", math.nan, "a"), [1, 2, 0], "T", ["a", "b", None]),
    "NumPy text": ((np.str_("b"), "a", pd.NA), [1, 0, 2], "T", ["a", "b", None]),
    "bytes": ((b"b", b"a", None), [1, 0, 2], "T", ["a", "b", None]),
    "bools": ((True, np.bool_(False), True), [1, 0, 1], "?", [False, True]),
    "bools with a gap": ((True, None, False), [1, 2, 0], "O", [False, True, None]),
    "integers": ((3, np.int8(1), np.uint64(3)), [1, 0, 1], "q", [1, 3]),
    "integers with a gap": ((3, 1, None), [1, 0, 2], "O", [1, 3, None]),
    "unsigned integers": ((2**63, 1, 2), [2, 0, 1], "Q", [1, 2, 2**63]),
    "integers of 64 bits and a sign": ((2**63, -1, 1), [2, 0, 1], "O", [-1, 1, 2**63]),
    "integers of 70 bits": ((2**70, None, -(2**70)), [1, 2, 0], "O", [-(2**70), 2**70, None]),
    "floats": ((2.5, np.float16(0.5), None), [1, 0, 2], "d", [0.5, 2.5, math.nan]),
    "zeros": ((0.0, -0.0, 0), [0, 0, 0], "d", [0.0]),
    "integers and floats": ((2, 0.5, 2.0), [1, 0, 1], "d", [0.5, 2.0]),
    "Decimals": ((Decimal("2.50"), Decimal("2.5"), Decimal("NaN")), [0, 0, 1], "d", [2.5, math.nan]),
    "a signaling NaN": ((Decimal("sNaN"), Decimal(1), 1), [1, 0, 0], "d", [1.0, math.nan]),
    "Fractions": ((Fraction(1, 2), 0.25, 1), [1, 0, 2], "d", [0.25, 0.5, 1.0]),
    "dates": ((D(2019, 3, 1), None, D(2018, 1, 1)), [1, 2, 0], "M8[D]", [D(2018, 1, 1), D(2019, 3, 1), None]),
    "datetimes": (
        (DT(2019, 3, 1, 8), pd.NaT, DT(2018, 1, 1)),
        [1, 2, 0],
        "M8[us]",
        [DT(2018, 1, 1), DT(2019, 3, 1, 8), None],
    ),
    "NumPy dates": (
        (np.datetime64("2019"), np.datetime64("2018-02"), np.datetime64("NaT", "M")),
        [1, 0, 2],
        "M8[M]",
        [D(2018, 2, 1), D(2019, 1, 1), None],
    ),
    "times between": (
        (datetime.timedelta(2), pd.Timedelta(1, "D")),
        [1, 0],
        "m8[us]",
        [datetime.timedelta(1), datetime.timedelta(2)],
    ),
    "nothing but gaps": ((None, math.nan, pd.NaT), [0, 0, 0], "T", [None]),
    "nothing": ((), [], "T", []),
}


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize(
    "held", [objects, lambda *entries: list(entries), lambda *entries: pd.Series(objects(*entries))]
)
def test_keys_that_are_objects_become_one_kind(kind, held):
    """Objects of one kind are a key of that kind, sorted, what is missing last; a list of them is the same."""
    entries, codes, dtype, labels = KEYS[kind]
    grouping = xm.Grouping(held(*entries))
    assert codes == grouping.codes.tolist()
    if grouping.labels[0].dtype not in ("M8[ns]", "M8[s]"):  # as pandas holds dates, in a unit of its own
        np.testing.assert_equal(grouping.labels[0].tolist(), labels)
    if held is objects:
        assert grouping.labels[0].dtype == (np.dtypes.StringDType(na_object=None) if dtype == "T" else dtype)


def test_nanoseconds_of_timestamps_are_kept():
    """Two pandas Timestamps a nanosecond apart are two keys, which datetime's microseconds would make one."""
    grouping = xm.Grouping(objects(pd.Timestamp(1), pd.Timestamp(2)))
    assert [0, 1] == grouping.codes.tolist()
    assert [1, 2] == grouping.labels[0].astype(np.int64).tolist()


def test_text_that_ends_in_nul_keeps_it():
    """A list with "a" and "a" + NUL has two keys: NumPy's fixed-width text would make them one."""
    assert ["a", "a\0"] == xm.Grouping(["a\0", "a"]).labels[0].tolist()


def test_one_long_text_takes_no_room_for_all():
    """A list of short texts and a long one is read in the room that they need, not n times the longest."""
    grouping = xm.Grouping(["x" * 5_000_000] + ["a"] * 20_000)
    assert [1] + [0] * 20_000 == grouping.codes.tolist()


MIXED = {
    "text and integer": (("a", 1), "row 0 is 'a' (str) and row 1 is 1 (int)"),
    "bool and integer": ((1, 1, True), "row 0 is 1 (int) and row 2 is True (bool)"),
    "text and bytes": ((None, "a", b"a"), "row 1 is 'a' (str) and row 2 is b'a' (bytes)"),
    "date and datetime": (
        (D(2019, 1, 1), DT(2019, 1, 1)),
        "row 0 is 2019-01-01 (date) and row 1 is 2019-01-01T00:00:00 (datetime)",
    ),
    "a list": (("a", ["b"]), "row 1 is ['b'] (list)"),
    "an array": ((1, np.ones(2)), "row 1 is array([1., 1.]) (ndarray)"),
    "complex": ((1j, 1), "row 0 is 1j (complex)"),
    "longdouble": ((1.0, np.longdouble(1)), "row 1 is np.longdouble('1.0') (longdouble)"),
    "a tuple": (((1, 2), (1, 2)), "row 0 is (1, 2) (tuple)"),
    "time of day": ((datetime.time(3), None), "row 0 is datetime.time(3, 0) (time)"),
}


@pytest.mark.parametrize("kind", MIXED)
def test_keys_of_two_kinds_are_named(kind):
    """Keys that have no common order raise, naming the first two rows that differ, or the one that can be no key."""
    entries, told = MIXED[kind]
    with pytest.raises(TypeError) as raised:
        xm.aggregate(np.ones(len(entries)), by={"city": objects(*entries)})
    assert f"by 'city' must be of one kind (integers, floats, bools, text or dates), but {told}" == str(raised.value)


def test_a_list_of_bools_and_integers_is_not_taken_for_integers():
    """True is not the key 1, in a list as little as among objects."""
    with pytest.raises(TypeError, match=r"row 0 is True \(bool\) and row 1 is 1 \(int\)"):
        xm.Grouping([True, 1, 2])


@pytest.mark.parametrize("held", [objects, lambda *entries: list(entries)])
def test_keys_that_become_one_double_are_named(held):
    """2**53 + 1 and the float 2**53 are two keys and one double: neither is given the other's label."""
    with pytest.raises(
        ValueError, match=r"row 0 is 9007199254740993 \(int\) and row 2 is 9007199254740992.0 \(float\)"
    ):
        xm.Grouping(held(2**53 + 1, 0.5, 2.0**53))


def test_a_category_that_is_of_no_kind_is_named():
    """A Categorical whose categories mix kinds names two categories and the key."""
    with pytest.raises(TypeError, match=r"by 'c' .*category 0 is 1 \(int\) and category 1 is 'a' \(str\)"):
        xm.aggregate([1.0, 2.0], by=pd.Series(pd.Categorical(["a", 1]), name="c"))


def test_classes_of_pandas_cut_are_keys():
    """Intervals as categories are read as the text that pandas shows, in their order."""
    sizes = pd.cut(pd.Series([1, 30, 2, 400], name="size"), [0, 10, 100, 1000])
    table = xm.aggregate([1.0, 2.0, 4.0, 8.0], by=sizes)
    assert {"size": ["(0, 10]", "(10, 100]", "(100, 1000]"], "sum": [5.0, 2.0, 8.0]} == {
        name: table[name].tolist() for name in ("size", "sum")
    }


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (objects("a", "\ud800"), "by 'city': row 1 is '\\ud800'"),
        (["a", "\udc80x"], "by 'city': row 1 is '\\udc80x'"),
        (np.array(["a", "\ud800"]), "key 'city': label 1 is '\\ud800'"),
    ],
    ids=["objects", "list", "array"],
)
def test_half_a_surrogate_pair_is_named(column, told):
    """Text that UTF-8 cannot write is an error about the text, not one of an encoder."""
    with pytest.raises(ValueError, match="half a surrogate pair") as raised:
        xm.aggregate([1.0, 2.0], by={"city": column})
    assert raised.type is ValueError
    assert str(raised.value).startswith(told)


VALUES = {  # entries, dtype of the sum, sum
    "integers": ((3, None, np.int8(1)), "q", 4),
    "bools": ((True, None, np.bool_(True)), "q", 2),
    "bools and integers": ((True, 2, None), "q", 3),
    "unsigned": ((2**63, 1, None), "Q", 2**63 + 1),
    "floats": ((0.5, math.nan, np.float32(1.5)), "d", 2.0),
    "integers and floats": ((1, 0.5, None), "d", 1.5),
    "Decimals": ((Decimal("0.5"), Decimal("1.25"), Decimal("NaN")), "d", 1.75),
    "Fractions": ((Fraction(1, 4), 1, None), "d", 1.25),
    "none": ((None, pd.NA, math.nan), "d", 0.0),
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("held", [objects, lambda *entries: list(entries)])
def test_values_that_are_objects_are_numbers(kind, held):
    """Objects that are numbers add as their kind does: integers as integers, all others as doubles."""
    entries, dtype, total = VALUES[kind]
    sums = xm.aggregate(held(*entries))["sum"]
    assert [total] == sums.tolist()
    if held is objects or None in entries:
        assert dtype == sums.dtype.char.replace("l", "q").replace("L", "Q")


@pytest.mark.parametrize(
    ("entries", "error", "told"),
    [
        ((1, None, "12"), TypeError, r"values must be numbers, but row 2 is '12' \(str\)"),
        ((1, [2], 3), TypeError, r"row 1 is \[2\] \(list\)"),
        ((1.0, 2j), TypeError, r"row 1 is 2j \(complex\)"),
        ((D(2019, 1, 1),), TypeError, r"row 0 is 2019-01-01 \(date\)"),
        ((datetime.timedelta(1),), TypeError, r"row 0 .*\(timedelta\)"),
        ((np.longdouble(1),), TypeError, r"row 0 .*\(longdouble\)"),
        ((1, -1, 2**63), OverflowError, "row 2"),
        ((0.5, 10**400), OverflowError, "values: row 1 is a number beyond float64"),
        ((0.5, Fraction(10**400)), OverflowError, "values: row 1 is a number beyond float64"),
    ],
)
def test_values_that_are_no_numbers_are_named(entries, error, told):
    """The first entry that is no number is named with its row and kind, one that fits nothing with its row."""
    with pytest.raises(error, match=told) as raised:
        xm.aggregate(objects(*entries))
    assert raised.type is error


def test_a_long_entry_is_shown_short():
    """An error shows no more of an entry than a line can hold."""
    with pytest.raises(TypeError) as raised:
        xm.aggregate(objects("x" * 10_000))
    assert len(str(raised.value)) < 120


INTERRUPTED = """
import signal
from xxmfg._objects import as_text

def interrupt(number, frame):
    raise KeyboardInterrupt

texts = [f"x{number}" for number in range(1_000_000)]
signal.signal(signal.SIGALRM, interrupt)
for seconds in (0.001, 0.002, 0.004, 0.008):
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        as_text(texts, "texts")
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        print("interrupted")
"""


def test_an_interrupt_while_texts_are_taken_is_an_exception():
    """Ctrl-C while NumPy looked a long list of texts through ended the process with a segmentation fault."""
    ran = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False)
    assert (0, "") == (ran.returncode, ran.stderr)
    assert "interrupted" in ran.stdout
