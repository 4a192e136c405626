"""Bodies and queries into the values a use case takes; every field that cannot be taken is named."""

from typing import Any, NoReturn, cast

from flask import Request
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser

from govern.domain.refusal import InvalidInput
from govern.web.body import read_json


class Parser(FlaskParser):
    """`webargs`, with our JSON reader in front and our refusals behind."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": RAISE, "query": RAISE}  # noqa: RUF012 - as its base has it

    def load_json(self, req: Request, schema: Schema) -> Any:
        return read_json(req)

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        repeated = {
            name: [f"is given {len(values)} times"]
            for name, values in req.args.lists()
            if len(values) > 1
        }
        if repeated:
            raise ValidationError(repeated)
        return req.args.to_dict()

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Any,
    ) -> NoReturn:
        # Below the location there is one entry per field.
        [found] = cast("dict[str, Any]", error.messages).values()  # pyright: ignore[reportUnknownMemberType] - marshmallow
        raise InvalidInput("Some fields cannot be taken as they are.", errors=flat(found))


def flat(messages: Any, path: str = "") -> dict[str, list[str]]:
    """Nested messages as one map: `{"readings": {0: {"period": […]}}}` → `readings.0.period`."""
    if isinstance(messages, dict):
        found: dict[str, list[str]] = {}
        for name, each in cast("dict[Any, Any]", messages).items():
            inner = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            found |= flat(each, inner)
        return found
    listed = cast("list[Any]", messages) if isinstance(messages, list) else [messages]
    return {path or "body": [str(each) for each in listed]}
