"""The benchmark itself on few rows: every library answers what xxmfg answers, and the tables say what was measured."""

import pytest

from . import tables, timing
from .columns import VALUES
from .libraries import installed
from .measuring import OURS, Result, measure, measure_values
from .sizes import Growth, measure_growth, sizes_up_to
from .workloads import WORKLOADS

ROWS = 2_000
LIBRARIES = installed()[0]


@pytest.fixture(autouse=True)
def short_samples(monkeypatch):
    """Take one call as a sample, however short."""
    monkeypatch.setattr(timing, "SHORTEST", 0.0)


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_every_library_gives_the_same_answer(workload):
    """Answers agree within rounding, and all sums of xxmfg are correctly rounded."""
    result = measure(workload, LIBRARIES, workload.rows or ROWS, 1)
    assert {} == result.doubts
    assert result.n_groups == result.exact.get(OURS, result.n_groups)
    assert min(result.seconds.values()) > 0


def test_another_answer_is_seen():
    """A library whose sums are off by more than rounding is named, with the column."""
    workload, ours = WORKLOADS[0], LIBRARIES[OURS]

    def doubled(answer, keys):
        columns = ours.columns_of(answer, keys)
        return {**columns, "sum": 2 * columns["sum"]}

    wrong = ours._replace(name="wrong", columns_of=doubled)
    result = measure(workload, {OURS: ours, "wrong": wrong}, ROWS, 1)
    assert ["wrong"] == list(result.doubts)
    assert result.doubts["wrong"].startswith("sum: ")
    assert 0 == result.exact["wrong"]


def test_other_values_are_timed():
    """Each kind of values has its time."""
    assert list(VALUES) == list(measure_values(WORKLOADS[0], LIBRARIES[OURS], ROWS, 1))


def test_growth_of_cost():
    """The most rows are held against a tenth of them; who took too long for them is left out."""
    assert [10_000, 100_000, 1_000_000] == sizes_up_to(1_000_000)
    measured = measure_growth(WORKLOADS[0], {OURS: LIBRARIES[OURS]}, [200, 2_000], 1)
    assert [200, 2_000] == list(measured.seconds)
    given = Growth(WORKLOADS[0], {10: {OURS: 1.0, "A": 9.0}, 100: {OURS: 10.5}})
    assert (10.5, None) == (given.times(OURS), given.times("A"))
    assert "| W1 | 10.5× | – |            11× |" in tables.growth_table([given], [OURS, "A"])


def test_lines_written_by_hand_are_no_peer():
    """The fastest peer is the fastest library that has a call; a star marks the others."""
    seconds = {OURS: 0.001, "A": 0.004, "NumPy": 0.002}
    result = Result(WORKLOADS[0], seconds, {}, 70, {}, frozenset({"NumPy"}))
    assert ("A", 4.0) == (result.fastest_peer, result.ratio)
    table = tables.speed_table([result], seconds)
    assert "| 1.00 ms | 4.00 ms | 2.00 ms \\* |               4× (A) |   3× |" in table


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (2.5, "2.50 s"),
        (0.9999, "1.00 s"),
        (0.0153, "15.3 ms"),
        (0.158, "158 ms"),
        (4.9e-6, "4.90 µs"),
        (2e-8, "0.02 µs"),
    ],
)
def test_durations_have_three_digits(seconds, expected):
    """A time is written in the unit that needs no power of ten."""
    assert expected == tables.duration(seconds)
