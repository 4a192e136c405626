"""libyaml's parser behind our own typed events: the only place that knows the library.

PyYAML brings it along. Its parser in Python is not used instead where libyaml is missing: it refuses
some texts that are right (`[late?]`), and takes twenty times as long.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any, NamedTuple, cast

from yaml import events as of_yaml
from yaml.cyaml import CBaseLoader
from yaml.error import MarkedYAMLError


class Mark(NamedTuple):
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
    of_yaml.DocumentStartEvent: Kind.DOCUMENT,
    of_yaml.ScalarEvent: Kind.SCALAR,
    of_yaml.AliasEvent: Kind.ALIAS,
    of_yaml.SequenceStartEvent: Kind.LIST,
    of_yaml.SequenceEndEvent: Kind.LIST_END,
    of_yaml.MappingStartEvent: Kind.MAPPING,
    of_yaml.MappingEndEvent: Kind.MAPPING_END,
}

# YAML 1.2 §5.1, without the byte order mark, which has no place inside a text.
_BAD = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_WITH_TAG = (Kind.LIST, Kind.MAPPING)
_HEADER_CUT = re.compile(r"[|>][-+0-9]*#")


class Event(NamedTuple):
    """A tuple, since a large file has a hundred thousand of them."""

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


class TooDeep(Exception):  # noqa: N818 - it is an answer about a file, not a failure
    """Where values are nested deeper than libyaml goes, which is 1,000 levels."""

    def __init__(self, at: Mark) -> None:
        super().__init__(at)
        self.at = at


class BadCharacter(Exception):  # noqa: N818 - it is an answer about a file, not a failure
    """A character that YAML does not allow, `position` characters into the text."""

    def __init__(self, character: str, position: int) -> None:
        super().__init__(character)
        self.character = character
        self.position = position


def events(text: str) -> Iterator[Event]:
    """The text's events in order. Raises `BadSyntax`, `BadCharacter` and `TooDeep` on the way."""
    if (bad := _BAD.search(text)) is not None:
        raise BadCharacter(bad[0], bad.start())
    parser = cast(Any, CBaseLoader(text))
    lines = text.split("\n") if _HEADER_CUT.search(text) else []
    try:
        while (found := parser.get_event()) is not None:
            kind = _KINDS.get(found.__class__)
            if kind is None:
                continue
            first, last = found.start_mark, found.end_mark
            start, end = Mark(first.line, first.column), Mark(last.line, last.column)
            if kind is Kind.SCALAR:
                style = found.style or ""
                if lines and style in ("|", ">"):
                    _refuse_cut_header(lines, start)
                yield Event(kind, start, end, found.value, style, found.anchor, found.tag)
            elif kind in _WITH_TAG:
                yield Event(kind, start, end, "", "", found.anchor, found.tag)
            else:
                yield Event(kind, start, end, "", "", getattr(found, "anchor", None))
    except MarkedYAMLError as error:
        wrong = cast(Any, error)
        what, inside = str(wrong.problem or wrong.context), str(wrong.context or "")
        marked, opened = wrong.problem_mark or wrong.context_mark, wrong.context_mark
        at = Mark(marked.line, marked.column) if marked else Mark(0, 0)
        if "nesting depth" in what:
            raise TooDeep(at) from error
        begun = Mark(opened.line, opened.column) if opened else None
        raise BadSyntax(what, at, inside, begun) from error


def _refuse_cut_header(lines: list[str], start: Mark) -> None:
    """libyaml takes `|#` for a block and a comment; YAML wants a blank before a comment."""
    line = lines[start.line]
    if (cut := _HEADER_CUT.match(line, start.column)) is not None:
        what = "a comment needs a blank before its '#'"
        raise BadSyntax(what, Mark(start.line, cut.end() - 1), "in the header of a block", start)
