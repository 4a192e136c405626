"""What may stand in an address: ids, numbers, digests.

All of it is in the patterns: a value that only `to_python` refuses would be answered as a wrong
method where two methods share a route.
"""

from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter

from govern.web import patterns
from govern.web.fields import Identifier

MOST_DIGITS = 9
"""Of a number that we gave: all of them fit an integer column."""


class IdConverter(BaseConverter):
    """An organisation's own id."""

    part_isolating = True
    regex = rf"(?=[^/]{{1,{patterns.ID_LENGTH}}}\Z)(?!\.{{1,2}}\Z)" + patterns.IDENTIFIER.strip(
        "^$"
    )


class NumberConverter(BaseConverter):
    """A number that we gave, from 1."""

    regex = f"[1-9][0-9]{{0,{MOST_DIGITS - 1}}}"

    def to_python(self, value: str) -> int:
        return int(value)


class DigestConverter(BaseConverter):
    """`sha256:` and 64 hexadecimal digits."""

    regex = patterns.DIGEST.strip("^$")


_SCHEMAS: dict[type[BaseConverter], dict[str, Any]] = {
    IdConverter: Identifier().metadata["schema"],
    NumberConverter: {"type": "integer", "minimum": 1, "maximum": 10**MOST_DIGITS - 1},
    DigestConverter: {"type": "string", "pattern": patterns.DIGEST},
}

CONVERTERS = tuple(_SCHEMAS)


def add_converters(app: Flask) -> None:
    app.url_map.converters |= {
        "id": IdConverter,
        "number": NumberConverter,
        "digest": DigestConverter,
    }


def schema_of(converter: BaseConverter) -> dict[str, Any]:
    return dict(_SCHEMAS[type(converter)])
