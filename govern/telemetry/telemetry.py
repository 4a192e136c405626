"""All that watches over one process, set up from the settings."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TextIO
from urllib.parse import unquote, urlsplit
from wsgiref.types import WSGIApplication

from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from govern.domain.refusal import BadConfiguration
from govern.services.runtime import Runtime
from govern.services.watch import Unwatched, Watch
from govern.settings import Settings, traces_are_wanted
from govern.telemetry import logs
from govern.telemetry.counting import all_counted, count_in
from govern.telemetry.metrics import Metrics
from govern.telemetry.secrets import Secrets
from govern.telemetry.serving import Serving
from govern.telemetry.statements import count_statements
from govern.telemetry.store_gauges import StoreGauges
from govern.telemetry.traces import NoTraces, Traces, sending_traces
from govern.telemetry.watching import Watching

OFF, LOCAL, TOKEN = "off", "local", "token"
SHORTEST_TOKEN = 16


@dataclass(frozen=True, slots=True)
class Scraping:
    """Who may read the metrics. `token` is set where `who` is `token`."""

    who: str = OFF
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What watches one process. The plain one only gives requests their ids."""

    scraping: Scraping = field(default_factory=Scraping)
    metrics: Metrics | None = None
    registry: CollectorRegistry | None = None
    """What this process counts alone; None where it counts in `folder` with others."""
    folder: Path | None = None
    traces: Traces = field(default_factory=NoTraces)
    watch: Watch = field(default_factory=Unwatched)
    logs: bool = False

    def over(self, runtime: Runtime) -> Runtime:
        """The runtime, whose work and statements are watched from here on."""
        count_statements(runtime.store.engine)
        return replace(runtime, watch=self.watch)

    def serving(self, application: WSGIApplication) -> WSGIApplication:
        return Serving(application, self.metrics, self.traces, logs=self.logs)

    def exposing(
        self, runtime: Runtime, clock: Callable[[], datetime], *, fresh_s: float = 5.0
    ) -> Callable[[], bytes]:
        """What gives all metrics in Prometheus' text format, those of the store among them."""
        of_store = StoreGauges(runtime, clock, fresh_s=fresh_s)

        def expose() -> bytes:
            told = CollectorRegistry()
            if self.folder is not None:
                all_counted(self.folder, told)
            told.register(of_store)
            counted = b"" if self.registry is None else generate_latest(self.registry)
            return counted + generate_latest(told)

        return expose


def counting(scraping: Scraping) -> Telemetry:
    """One that counts for itself alone, as a process does that no other counts beside."""
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    return Telemetry(scraping, metrics, registry, watch=Watching(metrics, NoTraces()), logs=True)


def secrets_of(settings: Settings) -> Secrets:
    """What must never be told of these settings."""
    return Secrets(
        [
            _password(settings.database_url),
            _password(settings.smtp_url),
            settings.webhook_secret,
            _kept(settings.webhook_secret_file),
            settings.metrics_token,
            _kept(settings.metrics_token_file),
        ]
    )


def scraping_of(settings: Settings) -> Scraping:
    """Raises BadConfiguration for a token that is missing, short or unreadable."""
    if settings.metrics != TOKEN:
        return Scraping(settings.metrics)
    token = settings.metrics_token
    if token is None and settings.metrics_token_file is not None:
        token = _kept(settings.metrics_token_file)
        if token is None:
            raise BadConfiguration(
                f"GOVERN_METRICS_TOKEN_FILE is '{settings.metrics_token_file}', which cannot be read.",
                setting="GOVERN_METRICS_TOKEN_FILE",
            )
    if token is None or len(token) < SHORTEST_TOKEN:
        raise BadConfiguration(
            "GOVERN_METRICS is 'token': GOVERN_METRICS_TOKEN or GOVERN_METRICS_TOKEN_FILE gives it, "
            f"{SHORTEST_TOKEN} characters or more.",
            setting="GOVERN_METRICS_TOKEN",
        )
    return Scraping(TOKEN, token)


@contextmanager
def watched(
    settings: Settings,
    *,
    folder: Path | None = None,
    level: str | None = None,
    stream: TextIO | None = None,
) -> Generator[Telemetry]:
    """What watches this process while the block lasts; then the traces that wait are sent.

    `folder` is where processes count together, `level` that of the log unless the settings'. Raises
    BadConfiguration for settings that cannot be used, and where traces are wanted and cannot be sent.
    """
    scraping = scraping_of(settings)
    traces: Traces = sending_traces() if traces_are_wanted() else NoTraces()
    logs.configure(
        settings.log_form,
        level or settings.log_level,
        secrets_of(settings),
        stream=stream,
        ids=traces.ids,
    )
    metrics = None
    if folder is not None:
        count_in(folder)
        metrics = Metrics(CollectorRegistry())
    try:
        yield Telemetry(
            scraping if folder is not None else Scraping(),
            metrics,
            None,
            folder,
            traces,
            Watching(metrics, traces),
            logs=True,
        )
    finally:
        traces.stop()


def _password(address: str | None) -> str | None:
    if address is None:
        return None
    try:
        return make_url(address).password
    except (ArgumentError, ValueError):
        pass
    try:
        password = urlsplit(address).password
    except ValueError:
        return None
    return None if password is None else unquote(password)


def _kept(file: Path | None) -> str | None:
    try:
        return None if file is None else file.read_text(encoding="utf-8").strip() or None
    except (OSError, ValueError):
        return None
