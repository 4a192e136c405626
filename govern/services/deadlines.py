"""The deadlines of gates: who has not voted is reminded, others are asked too, and it ends undecided.

A day counts until it is over: what is to be decided within 10 working days can be on the tenth, and
what is escalated after 5 is on the day after the fifth. A reminder comes on its day.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.role import Role
from govern.process.definition import Escalation, Gate
from govern.services import deciders, gates, notices
from govern.services.due import Candidate, Done, Duty
from govern.services.ledger import record_event
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.working_days import WorkingDays, days_of
from govern.store import notices as told
from govern.store import projects, submissions


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An open submission that the transaction has locked."""

    connection: Connection
    actor: Actor
    found: Record
    project: Record
    gate: Gate
    now: datetime

    @property
    def named(self) -> str:
        return f"'{self.gate.title}' of {self.project['id']}"

    def record(self, kind: str, **data: object) -> None:
        about = {"submission": self.found["id"], "gate": self.gate.id}
        record_event(
            self.connection, self.project["id"], self.actor, kind, {**about, **data}, self.now
        )


@dataclass(frozen=True, slots=True)
class _Step:
    """`on` is the first day on which it is due; `key` is that of the notice that tells of it."""

    on: date
    key: str
    do: Callable[[_Waiting, str], Done | None]


def _find(runtime: Runtime, connection: Connection, now: datetime) -> list[Candidate]:
    return [
        Candidate(each["project"], each["id"], each["gate"])
        for each in submissions.all_open(connection, OPERATOR)
    ]


def _do(
    runtime: Runtime, connection: Connection, actor: Actor, candidate: Candidate, now: datetime
) -> tuple[Done, ...]:
    found = submissions.locked_open(connection, candidate.submission)
    if found is None:
        return ()
    project = projects.locked(connection, found["project"])
    process = runtime.catalog.process(connection, found["workflow_digest"])
    gate = gates.gate_of(process, found["gate"])
    days = days_of(runtime, connection, process.workflow)
    waiting = _Waiting(connection, actor, found, project, gate, now)
    due = [each for each in _steps(found, gate, days) if each.on <= days.today(now)]
    known = told.told(connection, {each.key for each in due})
    for step in sorted(due, key=lambda each: each.on):
        if step.key not in known and (done := step.do(waiting, step.key)) is not None:
            return (done,)
    return ()


def _steps(found: Record, gate: Gate, days: WorkingDays) -> Iterator[_Step]:
    """In this order where several fall on one day."""
    since, name = found["recorded_at"], found["id"]
    if gate.remind is not None and gate.decide_within is not None:
        on = days.after(since, gate.decide_within - gate.remind)
        if on is not None:
            yield _Step(on, f"reminded:{name}", _remind)
    for step in gate.escalate:
        last = days.after(since, step.after_working_days)
        if last is not None:
            key = f"escalated:{name}:{step.after_working_days}:{step.to.value}"
            yield _Step(last + timedelta(days=1), key, _escalating(step))
    if found["expires_on"] is not None:
        on = found["expires_on"] + timedelta(days=1)
        yield _Step(on, expiry_key(found), _expire)


def _remind(waiting: _Waiting, key: str) -> Done | None:
    connection, found, project, gate = (
        waiting.connection,
        waiting.found,
        waiting.project,
        waiting.gate,
    )
    votes = submissions.votes(connection, found["id"])
    able = deciders.able(connection, found, project, gate, votes, waiting.now)
    missing = deciders.missing(connection, found, project, gate, votes, waiting.now)
    lacking = "; ".join(
        f"{each['votes']} of {each['role'].replace('_', ' ')}"
        + (f" ({each['unblock']})" if each["unblock"] else "")
        for each in missing
    )
    by = found["decide_by"].isoformat() if found["decide_by"] else "soon"
    admins = notices.holding(connection, project, (Role.ADMIN,), waiting.now)
    sent = notices.send(
        connection,
        waiting.actor,
        notices.REMINDED,
        project,
        f"Gate {waiting.named} is to be decided by {by}. Missing: {lacking}.",
        able if able else admins,
        key=key,
        submission=found["id"],
        now=waiting.now,
    )
    if sent is not None:
        waiting.record("gate.reminded", decide_by=found["decide_by"], people=able)
    return sent


def _escalating(step: Escalation) -> Callable[[_Waiting, str], Done | None]:
    def escalate(waiting: _Waiting, key: str) -> Done | None:
        found, role = waiting.found, step.to
        sent = notices.send(
            waiting.connection,
            waiting.actor,
            notices.ESCALATED,
            waiting.project,
            f"Gate {waiting.named} was not decided within {step.after_working_days} working days: "
            f"{role.value.replace('_', ' ')} may now vote in the seats that are empty.",
            (),
            key=key,
            role=role,
            submission=found["id"],
            now=waiting.now,
        )
        if sent is None:
            return None
        asked = list(dict.fromkeys([*found["escalated_to"], role.value]))
        submissions.change(
            waiting.connection, found["id"], found["version"], {"escalated_to": asked}
        )
        waiting.record(
            "gate.escalated",
            to=role,
            after_working_days=step.after_working_days,
            asked=asked,
        )
        return sent

    return escalate


def _expire(waiting: _Waiting, key: str) -> Done | None:
    because = f"nobody decided it by {waiting.found['expires_on'].isoformat()}"
    return expire(
        waiting.connection,
        waiting.actor,
        waiting.found,
        waiting.project,
        waiting.gate,
        because,
        waiting.now,
    )


def expiry_key(found: Record) -> str:
    return f"expired:{found['id']}"


def expire(
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    because: str,
    now: datetime,
) -> Done | None:
    """Closes an open submission, which the caller has locked, undecided. The project stays."""
    waiting = _Waiting(connection, actor, found, project, gate, now)
    to = [found["submitted_by"]]
    if found["submitted_by"] == OPERATOR.person_id:
        to = notices.holding(connection, project, gate.submit, now)
    sent = notices.send(
        connection,
        actor,
        notices.EXPIRED,
        project,
        f"Gate {waiting.named} was closed undecided: {because}. It can be submitted again.",
        to,
        key=expiry_key(found),
        submission=found["id"],
        now=now,
    )
    if sent is not None:
        submissions.change(
            connection, found["id"], found["version"], {"state": submissions.EXPIRED}
        )
        waiting.record("gate.expired", because=because, iteration=found["iteration"])
    return sent


DEADLINES = Duty(_find, _do)
