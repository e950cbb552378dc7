"""Units: what a figure counts in, and whether the sides of a relation can be compared.

A unit is a power of base units and a scale: 亿元 is 10⁸ 元, % a hundredth of a plain number, 家 and 户 plain counts. A
constant that is a power of ten may convert (7550 万元 / 10000 is 0.755 亿元) or take a part of a figure: both readings
stay open until a comparison decides.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

__all__ = ["ANY", "Measure", "Unit", "UnitFault", "combined", "known_scales", "known_units", "parse_unit", "scaled"]

Dimensions = tuple[tuple[str, int], ...]

_SCALES = {"": 1, "百": 100, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_SCALES |= {"十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}
_ENGLISH_SCALES = {"thousand ": 10**3, "million ": 10**6, "billion ": 10**9, "trillion ": 10**12}

_PLAIN = {"%": Fraction(1, 100), "％": Fraction(1, 100), "百分点": Fraction(1, 100), "个百分点": Fraction(1, 100)}
_PLAIN |= {"percent": Fraction(1, 100), "percentage points": Fraction(1, 100), "pp": Fraction(1, 100)}
_PLAIN |= {"‰": Fraction(1, 1000), "倍": Fraction(1), "times": Fraction(1), "成": Fraction(1, 10)}

_BASES: dict[str, tuple[str, Fraction]] = {
    **{name: ("元", Fraction(1)) for name in ("元", "人民币元", "yuan", "CNY", "RMB")},
    **{
        name: (name, Fraction(1))
        for name in ("美元", "欧元", "港元", "日元", "英镑", "USD", "EUR", "HKD", "JPY", "GBP")
    },
    **{name: ("克", Fraction(scale)) for name, scale in (("克", 1), ("千克", 1000), ("公斤", 1000), ("吨", 10**6))},
    **{name: ("克", Fraction(scale)) for name, scale in (("kg", 1000), ("t", 10**6), ("tonnes", 10**6))},
    "吨标准煤": ("吨标准煤", Fraction(1)),
    **{name: ("米", Fraction(scale)) for name, scale in (("米", 1), ("千米", 1000), ("公里", 1000), ("km", 1000))},
    **{name: ("平方米", Fraction(scale)) for name, scale in (("平方米", 1), ("平方公里", 10**6), ("公顷", 10**4))},
    **{name: ("平方米", Fraction(scale)) for name, scale in (("亩", Fraction(2000, 3)), ("km²", 10**6), ("ha", 10**4))},
    **{name: ("立方米", Fraction(1)) for name in ("立方米", "方")},
    **{name: ("千瓦时", Fraction(1)) for name in ("千瓦时", "度", "kWh")},
    **{name: ("千瓦", Fraction(1)) for name in ("千瓦", "kW")},
    **{name: (name, Fraction(1)) for name in ("月", "天", "日", "小时", "months", "days", "hours", "分", "点", "岁")},
}
_COUNTED = "户家个名人位条项种类座台辆件套部艘架届次强所处支只张批款宗笔例场轮"
_COUNTS = {"年", "企业", "单位", "年份", "G", "enterprises", "establishments", "firms", "plants", "units", "items"}
_COUNTS |= {"persons", "people", "employees", "workers", "households", "places", "years", "projects"}


class UnitFault(Exception):  # noqa: N818 -- the audit turns it into an AuditError that knows the file
    """A unit that is not known, or units that do not match."""


class Unit(NamedTuple):
    """The unit of a figure."""

    text: str
    dimensions: Dimensions
    scale: Fraction
    is_count: bool


class Measure(NamedTuple):
    """What an expression may be measured in: its base units, and the scales that fit; None where anything fits."""

    dimensions: Dimensions | None
    scales: frozenset[Fraction]


ANY = Measure(None, frozenset())


def known_units() -> list[str]:
    """Give the base units, for messages."""
    return [*_PLAIN, *_BASES, *_COUNTED, *sorted(_COUNTS)]


def known_scales() -> list[str]:
    """Give the Chinese words that stand before a base unit and multiply it."""
    return [scale for scale in _SCALES if scale]


def parse_unit(text: str) -> Unit:
    """Give a unit, or raise `UnitFault`; an empty text is a plain number."""
    plain = text.strip().translate({ord(mark): None for mark in "()（）"})
    dimensions: dict[str, int] = {}
    scale, is_count = Fraction(1), False
    for place, part in enumerate(plain.split("/") if plain else ()):
        base, size, counts = _part(part.strip(), text)
        scale = scale * size if place == 0 else scale / size
        if base:
            dimensions[base] = dimensions.get(base, 0) + (1 if place == 0 else -1)
        is_count = counts and place == 0 and size == 1 and "/" not in plain
    kept = tuple(sorted((base, power) for base, power in dimensions.items() if power))
    return Unit(text.strip(), kept, scale, is_count)


def _part(part: str, text: str) -> tuple[str, Fraction, bool]:
    """Give the base unit of one factor ("" for plain numbers and counts), its scale, and whether it counts."""
    if part in _PLAIN:
        return "", _PLAIN[part], False
    for word, scale in sorted({**_SCALES, **_ENGLISH_SCALES}.items(), key=lambda pair: -len(pair[0])):
        if not part.startswith(word):
            continue
        rest = part[len(word) :]
        if rest in _BASES:
            base, size = _BASES[rest]
            return base, size * scale, False
        if rest in _COUNTS or (rest and rest[0] in _COUNTED and _is_noun(rest[1:])):
            return "", Fraction(scale), scale == 1
        if not rest and word:
            return "", Fraction(scale), False
    raise UnitFault(f"unit {text!r} is not known")


def _is_noun(word: str) -> bool:
    """Tell whether what follows a classifier (个行业) is a plain noun."""
    return all("\u4e00" <= char <= "\u9fff" for char in word) and not any(unit in word for unit in ("元", "百分点"))


def scaled(measure: Measure, constant: Fraction) -> Measure:
    """Give what a multiple may be measured in: the same as before, or, by a power of ten, another scale."""
    power = constant if constant >= 1 or constant == 0 else 1 / constant
    is_power = power.denominator == 1 and power > 1 and set(str(power.numerator)[1:]) <= {"0"} and str(power)[0] == "1"
    if measure.dimensions is None or not is_power:
        return measure
    return Measure(measure.dimensions, measure.scales | {scale / constant for scale in measure.scales})


def product(a: Measure, b: Measure, exponent: int) -> Measure:
    """Give the measure of x yᵉ, where e is 1 or −1."""
    if a.dimensions is None or b.dimensions is None:
        return ANY
    powers = dict(a.dimensions)
    for base, power in b.dimensions:
        powers[base] = powers.get(base, 0) + exponent * power
    scales = frozenset(x * y if exponent > 0 else x / y for x in a.scales for y in b.scales)
    return Measure(tuple(sorted((base, power) for base, power in powers.items() if power)), scales)


def combined(a: Measure, b: Measure) -> Measure:
    """Give what two sides have in common where they are added or compared, or raise `UnitFault`."""
    if a.dimensions is None:
        return b
    if b.dimensions is None:
        return a
    scales = a.scales & b.scales
    if a.dimensions != b.dimensions or not scales:
        raise UnitFault(f"{shown(a)} against {shown(b)}")
    return Measure(a.dimensions, scales)


def shown(measure: Measure) -> str:
    """Give a measure in words: 亿元, %, a plain number."""
    scale = max(measure.scales)
    if not measure.dimensions:
        names = {Fraction(1): "a plain number", Fraction(1, 100): "%", Fraction(1, 1000): "‰"}
        return names.get(scale, f"a plain number × {scale}")
    words = {size: word for word, size in _SCALES.items()}
    base = "·".join(name if power == 1 else f"{name}^{power}" for name, power in measure.dimensions)
    return f"{words[scale.numerator]}{base}" if scale.denominator == 1 and scale in words else f"{scale} {base}"
