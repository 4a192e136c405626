"""Work as it is done, told where it is looked for: in the measures, in a trace, in the log."""

from collections.abc import Generator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import structlog

from govern.services.watch import Outcome, Told, Work, outcome_of
from govern.telemetry.metrics import Metrics
from govern.telemetry.statements import spent_so_far
from govern.telemetry.traces import Traces

OFTEN = frozenset({Work.SEALING, Work.GATE_CHECK})
"""What is done so often that its line is for those who look for a fault (level debug)."""


class Watching:
    """A watch for the services (`services.watch.Watch`). `metrics` is None where nobody counts."""

    def __init__(self, metrics: Metrics | None, traces: Traces) -> None:
        self._metrics, self._traces = metrics, traces
        self._log: Any = structlog.get_logger("govern.work")

    @contextmanager
    def work(self, work: Work, **words: str) -> Generator[Told]:
        told = Told(words=dict(words))
        before, begun = spent_so_far(), perf_counter()
        with self._traces.work(work.value) as span:
            try:
                yield told
            except BaseException as error:
                told.outcome = outcome_of(error)
                raise
            finally:
                seconds = perf_counter() - begun
                if self._metrics is not None:
                    self._metrics.worked(work, told, seconds)
                after = spent_so_far()
                span.say(
                    outcome=told.outcome,
                    **told.words,
                    **told.counts,
                    db_statements=after.statements - before.statements,
                    db_ms=round((after.seconds - before.seconds) * 1000, 3),
                )
                self._tell(work, told, seconds)

    def _tell(self, work: Work, told: Told, seconds: float) -> None:
        tell = self._log.debug if work in OFTEN else self._log.info
        if told.outcome == Outcome.FAILED:
            tell = self._log.error
        tell(
            work.value,
            outcome=told.outcome,
            ms=round(seconds * 1000, 3),
            **told.words,
            **told.counts,
        )
