"""Bad input of the audit: each error says in one sentence what is wrong, and in which file, line and column."""

import sys

import pytest

import xxmfg as xm

pytest.importorskip("scipy")

FIGURES = """id,value,unit,qualifier,decimals
F001,5,亿元,exact,0
F002,3.5,亿元,exact,1
F003,10,万元,exact,0
F004,0,%,exact,0
F005,4,户,exact,0
"""

RELATIONS = {
    "F001 + F009 = F002": "line 2, column 11: there is no figure F009; the nearest is F005",
    "F001 + F002 = F005": "line 2, column 16: units that do not match: 亿元 against a plain number; "
    "convert one of them",
    "F001 = F003": "line 2, column 9: units that do not match: 亿元 against 万元; convert one of them",
    "F001 + F003 = F002": "line 2, column 11: units that do not match: 亿元 against 万元; convert one of them",
    "x = F001 / F004": "line 2, column 15: divides by F004, which may be zero (-0.5 to 0.5)",
    "F001 / (F002 - F002) = 1": "line 2, column 12: divides by what stands here, which may be zero (-0.1 to 0.1)",
    "F001 / 0 = F002": "line 2, column 11: divides by what stands here, which may be zero (0 to 0)",
    f"{'(' * 1000}F001{')' * 1000} = F002": "line 2, column 104: more than 100 brackets within brackets",
    f"{'sum(' * 1000}F001{')' * 1000} = F002": "line 2, column 404: more than 100 brackets within brackets",
    "F001 * 1e300 * 1e300 = F002": "line 2, column 4: overflows: a number beyond 1e300",
    "F001 = 1e301": "line 2, column 11: the number is beyond 300 digits or powers of ten",
    f"F001 = {'9' * 400}": "line 2, column 11: the number is beyond 300 digits or powers of ten",
    "F001 + = F002": "line 2, column 11: expected a number, a name or '(', found '='",
    "F001 = F002 F003": "line 2, column 16: expected the end of the relation, found 'F003'",
    "(F001 = F002": "line 2, column 10: expected ')', found '='",
    "F001 & F002 = 1": "line 2, column 9: '&' means nothing here",
    "F001": "line 2, column 8: expected one of = < <= > >=, found the end",
    "product(F001) = 1": "line 2, column 4: 'product' is no function; there are sum, count, distinct, rank, covers",
    "count(F001) = 1": "line 2, column 10: figure F001 has no items to count",
    "count(x) = 1": "line 2, column 10: there is no figure x; the nearest is F005",
    "covers(9..4)": "line 2, column 11: the class is empty: its lower end is above the upper one",
    '"covers(F001.., ..x)"': "line 2, column 22: the end of a class must be a figure with a value, or a number",
    "rank(F001) = 1": "line 2, column 4: rank(…) takes the figure to rank, then those that it is ranked among",
    '"F001\n + = F002"': "line 3, column 4: expected a number, a name or '(', found '='",
    "F001 = F002\nR1,F002 = F001": "line 3, column 1: id 'R1' is already that of relations.csv: line 2: "
    "give every relation its own",
}

ROWS = {
    "F001,5,亿圆,exact,0": "line 2, column 8: unit '亿圆' is not known: leave it empty for a plain number",
    "F001,5,千兆元,exact,0": "line 2, column 8: unit '千兆元' is not known: the nearest is '元'; "
    "leave it empty for a plain number",
    "F001,5,亿元,about,0": "line 2, column 11: qualifier 'about' is not one of exact, approx, above, at_least, "
    "at_most, below, range_lo, range_hi, lower_bound, upper_bound, over, from",
    "F001,5,亿元,exact,x": "line 2, column 17: decimals 'x' is no whole number between -30 and 30",
    "F001,5,亿元,exact,0.5": "line 2, column 17: decimals '0.5' is no whole number between -30 and 30",
    "F001,5,亿元,exact,99": "line 2, column 17: decimals '99' is no whole number between -30 and 30",
    "F001,5,亿元,exact,": "line 2, column 17: decimals '' is no whole number between -30 and 30",
    "F001,5.55,亿元,exact,1": "line 2, column 6: value '5.55' has more decimals than decimals = 1 says",
    "F001,five,亿元,exact,0": "line 2, column 6: value 'five' is not a number",
    "F001,nan,亿元,exact,0": "line 2, column 6: value 'nan' is not a number",
    "F001,1e999,亿元,exact,0": "line 2, column 6: value '1e999' is beyond 1e300",
    "1F,5,亿元,exact,0": "line 2, column 1: id '1F' is no name: letters, digits and _, the first a letter",
    "F001,5,亿元,exact,0\nF001,6,亿元,exact,0": "line 3, column 1: id 'F001' is already that of figures.csv: line 2: "
    "give every figure its own",
}


@pytest.fixture
def audit_files(tmp_path, monkeypatch):
    """Give what audits the texts of two files."""
    monkeypatch.chdir(tmp_path)

    def audit(figures, relations):
        (tmp_path / "figures.csv").write_text(figures, encoding="utf-8")
        (tmp_path / "relations.csv").write_text(relations, encoding="utf-8")
        return xm.audit("figures.csv", "relations.csv")

    return audit


@pytest.mark.parametrize(("relation", "message"), RELATIONS.items(), ids=[text[:20] for text in RELATIONS])
def test_bad_relations(audit_files, relation, message):
    """A relation that cannot be read or computed is an error with its place, never a verdict."""
    with pytest.raises(xm.AuditError) as caught:
        audit_files(FIGURES, f"id,relation\nR1,{relation}\n")
    assert f"relations.csv: {message}" == str(caught.value)


@pytest.mark.parametrize(("row", "message"), ROWS.items(), ids=[text[:20] for text in ROWS])
def test_bad_figures(audit_files, row, message):
    """A figure that says too little, or what cannot be, is an error with its place."""
    with pytest.raises(xm.AuditError) as caught:
        audit_files(FIGURES.partition("\n")[0] + f"\n{row}\n", "id,relation\nR1,F001 = 5\n")
    assert f"figures.csv: {message}" == str(caught.value)


def test_missing_columns_are_named(audit_files):
    """A file without a column that the audit needs says which it has."""
    with pytest.raises(xm.ColumnError, match=r"figures\.csv has no column 'unit'; the nearest is 'id'"):
        audit_files("id,value\nF001,5\n", "id,relation\nR1,F001 = 5\n")
    with pytest.raises(xm.ColumnError, match=r"relations\.csv has no column 'relation'"):
        audit_files(FIGURES, "id\nR1\n")


def test_columns_name_their_row_where_there_is_no_file():
    """Figures given as columns are named by row, column and character."""
    figures = {"id": ["a"], "value": [1], "unit": ["亿元"], "qualifier": ["exact"], "decimals": [0]}
    with pytest.raises(xm.AuditError, match=r"^relations: row 0, column 'relation', character 6: expected"):
        xm.audit(figures, ["R1: a + 2"])
    with pytest.raises(xm.AuditError, match=r"^figures: row 0, column 'unit', character 1: unit '斗' is not known"):
        xm.audit({**figures, "unit": ["斗"]}, ["R1: a = 2"])


def test_the_whole_language_can_be_as_long_as_it_likes_but_not_as_deep():
    """Ten thousand terms are no nesting: the sum is read and judged without recursion."""
    figures = {"id": ["a", "t"], "value": [1, 10000], "unit": [""] * 2, "qualifier": ["exact"] * 2, "decimals": [3, 3]}
    assert sys.getrecursionlimit() < 10_000
    figures["value"] = ["1", "10000"]
    found = xm.audit(figures, {"R1": " + ".join(["a"] * 10_000) + " = t"})
    assert ["compatible"] == found.relations["verdict"].tolist()


def test_records_that_were_read_are_audited(tmp_path):
    """Figures may be `Records`, as `read` gives them, or a workbook."""
    path = tmp_path / "figures.csv"
    path.write_text("id,value,unit,qualifier,decimals\na,1.50,亿元,exact,2\nb,2,亿元,exact,0\n", encoding="utf-8")
    relations = {"id": ["R1"], "relation": ["a <= b"]}
    expected = xm.audit(path, relations)
    for given in (xm.read(path), xm.Table(xm.read(path).columns and xm.read(path).to_pandas().to_dict("list"))):
        assert expected.relations.equals(xm.audit(given, relations).relations)
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in [
        ["id", "value", "unit", "qualifier", "decimals"],
        ["a", 1.5, "亿元", "exact", 2],
        ["b", 2, "亿元", "exact", 0],
    ]:
        book.active.append(row)
    book.save(tmp_path / "figures.xlsx")
    assert expected.relations.equals(xm.audit(tmp_path / "figures.xlsx", relations).relations)
