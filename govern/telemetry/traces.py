"""Traces, as OpenTelemetry has them: what a request or a piece of work took, and what it was part of.

Nothing of OpenTelemetry is imported before somebody wants traces. It reads its own settings from the
standard variables: where to send, which share of the requests, what the service is called.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from govern import ENGINE_VERSION
from govern.domain.refusal import BadConfiguration, Refusal

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

FLUSH_MS = 5_000
"""How long an ending process takes at most to send what it has not sent yet."""

EXTRA = "govern[traces]"


_NO_IDS: Mapping[str, str] = {}


class Traced(Protocol):
    """One span, as long as it lasts."""

    def say(self, **attributes: str | int | float) -> None: ...


class Traces(Protocol):
    def request(self, headers: Mapping[str, str], method: str) -> "Open": ...

    def work(self, name: str) -> "Any": ...

    def ids(self) -> Mapping[str, str]: ...

    def stop(self) -> None: ...


class Open:
    """The span of a request. It is the current one until `leave`, and lasts until `end`."""

    def leave(self) -> None:
        """What follows in this thread is no part of it any more."""

    def end(self, name: str, attributes: Mapping[str, str | int | float], *, fault: bool) -> None:
        """`name` is the method and the template of the route."""

    def ids(self) -> Mapping[str, str]:
        """The ids of the span, for a line of the log that is written after it was left."""
        return _NO_IDS


class _Untraced(Traced):
    def say(self, **attributes: str | int | float) -> None:
        pass


class NoTraces:
    """Where nobody wants any."""

    def request(self, headers: Mapping[str, str], method: str) -> Open:
        return _NOT_OPEN

    @contextmanager
    def work(self, name: str) -> Generator[Traced]:
        yield _UNTRACED

    def ids(self) -> Mapping[str, str]:
        return _NO_IDS

    def stop(self) -> None:
        pass


_NOT_OPEN = Open()
_UNTRACED = _Untraced()


def require_installed() -> None:
    """Raises BadConfiguration where traces are wanted and what sends them is missing."""
    try:
        there = find_spec("opentelemetry.sdk") and find_spec(
            "opentelemetry.exporter.otlp.proto.http"
        )
    except ModuleNotFoundError:
        there = None
    if not there:
        raise BadConfiguration(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, and what sends traces is not installed: install "
            f"{EXTRA}, or unset the variable.",
            setting="OTEL_EXPORTER_OTLP_ENDPOINT",
        )


def sending_traces() -> "OtlpTraces":
    """Traces that are sent from this process, by a thread of its own: to be called after a fork.
    Raises BadConfiguration where what sends them is not installed."""
    require_installed()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - costs
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    # What OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME say goes before this.
    own = Resource({"service.name": "govern", "service.version": ENGINE_VERSION})
    provider = TracerProvider(resource=own.merge(_from_environment()))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return OtlpTraces(provider)


def _from_environment() -> Any:
    from opentelemetry.sdk.resources import OTELResourceDetector  # noqa: PLC0415

    return OTELResourceDetector().detect()


class OtlpTraces:
    def __init__(self, provider: "TracerProvider") -> None:
        from opentelemetry import context, trace  # noqa: PLC0415
        from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415
            TraceContextTextMapPropagator,
        )

        self._provider = provider
        self._tracer = provider.get_tracer("govern", ENGINE_VERSION)
        self._trace, self._context = trace, context
        self._caller = TraceContextTextMapPropagator()

    def request(self, headers: Mapping[str, str], method: str) -> Open:
        """`headers` with lower-case names; `traceparent` says what the request is part of (W3C Trace
        Context)."""
        parent = self._caller.extract(dict(headers)) if "traceparent" in headers else None
        span = self._tracer.start_span(
            method, context=parent or self._context.Context(), kind=self._trace.SpanKind.SERVER
        )
        token = self._context.attach(self._trace.set_span_in_context(span))
        return _OpenSpan(span, lambda: self._context.detach(token), self._trace.StatusCode.ERROR)

    @contextmanager
    def work(self, name: str) -> Generator[Traced]:
        with self._tracer.start_as_current_span(
            name, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield _Span(span)
            except Refusal:
                raise
            except BaseException as error:
                # The kind alone: what it says may be what somebody wrote.
                span.set_status(self._trace.StatusCode.ERROR, type(error).__name__)
                raise

    def ids(self) -> Mapping[str, str]:
        """The ids of the current span, for a line of the log."""
        return _ids_of(self._trace.get_current_span())

    def stop(self) -> None:
        """Sends what has not been sent."""
        self._provider.force_flush(FLUSH_MS)
        self._provider.shutdown()


def _ids_of(span: "Span") -> Mapping[str, str]:
    told = span.get_span_context()
    if not told.is_valid:
        return _NO_IDS
    return {"trace_id": f"{told.trace_id:032x}", "span_id": f"{told.span_id:016x}"}


class _Span(Traced):
    def __init__(self, span: "Span") -> None:
        self._span = span

    def say(self, **attributes: str | int | float) -> None:
        for name, value in attributes.items():
            self._span.set_attribute(f"govern.{name}", value)


class _OpenSpan(Open):
    def __init__(self, span: "Span", leave: Callable[[], None], error: Any) -> None:
        self._span, self._leave, self._error = span, leave, error

    def leave(self) -> None:
        self._leave()

    def end(self, name: str, attributes: Mapping[str, str | int | float], *, fault: bool) -> None:
        self._span.update_name(name)
        for each, value in attributes.items():
            self._span.set_attribute(each, value)
        if fault:
            self._span.set_status(self._error)
        self._span.end()

    def ids(self) -> Mapping[str, str]:
        return _ids_of(self._span)
