"""Late corrections: which decisions saw the old figure, and what they would have been with the new."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.actor import Actor
from govern.domain.decision import Answer
from govern.domain.refusal import NotFound
from govern.process.load import load_sources
from govern.services import decisions, gates, readings
from govern.services.ballots import Ballot
from govern.services.correcting import corrected_projects, corrections
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.services.workflows import take_workflows
from tests.services.house import NOW, House, add_project

WORKFLOW = """\
schema: govern/workflow/v1
id: lean
version: 1
stages: [draft, running]
gates:
  - id: start
    title: Start
    from: draft
    to: running
    submit: [project_manager]
    approve: [{role: sponsor}]
    criteria:
      must:
        - id: on-track
          title: Nothing is behind
          require: every k in kpis satisfies k.attainment >= 80%
"""
LATER = NOW + timedelta(days=1)


def report(house: House, actual: int | None, period: str, at: Any = NOW) -> None:

    value = None if actual is None else Decimal(actual)
    told = [{"kpi": "P1-K1", "period": date.fromisoformat(period), "actual": value}]
    told[0]["reason"] = "Counted again."
    readings.record_readings(house.runtime, house.dan, told, now=at)


@pytest.fixture
def decided(house: House) -> House:
    """P1 was let pass with October at 1000 of 1000; what the rules found was recorded too."""
    loaded = load_sources({"lean.yaml": WORKFLOW})
    take_workflows(house.runtime, OPERATOR, loaded.workflows.values(), now=NOW)
    add_project(house, "P1", workflow="lean")
    for month, period in enumerate(("2026-08-31", "2026-09-30"), start=8):
        report(house, 100 * month, period)
    report(house, 700, "2026-10-31")
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    report(house, 1000, "2026-10-31")
    opened = gates.submit(house.runtime, house.pia, "P1", "start", now=NOW)
    assert opened["advice"] == "go"
    ballot = Ballot(Answer.GO, "All is well.")
    decisions.vote(house.runtime, house.sam, opened["id"], ballot, version=None, now=NOW)
    return house


def test_a_correction_lists_the_decision_that_it_would_have_changed(decided: House) -> None:
    report(decided, 500, "2026-10-31", LATER)
    upward, downward = corrections(decided.runtime, OPERATOR, "P1")
    assert [each["kind"] for each in upward["decisions"]] == [
        "findings.recorded",
        "recommendation.proposed",
    ]
    assert upward["decisions"][1]["then"]["outcomes"] == {"behind-plan/P1-K1": "fires"}
    assert upward["decisions"][1]["now"]["outcomes"] == {"behind-plan/P1-K1": "silent"}
    assert downward["by_name"] == "Dan"
    assert downward["values"] == [
        {
            "kpi": "P1-K1",
            "period": "2026-10-31",
            "was": "1000",
            "now": "500",
            "late": False,
            "reason": "Counted again.",
        }
    ]
    (changed,) = downward["decisions"]
    assert (changed["kind"], changed["gate"], changed["decision"]) == (
        "gate.decided",
        "start",
        "go",
    )
    assert changed["then"] == {"advice": "go", "outcomes": {"on-track": "met"}}
    assert changed["now"] == {"advice": "recycle", "outcomes": {"on-track": "not_met"}}
    assert downward["judged"] == 1


def test_a_correction_that_changes_nothing_is_listed_without_decisions(decided: House) -> None:
    report(decided, 990, "2026-10-31", LATER)
    *_, last = corrections(decided.runtime, OPERATOR, "P1")
    assert (last["judged"], last["decisions"]) == (1, [])


def test_a_figure_that_came_in_late_counts_too(decided: House) -> None:
    report(decided, 1, "2026-07-31", LATER)
    *_, last = corrections(decided.runtime, OPERATOR, "P1")
    assert last["values"][0]["late"]
    assert last["judged"] >= 1


def test_what_ends_after_a_decision_was_never_seen_by_it(decided: House) -> None:
    report(decided, 1100, "2026-11-30", NOW + timedelta(days=7))
    assert all(
        value["period"] != "2026-11-30"
        for each in corrections(decided.runtime, OPERATOR, "P1")
        for value in each["values"]
    )


def test_of_the_projects_that_somebody_may_see(decided: House) -> None:
    report(decided, 500, "2026-10-31", LATER)
    assert [one for one, _ in corrected_projects(decided.runtime, OPERATOR)] == ["P1"]
    with pytest.raises(NotFound):
        corrections(decided.runtime, Actor("nobody", "Nobody", ()), "P1")
