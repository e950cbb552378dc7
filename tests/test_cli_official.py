"""disclosure, protect and classify on the command line: exit code 1 where the data do not hold, 2 for wrong use."""

import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xxmfg as xm
from xxmfg import cli

QCEW = str(Path(__file__).parent.parent / "data" / "qcew_nj_2016q1.csv")
PLANTS = "城,企业,集团,行业,产值\n" + "".join(
    f"{city},{name},{group},{code},{value}\n"
    for city, name, group, code, value in [
        ("甲", "A", "G", "0201", 5), ("甲", "B", "G", "2710", 5), ("甲", "C", "", "3610", 5),
        ("甲", "D", "", "1311", 5),
        ("乙", "E", "", "2710", 8), ("乙", "F", "", "2710", 8), ("乙", "H", "", "C2710", 8), ("丙", "K", "", "2710", 9),
    ]
)  # fmt: skip


@pytest.fixture
def plants(tmp_path):
    """Give the path of a small file of records."""
    path = tmp_path / "plants.csv"
    path.write_text(PLANTS, encoding="utf-8")
    return str(path)


def test_disclosure_says_what_is_not_for_publication(plants, capsys):
    """A cell that is not publish makes exit code 1; where all are, it is 0."""
    of_cells = ["disclosure", plants, "--value", "产值", "--by", "城", "--contributor", "企业"]
    assert 1 == cli.main(of_cells)
    expected = xm.read(plants).disclosure("产值", "城", "企业")
    assert f"{expected!r}\n" == capsys.readouterr().out
    assert 0 == cli.main([*of_cells, "--min-count", "1", "--dominance", "none", "--csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [("丙", "1"), ("乙", "3"), ("甲", "4")] == [(row["城"], row["n_contributors"]) for row in rows]
    assert {"publish"} == {row["status"] for row in rows}


def test_rules_are_options(plants, capsys):
    """Dominance, p %, pq, holdings, boundary and reveal reach the measure."""
    rules = ["--min-count", "1", "--dominance", "2,0.5", "--boundary", "gt", "--holding", "集团", "--p-percent", "20"]
    of_cells = ["disclosure", plants, "--value", "产值", "--by", "城", "--contributor", "企业"]
    assert 1 == cli.main([*of_cells, *rules, "--pq", "10,50", "--reveal", "--json"])
    rows = json.loads(capsys.readouterr().out)
    expected = xm.read(plants).disclosure("产值", "城", "企业", holding="集团", min_count=1, dominance=(2, 0.5),
                                          boundary="gt", p_percent=20, pq=(10, 50), reveal=True)  # fmt: skip
    assert expected["reason"].tolist() == [row["reason"] for row in rows]
    assert expected["n_contributors"].tolist() == [row["n_contributors"] for row in rows]


def test_protect_prints_the_table_without_what_is_suppressed(plants, capsys):
    """The table of protect, its note below; exit code 1 where no suppression is safe."""
    of_cells = ["protect", plants, "--value", "产值", "--by", "城", "--contributor", "企业"]
    assert 0 == cli.main(of_cells)
    out = capsys.readouterr().out
    assert f"{xm.read(plants).protect('产值', '城', '企业')!r}\n" == out
    assert "c: suppressed" in out
    assert 1 == cli.main([*of_cells, "--min-count", "9"])
    assert ("", "xxmfg: the total of all cells is itself sensitive: nothing of this table may be published\n") == tuple(
        capsys.readouterr()
    )


def test_classify_reads_codes_as_text(plants, capsys):
    """A code keeps its zero; each row has its class, and a scheme its own."""
    assert 0 == cli.main(["classify", plants, "--code", "行业", "--csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert ["0201", "2710", "3610", "1311"] == [row["code"] for row in rows[:4]]
    assert ["no", "yes", "no", "yes"] == [row["match"] for row in rows[:4]]
    assert 0 == cli.main(["classify", plants, "--code", "行业", "--scheme", "高技术产业（制造业）2017", "--csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert ["no", "yes", "possible", "no"] == [row["match"] for row in rows[:4]]


def test_classify_takes_a_crosswalk(plants, tmp_path, capsys):
    """The file of a crosswalk makes a scheme of one's own."""
    links = tmp_path / "links.csv"
    links.write_text("code,target,partial\n271,医药,*\n", encoding="utf-8")
    assert 0 == cli.main(["classify", plants, "--code", "行业", "--scheme", "own", "--crosswalk", str(links), "--json"])
    assert "possible" == json.loads(capsys.readouterr().out)[1]["match"]


def test_numbers_of_a_typed_file_are_no_codes_unless_told(tmp_path, capsys):
    """0201 kept as a number became 201, which is woodworking; who knows better says that the numbers are text."""
    table = pa.table({"code": [201, 2710], "text": ["0201", "2710"]})
    path = tmp_path / "plants.parquet"
    pq.write_table(table, path)
    assert 2 == cli.main(["classify", str(path), "--code", "code"])
    told = "column 'code' must be text, not int64: numbers lose leading zeros; read the column as text (types=, --type)"
    assert f"xxmfg: {path}: {told}\n" == capsys.readouterr().err
    for column, option in (("code", ["--type", "code=text"]), ("text", [])):
        assert 0 == cli.main(["classify", str(path), "--code", column, *option])
        assert "化学药品原料药制造" in capsys.readouterr().out


def test_what_a_table_notes_is_told_beside_csv_and_json(plants, tmp_path, capsys):
    """Codes read as a scheme's own, or a crosswalk's that nobody could check, were not told in these forms."""
    links = tmp_path / "links.csv"
    links.write_text("code,target\n0199,农业\n", encoding="utf-8")
    of_codes = ["classify", plants, "--code", "行业", "--scheme"]
    for form in ("--csv", "--json"):
        assert 0 == cli.main([*of_codes, "own", "--crosswalk", str(links), form])
        assert "codes outside section C (0199) could not be checked" in capsys.readouterr().err
        assert 0 == cli.main([*of_codes, "三新2018", "--where", "企业=A", form])
        assert "codes read as classes of 三新统计分类(2018), not as industries" in capsys.readouterr().err
    assert 0 == cli.main([*of_codes, "三新2018", "--where", "企业=A"])
    out, err = capsys.readouterr()
    assert ("codes read as classes of 三新统计分类(2018)" in out, "") == (True, err)
    assert 2 == cli.main([*of_codes, "战新2018", "--crosswalk", str(links)])
    assert "leads to '农业', which is no class of 战略性新兴产业分类(2018)" in capsys.readouterr().err


def test_qcew_is_a_real_file(capsys):
    """Each record of the QCEW file is a cell of one contributor, so none may be published."""
    assert 1 == cli.main(["disclosure", QCEW, "--value", "month3_emplvl", "--by", "area_fips", "--by", "industry_code",
                          "--by", "own_code", "--csv"])  # fmt: skip
    statuses = {row["status"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert {"primary", "publish"} == statuses  # of which those published are zeros


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["disclosure", "FILE", "--value", "产值", "--by", "城", "--dominance", "1"],
         "--dominance 1: give two numbers, such as 1,0.85"),
        (["disclosure", "FILE", "--value", "产值", "--by", "城", "--dominance", "1,85"],
         "dominance: k must be above 0 and at most 1, not 85.0; 85 % is 0.85"),
        (["disclosure", "FILE", "--value", "产值", "--by", "县"], "Records has no column '县'"),
        (["classify", "FILE", "--code", "行业", "--scheme", "GB/T 4754-2011"],
         "scheme 'GB/T 4754-2011': only GB/T 4754-2017 is installed"),
        (["classify", "FILE", "--code", "行业", "--scheme", ""], "scheme '' is not installed (there are "),
        (["classify", "FILE", "--code", "行业", "--scheme", "三新"], "scheme '三新': name the edition too"),
        (["classify", "FILE", "--code", "企业"], "{plants}: column '企业': line 2: 'A' is no industry code: it has "),
        (["classify", "FILE", "--code", "行业", "--scheme", "own", "--crosswalk", "nowhere.csv"], "nowhere.csv: No"),
        (["protect", "FILE", "--value", "产值", "--by", "城", "--by", "企业", "--by", "集团", "--by", "行业"],
         "by: one key makes a table, two or three do; there are 4"),
    ],
)  # fmt: skip
def test_wrong_use_is_exit_code_2(plants, capsys, arguments, message):
    """One line on standard error, nothing on standard output."""
    assert 2 == cli.main([plants if word == "FILE" else word for word in arguments])
    out, err = capsys.readouterr()
    assert "" == out
    assert err.startswith(f"xxmfg: {message.format(plants=plants)}")
    assert 1 == err.count("\n")


WRONG_CODES = 'plant,code\n甲,3610\n\n"乙\n二",abc\n丙,2664\n丁,X12\n'


def test_a_wrong_code_is_told_with_its_line(tmp_path, capsys, monkeypatch):
    """Lines count from the head, over empty ones and cells of several, in files, pipes and what --where keeps."""
    path = tmp_path / "codes.csv"
    path.write_text(WRONG_CODES, encoding="utf-8")
    assert 2 == cli.main(["classify", str(path), "--code", "code"])
    told = capsys.readouterr().err
    assert told.startswith(f"xxmfg: {path}: column 'code': line 4: 'abc' is no industry code")
    assert "neither are 'X12' in line 7: 2 records" in told
    assert 2 == cli.main(["classify", str(path), "--code", "code", "--where", "plant=丁"])
    assert capsys.readouterr().err.startswith(f"xxmfg: {path}: column 'code': line 7: 'X12' is no industry code")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(WRONG_CODES.encode()), encoding="utf-8"))
    assert 2 == cli.main(["classify", "-", "--code", "code"])
    assert capsys.readouterr().err.startswith("xxmfg: standard input: column 'code': line 4: 'abc' is no industry code")
