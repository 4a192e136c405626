"""The sweep: findings written once, recommendations proposed, kept, cleared."""

from datetime import date
from typing import Any

import pytest

from govern.domain.recommendation import RecommendationStatus
from govern.domain.refusal import InvalidInput, NotAllowed, RecommendationClosed, StaleVersion
from govern.services import findings, recommendations
from govern.services.people import OPERATOR
from govern.services.sweeps import SweepResult, sweep
from govern.store.paging import PageRequest
from tests.services.house import NOW, RULES, House, add_project, publish_rules, report
from tests.services.test_gates import to_stage

TODAY = NOW.date()


@pytest.fixture
def running(house: House) -> House:
    """One project in monitoring, its KPI planned at 100 in January, 200 in February … 1,000 in October."""
    to_stage(house, add_project(house), "monitoring")
    return house


def judge(house: House, as_of: date = TODAY) -> SweepResult:
    return sweep(house.runtime, OPERATOR, as_of=as_of, now=NOW)


def open_ones(house: House) -> list[dict[str, Any]]:
    return recommendations.list_recommendations(
        house.runtime, house.sam, PageRequest(), status="proposed", now=NOW
    ).items


def answer(house: House, number: int, status: str, **more: Any) -> dict[str, Any]:
    return recommendations.answer(
        house.runtime,
        more.pop("by", house.sam),
        number,
        status=RecommendationStatus(status),
        reason="Because.",
        version=more.pop("version", None),
        now=NOW,
        **more,
    )


def test_a_firing_rule_recommends_with_the_numbers_that_fired_it(running: House) -> None:
    report(running, "P1-K1", {"2026-10-31": 700})
    result = judge(running)
    assert result.counts["fires"] == 1
    (proposed,) = open_ones(running)
    assert proposed["message"] == "Revenue at 70% of plan"
    assert proposed["observed"]["attainment"] == "0.7"
    assert proposed["action"] == "descope"


def test_exactly_on_the_threshold_is_not_below_it(running: House) -> None:
    report(running, "P1-K1", {"2026-10-31": 800})
    assert judge(running).counts["fires"] == 0


def test_missing_data_is_unknown_and_recommends_nothing(running: House) -> None:
    report(running, "P1-K1", {"2026-09-30": 900, "2026-10-31": None})
    assert judge(running).counts["unknown"] == 1
    assert open_ones(running) == []


def test_sweeping_twice_changes_nothing(running: House) -> None:
    report(running, "P1-K1", {"2026-10-31": 700})
    first = judge(running)
    second = judge(running)
    assert not first.unchanged
    assert second.unchanged
    assert second.id == first.id
    assert len(open_ones(running)) == 1


def test_recovery_clears_the_recommendation_and_a_relapse_makes_a_new_one(running: House) -> None:
    report(running, "P1-K1", {"2026-09-30": 600})
    assert judge(running, date(2026, 10, 15)).proposed == 1
    report(running, "P1-K1", {"2026-10-31": 850})
    assert judge(running).cleared == 0, "cleared only at 90 %"
    report(running, "P1-K1", {"2026-10-31": 950})
    assert judge(running).cleared == 1
    assert open_ones(running) == []
    report(running, "P1-K1", {"2026-10-31": 600})
    assert judge(running).proposed == 1


def test_a_rejected_recommendation_does_not_come_back_while_the_rule_still_fires(
    running: House,
) -> None:
    report(running, "P1-K1", {"2026-10-31": 700})
    judge(running)
    answer(running, open_ones(running)[0]["id"], "rejected")
    report(running, "P1-K1", {"2026-10-31": 690})
    result = judge(running)
    assert result.counts["fires"] == 1
    assert open_ones(running) == []


def test_an_earlier_date_leaves_recommendations_alone(running: House) -> None:
    report(running, "P1-K1", {"2026-10-31": 700, "2026-09-30": 900})
    judge(running)
    result = judge(running, date(2026, 10, 1))
    assert result.historic
    assert len(open_ones(running)) == 1
    current = findings.list_findings(running.runtime, running.sam, PageRequest())
    assert [each["state"] for each in current.items] == ["fires"]


def test_a_rule_that_is_gone_clears_what_it_recommended(running: House) -> None:
    report(running, "P1-K1", {"2026-10-31": 700})
    judge(running)
    publish_rules(running.runtime, RULES.replace("id: behind-plan", "id: another"))
    result = judge(running)
    assert (result.proposed, result.cleared) == (1, 1)


def test_answers(running: House) -> None:
    report(running, "P1-K1", {"2026-10-31": 700})
    judge(running)
    number = open_ones(running)[0]["id"]
    with pytest.raises(NotAllowed):
        answer(running, number, "accepted", by=running.fay)
    with pytest.raises(StaleVersion):
        answer(running, number, "accepted", version=9)
    with pytest.raises(InvalidInput):
        answer(running, number, "deferred")
    with pytest.raises(InvalidInput):
        answer(running, number, "deferred", deferred_until=TODAY)
    deferred = answer(running, number, "deferred", deferred_until=date(2027, 1, 15))
    assert deferred["status"] == "deferred"
    accepted = answer(running, number, "accepted", version=deferred["version"])
    assert (accepted["status"], accepted["reason"]) == ("accepted", "Because.")
    with pytest.raises(RecommendationClosed):
        answer(running, number, "rejected")


def test_nobody_sweeps_the_future_or_without_the_role(running: House) -> None:
    with pytest.raises(InvalidInput):
        judge(running, date(2026, 11, 25))
    with pytest.raises(NotAllowed):
        sweep(running.runtime, running.sam, as_of=TODAY, now=NOW)
