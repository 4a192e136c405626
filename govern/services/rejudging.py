"""Open submissions judged again as time passes: a waiver ends, a condition falls due, a report comes.

Whoever voted on what is no longer so is asked again.
"""

from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.services import gates, notices, rounds
from govern.services.due import Candidate, Done, Duty, those
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.store import projects, submissions


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
    changed = rounds.refresh(runtime, connection, actor, found, project, gate, now=now)
    if not changed:
        return ()
    voters = {
        each["person_id"]
        for each in submissions.votes(connection, found["id"])
        if each["round"] == found["round"]
    }
    again = " What was voted counts no more: vote again." if voters else ""
    sent = notices.send(
        connection,
        actor,
        notices.REJUDGED,
        project,
        f"What gate '{gate.title}' of {project['id']} rests on has changed. {' '.join(changed)}"
        f"{again}",
        sorted(voters),
        key=f"rejudged:{found['id']}:{found['version']}",
        submission=found["id"],
        now=now,
    )
    return those(sent)


REJUDGING = Duty(_find, _do)
