"""Crosswalks of users lead to the scheme that is named, from the edition that is installed, and tables say so."""

import re

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import xxmfg as xm
from xxmfg import _codes, classification

HIGH_TECH, NEW, STRATEGIC = "高技术产业(制造业)分类(2017)", "三新统计分类(2018)", "战略性新兴产业分类(2018)"


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("战新2018", STRATEGIC),
        ("战新产业（2018）", STRATEGIC),
        ("《战略性新兴产业分类（２０１８年）》", STRATEGIC),
        ("高技术产业2017", HIGH_TECH),
        ("高技术制造业 2017", HIGH_TECH),
        ("三新–2018", NEW),
        ("新产业新业态新商业模式统计分类（2018）", NEW),
    ],
)
def test_a_crosswalk_keeps_to_the_scheme_under_all_its_names(name, scheme):
    """Under a short name any target was a class, and "1" another one than its name."""
    assert xm.classes(scheme).equals(xm.classes(name))
    with pytest.raises(xm.XxmfgError, match=r"leads to 'not a class', which is no class of "):
        xm.classify(["39"], name, xm.Crosswalk(["39"], ["not a class"]))
    code, title = (xm.classes(scheme)[column][0] for column in ("code", "name"))
    totals = xm.scheme_totals([1.0, 2.0], ["39", "38"], name, xm.Crosswalk(["39", "38"], [code, title]))
    assert [code, "total"] == totals["class"].tolist()
    assert {scheme} == set(totals["scheme"].tolist())


@pytest.mark.parametrize("name", ["三新", "高技术产业", "战略性新兴产业分类", "战新"])
@pytest.mark.parametrize("links", [None, xm.Crosswalk(["39"], ["a"])], ids=["alone", "crosswalk"])
def test_a_scheme_without_its_edition_asks_for_it(name, links):
    """A scheme's name without the year was a scheme of one's own when a crosswalk came with it."""
    with pytest.raises(xm.XxmfgError, match=r"name the edition too, of which .*\(201[78]\) alone is installed"):
        xm.classify(["39"], name, links)


def test_a_scheme_of_ones_own_is_said_to_be_one():
    """A name that is not installed is a user's scheme, also one that is nearly an installed one's; the note says so."""
    links = xm.Crosswalk(["39"], ["a"])
    for name in ("战略性新型产业2018", "高技术产业(制造业)分类(2013)", "GBA 2030", "国民经济行业大类"):
        assert f"its targets are the classes of {name!r}" in xm.classify(["39"], name, links).note


@pytest.mark.parametrize(
    "edition",
    ["2017", "2017年", "2017版", "２０１７", "GB/T 4754-2017", "GB/T 4754—2017", "GB/T4754–2017", "gbt4754-2017",
     "GB/T 4754－２０１７", "GB 4754-2017", "国民经济行业分类（2017）", "《国民经济行业分类》（GB/T 4754—2017）",
     "GB/T 4754-2017 国民经济行业分类"],
)  # fmt: skip
def test_editions_as_people_write_them(edition):
    """The year, the standard's number and its title name the edition of 2017, as a crosswalk's and as the scheme."""
    assert 1 == len(xm.Crosswalk(["39"], ["a"], edition=edition))
    assert 1 == len(xm.Crosswalk(["39"], ["a"], edition=[edition]))
    if not edition.startswith(("2017", "２")):
        assert ["yes"] == xm.classify(["39"], edition)["match"].tolist()


@pytest.mark.parametrize(
    "edition",
    ["NAICS 2017", "GB/T 4754-2011（2017年修订）", "GB/T 4754-2011", "2011", "2017-2018", "ISIC Rev.4", "12017", "",
     "GB/T 4754", "国民经济行业分类（2011）", "GB/T 4754-2017/XG1-2019"],
)  # fmt: skip
def test_another_edition_is_refused_whatever_else_says_2017(edition, tmp_path):
    """Anything with 2017 in it passed for the edition, in an array and in a file."""
    with pytest.raises(xm.XxmfgError, match=r"edition '.*'; only codes of GB/T 4754-2017 are known"):
        xm.Crosswalk(["39"], ["a"], ["*"], edition)
    path = tmp_path / "links.csv"
    path.write_text(f"code,target,edition\n39,a,{edition}\n", encoding="utf-8")
    with pytest.raises(xm.XxmfgError, match=r"links\.csv: .*; only codes of GB/T 4754-2017 are known"):
        xm.Crosswalk.read(path)


@pytest.mark.parametrize("scheme", ["GB/T 4754-2017", NEW])
def test_rows_are_searched_for_the_wrong_codes_that_are_named_alone(monkeypatch, scheme):
    """All rows were searched for each wrong text: 200,000 of them took ten seconds to refuse."""
    searched, first = [], _codes.first_row
    for module in (_codes, classification):
        monkeypatch.setattr(module, "first_row", lambda *given: searched.append(given) or first(*given))
    with pytest.raises(xm.XxmfgError, match="codes: row 1: '甲0' is no "):
        xm.classify(["0201", *(f"甲{i}" for i in range(50))], scheme)
    assert len(searched) <= 5


# the columns of a crosswalk


def marks_of(partial):
    """Classify codes of a crosswalk, each of which leads to a class of its own with one of these marks."""
    codes = ["39", "38", "37"][: len(partial)]
    return xm.classify(codes, "own", xm.Crosswalk(codes, codes, partial))["match"].tolist()


@pytest.mark.parametrize(
    "partial",
    [
        [1, 0], [True, False], [1.0, np.nan], ["1.0", "0.0"], ["是", 0], [np.True_, None], np.array([1, 0]),
        np.ma.array([1, 1], mask=[False, True]), pd.array([1, None], dtype="Int64"),
        pd.Series(["*", None], dtype="string"), pd.array([True, None], dtype="boolean"), pl.Series([True, None]),
        pa.array([1, None]), pa.array(["*", ""]).dictionary_encode(),
    ],
    ids=repr,
)  # fmt: skip
def test_marks_may_be_ones_and_zeros(partial):
    """1 and 0 were documented, but as numbers refused as if they were codes, and as 1.0 in a file no mark."""
    assert ["possible", "yes"] == marks_of(partial)


@pytest.mark.parametrize("edition", [2017, np.int64(2017), [2017], pd.Series([2017.0]), np.array([2017])])
def test_an_edition_may_be_a_number(edition):
    """The year was refused as a number that loses leading zeros."""
    assert 1 == len(xm.Crosswalk(["39"], ["a"], edition=edition))


def test_a_whole_number_of_a_target_stands_for_its_digits():
    """Numbered classes are classes; where the zero of one was lost, the scheme's class is told."""
    assert ["1", "9"] == xm.classify(["39", "38"], "战新2018", xm.Crosswalk(["39", "38"], [1, 9.0]))["class"].tolist()
    for lost, kept in ((2, "02"), (201, "0201")):
        with pytest.raises(
            xm.XxmfgError, match=f"leads to '{lost}', which is no class of 三新.*: {kept} keeps its zero"
        ):
            xm.classify(["39"], NEW, xm.Crosswalk(["39"], [lost]))


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ({"code": [39]}, TypeError, "crosswalk row 0: code must be text, not 39: numbers lose leading zeros"),
        ({"code": ["39", 38], "target": ["a", "b"]}, TypeError, "row 1: code must be text, not 38: numbers lose"),
        ({"target": [1.1]}, TypeError, r"crosswalk row 0: target must be text or a whole number, not 1\.1"),
        ({"target": [True]}, TypeError, "target must be text or a whole number, not True"),
        ({"target": [b"a"]}, TypeError, "target must be text or a whole number, not b'a'"),
        ({"partial": [0.5]}, TypeError, r"partial must be text or a whole number, not 0\.5"),
        ({"partial": [2]}, xm.XxmfgError, "partial '2' is no mark; give "),
        ({"edition": 2011}, xm.XxmfgError, "edition '2011'; only codes of"),
        ({"edition": [2017.5]}, TypeError, r"edition must be text or a whole number, not 2017\.5"),
        ({"code": np.array([["39"]])}, ValueError, "'crosswalk code' must be one-dimensional, got 2 dim"),
        ({"code": {"39"}}, ValueError, "'crosswalk code' must be one-dimensional"),
        ({"code": pd.DataFrame({"39": ["a"]})}, ValueError, "'crosswalk code' must be one-dimensional"),
        ({"code": [None]}, xm.XxmfgError, "crosswalk row 0: '' is no industry code"),
        ({"code": [], "target": []}, xm.XxmfgError, "crosswalk: there is no line"),
        ({"partial": "*"}, TypeError, "crosswalk partial must be a column"),
    ],
)  # fmt: skip
def test_columns_of_the_wrong_kind_say_what_would_be_right(columns, error, message):
    """Leading zeros are told for codes alone; a set, a frame or nothing at all made a crosswalk."""
    with pytest.raises(error, match=message):
        xm.Crosswalk(**{"code": ["39"], "target": ["a"]} | columns)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("code,target\n39,a\n\n\n3999,b\n", "line 5: GB/T 4754-2017 has no code 3999"),
        ('\ncode,target,备注\n39,a,"甲\n乙"\n38,,\n', "line 5: code 38 has no target"),
        ("code,target\r\n\r\n39,a\r\n39,a\r\n", "line 4: code 39 leads to 'a' twice"),
        ('code,target\n39,a\n38,"b\n37,c\n', "line 3: unexpected end of data"),
        ("code,target\n39,a\n\n38\n", "line 4: expected 2 fields, found 1"),
    ],
)
def test_a_crosswalk_file_is_told_with_its_lines(content, message, tmp_path):
    """Rows were counted without the empty lines, and from 0 below the names."""
    path = tmp_path / "links.csv"
    path.write_bytes(content.encode())
    with pytest.raises(xm.XxmfgError, match=rf"links\.csv: {message}"):
        xm.Crosswalk.read(path)


# what could not be checked, and whose codes they were


def test_codes_that_could_not_be_checked_are_told():
    """Codes outside section C were taken in silence, though no table says whether there are such."""
    links = xm.Crosswalk(["39", "0199", "5000", *(f"6{n}" for n in range(5, 9))], ["a"] * 7)
    assert "7 codes of GB/T 4754-2017, 6 of them outside section C and not checked" in repr(links)
    told = r"whose codes outside section C \(0199, 5000, 65, 66, 67 and 1 more\) could not be checked"
    for table in (xm.classify(["0199"], "own", links), xm.scheme_totals([1.0], ["0199"], "own", links)):
        assert re.search(told, table.note)
    assert "could not be checked" in xm.classify(["0199"], "战新2018", xm.Crosswalk(["0199"], ["9"])).note
    assert "checked" not in xm.classify(["39"], "own", xm.Crosswalk(["39"], ["a"])).note


def test_codes_read_as_classes_of_a_scheme_are_told():
    """0211 is biomanufacturing in 三新 and forestry in GB/T 4754: which of them was read was not said."""
    for table in (xm.classify(["0211"], NEW), xm.Records({"code": ["0211"]}).classify("code", NEW)):
        assert table.note.startswith(f"codes read as classes of {NEW}, not as industries of GB/T 4754-2017; 来源")
    links = xm.Crosswalk(["0211"], ["0211"])
    for table in (xm.classify(["0211"]), xm.classify(["0211"], NEW, links), xm.classify(["0211"], HIGH_TECH)):
        assert "read as classes" not in table.note


# totals of two crosswalks

CHANGE = ("change_lower", "change_upper")


def totals_of(links, scheme=HIGH_TECH):
    """Give totals of three plants by a crosswalk."""
    return xm.scheme_totals([1.0, 2.0, 1.0], ["2710", "1311", "3911"], scheme, links)


def test_shares_of_two_crosswalks_are_not_compared_silently():
    """Only the names of schemes were compared: another crosswalk gave a change where nothing had changed."""
    installed, food = totals_of(None), totals_of(xm.Crosswalk(["13"], ["医药制造业"]))
    with pytest.raises(xm.XxmfgError, match=r"of two crosswalks, x\w{8} and x\w{8}: say across_schemes=True"):
        xm.share_change(installed, food)
    assert [0.25, 0.0] == xm.share_change(installed, food, across_schemes=True)["change_lower"].tolist()
    starred = totals_of(xm.Crosswalk(["13"], ["医药制造业"], ["*"]))
    with pytest.raises(xm.XxmfgError, match="of two crosswalks"):
        xm.share_change(food, starred)


def test_the_same_links_are_one_crosswalk_in_any_order():
    """Lines in another order, and names for codes, make no other crosswalk."""
    first = totals_of(xm.Crosswalk(["13", "2710", "2710"], ["01", "02", "03"], ["", "*", "*"]))
    other = xm.Crosswalk(
        ["2710", "C13", "2710"], [xm.classes(HIGH_TECH)["name"][2], "医药制造业", "02"], ["*", "", "*"]
    )
    second = totals_of(other)
    assert first["crosswalk"].tolist() == second["crosswalk"].tolist()
    assert ("01", 0.0, 0.0) == tuple(xm.share_change(first, second)[name][0] for name in ("class", *CHANGE))


def test_totals_are_compared_with_those_of_a_file(tmp_path):
    """What was written as CSV last year is compared as it was; no sign of a crosswalk is read as a number."""
    table = totals_of(None)
    table.to_csv(tmp_path / "totals.csv")
    assert xm.share_change(table, table).equals(xm.share_change(xm.read(tmp_path / "totals.csv"), table))


def test_a_table_of_two_schemes_or_years_is_refused():
    """Two tables put together were compared by the last of their rows of a class."""
    one, two = totals_of(None), totals_of(xm.Crosswalk(["27"], ["01"]), "own")
    joined = pd.concat([one.to_pandas(), two.to_pandas()])
    with pytest.raises(xm.XxmfgError, match=r"under two schemes, 高技术.* and own"):
        xm.share_change(joined, joined)
    years = xm.Table({name: np.concatenate([one[name], one[name]]) for name in one})
    with pytest.raises(xm.DuplicateError, match="current: class '01' stands in rows 0 and 3; compare two tables"):
        xm.share_change(one, years)
    for wrong in (None, "totals"):
        with pytest.raises(TypeError, match="base must be a table of scheme_totals, not "):
            xm.share_change(wrong, one)
    with pytest.raises(xm.ColumnError, match="no column 'scheme'"):
        xm.share_change(xm.classify(["39"]), one)


def test_classes_of_one_table_alone_are_named():
    """A class that the other table does not have was left out without a word."""
    base = xm.scheme_totals([1.0, 1.0], ["2710", "1311"], HIGH_TECH)
    current = xm.scheme_totals([1.0, 1.0], ["3911", "1311"], HIGH_TECH)
    change = xm.share_change(base, current)
    assert ["total"] == change["class"].tolist()
    assert "classes of one table: 01 (base alone), 04 (current alone)" == change.note
    assert "" == xm.share_change(base, base).note


def test_no_class_may_be_called_like_the_total():
    """A class `total` stood above the row of the whole scheme, which share_change took for it."""
    links = xm.Crosswalk(["39", "38"], ["total", "b"])
    with pytest.raises(
        xm.XxmfgError, match="it leads to a class 'total', as the last row is called: name it otherwise"
    ):
        xm.scheme_totals([1.0], ["39"], "own", links)
    assert ["total"] == xm.classify(["39"], "own", links)["class"].tolist()


def test_a_class_has_what_the_classes_below_it_have():
    """Links to 1 and to 1.1 within it: the total of 1 was an upper bound without what 1.1 holds."""
    links = xm.Crosswalk(["39", "391", "392"], ["1", "1.1", "1.2"], ["", "", "*"])
    totals = xm.scheme_totals([1.0, 2.0, 4.0, 8.0], ["3911", "3940", "3921", "1311"], "战新2018", links)
    assert ["1", "1.1", "1.2", "total"] == totals["class"].tolist()
    assert [3.0, 1.0, 0.0, 3.0] == totals["lower"].tolist()
    assert [7.0, 1.0, 4.0, 7.0] == totals["upper"].tolist()


# odds and ends


@pytest.mark.parametrize("target", ["1.12", "1.", "1..1", "11", "1.1x"])
def test_only_finer_codes_fold_into_a_class(target):
    """1.12 is no part of 1.1, though it begins with it."""
    assert ["1.1"] == xm.classify(["39"], "战新2018", xm.Crosswalk(["39"], ["1.1.2"]))["class"].tolist()
    with pytest.raises(xm.XxmfgError, match=rf"leads to '{re.escape(target)}', which is no class"):
        xm.classify(["39"], "战新2018", xm.Crosswalk(["39"], [target]))


def test_a_class_by_its_code_and_by_its_name_is_twice_the_same():
    """A starred line and a plain one to one class, by code and by name, became the plain one without a word."""
    links = xm.Crosswalk(["39", "39"], ["1", "新一代信息技术产业"], ["*", ""])
    with pytest.raises(
        xm.DuplicateError, match="code 39 leads to 1 twice, as '1' and as '新一代信息技术产业'; keep one"
    ):
        xm.classify(["39"], "战新2018", links)
    finer = xm.Crosswalk(["39", "39"], ["1.1.1", "1.1.2"], ["*", "*"])
    assert ["1.1"] == xm.classify(["39"], "战新2018", finer)["class"].tolist()


def test_a_parent_is_read_as_codes_are():
    """C39 and 39 have the same children; nothing else is made plain."""
    assert xm.classes(parent="39").equals(xm.classes(parent="C39"))
    with pytest.raises(xm.XxmfgError, match="parent 'CC39' is no class"):
        xm.classes(parent="CC39")
    with pytest.raises(TypeError, match="codes must be a column"):
        xm.classify(None)
