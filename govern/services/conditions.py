"""Conditions of a conditional go: what is owed, and closing it with evidence."""

from datetime import datetime

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import ConditionClosed
from govern.domain.role import Permission
from govern.services import conditional_go
from govern.services.access import check_version, condition_for, project_for, require
from govern.services.ledger import record_event
from govern.services.receipts import receipt
from govern.services.runtime import Runtime
from govern.store import conditions
from govern.store.paging import Page, PageRequest


def list_conditions(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    project: str | None = None,
    state: str | None = None,
) -> Page:
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        return conditions.page(connection, actor, request, project_id=project, state=state)


def get_condition(runtime: Runtime, actor: Actor, condition_id: int) -> Record:
    with runtime.store.reading() as connection:
        return condition_for(connection, actor, condition_id)[0]


def close_condition(
    runtime: Runtime,
    actor: Actor,
    condition_id: int,
    *,
    evidence: str,
    version: int | None,
    now: datetime,
) -> Record:
    """Closes a condition on the evidence named; the last one makes its conditional go a go.

    Raises NotFound, NotAllowed, StaleVersion, ConditionClosed.
    """
    with runtime.store.writing() as connection:
        found, project = condition_for(connection, actor, condition_id, lock=True)
        require(actor, Permission.CLOSE_CONDITION, project)
        if found["state"] != conditions.OPEN:
            raise ConditionClosed(
                f"Condition {condition_id} was closed already.", condition=condition_id
            )
        check_version(found, version)
        conditions.change(
            connection,
            condition_id,
            found["version"],
            {
                "state": conditions.CLOSED,
                "evidence": evidence,
                "closed_by": actor.person_id,
                "closed_at": now,
            },
        )
        record_event(
            connection,
            project["id"],
            actor,
            "condition.closed",
            {
                "condition": condition_id,
                "submission": found["submission"],
                "evidence": evidence,
            },
            now,
        )
        conditional_go.confirm(runtime, connection, actor, found["submission"], now)
        closed = conditions.find(connection, condition_id)
        signed = receipt(runtime, connection, project["id"])
    assert closed is not None  # noqa: S101 - it was locked a moment ago
    return {**closed, "receipt": signed}
