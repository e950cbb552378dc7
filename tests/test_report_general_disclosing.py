"""The report of any records, what it suppresses: no file of it tells what a single reporter reported."""

import re

import numpy as np
import openpyxl
import pytest
from reports import Page, contents
from surveys import COLUMNS, SMALL, document_of, plants, section, table

import xxmfg as xm
from tests.reference.attacking import TOTAL, Published, findings
from tests.trials.protection import as_text
from xxmfg import report
from xxmfg.report.general import Options, disclosing, survey_of


def test_what_one_enterprise_reported_stands_nowhere(tmp_path):
    """Region C has two enterprises: its value, and so much else that nobody can work it out, are in no file."""
    records = {
        "enterprise": [f"E{i}" for i in range(14)] * 2,
        "region": [*"AAAABBBBDDDD", "C", "C"] * 2,
        "industry": [*"xyxyxyxyxyxyxy"] * 2,
        "year": [2018] * 14 + [2019] * 14,
        "output": [*[100.0 + i for i in range(12)], 777.25, 1.5, *[200.0 + i for i in range(12)], 888.5, 2.25],
    }
    out = report.describe(xm.Records(records), tmp_path / "out", *COLUMNS, language="en").parent
    page = Page((out / "index.html").read_text("utf-8"))
    rows = {row[0]: row[2:] for row in page.tables["table-4"][1:]}
    hidden = [name for name, row in rows.items() if "suppressed" in row[0]]
    assert "C" in hidden
    assert len(hidden) > 1
    book = openpyxl.load_workbook(out / "tables.xlsx")
    shown = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert shown.isdisjoint({888.5, 777.25, 890.75, 778.75, 2.25, 1.5})
    secrets = re.compile(r"(?<![\d.])(888\.5|777\.25|890\.75|778\.75)")
    assert not [path.name for path in (out / "tables").iterdir() if secrets.search(path.read_text("utf-8-sig"))]
    assert not secrets.search(page.text)


def test_suppressed_cells_together_may_be_published():
    """What a total minus the printed parts gives away has at least three reporters."""
    random = np.random.default_rng(8)
    n = 200
    region = random.zipf(1.6, n) % 12
    records = {
        "enterprise": np.arange(n),
        "region": [f"R{i}" for i in region],
        "industry": [f"I{i}" for i in random.integers(0, 4, n)],
        "year": np.full(n, 2019),
        "output": random.lognormal(3, 2, n),
    }
    (sheet,) = [s for s in document_of(records).sheets if s.title.startswith("By region")]
    hidden = {row.cells[0].text for row in sheet.rows if row.cells[2].notes}
    inside = [name in hidden for name in records["region"]]
    assert 3 <= sum(inside)
    values = records["output"][inside]
    assert values.max() < 0.85 * values.sum()
    assert all(row.cells[2].value is None for row in sheet.rows if row.cells[0].text in hidden)


def mixed(seed, n=400):
    """Give records of 7 regions and 6 industries in one year, in which some enterprises are large or alone."""
    random = np.random.default_rng(seed)
    return {
        "enterprise": random.integers(0, n // 2, n),
        "region": random.zipf(1.4, n) % 7,
        "industry": random.zipf(1.4, n) % 6,
        "year": np.full(n, 2019),
        "output": random.lognormal(3, 1.5, n).round(2),
    }


@pytest.mark.parametrize("seed", [2, 3, 8])
def test_regions_by_industries_are_attacked(seed):
    """What is not printed of cells and totals cannot be worked out: by the twin, which knows nothing of `protect`."""
    records = mixed(seed)
    checked = disclosing.protected(survey_of(xm.Records(records), COLUMNS, Options()))
    assert "" == checked.withheld
    assert checked.region.all()
    assert checked.industry.all()
    assert not checked.cells.all()
    suppressed = [tuple(cell) for cell in np.argwhere(~checked.cells & checked.occurring["cells"]).tolist()]
    names = ("region", "industry", "enterprise", "output")
    attacked = Published(zip(*(records[name].tolist() for name in names), strict=True), suppressed, as_text({}))
    assert [] == findings(attacked)
    assert attacked.reasons((TOTAL, TOTAL)) == []
    said = section(document_of(records), "disclosure")
    assert f"region by industry ({checked.cells.size} cells) and its totals are one table: protected, then atta" in said


@pytest.mark.parametrize("seed", [2, 3, 8])
def test_indices_of_suppressed_cells_are_not_printed(seed):
    """Two suppressed cells of a region followed from its total and its Herfindahl index, printed to all digits."""
    survey = survey_of(xm.Records(mixed(seed)), COLUMNS, Options())
    checked = disclosing.protected(survey)
    hidden = ~checked.cells & checked.occurring["cells"]
    document = document_of(mixed(seed))
    for title, part, axis in (("Specialization by", "region", 1), ("Where each", "industry", 0)):
        rows = table(document, title)
        for label, has_hidden in zip(survey.labels[part], hidden.any(axis=axis).tolist(), strict=True):
            assert has_hidden == (["—", "—"] == rows[str(label)][:2])
            assert "—" == rows[str(label)][2] or not (hidden.any() if part == "region" else has_hidden)


def test_parts_of_growth_do_not_tell_a_cell_of_the_base():
    """Of two industries one had one enterprise in the base: the region's total and its mix gave its value back."""
    records = {"enterprise": [], "region": [], "industry": [], "year": [], "output": []}
    cells = [(region, industry, year) for region in "ABCD" for industry in "xyz" for year in (2018, 2019)]
    for region, industry, year in cells:
        for n in range(1 if (region, industry, year) == ("A", "x", 2018) else 6):
            row = f"{region}{industry}{n}", region, industry, year, 100.0 + 7 * n + 31 * (ord(region) % 3) + year % 7
            for column, entry in zip(records.values(), row, strict=True):
                column.append(entry)
    rows = table(document_of(records), "What the growth of each region is made of")
    assert ["—"] * 3 == rows["A"][1:]
    assert "—" != rows["A"][0]
    assert 2 == sum(row[1:] == ["—"] * 3 for row in rows.values())


def test_a_table_that_is_refused_is_withheld():
    """Where no suppression makes regions by industries safe no quotient of it is printed, and the page says why."""
    records = {
        "enterprise": ["E1", "E1", "E2", "E3"],
        "region": ["A", "A", "B", "B"],
        "industry": ["x", "y", "x", "y"],
        "year": [2019] * 4,
        "output": [25.0, 25.0, 30.0, 20.0],
    }
    with pytest.raises(xm.DisclosureError, match="cannot be made safe"):
        xm.protect(records["output"], (records["region"], records["industry"]), records["enterprise"])
    said = section(document_of(records), "disclosure")
    assert "Nothing of region by industry (4 cells) is printed: no suppression makes that table safe" in said


def test_a_table_that_is_too_large_is_withheld(monkeypatch):
    """Regions and industries are still printed, each as a table with its total; the page names the limit."""
    monkeypatch.setattr(disclosing, "MOST_CELLS", 55)
    monkeypatch.setattr("xxmfg.report.general.profile.MOST_CELLS", 55)
    document = document_of(mixed(2))
    assert "more than the 55 cells that are protected and attacked here" in section(document, "disclosure")
    assert {"—"} == {row[-1] for row in table(document, "Specialization by region").values()}
    assert {"—"} != {row[1] for row in table(document, "By region").values()}


def test_growth_taken_apart_does_not_tell_the_one_left_out():
    """A plant blank in 2023 was left out of the rate, which with the totals gave its 198.5 of 2022 away."""
    document = document_of(plants(p7_2022=198.5, p7_2023=None))
    row = table(document, "Growth taken apart")["2023"]
    assert ["—"] * 5 + ["59", "0", "0", "1"] == row
    totals = table(document, "Totals")
    assert [totals["2022"][2], totals["2023"][2]] != ["—", "—"]


def test_growth_taken_apart_says_how_many_it_leaves_out():
    """Its rate stood beside that of the totals without a word; three left out together may be told."""
    records = plants(p7_2023=None, p8_2023=None, p9_2023=None)
    document = document_of(records)
    (sheet,) = [sheet for sheet in document.sheets if sheet.title == "Growth taken apart"]
    growth = xm.Records(records).growth("output", "year")["rate"][-1]
    assert sheet.rows[-1].cells[1].value != pytest.approx(100 * growth)
    assert ["57", "0", "0", "3"] == [cell.text for cell in sheet.rows[-1].cells[-4:]]
    assert "Left out (3 to 2023): reporters" in " ".join(note.text for note in sheet.notes)
    (sheet,) = [sheet for sheet in document_of(plants()).sheets if sheet.title == "Growth taken apart"]
    assert "Left out" not in " ".join(note.text for note in sheet.notes)


@pytest.mark.parametrize("year", [2022, 2023])
def test_growth_taken_apart_does_not_tell_a_dominant_part(year):
    """Three entrants of 3000, 1 and 1 were printed, though one has nearly all; exits alike. The rate is no secret."""
    records = plants(p7_2022=3000.0, p8_2022=1.0, p9_2022=1.0, p7_2023=3000.0, p8_2023=1.0, p9_2023=1.0)
    kept = [not (7 <= i % 60 <= 9 and records["year"][i] != year) for i in range(120)]
    records = {name: [one for one, keep in zip(column, kept, strict=True) if keep] for name, column in records.items()}
    row = table(document_of(records), "Growth taken apart")["2023"]
    assert ["—"] * 4 == row[1:5]
    assert "—" != row[0]
    assert ["57", *(["3", "0"] if year == 2023 else ["0", "3"]), "0"] == row[5:]


def test_leaders_have_names_on_request_alone(tmp_path):
    """No output holds a name without --name-leaders; with it they stand in order."""
    names = {"Enterprise of Li", "E11"}
    records = SMALL | {"enterprise": (["Enterprise of Li"] + [f"E{i}" for i in range(1, 12)]) * 2}
    out = report.describe(xm.Records(records), tmp_path / "out", *COLUMNS, language="en").parent
    assert not [name for name in names for data in contents(out).values() if name.encode() in data]
    named = table(document_of(records, name_leaders=True), "Leaders")
    assert ["E11", "E10", "E9"] == [row[0] for row in named.values()][:3]


def test_naming_leaders_needs_a_column_of_them():
    """The message names the argument."""
    with pytest.raises(xm.XxmfgError, match="--enterprise"):
        document_of(SMALL, COLUMNS._replace(enterprise=None), name_leaders=True)


FEW = [*range(6)] * 2  # so few enterprises that no ratio of the largest may be printed
SHORT = {
    "no region": plants(**{f"p{i}_{year}": 1e6 for i in range(4) for year in (2022, 2023)}),
    "left out": plants(p7_2023=None),
    "base of zero": plants(**{f"p{i}_2022": 0.0 for i in range(60)}),
    "no value": plants(**{f"p{i}_2023": None for i in range(60)}),
    "one enterprise": plants() | {"enterprise": [0] * 120},
    "few": {
        "enterprise": FEW,
        "region": [*"AAABBB"] * 2,
        "industry": [*"xyzxyz"] * 2,
        "year": [2018] * 6 + [2019] * 6,
        "output": [float(10 + i) for i in range(12)],
    },
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("records", SHORT.values(), ids=SHORT)
def test_no_sentence_asks_for_what_is_suppressed(records, language):
    """It said "Of 4 labels of region, — is the largest with —%", and "the largest four have —%"."""
    document = document_of(records, language=language)
    texts = [block.text for one in document.sections for block in one.blocks if block.text]
    assert texts
    assert not [text for text in texts if "—" in text]


def test_a_suppressed_ratio_leaves_the_others_said():
    """Only the sentence that asks for it is left out."""
    said = section(document_of(SHORT["few"]), "concentration")
    assert "Herfindahl index over all is 0." in said
    assert "largest four" not in said
    assert "The largest four have 3" in section(document_of(SMALL, lag=1), "concentration")
