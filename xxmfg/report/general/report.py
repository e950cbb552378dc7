"""The document of any survey: each part made or said why not, in the order of its description."""

from collections.abc import Callable
from string import Formatter
from typing import Any

from ..document import Chart, Document, Wording, assemble, filled
from ..document import load as load_file
from ..press import Quantity
from ..sheets import ABSENT, Column, Sheet
from . import places, profile, size
from .disclosing import Protected, protected
from .parts import Part, Printer, Unmade
from .survey import Survey

__all__ = ["general_report"]

_PARTS: dict[str, Callable[[Survey, Protected, Printer], Part]] = {
    "overview": size.overview,
    "leaders": size.leaders,
    "layout": places.layout,
    "structure": places.structure,
    "growth": places.growth,
    "decomposition": places.decomposition,
    "concentration": size.concentration,
    "specialization": profile.specialization,
    "disclosure": profile.disclosure,
    "quality": profile.quality,
}
_WITHOUT_VALUES = {"disclosure", "quality"}  # parts that can be made where no value is there


def general_report(survey: Survey) -> Document:
    """Describe a survey: size, leaders, places, industries, growth, and what is suppressed."""
    description = load_file(__package__, f"{survey.options.language}.toml")
    facts = _facts(survey, description)
    protection = protected(survey)  # before anything is printed
    say = Wording(description, facts)
    printer = Printer(survey, description["word"] | _filled_words(description, facts), say.note("suppressed"))
    made, reasons = dict[str, Part](), dict[str, str]()
    for name, make in _PARTS.items():
        try:
            made[name] = _made(name, make, survey, protection, printer)
        except Unmade as unmade:
            reasons[name] = filled(description["reason"][unmade.name], facts | unmade.facts)
    for part in made.values():
        facts |= part.facts
    facts["reasons"] = reasons
    sheets = _sheets(description, made, say)
    charts = _charts(description, made, sheets, say)
    return assemble(description | {"text": _texts(description, made, facts)}, facts, sheets, charts)


def _made(
    name: str,
    make: Callable[[Survey, Protected, Printer], Part],
    survey: Survey,
    protection: Protected,
    printer: Printer,
) -> Part:
    if name not in _WITHOUT_VALUES and not survey.latest.aggregate("value", stats=["count"])["count"][0]:
        raise Unmade("all_missing")
    return make(survey, protection, printer)


def _facts(survey: Survey, description: dict[str, Any]) -> dict[str, Any]:
    options, columns = survey.options, survey.columns
    title = options.title or description["word"]["title"].format(columns.value)
    return {
        **columns._asdict(),
        "enterprise": columns.enterprise or description["word"]["record"],
        **description["of_reporters" if columns.enterprise else "of_records"],
        "columns": load_file("xxmfg.report", "words.toml")[options.language]["list_comma"].join(filter(None, columns)),
        "unit": options.unit,
        "of_unit": f" {options.unit}" if options.unit else "",
        "title": title,
        "source": options.source or description["word"]["records"],
        "command": options.command,
        "period": str(survey.period),
        "base_period": str(survey.base_period),
        "n_records": Quantity(len(survey.records), grouped=True),
        "n_periods": len(survey.series),
    }


def _texts(description: dict[str, Any], made: dict[str, Part], facts: dict[str, Any]) -> dict[str, str]:
    """Give the texts of the parts that are made, without the sentences that ask for what cannot be printed."""

    def can_be_said(sentence: str) -> bool:
        asked = (field for _, field, _, _ in Formatter().parse(sentence) if field)
        return all(str(facts[field]) != ABSENT.text for field in asked)

    between, texts = description["between_sentences"], description["text"]
    return {name: between.join(filter(can_be_said, said)) for name, said in texts.items() if name in made}


def _filled_words(description: dict[str, Any], facts: dict[str, Any]) -> dict[str, str]:
    return {name: filled(text, facts) for name, text in description["named"].items()}


def _order(description: dict[str, Any], kind: str) -> list[str]:
    """Give the keys of tables or charts in the order in which the sections have them."""
    lines = [line for section in description["section"] for line in section["blocks"]]
    return [key for line in lines for key in line.split()[1:] if line.startswith(f"{kind} ")]


def _sheets(description: dict[str, Any], made: dict[str, Part], say: Wording) -> dict[str, Sheet]:
    words = load_file("xxmfg.report", "words.toml")[description["language"]]
    rows = {key: table for part in made.values() for key, table in part.tables.items()}
    notes = {key: names for part in made.values() for key, names in part.notes.items()}
    sheets = dict[str, Sheet]()
    for key in _order(description, "table"):
        if key in rows:
            entry, place = description["table"][key], len(sheets) + 1
            heads = [[filled(text, say.facts) for text in head] for head in entry["columns"]]
            columns = [Column(head[0], "".join(head[1:]), len(head) > 1) for head in heads]
            marked = dict.fromkeys(note for row in rows[key] for cell in row.cells for note in cell.notes)
            sheets[key] = Sheet(
                place,
                words["table"].format(place),
                filled(entry["title"], say.facts),
                "",
                tuple(columns[: len(rows[key][0].cells)]),
                tuple(rows[key]),
                (*marked, *(say.note(name) for name in notes.get(key, ()))),
                filled(description["source"], say.facts),
            )
    return sheets


def _charts(
    description: dict[str, Any], made: dict[str, Part], sheets: dict[str, Sheet], say: Wording
) -> dict[str, Chart]:
    words = load_file("xxmfg.report", "words.toml")[description["language"]]
    drawn = {key: one for part in made.values() for key, one in part.charts.items()}
    charts = dict[str, Chart]()
    for key in _order(description, "charts"):
        if key in drawn:
            chart, table, place = drawn[key].chart, sheets[drawn[key].table], len(charts) + 1
            entry = description["chart"][key]
            charts[key] = chart._replace(
                number=place,
                name=words["figure"].format(place),
                title=filled(entry["title"], say.facts),
                description=filled(entry["said"], say.facts) + chart.description,
                table=table.number,
                note=table.source,
            )
    return charts
