"""Official classification: industry codes to their classes, and totals of schemes as lower and upper bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._arrays import TEXT, data_of, value_column
from xxmfg._columns import entries_of
from xxmfg._crosswalk import Crosswalk, Membership, linked_scheme
from xxmfg._schemes import INDUSTRIES, industries, longest_prefix, plain_code, scheme_of, why_no_code
from xxmfg._statistics import TOTAL, quotient
from xxmfg.aggregate import accumulate
from xxmfg.errors import XxmfgError
from xxmfg.grouping import Keys, check_lengths, keys_of
from xxmfg.table import Table
from xxmfg.threads import get_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from xxmfg._schemes import Scheme

__all__ = ["Crosswalk", "classes", "classify", "scheme_totals", "share_change"]

BETWEEN = "；"  # several classes of one code
WHOLE = "total"  # the line of all classes
NAMED = 4  # of the codes that are none, after the first
ANY = ""  # stands for every class


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
        them all, with ； between.

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
    rows, texts = _distinct(codes)
    if found is not None and found.links is None:
        table = _own_classes(found, rows, texts, argument, called)
    else:
        plain = _plain_codes(rows, texts, argument, called)
        table = _in_tree(plain) if found is None else _in_scheme(found, plain)
    worded = [name for name in table if name != "level"]
    labels = tuple(np.array(table[name], dtype=TEXT) for name in worded)
    columns = dict(zip(worded, _core.texts(labels, rows, get_threads()), strict=True))
    if "level" in table:
        columns["level"] = np.array(table["level"], dtype=np.int64)[rows]
    return Table({name: columns[name] for name in table}, note="" if found is None else found.note)


def _distinct(codes: Any) -> tuple[NDArray[np.int32], list[str | None]]:
    """Give each row's place among the distinct texts, in the order of their first rows; the last is none, at -1."""
    keys = keys_of(codes, "codes", "codes")
    if len(keys.columns) != 1:
        raise TypeError(f"codes must be one column, not {len(keys.columns)}")
    places, _, raw = _core.group(keys.left_out().columns, False)
    (labels,) = keys.labels(raw).values()
    if labels.dtype.kind not in "TU" and len(labels):
        raise TypeError(f"codes must be text, not {labels.dtype}: numbers lose leading zeros")
    texts: list[str | None] = [*entries_of(labels), None]
    return places, texts


def _plain_codes(
    rows: NDArray[np.int32], texts: list[str | None], argument: str, called: Callable[[int], str]
) -> list[str | None]:
    plain: list[str | None] = []
    wrong = []
    for place, text in enumerate(texts):
        stripped = (text or "").strip()
        plain.append(plain_code(stripped))
        if stripped and plain[-1] is None:
            wrong.append(place)
    if wrong:
        raise XxmfgError(f"{argument}: {_wrong_codes(rows, texts, wrong, called)}")
    return plain


def _wrong_codes(
    rows: NDArray[np.int32], texts: list[str | None], wrong: list[int], called: Callable[[int], str]
) -> str:
    """Say what is wrong with the first code that is none, name a few more, and count the records of all."""
    first, *others = wrong  # by place, so by first row
    says = f"{called(_first(rows, first))}: {why_no_code(texts[first] or '')}"
    if others:
        few = ", ".join(f"{texts[other]!r} in {called(_first(rows, other))}" for other in others[:NAMED])
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        is_wrong = np.zeros(len(texts), dtype=np.bool_)
        is_wrong[wrong] = True
        says += f"; neither are {few}{more}: {is_wrong[rows].sum():,} records have codes that are none"
    return says


def _first(rows: NDArray[np.int32], place: int) -> int:
    return int((rows == place).argmax())


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
                f"{argument}: {called(_first(rows, place))}: {code!r} is no class of {scheme.name}, and no crosswalk "
                f"from {INDUSTRIES} to it is installed: give crosswalk= (--crosswalk)"
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
    if parent is not None and parent not in entries:
        raise XxmfgError(f"parent {parent!r} is no class of {INDUSTRIES if found is None else found.name}")
    kept = [(code, *entry) for code, entry in entries.items() if parent in {None, entry.parent}]
    columns = zip(*kept, strict=True) if kept else ((), (), (), ())
    code, name, level, above = map(list, columns)
    text = {"code": code, "name": name, "parent": above}
    arrays = {key: np.array(column, dtype=TEXT) for key, column in text.items()}
    arrays["level"] = np.array(level, dtype=np.int64)
    return Table({key: arrays[key] for key in ("code", "name", "level", "parent")})


def scheme_totals(values: ArrayLike, codes: ArrayLike, scheme: str, crosswalk: Crosswalk | None = None) -> Table:
    """Give the total of each class of a scheme, and of the scheme, as a lower and an upper bound.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        Output, employment …; missing ones are skipped.
    codes : array_like of str, shape (n,)
        Their industries, as for `classify`.
    scheme : str
        A scheme to which a crosswalk leads, installed or given, as for `classify`.
    crosswalk : Crosswalk, optional
        Which codes lead to which classes.

    Returns
    -------
    Table
        A row a class to which a code leads, in the order of the scheme, and a last row `total` of the whole scheme:
        `scheme class name lower upper lower_share upper_share`. `lower` has what surely belongs; `upper` also what
        perhaps belongs: industries that belong in part, codes that the edition does not have, records without a code
        (negative values go the other way). Shares are of the sum of all values, NaN where that is zero.

    Raises
    ------
    XxmfgError
        As `classify`.
    ValueError
        If lengths differ.
    TypeError
        If values are not numbers, or codes are.

    Examples
    --------
    >>> import xxmfg as xm
    >>> links = xm.Crosswalk(["391", "3521"], ["0201", "0202"], partial=["", "*"])
    >>> xm.scheme_totals([5.0, 2.0, 3.0], ["3911", "3521", "1311"], "三新统计分类(2018)", links)["upper"].tolist()
    [5.0, 2.0, 7.0]
    """
    held = value_column(values, "values")
    found = linked_scheme(scheme, crosswalk)
    if found is None or found.links is None:
        raise XxmfgError(f"scheme {scheme!r}: no crosswalk leads to it; sums by its own codes are what aggregate gives")
    rows, texts = _distinct(codes)
    check_lengths(Keys(("codes",), (rows,), (None,)), (("values", held),), "codes")
    belonging = _belonging(found, rows, texts)
    present = [code for code in found.classes if any(code in own for own in belonging)]
    keys = keys_of({"place": rows, "below": np.asarray(data_of(held) < 0)})
    state, labels, (sums,) = accumulate(keys, (held,), (TOTAL,), True)
    groups = list(zip(labels["place"].tolist(), labels["below"].tolist(), strict=True))
    bounds = {}
    for bound in ("lower", "upper"):
        pairs = [
            (group, line)
            for group, (place, below) in enumerate(groups)
            for line, code in enumerate([*present, WHOLE])
            if _counts(belonging[place], code, below is (bound == "upper"))
        ]
        bounds[bound] = _sums_of(state, pairs, len(present) + 1)
    (total,) = _sums_of(state, [(group, 0) for group in range(len(sums))], 1)
    columns: dict[str, NDArray[Any]] = {
        "scheme": np.full(len(present) + 1, found.name, dtype=TEXT),
        "class": np.array([*present, WHOLE], dtype=TEXT),
        "name": np.array([*(found.classes[code].name for code in present), ""], dtype=TEXT),
    }
    ends = [quotient(column, np.full(len(column), total)) for column in bounds.values()]
    shares = {
        "lower_share": np.minimum(*ends),
        "upper_share": np.maximum(*ends),
    }  # below zero dividing turns them round
    return Table(columns | bounds | shares, percent=tuple(shares), note=found.note)


def _belonging(scheme: Scheme, rows: NDArray[np.int32], texts: list[str | None]) -> list[dict[str, bool]]:
    """Give for each distinct text the classes to which it belongs, surely or perhaps, and WHOLE for the scheme.

    ANY stands for every class: the text is missing or the edition does not have the code.
    """
    membership = Membership(scheme.links or {})
    found = []
    for code in _plain_codes(rows, texts, "codes", "row {}".format):
        match = "possible" if code is None else membership.match(code)
        own = {} if code is None else membership.of(code)
        anywhere = {ANY: False} if match == "possible" and not own else {}
        found.append({} if match == "no" else own | anywhere | {WHOLE: match == "yes"})
    return found


def _counts(own: dict[str, bool], code: str, surely: bool) -> bool:
    """Tell whether what belongs as `own` says counts for a class: surely, or also perhaps."""
    belongs = own.get(code, own.get(ANY))
    return bool(belongs) if surely else belongs is not None


def _sums_of(state: Any, pairs: list[tuple[int, int]], n: int) -> NDArray[np.float64]:
    """Add groups of a state into lines."""
    groups, lines = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    folded = _core.fold(state, np.ascontiguousarray(groups), np.ascontiguousarray(lines), n)
    return np.asarray(_core.statistics(folded, (TOTAL,))[0], dtype=np.float64)


def share_change(base: Table, current: Table, across_schemes: bool = False) -> Table:
    """Give how the shares of a scheme's classes changed between two tables of `scheme_totals`.

    Parameters
    ----------
    base, current : Table
        What `scheme_totals` gave of two periods or two places.
    across_schemes : bool, optional
        Whether totals under two schemes, or of two crosswalks, may be compared: classes of one code must then mean the
        same.

    Returns
    -------
    Table
        `class name change_lower change_upper`, a row a class that both tables have; a change of shares of 0.01 is one
        percentage point.

    Raises
    ------
    XxmfgError
        If the tables are of two schemes and `across_schemes` is not said.
    ColumnError
        If a table is not one of `scheme_totals`.

    Examples
    --------
    >>> import xxmfg as xm
    >>> scheme = "高技术产业(制造业)分类(2017)"
    >>> base = xm.scheme_totals([1.0, 3.0], ["2710", "1311"], scheme)
    >>> current = xm.scheme_totals([2.0, 2.0], ["2710", "1311"], scheme)
    >>> xm.share_change(base, current)["change_lower"].tolist()
    [0.25, 0.25]
    """
    schemes = [sorted(set(entries_of(table["scheme"]))) for table in (base, current)]
    if schemes[0] != schemes[1] and not across_schemes:
        first, second = (", ".join(names) for names in schemes)
        raise XxmfgError(f"the shares are under two schemes, {first} and {second}: say across_schemes=True to compare")
    lines = [{code: row for row, code in enumerate(entries_of(table["class"]))} for table in (base, current)]
    both = [code for code in lines[1] if code in lines[0]]
    was, now = ([held[code] for code in both] for held in lines)
    change = {
        "change_lower": current["lower_share"][now] - base["upper_share"][was],
        "change_upper": current["upper_share"][now] - base["lower_share"][was],
    }
    names = current["name"][now]
    return Table({"class": np.array(both, dtype=TEXT), "name": names} | change, percent=tuple(change))
