"""Votes on a submission, and the decision they add up to."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern import ENGINE_VERSION
from govern.domain.actor import Actor
from govern.domain.decision import Decision
from govern.domain.record import Record
from govern.domain.refusal import (
    AlreadyVoted,
    Refusal,
    SeparationOfDuties,
    StaleVersion,
    SubmissionClosed,
)
from govern.domain.role import Role
from govern.process.definition import LESSONS, Gate
from govern.process.tally import Tally, tally
from govern.services import ballots, deciders, gates, holds, moves, rounds
from govern.services.access import check_version, submission_for
from govern.services.ballots import Ballot
from govern.services.confirming import signature_of
from govern.services.deciders import Seat
from govern.services.ledger import record_event
from govern.services.receipts import receipt
from govern.services.runtime import Runtime
from govern.store import conditions, lessons, submissions


def vote(
    runtime: Runtime,
    actor: Actor,
    submission_id: int,
    ballot: Ballot,
    *,
    role: Role | None = None,
    on_behalf_of: str | None = None,
    version: int | None,
    now: datetime,
) -> Record:
    """Casts the actor's vote; decides the gate and moves the project once the votes suffice.

    `on_behalf_of` is the person who delegated it; a vote against the machine's advice is an
    override and says why. What is known now is judged first: raises StaleVersion, with what has
    changed, where the caller has seen something else. Raises NotFound, SubmissionClosed,
    SeparationOfDuties (which is recorded), NotAllowed, AlreadyVoted, OverrideNeedsReason,
    ConditionsNeeded, InvalidInput, and SignatureNeeded where the gate asks for a signature and the
    actor has not just shown who they are; nothing changes then.
    """
    try:
        with runtime.store.writing() as connection:
            found, project = _open(connection, actor, submission_id, version)
            process = runtime.catalog.process(connection, found["workflow_digest"])
            gate = gates.gate_of(process, found["gate"])
            seat = deciders.seat_for(
                connection,
                actor,
                found,
                project,
                gate,
                role=role,
                on_behalf_of=on_behalf_of,
                now=now,
            )
            changed = rounds.refresh(runtime, connection, actor, found, project, gate, now=now)
            if not changed or version is None:
                if changed:
                    found = submissions.find(connection, submission_id) or found
                _require_first(connection, actor, found, seat)
                ballots.check(ballot, found, now.date())
                holds.check(ballot.resume_when)
                signed = signature_of(actor, gate.signature, f"/gates/{submission_id}", now)
                _cast(connection, actor, found, gate, seat, ballot, signed, now)
                _settle(runtime, connection, actor, found, project, gate, now)
                told = gates.submission_told(runtime, connection, actor, submission_id, now)
                return {**told, "receipt": receipt(runtime, connection, project["id"])}
    except SeparationOfDuties as refused:
        _record_refusal(runtime, actor, submission_id, ballot, refused, now)
        raise
    raise StaleVersion(
        "What you saw has changed; read the submission again, then vote.",
        submission=submission_id,
        changed=list(changed),
    )


def _open(
    connection: Connection, actor: Actor, submission_id: int, version: int | None
) -> tuple[Record, Record]:
    found, project = submission_for(connection, actor, submission_id, lock=True)
    if found["state"] != submissions.OPEN:
        how = found["decision"] or "it expired undecided"
        raise SubmissionClosed(
            f"Submission {submission_id} is closed: {how}.",
            submission=submission_id,
            decision=found["decision"],
            decided_at=found["decided_at"],
        )
    check_version(found, version)
    return found, project


def _require_first(connection: Connection, actor: Actor, found: Record, seat: Seat) -> None:
    out = deciders.involved(found, submissions.votes(connection, found["id"]))
    if actor.person_id in out:
        raise AlreadyVoted("You have voted on this submission.", submission=found["id"])
    if seat.principal in out:
        raise AlreadyVoted(
            "The person you would vote for has voted, or has been voted for.",
            submission=found["id"],
        )


def _cast(
    connection: Connection,
    actor: Actor,
    found: Record,
    gate: Gate,
    seat: Seat,
    ballot: Ballot,
    signed: Mapping[str, Any],
    now: datetime,
) -> None:
    meaning = next((s.meaning for s in gate.approve if s.role in seat.roles and s.meaning), None)
    overrides = ballot.overrides(found["advice"])
    values: dict[str, Any] = {
        "round": found["round"],
        "for_person_id": seat.principal,
        "roles": [each.value for each in seat.roles],
        "through": seat.through.value,
        "decision": ballot.answer.value,
        "meaning": meaning,
        "reason": ballot.reason,
        "override_reason": ballot.override_reason if overrides else None,
        "conditions": ballot.owed_plain(),
        "resume_on": ballot.resume_on,
        "resume_when": ballot.resume_when,
        "seen_digest": found["seen_digest"],
        **signed,
    }
    shown = _shown(connection, found, gate)
    vote_id = submissions.add_vote(
        connection, {**values, "submission_id": found["id"], "person_id": actor.person_id}, now
    )
    record_event(
        connection,
        found["project"],
        actor,
        "vote.cast",
        {
            "vote": vote_id,
            "submission": found["id"],
            "gate": gate.id,
            **values,
            "advice": found["advice"],
            "override": overrides,
            "facts_digest": found["facts_digest"],
            **shown,
        },
        now,
    )


def _shown(connection: Connection, found: Record, gate: Gate) -> dict[str, list[Any]]:
    """The lessons that the voter was shown, where the gate shows any."""
    if LESSONS not in gate.shows:
        return {}
    shown = lessons.shown(connection, [found["id"]])[found["id"]]
    return {"lessons_shown": [each["lesson"] for each in shown]}


def _settle(
    runtime: Runtime,
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    now: datetime,
) -> None:
    cast = [
        each
        for each in submissions.votes(connection, found["id"])
        if each["round"] == found["round"]
    ]
    reached = tally(gate, deciders.votes_of(cast, found["round"]))
    if reached.decision is None:
        submissions.change(connection, found["id"], found["version"], {})
        return
    outcome = reached.decision
    submissions.change(
        connection,
        found["id"],
        found["version"],
        {"state": submissions.DECIDED, "decision": outcome.value, "decided_at": now},
    )
    seated = _seat(connection, cast, reached)
    record_event(
        connection,
        project["id"],
        actor,
        "gate.decided",
        {
            "submission": found["id"],
            "gate": gate.id,
            "iteration": found["iteration"],
            "decision": outcome,
            "because": reached.because,
            "advice": found["advice"],
            "override": outcome.value != found["advice"],
            "waived": [each["id"] for each in found["results"] if each["outcome"] == "waived"],
            "votes": seated,
            "facts_digest": found["facts_digest"],
            "rulebook_digest": found["rulebook_digest"],
            "workflow_digest": found["workflow_digest"],
            "seen_digest": found["seen_digest"],
            "project_version": project["version"] + 1,
            "engine": ENGINE_VERSION,
        },
        now,
    )
    if outcome is Decision.CONDITIONAL_GO:
        for each in cast:
            for owed in each["conditions"]:
                _owe(connection, actor, found, owed, now)
    moves.apply(
        runtime,
        connection,
        actor,
        project,
        outcome,
        gate=gate,
        until=holds.until(cast) if outcome is Decision.HOLD else None,
        now=now,
    )


def _seat(connection: Connection, cast: list[Record], reached: Tally) -> list[dict[str, Any]]:
    """Writes down which seat each vote filled; returns the votes as the ledger tells them."""
    told: list[dict[str, Any]] = []
    for each in cast:
        seat = reached.seats.get(each["for_person_id"] or each["person_id"])
        if seat is not None:
            submissions.seat_vote(connection, each["id"], seat.value)
        told.append(
            {
                "vote": each["id"],
                "person": each["person_id"],
                "for": each["for_person_id"],
                "through": each["through"],
                "roles": each["roles"],
                "seat": seat,
                "decision": each["decision"],
                "reason": each["reason"],
                "override_reason": each["override_reason"],
                # Only where the gate asks for it: other decisions are told as they always were.
                **({"signed_at": each["signed_at"]} if each["signed_at"] is not None else {}),
            }
        )
    return told


def _owe(
    connection: Connection, actor: Actor, found: Record, owed: dict[str, str], now: datetime
) -> None:
    condition_id = conditions.add(
        connection,
        found["project"],
        found["id"],
        owed["text"],
        owed["owner"],
        date.fromisoformat(owed["due"]),
        now,
    )
    record_event(
        connection,
        found["project"],
        actor,
        "condition.set",
        {"condition": condition_id, "submission": found["id"], "gate": found["gate"], **owed},
        now,
    )


def _record_refusal(
    runtime: Runtime,
    actor: Actor,
    submission_id: int,
    ballot: Ballot,
    refused: Refusal,
    now: datetime,
) -> None:
    """The attempt stands in the ledger though nothing else of its transaction does."""
    with runtime.store.writing() as connection:
        found = submissions.find(connection, submission_id)
        if found is not None:
            record_event(
                connection,
                found["project"],
                actor,
                "vote.refused",
                {
                    "submission": submission_id,
                    "gate": found["gate"],
                    "decision": ballot.answer,
                    "code": refused.code,
                },
                now,
            )
