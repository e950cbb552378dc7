"""Charts: what they draw and print, the font that can draw it, and a style that stays within the chart."""

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("agg")

from matplotlib import font_manager, pyplot
from matplotlib.figure import Figure

import xxmfg as xm
from xxmfg import charts

CITIES = xm.Table({"city": ["空港新城", "沣东新城", "泾河新城"], "count": [5, 10, 3], "share": [0.25, 0.5, 0.125]})
ASCII = xm.Table({"city": ["A", "B", "C"], "count": [5, 10, 3], "share": [0.25, 0.5, 0.125]})
NO_FONT_HAS = "\U0001d2c0"  # Kaktovik numerals came with Unicode 15


@pytest.fixture(autouse=True)
def _closed_figures(monkeypatch):
    """Each test starts without XXMFG_FONT and leaves no figure open."""
    monkeypatch.delenv("XXMFG_FONT", raising=False)
    yield
    pyplot.close("all")


def chinese_or_skip():
    """Skip a test that needs to draw Chinese where no font can."""
    try:
        charts.bar(CITIES, "city", "count")
    except xm.MissingGlyphError:
        pytest.skip("no Chinese font on this machine")


def printed(ax):
    """Give the texts at the values of a chart."""
    return [text.get_text() for text in ax.texts]


def labels(axis):
    """Give the labels of an axis."""
    return [label.get_text() for label in axis.get_ticklabels()]


def test_bar_draws_a_column_a_row_in_the_order_of_the_table():
    """Heights, labels and printed values stand in the table's order."""
    ax = charts.bar(ASCII, "city", "count")
    assert [5, 10, 3] == [bar.get_height() for bar in ax.patches]
    assert ["A", "B", "C"] == labels(ax.xaxis)
    assert ["5", "10", "3"] == printed(ax)


def test_share_puts_the_largest_first_and_its_strip_is_the_whole():
    """Bars descend; the parts of the strip begin where those before them end."""
    ax = charts.share(ASCII, "city", whole="all")
    strip, bars = ax.patches[:3], ax.patches[3:]
    assert [0.5, 0.25, 0.125] == [bar.get_width() for bar in bars]
    assert [0, 0.5, 0.75] == [part.get_x() for part in strip]
    assert ["B", "A", "C"] == labels(ax.yaxis)
    assert ["50.00%", "25.00%", "12.50%", "all"] == printed(ax)


def test_texts_follow_their_rows_when_shares_are_sorted():
    """A text belongs to its row of the table, wherever the row is drawn."""
    ax = charts.share(ASCII, "city", texts=["a", "b", "c"])
    assert ["b", "a", "c"] == printed(ax)


def test_equal_shares_stay_in_the_order_of_the_table():
    """A tie does not change places."""
    ax = charts.share(xm.Table({"city": ["x", "y"], "share": [0.5, 0.5]}), "city")
    assert ["x", "y"] == labels(ax.yaxis)


@pytest.mark.parametrize("bad", [float("nan"), -0.1, 1.1])
def test_a_share_outside_0_to_1_is_refused_by_name(bad):
    """What is no fraction is not drawn, and the message names column and row."""
    table = xm.Table({"city": ["A", "B"], "share": [0.5, bad]})
    with pytest.raises(xm.XxmfgError, match=f"column 'share' has {bad} in row 1"):
        charts.share(table, "city")


def test_a_missing_value_leaves_its_place_empty():
    """No height, a dash, and the label stays."""
    ax = charts.bar(xm.Table({"city": ["A", "B"], "mean": [2.5, np.nan]}), "city", "mean")
    assert [2.5, 0] == [bar.get_height() for bar in ax.patches]
    assert ["2.5", "—"] == printed(ax)


def test_percent_columns_are_printed_as_percent():
    """A table that shows a column as percent has it so in a chart."""
    table = xm.Table({"city": ["A"], "rate": [0.1754]}, percent=["rate"])
    assert ["17.54%"] == printed(charts.bar(table, "city", "rate"))


def test_texts_of_another_length_are_refused():
    """As many texts as rows."""
    with pytest.raises(xm.XxmfgError, match="texts has 1 entries, the table 3 rows"):
        charts.bar(ASCII, "city", "count", texts=["5"])


def test_an_unknown_column_is_named():
    """The table's own error."""
    with pytest.raises(xm.ColumnError, match="town"):
        charts.bar(ASCII, "town", "count")


def test_title_note_and_unit_come_from_the_table_and_an_empty_one_leaves_them_out():
    """What the table says of itself is printed unless the caller says otherwise."""
    table = xm.Table({"city": ["A"], "n": [1]}, units={"n": "ha"}, title="Title", note="Note")
    ax = charts.bar(table, "city", "n")
    assert ("Title", "Note") == (ax.get_title(loc="left"), ax.get_xlabel())
    assert ["1", "(ha)"] == printed(ax)
    ax = charts.bar(table, "city", "n", title="", note="")
    assert ("", "") == (ax.get_title(loc="left"), ax.get_xlabel())


def test_markup_and_formulas_in_names_are_drawn_as_they_are(tmp_path):
    """A dollar sign starts no formula, an ampersand no entity."""
    table = xm.Table({"city": ["$\\frac{1}{2}$", "<b>&amp;</b>"], "count": [1, 2]}, title="$x$", note="$y$")
    ax = charts.bar(table, "city", "count")
    with mpl.rc_context({"svg.fonttype": "none"}):
        ax.figure.savefig(tmp_path / "chart.svg")
    drawn = (tmp_path / "chart.svg").read_text("utf-8")
    for text in ("$\\frac{1}{2}$", "&lt;b&gt;&amp;amp;&lt;/b&gt;", "$x$", "$y$"):
        assert f">{text}</text>" in drawn


def test_characters_that_hide_are_drawn_as_escapes():
    """A mark of direction or a control character in a label is seen."""
    ax = charts.bar(xm.Table({"city": ["a\u202eb", "c\x07"], "count": [1, 2]}), "city", "count")
    assert ["a\\u202eb", "c\\x07"] == labels(ax.xaxis)


def test_a_character_that_no_font_has_is_named_with_a_way_out():
    """The error says which character and how to get a font; nothing is drawn as an empty box."""
    with pytest.raises(xm.MissingGlyphError, match=r"U\+1D2C0.*apt-get install fonts-noto-cjk.*XXMFG_FONT"):
        charts.bar(xm.Table({"city": [NO_FONT_HAS], "count": [1]}), "city", "count")


def test_a_font_named_by_the_environment_is_the_only_one(monkeypatch):
    """XXMFG_FONT is obeyed even where another font could draw more."""
    monkeypatch.setenv("XXMFG_FONT", "DejaVu Sans")
    with pytest.raises(xm.MissingGlyphError, match=r"'DejaVu Sans' that XXMFG_FONT names cannot.*沣 \(U\+6CA3\)"):
        charts.bar(CITIES, "city", "count")
    family = charts.bar(ASCII, "city", "count").get_xticklabels()[0].get_fontfamily()
    assert ["DejaVu Sans"] == family


def test_a_font_may_be_named_by_its_file(monkeypatch):
    """XXMFG_FONT takes a path too."""
    path = font_manager.findfont("DejaVu Serif")
    monkeypatch.setenv("XXMFG_FONT", str(path))
    assert ["DejaVu Serif"] == charts.bar(ASCII, "city", "count").get_xticklabels()[0].get_fontfamily()


def test_a_font_that_is_not_there_is_an_error(monkeypatch, tmp_path):
    """A wrong name and a file that is no font are told apart."""
    monkeypatch.setenv("XXMFG_FONT", "No Such Font")
    with pytest.raises(xm.XxmfgError, match="'No Such Font', which is neither a font on this system nor a file"):
        charts.bar(ASCII, "city", "count")
    (tmp_path / "font.ttf").write_text("not a font")
    monkeypatch.setenv("XXMFG_FONT", str(tmp_path / "font.ttf"))
    with pytest.raises(xm.XxmfgError, match="is not a font that can be read"):
        charts.bar(ASCII, "city", "count")


def test_a_font_installed_after_matplotlib_looked_is_found(monkeypatch):
    """The advice to install a font helps at once, though matplotlib remembers an older list."""
    chinese_or_skip()
    known = font_manager.fontManager.ttflist
    old = [entry for entry in known if entry.name == "DejaVu Sans"]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", old)
    font_manager.fontManager._findfont_cached.cache_clear()
    ax = charts.bar(CITIES, "city", "count")
    assert ax.get_xticklabels()[0].get_fontfamily() != ["DejaVu Sans"]


def test_matplotlibs_settings_stay_as_they_were():
    """The style holds for the chart alone."""
    before = dict(mpl.rcParams)
    charts.bar(ASCII, "city", "count", title="t", note="n")
    charts.share(ASCII, "city")
    assert before == dict(mpl.rcParams)


def test_a_chart_on_given_axes_is_in_the_same_style():
    """Axes that are older than the chart bring neither font nor frame."""
    with mpl.rc_context({"font.family": ["DejaVu Serif"], "axes.facecolor": "red"}):
        ax = Figure().subplots()
        ax.get_xticklabels()
    same = charts.bar(ASCII, "city", "count", title="t", note="n", ax=ax)
    assert same is ax
    own = charts.bar(ASCII, "city", "count", title="t", note="n")
    for one, other in ((ax.xaxis.label, own.xaxis.label), (ax.get_xticklabels()[0], own.get_xticklabels()[0])):
        assert one.get_fontfamily() == other.get_fontfamily()
    assert not ax.patch.get_visible()
    assert not any(spine.get_visible() for spine in ax.spines.values())


def test_chinese_labels_are_drawn_without_a_warning(tmp_path):
    """A font of the system draws every character."""
    chinese_or_skip()
    ax = charts.share(CITIES, "city", title="占比", note="重构数据", whole="合计")
    ax.figure.savefig(tmp_path / "chart.png")


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    """The message is the command that helps."""
    import sys

    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install xxmfg\[report\]"):
        charts.bar(ASCII, "city", "count")


def test_an_empty_table_gives_an_empty_chart():
    """No rows, no bars, no error."""
    empty = xm.Table({"city": np.array([], dtype=np.dtypes.StringDType(na_object=None)), "share": np.array([])})
    assert [] == list(charts.share(empty, "city").patches)
    assert [] == list(charts.bar(empty, "city", "share").patches)


# Heat map, tiers, nested.

GRID = xm.Table({"row": ["a", "a", "b"], "column": ["x", "y", "x"], "value": [0.0, 1.0, 0.5]})


def test_a_heat_map_is_darker_the_larger_the_value_and_leaves_missing_pairs_empty():
    """Five equal steps from the smallest to the largest; three pairs, three cells, text that can be read on each."""
    ax = charts.heat_map(GRID, "row", "column", "value", texts=["0", "1", "0.5"])
    assert [charts.SERIES[5], charts.SERIES[0], charts.SERIES[3]] == [hex_of(cell) for cell in ax.patches]
    assert ["0", "1", "0.5"] == printed(ax)
    assert [charts.INK, charts.PAPER, charts.INK] == [text.get_color() for text in ax.texts]
    assert (["x", "y"], ["a", "b"]) == (labels(ax.xaxis), labels(ax.yaxis))


def hex_of(patch):
    """Give the color of a patch."""
    from matplotlib.colors import to_hex

    return to_hex(patch.get_facecolor())


def test_a_heat_map_of_equal_values_has_one_shade_and_of_none_no_cell():
    """Nothing is divided by zero."""
    one = xm.Table({"row": ["a", "b"], "column": ["x", "x"], "value": [2.0, 2.0]})
    assert 1 == len({hex_of(cell) for cell in charts.heat_map(one, "row", "column", "value").patches})
    none = xm.Table({"row": ["a"], "column": ["x"], "value": [float("nan")]})
    assert [] == list(charts.heat_map(none, "row", "column", "value").patches)


def test_a_heat_map_refuses_two_values_for_a_cell_and_infinity():
    """The cell is named; infinity has no shade."""
    twice = xm.Table({"row": ["a", "a"], "column": ["x", "x"], "value": [1.0, 2.0]})
    with pytest.raises(xm.DuplicateError):
        charts.heat_map(twice, "row", "column", "value")
    with pytest.raises(xm.XxmfgError, match="finite values; column 'value' has an infinite one"):
        charts.heat_map(xm.Table({"row": ["a"], "column": ["x"], "value": [float("inf")]}), "row", "column", "value")


def test_tiers_draw_a_line_of_dots_each_and_the_bounds_across():
    """Tiers in the order of the table; a missing value is no dot."""
    table = xm.Table({"tier": ["one", "two", "two"], "score": [9.0, 5.0, float("nan")]}, units={"score": "points"})
    ax = charts.tiers(table, "tier", "score", bounds=[7.0])
    dots = [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "o"]
    assert [[9.0], [5.0]] == dots
    assert ["1", "1", "7", "(points)"] == printed(ax)
    assert ["one", "two"] == labels(ax.yaxis)
    with pytest.raises(xm.XxmfgError, match="texts has 1 entries, there are 2 tiers"):
        charts.tiers(table, "tier", "score", texts=["x"])
    with pytest.raises(xm.XxmfgError, match="finite values"):
        charts.tiers(xm.Table({"tier": ["a"], "score": [float("inf")]}), "tier", "score")


def test_nested_parts_lie_one_inside_the_other():
    """Each bar as long as its part is large, with its share of the one above."""
    table = xm.Table({"what": ["all", "some"], "value": [8.0, 2.0]})
    ax = charts.nested(table, "what", "value")
    assert [8.0, 2.0] == [bar.get_width() for bar in ax.patches]
    assert ["8", "2, 25.00%"] == printed(ax)


@pytest.mark.parametrize("values", [[1.0, 2.0], [-1.0, -2.0], [1.0, float("nan")]])
def test_what_is_no_part_of_the_one_above_is_not_drawn_as_one(values):
    """A larger part, a negative or a missing one is named with its row."""
    with pytest.raises(xm.XxmfgError, match=r"parts of the one above; column 'value' has .* in row [01]"):
        charts.nested(xm.Table({"what": ["all", "some"], "value": values}), "what", "value")


def test_intervals_have_a_scale_each_and_infinite_ends_reach_the_edge():
    """A value outside its interval is a dot beside the bar; a row without numbers is empty."""
    nan, inf = np.nan, np.inf
    rows = {"name": ["a", "b", "c", "d"], "value": [35, 71.2, 5, nan], "low": [36, 72.06, -inf, 1]}
    table = xm.Table({**rows, "high": [36, 72.07, 4, 2]})
    ax = charts.intervals(table, "name", "value", "low", "high")
    assert ["35 / 36", "71.2 / 72.06–72.07", "5 / ≤ 4", "—"] == [text.get_text() for text in ax.texts]
    lines = [line for line in ax.lines if len(line.get_xdata()) == 2 and line.get_linewidth() > 5]
    dots = [line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 1]
    assert [3, 3] == [len(lines), len(dots)]
    assert all(dot < line.get_xdata()[0] for dot, line in zip(dots[:2], lines[:2], strict=True))
    assert 0 == lines[2].get_xdata()[0] < lines[2].get_xdata()[1] < dots[2]
    with pytest.raises(xm.XxmfgError, match="row 0: the interval's low end is above its high one"):
        charts.intervals(xm.Table({"n": ["a"], "v": [1], "l": [2], "h": [1]}), "n", "v", "l", "h")
    with pytest.raises(xm.XxmfgError, match="column 'v' has an infinite one"):
        charts.intervals(xm.Table({"n": ["a"], "v": [inf], "l": [1], "h": [1]}), "n", "v", "l", "h")
    with pytest.raises(xm.XxmfgError, match="texts has 2 entries, the table 1 rows"):
        charts.intervals(xm.Table({"n": ["a"], "v": [1], "l": [1], "h": [1]}), "n", "v", "l", "h", texts=["x", "y"])


def test_a_long_label_stands_in_two_lines():
    """Broken near the middle, at a space where there is one."""
    table = xm.Table({"name": ["A very long name of a works", "short"], "count": [1, 2]})
    assert ["A very long name\nof a works", "short"] == labels(charts.bar(table, "name", "count").xaxis)


def test_growth_has_its_sign_above_each_period_but_the_first():
    """What has no rate has no line for it."""
    table = xm.growth([80, 100, 90], [2017, 2018, 2019])
    ax = charts.growth(table, texts=["80.0", "100.0", "90.0"])
    assert ["80.0", "100.0\n+25.00%", "90.0\n-10.00%"] == [text.get_text() for text in ax.texts]
    assert [80, 100, 90] == [patch.get_height() for patch in ax.patches]
    with pytest.raises(xm.XxmfgError, match="texts has 1"):
        charts.growth(table, texts=["80"])
