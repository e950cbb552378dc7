"""Tables as people read them: aligned text, HTML, Markdown; the same figures in all three.

A column of floats is shown with one number of decimals: as many as give its largest figure six significant digits
and its smallest three, less the zeros that all would end with. Shares have two decimals of a percent, more only where
a figure would show as zero without being zero. Counts and years have no separators. Characters that could disguise a
label (control, bidirectional and other invisible ones) are shown by their escapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg._columns import covered, entries_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from xxmfg.table import Table

__all__ = ["html", "markdown", "text", "visible", "width"]

MISSING = "—"
GAP = "  "
NUMBERS = (int, float, np.integer, np.floating)
LONGEST_TEXT = 40  # columns of a terminal; a longer label is cut in text, and whole in HTML and Markdown


class Shown(NamedTuple):
    """A column as it is shown: `cells` has one text a row; a column of numbers is aligned right."""

    head: str
    cells: list[str]
    is_number: bool


def visible(label: str) -> str:
    r"""Give a text with its invisible and direction-changing characters as escapes, such as ``\u202e``."""
    if label.isprintable():
        return label
    from unicodedata import category

    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return "".join(char.encode("unicode_escape").decode() if category(char) in hidden else char for char in label)


def width(label: str) -> int:
    """Count the columns of a terminal that a text takes: wide East Asian characters two, combining marks none."""
    if label.isascii():
        return len(label)
    from unicodedata import category, east_asian_width

    return sum(0 if category(char) in {"Mn", "Me"} else 1 + (east_asian_width(char) in "WF") for char in label)


def text(table: Table, max_rows: int | None = 20, max_width: int | None = 120) -> str:
    """Give a table as aligned text; `None` shows all rows, or all columns.

    Rows and columns in the middle are left out where more are there than fit; the last line says how many there are.
    """
    head, tail = _ends(len(table), max_rows)
    shown = [_cut(column) for column in _shown(table, head, tail)]
    widths = [max(map(width, (column.head, *column.cells))) for column in shown]
    shown, widths = _narrowed(shown, widths, max_width)
    rows = [[column.head for column in shown], ["-" * wanted for wanted in widths]] if shown else []
    rows += [[column.cells[i] for column in shown] for i in range(head + tail)]
    lines = [_line(cells, shown, widths) for cells in rows]
    if head + tail < len(table):
        lines.insert(2 + head, f"… {_count(len(table) - head - tail, 'row')}")
    above = [visible(table.title)] if table.title else []
    below = [visible(line) for line in table.note.split("\n")] if table.note else []
    return "\n".join([*above, *lines, *below, _size(table)])


def html(table: Table, max_rows: int | None = 60) -> str:
    """Give a table as an HTML fragment without scripts or addresses, in which everything from the data is escaped."""
    from html import escape

    head, tail = _ends(len(table), max_rows)
    shown = _shown(table, head, tail)
    styles = [f"text-align:{'right;white-space:nowrap' if column.is_number else 'left'}" for column in shown]

    def row(cells: Sequence[str], tag: str, scope: str = "") -> str:
        pairs = zip(cells, styles, strict=True)
        inner = [f'<{tag}{scope} style="{style}">{escape(cell)}</{tag}>' for cell, style in pairs]
        return f"<tr>{''.join(inner)}</tr>"

    body = [row([column.cells[i] for column in shown], "td") for i in range(head + tail)]
    if head + tail < len(table):
        left_out = _count(len(table) - head - tail, "row")
        body.insert(head, f'<tr><td colspan="{len(shown)}" style="text-align:left">… {left_out}</td></tr>')
    lines = ["<div>", '<table class="xxmfg">']
    if table.title:
        lines.append(f"<caption>{escape(visible(table.title))}</caption>")
    if shown:
        lines += ["<thead>", row([column.head for column in shown], "th", ' scope="col"'), "</thead>"]
    lines += ["<tbody>", *body, "</tbody>", "</table>"]
    if table.note:
        lines.append(f"<p>{'<br>'.join(escape(visible(line)) for line in table.note.split(chr(10)))}</p>")
    return "\n".join([*lines, f"<p>{_size(table)}</p>", "</div>"])


def markdown(table: Table) -> str:
    """Give all rows of a table as a Markdown table of GitHub's kind."""
    shown = _shown(table, len(table), 0)
    rows = [
        [_markdown_text(column.head) for column in shown],
        ["---:" if column.is_number else ":---" for column in shown],
        *([_markdown_text(column.cells[i]) for column in shown] for i in range(len(table))),
    ]
    lines = [f"| {' | '.join(row)} |" for row in rows] if shown else []
    if table.suppressed and table.note:
        lines += ["", *map(_markdown_text, table.note.split("\n"))]
    return "\n".join(lines)


def _markdown_text(cell: str) -> str:
    """Escape what could begin HTML by entities, which every renderer knows, and other markup by backslashes."""
    from html import escape

    return "".join("\\" + char if char in "\\|`*[]" else char for char in escape(cell, quote=False))


def _ends(n_rows: int, max_rows: int | None) -> tuple[int, int]:
    """Tell how many rows are shown from the top and from the bottom."""
    if max_rows is None or n_rows <= max_rows:
        return n_rows, 0
    return max_rows - max_rows // 2, max_rows // 2


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _size(table: Table) -> str:
    return f"{_count(len(table), 'row')} × {_count(len(table.columns), 'column')}"


def _line(cells: Sequence[str], shown: Sequence[Shown], widths: Sequence[int]) -> str:
    padded = []
    for cell, column, wanted in zip(cells, shown, widths, strict=True):
        space = " " * (wanted - width(cell))
        padded.append(space + cell if column.is_number else cell + space)
    return GAP.join(padded).rstrip(" ")


def _cut(column: Shown) -> Shown:
    return Shown(_cut_text(column.head), [_cut_text(cell) for cell in column.cells], column.is_number)


def _cut_text(cell: str) -> str:
    if width(cell) <= LONGEST_TEXT:
        return cell
    cell = cell[:LONGEST_TEXT]
    while width(cell) >= LONGEST_TEXT:
        cell = cell[:-1]
    return cell + "…"


def _narrowed(shown: list[Shown], widths: list[int], max_width: int | None) -> tuple[list[Shown], list[int]]:
    """Give the columns that fit, those in the middle being replaced by one of dots; two stay in any case."""
    if max_width is None or sum(widths) + len(GAP) * (len(widths) - 1) <= max_width:
        return shown, widths
    n = len(shown)
    from_ends = [i // 2 if i % 2 == 0 else n - 1 - i // 2 for i in range(n)]
    room, kept = max_width - 1, 0  # the dots take one column of the terminal
    while kept < n and (kept < 2 or room >= widths[from_ends[kept]] + len(GAP)):
        room -= widths[from_ends[kept]] + len(GAP)
        kept += 1
    left, right = kept - kept // 2, kept // 2
    if left + right >= n:
        return shown, widths
    dots = Shown("…", ["…"] * len(shown[0].cells), False)
    return [*shown[:left], dots, *shown[n - right :]], [*widths[:left], 1, *widths[n - right :]]


def _shown(table: Table, head: int, tail: int) -> list[Shown]:
    """Give the columns of a table as texts, `head` rows from its top and `tail` from its bottom."""
    shown, units, masks = [], table.units, table.suppressed
    for name in table:
        column = table[name]
        part = np.concatenate([column[:head], column[len(column) - tail :]]) if tail else column[:head]
        texts, is_number = _cells(part, name in table.percent)
        mask = masks.get(name)
        if mask is not None:
            hidden = np.concatenate([mask[:head], mask[len(column) - tail :]]) if tail else mask[:head]
            texts = covered(texts, hidden)
        header = f"{name} ({units[name]})" if units.get(name) else name
        shown.append(Shown(visible(header), texts, is_number))
    return shown


def _cells(column: NDArray[Any], as_percent: bool) -> tuple[list[str], bool]:
    """Give the texts of a column and whether they are numbers."""
    entries = entries_of(column)
    present = [entry for entry in entries if entry is not None]
    if present:
        is_number = all(isinstance(entry, NUMBERS) and not isinstance(entry, bool) for entry in present)
    else:
        is_number = column.dtype.kind in "iuf"
    if not is_number:
        return [MISSING if entry is None else visible(str(entry)) for entry in entries], False
    if as_percent:
        present = _percent_texts([float(entry) for entry in present])
    elif any(isinstance(entry, (float, np.floating)) for entry in present):
        present = _float_texts([float(entry) for entry in present])
    numbers = iter(present)
    return [MISSING if entry is None else str(next(numbers)) for entry in entries], True


def _exponents(figures: Sequence[float]) -> tuple[int, int]:
    """Give the decimal exponents of the largest and the smallest figure that is not zero; 0, 0 where there is none."""
    sizes = [abs(figure) for figure in figures if figure != 0 and abs(figure) != np.inf]
    return (int(np.floor(np.log10(max(sizes)))), int(np.floor(np.log10(min(sizes))))) if sizes else (0, 0)


def _float_texts(figures: Sequence[float]) -> list[str]:
    largest, smallest = _exponents(figures)
    decimals = max(5 - largest, 2 - smallest, 0)
    if decimals > 9 or largest + decimals > 15:  # more digits than a double has: each figure by itself
        return [f"{figure:.6g}" for figure in figures]
    texts = [f"{figure:z.{decimals}f}" for figure in figures]
    fractions = [text.partition(".")[2] for text in texts if "inf" not in text]
    spare = min((len(fraction) - len(fraction.rstrip("0")) for fraction in fractions), default=0)
    return [text[: len(text) - spare].removesuffix(".") if spare and "inf" not in text else text for text in texts]


def _percent_texts(fractions: Sequence[float]) -> list[str]:
    from decimal import Decimal

    largest, smallest = _exponents(fractions)
    if largest > 12:
        return [f"{100 * fraction:.6g} %" for fraction in fractions]
    decimals = min(max(2, -2 - smallest), 6)
    # A decimal moves the point without rounding: the last digit shown is that of the fraction itself.
    shares = [fraction if abs(fraction) == np.inf else Decimal(fraction) for fraction in fractions]
    return [f"{share:z.{decimals}%}".replace("%", " %") for share in shares]
