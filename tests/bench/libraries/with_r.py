"""How R's collapse and data.table are called: each in a process of its own (calls.R) that is told what to do.

R keeps each text once and hands out its address, so that its text is a dictionary: it takes part as a factor alone.
"""

import shutil
import subprocess
import weakref
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from . import Library

CALLS = Path(__file__).with_name("calls.R")
MEASURES = {
    "collapse": ("statistics", "dictionary_sums", "shares", "growth"),
    "data.table": ("statistics", "dictionary_sums", "shares", "growth", "leaders"),
}
TYPES = {"f": "double", "i": "integer"}


class Session:
    """An R process that holds the columns; it ends when the session is let go."""

    def __init__(self, package, columns, keys):
        self.folder = TemporaryDirectory()
        root = Path(self.folder.name)
        (root / "answer").mkdir()
        self.levels, types = {}, {}
        for name, column in columns.items():
            if isinstance(column, np.ndarray):
                types[name] = TYPES[column.dtype.kind]
            else:
                types[name], self.levels[name] = "factor", np.array(column.dictionary.to_pylist())
                (root / f"{name}.levels").write_text("\n".join(self.levels[name]) + "\n", encoding="utf-8")
            numbers_of(column).tofile(root / name)
        listed = "".join(f"{name} {type_}\n" for name, type_ in types.items())
        (root / "columns.txt").write_text(listed, encoding="utf-8")
        (root / "keys.txt").write_text("\n".join(keys) + "\n", encoding="utf-8")
        command = ["Rscript", "--vanilla", str(CALLS), package, str(root)]
        self.running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        weakref.finalize(self, end, self.running, self.folder)

    def tell(self, order):
        """Send an order and wait until it is done."""
        self.running.stdin.write(order + "\n")
        self.running.stdin.flush()
        if self.running.stdout.readline() != "done\n":
            raise RuntimeError(f"R did not do {order}")
        return self

    def answer(self):
        """Give the columns of the last answer."""
        self.tell("write")
        columns = {path.name: np.fromfile(path) for path in (Path(self.folder.name) / "answer").iterdir()}
        texts = {name: levels[columns[name].astype(np.int64)] for name, levels in self.levels.items()}
        return columns | texts


def numbers_of(column):
    """Give the numbers of a column: those of a dictionary are its codes."""
    return column if isinstance(column, np.ndarray) else column.indices.to_numpy()


def end(running, folder):
    """Close what the process reads, which ends it, and remove its folder."""
    running.stdin.close()
    running.stdout.close()
    running.wait()
    folder.cleanup()


def version_of(package):
    """Give the version of an R package; None where it is not installed."""
    code = f'cat(if (requireNamespace("{package}", quietly = TRUE)) as.character(packageVersion("{package}")))'
    return subprocess.run(["Rscript", "-e", code], capture_output=True, check=True, text=True).stdout or None


def libraries():
    """Give the R packages that are installed."""
    if shutil.which("Rscript") is None:
        raise ImportError("collapse, data.table: Rscript is not installed")
    for package, names in MEASURES.items():
        version = version_of(package)
        if version:
            measures = {name: partial(tell, order=name) for name in names}
            yield Library(package, version, partial(Session, package), measures, answer_of, in_process=False)


def tell(session, order):
    """Have R make a call."""
    return session.tell(order)


def answer_of(session, keys):
    """Give the columns of R's last answer."""
    return session.answer()


LIBRARIES = tuple(libraries())
if not LIBRARIES:
    raise ImportError("collapse, data.table: neither is installed in R")
