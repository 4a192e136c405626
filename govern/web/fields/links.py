"""Links to documents that are kept elsewhere."""

from typing import Any

from marshmallow import ValidationError

from govern.documents.links import LINK, LONGEST_LINK, wrong_with
from govern.web.fields.told import Field


class Link(Field[str]):
    """A web address: http or https, a host, no password."""

    expects = "a web address is a text"

    def __init__(self, says: str | None = None, **options: Any) -> None:
        schema = {"type": "string", "pattern": LINK, "maxLength": LONGEST_LINK}
        super().__init__(schema, says, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.unexpected()
        if wrong := wrong_with(value):
            raise ValidationError(wrong)
        return value
