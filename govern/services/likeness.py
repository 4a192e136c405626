"""The lessons of other projects that concern a project, by what both measure."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.likeness import Experience, Measured, likeness
from govern.domain.record import Record
from govern.services.access import project_for
from govern.services.lessons import told
from govern.services.runtime import Runtime
from govern.store import kpis, lessons

MOST = 10
"""Lessons that are shown at once: more is not read."""


def alike_lessons(runtime: Runtime, actor: Actor, project_id: str) -> Record:
    """The lessons for somebody who drafts this project: `items`, each with `alike`, why."""
    with runtime.store.reading() as connection:
        project = project_for(connection, actor, project_id)
        chosen = choose(connection, project)
        found = lessons.some(connection, {each["lesson"] for each in chosen})
        shown = told(connection, [found[each["lesson"]] for each in chosen])
    return {
        "items": [{**each, **_why(why)} for each, why in zip(shown, chosen, strict=True)],
    }


def _why(chosen: Record) -> dict[str, Any]:
    return {"rank": chosen["rank"], "alike": chosen["alike"]}


def choose(connection: Connection, project: Record) -> list[Record]:
    """At most ten: `lesson`, `rank` from 1, `alike`. The most alike first, then the newest. Those of the
    project itself and those that were withdrawn are not among them."""
    candidates = lessons.of_others(connection, project["id"])
    if not candidates:
        return []
    measured = _measured(connection, {project["id"], *(each["project"] for each in candidates)})
    own = measured[project["id"]]
    found: list[tuple[int, int, str]] = []
    for each in candidates:
        experience = Experience(each["categories"], each["tags"], measured[each["project"]])
        reason = likeness(own, project["tags"], experience)
        if reason is not None:
            found.append((reason.score, each["id"], reason.because))
    found.sort(reverse=True)
    return [
        {"lesson": number, "rank": rank, "alike": because}
        for rank, (_, number, because) in enumerate(found[:MOST], start=1)
    ]


def _measured(connection: Connection, project_ids: set[str]) -> dict[str, list[Measured]]:
    measured: dict[str, list[Measured]] = defaultdict(list)
    for each in kpis.measures_of(connection, project_ids):
        measured[each["project"]].append(
            Measured(
                each["id"], each["template"], each["category"], each["unit"], each["direction"]
            )
        )
    return measured
