"""The command that audits printed figures."""

from __future__ import annotations

import sys
from errno import EBADF
from typing import TYPE_CHECKING, Any

from xxmfg.cli.output import add_formats, as_page, prepare

if TYPE_CHECKING:
    import argparse

    from xxmfg.audit import AuditResult
    from xxmfg.table import Table

__all__ = ["add_commands"]

DO_NOT_HOLD = 1
NOTES = {"en": "note", "zh": "note_zh"}
DOUBTED = ("fails", "query", "gap")
COLUMNS = ("table", "conflict", "id", "kind", "relation", "stated", "low", "high", "verdict", "needed", *NOTES.values())


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `audit`."""
    audit = commands.add_parser(
        "audit",
        help="whether printed figures can all be true",
        description="Tell whether printed figures can all be true. Exit code 1 where they cannot.",
        allow_abbrev=False,
    )
    audit.add_argument(
        "figures",
        metavar="FIGURES",
        help="columns id value unit qualifier decimals; .csv, .xlsx, .parquet, or - for CSV",
    )
    audit.add_argument(
        "relations", metavar="RELATIONS", help="columns id relation, such as R1 and a + b = t; as FIGURES"
    )
    audit.add_argument("--truncated", action="store_true", help="digits were cut off, not rounded")
    audit.add_argument("--from-printed", action="store_true", help="shares and rates come from digits already rounded")
    audit.add_argument("--comparable", action="store_true", help="rates of growth are at comparable prices")
    audit.add_argument(
        "--approx", metavar="N", type=int, default=1, help="half units that a figure with 约 may be off (default: 1)"
    )
    audit.add_argument(
        "--lang", choices=tuple(NOTES), default="en", help="language of the sentences in plain text (default: en)"
    )
    add_formats(audit)
    audit.set_defaults(run=_audit)


def _audit(arguments: argparse.Namespace) -> int:
    from xxmfg.audit import audit

    if arguments.figures == arguments.relations == "-":
        raise ValueError("standard input holds one file: name the figures or the relations")
    result = audit(
        _given(arguments.figures),
        _given(arguments.relations),
        truncated=arguments.truncated,
        from_printed=arguments.from_printed,
        comparable=arguments.comparable,
        approx=arguments.approx,
    )
    prepare(arguments.form)
    if arguments.form == "csv":
        _as_one(result).to_csv(sys.stdout)
    elif arguments.form == "json":
        parts = [f'"{name}": {table.to_json()}' for name, table in result._asdict().items()]
        print(f'{{\n"holds": {str(result.holds).lower()},\n' + ",\n".join(parts) + "\n}")
    elif arguments.form == "html":
        print(as_page([_titled(table, name) for name, table in result._asdict().items()]))
    else:
        print(_as_text(result, NOTES[arguments.lang]))
    return 0 if result.holds else DO_NOT_HOLD


def _given(name: str) -> Any:
    if name != "-":
        return name
    from xxmfg.audit.rows import rows_of_bytes
    from xxmfg.io.csv import MAX_BYTES

    if sys.stdin is None:
        raise OSError(EBADF, "it is closed", "standard input")
    return rows_of_bytes(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input")


def _titled(table: Table, title: str) -> Table:
    from xxmfg.table import Table

    return Table(table.to_dict(), title=title, note=table.note)


def _as_one(result: AuditResult) -> Table:
    """Give the three tables as one, for a CSV file has one head; the first column says which a row is of."""
    from xxmfg.table import Table

    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for title, table in result._asdict().items():
        given = {("id" if name == "name" else name): table[name].tolist() for name in table}
        given["table"] = [title.removesuffix("s")] * len(table)
        for name in COLUMNS:
            empty: Any = float("nan") if name in {"stated", "low", "high"} else None
            columns[name] += given.get(name, [empty] * len(table))
    return Table(columns)


def _as_text(result: AuditResult, note: str) -> str:
    """Give aligned tables without their sentences, and below each the sentences of what is doubted."""
    from xxmfg import _show

    parts = [_summary(result)]
    for title, table in result._asdict().items():
        if not len(table):
            continue
        bare = type(table)({name: table[name] for name in table if name not in NOTES.values()}, title=title)
        parts.append(_show.text(bare, max_rows=None, max_width=None))
        if note in table:
            notes = zip(table["id"].tolist(), table["verdict"].tolist(), table[note].tolist(), strict=True)
            parts += [_show.visible(f"{name} {verdict}: {said}") for name, verdict, said in notes if verdict in DOUBTED]
            parts += _in_language(table.note, note)
        parts.append("")
    return "\n".join(parts).rstrip("\n")


def _in_language(summaries: str, note: str) -> list[str]:
    """Give the lines on whole conflicts, which alternate between English and Chinese."""
    return summaries.split("\n")[list(NOTES.values()).index(note) :: 2] if summaries else []


def _summary(result: AuditResult) -> str:
    verdicts = result.relations["verdict"].tolist()
    counts = [f"{verdicts.count(name)} {name}" for name in dict.fromkeys((*DOUBTED, *verdicts)) if name in verdicts]
    n_conflicts = len(set(result.conflicts["conflict"].tolist()))
    end = f"; {n_conflicts} joint conflict{'' if n_conflicts == 1 else 's'}"
    return f"{len(verdicts)} relations: {', '.join(counts) or 'none'}{end}"
