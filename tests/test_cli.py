"""The command line: a table on standard output, or one line on standard error and exit code 2."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import xxmfg as xm
from xxmfg import cli

QCEW = str(Path(__file__).parent.parent / "data" / "qcew_nj_2016q1.csv")
COMMAND = [sys.executable, "-m", "xxmfg"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(xm.__file__).parent.parent)}  # the package that is tested here
PLANTS = """新城,企业,年份,产值,备注
沣东,甲,2018,1.5,x
沣东,乙,2019,3,y
空港,丙,2018,2,z
空港,丁,2019,NA,
"""


@pytest.fixture
def plants(tmp_path):
    """Give the path of a small file of records."""
    path = tmp_path / "plants.csv"
    path.write_text(PLANTS, encoding="utf-8")
    return str(path)


def run(*arguments, **options):
    """Run the command as a process of its own."""
    options = {"env": ENVIRONMENT, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 60, **options}
    return subprocess.run([*COMMAND, *arguments], check=False, **options)


def test_aggregate_prints_aligned_text(plants, capsys):
    """The table is the package's own, whole and without a note on standard error."""
    assert 0 == cli.main(
        ["aggregate", plants, "--value", "产值", "--by", "新城", "--stats", "count, sum,share", "--total"]
    )
    out, err = capsys.readouterr()
    expected = xm.read(plants).aggregate("产值", by="新城", stats=["count", "sum", "share"], total=True)
    assert (f"{expected!r}\n", "") == (out, err)


def test_keys_may_be_several_and_none(plants, capsys):
    """--by may be given again, or not at all."""
    assert 0 == cli.main(["aggregate", plants, "--value", "产值", "--by", "年份", "--by", "新城", "--csv"])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert ["年份", "新城", "count", "sum"] == rows[0]
    assert ["2018", "沣东", "1", "1.5"] == rows[1]
    assert 0 == cli.main(["aggregate", plants, "--value", "产值", "--csv"])
    assert "count,sum\n3,6.5\n" == capsys.readouterr().out


def test_growth_and_top_are_the_measures(plants, capsys):
    """Growth and top give what the methods of Records give."""
    r = xm.read(plants)
    assert 0 == cli.main(["growth", plants, "--value", "产值", "--period", "年份", "--by", "新城", "--lag", "1"])
    assert f"{r.growth('产值', '年份', by='新城')!r}\n" == capsys.readouterr().out
    assert 0 == cli.main(
        ["top", plants, "--value", "产值", "-n", "1", "--by", "年份", "--label", "企业", "--ties", "all"]
    )
    assert f"{r.top('产值', 1, by='年份', label='企业', ties='all')!r}\n" == capsys.readouterr().out


def test_text_is_whole_however_long(capsys):
    """Nothing is left out where a terminal's repr would."""
    assert 0 == cli.main(["aggregate", QCEW, "--value", "month3_emplvl", "--by", "industry_title"])
    r = xm.read(QCEW)
    n_groups = len(set(r["industry_title"].tolist()))
    assert n_groups > 100
    assert n_groups + 3 == capsys.readouterr().out.count("\n")


def test_a_real_file_adds_up(capsys):
    """The sums of the QCEW file by county are those of a plain loop."""
    assert 0 == cli.main(["aggregate", QCEW, "--value", "total_qtrly_wages", "--by", "area_title", "--csv"])
    printed = {row["area_title"]: int(row["sum"]) for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    expected = {}
    with Path(QCEW).open(newline="") as file:
        for row in csv.DictReader(file):
            expected[row["area_title"]] = expected.get(row["area_title"], 0) + int(row["total_qtrly_wages"])
    assert expected == printed


def test_json_is_valid_and_readable(plants, capsys):
    """Rows are objects, missing is null, Chinese is not escaped, infinity is a text."""
    assert 0 == cli.main(["growth", plants, "--value", "产值", "--period", "年份", "--json"])
    out = capsys.readouterr().out
    rows = json.loads(out, parse_constant=pytest.fail)
    assert [2018, 2019] == [row["年份"] for row in rows]
    assert rows[0]["rate"] is None
    assert "年份" in out
    table = xm.Table({"x": [np.inf, -np.inf, np.nan, 0.5], "t": ["a", None, "c", "d"]})
    assert [{"x": "Infinity", "t": "a"}, {"x": "-Infinity", "t": None}] == json.loads(cli.as_json(table))[:2]
    assert [] == json.loads(cli.as_json(table.head(0)))


def test_html_is_a_page_that_escapes(tmp_path, capsys):
    """The HTML says its encoding and holds markup from the data as text."""
    path = tmp_path / "a.csv"
    path.write_text("k,v\n<script>,1\n")
    assert 0 == cli.main(["aggregate", str(path), "--value", "v", "--by", "k", "--html"])
    out = capsys.readouterr().out
    assert out.startswith("<!DOCTYPE html>")
    assert '<meta charset="utf-8">' in out
    assert "&lt;script&gt;" in out
    assert "<script" not in out


def test_a_guess_at_the_encoding_is_told(tmp_path, capsys):
    """A file that is not UTF-8 says on standard error what it was read as; a named encoding is not told."""
    path = tmp_path / "plants.csv"
    path.write_text(PLANTS, encoding="gb18030")
    assert 0 == cli.main(["aggregate", str(path), "--value", "产值", "--by", "新城", "--csv"])
    assert f"xxmfg: {path}: read as gb18030\n" == capsys.readouterr().err
    assert 0 == cli.main(["aggregate", str(path), "--value", "产值", "--encoding", "gbk"])
    assert "" == capsys.readouterr().err


def test_what_there_is_to_say_of_the_reading_comes_last(tmp_path, capsys):
    """An error stands alone: the guess at the encoding stood in front of it and looked like its cause."""
    path = tmp_path / "plants.csv"
    path.write_text(PLANTS, encoding="gb18030")
    assert 2 == cli.main(["aggregate", str(path), "--value", "产", "--by", "新城"])
    err = capsys.readouterr().err
    assert "read as" not in err
    assert "no column '产'" in err


@pytest.mark.parametrize("command", ["aggregate", "growth", "top", "disclosure"])
def test_a_file_without_records_is_told(tmp_path, command, capsys):
    """A head without a record below gave an empty table without a word."""
    path = tmp_path / "head.csv"
    path.write_text("新城,年份,产值\n", encoding="utf-8")
    words = {"growth": ["--period", "年份"], "disclosure": ["--by", "新城"]}.get(command, [])
    assert 0 == cli.main([command, str(path), "--value", "产值", *words])
    assert f"xxmfg: {path}: there are no records below its head\n" == capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (["年份=2019"], [False, True, False, True]),
        (["年份=2018", "新城=空港"], [False, False, True, False]),
        (["备注="], [False, False, False, True]),
    ],
)
def test_where_keeps_the_records_with_an_entry(plants, asked, kept, capsys):
    """Given again: those that have all of them; an empty entry is a missing one."""
    words = [word for one in asked for word in ("--where", one)]
    assert 0 == cli.main(["aggregate", plants, "--value", "产值", "--by", "新城", *words])
    expected = xm.read(plants)[np.array(kept)].aggregate("产值", by="新城")
    assert (f"{expected!r}\n", "") == capsys.readouterr()


def test_where_says_when_nothing_has_it(plants, capsys):
    """The table is empty; the line says why. Without an equals sign there is none."""
    assert 0 == cli.main(["aggregate", plants, "--value", "产值", "--by", "新城", "--where", "年份=2091"])
    assert "xxmfg: --where 年份=2091: no record has this entry\n" == capsys.readouterr().err
    assert 2 == cli.main(["aggregate", plants, "--value", "产值", "--where", "年份"])
    assert "xxmfg: --where 年份: give COLUMN=ENTRY" in capsys.readouterr().err


def test_columns_can_be_declared(tmp_path, capsys):
    """--type and --thousands say how the file writes its columns."""
    path = tmp_path / "a.csv"
    path.write_text('m,v\n2019-01,"1,000"\n2019-02,"2,000"\n')
    words = ["--value", "v", "--period", "m", "--type", "m=date", "--thousands", ",", "--json"]
    assert 0 == cli.main(["growth", str(path), *words])
    assert [None, 1.0] == [row["rate"] for row in json.loads(capsys.readouterr().out)]


def test_text_can_be_counted(plants, capsys):
    """Statistics that text has need no numbers."""
    assert 0 == cli.main(["aggregate", plants, "--value", "备注", "--stats", "count,n_unique", "--csv"])
    assert "count,n_unique\n3,3\n" == capsys.readouterr().out


HOSTILE = [
    (["aggregate", "{plants}", "--value", "产直"], "{plants} has no column '产直'; the nearest is '产值'"),
    (
        ["aggregate", "{plants}", "--value", "产值", "--by", "新成"],
        "Records has no column '新成'; the nearest is '新城'",
    ),
    (["aggregate", "{plants}", "--value", "备注"], "{plants}: line 2, column '备注': 'x' is not a number"),
    (
        ["aggregate", "{folder}/parted.csv", "--value", "v"],
        "'1,029.72' is not a number; where a comma parts thousands, ",
    ),
    (["aggregate", "{folder}/parted.csv", "--value", "v"], "(--thousands ,)"),
    (["aggregate", "{plants}", "--value", "产值", "--stats", "summ"], "summ"),
    (["aggregate", "{plants}", "--value", "产值", "--stats", ""], ""),
    (["aggregate", "{plants}", "--value", "产值", "--encoding", "klingon"], "'klingon' is no text encoding"),
    (["aggregate", "{plants}", "--value", "产值", "--type", "产值"], "--type 产值: give COLUMN=KIND"),
    (["aggregate", "{plants}", "--value", "产值", "--type", "产值=money"], "column '产值' is declared 'money'"),
    (["growth", "{plants}", "--value", "产值", "--period", "企业"], ""),
    (["growth", "{plants}", "--value", "产值", "--period", "年份", "--lag", "0"], "lag"),
    (["top", "{plants}", "--value", "产值", "-n", "-1"], ""),
    (["top", "{plants}", "--value", "产值", "--label", "企业名"], "no column '企业名'; the nearest is '企业'"),
    (["aggregate", "{folder}/none.csv", "--value", "v"], "{folder}/none.csv: No such file or directory"),
    (["aggregate", "{folder}", "--value", "v"], "{folder}: Is a directory"),
    (["aggregate", "{folder}/a\0.csv", "--value", "v"], "null byte"),
    (["aggregate", "{folder}/ragged.csv", "--value", "v"], "{folder}/ragged.csv: line 3: expected 2 fields, found 3"),
    (["aggregate", "{folder}/bytes.csv", "--value", "v"], "{folder}/bytes.csv: not utf-8 (line 2, byte 3: 0xff)"),
    (["aggregate", "{folder}/nul.csv", "--value", "v"], "{folder}/nul.csv: line 2 holds a NUL character"),
    (["aggregate", "{folder}/empty.csv", "--value", "v"], "{folder}/empty.csv: no row 0 of column names"),
    (["aggregate", "{folder}/big.csv", "--value", "v"], "does not fit 64 bits"),
    (["aggregate", "{folder}/lines.csv", "--value", "v"], r"line 2, column 'v': 'a\nb' is not a number"),
    (["aggregate", "{folder}/book.xlsx", "--value", "v"], "{folder}/book.xlsx: no .xlsx workbook: "),
    (["report", "-o", "{folder}"], "{folder}"),
    (["report", "-o", "{plants}/report"], "{plants}"),
]


@pytest.mark.parametrize(("arguments", "sentence"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_cannot_be_done_is_one_line_and_exit_code_2(arguments, sentence, plants, tmp_path, capsys):
    """Bad input gives one sentence on standard error, nothing on standard output, no traceback."""
    files = {
        "ragged.csv": b"v,w\n1,2\n1,2,3\n",
        "bytes.csv": b"v\n\xff\n",
        "nul.csv": b"v\n1\0\n",
        "parted.csv": b'v\n"1,029.72"\n',
        "empty.csv": b"",
        "big.csv": f"v\n{2**63 - 1}\n1\n".encode(),
        "lines.csv": b'v\n"a\nb"\n',
        "book.xlsx": b"PK",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    before = sorted(tmp_path.iterdir())
    places = {"plants": plants, "folder": str(tmp_path)}
    assert 2 == cli.main([argument.format(**places) for argument in arguments])
    out, err = capsys.readouterr()
    assert "" == out
    assert err.startswith("xxmfg: ")
    assert sentence.format(**places) in err
    assert ("\n", 1) == (err[-1], err.count("\n"))
    assert before == sorted(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "name a command: report, audit, aggregate, growth, top, disclosure, protect, classify; see xxmfg --help"),
        (["aggregate"], "the following arguments are required: FILE, --value; see xxmfg aggregate --help"),
        (["aggregate", "plants.csv"], "the following arguments are required: --value; see xxmfg aggregate --help"),
        (["aggregate", "plants.csv", "--value", "v", "--csv", "--json"], "argument --json: not allowed with"),
        (["top", "plants.csv", "--value", "v", "-n", "many"], "argument -n: invalid int value: 'many'; see xxmfg top"),
        (["top", "plants.csv", "--value", "v", "--ties", "some"], "argument --ties: invalid choice: 'some'"),
        (["growth", "plants.csv", "--value", "v"], "the following arguments are required: --period"),
        (["conquer"], "argument COMMAND: invalid choice: 'conquer'"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_line(arguments, line, capsys):
    """Code 2, what is wrong, and where the help is; it was thirty lines of usage at each mistake."""
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    assert 2 == left.value.code
    out, err = capsys.readouterr()
    assert ("", 1) == (out, err.count("\n"))
    assert err.startswith(f"xxmfg: {line}")
    assert err.endswith(" --help\n")


def test_the_version_is_that_of_the_package(capsys):
    """--version prints one line."""
    assert 0 == cli.main(["--version"])
    assert f"xxmfg {xm.__version__}\n" == capsys.readouterr().out


def test_help_names_every_command(capsys):
    """--help leaves with 0."""
    with pytest.raises(SystemExit) as left:
        cli.main(["--help"])
    out = capsys.readouterr().out
    assert 0 == left.value.code
    assert all(name in out for name in ("report", "aggregate", "growth", "top"))


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (MemoryError(), "xxmfg: MemoryError\n"),
        (OverflowError("group '沣东': the sum"), "xxmfg: group '沣东': the sum\n"),
        (TypeError("values\x1b[2J\u202e"), "xxmfg: values\\x1b[2J\\u202e\n"),
        (
            ImportError("report needs Jinja2: pip install xxmfg[report]"),
            "xxmfg: report needs Jinja2: pip install xxmfg[report]\n",
        ),
        (OSError(28, "No space left on device", "page.html"), "xxmfg: page.html: No space left on device\n"),
        (UnicodeEncodeError("ascii", "沣", 0, 1, "ordinal"), "xxmfg: 'ascii' codec can't encode"),
    ],
)
def test_every_error_is_one_line(error, line, monkeypatch, capsys):
    """Errors from anywhere below become one line whose control characters are escaped."""

    def fail(arguments):
        raise error

    monkeypatch.setattr(cli, "_run", fail)
    assert 2 == cli.main(["report"])
    assert capsys.readouterr().err.startswith(line)


def test_an_interrupt_is_130(monkeypatch, capsys):
    """Ctrl-C leaves quietly, with the shell's code."""

    def interrupt(arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_run", interrupt)
    assert 130 == cli.main(["report"])
    assert ("", "") == capsys.readouterr()


def test_warnings_go_to_standard_error(monkeypatch, capsys):
    """A warning is one line without the place in the code."""
    monkeypatch.setattr(cli, "_run", lambda arguments: warnings.warn("no font", stacklevel=1))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert 0 == cli.main(["report"])
    assert ("", "xxmfg: warning: no font\n") == capsys.readouterr()


def test_a_process_reads_standard_input_and_writes_utf_8(plants):
    """- reads standard input; CSV is UTF-8 and text is readable whatever the terminal's encoding."""
    words = ["aggregate", "-", "--value", "产值", "--by", "新城"]
    ended = run(*words, "--csv", input=PLANTS.encode("gb18030"))
    assert (0, b"xxmfg: -: read as gb18030\n") == (ended.returncode, ended.stderr)
    assert "新城,count,sum\n沣东,2,4.5\n空港,1,2.0\n".encode() == ended.stdout
    ascii_only = {**ENVIRONMENT, "PYTHONIOENCODING": "ascii"}
    for words, expected in (["--json"], "沣东".encode()), ([], rb"\u6ca3\u4e1c"):
        ended = run("aggregate", plants, "--value", "产值", "--by", "新城", *words, env=ascii_only)
        assert (0, b"") == (ended.returncode, ended.stderr)
        assert expected in ended.stdout


def test_a_process_that_fails_shows_no_traceback():
    """Errors have one line and code 2 also through python -m xxmfg."""
    ended = run("aggregate", "none.csv", "--value", "v")
    assert (2, b"", b"xxmfg: none.csv: No such file or directory\n") == (ended.returncode, ended.stdout, ended.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_an_error(plants):
    """Output that cannot be written is not taken for done."""
    with Path("/dev/full").open("wb") as full:
        ended = run("aggregate", plants, "--value", "产值", stdout=full)
    assert 2 == ended.returncode
    assert b"No space left on device" in ended.stderr
    assert 1 == ended.stderr.count(b"\n")


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        ("0", (2, b"", b"xxmfg: standard input: it is closed\n")),
        ("1", (2, b"", b"xxmfg: standard output: it is closed\n")),
        ("2", (0, b"count,sum\n3,6.5\n", b"")),
    ],
)
def test_a_closed_stream_shows_no_traceback(closed, expected):
    """A shell's <&- and >&- took sys.stdin and sys.stdout away, and the command its error's line with them."""
    code = f"import os; os.close({closed}); os.execv({sys.executable!r}, [{sys.executable!r}, *{COMMAND[1:]!r}, "
    code += "'aggregate', '-', '--value', '产值', '--csv'])"
    options = {"env": ENVIRONMENT, "input": PLANTS.encode(), "capture_output": True, "timeout": 60}
    ended = subprocess.run([sys.executable, "-c", code], check=False, **options)
    assert expected == (ended.returncode, ended.stdout, ended.stderr)


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="no broken pipes here")
def test_a_reader_that_leaves_is_no_error():
    """A closed pipe ends the command without a word."""
    command = [*COMMAND, "top", QCEW, "--value", "month3_emplvl", "-n", "3499", "--csv"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT) as started:
        started.stdout.close()
        assert b"" == started.stderr.read()
    assert 141 == started.returncode
