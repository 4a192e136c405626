"""A figure of July is corrected at the end of October: everything is right as it was known then, and as
it is known now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.decision import Answer
from govern.domain.plain import plain
from govern.domain.record import Record
from govern.process.load import load_sources
from govern.services import as_of, decisions, findings, gates, history, kpis, readings
from govern.services.as_of import When, look_back
from govern.services.ballots import Ballot
from govern.services.correcting import corrections
from govern.services.explaining import explain
from govern.services.gate_record import gate_record
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.state_audit import audit_state
from govern.services.sweeps import sweep
from govern.services.ticking import tick
from govern.services.validations import validate_readings
from govern.services.workflows import take_workflows
from govern.store import checkpoints, log
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, add_project

WORKFLOW = """\
schema: govern/workflow/v1
id: late
version: 1
stages: [draft, monitoring, review, closed]
gates:
  - id: start
    title: Start
    from: draft
    to: monitoring
    submit: [project_manager]
    approve: [{role: sponsor}]
    criteria:
      must:
        - id: on-track
          title: Nothing is behind
          require: every k in kpis satisfies k.attainment >= 80%
        - id: seen-by-finance
          title: At most one figure waits for finance
          require: every k in kpis satisfies k.unvalidated_periods <= 1
  - id: check
    title: Value check
    from: monitoring
    to: monitoring
    repeats: half_yearly
    submit: [project_manager]
    approve: [{role: sponsor}, {role: finance}]
    criteria:
      must:
        - id: on-track
          title: Nothing is behind
          require: every k in kpis satisfies k.attainment >= 80%
  - id: close
    title: Close
    from: review
    to: closed
    submit: [project_manager]
    approve: [{role: sponsor}]
    criteria: {must: [{id: budget-set, require: budget != null}]}
  - id: review
    title: Review
    from: monitoring
    to: review
    submit: [project_manager]
    approve: [{role: sponsor}]
    criteria: {must: [{id: budget-set, require: budget != null}]}
"""
KPI = "P1-K1"
JULY = date(2026, 7, 31)
SEPTEMBER_GATE = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
BEFORE = datetime(2026, 9, 30, 10, 0, tzinfo=UTC)
OPENED = datetime(2026, 10, 20, 10, 0, tzinfo=UTC)
CORRECTED = datetime(2026, 10, 30, 10, 0, tzinfo=UTC)
AFTER = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
# 85 % of what is planned each month, summed to date; after the correction about 77 %.
ACTUALS = {date(2026, month, day): Decimal(85 * month) for month, day in (
    (1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31))}  # fmt: skip
REASON = "A returned delivery had been counted as sold."


@dataclass
class Told:
    """What happened: the gate of September, the check that was open in October, sizes of the log."""

    house: House
    decided: int
    opened: int
    before: int
    after: int
    then: dict[str, str]


def seal(house: House, at: datetime) -> int:
    with house.runtime.store.writing() as connection:
        frontier = log.append(connection, log.waiting(connection, 100_000))
        checkpoints.add(connection, frontier.size, frontier.root().hex(), "(unsigned)", at)
    return frontier.size


def report(house: House, actuals: dict[date, Decimal], now: datetime, **more: Any) -> None:
    told = [
        {"kpi": KPI, "period": day, "actual": figure, **more} for day, figure in actuals.items()
    ]
    readings.record_readings(house.runtime, house.dan, told, now=now)


def of_july(runtime: Runtime, house: House, **more: Any) -> list[Record]:
    page = PageRequest(limit=500)
    found = readings.list_readings(runtime, house.aud, KPI, page, **more).items
    return [each for each in found if each["period"] == JULY]


def attainment(runtime: Runtime, house: House, on: date, now: datetime) -> str:
    """Of a period, by the rule that reads it."""
    (told,) = explain(runtime, house.aud, "P1", rule="behind-plan", kpi=KPI, on=on, now=now)[
        "items"
    ]
    return told["periods"][-1]["attainment"]


def vote(house: House, by: str, submission: int, now: datetime) -> None:
    ballot = Ballot(Answer.GO, "All is well.")
    decisions.vote(house.runtime, house.actors[by], submission, ballot, version=None, now=now)


def views(runtime: Runtime, house: House, now: datetime) -> dict[str, str]:
    """Everything that shows the figure or what rested on it, as text."""
    page = PageRequest(limit=500)
    asked: dict[str, Callable[[], Any]] = {
        "readings": lambda: readings.list_readings(runtime, house.aud, KPI, page).items,
        "every reading": lambda: of_july(runtime, house, history=True),
        "kpi": lambda: kpis.get_kpi(runtime, house.aud, KPI),
        "findings": lambda: findings.list_findings(runtime, house.aud, page).items,
        "submissions": lambda: gates.list_submissions(runtime, house.aud, page).items,
        "history": lambda: history.project_history(runtime, house.aud, "P1", limit=500).items,
        "gates": lambda: gate_record(runtime, house.aud, "P1", now=now),
        "attainment": lambda: attainment(runtime, house, date(2026, 8, 31), now),
    }
    return {name: str(plain(ask())) for name, ask in asked.items()}


@pytest.fixture
def told(house: House) -> Told:
    loaded = load_sources({"late.yaml": WORKFLOW})
    assert loaded.workflows, loaded.problems
    take_workflows(house.runtime, OPERATOR, loaded.workflows.values(), now=NOW)
    add_project(house, "P1", workflow="late")
    kpis.change_kpi(
        house.runtime,
        house.pia,
        KPI,
        {"cumulative": True, "reporting_lag_days": 40},
        version=None,
        now=NOW,
    )
    report(house, ACTUALS, datetime(2026, 9, 4, 10, 0, tzinfo=UTC))
    page = PageRequest(limit=500)
    reported = readings.list_readings(house.runtime, house.fay, KPI, page).items
    validate_readings(
        house.runtime, house.fay, [each["id"] for each in reported], now=SEPTEMBER_GATE
    )
    sweep(house.runtime, OPERATOR, as_of=SEPTEMBER_GATE.date(), now=SEPTEMBER_GATE)
    found = gates.submit(house.runtime, house.pia, "P1", "start", now=SEPTEMBER_GATE)
    assert found["advice"] == "go"
    vote(house, "sam", found["id"], SEPTEMBER_GATE)
    before = seal(house, BEFORE)
    past = look_back(house.runtime, When(size=before), {"project": "P1"}, now=AFTER)
    then = views(past.runtime, house, past.moment)
    opened = gates.submit(house.runtime, house.pia, "P1", "check", now=OPENED)
    vote(house, "sam", opened["id"], OPENED)
    report(house, {JULY: Decimal(250)}, CORRECTED, reason=REASON, confidence="high")
    after = seal(house, CORRECTED)
    return Told(house, found["id"], opened["id"], before, after, then)


def test_the_figure_is_known_as_it_was_and_as_it_is(told: Told) -> None:
    house = told.house
    (now,) = of_july(house.runtime, house)
    assert (now["actual"], now["reason"], now["confidence"]) == (Decimal(250), REASON, "high")
    assert (now["state"], now["recorded_at"]) == ("provisional", CORRECTED)
    then = look_back(house.runtime, When(size=told.before), {"kpi": KPI}, now=AFTER)
    (was,) = of_july(then.runtime, house)
    assert (was["actual"], was["state"], was["reason"]) == (Decimal(595), "validated", None)
    assert was["corrected_by"] is None
    first, second = of_july(house.runtime, house, history=True)
    assert (first["corrects"], first["corrected_by"]) == (None, second["id"])
    assert (second["corrects"], second["corrected_by"]) == (first["id"], None)
    assert (first["state"], first["validated_by"]) == ("validated", house.fay.person_id)
    assert (second["state"], second["validated_by"]) == ("provisional", None)
    assert (second["recorded_by"], second["recorded_at"]) == (house.dan.person_id, CORRECTED)


def test_attainment_is_that_of_the_figure_known_then_and_now(told: Told) -> None:
    house, august = told.house, date(2026, 8, 31)
    assert attainment(house.runtime, house, august, AFTER) == "0.754166667"
    past = look_back(house.runtime, When(moment=BEFORE), {"project": "P1"}, now=AFTER)
    assert attainment(past.runtime, house, august, past.moment) == "0.85"


def test_what_a_sweep_found_stays_and_the_next_one_tells_it_as_it_is_now(told: Told) -> None:
    house = told.house
    recorded = [
        each for each in history.project_history(house.runtime, house.aud, "P1", limit=500).items
        if each["kind"] == "findings.recorded"
    ]  # fmt: skip
    assert findings.list_findings(house.runtime, house.aud, PageRequest()).items == []
    sweep(house.runtime, OPERATOR, as_of=AFTER.date(), now=AFTER)
    (found,) = findings.list_findings(house.runtime, house.aud, PageRequest()).items
    assert (found["rule"], found["state"]) == ("behind-plan", "fires")
    again = [
        each for each in history.project_history(house.runtime, house.aud, "P1", limit=500).items
        if each["kind"] == "findings.recorded"
    ]  # fmt: skip
    assert again[: len(recorded)] == recorded
    past = look_back(house.runtime, When(size=told.before), {"project": "P1"}, now=AFTER)
    assert findings.list_findings(past.runtime, house.aud, PageRequest()).items == []


def test_the_gate_of_september_stays_as_it_was_decided_and_is_named(told: Told) -> None:
    house = told.house
    found = gates.get_submission(house.runtime, house.aud, told.decided, now=AFTER)
    assert (found["state"], found["decision"], found["advice"]) == ("decided", "go", "go")
    assert {each["id"]: each["outcome"] for each in found["results"]} == {
        "on-track": "met",
        "seen-by-finance": "met",
    }
    (correction,) = corrections(house.runtime, house.aud, "P1")
    assert (correction["by_name"], correction["at"]) == ("Dan", CORRECTED)
    assert correction["values"] == [
        {
            "kpi": KPI,
            "period": "2026-07-31",
            "was": "595",
            "now": "250",
            "late": False,
            "reason": REASON,
        }
    ]
    (decision,) = (each for each in correction["decisions"] if each["kind"] == "gate.decided")
    assert (decision["gate"], decision["submission"]) == ("start", told.decided)
    assert decision["then"] == {"advice": "go", "outcomes": {"on-track": "met"}}
    assert decision["now"] == {"advice": "recycle", "outcomes": {"on-track": "not_met"}}


def test_a_vote_at_an_open_gate_no_longer_counts(told: Told) -> None:
    house = told.house
    before = gates.get_submission(house.runtime, house.aud, told.opened, now=OPENED)
    assert before["state"] == "open"
    tick(house.runtime, OPERATOR, now=AFTER)
    found = gates.get_submission(house.runtime, house.aud, told.opened, now=AFTER)
    assert found["advice"] == "recycle"
    assert {each["id"]: each["outcome"] for each in found["results"]} == {"on-track": "not_met"}
    (cast,) = found["votes"]
    assert not cast["counts"]


def test_the_past_is_told_to_the_byte_by_time_and_by_size(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = told.house
    sweep(house.runtime, OPERATOR, as_of=AFTER.date(), now=AFTER)
    # Computed anew, as another process would.
    monkeypatch.setattr(as_of, "AT_HAND", as_of.AtHand())
    for when in (When(size=told.before), When(moment=BEFORE)):
        past = look_back(house.runtime, when, {"project": "P1"}, now=AFTER)
        assert past.size == told.before
        assert views(past.runtime, house, past.moment) == told.then
    later = look_back(house.runtime, When(size=told.after), {"project": "P1"}, now=AFTER)
    seen = views(later.runtime, house, later.moment)
    assert {name for name, text in seen.items() if text != told.then[name]} >= {
        "readings",
        "every reading",
        "history",
        "attainment",
    }


def test_the_state_is_what_the_events_say(told: Told) -> None:
    assert audit_state(told.house.runtime, OPERATOR).differences == ()
