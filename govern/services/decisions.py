"""Votes on a submission, and the decision they add up to."""

from collections.abc import Mapping, Sequence
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
from govern.ledger.event import Event
from govern.process.definition import LESSONS, Gate
from govern.process.tally import Tally, Vote, tally
from govern.services import ballots, deciders, gates, holds, moves, rounds
from govern.services.access import check_version, submission_for
from govern.services.ballots import Ballot
from govern.services.confirming import signature_of
from govern.services.deciders import Seat
from govern.services.ledger import Told, record_event, record_events
from govern.services.receipts import receipt_over
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
                cast = submissions.votes_on(connection, found)
                _require_first(actor, found, seat, cast)
                ballots.check(ballot, found, now.date())
                holds.check(ballot.resume_when)
                signed = signature_of(actor, gate.signature, f"/gates/{submission_id}", now)
                found, cast, last = _cast(
                    *(runtime, connection, actor, found, project),
                    *(gate, cast, seat, ballot, signed, now),
                )
                told = gates.view(runtime, connection, found, project, now, cast)
                return {**told, "receipt": receipt_over(runtime, last.project, last.seq, last.leaf)}
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


def _require_first(actor: Actor, found: Record, seat: Seat, cast: Sequence[Record]) -> None:
    out = deciders.involved(found, cast)
    if actor.person_id in out:
        raise AlreadyVoted("You have voted on this submission.", submission=found["id"])
    if seat.principal in out:
        raise AlreadyVoted(
            "The person you would vote for has voted, or has been voted for.",
            submission=found["id"],
        )


def _cast(
    runtime: Runtime,
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    before: Sequence[Record],
    seat: Seat,
    ballot: Ballot,
    signed: Mapping[str, Any],
    now: datetime,
) -> tuple[Record, list[Record], Event]:
    """Writes the vote down, and what it decides. `before` are the votes that were cast; returns the
    submission and its votes as they stand then, and the last event."""
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
    voter = seat.principal or actor.person_id
    own = Vote(voter, seat.roles, ballot.answer)
    reached = tally(gate, [*deciders.votes_of(before, found["round"]), own])
    decides = reached.decision is not None
    seats = {each: role.value for each, role in reached.seats.items()} if decides else {}
    row = {
        **values,
        "submission_id": found["id"],
        "person_id": actor.person_id,
        "seat": seats.get(voter),
    }
    vote = submissions.add_vote(connection, row, now)
    told = {
        "vote": vote["id"],
        "submission": found["id"],
        "gate": gate.id,
        **values,
        "advice": found["advice"],
        "override": overrides,
        "facts_digest": found["facts_digest"],
        **shown,
    }
    events: list[Told] = [("vote.cast", told)]
    if reached.decision is None:
        (last,) = record_events(connection, found["project"], actor, events, now)
        return _changed(connection, found, {}), [*before, vote], last
    votes = [*_seated(connection, before, found["round"], seats), vote]
    decided, last = _settle(
        *(runtime, connection, actor, found, project),
        *(gate, reached.decision, reached, votes, events, now),
    )
    return decided, votes, last


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
    outcome: Decision,
    reached: Tally,
    votes: Sequence[Record],
    before: Sequence[Told],
    now: datetime,
) -> tuple[Record, Event]:
    """Writes down what the votes decide, with the events that come `before` it; returns the submission
    as it stands then, and the last event."""
    cast = [each for each in votes if each["round"] == found["round"]]
    decided = _changed(
        connection,
        found,
        {"state": submissions.DECIDED, "decision": outcome.value, "decided_at": now},
    )
    told = {
        "submission": found["id"],
        "gate": gate.id,
        "iteration": found["iteration"],
        "decision": outcome,
        "because": reached.because,
        "advice": found["advice"],
        "override": outcome.value != found["advice"],
        "waived": [each["id"] for each in found["results"] if each["outcome"] == "waived"],
        "votes": [_told(each) for each in cast],
        "facts_digest": found["facts_digest"],
        "rulebook_digest": found["rulebook_digest"],
        "workflow_digest": found["workflow_digest"],
        "seen_digest": found["seen_digest"],
        "project_version": project["version"] + 1,
        "engine": ENGINE_VERSION,
    }
    events: list[Told] = [*before, ("gate.decided", told)]
    if outcome is Decision.CONDITIONAL_GO:
        events += [
            _owe(connection, found, owed, now) for each in cast for owed in each["conditions"]
        ]
    events += moves.apply(
        runtime,
        connection,
        actor,
        project,
        outcome,
        gate=gate,
        until=holds.until(cast) if outcome is Decision.HOLD else None,
        now=now,
    )
    return decided, record_events(connection, project["id"], actor, events, now)[-1]


def _changed(connection: Connection, found: Record, fields: dict[str, Any]) -> Record:
    """The submission with other fields, written down."""
    submissions.change(connection, found["id"], found["version"], fields)
    return {**found, **fields, "version": found["version"] + 1}


def _seated(
    connection: Connection, votes: Sequence[Record], current: int, seats: Mapping[str, str]
) -> list[Record]:
    """The votes, with the seat that each of the round filled: that is written down."""
    filled = {
        each["id"]: seat
        for each in votes
        if each["round"] == current
        and (seat := seats.get(each["for_person_id"] or each["person_id"])) is not None
    }
    submissions.seat_votes(connection, filled)
    return [{**each, "seat": filled.get(each["id"], each["seat"])} for each in votes]


def _told(vote: Record) -> dict[str, Any]:
    """A vote as the ledger tells it with the decision."""
    return {
        "vote": vote["id"],
        "person": vote["person_id"],
        "for": vote["for_person_id"],
        "through": vote["through"],
        "roles": vote["roles"],
        "seat": vote["seat"],
        "decision": vote["decision"],
        "reason": vote["reason"],
        "override_reason": vote["override_reason"],
        # Only where the gate asks for it: other decisions are told as they always were.
        **({"signed_at": vote["signed_at"]} if vote["signed_at"] is not None else {}),
    }


def _owe(
    connection: Connection, found: Record, owed: dict[str, str], now: datetime
) -> tuple[str, dict[str, Any]]:
    """Writes a condition down; the event that tells of it."""
    condition_id = conditions.add(
        connection,
        found["project"],
        found["id"],
        owed["text"],
        owed["owner"],
        date.fromisoformat(owed["due"]),
        now,
    )
    told = {"condition": condition_id, "submission": found["id"], "gate": found["gate"], **owed}
    return "condition.set", told


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
