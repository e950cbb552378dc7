"""Where the value lies, in which industries, and how they grew: the parts 布局, 结构, 增长 and 增长的分解."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ... import charts as drawn
from ...charts._bars import bar_size, share_size
from ...charts._style import labels_of
from ...table import Table
from ..document import Chart
from ..sheets import ABSENT, WHOLE, Cell, Row
from .disclosing import Protected, taken_apart
from .parts import Drawn, Part, Printer, Unmade, share_or_dash
from .size import n_contributors
from .survey import Survey

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["decomposition", "growth", "layout", "structure"]

_ROWS = 100  # of a table on the page
_BARS = 10


def layout(survey: Survey, protection: Protected, printer: Printer) -> Part:
    """Give each region's enterprises, value and share."""
    return _parts_of(survey, protection, printer, "region", "layout", protection.region)


def structure(survey: Survey, protection: Protected, printer: Printer) -> Part:
    """Give each industry's enterprises, value and share."""
    return _parts_of(survey, protection, printer, "industry", "structure", protection.industry)


def _parts_of(
    survey: Survey, protection: Protected, printer: Printer, key: str, name: str, shown: NDArray[np.bool_]
) -> Part:
    """Give a table with a row a label, the largest printed value first, the suppressed ones last by their names."""
    if not protection.total:
        raise Unmade("total")
    shares = survey.latest.share("value", key)
    counts = _counts(survey, key)
    codes = shares[key]
    may = shown[codes]
    order = np.lexsort((codes, -np.nan_to_num(shares["sum"]) * may, ~may)).tolist()
    rows = [_row(printer, key, int(codes[at]), counts, float(shares["sum"][at]), float(shares["share"][at]),
                 may=bool(shown[codes[at]])) for at in order[:_ROWS]]  # fmt: skip
    total, n = float(survey.series["value"][-1]), n_contributors(survey, survey.latest)
    mean = printer.mean(total / n if n else np.nan)
    rows.append(Row((Cell(printer.words["whole"]), printer.count(n), printer.amount(total), WHOLE, mean), "total"))
    first = _first_named(survey, key, codes, order, shown)
    facts = {
        f"first_{key}": ABSENT.text if first is None else printer.label(key, int(codes[first])),
        f"first_{key}_share": ABSENT.text if first is None else printer.percent(float(shares["share"][first])),
        f"n_{key}": survey.n_named(key, protection.occurring[key]),
    }
    notes = [*(["rows"] if len(order) > _ROWS else []), *(["several"] if survey.entity else [])]
    chart = _share_chart(printer, key, codes[order], shares["share"][order], shown)
    return Part(facts, {name: rows}, {name: tuple(notes)}, {name: Drawn(chart, name)} if chart else {})


def _first_named(
    survey: Survey, key: str, codes: NDArray[np.int64], order: list[int], shown: NDArray[np.bool_]
) -> int | None:
    """Give the first place that is printed and has a name; None if there is none."""
    names = survey.labels[key]
    return next((at for at in order if shown[codes[at]] and names[codes[at]] is not None), None)


def _counts(survey: Survey, key: str) -> dict[int, int]:
    """Give the enterprises (or records) of each label that have a value there."""
    found = survey.latest.aggregate("value", [key, survey.entity] if survey.entity else key, ["count"])
    weights = found["count"] > 0 if survey.entity else found["count"]
    return dict(enumerate(np.bincount(found[key], weights).astype(int).tolist()))


def _row(
    printer: Printer, key: str, code: int, counts: dict[int, int], value: float, share: float, *, may: bool
) -> Row:
    n = counts[code]
    mean = printer.mean(value / n if n else np.nan, shown=may)
    return Row((Cell(printer.label(key, code)), printer.count(n), printer.amount(value, shown=may),
                printer.share(share, shown=may), mean))  # fmt: skip


def _share_chart(
    printer: Printer, key: str, codes: NDArray[np.int64], shares: NDArray[np.float64], shown: NDArray[np.bool_]
) -> Chart | None:
    """Draw the largest printed shares and what is left as one; nothing where a share is no part of a whole."""
    kept = [at for at in range(len(codes)) if shown[codes[at]]][:_BARS]
    labels = [printer.label(key, int(codes[at])) for at in kept]
    values = [float(shares[at]) for at in kept]
    rest = 1 - sum(values)
    if not kept or not all(0 <= value <= 1 for value in values) or rest < -1e-9:
        return None
    others = printer.words["others"].format(len(codes) - len(kept))
    if len(kept) < len(codes):
        labels.append(others)
        values.append(min(max(rest, 0.0), 1.0))
    texts = [share_or_dash(value) for value in values]
    table = Table({"label": labels, "share": values}, percent=["share"])

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return drawn.share(table, "label", texts=texts, rest=others, title=title, note=note, ax=ax)

    said = "，".join(f"{label} {text}" for label, text in zip(labels, texts, strict=True))
    return Chart(0, "", key, said, draw, 0, size=share_size(labels_of(table["label"])))


def growth(survey: Survey, protection: Protected, printer: Printer) -> Part:
    """Give each region's and each industry's growth, and what of it is whose."""
    _require_base(survey, protection)
    both, lag = survey.of_both(), survey.options.lag
    tables, order = {}, {}
    for key, now, then in (
        ("region", protection.region, protection.base_region),
        ("industry", protection.industry, protection.base_industry),
    ):
        found = both.growth("value", "period", key, lag)
        at = np.flatnonzero(found["period"] == survey.period)
        may = (now & then)[found[key][at]]
        order[key] = [int(at[i]) for i in np.lexsort((-np.nan_to_num(found["change"][at]) * may, ~may))]
        tables[key] = found, now & then
    rows = {}
    for key, (found, shown) in tables.items():
        rows[f"growth_{key}"] = [
            _growth_row(printer, key, found, at, may=bool(shown[found[key][at]])) for at in order[key][:_ROWS]
        ]
        rows[f"growth_{key}"].append(_growth_total(survey, printer))
    notes = {f"growth_{key}": ("pull",) for key in tables}
    parts = _shifts(survey)
    if parts is not None:
        # The parts of a region's change are made of its cells in the base, and of how all industries grew.
        found, shown = tables["region"]
        made_of_printed = shown & protection.whole["base"] & tables["industry"][1].all()
        rows["shifts"] = [
            _shift_row(printer, found, at, parts, (shown, made_of_printed)) for at in order["region"][:_ROWS]
        ]
        change = printer.amount(survey.series["change"][-1])
        nothing = printer.amount(0.0)
        rows["shifts"].append(Row((Cell(printer.words["whole"]), change, change, nothing, nothing), "total"))
        notes["shifts"] = ("shifts",)
    rate = float(survey.series["rate"][-1])
    facts = {
        "grown": ABSENT.text if rate < 0 else printer.percent(rate),
        "fallen": printer.percent(-rate) if rate < 0 else ABSENT.text,
        "base_period": str(survey.base_period),
    }
    for key, (found, shown) in tables.items():
        first = _first_named(survey, key, found[key], order[key], shown)
        pulls = first is not None and found["pull"][first] > 0
        facts[f"most_{key}"] = printer.label(key, int(found[key][first])) if pulls else ABSENT.text
        facts[f"most_{key}_pull"] = printer.percent(float(found["pull"][first])) if pulls else ABSENT.text
    chart = _pulls(printer, *tables["region"], order["region"])
    return Part(facts, rows, notes, {"growth": Drawn(chart, "growth_region")} if chart else {})


def _require_base(survey: Survey, protection: Protected) -> None:
    if survey.base is None:
        raise Unmade("no_base", period=survey.period, lag=survey.options.lag)
    if not (protection.total and protection.base_total):
        raise Unmade("total")


def _shifts(survey: Survey) -> dict[int, tuple[float, float, float]] | None:
    """Give the national, structural and competitive part of each region's change; none where a sum is negative."""
    both = survey.of_both()
    sums = both.aggregate("value", ["region", "industry", "period"], ["sum"])["sum"]
    if (np.asarray(sums) < 0).any():
        return None
    found = both.shift_share("value", "region", "industry", "period", survey.base_period, survey.period)
    parts: dict[int, tuple[float, float, float]] = {}
    for region in np.unique(found["region"]).tolist():
        own = found["region"] == region
        national, mix, competitive = (float(np.nansum(found[name][own])) for name in ("national", "mix", "competitive"))
        # An industry that the whole area had not in the base has no growth to compare with: it is the region's own.
        fresh = float(np.nansum(found["change"][own & np.isnan(found["mix"])]))
        parts[region] = (
            national,
            mix,
            competitive + (fresh - float(np.nansum(found["national"][own & np.isnan(found["mix"])]))),
        )
    return parts


def _growth_row(printer: Printer, key: str, found: Table, at: int, *, may: bool) -> Row:
    code = int(found[key][at])
    amounts = [printer.amount(found[name][at], shown=may) for name in ("base", "value", "change")]
    shares = [printer.share(found[name][at], shown=may) for name in ("rate", "contribution", "pull")]
    return Row((Cell(printer.label(key, code)), *amounts, *shares))


def _shift_row(
    printer: Printer,
    found: Table,
    at: int,
    parts: dict[int, tuple[float, float, float]],
    may: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> Row:
    """Give a region's change and its parts, each where it may be printed."""
    code = int(found["region"][at])
    change, own = (bool(of[code]) for of in may)
    amounts = (printer.amount(value, shown=own) for value in parts[code])
    return Row((Cell(printer.label("region", code)), printer.amount(found["change"][at], shown=change), *amounts))


def _growth_total(survey: Survey, printer: Printer) -> Row:
    last = {name: survey.series[name][-1] for name in ("base", "value", "change", "rate")}
    cells = [printer.amount(last[name]) for name in ("base", "value", "change")]
    shares = [printer.share(last["rate"]), WHOLE, printer.share(last["rate"])]
    return Row((Cell(printer.words["whole"]), *cells, *shares), "total")


def _pulls(printer: Printer, found: Table, shown: NDArray[np.bool_], order: list[int]) -> Chart | None:
    """Draw the pull of the regions with the largest and the smallest one."""
    kept = [at for at in order if shown[found["region"][at]] and not np.isnan(found["pull"][at])]
    kept = kept if len(kept) <= 7 else [*kept[:4], *kept[-3:]]
    if not kept:
        return None
    labels = [printer.label("region", int(found["region"][at])) for at in kept]
    values = [float(found["pull"][at]) for at in kept]
    texts = [printer.share(value).text for value in values]
    table = Table({"label": labels, "pull": [100 * value for value in values]}, units={"pull": printer.words["points"]})

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return drawn.bar(table, "label", "pull", texts=texts, title=title, note=note, ax=ax)

    said = "，".join(f"{label} {text}" for label, text in zip(labels, texts, strict=True))
    return Chart(0, "", "growth", said, draw, 0, size=bar_size(labels, texts))


def decomposition(survey: Survey, protection: Protected, printer: Printer) -> Part:
    """Give what continuing, entering and exiting enterprises made of the growth to each period."""
    if survey.entity is None:
        raise Unmade("no_enterprise")
    _require_base(survey, protection)
    rows, lag, period, left_out = list[Row](), survey.options.lag, survey.records["period"], 0
    there = set(survey.series["period"].tolist())
    for at in survey.series["period"]:
        if (at - lag) not in there and (at - lag).tolist() not in there:
            continue
        now, base = survey.records[period == at], survey.records[period == at - lag]
        may = taken_apart(survey, now, base)
        both = survey.records[(period == at) | (period == at - lag)]
        found = both.decompose_growth("value", "enterprise", "period", lag=lag)
        (row,) = np.flatnonzero(found["period"] == at)
        parts = (found[name][row] for name in ("continuing", "entry", "exit", "matched_rate"))
        cells = [printer.share(part, shown=may.parts) for part in parts]
        counts = [*(int(found[name][row]) for name in ("n_continuing", "n_entry", "n_exit")), may.n_left_out]
        rate = printer.share(found["rate"][row], shown=may.rate)
        rows.append(Row((Cell(str(at)), rate, *cells, *map(printer.count, counts))))
        left_out += may.n_left_out
    names = ("rate", "continuing", "entry", "exit", "matched", "n_continuing", "n_entry", "n_exit", "n_left_out")
    facts = {f"last_{name}": cell.text for name, cell in zip(names, rows[-1].cells[1:], strict=True)}
    notes = ("decomposition", "left_out") if left_out else ("decomposition",)
    return Part(facts, {"decomposition": rows}, {"decomposition": notes}, {})
