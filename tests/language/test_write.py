"""A written tree reads as itself again."""

from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.language import tree
from govern.language.origin import within
from govern.language.parse import parse
from govern.language.tokens import KEYWORDS
from govern.language.tree import Node
from govern.language.write import write

Nodes = st.SearchStrategy[Node]
NAMES = st.from_regex(r"[a-zäA-Z_][a-z0-9_]{0,6}", fullmatch=True).filter(
    lambda word: word not in KEYWORDS
)
OPERATORS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
LEAVES: Nodes = st.one_of(
    st.builds(
        tree.Number,
        st.decimals(0, 10**9, places=4, allow_nan=False, allow_infinity=False),
        st.booleans(),
    ),
    st.builds(tree.Text, st.text(st.characters(codec="utf-8"), max_size=8)),
    st.builds(tree.Day, st.dates(date(1900, 1, 1))),
    st.builds(tree.Truth, st.booleans()),
    st.just(tree.Null()),
    st.builds(tree.Name, NAMES),
)


def _compound(part: Nodes) -> Nodes:
    parts = st.lists(part, max_size=3).map(tuple)
    two = st.lists(part, min_size=2, max_size=4).map(tuple)
    test = st.one_of(
        part,
        st.builds(tree.Range, part, part, st.booleans(), st.booleans()),
        st.builds(tree.Unary, cast(Any, OPERATORS), part),
    )
    return st.one_of(
        st.builds(tree.Member, part, NAMES),
        st.builds(tree.Filter, part, part),
        st.builds(tree.Call, NAMES, parts),
        st.builds(tree.Items, parts),
        st.builds(tree.Minus, part),
        st.builds(tree.Arithmetic, cast(Any, st.sampled_from("+-*/")), part, part),
        st.builds(tree.Comparison, cast(Any, OPERATORS), part, part),
        st.builds(tree.Between, part, part, part),
        st.builds(tree.In, part, st.lists(test, min_size=1, max_size=3).map(tuple)),
        st.builds(tree.Logic, cast(Any, st.sampled_from(["and", "or"])), two),
        st.builds(tree.If, part, part, part),
        st.builds(
            tree.Quantified, cast(Any, st.sampled_from(["some", "every"])), NAMES, part, part
        ),
    )


@given(st.recursive(LEAVES, _compound, max_leaves=12))
def test_parse_of_write_is_the_tree(node: Node) -> None:
    text = write(node)
    assert parse(text, within("test", text)).tree == node


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a<80 %and b", "a < 80% and b"),
        ("((a))", "a"),
        ("a or (b and c)", "a or b and c"),
        ("(a or b) and c", "(a or b) and c"),
        ("(a and b) and c", "(a and b) and c"),
        ("a - (b - c) - d", "a - (b - c) - d"),
        ("-(a + b) * c", "-(a + b) * c"),
        ("a // a comment\n < /* another\n one */ 5", "a < 5"),
        (".50", "0.5"),
        ("1.0", "1"),
        ("x in (5)", "x in 5"),
        ("x in (1..5)", "x in (1..5)"),
        ("x in ((1..5), 7)", "x in ((1..5), 7)"),
        ("x in (a + b) * 2", "x in (a + b) * 2"),
        ("x in [1, 2]", "x in [1, 2]"),
        ("x in (<5, >= 7)", "x in (< 5, >= 7)"),
        ("x in < 5", "x in < 5"),
        ("every d in ds satisfies a and b", "every d in ds satisfies a and b"),
        ("a and every d in ds satisfies b", "a and (every d in ds satisfies b)"),
        ("(if a then b else c) + 1", "(if a then b else c) + 1"),
        ("if a then b else c + 1", "if a then b else c + 1"),
        ("kpis[a][b].c", "kpis[a][b].c"),
        (r'"a\"b\\cä\n"', r'"a\"b\\cä\n"'),
        ("not(a = null)", "not(a = null)"),
        (r'"\ud83d\ude00"', '"😀"'),
        ("a - b - c * d / e", "a - b - c * d / e"),
        ("a * (b / c)", "a * (b / c)"),
        ("a or b and c or d", "a or b and c or d"),
        ("(a or b) or c", "(a or b) or c"),
        ("-a.b[c] * d", "-a.b[c] * d"),
        ("(-a) * b", "-a * b"),
        ("-(a * b)", "-(a * b)"),
        ("(a < b) = (c < d)", "(a < b) = (c < d)"),
        ("a between (b) and (c + d) and e", "a between b and c + d and e"),
        ("if a then b else c or d", "if a then b else c or d"),
        ("some x in (y[z]) satisfies a or b", "some x in y[z] satisfies a or b"),
    ],
)
def test_canonical_form(text: str, written: str) -> None:
    assert write(parse(text, within("test", text)).tree) == written


def test_spans_cover_what_was_written() -> None:
    text = "  attainment < act and count(kpis[a]) = 1"
    found = parse(text, within("test", text)).tree
    assert isinstance(found, tree.Logic)
    assert [text[slice(*part.span)] for part in found.operands] == [
        "attainment < act",
        "count(kpis[a]) = 1",
    ]


def test_numbers_keep_what_was_written() -> None:
    assert parse("80%", within("", "80%")).tree == tree.Number(Decimal(80), percent=True)
