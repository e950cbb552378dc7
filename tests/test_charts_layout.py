"""Where the texts of charts stand: all within the figure, none over another, however long they are."""

import matplotlib as mpl
import pytest

mpl.use("agg")

from matplotlib import pyplot
from matplotlib.figure import Figure

import xxmfg as xm
from xxmfg import charts
from xxmfg.charts._fonts import font_for
from xxmfg.charts._style import wrapped

LONG = "A title that says at some length of which region, which industry and which years all of this is " * 2
LABELS = ["Manufacture of railway equipment", "Short", "Administrative and waste services", "Trade"]
TABLE = xm.Table(
    {
        "label": LABELS,
        "other": ["x", "y", "x", "y"],
        "value": [4321000.0, 987000.0, 650000.0, 120000.0],
        "share": [0.5, 0.25, 0.15, 0.1],
        "low": [1.0, 2.0, 3.0, 4.0],
        "high": [2e7, 3e6, 4e6, 5e6],
        "rate": [float("nan"), 0.1, 0.2, 0.3],
        "change": [3.0, 4.0, 5.0, 6.0],
        "national": [1.0, 2.0, 3.0, 4.0],
        "mix": [1.0, 1.0, 1.0, 1.0],
        "competitive": [1.0, 1.0, 1.0, 1.0],
    },
    units={"value": "thousand yuan"},
    title=LONG,
    note=LONG,
)
DRAWN = {
    "bar": lambda **how: charts.bar(TABLE, "label", "value", **how),
    "share": lambda **how: charts.share(TABLE, "label", whole="all of it", **how),
    "growth": lambda **how: charts.growth(TABLE, "label", **how),
    "heat_map": lambda **how: charts.heat_map(TABLE, "other", "label", "value", **how),
    "heat_map turned": lambda **how: charts.heat_map(TABLE, "label", "other", "value", **how),
    "intervals": lambda **how: charts.intervals(TABLE, "label", "value", "low", "high", **how),
    "lorenz": lambda **how: charts.lorenz(TABLE, "value", by="other", **how),
    "nested": lambda **how: charts.nested(TABLE, "label", "value", **how),
    "tiers": lambda **how: charts.tiers(TABLE, "label", "value", bounds=[1e6, 1.1e6], **how),
    "shift_share": lambda **how: charts.shift_share(TABLE, "label", **how),
}


@pytest.fixture(autouse=True)
def _closed_figures():
    """Leave no figure open."""
    yield
    pyplot.close("all")


def places(ax):
    """Give where each text of a drawn chart stands, by the text."""
    ax.figure.draw_without_rendering()
    low, high = ax.get_xlim()
    below = [label for label in ax.get_xticklabels() if low <= label.get_position()[0] <= high]
    found = [ax._left_title, ax.xaxis.label, *below, *ax.get_yticklabels(), *ax.texts]
    found += ax.get_legend().get_texts() if ax.get_legend() else []
    return [(text, text.get_window_extent()) for text in found if text.get_text()]


@pytest.mark.parametrize("name", DRAWN)
def test_long_texts_end_within_the_figure_and_cover_nothing(name):
    """Long titles and notes were cut at the edge; labels of two lines lay one over the other."""
    ax = DRAWN[name]()
    found = places(ax)
    edge = ax.figure.bbox
    outside = [t.get_text() for t, b in found if b.x0 < -1 or b.y0 < -1 or b.x1 > edge.x1 + 1 or b.y1 > edge.y1 + 1]
    assert [] == outside
    level = [(text.get_text(), box.shrunk(0.9, 0.8)) for text, box in found if not text.get_rotation()]
    assert [] == [(one, other) for i, (one, a) in enumerate(level) for other, b in level[:i] if a.overlaps(b)]
    assert LONG.split() == ax.get_title(loc="left").split() == ax.get_xlabel().split()


def test_title_and_note_keep_to_their_part_of_a_figure_and_begin_at_its_left():
    """Beside another chart they take the width of their own; below long labels they begin where those do."""
    axes = Figure(figsize=(9, 4), layout="constrained").subplots(1, 2)
    for ax in axes:
        charts.share(TABLE, "label", ax=ax)
    for ax, (left, right) in zip(axes, [(0, 450), (450, 900)], strict=True):
        boxes = {text.get_text(): box for text, box in places(ax)}
        title, note, label = (boxes[text] for text in (ax.get_title(loc="left"), ax.get_xlabel(), "Trade"))
        assert left <= title.x0
        assert max(title.x1, note.x1) <= right
        assert title.x0 == pytest.approx(note.x0, abs=1)
        assert title.x0 < label.x0


def test_drawing_again_on_the_same_axes_moves_nothing():
    """The note went further left each time."""
    ax = Figure(figsize=(6, 4), layout="constrained").subplots()
    first, second = ([box.x0 for _, box in places(charts.share(TABLE, "label", ax=ax))[:2]] for _ in range(2))
    assert first == pytest.approx(second)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("mmmmm mmmmm", ["mmmmm", "mmmmm"]),
        ("高新技术产业开发区", ["高新技术产", "业开发区"]),
        ("沣东（新城）、沣西（新城）", ["沣东（新", "城）、沣西", "（新城）"]),
        ("m" * 10, ["m" * 5, "m" * 5]),
        ("kept\nas it is", ["kept", "as it is"]),
        ("", [""]),
    ],
)
def test_lines_break_between_words_or_chinese_characters(text, lines):
    """As few lines as will do, about as long as each other; no mark begins a line that may not, none ends one."""
    try:
        font = font_for(frozenset(text) - {"\n"})
    except xm.MissingGlyphError:
        pytest.skip("no Chinese font on this machine")
    with mpl.rc_context({"font.family": [font]}):
        assert lines == wrapped(text, 74, 12).split("\n")


def test_what_is_left_over_stands_last():
    """However large; it stood among the parts and looked like one."""
    table = xm.Table({"part": ["others", "A", "B"], "share": [0.6, 0.1, 0.3]})
    ax = charts.share(table, "part", rest="others")
    assert ["B", "A", "others"] == [label.get_text() for label in ax.get_yticklabels()]
    assert [0.3, 0.1, 0.6] == pytest.approx([bar.get_width() for bar in ax.patches[3:]])
    assert ax.patches[-1].get_facecolor() == mpl.colors.to_rgba(charts.SERIES[-1])


def test_labels_of_a_heat_map_lean_only_where_they_do_not_fit():
    """Three words side by side had room, and leaned."""
    for columns, leans in ((["in use", "planned", "unknown"], 0), ([f"a long heading {i}" for i in range(9)], 45)):
        table = xm.Table({"row": ["r"] * len(columns), "column": columns, "count": list(range(len(columns)))})
        ax = charts.heat_map(table, "row", "column", "count")
        assert {leans} == {label.get_rotation() for label in ax.get_xticklabels()}
