"""Crosswalks: which classes of a scheme industry codes lead to, wholly or in part, and what follows for any code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

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
    from os import PathLike

    from numpy.typing import ArrayLike

__all__ = ["Crosswalk", "Membership", "linked_scheme"]

WHOLE, PARTIAL = {"", "0", "否", "no", "false", "全部"}, {"*", "＊", "1", "是", "yes", "true", "部分"}
COLUMNS = ("code", "target", "partial", "edition")


class Crosswalk:
    """Which classes of a scheme the codes of GB/T 4754-2017 lead to; supplied by the user.

    A code of any level stands for all codes below it that have no line of their own. A code that leads to a class only
    in part (the standards mark it with a star) makes a `possible`, never a `yes`.

    Parameters
    ----------
    code : array_like of str, shape (n,)
        Industry codes; those of section C must be in the edition of 2017.
    target : array_like of str, shape (n,)
        The codes or the names of the classes to which they lead.
    partial : array_like of bool or str, shape (n,), optional
        Whether only a part of the industry belongs to the class: True, ``*``, 1, 是, yes; False, empty, 0, 否, no.
    edition : str or array_like of str, optional
        The edition of the codes, which must be that of 2017.

    Raises
    ------
    XxmfgError
        If a code is unknown or malformed, another edition is named, or a mark is not one of those above.
    DuplicateError
        If a code leads to one class twice.
    ValueError
        If lengths differ.

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
        codes, targets = _texts(code, "code"), _texts(target, "target")
        partials = [""] * len(codes) if partial is None else _texts(partial, "partial")
        editions = [edition] * len(codes) if isinstance(edition, str) else _texts(edition, "edition")
        for name, column in (("target", targets), ("partial", partials), ("edition", editions)):
            if len(column) != len(codes):
                raise ValueError(f"code has {len(codes)} rows, {name} has {len(column)}: lengths must be equal")
        links: dict[str, tuple[Link, ...]] = {}
        for row, line in enumerate(zip(codes, targets, partials, editions, strict=True)):
            own, link = _line(row, *line)
            held = links.get(own, ())
            if any(link.target == other.target for other in held):
                raise DuplicateError(f"crosswalk row {row}: code {own} leads to {link.target!r} twice; keep one line")
            links[own] = (*held, link)
        self.links = links

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
            If it is no text, a column is not there or is there twice, or a line is wrong or none is there; rows are
            counted from 0 below the names.
        OSError
            If the file cannot be read.
        """
        columns = _read(path)
        try:
            return cls(**columns)
        except XxmfgError as error:
            raise type(error)(f"{path}: {error}") from None

    def __len__(self) -> int:
        return sum(map(len, self.links.values()))

    def __repr__(self) -> str:
        return f"Crosswalk({len(self):,} lines, {len(self.links):,} codes of {INDUSTRIES})"


def _read(path: str | PathLike[str]) -> dict[str, Any]:
    """Give the columns of a file that make a crosswalk, as texts."""
    import csv
    from io import StringIO
    from pathlib import Path

    content = Path(path).read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise XxmfgError(f"{path}: its text is neither UTF-8 nor GB18030") from None
    names, *lines = filter(None, csv.reader(StringIO(text, newline=""))) if text.strip() else [[]]
    for name in COLUMNS:
        if name in ("code", "target") and name not in names:
            raise XxmfgError(f"{path}: a crosswalk has the columns {', '.join(COLUMNS)}; there is no {name!r}")
        if names.count(name) > 1:
            raise XxmfgError(f"{path}: two columns are called {name!r}; rename one")
    if not lines:
        raise XxmfgError(f"{path}: there is no line below the names of the columns: no code would lead anywhere")
    for row, line in enumerate(lines):
        if len(line) != len(names):
            raise XxmfgError(f"{path}: crosswalk row {row}: expected {len(names)} fields, found {len(line)}")
    return {name: [line[names.index(name)] for line in lines] for name in COLUMNS if name in names}


def _texts(given: Any, name: str) -> list[str]:
    """Give a column of text, its missing entries as empty ones, marks that are bools as 1 and empty."""
    if isinstance(given, (str, bytes)) or not hasattr(given, "__iter__"):
        raise TypeError(f"crosswalk {name} must be a column (1-D array-like), not {given!r}")
    texts = []
    for row, entry in enumerate(given.to_pylist() if hasattr(given, "to_pylist") else given):
        if isinstance(entry, (bool, np.bool_)) and name == "partial":
            texts.append("1" if entry else "")
        elif entry is None or entry != entry:  # noqa: PLR0124 -- NaN
            texts.append("")
        elif isinstance(entry, str):
            texts.append(str(entry))
        else:
            raise TypeError(f"crosswalk {name} must be text, but row {row} is {entry!r}: numbers lose leading zeros")
    return texts


def _line(row: int, code: str, target: str, partial: str, edition: str) -> tuple[str, Link]:
    """Check one line of a crosswalk."""
    own = plain_code(code)
    if own is None:
        raise XxmfgError(f"crosswalk row {row}: {why_no_code(code)}")
    if in_section(own) and own not in industries():
        raise XxmfgError(f"crosswalk row {row}: {INDUSTRIES} has no code {own}")
    if not names_edition(edition):
        raise XxmfgError(f"crosswalk row {row}: edition {edition!r}; only codes of {INDUSTRIES} are known")
    if not target.strip():
        raise XxmfgError(f"crosswalk row {row}: code {own} has no target")
    mark = partial.strip().lower()
    if mark not in WHOLE | PARTIAL:
        raise XxmfgError(f"crosswalk row {row}: partial {partial!r} is no mark; give * or nothing")
    return own, Link(target.strip(), mark in PARTIAL)


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
        raise XxmfgError(f"crosswalk: it leads to the classes of a scheme; name it, for scheme is {name!r}")
    by_name = {entry.name: code for code, entry in scheme.classes.items()}
    parents = {entry.parent for entry in scheme.classes.values()}
    links = {}
    for code, held in crosswalk.links.items():
        merged: dict[str, bool] = {}
        for link in held:
            target = by_name.get(link.target) or _class_over(link.target, scheme, parents)
            if target is None:
                raise XxmfgError(f"crosswalk: code {code} leads to {link.target!r}, which is no class of {scheme.name}")
            merged[target] = merged.get(target, True) and link.partial
        links[code] = tuple(Link(target, partial) for target, partial in merged.items())
    return scheme._replace(links=links, note="crosswalk of the user")


def _own_scheme(name: str, crosswalk: Crosswalk) -> Scheme:
    """Give the scheme whose classes are the targets of a crosswalk."""
    targets = {link.target for links in crosswalk.links.values() for link in links}
    classes = {target: Entry(target, 1, None) for target in sorted(targets)}
    return Scheme(name, classes, crosswalk.links, f"crosswalk of the user; its targets are the classes of {name!r}")


def _class_over(target: str, scheme: Scheme, parents: set[str | None]) -> str | None:
    """Give a class by its code, or the one of the finest installed level in which a finer code lies."""
    if target in scheme.classes:
        return target
    above = next((target[:n] for n in range(len(target), 0, -1) if target[:n] in scheme.classes), None)
    return above if re.fullmatch(r"[\d.]+", target) and above not in parents else None


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
