"""Gate submissions: what is put before the deciders, and how the machine judges it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern import ENGINE_VERSION
from govern.domain.actor import Actor
from govern.domain.decision import Decision
from govern.domain.record import Record
from govern.domain.refusal import AlreadySubmitted, IllegalMove, NotAllowed, NotFound
from govern.process.definition import LESSONS, Gate
from govern.services import (
    deciders,
    earlier,
    evidence_entries,
    gate_judgement,
    lessons_shown,
    scorecards,
    waiver_list,
)
from govern.services.access import check_version, project_for, submission_for
from govern.services.catalog import Process
from govern.services.gate_judgement import Judgement
from govern.services.ledger import record_event
from govern.services.receipts import receipt
from govern.services.runtime import Runtime
from govern.services.working_days import days_of
from govern.store import conditions, events, lessons, people, submissions
from govern.store.paging import Page, PageRequest


def submit(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    gate_id: str,
    *,
    note: str | None = None,
    provided: Sequence[Mapping[str, Any]] = (),
    version: int | None = None,
    now: datetime,
) -> Record:
    """Puts a project before a gate, judged on the facts as they are known now.

    `provided` is the evidence: `name` and either `link` or `file`, the number of a file of the
    project. `version` is the project's. Raises NotFound, NotAllowed, IllegalMove with what would be
    legal, AlreadySubmitted, StaleVersion, InvalidInput.
    """
    with runtime.store.writing() as connection:
        project = project_for(connection, actor, project_id, lock=True)
        process = runtime.catalog.process(connection, project["workflow_digest"])
        gate = gate_of(process, gate_id)
        _require_submitter(actor, project, gate)
        check_version(project, version)
        if project["stage"] != gate.source:
            raise _not_from_here(process, project, gate)
        already = submissions.open_one(connection, project_id)
        if already is not None:
            raise AlreadySubmitted(
                f"Submission {already['id']} to gate '{already['gate']}' is waiting for a decision.",
                submission=already["id"],
                gate=already["gate"],
            )
        brought = evidence_entries.entries(connection, actor, project_id, provided)
        submission_id = open_submission(
            runtime, connection, actor, project, process, gate, note, brought, now
        )
        signed = receipt(runtime, connection, project["id"])
    return {**get_submission(runtime, actor, submission_id, now=now), "receipt": signed}


def open_submission(
    runtime: Runtime,
    connection: Connection,
    actor: Actor,
    project: Record,
    process: Process,
    gate: Gate,
    note: str | None,
    brought: Sequence[dict[str, Any]],
    now: datetime,
) -> int:
    """Puts a project, which the caller has locked, before a gate; returns the submission's id.

    Whether the actor may, and whether the project stands there, is the caller's to know.
    """
    days = days_of(runtime, connection, process.workflow)
    judged = _judged_last(runtime, connection, project, gate, brought, now)
    values = {
        **judged.columns(),
        "project_id": project["id"],
        "gate": gate.id,
        "iteration": submissions.next_iteration(connection, project["id"], gate.id),
        "state": submissions.OPEN,
        "submitted_by": actor.person_id,
        "note": note,
        "evidence": [dict(each) for each in brought],
        "workflow_digest": project["workflow_digest"],
        "decide_by": days.after(now, gate.decide_within),
        "expires_on": days.after(now, gate.expires),
        "round": 1,
        "recorded_at": now,
    }
    submission_id = submissions.add(connection, values)
    shown = {} if judged.lessons is None else {"lessons": judged.lessons}
    lessons.show(connection, submission_id, judged.lessons or ())
    record_event(
        connection,
        project["id"],
        actor,
        "gate.submitted",
        {
            **{k: v for k, v in values.items() if k not in ("project_id", "state", "recorded_at")},
            "submission": submission_id,
            **days.told(),
            **shown,
            "engine": ENGINE_VERSION,
        },
        now,
    )
    return submission_id


def _judged_last(
    runtime: Runtime,
    connection: Connection,
    project: Record,
    gate: Gate,
    brought: Sequence[dict[str, Any]],
    now: datetime,
) -> Judgement:
    """Judged with all that stands before it in the project's chain, which nobody writes to any more until
    the transaction ends: so that of what is written later it can be told that it was not seen."""
    seen, _ = events.head_of(connection, project["id"])
    while True:
        judged = gate_judgement.judge(
            runtime,
            connection,
            project,
            gate,
            as_of=now.date(),
            brought=brought,
            submission_id=None,
            workflow_digest=project["workflow_digest"],
            now=now,
        )
        # Not everybody locks the project: a sweep does not.
        head, _ = events.head_of(connection, project["id"], lock=True)
        if head == seen:
            return judged
        seen = head


def get_submission(runtime: Runtime, actor: Actor, submission_id: int, *, now: datetime) -> Record:
    """A submission with its votes, scores and conditions, what is missing for a decision, and every
    waiver of the project."""
    with runtime.store.reading() as connection:
        return submission_told(runtime, connection, actor, submission_id, now)


def submission_told(
    runtime: Runtime, connection: Connection, actor: Actor, submission_id: int, now: datetime
) -> Record:
    """As `get_submission`, in the caller's transaction."""
    found, project = submission_for(connection, actor, submission_id)
    return view(runtime, connection, found, project, now)


def list_submissions(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    project: str | None = None,
    gate: str | None = None,
    state: str | None = None,
) -> Page:
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        return submissions.page(
            connection, actor, request, project_id=project, gate=gate, state=state
        )


def view(
    runtime: Runtime,
    connection: Connection,
    found: Record,
    project: Record,
    now: datetime,
    votes: Sequence[Record] | None = None,
) -> Record:
    """What people are told of a submission. `votes` are those on it, where the caller has them."""
    process = runtime.catalog.process(connection, found["workflow_digest"])
    gate = gate_of(process, found["gate"])
    if votes is None:
        votes = submissions.votes(connection, found["id"])
    named = people.names(
        connection,
        {
            found["submitted_by"],
            *(each["person_id"] for each in votes),
            *(each["for_person_id"] for each in votes if each["for_person_id"]),
        },
    )
    is_open = found["state"] == submissions.OPEN
    shows, owes = LESSONS in gate.shows, found["decision"] == Decision.CONDITIONAL_GO
    shown = lessons_shown.shown_with(connection, found["id"]) if shows else []
    return {
        **found,
        "title": gate.title,
        "signature": gate.signature,
        "submitted_by_name": named.get(found["submitted_by"]),
        "votes": [_vote(each, found["round"], named, shown) for each in votes],
        "missing": (
            deciders.missing(connection, found, project, gate, votes, now) if is_open else []
        ),
        "leads_to": [
            {"decision": move.decision, "to": move.to}
            for move in process.machine.legal(gate.source)
            if move.gate == gate.id
        ],
        "conditions": conditions.of_submission(connection, found["id"]) if owes else [],
        "earlier": earlier.of_submission(connection, found),
        "lessons": shown,
        "scorecards": scorecards.cards(connection, found, project, gate, now),
        "waivers": waiver_list.of_project(connection, project["id"], now.date()),
        "receipt": None,
    }


def _vote(vote: Record, current: int, named: dict[str, str], shown: Sequence[Record]) -> Record:
    return {
        **vote,
        "person": named.get(vote["person_id"]),
        "for_person": named.get(vote["for_person_id"]),
        "counts": vote["round"] == current,
        "lessons_shown": [each["id"] for each in shown],
    }


def gate_of(process: Process, gate_id: str) -> Gate:
    gate = process.workflow.gate(gate_id)
    if gate is None:
        known = [each.id for each in process.workflow.gates]
        raise NotFound(
            f"Workflow '{process.workflow.id}' has no gate '{gate_id}'; it has {', '.join(known)}.",
            gate=gate_id,
            known=known,
        )
    return gate


def _require_submitter(actor: Actor, project: Record, gate: Gate) -> None:
    held = actor.roles_on(project["portfolio"], project["id"])
    if held.isdisjoint(gate.submit):
        needed = [role.value for role in gate.submit]
        raise NotAllowed(
            f"Submitting to gate '{gate.id}' takes one of the roles {', '.join(needed)} on "
            f"project {project['id']}.",
            needed=needed,
            held=sorted(role.value for role in held),
        )


def _not_from_here(process: Process, project: Record, gate: Gate) -> IllegalMove:
    legal = process.machine.legal(project["stage"], project["held_from"])
    open_gates = [each.id for each in process.machine.gates_from(project["stage"])]
    instead = (
        f"from there it can be put before {', '.join(open_gates)}"
        if open_gates
        else "no gate leads out of that stage"
    )
    return IllegalMove(
        f"Gate '{gate.id}' takes projects in stage {gate.source}; {project['id']} is in "
        f"{project['stage']}: {instead}.",
        stage=project["stage"],
        gate=gate.id,
        legal=[move.fact() for move in legal],
    )
