"""What waits in the store, told when it is asked for, from counts that are a few seconds old at most.

A database that hangs keeps nobody waiting: then what it last said stands for a minute, and after that
nothing does; `govern_store_up` says which it is.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from time import monotonic

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from govern import ENGINE_VERSION
from govern.services.gauges import Gauges, gauges, overdue_readings
from govern.services.runtime import Runtime
from govern.telemetry.latest import Latest

FRESH_S = 5.0
WAIT_S = 2.0
KEEP_S = 60.0
OVERDUE_EVERY_S = 60.0
"""So old may the count of overdue readings be: it is the dear one."""


class StoreGauges(Collector):
    def __init__(
        self, runtime: Runtime, clock: Callable[[], datetime], *, fresh_s: float = FRESH_S
    ) -> None:
        self._runtime, self._clock = runtime, clock
        self._waiting = Latest(self._ask, fresh_s=fresh_s, wait_s=WAIT_S, keep_s=KEEP_S)
        self._overdue = Latest(
            lambda: overdue_readings(runtime, clock()),
            fresh_s=min(OVERDUE_EVERY_S, fresh_s * 12),
            wait_s=WAIT_S,
            keep_s=KEEP_S * 10,
        )

    def _ask(self) -> Gauges:
        return gauges(self._runtime, self._clock())

    def describe(self) -> Iterator[Metric]:
        return iter(())

    def collect(self) -> Iterator[Metric]:
        begun = monotonic()
        found, up = self._waiting.get()
        yield _one("govern_build_info", "The version of govern.", 1, version=ENGINE_VERSION)
        yield _one(
            "govern_store_up", "Whether the database answers in time (1) or not (0).", int(up)
        )
        if found is not None:
            yield from _told(found)
        if up and monotonic() - begun < WAIT_S:
            overdue, _ = self._overdue.get()
            if overdue is not None:
                yield _one("govern_readings_overdue", "Readings whose day has passed.", overdue)


def _told(found: Gauges) -> Iterator[Metric]:
    yield _one("govern_events_unsealed", "Events that are not in the log yet.", found.unsealed)
    yield _one(
        "govern_sealing_lag_seconds",
        "Age of the oldest event that is not in the log; 0 where all are.",
        found.sealing_lag_s,
    )
    yield _one(
        "govern_sealing_key",
        "Whether there is a key to seal events with (1) or not (0).",
        int(found.has_key),
    )
    yield _one("govern_log_events", "Events in the log.", found.log_size)
    waits = GaugeMetricFamily(
        "govern_outbox_deliveries",
        "What waits to be sent, or failed for good: reports, news to webhooks, letters.",
        labels=["queue", "state"],
    )
    for (queue, state), count in sorted(found.outbox.items()):
        waits.add_metric([queue, state], count)
    yield waits
    yield _one(
        "govern_outbox_oldest_due_seconds",
        "For how long what has waited longest is due for a try; 0 where nothing is.",
        found.outbox_oldest_s,
    )
    yield _one("govern_gates_waiting", "Submissions that wait for a decision.", found.gates_waiting)
    yield _one("govern_gates_overdue", "Those of them whose day has passed.", found.gates_overdue)
    yield _each("govern_projects", "Projects by stage.", "stage", found.projects)
    yield _each(
        "govern_recommendations_open",
        "Recommendations that wait for an answer, by severity.",
        "severity",
        dict.fromkeys(("amber", "green", "red"), 0) | dict(found.recommendations),
    )
    if found.last_sweep_at is not None:
        yield _one(
            "govern_sweep_last_change_timestamp_seconds",
            "When a sweep last found something else than the one before it.",
            found.last_sweep_at.timestamp(),
        )


def _one(name: str, what: str, value: float, **labels: str) -> Metric:
    family = GaugeMetricFamily(name, what, labels=list(labels))
    family.add_metric(list(labels.values()), value)
    return family


def _each(name: str, what: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, what, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family
