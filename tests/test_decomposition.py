"""Growth taken apart: against its slow twin, the published example, and what entry and exit are not."""

import math

import numpy as np
import pytest
import reference
from compare import bits
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import key_columns, listed, row_counts, seeds

import xxmfg as xm

FIGURES = ("base", "value", "rate", "continuing", "entry", "exit", "matched_rate")
NUMBERS = ("n_continuing", "n_entry", "n_exit")

OUTPUT = [100, 50, 30, 120, 40, 35]
ENTITY = ["A", "B", "C", "A", "B", "D"]
YEAR = [2018, 2018, 2018, 2019, 2019, 2019]


def figures(table, row, names=(*FIGURES, *NUMBERS)):
    """Give the figures of one row."""
    return [table[name][row].item() for name in names]


@st.composite
def panels(draw, n):
    """Give n values of few entities in few years: duplicates, gaps, missing values and entities."""
    numbers = st.integers(-20, 100) | st.floats(0, 1e6).filter(lambda x: x == 0 or x > 1e-3)
    values = np.array(draw(listed(numbers, n)), dtype=draw(st.sampled_from(("f8", "i8"))))
    if draw(st.booleans()):
        values = np.ma.masked_array(values, mask=draw(listed(st.booleans(), n)))
    entity = draw(key_columns(n, ("small", "text", "object", "masked")))
    year = np.ma.masked_array(
        draw(listed(st.integers(2015, 2019), n)), mask=draw(listed(st.sampled_from((0, 0, 1)), n))
    )
    return values, entity, year.astype(np.int16)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), n=row_counts, lag=st.integers(1, 2), grouped=st.booleans())
def test_the_decomposition_equals_its_slow_twin(data, n, lag, grouped):
    """Every figure of every group and period is the twin's, sums to the last bit, rates to three ulps."""
    values, entity, year = data.draw(panels(n))
    keys = (data.draw(key_columns(n)),) if grouped else ()
    table = xm.decompose_growth(values, entity, year, by=keys or None, lag=lag)
    expected = reference.decompose_growth(values, entity, year, keys, lag)
    assert [label for _, label in expected] == table["period"].tolist()
    for row, line in enumerate(expected.values()):
        for name in ("base", "value", *NUMBERS):
            assert bits([line[name]]) == bits([table[name][row]])
        found = figures(table, row, FIGURES[2:])
        assert [line[name] for name in FIGURES[2:]] == pytest.approx(found, rel=1e-15, abs=0, nan_ok=True)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), n=st.integers(1, 40), seed=seeds)
def test_parts_add_up_in_any_order_of_rows(data, n, seed):
    """Continuing + entry - exit = rate; shuffled rows give the same bits."""
    values, entity, year = data.draw(panels(n))
    table = xm.decompose_growth(values, entity, year)
    order = np.random.default_rng(seed).permutation(n)
    assert table.equals(xm.decompose_growth(values[order], entity[order], year[order]))
    parts = table["continuing"] + table["entry"] - table["exit"]
    scale = np.nan_to_num(np.abs(table["continuing"]) + table["entry"] + table["exit"]).max(initial=1)
    assert table["rate"] == pytest.approx(parts, abs=1e-15 * scale, nan_ok=True)


def test_three_entities():
    """A and B stay, C exits, D enters: 0.0833333333 = 0.0555555556 + 0.1944444444 - 0.1666666667."""
    table = xm.decompose_growth(OUTPUT, ENTITY, YEAR)
    assert ("period", *FIGURES, *NUMBERS) == table.columns
    assert [2018, 2019] == table["period"].tolist()
    expected = [180, 195, 0.0833333333, 0.0555555556, 0.1944444444, 0.1666666667, 0.0666666667, 2, 1, 1]
    assert expected == [round(figure, 10) for figure in figures(table, 1)]
    assert bits([math.nan, 180] + [math.nan] * 8) == bits(figures(table, 0))


def test_growth_has_the_same_rate():
    """The rate is that of growth where no value is missing."""
    by = {"city": ["x", "y", "y", "x", "y", "x"]}
    table, growth = xm.decompose_growth(OUTPUT, ENTITY, YEAR, by=by), xm.growth(OUTPUT, YEAR, by=by)
    for name in ("city", "period", "base", "value", "rate"):
        assert xm.Table({"x": growth[name]}).equals(xm.Table({"x": table[name]}))


def test_an_entity_that_moves_exits_from_one_group_and_enters_the_other():
    """With by, entities are followed within a group; without, the same one continues."""
    output, entity, year = [10.0, 20.0, 15.0, 20.0], ["A", "B", "A", "B"], [1, 1, 2, 2]
    table = xm.decompose_growth(output, entity, year, by={"city": ["x", "y", "y", "y"]})
    assert ["x", "x", "y", "y"] == table["city"].tolist()
    assert bits([10, 0, -1, 0, 0, 1, math.nan, 0, 0, 1]) == bits(figures(table, 1))
    assert bits([20, 35, 0.75, 0, 0.75, 0, 0, 1, 1, 0]) == bits(figures(table, 3))
    assert [2] == xm.decompose_growth(output, entity, year)["n_continuing"][1:].tolist()


def test_a_missing_value_is_no_exit():
    """An entity that has a record but no value is left out of both sides; 30 of B is in neither."""
    table = xm.decompose_growth([10.0, 30.0, 12.0, math.nan], ["A", "B", "A", "B"], [1, 1, 2, 2])
    assert [10, 12, 0.2, 0.2, 0, 0, 0.2, 1, 0, 0] == pytest.approx(figures(table, 1))
    table = xm.decompose_growth([math.nan, 12.0], ["A", "A"], [1, 2])
    assert np.isnan(figures(table, 1, FIGURES)).all()


def test_a_period_missing_in_between_is_no_base():
    """2019 has no 2018 before it: NaN, never 2017."""
    table = xm.decompose_growth([1.0, 2.0, 3.0], ["A"] * 3, [2016, 2017, 2019])
    assert bits([math.nan, 1, math.nan]) == bits(table["rate"])
    assert bits([math.nan, 1, math.nan]) == bits(table["n_continuing"])
    assert bits([math.nan, math.nan, 0.5]) == bits(
        xm.decompose_growth([1.0, 2.0, 3.0], ["A"] * 3, [1, 2, 4], lag=2)["rate"]
    )


def test_zero_and_negative_bases_give_no_rate():
    """Levels and numbers stay, rates are NaN."""
    for base in (0.0, -5.0):
        table = xm.decompose_growth([base, 7.0], ["A", "A"], [1, 2])
        assert bits([base, 7, *[math.nan] * 5, 1, 0, 0]) == bits(figures(table, 1))


def test_an_entity_of_several_records_is_one():
    """Establishments of one enterprise are added before it is said to stay; a record without one is its own."""
    entity = np.array(["A", "A", None, "A", None], dtype=object)
    table = xm.decompose_growth([1, 2, 4, 6, 5], entity, [1, 1, 1, 2, 2])
    assert [7, 11, 4 / 7, 3 / 7, 5 / 7, 4 / 7, 1, 1, 1, 1] == pytest.approx(figures(table, 1))


def test_dates_are_counted_in_their_unit():
    """Months with lag 12: year on year."""
    month = np.array(["2018-03", "2019-03", "2019-02"], dtype="datetime64[M]")
    table = xm.decompose_growth([4.0, 5.0, 9.0], ["A", "A", "A"], {"month": month}, lag=12)
    assert month[[0, 2, 1]].tolist() == table["month"].tolist()
    assert bits([math.nan, math.nan, 0.25]) == bits(table["rate"])


def test_sums_are_exact():
    """Changes are formed before they are rounded."""
    table = xm.decompose_growth([1e16, 1.0, 1e16, 2.0], ["A", "B", "A", "B"], [1, 1, 2, 2])
    assert [1e-16] == table["rate"][1:].tolist()
    assert np.int64 == xm.decompose_growth([1, 2], ["A", "A"], [1, 2])["value"].dtype


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: xm.decompose_growth([1.0], None, [1]), ValueError, "entity: the growth of continuing entities needs"),
        (
            lambda: xm.decompose_growth([1.0], ["A"], [1.5]),
            ValueError,
            "period must be whole numbers, but row 0",
        ),
        (lambda: xm.decompose_growth([1.0], ["A", "B"], [1]), ValueError, "values has 1 rows, entity 'entity' has 2"),
        (lambda: xm.decompose_growth([1.0], ["A"], [1, 2]), ValueError, "values has 1 rows, by 'period' has 2"),
        (lambda: xm.decompose_growth(["x"], ["A"], [1]), TypeError, "values must be numbers"),
        (lambda: xm.decompose_growth([1.0], ["A"], [1], lag=0), ValueError, "lag must be 1 or more"),
        (lambda: xm.decompose_growth([1.0], ["A"], [1], by={"exit": [1]}), ValueError, "a key is called 'exit'"),
        (
            lambda: xm.decompose_growth([2**62, 2**62], ["A", "B"], [1, 1], by={"city": ["x", "x"]}),
            OverflowError,
            "city = x.* does not fit 64 bits",
        ),
    ],
)
def test_bad_input(call, kind, words):
    """Each is named with what would be right."""
    with pytest.raises(kind, match=words):
        call()


def test_no_records_give_no_rows():
    """Columns without rows."""
    table = xm.decompose_growth([], [], np.array([], dtype=np.int64))
    assert 0 == len(table)
    assert ("period", *FIGURES, *NUMBERS) == table.columns
