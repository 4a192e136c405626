"""All that somebody needs to decide a submission, in one read: criteria, KPIs, evidence, what was decided
before, who else decides, and what this person may do."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.criterion import Outcome
from govern.domain.record import Record
from govern.domain.role import Role
from govern.process.definition import EVIDENCE_PROVIDER, READING_SUBMITTER, Gate
from govern.process.tally import tally
from govern.services import deciders, gate_kpis, gates
from govern.services.access import submission_for
from govern.services.confirming import is_confirmed
from govern.services.gate_standing import standing
from govern.services.recommendations import views
from govern.services.runtime import Runtime
from govern.store import conditions, people, recommendations, submissions
from govern.store.paging import LARGEST_PAGE, PageRequest

_DECIDED = (
    *("id", "gate", "iteration", "advice", "decision", "decided_at", "state", "became"),
    "became_at",
)


def gate_page(runtime: Runtime, actor: Actor, submission_id: int, *, now: datetime) -> Record:
    """`submission` as it is read, its `project`, the `gate` with its seats, the `counts` of outcomes, the
    `kpis` and which criteria read them, open `recommendations`, `decided` before and `conditions` of the
    project, and `me`: what the actor may do. Raises NotFound."""
    with runtime.store.reading() as connection:
        found, project = submission_for(connection, actor, submission_id)
        told = gates.view(runtime, connection, found, project, now)
        process = runtime.catalog.process(connection, found["workflow_digest"])
        gate = gates.gate_of(process, found["gate"])
        listed = gate_kpis.kpis(connection, project, now.date())
        titles = {each.id: each.title for each in process.workflow.gates}
        return {
            "submission": {**told, "evidence": _evidence(connection, told)},
            "project": project,
            "gate": _gate(gate, told),
            "counts": counts(told["results"]),
            "kpis": listed,
            "read_by": gate_kpis.read_by(gate, told["results"], [each["id"] for each in listed]),
            "recommendations": _open(runtime, connection, actor, project, now),
            "decided": [
                {
                    **{name: each[name] for name in _DECIDED},
                    "title": titles.get(each["gate"], each["gate"]),
                }
                for each in reversed(submissions.of_project(connection, project["id"]))
                if each["id"] != found["id"] and each["state"] != submissions.OPEN
            ],
            "conditions": conditions.page(
                connection, actor, PageRequest(limit=LARGEST_PAGE), project_id=project["id"]
            ).items,
            "me": {
                **standing(connection, actor, found, project, gate, told["votes"], now),
                "confirmed": is_confirmed(actor, now),
            },
        }


def counts(results: list[Record]) -> dict[str, dict[str, int]]:
    """Kind of criterion (`must`, `should`) → outcome → how many."""
    return {
        kind: {
            each.value: sum(one["kind"] == kind and one["outcome"] == each.value for one in results)
            for each in Outcome
        }
        for kind in ("must", "should")
    }


def _gate(gate: Gate, told: Record) -> Record:
    cast = deciders.votes_of(told["votes"], told["round"])
    filled = tally(gate, cast).seats
    by_person: dict[str, Any] = {
        each["for_person_id"] or each["person_id"]: each for each in told["votes"] if each["counts"]
    }
    return {
        "from": gate.source,
        "to": gate.target,
        "seats": [
            {
                "role": slot.role.value,
                "votes": slot.votes,
                "of": slot.of,
                "meaning": slot.meaning,
                "filled": [
                    by_person[person]["for_person"] or by_person[person]["person"]
                    for person, role in filled.items()
                    if role is slot.role and person in by_person
                ],
            }
            for slot in gate.approve
        ],
        "veto": [role.value for role in gate.veto],
        "waive": [role.value for role in gate.waive],
        "freezes": gate.freezes,
        "signature": gate.signature,
        "escalate": [
            {"to": each.to.value, "after": each.after_working_days} for each in gate.escalate
        ],
        "evidence": list(gate.evidence),
        "kept_out": _kept_out(gate),
    }


def _kept_out(gate: Gate) -> list[str]:
    """Who never decides here, in words."""
    return [
        "whoever submitted this",
        *(
            ["whoever reported a value of the project in this stage"]
            if READING_SUBMITTER in gate.separation
            else []
        ),
        *(
            ["whoever brought evidence to this submission"]
            if EVIDENCE_PROVIDER in gate.separation
            else []
        ),
    ]


def _evidence(connection: Connection, told: Record) -> list[Record]:
    named = people.names(connection, {each["by"] for each in told["evidence"] if each.get("by")})
    empty = dict.fromkeys(("link", "file", "filename", "media_type", "size", "digest"))
    return [
        {**empty, **each, "by_name": named.get(each.get("by", ""))} for each in told["evidence"]
    ]


def _open(
    runtime: Runtime, connection: Connection, actor: Actor, project: Record, now: datetime
) -> list[Record]:
    """The open ones of the project, the worst first, with whether the actor answers them."""
    held = actor.roles_on(project["portfolio"], project["id"])
    found = [
        each
        for each in recommendations.all_open(connection, actor)
        if each["project"] == project["id"]
    ]
    order = {"red": 0, "amber": 1}
    return sorted(
        (
            {**each, "mine": Role(each["decided_by_role"]) in held}
            for each in views(runtime, connection, found, now)
        ),
        key=lambda each: (order.get(each["severity"], 2), each["id"]),
    )
