"""Crosswalks: which classes of a scheme industry codes lead to, wholly or in part, and what follows for any code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg._columns import checked_column, entries_of
from xxmfg._schemes import (
    INDUSTRIES,
    Entry,
    Link,
    Scheme,
    children_of,
    in_section,
    industries,
    is_own,
    longest_prefix,
    names_edition,
    plain_code,
    scheme_of,
    why_no_code,
)
from xxmfg.errors import DuplicateError, XxmfgError

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from numpy.typing import ArrayLike

__all__ = ["Crosswalk", "Membership", "linked_scheme", "sign_of"]

WHOLE = {"", "0", "0.0", "否", "no", "false", "全部"}
PARTIAL = {"*", "＊", "1", "1.0", "是", "yes", "true", "部分"}
NAMED = 5  # of the codes that could not be checked
COLUMNS = ("code", "target", "partial", "edition")


class Crosswalk:
    """Which classes of a scheme the codes of GB/T 4754-2017 lead to; supplied by the user.

    A code of any level stands for all codes below it that have no line of their own. A code that leads to a class only
    in part (the standards mark it with a star) makes a `possible`, never a `yes`.

    Parameters
    ----------
    code : array_like of str, shape (n,)
        Industry codes; those of section C must be in the edition of 2017. Of other sections no table is installed, so
        their codes are taken unchecked, which the notes of tables made with them say.
    target : array_like of str, shape (n,)
        The codes or the names of the classes to which they lead. A whole number stands for its digits: 5 for the class
        ``5``, not ``05``.
    partial : array_like of bool, int or str, shape (n,), optional
        Whether only a part of the industry belongs to the class: True, 1, ``*``, 是, yes, 部分; False, 0, empty, 否,
        no, 全部.
    edition : str, int or array_like of either, optional
        The edition of the codes, which must be that of 2017: 2017, or GB/T 4754-2017 as people write it.

    Raises
    ------
    XxmfgError
        If a code is unknown or malformed, another edition is named, a mark is not one of those above, or there is no
        line at all.
    DuplicateError
        If a code leads to one class twice.
    TypeError
        If codes are numbers, which lose leading zeros, or another column holds neither text nor whole numbers.
    ValueError
        If lengths differ, or a column is not 1-D.

    Examples
    --------
    >>> import xxmfg as xm
    >>> links = xm.Crosswalk(["391", "3521"], ["0201", "0202"], partial=["", "*"])
    >>> xm.classify(["3911", "3521", "1311"], "三新统计分类(2018)", links)["match"].tolist()
    ['yes', 'possible', 'no']
    """

    __slots__ = ("links",)

    def __init__(
        self, code: ArrayLike, target: ArrayLike, partial: ArrayLike | None = None, edition: Any = INDUSTRIES
    ) -> None:
        self.links = _links_of(code, target, partial, edition, "crosswalk row {}".format)

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Crosswalk:
        """Read a crosswalk from a CSV file with the columns `code target`, and `partial edition` where they are there.

        Parameters
        ----------
        path : str or path
            A file in UTF-8, with or without a mark, or in GB18030.

        Returns
        -------
        Crosswalk
            What the file says; other columns are not read.

        Raises
        ------
        XxmfgError
            If it is no text, a column is not there or is there twice, or a line is wrong or none is there; lines are
            those of the file, counted from 1.
        OSError
            If the file cannot be read.
        """
        columns, lines = _read(path)
        called = [f"{path}: line {line}" for line in lines]
        crosswalk = cls.__new__(cls)
        crosswalk.links = _links_of(
            columns["code"],
            columns["target"],
            columns.get("partial"),
            columns.get("edition", INDUSTRIES),
            called.__getitem__,
        )
        return crosswalk

    def __len__(self) -> int:
        return sum(map(len, self.links.values()))

    def __repr__(self) -> str:
        unchecked = _unchecked(self.links)
        more = f", {len(unchecked):,} of them outside section C and not checked" if unchecked else ""
        return f"Crosswalk({len(self):,} lines, {len(self.links):,} codes of {INDUSTRIES}{more})"


def _read(path: str | PathLike[str]) -> tuple[dict[str, list[str]], list[int]]:
    """Give the columns of a file that make a crosswalk, as texts, and the line on which each row begins."""
    from pathlib import Path

    content = Path(path).read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise XxmfgError(f"{path}: its text is neither UTF-8 nor GB18030; save it as CSV in UTF-8") from None
    rows, lines = _rows(text, path)
    names = [name.strip() for name in rows[0]] if rows else []
    for name in COLUMNS:
        if name in ("code", "target") and name not in names:
            raise XxmfgError(f"{path}: a crosswalk has the columns {', '.join(COLUMNS)}; there is no {name!r}")
        if names.count(name) > 1:
            raise XxmfgError(f"{path}: two columns are called {name!r}; rename one")
    if len(rows) == 1:
        raise XxmfgError(f"{path}: there is no line below the names of the columns: no code would lead anywhere")
    for fields, line in zip(rows, lines, strict=True):
        if len(fields) != len(names):
            raise XxmfgError(f"{path}: line {line}: expected {len(names)} fields, found {len(fields)}")
    columns = zip(names, zip(*rows[1:], strict=True), strict=True)
    return {name: list(column) for name, column in columns if name in COLUMNS}, lines[1:]


def _rows(text: str, path: str | PathLike[str]) -> tuple[list[list[str]], list[int]]:
    """Give the fields of the lines that are not empty, and the line of the file on which each begins."""
    import csv
    from io import StringIO

    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows, lines, line = [], [], 1
    try:
        for fields in reader:
            if fields:
                rows.append(fields)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise XxmfgError(f"{path}: line {line}: {error}") from None
    return rows, lines


def _links_of(
    code: Any, target: Any, partial: Any, edition: Any, called: Callable[[int], str]
) -> dict[str, tuple[Link, ...]]:
    """Give the links that columns make, each checked; `called` says what errors call a row."""
    codes = _texts(code, "code", called)
    columns = {"target": _texts(target, "target", called)}
    columns["partial"] = [""] * len(codes) if partial is None else _texts(partial, "partial", called)
    is_one = isinstance(edition, (str, int, np.integer))
    columns["edition"] = [str(edition)] * len(codes) if is_one else _texts(edition, "edition", called)
    for name, column in columns.items():
        if len(column) != len(codes):
            raise ValueError(f"code has {len(codes)} rows, {name} has {len(column)}: lengths must be equal")
    if not codes:
        raise XxmfgError("crosswalk: there is no line: no code would lead anywhere")
    links: dict[str, tuple[Link, ...]] = {}
    for row, line in enumerate(zip(codes, *columns.values(), strict=True)):
        own, link = _line(called(row), *line)
        held = links.get(own, ())
        if any(link.target == other.target for other in held):
            raise DuplicateError(f"{called(row)}: code {own} leads to {link.target!r} twice; keep one line")
        links[own] = (*held, link)
    return links


def _texts(given: Any, name: str, called: Callable[[int], str]) -> list[str]:
    """Give a column as text: missing entries empty; whole numbers as their digits, and marks that are bools as 1 and 0.

    A code that is a number has perhaps lost a zero.
    """
    if isinstance(given, (str, bytes)) or not hasattr(given, "__len__"):
        raise TypeError(f"crosswalk {name} must be a column (1-D array-like), not {given!r}")
    texts = []
    for row, entry in enumerate(entries_of(checked_column(f"crosswalk {name}", given))):
        is_mark = isinstance(entry, (bool, np.bool_)) and name == "partial"
        is_number = isinstance(entry, (int, float, np.number)) and not isinstance(entry, bool)
        if entry is None:
            texts.append("")
        elif isinstance(entry, str):
            texts.append(str(entry))
        elif name == "code":
            raise TypeError(f"{called(row)}: code must be text, not {entry!r}: numbers lose leading zeros")
        elif is_mark or (is_number and entry == entry // 1):
            texts.append(str(int(entry)))
        else:
            raise TypeError(f"{called(row)}: {name} must be text or a whole number, not {entry!r}")
    return texts


def _line(called: str, code: str, target: str, partial: str, edition: str) -> tuple[str, Link]:
    """Check one line of a crosswalk."""
    own = plain_code(code)
    if own is None:
        raise XxmfgError(f"{called}: {why_no_code(code)}")
    if in_section(own) and own not in industries():
        raise XxmfgError(f"{called}: {INDUSTRIES} has no code {own}")
    if not names_edition(edition):
        raise XxmfgError(f"{called}: edition {edition!r}; only codes of {INDUSTRIES} are known")
    if not target.strip():
        raise XxmfgError(f"{called}: code {own} has no target")
    mark = partial.strip().lower()
    if mark not in WHOLE | PARTIAL:
        raise XxmfgError(f"{called}: partial {partial!r} is no mark; give * or nothing")
    return own, Link(target.strip(), mark in PARTIAL)


def _unchecked(links: dict[str, tuple[Link, ...]]) -> list[str]:
    """Give the codes of sections whose codes are not installed."""
    return sorted(code for code in links if not in_section(code))


def _note(links: dict[str, tuple[Link, ...]]) -> str:
    """Say whose crosswalk leads to a scheme, and which of its codes nobody checked."""
    unchecked = _unchecked(links)
    if not unchecked:
        return "crosswalk of the user"
    more = f" and {len(unchecked) - NAMED:,} more" if len(unchecked) > NAMED else ""
    return (
        f"crosswalk of the user, whose codes outside section C ({', '.join(unchecked[:NAMED])}{more}) could not be "
        f"checked: of {INDUSTRIES} only manufacturing is installed"
    )


def linked_scheme(name: str, crosswalk: Crosswalk | None) -> Scheme | None:
    """Give a scheme with what leads to it: its own links, or those of a crosswalk, whose targets must be its classes.

    A name that is not installed is the user's own scheme; its classes are the targets.
    """
    if crosswalk is None:
        return scheme_of(name)
    if not isinstance(crosswalk, Crosswalk):
        raise TypeError(f"crosswalk must be a Crosswalk, not {type(crosswalk).__name__}")
    if isinstance(name, str) and is_own(name):
        return _own_scheme(name, crosswalk)
    scheme = scheme_of(name)
    if scheme is None:
        raise XxmfgError(f"crosswalk: it leads to the classes of a scheme; name it (--scheme), for scheme is {name!r}")
    links = {code: _links_into(scheme, code, held) for code, held in crosswalk.links.items()}
    return scheme._replace(links=links, note=_note(links))


def _own_scheme(name: str, crosswalk: Crosswalk) -> Scheme:
    """Give the scheme whose classes are the targets of a crosswalk."""
    targets = {link.target for links in crosswalk.links.values() for link in links}
    classes = {target: Entry(target, 1, None) for target in sorted(targets)}
    return Scheme(name, classes, crosswalk.links, f"{_note(crosswalk.links)}; its targets are the classes of {name!r}")


def _links_into(scheme: Scheme, code: str, held: tuple[Link, ...]) -> tuple[Link, ...]:
    """Give the links of a code with the codes of the scheme's classes, several finer ones of one class as one."""
    by_name = {entry.name: own for own, entry in scheme.classes.items()}
    merged: dict[str, bool] = {}
    as_given: dict[str, str] = {}
    for link in held:
        target = by_name.get(link.target, link.target)
        if target in scheme.classes:
            if as_given.setdefault(target, link.target) != link.target:
                both = f"as {as_given[target]!r} and as {link.target!r}"
                raise DuplicateError(f"crosswalk: code {code} leads to {target} twice, {both}; keep one line")
        else:
            target = _class_over(target, scheme) or ""
        if not target:
            lost = next((f": {own} keeps its zero" for own in scheme.classes if own == f"0{link.target}"), "")
            raise XxmfgError(
                f"crosswalk: code {code} leads to {link.target!r}, which is no class of {scheme.name}{lost}"
            )
        merged[target] = merged.get(target, True) and link.partial
    return tuple(Link(target, partial) for target, partial in merged.items())


def _class_over(target: str, scheme: Scheme) -> str | None:
    """Give the class of the finest installed level in which a finer code lies: 1.1.2 in 1.1, but 1.12 in none."""
    if not re.fullmatch("[0-9]+([.][0-9]+)*", target):
        return None
    ends = [n for n in range(len(target) - 1, 0, -1) if "." not in target or target[n] == "."]
    above = next((target[:n] for n in ends if target[:n] in scheme.classes), None)
    return None if above in {entry.parent for entry in scheme.classes.values()} else above


def sign_of(links: dict[str, tuple[Link, ...]]) -> str:
    """Give a short text that tells links from any others, in any order; its x keeps readers from making it a number."""
    from hashlib import blake2b

    lines = sorted((code, *link) for code, held in links.items() for link in held)
    return "x" + blake2b(repr(lines).encode(), digest_size=4).hexdigest()


class Membership:
    """To which classes of a scheme any industry code belongs: `True` wholly, `False` perhaps."""

    def __init__(self, links: dict[str, tuple[Link, ...]]) -> None:
        self._links = links
        self._above = {code[:length] for code in links for length in range(2, len(code))}
        self._found: dict[str, dict[str, bool]] = {}

    def match(self, code: str) -> str:
        """Say whether a code belongs to the scheme: one that the edition does not have can belong anywhere."""
        if self._covers(code):
            return "yes"
        unknown = in_section(code) and code not in industries()
        return "possible" if unknown or self.of(code) else "no"

    def _covers(self, code: str) -> bool:
        """Tell whether all of a code belongs to one class of the scheme or another."""
        below = children_of().get(code)
        return all(map(self._covers, below)) if below else any(self.of(code).values())

    def of(self, code: str) -> dict[str, bool]:
        """Give the classes of a code; a code that the edition does not have belongs perhaps, to what its prefix does.

        A code of several classes, or only some of whose parts have a link, belongs perhaps to each.
        """
        if code not in self._found:
            self._found[code] = self._resolved(code)
        return self._found[code]

    def _resolved(self, code: str) -> dict[str, bool]:
        tree = industries()
        if code in tree:
            below = children_of()[code]
            return self._of_all([self.of(part) for part in below]) if below else self._covering(code)
        if in_section(code):
            return dict.fromkeys(self.of(longest_prefix(code) or code[:2]), False)
        found = self._covering(code)
        if code in self._above:
            under = (link.target for own, links in self._links.items() if own.startswith(code) for link in links)
            found = dict.fromkeys([*found, *under], False)
        return found

    def _covering(self, code: str) -> dict[str, bool]:
        """Give the classes of the longest code that has a link and with which the code begins."""
        for length in range(len(code), 1, -1):
            if code[:length] in self._links:
                return {link.target: not link.partial for link in self._links[code[:length]]}
        return {link.target: not link.partial for link in self._links.get("C", ()) if in_section(code)}

    def _of_all(self, parts: list[dict[str, bool]]) -> dict[str, bool]:
        targets = dict.fromkeys(target for part in parts for target in part)
        return {target: all(part.get(target, False) for part in parts) for target in targets}
