"""Peak memory of one call beyond its inputs, measured in a process of its own.

The peak is what the system counts as resident (VmHWM). A child starts with its parent's peak in getrusage, so on
Linux the peak is set back just before the call; elsewhere it is read as it stands, which may understate.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

__all__ = ["peak_beyond_inputs"]

ROOT = Path(__file__).parents[2]
STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
WARM_ROWS = 1_000  # a first call on few rows loads what a library loads late


def peak_beyond_inputs(workload, library, rows):
    """Give the bytes that a call had at its peak, its answer among them, beyond its columns as they were handed."""
    command = [sys.executable, "-m", "tests.bench.memory", workload.name, library, str(rows)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    return int(done.stdout)


def measured(workload, library, rows):
    """Measure in this process."""
    few, many = (library.hand(workload.columns(n), workload.keys) for n in (WARM_ROWS, rows))
    call = library.measures[workload.measure]
    call(few)
    before = resident_peak(reset=True)
    answer = call(many)
    beyond = resident_peak() - before
    del answer
    return beyond


def resident_peak(*, reset=False):
    """Give the peak of this process in bytes; where it can be set back, since then."""
    if not STATUS.exists():
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    if reset:
        RESET.write_text("5", encoding="ascii")
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def main():
    """Print the bytes for a workload, a library and a number of rows."""
    from .libraries import installed
    from .workloads import WORKLOADS

    name, library, rows = sys.argv[1:]
    workload = next(workload for workload in WORKLOADS if workload.name == name)
    print(measured(workload, installed()[0][library], int(rows)), flush=True)
    os._exit(0)  # a library's threads may abort a process that ends in the ordinary way; its figure stands by then


if __name__ == "__main__":
    main()
