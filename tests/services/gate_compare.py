"""Holding what the database has, and what people are told, against the model."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.services import audit, gates, replaying
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.waiting import waiting_for
from govern.store import tables
from govern.store.transaction import Store
from tests.services.gate_model import SYSTEM, Model, Submission
from tests.services.gate_quorum import PASSING, Vote


@dataclass(frozen=True)
class Found:
    """The rows of one project, oldest first; `events` are (kind, data)."""

    project: Record
    submissions: list[Record]
    votes: list[Record]
    conditions: list[Record]
    moves: list[Record]
    events: list[tuple[str, Any]]


def read(store: Store, project: str) -> Found:
    t = tables
    with store.reading() as connection:

        def rows(query: Any) -> list[Record]:
            return [dict(each) for each in connection.execute(query).mappings()]

        return Found(
            rows(select(t.project).where(t.project.c.id == project))[0],
            rows(select(t.submission).order_by(t.submission.c.id)),
            rows(select(t.vote).order_by(t.vote.c.id)),
            rows(select(t.condition).order_by(t.condition.c.id)),
            rows(select(t.stage_move).order_by(t.stage_move.c.number)),
            [
                (each["kind"], json.loads(each["body"])["data"])
                for each in rows(
                    select(t.event).where(t.event.c.project == project).order_by(t.event.c.seq)
                )
            ],
        )


def compare(
    model: Model,
    runtime: Runtime,
    actors: Mapping[str, Actor],
    found: Found,
    asking: Collection[str],
    now: datetime,
) -> None:
    """`asking` are the people whose list of what waits for them is looked at."""
    who = {actor.person_id: name for name, actor in actors.items()} | {OPERATOR.person_id: SYSTEM}
    _project(model, found)
    assert len(found.submissions) == len(model.submissions)
    for row, expected in zip(found.submissions, model.submissions, strict=True):
        votes = [each for each in found.votes if each["submission_id"] == row["id"]]
        _submission(model, row, expected, votes, who)
    owed = [(o.due, o.is_open) for each in model.submissions for o in each.owed]
    assert [(c["due"], c["state"] == "open") for c in found.conditions] == owed
    helpers = model.helpers(model.open) if model.open else set[str]()
    for name in asking:
        waits = waiting_for(runtime, actors[name], now=now)["gates"]
        assert bool(waits) == (name in helpers), (name, helpers)
    if model.open:
        _missing(model, runtime, actors["aud"], found, model.open, now)


def _project(model: Model, found: Found) -> None:
    project = found.project
    assert (project["stage"], project["held_from"]) == (model.stage, model.held_from)
    assert (project["resume_on"], project["held_by_lapse"]) == (model.resume_on, model.by_lapse)
    assert sum(each["state"] == "open" for each in found.submissions) <= 1
    made = [(each["from_stage"], each["to_stage"]) for each in found.moves]
    told = [(data["from"], data["to"]) for kind, data in found.events if kind == "stage.moved"]
    assert made == [(None, model.stages[0]), *model.moves]
    assert told == model.moves


def _submission(
    model: Model,
    row: Record,
    expected: Submission,
    votes: Sequence[Record],
    who: Mapping[str, str],
) -> None:
    gate = model.gates[expected.gate]
    told = {
        "gate": row["gate"],
        "iteration": row["iteration"],
        "by": who[row["submitted_by"]],
        "state": row["state"],
        "round": row["round"],
        "escalated": row["escalated_to"],
        "decision": row["decision"],
        "became": row["became"],
        "outcomes": {each["id"]: each["outcome"] for each in row["results"]},
        "advice": row["advice"],
        "votes": [_told(v, who) for v in votes if v["round"] == row["round"]],
        "earlier": [_told(v, who) for v in votes if v["round"] < row["round"]],
    }
    modelled = {
        "gate": expected.gate,
        "iteration": expected.iteration,
        "by": expected.by,
        "state": expected.state,
        "round": expected.round,
        "escalated": expected.escalated,
        "decision": expected.decision,
        "became": expected.became,
        "outcomes": {name: each[0] for name, each in expected.judged.items()},
        "advice": gate.advice(expected.judged),
        "votes": [(v.who, v.principal, v.roles, v.answer) for v in expected.votes],
        "earlier": [(v.who, v.principal, v.roles, v.answer) for v in expected.earlier],
    }
    assert told == modelled, {
        name: (each, modelled[name]) for name, each in told.items() if each != modelled[name]
    }
    counting = [v for v in votes if v["round"] == row["round"]]
    people = {x for v in counting for x in (v["person_id"], v["for_person_id"])}
    assert row["submitted_by"] not in people
    if row["state"] == "decided":
        _seats(gate.seats, counting, row["decision"], who)
        cast = [Vote("", None, frozenset(v["roles"]), v["decision"]) for v in counting]
        assert gate.decision(cast[:-1]) is None, "it was decided before the last vote"
        assert gate.decision(cast) == row["decision"]
    else:
        assert not any(v["seat"] for v in votes)


def _seats(
    seats: Mapping[str, int], votes: Sequence[Record], decision: str, who: Mapping[str, str]
) -> None:
    """Each seat that was written down is its voter's, nobody has two, and a go has them all."""
    filled = Counter(v["seat"] for v in votes if v["seat"])
    for v in votes:
        assert v["seat"] is None or (v["seat"] in v["roles"] and v["decision"] in PASSING)
    counted = [who[v["for_person_id"] or v["person_id"]] for v in votes]
    assert len(counted) == len(set(counted))
    assert filled <= Counter(seats)
    if decision in PASSING:
        assert filled == Counter(seats)


def _told(vote: Record, who: Mapping[str, str]) -> tuple[str, str | None, frozenset[str], str]:
    principal = vote["for_person_id"]
    return (
        who[vote["person_id"]],
        who[principal] if principal else None,
        frozenset(vote["roles"]),
        vote["decision"],
    )


def _missing(
    model: Model,
    runtime: Runtime,
    reader: Actor,
    found: Found,
    waiting: Submission,
    now: datetime,
) -> None:
    """The seats that are empty, who can fill them, and what to do where nobody can."""
    number = found.submissions[model.submissions.index(waiting)]["id"]
    view = gates.get_submission(runtime, reader, number, now=now)
    missing = {each["role"]: each for each in view["missing"]}
    empty = Counter({role: each["votes"] for role, each in missing.items()})
    assert empty in model.gates[waiting.gate].empty(waiting.votes)
    out = model.separated(waiting) | model.involved(waiting)
    gate = model.gates[waiting.gate]
    seated = [vote.roles for vote in gate.seated(waiting.votes)]
    for role, each in missing.items():
        able = {n for n in model.holders([role, *waiting.escalated]) if n not in out}
        told_able = {n.lower() for n in each["who"]}
        assert able <= told_able, role
        for other in told_able - able:
            assert other not in out
            assert gate.filled([*seated, frozenset(model.roles[other])]) > len(seated), role
        lent = {
            (d.to, d.giver)
            for d in model.deputies
            if d.holds(waiting.gate, model.today) and role in model.roles[d.giver]
        }
        deputies = {(t, g) for t, g in lent if not {t, g} & out}
        assert {(d["name"].lower(), d["for"].lower()) for d in each["deputies"]} == deputies
    told = {role: each["unblock"] for role, each in missing.items()}
    assert any(told.values()) == (not model.can_pass(waiting)), told


def verify(
    runtime: Runtime, project: str, acknowledged: Sequence[tuple[int, str, str]]
) -> Counter[str]:
    """The chains hold, and every acknowledged vote is in them, and nothing twice that time does once.
    Returns how often what happened."""
    assert audit.verify_ledger(runtime, OPERATOR).faults == ()
    assert replaying.replay(runtime, OPERATOR).found == ()
    found = read(runtime.store, project)
    with runtime.store.reading() as connection:
        actors = [
            json.loads(body)["actor"]
            for body in connection.execute(
                select(tables.event.c.body)
                .where(tables.event.c.project == project, tables.event.c.kind == "vote.cast")
                .order_by(tables.event.c.seq)
            ).scalars()
        ]
    cast = [data for kind, data in found.events if kind == "vote.cast"]
    in_chain = [(d["submission"], a, d["decision"]) for d, a in zip(cast, actors, strict=True)]
    assert in_chain == list(acknowledged)
    once = Counter(
        (kind, data["submission"], data.get("to"))
        for kind, data in found.events
        if kind
        in ("gate.reminded", "gate.escalated", "gate.expired", "gate.decided", "gate.lapsed")
    )
    assert all(number == 1 for number in once.values()), once
    return Counter(kind for kind, _ in found.events)
