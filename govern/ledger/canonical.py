"""Canonical JSON (RFC 8785): one value has exactly one sequence of bytes, so it can be hashed.

Only strings, whole numbers within ±(2^53 − 1), booleans, null, lists and objects. Floats are
refused although the RFC knows them: what must be exact (a decimal, a date) is written as a string.
"""

import json
from typing import Any, NoReturn, cast

import rfc8785

from govern.ledger.quick import surely_written

LARGEST = 2**53 - 1
DEEPEST = 64


class NotCanonical(ValueError):  # noqa: N818 - like a Refusal: an answer about the value
    """There is no canonical form. `at` is the path of the culprit: `$.data.items[2]`."""

    def __init__(self, at: str, problem: str) -> None:
        super().__init__(f"{at}: {problem}")
        self.at = at
        self.problem = problem


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of a value; raises `NotCanonical` naming the first part that has none."""
    quickly = surely_written(value)
    return slowly(value) if quickly is None else quickly


def slowly(value: Any) -> bytes:
    """As `canonical`, by the RFC's own steps: what its quick way is held against, and what reads what
    somebody else wrote."""
    _check(value, "$", DEEPEST)
    return rfc8785.dumps(value)


def read_canonical(body: bytes) -> Any:
    """The value of canonical bytes; `NotCanonical` for bytes that `canonical` would not write."""
    try:
        value = json.loads(body.decode("utf-8"), parse_float=_no_float, parse_constant=_no_float)
    except RecursionError:
        raise NotCanonical("$", "is nested too deep") from None
    except NotCanonical:
        raise
    except ValueError as error:
        raise NotCanonical("$", f"is no JSON in UTF-8 ({error})") from None
    if slowly(value) != body:
        raise NotCanonical("$", "is JSON, but not written in the canonical way")
    return value


def _no_float(text: str) -> NoReturn:
    raise NotCanonical("$", f"holds the float {text}; write decimals as strings")


def _check(value: Any, at: str, depth: int) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value, at)
    elif isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise NotCanonical(at, f"{value} is beyond ±(2^53 − 1); write it as a string")
    elif isinstance(value, dict | list | tuple):
        if depth == 0:
            raise NotCanonical(at, "is nested too deep")
        _check_children(value, at, depth - 1)
    elif isinstance(value, float):
        raise NotCanonical(at, f"{value} is a float; write decimals as strings")
    else:
        raise NotCanonical(at, f"a {type(value).__name__} is no JSON value; write it as a string")


def _check_children(value: Any, at: str, depth: int) -> None:
    if isinstance(value, dict):
        for key, child in cast(dict[Any, Any], value).items():
            if not isinstance(key, str):
                raise NotCanonical(at, f"the key {key!r} is no string")
            _check_text(key, at)
            _check(child, f"{at}.{key}", depth)
    else:
        for place, child in enumerate(cast(list[Any], value)):
            _check(child, f"{at}[{place}]", depth)


def _check_text(text: str, at: str) -> None:
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise NotCanonical(at, f"{text!a} holds half of a surrogate pair")
