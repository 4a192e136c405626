"""Evidence that comes while a gate is open: the submission is judged again, the votes are asked again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotAllowed, SubmissionClosed
from govern.domain.role import Role
from govern.process.definition import Gate
from govern.services import gates, rounds
from govern.services.access import check_version, submission_for
from govern.services.evidence_entries import content, entries
from govern.services.ledger import record_event
from govern.services.receipts import receipt
from govern.services.runtime import Runtime
from govern.store import submissions

MOST = 50
"""Pieces of evidence on one submission."""


def bring(
    runtime: Runtime,
    actor: Actor,
    submission_id: int,
    given: Sequence[Mapping[str, Any]],
    *,
    version: int | None,
    now: datetime,
) -> Record:
    """Adds evidence to an open submission, or replaces what stands under the same name.

    The submission is judged again, and votes cast before count no more. For the roles that submit to
    the gate or decide it. Raises NotFound, SubmissionClosed, NotAllowed, StaleVersion, InvalidInput;
    nothing changes then.
    """
    with runtime.store.writing() as connection:
        found, project = submission_for(connection, actor, submission_id, lock=True)
        if found["state"] != submissions.OPEN:
            raise SubmissionClosed(
                f"Submission {submission_id} is closed: {found['decision'] or 'it expired'}.",
                submission=submission_id,
                decision=found["decision"],
                decided_at=found["decided_at"],
            )
        process = runtime.catalog.process(connection, found["workflow_digest"])
        gate = gates.gate_of(process, found["gate"])
        _require_concerned(actor, found, project, gate)
        check_version(found, version)
        new = entries(connection, actor, project["id"], given)
        before = {each["name"]: each for each in found["evidence"]}
        _require_other(new, before)
        after = list({**before, **{each["name"]: each for each in new}}.values())
        if len(after) > MOST:
            raise InvalidInput(
                "The submission has too much evidence.",
                errors={"evidence": [f"at most {MOST} pieces in all"]},
            )
        record_event(
            connection,
            project["id"],
            actor,
            "evidence.added",
            {
                "submission": submission_id,
                "gate": gate.id,
                "evidence": new,
                "replaced": [each["name"] for each in new if each["name"] in before],
            },
            now,
        )
        rounds.refresh(runtime, connection, actor, found, project, gate, brought=after, now=now)
        signed = receipt(runtime, connection, project["id"])
    found = gates.get_submission(runtime, actor, submission_id, now=now)
    return {**found, "receipt": signed}


def _require_concerned(actor: Actor, found: Record, project: Record, gate: Gate) -> None:
    concerned = {*gate.submit, *gate.roles, *map(Role, found["escalated_to"])}
    held = actor.roles_on(project["portfolio"], project["id"])
    if held.isdisjoint(concerned):
        needed = sorted(role.value for role in concerned)
        raise NotAllowed(
            f"Evidence is brought to gate '{gate.id}' by those who submit to it or decide it: "
            f"{', '.join(needed)} of project {project['id']}.",
            needed=needed,
            held=sorted(role.value for role in held),
        )


def _require_other(new: Sequence[dict[str, Any]], before: Mapping[str, dict[str, Any]]) -> None:
    same = {
        f"evidence.{index}": [f"'{each['name']}' stands there already, just so"]
        for index, each in enumerate(new)
        if each["name"] in before and content(before[each["name"]]) == content(each)
    }
    if same:
        raise InvalidInput("Bring what is new.", errors=same)
