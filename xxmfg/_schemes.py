"""The official classifications that are installed: their codes, names and trees, and the form of a code."""

from __future__ import annotations

import re
import unicodedata
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
    "in_section",
    "industries",
    "is_own",
    "longest_prefix",
    "names_edition",
    "plain_code",
    "scheme_of",
    "why_no_code",
]

EDITION = "2017"
INDUSTRIES = f"GB/T 4754-{EDITION}"
SECTION = "C"
DIVISIONS = range(13, 44)  # of section C
ALL_DIVISIONS = range(1, 98)  # of the standard
DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
CODE = re.compile("(?:[CcＣ])?([0-9０-９]{2,4})|[CcＣ]")


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

ALIASES = {
    "高技术产业2017": "高技术产业制造业2017",
    "高技术制造业2017": "高技术产业制造业2017",
    "新产业新业态新商业模式2018": "三新2018",
    "战新2018": "战略性新兴产业2018",
    "战新产业2018": "战略性新兴产业2018",
}
"""Other names of schemes, both as `plain_name` gives them."""


def plain_name(name: str) -> str:
    """Give a name without what people write differently: blanks, brackets, dashes, width, case, 统计, 分类, 年, 版."""
    wide = unicodedata.normalize("NFKC", name)
    return re.sub(r"[\s()《》〈〉/\-\u2010-\u2015\u2212]|统计|分类|年|版", "", wide).upper()


def names_edition(text: str) -> bool:
    """Tell whether a text names the edition of the industries that is installed: its year alone, or the standard's."""
    return plain_name(text) == EDITION or _edition_in(plain_name(text)) == EDITION


def is_own(name: str) -> bool:
    """Tell whether a name is that of a user's own scheme: not of one that is installed, nor of the industries."""
    plain = plain_name(name)
    return plain != "" and _edition_in(plain) is None and _installed(plain) is None


def scheme_of(name: str) -> Scheme | None:
    """Give an installed scheme by its name, None for the industries themselves; raise for any other."""
    if not isinstance(name, str):
        raise TypeError(f"scheme must be a name, not {name!r}")
    plain = plain_name(name)
    edition = _edition_in(plain)
    if edition == EDITION:
        return None
    if edition is not None:
        raise XxmfgError(f"scheme {name!r}: only {INDUSTRIES} is installed; no table of another edition is")
    scheme = _installed(plain)
    if scheme is None:
        raise XxmfgError(
            f"scheme {name!r} is not installed{_meant(plain)} (there are {', '.join((INDUSTRIES, *_schemes()))}); "
            "give crosswalk= (--crosswalk) for one of your own"
        )
    return scheme


def _edition_in(plain: str) -> str | None:
    """Give what a plain name says of the edition of the industries; None where it is not the industries' name."""
    rest = plain.replace("国民经济行业", "")
    numbered = re.fullmatch("(?:GBT?)?4754(.*)", rest)
    if numbered:
        return numbered[1]
    return rest if rest != plain and re.fullmatch("[0-9]*", rest) else None


def _installed(plain: str) -> Scheme | None:
    """Look up a scheme by any of its plain names; raise where a name lacks nothing but the edition."""
    known = _by_plain_name()
    for other, scheme in known.items():
        if plain == other.rstrip("0123456789"):
            raise XxmfgError(f"scheme {plain!r}: name the edition too, of which {scheme.name} alone is installed")
    return known.get(plain)


@lru_cache(maxsize=1)
def _by_plain_name() -> dict[str, Scheme]:
    known = {plain_name(name): scheme for name, scheme in _schemes().items()}
    return known | {alias: known[plain] for alias, plain in ALIASES.items()}


def _meant(plain: str) -> str:
    """Ask whether the nearest name was meant; another edition never was."""
    from difflib import get_close_matches

    names = {plain_name(name): name for name in (INDUSTRIES, *_schemes())}
    editions = re.findall("[0-9]{4}", plain)
    near = get_close_matches(plain, [one for one in names if all(year in one for year in editions)], 1, 0.5)
    return f"; did you mean {names[near[0]]!r}?" if near else ""


# ---- codes ----


def plain_code(text: str) -> str | None:
    """Give an industry code as the standard writes it: no section letter, no blanks around, ASCII digits; else None."""
    found = CODE.fullmatch(text.strip())
    if found is None:
        return None
    code = found[1].translate(DIGITS) if found[1] else SECTION
    return code if code == SECTION or int(code[:2]) in ALL_DIVISIONS else None


def why_no_code(text: str) -> str:
    """Say why a text is no industry code."""
    form = CODE.fullmatch(text.strip())
    what = f"{INDUSTRIES} has the divisions 01 to 97" if form else "it has 2, 3 or 4 digits, at most a C before them"
    return f"{text!r} is no industry code: {what}"


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
