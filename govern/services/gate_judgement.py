"""A project before a gate, judged on what is known: what every vote on it is bound to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern import ENGINE_VERSION
from govern.domain.decision import Advice, Decision
from govern.domain.plain import plain
from govern.domain.record import Record
from govern.observation.one_project import OneProject
from govern.process import verdict
from govern.process.definition import Gate
from govern.services import lessons_shown, standing_judgement
from govern.services.gate_tables import readable_gate
from govern.services.ledger import keep, would_keep
from govern.services.observing_one import load_project
from govern.services.runtime import Runtime
from govern.services.watch import Work
from govern.store import events, people, rulebooks, scores
from govern.store import waivers as stored_waivers

JUDGED = ("gate.submitted", "gate.rejudged", "gate.judged")
"""The kinds of events that tell what a submission was judged to be, and by which engine."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`results` as they are stored; `facts_digest`, `rulebook_digest` and `seen_digest` name what
    is kept: the facts, the rulebook in force, and all that a voter sees, in one text. `lessons` are
    those that the gate shows, None at one that shows none and where a judgement was taken over."""

    as_of: date
    results: list[dict[str, Any]]
    advice: Advice
    facts_digest: str
    rulebook_digest: str | None
    seen_digest: str
    lessons: list[Record] | None = None

    def columns(self) -> dict[str, Any]:
        """As a submission holds them."""
        return {
            "as_of": self.as_of,
            "facts_digest": self.facts_digest,
            "rulebook_digest": self.rulebook_digest,
            "seen_digest": self.seen_digest,
            "results": self.results,
            "advice": self.advice.decision.value,
            "advice_because": list(self.advice.because),
        }


def judge(
    runtime: Runtime,
    connection: Connection,
    project: Record,
    gate: Gate,
    *,
    as_of: date,
    brought: Sequence[dict[str, Any]],
    submission_id: int | None,
    workflow_digest: str,
    before: Record | None = None,
    now: datetime,
) -> Judgement:
    """Every criterion of the gate on the project's facts at `as_of`, and the machine's advice.

    `brought` is the evidence. Scores are those of the submission, waivers those in force on the
    day. Keeps the facts, and what a voter sees, by their digests. `before` is the submission as it
    stands: what it was judged to be holds where this engine judged it, on the same of everything. Where
    that is sure without looking at the project, it is not looked at.
    """
    with runtime.watch.work(Work.GATE_CHECK) as watched:
        judgement = _judged(
            *(runtime, connection, project, gate, as_of, brought, submission_id),
            *(workflow_digest, before, now),
        )
        watched.outcome = judgement.advice.decision.value
        watched.count(criteria=len(judgement.results))
    return judgement


def _judged(
    runtime: Runtime,
    connection: Connection,
    project: Record,
    gate: Gate,
    as_of: date,
    brought: Sequence[dict[str, Any]],
    submission_id: int | None,
    workflow_digest: str,
    before: Record | None,
    now: datetime,
) -> Judgement:
    if (
        before is not None
        and list(brought) == before["evidence"]
        and standing_judgement.stands(connection, before, as_of, now)
    ):
        return _taken_over(before, as_of)
    project_id = project["id"]
    observed = OneProject(load_project(connection, project_id), as_of)
    rulebook = rulebooks.in_force(connection)
    given = scores.of_submission(connection, submission_id) if submission_id is not None else []
    waived = stored_waivers.in_force(connection, project_id, gate.id, as_of)
    shown = lessons_shown.for_gate(connection, project, gate, submission_id)
    bound: dict[str, Any] = {
        "gate": gate.id,
        "workflow_digest": workflow_digest,
        "facts_digest": keep(
            connection,
            observed.facts(),
            now,
            known=None if before is None else before["facts_digest"],
        ),
        "rulebook_digest": rulebook["digest"] if rulebook else None,
        "evidence": [dict(each) for each in brought],
        "scores": [
            plain({k: each[k] for k in ("criterion", "person_id", "role", "score", "note")})
            for each in given
        ],
        "waivers": sorted(each["id"] for each in waived.values()),
    }
    if shown is not None:
        bound["lessons"] = lessons_shown.as_seen(connection, shown)
    if before is not None and _holds(connection, before, bound, as_of, now):
        return _taken_over(before, as_of)
    readable = readable_gate(runtime, connection, gate, project["portfolio"], rulebook)
    reached = verdict.verdict(
        readable,
        observed,
        scores=scores.by_criterion(given),
        provided={each["name"] for each in brought},
        waived=_in_words(connection, waived),
    )
    told = [
        verdict.told(each, waived[each.id]["id"] if each.id in waived else None)
        for each in reached.results
    ]
    seen = {**bound, "results": told, "advice": reached.advice.decision.value}
    return Judgement(
        as_of=as_of,
        results=told,
        advice=reached.advice,
        facts_digest=bound["facts_digest"],
        rulebook_digest=bound["rulebook_digest"],
        seen_digest=keep(connection, plain(seen), now),
        lessons=shown,
    )


def _taken_over(before: Record, as_of: date) -> Judgement:
    return Judgement(
        as_of=as_of,
        results=before["results"],
        advice=Advice(Decision(before["advice"]), tuple(before["advice_because"])),
        facts_digest=before["facts_digest"],
        rulebook_digest=before["rulebook_digest"],
        seen_digest=before["seen_digest"],
    )


def _holds(
    connection: Connection, before: Record, bound: Record, as_of: date, now: datetime
) -> bool:
    """Whether an earlier judgement was reached by this engine on the same of all that binds it: then
    it would be reached again. The digest of what a voter saw tells, as the ledger has it."""
    named = ("workflow_digest", "facts_digest", "rulebook_digest")
    if before["as_of"] != as_of or any(before[each] != bound[each] for each in named):
        return False
    last = events.newest_of(connection, before["project"], JUDGED)
    told = {**before, "submission": before["id"], "engine": ENGINE_VERSION}
    if last is None or any(
        last[each] != told[each] for each in ("submission", "engine", "seen_digest")
    ):
        return False
    seen = {**bound, "results": before["results"], "advice": before["advice"]}
    return would_keep(connection, plain(seen), now) == before["seen_digest"]


def _in_words(connection: Connection, waived: dict[str, Record]) -> dict[str, str]:
    named = people.names(connection, {each["recorded_by"] for each in waived.values()})
    return {
        criterion: f"by {named[each['recorded_by']]} ({each['role'].replace('_', ' ')}) until "
        f"{each['expires_on'].isoformat()}: {each['reason']}"
        for criterion, each in waived.items()
    }
