"""Leaks: over many calls, good and bad ones, neither Python's objects nor the process's memory grow."""

import gc
import sys
from pathlib import Path

import numpy as np
import pytest
from calls import CALLS, sample

import xxmfg as xm

ROUNDS = 100_000 // len(CALLS)
PAGE = 4096
KEPT = 4_000_000  # bytes that the allocators of C and Python may keep for later
FEW = ROUNDS // 10  # objects: what a call leaves behind is there once a round

HUGE = np.array([2**62] * 4)
KEYS = np.array(["沣东", "空港", "沣东", "沣东"])
ONES = np.ones(4)
FAILING = {
    "overflow": lambda: xm.aggregate(HUGE, by=KEYS),
    "overflow on the way": lambda: xm.growth(HUGE, [1, 1, 2, 2]),
    "duplicates": lambda: xm.growth_of(ONES, KEYS, ONES),
    "lengths": lambda: xm.aggregate(ONES, by=KEYS[:3]),
    "kinds": lambda: xm.share_of(ONES, within=np.array([1, "a", 2, None], object)),
    "values": lambda: xm.top(KEYS, 1),
    "two parents": lambda: xm.share(ONES, by=KEYS, within=np.arange(4)),
    "names": lambda: xm.aggregate(ONES, by={"sum": KEYS}),
    "a column": lambda: xm.aggregate(ONES)["none"],
    "text": lambda: xm.Grouping(["a", "\ud800"]),
}


def resident():
    """Give the bytes of the process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def grown(call, rounds):
    """Give by how many objects and bytes many calls grow the process, after as many that warm it up as a tenth."""
    for _ in range(rounds // 10):
        call()
    gc.collect()
    blocks, size = sys.getallocatedblocks(), resident()
    for _ in range(rounds):
        call()
    gc.collect()
    return sys.getallocatedblocks() - blocks, resident() - size


@pytest.mark.parametrize("name", CALLS)
def test_calls_leave_nothing_behind(name):
    """A good call, thousands of times."""
    given = sample(60)
    blocks, size = grown(lambda: CALLS[name](given), ROUNDS)
    assert blocks < FEW
    assert size < KEPT


@pytest.mark.parametrize("name", FAILING)
def test_failing_calls_leave_nothing_behind(name):
    """A bad call, thousands of times; each raises."""
    n_raised = 0

    def call():
        nonlocal n_raised
        try:
            FAILING[name]()
        except (ValueError, TypeError, OverflowError):
            n_raised += 1

    rounds = 100_000 // len(FAILING)
    blocks, size = grown(call, rounds)
    assert n_raised == rounds + rounds // 10
    assert blocks < FEW
    assert size < KEPT
