"""The quick way to write canonical bytes: sure where it gives some, and silent where it is not sure.

What orjson writes is canonical (RFC 8785), but for four things that it takes and the RFC or `canonical`
does not: floats, whole numbers beyond ±(2^53 − 1), nesting without end, and keys in the order of UTF-8,
which differs from that of UTF-16 where a text has characters beyond U+FFFF. Those, and whatever else is
out of the ordinary, are left to the slow way.
"""

import re
from collections.abc import Iterable
from typing import Any, cast

import orjson

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_FLAT = frozenset({int, bool, type(None)})
_DEEPEST = 48
BEYOND = re.compile(rb"[\xf0-\xff]")
"""Characters beyond U+FFFF, in bytes of which it is known that they are UTF-8."""


def surely_written(value: Any) -> bytes | None:
    """The canonical bytes of a value, where this quick way is sure of them; None where it is not."""
    try:
        body = orjson.dumps(value, None, _OPTIONS)
    except (TypeError, ValueError):
        return None
    # A text beyond U+FFFF may be a key, by which orjson sorts otherwise.
    if BEYOND.search(body) is not None or not _plain((value,), _DEEPEST):
        return None
    return body


def _plain(values: Iterable[object], depth: int) -> bool:
    """No floats, and not too deep. Most values are texts, which are passed over first."""
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
