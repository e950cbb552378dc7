"""Records of any survey: which column plays which part, keys as codes, the latest period and its base."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import XxmfgError
from ...grouping import Grouping
from ...records import Records, refuse_suppressed
from ...table import Table
from ..press import decimals_for

__all__ = ["Columns", "Options", "Survey", "survey_of", "text_of"]

_KEYS = ("region", "industry", "enterprise")
_SIGNIFICANT = 7  # digits of the total that are printed, with at most two decimals


class Columns(NamedTuple):
    """The names of the columns that the report is made from; `enterprise` may be absent."""

    value: str
    region: str
    industry: str
    period: str
    enterprise: str | None = None


class Options(NamedTuple):
    """How a report is made, and what it says of itself."""

    language: str = "zh"
    unit: str = ""  # of the values
    title: str = ""
    source: str = ""  # the file's name
    command: str = "xxmfg report --records"
    lag: int = 1  # periods between the latest one and its base
    name_leaders: bool = False
    published: bool = False  # the records are published figures: there is nothing to protect


class Survey(NamedTuple):
    """Records with the columns value, region, industry, period and, where there is one, enterprise; keys are codes."""

    columns: Columns
    options: Options
    records: Records
    labels: dict[str, list[str | None]]  # of regions and industries, by their codes; None where the key is missing
    enterprises: NDArray[Any] | None  # the labels of enterprises by their codes; records without one have codes beyond
    series: Table  # what `growth` says of each period, in their order
    latest: Records
    base: Records | None

    @property
    def entity(self) -> str | None:
        """Whose the records are: a column, or each its own."""
        return "enterprise" if self.columns.enterprise else None

    @property
    def period(self) -> Any:
        """The latest period."""
        return self.series["period"][-1]

    @property
    def base_period(self) -> Any:
        """The period that growth to the latest one counts from."""
        return self.period - self.options.lag

    @property
    def decimals(self) -> int:
        """With how many decimals a value is printed."""
        values = self.records["value"]
        total = float(self.series["value"][-1])
        return 0 if np.asarray(values).dtype.kind in "iub" else min(2, decimals_for(total, _SIGNIFICANT))

    def name_of(self, enterprise: int) -> str | None:
        """Give an enterprise's name by its code; None for a record that names none."""
        names = self.enterprises
        return (
            None
            if names is None or enterprise >= len(names)
            else text_of(names[enterprise : enterprise + 1].tolist()[0])
        )

    def n_named(self, part: str, chosen: NDArray[np.bool_]) -> int:
        """Give how many of the chosen regions or industries have a name: a missing one is none."""
        return sum(self.labels[part][code] is not None for code in np.flatnonzero(chosen).tolist())

    def of_both(self) -> Records:
        """Give the records of the latest period and of its base."""
        period = self.records["period"]
        both: Records = self.records[(period == self.period) | (period == self.base_period)]
        return both


def survey_of(records: Records, columns: Columns, options: Options) -> Survey:
    """Put records into the shape that a report is made from.

    Raises
    ------
    ColumnError
        If the records lack a column.
    DisclosureError
        If values are suppressed: the records are a protected table.
    XxmfgError
        If there is no record, two parts have the same column, no record has a period, or leaders shall be named but no
        column names enterprises.
    TypeError
        If values are not numbers, or periods neither integers nor dates.
    """
    parts = {part: name for part, name in columns._asdict().items() if name is not None}
    _check(records, parts, options)
    refuse_suppressed(records, columns.value, records[columns.value])
    taken: dict[str, Any] = {"value": records[columns.value], "period": records[columns.period]}
    labels: dict[str, Any] = {}
    for part in _KEYS:
        if part in parts:
            grouping = Grouping(records[parts[part]], missing="drop" if part == "enterprise" else "keep")
            taken[part], labels[part] = grouping.codes, grouping.labels[0]
    if "enterprise" in parts:
        taken["enterprise"] = _each_its_own(taken["enterprise"], len(labels["enterprise"]))
    coded = Records(taken)
    series = coded.growth("value", "period", lag=options.lag)
    series = _of_periods(series, columns.period)
    latest = coded[coded["period"] == series["period"][-1]]
    base = coded[coded["period"] == series["period"][-1] - options.lag]
    return Survey(
        columns,
        options,
        coded,
        {part: [text_of(label) for label in labels[part].tolist()] for part in ("region", "industry")},
        labels.get("enterprise"),
        series,
        latest,
        base if len(base) else None,
    )


def _each_its_own(codes: NDArray[Any], n: int) -> NDArray[np.int64]:
    """Give each record that is of none of the n enterprises a code of its own: it is an enterprise without a name."""
    nameless = np.flatnonzero(codes < 0)
    own = codes.astype(np.int64)
    own[nameless] = n + np.arange(len(nameless))
    return own


def _check(records: Records, parts: dict[str, str], options: Options) -> None:
    for part, name in parts.items():
        _ = records[name]  # an unknown column is an error that names the nearest one
        if list(parts.values()).count(name) > 1:
            raise XxmfgError(f"{part}: the column {name!r} is given for more than one part of the report")
    if not len(records):
        raise XxmfgError("there is no record to report on")
    if options.name_leaders and "enterprise" not in parts:
        raise XxmfgError("leaders can be named only where a column has the names: give enterprise (--enterprise)")


def _of_periods(series: Table, name: str) -> Table:
    """Leave out the row of records without a period, the last; periods are integers or dates."""
    there = series["status"] != "no period"
    if not there.any():
        raise XxmfgError(f"period: no record has an entry in the column {name!r}")
    columns = {column: series[column][there] for column in series}
    if columns["period"].dtype == object:  # integers beside a missing one
        columns["period"] = np.array(columns["period"].tolist(), dtype=np.int64)
    return Table(columns)


def text_of(label: Any) -> str | None:
    """Give a label as text; a missing one, which may be NaN or NaT, as None."""
    return None if label is None or label != label else str(label)  # noqa: PLR0124  (NaN alone differs from itself)
