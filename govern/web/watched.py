"""What a request says of itself to whoever watches: by which route it came, and who is asking."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, cast

from flask import Flask, Response, g, request

from govern.telemetry.serving import Call, call_of
from govern.telemetry.telemetry import Telemetry

_CONVERTED = re.compile(r"<(?:[^:<>]*:)?([^<>]+)>")

MOST_SENT = 500
"""So many of the values that a caller sent are kept out of a traceback; they are short, or many more
than a program has words for."""


def watch(app: Flask, telemetry: Telemetry) -> None:
    """To be called first: what is registered first answers last."""
    app.wsgi_app = telemetry.serving(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_say_route)
    app.after_request(_say_person)


def template_of(rule: str) -> str:
    """`/api/v1/projects/{project_id}`: a route as the description of the API writes it."""
    return _template(rule)


@lru_cache(maxsize=2_000)
def _template(rule: str) -> str:
    return _CONVERTED.sub(r"{\1}", rule)


def this_call() -> Call | None:
    return call_of(request.environ)


def route() -> str:
    """The template of this request's address; `unknown` where it is none of ours."""
    return "unknown" if request.url_rule is None else template_of(request.url_rule.rule)


def values_sent() -> list[str]:
    """What the caller sent, value by value: it must not stand in a log, whatever raised with it."""
    sent = [*request.args.values(), *request.cookies.values()]
    sent += [each for each in (request.view_args or {}).values() if isinstance(each, str)]
    for name, value in request.headers:
        if name.lower() in ("authorization", "cookie", "proxy-authorization", "x-api-key"):
            sent += [value, *value.split(" ")]
    # A body that cannot be read, now that something has gone wrong, is in no traceback either.
    with suppress(Exception):
        if request.mimetype == "application/json":
            sent += _texts(request.get_json(silent=True, cache=True))
        elif request.mimetype == "application/x-www-form-urlencoded":
            sent += request.form.values()
    return [*dict.fromkeys(sent)][:MOST_SENT]


def _say_route() -> None:
    call = this_call()
    if call is not None:
        call.route = route()


def _say_person(response: Response) -> Response:
    call = this_call()
    actor: Any = g.get("actor")
    if call is not None and actor is not None:
        call.person = actor.person_id
    return response


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting += cast("dict[str, Any]", each).values()
        elif isinstance(each, list):
            waiting += cast("list[Any]", each)
