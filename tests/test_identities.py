"""Laws that hold for any records: parts add up to wholes, order does not matter, missing keys are kept."""

import math

import numpy as np
import pytest
import reference
from compare import bits, shown
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import RECIPES, adversarial, key_columns, listed, moderate, row_counts, seeds, value_columns

import xxmfg as xm

positive = st.floats(1e-6, 1e12)


def columns_of(n, elements):
    """Give float columns of n elements."""
    return listed(elements, n).map(lambda values: np.array(values, dtype=np.float64))


@settings(max_examples=100, deadline=None)
@given(data=st.data(), n=row_counts)
def test_integer_groups_add_up_to_the_total(data, n):
    """Sums and counts of groups, the missing label included, add up to those of all records, bit for bit."""
    values = data.draw(value_columns(n, ("i1", "i8", "u4", "u8", "?")))
    table, whole = xm.aggregate(values, data.draw(key_columns(n)), ("count", "missing", "sum")), xm.aggregate(values)
    assert whole["sum"].tolist() == [sum(table["sum"].tolist())]
    assert whole["count"].tolist() == [sum(table["count"].tolist())]
    assert n == sum(table["count"].tolist()) + sum(table["missing"].tolist())


@settings(max_examples=100, deadline=None)
@given(seed=seeds, recipe=st.sampled_from(RECIPES))
def test_float_groups_add_up_to_the_total_within_their_half_ulps(seed, recipe):
    """The exact sum of the groups' rounded sums differs from the total by at most all their half-ulps."""
    generator = np.random.default_rng(seed)
    values = adversarial(recipe, 200, generator)
    values = values[np.abs(values) < 1e300]
    sums = xm.aggregate(values, by=generator.integers(0, 9, len(values)))["sum"].tolist()
    total = xm.aggregate(values)["sum"].tolist()[0]
    gap = abs(reference.add(sums) - reference.add([total]))
    assert gap <= reference.add([math.ulp(part) for part in [*sums, total]]) / 2


@settings(max_examples=100, deadline=None)
@given(data=st.data(), n=row_counts)
def test_results_do_not_depend_on_the_order_of_records(data, n):
    """Shuffled records give the same table, bit for bit, and shuffled figures a record."""
    values, key = data.draw(value_columns(n)), data.draw(key_columns(n))
    order = np.array(data.draw(st.permutations(range(n))), dtype=np.int64)
    assert shown(xm.share(values, by=key)) == shown(xm.share(values[order], by=key[order]))
    assert bits(xm.share_of(values, within=key)[order]) == bits(xm.share_of(values[order], within=key[order]))
    ranks = xm.rank_of(values, within=key)
    assert ranks[order].tolist() == xm.rank_of(values[order], within=key[order]).tolist()


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=row_counts)
def test_growth_does_not_depend_on_the_order_of_records(data, n):
    """Shuffled records give the same table of growth, bit for bit."""
    values, key = data.draw(columns_of(n, moderate)), data.draw(key_columns(n))
    period = np.array(data.draw(listed(st.integers(1, 4), n)), dtype=np.int64)
    order = np.array(data.draw(st.permutations(range(n))), dtype=np.int64)
    shuffled = xm.growth(values[order], period[order], by=key[order])
    assert shown(xm.growth(values, period, by=key)) == shown(shuffled)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), n=st.integers(1, 40))
def test_shares_add_up_to_one(data, n):
    """Shares of groups and of records add up to 1 within an ulp for each of them."""
    values, key = data.draw(columns_of(n, positive)), data.draw(key_columns(n))
    for shares in (xm.share(values, by=key)["share"], xm.share_of(values)):
        assert abs(reference.add(shares.tolist()) - 1) <= len(shares) * 2.0**-52


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=st.integers(1, 40))
def test_shares_of_records_add_up_to_shares_of_groups(data, n):
    """A group's share is the sum of its records' shares, within an ulp for each of them."""
    values, key = data.draw(columns_of(n, positive)), data.draw(key_columns(n))
    by_record = xm.aggregate(xm.share_of(values), by=key)["sum"].tolist()
    by_group = xm.share(values, by=key)["share"].tolist()
    assert by_group == pytest.approx(by_record, rel=(n + 2) * 2.0**-52, abs=0)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), n=st.integers(1, 40))
def test_contributions_add_up_to_one_and_pulls_to_the_rate(data, n):
    """Entries and exits included, contributions add up to 1 and pulls to the growth of the total."""
    values, key = data.draw(columns_of(n, positive)), data.draw(key_columns(n))
    period = np.array(data.draw(listed(st.integers(1, 2), n)), dtype=np.int64)
    table, whole = xm.growth(values, period, by=key), xm.growth(values, period)
    later = np.isin(table["status"], ["ok", "new", "gone"])
    if not later.any():
        return
    change, base, rate = (whole[name].tolist()[-1] for name in ("change", "base", "rate"))
    slack = len(later) * 2.0**-50 * max(abs(table["change"][later]))
    pulls = reference.add(table["pull"][later].tolist())
    assert abs(pulls - reference.add([rate])) <= slack / base
    if change != 0:
        contributions = reference.add(table["contribution"][later].tolist())
        assert abs(contributions - 1) <= slack / abs(change)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=row_counts)
def test_a_missing_key_changes_no_other_group(data, n):
    """Records with a missing key are a group of their own: the others are as if those records were not there."""
    values, key = data.draw(value_columns(n)), data.draw(key_columns(n, ("object", "masked", "text", "float")))
    there = np.array([label is not None for label in reference.labels(key)], dtype=np.bool_)
    stats = ("count", "missing", "sum", "mean", "var", "n_unique")
    kept = xm.aggregate(values, by=key, stats=stats)
    alone = xm.aggregate(values[there], by=key[there], stats=stats)
    dropped = xm.aggregate(values, by=xm.Grouping(key, missing="drop"), stats=stats)
    head = {stat: shown(alone)[stat] for stat in stats}
    assert head == {stat: shown(dropped)[stat] for stat in stats}
    assert head == {stat: shown(kept)[stat][: len(alone)] for stat in stats}
    assert len(alone) + (not there.all()) == len(kept)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=row_counts)
def test_growth_of_one_record_an_entity_is_growth_by_entity(data, n):
    """Where each entity has one record in every period, growth_of gives the rates of growth by entity."""
    entity, period = np.arange(3 * n) // 3, np.arange(3 * n) % 3
    values = data.draw(columns_of(3 * n, moderate))
    assert bits(xm.growth(values, period, by=entity)["rate"]) == bits(xm.growth_of(values, entity, period))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=row_counts)
def test_top_agrees_with_ordinal_ranks(data, n):
    """The k-th of the top is the record whose ordinal rank is k."""
    values = data.draw(value_columns(n))
    ranks = xm.rank_of(values, method="ordinal")
    table = xm.top(values, max(n, 1))
    assert list(range(1, len(table) + 1)) == ranks[table["row"]].tolist()


def test_records_methods_are_the_functions():
    """Every measure as a method of Records gives what the function gives over the named columns."""
    columns = {
        "city": np.array(["沣东", "空港", "沣东", "空港"]),
        "firm": np.array(["a", "b", "a", "b"]),
        "year": np.array([2018, 2018, 2019, 2019]),
        "output": np.array([1.0, 2.0, 3.0, 5.0]),
    }
    records, output, year = xm.Records(columns), columns["output"], columns["year"]
    city = {"city": columns["city"]}
    assert shown(xm.aggregate(output, by=city)) == shown(records.aggregate("output", by="city"))
    assert shown(xm.share(output, by=city)) == shown(records.share("output", by="city"))
    assert bits(xm.share_of(output, within=city)) == bits(records.share_of("output", within="city"))
    assert shown(xm.growth(output, {"year": year}, by=city)) == shown(records.growth("output", "year", by="city"))
    rates = xm.growth_of(output, columns["firm"], year)
    assert bits(rates) == bits(records.growth_of("output", "firm", "year"))
    average = xm.average_growth(output, year, 2018, 2019, by=city)
    assert shown(average) == shown(records.average_growth("output", "year", 2018, 2019, by="city"))
    top = xm.top(output, 1, by=city, label={"firm": columns["firm"]})
    assert shown(top) == shown(records.top("output", 1, by="city", label="firm"))
    assert xm.rank_of(output, within=city).tolist() == records.rank_of("output", within="city").tolist()
    assert shown(xm.ratio(output, year, by=city)) == shown(records.ratio("output", "year", by="city"))
    both = {"city": columns["city"], "year": year}
    assert shown(xm.aggregate(output, by=both)) == shown(records.aggregate("output", by=["city", "year"]))
