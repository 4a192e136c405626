"""Who decides a scope change: whoever decides the gate that froze the plan, and as many of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.decision import Answer
from govern.domain.record import Record
from govern.domain.refusal import AlreadyVoted, InvalidInput, NotAllowed, SeparationOfDuties
from govern.domain.role import Role
from govern.process.definition import BASELINE, READING_SUBMITTER, Gate, Workflow
from govern.process.tally import Vote, tally, would_help
from govern.services import deciders
from govern.services.deciders import Seat
from govern.store import delegations, people, projects, readings


def gate_of(project: Record, workflow: Workflow) -> Gate:
    """The gate that freezes the plan in the workflow that the project runs under now. Raises NotAllowed
    where it has none: then nobody may change the plan."""
    found = freezing_gate(workflow)
    if found is None:
        raise NotAllowed(
            f"Nobody decides scope changes of project {project['id']}: no gate of workflow "
            f"'{workflow.id}' freezes the baseline.",
            needed=[],
        )
    return found


def freezing_gate(workflow: Workflow) -> Gate | None:
    """The gate of a workflow that freezes the baseline, the first one where there are several."""
    return next((each for each in workflow.gates if each.freezes == BASELINE), None)


def counting(found: Record, cast: Sequence[Record]) -> list[Record]:
    """The votes on the scope change as it is proposed now; those on an earlier revision are history."""
    return [each for each in cast if each["revision"] == found["revision"]]


def votes_of(cast: Sequence[Record]) -> list[Vote]:
    """The votes as they count, for the person whose vote each is, in the order in which they were cast."""
    return [
        Vote(
            each["for_person_id"] or each["recorded_by"],
            (Role(each["role"]),),
            Answer(each["decision"]),
        )
        for each in cast
    ]


def involved(cast: Sequence[Record]) -> set[str]:
    """Who has voted or was voted for: nobody of them may do so again."""
    return {
        *(each["recorded_by"] for each in cast),
        *(each["for_person_id"] for each in cast if each["for_person_id"]),
    }


def seat_for(
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    cast: Sequence[Record],
    *,
    wanted: Role | None,
    on_behalf_of: str | None,
    now: datetime,
) -> Seat:
    """The seat in which the actor votes, of one role: the one that is wanted, or the first that is empty.

    Raises SeparationOfDuties, NotAllowed with the roles that would do, AlreadyVoted, InvalidInput for a
    role or a person that the actor cannot vote in or for.
    """
    out = _separated(connection, found, project, gate)
    _refuse_separated(out.get(actor.person_id), found, gate)
    seats = _seats(connection, actor, project, gate, now)
    seats = deciders.narrowed(connection, seats, on_behalf_of)
    if not seats:
        needed = sorted(role.value for role in gate.roles)
        raise NotAllowed(
            f"Scope changes are decided as gate '{gate.id}' is: by {', '.join(needed)} of project "
            f"{project['id']}.",
            needed=needed,
            held=sorted(x.value for x in actor.roles_on(project["portfolio"], project["id"])),
        )
    chosen = deciders.first_of(connection, seats, on_behalf_of)
    if chosen.principal in out:
        _refuse_separated(
            "They proposed or amended this, or reported values that it rests on: nobody decides it "
            "for them.",
            found,
            gate,
        )
    _require_first(actor, chosen, found, cast)
    if wanted is not None and wanted not in chosen.roles:
        raise InvalidInput(
            "You cannot vote in this role here.",
            errors={"role": [f"one of {', '.join(chosen.roles)}"]},
        )
    if wanted is not None:
        return replace(chosen, roles=(wanted,))
    helping = _helping(cast, chosen.principal or actor.person_id, chosen.roles, gate)
    return replace(chosen, roles=(helping[0] if helping else chosen.roles[0],))


def can_help(
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    cast: Sequence[Record],
    now: datetime,
) -> Seat | None:
    """How a vote of the actor would bring the scope change nearer to a go, and in which roles."""
    out = involved(cast) | _separated(connection, found, project, gate).keys()
    if actor.person_id in out:
        return None
    for seat in _seats(connection, actor, project, gate, now):
        voter = seat.principal or actor.person_id
        if voter not in out and (helping := _helping(cast, voter, seat.roles, gate)):
            return replace(seat, roles=helping)
    return None


def may_amend(
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    now: datetime,
) -> bool:
    """Whoever has proposed it or amended it before, and whoever could decide it."""
    if actor.person_id in (found["proposed_by"], *found["amended_by"]):
        return True
    out = _separated(connection, found, project, gate)
    return actor.person_id not in out and any(
        (each.principal or actor.person_id) not in out
        for each in _seats(connection, actor, project, gate, now)
    )


def missing(
    connection: Connection,
    found: Record,
    project: Record,
    workflow: Workflow,
    cast: Sequence[Record],
    now: datetime,
) -> list[Record]:
    """What is still needed for a go, who can give it, and who may vote for one of them today."""
    gate = freezing_gate(workflow)
    if gate is None:
        return []
    cast = counting(found, cast)
    out = involved(cast) | _separated(connection, found, project, gate).keys()
    lent = delegations.in_force(
        connection, project["portfolio"], project["id"], gate.id, now.date()
    )
    named = people.names(connection, {each["to_person_id"] for each in lent})
    told: list[Record] = []
    for slot in tally(gate, votes_of(cast)).missing:
        held = people.holders(connection, slot.role, project["portfolio"], project["id"], now)
        able = {each["id"]: each["name"] for each in held if each["id"] not in out}
        told.append(
            {
                "role": slot.role.value,
                "votes": slot.votes,
                "who": [*able.values()],
                "deputies": [
                    {"name": named[each["to_person_id"]], "for": able[each["from_person_id"]]}
                    for each in lent
                    if each["from_person_id"] in able and each["to_person_id"] not in out
                ],
            }
        )
    return told


def _separated(
    connection: Connection, found: Record, project: Record, gate: Gate
) -> dict[str, str]:
    """Who never decides it, and why."""
    why: dict[str, str] = {}
    if READING_SUBMITTER in gate.separation:
        since = projects.entered_at(connection, project["id"])
        for person in readings.recorders(connection, project["id"], since):
            why[person] = (
                "Whoever reported a value of this project in this stage does not decide its scope."
            )
    for person in found["amended_by"]:
        why[person] = "You amended this: somebody else decides it, whatever roles you hold."
    why[found["proposed_by"]] = (
        "You proposed this: somebody else decides it, whatever roles you hold."
    )
    return why


def _refuse_separated(why: str | None, found: Record, gate: Gate) -> None:
    if why is not None:
        raise SeparationOfDuties(
            why, project=found["project"], scope_change=found["id"], as_gate=gate.id
        )


def _require_first(actor: Actor, seat: Seat, found: Record, cast: Sequence[Record]) -> None:
    out = involved(cast)
    if actor.person_id in out:
        raise AlreadyVoted("You have voted on this scope change.", scope_change=found["id"])
    if seat.principal in out:
        raise AlreadyVoted(
            "The person you would vote for has voted, or has been voted for.",
            scope_change=found["id"],
        )


def _seats(
    connection: Connection, actor: Actor, project: Record, gate: Gate, now: datetime
) -> tuple[Seat, ...]:
    """As at the gate; a scope change is not escalated to anybody."""
    asked: Record = {"escalated_to": ()}
    return deciders.seats_of(connection, actor, asked, project, gate, now)


def _helping(
    cast: Sequence[Record], person: str, roles: Sequence[Role], gate: Gate
) -> tuple[Role, ...]:
    votes = votes_of(cast)
    return tuple(role for role in roles if would_help(gate, votes, person, (role,)))
