"""Totals of the classes of a scheme as lower and upper bounds, and how shares changed between two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._arrays import TEXT, data_of, value_column
from xxmfg._codes import distinct, plain_codes
from xxmfg._columns import entries_of
from xxmfg._crosswalk import Crosswalk, Membership, linked_scheme, sign_of
from xxmfg._statistics import TOTAL, quotient
from xxmfg.aggregate import accumulate
from xxmfg.errors import DuplicateError, XxmfgError
from xxmfg.grouping import Keys, check_lengths, keys_of
from xxmfg.table import Table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from xxmfg._schemes import Scheme

__all__ = ["scheme_totals", "share_change"]

WHOLE = "total"  # the line of all classes
ANY = ""  # stands for every class


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
        `scheme crosswalk class name lower upper lower_share upper_share`. `crosswalk` is a sign of the links by which
        codes lead to classes: the same for the same links, in whatever order. `lower` has what surely belongs; `upper`
        also what perhaps belongs: industries that belong in part, codes that the edition does not have, records
        without a code (negative values go the other way); a class has what the classes below it have. Shares are of
        the sum of all values, NaN where that is zero.

    Raises
    ------
    XxmfgError
        As `classify`; if no crosswalk leads to the scheme, or a class of it is called `total`.
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
    if WHOLE in found.classes:
        raise XxmfgError(f"crosswalk: it leads to a class {WHOLE!r}, as the last row is called: name it otherwise")
    rows, texts = distinct(codes)
    check_lengths(Keys(("codes",), (rows,), (None,)), (("values", held),), "codes")
    belonging = _belonging(found, rows, texts)
    led_to = set().union(*belonging)
    present = [code for code in found.classes if code in led_to]
    belonging = [_with_parents(own, found) for own in belonging]
    keys = keys_of({"place": rows, "below": np.asarray(data_of(held) < 0)})
    state, labels, (sums,) = accumulate(keys, (held,), (TOTAL,), True)
    groups = list(zip(labels["place"].tolist(), labels["below"].tolist(), strict=True))
    lines = {code: line for line, code in enumerate([*present, WHOLE])}
    bounds = {}
    for bound in ("lower", "upper"):
        pairs = [
            (group, line)
            for group, (place, below) in enumerate(groups)
            for line in _lines_of(belonging[place], lines, below is (bound == "upper"))
        ]
        bounds[bound] = _sums_of(state, pairs, len(lines))
    (total,) = _sums_of(state, [(group, 0) for group in range(len(sums))], 1)
    columns: dict[str, NDArray[Any]] = {
        "scheme": np.full(len(present) + 1, found.name, dtype=TEXT),
        "crosswalk": np.full(len(present) + 1, sign_of(found.links), dtype=TEXT),
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
    for code in plain_codes(rows, texts, "codes", "row {}".format):
        match = "possible" if code is None else membership.match(code)
        own = {} if code is None else membership.of(code)
        anywhere = {ANY: False} if match == "possible" and not own else {}
        found.append({} if match == "no" else own | anywhere | {WHOLE: match == "yes"})
    return found


def _with_parents(own: dict[str, bool], scheme: Scheme) -> dict[str, bool]:
    """Add the classes above: a class holds what those below it hold."""
    held = dict(own)
    for code, surely in own.items():
        above = scheme.classes[code].parent if code in scheme.classes else None
        while above is not None:
            held[above] = held.get(above, False) or surely
            above = scheme.classes[above].parent
    return held


def _lines_of(own: dict[str, bool], lines: dict[str, int], surely: bool) -> list[int]:
    """Give the lines for which what belongs as `own` says counts: surely, or also perhaps."""
    codes = lines if ANY in own and not surely else own
    return [lines[code] for code in codes if code in lines and (own.get(code, False) or not surely)]


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
        percentage point. Classes that one of them alone has are named in the note.

    Raises
    ------
    XxmfgError
        If the tables are of two schemes or two crosswalks and `across_schemes` is not said.
    DuplicateError
        If a table has a class twice, as those of several years put together have.
    TypeError, ColumnError
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
    for name, table in (("base", base), ("current", current)):
        if not hasattr(table, "columns"):
            raise TypeError(f"{name} must be a table of scheme_totals, not {table!r}")
    if not across_schemes:
        for column, which in (("scheme", "under two schemes"), ("crosswalk", "of two crosswalks")):
            held = list(dict.fromkeys([*entries_of(base[column]), *entries_of(current[column])]))
            if len(held) > 1:
                told = ", ".join(held[:-1]) + f" and {held[-1]}"
                raise XxmfgError(f"the shares are {which}, {told}: say across_schemes=True to compare")
    was, now = _rows_of(base, "base"), _rows_of(current, "current")
    both = [code for code in now if code in was]
    before, after = ([held[code] for code in both] for held in (was, now))
    change = {
        "change_lower": current["lower_share"][after] - base["upper_share"][before],
        "change_upper": current["upper_share"][after] - base["lower_share"][before],
    }
    columns = {"class": np.array(both, dtype=TEXT), "name": current["name"][after]} | change
    alone = [f"{code} (base alone)" for code in was if code not in now]
    alone += [f"{code} (current alone)" for code in now if code not in was]
    note = f"classes of one table: {', '.join(alone)}" if alone else ""
    return Table(columns, percent=tuple(change), note=note)


def _rows_of(table: Table, name: str) -> dict[str, int]:
    """Give the row of each class."""
    rows: dict[str, int] = {}
    for row, code in enumerate(entries_of(table["class"])):
        if rows.setdefault(code, row) != row:
            raise DuplicateError(f"{name}: class {code!r} stands in rows {rows[code]} and {row}; compare two tables")
    return rows
