"""A snoozed finding is judged and kept as ever, and proposes nothing until the snooze is over."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from govern.domain.recommendation import RecommendationStatus
from govern.rulebook.load import load_sources
from govern.services import recommendations, rulebooks
from govern.services.findings import list_findings
from govern.services.people import OPERATOR
from govern.services.sweeps import SweepResult, sweep
from govern.store.paging import PageRequest
from tests.services.house import NOW, RULES, House, add_project, report

SNOOZES = """\
schema: govern/snoozes/v1
snoozes:
  - project: P1
    rule: behind-plan
    kpi: P1-K1
    from: 2026-10-01
    until: 2026-10-31
    by: ana@example.org
    because: The supplier is being replaced in October.
"""


def _publish(house: House, extra: Mapping[str, str], rules: str = RULES) -> None:
    loaded = load_sources({"benefits.yaml": rules, **extra})
    assert loaded.rulebook is not None, loaded.problems
    rulebooks.publish(house.runtime, OPERATOR, loaded.rulebook, note=None, now=NOW)


def _sweep(house: House, day: str) -> SweepResult:
    return sweep(house.runtime, OPERATOR, as_of=date.fromisoformat(day), now=NOW)


def _finding(house: House) -> dict[str, Any]:
    [found] = list_findings(house.runtime, OPERATOR, PageRequest()).items
    return found


def _recommended(house: House) -> list[str]:
    page = recommendations.list_recommendations(
        house.runtime, OPERATOR, PageRequest(sort="id"), now=NOW
    )
    return [each["status"] for each in page.items]


@pytest.fixture(autouse=True)
def project(house: House) -> str:
    return add_project(house)


def test_it_is_kept_marked_and_proposed_when_the_snooze_is_over(house: House) -> None:
    _publish(house, {"snoozes.yaml": SNOOZES})
    report(house, "P1-K1", {"2026-09-30": 500, "2026-10-31": 500})
    swept = _sweep(house, "2026-10-31")
    assert (swept.counts["fires"], swept.proposed) == (1, 0)
    found = _finding(house)
    assert found["state"] == "fires"
    assert found["snoozed"] == {
        "until": "2026-10-31",
        "by": "ana@example.org",
        "because": "The supplier is being replaced in October.",
    }
    assert _sweep(house, "2026-10-31").unchanged
    swept = _sweep(house, "2026-11-01")
    assert swept.proposed == 1
    assert _finding(house)["snoozed"] is None
    assert _recommended(house) == ["proposed"]


def test_what_was_rejected_stays_rejected_behind_a_snooze(house: House) -> None:
    report(house, "P1-K1", {"2026-08-31": 500, "2026-09-30": 500, "2026-10-31": 500})
    assert _sweep(house, "2026-09-30").proposed == 1
    recommendations.answer(
        house.runtime,
        house.sam,
        1,
        status=RecommendationStatus.REJECTED,
        reason="No.",
        version=1,
        now=NOW,
    )
    _publish(house, {"snoozes.yaml": SNOOZES})
    assert _sweep(house, "2026-10-31").proposed == 0
    assert _sweep(house, "2026-11-01").proposed == 0
    assert _recommended(house) == ["rejected"]


def test_a_new_episode_that_began_in_a_snooze_is_proposed_after_it(house: House) -> None:
    report(house, "P1-K1", {"2026-08-31": 500, "2026-09-30": 900, "2026-10-31": 500})
    assert _sweep(house, "2026-08-31").proposed == 1
    recommendations.answer(
        house.runtime,
        house.sam,
        1,
        status=RecommendationStatus.REJECTED,
        reason="No.",
        version=1,
        now=NOW,
    )
    assert _sweep(house, "2026-09-30").counts["silent"] == 1
    _publish(house, {"snoozes.yaml": SNOOZES})
    assert _sweep(house, "2026-10-31").proposed == 0
    assert _sweep(house, "2026-11-01").proposed == 1
    assert _recommended(house) == ["rejected", "proposed"]


def test_other_projects_rules_and_days_are_not_snoozed(house: House) -> None:
    report(house, "P1-K1", {"2026-09-30": 500, "2026-10-31": 500})
    for change in (("project: P1", "project: P9"), ("kpi: P1-K1", "kpi: P1-K2")):
        _publish(house, {"snoozes.yaml": SNOOZES.replace(*change)})
        _sweep(house, "2026-10-31")
        assert _finding(house)["snoozed"] is None


def test_deadlines_count_the_working_days_of_the_calendar(house: House) -> None:
    """NOW is Tuesday, 24 November 2026, 10:00 UTC: midnight has passed in Kiritimati."""
    assert datetime(2026, 11, 24, 10, tzinfo=UTC) == NOW
    calendar = """\
schema: govern/calendar/v1
id: house
time_zone: Pacific/Kiritimati
weekend: [friday, saturday]
holidays:
  - {on: 2026-11-26, name: Founders' Day}
"""
    rules = RULES.replace("owner: pmo@example.org", "calendar: house").replace(
        "10 working", "3 working"
    )
    _publish(house, {"calendars/house.yaml": calendar}, rules)
    report(house, "P1-K1", {"2026-10-31": 500})
    _sweep(house, "2026-10-31")
    page = recommendations.list_recommendations(house.runtime, OPERATOR, PageRequest(), now=NOW)
    # The 25th does not count, the 26th is a holiday, 27th and 28th are the weekend.
    assert page.items[0]["decide_by"] == date(2026, 12, 1)
    assert page.items[0]["decide_by"] > NOW.date() + timedelta(days=5)
