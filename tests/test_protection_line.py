"""A table of one key: what its one known sum lets each cell move, without a flow."""

import numpy as np
import pytest

import xxmfg as xm
from tests.reference.attacking import Published, findings
from tests.trials.protection import RULES, as_text, protected, random_records, suppressed_of
from xxmfg._cells import contributions_of
from xxmfg._cycles import Target
from xxmfg._frame import frame_of
from xxmfg._line import LinePattern
from xxmfg._pattern import Pattern
from xxmfg._rules import rules_of
from xxmfg._suppression import weights_of


def frame_of_line(seed):
    """Give a frame of one key, as random as those of the trials, and a random pattern that hides what is sensitive."""
    random = np.random.default_rng(seed)
    records = random_records(random, int(random.integers(3, 12))) or [(0, 0, 1.0)]
    places, names, values = map(np.array, zip(*records, strict=True))
    rules = {"min_count": 3, "dominance": (1, 0.85), "p_percent": None, "pq": None, "boundary": "ge"}
    rules |= RULES[seed % len(RULES)]
    checked = rules_of(**rules, zeros=("publish", "suppress")[seed % 2], negatives="absolute")
    frame = frame_of(contributions_of(values, names, None), (places,), checked, "absolute")
    hidden = frame.sensitive | (random.random(frame.totals.shape) < random.random())
    hidden[-1], hidden[:, -1] = False, False
    return frame, hidden


def stands(pattern):
    """Tell whether each target of a pattern can move."""
    try:
        pattern.check()
    except xm.DisclosureError:
        return False
    return True


def test_room_and_flows_agree():
    """In random patterns both say the same of what can move: to outsiders, contributors, cells taken as one."""
    said = []
    for seed in range(400):
        frame, hidden = frame_of_line(seed)
        line, flows = LinePattern(frame, weights_of(frame)), Pattern(frame, weights_of(frame), [], 0)
        line.begin(hidden)
        hidden[-1, :-1] = True  # to flows the cells once more, as totals of their columns, which are not published
        flows.begin(hidden)
        said.append(stands(line))
        assert said[-1] == stands(flows)
    assert 50 < sum(said) < 350


@pytest.mark.parametrize(("seeds", "most"), [(range(60), 40), (range(60, 66), 150)])
def test_random_lines_are_safe(seeds, most):
    """The twin works nothing out, in small tables and in those of which one try is made."""
    n_suppressed = 0
    for seed in seeds:
        random = np.random.default_rng(seed)
        records = random_records(random, int(random.integers(max(2, most - 60), most))) or [(0, 0, 1.0)]
        rules = RULES[seed % len(RULES)]
        try:
            suppressed = suppressed_of(protected(records, rules))
        except xm.DisclosureError:
            continue
        n_suppressed += len(suppressed)
        assert [] == findings(Published(records, suppressed, as_text(rules)), most_pairs=200, random=random)
    assert n_suppressed > 100


def test_no_flow_is_found_for_a_line(monkeypatch):
    """Each sensitive cell of n was a search over all n: 40,000 took 94 s."""
    monkeypatch.setattr("xxmfg._pattern.Network", lambda up, down: pytest.fail("a flow"))
    random = np.random.default_rng(1)
    by, names = random.integers(0, 20_000, 160_000), random.integers(0, 80_000, 160_000)
    table = xm.protect(random.lognormal(3, 1.5, 160_000), by, names)
    assert (table["status"] == "primary").sum() > 500
    assert not (table["status"] == "secondary").any()


def test_thousands_of_small_cells_cover_a_large_one():
    """Where no cell is wide enough alone many are taken, and of those none that is not needed."""
    n = 6_000
    city = np.append(np.repeat(np.arange(n), 4), [n] * 4)
    values = np.append(np.tile([1.0, 1.5, 2.0, 2.5], n), [50_000.0, 100.0, 100.0, 100.0])
    table = xm.protect(values, {"city": city})
    hidden, needed = table["status"] == "secondary", 50_000 / 0.85 - 50_300
    assert needed <= 7 * hidden.sum() < needed + 7
    assert "primary" == table["status"].tolist()[-2]


def test_room_is_exact_beside_a_large_cell():
    """Added to a cell of 10^17 and taken from it again as doubles, 0.6 would be nothing."""
    values, city = np.array([1e17] * 4 + [0.1] * 6), np.repeat([0, 1], [4, 6])
    rules = rules_of(3, None, None, None, "ge", "publish", "absolute")
    frame = frame_of(contributions_of(values, None, None), (city,), rules, "absolute")
    pattern = LinePattern(frame, weights_of(frame))
    pattern.begin(frame.counts > 0)
    ((_, _, room),) = pattern._asked(Target(0, ((0, 0),), True, 1.0, False))
    assert 0.6 == pytest.approx(room.fall / pattern.unit, rel=1e-15)
