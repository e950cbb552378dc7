"""The data files hold what the report prints, and the records give it back to the printed digit."""

import csv
import os
import shutil
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data"
FIELDS = ["establishment", "enterprise", "name", "new_city", "industry", "category", "branch", "year", "output"]
FIELDS += ["record_type"]
NAMED = ["中车西安车辆有限公司", "陕西凝远新材料科技股份有限公司", "陕西海天制药有限公司"]

# City: establishments, output in 亿元, share in % as printed, and the industries that the report lists there.
CITIES = {
    "空港新城": (5, "3.31", "4", {"新材料", "医药", "环保"}),
    "沣东新城": (10, "45.78", "55.16", {"装备制造", "新材料", "医药", "电力电子"}),
    "秦汉新城": (8, "14.15", "17.05", {"绿色节能建筑材料", "电力电子"}),
    "沣西新城": (10, "9.03", "10.88", {"医药", "汽车", "电力电子", "仪器仪表"}),
    "泾河新城": (3, "10.7", "12.89", {"医药", "汽车", "装备制造"}),
}
BRANCHES = {
    "汽车": "43.5",
    "航空航天航海动力装备": "0.7550",
    "绿色节能建筑材料": "10.5",
    "生物医药": "13",
    "金属材料": "15",
}


def read(name):
    """Read a file as rows of text."""
    with (DATA / "xixian2019" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FIGURES = read("figures.csv")
RECORDS = read("establishments.csv")
NOW = [row for row in RECORDS if row["year"] == "2019"]
UNITS = [row for row in NOW if row["record_type"] == "企业"]
BALANCE = [row for row in RECORDS if row["record_type"] == "平衡项"]


def output(rows):
    """Add up the output, exact, in 亿元."""
    return Fraction(sum(int(row["output"]) for row in rows), 10_000)


def rounded_like(value, printed):
    """Print the value with as many decimals as `printed` has."""
    with localcontext(prec=50):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return str(exact.quantize(Decimal(printed), ROUND_HALF_UP))


def where(rows, **fields):
    """Choose the rows whose fields have the given values."""
    return [row for row in rows if all(row[name] == value for name, value in fields.items())]


# figures.csv


def test_figures_are_complete_and_well_formed():
    """All 125 figures are there in order, with known kinds and qualifiers and the decimals that their values show."""
    assert [f"F{n:03}" for n in range(1, 126)] == [row["id"] for row in FIGURES]
    columns = [
        "id",
        "kind",
        "subject",
        "indicator",
        "year",
        "value",
        "unit",
        "qualifier",
        "decimals",
        "phrase",
        "items",
    ]
    assert columns == list(FIGURES[0])
    kinds = {"stat", "share", "growth", "count", "threshold", "rank", "ordinal", "date", "label"}
    assert kinds == {row["kind"] for row in FIGURES}
    qualifiers = {"exact", "approx", "above", "over", "at_least", "at_most", "range_lo", "range_hi", "from"}
    assert qualifiers == {row["qualifier"] for row in FIGURES}
    for row in FIGURES:
        assert int(row["decimals"]) == len(row["value"].partition(".")[2]), row["id"]
        assert row["subject"], row["id"]
        assert row["phrase"], row["id"]


def test_qualifiers_follow_the_phrase():
    """A figure is qualified where its phrase has the word for it: 突破, 余, 以上, 以下, 前五 and their like."""
    words = {
        "above": ("突破", "超过"),
        "over": ("余家", "多家"),
        "at_least": ("以上",),
        "at_most": ("以下", "前五"),
        "approx": ("约", "左右"),
        "from": ("以来",),
    }
    qualified = {row["id"]: row["qualifier"] for row in FIGURES if row["qualifier"] in words}
    for row in FIGURES:
        if row["id"] in qualified:
            assert any(word in row["phrase"] for word in words[row["qualifier"]]), row["id"]
    approximate = {"F013", "F019", "F020", "F021", "F022", "F023", "F056", "F112"}
    bounds = {"F044": "at_least", "F049": "at_most", "F055": "over", "F060": "above", "F068": "above"}
    bounds |= {"F079": "at_most", "F080": "above", "F102": "at_least", "F111": "over", "F006": "from"}
    assert dict.fromkeys(approximate, "approx") | bounds == qualified


def test_lists_are_as_long_as_their_counts():
    """A list that the report closes has as many names as it says; one that goes on with 等 has fewer."""
    lists = {row["id"]: (len(row["items"].split("、")), int(row["value"])) for row in FIGURES if row["items"]}
    open_lists = {"F003", "F009", "F045", "F048", "F054", "F063", "F064", "F111"}
    assert open_lists == {key for key, (names, count) in lists.items() if names < count}
    assert set(lists) - open_lists == {key for key, (names, count) in lists.items() if names == count}
    cities = next(row for row in FIGURES if row["id"] == "F077")["items"].split("、")
    assert (len(cities), len(set(cities))) == (18, 17)


# establishments.csv


def test_every_field_has_an_origin():
    """Each of the ten fields of each record says where it comes from, in the four words of the README."""
    assert [*FIELDS, *(f"{field}_origin" for field in FIELDS)] == list(RECORDS[0])
    origins = {row[f"{field}_origin"] for row in RECORDS for field in FIELDS}
    assert origins == {"published", "inferred", "assumed", "reconstructed"}


def test_published_is_only_what_the_report_prints():
    """The three named enterprises' outputs of 2019 are published, the others are not, those of 2018 are inferred."""
    published = where(RECORDS, output_origin="published")
    assert sorted({row["name"] for row in published}, key=NAMED.index) == NAMED
    assert {"2019"} == {row["year"] for row in published}
    assert len(published) == 3
    assert {"inferred"} == {row["output_origin"] for row in where(RECORDS, year="2018")}
    for row in RECORDS:
        assert (row["name"] in NAMED) == (row["name_origin"] == "published")


def test_counts():
    """35 enterprises stand in 36 establishments, one with two, in six categories."""
    enterprises = [row["enterprise"] for row in UNITS]
    assert 36 == len(UNITS) == len({row["establishment"] for row in UNITS})
    assert len(set(enterprises)) == 35
    (double,) = {key for key in enterprises if enterprises.count(key) == 2}
    sites = where(UNITS, enterprise=double)
    assert len({row["new_city"] for row in sites}) == 2
    assert len({(row["name"], row["category"], row["branch"]) for row in sites}) == 1
    assert {"0201", "0202", "0204", "0209", "0212", "0214"} == {row["category"] for row in UNITS}


def test_total_and_growth():
    """The total is 83.00 exactly, and 17.54 % above the inferred total of 2018, 70.61."""
    before = output(where(RECORDS, year="2018"))
    assert output(NOW) == 83
    assert rounded_like(before, "0.01") == "70.61"
    assert rounded_like(100 * (output(NOW) / before - 1), "0.01") == "17.54"


@pytest.mark.parametrize("city", CITIES)
def test_cities(city):
    """Count, output and share of each city come out as printed, and its industries are those that the report lists."""
    count, printed, share, industries = CITIES[city]
    here = where(UNITS, new_city=city)
    assert count == len(here) == len({row["enterprise"] for row in here})
    assert printed == rounded_like(output(here), printed)
    assert share == rounded_like(100 * output(here) / output(NOW), share)
    assert industries == {row["industry"] for row in here}


@pytest.mark.parametrize("branch", BRANCHES)
def test_branches(branch):
    """The output of each branch that has a printed one comes out as printed."""
    assert BRANCHES[branch] == rounded_like(output(where(UNITS, branch=branch)), BRANCHES[branch])


def test_branches_stand_where_the_report_lists_them():
    """A word for an industry means the same branches in every city, but for the one reading that is marked assumed."""
    readings = {
        ("新材料", "金属材料"),
        ("医药", "生物医药"),
        ("环保", "环保"),
        ("装备制造", "汽车"),
        ("装备制造", "航空航天航海动力装备"),
        ("电力电子", "电力电子"),
        ("绿色节能建筑材料", "绿色节能建筑材料"),
        ("汽车", "汽车"),
        ("汽车", "新能源汽车"),
        ("仪器仪表", "仪器仪表"),
    }
    usual = [row for row in UNITS if row["industry_origin"] != "assumed"]
    assumed = where(UNITS, industry_origin="assumed")
    assert readings == {(row["industry"], row["branch"]) for row in usual}
    assert {("秦汉新城", "电力电子", "金属材料")} == {(r["new_city"], r["industry"], r["branch"]) for r in assumed}


def test_named_enterprises():
    """The three named have the printed outputs, in the cities that alone can hold them, and nobody is as large."""
    expected = [
        ("29.85", "沣东新城", "汽车"),
        ("5.67", "秦汉新城", "绿色节能建筑材料"),
        ("10.33", "泾河新城", "生物医药"),
    ]
    for name, (printed, city, branch) in zip(NAMED, expected, strict=True):
        (row,) = where(UNITS, name=name)
        assert (Fraction(printed), city, branch) == (output([row]), row["new_city"], row["branch"])
    others = {row["enterprise"] for row in UNITS if row["name"] not in NAMED}
    assert max(output(where(UNITS, enterprise=key)) for key in others) < Fraction("5.67")


def test_unnamed_enterprises_are_not_made_up():
    """An unnamed enterprise is called 企业 and its number."""
    for row in UNITS:
        if row["name"] not in NAMED:
            assert row["name"] == f"企业{row['enterprise'].removeprefix('E')}"


def test_balance_record():
    """One balance record a year belongs to nobody; in 2019 it is the 300 万元 between 83.00 and the five cities."""
    assert [row["year"] for row in BALANCE] == ["2018", "2019"]
    assert {("", "", "", "", "未分配")} == {
        tuple(row[field] for field in ("establishment", "enterprise", "industry", "category", "new_city"))
        for row in BALANCE
    }
    assert BALANCE[1]["output"] == "300"
    assert 83 - output(UNITS) == output([BALANCE[1]])


def test_years_pair():
    """Each record of 2019 has its twin of 2018, alike in all but year and output, and smaller."""
    before = where(RECORDS, year="2018")
    same = [field for field in FIELDS if field not in ("year", "output")]
    for old, new in zip(before, NOW, strict=True):
        assert [old[field] for field in same] == [new[field] for field in same]
        assert 0 < int(old["output"]) < int(new["output"])


# reconstruct.py


def reconstruct(data, *arguments):
    """Run the command of the folder `data`, warnings being errors."""
    command = [sys.executable, "-W", "error", "-B", str(data / "reconstruct.py"), *arguments]
    settings = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=settings, check=False)


def test_reconstruction_gives_the_same_bytes(tmp_path):
    """The command writes the file again byte for byte, and reports that every constraint holds."""
    again = tmp_path / "again.csv"
    run = reconstruct(DATA, str(again))
    assert (run.returncode, run.stderr) == (0, "")
    assert (DATA / "xixian2019" / "establishments.csv").read_bytes() == again.read_bytes()
    assert all(line.startswith("holds ") for line in run.stdout.splitlines())
    assert len(run.stdout.splitlines()) == 31


def test_reconstruction_refuses_figures_that_cannot_hold(tmp_path):
    """Where the figures contradict each other the command says so, exits with 1 and writes nothing."""
    data = tmp_path / "data"
    (data / "xixian2019").mkdir(parents=True)
    shutil.copy(DATA / "reconstruct.py", data)
    text = (DATA / "xixian2019" / "figures.csv").read_text(encoding="utf-8")
    (data / "xixian2019" / "figures.csv").write_text(text.replace(",10.7,", ",9.7,"), encoding="utf-8")
    run = reconstruct(data)
    assert run.returncode == 1
    assert "infeasible" in run.stderr
    assert "Traceback" not in run.stderr
    assert [path.name for path in (data / "xixian2019").iterdir()] == ["figures.csv"]
