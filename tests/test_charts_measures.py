"""The charts of measures: heat maps with bounds, Lorenz curves, shift-share bars."""

from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("agg")

from matplotlib import pyplot
from matplotlib.colors import to_hex

import xxmfg as xm
from xxmfg import charts

QUOTIENTS = xm.Table({"region": list("AABB"), "industry": list("xyxy"), "lq": [0.4, 1.25, 2.6, 1.0]})
SELLERS = xm.Table({"sales": [20, 50, 20, 10]})  # Doersam (2004)


@pytest.fixture(autouse=True)
def _closed_figures():
    """No figure stays open."""
    yield
    pyplot.close("all")


def printed(ax):
    """Give the texts at the values of a chart."""
    return [text.get_text() for text in ax.texts]


def named(ax):
    """Give the entries of the legend."""
    return [text.get_text() for text in ax.get_legend().get_texts()]


def points(line):
    """Give the points of a line."""
    return np.round(line.get_xydata(), 12).tolist()


def test_bounds_make_the_shades_of_a_heat_map():
    """A bound has the darker shade; with fewer than four the shades lie further apart."""
    ax = charts.heat_map(QUOTIENTS, "region", "industry", "lq", bounds=(0.5, 0.8, 1.25, 2))
    series = charts.SERIES
    assert [series[5], series[1], series[0], series[3]] == [to_hex(cell.get_facecolor()) for cell in ax.patches]
    ax = charts.heat_map(QUOTIENTS, "region", "industry", "lq", bounds=[1])
    assert [series[5], series[0], series[0], series[0]] == [to_hex(cell.get_facecolor()) for cell in ax.patches]


def test_values_of_a_heat_map_have_three_digits():
    """Integers and what is large are printed whole."""
    table = xm.Table({"r": list("abcd"), "c": list("xxxx"), "v": [0.857142, 1234.56, 98.76, 0.00012345]})
    assert ["0.857", "1235", "98.8", "0.000123"] == printed(charts.heat_map(table, "r", "c", "v"))


@pytest.mark.parametrize("bounds", [(1, 1), (2, 1), (1, 2, 3, 4, 5), (1, float("nan"))])
def test_bounds_that_make_no_shades_are_refused(bounds):
    """They ascend, and there are five shades."""
    with pytest.raises(xm.XxmfgError, match="bounds must ascend and be at most 4, not "):
        charts.heat_map(QUOTIENTS, "region", "industry", "lq", bounds=bounds)


def test_a_large_heat_map_has_room_for_its_labels():
    """Cells do not shrink as they become many; names that are wider than a cell lean."""
    regions, industries = [f"county {k}" for k in range(12)], [f"branch of industry {k}" for k in range(20)]
    pairs = [(region, industry) for region in regions for industry in industries]
    table = xm.Table({"region": [a for a, _ in pairs], "industry": [b for _, b in pairs], "lq": np.ones(len(pairs))})
    ax = charts.heat_map(table, "industry", "region", "lq")
    ax.figure.canvas.draw()
    cell = ax.transData.transform([(0, 0), (1, 1)])
    wide, high = abs(cell[1] - cell[0]) / ax.figure.dpi * 72
    text = ax.texts[0].get_window_extent()
    assert wide * ax.figure.dpi / 72 > text.width
    assert high * ax.figure.dpi / 72 > text.height
    assert {45.0} == {label.get_rotation() for label in ax.get_xticklabels()}
    boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert not any(one.overlaps(other) for one, other in pairwise(boxes))


def test_bounds_of_tiers_that_lie_close_are_printed_one_above_the_other():
    """No number covers another, wherever an outlier has pushed them together."""
    table = xm.Table({"tier": list("abcd"), "score": [413.0, 80.0, 60.0, 40.0]})
    ax = charts.tiers(table, "tier", "score", bounds=[47.0, 66.4, 83.6, 300.0], title="t")
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts[4:]]
    assert 4 == len(boxes)
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
    assert boxes[0].y0 == boxes[3].y0 < boxes[1].y0 < boxes[2].y0


# ---- Lorenz ----


def test_the_lorenz_curve_rises_by_the_members_in_ascending_order():
    """Doersam's four sellers: the smallest has 10 of 100, the three smallest 50; the Gini is 0.3."""
    ax = charts.lorenz(SELLERS, "sales", title="t", note="n")
    diagonal, curve = ax.lines
    assert [[0, 0], [1, 1]] == points(diagonal)
    assert [[0, 0], [0.25, 0.1], [0.5, 0.3], [0.75, 0.5], [1, 1]] == points(curve)
    assert ["Gini 0.300"] == named(ax)
    assert ["", "sales"] == printed(ax)


def test_twice_the_area_below_the_diagonal_is_the_gini_of_inequality():
    """With weights too; each group has its own curve, in the order of the table."""
    generator = np.random.default_rng(3)
    columns = {"size": generator.lognormal(0, 1, 40), "heads": generator.integers(0, 9, 40), "g": ["b", "a"] * 20}
    ax = charts.lorenz(xm.Table(columns), "size", "heads", "g")
    expected = xm.inequality(columns["size"], columns["heads"], columns["g"])["gini"].tolist()[::-1]
    for line, gini in zip(ax.lines[1:], expected, strict=True):
        x, y = line.get_data()
        assert gini == pytest.approx(1 - 2 * np.trapezoid(y, x), abs=1e-12)
    assert [f"b  Gini {expected[0]:.3f}", f"a  Gini {expected[1]:.3f}"] == named(ax)
    assert ["heads", "size"] == printed(ax)


def test_quotients_weighted_by_regions_give_hoovers_curve():
    """The Gini of location quotients, weighted by the regions' shares, is hoover_gini of localization."""
    values, region, industry = [15, 5, 80, 20, 10, 70], ["A"] * 3 + ["B"] * 3, [1, 2, 3] * 2
    quotients = xm.location_quotient(values, region, industry)
    sizes = {"A": 0.5, "B": 0.5}
    columns = {name: quotients[name] for name in ("industry", "lq")}
    columns["size"] = [sizes[name] for name in quotients["region"].tolist()]
    ginis = xm.localization(values, region, industry)["hoover_gini"].tolist()
    table = xm.Table(columns)
    assert [f"{k}  Gini {gini:.3f}" for k, gini in enumerate(ginis, 1)] == named(
        charts.lorenz(table, "lq", "size", "industry")
    )


def test_members_without_a_value_or_a_weight_are_left_out():
    """As inequality leaves them out."""
    table = xm.Table({"v": [1.0, np.nan, 3.0, 9.0], "w": [1.0, 1.0, 1.0, 0.0]})
    assert [[0, 0], [0.5, 0.25], [1, 1]] == points(charts.lorenz(table, "v", "w").lines[1])


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"v": [1.0, -2.0], "w": [1, 1]}, "column 'v' has -2 in row 1"),
        ({"v": [1.0, np.inf], "w": [1, 1]}, "column 'v' has inf in row 1"),
        ({"v": [1.0, 2.0], "w": [-1, 1]}, "column 'w' has -1 in row 0"),
        ({"v": [0.0, 0.0], "w": [1, 1]}, "the values in column 'v' have no sum above zero"),
        ({"v": [np.nan, np.nan], "w": [1, 1]}, "the values in column 'v' have no sum above zero"),
    ],
)
def test_what_has_no_lorenz_curve_is_named(columns, says):
    """The column and the row, or the group without a sum."""
    with pytest.raises(xm.XxmfgError, match=says):
        charts.lorenz(xm.Table(columns), "v", "w")


def test_more_than_six_curves_are_refused_and_a_group_without_a_sum_is_named():
    """Nobody can tell seven apart."""
    table = xm.Table({"v": np.ones(7), "g": np.arange(7)})
    with pytest.raises(xm.XxmfgError, match="at most 6 curves; column 'g' has 7 groups"):
        charts.lorenz(table, "v", by="g")
    with pytest.raises(xm.XxmfgError, match="the values of b in column 'v'"):
        charts.lorenz(xm.Table({"v": [1, 0], "g": ["a", "b"]}), "v", by="g")


# ---- shift-share ----

REGIONS = xm.Table({  # Farhauer and Kröll (2013)
    "region": ["A", "B", "A", "C", "C"],
    "change": [20, 55, 5, 100, -15],
    "national": [20, 24, 7, 100, 14],
    "mix": [2, -1, -1, -2, 2],
    "competitive": [-2, 32, -1, 2, -31],
})  # fmt: skip


def stacked(ax):
    """Give (from, to) of the bars, a list a part."""
    return [[(bar.get_x(), bar.get_x() + bar.get_width()) for bar in group.patches] for group in ax.containers]


def test_shift_share_stacks_what_the_rows_of_a_region_add_up_to():
    """Parts above zero to the right, those below to the left, the change as a diamond and in print."""
    ax = charts.shift_share(REGIONS, "region")
    assert [[(0, 27), (0, 24), (0, 114)], [(27, 28), (0, -1), (114, 114)], [(0, -3), (24, 56), (0, -29)]] == stacked(ax)
    (changes,) = (line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "D")
    assert [25, 55, 85] == changes
    assert ["+25", "+55", "+85"] == printed(ax)
    assert ["A", "B", "C"] == [label.get_text() for label in ax.get_yticklabels()]
    assert ["national", "mix", "competitive"] == named(ax)


def test_shift_share_draws_what_the_measure_gives():
    """A table of xxmfg.shift_share, by region or by industry; the parts that it draws add up to the change."""
    values, region, industry = [10, 20, 30, 40, 15, 18, 40, 44], ["A", "A", "B", "B"] * 2, [1, 2] * 4
    table = xm.shift_share(values, region, industry, np.repeat([0, 1], 4), 0, 1)
    for label in ("region", "industry"):
        ax = charts.shift_share(table, label, parts=("national", "mix", "homothetic", "allocation"))
        widths = np.array([[to - start for start, to in part] for part in stacked(ax)]).sum(axis=0)
        changes = xm.aggregate(table["change"], by=table[label])["sum"]
        assert changes.tolist() == pytest.approx(widths.tolist(), abs=1e-12)
    assert 4 == len(named(ax))


def test_what_no_part_explains_is_a_part_of_its_own():
    """An industry without a base anywhere has a change and no parts: the rest is drawn, never dropped."""
    values, region, industry, year = [10, 20, 12, 24, 7], list("ABABA"), [1, 1, 1, 1, 2], [0, 0, 1, 1, 1]
    ax = charts.shift_share(xm.shift_share(values, region, industry, year, 0, 1), "region")
    assert ["national", "mix", "competitive", "no base"] == named(ax)
    widths = np.array([[to - start for start, to in part] for part in stacked(ax)])
    assert [9.0, 4.0] == pytest.approx(widths.sum(axis=0).tolist())
    assert [7.0, 0.0] == pytest.approx(widths[3].tolist())


def test_names_and_texts_are_drawn_as_given():
    """In the order of the labels; as many as there are."""
    ax = charts.shift_share(REGIONS, "region", names=["N", "M", "C"], texts=["a", "b", "c"], title="t", note="n")
    assert (["N", "M", "C"], ["a", "b", "c"]) == (named(ax), printed(ax))
    with pytest.raises(xm.XxmfgError, match="texts has 1 entries, there are 3 labels"):
        charts.shift_share(REGIONS, "region", texts=["a"])
    with pytest.raises(xm.XxmfgError, match="draws 2 to 4 parts, each with a name, not 3, 1"):
        charts.shift_share(REGIONS, "region", names=["N"])
    with pytest.raises(xm.ColumnError, match="town"):
        charts.shift_share(REGIONS, "town")


def test_tables_without_rows_give_empty_charts():
    """No line, no bar, no error; a Lorenz curve of nothing is refused."""
    empty = xm.Table({name: REGIONS[name][:0] for name in REGIONS.columns})
    assert [] == printed(charts.shift_share(empty, "region"))
    with pytest.raises(xm.XxmfgError, match="no sum above zero"):
        charts.lorenz(empty, "change")


HIDDEN = xm.Table(
    {"city": list("abc"), "year": [1, 2, 3], "value": [np.nan, 5.0, np.nan], "rate": [np.nan, np.nan, 0.5]},
    note="c: suppressed",
    suppressed={"value": [True, False, False], "rate": [False, True, False]},
)


def test_charts_have_the_mark_and_the_note_of_what_is_suppressed():
    """A suppressed figure was a dash, as a missing one, or an empty cell."""
    bar, growth = charts.bar(HIDDEN, "city", "value"), charts.growth(HIDDEN, "year")
    cells = charts.heat_map(HIDDEN, "city", "year", "value")
    assert (["c", "5", "—"], ["c", "5\nc", "—\n+50.00%"], ["c", "5"]) == tuple(map(printed, (bar, growth, cells)))
    ends = xm.Table({"id": ["a", "b"], "stated": [1.0, 2.0], "low": [np.nan, 1.0], "high": [2.0, 3.0]},
                    suppressed={"low": [True, False]})  # fmt: skip
    assert ["c", "2 / 1–3"] == printed(charts.intervals(ends, "id", "stated", "low", "high"))
    assert ["c: suppressed"] * 3 == [ax.get_xlabel() for ax in (bar, growth, cells)]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.lorenz(HIDDEN, "value"),
        lambda: charts.lorenz(HIDDEN, "year", weights="value"),
        lambda: charts.tiers(HIDDEN, "city", "value"),
        lambda: charts.share(HIDDEN, "city", "value"),
        lambda: charts.nested(HIDDEN, "city", "value"),
    ],
)
def test_no_chart_of_all_values_leaves_out_what_is_suppressed(draw):
    """A Lorenz curve and its Gini coefficient were those of the published cells, without a word."""
    with pytest.raises(xm.XxmfgError, match="draws all values together; column 'value' has 1 that are suppressed"):
        draw()
