"""What the words around a figure say of its number: 约, 突破, 余, 以上, 不足, A—B, 以来."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xxmfg.text.mentions import Seen

__all__ = ["qualifier_of"]

_FAR = 24
# Words directly before the number, the longer ones first: 不超过 is no 超过.
_BEFORE = (
    ("at_most", re.compile(r"(?:不超过|不高于|不多于|不大于|不突破|最多|至多|控制在|上限为?)$")),
    ("at_least", re.compile(r"(?:不低于|不少于|不小于|不下|至少|最少|起码)$")),
    ("above", re.compile(r"(?:突破|超过|超出|超越|超|逾|高于|大于|多于|跨越|跃上|站上|迈上|迈过)了?(?:约)?$")),
    ("below", re.compile(r"(?:不足|不到|未满|不满|低于|小于|少于|未达到?|接近|将近|逼近|近)$")),
    ("approx", re.compile(r"(?:约|大概|大致)(?:为|合|占|达|有|是)?$|约(?:占|为|合|达)[^，。；：、！？0-9]*$")),
)
_BEHIND = (
    ("approx", re.compile(r"(?:左右|上下|前后)")),
    ("at_least", re.compile(r"(?:及|和|或|含)?以上")),
    ("at_most", re.compile(r"(?:及|和|或|含)?(?:以下|以内|之内)")),
)
_SINCE = re.compile(r"(?:以来|起|开始)")
_SPAN = re.compile(r"(?:年|天|日|周|个?月|小时)")  # 近5年 is a span of time, no number below 5


def qualifier_of(one: Seen, text: str) -> tuple[str, str]:
    """Give the unit and the qualifier of a fact."""
    numeral, unit = one.numeral, one.unit
    before, behind = text[max(0, numeral.start - _FAR) : numeral.start], text[one.end : one.end + _FAR]
    if numeral.is_year and unit in {"", "年"}:
        return unit, "from" if not one.link and _SINCE.match(behind) else "exact"
    if before.endswith("前") and unit in {"", "位", "名"} and not one.is_over:
        return "位", "at_most"
    if before.endswith("党的"):
        return "届", "exact"
    if before.endswith("第"):
        return unit or "位", "exact"
    return unit, _of_amount(one, before, behind)


def _of_amount(one: Seen, before: str, behind: str) -> str:
    if one.place:
        return "range_lo" if one.place == "low" else "range_hi"
    if one.is_over:
        return "over"
    found = next((qualifier for qualifier, pattern in _BEHIND if pattern.match(behind)), "")
    found = found or next((qualifier for qualifier, pattern in _BEFORE if pattern.search(before)), "exact")
    is_span = found == "below" and before.endswith("近") and _SPAN.match(one.unit)
    return "exact" if is_span else found
