"""Sums of suppressed cells over several lines that are known: nobody stands out in any, whoever looks at them."""

import itertools
from contextlib import nullcontext

import numpy as np
import pytest

import xxmfg as xm
from tests.reference.attacking import Published, findings
from tests.trials.protection import as_text, attempt, protected, suppressed_of
from xxmfg import _suppression
from xxmfg._cells import contributions_of
from xxmfg._frame import frame_of
from xxmfg._rules import rules_of


def found(records, rules):
    """Protect records and attack what comes of it."""
    return findings(Published(records, suppressed_of(protected(records, rules)), as_text(rules)))


@pytest.mark.parametrize("seed", [6, 120, 243])
def test_no_sum_over_several_lines_is_sensitive(seed, monkeypatch):
    """Cells each open enough by themselves had a sum, known from two lines or more, that one enterprise dominates."""
    assert [] == attempt(seed, most=9)[-1]
    monkeypatch.setattr(_suppression, "rises_of", lambda frame: [])
    assert any("in a sum over several lines" in line for line in attempt(seed, most=9)[-1])


def test_sums_with_negative_contributions_are_looked_at():
    """One cell of an enterprise was safe, for another could fall below zero; the known sum of both was not."""
    assert [] == attempt(3)[-1]


def test_who_leads_one_cell_may_stand_out_by_another():
    """Two led a cell that no rule struck, one of them had most of another: the known sum of both was sensitive."""
    assert [] == attempt(717)[-1]


def cells_of(*cells):
    """Give records of cells that are each said by what their contributors give."""
    return [(row, column, name, float(value)) for row, column, given in cells for name, value in given.items()]


@pytest.mark.parametrize("rules", [{}, {"min_count": 1, "dominance": None, "p_percent": 10}])
def test_a_contributor_does_not_work_out_sums_by_its_own_cell(rules):
    """Who had one cell alone could take it from what is known and was left with the other's part of two cells."""
    many = [{10 * place + name: 100.0 for name in range(10)} for place in (1, 2, 3)]
    records = cells_of((0, 0, {0: 60, 1: 40}), (0, 1, many[0]), (1, 0, {0: 40, 1: 61}), (1, 1, many[1]),
                       (2, 0, many[2]), (2, 1, {0: 50}))  # fmt: skip
    inner = Published(records, list(itertools.product(range(3), range(2))), as_text(rules))
    assert any("that 0 knows (" in line for line in findings(inner))
    assert [] == found(records, rules)


def test_a_part_of_just_k_in_a_known_sum_is_one_too_many():
    """By (1, 0.5) with its boundary, two cells whose sum is known were left with half of it from one enterprise."""
    many = [{10 * place + name: 100.0 for name in range(10)} for place in range(4)]
    records = cells_of((0, 0, {90: 60, 91: 30}), (0, 1, many[0]), (1, 1, many[1]), (1, 2, {90: 40, 92: 30, 93: 40}),
                       (2, 2, many[2]), (2, 0, many[3]))  # fmt: skip
    rows, columns, names, values = (np.array(column) for column in zip(*records, strict=True))
    for boundary in ("gt", "ge"):
        rules = rules_of(1, (1, 0.5), None, None, boundary, "publish", "absolute")
        frame = frame_of(contributions_of(values, names, None), (rows, columns), rules, "absolute")
        all_in_the_table = np.pad(frame.counts[:-1, :-1] > 0, (0, 1))
        with pytest.raises(xm.DisclosureError) if boundary == "ge" else nullcontext():
            _suppression.attack(frame, all_in_the_table)
