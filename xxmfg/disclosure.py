"""What may be published: cells that would tell of an enterprise, by the rules of statistical offices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xxmfg import _core
from xxmfg._arrays import TEXT
from xxmfg._cells import Cells, cells_of, contributions_of
from xxmfg._rules import rules_of
from xxmfg._statistics import quotient
from xxmfg.grouping import keys_of
from xxmfg.table import Table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["disclosure"]

RESULTS = ("n_contributors", "status", "total", "largest_share", "reason")
STATUSES = np.array(["publish", "primary", "missing"], dtype=TEXT)
NOTE = "primary: not for publication; missing: no record of the cell has a value"


def disclosure(
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
    reveal: bool = False,
) -> Table:
    """Tell which cells of a table would disclose what an enterprise reported.

    Parameters
    ----------
    values : array_like of numbers, shape (n,)
        What was reported; missing ones contribute nothing.
    by : array_like, tuple or mapping of array_like, or Grouping
        The keys of the cells, each of shape (n,).
    contributor : array_like, shape (n,), optional
        Whose value it is: values of one are summed within each cell first. A record without one is one by itself, and
        without this argument each record is.
    min_count : int, optional
        A cell of fewer contributors is sensitive; 1 asks for none.
    dominance : (n, k), optional
        A cell whose n largest contributors have the part k (0 … 1) of it is sensitive.
    p_percent : float, optional
        A cell is sensitive where its second largest contributor could guess the largest within p % (0 … 100): where
        X - x_1 - x_2 < p % of x_1, X being the total and x_1, x_2 the two largest.
    pq : (p, q), optional
        The same where everybody knows the others within q % before: X - x_1 - x_2 < p / q of x_1.
    boundary : {"ge", "gt"}, optional
        Whether a part of just k is sensitive, or only one above k.
    holding : array_like, shape (n,), optional
        To which group of enterprises a contributor belongs: the group is one contributor.
    zeros : {"publish", "suppress"}, optional
        Whether a cell to which all contribute zero may be published.
    negatives : {"absolute", "raise"}, optional
        Whether negative contributions count by their absolute values, in the total of a rule too, or are refused.
    reveal : bool, optional
        For the office's own eyes: adds what must not leave it.

    Returns
    -------
    Table
        A row a cell that occurs: `n_contributors` that have a value, and `status`: `publish`, `primary` (sensitive by
        itself), or `missing` where nobody has a value. With `reveal` also `total`, `largest_share` (of the sum of
        absolute contributions, NaN where that is zero) and `reason`: the rules that struck, joined by +.

    Raises
    ------
    XxmfgError
        If a rule is out of range, a contributor belongs to two holdings, a total is not finite, or a contribution is
        negative where that is refused.
    ValueError
        If lengths differ.
    TypeError
        If values are not numbers, or contributor or holding is more than one column.

    Notes
    -----
    Hundepool et al. (2012), Statistical Disclosure Control, chapter 4. The rules of dominance, p % and pq count what
    contributors give, so a zero changes none of them, but whoever reports zero is a contributor. This table says
    nothing of what a published total gives away: see `protect`.

    What lies at a boundary is at it in any unit, for decimals are rounded when they become doubles: a cell is there
    where (x_1 + … + x_n) / k, or x_1 + x_2 + p % of x_1, differs from X by no more than n + 8, or 10, units of 2^-53
    of X. By so much can rounding move it, of the values, of sums of them, and of what is made of those; not where
    records of one contributor are of both signs and nearly cancel, for then more is lost. Whole numbers are judged
    as they are: up to a total of 10^12 one unit more or less is off the boundary.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.disclosure([80, 20, 50, 25, 25], ["a", "a", "b", "b", "b"], min_count=2, dominance=(1, 0.8))
    key  n_contributors  status
    ---  --------------  -------
    a                 2  primary
    b                 3  publish
    primary: not for publication; missing: no record of the cell has a value
    2 rows × 3 columns
    """
    rules = rules_of(min_count, dominance, p_percent, pq, boundary, zeros, negatives)
    keys = keys_of(by)
    keys.check_names(RESULTS)
    cells = cells_of(contributions_of(values, contributor, holding), keys, rules.size, negatives)
    struck = rules.struck(cells)
    codes = np.where(cells.counts == 0, 2, np.any(list(struck.values()), axis=0)).astype(np.int32)
    (status,) = _core.texts((STATUSES,), codes, 1)
    columns = cells.labels | {"n_contributors": cells.counts, "status": status}
    if not reveal:
        return Table(columns, note=NOTE)
    columns["total"] = np.where(cells.counts > 0, cells.totals, np.nan)
    columns["largest_share"] = quotient(cells.largest[:, 0], cells.magnitudes)
    columns["reason"] = _reasons(cells, struck)
    return Table(columns, percent=("largest_share",), note=NOTE)


def _reasons(cells: Cells, struck: dict[str, NDArray[np.bool_]]) -> NDArray[Any]:
    """Name the rules that struck each cell."""
    names = list(struck)
    codes = np.zeros(len(cells.counts), dtype=np.int32)
    for place, flags in enumerate(struck.values()):
        codes += flags.astype(np.int32) << place
    combined = [
        "+".join(name for place, name in enumerate(names) if code >> place & 1) for code in range(1 << len(names))
    ]
    return _core.texts((np.array(combined, dtype=TEXT),), codes, 1)[0]
