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
from govern.process.tally import Missing, Vote, tally, would_help
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
    seats: list[Seat] = []
    if own := _own(gate, found, held):
        through = Through.OWN if _in_order(gate, held) else Through.ESCALATION
        seats.append(Seat(own, through))
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
    seats = narrowed(connection, seats, on_behalf_of)
    if not seats:
        needed = sorted(each.value for each in gate.roles)
        raise NotAllowed(
            f"Gate '{gate.id}' is decided by {', '.join(needed)} of project {project['id']}.",
            needed=needed,
            held=sorted(x.value for x in actor.roles_on(project["portfolio"], project["id"])),
        )
    chosen = first_of(connection, seats, on_behalf_of)
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


def narrowed(
    connection: Connection, seats: tuple[Seat, ...], on_behalf_of: str | None
) -> tuple[Seat, ...]:
    """Those of the seats that are of whom the vote is to be for, where that is said. Raises
    InvalidInput for somebody who has delegated nothing."""
    if on_behalf_of is None:
        return seats
    principal = people.resolve(connection, on_behalf_of)
    found = tuple(each for each in seats if principal and each.principal == principal)
    if not found:
        raise InvalidInput(
            "You cannot vote for this person here.",
            errors={"on_behalf_of": ["nobody who has delegated this gate to you today"]},
        )
    return found


def first_of(connection: Connection, seats: tuple[Seat, ...], on_behalf_of: str | None) -> Seat:
    """Their own, or that of the one person who has delegated; raises InvalidInput where it is not clear
    for whom the vote is."""
    chosen = seats[0]
    if chosen.principal is not None and len(seats) > 1 and on_behalf_of is None:
        named = people.names(connection, {each.principal for each in seats if each.principal})
        raise InvalidInput(
            "Say for whom you vote: several people have delegated this gate to you.",
            errors={"on_behalf_of": [f"one of {', '.join(sorted(named))}"]},
        )
    return chosen


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

    `who` are people who may vote in the role, or in another that lets a colleague take this seat;
    `deputies` those who may vote for one of them today. `unblock` says what an administrator can do
    where those who are left cannot fill every seat: it stands with the seats that stay empty. A
    deputy is no vote more, but another way to the same.
    """
    cast = votes_of(votes, found["round"])
    out = _out(connection, found, project, gate, votes)
    lent = delegations.in_force(
        connection, project["portfolio"], project["id"], gate.id, now.date()
    )
    holding = {
        role: people.holders(connection, role, project["portfolio"], project["id"], now)
        for role in {*gate.roles, *map(Role, found["escalated_to"])}
    }
    named = {each["id"]: each["name"] for held in holding.values() for each in held}
    named |= people.names(connection, {each["to_person_id"] for each in lent})
    roles = {
        person: _own(gate, found, frozenset(r for r in holding if person in _ids(holding[r])))
        for person in sorted(named)
    }
    left = [Vote(each, roles[each], Answer.GO) for each in roles if each not in out]
    stay_empty = {each.role for each in tally(gate, [*cast, *left]).missing}
    return [
        {
            "role": slot.role.value,
            "votes": slot.votes,
            "who": sorted(
                named[each.person]
                for each in left
                if slot.role in each.roles or _makes_room(gate, cast, each, slot)
            ),
            "deputies": [
                {"name": named[each["to_person_id"]], "for": named[each["from_person_id"]]}
                for each in lent
                if each["from_person_id"] in _ids(holding[slot.role])
                and out.isdisjoint((each["from_person_id"], each["to_person_id"]))
            ],
            "unblock": _unblock(connection, slot.role, slot.votes, project, now)
            if slot.role in stay_empty
            else None,
        }
        for slot in tally(gate, cast).missing
    ]


def _makes_room(gate: Gate, cast: Sequence[Vote], vote: Vote, slot: Missing) -> bool:
    """Whether the seat would be filled by a colleague who leaves another one to this vote."""
    after = {each.role: each.votes for each in tally(gate, [*cast, vote]).missing}
    return after.get(slot.role, 0) < slot.votes


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
    out = _out(connection, found, project, gate, votes)
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
    why = _separated(connection, found, project, gate, delegated).get(person_id)
    if why is not None:
        raise SeparationOfDuties(why, submission=found["id"], gate=gate.id)


def _separated(
    connection: Connection, found: Record, project: Record, gate: Gate, delegated: bool = False
) -> dict[str, str]:
    """Who never decides this, and why."""
    why: dict[str, str] = {}
    if READING_SUBMITTER in gate.separation:
        since = projects.entered_at(connection, project["id"])
        for person in readings.recorders(connection, project["id"], since):
            why[person] = (
                "Whoever reported a value of this project in this stage does not decide this gate."
            )
    if EVIDENCE_PROVIDER in gate.separation:
        for each in found["evidence"]:
            if each.get("by") is not None:
                why[each["by"]] = "Whoever brought evidence to this submission does not decide it."
    why[found["submitted_by"]] = (
        "They submitted this, so nobody decides it for them."
        if delegated
        else "You submitted this: somebody else decides it, whatever roles you hold."
    )
    return why


def _out(
    connection: Connection, found: Record, project: Record, gate: Gate, votes: Sequence[Record]
) -> set[str]:
    """Who may not vote, or not again in this round."""
    return involved(found, votes) | _separated(connection, found, project, gate).keys()


def _unblock(connection: Connection, role: Role, votes: int, project: Record, now: datetime) -> str:
    admins = people.holders(connection, Role.ADMIN, project["portfolio"], project["id"], now)
    who = ", ".join(each["name"] for each in admins) or "the operator of this installation"
    return (
        f"Too few people are left who hold {role.value} and may vote ({votes} needed): {who} can "
        "grant it to somebody."
    )


def _own(gate: Gate, found: Record, held: frozenset[Role]) -> tuple[Role, ...]:
    """The roles to vote in that somebody has who holds these: every seat's for whom it was escalated
    to, where they have none of the gate's own."""
    if own := _in_order(gate, held):
        return own
    asked = any(Role(each) in held for each in found["escalated_to"])
    return tuple(slot.role for slot in gate.approve) if asked else ()


def _ids(holders: Iterable[Record]) -> set[str]:
    return {each["id"] for each in holders}


def _in_order(gate: Gate, held: frozenset[Role]) -> tuple[Role, ...]:
    order = dict.fromkeys((*(slot.role for slot in gate.approve), *gate.veto))
    return tuple(role for role in order if role in held)


def _roles_of(
    connection: Connection, person_id: str, project: Record, now: datetime
) -> frozenset[Role]:
    """The roles that were granted to a person; what is delegated to them does not count onward."""
    actor = people.actor_of_person(connection, person_id, now)
    return actor.roles_on(project["portfolio"], project["id"]) if actor else frozenset()
