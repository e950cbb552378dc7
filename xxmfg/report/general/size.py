"""How much there is, how it grew, who leads: the parts 概况 and 龙头."""

from typing import TYPE_CHECKING

import numpy as np

from ... import charts as drawn
from ...charts._bars import bar_size
from ...records import Records
from ...table import Table
from ..document import Chart
from ..press import Quantity
from ..sheets import ABSENT, BLANK, Cell, Row, number
from .disclosing import DOMINANCE, MIN_COUNT, Protected, may_print
from .parts import Drawn, Part, Printer, Unmade
from .survey import Survey

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["concentration", "leaders", "n_contributors", "overview"]

_GROUPS = (4, 8, 20, 50, 100)  # the largest enterprises, counted together
_NAMED = 20
_PERIODS = 8  # of the chart


def n_contributors(survey: Survey, records: Records) -> int:
    """Give how many enterprises have a value; without a column of them, how many records have one."""
    counts = records.aggregate("value", survey.entity, ["count"])["count"]
    return int(np.count_nonzero(counts) if survey.entity else counts[0])


def overview(survey: Survey, protection: Protected, printer: Printer) -> Part:
    """Give the totals, period by period."""
    words, series, unit = printer.words, survey.series, survey.options.unit
    n, total = n_contributors(survey, survey.latest), float(series["value"][-1])
    rows = [
        Row((Cell(words["reporters"]), printer.count(n), BLANK)).as_headline(),
        Row((Cell(words["total"]), printer.amount(total, shown=protection.total), Cell(unit))),
        Row((Cell(words["mean"]), printer.mean(total / n if n else np.nan, shown=protection.total), Cell(unit))),
        Row((Cell(words["regions"]), printer.count(survey.n_named("region", protection.occurring["region"])), BLANK)),
        Row(
            (
                Cell(words["industries"]),
                printer.count(survey.n_named("industry", protection.occurring["industry"])),
                BLANK,
            )
        ),
    ]
    rows[1] = rows[1].as_headline()
    shown = protection.total and protection.base_total
    if survey.base is not None:
        rate = printer.share(float(series["rate"][-1]), shown=shown)
        rows.append(Row((Cell(words["rate"]), rate, Cell("%"))).as_headline())
    periods, drawings = _periods(survey, protection, printer)
    facts = {
        "n_enterprises": Quantity(n, grouped=True),
        "total": printer.quantity(total) if protection.total else ABSENT.text,
    }
    return Part(facts, {"overview": rows, "periods": periods}, {}, drawings)


def _periods(survey: Survey, protection: Protected, printer: Printer) -> tuple[list[Row], dict[str, Drawn]]:
    """Give a row a period, and the chart of those that may be printed."""
    series, rows, labels, values = survey.series, list[Row](), list[str](), list[float]()
    shown = dict[object, bool]()
    for place, period in enumerate(series["period"]):
        part = survey.records[survey.records["period"] == period]
        shown[period] = protection.total if place + 1 == len(series) else may_print(survey, part)
        may, earlier = shown[period], shown.get(period - survey.options.lag, True)
        cells = (printer.count(len(part)), printer.count(n_contributors(survey, part)))
        value = printer.amount(series["value"][place], shown=may)
        rows.append(
            Row((Cell(str(period)), *cells, value, printer.share(series["rate"][place], shown=may and earlier)))
        )
        labels.append(str(period))
        values.append(float(series["value"][place]) if may else np.nan)
    if len(series) < 2:
        return rows, {}
    texts = [row.cells[3].text for row in rows[-_PERIODS:]]
    rates = [np.nan if row.cells[4].value is None else row.cells[4].value / 100 for row in rows[-_PERIODS:]]
    table = Table(
        {"period": labels[-_PERIODS:], "value": values[-_PERIODS:], "rate": rates},
        units={"value": survey.options.unit},
    )

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return drawn.growth(table, texts=texts, title=title, note=note, ax=ax)

    said = "，".join(f"{label} {text}" for label, text in zip(labels[-_PERIODS:], texts, strict=True))
    chart = Chart(0, "", "periods", said, draw, 0, size=bar_size(labels[-_PERIODS:], texts))
    return rows, {"periods": Drawn(chart, "periods")}


def leaders(survey: Survey, protection: Protected, printer: Printer) -> Part:
    """Give the largest enterprises: by name where that was asked for, else so many of them together."""
    if not protection.total:
        raise Unmade("total")
    n = n_contributors(survey, survey.latest)
    if survey.options.name_leaders:
        found = survey.latest.top("value", _NAMED, entity="enterprise")
        rows = []
        for place, code in enumerate(found["enterprise"].tolist()):
            name = survey.name_of(code) or printer.words["missing_label"]
            shares = (printer.share(found[name][place]) for name in ("share", "cumulative_share"))
            rank, value = printer.count(found["rank"][place]), printer.amount(found["value"][place])
            rows.append(Row((rank, Cell(name), value, *shares)))
        return Part({"n_leaders": len(rows)}, {"named": rows}, {"named": ("named",)}, {})
    table = survey.latest.concentration("value", entity=survey.entity, ranks=(1, *_GROUPS))
    members = int(table["n"][0])
    rows = [
        _together(printer, table, k, may=may_print_ratio(table, 0, k, members, survey)) for k in _GROUPS if k < members
    ]
    if not rows:
        raise Unmade("few_enterprises", n_enterprises=n)
    return Part({"n_leaders": len(rows)}, {"leaders": rows}, {"leaders": ("unnamed",)}, {})


def _together(printer: Printer, table: Table, k: int, *, may: bool) -> Row:
    share = float(table[f"cr{k}"][0])
    value = printer.amount(share * float(table["total"][0]), shown=may)
    return Row((Cell(printer.words["largest"].format(k)), value, printer.share(share, shown=may)))


def may_print_ratio(table: Table, row: int, k: int, members: int, survey: Survey) -> bool:
    """Tell whether the share of the k largest gives away neither the largest of them nor the few that are left."""
    largest = float(table["cr1"][row]) / float(table[f"cr{k}"][row])
    is_safe = (members <= k or members - k >= MIN_COUNT) and min(k, members) >= MIN_COUNT and largest < DOMINANCE[1]
    return survey.options.published or is_safe


def concentration(survey: Survey, protection: Protected, printer: Printer) -> Part:
    """Give how much lies with the largest enterprises, on the whole and in each industry."""
    if not protection.total:
        raise Unmade("total")
    whole = survey.latest.concentration("value", entity=survey.entity)
    inside = survey.latest.concentration("value", by="industry", entity=survey.entity)
    if not float(whole["total"][0]) > 0 or np.isnan(whole["herfindahl"][0]):
        raise Unmade("not_positive")

    def row(name: str, table: Table, at: int, *, shown: bool, role: str) -> Row:
        members = int(table["n"][at])
        ratios = [
            printer.share(table[f"cr{k}"][at], shown=shown and may_print_ratio(table, at, k, members, survey))
            for k in (4, 8)
        ]
        index = printer.index(table["herfindahl"][at], shown=shown)
        effective = number(float(table["effective_number"][at]), 1, grouped=True) if shown else index
        return Row((Cell(name), printer.count(members), *ratios, index, effective), role)

    codes = inside["industry"].tolist()
    rows = [
        row(printer.label("industry", code), inside, at, shown=bool(protection.industry[code]), role="part")
        for at, code in enumerate(codes)
    ]
    rows.append(row(printer.words["whole"], whole, 0, shown=True, role="total"))
    facts = {"herfindahl": rows[-1].cells[4].text, "effective": rows[-1].cells[5].text, "cr4": rows[-1].cells[2].text}
    return Part(facts, {"concentration": rows}, {"concentration": ("concentration",)}, {})
