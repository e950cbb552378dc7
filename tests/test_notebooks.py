"""The notebooks run from their first cell to their last, and show the report's figures."""

import json
import re
from pathlib import Path

import pytest

import xxmfg as xm
from xxmfg import charts

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SECONDS = 120  # for one cell
FIGURES = {
    "01_first_look.ipynb": {
        "output": "830000",
        "counts": "35 6",
        "growth": "17.54 %",
        "leaders": "中车西安车辆有限公司 298500 35.96 % 35.96 %",
        "branches": "汽车 435000",
        "city-counts": "total 36 35",
        "city-means": "泾河新城 107000 3 35666.7",
        "city-shares": "沣东新城 457800 55.16 %",
        "exact": "xxmfg 1.0 numpy 0.0",
    },
}

pytestmark = pytest.mark.skipif(not NOTEBOOKS, reason="the sources are not here")


def chinese_or_skip():
    """Skip a test that needs to draw Chinese where no font can."""
    from matplotlib import pyplot

    try:
        charts.bar(xm.Table({"city": ["沣东新城"], "count": [10]}), "city", "count")
    except xm.MissingGlyphError:
        pytest.skip("no Chinese font on this machine")
    finally:
        pyplot.close("all")


def shown(cell):
    """Give what a cell printed or showed as text, one space between its words; charts as [chart]."""
    texts = []
    for output in cell.outputs:
        held = output.get("data", {})
        texts.append(output.get("text", "") or ("[chart]" if "image/png" in held else held.get("text/plain", "")))
    return re.sub(r"\s+", " ", " ".join(texts))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_run_and_show_the_figures(path):
    """Every cell runs without an error, warnings included, and the figures stand where they should."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    chinese_or_skip()
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=SECONDS, kernel_name="python3").execute()
    cells = {cell.id: shown(cell) for cell in notebook.cells if cell.cell_type == "code"}
    errors = [output for cell in notebook.cells for output in cell.get("outputs", ()) if output.get("name") == "stderr"]
    assert [] == errors
    expected = FIGURES[path.name]
    assert {} == {name: cells[name] for name, text in expected.items() if text not in cells[name]}
    assert {"figure-1", "figure-2"} == {name for name, text in cells.items() if "[chart]" in text}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_kept_without_outputs(path):
    """A notebook in the repository says nothing of the machine that it last ran on."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    ran = [cell["id"] for cell in notebook["cells"] if cell.get("outputs") or cell.get("execution_count")]
    assert [] == ran
    assert {"kernelspec", "language_info"} == set(notebook["metadata"])
