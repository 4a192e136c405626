"""Lists of limited length."""

# pyright: reportUnknownMemberType=false

from typing import Any, cast

from marshmallow import ValidationError, fields

from govern.web.fields.told import MESSAGES


class Several(fields.List[Any]):
    """A list of `least` to `most` values."""

    def __init__(
        self,
        inner: fields.Field[Any],
        says: str | None = None,
        *,
        most: int,
        least: int = 0,
        **options: Any,
    ) -> None:
        metadata: dict[str, Any] = {"maxItems": most, "minItems": least}
        if says:
            metadata["description"] = says
        super().__init__(inner, metadata=metadata, error_messages=MESSAGES, **options)
        self._least, self._most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError("a list is needed")
        count = len(cast("list[Any]", value))
        if not self._least <= count <= self._most:
            raise ValidationError(f"has {count} entries; {self._least} to {self._most} are taken")
        return super()._deserialize(value, attr, data, **kwargs)
