"""Scoring a criterion that no condition can tell, from 0 to 10.

A score is given by each person in a role of their own, never through a delegation. A correction is
one more score of the same person: the newest counts, and all of them stand in the history.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern import ENGINE_VERSION
from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotAllowed, SeparationOfDuties, SubmissionClosed
from govern.domain.role import Role
from govern.process.definition import Gate, Scorecard
from govern.process.scorecards import HIGHEST
from govern.services import gate_judgement, gates, rounds, scorecards
from govern.services.access import check_version, submission_for
from govern.services.attempts import recorded_if_refused
from govern.services.ledger import record_event
from govern.services.receipts import receipt
from govern.services.runtime import Runtime
from govern.store import scores, submissions

DECIMALS = 2


def score(
    runtime: Runtime,
    actor: Actor,
    submission_id: int,
    *,
    criterion: str,
    given: Decimal,
    note: str | None = None,
    role: Role | None = None,
    version: int | None,
    now: datetime,
) -> Record:
    """Scores one criterion of an open submission, and judges the submission again.

    Votes cast before are asked for again where the score changes what they said yes to. Raises
    NotFound, SubmissionClosed, StaleVersion, InvalidInput, NotAllowed with the roles that score,
    SeparationOfDuties for the submitter (which is recorded); nothing changes then.
    """
    tried = {"submission": submission_id, "criterion": criterion}
    with (
        recorded_if_refused(runtime, actor, "score.refused", tried, now),
        runtime.store.writing() as connection,
    ):
        found, project = submission_for(connection, actor, submission_id, lock=True)
        _require_open(found)
        check_version(found, version)
        gate = gates.gate_of(
            runtime.catalog.process(connection, found["workflow_digest"]), found["gate"]
        )
        card = _card(gate, criterion, given)
        scored_as = _role(actor, found, project, gate, criterion, card, role)
        values: dict[str, Any] = {
            "criterion": criterion,
            "role": scored_as.value,
            "score": given,
            "note": note,
        }
        score_id = scores.add(
            connection,
            {**values, "submission_id": submission_id, "person_id": actor.person_id},
            now,
        )
        record_event(
            connection,
            project["id"],
            actor,
            "criterion.scored",
            {"score_id": score_id, "submission": submission_id, "gate": gate.id, **values},
            now,
        )
        if not rounds.refresh(runtime, connection, actor, found, project, gate, now=now):
            _keep_seen(runtime, connection, actor, found, project, gate, now)
        signed = receipt(runtime, connection, project["id"])
    found = gates.get_submission(runtime, actor, submission_id, now=now)
    return {**found, "receipt": signed}


def _keep_seen(
    runtime: Runtime,
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    now: datetime,
) -> None:
    """No vote becomes stale, but whoever votes from now on has seen this score and its note."""
    judged = gate_judgement.judge(
        runtime,
        connection,
        project,
        gate,
        as_of=now.date(),
        brought=found["evidence"],
        submission_id=found["id"],
        workflow_digest=found["workflow_digest"],
        now=now,
    )
    submissions.change(connection, found["id"], found["version"], judged.columns())
    told = {"submission": found["id"], "gate": gate.id, **judged.columns()}
    record_event(
        connection,
        project["id"],
        actor,
        "gate.judged",
        {**told, "engine": ENGINE_VERSION},
        now,
    )


def _require_open(found: Record) -> None:
    if found["state"] != submissions.OPEN:
        raise SubmissionClosed(
            f"Submission {found['id']} is closed: {found['decision'] or found['state']}. "
            "Nothing more is scored.",
            submission=found["id"],
            decision=found["decision"],
            decided_at=found["decided_at"],
        )


def _card(gate: Gate, criterion: str, given: Decimal) -> Scorecard:
    asked = scorecards.scored(gate)
    errors: dict[str, list[str]] = {}
    if criterion not in asked:
        known = any(each.id == criterion for each in gate.criteria)
        errors["criterion"] = [
            f"one that people score at this gate: {', '.join(asked) or 'there is none'}"
            + (f"; '{criterion}' is judged by a condition" if known else "")
        ]
    if not 0 <= given <= HIGHEST or given != round(given, DECIMALS):
        errors["score"] = ["from 0 to 10, with at most two decimals, such as 7.5"]
    if errors:
        raise InvalidInput("This cannot be scored so.", errors=errors)
    return asked[criterion][1]


def _role(
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    criterion: str,
    card: Scorecard,
    wanted: Role | None,
) -> Role:
    if found["submitted_by"] == actor.person_id:
        raise SeparationOfDuties(
            "You submitted this: somebody else scores it, whatever roles you hold.",
            project=project["id"],
            submission=found["id"],
            gate=gate.id,
        )
    held = actor.roles_on(project["portfolio"], project["id"])
    roles = scorecards.scorers(gate, card)
    able = [each for each in roles if each in held]
    if not able:
        raise NotAllowed(
            f"'{criterion}' is scored by {', '.join(roles)} of project {project['id']}.",
            needed=[each.value for each in roles],
            held=sorted(each.value for each in held),
        )
    if wanted is None:
        return able[0]
    if wanted not in able:
        raise InvalidInput(
            "You cannot score in this role here.",
            errors={"role": [f"one of {', '.join(able)}"]},
        )
    return wanted
