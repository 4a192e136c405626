"""Who decides a scope change: whoever decides the gate that froze the plan, and as many of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.decision import Answer
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotAllowed, SeparationOfDuties
from govern.domain.role import Role
from govern.process.definition import BASELINE, READING_SUBMITTER, Gate, Workflow
from govern.process.tally import Vote, tally, would_help
from govern.store import people, projects, readings


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


def votes_of(cast: Sequence[Record]) -> list[Vote]:
    """The votes as they count, in the order in which they were cast."""
    return [
        Vote(each["recorded_by"], (Role(each["role"]),), Answer(each["decision"])) for each in cast
    ]


def role_for(
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    cast: Sequence[Record],
    wanted: Role | None,
) -> Role:
    """The role in which the actor votes: the one that is wanted, or the first whose seat is empty.

    Raises SeparationOfDuties, NotAllowed with the roles that would do, InvalidInput for a role that the
    actor cannot vote in.
    """
    why = _separated(connection, found, project, gate).get(actor.person_id)
    if why is not None:
        raise SeparationOfDuties(
            why, project=project["id"], scope_change=found["id"], as_gate=gate.id
        )
    roles = _roles(actor, project, gate)
    if not roles:
        needed = sorted(role.value for role in gate.roles)
        raise NotAllowed(
            f"Scope changes are decided as gate '{gate.id}' is: by {', '.join(needed)} of project "
            f"{project['id']}.",
            needed=needed,
            held=sorted(x.value for x in actor.roles_on(project["portfolio"], project["id"])),
        )
    if wanted is not None and wanted not in roles:
        raise InvalidInput(
            "You cannot vote in this role here.",
            errors={"role": [f"one of {', '.join(roles)}"]},
        )
    if wanted is not None:
        return wanted
    helping = _helping(cast, actor.person_id, roles, gate)
    return helping[0] if helping else roles[0]


def can_help(
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    cast: Sequence[Record],
) -> tuple[Role, ...]:
    """The roles in which a vote of the actor would bring the scope change nearer to a go."""
    roles = _roles(actor, project, gate)
    if not roles or any(each["recorded_by"] == actor.person_id for each in cast):
        return ()
    if actor.person_id in _separated(connection, found, project, gate):
        return ()
    return _helping(cast, actor.person_id, roles, gate)


def missing(
    connection: Connection,
    found: Record,
    project: Record,
    workflow: Workflow,
    cast: Sequence[Record],
    now: datetime,
) -> list[Record]:
    """What is still needed for a go, and who can give it."""
    gate = freezing_gate(workflow)
    if gate is None:
        return []
    out = {each["recorded_by"] for each in cast}
    out |= _separated(connection, found, project, gate).keys()
    return [
        {
            "role": slot.role.value,
            "votes": slot.votes,
            "who": [
                each["name"]
                for each in people.holders(
                    connection, slot.role, project["portfolio"], project["id"], now
                )
                if each["id"] not in out
            ],
        }
        for slot in tally(gate, votes_of(cast)).missing
    ]


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
    why[found["proposed_by"]] = (
        "You proposed this: somebody else decides it, whatever roles you hold."
    )
    return why


def _roles(actor: Actor, project: Record, gate: Gate) -> tuple[Role, ...]:
    held = actor.roles_on(project["portfolio"], project["id"])
    order = dict.fromkeys((*(slot.role for slot in gate.approve), *gate.veto))
    return tuple(role for role in order if role in held)


def _helping(
    cast: Sequence[Record], person: str, roles: Sequence[Role], gate: Gate
) -> tuple[Role, ...]:
    votes = votes_of(cast)
    return tuple(role for role in roles if would_help(gate, votes, person, (role,)))
