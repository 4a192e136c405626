"""The JSON Schema of a format, made from its shapes, for editors that complete and check.

JSON Schema 2020-12, https://json-schema.org/draft/2020-12. An editor sees what YAML 1.2 makes of a
file, so a text may come as a number or as true or false; and what YAML does not keep is not seen:
`1e3` and `1000` are one number to it, while the loader takes only the second.
"""

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from govern.documents.scalars import key_pattern
from govern.documents.shape import (
    Choice,
    Condition,
    Constant,
    Day,
    Duration,
    Field,
    Flag,
    Identifier,
    ListOf,
    MapOf,
    Maybe,
    Number,
    OneOf,
    Record,
    Template,
    Text,
    Variants,
    Whole,
    Word,
)

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SCALAR: Final = ["string", "number", "boolean"]
_NULL: Final[Schema] = {"type": "null"}


def json_schema(shape: Record, title: str) -> Schema:
    """The schema of files of this shape. `title` is what an editor shows."""
    writer = _Writer()
    root = writer.record(shape)
    return {"$schema": DIALECT, "title": title, **root, "$defs": writer.definitions()}


class _Writer:
    """Records stand once under `$defs`, named by what messages call them."""

    def __init__(self) -> None:
        self._names: dict[Record, str] = {}
        self._bodies: dict[str, Schema] = {}
        self._same: Counter[str] = Counter()

    def definitions(self) -> dict[str, Schema]:
        return self._bodies

    def record(self, shape: Record) -> Schema:
        required = [field.key for field in shape.fields if field.required]
        body: Schema = {
            "type": "object",
            "properties": {field.key: self._field(field) for field in shape.fields},
            "additionalProperties": False,
        }
        return body | ({"required": required} if required else {})

    def _field(self, field: Field[Any]) -> Schema:
        schema = self.of(field.shape)
        takes_null = field.required or isinstance(field.shape, Constant | Maybe | OneOf)
        if not takes_null:
            schema = _or_null(schema)
        return {"description": field.doc, **schema} if field.doc else schema

    def of(self, shape: Any) -> Schema:  # noqa: PLR0911 - one return a kind
        """`shape` is any shape; a scalar's has no parts."""
        kind = shape.__class__
        if kind is Record:
            return self._reference(shape)
        if kind is Variants:
            return self._variants(shape)
        if kind is ListOf:
            body: Schema = {"type": "array", "items": self.of(shape.item)}
            return body | ({"minItems": shape.least} if shape.least else {})
        if kind is MapOf:
            names = {"pattern": f"^{key_pattern.pattern}$"}
            values = self.of(shape.value)
            return {"type": "object", "propertyNames": names, "additionalProperties": values}
        if kind is OneOf:
            return {"anyOf": [self.of(each) for each in shape.shapes]}
        if kind is Maybe:
            return _or_null(self.of(shape.shape))
        return _SCALARS[kind](shape)

    def _reference(self, shape: Record) -> Schema:
        if shape not in self._names:
            words = re.sub(r"[^a-z]+", "-", shape.name.lower()).strip("-")
            self._same[words] += 1
            name = words if self._same[words] == 1 else f"{words}-{self._same[words]}"
            self._names[shape] = name
            self._bodies[name] = {"title": shape.name, **self.record(shape)}
        return {"$ref": f"#/$defs/{self._names[shape]}"}

    def _variants(self, shape: Variants) -> Schema:
        records = dict(shape.records)
        schema = self.of(records.pop(shape.default))
        for word, record in records.items():
            schema = {
                "if": {"properties": {shape.key: {"const": word}}, "required": [shape.key]},
                "then": self.of(record),
                "else": schema,
            }
        return schema


def _or_null(schema: Schema) -> Schema:
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    if "type" in schema:
        types: Any = schema["type"]
        return {**schema, "type": [*([types] if isinstance(types, str) else types), "null"]}
    return {"anyOf": [schema, _NULL]}


def _text(_: Any) -> Schema:
    return {"type": _SCALAR, "pattern": r"\S"}


def _number(shape: Number) -> Schema:
    limits = {"minimum": shape.least, "maximum": shape.most}
    sign = "[-+]?" if shape.least is None or shape.least < 0 else "[+]?"
    return {
        "type": ["number", "string"],
        "pattern": rf"^{sign}[0-9]+(_[0-9]+)*(\.[0-9]+)?%?$",
        **{name: _json_number(value) for name, value in limits.items() if value is not None},
    }


def _json_number(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


_SCALARS: Final[dict[type[Any], Callable[[Any], Schema]]] = {
    Text: _text,
    Template: _text,
    Condition: _text,
    Identifier: lambda _: {"type": "string", "pattern": "^[a-z][a-z0-9_-]*$"},
    Word: lambda shape: {"enum": list(shape.words)},
    Choice: lambda shape: {"enum": [str(word) for word in shape.of]},
    Number: _number,
    Whole: lambda shape: {"type": "integer", "minimum": shape.least, "maximum": 999_999_999},
    Flag: lambda _: {"type": "boolean"},
    Day: lambda _: {
        "type": "string",
        "format": "date",
        "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    },
    Duration: lambda shape: {
        "type": "string",
        "pattern": rf"^0{{0,3}}[1-9][0-9]{{0,3}}\s+{shape.unit}s?$",
    },
    Constant: lambda _: {"type": [*_SCALAR, "null"]},
}
