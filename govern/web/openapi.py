"""The description of the API (OpenAPI 3.1), and flask-smorest set up to write it as we answer."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportIncompatibleMethodOverride=false

from http import HTTPStatus
from typing import Any

from flask import Flask, Response
from flask_smorest import Api  # pyright: ignore[reportMissingTypeStubs]
from flask_smorest.utils import prepare_response  # pyright: ignore[reportMissingTypeStubs]
from werkzeug.exceptions import HTTPException

from govern import ENGINE_VERSION
from govern.domain.token_scope import MEANINGS
from govern.web import routes
from govern.web.fields.told import schema_of
from govern.web.problem import PROBLEM_JSON, answer_http
from govern.web.resource import BEARER
from govern.web.resources import ALL
from govern.web.schemas.problem import Problem

PREFIX = "/api/v1"

_ABOUT = """\
Projects pass gates, KPIs are reported, rules judge, people decide, and the ledger keeps all of it.

Sign in with `Authorization: Bearer` and a token. A token that was made for some scopes alone is \
refused for what needs another one; each operation says which it needs:

{scopes}

A write on something that exists names the
version it was made for: send the `ETag` of your last read as `If-Match`. Lists come in pages:
follow `next` or the `Link` header. A write takes an `Idempotency-Key`: sent again with it within
a day it is not done again, and has the answer that it had. Everything that goes wrong is a
problem (RFC 9457) with a stable `code`, and `errors` names each field. Decimal numbers leave as
strings, and come in as strings or as JSON numbers of at most 15 digits, so that no digit is lost.
What is not known is null, never 0.
"""

_REFUSED = {
    400: "The body is not JSON, or the request cannot be read.",
    401: "No valid token.",
    403: "Your roles do not allow this.",
    404: "There is no such thing, or you may not see it.",
    409: "It does not fit what stands already: the stage, the baseline, a closed decision; or the "
    "events of then do not tell what was known.",
    411: "The body came in chunks; send a Content-Length.",
    412: "It has changed since you read it.",
    413: "The body is too large.",
    415: "The body is not sent as JSON.",
    422: "Some fields cannot be taken; `errors` names each.",
    428: "`If-Match` is missing.",
    429: "More was asked for than is answered in a while; `Retry-After` says when to come again.",
    500: "A fault of ours; it was logged.",
    503: "The database could not do it now; nothing was written. Try again.",
}


class _Api(Api):
    """Refuses in our words, and describes what it refuses so."""

    ERROR_SCHEMA = Problem
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_responses(self) -> None:
        spec: Any = self.spec
        for status, description in _REFUSED.items():
            response: dict[str, Any] = {"description": description, "schema": Problem}
            prepare_response(response, spec, PROBLEM_JSON)
            spec.components.response(HTTPStatus(status).name, response, lazy=True)

    def handle_http_exception(self, error: HTTPException) -> Response:
        return answer_http(error)


def _scopes() -> str:
    return "\n".join(f"- `{each}`: {says}" for each, says in MEANINGS.items())


def add_api(app: Flask) -> None:
    """Registers every resource, and serves the description at `/api/v1/openapi.json`."""
    app.config |= {
        "API_TITLE": "govern",
        "API_VERSION": ENGINE_VERSION,
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": PREFIX,
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": {
            "info": {"description": _ABOUT.replace("{scopes}", _scopes())},
            "security": [{BEARER: []}],
        },
    }
    api: Any = _Api(app)
    api.spec.components.security_scheme(
        BEARER,
        {
            "type": "http",
            "scheme": BEARER,
            "description": "A token that an admin issued (`govern people token`) or that you made on the "
            "page `/me`. It does no more than you may, and no more than its scopes say.",
        },
    )
    api.ma_plugin.converter.add_attribute_function(schema_of)
    for converter in routes.CONVERTERS:
        api.register_converter(converter, routes.schema_of)
    for resource in ALL:
        api.register_blueprint(resource, url_prefix=PREFIX)
