"""The survey's document: its findings, facts, tables and charts, in the order of report.toml."""

from ..document import Document, Wording, assemble, load
from . import charts, overview
from .facts import facts_of
from .findings import find
from .survey import Survey

__all__ = ["survey_report"]

_TABLES = (overview.overview, overview.leaders, overview.branches, overview.layout)


def survey_report(survey: Survey) -> Document:
    """Compute the survey report."""
    found = find(survey)
    facts = facts_of(survey, found)
    description = load(__package__, "report.toml")
    say = Wording(description, facts)
    sheets = [table(survey, found, say) for table in _TABLES]
    drawn = [charts.enterprises_by_city(survey, found), charts.output_by_city(survey, found)]
    return assemble(
        description, facts, {str(sheet.number): sheet for sheet in sheets}, {str(one.number): one for one in drawn}
    )
