"""The lists that go with the survey's figures: complete, in known words, and no number kept twice."""

import csv
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data" / "xixian2019"


def read(name):
    """Read a file as rows of text."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FIGURES = {row["id"]: row for row in read("figures")}
CITIES = FIGURES["F121"]["items"].split("、")
NUMERALS = dict(zip("1345678", "一三四五六七八", strict=True))
CATEGORIES = {f"02{number:02}" for number in range(1, 15)}


@pytest.mark.parametrize("name", ["presence", "projects", "new_areas", "cities", "cases", "measures"])
def test_files_are_plain(name):
    """UTF-8 without a mark, line feeds, no row twice, no blank around an entry."""
    content = (DATA / f"{name}.csv").read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    rows = [tuple(row.values()) for row in read(name)]
    assert len(rows) == len(set(rows))
    assert all(entry == entry.strip() for row in rows for entry in row)


def test_presence_has_the_producing_industries_of_the_records():
    """What the report lists as producing in a city is what the records have there, but for one word's ending."""
    records = {
        (row["new_city"], row["industry"])
        for row in read("establishments")
        if row["year"] == "2019" and row["record_type"] == "企业"
    }
    listed = {(row["new_city"], row["industry"]) for row in read("presence") if row["status"] == "形成产能"}
    assert records == {(city, "电力电子" if industry == "电力电子制造" else industry) for city, industry in listed}


def test_presence_and_projects_speak_in_known_words():
    """Cities, categories and statuses are those of the report; a city has each industry once a status."""
    presence, projects = read("presence"), read("projects")
    assert set(CITIES) == {row["new_city"] for row in presence}
    assert {"形成产能", "在建", "在建或前期（未区分）"} == {row["status"] for row in presence}
    assert {"在建": 7, "已签约": 2, "未说明": 5} == Counter(row["status"] for row in projects)
    assert {row["place"] for row in projects} <= {*CITIES, ""}
    assert {row["category"] for row in projects} <= CATEGORIES
    for row in projects:
        assert row["project"] in row["phrase"]
        assert row["place"] in row["phrase"]
        assert all(part in row["phrase"] for part in row["word"].split("……"))


def test_new_areas_are_those_that_the_report_counts():
    """Nineteen, six in the west; tiers never exceed the report's counts, and one GDP is known: the report's."""
    areas = read("new_areas")
    assert int(FIGURES["F041"]["value"]) == len(areas) == len({row["name"] for row in areas})
    assert {"东部": 8, "中部": 2, "西部": 6, "东北": 3} == Counter(row["region"] for row in areas)
    tiers = Counter(row["tier"] for row in areas)
    assert int(FIGURES["F043"]["value"]) == tiers["1"]
    assert tiers["2"] <= int(FIGURES["F045"]["value"])
    assert tiers["3"] <= int(FIGURES["F048"]["value"])
    assert all(bool(row["tier"]) == bool(row["tier_origin"]) for row in areas)
    known = [(row["name"], row["gdp_2018"], row["gdp_figure"]) for row in areas if row["gdp_2018"]]
    assert [("陕西西咸新区", FIGURES["F115"]["value"], "F115")] == known
    dates = [row["approved"] for row in areas]
    assert sorted(dates) == dates


def test_city_scores_descend_but_for_the_marked_misprints():
    """Ranks 1 to 50; without the two misprints the scores never rise; tiers list the report's names."""
    cities = read("cities")
    assert list(range(1, 51)) == [int(row["rank"]) for row in cities]
    sound = [float(row["score"]) for row in cities if not row["doubt"]]
    assert sorted(sound, reverse=True) == sound
    assert ["福州", "中山"] == [row["city"] for row in cities if row["doubt"]]
    for tier, key in (("1", "F076"), ("2", "F077"), ("3", "F078")):
        assert set(FIGURES[key]["items"].split("、")) == {row["city"] for row in cities if row["tier"] == tier}


def test_cases_point_to_figures_that_say_so():
    """Each reference is to a figure of the same case, and its phrase holds the figure's number."""
    for row in read("cases"):
        if row["figure"]:
            figure = FIGURES[row["figure"]]
            words = {"全国": ("中国", "人工智能"), "合肥市": ("合肥", "全国")}.get(row["case"], (row["case"],))
            assert any(word in figure["subject"] for word in words), row
            numerals = NUMERALS.get(figure["value"], figure["value"])
            assert figure["value"] in row["phrase"] or set(numerals) & set(row["phrase"]), row
    for key in ("F050", "F062", "F089", "F105", "F111"):
        assert key in {row["figure"] for row in read("cases")}


def test_measures_are_as_many_as_the_report_counts():
    """Three 机遇, six 挑战, four 思路, six 建议, and the practices elsewhere; answers are to challenges that exist."""
    measures = read("measures")
    counts = Counter(row["kind"] for row in measures)
    for kind, key in (("机遇", "F113"), ("挑战", "F120"), ("思路", "F123"), ("建议", "F125")):
        assert int(FIGURES[key]["value"]) == counts[kind]
    others = {"深圳举措": 3, "合肥举措": 5, "四新区共同点": 3, "四新区特性": 4, "目标集群": 5}
    assert others == {kind: counts[kind] for kind in others}
    for kind, key in (("思路", "F123"), ("建议", "F125")):
        titles = [row["title"] for row in measures if row["kind"] == kind]
        assert all(item in title for item, title in zip(FIGURES[key]["items"].split("、"), titles, strict=True))
    answers = {part for row in measures for part in row["answers"].split("、") if part}
    assert answers <= {str(number) for number in range(1, 7)}
