"""Official classification: industry codes to their classes, in GB/T 4754-2017 or a scheme derived from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._arrays import TEXT
from xxmfg._codes import distinct, first_row, plain_codes
from xxmfg._crosswalk import Crosswalk, Membership, linked_scheme
from xxmfg._schemes import INDUSTRIES, industries, longest_prefix, plain_code, scheme_of
from xxmfg._totals import scheme_totals, share_change
from xxmfg.errors import XxmfgError
from xxmfg.table import Table
from xxmfg.threads import get_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from xxmfg._schemes import Scheme

__all__ = ["Crosswalk", "classes", "classify", "scheme_totals", "share_change"]

BETWEEN = "；"  # several classes of one code


def classify(codes: ArrayLike, scheme: str = INDUSTRIES, crosswalk: Crosswalk | None = None) -> Table:
    """Give the official class of each industry code.

    Codes are text. Blanks around a code, a C before it and full-width digits are taken off or made plain; anything else
    that is no code of 2 to 4 digits raises, and never counts as a silent `no`.

    Parameters
    ----------
    codes : array_like of str, shape (n,)
        Industry codes of GB/T 4754-2017 at any level; a missing or blank one stays missing. Of a scheme for which no
        crosswalk is installed or given, the codes of its own classes.
    scheme : str, optional
        ``GB/T 4754-2017`` (section C: 31 divisions, 179 groups, 609 classes), ``高技术产业(制造业)分类(2017)``,
        ``三新统计分类(2018)``, ``战略性新兴产业分类(2018)``, or with a crosswalk a scheme of one's own.
    crosswalk : Crosswalk, optional
        Which codes lead to which classes.

    Returns
    -------
    Table
        A row a code, in their order. Of GB/T 4754-2017: `code name level parent match`; `match` is `yes`, or `no` where
        the edition has no such code in section C: level 0, and `parent` the longest part of the code that it has. Of a
        scheme: `code class name match`; `yes` where all of the industry belongs to the scheme, `possible` where perhaps
        only a part does or the edition does not have the code, `no` where nothing does. A code of several classes names
        them all, with ； between. The note says whose codes they were read as where they are not of GB/T 4754-2017, and
        which codes of a crosswalk nobody could check.

    Raises
    ------
    XxmfgError
        If a text is no code (it names the row), the scheme or edition is not installed, or a scheme without crosswalk
        is given codes that are not its own.
    TypeError
        If codes are numbers, which lose leading zeros.

    Notes
    -----
    高技术产业（制造业）2017 has its 85 codes from one second-hand source; of 三新 2018 and 战新 2018 the names alone
    could be found, no official crosswalk.

    Examples
    --------
    >>> import xxmfg as xm
    >>> t = xm.classify(["C3963", "3610"])
    >>> t["name"].tolist(), t["match"].tolist()
    (['智能无人飞行器制造', None], ['yes', 'no'])
    >>> xm.classify(["2710", "27", "1311"], "高技术产业(制造业)分类(2017)")["match"].tolist()
    ['yes', 'yes', 'no']
    """
    return classified(codes, scheme, crosswalk, "codes", "row {}".format)


def classified(
    codes: Any, scheme: str, crosswalk: Crosswalk | None, argument: str, called: Callable[[int], str]
) -> Table:
    """Give what `classify` gives; `argument` and `called` say what errors call the codes, and a row of them."""
    found = linked_scheme(scheme, crosswalk)
    rows, texts = distinct(codes, argument)
    note = "" if found is None else found.note
    if found is not None and found.links is None:
        table = _own_classes(found, rows, texts, argument, called)
        note = f"codes read as classes of {found.name}, not as industries of {INDUSTRIES}; {note}"
    else:
        plain = plain_codes(rows, texts, argument, called)
        table = _in_tree(plain) if found is None else _in_scheme(found, plain)
    worded = [name for name in table if name != "level"]
    labels = tuple(np.array(table[name], dtype=TEXT) for name in worded)
    columns = dict(zip(worded, _core.texts(labels, rows, get_threads()), strict=True))
    if "level" in table:
        columns["level"] = np.array(table["level"], dtype=np.int64)[rows]
    return Table({name: columns[name] for name in table}, note=note)


def _in_tree(codes: list[str | None]) -> dict[str, list[Any]]:
    tree = industries()
    table: dict[str, list[Any]] = {name: [] for name in ("code", "name", "level", "parent", "match")}
    for code in codes:
        entry = tree.get(code or "")
        if entry is not None:
            line: tuple[Any, ...] = (code, *entry, "yes")
        else:
            line = (code, None, 0, longest_prefix(code) if code else None, "no" if code else None)
        for entries, cell in zip(table.values(), line, strict=True):
            entries.append(cell)
    return table


def _in_scheme(scheme: Scheme, codes: list[str | None]) -> dict[str, list[Any]]:
    membership = Membership(scheme.links or {})
    table: dict[str, list[Any]] = {"code": codes, "class": [], "name": [], "match": []}
    for code in codes:
        found = membership.of(code) if code else {}
        table["class"].append(BETWEEN.join(found) or None)
        table["name"].append(BETWEEN.join(scheme.classes[target].name for target in found) or None)
        table["match"].append(membership.match(code) if code else None)
    return table


def _own_classes(
    scheme: Scheme, rows: NDArray[np.int32], texts: list[str | None], argument: str, called: Callable[[int], str]
) -> dict[str, list[Any]]:
    """Take codes as those of the scheme's own classes."""
    codes = [None if text is None or not text.strip() else text.strip() for text in texts]
    for place, code in enumerate(codes):
        if code is not None and code not in scheme.classes:
            raise XxmfgError(
                f"{argument}: {called(first_row(rows, place))}: {code!r} is no class of {scheme.name}, and no "
                f"crosswalk from {INDUSTRIES} to it is installed: give crosswalk= (--crosswalk)"
            )
    names = [scheme.classes[code].name if code else None for code in codes]
    return {"code": codes, "class": codes, "name": names, "match": ["yes" if code else None for code in codes]}


def classes(scheme: str = INDUSTRIES, parent: str | None = None) -> Table:
    """Give the classes of an installed scheme, or those right under one of them.

    Parameters
    ----------
    scheme : str, optional
        The scheme, as for `classify`.
    parent : str, optional
        The class whose children are given; of GB/T 4754-2017 ``C`` has the divisions.

    Returns
    -------
    Table
        `code name level parent`, in the order of the standard.

    Raises
    ------
    XxmfgError
        If the scheme is not installed or has no such parent.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.classes(parent="396")["name"].tolist()
    ['可穿戴智能设备制造', '智能车载设备制造', '智能无人飞行器制造', '服务消费机器人制造', '其他智能消费设备制造']
    """
    found = scheme_of(scheme)
    entries = industries() if found is None else found.classes
    if found is None and isinstance(parent, str):
        parent = plain_code(parent) or parent
    if parent is not None and parent not in entries:
        raise XxmfgError(f"parent {parent!r} is no class of {INDUSTRIES if found is None else found.name}")
    kept = [(code, *entry) for code, entry in entries.items() if parent in {None, entry.parent}]
    columns = zip(*kept, strict=True) if kept else ((), (), (), ())
    code, name, level, above = map(list, columns)
    text = {"code": code, "name": name, "parent": above}
    arrays = {key: np.array(column, dtype=TEXT) for key, column in text.items()}
    arrays["level"] = np.array(level, dtype=np.int64)
    return Table({key: arrays[key] for key in ("code", "name", "level", "parent")})
