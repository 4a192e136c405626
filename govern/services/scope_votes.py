"""Votes on a scope change; once they suffice it is applied, or rejected, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.decision import Answer, Decision
from govern.domain.record import Record
from govern.domain.refusal import PreviewChanged
from govern.domain.role import Role
from govern.process.definition import Gate
from govern.process.tally import Tally, tally
from govern.services import baselines, scope_deciders, scope_effects
from govern.services.access import check_version, scope_change_for
from govern.services.attempts import recorded_if_refused
from govern.services.deciders import Seat
from govern.services.effects import begin
from govern.services.ledger import record_event
from govern.services.receipts import receipt
from govern.services.recommendation_ends import mark_implemented
from govern.services.runtime import Runtime
from govern.services.scope_changes import get_scope_change, refuse_ended, release, require_open
from govern.services.scope_kinds import Applying
from govern.store import people, scope_changes

ANSWERS = (Answer.GO, Answer.RECYCLE, Answer.KILL, Answer.ABSTAIN)
"""What can be said of a scope change: it is made as proposed, or it is not."""


def vote(
    runtime: Runtime,
    actor: Actor,
    scope_change_id: int,
    *,
    decision: Answer,
    reason: str,
    role: Role | None = None,
    on_behalf_of: str | None = None,
    version: int | None,
    now: datetime,
) -> Record:
    """Casts the actor's vote, or that of a colleague who has delegated the gate to them; applies or
    rejects the scope change once the votes suffice.

    With the last go, everything that it changes and the next version of the baseline are written in this
    transaction, or none of it. Raises NotFound, ScopeChangeClosed, StaleVersion, SeparationOfDuties
    (which is recorded), NotAllowed, InvalidInput, AlreadyVoted, and for a go IllegalMove where the
    project has ended, AlreadySubmitted where it is to be held or ended while a gate is open, and
    PreviewChanged where what is changed is no longer what it was: a proposal does
    what it showed or nothing.
    """
    tried: dict[str, Any] = {"scope_change": scope_change_id, "decision": decision}
    with (
        recorded_if_refused(runtime, actor, "scope_change.refused", tried, now),
        runtime.store.writing() as connection,
    ):
        found, project = scope_change_for(connection, actor, scope_change_id)
        asking = [found["proposed_by"], *found["amended_by"]][-1]
        proposer = people.actor_of_person(connection, asking, now) or actor
        applying = Applying(
            runtime,
            connection,
            actor,
            proposer,
            project,
            scope_change_id,
            found["effective_on"],
            now,
        )
        scope_effects.lock(applying, found["changes"])
        found, project = scope_change_for(connection, actor, scope_change_id, lock=True)
        require_open(found)
        check_version(found, version)
        workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
        gate = scope_deciders.gate_of(project, workflow)
        cast = scope_deciders.counting(found, scope_changes.votes(connection, scope_change_id))
        seat = scope_deciders.seat_for(
            connection,
            actor,
            found,
            project,
            gate,
            cast,
            wanted=role,
            on_behalf_of=on_behalf_of,
            now=now,
        )
        if decision is Answer.GO:
            refuse_ended(project, workflow)
            _refuse_changed(connection, found, now)
        _cast(connection, actor, found, gate, seat, decision, reason, now)
        _settle(applying, found, project, gate)
        signed = receipt(runtime, connection, project["id"])
    return {**get_scope_change(runtime, actor, scope_change_id, now=now), "receipt": signed}


def _refuse_changed(connection: Connection, found: Record, now: datetime) -> None:
    changed = scope_effects.changed_since(
        connection, found["project"], found["changes"], now.date()
    )
    if changed:
        raise PreviewChanged(
            f"Scope change {found['id']} would do something else than was proposed: "
            f"{' '.join(changed)} It can be amended, or withdrawn and proposed anew.",
            scope_change=found["id"],
            changed=changed,
        )


def _cast(
    connection: Connection,
    actor: Actor,
    found: Record,
    gate: Gate,
    seat: Seat,
    decision: Answer,
    reason: str,
    now: datetime,
) -> None:
    values: dict[str, Any] = {
        "role": seat.roles[0].value,
        "decision": decision.value,
        "reason": reason,
        "for_person_id": seat.principal,
        "revision": found["revision"],
    }
    row = {**values, "scope_change_id": found["id"], "recorded_by": actor.person_id}
    number = scope_changes.add_vote(connection, row, now)
    told = {"vote": number, "scope_change": found["id"], "as_gate": gate.id, **values}
    record_event(connection, found["project"], actor, "scope_change.voted", told, now)


def _settle(applying: Applying, found: Record, project: Record, gate: Gate) -> None:
    connection, actor, number = applying.connection, applying.actor, found["id"]
    now = applying.now
    cast = scope_deciders.counting(found, scope_changes.votes(connection, number))
    reached = tally(gate, scope_deciders.votes_of(cast))
    if reached.decision is None:
        scope_changes.change(connection, number, found["version"], {})
        return
    passes = reached.decision is Decision.GO
    state = scope_changes.APPLIED if passes else scope_changes.REJECTED
    values: dict[str, Any] = {"state": state, "decided_at": now}
    _tell_decided(applying, found, gate, reached, state, cast)
    if passes:
        values["baseline_number"] = _apply(applying, found, project)
    else:
        release(connection, actor, found, now)
    scope_changes.change(connection, number, found["version"], values)


def _apply(applying: Applying, found: Record, project: Record) -> int:
    """Writes all of it; returns the number of the baseline that it makes."""
    connection, actor, now = applying.connection, applying.actor, applying.now
    number, source = found["id"], found["recommendation"]
    baselines.keep_first(connection, actor, project, now)
    begin(applying.runtime, connection, actor, project, scope_change=number, now=now)
    scope_effects.write(applying, found["changes"])
    told = baselines.keep_next(connection, actor, project["id"], number, now)
    record_event(connection, project["id"], actor, "scope_change.applied", told, now)
    if source is not None:
        mark_implemented(connection, actor, source, scope_change=number, now=now)
    return told["number"]


def _tell_decided(
    applying: Applying,
    found: Record,
    gate: Gate,
    reached: Tally,
    state: str,
    cast: Sequence[Record],
) -> None:
    record_event(
        applying.connection,
        found["project"],
        applying.actor,
        "scope_change.decided",
        {
            "scope_change": found["id"],
            "as_gate": gate.id,
            "decision": reached.decision,
            "because": reached.because,
            "state": state,
            "votes": [
                {
                    "vote": each["id"],
                    "person": each["recorded_by"],
                    "for_person_id": each["for_person_id"],
                    "role": each["role"],
                    "decision": each["decision"],
                    "reason": each["reason"],
                }
                for each in cast
            ],
        },
        applying.now,
    )
