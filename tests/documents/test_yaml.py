"""Nodes know where they stand, and every trap of YAML is told apart from a broken file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.documents import yaml
from govern.documents.node import Mapping, Scalar, Sequence
from govern.documents.problem import render
from govern.documents.source import Source


def load(text: str) -> yaml.Document:
    return yaml.load(Source("f.yaml", text))


def scalar(text: str, key: str = "a") -> Scalar:
    document = load(text)
    assert document.problems == ()
    assert isinstance(document.root, Mapping)
    value = document.root.get(key)
    assert isinstance(value, Scalar)
    return value


def char_at(text: str, value: Scalar, offset: int) -> str:
    place = value.at(offset)
    return text.splitlines()[place.line - 1][place.column - 1]


@pytest.mark.parametrize(
    "text",
    [
        "a: attainment < act\n",
        "b: 1\na:   attainment <\n  act and\n\n  x > 3\n",
        'a: "attainment < act"\n',
        "a: 'kpi = \"it''s\" and x'\n",
        'a: "kpi = \\"x\\" and\\u0020y \\\n   or z"\n',
        'a: "one\n  two\n\n  three"\n',
        "a: |\n  attainment < act\n    and x\n\n  or y\n",
        "a: >-\n  attainment < act\n  and x\n\n  or y\n",
        "a: |2\n    attainment\n   x\n",
        "a: >\n\n   attainment < act\n   and x # not a comment\n",
        "x: {b: 1, a: attainment}\n",
    ],
)
def test_every_character_of_a_value_is_found_in_the_file(text: str) -> None:
    document = load(text)
    assert isinstance(document.root, Mapping)
    inner = document.root.get("x")
    value = (inner if isinstance(inner, Mapping) else document.root).get("a")
    assert isinstance(value, Scalar)
    for offset, character in enumerate(value.text):
        if character.isspace() or character in "\"'":
            continue
        assert char_at(text, value, offset) == character


@given(st.lists(st.from_regex(r"[a-z<=()]{1,6}", fullmatch=True), min_size=1, max_size=12))
def test_words_are_found_in_folded_and_plain_text(words: list[str]) -> None:
    lines = "\n".join(f"  {word}" for word in words)
    for head in ("a: >\n", "a: |\n"):
        text = f"{head}{lines}\n"
        value = scalar(text)
        for offset, character in enumerate(value.text):
            if not character.isspace():
                assert char_at(text, value, offset) == character


@given(st.text(max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    load(text)


@given(st.text(alphabet="ab:- \n\t[]{}\"'>|#!&*@%,.?\\", max_size=80))
def test_no_yaml_like_text_makes_it_raise(text: str) -> None:
    for problem in load(text).problems:
        assert problem.place.line >= 1
        assert problem.place.column >= 1
        render(problem, {"f.yaml": Source("f.yaml", text)})


@pytest.mark.parametrize(
    ("value", "column"),
    [
        (">= watch", 7),
        ("> 3", 7),
        ("[80%..90%)", 7),
        ('@"2026-03-31" < as_of', 7),
        ("- 3 < x", 7),
        ("!= null", 7),
        ("!=3", 7),
        ('"red" = rag', 7),
        ("{kpi} is late", 7),
        ("Budget: too much", 7),
        ("`x`", 7),
        ("%x", 7),
    ],
)
def test_a_value_that_needs_quotes_is_named_and_read_as_meant(value: str, column: int) -> None:
    document = load(f"when: {value}\nb: 2\n")
    (problem,) = document.problems
    assert problem.code == "E103"
    assert (problem.place.line, problem.place.column) == (1, column)
    assert problem.help is not None
    assert problem.help.startswith("put it in quotes: ")
    mended = load(f"when: {problem.help.removeprefix('put it in quotes: ')}\n")
    assert mended.problems == ()
    for each in (document, mended):
        assert isinstance(each.root, Mapping)
        read = each.root.get("when")
        assert isinstance(read, Scalar)
        assert read.text == value
    assert isinstance(document.root, Mapping)
    meant = document.root.get("when")
    assert isinstance(meant, Scalar)
    assert meant.at(2).column == column + 2


def test_one_trap_does_not_hide_the_next_or_what_stands_behind_it() -> None:
    document = load("a: >= 3\nb: [1..2)\nc: [1, 2]\nc: 4\nd: {e: > 3, f: 1}\n")
    found = [(each.code, each.place.line, each.place.column) for each in document.problems]
    assert found == [("E103", 1, 4), ("E103", 2, 4), ("E105", 4, 1), ("E103", 5, 8)]
    assert isinstance(document.root, Mapping)
    assert isinstance(document.root.get("c"), Sequence)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("-\ta: b\n", "E102", 1, 2),
        ("a:\n\tb: 1\n", "E102", 2, 1),
        ("a: 1\na: 2\n", "E105", 2, 1),
        ("a: &x 1\n", "E106", 1, 4),
        ("a: *x\n", "E106", 1, 4),
        ("<<: {a: 1}\n", "E106", 1, 1),
        ("a: !!str 1\n", "E107", 1, 4),
        ("a: 1\n---\nb: 1\n", "E108", 2, 1),
        ("", "E108", 1, 1),
        ("# only a comment\n", "E108", 1, 1),
        ("[" * 60 + "]" * 60, "E109", 1, 51),
        ("[" * 100_000, "E109", 1, 1001),
        ("- " * 5_000 + "a", "E109", 1, 101),
        ("? [a]\n: b\n", "E112", 1, 3),
        ('a: "x\n', "E101", 1, 4),
        ("a: [1, 2\nb: 3\n", "E101", 1, 4),
        ("a: 1\n  b: 2\n", "E101", 2, 4),
        ("a: \x01\n", "E101", 1, 4),
    ],
)
def test_what_is_not_allowed_is_named_at_its_place(
    text: str, code: str, line: int, column: int
) -> None:
    problem = load(text).problems[0]
    assert (problem.code, problem.place.line, problem.place.column) == (code, line, column)


def test_words_keep_their_text() -> None:
    document = load("a: no\nb: 010\nc: ~\nd: '~'\n")
    assert isinstance(document.root, Mapping)
    values = [entry.value for entry in document.root.entries]
    assert [each.text for each in values if isinstance(each, Scalar)] == ["no", "010", "~", "~"]
    assert [each.is_null for each in values if isinstance(each, Scalar)] == [0, 0, 1, 0]


def test_an_empty_value_stands_behind_its_colon() -> None:
    place = scalar("b: 1\na:\n\nc: 2\n").place
    assert (place.line, place.column) == (2, 3)


def test_tabs_may_stand_between_values_but_not_before_a_line() -> None:
    assert scalar("a:\tx\n").place.column == 4
    assert scalar("a: x\t# note\n").cut == "# note"


def test_a_comment_that_follows_a_value_is_kept_aside() -> None:
    assert scalar("a: x # note\n").cut == "# note"
    assert scalar("a: 'x' # note\n").cut is None
    assert scalar("a: x#1\n").cut is None


def test_windows_line_ends_and_byte_order_mark() -> None:
    assert scalar("\ufeffb: 1\r\na: x < 3\r\n").at(2).column == 6
