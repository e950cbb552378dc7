"""The examples of the README and of the page of measures, run as they stand."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

import xxmfg as xm
from xxmfg import charts
from xxmfg.cli import main

ROOT = Path(__file__).parents[1]
MEASURES = "docs/measures.md"
OF_STRUCTURE = ("location_quotient", "specialization", "similarity", "mean_similarity", "localization")
OF_PLANTS = ("ellison_glaeser", "coagglomeration")

pytestmark = pytest.mark.skipif(not (ROOT / MEASURES).exists(), reason="the sources are not here")


@pytest.mark.parametrize(("page", "least"), [("README.md", 8), (MEASURES, 6)])
def test_examples_run_as_typed(page, least, monkeypatch):
    """What a page shows is what a reader gets who types it in the project's folder."""
    monkeypatch.chdir(ROOT)
    results = doctest.testfile(str(ROOT / page), module_relative=False)
    assert 0 == results.failed
    assert results.attempted >= least


def test_commands_run_as_typed(monkeypatch, capsys):
    """The commands of the README give tables; the first gives what the same lines of Python give."""
    monkeypatch.chdir(ROOT)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [shlex.split(line, comments=True)[1:] for line in re.findall(r"^xxmfg .*\.csv .*", text, re.MULTILINE)]
    assert ["aggregate", "audit", "growth", "top"] == [words[0] for words in commands]
    for words in commands:
        assert (words[0] == "audit") == main(words)
        out, err = capsys.readouterr()
        assert "" == err
        if words[0] == "aggregate":
            assert f"{out}>>>" in text


def figures_of_measures():
    """Give the names of the figures of each economist's measure, its keys left out."""
    plants = [4.0, 2.0, 3.0, 1.0], list("ABAB"), list("xxyy")
    keys = {"region", "industry", "region_a", "region_b", "period", "value", "share", "reference_share", "n"}
    tables = {name: getattr(xm, name)(*plants) for name in (*OF_STRUCTURE, *OF_PLANTS)}
    tables["shift_share"] = xm.shift_share(*plants, [0, 0, 1, 1], 0, 1)
    tables["concentration"] = xm.concentration(plants[0], ranks=4)
    tables["inequality"] = xm.inequality(plants[0])
    tables["decompose_growth"] = xm.decompose_growth(*plants[:2], [0, 0, 1, 1])
    counts = {"total", "base", "rate", "change", "n_industries", "n_continuing", "n_entry", "n_exit"}
    return {name: [column for column in table if column not in keys | counts] for name, table in tables.items()}


def test_the_page_of_measures_has_every_figure_and_chart():
    """No measure, no column of one and no chart is without its line."""
    text = (ROOT / MEASURES).read_text(encoding="utf-8")
    quoted = {word for code in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", code)}
    for name, columns in figures_of_measures().items():
        assert [] == [word for word in (name, *columns) if word not in quoted]
    others = ("aggregate", "share_of", "ratio", "growth", "average_growth", "theil_decomposition", "natural_breaks")
    drawn = [name for name in charts.__all__ if name.islower()]
    assert [] == [name for name in (*others, "tiers_of", *drawn) if name not in quoted]
    assert MEASURES in (ROOT / "README.md").read_text(encoding="utf-8")
