"""Rounds of calls, interleaved so that what slows the machine for a while slows all of them; medians are compared."""

import gc
import statistics
from time import perf_counter

__all__ = ["interleaved", "seconds_of"]

SHORTEST = 0.02  # seconds a sample should take: a thousand times what the clock can tell


def interleaved(calls, repeat):
    """Give the median seconds of each call, from `repeat` rounds A B C A B C …, each called once before."""
    numbers = {}
    for name, call in calls.items():
        call()
        numbers[name] = max(1, round(SHORTEST / max(seconds_of(call, 1), 1e-9)))
    samples = {name: [] for name in calls}
    for _ in range(repeat):
        for name, call in calls.items():
            samples[name].append(seconds_of(call, numbers[name]))
    return {name: statistics.median(held) for name, held in samples.items()}


def seconds_of(call, number):
    """Give the seconds of one call, on average of `number`; freeing the last answer is not counted."""
    gc.collect()
    gc.disable()
    answer = None
    start = perf_counter()
    for _ in range(number):
        answer = call()
    elapsed = perf_counter() - start
    gc.enable()
    del answer
    return elapsed / number
