"""Tables as people read them: aligned text also with Chinese, HTML and Markdown that no label breaks out of."""

import html.parser
import math
import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xxmfg._show import text
from xxmfg.table import Table

labels = st.text(st.characters(codec="utf-8"), max_size=12)


def text_column(entries):
    """Give text as the measures give it: StringDType, in which None is missing."""
    return np.array(entries, dtype=np.dtypes.StringDType(na_object=None))


def display_width(line):
    """Count the columns of a terminal, written apart from the package's own count."""
    wide = sum(unicodedata.east_asian_width(char) in ("W", "F") for char in line)
    marks = sum(unicodedata.category(char) in ("Mn", "Me") for char in line)
    return len(line) + wide - marks


@pytest.fixture
def cities():
    """Give a table of three rows with all that is shown around the data."""
    return Table(
        {
            "new_city": text_column(["沣东新城", "空港", None]),
            "sum": np.array([45.78, 3.31, np.nan]),
            "share": np.array([0.5516, 0.04, np.nan]),
            "count": np.array([10, 5, 0]),
        },
        percent=["share"],
        units={"sum": "亿元"},
        title="表4 新城布局",
        note="资料来源：调查",
    )


class TestText:
    def test_as_a_whole(self, cities):
        """Title, headers with units, aligned rows, note, and the size at the end."""
        assert repr(cities).split("\n") == [
            "表4 新城布局",
            "new_city  sum (亿元)    share  count",
            "--------  ----------  -------  -----",
            "沣东新城       45.78  55.16 %     10",
            "空港            3.31   4.00 %      5",
            "—                  —        —      0",
            "资料来源：调查",
            "3 rows × 4 columns",
        ]

    @given(st.lists(st.tuples(labels, st.floats()), max_size=30), labels.filter(lambda name: name != "value"))
    def test_lines_are_equally_wide(self, rows, name):
        """With any text, wide, combining, controls, every line of the table takes the same room, and none breaks."""
        t = Table({name: text_column([label for label, _ in rows]), "value": np.array([v for _, v in rows], float)})
        lines = repr(t).split("\n")
        assert len(lines) == 3 + min(len(rows), 20) + (len(rows) > 20)
        widths = {display_width(line) for line in lines[:-1] if not line.startswith("… ") or "row" not in line}
        assert len(widths) == 1

    @pytest.mark.parametrize("entries", [["沣东新城", "e\u0301", "ab"], ["ｆｕｌｌ", "半", "한국"], ["", None, "a"]])
    def test_columns_begin_where_the_header_says(self, entries):
        """The figures after Chinese, combining and full-width labels end in one column of the terminal."""
        lines = repr(Table({"新城": text_column(entries), "n": [1, 22, 333]})).split("\n")[:-1]
        assert len({display_width(line) for line in lines}) == 1
        assert [line.rstrip()[-1] for line in lines] == ["n", "-", "1", "2", "3"]

    def test_no_line_ends_in_blanks(self):
        """A column of text at the end was padded, which no doctest, diff or pasted table wants."""
        lines = repr(Table({"n": [1, 2], "k": ["沣东新城", "a"]})).split("\n")
        assert [line.rstrip() for line in lines] == lines

    def test_long_tables_are_cut_in_the_middle(self):
        """Past twenty rows the middle is left out, and its rows are counted."""
        lines = repr(Table({"i": np.arange(1254)})).split("\n")
        assert lines[2:4] == ["   0", "   1"]
        assert lines[12] == "… 1,234 rows"
        assert lines[13] == "1244"
        assert lines[-1] == "1,254 rows × 1 column"
        assert "…" not in repr(Table({"i": np.arange(20)}))
        assert "… 1 row\n" in repr(Table({"i": np.arange(21)}))

    def test_wide_tables_are_cut_in_the_middle(self):
        """Past 120 columns of the terminal the middle columns are left out, the first and the last stay."""
        lines = repr(Table({f"column_{i}": np.arange(2) for i in range(40)})).split("\n")
        assert display_width(lines[0]) <= 120
        assert lines[0].split()[0] == "column_0"
        assert lines[0].split()[-1] == "column_39"
        assert "  …  " in lines[0]
        assert lines[-1] == "2 rows × 40 columns"

    @given(st.lists(st.integers(1, 50), min_size=1, max_size=8), st.integers(1, 150))
    def test_any_width(self, widths, room):
        """Text keeps within the room it has, or shows one column from either end where even they do not fit."""
        t = Table({f"{i}" + "x" * (n - 1): [1] for i, n in enumerate(widths)})
        lines = text(t, max_width=room).split("\n")[:-1]
        assert display_width(lines[0]) <= room or len(lines[0].replace("…  ", "").split()) <= 2
        assert lines[0].lstrip().startswith("0")
        assert text(t, max_width=None).split("\n")[0].split()[-1].startswith(f"{len(widths) - 1}")

    def test_long_labels_are_cut(self):
        """A label longer than forty columns of the terminal is cut in text and whole in HTML and Markdown."""
        t = Table({"name": ["沣" * 50]})
        assert "沣" * 19 + "…" in repr(t)
        assert "沣" * 20 not in repr(t)
        assert "沣" * 50 in t._repr_html_()
        assert "沣" * 50 in t.to_markdown()

    def test_without_rows_or_columns(self):
        """An empty table shows its size."""
        assert repr(Table({})) == "0 rows × 0 columns"
        assert repr(Table({"a": np.array([])})) == "a\n-\n0 rows × 1 column"
        assert Table({}).to_markdown() == ""
        assert "0 rows × 0 columns" in Table({})._repr_html_()

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ([3.31, 45.78, 14.15], ["3.31", "45.78", "14.15"]),
            ([0.1 + 0.2, 1.0], ["0.3", "1.0"]),
            ([2019.0, 100.0], ["2019", "100"]),
            ([1 / 3, 1000.0], ["0.333", "1000.000"]),
            ([1234567.891, 2.0], ["1234567.89", "2.00"]),
            ([0.0, -0.0], ["0", "0"]),
            ([1e-17, 0.5], ["1e-17", "0.5"]),
            ([6.02e23, 1.0], ["6.02e+23", "1"]),
            ([math.nan, 2.5, math.inf, -math.inf], ["—", "2.5", "inf", "-inf"]),
            ([math.nan], ["—"]),
            (np.array([0.1], np.float32), ["0.1"]),
            ([2019, 12345678], ["2019", "12345678"]),
            ([10, None], ["10", "—"]),
            (np.array([1, 2.5, None], object), ["1.0", "2.5", "—"]),
            ([True, None], ["True", "—"]),
            (np.array(["2019-01", "NaT"], "M8[M]"), ["2019-01", "—"]),
            (np.array(["2019-01-02T03", "NaT"], "M8[h]"), ["2019-01-02T03", "—"]),
            (np.array([5, "NaT"], "m8[D]"), ["5 days", "—"]),
            (np.array([np.datetime64("2019-01"), np.datetime64("NaT", "M")], object), ["2019-01", "—"]),
            (["total", ""], ["total", ""]),
        ],
    )
    def test_entries(self, values, expected):
        """Floats share one number of decimals, counts have no separators, dates their unit, what is missing a dash."""
        shown = [line.split("|")[1].strip() for line in Table({"x": values}).to_markdown().split("\n")[2:]]
        assert shown == expected

    @pytest.mark.parametrize(
        ("shares", "expected"),
        [
            ([0.5516, 0.04, 0.0], ["55.16 %", "4.00 %", "0.00 %"]),
            ([-0.1234, 1.0], ["-12.34 %", "100.00 %"]),
            ([0.00001, 0.5], ["0.001 %", "50.000 %"]),
            ([1e-17, 0.5], ["0.000000 %", "50.000000 %"]),
            ([-1e-17], ["0.000000 %"]),
            ([math.inf, math.nan], ["inf %", "—"]),
            ([1e20], ["1e+22 %"]),
            ([1, 0], ["100.00 %", "0.00 %"]),
        ],
    )
    def test_percent(self, shares, expected):
        """Shares are shown as percent with two decimals, more where one would else show as zero."""
        shown = Table({"share": shares}, percent="share").to_markdown().split("\n")[2:]
        assert [line.split("|")[1].strip() for line in shown] == expected

    def test_percent_is_rounded_once(self):
        """The last digit of a percent is that of the fraction itself, not of a product that was rounded before."""
        share = 1.005  # the double below 1.005; times 100 it would be 100.49999999999999
        assert "100.50 %" in repr(Table({"share": [share + 2**-50]}, percent="share"))
        assert "28.99 %" in repr(Table({"share": [0.28995]}, percent="share"))

    @pytest.mark.parametrize(
        ("char", "escape"),
        [
            ("\u202e", r"\u202e"),
            ("\u2066", r"\u2066"),
            ("\u2028", r"\u2028"),
            ("\u200b", r"\u200b"),
            ("\ufeff", r"\ufeff"),
            ("\x1b", r"\x1b"),
            ("\x00", r"\x00"),
            ("\r", r"\r"),
        ],
    )
    def test_invisible_characters_are_shown(self, char, escape):
        """Control, bidirectional and other invisible characters appear as escapes, wherever they stand."""
        label = f"a{char}b"
        t = Table({label: text_column([label])}, units={label: label}, title=label, note=label)
        for shown in (repr(t), t._repr_html_(), t.to_markdown()):
            assert char not in shown
            assert f"a{escape}b" in shown.replace("\\\\", "\\")

    def test_line_breaks_in_labels_are_shown(self):
        """A line break in a label or a title breaks no line of the table."""
        t = Table({"a\nb": ["c\nd"]}, title="e\nf")
        assert repr(t).split("\n") == [r"e\nf", r"a\nb", "----", r"c\nd", "1 row × 1 column"]

    def test_ideographic_space_stays(self):
        """A space that Chinese text is set with is no disguise."""
        assert "秦\u3000汉" in repr(Table({"x": ["秦\u3000汉"]}))

    def test_note_of_several_lines(self):
        """A note keeps its lines."""
        t = Table({"x": [1]}, note="one\ntwo")
        assert repr(t).split("\n")[-3:] == ["one", "two", "1 row × 1 column"]
        assert "<p>one<br>two</p>" in t._repr_html_()


class Reader(html.parser.HTMLParser):
    """The tags with their attributes, and the text, of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.texts, self.attributes = [], [], []

    def handle_starttag(self, tag, attrs):
        """Keep a tag and its attributes."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        """Keep a piece of text."""
        self.texts.append(data)


def read_html(table):
    """Read a table's HTML as a browser would."""
    reader = Reader()
    reader.feed(table._repr_html_())
    reader.close()
    return reader


class TestHtml:
    HOSTILE = (
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "&lt;b&gt;",
        "</table>",
        "<!--",
        "]]>",
        "'",
    )

    @given(st.lists(st.sampled_from(HOSTILE) | labels, min_size=1, max_size=6), st.sampled_from(HOSTILE) | labels)
    def test_markup_never_survives(self, entries, name):
        """Whatever labels, names, units, title and note hold, only the table's own tags are tags, the data are text."""
        t = Table({name: text_column(entries)}, units={name: entries[0]}, title=entries[-1], note=name)
        page = read_html(t)
        assert set(page.tags) <= {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "p", "br"}
        assert page.tags.count("td") == len(entries)
        assert {attribute for attribute, _ in page.attributes} <= {"class", "scope", "style"}
        joined = "".join(page.texts)
        for entry in entries:
            if entry.isprintable():
                assert entry in joined

    def test_structure(self, cities):
        """The caption is the title, headers say their scope, numbers are right, labels left, the note follows."""
        shown = cities._repr_html_()
        assert "<caption>表4 新城布局</caption>" in shown
        assert shown.count('<th scope="col"') == 4
        assert '<td style="text-align:left">沣东新城</td>' in shown
        assert '<td style="text-align:right;white-space:nowrap">55.16 %</td>' in shown
        assert ">sum (亿元)</th>" in shown
        assert shown.index("资料来源") > shown.index("</table>")

    def test_long_tables_are_cut_in_the_middle(self):
        """Past sixty rows the middle is left out, and its rows are counted."""
        assert read_html(Table({"i": np.arange(60)})).tags.count("tr") == 61
        page = read_html(Table({"i": np.arange(1060)}))
        assert page.tags.count("tr") == 62
        assert "… 1,000 rows" in page.texts
        assert page.texts[-2].strip() == "1,060 rows × 1 column"


class TestMarkdown:
    def test_escapes(self):
        """Pipes, backslashes and what could begin markup are escaped in cells and headers."""
        t = Table({"a|b": ["x|y", "\\|", "<b>&", "[l](u)", "*`"]})
        assert t.to_markdown().split("\n") == [
            r"| a\|b |",
            "| :--- |",
            r"| x\|y |",
            r"| \\\| |",
            "| &lt;b&gt;&amp; |",
            r"| \[l\](u) |",
            r"| \*\` |",
        ]

    @given(st.lists(st.none() | labels, max_size=12))
    def test_one_line_a_row(self, entries):
        """Any labels give one line a row with as many cells as there are columns."""
        t = Table({"x": text_column(entries), "n": np.arange(len(entries))})
        lines = t.to_markdown().split("\n")
        assert len(lines) == 2 + len(entries)
        for line in lines:
            assert len(re.findall(r"(?:\\.|[^|\\])*\|", line)) == 3

    def test_all_rows(self):
        """No row is left out."""
        assert len(Table({"i": np.arange(500)}).to_markdown().split("\n")) == 502
