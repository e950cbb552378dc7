"""Tables that may be published: sensitive cells suppressed, and others so that nobody works them out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._arrays import TEXT
from xxmfg._cells import contributions_of
from xxmfg._columns import SUPPRESSED, entries_of
from xxmfg._earlier import DERIVED, KINDS, RESULTS, WHOLE, earlier_values
from xxmfg._frame import frame_of
from xxmfg._rules import rules_of
from xxmfg._statistics import quotient
from xxmfg._suppression import attack, suppressed_cells
from xxmfg.errors import XxmfgError
from xxmfg.grouping import keys_of
from xxmfg.table import Table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from xxmfg._frame import Frame

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

__all__ = ["protect"]

STATUSES = np.array(KINDS, dtype=TEXT)


def protect(
    values: ArrayLike,
    by: Any,
    contributor: Any = None,
    min_count: int = 3,
    dominance: tuple[int, float] | None = (1, 0.85),
    p_percent: float | None = None,
    pq: tuple[float, float] | None = None,
    boundary: str = "ge",
    holding: Any = None,
    zeros: str = "publish",
    negatives: str = "absolute",
    derived: Iterable[str] = (),
    base: Table | None = None,
) -> Table:
    """Give a table with its totals that may be published: what would disclose an enterprise is not in it.

    Cells that the rules of `disclosure` find sensitive are suppressed, then as few and as small others as keep anybody
    from working those out. The result is attacked before it is given.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        What was reported; missing ones contribute nothing.
    by : array_like, tuple or mapping of array_like, or Grouping
        One key, each of shape (n,), for a table with its total; two for a table with totals of rows and columns; three
        for a table of at most 1,000 cells with all its totals, which needs SciPy.
    contributor, min_count, dominance, p_percent, pq, boundary, holding, zeros, negatives
        Whose the values are, and the rules: as for `disclosure`.
    derived : iterable of {"share", "mean", "rate"}, optional
        Figures made from the cells: of the total of all, a contributor (a mean), against `base` (growth). One is given
        only where everything that it is made from is published.
    base : Table, optional
        What `protect` gave for an earlier period by the same keys, with all its totals, from which `rate` counts.

    Returns
    -------
    Table
        A row a cell that occurs, by rows, each row's total behind it and totals of columns last; keys are text, and
        ``total`` those of totals. `value` is the sum, NaN where suppressed; `status` is `publish`, `primary`
        (sensitive), `secondary` (suppressed to protect another) or `missing` (nobody has a value). Then `share`,
        `mean`, `rate` as asked. Exports write ``c`` for what is suppressed, and the note, which tells the cost; frames
        have them in columns of their own, `value_mark` … and `note`.

    Raises
    ------
    DisclosureError
        If no suppression makes the table safe: the total of all is itself sensitive, or a cell makes up nearly all; or
        if a table of three keys is too large.
    XxmfgError
        If a rule is out of range, there are more than three keys, a label is called ``total``, a total is not finite,
        or `base` has other keys, lacks a total, does not add up to one, or is given where no rate is asked for.
    ValueError
        If lengths differ.
    TypeError
        If values are not numbers, or contributor or holding is more than one column.
    ImportError
        If there are three keys and SciPy is not installed.

    See Also
    --------
    disclosure : which cells are sensitive, without suppressing others.

    Notes
    -----
    A sensitive cell X is safe where all that an outsider can say is an interval that covers X - u … X + u (as far as
    zero), with the protection level u of the rule struck (Hundepool et al. 2012, table 4.2): of dominance
    (x_1 + … + x_n) / k - X, of p % p x_1 - (X - x_1 - x_2), of pq the same with p / q, of the count a tenth of X; at
    least a hundredth of X. The outsider knows all published cells, and that contributions are not negative unless in a
    cell some are. The same must hold for each contributor, who also knows the cells to which nobody else contributes;
    for sums of a line's suppressed cells that published ones give away, taken as one cell; and for suppressed cells of
    one line that one enterprise leads.

    Sums that follow from several lines together are held against the rules too, all of them at once, by Farkas' lemma:
    in no sum of suppressed cells that follows from published ones does one enterprise dominate, by (1, k); nor is one
    of fewer than `min_count` contributors, for `min_count` up to 3. Of (n, k) with n above 1, p %, pq, and larger
    counts it is those who lead one of the cells, or contribute to one or to two that share a contributor, who break the
    rule in no such sum: others, each alone in cells of its own, are not put together. Nor do they in a sum that one of
    them knows who takes away cells to which nobody else contributes. Other differences of suppressed cells
    that are known are no sums of contributions, and not held against the rules; nor is what follows only with other
    tables of the same records.

    Totals but that of all may be suppressed; zeros are not. The cost that is kept small is the part of cells suppressed
    plus the part of the value. Bounds of cells in a two-way table are network flows (Cox 1995), in one of three keys
    linear programs (Fischetti, Salazar 2001): there, of more than 80 cells, none that was suppressed is given back,
    and of a line with more than nine suppressed cells not every part of a sum is looked at, but the whole.

    Examples
    --------
    >>> import xxmfg as xm
    >>> city = ["A"] * 4 + ["B"] * 4 + ["C"] * 4
    >>> xm.protect([90.0, 4, 3, 3, 10, 10, 10, 10, 25, 25, 25, 25], city)
    key    value  status
    -----  -----  ---------
    A          c  primary
    B          c  secondary
    C        100  publish
    total    240  publish
    c: suppressed so that no enterprise is disclosed (1 cell) or to protect those (1 cell); 58.3 % of the value
    4 rows × 3 columns
    """
    rules = rules_of(min_count, dominance, p_percent, pq, boundary, zeros, negatives)
    keys = keys_of(by)
    if len(keys.names) not in {1, 2, 3}:
        raise XxmfgError(f"by: one key makes a table, two or three do; there are {len(keys.names)}")
    keys.check_names(RESULTS)
    wanted = _wanted(derived, base)
    frame = frame_of(contributions_of(values, contributor, holding), by, rules, negatives)
    suppressed = suppressed_cells(frame)
    attack(frame, suppressed)
    return _published(frame, suppressed, wanted, base)


def _wanted(derived: Iterable[str], base: Table | None) -> tuple[str, ...]:
    if not isinstance(derived, Iterable):
        raise TypeError(f"derived must be names among {', '.join(DERIVED)}, not {derived!r}")
    wanted = (derived,) if isinstance(derived, str) else tuple(derived)
    for name in wanted:
        if name not in DERIVED:
            raise XxmfgError(f"derived: {name!r} is none of {', '.join(DERIVED)}")
    if "rate" in wanted and not (isinstance(base, Table) and {"value", "status"} <= set(base)):
        raise XxmfgError("base: a rate counts from what protect gave for an earlier period; give that table")
    if base is not None and "rate" not in wanted:
        raise XxmfgError('base: nothing counts from it but a rate; ask for derived="rate", or leave it out')
    return tuple(name for name in DERIVED if name in wanted)


def _published(frame: Frame, suppressed: Flags, wanted: tuple[str, ...], base: Table | None) -> Table:
    """Give what of a frame may be seen."""
    occurs = frame.counts >= 0
    if frame.is_line:
        occurs[-1, :-1] = False
        occurs[0, -1] = False
    places = np.nonzero(occurs)
    hidden, sensitive, counts = suppressed[occurs], frame.sensitive[occurs], frame.counts[occurs]
    table = {}
    for labels, place in zip(frame.labels, places[1:] if frame.is_line else places, strict=True):
        ((name, own),) = labels.items()
        table[name] = _texts(name, own)[place]
    codes = np.where(counts == 0, 3, np.where(sensitive, 1, np.where(hidden, 2, 0))).astype(np.int32)
    values = frame.totals[occurs]
    values[hidden | (counts == 0)] = np.nan
    columns_of = {"value": values, "status": _core.texts((STATUSES,), codes, 1)[0]}
    masks = {"value": hidden}
    figures: dict[str, tuple[Floats, Flags]] = {}
    if "share" in wanted:
        figures["share"] = quotient(values, np.full(len(values), frame.totals.flat[-1])), hidden
    if "mean" in wanted:
        figures["mean"] = quotient(values, counts.astype(np.float64)), hidden
    if "rate" in wanted and base is not None:
        before, unknown = earlier_values(table, base)
        figures["rate"] = quotient(values - before, np.where(before > 0, before, 0.0)), hidden | unknown
    for name, (figure, mask) in figures.items():
        columns_of[name], masks[name] = figure, mask
    note = _cost(frame, suppressed) if hidden.any() else ""
    percent = [name for name in wanted if name != "mean"]
    return Table(table | columns_of, percent=percent, note=note, suppressed=masks)


def _texts(name: str, labels: NDArray[Any]) -> NDArray[Any]:
    texts = [None if label is None else str(label) for label in entries_of(labels)]
    if WHOLE in texts:
        raise XxmfgError(f"by: a label of {name} is {WHOLE!r}, which is what the totals are called; name it otherwise")
    return np.array([*texts, WHOLE], dtype=TEXT)


def _cost(frame: Frame, suppressed: Flags) -> str:
    """Say what the protection costs, in numbers that anybody can read off the published table."""
    from fractions import Fraction

    shown = suppressed.copy()
    if frame.is_line:
        shown[-1] = False
    primary, secondary = (int((shown & flags).sum()) for flags in (frame.sensitive, ~frame.sensitive))
    inner, whole = frame.totals[frame.inner], float(frame.totals.flat[-1])
    hidden = float(inner[suppressed[frame.inner]].sum())
    part = f"; {float(100 * Fraction(hidden) / Fraction(whole)):.1f} % of the value" if whole > 0 else ""
    cells = [f"{n:,} cell{'' if n == 1 else 's'}" for n in (primary, secondary)]
    why = f"so that no enterprise is disclosed ({cells[0]}) or to protect those ({cells[1]})"
    return f"{SUPPRESSED}: suppressed {why}{part}"
