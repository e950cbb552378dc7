"""表16: which cells of the report's own tables tell of an enterprise, as far as the printed figures say."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, NamedTuple

from ...disclosure import disclosure
from ..document import Wording
from ..press import press
from ..sheets import ABSENT, PERCENT, Cell, Column, Row, Sheet
from .figures import Figure, figure_cell, quoted_cell
from .findings import Findings
from .sheet import line, sheet, text
from .survey import Survey

__all__ = ["facts", "sheets"]

_MIN_COUNT, _DOMINANCE, _P_PERCENT = 3, (1, 0.85), 10
_NONE: dict[str, Any] = {"min_count": 1, "dominance": None}
_RULES: tuple[dict[str, Any], ...] = (
    {"min_count": _MIN_COUNT, "dominance": None},
    {"min_count": 1, "dominance": _DOMINANCE},
    {**_NONE, "p_percent": _P_PERCENT},
)
_OF_BRANCH = ("F016", "F018", "F017")  # whose branch the report names: 中车, 海天, 凝远
_BRANCHES = 3  # the table of them
_POWER_BRANCH, _POWER_NAME = "F020", "西安三航动力科技公司"  # the enterprise that the report names with a branch
_VERDICTS = {(True, True): "触发", (False, False): "未触发"}


class _Cell(NamedTuple):
    """A cell of a table: its output, how many give it where that is printed, the largest of them where it is named."""

    table: int
    name: str
    output: Figure
    units: Figure | None = None
    leader: Figure | None = None
    perhaps: str = ""  # whom the report names without an output

    def shares(self) -> tuple[Decimal, Decimal] | None:
        """Give the least and the largest share that the leader can have, for all that the printed digits say."""
        if self.leader is None:
            return None
        (low, high), (least, most) = self.leader.span_in_yi(), self.output.span_in_yi()
        if self.leader.qualifier == self.output.qualifier == "exact":
            return (self.leader.in_yi().value / self.output.in_yi().value,) * 2
        return low / most, high / least

    def extremes(self, cap: float, n_all: int) -> Iterator[list[float]]:
        """Give the contributions that tell most and those that tell least: the rest in few hands, or in many."""
        n = int(self.units.value) if self.units else n_all
        if self.leader is None:
            total = float(self.output.in_yi().value)
            few = n if self.units else 1
            is_branch = self.table == _BRANCHES  # to which none of the three largest belongs
            yield _in_few_hands(total, cap) if is_branch else [total - 1e-6 * (few - 1), *[1e-6] * (few - 1)]
            yield [total / n] * n
            return
        (low, high), (least, most) = self.leader.span_in_yi(), self.output.span_in_yi()
        yield [float(high), *_in_few_hands(float(least - high), cap)]
        yield [float(low), *[float(most - low) / (n - 1)] * (n - 1)]


def _in_few_hands(amount: float, cap: float) -> list[float]:
    """Split an amount among as few as can have it, of whom nobody has more than a cap."""
    full = int(amount // cap)
    return [*[cap] * full, amount - full * cap]


def _cells(survey: Survey, found: Findings) -> list[_Cell]:
    figures = survey.figures
    branches = {figure.id: branch for branch, figure in survey.branches.items()}
    outputs = {branch: figures[key] for key, branch in branches.items()}
    of_branch = [
        _Cell(_BRANCHES, branch, outputs[branch], leader=figures[key])
        for key, branch in zip(_OF_BRANCH, ("汽车", "生物医药", "绿色节能建筑材料"), strict=True)
    ]
    power = _Cell(_BRANCHES, branches[_POWER_BRANCH], figures[_POWER_BRANCH], perhaps=_POWER_NAME)
    told = {cell.name for cell in (*of_branch, power)}
    others = [_Cell(_BRANCHES, branch, outputs[branch]) for branch in outputs if branch not in told]
    cities = [
        _Cell(4, city, survey.of_city(city, "亿元"), survey.of_city(city, "户"),
              figures["F016"] if city == _home(survey, figures["F016"].subject) else None)
        for city in survey.cities
    ]  # fmt: skip
    whole = _Cell(1, "新区合计", figures["F012"], figures["F010"], figures["F016"])
    return [*of_branch, power, *others, *cities, whole]


def _home(survey: Survey, name: str) -> str:
    """Give the city in which an enterprise lies because its output fits into no other."""
    output = survey.leaders[name].value
    fitting = [city for city in survey.cities if survey.of_city(city, "亿元").in_yi().value >= output]
    return fitting[0] if len(fitting) == 1 else ""


def facts(survey: Survey, found: Findings) -> dict[str, Any]:
    """Give the shares that the text names."""
    cells = {cell.name: cell for cell in _cells(survey, found)}
    spans = {}
    for key, name in (("car_in_city", _home(survey, survey.figures["F016"].subject)), ("car_in_branch", "汽车"),
                      ("drug_in_branch", "生物医药")):  # fmt: skip
        spans[key] = _span(cells[name])
    three = [city for city in survey.cities if survey.of_city(city, "户").value == _MIN_COUNT]
    return {
        **spans,
        "small_city": "、".join(three),
        "power_name": _POWER_NAME,
        "p_percent": _P_PERCENT,
        "dominance_n": _DOMINANCE[0],
        "dominance_share": int(_DOMINANCE[1] * 100),
        "min_count": _MIN_COUNT,
        "unnamed_branches": "、".join(
            cell.name for cell in cells.values() if cell.table == _BRANCHES and not cell.leader and not cell.perhaps
        ),
    }


def _span(cell: _Cell) -> str:
    shares = cell.shares()
    if shares is None:
        return ""
    low, high = (share.scaleb(PERCENT) for share in shares)
    if press(low, 1) == press(high, 1):
        return press(low, 1)
    ends = low.quantize(Decimal("0.1"), ROUND_FLOOR), high.quantize(Decimal("0.1"), ROUND_CEILING)
    middle = press((low + high) / 2, 1)
    return middle if ends[1] - ends[0] <= Decimal("0.3") else f"{press(low, 1)}—{press(high, 1)}"


def sheets(survey: Survey, found: Findings, say: Wording) -> tuple[Sheet, ...]:
    """Give 表16."""
    cells = _cells(survey, found)
    # Nobody whom the report does not name is larger than the smallest of the largest that it names.
    cap = float(min(figure.in_yi().value for figure in survey.leaders.values()))
    verdicts = _judged(cells, cap, found.enterprises)
    rows = [
        line(name, "表2", quoted_cell(figure), Cell("1"), Cell(name), Cell("100"), "触发", "触发", "触发")
        for name, figure in survey.leaders.items()
    ]
    for cell, own in zip(cells, verdicts, strict=True):
        count = figure_cell(float(cell.units.value), cell.units) if cell.units else ABSENT
        leader = Cell(cell.leader.subject) if cell.leader else Cell(f"或为{cell.perhaps}") if cell.perhaps else ABSENT
        share = Cell(_span(cell)) if cell.leader else ABSENT
        output = quoted_cell(cell.output.in_yi())
        rows.append(Row((Cell(cell.name), Cell(f"表{cell.table}"), output, count, leader, share, *map(Cell, own))))
    columns = (text("单元"), text("数表"), Column("产值", "亿元"), Column("户数", "户"), text("最大者"),
               Column("最大者占比", "%"), text(f"少于 {_MIN_COUNT} 户"), text("(1, 85 %)"),
               text(f"p %（p = {_P_PERCENT}）"))  # fmt: skip
    notes = tuple(
        say.note(name) for name in ("disclosure_rules", "disclosure_extremes", "disclosure_scope", "disclosure_law")
    )
    return (sheet(16, "披露检查", "见表内", columns, rows, notes, say, is_quoted=True),)


def _judged(cells: list[_Cell], cap: float, n_all: int) -> list[list[str]]:
    """Say for each cell what each rule finds: struck or not in both extremes, or not to be told."""
    values, places = [], []
    for place, cell in enumerate(cells):
        for extreme, parts in enumerate(cell.extremes(cap, n_all)):
            values += parts
            places += [2 * place + extreme] * len(parts)
    found = [
        [status == "primary" for status in disclosure(values, places, **rules)["status"].tolist()] for rules in _RULES
    ]
    return [
        [_VERDICTS.get((own[2 * place], own[2 * place + 1]), "不能判定") for own in found]
        for place in range(len(cells))
    ]
