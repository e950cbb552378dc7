"""xxmfg audit: three tables in any form, exit code 1 where the figures cannot all be true, 2 for wrong use."""

import csv
import io
import json
from pathlib import Path

import pytest

import xxmfg as xm
from xxmfg import cli

DATA = Path(__file__).parents[1] / "data"
SURVEY = [str(DATA / "xixian2019" / "figures.csv"), str(DATA / "xixian2019" / "relations.csv")]
OFFICIAL = [str(DATA / "official" / "figures.csv"), str(DATA / "official" / "relations.csv")]

pytest.importorskip("scipy")


def test_text_says_what_is_doubted_and_exits_with_1(capsys):
    """Aligned tables, then the sentences of what fails, is asked or is left open."""
    assert 1 == cli.main(["audit", *SURVEY])
    lines = capsys.readouterr().out.split("\n")
    counts = "3 fails, 1 query, 1 gap, 12 compatible, 24 inferred, 16 certain; 1 joint conflict"
    assert f"57 relations: {counts}" == lines[0]
    assert ["relations", "conflicts", "unknowns"] == [line for line in lines if line in xm.AuditResult._fields]
    said = [line.partition(":")[0] for line in lines if line.startswith("R0") and ": " in line[:14]]
    assert ["R001 fails", "R011 query", "R031 gap", "R042 fails", "R046 fails"] == said[:5]
    assert any(line.startswith("C1: 6 figures and 3 relations cannot all be true.") for line in lines)
    assert cli.main(["audit", *SURVEY, "--lang", "zh"]) == 1
    assert "C1：6 个数字与 3 条关系不能同时成立。" in capsys.readouterr().out


def test_json_csv_and_html_have_all_three_tables(capsys):
    """JSON has them by name, CSV in one table, HTML on one page."""
    result = xm.audit(*SURVEY)
    assert 1 == cli.main(["audit", *SURVEY, "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["holds"] is False
    assert [len(table) for table in result] == [len(found[name]) for name in result._fields]
    assert result.relations["note_zh"].tolist() == [row["note_zh"] for row in found["relations"]]
    cli.main(["audit", *SURVEY, "--csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [len(table) for table in result] == [
        sum(row["table"] == name for row in rows) for name in ("relation", "conflict", "unknown")
    ]
    assert result.unknowns["name"].tolist() == [row["id"] for row in rows if row["table"] == "unknown"]
    cli.main(["audit", *SURVEY, "--html"])
    page = capsys.readouterr().out
    assert 3 == page.count('<table class="xxmfg">')
    assert page.startswith("<!DOCTYPE html>")


def test_figures_that_hold_exit_with_0(capsys):
    """Official releases are not refuted."""
    assert 0 == cli.main(["audit", *OFFICIAL])
    assert capsys.readouterr().out.startswith("14 relations: 14 compatible; 0 joint conflicts\n")


def test_readings_are_options(capsys):
    """Each reading of `audit` has its option."""
    for option in ("--truncated", "--from-printed", "--comparable"):
        assert 1 == cli.main(["audit", *SURVEY, option, "--json"])
        reading = {option[2:].replace("-", "_"): True}
        expected = xm.audit(*SURVEY, **reading).relations["verdict"].tolist()
        assert expected == [row["verdict"] for row in json.loads(capsys.readouterr().out)["relations"]]
    assert 2 == cli.main(["audit", *SURVEY, "--approx", "0"])
    assert "approx must be a whole number of half units, 1 or more, not 0" in capsys.readouterr().err


def test_standard_input_is_one_of_the_files(monkeypatch, capsys):
    """A hyphen reads the figures, or the relations, but not both."""
    relations = io.TextIOWrapper(io.BytesIO(b"id,relation\nR1,gdp = primary + secondary + tertiary\n"))
    monkeypatch.setattr("sys.stdin", relations)
    assert 0 == cli.main(["audit", OFFICIAL[0], "-"])
    assert capsys.readouterr().out.startswith("1 relations: 1 compatible")
    assert 2 == cli.main(["audit", "-", "-"])
    assert "xxmfg: standard input holds one file: name the figures or the relations\n" == capsys.readouterr().err


def test_wrong_use_exits_with_2_and_one_line(tmp_path, capsys):
    """A file that is not there, or a relation that cannot be read, is one line with its place and no table."""
    assert 2 == cli.main(["audit", str(tmp_path / "no.csv"), SURVEY[1]])
    assert capsys.readouterr() == ("", f"xxmfg: {tmp_path / 'no.csv'}: No such file or directory\n")
    bad = tmp_path / "relations.csv"
    bad.write_text("id,relation\nR1,F010 = = F012\n", encoding="utf-8")
    assert 2 == cli.main(["audit", SURVEY[0], str(bad)])
    assert capsys.readouterr() == (
        "",
        f"xxmfg: {bad}: line 2, column 11: expected a number, a name or '(', found '='\n",
    )
    with pytest.raises(SystemExit) as left:
        cli.main(["audit", SURVEY[0]])
    assert 2 == left.value.code
