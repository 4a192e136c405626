"""libyaml's events are those of YAML's reference parser in Python, wherever both read a text."""

from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from govern.documents import yaml as ours
from govern.documents.events import BadCharacter, BadSyntax, Mark, TooDeep, events
from govern.documents.node import Mapping
from govern.documents.source import Source
from govern.settings import shipped
from tests.documents.ugly import Ugly

FILES = [
    *sorted(shipped("rules").rglob("*.yaml")),
    *sorted(shipped("workflows").rglob("*.yaml")),
]
PIECES = (
    *("a", "b", "1", "é", "𝒳", "~", ".", "..", "<", "=", "x > 3", "// c", " # c", "#", "\\n"),
    *("- ", ": ", ":", " ", "\n", "\n  ", "\n    ", '"', "'", "{", "}", "[", "]", ",", ", "),
    *("|", ">", "|-", ">+", "|2", "? ", "?", "&x ", "*x ", "@", "`", "%", "---", "..."),
)

Row = tuple[str, tuple[int, int], tuple[int, int], str, str, str | None]


def found(text: str) -> list[Row]:
    return [
        (each.kind.name, each.start, each.end, each.text, each.style, each.anchor)
        for each in events(text)
    ]


NAMES = {
    yaml.DocumentStartEvent: "DOCUMENT",
    yaml.ScalarEvent: "SCALAR",
    yaml.AliasEvent: "ALIAS",
    yaml.SequenceStartEvent: "LIST",
    yaml.SequenceEndEvent: "LIST_END",
    yaml.MappingStartEvent: "MAPPING",
    yaml.MappingEndEvent: "MAPPING_END",
}


def expected(text: str) -> list[Row]:
    return [
        (
            NAMES[type(each)],
            (each.start_mark.line, each.start_mark.column),
            (each.end_mark.line, each.end_mark.column),
            getattr(each, "value", None) or "",
            getattr(each, "style", None) or "",
            getattr(each, "anchor", None),
        )
        for each in yaml.parse(text, Loader=yaml.SafeLoader)
        if type(each) in NAMES
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_shipped_files(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert found(text) == expected(text)


@given(st.randoms(use_true_random=False), st.sampled_from(FILES))
def test_files_laid_out_by_somebody_in_a_hurry(random: Random, path: Path) -> None:
    root = ours.load(Source(path.name, path.read_text(encoding="utf-8"))).root
    assert isinstance(root, Mapping)
    text = Ugly(random).text(root)
    assert found(text) == expected(text)


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_pieces_of_yaml(pieces: list[str]) -> None:
    text = "".join(pieces) + "\n"
    try:
        rows = found(text)
        others = expected(text)
    except (BadSyntax, BadCharacter, yaml.YAMLError):
        return
    assert rows == others


def test_a_question_mark_in_brackets_is_text() -> None:
    assert [row[3] for row in found("[is it late?, b]\n") if row[0] == "SCALAR"] == [
        "is it late?",
        "b",
    ]


def test_places_count_characters_not_bytes() -> None:
    (scalar,) = [each for each in events("é𝒳: 'x'\n") if each.text == "x"]
    assert (scalar.start, scalar.end) == (Mark(0, 4), Mark(0, 7))


@pytest.mark.parametrize("header", ["|#", ">#", "|-#", "|2#"])
def test_a_comment_that_touches_the_header_of_a_block_is_refused(header: str) -> None:
    with pytest.raises(BadSyntax) as error:
        found(f"a: {header} note\n  text\n")
    assert error.value.at == Mark(0, 3 + len(header) - 1)
    assert found(f"a: {header[:-1]} # note\n  b: {header}\n")


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800", "\ufffe", "\ufeff"])
def test_characters_that_yaml_does_not_allow(character: str) -> None:
    with pytest.raises(BadCharacter) as error:
        found(f"a: é{character}\n")
    assert (error.value.character, error.value.position) == (character, 4)


@pytest.mark.parametrize("opening", ["[", "{", "- "])
def test_a_text_may_nest_as_deep_as_it_likes(opening: str) -> None:
    with pytest.raises((TooDeep, BadSyntax)):
        found(opening * 100_000)
