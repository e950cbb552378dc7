"""Ctrl-C: wherever it comes in a call of the core, it is answered soon, and the next call works."""

import signal
import time

import pytest
from calls import CALLS, sample

import xxmfg as xm
from xxmfg import _core

N_ROWS = 4_000_000
THREADS = 2
SOON = 0.2 * THREADS  # seconds of the CPU, which a busy machine does not stretch, in all threads together
PARTS = (0.1, 0.35, 0.6, 0.85)  # of a call's time, at which the signal comes


@pytest.fixture(scope="module")
def given():
    """Give records of which a call takes longer than a signal may."""
    return sample(N_ROWS)


@pytest.fixture(autouse=True)
def some_threads():
    """Let calls share out their rows, whatever the machine has."""
    xm.set_threads(THREADS)
    yield
    xm.set_threads(None)


class Watch:
    """Times the calls of one function of the core."""

    def __init__(self, function):
        self._function, self.longest = function, 0.0

    def __call__(self, *arguments):
        """Call it; the time from the signal, or from the beginning where it came before, to the end."""
        began = time.process_time()
        try:
            return self._function(*arguments)
        finally:
            ended = time.process_time()
            if came and came[0] < ended:
                self.longest = max(self.longest, ended - max(came[0], began))


came = []  # when the signal came


def interrupt(number, frame):
    """Note when the signal was answered, as Python's own handler would be."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("name", CALLS)
def test_the_core_answers_soon(name, given, monkeypatch):
    """From the signal to the end of the core's call, at most 200 ms of each thread, four times in each call."""
    call = CALLS[name]
    began = time.process_time()
    call(given)
    lasts = time.process_time() - began
    watches = {}
    for function in ("aggregate", "group", "share_of", "growth_of", "rank_of", "top", "variances", "quantiles"):
        watches[function] = Watch(getattr(_core, function))
        monkeypatch.setattr(_core, function, watches[function])
    slowest = 0.0
    for part in PARTS:
        came.clear()
        due = time.process_time() + part * lasts
        came.append(due)
        previous = signal.signal(signal.SIGPROF, interrupt)
        try:
            signal.setitimer(signal.ITIMER_PROF, part * lasts)
            call(given)
        except KeyboardInterrupt:
            slowest = max(slowest, time.process_time() - due)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, previous)
    print(f"{name}: {lasts:.2f} s; answered within {slowest * 1000:.0f} ms")
    assert max(watch.longest for watch in watches.values()) < SOON
    assert xm.aggregate([1.0, 2.0])["sum"].item() == 3.0
