"""The survey's document: its findings, facts, tables and charts, in the order of report.toml."""

from typing import Any

from ..document import Document, Wording, assemble, load
from . import areas, charts, checks, concentration, disclosure, models, nation, overview, standing, targets
from .facts import facts_of
from .findings import find
from .index import index
from .survey import Survey

__all__ = ["described", "survey_report"]


def described() -> dict[str, Any]:
    """Give the description of the survey report: its sections and sentences, and the notes of its tables."""
    return {name: part for file in ("report.toml", "notes.toml") for name, part in load(__package__, file).items()}


def survey_report(survey: Survey) -> Document:
    """Compute the survey report."""
    found = find(survey)
    facts = facts_of(survey, found)
    for chapter in (areas, nation, models, standing):
        facts |= chapter.facts(survey)
    audit = checks.audited(survey)
    doubts = checks.doubts_of(survey, audit)
    facts |= checks.facts(audit)
    facts |= concentration.facts(survey, found) | disclosure.facts(survey, found) | targets.facts(survey, found)
    description = described()
    said = checks.mark_facts(facts, survey, found, doubts)
    say = Wording(description, facts, said)
    sheets = [*overview.sheets(survey, found, say)]
    for chapter in (areas, nation, models, standing):
        sheets += chapter.sheets(survey, say)
    sheets += [
        *concentration.sheets(survey, found, say),
        *disclosure.sheets(survey, found, say),
        *targets.sheets(survey, found, say),
    ]
    sheets += [index(survey, sheets, say), checks.table(survey, audit, say)]
    sheets = checks.mark_sheets(sheets, doubts)
    drawn = checks.mark_charts(charts.charts(survey, found, say, audit), doubts)
    return assemble(
        description, said, {str(sheet.number): sheet for sheet in sheets}, {str(one.number): one for one in drawn}
    )
