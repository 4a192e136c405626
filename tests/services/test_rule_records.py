"""How well each rule recommends, by hand; who owns one with a poor record is told once a quarter."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.recommendation import RecommendationStatus, RejectedBecause
from govern.domain.refusal import InvalidInput
from govern.domain.role import Role
from govern.services import notices, people, recommendations, rule_records
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.services.ticking import tick
from govern.store import people as stored
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, add_project, report

DAY = timedelta(days=1)
PROJECTS = ("P1", "P2", "P3", "P4", "P5")


@pytest.fixture
def advised(house: House) -> list[int]:
    """Five projects behind their plan, each with a recommendation of the same rule."""
    for project in PROJECTS:
        add_project(house, project)
        report(house, f"{project}-K1", {"2026-10-31": 100})
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    found = recommendations.list_recommendations(house.runtime, house.sam, PageRequest(), now=NOW)
    return sorted(each["id"] for each in found.items)


def answer(house: House, number: int, days: int, because: RejectedBecause | None = None) -> None:
    """Accepted, or rejected where a reason is given, so many days after it was proposed."""
    status = RecommendationStatus.ACCEPTED if because is None else RecommendationStatus.REJECTED
    recommendations.answer(
        house.runtime,
        house.sam,
        number,
        status=status,
        reason="I have looked at it.",
        rejected_because=because,
        version=None,
        now=NOW + days * DAY,
    )


def answered(house: House, advised: list[int]) -> None:
    """After 1, 2, 3, 4 and 5 days: three were no problem, one was too costly, one is accepted."""
    for days, number in enumerate(advised[:3], start=1):
        answer(house, number, days, RejectedBecause.NOT_A_PROBLEM)
    answer(house, advised[3], 4, RejectedBecause.TOO_COSTLY)
    answer(house, advised[4], 5)


def record(house: House, **asked: Any) -> dict[str, Any]:
    [found] = rule_records.records(house.runtime, house.sam, **asked)["rules"]
    return found


def poor(house: House, days: int) -> list[Any]:
    result = tick(house.runtime, OPERATOR, now=NOW + days * DAY)
    assert result.failed == ()
    return [each for each in result.done if each.kind == "rule.poor_record"]


def test_a_record_counts_what_became_of_what_was_recommended(
    house: House, advised: list[int]
) -> None:
    found = record(house)
    assert (found["proposed"], found["open"], found["closed"]) == (5, 5, 0)
    assert (found["accepted_share"], found["days_to_answer"], found["poor"]) == (None, None, False)
    answered(house, advised)
    found = record(house)
    assert (found["rule"], found["title"], found["owner"]) == (
        "behind-plan",
        "Behind plan",
        "pmo@example.org",
    )
    assert (found["accepted"], found["rejected"], found["open"]) == (1, 4, 0)
    assert found["rejected_because"] == {"not_a_problem": 3, "too_costly": 1}
    assert found["accepted_share"] == Decimal("0.2")
    assert found["false_alarm_share"] == Decimal("0.6")
    assert found["days_to_answer"] == 3
    assert found["poor"] is True
    assert found["why"] == "3 of 5 answered or closed were false alarms"


def test_actions_and_rules_with_their_actions_have_records_too(
    house: House, advised: list[int]
) -> None:
    answered(house, advised)
    found = rule_records.records(house.runtime, house.sam)
    [action], [both] = found["actions"], found["rule_actions"]
    assert (action["action"], action["proposed"], action["false_alarms"]) == ("descope", 5, 3)
    assert (both["rule"], both["action"], both["accepted"]) == ("behind-plan", "descope", 1)


def test_only_what_was_proposed_in_time_and_is_to_be_seen_counts(
    house: House, advised: list[int]
) -> None:
    today = NOW.date()
    assert record(house, first=today, last=today)["proposed"] == 5
    nothing = {"rules": [], "actions": [], "rule_actions": []}
    elsewhere: list[dict[str, Any]] = [
        {"first": today + DAY},
        {"last": today - DAY},
        {"portfolio": "other"},
        {"rule": "another"},
    ]
    for asked in elsewhere:
        assert rule_records.records(house.runtime, house.sam, **asked) == nothing
    email = "only@example.org"
    number = people.add_person(house.runtime, OPERATOR, email=email, name="Only", now=NOW)
    people.grant_role(
        house.runtime, OPERATOR, email=email, role=Role.AUDITOR, project="P2", now=NOW
    )
    with house.runtime.store.reading() as connection:
        only = stored.actor_of_person(connection, number, NOW)
    assert only is not None
    assert rule_records.records(house.runtime, only)["rules"][0]["proposed"] == 1


def test_a_range_that_ends_before_it_begins_is_refused(house: House) -> None:
    with pytest.raises(InvalidInput) as refused:
        rule_records.records(
            house.runtime, house.sam, first=date(2026, 2, 1), last=date(2026, 1, 31)
        )
    assert refused.value.facts["errors"] == {"to": ["2026-02-01 or later"]}


def test_the_owner_of_a_poor_rule_is_told_once_a_quarter(house: House, advised: list[int]) -> None:
    email = "pmo@example.org"
    people.add_person(house.runtime, OPERATOR, email=email, name="Paula", now=NOW)
    assert poor(house, 0) == []
    answered(house, advised)
    [told] = poor(house, 6)
    assert told.told == ("Paula",)
    assert told.text == (
        "Rule 'behind-plan' (Behind plan) has a poor record: 3 of 5 answered or closed were false "
        "alarms."
    )
    assert poor(house, 37) == []
    # 24 November and 38 days: the first of January.
    assert len(poor(house, 38)) == 1


def test_where_nobody_is_the_owner_those_who_publish_rules_are_told(
    house: House, advised: list[int]
) -> None:
    number = people.add_person(
        house.runtime, OPERATOR, email="rob@example.org", name="Rob", now=NOW
    )
    people.grant_role(
        house.runtime, OPERATOR, email="rob@example.org", role=Role.RULE_PUBLISHER, now=NOW
    )
    answered(house, advised)
    [told] = poor(house, 6)
    assert told.told == ("Rob",)
    with house.runtime.store.reading() as connection:
        rob = stored.actor_of_person(connection, number, NOW)
    assert rob is not None
    [notice] = notices.list_notices(house.runtime, rob, PageRequest()).items
    assert (notice["kind"], notice["project"]) == ("rule.poor_record", None)
    for other in (house.sam, house.aud, OPERATOR):
        seen = notices.list_notices(house.runtime, other, PageRequest(), kind="rule.poor_record")
        assert seen.items == []
