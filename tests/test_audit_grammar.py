"""The language of relations: what it reads, and where it says that something is wrong."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xxmfg.audit.grammar import DEEPEST, Name, Number, Product, Relation, Sum, SyntaxFault, parse

FAULTS = [
    ("", 0, "expected a number, a name or '(', found the end"),
    ("a", 1, "expected one of = < <= > >=, found the end"),
    ("a =", 3, "expected a number, a name or '(', found the end"),
    ("a = b c", 6, "expected the end of the relation, found 'c'"),
    ("a == b", 3, "expected a number, a name or '(', found '='"),
    ("a = (b + 1", 10, "expected ')', found the end"),
    ("a = b)", 5, "expected the end of the relation, found ')'"),
    ("a = $b", 4, "'$' means nothing here"),
    ("a = __import__(os)", 4, "'__import__' is no function; there are sum, count, distinct, rank, covers"),
    ("a = b ** 2", 7, "expected a number, a name or '(', found '*'"),
    ("a = b.c", 5, "'.' means nothing here"),
    ("a = mean(b)", 4, "'mean' is no function; there are sum, count, distinct, rank, covers"),
    ("a = count(b + c)", 4, "count(…) takes the name of one figure that has items"),
    ("a = rank(b)", 4, "rank(…) takes the figure to rank, then those that it is ranked among"),
    ("a = 1 + covers(b.., ..b)", 8, "covers(…) is a relation of its own, no part of another"),
    ("covers(a, b)", 8, "expected '..' between the ends of a class, found ','"),
    ("covers(..)", 7, "a class needs an end: 'A..', '..B' or 'A..B'"),
    ("covers(a..b", 11, "expected ')', found the end"),
    ("covers(a..+)", 10, "expected a number or a name as the end of a class, found '+'"),
    ("a = 1e301", 4, "the number is beyond 300 digits or powers of ten"),
    ("a = 1e999999999", 4, "the number is beyond 300 digits or powers of ten"),
    (f"a = {'9' * 301}", 4, "the number is beyond 300 digits or powers of ten"),
    (f"a = {'(' * 1000}b{')' * 1000}", 4 + DEEPEST, "more than 100 brackets within brackets"),
    (f"a = {'sum(' * 1000}b{')' * 1000}", 4 + 4 * DEEPEST, "more than 100 brackets within brackets"),
    ("a" * 200_001, 200_000, "the relation is longer than 200000 characters"),
]


@pytest.mark.parametrize(("text", "offset", "message"), FAULTS, ids=range(len(FAULTS)))
def test_what_cannot_be_read_is_placed(text, offset, message):
    """The fault names the character at which reading stopped, and what would have been right."""
    with pytest.raises(SyntaxFault) as raised:
        parse(text)
    assert (offset, message) == (raised.value.offset, str(raised.value))


def test_trees_are_flat_and_bind_as_usual():
    """Products before sums, from the left; signs before factors; brackets first."""
    (left, right) = parse("a - 2 * b / c = -(d + 1)").sides
    assert isinstance(left, Sum)
    assert [1, -1] == [sign for sign, _ in left.terms]
    product = left.terms[1][1]
    assert isinstance(product, Product)
    assert [(1, Number(Fraction(2), 4)), (1, Name("b", 8)), (-1, Name("c", 12))] == list(product.factors)
    assert isinstance(right, Sum)
    assert [-1] == [sign for sign, _ in right.terms]
    assert isinstance(right.terms[0][1], Sum)


def test_signs_of_chinese_text_are_read():
    """× ÷ − ≤ ≥ and full-width signs and brackets mean what they look like."""
    plain = parse("? (a + b) * 2 / 3 - 1 <= c >= d = e")
    assert plain == parse("？（a＋b）×2÷3−1≤c≥d＝e")._replace(**_places(plain))
    assert plain.is_habit
    assert ("<=", ">=", "=") == plain.comparisons


def _places(relation):
    """Take what tells of places from another tree."""
    return {"places": relation.places, "sides": relation.sides}


def test_a_long_sum_is_no_deep_tree():
    """Ten thousand terms are read without recursion."""
    tree = parse(" + ".join(f"x{i}" for i in range(10_000)) + " = t")
    assert isinstance(tree.sides[0], Sum)
    assert 10_000 == len(tree.sides[0].terms)


def test_classes():
    """A class is open to one side, or has two ends; an end may be a negative number."""
    classes = parse("covers(a.., 10..a, -5..10, ..-5)").classes
    ends = [
        tuple(end and (end.id if isinstance(end, Name) else int(end.value)) for end in bounds[:2]) for bounds in classes
    ]
    assert [("a", None), (10, "a"), (-5, 10), (None, -5)] == ends


@given(st.text(st.sampled_from("ab1.()+-*/,=<>? eE…×沣\n\0'\"sumcount"), max_size=40))
def test_any_text_is_read_or_refused_with_a_place(text):
    """Nothing but a tree or a fault within the text."""
    try:
        tree = parse(text)
    except SyntaxFault as fault:
        tree, offset = None, fault.offset
    assert isinstance(tree, Relation) if tree else 0 <= offset <= len(text)
