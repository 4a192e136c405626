"""Every action on a project, by the name that docs/who-may-what.md gives it, as it is tried.

Each is one or more attempts: a vote is tried with every answer, reading with everything that is read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from govern.domain.actor import Actor
from govern.domain.decision import Answer
from govern.domain.recommendation import RecommendationStatus
from govern.domain.record import Record
from govern.domain.trajectory import Point, Shape
from govern.process.definition import Gate
from govern.services import (
    baselines,
    benefits_map,
    brought,
    conditions,
    decisions,
    deliverables,
    evidence_files,
    findings,
    gate_record,
    gates,
    history,
    kpis,
    lessons,
    moves,
    notices,
    outcomes,
    projects,
    readings,
    recommendations,
    review_signature,
    reviews,
    scope_amending,
    scope_changes,
    scope_votes,
    scorecards,
    scores,
    seen,
    validations,
    waiver_list,
    waivers,
    workflows,
)
from govern.services.ballots import Ballot
from govern.services.runtime import Runtime
from govern.services.trajectories import Asked, draw
from govern.store.paging import PageRequest
from tests.services.house import NOW
from tests.services.may.situation import PDF, Situation, Standing

Attempt = Callable[[Runtime, Actor], object]

WHY = "It is known and accepted."
MONTH = date(2026, 11, 30)
LATER = date(2027, 1, 31)
PAGE = PageRequest()
MOVES = ("hold", "resume", "kill", "reopen")


@dataclass(frozen=True)
class Tried:
    """`what` names the attempt where an action has several."""

    what: str
    do: Attempt


def names(situation: Situation) -> list[str]:
    """Every action, for every gate that there is."""
    return [
        *(f"{kind}{gate.id}" for gate in situation.workflow.gates for kind in AT_GATES),
        *MOVES,
        *ON_PROJECTS,
    ]


def attempts(situation: Situation, action: str, at: Standing) -> Iterator[Tried]:
    if action in MOVES:
        yield Tried(action, partial(_move, at.quiet, action))
    elif action in ON_PROJECTS:
        yield from ON_PROJECTS[action](situation, at)
    else:
        kind = next(each for each in AT_GATES if action.startswith(each))
        gate = situation.workflow.gate(action.removeprefix(kind))
        assert gate is not None
        yield from AT_GATES[kind](at, gate)


def moved(project: str, action: str) -> Tried:
    return Tried(action, partial(_move, project, action))


# --- at gates -----------------------------------------------------------------------------------


def _submit(at: Standing, gate: Gate) -> Iterator[Tried]:
    yield Tried("", lambda run, who: gates.submit(run, who, at.quiet, gate.id, now=NOW))


def _vote(at: Standing, gate: Gate) -> Iterator[Tried]:
    number = at.submission(gate.id)
    owed = [{"text": "Contract", "owner": "Olga", "due": LATER}]
    for answer in Answer:
        ballot = Ballot(answer, WHY, WHY, owed if answer is Answer.CONDITIONAL_GO else ())
        yield Tried(answer.value, partial(_cast, number, ballot))


def _cast(number: int, ballot: Ballot, run: Runtime, who: Actor) -> Record:
    return decisions.vote(run, who, number, ballot, version=None, now=NOW)


def _score(at: Standing, gate: Gate) -> Iterator[Tried]:
    asked = [*scorecards.scored(gate)] or [gate.criteria[0].id]
    yield Tried(
        "",
        lambda run, who: scores.score(
            run,
            who,
            at.submission(gate.id),
            criterion=asked[0],
            given=Decimal(7),
            version=None,
            now=NOW,
        ),
    )


def _bring(at: Standing, gate: Gate) -> Iterator[Tried]:
    given = [{"name": "memo", "link": "https://example.org/memo"}]
    number = at.submission(gate.id)
    yield Tried("", lambda run, who: brought.bring(run, who, number, given, version=None, now=NOW))


def _waive(at: Standing, gate: Gate) -> Iterator[Tried]:
    yield Tried(
        "",
        lambda run, who: waivers.grant(
            run,
            who,
            at.quiet,
            gate=gate.id,
            criterion=gate.criteria[1].id,
            reason=WHY,
            expires_on=LATER,
            now=NOW,
        ),
    )


def _revoke(at: Standing, gate: Gate) -> Iterator[Tried]:
    number = at.waivers[gate.id]
    yield Tried(
        "", lambda run, who: waivers.revoke(run, who, number, reason=WHY, version=None, now=NOW)
    )


AT_GATES: dict[str, Callable[[Standing, Gate], Iterator[Tried]]] = {
    "submit to ": _submit,
    "vote at ": _vote,
    "score at ": _score,
    "bring evidence to ": _bring,
    "waive at ": _waive,
    "revoke a waiver at ": _revoke,
}


# --- on projects --------------------------------------------------------------------------------


def _move(project: str, to_do: str, run: Runtime, who: Actor) -> Record:
    return moves.move(run, who, project, to_do=to_do, reason=WHY, version=None, now=NOW)


def _close(situation: Situation, at: Standing) -> Iterator[Tried]:
    yield Tried(
        "",
        lambda run, who: conditions.close_condition(
            run, who, at.condition, evidence=WHY, version=None, now=NOW
        ),
    )


def _change_project(situation: Situation, at: Standing) -> Iterator[Tried]:
    fields: dict[str, Any] = {"name": "Another"}
    yield Tried(
        "",
        lambda run, who: projects.change_project(run, who, at.quiet, fields, version=None, now=NOW),
    )


def _add_kpi(situation: Situation, at: Standing) -> Iterator[Tried]:
    fields = {"id": "NEW", "project": at.quiet, "name": "New"}
    yield Tried("", lambda run, who: kpis.add_kpi(run, who, fields, now=NOW))


def _change_kpi(fields: dict[str, Any], situation: Situation, at: Standing) -> Iterator[Tried]:
    name = f"{at.quiet}-K1"
    yield Tried("", lambda run, who: kpis.change_kpi(run, who, name, fields, version=None, now=NOW))


def _plan(situation: Situation, at: Standing) -> Iterator[Tried]:
    planned = [{"period": MONTH, "planned": Decimal(7)}]
    name = f"{at.quiet}-K1"
    yield Tried("", lambda run, who: readings.record_plan(run, who, name, planned, now=NOW))


def _draw(situation: Situation, at: Standing) -> Iterator[Tried]:
    asked = Asked(Shape.STEP, [Point(MONTH, Decimal(7))])
    name = f"{at.quiet}-K1"
    yield Tried("", lambda run, who: draw(run, who, name, asked, record=True, now=NOW))


def _propose(situation: Situation, at: Standing) -> Iterator[Tried]:
    change = {"kind": "kpi", "kpi": f"{at.quiet}-K1", "fields": {"target": Decimal(7)}}
    yield Tried(
        "",
        lambda run, who: scope_changes.propose(
            run, who, at.quiet, title="Less", reason=WHY, changes=[change], now=NOW
        ),
    )
    yield Tried(
        "preview",
        lambda run, who: scope_changes.preview(run, who, at.quiet, changes=[change], now=NOW),
    )


def _decide_scope(situation: Situation, at: Standing) -> Iterator[Tried]:
    for answer in scope_votes.ANSWERS:
        yield Tried(answer.value, partial(_vote_on_scope, at.scope_change, answer))


def _vote_on_scope(number: int, answer: Answer, run: Runtime, who: Actor) -> Record:
    return scope_votes.vote(run, who, number, decision=answer, reason=WHY, version=None, now=NOW)


def _amend_scope(situation: Situation, at: Standing) -> Iterator[Tried]:
    fields = {"title": "Still less"}
    yield Tried(
        "",
        lambda run, who: scope_amending.amend(
            run, who, at.scope_change, fields, version=None, now=NOW
        ),
    )


def _change_budget(situation: Situation, at: Standing) -> Iterator[Tried]:
    fields: dict[str, Any] = {"budget": Decimal(7)}
    yield Tried(
        "",
        lambda run, who: projects.change_project(run, who, at.quiet, fields, version=None, now=NOW),
    )


def _drop_deliverable(situation: Situation, at: Standing) -> Iterator[Tried]:
    yield Tried(
        "",
        lambda run, who: deliverables.change_deliverable(
            run, who, f"{at.quiet}-D1", {"state": "dropped"}, version=None, now=NOW
        ),
    )


def _add_deliverable(situation: Situation, at: Standing) -> Iterator[Tried]:
    fields = {"id": "NEW", "project": at.quiet, "name": "New"}
    yield Tried("", lambda run, who: deliverables.add_deliverable(run, who, fields, now=NOW))


def _change_deliverable(situation: Situation, at: Standing) -> Iterator[Tried]:
    yield Tried(
        "",
        lambda run, who: deliverables.change_deliverable(
            run, who, f"{at.quiet}-D1", {"state": "done"}, version=None, now=NOW
        ),
    )


def _add_outcome(situation: Situation, at: Standing) -> Iterator[Tried]:
    fields = {"id": "NEW", "project": at.quiet, "name": "New"}
    yield Tried("", lambda run, who: outcomes.add_outcome(run, who, fields, now=NOW))


def _change_outcome(situation: Situation, at: Standing) -> Iterator[Tried]:
    name = f"{at.quiet}-O1"
    fields = {"serves": {f"{at.quiet}-K1": None}}
    yield Tried(
        "",
        lambda run, who: outcomes.change_outcome(run, who, name, fields, version=None, now=NOW),
    )


def _report(situation: Situation, at: Standing) -> Iterator[Tried]:
    given = [{"kpi": f"{at.quiet}-K1", "period": date(2026, 9, 30), "actual": Decimal(7)}]
    yield Tried("", lambda run, who: readings.record_readings(run, who, given, now=NOW))


def _validate(situation: Situation, at: Standing) -> Iterator[Tried]:
    page = readings.list_readings(situation.runtime, situation.house.aud, f"{at.quiet}-K1", PAGE)
    number = page.items[0]["id"]
    yield Tried("", lambda run, who: validations.validate_readings(run, who, [number], now=NOW))


def _hand_in(situation: Situation, at: Standing) -> Iterator[Tried]:
    yield Tried(
        "",
        lambda run, who: evidence_files.hand_in(
            run,
            who,
            at.quiet,
            filename="memo.pdf",
            media_type="application/pdf",
            content=PDF + b"\n",
            now=NOW,
        ),
    )


def _learn(situation: Situation, at: Standing) -> Iterator[Tried]:
    said = {"title": "Late", "happened": WHY, "because": WHY, "next_time": WHY}
    yield Tried("", lambda run, who: lessons.add_lesson(run, who, at.quiet, said, now=NOW))


def _open_review(situation: Situation, at: Standing) -> Iterator[Tried]:
    yield Tried("", lambda run, who: reviews.open_review(run, who, at.quiet, now=NOW))


def _write(situation: Situation, at: Standing) -> Iterator[Tried]:
    said = {"went_well": WHY}
    yield Tried(
        "", lambda run, who: reviews.change(run, who, at.review, said, version=None, now=NOW)
    )


def _sign(situation: Situation, at: Standing) -> Iterator[Tried]:
    yield Tried(
        "",
        lambda run, who: review_signature.sign(
            run, who, at.review, reason=WHY, version=None, now=NOW
        ),
    )


def _say(question: str, situation: Situation, at: Standing) -> Iterator[Tried]:
    yield Tried(
        "",
        lambda run, who: reviews.answer(run, who, at.review, question=question, score=4, now=NOW),
    )


def _answer(situation: Situation, at: Standing) -> Iterator[Tried]:
    yield Tried(
        "",
        lambda run, who: recommendations.answer(
            run,
            who,
            at.recommendation,
            status=RecommendationStatus.ACCEPTED,
            reason=WHY,
            version=None,
            now=NOW,
        ),
    )


def _read(situation: Situation, at: Standing) -> Iterator[Tried]:
    name, kpi = at.quiet, f"{at.quiet}-K1"
    yield Tried("project", lambda run, who: projects.view_project(run, who, name, now=NOW))
    yield Tried("KPIs", lambda run, who: kpis.list_kpis(run, who, PAGE, project=name))
    yield Tried("KPI", lambda run, who: kpis.get_kpi(run, who, kpi))
    yield Tried("plan", lambda run, who: readings.list_plan(run, who, kpi))
    yield Tried("baselines", lambda run, who: baselines.list_baselines(run, who, name))
    yield Tried(
        "scope changes",
        lambda run, who: scope_changes.list_scope_changes(run, who, PAGE, project=name),
    )
    if at.scope_change:
        yield Tried("baseline", lambda run, who: baselines.get_baseline(run, who, name, 1))
        yield Tried("comparison", lambda run, who: baselines.compare(run, who, name, 1, 1, now=NOW))
        yield Tried("scope change", partial(_read_scope_change, at.scope_change))
    yield Tried("readings", lambda run, who: readings.list_readings(run, who, kpi, PAGE))
    yield Tried(
        "deliverables",
        lambda run, who: deliverables.list_deliverables(run, who, PAGE, project=name),
    )
    yield Tried(
        "deliverable", lambda run, who: deliverables.get_deliverable(run, who, f"{name}-D1")
    )
    yield Tried("outcomes", lambda run, who: outcomes.list_outcomes(run, who, PAGE, project=name))
    yield Tried("outcome", lambda run, who: outcomes.get_outcome(run, who, f"{name}-O1"))
    yield Tried("map", lambda run, who: benefits_map.benefits_map(run, who, name))
    yield Tried("drawn map", lambda run, who: benefits_map.draw_svg(run, who, name))
    yield Tried("map as text", lambda run, who: benefits_map.draw_mermaid(run, who, name))
    yield Tried("what is wrong with it", lambda run, who: benefits_map.check_maps(run, who, name))
    yield Tried(
        "submissions", lambda run, who: gates.list_submissions(run, who, PAGE, project=name)
    )
    yield Tried(
        "conditions", lambda run, who: conditions.list_conditions(run, who, PAGE, project=name)
    )
    yield Tried(
        "waivers", lambda run, who: waiver_list.list_waivers(run, who, PAGE, project=name, now=NOW)
    )
    waiver = next(iter(at.waivers.values()))
    yield Tried("waiver", lambda run, who: waiver_list.get_waiver(run, who, waiver, now=NOW))
    yield Tried(
        "recommendations",
        lambda run, who: recommendations.list_recommendations(
            run, who, PAGE, project=name, now=NOW
        ),
    )
    yield Tried(
        "recommendation",
        lambda run, who: recommendations.get_recommendation(run, who, at.recommendation, now=NOW),
    )
    yield Tried("findings", lambda run, who: findings.list_findings(run, who, PAGE, project=name))
    yield Tried("files", lambda run, who: evidence_files.list_files(run, who, PAGE, name))
    yield Tried("file", lambda run, who: evidence_files.read_file(run, who, at.file))
    yield Tried("notices", lambda run, who: notices.list_notices(run, who, PAGE, project=name))
    yield Tried("workflow", lambda run, who: workflows.workflow_of(run, who, name))
    yield Tried("history", lambda run, who: history.project_history(run, who, name))
    yield Tried(
        "gate's history", lambda run, who: history.gate_history(run, who, name, "value_defined")
    )
    yield Tried("gates", lambda run, who: gate_record.gate_record(run, who, name, now=NOW))
    for number in [*at.waiting.values()][-1:] + [*at.closed.values()][-1:]:
        yield Tried("submission", partial(_read_submission, number))
    for number in [*at.closed.values()][-1:]:
        digest, vote = situation.kept(number)
        yield Tried("facts", partial(_read_facts, name, digest))
        yield Tried("what a voter saw", partial(_read_seen, number, vote))
    if at.condition:
        yield Tried("condition", lambda run, who: conditions.get_condition(run, who, at.condition))


def _read_submission(number: int, run: Runtime, who: Actor) -> Record:
    return gates.get_submission(run, who, number, now=NOW)


def _read_scope_change(number: int, run: Runtime, who: Actor) -> Record:
    return scope_changes.get_scope_change(run, who, number, now=NOW)


def _read_facts(name: str, digest: str, run: Runtime, who: Actor) -> object:
    return history.facts(run, who, name, digest)


def _read_seen(number: int, vote: int, run: Runtime, who: Actor) -> Record:
    return seen.seen_by(run, who, number, vote)


ON_PROJECTS: dict[str, Callable[[Situation, Standing], Iterator[Tried]]] = {
    "close a condition": _close,
    "change the project": _change_project,
    "add a KPI": _add_kpi,
    "change a target": partial(_change_kpi, {"target": Decimal(7)}),
    "change a KPI's owner": partial(_change_kpi, {"owner": "Otto"}),
    "set planned values": _plan,
    "draw a trajectory": _draw,
    "propose a scope change": _propose,
    "vote on a scope change": _decide_scope,
    "amend a scope change": _amend_scope,
    "change the budget": _change_budget,
    "drop a deliverable": _drop_deliverable,
    "add a deliverable": _add_deliverable,
    "change a deliverable": _change_deliverable,
    "add an outcome": _add_outcome,
    "change an outcome": _change_outcome,
    "tie a KPI to an objective": partial(_change_kpi, {"supports": {"GROW": None}}),
    "record a reading": _report,
    "validate a reading": _validate,
    "record a lesson": _learn,
    "open a review": _open_review,
    "write in a review": _write,
    "sign a review": _sign,
    "answer in-use in a review": partial(_say, "in-use"),
    "answer worth-it in a review": partial(_say, "worth-it"),
    "answer do-again in a review": partial(_say, "do-again"),
    "hand in a file": _hand_in,
    "answer a recommendation to the sponsor": _answer,
    "read": _read,
}
