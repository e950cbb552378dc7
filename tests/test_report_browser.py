"""The page in a real browser: nothing to complain of, nothing cut off, readable by everyone at every size."""

import re
from importlib.resources import files
from itertools import product

import pytest
from browser import SCROLLING, browser
from reports import built_report

PHONE, A4, TABLET, DESKTOP = 390, 794, 820, 1280
SHOWN = list(product((PHONE, TABLET, DESKTOP), ("light", "dark")))

WIDER_THAN_THE_WINDOW = """
[...document.querySelectorAll('body *')].filter(one => {
    const box = one.getBoundingClientRect();
    const isMeant = one.closest('[role=region], .skip');  // they scroll; it comes in when it has the focus
    return box.width > 0 && !isMeant && (box.right > innerWidth + 1 || box.left < -1);
}).map(one => one.tagName + '.' + one.className).slice(0, 5)
"""
TEXT_OVER_TEXT = """
[...document.querySelectorAll('figure svg')].flatMap(drawing => {
    const texts = [...drawing.querySelectorAll('text')].filter(one => one.textContent.trim());
    const boxes = texts.map(one => one.getBoundingClientRect());
    const found = [];
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
        const [a, b] = [boxes[i], boxes[j]];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        const isOver = wide > 2 && high > 0.35 * Math.min(a.height, b.height);
        if (isOver) found.push(texts[i].textContent + ' | ' + texts[j].textContent);
    }
    return found;
})
"""
SERIOUS = """
axe.run({resultTypes: ['violations']}).then(found => found.violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 120)).slice(0, 3).join(' ')))
"""


@pytest.fixture(scope="module")
def page():
    """Give the report's page."""
    return built_report() / "index.html"


@pytest.fixture(scope="module")
def shown(page):
    """Give a browser."""
    with browser() as started:
        yield started


@pytest.mark.parametrize(("width", "scheme"), SHOWN)
def test_the_page_fits_and_says_nothing_on_the_console(shown, page, width, scheme):
    """No element reaches beyond the window, the page asks for nothing and breaks no policy of its own."""
    shown.said.clear()
    shown.show(page, width, scheme=scheme)
    assert [] == shown.said
    assert shown.run("document.documentElement.scrollWidth <= innerWidth")
    assert [] == shown.run(WIDER_THAN_THE_WINDOW)


@pytest.mark.parametrize(("width", "scheme"), SHOWN)
def test_nothing_serious_for_those_who_read_otherwise(shown, page, width, scheme):
    """The rules of axe-core, contrast in both schemes among them, find nothing serious."""
    rules = pytest.importorskip("axe_core_python")
    shown.send("Page.setBypassCSP", enabled=True)  # the rules' own engine; the policy is tested without it
    shown.show(page, width, scheme=scheme)
    shown.run((files(rules) / "axe.min.js").read_text("utf-8") + "; 0")
    found = shown.run(SERIOUS)
    shown.send("Page.setBypassCSP", enabled=False)
    assert [] == found


def test_no_label_of_a_chart_covers_another(shown, page):
    """Texts of a drawing lie apart, whatever the size at which it is shown."""
    for width in (PHONE, DESKTOP):
        shown.show(page, width)
        assert [] == shown.run(TEXT_OVER_TEXT)


def test_every_table_and_chart_is_there(shown, page):
    """Tables have rows, drawings have a size and text."""
    shown.show(page, DESKTOP)
    assert shown.run("[...document.querySelectorAll('table')].every(one => one.tBodies[0].rows.length > 0)")
    assert shown.run(
        "[...document.querySelectorAll('figure svg')].every(one => one.getBoundingClientRect().height > 80)"
    )
    assert shown.run("[...document.querySelectorAll('figure svg')].every(one => one.querySelector('text'))")


def test_tables_fit_a_desktop_and_the_text_of_drawings_is_as_large_as_the_pages(shown, page):
    """Two tables scrolled sideways there, and labels of charts were larger than the text beside them."""
    shown.show(page, DESKTOP)
    assert shown.run(f"{SCROLLING}.length") == 0
    drawings = "[...document.querySelectorAll('figure svg')]"
    scales = shown.run(f"{drawings}.map(one => one.getBoundingClientRect().width / one.viewBox.baseVal.width)")
    assert 0.99 < max(scales) / (96 / 72) < 1.01  # where there is room; points on paper are pixels here
    shown.show(page, PHONE)
    assert (
        min(shown.run(f"{drawings}.map(one => one.getBoundingClientRect().width / one.viewBox.baseVal.width)")) > 0.69
    )


def test_links_of_the_contents_and_of_marks_can_be_reached_by_keyboard(shown, page):
    """Every link and every table that scrolls takes the focus in the order of the page."""
    shown.show(page, PHONE)
    links = "[...document.querySelectorAll('a[href], [role=region]')]"
    assert shown.run(f"{links}.every(one => (one.focus(), document.activeElement === one))")


def test_it_prints_on_white_a4(shown, page):
    """All pages of the PDF are A4, and paper is white however dark the screen."""
    shown.show(page, DESKTOP, scheme="dark")
    sizes = set(re.findall(rb"/MediaBox \[([\d. ]+)\]", shown.printed()))
    assert {(595, 842)} == {tuple(round(float(edge)) for edge in size.split()[2:]) for size in sizes}
    shown.show(page, A4, scheme="dark", media="print")
    grounds = shown.run("[document.documentElement, document.body].map(one => getComputedStyle(one).backgroundColor)")
    assert set(grounds) <= {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
