"""Ctrl-C: wherever it comes in a call of the core, it is answered soon, and the next call works."""

import signal
import time

import pytest
from calls import CALLS, sample

import xxmfg as xm
from xxmfg import _core

N_ROWS = 4_000_000
SOON = 0.2  # seconds
PARTS = (0.1, 0.35, 0.6, 0.85)  # of a call's time, at which the signal comes


@pytest.fixture(scope="module")
def given():
    """Give records of which a call takes longer than a signal may."""
    return sample(N_ROWS)


class Watch:
    """Times the calls of one function of the core."""

    def __init__(self, function):
        self._function, self.longest = function, 0.0

    def __call__(self, *arguments):
        """Call it; the time from the signal, or from the beginning where it came before, to the end."""
        began = time.perf_counter()
        try:
            return self._function(*arguments)
        finally:
            ended = time.perf_counter()
            if came and came[0] < ended:
                self.longest = max(self.longest, ended - max(came[0], began))


came = []  # when the signal came


def interrupt(number, frame):
    """Note when the signal was answered, as Python's own handler would be."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("name", CALLS)
def test_the_core_answers_soon(name, given, monkeypatch):
    """From the signal to the end of the core's call, at most 200 ms, four times in each call."""
    call = CALLS[name]
    began = time.perf_counter()
    call(given)
    lasts = time.perf_counter() - began
    watches = {}
    for function in ("aggregate", "group", "share_of", "growth_of", "rank_of", "top", "variances", "quantiles"):
        watches[function] = Watch(getattr(_core, function))
        monkeypatch.setattr(_core, function, watches[function])
    slowest = 0.0
    for part in PARTS:
        came.clear()
        due = time.perf_counter() + part * lasts
        came.append(due)
        previous = signal.signal(signal.SIGALRM, interrupt)
        try:
            signal.setitimer(signal.ITIMER_REAL, part * lasts)
            call(given)
        except KeyboardInterrupt:
            slowest = max(slowest, time.perf_counter() - due)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
    print(f"{name}: {lasts:.2f} s; answered within {slowest * 1000:.0f} ms")
    assert max(watch.longest for watch in watches.values()) < SOON
    assert xm.aggregate([1.0, 2.0])["sum"].item() == 3.0
