"""The web server: granian, whose workers each build the application from the environment."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any, NoReturn

import structlog
from flask import Flask
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from govern.domain.refusal import BadConfiguration, Refusal
from govern.services.log_upkeep import kept_up
from govern.services.people import OPERATOR
from govern.services.working import at_work
from govern.settings import Settings, clock, traces_are_wanted
from govern.telemetry.logs import form_of, granian_config
from govern.telemetry.telemetry import OFF, scraping_of, watched
from govern.telemetry.traces import require_installed
from govern.web.app import create_app
from govern.web.limits import Limits
from govern.wiring import started

THREADS = 4
"""Requests one worker answers at a time."""

HEADERS_WITHIN_MS = 10_000
"""How long a client may take to send its headers: a slow one must not hold a place."""


SENDERS = 2
"""How many things one worker sends at a time, where it does that too."""

STOP_WITHIN_S = 20
"""How long a worker may take to answer what it began, once it is told to stop."""


def application() -> Flask:
    """The WSGI application of one worker; its database stays open as long as the worker lives.

    Ctrl-C reaches the worker and its server alike, and then the server tells the worker to stop. Of
    two signals at once granian's worker can wait for itself for ever: it hears its server only.
    """
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return _application()
    except Exception as error:
        log: Any = structlog.get_logger("govern.worker")
        refused = isinstance(error, Refusal)
        log.error("not started", why=str(error), exc_info=None if refused else error)
        # Anything else than this Python would print, past the log and with all that is in it.
        raise SystemExit(1) from None


def _application() -> Flask:
    open_while_serving = ExitStack()
    settings = Settings.from_environment()
    folder = None if settings.metrics == OFF else settings.metrics_dir
    telemetry = open_while_serving.enter_context(watched(settings, folder=folder))
    ready = open_while_serving.enter_context(started(settings))
    runtime = telemetry.over(ready.runtime)
    most = settings.requests_per_minute
    app = create_app(
        runtime,
        clock,
        telemetry=telemetry,
        limits=Limits(most) if most else None,
        proxies=settings.trusted_proxies,
    )
    open_while_serving.enter_context(kept_up(runtime, OPERATOR, clock, _tell))
    if settings.ticks:
        at_once = at_work(runtime, OPERATOR, clock, _tell, senders=SENDERS)
        open_while_serving.enter_context(at_once)
    app.extensions["govern.open"] = open_while_serving
    # A worker ends without what Python does at the end of a program: the last traces would be lost.
    app.extensions["govern.ending"] = Finalize(None, open_while_serving.close, exitpriority=1)
    return app


def _tell(what: str) -> None:
    log: Any = structlog.get_logger("govern.worker")
    log.error(what)


def run_afresh(settings: Settings) -> NoReturn:
    """Serves in place of this process, for one that has computed already: the threads of Polars do
    not survive the fork that a worker begins with, and would leave it waiting for ever."""
    os.environ.update(settings.environment())
    sys.stdout.flush()
    sys.stderr.flush()
    serve = "from govern.cli.main import main; main()"
    os.execv(sys.executable, [sys.executable, "-c", serve, "serve"])  # noqa: S606 - our own program


@contextmanager
def _counting(settings: Settings) -> Generator[Settings]:
    """The settings, with the folder in which the workers count together."""
    if settings.metrics_dir is not None or settings.metrics == OFF:
        yield settings
        return
    try:
        folder = Path(tempfile.mkdtemp(prefix="govern-metrics-"))
    except OSError as error:
        raise BadConfiguration(
            f"There is no place to count in: {error}. Name a folder with GOVERN_METRICS_DIR, or set "
            "GOVERN_METRICS to off.",
            setting="GOVERN_METRICS_DIR",
        ) from error
    try:
        yield replace(settings, metrics_dir=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(settings: Settings) -> None:
    """Serves until interrupted. Raises BadConfiguration for settings that no worker could start with."""
    scraping_of(settings)
    if traces_are_wanted():
        require_installed()
    with _counting(settings) as counting:
        _serve(counting)


def _serve(settings: Settings) -> None:
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
        log_level=LogLevels(settings.log_level),
        log_dictconfig=granian_config(form_of(settings.log_form, sys.stderr)),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN_S,
    ).serve()
