"""A report made once for all tests, and readers of what it consists of."""

import atexit
import csv
import re
import shutil
import tempfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

import xxmfg as xm
from xxmfg import charts, report
from xxmfg.report.xixian import read_survey

VOID = {"meta", "wbr", "br", "img", "hr", "input", "link"}


@cache
def built_report():
    """Give the folder of the report, which tests only read; skip where no font can draw its charts."""
    try:
        charts.bar(xm.Table({"city": ["沣泾"], "count": [1]}), "city", "count", ax=_axes())
    except xm.MissingGlyphError:
        pytest.skip("no Chinese font on this machine")
    parent = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    return report.build(Path(parent, "out")).parent


def _axes():
    from matplotlib.figure import Figure

    return Figure().subplots()


class Page(HTMLParser):
    """Reads a page: the balance of its elements, ids, links, and the texts of its tables."""

    def __init__(self, source):
        super().__init__()
        self.open, self.ids, self.targets, self.addresses = [], [], [], []
        self.tables, self.texts, self.elements = {}, [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):  # noqa: D102  (HTMLParser's)
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        for name, value in attrs:
            if name in {"href", "src", "xlink:href", "action", "data"}:
                (self.targets if value.startswith("#") else self.addresses).append(value)
        if tag == "div" and attributes.get("class") == "sheet":
            self.table = self.tables[attributes["id"]] = []
        if tag == "tr":
            self.table.append([])
        if tag in {"td", "th"}:
            self.table[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):  # noqa: D102
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):  # noqa: D102
        assert tag == self.open.pop()

    def handle_data(self, data):  # noqa: D102
        if "style" not in self.open:
            self.texts.append(data)
        if {"td", "th"} & set(self.open):
            self.table[-1][-1] += data

    @property
    def text(self):
        """The text of the page."""
        return re.sub(r"\s+", " ", "".join(self.texts))


def read_csv(path):
    """Give a CSV file's rows as dicts; its text must begin with a byte order mark."""
    assert b"\xef\xbb\xbf" == path.read_bytes()[:3]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder_):
    """Give every file of a folder with its bytes."""
    return {path.relative_to(folder_).as_posix(): path.read_bytes() for path in folder_.rglob("*") if path.is_file()}


def hostile_survey():
    """Give the survey with markup, a formula and marks of direction for the names of enterprises and of a city."""
    survey = read_survey()
    hostile = {
        "中车西安车辆有限公司": "<script>alert(1)</script>",
        "陕西海天制药有限公司": '=HYPERLINK("x")',
        "陕西凝远新材料科技股份有限公司": "\u202eb&c\x1b",
    }
    names = [hostile.get(name, name) for name in survey.records["name"].tolist()]
    city = "</text><b>城"
    cities = [city if name == "泾河新城" else name for name in survey.records["new_city"].tolist()]
    changed = {
        key: figure._replace(
            subject=city if figure.subject == "泾河新城" else hostile.get(figure.subject, figure.subject),
            items=tuple(city if item == "泾河新城" else item for item in figure.items),
        )
        for key, figure in survey.figures.items()
    }
    lists = {
        name: tuple({key: city if entry == "泾河新城" else entry for key, entry in row.items()} for row in rows)
        for name, rows in survey.lists.items()
    }
    records = survey.records.with_column("name", names).with_column("new_city", cities)
    return survey._replace(records=records, figures=changed, lists=lists)
