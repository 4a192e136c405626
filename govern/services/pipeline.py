"""The pipeline: how many projects stand in each stage, since when, and which gates wait for how long."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.services.courses import chosen_projects
from govern.services.runtime import Runtime
from govern.store import projects, submissions

OUTSIDE = (ON_HOLD, TERMINATED)
"""Stages beside the way through the gates."""


def pipeline(
    runtime: Runtime, actor: Actor, *, portfolio: str | None = None, now: datetime
) -> Record:
    """`stages` in the order in which projects pass them, `projects` with how long each has been in its
    own, and the gates `waiting` for a decision, the longest wait first. Raises NotFound."""
    today = now.date()
    with runtime.store.reading() as connection:
        found = chosen_projects(connection, actor, portfolio=portfolio, project=None)
        since = projects.last_moves(connection)
        order = _order(runtime, connection, found)
        by_id = {each["id"]: each for each in found}
        waiting = [
            _waiting(runtime, connection, each, by_id[each["project"]], today)
            for each in submissions.all_open(connection, actor)
            if each["project"] in by_id
        ]
    ranks = {stage: at for at, stage in enumerate(order)}
    ordered = sorted(found, key=lambda each: (ranks[each["stage"]], each["id"]))
    return {
        "projects_in_all": len(found),
        "stages": [
            {
                "stage": stage,
                "outside": stage in OUTSIDE,
                "projects": sum(each["stage"] == stage for each in found),
                "waiting": sum(by_id[each["project"]]["stage"] == stage for each in waiting),
            }
            for stage in order
        ],
        "projects": [_told(each, since.get(each["id"]), today) for each in ordered],
        "waiting": sorted(waiting, key=lambda each: (-each["days_waiting"], each["submission"])),
    }


def _order(runtime: Runtime, connection: Connection, found: Sequence[Record]) -> list[str]:
    """Every stage of the workflows of these projects, and those that a project stands in."""
    order: list[str] = []
    for digest in sorted({each["workflow_digest"] for each in found}):
        stages = runtime.catalog.process(connection, digest).workflow.stages
        order += [stage for stage in stages if stage not in order and stage not in OUTSIDE]
    order += sorted({each["stage"] for each in found} - {*order, *OUTSIDE})
    return [*order, *OUTSIDE]


def _told(project: Record, since: date | None, today: date) -> Record:
    names = ("name", "stage", "held_from", "resume_on")
    return {
        "project": project["id"],
        **{name: project[name] for name in names},
        "since": since,
        "days": None if since is None else (today - since).days,
    }


def _waiting(
    runtime: Runtime, connection: Connection, found: Record, project: Record, today: date
) -> Record:
    process = runtime.catalog.process(connection, found["workflow_digest"])
    titles = {gate.id: gate.title for gate in process.workflow.gates}
    submitted = found["recorded_at"].date()
    until: date | None = found["decide_by"]
    return {
        "submission": found["id"],
        "project": project["id"],
        "project_name": project["name"],
        "gate": found["gate"],
        "title": titles.get(found["gate"], found["gate"]),
        "iteration": found["iteration"],
        "advice": found["advice"],
        "submitted_on": submitted,
        "days_waiting": (today - submitted).days,
        "decide_by": until,
        "days_over": max((today - until).days, 0) if until is not None else None,
    }
