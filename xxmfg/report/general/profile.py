"""What each region is specialized in, what was suppressed, and what the records lack: 专业化, 披露检查, 数据质量."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ... import charts as drawn
from ...charts._grid import heat_map_size
from ...table import Table
from ..document import Chart
from ..press import Quantity, press
from ..sheets import ABSENT, Cell, Row
from .disclosing import MOST_CELLS, Protected
from .parts import Drawn, Part, Printer, Unmade
from .survey import Survey

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["disclosure", "quality", "specialization"]

_ROWS = 100
_SIDE = 8  # regions and industries of the heat map
_BOUNDS = (0.5, 0.8, 1.25, 2.0)  # of its shades, each as far from 1 as its counterpart: 1 ÷ 0.8 = 1.25


def specialization(survey: Survey, protection: Protected, printer: Printer) -> Part:
    """Give how far each region's industries differ from the whole's, and where each industry gathers."""
    if not protection.total:
        raise Unmade("total")
    latest, keys = survey.latest, ("value", "region", "industry")
    sums = latest.aggregate("value", ["region", "industry"], ["sum"])
    if len(np.unique(sums["region"])) < 2:
        raise Unmade("one_region", region=printer.label("region", int(sums["region"][0])))
    if len(np.unique(sums["industry"])) < 2:
        raise Unmade("one_industry", industry=printer.label("industry", int(sums["industry"][0])))
    if not (np.asarray(sums["sum"]) >= 0).all() or not float(survey.series["value"][-1]) > 0:
        raise Unmade("not_positive")
    found, alike = latest.specialization(*keys), latest.mean_similarity(*keys)
    quotients = _quotients(survey, protection)
    rows = [
        _region_row(printer, (found, alike), at, quotients, protection.whole["region"])
        for at in range(min(len(found), _ROWS))
    ]
    where = latest.localization(*keys)
    gathered = [
        Row((Cell(printer.label("industry", int(where["industry"][at]))),
             *(printer.index(where[name][at], shown=bool(protection.whole["industry"][where["industry"][at]]))
               for name in ("hoover_gini", "hoover", "herfindahl"))))
        for at in range(min(len(where), _ROWS))
    ]  # fmt: skip
    chart = _heat_map(survey, protection, printer, quotients)
    named = (survey.labels["region"][int(code)] is not None for code in found["region"])
    most = [row for row, is_named in zip(rows, named, strict=False) if is_named and row.cells[1].value is not None]
    top = max(most, key=lambda row: row.cells[1].value or 0.0) if most else None
    facts = {
        "most_special": top.cells[0].text if top else ABSENT.text,
        "krugman": top.cells[1].text if top else ABSENT.text,
    }
    notes = {"specialization": ("specialization",), "localization": ("localization",)}
    tables = {"specialization": rows, "localization": gathered}
    return Part(facts, tables, notes, {"quotients": Drawn(chart, "specialization")} if chart else {})


def _quotients(survey: Survey, protection: Protected) -> NDArray[np.float64]:
    """Give the location quotients that may be printed, regions × industries; NaN for the others."""
    found = survey.latest.location_quotient("value", "region", "industry")
    quotients = np.full(protection.cells.shape, np.nan)
    quotients[found["region"], found["industry"]] = found["lq"]
    return np.where(protection.cells, quotients, np.nan)


def _region_row(
    printer: Printer, tables: tuple[Table, Table], at: int, quotients: NDArray[np.float64], whole: NDArray[np.bool_]
) -> Row:
    """Give a region's indices where all its cells are printed, and of all regions for how like others it is."""
    found, alike = tables
    code = int(found["region"][at])
    own = quotients[code]
    first = int(np.argmax(np.nan_to_num(own))) if np.nanmax(np.r_[own, 0.0]) > 0 else None
    named = ABSENT if first is None else Cell(printer.label("industry", first))
    largest = ABSENT if first is None else printer.index(own[first])
    (similar,) = np.flatnonzero(alike["region"] == code)
    own_indices = (printer.index(found[name][at], shown=bool(whole[code])) for name in ("krugman", "herfindahl"))
    cosine = printer.index(alike["cosine"][similar], shown=bool(whole.all()))
    return Row((Cell(printer.label("region", code)), *own_indices, cosine, named, largest))


def _heat_map(survey: Survey, protection: Protected, printer: Printer, quotients: NDArray[np.float64]) -> Chart | None:
    """Draw the quotients of the largest regions and industries of which some are printed, 0.8 to 1.25 in the middle."""
    chosen, is_printed = [], np.isfinite(quotients)
    for part, shown in (
        ("region", protection.region & is_printed.any(axis=1)),
        ("industry", protection.industry & is_printed.any(axis=0)),
    ):
        shares = survey.latest.share("value", part)
        kept = [
            (float(value), int(code)) for code, value in zip(shares[part], shares["sum"], strict=True) if shown[code]
        ]
        chosen.append([code for _, code in sorted(kept, key=lambda pair: -pair[0])[:_SIDE]])
    cells = [(region, industry) for region in chosen[0] for industry in chosen[1]]
    values = [float(quotients[cell]) for cell in cells]
    if not np.isfinite(values).any():
        return None
    table = Table({
        "region": [printer.label("region", region) for region, _ in cells],
        "industry": [printer.label("industry", industry) for _, industry in cells],
        "lq": values,
    })  # fmt: skip
    texts = ["" if np.isnan(value) else press(value, 2) for value in values]

    def draw(ax: "Axes", title: str, note: str) -> "Axes":
        return drawn.heat_map(
            table, "region", "industry", "lq", bounds=_BOUNDS, texts=texts, title=title, note=note, ax=ax
        )

    named = zip(table["region"].tolist(), table["industry"].tolist(), texts, strict=True)
    said = "；".join(f"{region} {industry} {text}" for region, industry, text in named if text)
    rows, columns, _ = table.pivot("region", "industry", "lq")
    return Chart(0, "", "quotients", said, draw, 0, size=heat_map_size(rows, columns, texts))


def disclosure(survey: Survey, protection: Protected, printer: Printer) -> Part:
    """Give how many cells of each table were checked, struck and suppressed."""
    if survey.options.published:
        raise Unmade("published")
    rows = []
    shown = {"region": protection.region, "industry": protection.industry, "cells": protection.cells}
    for name, there in protection.occurring.items():
        printed = int((there & shown[name]).sum())
        struck, n = protection.struck[name], int(there.sum())
        rows.append(
            Row((Cell(printer.words[f"cells_{name}"]), *map(printer.count, (n, printed, struck, n - printed - struck))))
        )
    size = Quantity(protection.cells.size)
    why = protection.withheld
    facts: dict[str, object] = {"n_struck": sum(protection.struck.values()), "most_cells": Quantity(MOST_CELLS)}
    facts |= {f"n_{name}": size if why == name else ABSENT.text for name in ("refused", "large")}
    facts |= {"n_attacked": ABSENT.text if why else size}
    return Part(facts, {"disclosure": rows}, {"disclosure": ("rules",)}, {})


def quality(survey: Survey, protection: Protected, printer: Printer) -> Part:
    """Give what the records lack and what in them is unusual."""
    records, words, rows = survey.records, printer.words, list[Row]()
    n = len(records)
    described = records.aggregate("value", stats=["count", "missing"])
    counts = {"records": n, "no_value": int(described["missing"][0])}
    period = records["period"]
    with_period = sum(int(np.ma.filled(period == one, False).sum()) for one in survey.series["period"])
    counts["no_period"] = n - with_period
    for part in ("region", "industry"):
        lacking = [code for code, label in enumerate(survey.labels[part]) if label is None]
        counts[f"no_{part}"] = int(np.isin(records[part], lacking).sum())
    if survey.enterprises is not None:
        counts["no_enterprise"] = int((records["enterprise"] >= len(survey.enterprises)).sum())
    values = np.ma.asarray(records["value"])
    counts["zero"], counts["negative"] = int((values == 0).sum() or 0), int((values < 0).sum() or 0)
    if survey.entity:
        counts["repeated"] = _repeated(survey)
    rows = [
        Row((Cell(words[f"quality_{name}"]), printer.count(count), printer.share(count / n)))
        for name, count in counts.items()
    ]
    facts = {
        name: Quantity(count, grouped=True) for name, count in (("n_records", n), ("n_missing", counts["no_value"]))
    }
    return Part(facts, {"quality": rows}, {}, {})


def _repeated(survey: Survey) -> int:
    """Count the records beyond the first of an enterprise in the same region, industry and period."""
    repeated = 0
    for period in survey.series["period"]:
        part = survey.records[survey.records["period"] == period]
        repeated += len(part) - len(part.aggregate("value", ["enterprise", "region", "industry"], ["count"]))
    return repeated
