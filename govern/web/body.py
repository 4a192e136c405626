"""Reading a JSON body without guessing: what is ambiguous, lossy or endless is refused."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from flask import Request

from govern.domain.refusal import LengthRequired, MalformedJson, TooLarge, UnsupportedMediaType

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes, unless the application is made with another limit."""

DEEPEST = 20
LONGEST_NUMBER = 400
"""Characters. Fields have narrower limits; this one keeps the parser from working for nothing."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def refuse_endless(request: Request, largest: int) -> None:
    """Raises LengthRequired for a chunked body, TooLarge for a long one, before a byte is read.

    Under granian and gunicorn a limit on a chunked body cuts it off silently, so none is taken.
    """
    if request.headers.get("Transfer-Encoding"):
        raise LengthRequired("Send the body whole, with a Content-Length, not in chunks.")
    length = request.content_length or 0
    if length > largest:
        raise TooLarge(
            f"The body has {length} bytes; at most {largest} are taken here.",
            largest=largest,
        )


def read_json(request: Request) -> Any:
    """The body as plain data, with every non-integer number a Decimal.

    Raises UnsupportedMediaType and MalformedJson.
    """
    content = request.get_data(cache=True)
    if not content:
        raise MalformedJson("The body is empty; a JSON object is needed.")
    if request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise UnsupportedMediaType(
            f"The body is sent as '{request.mimetype or 'nothing'}'; "
            "send the header Content-Type: application/json.",
            sent=request.mimetype,
        )
    return parse_json(content)


def parse_json(content: bytes) -> Any:
    """RFC 8259 and no more: UTF-8, each name once, no NaN. Raises MalformedJson saying where."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedJson(f"Byte {error.start + 1} is not UTF-8.") from error
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_decimal,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        raise MalformedJson(
            f"Line {error.lineno}, column {error.colno}: {error.msg}.",
            line=error.lineno,
            column=error.colno,
        ) from error
    except RecursionError as error:
        raise _too_deep() from error
    _check(value, 1)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise MalformedJson(f"The name {json.dumps(name)} stands twice in one object.")
        found[name] = value
    return found


def _constant(name: str) -> Any:
    raise MalformedJson(f"{name} is not JSON; send null where there is no number.")


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(_short(text))
    except InvalidOperation as error:
        raise MalformedJson(f"The number {text[:40]} cannot be read.") from error
    if not number.is_finite():
        raise MalformedJson(f"The number {text[:40]} is out of all bounds.")
    return number


def _integer(text: str) -> int:
    return int(_short(text))


def _short(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise MalformedJson(f"The number {text[:20]}… has {len(text)} characters.")
    return text


def _check(value: Any, depth: int) -> None:
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise MalformedJson("A text holds half of a surrogate pair, which is no character.")
        return
    if not isinstance(value, dict | list):
        return
    if depth > DEEPEST:
        raise _too_deep()
    if isinstance(value, dict):
        for name, each in cast("dict[str, Any]", value).items():
            _check(name, depth)
            _check(each, depth + 1)
    else:
        for each in cast("list[Any]", value):
            _check(each, depth + 1)


def _too_deep() -> MalformedJson:
    return MalformedJson(f"The body is nested more than {DEEPEST} levels deep.")
