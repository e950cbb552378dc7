"""The audit: whether printed figures can all be true, and which would have to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from xxmfg.table import Table

__all__ = ["AuditResult", "audit"]


class AuditResult(NamedTuple):
    """What an audit found.

    Parameters
    ----------
    relations : Table
        `id relation stated low high verdict needed note note_zh`, a row a relation in the order of their ids.
        `stated` is the printed number that the others are held against, `low` and `high` what they make of it, each
        by itself. `verdict` is `certain`, `compatible`, `fails`, `query`, `inferred`, `gap` or `undetermined`;
        `needed` says what figures would have to be, one of them, the others being right.
    conflicts : Table
        `conflict id kind verdict stated low high needed note note_zh`, a row a member of a minimal set that
        contradicts itself though each of its relations holds alone. `kind` is `figure` or `relation`; `low` and
        `high` are where the figure would have to lie, or what the left side of the relation less its right side would
        be, if the other members were true. `verdict` is `fails`, or `query` where the set rests on an approximate
        figure or a habit.
    unknowns : Table
        `name low high`, a row a name that is no figure.

    Examples
    --------
    >>> import xxmfg as xm
    >>> figures = {"id": ["a", "b", "t"], "value": ["1.5", "2.5", "4"], "unit": ["亿元"] * 3,
    ...            "qualifier": ["exact"] * 3, "decimals": [1, 1, 0]}
    >>> result = xm.audit(figures, ["R1: a + b = t", "R2: rest = t - a"])
    >>> result.unknowns
    name   low  high
    ----  ----  ----
    rest  2.45  2.55
    1 row × 3 columns
    """

    relations: Table
    conflicts: Table
    unknowns: Table

    @property
    def holds(self) -> bool:
        """Whether no relation fails and no set of them contradicts itself; queries and gaps do not count."""
        return "fails" not in {*self.relations["verdict"].tolist(), *self.conflicts["verdict"].tolist()}


def audit(
    figures: Any,
    relations: Any,
    *,
    truncated: bool = False,
    from_printed: bool = False,
    comparable: bool = False,
    approx: int = 1,
) -> AuditResult:
    """Tell whether printed figures can all be true, given what must hold between them.

    A printed figure stands for every number that is printed so. Each relation is held against these intervals by
    itself; then all together; of what cannot be true together, minimal sets are given. Nothing is called a
    contradiction that is not proved in exact rational arithmetic.

    Parameters
    ----------
    figures : path, Records, Table, dataframe or mapping
        Columns `id value unit qualifier decimals`, and where they are there `kind` (`threshold` is exact, `growth` a
        rate, `label` no quantity), `items` (the names of a list, separated by 、), `phrase`, `subject`, `indicator`.
        `value` is the number as printed, `decimals` how many it shows. `qualifier`: `exact`, `approx` 约, `above` 突破,
        `over` 余, `below` 不足, `at_least` 以上, `at_most` 以下, `range_lo`, `range_hi`, `from` 以来, `lower_bound`,
        `upper_bound`. A number of 户, 家, 个 … without decimals is an integer. A row without a value declares an
        unknown.
    relations : path, Records, Table, dataframe, mapping of id to relation, or list of lines
        Columns `id relation`, or lines ``R1: a + b = t``. A relation compares expressions of ids, constants, ``+ - *
        /``, brackets, `sum`, `count`, `distinct` and `rank` by ``= < <= > >=``, or lists classes: ``covers(a.., b..c,
        ..d)``. A name that is no figure is an unknown, and its interval is inferred. "?" in front (or behind the id)
        marks a habit of writing, which is a query at most. Rows without a relation are left out.
    truncated : bool, optional
        Whether digits were cut off instead of rounded.
    from_printed : bool, optional
        Whether shares and rates were computed from digits already rounded: then they are held against the printed
        digits, and bind no figure together with others.
    comparable : bool, optional
        Whether rates of growth are at comparable prices (可比价): then amounts at current prices do not bind them.
    approx : int, optional
        How many half units of its last digit a figure with 约 may be off.

    Returns
    -------
    AuditResult
        Three tables: `relations`, `conflicts`, `unknowns`. They do not depend on the order of the rows.

    Raises
    ------
    AuditError
        A figure or a relation cannot be read, an id comes twice, a relation names a figure that is not there, units do
        not match, figures are divided by what may be zero: with file, line and column.
    ColumnError
        A column is missing.
    ImportError
        SciPy is not installed: ``pip install xxmfg[audit]``.

    Notes
    -----
    Intervals: v ± ½·10⁻ᵈ. By itself, a relation is judged by interval arithmetic (Moore 1966); all
    together by contraction to a fixpoint, then by linear programs (HiGHS) in which products are bounded by
    McCormick's (1976) planes. Where a figure stands in several products that is a relaxation: a contradiction found
    is a proof, none found is not. A contradiction counts once a Farkas certificate holds in fractions. Minimal sets:
    a deletion filter (Chinneck 1991).

    Examples
    --------
    >>> import xxmfg as xm
    >>> figures = {"id": ["a", "b", "t"], "value": [5, 10, 14], "unit": ["户"] * 3,
    ...            "qualifier": ["exact"] * 3, "decimals": [0] * 3}
    >>> result = xm.audit(figures, ["R1: a + b = t"])
    >>> result.relations["verdict"].item(), result.relations["needed"].item()
    ('fails', 't: 15; a: 4; b: 9')
    >>> result.holds
    False
    """
    from xxmfg.audit.figures import Precision
    from xxmfg.audit.judgment import Reading
    from xxmfg.audit.program import require_solver
    from xxmfg.audit.result import audited

    require_solver()
    if not isinstance(approx, int) or isinstance(approx, bool) or approx < 1:
        raise ValueError(f"approx must be a whole number of half units, 1 or more, not {approx!r}")
    reading = Reading(Precision(truncated=truncated, approx=approx), from_printed=from_printed, comparable=comparable)
    return audited(figures, relations, reading)
