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
