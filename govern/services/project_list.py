"""The projects at a glance: where each stands, who leads it, and what waits."""

from collections import Counter
from datetime import datetime

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.role import Role
from govern.services.catalog import Process
from govern.services.courses import chosen_projects
from govern.services.rating import rag_by_project
from govern.services.role_holders import role_holders
from govern.services.runtime import Runtime
from govern.store import recommendations, submissions

_ROLES = (Role.PROJECT_MANAGER, Role.SPONSOR)


def project_list(
    runtime: Runtime, actor: Actor, *, portfolio: str | None = None, now: datetime
) -> list[Record]:
    """Those that the actor may see, in order of id: each with the `rag` of the worst of its KPIs, its
    `managers` and `sponsors`, the `gate` it waits at (None where it waits at none) and how many
    recommendations are `open`. Raises NotFound for a portfolio of which they see nothing."""
    rated = rag_by_project(runtime, actor, portfolio=portfolio, now=now)
    worst = {each["project"]: each for each in rated["projects"]}
    with runtime.store.reading() as connection:
        found = chosen_projects(connection, actor, portfolio=portfolio, project=None)
        holders = role_holders(connection, found, _ROLES, now)
        waiting = {each["project"]: each for each in submissions.all_open(connection, actor)}
        titles = {
            each["id"]: _title(runtime.catalog.process(connection, each["workflow_digest"]), each)
            for each in waiting.values()
        }
        open_ones = Counter(each["project"] for each in recommendations.all_open(connection, actor))
    told: list[Record] = []
    for each in found:
        project = each["id"]
        gate = waiting.get(project)
        told.append(
            {
                **{
                    name: each[name]
                    for name in ("id", "name", "portfolio", "department", "stage", "start", "end")
                },
                "rag": worst[project]["worst"] if project in worst else None,
                "counts": worst[project]["counts"] if project in worst else {},
                "managers": [*holders[project][Role.PROJECT_MANAGER]],
                "sponsors": [*holders[project][Role.SPONSOR]],
                "submission": None if gate is None else gate["id"],
                "gate": None if gate is None else titles[gate["id"]],
                "decide_by": None if gate is None else gate["decide_by"],
                "open": open_ones[project],
            }
        )
    return told


def _title(process: Process, found: Record) -> str:
    gate = process.workflow.gate(found["gate"])
    return found["gate"] if gate is None else gate.title
