"""ruamel.yaml's parser behind our own typed events: the only place that knows the library."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the parsed text, counted from 0."""

    line: int
    column: int


class Kind(Enum):
    DOCUMENT = auto()
    SCALAR = auto()
    ALIAS = auto()
    LIST = auto()
    LIST_END = auto()
    MAPPING = auto()
    MAPPING_END = auto()


_KINDS = {
    "DocumentStartEvent": Kind.DOCUMENT,
    "ScalarEvent": Kind.SCALAR,
    "AliasEvent": Kind.ALIAS,
    "SequenceStartEvent": Kind.LIST,
    "SequenceEndEvent": Kind.LIST_END,
    "MappingStartEvent": Kind.MAPPING,
    "MappingEndEvent": Kind.MAPPING_END,
}


@dataclass(frozen=True, slots=True)
class Event:
    kind: Kind
    start: Mark
    end: Mark
    text: str = ""
    style: str = ""
    anchor: str | None = None
    tag: str | None = None


class BadSyntax(Exception):  # noqa: N818 - it is an answer about a file, not a failure
    """Where the parser could not go on: what it says, and the construct it was in."""

    def __init__(self, what: str, at: Mark, inside: str = "", opened: Mark | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.at = at
        self.inside = inside
        self.opened = opened


class BadCharacter(Exception):  # noqa: N818 - it is an answer about a file, not a failure
    """A character that YAML does not allow, `position` characters into the text."""

    def __init__(self, character: str, position: int) -> None:
        super().__init__(character)
        self.character = character
        self.position = position


def events(text: str) -> Iterator[Event]:
    """The text's events in order. Raises `BadSyntax` and `BadCharacter` on the way."""
    # "safe" here only means that comments are not kept; no value is constructed.
    parser = cast(Any, YAML(typ="safe", pure=True))
    try:
        for event in parser.parse(text):
            kind = _KINDS.get(type(event).__name__)
            if kind is not None:
                yield Event(
                    kind,
                    Mark(event.start_mark.line, event.start_mark.column),
                    Mark(event.end_mark.line, event.end_mark.column),
                    getattr(event, "value", None) or "",
                    getattr(event, "style", None) or "",
                    getattr(event, "anchor", None),
                    None if (tag := getattr(event, "tag", None)) is None else str(tag),
                )
    except ReaderError as error:
        bad = cast(Any, error)
        raise BadCharacter(chr(bad.character), bad.position) from error
    except MarkedYAMLError as error:
        wrong = cast(Any, error)
        at, opened = wrong.problem_mark or wrong.context_mark, wrong.context_mark
        raise BadSyntax(
            str(wrong.problem or wrong.context),
            Mark(at.line, at.column) if at else Mark(0, 0),
            str(wrong.context or ""),
            Mark(opened.line, opened.column) if opened else None,
        ) from error
