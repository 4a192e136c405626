"""What waits, and for how long: a few counts of the store, cheap enough to be asked every few seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from govern.domain.refusal import Refusal
from govern.services.reporting import owed, stages_that_report
from govern.services.runtime import Runtime
from govern.services.sealing import signer_of
from govern.store import counted, log, reporting


@dataclass(frozen=True, slots=True)
class Gauges:
    """Counts, and ages in seconds. An age is 0 where nothing waits; `last_sweep_at` is None where no
    sweep ever was."""

    unsealed: int
    sealing_lag_s: float
    log_size: int
    has_key: bool
    """Whether there is a key to seal with, and it can be used."""
    outbox: Mapping[tuple[str, str], int]
    """(queue, state) → what waits to be sent, and what failed for good."""
    outbox_oldest_s: float
    """For how long what should have been tried first has been due."""
    gates_waiting: int
    gates_overdue: int
    projects: Mapping[str, int]
    recommendations: Mapping[str, int]
    last_sweep_at: datetime | None


def gauges(runtime: Runtime, now: datetime) -> Gauges:
    today = now.date()
    with runtime.store.reading() as connection:
        oldest = counted.oldest_unsealed(connection)
        due = counted.oldest_due(connection, now)
        return Gauges(
            unsealed=log.unsealed(connection),
            sealing_lag_s=_age(oldest, now),
            log_size=log.size(connection),
            has_key=_has_key(runtime),
            outbox=counted.outbox(connection),
            outbox_oldest_s=_age(due, now),
            gates_waiting=counted.gates_waiting(connection),
            gates_overdue=counted.gates_waiting(connection, overdue_on=today),
            projects=counted.projects_by_stage(connection),
            recommendations=counted.open_recommendations(connection),
            last_sweep_at=counted.last_sweep_at(connection),
        )


def overdue_readings(runtime: Runtime, now: datetime) -> int:
    """How many readings are overdue, of all projects. Dearer than the rest: every KPI that reports is
    held against its calendar."""
    with runtime.store.reading() as connection:
        stages = stages_that_report(runtime, connection)
        kpis = reporting.of_projects(connection, stages)
        found = owed(runtime, connection, kpis, now)
        return sum(each.state.value == "overdue" for one in found for each in one.missing)


def _has_key(runtime: Runtime) -> bool:
    try:
        return signer_of(runtime) is not None
    except Refusal:
        return False


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
