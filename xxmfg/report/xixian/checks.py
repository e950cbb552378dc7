"""表15: the audit of the printed figures; and a mark at every number, wherever it stands, that the audit doubts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import isfinite
from typing import Any, NamedTuple

from ...audit import AuditResult, audit
from ...audit.numerals import span
from ...audit.sentences import VERDICTS
from ..document import Chart, Wording
from ..sheets import Cell, Note, Row, Sheet
from .findings import Findings
from .sheet import line, sheet, text
from .survey import Survey

__all__ = ["Doubt", "audited", "doubts_of", "facts", "mark_charts", "mark_facts", "mark_sheets", "table"]

_NUMBER = 15
_NAME = re.compile(r"[^\W\d]\w*")
_COMPARISON = re.compile(r"(<=|>=|=|<|>)")
_DOUBTED = ("fails", "query", "gap")
# Facts that are computed and come out as the report prints them: the figures that they stand for.
_OF_LARGEST = {"output": "亿元", "share": "%"}
_PRINTED = {"enterprises": "F010", "n_listed": "F077"}


class Doubt(NamedTuple):
    """A row of 表15 that doubts figures."""

    key: str
    figures: frozenset[str]
    note: Note


def audited(survey: Survey) -> AuditResult:
    """Audit the figures that the report prints."""
    relations = survey.lists["relations"]
    return audit(_figures(survey), {name: [row[name] for row in relations] for name in ("id", "relation")})


def _figures(survey: Survey) -> dict[str, list[Any]]:
    fields = ("id", "kind", "subject", "indicator", "unit", "qualifier", "phrase")
    figures: dict[str, list[Any]] = {
        name: [getattr(figure, name) for figure in survey.figures.values()] for name in fields
    }
    figures["value"] = [str(figure.value) for figure in survey.figures.values()]
    figures["decimals"] = [figure.decimals for figure in survey.figures.values()]
    figures["items"] = ["、".join(figure.items) for figure in survey.figures.values()]
    return figures


def doubts_of(survey: Survey, found: AuditResult) -> tuple[Doubt, ...]:
    """Give what is doubted: by one relation, or by a conflict of several."""
    subjects = {row["id"]: row["subject"] for row in survey.lists["relations"]}
    doubts = []
    for row in _rows(found.relations):
        if row["verdict"] in _DOUBTED:
            figures = _at_fault(row["relation"], survey)
            doubts.append(
                Doubt(row["id"], figures, _note(row["id"], row["verdict"], subjects[row["id"]], row["note_zh"]))
            )
    for key, rows in _conflicts(found).items():
        figures = frozenset(row["id"] for row in rows if row["kind"] == "figure")
        doubts.append(Doubt(key, figures, _note(key, rows[0]["verdict"], "联合矛盾", _summary(found, key))))
    return tuple(doubts)


def _at_fault(relation: str, survey: Survey) -> frozenset[str]:
    """Give the figures of a relation; of a chain (a >= b >= c) those of the comparisons that do not hold."""
    sides = _COMPARISON.split(relation)
    if len(sides) > 3:
        pairs = {f"P{i}": "".join(sides[i : i + 3]) for i in range(0, len(sides) - 2, 2)}
        verdicts = audit(_figures(survey), pairs).relations["verdict"].tolist()
        relation = " ".join(pair for pair, verdict in zip(pairs.values(), verdicts, strict=True) if verdict in _DOUBTED)
    return frozenset(_NAME.findall(relation)) & survey.figures.keys()


def _note(key: str, verdict: str, subject: str, said: str) -> Note:
    return Note(f"{subject}：{said}见表{_NUMBER}。", VERDICTS[verdict], f"{subject}：{said}", key)


def _rows(table: Any) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in zip(*(table[n].tolist() for n in table), strict=True)]


def _conflicts(found: AuditResult) -> dict[str, list[dict[str, Any]]]:
    conflicts: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(found.conflicts):
        conflicts.setdefault(row["conflict"], []).append(row)
    return conflicts


def _summary(found: AuditResult, key: str) -> str:
    """Give the Chinese sentences on a whole conflict."""
    return next(said for said in found.conflicts.note.split("\n") if said.startswith(f"{key}：")).removeprefix(
        f"{key}："
    )


def facts(found: AuditResult) -> dict[str, Any]:
    """Give how many relations have each verdict, and how many conflicts there are."""
    verdicts = found.relations["verdict"].tolist()
    counts = {f"n_{verdict}": verdicts.count(verdict) for verdict in VERDICTS}
    return counts | {"n_relations": len(verdicts), "n_conflicts": len(_conflicts(found))}


# ---- 表15 ----


def table(survey: Survey, found: AuditResult, say: Wording) -> Sheet:
    """表15: each relation, with what is printed, what the other figures make of it, the verdict and why."""
    verdicts = {row["id"]: row for row in _rows(found.relations)}
    rows = []
    for relation in survey.lists["relations"]:
        row = verdicts.get(relation["id"])
        rows.append(_remark(relation) if row is None else _line(row, relation["subject"]))
    for key, members in _conflicts(found).items():
        names = "、".join(member["id"] for member in members)
        rows.append(line(key, "联合矛盾", names, "", "", Cell(VERDICTS[members[0]["verdict"]]), _summary(found, key)))
        rows[-1] = rows[-1]._replace(key=key)
        rows += [_member(member, survey) for member in members if member["kind"] == "figure"]
    columns = (text("编号"), text("核对内容"), text("关系式"), text("印数"), text("算得"), text("判定"), text("说明"))
    notes = (say.note("audit_reading"), say.note("audit_remarks"))
    return sheet(_NUMBER, "审计：印出的数字能否同时成立", "", columns, rows, notes, say, is_quoted=True)


def _line(row: Mapping[str, Any], subject: str) -> Row:
    stated = "" if row["stated"] != row["stated"] else f"{row['stated']:.12g}"
    cells = (row["id"], subject, row["relation"], stated, _between(row), VERDICTS[row["verdict"]], row["note_zh"])
    return line(*cells)._replace(key=row["id"])


def _member(row: Mapping[str, Any], survey: Survey) -> Row:
    figure = survey.figures[row["id"]]
    verdict = VERDICTS[row["verdict"]]
    name = f"{figure.subject} {figure.indicator}"
    return line(
        f"{row['conflict']} {row['id']}", name, "", figure.text, _between(row), verdict, row["note_zh"], role="child"
    )


def _between(row: Mapping[str, Any]) -> str:
    # Ends are doubles here: 83.04, which lies a little above, is not rounded outward to 83.041.
    said = span(*(Fraction(f"{end:.12g}") if isfinite(end) else end for end in (row["low"], row["high"])))
    return "" if said == "?" else said


def _remark(relation: Mapping[str, str]) -> Row:
    return line(relation["id"], relation["subject"], "", "", "", "备注", relation["remark"])._replace(
        key=relation["id"]
    )


# ---- marks where the numbers stand ----


def mark_sheets(sheets: Iterable[Sheet], doubts: Sequence[Doubt]) -> list[Sheet]:
    """Mark each cell that gives or quotes a doubted figure, by the note on the matter that some table has already."""
    listed = list(sheets)
    own = {note.target: note for one in listed for note in one.notes if note.target}
    notes = {doubt.key: own.get(doubt.key, doubt.note) for doubt in doubts}
    return [_marked(one, doubts, notes) for one in listed]


def _marked(one: Sheet, doubts: Sequence[Doubt], notes: Mapping[str, Note]) -> Sheet:
    used = dict.fromkeys(one.notes)

    def mark(cell: Cell) -> Cell:
        found = tuple(notes[doubt.key] for doubt in doubts if doubt.figures.intersection(cell.figures))
        used.update(dict.fromkeys(found))
        return cell._replace(notes=tuple(dict.fromkeys((*cell.notes, *found))))

    rows = tuple(row._replace(cells=tuple(map(mark, row.cells))) for row in one.rows)
    return one._replace(rows=rows, notes=tuple(used))


def mark_charts(charts: Iterable[Chart], doubts: Sequence[Doubt]) -> list[Chart]:
    """Give each chart the notes that doubt figures it shows."""
    return [
        one._replace(notes=tuple(doubt.note for doubt in doubts if doubt.figures.intersection(one.figures)))
        for one in charts
    ]


class _Marked:
    """A fact that is printed with references to the rows that doubt it."""

    def __init__(self, fact: Any, reference: str) -> None:
        self._fact, self._reference = fact, reference

    def __format__(self, spec: str) -> str:
        return f"{self._fact:{spec}}{self._reference}"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._fact, name)


def mark_facts(facts: Mapping[str, Any], survey: Survey, found: Findings, doubts: Sequence[Doubt]) -> dict[str, Any]:
    """Give the facts for sentences, a doubted one with the rows that doubt it behind it."""
    largest = max(survey.cities, key=lambda city: found.cities[city].output)
    most = max(survey.cities, key=lambda city: found.city_counts[city])
    printed = _PRINTED | {"most_count": survey.of_city(most, "户").id}
    printed |= {f"largest_city_{name}": survey.of_city(largest, unit).id for name, unit in _OF_LARGEST.items()}
    printed |= {key: key for key in survey.figures}
    marked = dict(facts)
    for name, key in printed.items():
        reference = "".join(f"［{doubt.note.mark} {doubt.key}］" for doubt in doubts if key in doubt.figures)
        if reference:
            marked[name] = _Marked(facts[name], reference)
    return marked
