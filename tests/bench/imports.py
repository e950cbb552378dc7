"""The seconds that importing a library takes beyond importing NumPy, each time in a new process."""

import os
import statistics
import subprocess
import sys
from pathlib import Path

__all__ = ["import_seconds"]

ROOT = Path(__file__).parents[2]
IMPORTS = {"xxmfg": "xxmfg", "pandas": "pandas", "Polars": "polars", "DuckDB": "duckdb", "Arrow": "pyarrow"}
CODE = "import numpy, time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"


def import_seconds(libraries, repeat):
    """Give the median of interleaved rounds for each library that is a Python module, after a first round."""
    modules = {name: module for name, module in IMPORTS.items() if name in libraries}
    # An installed package is compiled once; the first round does that for one that is not.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    samples = {name: [] for name in modules}
    for _ in range(repeat + 1):
        for name, module in modules.items():
            command = [sys.executable, "-c", CODE.format(module)]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, text=True)
            samples[name].append(float(done.stdout))
    return {name: statistics.median(held[1:]) for name, held in samples.items()}
