"""The unit that stands behind a numeral in Chinese text."""

from __future__ import annotations

import re
from typing import NamedTuple

from xxmfg.audit.units import known_scales, known_units

__all__ = ["COUNTED", "Behind", "unit_behind"]

# Classifiers and units that begin another word when one of these characters follows: 人工, 次要, 方面, 所以, 分别.
_OTHER_WORDS = {
    "人": "工民类才均口体物文",
    "名": "称牌单义",
    "位": "于置",
    "项": "目",
    "部": "门分署委",
    "次": "要于级年产",
    "所": "有以谓在得属",
    "处": "于在理置",
    "支": "持出撑付柱",
    "批": "准发复",
    "条": "件例",
    "户": "均籍外",
    "方": "面案式向法针便",
    "分": "别之析布类配公销钟米子行管支局部",
    "点": "击评面",
    "度": "过假",
    "场": "景所地馆",
    "成": "为立果本功长员都品交绩熟",
    "轮": "流换胎",
    "件": "套",
    "宗": "旨教",
    "种": "植子",
    "天": "然津津下",
    "日": "本报前元",
    "月": "球",
    "克": "服",
    "元": "旦素件",
}
_LATIN = ("t", "kg", "km", "ha", "kW", "kWh", "GW", "MW", "TB", "GB", "pp", "nm", "mm", "cm")
_PERCENT = ("%", "‰", "个百分点", "百分点")
COUNTED = "户家个名人位条项种类座台辆件套部艘架届次强所处支只张批款宗笔例场轮"
_SKIPPED = {*COUNTED, "G", "％"}


def _pattern() -> re.Pattern[str]:
    """Give the pattern of [多] [scale] [classifier or unit] [/unit], longest first."""

    def choice(words: set[str] | list[str]) -> str:
        parts = []
        for word in sorted(words, key=lambda word: (-len(word), word)):
            other = _OTHER_WORDS.get(word[-1], "") if len(word) == 1 else ""
            parts.append(re.escape(word) + (f"(?![{other}])" if other else "(?![A-Za-z])" if word.isascii() else ""))
        return "|".join(parts)

    measured = {unit for unit in known_units() if unit not in _SKIPPED and not unit.isascii()} | set(_LATIN)
    base = f"(?:个月|人次|户次|台套|{choice(measured)}|{choice(list(COUNTED))}|大(?=[一-鿿])(?![约概于幅量]))"
    scale = choice(known_scales())
    return re.compile(
        rf"(?P<over>[余多来])?(?:(?P<part>{choice(list(_PERCENT))})"
        rf"|(?P<unit>(?:(?:{scale})(?P<inside>[余多])?)?(?P<base>{base})(?:/(?:{choice(measured)}|人|户|台|年))?)"
        rf"|(?P<scale>{scale}))?(?P<behind>[余多](?![元种样个次家年项]))?"
    )


_BEHIND = _pattern()


class Behind(NamedTuple):
    """What follows a numeral: its unit, where it ends, and whether 余 or 多 stands with it."""

    unit: str
    end: int
    is_over: bool


def unit_behind(text: str, end: int) -> Behind:
    """Give the unit of the numeral that ends at a place of a plain text."""
    match = _BEHIND.match(text, end)
    if match is None:
        return Behind("", end, False)
    found = match["part"] or match["unit"] or match["scale"] or ""
    unit = found.replace("余", "").replace("多", "")
    if match["base"] == "大":
        unit = "个"
    if not unit and not match["over"]:
        return Behind("", end, False)
    is_over = bool(match["over"] or match["inside"] or match["behind"])
    if match["over"] == "来" and not unit:
        return Behind("", end, False)
    return Behind(unit, match.end(), is_over)
