"""Threads: no result depends on them, a fork finds none, interrupts are seen."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest

import xxmfg as xm

N = 1_000_000  # ten workers' worth
STATS = ("count", "missing", "sum", "mean", "min", "max")


@pytest.fixture(autouse=True)
def default_threads():
    """Give each test the default number of threads back."""
    yield
    xm.set_threads(None)


def panel():
    """Give values of all magnitudes and keys of every way to a group."""
    random = np.random.default_rng(7)
    values = random.lognormal(0, 8, N) * random.choice([-1, 1], N)
    values[::97] = np.nan
    values[5::100_003] = np.inf
    keys = {
        "few": random.integers(0, 70, N).astype(np.int32),
        "many": random.integers(0, 50_000, N),
        "sparse": random.integers(0, 2**62, 3000)[random.integers(0, 3000, N)],
        "floats": random.integers(0, 500, N) / 7,
        "texts": np.array([f"企业{i}" for i in range(300)])[random.integers(0, 300, N)],
    }
    return values, keys


@pytest.mark.parametrize("by", [("few",), ("many",), ("sparse",), ("floats",), ("texts",), ("few", "texts"), ()])
def test_results_have_the_same_bits_on_any_number_of_threads(by):
    """Tables, leaders and shares are equal to the last bit on 1, 2, 5 and 8 threads, in either order of groups."""
    values, keys = panel()
    given = {name: keys[name] for name in by} or None
    seen = set()
    for threads in (1, 2, 5, 8):
        xm.set_threads(threads)
        tables = [xm.aggregate(values, by=given, stats=STATS, order=order) for order in ("label", "appearance")]
        columns = [table[stat].tobytes() for table in tables for stat in STATS]
        labels = [str(table[name].tolist()) for table in tables for name in by]
        leaders = [xm.top(values, 5, by=given, ties=ties)["row"].tobytes() for ties in ("strict", "all")]
        seen.add((*columns, *labels, *leaders, xm.share_of(values, within=given).tobytes()))
    assert 1 == len(seen)


def test_integers_add_up_on_any_number_of_threads():
    """Integer sums and extremes are those of one thread."""
    values = np.random.default_rng(3).integers(-(2**40), 2**40, N)
    tables = []
    for threads in (1, 3):
        xm.set_threads(threads)
        tables.append(xm.aggregate(values, by=values % 11, stats=STATS))
    assert tables[0].equals(tables[1])


def test_overflow_names_the_group_on_any_number_of_threads():
    """An integer sum that does not fit is found after the parts were merged."""
    xm.set_threads(4)
    values = np.full(N, 2**62)
    with pytest.raises(OverflowError, match="key = 3"):
        xm.aggregate(values, by=np.full(N, 3))


def test_a_forked_child_can_call():
    """Threads end with the call that started them, so a child forked later finds none missing."""
    values, keys = panel()
    xm.set_threads(2)
    expected = xm.aggregate(values, by=keys["few"])
    child = os.fork()
    if child == 0:
        os._exit(0 if expected.equals(xm.aggregate(values, by=keys["few"])) else 1)
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_calls_from_several_python_threads_do_not_meet():
    """One Grouping serves calls from several Python threads at once."""
    values, keys = panel()
    grouping = xm.Grouping(keys["few"], keys["texts"])
    expected = xm.aggregate(values, by=grouping)
    agreed = []

    def call():
        agreed.append(expected.equals(xm.aggregate(values, by=grouping)))

    workers = [threading.Thread(target=call) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [True] * 4 == agreed


def test_the_number_of_threads_is_set_and_given_back():
    """A number set is the number given; None goes back to the default, which is 1 or more."""
    xm.set_threads(3)
    assert 3 == xm.get_threads()
    xm.set_threads(None)
    assert xm.get_threads() >= 1


@pytest.mark.parametrize(("given", "error"), [(0, ValueError), (-1, ValueError), (1.5, TypeError), ("2", TypeError)])
def test_a_wrong_number_of_threads_is_refused(given, error):
    """What is no number of threads is named, and the setting stays."""
    xm.set_threads(2)
    with pytest.raises(error, match=r"^n must be"):
        xm.set_threads(given)
    assert 2 == xm.get_threads()


@pytest.mark.parametrize(("given", "expected"), [("3", "3"), ("none", "XXMFG_THREADS must be")])
def test_the_environment_sets_the_default(given, expected):
    """XXMFG_THREADS is the default, or an error that names it."""
    run = subprocess.run(
        [sys.executable, "-c", "import xxmfg; print(xxmfg.get_threads())"],
        env={**os.environ, "XXMFG_THREADS": given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert expected in run.stdout + run.stderr
