"""What is counted and timed as it happens, by the conventions of Prometheus (base units, `_total`).

Every label is one of few words: a route is its template, and an address that is none of ours is
`unknown`, whatever was asked for.
"""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from govern.services.watch import Outcome, Told, Work

UNKNOWN_ROUTE = "unknown"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD = "other"

REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
WORK_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)

TICKED = ("done", "failed")
CHANNELS = ("email", "webhook", "news", "notice")
"""Reports by mail and by webhook, news to webhooks, notices by mail."""
TRIED = ("sent", "to_be_tried_again", "failed")
FINDING_STATES = ("fires", "pending", "silent", "unknown")


def method_label(method: str) -> str:
    return method if method in METHODS else OTHER_METHOD


class Metrics:
    """The figures of one process. Where it counts together with others (`telemetry.counting`), what is
    told of them is told from the folder."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "govern_http_requests",
            "Requests answered, by route template, method and class of status.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._request_s = Histogram(
            "govern_http_request_duration_seconds",
            "Time from the first line of a request to the last byte of its answer.",
            ("route", "method", "status"),
            buckets=REQUEST_S,
            registry=registry,
        )
        self._work = Counter(
            "govern_work",
            "Pieces of work done, by kind and by how they ended.",
            ("work", "outcome"),
            registry=registry,
        )
        self._work_s = Histogram(
            "govern_work_duration_seconds",
            "Time that a piece of work took: sweep, tick, gate_check, sealing, sending.",
            ("work",),
            buckets=WORK_S,
            registry=registry,
        )
        self._swept = {
            name: Gauge(
                f"govern_sweep_{name}",
                f"{what} that the last sweep judged.",
                registry=registry,
                multiprocess_mode="mostrecent",
            )
            for name, what in (("projects", "Projects"), ("kpis", "KPIs"))
        }
        self._findings = Gauge(
            "govern_sweep_findings",
            "What the last sweep found, by state.",
            ("state",),
            registry=registry,
            multiprocess_mode="mostrecent",
        )
        self._ticked = Counter(
            "govern_tick_things",
            "Things that ticks found due, by whether they were done.",
            ("outcome",),
            registry=registry,
        )
        self._sealed = Counter(
            "govern_sealed_events", "Events put into the log and signed.", registry=registry
        )
        self._sent = Counter(
            "govern_deliveries",
            "Tries to send something, by channel and by what became of it.",
            ("channel", "outcome"),
            registry=registry,
        )

        self._begin_at_nothing()

    def _begin_at_nothing(self) -> None:
        """What has not happened is counted too, as 0: else its first time would be no increase."""
        for work in Work:
            self._work_s.labels(work.value)
            for outcome in (Outcome.REFUSED, Outcome.FAILED):
                self._work.labels(work.value, outcome.value)
        for outcome in TICKED:
            self._ticked.labels(outcome)
        for channel in CHANNELS:
            for outcome in TRIED:
                self._sent.labels(channel, outcome)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        labels = (route, method_label(method), f"{status // 100}xx")
        self._requests.labels(*labels).inc()
        self._request_s.labels(*labels).observe(seconds)

    def worked(self, work: Work, told: Told, seconds: float) -> None:
        self._work.labels(work.value, told.outcome).inc()
        self._work_s.labels(work.value).observe(seconds)
        if work is Work.SENDING:
            self._sent.labels(told.words.get("channel", "unknown"), told.outcome).inc()
        elif work is Work.SEALING:
            self._sealed.inc(told.counts.get("events", 0))
        elif work is Work.TICK:
            for outcome in TICKED:
                self._ticked.labels(outcome).inc(told.counts.get(outcome, 0))
        elif work is Work.SWEEP:
            self._sweep(told.counts)

    def _sweep(self, counts: Mapping[str, int]) -> None:
        """Of a sweep that came to nothing there is nothing to tell: the last one's figures stay."""
        for name, gauge in self._swept.items():
            if name in counts:
                gauge.set(counts[name])
        for state in FINDING_STATES:
            if state in counts:
                self._findings.labels(state).set(counts[state])
