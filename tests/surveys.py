"""Small surveys, synthetic, and what the report of one says."""

import numpy as np

import xxmfg as xm
from xxmfg.report.general import Columns, Options, general_report, survey_of

COLUMNS = Columns("output", "region", "industry", "year", "enterprise")
SMALL = {
    "enterprise": [f"E{i}" for i in range(12)] * 2,
    "region": ["A", "B"] * 12,
    "industry": (["x"] * 6 + ["y"] * 6) * 2,
    "year": [2018] * 12 + [2019] * 12,
    "output": [float(10 + i) for i in range(24)],
}


def document_of(records, columns=COLUMNS, **options):
    """Give the document that describes records, in English unless the options say otherwise."""
    options = {"language": "en", "source": "here", **options}
    return general_report(survey_of(xm.Records(records), columns, Options(**options)))


def section(document, key):
    """Give the texts of a section."""
    (found,) = [one for one in document.sections if one.key == key]
    return " ".join(block.text for block in found.blocks)


def table(document, title):
    """Give the printed cells of a table, by row labels."""
    (sheet,) = [sheet for sheet in document.sheets if sheet.title.startswith(title)]
    return {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in sheet.rows}


def plants(**changes):
    """Give 60 plants in two years; `changes` has values by "plant_year", None where it is missing."""
    years, n = [2022] * 60 + [2023] * 60, 60
    output = [100.0 + 7 * (i % n) % 50 + i // n for i in range(2 * n)]
    for name, value in changes.items():
        plant, year = map(int, name[1:].split("_"))
        output[plant + n * (year - 2022)] = np.nan if value is None else value
    return {
        "enterprise": [*range(n)] * 2,
        "region": [f"R{i % 4}" for i in range(n)] * 2,
        "industry": [f"I{i % 3}" for i in range(n)] * 2,
        "year": years,
        "output": output,
    }
