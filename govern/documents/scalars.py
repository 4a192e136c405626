"""Reads scalars by their shape. `FAILED` stands for "not that; the problem is reported"."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from govern.documents.node import Scalar
from govern.documents.problem import Problem, did_you_mean
from govern.documents.shape import (
    Choice,
    Condition,
    Constant,
    Day,
    Duration,
    Flag,
    Identifier,
    ListOf,
    MapOf,
    Maybe,
    Number,
    OneOf,
    Plain,
    Record,
    Template,
    Text,
    Value,
    Variants,
    Whole,
    Word,
)
from govern.documents.traps import quoted

FAILED: Final = object()
key_pattern: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")

_NUMBER = re.compile(r"[-+]?\d+(?:_\d+)*(?:\.\d+)?%?")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_-]*")
_HANGING = re.compile(r"(?:[-+*/=<>(\[,]|\b(?:and|or|in|between|not|if|then|else|satisfies))$")


def expected(shape: Any) -> str:
    """The shape in words, for messages."""
    return _EXPECTED.get(shape.__class__, lambda _: "text")(shape)


_EXPECTED: Final[dict[type[Any], Callable[[Any], str]]] = {
    Identifier: lambda _: "an identifier",
    Word: lambda each: "one of " + ", ".join(each.words),
    Choice: lambda each: "one of " + ", ".join(each.of),
    Number: lambda _: "a number",
    Whole: lambda _: "a whole number",
    Flag: lambda _: "true or false",
    Day: lambda _: "a date such as 2026-03-31",
    Duration: lambda each: f"a duration such as '2 {each.unit}s'",
    Condition: lambda _: "a condition",
    Constant: lambda _: "a number, date, text, true, false or ~",
    Record: lambda each: f"{each.name} (keys with values)",
    Variants: lambda each: expected(each.records[0][1]),
    MapOf: lambda _: "a mapping",
    Maybe: lambda each: f"{expected(each.shape)} or ~",
    ListOf: lambda _: "a list",
    OneOf: lambda each: " or ".join(expected(shape) for shape in each.shapes),
}


def _fail(problems: list[Problem], code: str, message: str, node: Scalar, help_: str | None) -> Any:
    problems.append(Problem(code, message, node.place, help_))
    return FAILED


def _uncut(node: Scalar, problems: list[Problem], condition: bool) -> bool:
    """Whether a comment on the line is one; else it cut the text, which is reported."""
    if node.cut is None:
        return True
    text = node.text
    meant = node.cut[1:2] not in {"", " ", "#", "!"}
    if condition:
        meant = (
            meant
            or text.count('"') % 2 == 1
            or any(text.count(a) != text.count(b) for a, b in ("()", "[]"))
            or _HANGING.search(text) is not None
        ) and not (text.startswith("[") or text.endswith((")", "]")))
    if not meant:
        return True
    whole = f"{text} {node.cut}"
    problems.append(
        Problem(
            "E104",
            "' #' starts a comment, so the text ends before it",
            node.at(len(text)),
            f"put the text in quotes: {quoted(whole)}; or write '# ' with a space for a comment",
        )
    )
    return False


def _text(node: Scalar, shape: Any, problems: list[Problem]) -> Any:
    if not node.text.strip():
        return _fail(problems, "E112", "text is expected here, not an empty one", node, None)
    return node.text if _uncut(node, problems, condition=False) else FAILED


def _template(node: Scalar, shape: Any, problems: list[Problem]) -> Any:
    return FAILED if _text(node, shape, problems) is FAILED else node


def _condition(node: Scalar, shape: Any, problems: list[Problem]) -> Any:
    if not node.text.strip():
        return _fail(problems, "E112", "a condition is expected here, not empty text", node, None)
    return node if _uncut(node, problems, condition=True) else FAILED


def _identifier(node: Scalar, shape: Any, problems: list[Problem]) -> Any:
    if _IDENTIFIER.fullmatch(node.text):
        return node.text
    better = re.sub(r"[^a-z0-9_]+", "-", node.text.lower()).strip("-")
    return _fail(
        problems,
        "E114",
        f"'{node.text}' is not an identifier: small letters, digits, - and _",
        node,
        f"write {better}" if _IDENTIFIER.fullmatch(better) else None,
    )


def _word(node: Scalar, shape: Word | Choice[Any], problems: list[Problem]) -> Any:
    words = shape.words if isinstance(shape, Word) else tuple(shape.of.__members__.values())
    if node.text in words:
        return node.text if isinstance(shape, Word) else shape.of(node.text)
    near = did_you_mean(node.text, words)
    possible = f"possible: {', '.join(words)}"
    return _fail(problems, "E113", f"'{node.text}' is not possible here", node, near or possible)


def number(text: str) -> Decimal | None:
    """`12`, `-0.5`, `1_000` or `80%` (0.8) as a number; `None` for anything else."""
    if not _NUMBER.fullmatch(text):
        return None
    return Decimal(text[:-1]).scaleb(-2) if text.endswith("%") else Decimal(text)


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def _number(node: Scalar, shape: Number, problems: list[Problem]) -> Any:
    value = number(node.text)
    if value is None:
        return _fail(problems, "E114", f"'{node.text}' is not a number", node, "such as 0.8 or 80%")
    low, high = shape.least, shape.most
    if (low is not None and value < low) or (high is not None and value > high):
        bounds = [f"at least {low}"] if low is not None else []
        bounds += [f"at most {high}"] if high is not None else []
        return _fail(
            problems, "E115", f"{node.text} is outside its limits", node, " and ".join(bounds)
        )
    return value


def _whole_number(node: Scalar, shape: Whole, problems: list[Problem]) -> Any:
    if not re.fullmatch(r"-?\d{1,9}", node.text):
        return _fail(problems, "E114", f"'{node.text}' is not a whole number", node, None)
    value = int(node.text)
    if value < shape.least:
        return _fail(
            problems, "E115", f"{value} is outside its limits", node, f"at least {shape.least}"
        )
    return value


def _flag(node: Scalar, shape: Flag, problems: list[Problem]) -> Any:
    if node.style == "" and node.text in {"true", "false"}:
        return node.text == "true"
    return _fail(problems, "E113", f"'{node.text}' is not possible here", node, "true or false")


def _day(node: Scalar, shape: Day, problems: list[Problem]) -> Any:
    found = day(node.text)
    if found is None:
        return _fail(
            problems, "E114", f"'{node.text}' is not a date", node, "write it as 2026-03-31"
        )
    return found


def _duration(node: Scalar, shape: Duration, problems: list[Problem]) -> Any:
    match = re.fullmatch(rf"(\d{{1,4}})\s+{shape.unit}s?", node.text)
    if match is None:
        amount = node.text if node.text.isdigit() else "2"
        return _fail(
            problems,
            "E114",
            f"'{node.text}' is not a number of {shape.unit}s",
            node,
            f"write '{amount} {shape.unit}{'' if amount == '1' else 's'}'",
        )
    if int(match[1]) < 1:
        return _fail(problems, "E115", "at least 1 is needed", node, f"write '1 {shape.unit}'")
    return int(match[1])


def _constant(node: Scalar, shape: Constant, problems: list[Problem]) -> Any:
    if node.style == "":
        if node.is_null:
            return Value(None)
        if node.text in {"true", "false"}:
            return Value(node.text == "true")
        value: Plain = number(node.text)
        if value is None:
            value = day(node.text)
        if value is not None:
            return Value(value)
    return Value(node.text) if _uncut(node, problems, condition=False) else FAILED


SCALARS: Final[dict[type[Any], Callable[[Scalar, Any, list[Problem]], Any]]] = {
    Text: _text,
    Template: _template,
    Condition: _condition,
    Identifier: _identifier,
    Word: _word,
    Choice: _word,
    Number: _number,
    Whole: _whole_number,
    Flag: _flag,
    Day: _day,
    Duration: _duration,
    Constant: _constant,
}
