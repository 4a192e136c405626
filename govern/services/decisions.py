"""Votes on a submission, and the decision they add up to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern import ENGINE_VERSION
from govern.domain.actor import Actor
from govern.domain.decision import Decision
from govern.domain.record import Record
from govern.domain.refusal import (
    AlreadyVoted,
    ConditionsNeeded,
    InvalidInput,
    NotAllowed,
    OverrideNeedsReason,
    Refusal,
    SeparationOfDuties,
    SubmissionClosed,
)
from govern.domain.role import Role
from govern.process.definition import Gate
from govern.process.tally import tally
from govern.services import gates, moves
from govern.services.access import check_version, submission_for
from govern.services.ledger import record_event
from govern.services.runtime import Runtime
from govern.store import conditions, projects, submissions


def vote(
    runtime: Runtime,
    actor: Actor,
    submission_id: int,
    *,
    decision: Decision,
    reason: str,
    override_reason: str | None = None,
    role: Role | None = None,
    owed: Sequence[dict[str, Any]] = (),
    version: int | None,
    now: datetime,
) -> Record:
    """Casts the actor's vote; decides the gate and moves the project once the votes suffice.

    `owed` are the conditions of a conditional go (`text`, `owner`, `due`). A vote against the
    machine's advice is an override and says why. Raises NotFound, StaleVersion, SubmissionClosed,
    SeparationOfDuties (which is recorded), NotAllowed, AlreadyVoted, OverrideNeedsReason,
    ConditionsNeeded, InvalidInput; nothing changes then.
    """
    try:
        with runtime.store.writing() as connection:
            found, project = _open(connection, actor, submission_id, version)
            project = projects.find(connection, project["id"], lock=True) or project
            process = runtime.catalog.process(connection, found["workflow_digest"])
            gate = gates.gate_of(process, found["gate"])
            _require_decider(actor, found, project, gate)
            cast = submissions.votes(connection, submission_id)
            if any(each["person_id"] == actor.person_id for each in cast):
                raise AlreadyVoted("You have voted on this submission.", submission=submission_id)
            overrides = decision.value != found["advice"]
            _check_words(decision, found, override_reason, owed, now.date())
            voted_as = _role(actor, project, gate, cast, role)
            values = {
                "role": voted_as.value,
                "decision": decision.value,
                "reason": reason,
                "override_reason": override_reason if overrides else None,
                "conditions": [
                    {"text": each["text"], "owner": each["owner"], "due": each["due"].isoformat()}
                    for each in owed
                ],
            }
            submissions.add_vote(
                connection,
                {**values, "submission_id": submission_id, "person_id": actor.person_id},
                now,
            )
            record_event(
                connection,
                project["id"],
                actor,
                "vote.cast",
                {
                    "submission": submission_id,
                    "gate": gate.id,
                    **values,
                    "advice": found["advice"],
                    "override": overrides,
                    "facts_digest": found["facts_digest"],
                },
                now,
            )
            _settle(runtime, connection, actor, found, project, gate, now)
    except SeparationOfDuties as refused:
        _record_refusal(runtime, actor, submission_id, decision, refused, now)
        raise
    return gates.get_submission(runtime, actor, submission_id, now=now)


def _open(
    connection: Connection, actor: Actor, submission_id: int, version: int | None
) -> tuple[Record, Record]:
    found, project = submission_for(connection, actor, submission_id, lock=True)
    if found["state"] != submissions.OPEN:
        raise SubmissionClosed(
            f"Submission {submission_id} was decided: {found['decision']}.",
            submission=submission_id,
            decision=found["decision"],
            decided_at=found["decided_at"],
        )
    check_version(found, version)
    return found, project


def _require_decider(actor: Actor, found: Record, project: Record, gate: Gate) -> None:
    if found["submitted_by"] == actor.person_id:
        raise SeparationOfDuties(
            "You submitted this: somebody else decides it, whatever roles you hold.",
            submission=found["id"],
            gate=gate.id,
        )
    held = actor.roles_on(project["portfolio"], project["id"])
    if held.isdisjoint(gate.roles):
        needed = sorted(each.value for each in gate.roles)
        raise NotAllowed(
            f"Gate '{gate.id}' is decided by {', '.join(needed)} of project {project['id']}.",
            needed=needed,
            held=sorted(each.value for each in held),
        )


def _check_words(
    decision: Decision,
    found: Record,
    override_reason: str | None,
    owed: Sequence[dict[str, Any]],
    today: date,
) -> None:
    if decision.value != found["advice"] and not (override_reason or "").strip():
        raise OverrideNeedsReason(
            f"The advice is {found['advice']}: a {decision.value} against it needs an "
            "override_reason.",
            advice=found["advice"],
            because=found["advice_because"],
        )
    if decision is Decision.CONDITIONAL_GO and not owed:
        raise ConditionsNeeded("Name at least one condition: what, by whom, by when.")
    if decision is not Decision.CONDITIONAL_GO and owed:
        raise InvalidInput(
            "Conditions go with a conditional go.",
            errors={"conditions": [f"none with the decision {decision.value}"]},
        )
    late = {
        f"conditions.{index}.due": [f"today, {today.isoformat()}, or later"]
        for index, each in enumerate(owed)
        if each["due"] < today
    }
    if late:
        raise InvalidInput("A condition cannot be due in the past.", errors=late)


def _role(
    actor: Actor, project: Record, gate: Gate, cast: Sequence[Record], asked: Role | None
) -> Role:
    """The role to vote in: the one asked for, else the first of the actor's that is still missing."""
    held = actor.roles_on(project["portfolio"], project["id"])
    if asked is not None:
        if asked not in gate.roles or asked not in held:
            usable = sorted(each.value for each in held & gate.roles)
            raise InvalidInput(
                "You cannot vote in this role here.",
                errors={"role": [f"one of {', '.join(usable)}"]},
            )
        return asked
    missing = [each.role for each in tally(gate.approve, map(gates.vote_of, cast)).missing]
    usable = [each for each in missing if each in held]
    return usable[0] if usable else next(s.role for s in gate.approve if s.role in held)


def _settle(
    runtime: Runtime,
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    now: datetime,
) -> None:
    votes = submissions.votes(connection, found["id"])
    outcome = tally(gate.approve, map(gates.vote_of, votes)).decision
    if outcome is None:
        submissions.change(connection, found["id"], found["version"], {})
        return
    submissions.change(
        connection,
        found["id"],
        found["version"],
        {"state": submissions.DECIDED, "decision": outcome.value, "decided_at": now},
    )
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
            "advice": found["advice"],
            "override": outcome.value != found["advice"],
            "votes": [
                {
                    "person": each["person_id"],
                    "role": each["role"],
                    "decision": each["decision"],
                    "reason": each["reason"],
                    "override_reason": each["override_reason"],
                }
                for each in votes
            ],
            "facts_digest": found["facts_digest"],
            "rulebook_digest": found["rulebook_digest"],
            "workflow_digest": found["workflow_digest"],
            "engine": ENGINE_VERSION,
        },
        now,
    )
    if outcome is Decision.CONDITIONAL_GO:
        for each in votes:
            for owed in each["conditions"]:
                _owe(connection, actor, found, owed, now)
    moves.apply(runtime, connection, actor, project, outcome, gate=gate, now=now)


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
    decision: Decision,
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
                    "decision": decision,
                    "code": refused.code,
                },
                now,
            )
