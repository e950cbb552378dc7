"""Out of memory: whichever allocation of the core fails, a call raises MemoryError, keeps nothing, changes nothing.

Runs in a build of the module that has the core's hook: `tests/trust/run memory`.
"""

import ctypes
import gc
import sys

import numpy as np
import pytest
from calls import CALLS, sample

import xxmfg as xm
from xxmfg import _core

clear_caches = getattr(sys, "_clear_internal_caches", None) or sys._clear_type_cache  # from Python 3.13 on; before
MOST = 3000  # allocations of one call
SIZES = (400, 40_000)  # rows in one block; on several threads, in panels and in parts


class Hook:
    """The core's count of allocations: how many may succeed yet (below 0: all), and how many are held."""

    def __init__(self):
        module = ctypes.CDLL(_core.__file__)
        self._left = ctypes.c_int64.in_dll(module, "mfg_allocations_left")
        self._held = ctypes.c_int64.in_dll(module, "mfg_allocations_held")

    @property
    def held(self):
        """Allocations not given back."""
        return self._held.value

    def run(self, call, given, allowed):
        """Make a call that may allocate so often; give what it raised, None where it came through."""
        self._left.value = allowed
        try:
            call(given)
        except Exception as error:  # noqa: BLE001  (whatever it is, the test says that it should not be)
            return error.with_traceback(None)
        finally:
            self._left.value = -1
        return None


@pytest.fixture(scope="module")
def hook():
    """Give the hook of the build under test."""
    return Hook()


@pytest.fixture(autouse=True)
def two_threads():
    """Let calls share out their rows, whatever the machine has."""
    xm.set_threads(2)
    yield
    xm.set_threads(None)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", CALLS)
def test_whichever_allocation_fails_the_call_says_so(name, size, hook):
    """MemoryError from the first allocation to the last; then the call works, on inputs that are as they were."""
    call, given = CALLS[name], sample(size)
    before = [column.tobytes() for column in given]
    expected = repr(call(given))
    gc.collect()
    held = hook.held
    failures = 0
    while (raised := hook.run(call, given, failures)) is not None and failures < MOST:
        assert type(raised) is MemoryError, (failures, raised)
        gc.collect(0)
        assert held == hook.held, f"{hook.held - held} allocations kept after number {failures} failed"
        failures += 1
    assert 0 < failures < MOST
    assert expected == repr(call(given))
    gc.collect()
    assert held == hook.held
    assert before == [column.tobytes() for column in given]


@pytest.mark.parametrize("name", CALLS)
def test_failed_calls_leave_no_objects_behind(name, hook):
    """Failing over and over at the same places, Python's own allocations do not grow."""
    call, given = CALLS[name], sample(SIZES[0])
    blocks = []
    for _ in range(4):
        for allowed in range(0, 60, 3):
            hook.run(call, given, allowed)
        clear_caches()  # of types: there C code's names of attributes stay, each time a new string
        gc.collect()
        blocks.append(sys.getallocatedblocks())
    assert blocks[-1] - blocks[1] < 20


def test_columns_of_arrow_are_given_back(hook):
    """What a column of Arrow's exports is released, whichever allocation fails."""
    pa = pytest.importorskip("pyarrow")
    column = pa.chunked_array([pa.array([1.0, None, 3.0]), pa.array([4.0])])
    by = pa.array(["a", "b", None, "a"]).dictionary_encode()
    gc.collect()
    held, used = hook.held, pa.total_allocated_bytes()
    failures = 0
    while hook.run(lambda _: xm.aggregate(column, by=by, stats=("sum", "median")), None, failures) is not None:
        failures += 1
    gc.collect()
    assert failures > 0
    assert (held, used) == (hook.held, pa.total_allocated_bytes())


def test_a_block_of_memory_that_is_not_there_is_no_crash():
    """A result that no machine can hold is a MemoryError of NumPy's or ours."""
    values = np.broadcast_to(np.float64(1), 2**45)
    with pytest.raises(MemoryError):
        xm.share_of(values)
