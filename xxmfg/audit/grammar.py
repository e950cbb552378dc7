"""The language of relations: text to a tree, with the place of what is wrong. Nothing is ever run as code.

    relation   = ["?"] (covers | expression (comparison expression)+)
    comparison = "=" | "<" | "<=" | ">" | ">="
    expression = ["+" | "-"] term (("+" | "-") term)*
    term       = factor (("*" | "/") factor)*
    factor     = ("+" | "-") factor | number | name | function "(" expression ("," expression)* ")" | "(" expression ")"
    covers     = "covers" "(" class ("," class)* ")";  class = [end] ".." [end];  end = ["-"] number | name

Sums and products are kept flat, so that the tree is no deeper than the brackets. The signs that Chinese text has
(× ÷ − ≤ ≥ and full-width ones) mean what they look like.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

__all__ = ["Bounds", "Call", "Name", "Node", "Number", "Product", "Relation", "Sum", "SyntaxFault", "parse"]

DEEPEST = 100  # brackets within brackets
LONGEST = 200_000  # characters of a relation
DIGITS = 300  # digits, and the greatest power of ten, of a number

FUNCTIONS = ("sum", "count", "distinct", "rank", "covers")
OF_A_LIST = ("count", "distinct")

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.(?!\.)\d*)?(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)|(?P<sign>\.\.|<=|>=|[-+*/(),=<>?≤≥]))"
)
_SPELLED = {"≤": "<=", "≥": ">="}
_SAME = str.maketrans("×÷−－＋＊／（），＝＜＞？·", "*/--+*/(),=<>?*")


class SyntaxFault(Exception):  # noqa: N818 -- the audit turns it into an AuditError that knows the file
    """What is wrong at an offset of a relation's text."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset


class Number(NamedTuple):
    """A constant."""

    value: Fraction
    at: int


class Name(NamedTuple):
    """A figure, or an unknown."""

    id: str
    at: int


class Sum(NamedTuple):
    """Terms with their signs, 1 or −1."""

    terms: tuple[tuple[int, Node], ...]
    at: int


class Product(NamedTuple):
    """Factors with their exponents, 1 or −1, applied from the left."""

    factors: tuple[tuple[int, Node], ...]
    at: int


class Call(NamedTuple):
    """A function of expressions."""

    function: str
    arguments: tuple[Node, ...]
    at: int


class Bounds(NamedTuple):
    """A class of `covers`, an end None where it is open to that side."""

    low: Node | None
    high: Node | None
    at: int


Node = Number | Name | Sum | Product | Call


class Relation(NamedTuple):
    """Sides and the comparisons between them, or the classes of `covers`; a habit was marked by "?"."""

    is_habit: bool
    sides: tuple[Node, ...]
    comparisons: tuple[str, ...]
    places: tuple[int, ...]  # of the comparisons
    classes: tuple[Bounds, ...]


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def parse(text: str) -> Relation:
    """Give the tree of a relation, or raise `SyntaxFault`."""
    if len(text) > LONGEST:
        raise SyntaxFault(LONGEST, f"the relation is longer than {LONGEST} characters")
    return _Parser(_tokens(text)).relation()


def _tokens(text: str) -> list[_Token]:
    plain = text.translate(_SAME)
    tokens, position, end = [], 0, len(plain.rstrip())
    while position < end:
        match = _TOKEN.match(plain, position)
        if match is None:
            at = end - len(plain[position:end].lstrip())
            raise SyntaxFault(at, f"{text[at]!r} means nothing here")
        kind = str(match.lastgroup)
        tokens.append(_Token(kind, _SPELLED.get(match[kind], match[kind]), match.start(kind)))
        position = match.end()
    tokens.append(_Token("end", "the end", end))
    return tokens


class _Parser:
    """Reads tokens from the left; each method reads what it is named after."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.next = 0
        self.depth = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    def take(self, *signs: str) -> _Token | None:
        """Take the next token if it is one of some signs."""
        token = self.token
        if token.kind == "sign" and token.text in signs:
            self.next += 1
            return token
        return None

    def need(self, sign: str) -> None:
        if self.take(sign) is None:
            raise SyntaxFault(self.token.at, f"expected {sign!r}, found {self.found()}")

    def found(self) -> str:
        return self.token.text if self.token.kind == "end" else repr(self.token.text)

    def relation(self) -> Relation:
        is_habit = self.take("?") is not None
        if self.is_call("covers"):
            classes = self.covers()
            relation = Relation(is_habit, (), (), (), classes)
        else:
            sides, comparisons = [self.expression()], []
            while taken := self.take("=", "<", "<=", ">", ">="):
                comparisons.append(taken)
                sides.append(self.expression())
            if not comparisons:
                raise SyntaxFault(self.token.at, f"expected one of = < <= > >=, found {self.found()}")
            signs, places = zip(*((token.text, token.at) for token in comparisons), strict=True)
            relation = Relation(is_habit, tuple(sides), signs, places, ())
        if self.token.kind != "end":
            raise SyntaxFault(self.token.at, f"expected the end of the relation, found {self.found()}")
        return relation

    def is_call(self, *functions: str) -> bool:
        token, after = self.token, self.tokens[min(self.next + 1, len(self.tokens) - 1)]
        return token.kind == "name" and after.text == "(" and (not functions or token.text in functions)

    def expression(self) -> Node:
        at = self.token.at
        terms = [(1, self.term())]
        while taken := self.take("+", "-"):
            terms.append((1 if taken.text == "+" else -1, self.term()))
        return terms[0][1] if len(terms) == 1 else Sum(tuple(terms), at)

    def term(self) -> Node:
        at = self.token.at
        factors = [(1, self.factor())]
        while taken := self.take("*", "/"):
            factors.append((1 if taken.text == "*" else -1, self.factor()))
        return factors[0][1] if len(factors) == 1 else Product(tuple(factors), at)

    def factor(self) -> Node:
        at, sign = self.token.at, 1
        while taken := self.take("+", "-"):
            sign = -sign if taken.text == "-" else sign
        node = self.operand()
        return node if sign > 0 else Sum(((-1, node),), at)

    def operand(self) -> Node:
        token = self.token
        if token.kind == "number":
            self.next += 1
            return Number(_value(token), token.at)
        if self.is_call():
            return self.call()
        if token.kind == "name":
            self.next += 1
            return Name(token.text, token.at)
        if self.take("("):
            self.deeper(token.at)
            node = self.expression()
            self.need(")")
            self.depth -= 1
            return node
        raise SyntaxFault(token.at, f"expected a number, a name or '(', found {self.found()}")

    def deeper(self, at: int) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise SyntaxFault(at, f"more than {DEEPEST} brackets within brackets")

    def call(self) -> Node:
        token = self.token
        self.next += 1
        if token.text not in FUNCTIONS:
            raise SyntaxFault(token.at, f"{token.text!r} is no function; there are {', '.join(FUNCTIONS)}")
        if token.text == "covers":
            raise SyntaxFault(token.at, "covers(…) is a relation of its own, no part of another")
        self.need("(")
        self.deeper(token.at)
        arguments = [self.expression()]
        while self.take(","):
            arguments.append(self.expression())
        self.need(")")
        self.depth -= 1
        if token.text in OF_A_LIST and (len(arguments) != 1 or not isinstance(arguments[0], Name)):
            raise SyntaxFault(token.at, f"{token.text}(…) takes the name of one figure that has items")
        if token.text == "rank" and len(arguments) < 2:
            raise SyntaxFault(token.at, "rank(…) takes the figure to rank, then those that it is ranked among")
        return Call(token.text, tuple(arguments), token.at)

    def covers(self) -> tuple[Bounds, ...]:
        self.next += 1
        self.need("(")
        classes = [self.bounds()]
        while self.take(","):
            classes.append(self.bounds())
        self.need(")")
        return tuple(classes)

    def bounds(self) -> Bounds:
        at = self.token.at
        low = None if self.token.text == ".." else self.end()
        if self.take("..") is None:
            raise SyntaxFault(self.token.at, f"expected '..' between the ends of a class, found {self.found()}")
        high = None if self.token.text in {",", ")"} else self.end()
        if low is None and high is None:
            raise SyntaxFault(at, "a class needs an end: 'A..', '..B' or 'A..B'")
        return Bounds(low, high, at)

    def end(self) -> Node:
        token, sign = self.token, 1
        while self.take("-"):
            sign = -sign
        number = self.token
        if number.kind == "number":
            self.next += 1
            return Number(sign * _value(number), token.at)
        if number.kind == "name" and sign > 0:
            self.next += 1
            return Name(number.text, token.at)
        raise SyntaxFault(number.at, f"expected a number or a name as the end of a class, found {self.found()}")


def _value(token: _Token) -> Fraction:
    digits, _, power = token.text.lower().partition("e")
    if len(digits) > DIGITS or len(power) > 6 or abs(int(power or 0)) > DIGITS:
        raise SyntaxFault(token.at, f"the number is beyond {DIGITS} digits or powers of ten")
    return Fraction(token.text)
