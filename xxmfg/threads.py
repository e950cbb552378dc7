"""How many threads a call of the core may use: no result depends on it."""

from __future__ import annotations

import os
from operator import index

__all__ = ["get_threads", "set_threads"]

_MOST = 64  # the core shares a call out to no more
_threads: int | None = None


def set_threads(n: int | None) -> None:
    """Set how many threads a call may use.

    Sums are exact and are merged in the order of the rows, so results have the same bits for any number.

    Parameters
    ----------
    n : int or None
        1 or more; `None` goes back to the default.

    Raises
    ------
    ValueError
        If n is less than 1.
    TypeError
        If n is no whole number.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.set_threads(1)
    >>> xm.get_threads()
    1
    >>> xm.set_threads(None)
    """
    global _threads  # noqa: PLW0603 -- the one setting of the process
    _threads = None if n is None else _checked(n, "n")


def get_threads() -> int:
    """Give how many threads a call may use.

    Returns
    -------
    int
        What `set_threads` set; else `XXMFG_THREADS`; else the CPUs that the process may use, by its affinity and by
        the quota of its control group.

    Raises
    ------
    ValueError
        If `XXMFG_THREADS` is not a whole number of 1 or more.

    Examples
    --------
    >>> import xxmfg as xm
    >>> xm.get_threads() >= 1
    True
    """
    global _threads  # noqa: PLW0603 -- the default is found once
    if _threads is None:
        _threads = _default()
    return _threads


def _checked(n: int, name: str) -> int:
    try:
        number = index(n)
    except TypeError:
        raise TypeError(f"{name} must be a whole number of threads, not {n!r}") from None
    if number < 1:
        raise ValueError(f"{name} must be 1 thread or more, not {number}")
    return min(number, _MOST)


def _default() -> int:
    given = os.environ.get("XXMFG_THREADS", "")
    if given:
        try:
            return _checked(int(given), "XXMFG_THREADS")
        except ValueError:
            raise ValueError(f"XXMFG_THREADS must be a whole number of 1 or more, not {given!r}") from None
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cpus, _quota() or cpus, _MOST))


def _quota() -> int | None:
    """Give the whole CPUs of the control group's quota (version 2), None where there is none."""
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as file:  # noqa: PTH123 -- pathlib takes 10 ms to import
            quota, period = file.read().split()
        return max(1, int(quota) // int(period))
    except (OSError, ValueError):  # no such file, or "max"
        return None
