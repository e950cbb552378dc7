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
    "02_structure.ipynb": {
        "records": "(3499, 2492)",
        "growth": "7128 cells, as printed: 7128 half to even, 7100 half up",
        "quotients": "of all jobs: 320 of 320 industries agree of private jobs: 1 of 320 industries agree",
        "disclosed": "Hudson 4 93.98 %",
        "location": "Cumberland Agriculture, forestry, fishing and hunt… 2203 5.01 % 0.33 % 15.1134",
        "special": "county krugman krugman_rest hoover herfindahl entropy n_industries",
        "alike": "Bergen Burlington 0.198907 0.975827 0.900547",
        "uneven": "Finance and insurance 0.363941 0.181970 0.378230 0.280716 0.214030",
        "concentration": "Atlantic 18 99419 34.12 % 73.18 % 0.184413",
        "shift": "Hudson 8100 4956.7 117.673 3025.63",
    },
    "03_audit.ipynb": {
        "figures": "125 figures; 57 relations",
        "audit": "{'certain': 16, 'compatible': 12, 'fails': 3, 'gap': 1, 'inferred': 24, 'query': 1} holds: False",
        "doubted": "F010 36 或 F024 4 或 F027 9 或 F030 7 或 F033 9 或 F036 2",
        "joint": "C1: 6 figures and 3 relations cannot all be true.",
        "whole": "implied_total 82.9783 83.0115",
        "readings": "from_printed ['R001', 'R042', 'R046'] joint conflicts: 0",
        "text": "47 三 fact 3.0 成 approx 0 约占全省的三成",
        "confirmed": "由其余各数得 121 户",
    },
    "04_disclosure.ipynb": {
        "records": "(832, 160, 108252)",
        "count": "3 99 99 0 61",
        "simulated": "(108252, 1576788)",
        "protect": "Atlantic County, New Jersey 112 c primary c",
        "rules": "count 3, p = 10 % 110 19 0.75 % 106",
        "export": "the total of all cells is itself sensitive",
    },
    "05_report.ipynb": {
        "table-1": "35 户; 6 产业; 83.0 亿元 [17.54] [342.1]",
        "table-7": "world 6060.61 6094.18",
        "table-8": "25 [47. 66.4 83.6] ['苏州']",
        "table-9": "R1 71.2 72.0653 72.0662 fails F085: 72.1",
        "table-10": "170.2",
        "table-13": "total 14",
        "table-14": "[0.3596] [0.5524] [0.3636]",
        "table-15": "fails 3 gap 1 inferred 24 query 1",
        "table-16": "泾河新城 3 primary",
        "table-19": "[51.4] 218.9",
    },
}
CHARTS = {
    "01_first_look.ipynb": {"figure-1", "figure-2"},
    "02_structure.ipynb": {"figure-1", "figure-2", "figure-3"},
    "03_audit.ipynb": {"figure-1"},
    "04_disclosure.ipynb": {"figure-1"},
    "05_report.ipynb": {"figure-1", "figure-2", "figure-6"},
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
    text = path.read_text(encoding="utf-8")
    if "西咸" in text:
        chinese_or_skip()
    notebook = nbformat.reads(text, as_version=4)
    where = {"metadata": {"path": str(FOLDER)}}
    nbclient.NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", resources=where).execute()
    cells = {cell.id: shown(cell) for cell in notebook.cells if cell.cell_type == "code"}
    errors = [output for cell in notebook.cells for output in cell.get("outputs", ()) if output.get("name") == "stderr"]
    assert [] == errors
    expected = FIGURES[path.name]
    assert {} == {name: cells[name] for name, text in expected.items() if text not in cells[name]}
    assert CHARTS[path.name] == {name for name, text in cells.items() if "[chart]" in text}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_kept_without_outputs(path):
    """A notebook in the repository says nothing of the machine that it last ran on."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    ran = [cell["id"] for cell in notebook["cells"] if cell.get("outputs") or cell.get("execution_count")]
    assert [] == ran
    assert {"kernelspec", "language_info"} == set(notebook["metadata"])
