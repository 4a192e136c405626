"""A workflow on which time acts: deadlines, a check that repeats, and a calendar to count in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from govern.domain.decision import Answer
from govern.domain.record import Record
from govern.process.load import load_sources
from govern.services import decisions, gates, history, projects
from govern.services.ballots import Ballot
from govern.services.people import OPERATOR
from govern.services.ticking import TickResult, tick
from govern.services.workflows import take_workflows
from tests.services.house import NOW, House, add_project

WORKFLOW = """\
schema: govern/workflow/v1
id: timed
version: 1
stages: [draft, running, review, done]
gates:
  - id: start
    title: Start
    from: draft
    to: running
    submit: [project_manager]
    approve: [{role: sponsor}, {role: finance}]
    decide_within: 10 working days
    remind: 2 working days
    escalate:
      - {after: 5 working days, to: gatekeeper}
      - {after: 9 working days, to: auditor}
    expires: 20 working days
    criteria: {must: [{id: budget-set, require: budget != null}]}
  - id: check
    title: Value check
    from: running
    to: running
    repeats: monthly
    submit: [project_manager]
    approve: [{role: sponsor}]
    evidence: [figures]
    criteria: {must: [{id: budget-set, require: budget != null}]}
  - id: next
    title: Next
    from: running
    to: review
    submit: [project_manager]
    approve: [{role: sponsor}]
    criteria: {must: [{id: spent-known, require: spent != null}]}
  - id: finish
    title: Finish
    from: review
    to: done
    submit: [project_manager]
    approve: [{role: sponsor}]
    criteria: {must: [{id: budget-set, require: budget != null}]}
"""


def at(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(10, 0), UTC)


def take(house: House, text: str = WORKFLOW) -> None:
    loaded = load_sources({"timed.yaml": text})
    assert loaded.workflows, loaded.problems
    take_workflows(house.runtime, OPERATOR, loaded.workflows.values(), now=NOW)


def start(house: House, project: str = "P1", **fields: Any) -> str:
    return add_project(house, project, workflow="timed", **fields)


def put(house: House, project: str, gate: str, now: datetime = NOW) -> Record:
    return gates.submit(house.runtime, house.pia, project, gate, now=now)


def vote(
    house: House,
    by: str,
    submission: int,
    decision: str = "go",
    *,
    owed: Sequence[dict[str, Any]] = (),
    now: datetime = NOW,
    **until: Any,
) -> Record:
    ballot = Ballot(Answer(decision), "Because.", "Known and accepted.", owed, **until)
    return decisions.vote(
        house.runtime, house.actors[by], submission, ballot, version=None, now=now
    )


def pass_gate(
    house: House, project: str, gate: str, decision: str = "go", now: datetime = NOW, **more: Any
) -> Record:
    """Submitted by Pia, decided by Sam, and by Fay where it takes two."""
    found = put(house, project, gate, now)
    found = vote(house, "sam", found["id"], decision, now=now, **more)
    if found["state"] == "open":
        found = vote(house, "fay", found["id"], now=now)
    return found


def pass_time(house: House, day: str) -> TickResult:
    """What a day brings about, but for reminders of readings, which `test_reminders` is about."""
    result = pass_all(house, day)
    gates_only = (each for each in result.done if not each.kind.startswith("reading."))
    return replace(result, done=tuple(gates_only))


def pass_all(house: House, day: str) -> TickResult:
    result = tick(house.runtime, OPERATOR, now=at(day))
    assert result.failed == ()
    return result


def kinds(result: TickResult) -> list[str]:
    return [each.kind for each in result.done]


def days(first: str, number: int) -> list[str]:
    begin = date.fromisoformat(first)
    return [(begin + timedelta(days=each)).isoformat() for each in range(number)]


def stage(house: House, project: str = "P1") -> str:
    return projects.get_project(house.runtime, house.pia, project)["stage"]


def events(house: House, project: str = "P1", kind: str | None = None) -> list[Record]:
    return history.project_history(house.runtime, house.aud, project, limit=500, kind=kind).items
