"""Crosswalks of users lead to the scheme that is named, from the edition that is installed, and tables say so."""

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
