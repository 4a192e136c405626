"""Finding a thing that somebody may see, and refusing what their roles do not allow."""

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import NotAllowed, NotFound, StaleVersion
from govern.domain.role import ALLOWED, Permission
from govern.store import (
    conditions,
    deliverables,
    kpis,
    projects,
    recommendations,
    submissions,
    waivers,
)


def require(actor: Actor, permission: Permission, project: Record) -> None:
    """Raises NotAllowed, naming the roles that would do."""
    if not actor.may(permission, project["portfolio"], project["id"]):
        needed = sorted(role.value for role in ALLOWED[permission])
        raise NotAllowed(
            f"This takes one of the roles {', '.join(needed)} on project {project['id']}.",
            needed=needed,
            held=sorted(role.value for role in actor.roles_on(project["portfolio"], project["id"])),
        )


def require_everywhere(actor: Actor, permission: Permission) -> None:
    """Raises NotAllowed unless the role is held on the whole installation."""
    if ALLOWED[permission].isdisjoint(actor.everywhere):
        needed = sorted(role.value for role in ALLOWED[permission])
        raise NotAllowed(
            f"This takes one of the roles {', '.join(needed)} on the whole installation.",
            needed=needed,
            held=sorted(role.value for role in actor.everywhere),
        )


def check_version(found: Record, expected: int | None) -> None:
    """Raises StaleVersion if the caller has seen another version; `None` is a caller that need not say."""
    if expected is not None and found["version"] != expected:
        raise StaleVersion(
            f"It is at version {found['version']}, and you changed version {expected}: "
            "read it again, then decide.",
            expected=expected,
            current=found["version"],
        )


def project_for(
    connection: Connection, actor: Actor, project_id: str, lock: bool = False
) -> Record:
    """The project. Raises NotFound where it is not there or the actor may not see it."""
    found = projects.find(connection, project_id, lock)
    if found is None or not actor.may(Permission.READ, found["portfolio"], found["id"]):
        raise NotFound(f"There is no project '{project_id}' that you may see.", project=project_id)
    return found


def kpi_for(
    connection: Connection, actor: Actor, kpi_id: str, lock: bool = False
) -> tuple[Record, Record]:
    """The KPI and its project. Raises NotFound."""
    found = kpis.find(connection, kpi_id, lock)
    return _with_project(connection, actor, found, f"There is no KPI '{kpi_id}' that you may see.")


def deliverable_for(
    connection: Connection, actor: Actor, deliverable_id: str, lock: bool = False
) -> tuple[Record, Record]:
    found = deliverables.find(connection, deliverable_id, lock)
    return _with_project(
        connection, actor, found, f"There is no deliverable '{deliverable_id}' that you may see."
    )


def submission_for(
    connection: Connection, actor: Actor, submission_id: int, lock: bool = False
) -> tuple[Record, Record]:
    found = submissions.find(connection, submission_id, lock)
    return _with_project(
        connection, actor, found, f"There is no submission {submission_id} that you may see."
    )


def condition_for(
    connection: Connection, actor: Actor, condition_id: int, lock: bool = False
) -> tuple[Record, Record]:
    found = conditions.find(connection, condition_id, lock)
    return _with_project(
        connection, actor, found, f"There is no condition {condition_id} that you may see."
    )


def waiver_for(
    connection: Connection, actor: Actor, waiver_id: int, lock: bool = False
) -> tuple[Record, Record]:
    found = waivers.find(connection, waiver_id, lock)
    return _with_project(
        connection, actor, found, f"There is no waiver {waiver_id} that you may see."
    )


def recommendation_for(
    connection: Connection, actor: Actor, recommendation_id: int, lock: bool = False
) -> tuple[Record, Record]:
    found = recommendations.find(connection, recommendation_id, lock)
    return _with_project(
        connection,
        actor,
        found,
        f"There is no recommendation {recommendation_id} that you may see.",
    )


def _with_project(
    connection: Connection, actor: Actor, found: Record | None, refusal: str
) -> tuple[Record, Record]:
    if found is None:
        raise NotFound(refusal)
    project = projects.find(connection, found["project"])
    if project is None or not actor.may(Permission.READ, project["portfolio"], project["id"]):
        raise NotFound(refusal)
    return found, project
