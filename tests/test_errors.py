"""Bad input: for each kind the exact class of error and the sentence that says what is wrong, nothing changed."""

import datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest

import xxmfg as xm

ONES = np.ones(3)
CITY = np.array(["沣东", "空港", "沣东"])
YEAR = np.array([2018, 2018, 2019])
FRAME = pd.DataFrame({"a": [1, 2, 3]})
RECORDS = xm.Records({"city": CITY, "year": YEAR, "output": ONES})
HUGE = np.array([2**63 - 1, 5, 1])


def hours(text="2019-01-01"):
    """Give three datetimes in hours."""
    return np.array([text] * 3, dtype="M8[h]")


# (what, call, class, what the message must say)
KINDS = [
    ("values: strings", lambda: xm.aggregate(CITY), TypeError, "values.*(text|string)"),
    ("values: complex", lambda: xm.aggregate(ONES * 1j), TypeError, "values.*complex"),
    (
        "values: longdouble",
        lambda: xm.aggregate(ONES.astype(np.longdouble)),
        TypeError,
        "values.*(longdouble|float1)",
    ),
    ("values: dates", lambda: xm.aggregate(hours()), TypeError, "values.*datetime64"),
    ("values: times", lambda: xm.aggregate(hours() - hours()), TypeError, "values.*timedelta64"),
    ("values: objects", lambda: xm.aggregate([1, "x", 2]), TypeError, "values.*(row 1|'x')"),
    ("values: bytes", lambda: xm.aggregate(np.array([b"1", b"2"])), TypeError, "values"),
    ("values: a number", lambda: xm.aggregate(5.0), TypeError, "values"),
    ("values: a string", lambda: xm.aggregate("12"), TypeError, "values"),
    ("values: None", lambda: xm.aggregate(None), TypeError, "values"),
    ("values: a set", lambda: xm.aggregate({1.0, 2.0}), TypeError, "values.*set"),
    ("values: a mapping of strings", lambda: xm.aggregate({"city": CITY}), TypeError, "city"),
    ("values: huge ints", lambda: xm.aggregate([1, 2**64]), (TypeError, OverflowError), "values"),
    ("keys: complex", lambda: xm.aggregate(ONES, by=ONES * 1j), TypeError, "by.*complex"),
    ("keys: mixed objects", lambda: xm.aggregate(ONES, by=np.array([1, "a", 2], object)), TypeError, "by"),
    ("keys: objects", lambda: xm.aggregate(ONES, by=[object()] * 3), TypeError, "by.*object"),
    ("keys: a list of arrays", lambda: xm.aggregate(ONES, by=[CITY, YEAR]), TypeError, "by.*tuple"),
    ("keys: a frame", lambda: xm.aggregate(ONES, by=pl.DataFrame({"a": [1, 2, 3]})), (TypeError, ValueError), "by"),
    ("keys: one string", lambda: xm.aggregate(ONES, by="city"), TypeError, "by"),
    ("periods: strings", lambda: xm.growth(ONES, CITY), TypeError, "period"),
    ("periods: bools", lambda: xm.growth(ONES, YEAR > 2018), TypeError, "period.*bool"),
    ("read: a number", lambda: xm.read(5), TypeError, r"^path must be a str or a pathlib.Path, not 5 \(int\)$"),
    ("head: n", lambda: xm.aggregate(ONES).head("2"), TypeError, "^n must be a whole number, not '2'$"),
    (
        "average_growth: a year among dates",
        lambda: xm.average_growth(ONES, YEAR.astype(str).astype("M8[Y]"), 2018, 2019),
        TypeError,
        "^start must be a date, as the periods are, such as '2018', not the number 2018$",
    ),
    ("top: n", lambda: xm.top(ONES, 1.5), TypeError, "^n must"),
    ("growth: lag", lambda: xm.growth(ONES, YEAR, lag=0.5), TypeError, "^lag must"),
    ("distinct as values", lambda: xm.aggregate(xm.distinct(CITY)), TypeError, "values"),
    ("text in a mean", lambda: xm.aggregate(CITY, stats=("count", "mean")), TypeError, "mean|values"),
]

SHAPES = [
    ("values: 2-D", lambda: xm.aggregate(np.ones((3, 2))), ValueError, r"values.*(1-D|\(3, 2\))"),
    ("values: 0-D", lambda: xm.aggregate(np.array(1.0)), ValueError, r"values.*1-D"),
    ("values: a frame", lambda: xm.aggregate(FRAME), (TypeError, ValueError), "values"),
    ("values: nested lists", lambda: xm.aggregate([[1.0], [2.0]]), (TypeError, ValueError), "values"),
    ("keys: 2-D", lambda: xm.aggregate(ONES, by=np.ones((3, 1))), ValueError, r"by.*(1-D|\(3, 1\))"),
    ("keys: shorter", lambda: xm.aggregate(ONES, by=CITY[:2]), ValueError, "values has 3 rows, .* has 2"),
    ("second key: shorter", lambda: xm.aggregate(ONES, by=(CITY, YEAR[:2])), ValueError, "3 rows, by 'key_1' has 2"),
    ("within: shorter", lambda: xm.share_of(ONES, within=CITY[:2]), ValueError, "values has 3 rows, .* has 2"),
    ("parents: shorter", lambda: xm.share(ONES, CITY, within=YEAR[:2]), ValueError, "values has 3 rows, .* has 2"),
    ("period: shorter", lambda: xm.growth(ONES, YEAR[:2]), ValueError, "3 rows.*period.* 2"),
    ("entity: shorter", lambda: xm.growth_of(ONES, CITY[:2], YEAR), ValueError, "3 rows.*entity.* 2"),
    ("label: shorter", lambda: xm.top(ONES, 1, label=CITY[:2]), ValueError, "3 rows.*label.* 2"),
    ("denominator: shorter", lambda: xm.ratio(ONES, ONES[:2]), ValueError, "3 rows.*denominator.* 2"),
    ("two values", lambda: xm.aggregate({"a": ONES, "b": ONES[:2]}), ValueError, "'a' has 3.*'b' has 2"),
    ("a grouping", lambda: xm.aggregate(ONES, by=xm.Grouping(CITY[:2])), ValueError, "values has 3 rows, .* has 2"),
    ("records", lambda: xm.Records({"a": ONES, "b": ONES[:2]}), ValueError, "'b'.*2.*'a'.*3"),
]

CHOICES = [
    ("stats: unknown", lambda: xm.aggregate(ONES, stats=("avg",)), ValueError, "'avg'.*(mean|median)"),
    ("stats: no name", lambda: xm.aggregate(ONES, stats=(1,)), (TypeError, ValueError), "stats"),
    ("stats: none", lambda: xm.aggregate(ONES, stats=()), ValueError, "stats"),
    ("stats: twice", lambda: xm.aggregate(ONES, stats=("sum", "sum")), ValueError, "sum.*twice|twice.*sum"),
    ("stats: q101", lambda: xm.aggregate(ONES, stats=("q101",)), ValueError, "q101"),
    ("order", lambda: xm.aggregate(ONES, CITY, order="size"), ValueError, "order.*label.*appearance"),
    ("missing", lambda: xm.Grouping(CITY, missing="no"), ValueError, "missing.*keep.*drop"),
    ("ties", lambda: xm.top(ONES, 1, ties="some"), ValueError, "ties.*strict.*all"),
    ("method", lambda: xm.rank_of(ONES, method="min"), ValueError, "method.*competition.*dense.*ordinal.*average"),
    ("top: none", lambda: xm.top(ONES, 0), ValueError, "^n must be 1"),
    ("lag: zero", lambda: xm.growth(ONES, YEAR, lag=0), ValueError, "^lag must be 1"),
    ("lag: negative", lambda: xm.growth_of(ONES, CITY, YEAR, lag=-1), ValueError, "^lag must be 1"),
    ("start after end", lambda: xm.average_growth(ONES, YEAR, 2019, 2018), ValueError, "(?s)(?=.*2018)(?=.*2019)"),
    (
        "average_growth: no date",
        lambda: xm.average_growth(ONES, YEAR.astype(str).astype("M8[Y]"), "2018", "soon"),
        ValueError,
        "^end must be a date, as the periods are, such as '2019-12', not 'soon'$",
    ),
    ("no keys", xm.Grouping, ValueError, "keys"),
    ("shares of no groups", lambda: xm.share(ONES, by=None), ValueError, "by"),
    ("total of no groups", lambda: xm.aggregate(ONES, total=True), ValueError, "total.*by"),
    ("no values", lambda: xm.aggregate({}), ValueError, "values"),
    ("key like a result", lambda: xm.aggregate(ONES, by={"sum": CITY}), ValueError, "'sum'"),
    ("keys alike", lambda: xm.aggregate(ONES, by=(pd.Series(CITY, name="a"),) * 2), ValueError, "by.* a"),
    ("periods: fractions", lambda: xm.growth(ONES, [2018.0, 2018.5, 2019.0]), ValueError, "period.*(2018.5|row 1)"),
    (
        "periods: hours",
        lambda: xm.growth(ONES, hours()),
        (TypeError, ValueError),
        r"period.*astype|M8\[D\]|datetime64\[D\]",
    ),
]

DATA = [
    ("overflow", lambda: xm.aggregate(HUGE, by=CITY), OverflowError, "沣东"),
    ("overflow of a share", lambda: xm.share(HUGE, by=CITY), OverflowError, "沣东"),
    ("overflow of two keys", lambda: xm.aggregate(HUGE, by=(CITY, [7, 8, 7])), OverflowError, "(?s)(?=.*沣东)(?=.*7)"),
    ("overflow of an entity", lambda: xm.top(HUGE, 1, entity=CITY), OverflowError, "沣东"),
    ("integers in a list", lambda: xm.aggregate([2**63, -1]), OverflowError, "values"),
    ("duplicates", lambda: xm.growth_of(ONES, CITY, [1, 1, 1]), xm.DuplicateError, "(?s)(?=.*沣东)(?=.*1)"),
    ("two parents", lambda: xm.share(ONES, by=CITY, within=YEAR), xm.XxmfgError, "沣东.*2018.*2019"),
    ("unknown column", lambda: RECORDS["citty"], xm.ColumnError, "'citty'.*'city'"),
    ("unknown key", lambda: RECORDS.share("output", by="citty"), xm.ColumnError, "'citty'.*'city'"),
    ("unknown values", lambda: RECORDS.aggregate("out", by="city"), xm.ColumnError, "'out'"),
    ("unknown result", lambda: xm.aggregate(ONES)["summ"], xm.ColumnError, "'summ'.*'sum'"),
]


def rows(*tables):
    """Parametrize a test by the rows of tables."""
    lines = [line for table in tables for line in table]
    return pytest.mark.parametrize(
        ("call", "error", "says"), [line[1:] for line in lines], ids=[line[0] for line in lines]
    )


@rows(KINDS, SHAPES, CHOICES, DATA)
def test_bad_input_raises_what_the_table_says(call, error, says):
    """Each row: the class of the error is exactly the table's and its message names what is wrong and right."""
    inputs = (ONES, CITY, YEAR, HUGE)
    before = [column.tobytes() for column in inputs]
    with pytest.raises(error, match=says) as raised:
        call()
    assert raised.type in (error if isinstance(error, tuple) else (error,))
    assert before == [column.tobytes() for column in inputs]


def test_the_errors_of_the_package_are_one_family():
    """Every error that only xxmfg raises is an XxmfgError and a ValueError; an unknown column also a KeyError."""
    for error in (xm.DuplicateError, xm.ColumnError, xm.MissingGlyphError, xm.DisclosureError, xm.AuditError):
        assert issubclass(error, xm.XxmfgError)
    assert issubclass(xm.XxmfgError, ValueError)
    assert issubclass(xm.ColumnError, KeyError)


def test_a_message_is_shown_without_quotes():
    """An unknown column's message reads as a sentence, unlike a KeyError's."""
    with pytest.raises(xm.ColumnError) as raised:
        RECORDS["citty"]
    assert not str(raised.value).startswith(("'", '"'))


def test_duplicates_name_the_entity_and_a_date():
    """The period of a duplicate is shown as it was given."""
    dates = np.array(["2019-03"] * 2, dtype="M8[M]")
    with pytest.raises(xm.DuplicateError, match=r"沣东.*2019-03"):
        xm.growth_of([1.0, 2.0], ["沣东", "沣东"], dates)
    with pytest.raises(xm.DuplicateError, match="2019-03-04"):
        xm.growth_of([1.0, 2.0], ["沣东", "沣东"], [datetime.date(2019, 3, 4)] * 2)


def test_after_an_error_the_next_call_works():
    """A failed call leaves nothing behind."""
    with pytest.raises(OverflowError):
        xm.aggregate(HUGE, by=CITY)
    assert [2, 1] == xm.aggregate(ONES, by=CITY)["count"].tolist()
