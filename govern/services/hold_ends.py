"""Holds that end by themselves: on the day that was set, or once the condition that was set is true.

What is unknown never ends a hold, and none ends while a conditional go of the project has lapsed.
"""

from datetime import date, datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.stage import ON_HOLD
from govern.language.columns import evaluate
from govern.observation.frame import observe
from govern.process.machine import RESUME
from govern.services import holds, moves, notices
from govern.services.due import Candidate, Done, Duty, those
from govern.services.observing import load_tables
from govern.services.runtime import Runtime
from govern.services.working_days import days_of
from govern.store import projects, submissions


def _find(runtime: Runtime, connection: Connection, now: datetime) -> list[Candidate]:
    return [Candidate(each) for each in projects.held_until(connection)]


def _do(
    runtime: Runtime, connection: Connection, actor: Actor, candidate: Candidate, now: datetime
) -> tuple[Done, ...]:
    project = projects.locked(connection, candidate.project)
    if project["stage"] != ON_HOLD or submissions.lapsed(connection, project["id"]):
        return ()
    process = runtime.catalog.process(connection, project["workflow_digest"])
    today = days_of(runtime, connection, process.workflow).today(now)
    because = _why(connection, project, today)
    if because is None:
        return ()
    resumed = process.machine.resume(project["stage"], project["held_from"])
    why = {"decision": RESUME, "reason": because}
    moves.write(connection, actor, project, resumed, {}, why, now)
    roles = {
        role
        for gate in process.machine.gates_from(resumed.stage)
        for role in (*gate.submit, *gate.roles)
    }
    sent = notices.send(
        connection,
        actor,
        notices.RESUMED,
        project,
        f"{project['id']} goes on in {resumed.stage}: {because}",
        notices.holding(connection, project, roles, now),
        key=f"resumed:{project['id']}:{project['version']}",
        now=now,
    )
    return those(sent)


def _why(connection: Connection, project: Record, today: date) -> str | None:
    """Why the hold ends today, as a sentence; `None` where it does not."""
    if project["resume_on"] is not None and project["resume_on"] <= today:
        return f"It was held until {project['resume_on'].isoformat()}."
    if project["resume_when"] is None:
        return None
    condition = holds.condition(project["resume_when"])
    observations = observe(load_tables(connection, {project["id"]}), today)
    (outcome,) = evaluate(observations, [condition])
    if outcome[-1] is not True:
        return None
    return f"It was held until {project['resume_when']}, which is so now."


HOLD_ENDS = Duty(_find, _do)
