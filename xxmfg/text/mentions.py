"""What each numeral of a text is: what stands before it and behind it decides.

First the numerals are given their units and kinds one by one; then those that share a unit (A—B, A、B和C) are joined.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from xxmfg.text.kinds import FACT, kind_of
from xxmfg.text.numerals import Numeral, numerals_of, plain
from xxmfg.text.qualifiers import qualifier_of
from xxmfg.text.units import COUNTED, unit_behind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xxmfg.text.numerals import Plain

__all__ = ["Mention", "Seen", "mentions_of"]

_RANGE = re.compile(r"(?:[—–~～\-]{1,2}|至|到)(?:约)?")
_JOINING = re.compile(r"[A-Za-z0-9%)）\]—–\-]")  # a hyphen behind these is no minus
_LIST = re.compile(r"[、和与及]|以及")
_SENTENCE = "，。；：！？"
_FARTHEST = 40  # characters of a phrase on each side


class Mention(NamedTuple):
    """A row of `figures_from_text`."""

    position: int
    token: str
    kind: str
    value: float
    unit: str
    qualifier: str | None
    decimals: int
    phrase: str


class Seen(NamedTuple):
    """A numeral with its unit; `end` is where unit and 多 end, `link` how the next numeral is joined to it."""

    numeral: Numeral
    unit: str
    end: int
    is_over: bool
    is_negative: bool
    link: str = ""  # "range" or "list"
    place: str = ""  # in a range: "low" or "high"

    @property
    def is_bare(self) -> bool:
        """Whether it is a plain number that stands by itself."""
        return not (self.unit or self.is_over or self.is_negative or self.link or self.place)

    @property
    def is_counted(self) -> bool:
        """Whether its unit is a classifier, which may also begin another word."""
        return len(self.unit) == 1 and self.unit in COUNTED


def mentions_of(text: str) -> list[Mention]:
    """Give the mentions of a text in their order."""
    whole = plain(text)
    seen: list[Seen] = []
    for numeral in numerals_of(whole.text):
        seen.append(_seen(numeral, whole.text, seen[-1].end if seen else 0))
    rows = []
    previous: tuple[Seen, str] | None = None
    for one in _joined(seen, whole.text):
        kind = kind_of(one, whole, previous)
        if kind is not None:
            previous = one, kind
            rows.append(_mention(one, kind, whole, text))
    return rows


def _seen(numeral: Numeral, text: str, before: int) -> Seen:
    """Give a numeral with its unit; `before` is where the one before it ends."""
    if numeral.form == "parts":
        return Seen(numeral, "%" if text[numeral.start] == "百" else "‰", numeral.end, False, False)
    behind = unit_behind(text, numeral.end)
    sign = numeral.start - 1
    is_negative = numeral.form == "arabic" and sign >= before and text[sign] == "-" and not (sign == before and sign)
    is_negative = is_negative and not _JOINING.match(text[sign - 1 : sign])
    return Seen(numeral, behind.unit, behind.end, behind.is_over, is_negative)


def _joined(seen: Sequence[Seen], text: str) -> list[Seen]:
    """Let numerals that are joined to the next one take its unit, from the last to the first."""
    found = list(seen)
    for i in range(len(found) - 2, -1, -1):
        one, after = found[i], found[i + 1]
        between = text[one.end : after.numeral.start - after.is_negative]
        if one.numeral.form not in {"arabic", "chinese", "parts"} or after.numeral.form != one.numeral.form:
            continue
        if _RANGE.fullmatch(between) and _is_range(one, after, text):
            found[i] = one._replace(unit=one.unit or after.unit, link="range", place="low")
            found[i + 1] = after._replace(place="high")
        elif _LIST.fullmatch(between) and not one.unit and not one.is_over and after.unit:
            found[i] = one._replace(unit=after.unit, link="list")
    return found


def _is_range(one: Seen, after: Seen, text: str) -> bool:
    """Tell whether A—B is a range: both of one unit, rising, and A no start of a change (由5%到8%)."""
    if one.unit not in {"", after.unit} or one.numeral.value is None or after.numeral.value is None:
        return False
    clause = re.split(f"[{_SENTENCE}、]", text[max(0, one.numeral.start - 20) : one.numeral.start])[-1]
    return one.numeral.value < after.numeral.value and not re.search(r"[由从自]", clause)


def _mention(one: Seen, kind: str, whole: Plain, text: str) -> Mention:
    numeral = one.numeral
    begin = numeral.start - one.is_negative
    value = float("nan") if numeral.value is None else float(-numeral.value if one.is_negative else numeral.value)
    first, last = whole.at[begin], whole.at[numeral.end - 1] + 1
    token = "".join(char for char in text[first:last] if not char.isspace())
    unit, qualifier = one.unit, None
    if kind == FACT:
        unit, qualifier = qualifier_of(one, whole.text)
    return Mention(first, token, kind, value, unit, qualifier, numeral.decimals, _phrase(whole.text, begin, one.end))


def _phrase(text: str, begin: int, end: int) -> str:
    """Give the clause around a numeral."""
    before = text[max(0, begin - _FARTHEST) : begin]
    behind = text[end : end + _FARTHEST]
    start = max((before.rfind(mark) for mark in _SENTENCE), default=-1) + 1
    stop = min((place for mark in _SENTENCE if (place := behind.find(mark)) >= 0), default=len(behind))
    return before[start:] + text[begin:end] + behind[:stop]
