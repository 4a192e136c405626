"""What it costs a request that it is logged, counted and traced: the processor's time of the application
with nobody watching, with log and metrics as `govern serve` has them, and with traces on top.

The request is `/healthz`, which does nothing else, so that what is measured is the watching. The ways take
turns over the rounds, and the medians are told: time of the process, not of the clock, as other work on the
machine must not count. The log goes to a file, the metrics into a folder that processes share; traces
go to a receiver on this machine, whose own work is not counted.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder

from benchmarks.goal import Goal, at_most
from govern.services.catalog import Catalog
from govern.services.runtime import Runtime
from govern.settings import Settings
from govern.store.engine import open_engine
from govern.store.transaction import Store
from govern.telemetry.telemetry import watched
from govern.web.app import create_app

REQUESTS, ROUNDS = 1_000, 5
MOST_MS = 0.3
"""What log and metrics together may cost a request."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of a request's processor time, medians over the rounds."""

    plain_ms: float
    watched_ms: float
    traced_ms: float

    @property
    def costs_ms(self) -> float:
        return self.watched_ms - self.plain_ms


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    if parser.parse_args().worker:
        print(json.dumps(_rounds()))
        return
    found = measure()
    print(json.dumps(asdict(found)))
    print(f"  nobody watching     {found.plain_ms:.3f} ms")
    print(f"  log and metrics     {found.watched_ms:.3f} ms, {found.costs_ms:.3f} ms more")
    print(f"  and traces          {found.traced_ms:.3f} ms")


def goals() -> list[Goal]:
    return [at_most("log and metrics, of a request", MOST_MS, measure().costs_ms, "ms")]


def measure() -> Measured:
    """Each in a process of its own: what is imported for one is not there for another."""
    alone = _worker()
    with _receiver() as url:
        traced = _worker(OTEL_EXPORTER_OTLP_ENDPOINT=url)["watched"]
    return Measured(
        statistics.median(alone["plain"]),
        statistics.median(alone["watched"]),
        statistics.median(traced),
    )


def _worker(**environment: str) -> dict[str, list[float]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.watching", "--worker"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def _rounds() -> dict[str, list[float]]:
    with TemporaryDirectory() as folder:
        place = Path(folder)
        store = Store(open_engine(f"sqlite:///{place / 'govern.db'}"))
        runtime = Runtime(store, Catalog())
        with (place / "log").open("w") as log:
            plain = create_app(runtime, _now)
            with watched(Settings(), folder=place / "figures", stream=log) as telemetry:
                telemetry.over(runtime)
                apps = {"plain": plain, "watched": create_app(runtime, _now, telemetry=telemetry)}
                found: dict[str, list[float]] = {name: [] for name in apps}
                for _ in range(ROUNDS):
                    for name, app in apps.items():
                        found[name].append(_ms_each(_asking(app)))
        store.close()
    return found


def _ms_each(ask: Callable[[], None]) -> float:
    for _ in range(REQUESTS // 10):
        ask()
    begun = time.thread_time()
    for _ in range(REQUESTS):
        ask()
    return (time.thread_time() - begun) * 1000 / REQUESTS


def _asking(app: Flask) -> Callable[[], None]:
    environ = EnvironBuilder(
        path="/healthz", environ_base={"REMOTE_ADDR": "127.0.0.1"}
    ).get_environ()

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], Any]:
        return lambda part: None

    def ask() -> None:
        answer: Any = app.wsgi_app(dict(environ), start)
        for _ in answer:
            pass
        answer.close()

    return ask


def _now() -> datetime:
    return datetime.now(UTC)


class _receiver:  # noqa: N801 - used as a function
    """Takes whatever is sent, in a thread of this process."""

    def __enter__(self) -> str:
        class Taker(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
        Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


if __name__ == "__main__":
    main()
