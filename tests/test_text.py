"""The numerals of Chinese text: the survey report's against a list made by hand, sentences never seen, any text."""

import csv
import math
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import xxmfg as xm

DATA = Path(__file__).parents[1] / "data" / "xixian2019"
# The list calls these facts because figures.csv has a row for them; its `kind` there is label: no quantity.
LABELS = {
    "脚注标记": "footnote_mark",
    "版本年": "year_context",
    "图号": "heading_number",
    "榜单规模": "list_name",
    "技术代号": "tech_name",
}


def sentences():
    """Give the sentences of communiques.txt with their answers."""
    blocks = (Path(__file__).parent / "communiques.txt").read_text(encoding="utf-8").split("\n\n")[1:]
    for block in blocks:
        sentence, *answers = block.strip("\n").split("\n")
        yield sentence, [tuple(answer.split()) for answer in answers]


def rows_of(table):
    """Give a table as dictionaries."""
    return [dict(zip(table.columns, row, strict=True)) for row in zip(*table.to_dict().values(), strict=True)]


def read_rows(name):
    """Give the rows of a CSV file of the survey."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def report():
    """Give the passages of the report around its numerals, what is found in them, and what the list made by hand says.

    Passages that meet are one; between others stands a line break.
    """
    chars, places = {}, {}
    for row in read_rows("numerals.csv"):
        passage = row["before"] + row["token"] + row["behind"]
        begin = int(row["position"]) - len(row["before"])
        chars |= {begin + i: char for i, char in enumerate(passage)}
        places[int(row["position"])] = row
    text, listed = "", {}
    for place in range(max(chars) + 1):
        if place in places:
            listed[len(text)] = places[place]
        text += chars.get(place, "\n" if not text.endswith("\n") else "").replace("↵", "\n")
    return rows_of(xm.figures_from_text(text)), listed


def test_every_arabic_numeral_of_the_report_is_found_and_no_other(report):
    """Precision and recall of finding are 1: 140 numerals, 140 found."""
    found, listed = report
    arabic = {row["position"] for row in found if row["token"].isascii()}
    right = len(arabic & set(listed))
    print(f"found: precision {right}/{len(arabic)}, recall {right}/{len(listed)}")
    assert set(listed) == arabic
    assert 140 == len(listed)


def test_numerals_of_the_report_are_what_the_list_says(report):
    """140 of 140: 132 in its words, 8 that it enters as facts of kind label by what the label is."""
    found, listed = report
    figures = {row["id"]: row for row in read_rows("figures.csv")}
    kinds = {row["position"]: row["kind"] for row in found}
    verbatim, by_label, wrong = 0, 0, []
    for place, row in listed.items():
        figure = figures.get(row["figure"], {})
        is_label = figure.get("kind") == "label"
        if kinds[place] == (LABELS[figure["indicator"]] if is_label else row["kind"]):
            verbatim, by_label = verbatim + (not is_label), by_label + is_label
        else:
            wrong.append((row, kinds[place]))
    facts = [place for place, row in listed.items() if row["kind"] == "fact"]
    labels = [place for place in facts if figures[listed[place]["figure"]]["kind"] == "label"]
    proposed = [place for place in listed if kinds[place] == "fact"]
    right = len(set(proposed) & set(facts))
    print(f"kinds: {verbatim} verbatim + {by_label} labels = {verbatim + by_label}/{len(listed)}")
    print(f"facts: precision {right}/{len(proposed)}, recall {right}/{len(set(facts) - set(labels))}")
    assert [] == wrong
    assert (132, 8) == (verbatim, by_label)


def test_facts_of_the_report_have_the_value_unit_qualifier_and_decimals_of_the_figures(report):
    """What is proposed for each numeral is what a person entered in figures.csv."""
    found, listed = report
    figures = {row["id"]: row for row in read_rows("figures.csv")}
    for row in found:
        figure = figures.get(listed.get(row["position"], {}).get("figure", ""))
        if figure is None or figure["kind"] == "label":
            continue
        entered = float(figure["value"]), figure["qualifier"], int(figure["decimals"])
        assert entered == (row["value"], row["qualifier"], row["decimals"]), row
        assert figure["unit"].replace("(元)", "").startswith(row["unit"]), row


CHINESE = {
    "F001": ("十九", "届"),
    "F009": ("六", "个"),
    "F042": ("三", "个"),
    "F050": ("三", "个"),
    "F075": ("三", "个"),
    "F076": ("四", "个"),
    "F079": ("五", "位"),
    "F089": ("七", "个"),
    "F103": ("四", "个"),
    "F104": ("三", "座"),
    "F108": ("六", "个"),
    "F109": ("八", "个"),
    "F110": ("三", "年"),
    "F114": ("三", "个"),
    "F124": ("四", "次"),
}


@pytest.mark.parametrize("name", CHINESE)
def test_chinese_numerals_of_the_report_that_count(name):
    """Figures that the report writes in Chinese numerals are found, no part of a word beside them."""
    (figure,) = (row for row in read_rows("figures.csv") if row["id"] == name)
    found = [row for row in rows_of(xm.figures_from_text(figure["phrase"])) if row["kind"] == "fact"]
    (row,) = (row for row in found if row["value"] == float(figure["value"]))
    assert CHINESE[name] == (row["token"], row["unit"])
    assert figure["qualifier"] == row["qualifier"]


@pytest.mark.parametrize(
    ("sentence", "answers"), list(sentences()), ids=lambda value: value[:12] if type(value) is str else ""
)
def test_sentences_of_communiques(sentence, answers):
    """Numerals of sentences in the style of communiqués are what a reader takes them for."""
    found = []
    for row in rows_of(xm.figures_from_text(sentence)):
        value = "–" if math.isnan(row["value"]) else f"{row['value']:.12g}"
        fact = (row["token"], value, row["unit"] or "–", row["qualifier"], str(row["decimals"]))
        found.append(fact if row["kind"] == "fact" else (row["token"], row["kind"]))
    assert answers == found


def test_a_proposal_is_audited_once_a_person_has_named_it():
    """Rows of proposals with ids are figures for the audit."""
    pytest.importorskip("scipy")
    found = xm.figures_from_text("甲县1.5亿元，乙县2.5亿元，合计4亿元。").to_dict()
    result = xm.audit({"id": ["a", "b", "t"], **found}, ["R1: a + b = t"])
    assert ["compatible"] == result.relations["verdict"].tolist()


def test_no_text_is_an_error_and_empty_text_has_no_numerals():
    """Only a str is text."""
    with pytest.raises(TypeError, match="text must be a str, not bytes"):
        xm.figures_from_text(b"83")
    assert 0 == len(xm.figures_from_text(""))


CHARS = "0123456789０９．％,.%-—～一二两三十百千万亿零〇第前约近超余多成倍年月日家个位强号大是分之点元（）"
CHARS += "()“”《》、，。；\n Ga/"
PHRASES = "亿元 百分点 个百分点 突破 以上 左右 分别 5G 500强 2019年 ① ² [1] 百分之 注"
WORDS = st.sampled_from([*CHARS, *PHRASES.split()])


@given(text=st.one_of(st.lists(WORDS, max_size=30).map("".join), st.text(max_size=60)))
@example("9" * 5000)
@example("-" * 50 + "1")
@example("1" + "/1" * 40)
def test_any_text_gives_its_numerals(text):
    """Each row stands where it says; no digit is left out and none is in two numerals; nothing raises."""
    found = rows_of(xm.figures_from_text(text))
    covered = []
    for row in found:
        place = row["position"]
        length, taken = 0, ""
        while taken != row["token"]:
            taken += "" if text[place + length].isspace() else text[place + length]
            length += 1
        covered += [i for i in range(place, place + length) if not text[i].isspace()]
        assert row["phrase"]
        assert row["kind"] == "fact" or row["qualifier"] is None
    assert sorted(set(covered)) == covered
    digits = [i for i, char in enumerate(text) if char in "0123456789０１２３４５６７８９"]
    assert set(digits) <= set(covered)


@given(text=st.lists(WORDS, max_size=30).map("".join))
def test_full_width_digits_are_digits(text):
    """A text in full width has the same values in the same order."""
    wide = text.translate(str.maketrans("0123456789%", "０１２３４５６７８９％"))
    first, second = (xm.figures_from_text(some) for some in (text, wide))
    for name in ("position", "kind", "unit", "decimals"):
        assert first[name].tolist() == second[name].tolist()


def test_a_book_is_read_in_linear_time():
    """Ten times the text takes about ten times the steps, not a hundred: a page of a million characters is read."""
    sentence = "2019年，全市完成产值83亿元，约占工业的24.26%，同比增长17.54%。"
    found = xm.figures_from_text(sentence * 2000)
    assert 8000 == len(found)
