"""Links of the benefits map: what a thing is tied to, and by which share."""

# pyright: reportUnknownMemberType=false

from decimal import Decimal
from typing import Any, cast

from marshmallow import ValidationError

from govern.domain.plain import plain_decimal
from govern.web.fields.numbers import Figure, Number
from govern.web.fields.texts import Identifier, check_identifier
from govern.web.fields.told import Field, schema_of

MOST_SERVED = 500


class Shares(Field[dict[str, Decimal | None]]):
    """Id of a thing that is tied to → share (0 to 1); null where the share is not agreed.

    `given` describes the map as it is read, without it as it is written.
    """

    expects = "an object is needed: id → share or null"

    def __init__(self, says: str | None = None, *, given: bool = False, **options: Any) -> None:
        self._share = Number(least=0, most=1, allow_none=True)
        each = Figure(allow_none=True) if given else self._share
        schema: dict[str, Any] = {
            "type": "object",
            "additionalProperties": schema_of(None, each, ret={}),
        }
        if not given:
            schema["propertyNames"] = Identifier().metadata["schema"]
            schema["maxProperties"] = MOST_SERVED
        super().__init__(schema, says, **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[str, Decimal | None]:
        if not isinstance(value, dict):
            raise self.unexpected()
        named = cast("dict[str, Any]", value)
        if len(named) > MOST_SERVED:
            raise ValidationError(f"names more than {MOST_SERVED} things")
        shares: dict[str, Decimal | None] = {}
        errors: dict[str, Any] = {}
        for kpi, each in named.items():
            try:
                check_identifier(kpi)
                shares[kpi] = self._share.deserialize(each)
            except ValidationError as error:
                errors[kpi] = error.messages
        if errors:
            raise ValidationError(errors)
        return shares

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return {kpi: None if each is None else plain_decimal(each) for kpi, each in value.items()}
