"""Numerals in Chinese text, Arabic and Chinese, with their exact values; the text without its blanks."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Numeral", "Plain", "numerals_of", "plain"]

LONGEST = 300  # digits of a numeral that is taken for a number

_HALF_WIDTH = str.maketrans("０１２３４５６７８９．％／－−﹣", "0123456789.%/---")
_DIGITS = {**{char: i for i, char in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}
_GROUPS = {"万": 10**4, "亿": 10**8}
_CIRCLED = {chr(0x2460 + i): i + 1 for i in range(20)}  # ① to ⑳
_RAISED = {char: i for i, char in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}

_DIGIT = "[一二两三四五六七八九]"
_PART = re.compile(
    rf"[零〇]?(?:({_DIGIT})千)?[零〇]?(?:({_DIGIT})百)?[零〇]?(?:({_DIGIT})?(十))?[零〇]?({_DIGIT}|(?<!.)[零〇])?"
)
_NUMERAL = re.compile(
    r"(?P<dotted>\d+(?:\.\d+){2,})"
    r"|(?P<parts>[百千]分之[〇零一二三四五六七八九十百千点]+)"
    r"|(?P<fraction>(?<![\d/.])(?!(?:19|20)\d\d/)\d+/[1-9]\d*(?![\d/年月.])|[一二三四五六七八九十百两]+分之[一二三四五六七八九十百两]+)"
    r"|(?P<arabic>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"|(?P<chinese>[〇零一二两三四五六七八九十百千万亿]+(?:点[〇零一二三四五六七八九]+)?)"
    r"|(?P<circled>[①-⑳])|(?P<raised>[⁰¹²³⁴-⁹]+)",
    re.ASCII,
)


class Plain(NamedTuple):
    """A text without its blanks, digits in half width; `at` is where each character stood, and the end."""

    text: str
    at: tuple[int, ...]
    line_starts: frozenset[int]


class Numeral(NamedTuple):
    """A numeral from `start` to `end` of the plain text; `value` is None for 三分之一, which shows no decimals."""

    start: int
    end: int
    value: Fraction | None
    decimals: int
    form: str  # dotted, fraction, parts, arabic, chinese, circled, raised

    @property
    def is_year(self) -> bool:
        """Whether it has the four digits of a year of this century or the last."""
        return self.end - self.start == 4 and self.decimals == 0 and 1900 <= (self.value or 0) < 2100


def plain(text: str) -> Plain:
    """Leave out blanks and line breaks, but not between two digits: they part two numerals."""
    kept: list[str] = []
    places: list[int] = []
    line_starts = {0}
    blanks = ""
    for place, char in enumerate(text.translate(_HALF_WIDTH)):
        if char.isspace():
            blanks += char
            continue
        if "\n" in blanks or "\r" in blanks:
            line_starts.add(len(kept))
        if blanks and kept and (kept[-1] + char).isascii() and kept[-1].isalnum() and char.isalnum():
            kept.append(" ")
            places.append(place - len(blanks))
            if len(kept) - 1 in line_starts:
                line_starts.add(len(kept))
        kept.append(char)
        places.append(place)
        blanks = ""
    return Plain("".join(kept), (*places, len(text)), frozenset(line_starts))


def numerals_of(text: str) -> Iterator[Numeral]:
    """Give what may be numerals of a plain text; Chinese ones may still be parts of words."""
    for match in _NUMERAL.finditer(text):
        form = str(match.lastgroup)
        start, end, word = match.start(), match.end(), match[0]
        if form in {"dotted", "fraction"}:
            yield Numeral(start, end, None, 0, form)
        elif form == "parts":
            yield from _chinese(start, end, word[3:], form)
        elif form == "arabic":
            digits = word.replace(",", "")
            value = Fraction(digits) if len(digits) <= LONGEST else None
            yield Numeral(start, end, value, len(digits.partition(".")[2]), form)
        elif form == "chinese":
            yield from _chinese(start, end, word, form)
        elif form == "circled":
            yield Numeral(start, end, Fraction(_CIRCLED[word]), 0, form)
        else:
            yield Numeral(start, end, Fraction("".join(str(_RAISED[char]) for char in word)), 0, form)


def _chinese(start: int, end: int, word: str, form: str) -> Iterator[Numeral]:
    """Give a Chinese numeral; groups at its end (万, 亿, 万亿) are left to the unit: 三百亿元 is 300 亿元."""
    digits, _, decimals = word.partition("点")
    mantissa = digits if decimals else digits.rstrip("万亿")
    tail = digits[len(mantissa) :]
    value = _whole(digits)
    if value is None or len(mantissa) == 0:
        return
    for char in tail:
        value /= _GROUPS[char]
    end -= len(tail)
    fraction = Fraction(int("".join(str(_DIGITS[char]) for char in decimals)), 10 ** len(decimals)) if decimals else 0
    yield Numeral(start, end, value + fraction, len(decimals), form)


def _whole(word: str) -> Fraction | None:
    """Give the number that Chinese characters write, None where they write none (一二) or one in doubt (三百五)."""
    if len(word) > 1 and all(char in _DIGITS for char in word):
        return Fraction("".join(str(_DIGITS[char]) for char in word)) if len(word) == 4 else None
    total, before = 0, 0
    for part, unit in _groups(word):
        number = _below_ten_thousand(part, is_first=not total) if part or not before else 0
        if number is None:
            return None
        # 三亿五千万 adds groups, 三万亿 multiplies what stands before.
        total = total + number * unit if unit < before else (total + number) * unit
        before = unit
    return Fraction(total) if word else None


def _groups(word: str) -> Iterator[tuple[str, int]]:
    """Cut a Chinese number at 万 and 亿."""
    begin = 0
    for place, char in enumerate(word):
        if char in _GROUPS:
            yield word[begin:place], _GROUPS[char]
            begin = place + 1
    if begin < len(word):
        yield word[begin:], 1


def _below_ten_thousand(part: str, *, is_first: bool) -> int | None:
    """Give the number of digits with 千, 百, 十; the last digit needs 十 or 零 before it: 三百五 is said for 350."""
    match = _PART.fullmatch(part)
    if match is None or not part or (not is_first and part[0] not in "零〇" and "千" not in part):
        return None
    thousands, hundreds, tens, ten, ones = match.groups()
    if ones and not ten and (thousands or hundreds) and part[-2] not in "零〇":
        return None
    count = [_DIGITS[digit] if digit else 0 for digit in (thousands, hundreds, tens, ones)]
    if ten and not tens:
        count[2] = 1
    return sum(number * place for number, place in zip(count, (1000, 100, 10, 1), strict=True))
