"""A condition's text as tokens, each with its offsets."""

import re
from dataclasses import dataclass
from typing import Literal

from govern.documents.problem import Problem
from govern.language.errors import LanguageError
from govern.language.origin import Origin
from govern.language.tree import Span

Kind = Literal["number", "text", "date", "name", "keyword", "symbol", "end"]

KEYWORDS = frozenset(
    {
        *("if", "then", "else", "some", "every", "in", "satisfies"),
        *("and", "or", "between", "true", "false", "null"),
    }
)
LONGEST = 10_000
"""Characters a condition may have."""

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
      | (?P<date>@"[^"\n]*")
      | (?P<text>"(?:[^"\\\n]|\\.)*")
      | (?P<name>[^\W\d]\w*)
      | (?P<symbol>\.\.|<=|>=|!=|[-+*/%=<>()\[\],.])""",
    re.VERBOSE | re.DOTALL,
)
_FOREIGN = {
    "&&": "and",
    "||": "or",
    "==": "=",
    "<>": "!=",
    "!==": "!=",
    "===": "=",
    "=<": "<=",
    "=>": ">=",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "×": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "**": "repeated *",
    "^": "repeated *",
    "&": "and",
    "|": "or",
    "!": "not(…)",
    ":=": "=",
    "?": "if … then … else …",
}
_FOREIGN_AT = re.compile("|".join(re.escape(o) for o in sorted(_FOREIGN, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    span: Span

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f"`{self.text}`"


def fail(
    origin: Origin,
    code: str,
    message: str,
    span: Span,
    help: str | None = None,  # noqa: A002
) -> LanguageError:
    """The error with one problem at the span."""
    place = origin.at(span[0], max(1, span[1] - span[0]))
    return LanguageError((Problem(code, message, place, help),))


def tokens(text: str, origin: Origin) -> list[Token]:
    """All tokens, ended by one of kind `end`. Raises `LanguageError` at the first that is none."""
    if len(text) > LONGEST:
        raise fail(
            origin,
            "E207",
            f"the condition has {len(text)} characters; {LONGEST} are possible",
            (0, 1),
            "split it into several rules or criteria",
        )
    found: list[Token] = []
    offset = 0
    while offset < len(text):
        foreign = _FOREIGN_AT.match(text, offset)
        if foreign and not (foreign[0] == "!" and text.startswith("!=", offset)):
            raise _foreign(text, origin, foreign[0], foreign.span())
        match = _TOKEN.match(text, offset)
        if match is None or (match[0] == "/" and text.startswith("/*", offset)):
            raise _unreadable(text, origin, offset)
        kind = match.lastgroup or ""
        word = match[0]
        if kind == "number":
            _check_number(text, origin, match.span())
        if kind == "name" and word in KEYWORDS:
            kind = "keyword"
        if kind != "space":
            found.append(Token(kind, word, match.span()))  # type: ignore[arg-type] # the pattern's groups
        offset = match.end()
    found.append(Token("end", "", (len(text), len(text))))
    return found


def _check_number(text: str, origin: Origin, span: Span) -> None:
    start, end = span
    digits = text[start:end]
    if end < len(text) and (text[end].isalnum() or text[end] == "_"):
        raise fail(
            origin,
            "E203",
            f"`{digits}{text[end]}` is neither a number nor a name",
            (start, end + 1),
            "numbers are written like 1200, 0.05 or 80%; names begin with a letter",
        )
    if len(digits.replace(".", "").strip("0")) > 15 or len(digits) > 40:
        raise fail(origin, "E203", "a number has at most 15 significant digits", span, "round it")


def _foreign(text: str, origin: Origin, operator: str, span: Span) -> LanguageError:
    right = f"write `{_FOREIGN[operator]}`"
    return fail(origin, "E206", f"`{operator}` is not an operator here", span, right)


def _unreadable(text: str, origin: Origin, offset: int) -> LanguageError:
    character = text[offset]
    rest = (offset, len(text))
    if character == '"' or text.startswith('@"', offset):
        return fail(
            origin,
            "E202",
            "the text is not closed",
            rest,
            'close it with `"` on the same line; a `"` inside is written `\\"`',
        )
    if text.startswith("/*", offset):
        return fail(origin, "E202", "the comment is not closed", rest, "close it with `*/`")
    if character in "'‘’“”„«»":
        return fail(
            origin,
            "E203",
            f"`{character}` does not begin a text",
            (offset, offset + 1),
            'texts stand in straight double quotes: "revenue"',
        )
    if character == "@":
        return fail(
            origin,
            "E204",
            "`@` begins a date",
            (offset, offset + 1),
            'dates are written @"2026-03-31"',
        )
    return fail(
        origin,
        "E203",
        f"`{character}` means nothing here",
        (offset, offset + 1),
        "put texts in double quotes" if character in "$€£#" else None,
    )
