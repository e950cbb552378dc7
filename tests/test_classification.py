"""Industry codes land in their official class or are called uncertain; totals of schemes are bounds."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xxmfg as xm
from xxmfg import _core

DATA = Path(__file__).parents[1] / "data" / "classification"
HIGH_TECH, NEW = "高技术产业(制造业)分类(2017)", "三新统计分类(2018)"


def rows_of(name):
    """Read an installed table as it lies on disk."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


INDUSTRIES = rows_of("gbt4754_2017_manufacturing.csv")
CODES = [row["code"] for row in INDUSTRIES]
LINKS = [row for row in rows_of("schemes.csv") if row["level"] == "link"]


# GB/T 4754-2017


def test_every_code_comes_back_with_its_name_level_and_parent():
    """All 820 codes of section C round-trip."""
    table = xm.classify(CODES)
    expected = [(row["code"], row["name"], int(row["level"]), row["parent"] or None, "yes") for row in INDUSTRIES]
    assert expected == list(zip(*(table[name].tolist() for name in table), strict=True))
    assert 820 == len(table)
    assert ["code", "name", "level", "parent", "match"] == list(table)


def test_the_tree_is_complete():
    """31 divisions, 179 groups, 609 classes; each but the section lies under the code that it begins with."""
    table = xm.classes()
    assert [1, 31, 179, 609] == [int((table["level"] == level).sum()) for level in (1, 2, 3, 4)]
    for code, parent, level in zip(table["code"].tolist(), table["parent"].tolist(), table["level"], strict=True):
        assert parent == {1: None, 2: "C"}.get(level, code[:-1])


def test_children_add_up_to_the_tree():
    """The children of all codes are all codes but the root."""
    found = [child for code in CODES for child in xm.classes(parent=code)["code"].tolist()]
    assert sorted(CODES[1:]) == sorted(found)


def test_codes_of_other_editions_keep_to_2017():
    """3610 was a class in 2011 only; 3963 and 2664 mean what they mean in 2017."""
    table = xm.classify(["3610", "3963", "2664"])
    assert ["no", "yes", "yes"] == table["match"].tolist()
    assert [None, "智能无人飞行器制造", "文化用信息化学品制造"] == table["name"].tolist()
    assert (0, "361") == (table["level"][0], table["parent"][0])


def test_a_code_outside_section_c_is_not_found():
    """Codes of other sections are codes, but not in the tree that is installed."""
    table = xm.classify(["0111", "6311"])
    assert ["no", "no"] == table["match"].tolist()
    assert [None, None] == table["parent"].tolist()


@pytest.mark.parametrize("edition", ["GB/T 4754-2011", "GB/T 4754—2011", "gb/t 4754-2002", "GBT4754-2011"])
def test_another_edition_raises(edition):
    """No table of another edition is installed, whether or not a crosswalk is given."""
    links = xm.Crosswalk(["2710"], ["x"])
    for crosswalk in (None, links):
        with pytest.raises(xm.XxmfgError, match="only GB/T 4754-2017 is installed"):
            xm.classify(["2710"], edition, crosswalk)


def test_an_unknown_scheme_raises_and_lists_those_there():
    """A scheme that nobody installed is named, with those that are."""
    with pytest.raises(xm.XxmfgError, match=r"'高技术2013' is not installed \(there are GB/T 4754-2017, 三新"):
        xm.classify(["2710"], "高技术2013")


# the form of codes


@pytest.mark.parametrize("text", [" 2710", "2710 ", "\u30002710", "C2710", "c2710", "２７１０", "Ｃ２７１０", "2710\t"])
def test_what_is_meant_plainly_is_read(text):
    """Blanks around, a C before and full-width digits are made plain."""
    assert ["2710"] == xm.classify([text])["code"].tolist()


@pytest.mark.parametrize(
    "text", ["27101", "A0111", "27 10", "2710.0", "27-10", "2", "0000", "9910", "CC27", "中药", "2710*", "²710"]
)
@pytest.mark.parametrize("scheme", ["GB/T 4754-2017", HIGH_TECH])
def test_what_is_no_code_raises_and_names_its_row(text, scheme):
    """Letters, blanks inside, five figures and divisions that no section has are never a silent no."""
    with pytest.raises(xm.XxmfgError, match=r"codes: row 2: .* is no industry code: "):
        xm.classify(["2710", None, text, text], scheme)


def test_numbers_are_refused():
    """A code that was read as a number may have lost a zero."""
    for codes in ([2710, 131], np.array([2710.0]), pd.Series([2710])):
        with pytest.raises(TypeError, match=r"codes must be text, not (int|float)64: numbers lose leading zeros"):
            xm.classify(codes)


def test_missing_codes_stay_missing():
    """None, NaN and blanks are no codes and no class."""
    for scheme in ("GB/T 4754-2017", HIGH_TECH, NEW):
        table = xm.classify(np.array([None, "", "  "], dtype=object), scheme)
        assert [None] * 3 == table["code"].tolist() == table["match"].tolist() == table["name"].tolist()


@pytest.mark.parametrize(
    "column",
    [
        np.array(["2710", "3610"]),
        pd.Series(["2710", "3610"]),
        pd.Categorical(["2710", "3610"], categories=["3610", "2710"]),
        pd.Series(["2710", "3610"], dtype="string"),
    ],
    ids=["U", "str", "category", "string"],
)
def test_codes_come_in_any_column_of_text(column):
    """Rows stay in their order, whatever holds the text."""
    assert ["yes", "no"] == xm.classify(column)["match"].tolist()


def test_no_codes_give_an_empty_table():
    """Nothing in, nothing out, with the columns of the scheme."""
    empty = np.array([], dtype="U4")
    assert (0, ("code", "class", "name", "match")) == (
        len(xm.classify(empty, HIGH_TECH)),
        xm.classify(empty, HIGH_TECH).columns,
    )
    assert 0 == len(xm.classify(empty))


# derived schemes


def test_the_85_high_tech_codes_are_found_and_no_other():
    """Each linked code has its class, and no other class of the tree is in the scheme."""
    table = xm.classify(CODES, HIGH_TECH)
    classes = {row["gb4754_2017_codes"]: row["code"] for row in LINKS}
    found = {
        code: own
        for code, own, level in zip(CODES, table["class"].tolist(), xm.classes()["level"], strict=True)
        if level == 4 and own is not None
    }
    assert 85 == len(classes)
    assert classes == found
    assert 6 == len(xm.classes(HIGH_TECH))


def test_a_coarser_code_belongs_as_its_parts_do():
    """A division all of whose classes belong is a yes, one with some of them possible, one with none a no."""
    match = xm.classify(["27", "26", "13", "C"], HIGH_TECH)["match"].tolist()
    linked = {row["gb4754_2017_codes"] for row in LINKS}
    leaves = [code for code in CODES if len(code) == 4]

    def expected(prefix):
        parts = [code in linked for code in leaves if code.startswith(prefix)]
        return "yes" if all(parts) else "possible" if any(parts) else "no"

    assert [expected("27"), expected("26"), expected("13"), "possible"] == match


def test_a_code_that_the_edition_lacks_is_uncertain_in_a_scheme():
    """3610 may have been renumbered into the scheme: possible, without a class."""
    table = xm.classify(["3610"], HIGH_TECH)
    assert (["possible"], [None]) == (table["match"].tolist(), table["class"].tolist())


@pytest.mark.parametrize("name", ["高技术产业（制造业）2017", "高技术产业(制造业)分类 (2017)", "高技术产业2017"])
def test_schemes_go_by_the_names_that_people_write(name):
    """Full-width brackets, blanks and the words 统计, 分类 make no difference."""
    assert ["01"] == xm.classify(["2710"], name)["class"].tolist()


def test_the_fourteen_names_of_advanced_manufacturing():
    """三新 2018 has fourteen classes under 02, whose own codes classify as themselves."""
    table = xm.classes(NEW, parent="02")
    assert [f"02{n:02}" for n in range(1, 15)] == table["code"].tolist()
    own = xm.classify(["0201", "0214"], "三新 2018")
    assert ["新一代信息技术设备制造", "节能环保设备和产品制造"] == own["name"].tolist()
    assert 9 == len(xm.classes("战新 2018")["code"][xm.classes("战新 2018")["level"] == 1])


def test_a_scheme_without_crosswalk_asks_for_one():
    """Industry codes under 三新 need the user's crosswalk; none is official."""
    with pytest.raises(xm.XxmfgError, match=r"row 1: '3911' is no class of .* give crosswalk="):
        xm.classify(["0201", "3911"], NEW)
    with pytest.raises(xm.XxmfgError, match="no crosswalk leads to it"):
        xm.scheme_totals([1.0], ["3911"], NEW)


# crosswalks


def test_the_longest_prefix_with_a_link_decides():
    """A link of a group yields to one of its class; a star makes a possible."""
    links = xm.Crosswalk(["39", "391", "3911", "65"], ["a", "b", "c", "d"], ["", "", "*", ""])
    table = xm.classify(["3911", "3912", "3921", "391", "39", "6510", "1311"], "own", links)
    assert ["c", "b", "a", "c；b", "c；b；a", "d", None] == table["class"].tolist()
    assert ["possible", "yes", "yes", "possible", "possible", "yes", "no"] == table["match"].tolist()


def test_an_industry_of_two_classes_names_both():
    """A code that leads to two classes in part is possible in both."""
    links = xm.Crosswalk(["3911", "3911"], ["0201", "高端装备制造"], ["*", "*"])
    table = xm.classify(["3911"], NEW, links)
    assert (["0201；0202"], ["possible"]) == (table["class"].tolist(), table["match"].tolist())
    assert ["新一代信息技术设备制造；高端装备制造"] == table["name"].tolist()


def test_finer_classes_of_a_crosswalk_fold_into_those_known():
    """三新 has small classes whose names are not installed: they count for the class above."""
    links = xm.Crosswalk(["3911", "3912"], ["020101", "0301"])
    assert ["0201", "03"] == xm.classify(["3911", "3912"], NEW, links)["class"].tolist()


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ({"code": ["3610"], "target": ["0201"]}, xm.XxmfgError, "row 0: GB/T 4754-2017 has no code 3610"),
        ({"code": ["9999"], "target": ["0201"]}, xm.XxmfgError, "row 0: '9999' is no industry code"),
        ({"code": ["3911", "3911"], "target": ["a", "a"]}, xm.DuplicateError, "row 1: code 3911 leads to 'a' twice"),
        ({"code": ["3911", "C3911"], "target": ["a", "a"]}, xm.DuplicateError, "row 1: code 3911 leads to 'a' twice"),
        ({"code": ["3911"], "target": [""]}, xm.XxmfgError, "row 0: code 3911 has no target"),
        ({"code": ["3911"], "target": ["a"], "partial": ["?"]}, xm.XxmfgError, r"partial '\?' is no mark"),
        ({"code": ["3911"], "target": ["a"], "edition": "2011"}, xm.XxmfgError, "row 0: edition '2011'; only codes of"),
        ({"code": ["3911"], "target": ["a", "b"]}, ValueError, "code has 1 rows, target has 2"),
        ({"code": [3911], "target": ["a"]}, TypeError, "row 0: code must be text, not 3911: numbers lose"),
        ({"code": "3911", "target": ["a"]}, TypeError, "crosswalk code must be a column"),
    ],
)
def test_a_wrong_crosswalk_says_where(columns, error, message):
    """Unknown codes, duplicates, marks and editions are named with their row."""
    with pytest.raises(error, match=message):
        xm.Crosswalk(**columns)


def test_a_crosswalk_leads_to_classes_of_the_scheme():
    """A target that the scheme does not have is an error, as is a crosswalk to the industries themselves."""
    links = xm.Crosswalk(["3911"], ["0299"])
    with pytest.raises(xm.XxmfgError, match="code 3911 leads to '0299', which is no class of 三新"):
        xm.classify(["3911"], NEW, links)
    with pytest.raises(xm.XxmfgError, match="it leads to the classes of a scheme; name it"):
        xm.classify(["3911"], crosswalk=links)
    with pytest.raises(TypeError, match="crosswalk must be a Crosswalk, not dict"):
        xm.classify(["3911"], NEW, {"3911": "0201"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_crosswalk_is_read_from_csv(tmp_path, encoding):
    """The columns code, target, partial and edition, in the encodings of offices."""
    path = tmp_path / "links.csv"
    path.write_bytes("code,target,partial,edition,备注\n391,0201,,2017,甲\n3521,0202,*,2017,乙\n".encode(encoding))
    links = xm.Crosswalk.read(path)
    assert "Crosswalk(2 lines, 2 codes of GB/T 4754-2017)" == repr(links)
    assert ["yes", "possible"] == xm.classify(["3911", "3521"], NEW, links)["match"].tolist()


def test_a_wrong_crosswalk_file_is_named(tmp_path):
    """The error names the file, and the column or row."""
    path = tmp_path / "links.csv"
    path.write_text("code,class\n391,0201\n", encoding="utf-8")
    with pytest.raises(xm.XxmfgError, match=r"links\.csv: a crosswalk has the columns .*; there is no 'target'"):
        xm.Crosswalk.read(path)
    path.write_text("code,target\n391,0201\n391,0201\n", encoding="utf-8")
    with pytest.raises(xm.DuplicateError, match=r"links\.csv: line 3: code 391 leads"):
        xm.Crosswalk.read(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"code,code,target\n3963,3911,0201\n", "two columns are called 'code'"),
        (b"\xff\xffcode,target\n", "its text is neither UTF-8 nor GB18030"),
        (b"code,target\n3911,0201\n\n3912\n", "line 4: expected 2 fields, found 1"),
        (b"code,target\n3911,0201,0202\n", "line 2: expected 2 fields, found 3"),
        (b"code,target\n", "there is no line below the names"),
        (b"", "there is no 'code'"),
    ],
)
def test_a_broken_crosswalk_file_is_named(tmp_path, content, message):
    """Of two columns of one name the last was taken, a longer line was cut, a wrong encoding not named."""
    path = tmp_path / "links.csv"
    path.write_bytes(content)
    with pytest.raises(xm.XxmfgError, match=rf"links\.csv: .*{message}"):
        xm.Crosswalk.read(path)


# totals


@given(
    st.lists(
        st.tuples(st.sampled_from(["2710", "27", "26", "1311", "3610", "0111", None]), st.integers(-9, 9)), max_size=12
    )
)
def test_totals_bound_whatever_the_truth_is(records):
    """Each class total lies between its bounds, wherever the uncertain records belong."""
    codes = np.array([code for code, _ in records], dtype=object)
    values = np.array([float(value) for _, value in records])
    table = xm.scheme_totals(values, codes, HIGH_TECH)
    matched = xm.classify(codes, HIGH_TECH)["match"].tolist()
    sure = [value for value, match in zip(values, matched, strict=True) if match == "yes"]
    perhaps = [value for value, match in zip(values, matched, strict=True) if match in {"possible", None}]
    assert sum(sure) + sum(min(value, 0) for value in perhaps) == table["lower"][-1]
    assert sum(sure) + sum(max(value, 0) for value in perhaps) == table["upper"][-1]
    assert (table["lower"] <= table["upper"]).all()
    assert not (table["lower_share"] > table["upper_share"]).any()


def test_totals_of_a_scheme_name_it_and_their_shares():
    """A class with a partial code has a lower and an upper bound; shares are of all values."""
    links = xm.Crosswalk(["391", "3521"], ["0201", "0202"], partial=["", "*"])
    table = xm.scheme_totals([5.0, 2.0, 3.0], ["3911", "3521", "1311"], NEW, links)
    assert [NEW] * 3 == table["scheme"].tolist()
    assert ["0201", "0202", "total"] == table["class"].tolist()
    assert [5.0, 0.0, 5.0] == table["lower"].tolist()
    assert [5.0, 2.0, 7.0] == table["upper"].tolist()
    assert [0.5, 0.2, 0.7] == table["upper_share"].tolist()


def test_shares_under_two_schemes_are_not_compared_silently():
    """The caller has to say that two schemes are meant."""
    links = xm.Crosswalk(["27"], ["01"])
    first = xm.scheme_totals([1.0, 1.0], ["2710", "1311"], HIGH_TECH)
    second = xm.scheme_totals([3.0, 1.0], ["2710", "1311"], "own", links)
    with pytest.raises(xm.XxmfgError, match=r"under two schemes, 高技术.* and own: say across_schemes=True"):
        xm.share_change(first, second)
    change = xm.share_change(first, second, across_schemes=True)
    assert [0.25, 0.25] == change["change_upper"].tolist()


def test_totals_and_codes_have_one_length():
    """Lengths that differ are named."""
    with pytest.raises(ValueError, match="values has 2 rows, codes 'codes' has 1"):
        xm.scheme_totals([1.0, 2.0], ["2710"], HIGH_TECH)


def test_records_take_column_names():
    """The measures are methods of Records."""
    records = xm.Records({"code": ["2710", "1311"], "output": [1.0, 3.0]})
    assert ["yes", "no"] == records.classify("code", HIGH_TECH)["match"].tolist()
    assert 0.25 == records.scheme_totals("output", "code", HIGH_TECH)["upper_share"][-1]


def test_texts_by_code_are_what_indexing_gives():
    """The core's columns of text hold the labels of their codes, the last for none, on any number of threads."""
    labels = np.array(
        ["", "yes", "智能无人飞行器制造" * 3, None, "fifteen bytes!!"], dtype=np.dtypes.StringDType(na_object=None)
    )
    n = 700_000  # more than are taken at once
    codes = np.random.default_rng(7).integers(-1, 5, n).astype(np.int32)
    for threads in (1, 3):
        same, reversed_labels = _core.texts((labels, labels[::-1].copy()), codes, threads)
        assert np.array_equal(labels[codes].astype(object), same.astype(object))
        assert np.array_equal(labels[::-1][codes].astype(object), reversed_labels.astype(object))
    assert 0 == len(_core.texts((labels,), codes[:0], 1)[0])
    with pytest.raises(IndexError, match="codes: row 1"):
        _core.texts((labels,), np.array([0, 5], dtype=np.int32), 1)
    with pytest.raises(TypeError, match="labels must be 1-D StringDType"):
        _core.texts((np.array(["a"]),), codes, 1)
    with pytest.raises(TypeError, match="labels must be 1-D StringDType"):
        _core.texts((labels[::2],), codes, 1)
    with pytest.raises(ValueError, match="labels of 16 columns at most"):
        _core.texts((labels,) * 17, codes, 1)


def test_all_wrong_codes_are_counted_and_the_first_named():
    """One error tells of a file's wrong codes: the first with what is wrong, four more, and how many records."""
    codes = ["2710", "X1", "36101", "X1", *"abde"]
    says = (
        r"row 1: 'X1' is no industry code: .*; neither are '36101' in row 2, 'a' in row 4, 'b' in row 5, 'd' in row 6"
    )
    for column in (codes, pd.Categorical(codes, categories=sorted(set(codes), reverse=True))):
        with pytest.raises(xm.XxmfgError, match=says + " and 1 more: 7 records have codes that are none"):
            xm.classify(column)


def test_a_mistyped_scheme_is_told_the_nearest_of_its_edition():
    """The nearest name is told, but never one of another edition."""
    with pytest.raises(xm.XxmfgError, match=r"did you mean '战略性新兴产业分类\(2018\)'\?"):
        xm.classify(["2710"], "战略新兴产业2018")
    with pytest.raises(xm.XxmfgError) as refused:
        xm.classify(["2710"], "高技术产业2013")
    assert "did you mean" not in str(refused.value)
