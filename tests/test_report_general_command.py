"""The report of any records from the shell: what the command needs, and the command that the page prints."""

import csv
import re
import shlex
from pathlib import Path

import pytest
from reports import Page, contents
from surveys import SMALL

from xxmfg.cli import main

QCEW = Path(__file__).parent.parent / "data/qcew_nj_2016q1.csv"


def test_published_figures_are_reported_without_names_or_checks(tmp_path):
    """QCEW: ten counties, industries; one period, so growth says why it is not there; dollars are whole."""
    where = ["agglvl_code=74", "own_code=5", "disclosure_code="]
    words = ["report", "--records", str(QCEW), "--value", "total_qtrly_wages", "--by", "area_title", "--period", "year"]
    words += [
        "--industry",
        "industry_title",
        "--published",
        "--lang",
        "en",
        "--unit",
        "USD",
        "-o",
        str(tmp_path / "out"),
    ]
    assert 0 == main(words + [word for asked in where for word in ("--where", asked)])
    with QCEW.open(encoding="utf-8", newline="") as file:
        rows = [
            r
            for r in csv.DictReader(file)
            if (r["agglvl_code"], r["own_code"], r["disclosure_code"]) == ("74", "5", "")
        ]
    total = sum(int(row["total_qtrly_wages"]) for row in rows)
    page = Page((tmp_path / "out/index.html").read_text("utf-8"))
    assert f"the total of total_qtrly_wages is {total:,} USD, reported by 190 records" in page.text
    assert "There is no base period: the records have nothing 1 period(s) before 2016" in page.text
    assert "nothing is checked" in page.text
    assert str(QCEW.parent) not in (tmp_path / "out/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--value", "output"], "give --records FILE too"),
        (["--records", "x.csv", "--value", "output"], "give --by, --industry, --period"),
        *(
            ([option, *entry], f"{option} is for a report of any records: give --records FILE too")
            for option, *entry in (
                ["--lang", "zh"],
                ["--title", "x"],
                ["--unit", ""],
                ["--where", "year=2019"],
                ["--lag", "0"],
                ["--name-leaders"],
                ["--published"],
                ["--sheet", "x"],
                ["--encoding", "utf-8"],
                ["--thousands", ","],
                ["--type", "x=text"],
            )
        ),
    ],
)
def test_the_command_names_what_is_not_given(tmp_path, capsys, words, message):
    """Code 2, one line; options of a report of any records were dropped without a word where none was asked for."""
    assert 2 == main(["report", *words, "-o", str(tmp_path / "out")])
    assert message in capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())


def test_the_command_on_the_page_makes_the_same_page(tmp_path, monkeypatch, capsys):
    """Every option that says how to read the file is in it: a file in GBK with commas could not be read again."""
    monkeypatch.chdir(tmp_path)
    rows = zip(*({**SMALL, "output": [f"{1000 * value:,.1f}" for value in SMALL["output"]]}).values(), strict=True)
    with Path("plants of 2019.csv").open("w", encoding="gbk", newline="") as file:
        csv.writer(file).writerows([SMALL, *rows])
    words = ["xxmfg", "report", "--records", "plants of 2019.csv", "--value", "output", "--by", "region"]
    words += [
        "--industry",
        "industry",
        "--period",
        "year",
        "--enterprise",
        "enterprise",
        "--lag",
        "1",
        "--title",
        "A & B",
    ]
    words += [
        "--unit",
        "万元",
        "--where",
        "region=A",
        "--encoding",
        "gbk",
        "--thousands",
        ",",
        "--type",
        "enterprise=text",
    ]
    words += ["--name-leaders", "--published", "--lang", "en"]
    assert 0 == main([*words[1:], "-o", "out"])
    printed = re.search(r"Made by xxmfg \S+ (.*)\.$", Page(Path("out/index.html").read_text("utf-8")).text.strip())
    assert words == shlex.split(printed[1])
    assert 0 == main([*shlex.split(printed[1])[1:], "-o", "again"])
    assert contents(Path("out")) == contents(Path("again"))
    assert "" == capsys.readouterr().err
