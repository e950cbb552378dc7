"""The kind of a numeral: a fact, a date that says when, a number of a heading, or a part of a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xxmfg.text.mentions import Seen
    from xxmfg.text.numerals import Plain

__all__ = ["FACT", "kind_of"]

FACT, DATE, HEADING = "fact", "year_context", "heading_number"
FOOTNOTE, LIST, TECHNOLOGY, LABEL = "footnote_mark", "list_name", "tech_name", "quoted_label"

_FAR = 24  # characters that are looked at on each side
_ENDS = "。；！？：;!?”"
_STOPS = "，。；：！？、）)”》"
_CAPTION = re.compile(r"(?:[图表]|专栏|附件|附录|公式)$")
_ARTICLE = "章节条款页编卷期"
_STANDARD = re.compile(r"(?:GB|ISO|IEC|IEEE|DB|QB|YB|HJ|JB|SB)(?:/[TZ])?\s?[\d.]*[-—:]?$")
_LATIN_BEFORE = re.compile(r"[A-Za-z][-&]?$")
_PROJECT = re.compile(r"工程|热线|事件|高校|院校|计划")
_SINCE = re.compile(r"年?(?:以来|起|开始)")
# After these a bare number is what is said; after any other noun it can only be a mark of a footnote.
_INTRODUCING = frozenset(
    "为是达到约超近第占有共至和与及或增降长减跌升计破过于余从由每前后数率值额比量分名位居列排得仅各满足少多高低大小合价均在用以元月年日期点"
)
_HARD_CHINESE = "万亿元%‰成倍吨斤米里亩顷户人"  # after 一 only these measure: 一个, 一批, 一项 do not count
_NOT_AFTER_CHINESE = {"分", "点", "度", "方", "天", "日", "只", "所", "场"}


class Around(NamedTuple):
    """A numeral and what stands on each side of it."""

    one: Seen
    before: str
    behind: str  # the numeral, with its unit
    starts: bool  # a line, or a sentence
    starts_line: bool
    previous: tuple[Seen, str] | None

    @property
    def is_small(self) -> bool:
        """Whether it is a bare whole number below a hundred."""
        value = self.one.numeral.value
        return self.one.is_bare and self.one.numeral.decimals == 0 and value is not None and value < 100


def kind_of(one: Seen, whole: Plain, previous: tuple[Seen, str] | None) -> str | None:
    """Give the kind of a numeral, None where it is none but a part of a word."""
    start, end = one.numeral.start, one.numeral.end
    before, behind = whole.text[max(0, start - _FAR) : start], whole.text[end : end + _FAR]
    starts_line = start in whole.line_starts
    starts = starts_line or (before[-1:] in _ENDS)
    around = Around(one, before, behind, starts, starts_line, previous)
    form = one.numeral.form
    if form == "chinese":
        return next((kind for test in _CHINESE if (kind := test(around)) != ""), None)
    tests = {"arabic": _ARABIC, "dotted": _ARABIC, "circled": (_circled,), "raised": (_raised,)}.get(form, ())
    return next((kind for test in tests if (kind := test(around))), FACT)


def _raised(around: Around) -> str:
    return FOOTNOTE


def _circled(around: Around) -> str:
    """Find the ① of a footnote, and that of an enumeration."""
    is_mark = not around.starts and around.behind[:1] in _STOPS and around.before[-1:] not in _STOPS
    return FOOTNOTE if is_mark else HEADING


def _list(around: Around) -> str:
    """Find 500强 and TOP10."""
    is_top = around.one.is_bare and around.before[-3:].upper() == "TOP"
    return LIST if around.one.unit == "强" or is_top else ""


def _mark(around: Around) -> str:
    """Find [1] and 注1."""
    before, behind = around.before[-1:], around.behind[:1]
    is_bracketed = before in {"[", "［", "〔"} and behind in {"]", "］", "〕"}
    return FOOTNOTE if around.is_small and (is_bracketed or before == "注") else ""


def _heading(around: Around) -> str:
    """Find 1. and （1） in front of a sentence, 图1, 第3条, 28号."""
    before, behind, numeral = around.before, around.behind, around.one.numeral
    if numeral.form == "dotted":
        return HEADING if around.starts else ""
    is_article = before[-1:] == "第" and behind[:1] in _ARTICLE and behind
    if is_article or behind[:1] == "号" or (around.one.is_bare and _CAPTION.search(before)):
        return HEADING
    if not around.is_small:
        is_section = around.starts_line and around.one.is_bare and numeral.decimals == 1 and before[-1:] in _ENDS
        return HEADING if is_section and behind[:1] > "一" else ""
    if before[-1:] in {"（", "("} and behind[:1] in {"）", ")"}:
        return HEADING
    is_numbered = behind[:1] in {".", "、", "．", ")", "）"} and not behind[1:2].isdigit()
    return HEADING if around.starts and is_numbered and bool(behind) else ""


def _technology(around: Around) -> str:
    """Find 5G, PM2.5, COVID-19, 工业4.0, GB/T 4754-2017, 2.0.1."""
    numeral = around.one.numeral
    if numeral.form == "dotted":
        return DATE if _is_dotted_date(around) else TECHNOLOGY
    if _STANDARD.search(around.before):
        return TECHNOLOGY
    is_after_latin = bool(_LATIN_BEFORE.search(around.before))
    if around.one.is_over or (around.one.unit and not (is_after_latin and around.one.is_counted)):
        return ""
    if is_after_latin or (around.behind[:1].isascii() and around.behind[:1].isalpha()):
        return TECHNOLOGY
    is_version = numeral.decimals == 1 and around.one.is_bare and numeral.value in {1, 2, 3, 4, 5}
    return TECHNOLOGY if is_version and around.before[-1:] not in _INTRODUCING else ""


def _is_dotted_date(around: Around) -> bool:
    return bool(around.previous and around.previous[1] == DATE)


def _date(around: Around) -> str:
    """Find years, months, days and quarters; a year in a range, or with 以来, is itself what is said."""
    one, before, behind = around.one, around.before, around.behind
    if one.unit in {"月", "日"} or behind.startswith(("季度", "世纪", "时")):
        return DATE
    if one.unit == "个月" and before[-1:] == "前":
        return DATE
    if one.unit == "年" and behind.startswith("年代"):
        return DATE
    if not one.numeral.is_year or one.unit not in {"", "年"} or one.is_negative or one.is_over:
        return _rest_of_date(around)
    if one.link == "range" or one.place or _SINCE.match(behind):
        return FACT
    return "" if one.is_bare and before[-1:] in _INTRODUCING else DATE


def _rest_of_date(around: Around) -> str:
    """Find the 08 and 06 of 2019-08-06."""
    previous = around.previous
    value = around.one.numeral.value
    if previous is None or previous[1] != DATE or around.one.unit or value is None or value > 31:
        return ""
    gap = around.one.numeral.start - previous[0].numeral.end
    return DATE if gap == 1 and around.before[-1:] in {"-", ".", "/"} and previous[0].unit == "" else ""


def _label(around: Around) -> str:
    """Find numerals that are only quoted: the 90% of “6个90%”, “985”, “1+6+N”, 211工程."""
    one, previous = around.one, around.previous
    quote = max(around.before.rfind("“"), around.before.rfind("「"))
    is_quoted = quote >= 0 and "”" not in around.before[quote:] and "」" not in around.before[quote:]
    if is_quoted and previous and previous[0].unit == "个" and previous[0].end == one.numeral.start:
        return LABEL
    closes = re.search("[”」]", around.behind)
    if is_quoted and one.is_bare and closes and len(around.before) - quote + closes.start() <= 12:
        return LABEL
    return LABEL if one.is_bare and _PROJECT.match(around.behind.lstrip("”’")) else ""


def _footnote(around: Around) -> str:
    """Find a mark that sticks to the noun before it (制造业1、), or opens a line (1包括……)."""
    if not around.is_small:
        return ""
    before, behind = around.before[-1:], around.behind[:1]
    is_after_noun = "一" <= before <= "鿿" and before not in _INTRODUCING
    if around.starts_line:
        return FOOTNOTE if "一" <= behind <= "鿿" else ""
    return FOOTNOTE if is_after_noun and (behind in _STOPS) else ""


_ARABIC = (_list, _mark, _heading, _technology, _date, _label, _footnote)


# ---- Chinese numerals: each test gives a kind, None where the numeral is a part of a word, "" to ask the next ----


def _ordinal(around: Around) -> str | None:
    """Read 第三位 and 第四次, but not 第一产业."""
    if around.before[-1:] != "第":
        return ""
    if around.behind.startswith("季度"):
        return DATE
    if around.behind[:1] in _ARTICLE and around.behind:
        return HEADING
    return FACT if len(around.one.unit) == 1 and around.one.unit in "位名次座个届批家轮" else None


def _enumerated(around: Around) -> str:
    """Find （一）, 一、 and 一是."""
    before, behind = around.before[-1:], around.behind[:1]
    is_bracketed = before in {"（", "("} and behind in {"）", ")"}
    is_listed = around.starts and behind == "、"
    is_said = (around.starts or before in _STOPS) and behind == "是"
    return HEADING if around.is_small and (is_bracketed or is_listed or is_said) else ""


def _chinese_date(around: Around) -> str:
    one = around.one
    if one.numeral.is_year and one.unit == "年":
        return _date(around)
    is_day = one.unit == "日" and around.previous is not None and around.previous[1] == DATE
    return DATE if one.unit == "月" or is_day or around.behind.startswith("季度") else ""


def _congress(around: Around) -> str:
    return FACT if around.before[-2:] == "党的" and around.behind[:1] == "大" else ""


def _first_few(around: Around) -> str | None:
    """Read 前五 at the end of a clause, but not 前三甲."""
    if around.before[-1:] != "前" or around.one.unit:
        return ""
    return FACT if around.behind[:1] in _STOPS or not around.behind else None


def _measured(around: Around) -> str | None:
    """Tell whether a numeral with its unit counts or measures something."""
    unit, value = around.one.unit, around.one.numeral.value
    if not unit or unit in _NOT_AFTER_CHINESE or value == 0:
        return None
    return FACT if value != 1 or unit[-1] in _HARD_CHINESE else None


_CHINESE = (_ordinal, _enumerated, _chinese_date, _congress, _list, _first_few, _measured)
