"""The web server: granian, whose workers each build the application from the environment."""

import os
import signal
import sys
from contextlib import ExitStack
from typing import NoReturn

from flask import Flask
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server import Server

from govern.services.log_upkeep import kept_up
from govern.services.people import OPERATOR
from govern.settings import Settings, clock
from govern.web.app import create_app
from govern.wiring import started

THREADS = 4
"""Requests one worker answers at a time."""

HEADERS_WITHIN_MS = 10_000
"""How long a client may take to send its headers: a slow one must not hold a place."""


STOP_WITHIN_S = 20
"""How long a worker may take to answer what it began, once it is told to stop."""


def application() -> Flask:
    """The WSGI application of one worker; its database stays open as long as the worker lives.

    Ctrl-C reaches the worker and its server alike, and then the server tells the worker to stop. Of
    two signals at once granian's worker can wait for itself for ever: it hears its server only.
    """
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    open_while_serving = ExitStack()
    ready = open_while_serving.enter_context(started(Settings.from_environment()))
    app = create_app(ready.runtime, clock)
    open_while_serving.enter_context(kept_up(ready.runtime, OPERATOR, clock, _tell))
    app.extensions["govern.open"] = open_while_serving
    return app


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)  # noqa: T201 - the log of a server


def run_afresh(settings: Settings) -> NoReturn:
    """Serves in place of this process, for one that has computed already: the threads of Polars do
    not survive the fork that a worker begins with, and would leave it waiting for ever."""
    os.environ.update(settings.environment())
    sys.stdout.flush()
    sys.stderr.flush()
    serve = "from govern.cli.main import main; main()"
    os.execv(sys.executable, [sys.executable, "-c", serve, "serve"])  # noqa: S606 - our own program


def run(settings: Settings) -> None:
    """Serves until interrupted."""
    os.environ.update(settings.environment())
    Server(
        "govern.web.server:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        blocking_threads=THREADS,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_MS),
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN_S,
    ).serve()
