"""Scorecards of a submission: who scored what, what is still missing, and who can give it."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.criterion import Outcome
from govern.domain.record import Record
from govern.domain.role import Role
from govern.process.definition import Criterion, Gate, Scorecard
from govern.store import people, scores, submissions

_SHOWN = Decimal("0.01")


def scored(gate: Gate) -> dict[str, tuple[Criterion, Scorecard]]:
    """The criteria of a gate that people score, by id."""
    return {each.id: (each, each.score) for each in gate.criteria if each.score is not None}


def scorers(gate: Gate, card: Scorecard) -> tuple[Role, ...]:
    """The roles that score: those the criterion names, else those that decide at the gate."""
    return card.by or tuple(dict.fromkeys((*(slot.role for slot in gate.approve), *gate.veto)))


def cards(
    connection: Connection, found: Record, project: Record, gate: Gate, now: datetime
) -> list[Record]:
    """Each criterion that people score, with the scores in force and, while the submission is open,
    how many are missing and who can give them. `mean` has two decimals; none without a score."""
    asked = scored(gate)
    if not asked:
        return []
    given = scores.of_submission(connection, found["id"])
    named = people.names(connection, {each["person_id"] for each in given})
    outcomes = {each["id"]: each["outcome"] for each in found["results"]}
    told: list[Record] = []
    for criterion, card in asked.values():
        theirs = [each for each in given if each["criterion"] == criterion.id]
        roles = scorers(gate, card)
        missing = _missing(found, outcomes.get(criterion.id), card, len(theirs))
        out = {found["submitted_by"], *(each["person_id"] for each in theirs)}
        able = {
            each["id"]: each["name"]
            for role in (roles if missing else ())
            for each in people.holders(connection, role, project["portfolio"], project["id"], now)
            if each["id"] not in out
        }
        told.append(
            {
                "criterion": criterion.id,
                "title": criterion.title,
                "outcome": outcomes.get(criterion.id),
                "least": card.least,
                "scorers": card.scorers,
                "by": [role.value for role in roles],
                "anchors": [{"at": at, "means": means} for at, means in card.anchors],
                "scores": [{**each, "person": named.get(each["person_id"])} for each in theirs],
                "mean": _mean([each["score"] for each in theirs]),
                "missing": missing,
                "who": sorted(set(able.values())),
            }
        )
    return told


def waiting(
    connection: Connection, actor: Actor, found: Record, project: Record, gate: Gate
) -> list[tuple[Criterion, tuple[Role, ...]]]:
    """The criteria whose score is missing and can be given by this person, with in which roles."""
    asked = scored(gate)
    if not asked or actor.person_id == found["submitted_by"]:
        return []
    held = actor.roles_on(project["portfolio"], project["id"])
    given = scores.of_submission(connection, found["id"])
    outcomes = {each["id"]: each["outcome"] for each in found["results"]}
    waits: list[tuple[Criterion, tuple[Role, ...]]] = []
    for criterion, card in asked.values():
        theirs = {each["person_id"] for each in given if each["criterion"] == criterion.id}
        roles = tuple(role for role in scorers(gate, card) if role in held)
        missing = _missing(found, outcomes.get(criterion.id), card, len(theirs))
        if roles and missing and actor.person_id not in theirs:
            waits.append((criterion, roles))
    return waits


def _missing(found: Record, outcome: str | None, card: Scorecard, given: int) -> int:
    """How many more have to score; nobody once it is decided or the criterion is waived."""
    if found["state"] != submissions.OPEN or outcome == Outcome.WAIVED:
        return 0
    return max(0, card.scorers - given)


def _mean(values: list[Decimal]) -> Decimal | None:
    if not values:
        return None
    return (sum(values, Decimal(0)) / len(values)).quantize(_SHOWN, ROUND_HALF_UP)
