"""A scope change with all that somebody needs to decide it, and whether they may."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import Refusal
from govern.process.definition import Gate
from govern.services import scope_deciders, scope_view
from govern.services.access import scope_change_for
from govern.services.runtime import Runtime
from govern.store import delegations, people, scope_changes


def scope_change_page(
    runtime: Runtime, actor: Actor, scope_change_id: int, *, now: datetime
) -> Record:
    """`scope_change` as it is read, its `project`, and `me`: `may_vote` with the `ways` to, or `why_not`
    in a sentence, and `voted`, the actor's own vote that counts. Raises NotFound."""
    with runtime.store.reading() as connection:
        found, project = scope_change_for(connection, actor, scope_change_id)
        told = scope_view.view(runtime, connection, found, project, now)
        workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
        gate = scope_deciders.freezing_gate(workflow)
        cast = scope_deciders.counting(found, scope_changes.votes(connection, found["id"]))
        ways, why_not = _ways(connection, actor, found, project, gate, cast, now)
        voted = next(
            (
                each
                for each in told["votes"]
                if each["counts"]
                and actor.person_id in (each["recorded_by"], each["for_person_id"])
            ),
            None,
        )
        return {
            "scope_change": told,
            "project": project,
            "me": {
                "may_vote": why_not is None,
                "why_not": why_not,
                "ways": ways,
                "voted": voted,
                "proposed": found["proposed_by"] == actor.person_id,
            },
        }


def _ways(
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate | None,
    cast: Sequence[Record],
    now: datetime,
) -> tuple[list[Record], str | None]:
    """For whom the actor may vote in which roles, themselves first; or why they may not at all."""
    if found["state"] != scope_changes.OPEN:
        return [], "It is closed: nothing is decided here any more."
    if gate is None:
        return [], "No gate of the workflow freezes the plan, so nobody decides scope changes."
    principals: list[str | None] = [None]
    principals += [
        each["from_person_id"]
        for each in delegations.in_force(
            connection, project["portfolio"], project["id"], gate.id, now.date()
        )
        if each["to_person_id"] == actor.person_id
    ]
    ways: list[Record] = []
    why: str | None = None
    named = people.names(connection, {each for each in principals if each})
    for principal in dict.fromkeys(principals):
        try:
            seat = scope_deciders.seat_for(
                connection,
                actor,
                found,
                project,
                gate,
                cast,
                wanted=None,
                on_behalf_of=principal,
                now=now,
            )
        except Refusal as refusal:
            why = why or refusal.detail
            continue
        if seat.principal not in [each["for_id"] for each in ways]:
            ways.append(
                {
                    "for_id": seat.principal,
                    "for": named.get(seat.principal or ""),
                    "roles": [role.value for role in seat.roles],
                }
            )
    return ways, None if ways else why
