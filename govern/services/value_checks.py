"""Periodic value checks: a gate that repeats is opened at each period's end while a project is there.

One check answers for all periods that have ended since the one before: after a standstill one is
opened, for the last. A check that is open at the next period's end stays, and that is told.
"""

from datetime import date, datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.period import last_completed
from govern.domain.record import Record
from govern.domain.refusal import Refusal
from govern.process.definition import Gate
from govern.services import deciders, gates, notices
from govern.services.catalog import Process
from govern.services.due import Candidate, Done, Duty, those
from govern.services.runtime import Runtime
from govern.services.working_days import WorkingDays, days_of
from govern.store import notices as told
from govern.store import projects, submissions


def _find(runtime: Runtime, connection: Connection, now: datetime) -> list[Candidate]:
    keys: dict[str, Candidate] = {}
    unread: list[Candidate] = []
    for project in projects.every(connection):
        try:
            process = runtime.catalog.process(connection, project["workflow_digest"])
        except Refusal:
            # It is told when its turn comes, and keeps no other project from its check.
            unread.append(Candidate(project["id"]))
            continue
        days = days_of(runtime, connection, process.workflow)
        for gate in _repeating(process, project["stage"]):
            period = _period(gate, days, now)
            if period is not None:
                keys[_key(project, gate, period)] = Candidate(project["id"], gate=gate.id)
    known = told.told(connection, keys)
    return [*unread, *(each for key, each in keys.items() if key not in known)]


def _do(
    runtime: Runtime, connection: Connection, actor: Actor, candidate: Candidate, now: datetime
) -> tuple[Done, ...]:
    project = projects.locked(connection, candidate.project)
    process = runtime.catalog.process(connection, project["workflow_digest"])
    days = days_of(runtime, connection, process.workflow)
    gate = next(
        (each for each in _repeating(process, project["stage"]) if each.id == candidate.gate), None
    )
    period = None if gate is None else _period(gate, days, now)
    if gate is None or period is None:
        return ()
    since = projects.entered_on(connection, project["id"])
    last = submissions.last_to(connection, project["id"], gate.id)
    checked = last is not None and days.today(last["recorded_at"]) >= period
    if checked or (since is not None and since >= period):
        return ()
    waiting = submissions.open_one(connection, project["id"])
    if waiting is not None:
        if waiting["gate"] != gate.id:
            return ()
        return those(_tell_of(connection, actor, project, gate, period, waiting, now))
    if _key(project, gate, period) in told.told(connection, [_key(project, gate, period)]):
        return ()
    note = f"Value check for the period that ended on {period.isoformat()}."
    opened = gates.open_submission(
        runtime, connection, actor, project, process, gate, note, (), now
    )
    found = submissions.find(connection, opened) or {}
    decide_by = found["decide_by"]
    by = f" It is to be decided by {decide_by.isoformat()}." if decide_by else ""
    sent = notices.send(
        connection,
        actor,
        notices.CHECK_OPENED,
        project,
        f"Value check '{gate.title}' of {project['id']} for the period that ended on "
        f"{period.isoformat()} is open; the advice is {found['advice'].replace('_', ' ')}.{by}",
        [
            *deciders.able(connection, found, project, gate, (), now),
            *notices.holding(connection, project, gate.submit, now),
        ],
        key=_key(project, gate, period),
        submission=opened,
        now=now,
    )
    return those(sent)


def _tell_of(
    connection: Connection,
    actor: Actor,
    project: Record,
    gate: Gate,
    period: date,
    waiting: Record,
    now: datetime,
) -> Done | None:
    votes = submissions.votes(connection, waiting["id"])
    return notices.send(
        connection,
        actor,
        notices.CHECK_WAITS,
        project,
        f"Value check '{gate.title}' of {project['id']} is still open since "
        f"{waiting['recorded_at'].date().isoformat()}: it answers for the period that ended on "
        f"{period.isoformat()} as well.",
        deciders.able(connection, waiting, project, gate, votes, now),
        key=_key(project, gate, period),
        submission=waiting["id"],
        now=now,
    )


def _repeating(process: Process, stage: str) -> list[Gate]:
    return [each for each in process.machine.gates_from(stage) if each.repeats is not None]


def _period(gate: Gate, days: WorkingDays, now: datetime) -> date | None:
    """The last period of the gate's cadence that has ended."""
    return None if gate.repeats is None else last_completed(gate.repeats, days.today(now))


def _key(project: Record, gate: Gate, period: date) -> str:
    return f"value-check:{project['id']}:{gate.id}:{period.isoformat()}"


VALUE_CHECKS = Duty(_find, _do)
