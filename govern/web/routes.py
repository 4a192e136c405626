"""What may stand in an address: ids, numbers, digests."""

from typing import Any

from flask import Flask
from marshmallow import ValidationError as BadValue
from werkzeug.routing import BaseConverter, ValidationError

from govern.web import patterns
from govern.web.fields import Identifier
from govern.web.fields.texts import check_identifier


class IdConverter(BaseConverter):
    """An organisation's own id."""

    def to_python(self, value: str) -> str:
        try:
            check_identifier(value)
        except BadValue as error:
            raise ValidationError from error
        return value


class NumberConverter(BaseConverter):
    """A number that we gave, from 1 to what a column holds."""

    regex = "[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > patterns.LARGEST_INTEGER:
            raise ValidationError
        return number


class DigestConverter(BaseConverter):
    """`sha256:` and 64 hexadecimal digits."""

    regex = patterns.DIGEST.strip("^$")


_SCHEMAS: dict[type[BaseConverter], dict[str, Any]] = {
    IdConverter: Identifier().metadata["schema"],
    NumberConverter: {"type": "integer", "minimum": 1, "maximum": patterns.LARGEST_INTEGER},
    DigestConverter: {"type": "string", "pattern": patterns.DIGEST},
}


def add_converters(app: Flask) -> None:
    app.url_map.converters |= {
        "id": IdConverter,
        "number": NumberConverter,
        "digest": DigestConverter,
    }


def schema_of(converter: BaseConverter) -> dict[str, Any]:
    return dict(_SCHEMAS[type(converter)])


CONVERTERS = tuple(_SCHEMAS)
