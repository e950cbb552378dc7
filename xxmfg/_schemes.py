"""The official classifications that are installed: their codes, names and trees, and the form of a code."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from xxmfg.errors import XxmfgError

__all__ = [
    "INDUSTRIES",
    "SECTION",
    "Entry",
    "Link",
    "Scheme",
    "children_of",
    "code_of",
    "in_section",
    "industries",
    "is_shipped",
    "longest_prefix",
    "plain_name",
    "scheme_of",
]

INDUSTRIES = "GB/T 4754-2017"
SECTION = "C"
DIVISIONS = range(13, 44)  # of section C
ALL_DIVISIONS = range(1, 98)  # of the standard
DIGITS = str.maketrans("０１２３４５６７８９Ｃ", "0123456789C")


class Entry(NamedTuple):
    """A class of a classification."""

    name: str
    level: int
    parent: str | None


class Link(NamedTuple):
    """A class of a scheme to which an industry code leads, wholly or in part."""

    target: str
    partial: bool


class Scheme(NamedTuple):
    """A scheme derived from the industries: its classes, and the codes that lead to them, None where not known."""

    name: str
    classes: dict[str, Entry]
    links: dict[str, tuple[Link, ...]] | None
    note: str


@lru_cache(maxsize=1)
def industries() -> dict[str, Entry]:
    """Give the tree of section C: its code, 31 divisions, 179 groups, 609 classes."""
    rows = _rows("gbt4754_2017_manufacturing.csv")
    return {row["code"]: Entry(row["name"], int(row["level"]), row["parent"] or None) for row in rows}


@lru_cache(maxsize=1)
def _schemes() -> dict[str, Scheme]:
    found: dict[str, Scheme] = {}
    for row in _rows("schemes.csv"):
        own = found.setdefault(row["scheme"], Scheme(row["scheme"], {}, None, _source(row["source"])))
        if row["level"] == "link":
            links = own.links or {}
            links[row["gb4754_2017_codes"]] = (Link(row["code"], bool(row["partial_mark"])),)
            found[row["scheme"]] = own._replace(links=links, note=_source(row["source"]))
        else:
            own.classes[row["code"]] = Entry(row["name"], int(row["level"]), row["parent"] or None)
    return found


def _source(source: str) -> str:
    return f"来源：{source}" if source else ""


def _rows(name: str) -> list[dict[str, str]]:
    import csv
    from importlib.resources import files

    text = (files("xxmfg.data.classification") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


# ---- names of schemes ----


def plain_name(name: str) -> str:
    """Give a scheme's name without what people write differently: blanks, brackets, 统计, 分类."""
    return re.sub(r"[\s()（）\-—/]|统计|分类", "", name).upper()


def is_shipped(name: str) -> bool:
    """Tell whether a name is that of an installed scheme."""
    return plain_name(name) in _by_plain_name()


@lru_cache(maxsize=1)
def _by_plain_name() -> dict[str, Scheme]:
    return {plain_name(name): scheme for name, scheme in _schemes().items()}


def scheme_of(name: str) -> Scheme | None:
    """Give an installed scheme by its name, None for the industries themselves; raise for any other."""
    if not isinstance(name, str):
        raise TypeError(f"scheme must be a name, not {name!r}")
    plain = plain_name(name)
    if plain == plain_name(INDUSTRIES):
        return None
    if plain.startswith("GB"):
        raise XxmfgError(f"scheme {name!r}: only {INDUSTRIES} is installed; no table of another edition is")
    short = {"战新2018": "战略性新兴产业2018", "高技术产业2017": "高技术产业制造业2017"}
    known = _by_plain_name()
    scheme = known.get(short.get(plain, plain))
    if scheme is None:
        from difflib import get_close_matches

        names = {plain_name(one): one for one in (INDUSTRIES, *_schemes())}
        editions = re.findall("[0-9]{4}", plain)  # another edition is not what was meant
        near = get_close_matches(plain, [one for one in names if all(year in one for year in editions)], 1, 0.5)
        meant = f"; did you mean {names[near[0]]!r}?" if near else ""
        listed = ", ".join(names.values())
        raise XxmfgError(
            f"scheme {name!r} is not installed{meant} (there are {listed}); "
            "give crosswalk= (--crosswalk) for one of your own"
        )
    return scheme


# ---- codes ----


def code_of(text: str) -> str:
    """Give an industry code as the standard writes it: no section letter, no blanks around, ASCII digits.

    Raises `ValueError` that says what a code is.
    """
    code = text.strip().translate(DIGITS)
    if len(code) > 1 and code[0] in "Cc":
        code = code[1:]
    if code in {"C", "c"}:
        return SECTION
    if not re.fullmatch("[0-9]{2,4}", code):
        raise ValueError(f"{text!r} is no industry code: it has 2, 3 or 4 digits, at most a C before them")
    if int(code[:2]) not in ALL_DIVISIONS:
        raise ValueError(f"{text!r} is no industry code: {INDUSTRIES} has the divisions 01 to 97")
    return code


def longest_prefix(code: str) -> str | None:
    """Give the longest code of the tree that a code begins with: itself, its group, its division."""
    tree = industries()
    return next((code[:length] for length in range(len(code), 1, -1) if code[:length] in tree), None)


def in_section(code: str) -> bool:
    """Tell whether a code lies in section C, whether or not the edition has it."""
    return code == SECTION or int(code[:2]) in DIVISIONS


@lru_cache(maxsize=1)
def children_of() -> dict[str, tuple[str, ...]]:
    """Give the codes right under each code of the tree."""
    below: dict[str, list[str]] = {code: [] for code in industries()}
    for code, entry in industries().items():
        if entry.parent is not None:
            below[entry.parent].append(code)
    return {code: tuple(codes) for code, codes in below.items()}
