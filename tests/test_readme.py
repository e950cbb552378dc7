"""The README's examples, run as they stand."""

import doctest
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_readme_examples_run_as_typed(monkeypatch):
    """What the README shows is what a reader gets who types it in the project's folder."""
    monkeypatch.chdir(ROOT)
    results = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert 0 == results.failed
    assert results.attempted >= 8
