"""The report's page: valid, self-contained, readable by everyone, and harmless whatever the records hold."""

import re
from base64 import b64decode
from itertools import pairwise
from pathlib import Path

import pytest
from reports import Page, built_report, hostile_survey, read_csv

from xxmfg import charts
from xxmfg.report import output, page, svg
from xxmfg.report.xixian import survey_report


@pytest.fixture(scope="module")
def built():
    """Give the folder of a report."""
    return built_report()


@pytest.fixture(scope="module")
def html(built):
    """Give the page's source."""
    return (built / "index.html").read_text("utf-8")


@pytest.fixture(scope="module")
def parsed(html):
    """Give the page, parsed."""
    return Page(html)


def test_the_page_is_balanced_html_with_unique_ids_and_links_that_lead_somewhere(html, parsed):
    """Every element is closed, no id comes twice, every inner link has its target."""
    assert html.startswith('<!DOCTYPE html>\n<html lang="zh-CN">')
    assert [] == parsed.open
    assert len(parsed.ids) == len(set(parsed.ids))
    assert {target[1:] for target in parsed.targets} <= set(parsed.ids)


def test_the_page_needs_nothing_from_elsewhere(html, parsed):
    """No address but the CSV files that it carries, no script, and a policy that forbids them."""
    assert all(address.startswith("data:text/csv;") for address in parsed.addresses)
    assert not re.search(r"https?:|//\w|@import|url\((?!#)", re.sub(r"base64,[\w+/=]+", "", html))
    policy = next(a["content"] for tag, a in parsed.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "script" not in {tag for tag, _ in parsed.elements}
    names = {name for _, attributes in parsed.elements for name in attributes}
    assert not any(name == "style" or name.startswith("on") for name in names)


def test_the_policy_allows_the_one_style_sheet(html):
    """The hash in the policy is that of the style element's text."""
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    assert f"style-src '{page._digest(style)}'" in html


def test_the_page_carries_its_tables(built, parsed):
    """Each download is the CSV file byte for byte, under its name."""
    links = [attributes for tag, attributes in parsed.elements if tag == "a" and "download" in attributes]
    assert sorted(path.name for path in (built / "tables").iterdir()) == sorted(link["download"] for link in links)
    for link in links:
        assert (built / "tables" / link["download"]).read_bytes() == b64decode(link["href"].partition("base64,")[2])


def test_tables_and_charts_can_be_read_aloud(parsed):
    """Captions, scopes, names of regions and drawings, headings without a gap."""
    tags = [tag for tag, _ in parsed.elements]
    assert len(parsed.tables) == tags.count("table") == tags.count("caption")
    assert all(attributes.get("scope") in {"col", "row"} for tag, attributes in parsed.elements if tag == "th")
    for tag, attributes in parsed.elements:
        if attributes.get("role") in {"img", "region"} or tag == "svg":
            assert set(attributes["aria-labelledby"].split()) <= set(parsed.ids)
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert 1 == levels[0] == levels.count(1)
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_svg_on_the_page_is_text_in_the_pages_ink(html):
    """Labels are text; no font, id or style of matplotlib's reaches the page."""
    for drawing in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        assert "<text" in drawing
        assert 'fill="currentColor"' in drawing
        assert charts.INK not in drawing
        assert not re.search(r"style=|xmlns|font-family|<style|<metadata", drawing)


def contrast(one, other):
    """Give the contrast of two colors by WCAG 2.2."""

    def luminance(color):
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_color_has_enough_contrast_in_both_schemes(scheme):
    """4.5 : 1 against the paper and against the wash."""
    css = (Path(page.__file__).parent / "page.css").read_text("utf-8")
    colors = dict(re.findall(r"--([\w-]+): (#\w{6});", css.split("@media")[scheme]))
    for name in ("ink", "soft", "accent", "seal", "query", "inferred"):
        for ground in ("paper", "wash"):
            assert contrast(colors[name], colors[ground]) >= 4.5, (name, ground)


def test_hostile_names_stay_text(tmp_path):
    """Markup, formulas, marks of direction in a record's name do nothing on the page, in charts and in CSV."""
    output.write(survey_report(hostile_survey()), tmp_path)
    source = (tmp_path / "index.html").read_text("utf-8")
    parsed = Page(source)
    assert [] == parsed.open
    assert {"script", "b\u57ce"}.isdisjoint(tag for tag, _ in parsed.elements)
    assert "<script>alert(1)</script>" in parsed.tables["table-2"][1][1]
    assert "\\u202eb&c\\x1b" == parsed.tables["table-2"][3][1]
    assert "&lt;/text&gt;&lt;b&gt;城</text>" in source
    assert not re.search("[\u202e\x1b]", source)
    (path,) = (tmp_path / "tables").glob("表2_*.csv")
    assert '\'=HYPERLINK("x")' == read_csv(path)[1]["企业"]


def test_inline_svg_keeps_ids_apart():
    """Two drawings on a page share no id, and their references follow."""
    source = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 1 1">'
        '<defs><path id="m1"/></defs><g id="unused" clip-path="url(#m1)"><use xlink:href="#m1"/></g></svg>'
    )
    drawn = svg.inline(source, "figure-9", "t", "d")
    assert 'id="figure-9-m1"' in drawn
    assert 'clip-path="url(#figure-9-m1)"' in drawn
    assert 'href="#figure-9-m1"' in drawn
    assert "unused" not in drawn


def test_svg_of_an_older_matplotlib_keeps_its_sizes():
    """The font shorthand, written before 3.11, gives the same attribute."""
    text = "<text style=\"font: 700 11px 'A B'\">x</text>"
    source = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{text}</svg>'
    assert 'font-size="11px"' in svg.inline(source, "f", "t", "d")
