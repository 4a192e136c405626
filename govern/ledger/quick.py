"""The quick way to read an event's body, and to write one: sure where it says yes, and silent where it
is not sure.

What orjson parses and writes again to the very same bytes is canonical (RFC 8785), but for four things
that it takes and the RFC or `canonical` does not: floats, whole numbers beyond ±(2^53 − 1), nesting
without end, and keys in the order of UTF-8, which differs from that of UTF-16 where a text has
characters beyond U+FFFF. Those, and whatever else is out of the ordinary, are left to the slow way.
"""

import re
from collections.abc import Iterable
from typing import Any, cast

import orjson

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_FLAT = frozenset({int, bool, type(None)})
_DEEPEST = 48
_BEYOND = re.compile(rb"[\xf0-\xff]")

parse = orjson.loads


def surely_canonical(body: bytes, fields: dict[str, Any]) -> bool:
    """Whether `body`, of which `fields` was parsed, is what `canonical` writes. No says nothing."""
    try:
        return (
            orjson.dumps(fields, None, _OPTIONS) == body
            and (body.isascii() or _BEYOND.search(body) is None)
            and _plain(fields.values(), _DEEPEST)
        )
    except (TypeError, ValueError):
        return False


def surely_written(value: Any) -> bytes | None:
    """The canonical bytes of a value, where this quick way is sure of them; None where it is not."""
    try:
        body = orjson.dumps(value, None, _OPTIONS)
    except (TypeError, ValueError):
        return None
    # A text beyond U+FFFF may be a key, by which orjson sorts otherwise.
    if _BEYOND.search(body) is not None or not _plain((value,), _DEEPEST):
        return None
    return body


def _plain(values: Iterable[object], depth: int) -> bool:
    """No floats, and not too deep. Most values are texts, which are passed over first: this is where
    verification spends most of its time after hashing and parsing."""
    for value in values:
        kind = type(value)
        if kind is str:
            continue
        if kind is dict:
            if not depth or not _plain(cast("dict[str, object]", value).values(), depth - 1):
                return False
        elif kind is list:
            if not depth or not _plain(cast("list[object]", value), depth - 1):
                return False
        elif kind not in _FLAT:
            return False
    return True
