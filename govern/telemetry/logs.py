"""The log: one line for each thing that happened, on stderr, as JSON or to be read at once.

What programs of others write with Python's own logging comes out in the same form. No text can end a
line or colour a terminal: control characters are escaped.
"""

import json
import logging
import sys
import threading
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from govern.telemetry.secrets import HIDDEN, Secrets, is_hidden, traceback_of

JSON, TEXT = "json", "text"

LONGEST_TEXT = 2_000
"""Characters of one text in a line; of a traceback the last ones."""
LONGEST_TRACEBACK = 16_000

_FIRST = ("time", "level", "event", "logger", "request_id")
_OURS = frozenset({"time", "level", "request_id", "route", "trace_id", "span_id"})
"""What holds nothing that anybody wrote."""

_QUIET = ("alembic", "transitions", "matplotlib", "urllib3", "PIL", "opentelemetry")
"""Loggers of others that tell of every step; only what goes wrong is written."""

_WRITING = threading.Lock()

Ids = Callable[[], Mapping[str, str]]


def no_ids() -> Mapping[str, str]:
    return {}


def form_of(wanted: str | None, stream: TextIO) -> str:
    """The wanted form; where none is, text on a terminal and JSON elsewhere."""
    return wanted or (TEXT if stream.isatty() else JSON)


def configure(
    form: str | None = None,
    level: str = "info",
    secrets: Secrets | None = None,
    stream: TextIO | None = None,
    ids: Ids = no_ids,
) -> None:
    """Sets up structlog and Python's logging for this process. `ids` tells of the trace that a line
    belongs to; `secrets` are kept out of every line."""
    out = sys.stderr if stream is None else stream
    lowest = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _adding(ids),
    ]
    last: list[Processor] = [
        _tracebacks,
        _without(secrets or Secrets()),
        _rendering(form_of(form, out)),
    ]
    structlog.configure(
        processors=[_named, *shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        logger_factory=lambda *names: _Lines(out, *names),
        cache_logger_on_first_use=False,
    )
    handler = _OthersLines(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                *shared,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    for each in root.handlers[:]:
        if isinstance(each, _OthersLines):
            root.removeHandler(each)
    root.addHandler(handler)
    root.setLevel(lowest)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(lowest, logging.WARNING))


class _OthersLines(logging.StreamHandler[TextIO]):
    """Writes what comes by Python's own logging."""


class _Lines:
    """Where lines go: each whole, whoever else writes at the same time."""

    def __init__(self, out: TextIO, name: str = "govern") -> None:
        self.name = name
        self._out = out

    def msg(self, line: str) -> None:
        with _WRITING:
            self._out.write(line + "\n")
            self._out.flush()

    debug = info = warning = warn = error = critical = exception = fatal = log = msg


def _named(logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event.setdefault("logger", getattr(logger, "name", "govern"))
    return event


def _adding(ids: Ids) -> Processor:
    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.update(ids())
        return event

    return add


def _tracebacks(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    given: Any = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if given is True:
        given = sys.exc_info()
    error: Any = cast("tuple[Any, ...]", given)[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = traceback_of(error)
    return event


def _without(secrets: Secrets) -> Processor:
    def hide(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        told: MutableMapping[str, Any] = {}
        for name in (*_FIRST, *(each for each in event if each not in _FIRST)):
            if name not in event:
                continue
            if name in _OURS:
                told[name] = event[name]
                continue
            if is_hidden(name):
                told[name] = HIDDEN
                continue
            # Cut before and after: what is looked through has an end, and no secret is cut in two.
            given = _short(name, event[name], times=2)
            told[name] = _short(name, secrets.out_of_value(given))
        return told

    return hide


def _short(name: str, value: Any, times: int = 1) -> Any:
    if not isinstance(value, str):
        return value
    if name == "exception":
        most = LONGEST_TRACEBACK * times
        return value if len(value) <= most else "…" + value[-most:]
    most = LONGEST_TEXT * times
    return value if len(value) <= most else value[:most] + "…"


def _rendering(form: str) -> Processor:
    write = _as_json if form == JSON else _as_text

    def render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
        return write(event)

    return render


def _as_json(event: Mapping[str, Any]) -> str:
    # Escaped down to ASCII: no character ends a line, none moves the cursor of a terminal.
    return json.dumps(event, ensure_ascii=True, default=str)


def _as_text(event: Mapping[str, Any]) -> str:
    rest = dict(event)
    moment, level = str(rest.pop("time", "")), str(rest.pop("level", ""))
    trace = rest.pop("exception", None)
    words = [moment[:19].replace("T", " "), f"{level:<7}", _plain(str(rest.pop("event", "")))]
    words += [f"{name}={_quoted(value)}" for name, value in rest.items()]
    lines = [" ".join(words)]
    if isinstance(trace, str):
        lines += [f"    {_plain(line)}" for line in trace.splitlines()]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _quoted(value: Any) -> str:
    if isinstance(value, str):
        is_word = value and not any(each.isspace() or each in "=\"'\\" for each in value)
        return _plain(value) if is_word and value.isprintable() else json.dumps(value)
    return json.dumps(value, default=str)


def granian_config(form: str) -> dict[str, Any]:
    """How the server's own log is to be written, for its processes: the same way."""
    handlers: Sequence[str] = ("govern",)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"govern": {"()": "govern.telemetry.logs.ServerLines", "form": form}},
        "handlers": {
            "govern": {
                "class": "logging.StreamHandler",
                "formatter": "govern",
                "stream": "ext://sys.stderr",
            }
        },
        "loggers": {
            "_granian": {"handlers": [*handlers], "level": "INFO", "propagate": False},
            "granian.access": {"handlers": [], "level": "INFO", "propagate": False},
        },
    }


class ServerLines(structlog.stdlib.ProcessorFormatter):
    """A formatter for what the server says of itself."""

    def __init__(self, form: str) -> None:
        super().__init__(
            foreign_pre_chain=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
                _server,
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _tracebacks,
                _without(Secrets()),
                _rendering(form),
            ],
        )


def _server(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["logger"] = "govern.server"
    return event
