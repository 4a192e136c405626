"""Finding a thing that somebody may see, and refusing what their roles do not allow."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import NotAllowed, NotFound, ScopeNeeded, StaleVersion
from govern.domain.role import ALLOWED, Permission
from govern.domain.token_scope import MEANINGS, TokenScope
from govern.store import (
    conditions,
    deliverables,
    kpis,
    outcomes,
    projects,
    recommendations,
    reviews,
    scope_changes,
    submissions,
    waivers,
)


def require(actor: Actor, permission: Permission, project: Record) -> None:
    """Raises NotAllowed, naming the roles that would do."""
    if not actor.may(permission, project["portfolio"], project["id"]):
        needed = sorted(role.value for role in ALLOWED[permission])
        raise NotAllowed(
            f"This takes {_named(needed)} on project {project['id']}.",
            needed=needed,
            held=sorted(role.value for role in actor.roles_on(project["portfolio"], project["id"])),
        )


def require_everywhere(actor: Actor, permission: Permission) -> None:
    """Raises NotAllowed unless the role is held on the whole installation."""
    if ALLOWED[permission].isdisjoint(actor.everywhere):
        needed = sorted(role.value for role in ALLOWED[permission])
        raise NotAllowed(
            f"This takes {_named(needed)} on the whole installation.",
            needed=needed,
            held=sorted(role.value for role in actor.everywhere),
        )


def require_scope(actor: Actor, scope: TokenScope) -> None:
    """Raises ScopeNeeded where the token that the actor came with was not made for this."""
    if actor.scopes is not None and scope not in actor.scopes:
        held = [each for each in TokenScope if each in actor.scopes]
        raise ScopeNeeded(
            f"This takes a token with the scope {scope}, which lets a program {MEANINGS[scope]}; yours has "
            f"{', '.join(held) or 'none that is known'}.",
            needed=scope.value,
            held=[each.value for each in held],
        )


def may_manage_access(actor: Actor) -> bool:
    return not ALLOWED[Permission.MANAGE_ACCESS].isdisjoint(actor.everywhere)


def _named(needed: list[str]) -> str:
    return f"the role {needed[0]}" if len(needed) == 1 else f"one of the roles {', '.join(needed)}"


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
    """The KPI and its project. Raises NotFound.

    This and its like lock the project first, then the thing: so those who change something of one
    project take turns, and none of them waits for somebody who waits for them.
    """
    refusal = f"There is no KPI '{kpi_id}' that you may see."
    return _of_a_project(connection, actor, kpis.find, kpi_id, lock, refusal)


def deliverable_for(
    connection: Connection, actor: Actor, deliverable_id: str, lock: bool = False
) -> tuple[Record, Record]:
    refusal = f"There is no deliverable '{deliverable_id}' that you may see."
    return _of_a_project(connection, actor, deliverables.find, deliverable_id, lock, refusal)


def outcome_for(
    connection: Connection, actor: Actor, outcome_id: str, lock: bool = False
) -> tuple[Record, Record]:
    refusal = f"There is no outcome '{outcome_id}' that you may see."
    return _of_a_project(connection, actor, outcomes.find, outcome_id, lock, refusal)


def submission_for(
    connection: Connection, actor: Actor, submission_id: int, lock: bool = False
) -> tuple[Record, Record]:
    both = submissions.with_project(connection, submission_id, lock)
    if both is None or not actor.may(Permission.READ, both[1]["portfolio"], both[1]["id"]):
        raise NotFound(f"There is no submission {submission_id} that you may see.")
    return both


def condition_for(
    connection: Connection, actor: Actor, condition_id: int, lock: bool = False
) -> tuple[Record, Record]:
    refusal = f"There is no condition {condition_id} that you may see."
    return _of_a_project(connection, actor, conditions.find, condition_id, lock, refusal)


def waiver_for(
    connection: Connection, actor: Actor, waiver_id: int, lock: bool = False
) -> tuple[Record, Record]:
    refusal = f"There is no waiver {waiver_id} that you may see."
    return _of_a_project(connection, actor, waivers.find, waiver_id, lock, refusal)


def scope_change_for(
    connection: Connection, actor: Actor, scope_change_id: int, lock: bool = False
) -> tuple[Record, Record]:
    refusal = f"There is no scope change {scope_change_id} that you may see."
    return _of_a_project(connection, actor, scope_changes.find, scope_change_id, lock, refusal)


def review_for(
    connection: Connection, actor: Actor, review_id: int, lock: bool = False
) -> tuple[Record, Record]:
    refusal = f"There is no review {review_id} that you may see."
    return _of_a_project(connection, actor, reviews.find, review_id, lock, refusal)


def recommendation_for(
    connection: Connection, actor: Actor, recommendation_id: int, lock: bool = False
) -> tuple[Record, Record]:
    refusal = f"There is no recommendation {recommendation_id} that you may see."
    return _of_a_project(connection, actor, recommendations.find, recommendation_id, lock, refusal)


def _of_a_project(
    connection: Connection,
    actor: Actor,
    find: Callable[[Connection, Any, bool], Record | None],
    key: int | str,
    lock: bool,
    refusal: str,
) -> tuple[Record, Record]:
    found = find(connection, key, False)
    project = projects.find(connection, found["project"], lock) if found else None
    if lock and project is not None:
        # It may have been changed while the project was waited for.
        found = find(connection, key, True)
    if (
        found is None
        or project is None
        or not actor.may(Permission.READ, project["portfolio"], project["id"])
    ):
        raise NotFound(refusal)
    return found, project
