"""The claims as a linear program: solved by HiGHS through SciPy, believed only where fractions confirm it.

Products are replaced by the four planes that bound them in the box (McCormick 1976). Variables are scaled to the
half-widths of their intervals, and residuals formed in fractions first, so that the solver sees numbers near one.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xxmfg.audit.certificate import combination, confirmed
from xxmfg.audit.contraction import Contraction, Support
from xxmfg.audit.intervals import ZERO
from xxmfg.audit.system import DEFINITION, Line

if TYPE_CHECKING:
    from xxmfg.audit.system import Affine, System

__all__ = ["Program", "require_solver"]

TOLERANCE = 1e-7  # HiGHS's own, in half-widths
INSIDE = 1e-5  # how far an open end is drawn in, in half-widths, to see whether the rest needs it
SECONDS = 60.0


def require_solver() -> None:
    """Raise `ImportError` where SciPy is not installed."""
    from importlib.util import find_spec

    if find_spec("scipy") is None:
        raise ImportError("the audit needs scipy: pip install xxmfg[audit]", name="scipy")


class _Scale(NamedTuple):
    """A variable is origin + unit × u with u from low to high; unit 0 where it is one number."""

    origin: Fraction
    unit: Fraction
    low: float
    high: float
    low_open: bool
    high_open: bool


class Program:
    """The lines of a contracted system, its products linearized."""

    def __init__(self, system: System, contraction: Contraction) -> None:
        self.system = system
        self.contraction = contraction
        self.box = contraction.intervals
        self.lines: list[Line] = list(system.lines)
        self.rests_on: list[tuple[int, ...]] = [()] * len(system.lines)  # variables whose bounds made the line
        self.is_relaxed = False
        for w, x, y in system.products:
            self._linearize(w, x, y)
        self._scales = [
            _scale(interval.low, interval.high, interval.low_open, interval.high_open) for interval in self.box
        ]

    def _linearize(self, w: int, x: int, y: int) -> None:
        for fixed, other in ((x, y), (y, x)):
            if self.box[fixed].is_point:
                factor = Fraction(self.box[fixed].low)
                self._plane({w: Fraction(1)}, {other: -factor}, ZERO, "=", (fixed,))
                return
        self.is_relaxed = True
        for x_end, y_end, sign in (("low", "low", -1), ("high", "high", -1), ("low", "high", 1), ("high", "low", 1)):
            a, b = getattr(self.box[x], x_end), getattr(self.box[y], y_end)
            if isinstance(a, Fraction) and isinstance(b, Fraction):
                # (x − a)(y − b) has one sign in the box: ±(w − b x − a y + a b) ≤ 0
                self._plane({w: Fraction(sign), x: -sign * b}, {y: -sign * a}, sign * a * b, "<=", (x, y))

    def _plane(
        self, part: dict[int, Fraction], more: dict[int, Fraction], constant: Fraction, sign: str, on: tuple[int, ...]
    ) -> None:
        coefficients = dict(part)
        for variable, coefficient in more.items():
            coefficients[variable] = coefficients.get(variable, ZERO) + coefficient
        kept = {variable: coefficient for variable, coefficient in coefficients.items() if coefficient}
        self.lines.append(Line(kept, constant, sign, DEFINITION))
        self.rests_on.append(on)

    # ---- feasibility ----

    def refuted(self) -> Support | None:
        """Give what a proof of infeasibility rests on, or None where there is none."""
        has_open = any(s.low_open or s.high_open for s in self._scales if s.unit) or any(
            line.comparison == "<" for line in self.lines
        )
        for inside in (INSIDE, 0.0) if has_open else (0.0,):
            found = self._multipliers(inside)
            if found is None:
                return None
            exact = confirmed(self.lines, found, self.box)
            if exact is not None:
                return self._support(exact)
        return None

    def _support(self, multipliers: dict[int, Fraction]) -> Support:
        coefficients, _ = combination(self.lines, multipliers)
        variables = list(coefficients)
        claims = set()
        for i in multipliers:
            variables += self.rests_on[i]
            if self.lines[i].claim != DEFINITION:
                claims.add(self.lines[i].claim)
        rests = self.contraction.support_of(variables)
        return Support(rests.figures, rests.claims | claims)

    def _multipliers(self, inside: float) -> list[float] | None:
        """Minimize the sum of what the lines lack; give their multipliers, or None where nothing is lacking."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_array, hstack

        matrix, right, norms = self._matrix()
        strict = np.array([line.comparison == "<" for line in self.lines])
        right = right - inside * strict
        equal = np.array([line.comparison == "=" for line in self.lines])
        n_rows, n_variables = matrix.shape
        above = _diagonal(n_rows, -1.0)
        below = _diagonal(n_rows, 1.0)[:, np.flatnonzero(equal)]
        whole = csr_array(hstack([matrix, above, below]))
        n_slack = n_rows + int(equal.sum())
        cost = np.concatenate([np.zeros(n_variables), np.ones(n_slack)])
        bounds = np.vstack([self._bounds(inside), np.tile([0.0, inf], (n_slack, 1))])
        result: Any = linprog(  # type: ignore[call-overload]
            cost,
            A_ub=whole[~equal] if (~equal).any() else None,
            b_ub=right[~equal] if (~equal).any() else None,
            A_eq=whole[equal] if equal.any() else None,
            b_eq=right[equal] if equal.any() else None,
            bounds=bounds,
            method="highs",
            options={"time_limit": SECONDS},
        )
        if result.status != 0 or result.fun <= TOLERANCE:
            return None
        found = np.zeros(n_rows)
        if equal.any():
            found[equal] = -result.eqlin.marginals
        if (~equal).any():
            found[~equal] = -result.ineqlin.marginals
        return list((found / norms).tolist())

    # ---- ranges ----

    def extent(self, form: Affine) -> tuple[float, float]:
        """Give the least and the greatest value of a linear form; NaN where the solver gives up."""
        from scipy.optimize import linprog

        matrix, right, _ = self._matrix()
        equal = np.array([line.comparison == "=" for line in self.lines], dtype=bool)
        base = form[1] + sum((c * self._scales[v].origin for v, c in form[0].items()), ZERO)
        cost = np.zeros(matrix.shape[1])
        for variable, coefficient in form[0].items():
            cost[variable] = float(coefficient * self._scales[variable].unit)
        size = float(np.abs(cost).max(initial=0.0)) or 1.0
        ends = []
        for sign in (1.0, -1.0):
            result: Any = linprog(
                sign * cost / size,
                A_ub=matrix[~equal] if (~equal).any() else None,
                b_ub=right[~equal] if (~equal).any() else None,
                A_eq=matrix[equal] if equal.any() else None,
                b_eq=right[equal] if equal.any() else None,
                bounds=self._bounds(0.0),
                method="highs",
                options={"time_limit": SECONDS},
            )
            unbounded = -sign * inf if result.status == 3 else float("nan")
            ends.append(float(base) + sign * size * result.fun if result.status == 0 else unbounded)
        return ends[0], ends[1]

    def is_whole_feasible(self) -> bool | None:
        """Tell whether integers can be found where they must be; None where the solver gives up."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        loose = [i for i, is_whole in enumerate(self.system.is_whole) if is_whole and self._scales[i].unit]
        if not loose:
            return True
        matrix, right, _ = self._matrix(plain=frozenset(loose))
        low = np.where([line.comparison == "=" for line in self.lines], right, -inf)
        bounds = self._bounds(0.0)
        for i in loose:
            bounds[i] = float(self.box[i].low), float(self.box[i].high)
        integrality = np.zeros(matrix.shape[1])
        integrality[loose] = 1
        result = milp(
            np.zeros(matrix.shape[1]),
            integrality=integrality,
            bounds=Bounds(bounds[:, 0], bounds[:, 1]),
            constraints=LinearConstraint(matrix, low, right),
            options={"time_limit": SECONDS},
        )
        return {0: True, 2: False}.get(result.status)

    # ---- arrays ----

    def _bounds(self, inside: float) -> Any:
        return np.array(
            [(s.low + inside * s.low_open, s.high - inside * s.high_open) for s in self._scales], dtype=np.float64
        ).reshape(-1, 2)

    def _matrix(self, plain: frozenset[int] = frozenset()) -> tuple[Any, Any, Any]:
        """Give the scaled lines as A u ≤ b or = b, and what each was divided by; `plain` variables are not scaled."""
        from scipy.sparse import csr_array

        rows, columns, entries = [], [], []
        right, norms = np.zeros(len(self.lines)), np.ones(len(self.lines))
        for i, line in enumerate(self.lines):
            rest, scaled = line.constant, []
            for variable, coefficient in line.coefficients.items():
                if variable in plain:
                    scaled.append((variable, float(coefficient)))
                    continue
                scale = self._scales[variable]
                rest += coefficient * scale.origin
                if scale.unit:
                    scaled.append((variable, float(coefficient * scale.unit)))
            norms[i] = max((abs(entry) for _, entry in scaled), default=1.0)
            right[i] = -float(rest) / norms[i]
            for variable, entry in scaled:
                rows.append(i)
                columns.append(variable)
                entries.append(entry / norms[i])
        shape = (len(self.lines), len(self.system.names))
        return csr_array((entries, (rows, columns)), shape=shape), right, norms


def _scale(low: Fraction | float, high: Fraction | float, low_open: bool, high_open: bool) -> _Scale:
    if isinstance(low, Fraction) and isinstance(high, Fraction):
        return _Scale((low + high) / 2, (high - low) / 2, -1.0, 1.0, low_open, high_open)
    if isinstance(low, Fraction):
        return _Scale(low, max(abs(low), Fraction(1)), 0.0, inf, low_open, False)
    if isinstance(high, Fraction):
        return _Scale(high, max(abs(high), Fraction(1)), -inf, 0.0, False, high_open)
    return _Scale(ZERO, Fraction(1), -inf, inf, False, False)


def _diagonal(n: int, entry: float) -> Any:
    from scipy.sparse import csr_array

    places = np.arange(n)
    return csr_array((np.full(n, entry), (places, places)), shape=(n, n))
