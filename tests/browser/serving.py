"""The web application over the example portfolio, on a free port of the loopback interface.

It runs in a thread of the tests and not as `govern serve` does, so that they say what time it is.
"""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from govern.services.example import load_example
from govern.services.log_keys import new_key
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.settings import Settings, shipped
from govern.web.app import create_app
from govern.wiring import started

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LOG = "govern.example/browser"


@dataclass(frozen=True, slots=True)
class Place:
    """A database, and the folder of the key of its log."""

    url: str
    keys: Path


class Clock:
    """It stands; a test moves it by setting `now`."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Server:
    address: str
    runtime: Runtime
    clock: Clock
    app: Flask


def prepare(place: Place) -> None:
    """Fills a database with the example portfolio, as `govern demo` does."""
    with started(Settings(database_url=place.url, keys_dir=place.keys), Clock()) as ready:
        new_key(ready.runtime, OPERATOR, LOG, now=NOW)
        load_example(ready.runtime, OPERATOR, shipped("examples"), now=NOW)


@contextmanager
def served(place: Place) -> Generator[Server]:
    clock = Clock()
    with ExitStack() as stack:
        listening = make_server(
            "127.0.0.1", 0, Flask("later"), threaded=True, request_handler=_Quiet
        )
        stack.callback(listening.server_close)
        address = f"http://127.0.0.1:{listening.server_port}"
        settings = Settings(database_url=place.url, keys_dir=place.keys, public_url=address)
        ready = stack.enter_context(started(settings, clock))
        app = create_app(ready.runtime, clock)
        listening.app = app
        answering = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
        answering.start()
        stack.callback(answering.join)
        stack.callback(listening.shutdown)
        yield Server(address, ready.runtime, clock, app)


class _Quiet(WSGIRequestHandler):
    """Says nothing of requests that were answered."""

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        pass
