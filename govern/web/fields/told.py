"""What every field has: a JSON Schema that describes it, a sentence, and its refusals in our words."""

# pyright: reportUnknownMemberType=false

from typing import Any, ClassVar, TypeVar

from marshmallow import ValidationError, fields

MESSAGES: dict[str, Any] = {"required": "is needed", "null": "cannot be null"}

Value = TypeVar("Value")


class Field(fields.Field[Value]):
    """A field that carries its own JSON Schema. `expects` says what is right, for a wrong type."""

    expects: ClassVar[str] = "this cannot be taken"

    def __init__(self, schema: dict[str, Any], says: str | None, **options: Any) -> None:
        described = {"description": says} if says else {}
        super().__init__(
            metadata={"schema": schema, **described}, error_messages=MESSAGES, **options
        )

    def unexpected(self) -> ValidationError:
        return ValidationError(self.expects)


def schema_of(converter: Any, field: Any, *, ret: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of one of our fields, for apispec: null is allowed where the field allows it."""
    schema: dict[str, Any] | None = field.metadata.get("schema")
    if schema is None:
        return {}
    if not field.allow_none:
        return schema
    kinds = schema["type"]
    listed = [kinds] if isinstance(kinds, str) else kinds
    nullable = {**schema, "type": [*listed, "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable
