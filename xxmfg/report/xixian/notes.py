"""Which notes a table of the survey has: those whose reason is there, in the words of notes.toml."""

from decimal import Decimal

from ..document import Wording
from ..sheets import Note, Row
from .findings import Findings
from .survey import Survey

__all__ = ["misplaced", "order_of_leaders", "outside_the_cities", "rounding", "sum_of_counts", "unusual_digits"]


def sum_of_counts(found: Findings, say: Wording) -> tuple[Note, ...]:
    """Say that the counts of the cities do not add up to that of the whole, which rounding cannot explain."""
    return () if found.city_places == found.enterprises else (say.note("sum_of_counts"),)


def misplaced(survey: Survey, found: Findings) -> list[str]:
    """Give the enterprises, in the order of the report's sentence, whose place there is not their rank."""
    ranks = {leader.name: leader.rank for leader in found.leaders}
    return [name for place, name in enumerate(survey.leaders, start=1) if ranks.get(name, place) != place]


def order_of_leaders(survey: Survey, found: Findings, say: Wording) -> tuple[Note, ...]:
    """Ask about the printed order where the largest enterprises are not named from large to small."""
    return (say.note("order_of_leaders"),) if misplaced(survey, found) else ()


def outside_the_cities(found: Findings, say: Wording) -> tuple[Note, ...]:
    """Say what the cities' output lacks of the whole, and what the balance item is."""
    return (say.note("outside_the_cities"),) if found.unassigned.output else ()


def unusual_digits(say: Wording) -> tuple[Note, ...]:
    """List what the report prints for a city with fewer decimals than for the others."""
    return (say.note("unusual_digits"),) if say.facts["unusual"] else ()


def rounding(rows: tuple[Row, ...], places: tuple[int, ...], roles: tuple[str, ...], say: Wording) -> tuple[Note, ...]:
    """Warn where the printed parts of a column do not add up to its printed total, the last row."""
    for place in places:
        parts = [Decimal(row.cells[place].text) for row in rows if row.role in roles]
        if sum(parts) != Decimal(rows[-1].cells[place].text):
            return (say.note("rounding"),)
    return ()
