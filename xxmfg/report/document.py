"""What a report consists of, whatever it is about and wherever it is written: sections of texts, tables, charts.

A description says in which order they stand: a mapping (from a TOML file) of sections, each a heading and a list of
blocks ("text overview", "table 1"). Its sentences are templates; every number in them is filled in from the facts,
which are computed.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .sheets import Note, Row, Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "Block",
    "Chart",
    "Document",
    "Section",
    "Wording",
    "assemble",
    "doubts",
    "filled",
    "load",
    "references",
    "row_keys",
    "without_charts",
]


_NOTE = ("text", "mark", "gist", "target")


class Chart(NamedTuple):
    """A chart of the report; `draw` puts it on axes, with a title above and a note below."""

    number: int
    name: str
    title: str
    description: str
    draw: "Callable[[Axes, str, str], Axes]"
    table: int  # the number of the table that has its data
    note: str = ""  # below the chart where it stands by itself
    size: tuple[float, float] = (4.8, 3.0)  # inches
    figures: tuple[str, ...] = ()  # the ids of the printed figures that it shows
    notes: tuple[Note, ...] = ()  # that doubt them


class Block(NamedTuple):
    """A part of a section, by its kind: text, list, table, charts, headlines or doubts."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    sheet: Sheet | None = None
    charts: tuple[Chart, ...] = ()
    rows: tuple[Row, ...] = ()


class Section(NamedTuple):
    """A heading (level 2 or 3) and what stands below it."""

    key: str
    heading: str
    level: int
    blocks: tuple[Block, ...]


class Document(NamedTuple):
    """A whole report; `warnings` stand at its top, head and text."""

    language: str
    title_parts: tuple[str, ...]  # between which it may break
    subtitle: str
    series: str
    lead: str
    summary: str
    nature: str
    command: str
    warnings: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """The title."""
        return "".join(self.title_parts)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The tables in their order."""
        return tuple(block.sheet for section in self.sections for block in section.blocks if block.sheet)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts in their order."""
        return tuple(chart for section in self.sections for block in section.blocks for chart in block.charts)


class Wording(NamedTuple):
    """A description and the facts that fill it: gives the notes of tables.

    `said` are the facts for sentences, in which doubted ones refer to what doubts them; a note that leads to such a row
    itself has them plain.
    """

    description: Mapping[str, Any]
    facts: Mapping[str, Any]
    said: Mapping[str, Any] | None = None

    def note(self, name: str) -> Note:
        """Give a note by its name, every number in it filled in."""
        entry = self.description["note"][name]
        facts = self.facts if "target" in entry or self.said is None else self.said
        texts = {key: filled(entry[key], facts if key == "text" else self.facts) for key in _NOTE if key in entry}
        return Note(**texts)


def load(package: str, name: str) -> dict[str, Any]:
    """Read a TOML file that lies beside a module of the package."""
    import tomllib
    from importlib.resources import files

    return tomllib.loads((files(package) / name).read_text("utf-8"))


def filled(template: str, facts: Mapping[str, object]) -> str:
    """Fill the facts into a template; what it asks for and nobody computed is an error that names it."""
    return template.strip().format_map(facts)


def assemble(
    description: Mapping[str, Any],
    facts: Mapping[str, Any],
    sheets: Mapping[str, Sheet],
    charts: Mapping[str, Chart],
) -> Document:
    """Put a description's sections together: texts filled with facts, tables and charts by their keys.

    A block whose table, chart or text is not there is left out, and so is a section without any block or without any
    of its tables. A section for which the facts have a reason says that in place of its blocks.
    """

    def text(name: str) -> str:
        return filled(description[name], facts)

    sections = []
    for one in description["section"]:
        if reason := facts.get("reasons", {}).get(one["key"]):
            why = (Block("text", text=reason),)
            sections.append(Section(one["key"], filled(one["heading"], facts), one.get("level", 2), why))
            continue
        blocks = tuple(found for line in one["blocks"] if (found := _block(line, description, facts, sheets, charts)))
        tables = [line for line in one["blocks"] if line.startswith("table ")]
        if blocks and (not tables or any(block.sheet for block in blocks)):
            sections.append(Section(one["key"], filled(one["heading"], facts), one.get("level", 2), blocks))
    return Document(
        language=description["language"],
        title_parts=tuple(filled(part, facts) for part in description["title"]),
        subtitle=text("subtitle"),
        series=text("series"),
        lead=text("lead"),
        summary=text("summary"),
        nature=text("nature"),
        command=text("command"),
        warnings=tuple((filled(one["head"], facts), filled(one["text"], facts)) for one in description["warning"]),
        sections=tuple(sections),
    )


def _block(
    line: str,
    description: Mapping[str, Any],
    facts: Mapping[str, object],
    sheets: Mapping[str, Sheet],
    charts: Mapping[str, Chart],
) -> Block | None:
    kind, *names = line.split()
    if kind == "text":
        text = "".join(filled(description["text"][name], facts) for name in names)
        return Block("text", text=text) if text else None
    if kind == "list":
        templates = description.get("list", {}).get(names[0], ())
        entries = tuple(filled(item, facts) for item in templates) or tuple(map(str, _listed(facts, names[0])))
        return Block("list", items=entries) if entries else None
    if kind == "table":
        return Block("table", sheet=sheets[names[0]]) if names[0] in sheets else None
    if kind == "headlines":
        rows = tuple(row for row in sheets[names[0]].rows if row.is_headline) if names[0] in sheets else ()
        return Block("headlines", rows=rows) if rows else None
    if kind == "charts":
        drawn = tuple(charts[name] for name in names if name in charts)
        return Block("charts", charts=drawn) if drawn else None
    return Block(kind)


def _listed(facts: Mapping[str, object], name: str) -> tuple[object, ...]:
    entries = facts.get(name, ())
    return entries if isinstance(entries, tuple) else (entries,)


def row_keys(document: Document) -> dict[str, int]:
    """Give the number of the table that holds each row that has a key."""
    return {row.key: sheet.number for sheet in document.sheets for row in sheet.rows if row.key}


def references(text: str, keys: Mapping[str, int]) -> list[tuple[str, str]]:
    """Cut a text at its references to rows, such as ［矛盾 R001］: parts with the key that they lead to, or none."""
    import re

    if not keys:
        return [(text, "")]
    names = "|".join(map(re.escape, sorted(keys, key=len, reverse=True)))
    parts = re.split(rf"(［[^ ［］]+ (?:{names})］)", text)
    return [(part, part[1:-1].split(" ")[1] if place % 2 else "") for place, part in enumerate(parts) if part]


def without_charts(document: Document, head: str, reason: str) -> Document:
    """Give the document without its charts, which says at its top why it has none."""
    sections = [
        section._replace(blocks=tuple(block for block in section.blocks if block.kind != "charts"))
        for section in document.sections
    ]
    return document._replace(sections=tuple(sections), warnings=(*document.warnings, (head, reason)))


def doubts(sheets: tuple[Sheet, ...]) -> list[tuple[Note, list[Sheet]]]:
    """Give each marked note once, with the tables that have it."""
    found: dict[Note, list[Sheet]] = {}
    for sheet in sheets:
        for note in sheet.notes:
            if note.mark:
                found.setdefault(note, []).append(sheet)
    return list(found.items())
