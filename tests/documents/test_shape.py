"""Formats are data; reading reports every problem and goes on behind it."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from govern.documents import yaml
from govern.documents.codes import CODES
from govern.documents.problem import Problem
from govern.documents.read import read
from govern.documents.shape import (
    Choice,
    Condition,
    Constant,
    Day,
    Duration,
    Field,
    Fields,
    Flag,
    Identifier,
    ListOf,
    MapOf,
    Maybe,
    Number,
    OneOf,
    Record,
    Shape,
    Template,
    Text,
    Value,
    Variants,
    Whole,
    Word,
)
from govern.documents.source import Source


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


ID = Field("id", Identifier(), required=True, doc="its name")
FOR = Field("for", Duration("period"))
WHEN = Field("when", Condition(), required=True)
COLOUR = Field("colour", Choice(Colour))
RULE = Record("a rule", (ID, FOR, WHEN, COLOUR))
RULES = Field("rules", ListOf(RULE, least=1), required=True)
FILE = Record("a file", (RULES, Field("params", MapOf(Constant()))))


def parse(text: str, shape: Shape[Any]) -> tuple[Any, list[Problem]]:
    document = yaml.load(Source("f.yaml", text))
    assert document.problems == ()
    assert document.root is not None
    problems: list[Problem] = []
    value = read(document.root, shape, problems)
    assert all(each.code in CODES for each in problems)
    return value, problems


def test_a_right_file_gives_values_and_places() -> None:
    value, problems = parse(
        "params: {act: 80%}\nrules:\n  - id: a\n    for: 2 periods\n    when: x < 3\n", FILE
    )
    assert problems == []
    assert isinstance(value, Fields)
    assert value.complete
    (rule,) = value[RULES]
    assert (rule[ID], rule.get(FOR), rule.get(COLOUR)) == ("a", 2, None)
    assert rule[WHEN].text == "x < 3"
    assert rule.place(FOR).column == 10
    assert rule.key_place(FOR).column == 5
    assert value.values["params"] == {"act": Value(Decimal("0.8"))}
    assert ID in rule
    assert COLOUR not in rule


def test_every_problem_is_reported_at_its_place() -> None:
    value, problems = parse(
        "rules:\n  - id: A b\n    fro: 2 periods\n    for: 2\n    colour: blu\n  - 3\n", FILE
    )
    assert [(each.code, each.place.line, each.place.column) for each in problems] == [
        ("E114", 2, 9),
        ("E110", 3, 5),
        ("E114", 4, 10),
        ("E113", 5, 13),
        ("E111", 2, 5),
        ("E112", 6, 5),
    ]
    assert problems[0].help == "write a-b"
    assert problems[1].help == "did you mean 'for'?"
    assert problems[2].help == "write '2 periods'"
    assert problems[3].help == "possible: red, green"
    assert isinstance(value, Fields)
    assert not value.complete
    assert [rule.complete for rule in value[RULES]] == [False]


@pytest.mark.parametrize(
    ("text", "shape", "expected"),
    [
        ("80%", Number(), Decimal("0.8")),
        ("-1_000.5", Number(), Decimal("-1000.5")),
        ("3", Whole(), 3),
        ("true", Flag(), True),
        ("2026-03-31", Day(), date(2026, 3, 31)),
        ("1 period", Duration("period"), 1),
        ("10 working days", Duration("working day"), 10),
        ("red", Word(("red",)), "red"),
        ("red", Choice(Colour), Colour.RED),
        ("false", Constant(), Value(False)),
        ("'80%'", Constant(), Value("80%")),
        ("2026-03-31", Constant(), Value(date(2026, 3, 31))),
        ("in service", Constant(), Value("in service")),
        ("[a, b]", OneOf((Text(), ListOf(Text()))), ("a", "b")),
        ("a", OneOf((Text(), ListOf(Text()))), "a"),
    ],
)
def test_values(text: str, shape: Shape[Any], expected: object) -> None:
    assert parse(text, shape) == (expected, [])


def test_nothing_is_a_constant_and_else_a_key_that_is_not_given() -> None:
    given = Field("given", Constant())
    maybe = Field("maybe", Maybe(Number()), required=True)
    many = Field("many", OneOf((Maybe(Number()), ListOf(Maybe(Number())))))
    value, problems = parse(
        "given: ~\ncolour: ~\nmaybe: ~\nmany: [1, ~]\n",
        Record("a test", (given, COLOUR, maybe, many)),
    )
    assert problems == []
    assert value.values == {"given": Value(None), "maybe": None, "many": (Decimal(1), None)}
    _, problems = parse("maybe: x\n", Record("a test", (maybe,)))
    assert [each.code for each in problems] == ["E114"]


def test_a_key_says_which_record_it_is() -> None:
    which = Field("kind", Word(("small", "large")))
    small = Record("a small one", (which, Field("a", Whole())))
    large = Record("a large one", (which, Field("b", Whole())))
    either = Variants("kind", "small", (("small", small), ("large", large)))
    assert parse("a: 1\n", either)[1] == []
    assert parse("kind: large\nb: 1\n", either)[1] == []
    assert [each.code for each in parse("kind: large\na: 1\n", either)[1]] == ["E110"]
    assert [each.code for each in parse("kind: lrge\na: 1\n", either)[1]] == ["E113"]


@pytest.mark.parametrize(
    ("text", "shape", "code"),
    [
        ("eight", Number(), "E114"),
        ("2", Number(most=Decimal(1)), "E115"),
        ("-1", Number(least=Decimal(0)), "E115"),
        ("1.5", Whole(), "E114"),
        ("0", Whole(1), "E115"),
        ("yes", Flag(), "E113"),
        ("2026-02-30", Day(), "E114"),
        ("0 periods", Duration("period"), "E115"),
        ("2 days", Duration("period"), "E114"),
        ("{kpi}", Template(), "E112"),
        ("[act..watch]", Condition(), "E112"),
        ("''", Text(), "E112"),
        ("' '", Condition(), "E112"),
        ("[]", ListOf(Text(), least=1), "E115"),
        ("[1, x]", ListOf(Number()), "E114"),
        ("{1a: 2}", MapOf(Number()), "E114"),
        ("a", Record("a rule", ()), "E112"),
        ("{a: 1}", OneOf((Text(), ListOf(Text()))), "E112"),
    ],
)
def test_wrong_values(text: str, shape: Shape[Any], code: str) -> None:
    _, problems = parse(text, shape)
    assert [each.code for each in problems] == [code]


@pytest.mark.parametrize(
    ("text", "shape", "cut"),
    [
        ('a: kpi = "Widget #3"', Condition(), True),
        ("a: x < 3 and #2 > 1", Condition(), True),
        ("a: sum(kpis # all\n", Condition(), True),
        ("a: attainment >= watch # hysteresis: no flapping", Condition(), False),
        ("a: x in [1..2) # half open", Condition(), False),
        ("a: Lane #3 is late", Text(), True),
        ("a: Lane 3 is late # why", Text(), False),
        ("a: Lane #3 is late", Constant(), True),
    ],
)
def test_a_comment_that_cuts_a_text_short_is_told_from_one_that_does_not(
    text: str, shape: Shape[Any], cut: bool
) -> None:
    _, problems = parse(text, Record("a file", (Field("a", shape),)))
    assert [each.code for each in problems] == (["E104"] if cut else [])
