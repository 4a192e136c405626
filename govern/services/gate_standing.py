"""What one person can do at a gate: vote (in which ways, or why not), score, waive, bring evidence."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import Refusal
from govern.domain.role import ALLOWED, Permission, Role
from govern.process.definition import Gate
from govern.services import deciders, scorecards
from govern.services.deciders import Seat
from govern.store import people, submissions


def standing(
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    votes: Sequence[Record],
    now: datetime,
) -> Record:
    """`may_vote` with the `ways` to, or `why_not` in a sentence; `voted`, the person's own vote that
    counts; `scores`, the criteria they can score; whether they may waive, bring evidence, close conditions.

    A way has `for` and `for_id` (None for an own vote) and the `roles` that it may count in.
    """
    held = actor.roles_on(project["portfolio"], project["id"])
    is_open = found["state"] == submissions.OPEN
    voted = next((each for each in votes if each["counts"] and _is_of(each, actor)), None)
    ways, why_not = _ways(connection, actor, found, project, gate, votes, now)
    submitted = found["submitted_by"] == actor.person_id
    concerned = {*gate.submit, *gate.roles, *map(Role, found["escalated_to"])}
    return {
        "may_vote": why_not is None,
        "why_not": why_not,
        "ways": ways,
        "voted": voted,
        "submitted": submitted,
        "scores": [
            criterion.id
            for criterion, card in scorecards.scored(gate).values()
            if is_open and not submitted and not held.isdisjoint(scorecards.scorers(gate, card))
        ],
        "may_waive": is_open and not submitted and not held.isdisjoint(gate.waive),
        "may_bring": is_open and not held.isdisjoint(concerned),
        "may_close": not held.isdisjoint(ALLOWED[Permission.CLOSE_CONDITION]),
        "roles": sorted(role.value for role in held),
    }


def _ways(
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    votes: Sequence[Record],
    now: datetime,
) -> tuple[list[Record], str | None]:
    if found["state"] != submissions.OPEN:
        return [], "It is closed: nothing is decided here any more."
    out = deciders.involved(found, votes)
    if actor.person_id in out and actor.person_id != found["submitted_by"]:
        return [], "You have voted, or somebody has voted for you. One person has one vote."
    ways: list[Seat] = []
    why: str | None = None
    seats = deciders.seats_of(connection, actor, found, project, gate, now)
    for principal in dict.fromkeys(each.principal for each in seats) or (None,):
        if principal is not None and principal in out and principal != found["submitted_by"]:
            why = why or "The person you would vote for has voted, or has been voted for."
            continue
        try:
            ways.append(
                deciders.seat_for(
                    connection,
                    actor,
                    found,
                    project,
                    gate,
                    role=None,
                    on_behalf_of=principal,
                    now=now,
                )
            )
        except Refusal as refusal:
            why = why or refusal.detail
    named = people.names(connection, {each.principal for each in ways if each.principal})
    told = [
        {
            "for_id": each.principal,
            "for": named.get(each.principal) if each.principal else None,
            "roles": [role.value for role in each.roles],
            "through": each.through.value,
        }
        for each in ways
    ]
    return told, None if told else why


def _is_of(vote: Record, actor: Actor) -> bool:
    return actor.person_id in (vote["person_id"], vote["for_person_id"])
