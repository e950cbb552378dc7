"""What the records say: the numbers of the report, each computed once by a measure of the package."""

from typing import Any, NamedTuple

from ...aggregate import aggregate, distinct, ratio
from ...share import share
from ...table import Table
from .survey import BALANCE, UNASSIGNED, Survey

__all__ = ["Findings", "Leader", "Part", "find"]


class Part(NamedTuple):
    """Output in 万元 and its share of the total."""

    output: float
    share: float


NOTHING = Part(0.0, 0.0)


class Leader(NamedTuple):
    """An enterprise in the ranking; output in 万元."""

    rank: int
    name: str
    output: float
    share: float
    cumulative_share: float


class Findings(NamedTuple):
    """Numbers of the survey's year, outputs in 万元; the balance item is in every total, in no count and no ranking."""

    enterprises: int
    establishments: int
    industries: int
    output: float
    base: float  # the output of the year before
    rate: float
    gross: float  # the industrial output of the new area: what the quoted share makes of the output
    leaders: tuple[Leader, ...]
    branches: dict[str, Part]
    branch_categories: dict[str, str]  # codes
    listed: Part  # the branches whose output the report prints
    rest: Part  # the others, and the balance item
    unlisted: Part  # the others alone
    unassigned: Part  # the balance item
    cities: dict[str, Part]
    in_cities: Part  # all of them
    city_counts: dict[str, int]
    city_places: int  # the counts added up: an enterprise in two cities counts twice
    city_means: dict[str, float]  # output per enterprise
    mean: float


def find(survey: Survey) -> Findings:
    """Compute the numbers that the tables, charts and sentences show."""
    current, units = survey.current(), survey.establishments()
    output, city, branch = current["output"], current["new_city"], current["branch"]
    is_left = [kind == BALANCE for kind in current["record_type"].tolist()]
    is_listed = [name in survey.branches for name in branch.tolist()]
    total = _only(aggregate(output, stats=("sum",)), "sum")
    growth = survey.records.growth("output", period="year")
    now = growth["year"].tolist().index(survey.year)
    counts = _by_label(aggregate(units["enterprise"], by=units["new_city"], stats=("n_unique",)), "n_unique")
    enterprises = _only(aggregate(units["enterprise"], stats=("n_unique",)), "n_unique")
    means = _by_label(ratio(units["output"], distinct(units["enterprise"]), by=units["new_city"]), "ratio")
    by_kind, by_listing, by_place = _parts(output, is_left), _parts(output, is_listed), _parts(output, city)
    top = current.top("output", int(survey.figures["F015"].value), label="name", entity="enterprise")
    columns = (top[name].tolist() for name in ("rank", "name", "value", "share", "cumulative_share"))
    unlisted = [not (left or listed) for left, listed in zip(is_left, is_listed, strict=True)]
    return Findings(
        enterprises=int(enterprises),
        establishments=len(units),
        industries=int(_only(aggregate(units["category"], stats=("n_unique",)), "n_unique")),
        output=total,
        base=growth["base"].tolist()[now],
        rate=growth["rate"].tolist()[now],
        gross=_only(ratio([total], [float(survey.figures["F013"].value) / 100]), "ratio"),
        leaders=tuple(Leader(*row) for row in zip(*columns, strict=True)),
        branches=_parts(output, branch),
        branch_categories=dict(zip(branch.tolist(), current["category"].tolist(), strict=True)),
        listed=by_listing[True],
        rest=by_listing[False],
        unlisted=_parts(output, unlisted).get(True, NOTHING),
        unassigned=by_kind.get(True, NOTHING),
        cities={name: by_place[name] for name in (*survey.cities, UNASSIGNED) if name in by_place},
        in_cities=by_kind[False],
        city_counts={name: int(counts[name]) for name in survey.cities},
        city_places=int(_only(aggregate([counts[name] for name in survey.cities], stats=("sum",)), "sum")),
        city_means={name: means[name] for name in survey.cities},
        mean=_only(ratio([total], [enterprises]), "ratio"),
    )


def _parts(output: Any, by: Any) -> dict[Any, Part]:
    """Give the output and the share of each label."""
    table = share(output, by={"label": by})
    columns = (table[name].tolist() for name in ("label", "sum", "share"))
    return {label: Part(*part) for label, *part in zip(*columns, strict=True)}


def _by_label(table: Table, name: str) -> dict[str, float]:
    """Give a column by the labels of the first one."""
    return dict(zip(table[table.columns[0]].tolist(), table[name].tolist(), strict=True))


def _only(table: Table, name: str) -> float:
    """Give the entry of a table of one row."""
    (value,) = table[name].tolist()
    return float(value)
