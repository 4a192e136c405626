"""Refusals as RFC 9457 problems: one shape for everything that goes wrong."""

import json
import logging
import secrets
from http import HTTPStatus
from typing import Any

from flask import Response, request
from werkzeug.exceptions import HTTPException, NotFound

from govern.domain.plain import plain
from govern.domain.refusal import (
    BadRequest,
    InternalError,
    InvalidInput,
    LengthRequired,
    MethodNotAllowed,
    NotSignedIn,
    Refusal,
    ScopeNeeded,
    StillAnswering,
    StorageFault,
    TooLarge,
    TooManyRequests,
    UnknownRoute,
    UnsupportedMediaType,
)
from govern.telemetry.secrets import traceback_of
from govern.web.watched import route, this_call, values_sent

PROBLEM_JSON = "application/problem+json"
PROBLEMS = "/problems/"
"""Where the type of a problem is explained, by its code."""

_log = logging.getLogger("govern.web")

_OF_STATUS: dict[int, type[Refusal]] = {
    400: BadRequest,
    405: MethodNotAllowed,
    411: LengthRequired,
    413: TooLarge,
    415: UnsupportedMediaType,
    422: InvalidInput,
}


def every_refusal() -> dict[str, type[Refusal]]:
    """Code → class, of every refusal there is."""
    found: dict[str, type[Refusal]] = {}
    waiting: list[type[Refusal]] = [Refusal]
    while waiting:
        for each in waiting.pop().__subclasses__():
            found[each.code] = each
            waiting.append(each)
    return found


def problem_of(refusal: Refusal) -> dict[str, Any]:
    """The members of the problem; facts that would hide a member of RFC 9457 are left out."""
    members: dict[str, Any] = {
        "type": f"{PROBLEMS}{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
    }
    facts = {name: plain(value) for name, value in refusal.facts.items() if name not in members}
    return members | facts


def answer_refusal(refusal: Refusal) -> Response:
    if isinstance(refusal, StorageFault):
        _log.error("%s", refusal.detail)
    call = this_call()
    members = problem_of(refusal) | ({} if call is None else {"request_id": call.request_id})
    response = Response(
        json.dumps(members, ensure_ascii=False),
        status=refusal.status,
        content_type=PROBLEM_JSON,
    )
    if isinstance(refusal, NotSignedIn):
        given = "Authorization" in request.headers
        error = ', error="invalid_token"' if given else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="govern"{error}'
    if isinstance(refusal, ScopeNeeded):
        response.headers["WWW-Authenticate"] = (
            f'Bearer realm="govern", error="insufficient_scope", scope="{refusal.facts["needed"]}"'
        )
    if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE or isinstance(refusal, StillAnswering):
        response.headers["Retry-After"] = "1"
    if isinstance(refusal, TooManyRequests):
        response.headers["Retry-After"] = str(refusal.facts["retry_after"])
    return response


def answer_http(error: HTTPException) -> Response:
    """What Flask and Werkzeug raise themselves: unknown addresses, methods, broken requests."""
    plain_answer = error.get_response()
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return Response(status=plain_answer.status_code, headers=list(plain_answer.headers.items()))
    response = answer_refusal(refusal_of(error))
    if "Allow" in plain_answer.headers:
        response.headers["Allow"] = plain_answer.headers["Allow"]
    return response


def answer_unexpected(error: Exception) -> Response:
    """A fault of ours. The caller learns an incident number, the log learns everything."""
    return answer_refusal(log_unexpected(error))


def log_unexpected(error: Exception) -> InternalError:
    """Writes a fault of ours to the log; the refusal tells its incident number alone."""
    incident = secrets.token_hex(8)
    # What was sent is nobody's business but the caller's, wherever it was when this happened.
    told = {"incident": incident, "exception": traceback_of(error, values_sent())}
    _log.error("incident %s at %s %s", incident, request.method, route(), extra=told)
    return InternalError(
        f"It was logged as incident {incident}; tell whoever runs govern.",
        instance=f"/incidents/{incident}",
    )


def refusal_of(error: HTTPException) -> Refusal:
    """What Flask and Werkzeug raise themselves, in our words."""
    if isinstance(error, NotFound):
        return UnknownRoute(f"There is nothing at {request.path}; /docs lists what there is.")
    kind = _OF_STATUS.get(error.code or 0, BadRequest)
    if kind is MethodNotAllowed:
        return kind(f"{request.path} does not take {request.method}.")
    return kind(error.description or error.name)
