"""Every request, from outside the application: its id, its line in the log, its measures, its trace.

A line says by whom, by what address template, with what outcome and for how long; never with what:
no address as it was sent, no query, no header, no body.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog

from govern.telemetry.metrics import UNKNOWN_ROUTE, Metrics, method_label
from govern.telemetry.request_ids import HEADER, request_id_of
from govern.telemetry.statements import Spent, begin_spending
from govern.telemetry.traces import Open, Traces

CALL = "govern.call"
"""Where a request's `Call` stands in its environment."""

FAULT = 500


@dataclass(slots=True)
class Call:
    """What is known of one request. The application says `route` and `person`; `person` is an id."""

    request_id: str
    method: str
    route: str = UNKNOWN_ROUTE
    person: str | None = None
    status: int = FAULT
    size: int = 0
    begun: float = field(default_factory=perf_counter)


class Serving:
    """An application, watched."""

    def __init__(
        self, application: WSGIApplication, metrics: Metrics | None, traces: Traces, *, logs: bool
    ) -> None:
        self._application = application
        self._metrics, self._traces, self._logs = metrics, traces, logs
        self._log: Any = structlog.get_logger("govern.request").bind() if logs else None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID")
        call = Call(request_id_of(given), method_label(environ["REQUEST_METHOD"]))
        environ[CALL] = call
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=call.request_id)
        spent = begin_spending()
        span = self._traces.request(_trace_headers(environ), call.method)
        ended = False

        def end() -> None:
            nonlocal ended
            if not ended:
                ended = True
                self._end(call, span, spent)

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[..., Any]:
            call.status = int(status[:3])
            return start_response(status, [*headers, (HEADER, call.request_id)], *more)

        try:
            body = self._application(environ, cast("StartResponse", start))
        except BaseException:
            span.leave()
            end()
            raise
        span.leave()
        return _Body(body, call, end)

    def _end(self, call: Call, span: Open, spent: Spent) -> None:
        seconds = perf_counter() - call.begun
        structlog.contextvars.unbind_contextvars("request_id")
        if self._metrics is not None:
            self._metrics.request(call.route, call.method, call.status, seconds)
        db_ms = round(spent.seconds * 1000, 3)
        span.end(
            f"{call.method} {call.route}",
            {
                "http.request.method": call.method,
                "http.route": call.route,
                "http.response.status_code": call.status,
                "http.response.body.size": call.size,
                "govern.request_id": call.request_id,
                "govern.db_statements": spent.statements,
                "govern.db_ms": db_ms,
            },
            fault=call.status >= FAULT,
        )
        if not self._logs:
            return
        tell = self._log.info if call.status < FAULT else self._log.error
        tell(
            "request",
            request_id=call.request_id,
            method=call.method,
            route=call.route,
            status=call.status,
            ms=round(seconds * 1000, 3),
            person=call.person,
            bytes=call.size,
            db_statements=spent.statements,
            db_ms=db_ms,
            **span.ids(),
        )


class _Body:
    """An answer's bytes, counted; over when the last one is given or nobody wants more."""

    def __init__(self, body: Iterable[bytes], call: Call, end: Callable[[], None]) -> None:
        self._body, self._parts = body, iter(body)
        self._call, self._end = call, end

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            part = next(self._parts)
        except BaseException:
            self._end()
            raise
        self._call.size += len(part)
        return part

    def close(self) -> None:
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._end()


def call_of(environ: WSGIEnvironment) -> Call | None:
    """The call that a request belongs to; None where nobody watches."""
    return environ.get(CALL)


def _trace_headers(environ: WSGIEnvironment) -> dict[str, str]:
    names = {"HTTP_TRACEPARENT": "traceparent", "HTTP_TRACESTATE": "tracestate"}
    return {name: environ[key] for key, name in names.items() if key in environ}
