"""What becomes of a conditional go: a go once all is closed, a hold once something is overdue.

A condition is overdue from the day after its due date. The project is held from wherever it stands
then; what it has before a gate at that time is closed undecided, so that no stage moves under it.
Once everything is closed the project goes on from there by itself, unless people have held, resumed
or ended it meanwhile: what they decide stands.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.decision import Decision
from govern.domain.record import Record
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.process.definition import Gate
from govern.process.machine import RESUME
from govern.services import deadlines, gates, moves, notices
from govern.services.due import Candidate, Done, Duty, those
from govern.services.ledger import record_event
from govern.services.runtime import Runtime
from govern.services.working_days import days_of
from govern.store import conditions, people, projects, submissions

_A_DAY_ANYWHERE = timedelta(days=2)
"""Some calendar's day may be over before the day of UTC is."""


def confirm(
    runtime: Runtime, connection: Connection, actor: Actor, submission_id: int, now: datetime
) -> None:
    """Makes a conditional go a go if nothing is owed any more, and ends the hold of its lapse."""
    found = submissions.find(connection, submission_id, lock=True)
    if found is None or found["decision"] != Decision.CONDITIONAL_GO.value:
        return
    owed = conditions.of_submission(connection, submission_id)
    was = found["became"]
    if was == Decision.GO.value or any(each["state"] == conditions.OPEN for each in owed):
        return
    fields = {"became": Decision.GO.value, "became_at": now}
    submissions.change(connection, submission_id, found["version"], fields)
    about = {"submission": submission_id, "gate": found["gate"]}
    told = {**about, "conditions": [each["id"] for each in owed], "was": was}
    record_event(connection, found["project"], actor, "gate.confirmed", told, now)
    if was != Decision.HOLD.value:
        return
    project = projects.locked(connection, found["project"])
    if project["held_by_lapse"] and not submissions.lapsed(connection, project["id"]):
        process = runtime.catalog.process(connection, project["workflow_digest"])
        resumed = process.machine.resume(project["stage"], project["held_from"])
        reason = "Every condition that had lapsed is closed."
        why = {**about, "decision": RESUME, "reason": reason}
        moves.write(connection, actor, project, resumed, {}, why, now)


def _find(runtime: Runtime, connection: Connection, now: datetime) -> list[Candidate]:
    before = now.date() + _A_DAY_ANYWHERE
    return [Candidate(*each) for each in conditions.owing(connection, before)]


def _do(
    runtime: Runtime, connection: Connection, actor: Actor, candidate: Candidate, now: datetime
) -> tuple[Done, ...]:
    project = projects.locked(connection, candidate.project)
    waiting = submissions.open_one(connection, project["id"])
    waiting = submissions.locked_open(connection, waiting["id"]) if waiting else None
    found = submissions.find(connection, candidate.submission or 0, lock=True)
    if found is None or found["became"] is not None or project["stage"] == TERMINATED:
        return ()
    decided_in = runtime.catalog.process(connection, found["workflow_digest"])
    gate = gates.gate_of(decided_in, found["gate"])
    today = days_of(runtime, connection, decided_in.workflow).today(now)
    overdue = [
        each
        for each in conditions.of_submission(connection, found["id"])
        if each["state"] == conditions.OPEN and each["due"] < today
    ]
    if not overdue:
        return ()
    machine = runtime.catalog.process(connection, project["workflow_digest"]).machine
    if project["stage"] not in (*machine.workflow.live, ON_HOLD):
        return those(
            _tell(connection, actor, notices.OVERDUE, found, project, gate, overdue, "", now)
        )
    done = _tell(
        connection,
        actor,
        notices.LAPSED,
        found,
        project,
        gate,
        overdue,
        _what_follows(project, waiting),
        now,
    )
    if done is None:
        return ()
    fields = {"became": Decision.HOLD.value, "became_at": now}
    submissions.change(connection, found["id"], found["version"], fields)
    lapsed: dict[str, Any] = {
        "submission": found["id"],
        "gate": gate.id,
        "conditions": [
            {"condition": each["id"], "owner": each["owner"], "due": each["due"]}
            for each in overdue
        ],
        "stage": project["stage"],
        "closed": _id(waiting),
    }
    record_event(connection, project["id"], actor, "gate.lapsed", lapsed, now)
    expired = None
    if waiting is not None:
        asked_in = runtime.catalog.process(connection, waiting["workflow_digest"])
        asked = gates.gate_of(asked_in, waiting["gate"])
        because = f"the conditional go at gate '{gate.title}' lapsed to a hold"
        expired = deadlines.expire(connection, actor, waiting, project, asked, because, now)
    if project["stage"] != ON_HOLD:
        held = machine.move(project["stage"], project["held_from"], Decision.HOLD)
        why = {
            "gate": gate.id,
            "submission": found["id"],
            "decision": Decision.HOLD,
            "reason": "A condition of its conditional go is overdue.",
        }
        moves.write(connection, actor, project, held, {"held_by_lapse": True}, why, now)
    return those(done, expired)


def _tell(
    connection: Connection,
    actor: Actor,
    kind: str,
    found: Record,
    project: Record,
    gate: Gate,
    overdue: list[Record],
    follows: str,
    now: datetime,
) -> Done | None:
    owners = [each for owed in overdue for each in people.known_as(connection, owed["owner"])]
    owed = "; ".join(
        f"'{each['text']}' by {each['owner']}, due {each['due'].isoformat()}" for each in overdue
    )
    return notices.send(
        connection,
        actor,
        kind,
        project,
        f"Overdue since the conditional go at gate '{gate.title}' of {project['id']}: {owed}."
        f"{follows}",
        [*owners, *notices.holding(connection, project, gate.roles, now)],
        key=f"{kind}:{found['id']}",
        submission=found["id"],
        now=now,
    )


def _what_follows(project: Record, waiting: Record | None) -> str:
    closed = f" Submission {waiting['id']} was closed undecided." if waiting else ""
    if project["stage"] == ON_HOLD:
        return " The project is on hold already, and stays so."
    return f" The project is on hold from {project['stage']} until all of it is closed.{closed}"


def _id(found: Record | None) -> int | None:
    return found["id"] if found else None


LAPSES = Duty(_find, _do)
