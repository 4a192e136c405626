"""Who may vote on a submission: in their own roles, for a colleague, or because it was escalated."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.decision import Answer
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotAllowed, SeparationOfDuties
from govern.domain.role import Role
from govern.process.definition import EVIDENCE_PROVIDER, READING_SUBMITTER, Gate
from govern.process.tally import Vote, tally, would_help
from govern.store import delegations, people, projects, readings


class Through(StrEnum):
    """What lets somebody vote."""

    OWN = "own"
    DELEGATION = "delegation"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Seat:
    """A way for somebody to vote: in these roles, their own or (`principal`) another's."""

    roles: tuple[Role, ...]
    through: Through
    principal: str | None = None


def seats_of(
    connection: Connection, actor: Actor, found: Record, project: Record, gate: Gate, now: datetime
) -> tuple[Seat, ...]:
    """Every way in which the actor may vote, their own roles first."""
    held = actor.roles_on(project["portfolio"], project["id"])
    seats = [Seat(own, Through.OWN)] if (own := _in_order(gate, held)) else []
    if not own and any(Role(each) in held for each in found["escalated_to"]):
        seats.append(Seat(tuple(slot.role for slot in gate.approve), Through.ESCALATION))
    for each in delegations.in_force(
        connection, project["portfolio"], project["id"], gate.id, now.date()
    ):
        if each["to_person_id"] == actor.person_id:
            theirs = _roles_of(connection, each["from_person_id"], project, now)
            if roles := _in_order(gate, theirs):
                seats.append(Seat(roles, Through.DELEGATION, each["from_person_id"]))
    return tuple(seats)


def seat_for(
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    *,
    role: Role | None,
    on_behalf_of: str | None,
    now: datetime,
) -> Seat:
    """The way in which the actor votes here.

    Raises SeparationOfDuties, NotAllowed with the roles that would do, InvalidInput for a role or
    a principal that the actor cannot vote in or for.
    """
    _require_separate(connection, actor.person_id, found, project, gate)
    seats = seats_of(connection, actor, found, project, gate, now)
    if on_behalf_of is not None:
        principal = people.resolve(connection, on_behalf_of)
        seats = tuple(each for each in seats if principal and each.principal == principal)
        if not seats:
            raise InvalidInput(
                "You cannot vote for this person here.",
                errors={"on_behalf_of": ["nobody who has delegated this gate to you today"]},
            )
    if not seats:
        needed = sorted(each.value for each in gate.roles)
        raise NotAllowed(
            f"Gate '{gate.id}' is decided by {', '.join(needed)} of project {project['id']}.",
            needed=needed,
            held=sorted(x.value for x in actor.roles_on(project["portfolio"], project["id"])),
        )
    chosen = seats[0]
    if chosen.principal is not None and len(seats) > 1 and on_behalf_of is None:
        named = people.names(connection, {each.principal for each in seats if each.principal})
        raise InvalidInput(
            "Say for whom you vote: several people have delegated this gate to you.",
            errors={"on_behalf_of": [f"one of {', '.join(sorted(named))}"]},
        )
    if chosen.principal is not None:
        _require_separate(connection, chosen.principal, found, project, gate, delegated=True)
    if role is None:
        return chosen
    if role not in chosen.roles:
        raise InvalidInput(
            "You cannot vote in this role here.",
            errors={"role": [f"one of {', '.join(each.value for each in chosen.roles)}"]},
        )
    return Seat((role,), chosen.through, chosen.principal)


def votes_of(records: Iterable[Record], round_number: int) -> list[Vote]:
    """The votes of a round as they count: for the person whose vote each is."""
    return [
        Vote(
            each["for_person_id"] or each["person_id"],
            tuple(map(Role, each["roles"])),
            Answer(each["decision"]),
        )
        for each in records
        if each["round"] == round_number
    ]


def involved(found: Record, votes: Sequence[Record]) -> set[str]:
    """Who has submitted, voted, or been voted for in this round: nobody of them may do so again."""
    now = [each for each in votes if each["round"] == found["round"]]
    return {
        found["submitted_by"],
        *(each["person_id"] for each in now),
        *(each["for_person_id"] for each in now if each["for_person_id"]),
    }


def missing(
    connection: Connection,
    found: Record,
    project: Record,
    gate: Gate,
    votes: Sequence[Record],
    now: datetime,
) -> list[Record]:
    """What is still needed for a go, who can give it, and who can help where nobody can.

    `who` are people who hold the role, `deputies` those who may vote for one of them today, and
    `unblock`, where both are empty, says what an administrator can do.
    """
    cast = votes_of(votes, found["round"])
    out = involved(found, votes)
    lent = delegations.in_force(
        connection, project["portfolio"], project["id"], gate.id, now.date()
    )
    holding = {
        role: people.holders(connection, role, project["portfolio"], project["id"], now)
        for role in {*gate.roles, *map(Role, found["escalated_to"])}
    }
    named = people.names(
        connection, {x for each in lent for x in (each["from_person_id"], each["to_person_id"])}
    )
    told: list[Record] = []
    for slot in tally(gate, cast).missing:
        roles = {slot.role, *map(Role, found["escalated_to"])}
        able = {
            each["id"]: each["name"]
            for role in holding
            if role in roles
            for each in holding[role]
            if each["id"] not in out
        }
        deputies = [
            {"name": named[each["to_person_id"]], "for": named[each["from_person_id"]]}
            for each in lent
            if each["from_person_id"] in {h["id"] for h in holding[slot.role]}
            and each["from_person_id"] not in out
            and each["to_person_id"] not in out
        ]
        who = sorted(set(able.values()))
        told.append(
            {
                "role": slot.role.value,
                "votes": slot.votes,
                "who": who,
                "deputies": deputies,
                "unblock": None
                if len(able) + len(deputies) >= slot.votes
                else _unblock(connection, slot.role, slot.votes, project, now),
            }
        )
    return told


def able(
    connection: Connection,
    found: Record,
    project: Record,
    gate: Gate,
    votes: Sequence[Record],
    now: datetime,
) -> list[str]:
    """The ids of the people whose vote would bring the gate nearer to a go."""
    asked = {
        each["id"]
        for role in {*gate.roles, *map(Role, found["escalated_to"])}
        for each in people.holders(connection, role, project["portfolio"], project["id"], now)
    }
    for each in delegations.in_force(
        connection, project["portfolio"], project["id"], gate.id, now.date()
    ):
        asked.add(each["to_person_id"])
    actors = [people.actor_of_person(connection, each, now) for each in sorted(asked)]
    return [
        each.person_id
        for each in actors
        if each and can_help(connection, each, found, project, gate, votes, now)
    ]


def can_help(
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    votes: Sequence[Record],
    now: datetime,
) -> tuple[Role, ...]:
    """The roles in which a vote of the actor would bring the gate nearer to a go."""
    out = involved(found, votes)
    if actor.person_id in out:
        return ()
    cast = votes_of(votes, found["round"])
    for seat in seats_of(connection, actor, found, project, gate, now):
        voter = seat.principal or actor.person_id
        if voter not in out and would_help(gate, cast, voter, seat.roles):
            return (
                tuple(role for role in seat.roles if would_help(gate, cast, voter, (role,)))
                or seat.roles
            )
    return ()


def _require_separate(
    connection: Connection,
    person_id: str,
    found: Record,
    project: Record,
    gate: Gate,
    delegated: bool = False,
) -> None:
    why: str | None = None
    if found["submitted_by"] == person_id:
        why = (
            "They submitted this, so nobody decides it for them."
            if delegated
            else "You submitted this: somebody else decides it, whatever roles you hold."
        )
    elif EVIDENCE_PROVIDER in gate.separation and any(
        each.get("by") == person_id for each in found["evidence"]
    ):
        why = "Whoever brought evidence to this submission does not decide it."
    elif READING_SUBMITTER in gate.separation and readings.recorded_by(
        connection, project["id"], person_id, projects.entered_at(connection, project["id"])
    ):
        why = "Whoever reported a value of this project in this stage does not decide this gate."
    if why is not None:
        raise SeparationOfDuties(why, submission=found["id"], gate=gate.id)


def _unblock(connection: Connection, role: Role, votes: int, project: Record, now: datetime) -> str:
    admins = people.holders(connection, Role.ADMIN, project["portfolio"], project["id"], now)
    who = ", ".join(each["name"] for each in admins) or "the operator of this installation"
    return (
        f"Too few people are left who hold {role.value} and may vote ({votes} needed): {who} can "
        "grant it to somebody, or one of its holders can delegate."
    )


def _in_order(gate: Gate, held: frozenset[Role]) -> tuple[Role, ...]:
    order = dict.fromkeys((*(slot.role for slot in gate.approve), *gate.veto))
    return tuple(role for role in order if role in held)


def _roles_of(
    connection: Connection, person_id: str, project: Record, now: datetime
) -> frozenset[Role]:
    """The roles that were granted to a person; what is delegated to them does not count onward."""
    actor = people.actor_of_person(connection, person_id, now)
    return actor.roles_on(project["portfolio"], project["id"]) if actor else frozenset()
