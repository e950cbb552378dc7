"""附表: every figure that the report prints, where it stands here, and whether it was computed or quoted."""

import re
from collections.abc import Mapping, Sequence

from ..document import Wording
from ..sheets import Cell, Row, Sheet
from .sheet import line, sheet, text
from .survey import Survey

__all__ = ["index"]

_NO_QUANTITY = {
    "label": "不是数量：名称",
    "date": "不是数量：年份",
    "ordinal": "不是数量：序数",
}
_QUOTED = "照录"
_COUNTED = "照录：自述个数"


def index(survey: Survey, sheets: Sequence[Sheet], say: Wording) -> Sheet:
    """Give the list of all figures; one that stands nowhere says so."""
    places, computed, texts = _places(sheets), _computed(sheets), _in_texts(say.description)
    rows = list[Row]()
    for key, figure in survey.figures.items():
        where = list(places.get(key, ())) or (["正文"] if key in texts else [])
        if key in computed:
            way = "重算：不符" if computed[key] else "重算：相同"
        elif figure.kind in _NO_QUANTITY:
            way = _NO_QUANTITY[figure.kind]
        else:
            way = _COUNTED if figure.kind == "count" else _QUOTED
        shown = Cell(figure.quoted, None, figures=(key,))
        rows.append(line(key, figure.subject, figure.indicator, shown, figure.year, "、".join(where), way))
    columns = (text("编号"), text("主体"), text("指标"), text("印数"), text("年份"), text("所在"), text("得数"))
    made = sheet(21, "报告印出的全部数字", "", columns, rows, (say.note("index"),), say, is_quoted=True)
    return made._replace(name="附表")


def _places(sheets: Sequence[Sheet]) -> dict[str, dict[str, None]]:
    """Give the names of the tables that hold each figure."""
    found: dict[str, dict[str, None]] = {}
    for one in sheets:
        for row in one.rows:
            for cell in row.cells:
                for key in cell.figures:
                    found.setdefault(key, {})[one.name] = None
    return found


def _computed(sheets: Sequence[Sheet]) -> dict[str, bool]:
    """Give the figures that a cell computes, and whether it differs from what is printed."""
    cells = [cell for one in sheets for row in one.rows for cell in row.cells if cell.is_computed]
    return {key: any(cell.differs for cell in cells if key in cell.figures) for one in cells for key in one.figures}


def _in_texts(description: Mapping[str, object]) -> set[str]:
    """Give the figures that a sentence of the description quotes."""
    return set(re.findall(r"\{(F\d{3})", str([description["text"], description.get("list"), description["section"]])))
