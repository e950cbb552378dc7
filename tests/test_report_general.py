"""The report of any records: what it says, what cannot be made and why, whatever names hold."""

import csv
import errno
import os
import re

import docx
import numpy as np
import openpyxl
import pytest
from browser import SCROLLING, browser
from panels import synthetic_panel
from reports import Page, contents, read_csv
from surveys import COLUMNS, SMALL, document_of, plants, section, table

import xxmfg as xm
from xxmfg import report
from xxmfg.report import drawing
from xxmfg.report.general import Options, general_report, survey_of


def changed(**columns):
    """Give the small records with other columns."""
    return {**SMALL, **columns}


@pytest.fixture(scope="module")
def panel():
    """Give a panel of 10⁵ enterprises over six years, with entry and exit: synthetic."""
    return synthetic_panel(100_000)


@pytest.fixture(scope="module")
def described(panel, tmp_path_factory):
    """Give the folder of the panel's report."""
    out = tmp_path_factory.mktemp("general") / "out"
    return report.describe(panel, out, *COLUMNS, language="en", unit="万元", source="a synthetic panel").parent


# What it says.


def test_every_part_of_a_panel_is_made(described):
    """Fourteen tables and five charts, in every kind of file."""
    files = contents(described)
    assert {"index.html", "report.docx", "tables.xlsx"} <= set(files)
    assert 14 == len([name for name in files if name.startswith("tables/")])
    assert 10 == len([name for name in files if name.startswith("charts/")])
    page = Page(files["index.html"].decode())
    assert 14 == len(page.tables)
    headings = [a["aria-labelledby"] for tag, a in page.elements if tag == "section"]
    parts = ["overview", "leaders", "layout", "structure", "growth", "decomposition", "concentration"]
    assert [*parts, "specialization", "disclosure", "quality", "reading"] == headings
    assert "a synthetic panel" in page.text


def test_totals_and_growth_are_those_of_the_measures(panel, described):
    """The page prints what the functions of the package give."""
    growth = panel.growth("output", "year")
    rows = read_csv(described / "tables/Table 2_Totals by period.csv")
    unrounded = [float(row["output (万元, unrounded)"]) for row in rows]
    assert growth["value"].tolist() == unrounded
    assert [f"{rate:.2%}" for rate in growth["rate"][1:].tolist()] == [f"{row['Growth (%)']}%" for row in rows[1:]]
    apart = panel.decompose_growth("output", "enterprise", "year")
    (path,) = (described / "tables").glob("*Growth taken apart.csv")
    assert apart["n_entry"].tolist()[1:] == [int(row["N entry"]) for row in read_csv(path)]
    assert pytest.approx(apart["exit"][1:]) == [float(row["Exit (points, unrounded)"]) / 100 for row in read_csv(path)]


def test_parts_of_the_growth_add_up():
    """Changes of regions, and national + mix + competitive of each."""
    sheets = document_of(SMALL, published=True).sheets
    rows, parts = (
        [[cell.value for cell in row.cells[1:]] for sheet in sheets if title in sheet.title for row in sheet.rows]
        for title in ("Growth by region", "What the growth of each region")
    )
    for row, (change, *of_it) in zip(rows, parts, strict=True):
        assert row[2] == pytest.approx(row[1] - row[0])
        assert row[2] == change == pytest.approx(sum(of_it))
    assert rows[-1][2] == pytest.approx(sum(row[2] for row in rows[:-1]))


def test_both_languages_say_the_same():
    """The same tables with the same numbers; each of Chinese and English has every text that the other has."""
    records = xm.Records(SMALL)
    one, other = (general_report(survey_of(records, COLUMNS, Options(language=name))) for name in ("zh", "en"))
    for chinese, english in zip(one.sheets, other.sheets, strict=True):
        values = [[[cell.value for cell in row.cells] for row in sheet.rows] for sheet in (chinese, english)]
        assert str(values[0]) == str(values[1])
    assert [s.key for s in one.sections] == [s.key for s in other.sections]


@pytest.mark.parametrize(
    ("language", "fell", "grew"),
    [("en", "fell by 4.08%", "grew by 4.26%"), ("zh", "下降 4.08%", "增长 4.26%")],
)
def test_a_fall_is_no_negative_growth(language, fell, grew):
    """It said "grew by -4.08%"."""
    for values, said in (([98.0] * 12 + [94.0] * 12, fell), ([94.0] * 12 + [98.0] * 12, grew)):
        text = section(document_of(changed(output=values), language=language), "growth")
        assert said in text
        assert "-" not in text


@pytest.mark.parametrize("lag", [1, 2])
def test_the_base_is_lag_periods_earlier(lag):
    """No other period takes its place."""
    records = changed(year=[2017] * 12 + [2019] * 12)
    said = section(document_of(records, lag=lag), "growth")
    assert ("From 2017 to 2019" in said) == (lag == 2)


def test_two_runs_write_the_same_bytes(tmp_path):
    """Page, document, workbook, CSVs, charts."""
    folders = [report.describe(xm.Records(SMALL), tmp_path / name, *COLUMNS, language="en").parent for name in "ab"]
    assert contents(folders[0]) == contents(folders[1])


def without_some_values():
    """Give 60 plants, five of region R0 without a value in 2023."""
    return plants(**{f"p{plant}_2023": None for plant in range(0, 20, 4)})


@pytest.mark.parametrize("entity", ["enterprise", None])
def test_means_divide_by_those_that_gave_a_value(entity):
    """They divided by all that have a record, and the parts' counts did not add up to the total's."""
    records = without_some_values()
    document = document_of(records, COLUMNS._replace(enterprise=entity))
    values = [value for value, year in zip(records["output"], records["year"], strict=True) if year == 2023]
    mean = np.nanmean(values)
    rows = table(document, "By region")
    assert ["10", "15", "15", "15"] == [rows[f"R{i}"][0] for i in range(4)]
    assert ("55", f"{mean:.2f}") == (rows["Total"][0], rows["Total"][3])
    assert f"{np.nanmean(values[::4]):.2f}" == rows["R0"][3]
    overview = table(document, "Overview")
    assert f"{mean:.2f}" == overview["Mean"][0]
    assert "55" == table(document, "Totals")["2023"][1]


def test_a_missing_label_is_no_region():
    """It was counted as one: five where there are four."""
    records = plants()
    records["region"] = [None if i % 60 < 4 else region for i, region in enumerate(records["region"])]
    document = document_of(records)
    assert "4" == table(document, "Overview")["Number: region"][0]
    assert "Of 4 labels of region" in section(document, "layout")
    assert "(missing)" in table(document, "By region")


def test_records_that_name_no_enterprise_are_enterprises_of_their_own():
    """They were one enterprise: it led the leaders, dominated its cells, and its records were called repeated."""
    records = plants()
    names = [f"p{i % 60}" if i % 60 >= 20 else None for i in range(120)]
    document = document_of(records | {"enterprise": names}, name_leaders=True, published=True)
    assert "60" == table(document, "Overview")["Reporters"][0]
    assert ["15", "15", "15", "15"] == [table(document, "By region")[f"R{i}"][0] for i in range(4)]
    quality = table(document, "Data quality")
    assert ("40", "0") == tuple(
        quality[name][0] for name in ("Without enterprise", "Repeated: same reporter, region, industry, period")
    )
    (leaders,) = [sheet for sheet in document.sheets if sheet.title.startswith("Leaders")]
    largest = sorted(value for value, year in zip(records["output"], records["year"], strict=True) if year == 2023)[
        -20:
    ]
    assert largest[::-1] == [row.cells[2].value for row in leaders.rows]
    assert {"(missing)"} < {row.cells[1].text for row in leaders.rows}
    apart = table(document, "Growth taken apart")["2023"]
    assert ["40", "20", "20"] == apart[5:8]


def test_numbers_have_commas_where_people_read_them_and_none_where_programs_do(tmp_path):
    """47436757 could not be read at a glance; in the CSV it must stay a number."""
    records = changed(output=[1e6 * value for value in SMALL["output"]])
    out = report.describe(xm.Records(records), tmp_path / "out", *COLUMNS, language="en", published=True).parent
    total = int(sum(records["output"][12:]))
    page = Page((out / "index.html").read_text("utf-8"))
    assert f"{total:,}" in page.text
    assert str(total) not in page.text
    assert f"{total:,}" in {
        cell.text for one in docx.Document(out / "report.docx").tables for row in one.rows for cell in row.cells
    }
    (row,) = [row for row in read_csv(out / "tables/Table 1_Overview.csv") if row["Indicator"] == "Total"]
    assert str(total) == row["Value"]
    book = openpyxl.load_workbook(out / "tables.xlsx")
    formats = {cell.number_format for row in book["Table 1"].iter_rows() for cell in row if cell.value == total}
    assert {"#,##0"} == formats


@pytest.mark.parametrize(
    ("language", "named", "bare"),
    [
        (
            "en",
            "here, 2019; columns: output, region, industry, year, enterprise.",
            "records, 2019; columns: output, region, industry, year.",
        ),
        (
            "zh",
            "here，2019；列：output、region、industry、year、enterprise。",
            "记录，2019；列：output、region、industry、year。",
        ),
    ],
)
def test_the_source_names_the_columns_that_there_are(language, named, bare):
    """Without a column of enterprises it said "record" among the columns."""
    for columns, source, said in ((COLUMNS, "here", named), (COLUMNS._replace(enterprise=None), "", bare)):
        assert {said} == {
            sheet.source for sheet in document_of(SMALL, columns, language=language, source=source).sheets
        }


def test_no_missing_region_is_called_the_most_special():
    """A label that is not there is no region, however special."""
    records = plants()
    records["region"] = [None if i % 60 in {0, 6, 12, 18} else region for i, region in enumerate(records["region"])]
    said = section(document_of(records, published=True), "specialization")
    assert re.search(r"^Of those published, R\d differs most", said)


# What cannot be made says why.


@pytest.mark.parametrize(
    ("records", "part", "why"),
    [
        (changed(year=[2019] * 24), "growth", "There is no base period"),
        (changed(region=["A"] * 24), "specialization", r"only one region \(A\)"),
        (changed(industry=["x"] * 24), "specialization", r"only one industry \(x\)"),
        (changed(enterprise=["E"] * 24), "layout", "fewer than 3 reporters"),
        (changed(output=[np.nan] * 24), "overview", "No record of 2019 has a value"),
        (changed(output=[-1.0, 9.0] * 12), "specialization", "zero or negative"),
    ],
    ids=["no base", "one region", "one industry", "one enterprise", "all missing", "negative"],
)
def test_a_part_that_cannot_be_made_says_why(records, part, why):
    """The others are made."""
    document = document_of(records)
    assert re.search(why, section(document, part))
    assert "Data quality" in [sheet.title for sheet in document.sheets]


def test_without_enterprises_growth_is_not_taken_apart():
    """Each record counts as an enterprise's, and the part names the argument."""
    document = document_of(SMALL, COLUMNS._replace(enterprise=None))
    assert "--enterprise" in section(document, "decomposition")
    assert "From 2018 to 2019" in section(document, "growth")


def test_what_records_lack_is_counted():
    """Missing entries of each column, zeros, negative values, repeated records."""
    records = changed(
        output=[np.nan, 0.0, -1.0, *SMALL["output"][3:]],
        region=[None, *SMALL["region"][1:]],
        year=np.ma.MaskedArray(SMALL["year"], [False] * 23 + [True]),
        enterprise=[*SMALL["enterprise"][:2], "E0", *SMALL["enterprise"][3:]],
    )
    records = {name: [*column, column[12]] for name, column in records.items() if name != "year"} | {
        "year": np.ma.MaskedArray([*SMALL["year"], 2019], [False] * 23 + [True, False])
    }
    counts = {label: int(row[0]) for label, row in table(document_of(records), "Data quality").items()}
    expected = {"Records": 25, "Without a value": 1, "Without a period": 1, "Without region": 1}
    assert expected.items() <= counts.items()
    assert 1 == counts["Value is zero"] == counts["Value is negative"]
    assert 1 == counts["Repeated: same reporter, region, industry, period"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": "output_"}, "output_.*output"),
        ({"industry": "region"}, "more than one part"),
        ({"period": "enterprise", "enterprise": None}, "integers or dates"),
        ({"value": "enterprise", "enterprise": None}, "text"),
    ],
)
def test_a_wrong_column_is_named_and_nothing_written(tmp_path, change, message):
    """A missing one with its neighbor, one given twice, one of the wrong kind."""
    columns = COLUMNS._replace(**change)
    with pytest.raises((xm.XxmfgError, TypeError), match=message):
        report.describe(xm.Records(SMALL), tmp_path / "out", *columns)
    assert [] == list(tmp_path.iterdir())


def test_no_record_at_all_is_an_error():
    """Nothing can be said."""
    with pytest.raises(xm.XxmfgError, match="no record"):
        document_of({name: np.array(column)[:0] for name, column in SMALL.items()})


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    """The message has the reason, and no folder is there."""

    def fails(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(drawing, "save", fails)
    with pytest.raises(xm.XxmfgError, match="No space left"):
        report.describe(xm.Records(SMALL), tmp_path / "out", *COLUMNS, language="en")
    assert [] == list(tmp_path.iterdir())


def test_without_a_font_the_report_has_no_charts_and_says_why(tmp_path, monkeypatch):
    """Texts, tables and the workbook are there."""
    monkeypatch.setenv("XXMFG_FONT", "DejaVu Sans")
    records = xm.Records(changed(region=["沣东", "沣西"] * 12))
    with pytest.warns(UserWarning, match="without charts.*沣"):
        out = report.describe(records, tmp_path / "out", *COLUMNS, language="en").parent
    page = Page((out / "index.html").read_text("utf-8"))
    assert "No charts could be drawn." in page.text
    assert "fonts-noto-cjk" in page.text
    assert "svg" not in {tag for tag, _ in page.elements}
    assert [] == list((out / "charts").iterdir())


# Names.

HOSTILE = ["<script>alert(1)</script>", '=HYPERLINK("x")', "\u202eb&c\x1b", "</text><b>", "${{x}}{0}%s"]


def test_hostile_names_stay_text_everywhere(tmp_path):
    """Markup, formulas, marks of direction, control characters and braces, in labels and in the names of columns."""
    value = '=1+1"><img src=x>{unit}'
    records = {
        "enterprise": [f"{HOSTILE[i % 5]}{i}" for i in range(40)] * 2,
        "region": HOSTILE * 16,
        "industry": [HOSTILE[i // 8] for i in range(40)] * 2,
        "year": [2018] * 40 + [2019] * 40,
        value: [float(10 + i % 7) for i in range(80)],
    }
    columns = COLUMNS._replace(value=value)
    out = report.describe(
        xm.Records(records), tmp_path / "out", *columns, language="en", name_leaders=True, title=value
    ).parent
    source = (out / "index.html").read_text("utf-8")
    page = Page(source)
    assert [] == page.open
    assert {"script", "img"}.isdisjoint(tag for tag, _ in page.elements)
    assert not re.search("[\u202e\x1b]", source)
    for path in (out / "tables").iterdir():
        for row in csv.reader(path.read_text("utf-8-sig").splitlines()):
            assert not [cell for cell in row if cell[:1] in {"=", "@", "\t"}], path.name
    for path in (out / "charts").glob("*.svg"):
        assert not re.search("<script|<b>|[\u202e\x1b]", path.read_text("utf-8"))
    book = openpyxl.load_workbook(out / "tables.xlsx")
    assert "f" not in {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    paper = docx.Document(out / "report.docx")
    shown = {cell.text for table_ in paper.tables for row in table_.rows for cell in row.cells}
    assert "\\u202eb&c\\x1b" in shown
    assert {path.name for path in out.parent.iterdir()} == {"out"}


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "light"), (1280, "dark")])
def test_a_browser_shows_the_page_without_a_word(described, width, scheme):
    """Nothing on the console, nothing wider than the window; a table of ten columns scrolled sideways on a desktop."""
    with browser() as shown:
        shown.show(described / "index.html", width, scheme=scheme)
        assert width == shown.run("document.documentElement.scrollWidth")
        assert "Growth taken apart" in shown.run("document.body.innerText")
        assert width == 390 or shown.run(f"{SCROLLING}.length") == 0
        assert [] == shown.said
