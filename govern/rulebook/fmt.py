"""Rule files in their one canonical layout, with the same meaning as before."""

from dataclasses import dataclass
from typing import Any, Final, cast

from govern.documents.layout import Style, laid_out
from govern.documents.node import Scalar
from govern.documents.parts import comments
from govern.documents.problem import Level, Problem
from govern.documents.read import read
from govern.documents.shape import Fields, Record
from govern.documents.source import Source
from govern.documents.yaml import load
from govern.language.errors import LanguageError
from govern.language.origin import within
from govern.language.parse import parse
from govern.language.spacing import respaced
from govern.rulebook import format as keys

_RULES: Final = frozenset(keys.RULE_OF.values())
_TESTS: Final = frozenset(
    cast(Record, cast(Any, field.shape).item) for field in keys.TESTS_OF.values()
)
_APART: Final = _RULES | {keys.FILE, keys.RECOMMEND_RECORD}
STYLE: Final = Style(ordered=_APART | _TESTS, apart=_APART, condition=respaced)

_PASSES: Final = 5
"""A comment far from its place may move with each pass; the layout is the one that stays."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """`text` is `None` where the file stays as it is: it has errors (`problems`), or no errors and
    a layout that govern cannot write anew without losing a comment or changing what it says."""

    text: str | None
    problems: tuple[Problem, ...] = ()


def formatted(source: Source) -> Formatted:
    """The file's text in its canonical layout; formatting that once more changes nothing."""
    before, problems = _read(source)
    if before is None:
        return Formatted(None, problems)
    text = source.text.removeprefix("\ufeff")
    last = ""
    for _ in range(_PASSES):
        last, text = text, laid_out(text, keys.FILE, STYLE)
        if text == last:
            break
    after, _ = _read(Source(source.path, text))
    same = text == last and after is not None and _same(before, after)
    return Formatted(text if same and comments(source.text) == comments(text) else None)


def _read(source: Source) -> tuple[Fields | None, tuple[Problem, ...]]:
    document = load(source)
    problems = list(document.problems)
    found = None if document.root is None else read(document.root, keys.FILE, problems)
    errors = tuple(each for each in problems if each.level is Level.ERROR)
    return (None if errors else found), errors


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Fields) and isinstance(other, Fields):
        return one.values.keys() == other.values.keys() and all(
            _same(value, other.values[key]) for key, value in one.values.items()
        )
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.text == other.text or _is_same_condition(one.text, other.text)
    if isinstance(one, tuple) and isinstance(other, tuple):
        pair = cast(tuple[tuple[Any, ...], tuple[Any, ...]], (one, other))
        return len(pair[0]) == len(pair[1]) and all(map(_same, *pair))
    return bool(one == other)


def _is_same_condition(one: str, other: str) -> bool:
    try:
        return parse(one, within("", one)).tree == parse(other, within("", other)).tree
    except LanguageError:
        return False
