"""Scope changes that wait for a decision: those that a person can bring nearer to one, and all of them."""

from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.services import scope_deciders
from govern.services.runtime import Runtime
from govern.store import people, projects, scope_changes


def for_person(
    runtime: Runtime, connection: Connection, actor: Actor, now: datetime
) -> list[Record]:
    """Those on which the actor's vote would help, the oldest first; `for` is for whom, where it would be
    for a colleague."""
    waiting: list[Record] = []
    for found, project in _open(connection, actor):
        workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
        gate = scope_deciders.freezing_gate(workflow)
        if gate is None:
            continue
        cast = scope_deciders.counting(found, scope_changes.votes(connection, found["id"]))
        able = scope_deciders.can_help(connection, actor, found, project, gate, cast, now)
        if able is not None:
            principal = able.principal
            named = people.names(connection, {principal} if principal else set())
            waiting.append(
                {
                    **_told(found, project),
                    "as": sorted(role.value for role in able.roles),
                    "for": named.get(principal) if principal else None,
                }
            )
    return waiting


def in_all(runtime: Runtime, connection: Connection, actor: Actor, now: datetime) -> list[Record]:
    """Every open one that the actor may see, with whose votes are `missing`."""
    return [
        {
            **_told(found, project),
            "missing": scope_deciders.missing(
                connection,
                found,
                project,
                runtime.catalog.process(connection, project["workflow_digest"]).workflow,
                scope_changes.votes(connection, found["id"]),
                now,
            ),
        }
        for found, project in _open(connection, actor)
    ]


def _open(connection: Connection, actor: Actor) -> list[tuple[Record, Record]]:
    found = scope_changes.all_open(connection, actor)
    seen = {each["project"]: projects.find(connection, each["project"]) for each in found}
    return [(each, project) for each in found if (project := seen[each["project"]]) is not None]


def _told(found: Record, project: Record) -> Record:
    return {
        "scope_change": found["id"],
        "project": found["project"],
        "project_name": project["name"],
        "title": found["title"],
        "effective_on": found["effective_on"],
        "proposed_at": found["recorded_at"],
    }
