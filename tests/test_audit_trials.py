"""The short form of `make audit-trials`: generated tables whose truth is known, and an oracle that is not the audit."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import xxmfg as xm
from tests import audit_trials as trials
from tests.reference.feasibility import is_feasible

pytest.importorskip("scipy")


@pytest.mark.parametrize("mode", trials.MODES)
@pytest.mark.parametrize("from_printed", [False, True])
@pytest.mark.parametrize("real", [False, True])
def test_honest_tables_stand_under_the_reading_that_made_them(mode, from_printed, real):
    """Rounded half up, half to even or cut off; from exact or printed figures; at current or constant prices."""
    for seed in range(2):
        trial = trials.honest(seed, mode, from_printed=from_printed, real=real)
        assert trials.audited(trial).holds, seed


def test_altered_figures_are_refuted_where_they_are_impossible_and_only_there():
    """The audit and the oracle agree; some contradictions show only in all relations together."""
    score = trials.alterations(range(12))
    assert ([], []) == (score.missed, score.refuted)
    assert 12 > score.impossible > score.joint > 0


def test_conflicts_are_minimal():
    """Members contradict each other; freed of any one figure, or of any one relation, the rest stands."""
    seen = 0
    for seed in (0, 2, 4, 5, 8):
        trial = trials.altered_table(seed)
        conflicts = trials.audited(trial).conflicts
        members = [
            (kind, name)
            for label, kind, name in zip(*(conflicts[n].tolist() for n in ("conflict", "kind", "id")), strict=True)
            if label == "C1"
        ]
        seen += bool(members)
        assert not members or not _holds(trial, members)
        for left_out in members:
            assert _holds(trial, [member for member in members if member != left_out]), (seed, left_out)
    assert seen > 1


def _holds(trial, members):
    """Audit some relations with some figures; the others are unknown."""
    columns = {name: list(column) for name, column in trial.figures.items()}
    for row, name in enumerate(columns["id"]):
        if ("figure", name) not in members:
            columns["value"][row] = columns["qualifier"][row] = ""
    relations = {name: text for name, text in trial.relations.items() if ("relation", name) in members}
    return xm.audit(columns, relations, **trial.reading).holds


def test_the_order_of_lines_changes_nothing():
    """Figures and relations in another order give the same tables, of an honest and of an altered table."""
    for trial in (trials.honest(3), trials.altered_table(2), trials.altered_table(5)):
        figures = {name: column[::-1] for name, column in trial.figures.items()}
        relations = dict(reversed(trial.relations.items()))
        again = trials.audited(trial._replace(figures=figures, relations=relations))
        assert all(table.equals(other) for table, other in zip(trials.audited(trial), again, strict=True))


def test_a_thousand_figures_that_hang_together():
    """One component of a thousand figures and relations: it stands, and one altered figure is found in it."""
    trial = trials.large(1000)
    assert trials.audited(trial).holds
    row = trial.figures["id"].index("a7p3_")
    changed = Fraction(trial.figures["value"][row]) + 3
    values = [*trial.figures["value"][:row], trials.printed(changed, 2), *trial.figures["value"][row + 1 :]]
    found = trials.audited(trial._replace(figures={**trial.figures, "value": values}))
    failed = [
        n
        for n, v in zip(found.relations["id"].tolist(), found.relations["verdict"].tolist(), strict=True)
        if v == "fails"
    ]
    assert {"share_7_3", "sum_7"} <= set(failed)


small = st.integers(-3, 3).map(Fraction)


@given(rows=st.lists(st.tuples(st.lists(small, min_size=2, max_size=2), small), min_size=1, max_size=6))
def test_the_reference_finds_what_corners_find(rows):
    """In the plane, a system has a solution exactly where one of the points that its lines cut out has it right."""
    lines = [*rows, *(([sign * x, sign * y], Fraction(50)) for sign in (1, -1) for x, y in ((1, 0), (0, 1)))]
    corners = []
    for (a, b), c in lines:
        for (d, e), f in lines:
            det = a * e - b * d
            if det:
                corners.append(((c * e - b * f) / det, (a * f - c * d) / det))
    expected = any(all(a * x + b * y <= c for (a, b), c in lines) for x, y in corners)
    assert expected == is_feasible(lines)
