"""What becomes of a recommendation: superseded, put off, overdue, expired, done, verified."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.recommendation import RecommendationStatus, RejectedBecause
from govern.domain.record import Record
from govern.domain.refusal import (
    InvalidInput,
    NotAllowed,
    NotFound,
    RecommendationNotReady,
    StaleVersion,
)
from govern.rulebook.load import load_sources
from govern.services import effects, notices, readings, recommendations, rulebooks
from govern.services.people import OPERATOR
from govern.services.recommendation_done import report_done
from govern.services.recommendation_ends import mark_implemented, mark_raised, mark_verified
from govern.services.recommendation_summary import by_project
from govern.services.rule_records import records
from govern.services.sweeps import SweepResult, sweep
from govern.services.ticking import tick
from govern.services.waiting import waiting_for
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, add_project, report
from tests.services.test_gates import to_stage

RULES = """\
schema: govern/rules/v1
area: benefits
owner: pmo@example.org
rules:
  - id: behind-plan
    title: Behind plan
    status: active
    applies_to: category = "revenue"
    when: attainment < 80%
    severity: red
    message: "{kpi} at {attainment:percent} of plan"
    recommend:
      action: descope
      because: What adds little takes capacity from what adds much.
      decide_by: 10 working days
      decided_by: sponsor
  - id: slipping
    title: Slipping
    status: active
    applies_to: category = "revenue"
    when: attainment < 90%
    severity: amber
    message: "{kpi} slips to {attainment:percent}"
    recommend:
      action: descope
      because: Early is cheap.
      decide_by: 5 working days
      decided_by: finance
"""
OTHER_ACTION = RULES.replace(
    "      action: descope\n      because: Early",
    "      action: drive_adoption\n      because: Early",
)
SNOOZE = """\
schema: govern/snoozes/v1
snoozes:
  - {project: P1, rule: behind-plan, until: 2026-12-04, by: ana@example.org, because: Looked at.}
"""
DECIDE_BY = date(2026, 12, 8)
"""Ten working days after Tuesday, 24 November."""


def at(day: date) -> datetime:
    return datetime.combine(day, time(10), UTC)


@pytest.fixture
def running(house: House) -> House:
    """One project in monitoring; its KPI is planned at 1,000 in October."""
    put_in_force(house, RULES)
    to_stage(house, add_project(house), "monitoring")
    return house


def put_in_force(house: House, rules: str, extra: Mapping[str, str] | None = None) -> None:
    loaded = load_sources({"benefits.yaml": rules, **(extra or {})})
    assert loaded.rulebook is not None, loaded.problems
    rulebooks.publish(house.runtime, OPERATOR, loaded.rulebook, note=None, now=NOW)


def judge(house: House, actual: int | None = None) -> SweepResult:
    """With an actual for October."""
    if actual is not None:
        report(house, "P1-K1", {"2026-10-31": actual})
    return sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)


def judge_later(house: House, day: date, december: int) -> SweepResult:
    """With an actual for December, of which 1,200 is planned."""
    given = {"kpi": "P1-K1", "period": date(2026, 12, 31), "actual": Decimal(december)}
    reported = [{**given, "reason": "Counted again."}]
    readings.record_readings(house.runtime, house.dan, reported, now=at(day))
    return sweep(house.runtime, OPERATOR, as_of=day, now=at(day))


def every(house: House, now: datetime = NOW, **wanted: Any) -> list[Record]:
    request = PageRequest(sort="id")
    found = recommendations.list_recommendations(
        house.runtime, house.sam, request, now=now, **wanted
    )
    return found.items


def statuses(house: House) -> list[tuple[str, str]]:
    return [(each["rule"], each["status"]) for each in every(house)]


def answer(
    house: House, number: int, status: str, by: str = "sam", now: datetime = NOW, **more: Any
) -> Record:
    return recommendations.answer(
        house.runtime,
        house.actors[by],
        number,
        status=RecommendationStatus(status),
        reason="Because.",
        version=None,
        now=now,
        **more,
    )


def ticked(house: House, day: date) -> list[tuple[str, str]]:
    """What a tick tells of recommendations, and to whom, by their names."""
    done = tick(house.runtime, OPERATOR, now=at(day)).done
    return [
        (each.kind, ", ".join(each.told)) for each in done if each.kind.startswith("recommendation")
    ]


def end(house: House, number: int, *, effective: bool | None = None) -> None:
    with house.runtime.store.writing() as connection:
        if effective is None:
            mark_implemented(connection, house.pia, number, note="Done.", now=NOW)
        else:
            mark_verified(connection, OPERATOR, number, effective=effective, now=NOW)


# --- one for several rules ------------------------------------------------------------------------


def test_of_two_rules_that_fire_together_the_worse_asks(running: House) -> None:
    swept = judge(running, 700)
    assert (swept.counts["fires"], swept.proposed) == (2, 1)
    assert statuses(running) == [("behind-plan", "proposed")]
    assert judge(running).unchanged


def test_a_worse_one_takes_the_place_of_a_lesser(running: House) -> None:
    assert judge(running, 850).proposed == 1
    [mild] = every(running)
    answer(running, mild["id"], "deferred", by="fay", deferred_until=date(2027, 1, 11))
    swept = judge(running, 700)
    assert (swept.proposed, swept.superseded, swept.cleared) == (1, 1, 0)
    mild, worse = every(running)
    assert (mild["status"], mild["superseded_by"]) == ("superseded", worse["id"])
    assert mild["closed_at"] == NOW
    assert (worse["rule"], worse["status"]) == ("behind-plan", "proposed")


def test_another_action_stands_beside_it(running: House) -> None:
    put_in_force(running, OTHER_ACTION)
    assert judge(running, 700).proposed == 2


def test_what_was_superseded_comes_back_when_the_worse_is_cleared(running: House) -> None:
    judge(running, 850)
    judge(running, 700)
    swept = judge(running, 850)
    assert (swept.proposed, swept.cleared) == (1, 1)
    assert statuses(running) == [
        ("slipping", "superseded"),
        ("behind-plan", "cleared"),
        ("slipping", "proposed"),
    ]


def test_while_the_worse_one_is_carried_out_the_lesser_does_not_ask(running: House) -> None:
    judge(running, 850)
    judge(running, 700)
    answer(running, every(running)[1]["id"], "accepted")
    assert judge(running, 690).proposed == 0


def test_a_lesser_that_waits_is_proposed_when_the_worse_is_rejected(running: House) -> None:
    judge(running, 700)
    answer(running, every(running)[0]["id"], "rejected")
    assert judge(running).proposed == 1
    assert statuses(running) == [("behind-plan", "rejected"), ("slipping", "proposed")]


# --- answers --------------------------------------------------------------------------------------


def test_why_it_is_rejected_is_counted_per_rule(running: House) -> None:
    put_in_force(running, OTHER_ACTION)
    judge(running, 700)
    red, amber = every(running)
    given = answer(running, red["id"], "rejected", rejected_because=RejectedBecause.DATA_WRONG)
    assert (given["rejected_because"], given["closed_at"]) == ("data_wrong", NOW)
    assert answer(running, amber["id"], "rejected", by="fay")["rejected_because"] == "other"
    judge(running, 950)
    judge(running, 700)
    again = [each["id"] for each in every(running, open=True)]
    answer(running, again[0], "rejected", rejected_because=RejectedBecause.DATA_WRONG)
    found = records(running.runtime, running.sam)["rules"]
    assert {each["rule"]: _nonzero(each["rejected_because"]) for each in found} == {
        "behind-plan": {"data_wrong": 2},
        "slipping": {"other": 1},
    }


def _nonzero(counted: Mapping[str, int]) -> dict[str, int]:
    return {name: number for name, number in counted.items() if number}


def test_an_alternative_may_be_accepted_and_doing_nothing_may_not(running: House) -> None:
    judge(running, 700)
    number = every(running)[0]["id"]
    for wrong in ("nothing", "pray"):
        with pytest.raises(InvalidInput) as refused:
            answer(running, number, "accepted", alternative=wrong)
        assert list(refused.value.facts["errors"]) == ["alternative"]
    with pytest.raises(InvalidInput):
        answer(running, number, "rejected", alternative="rephase")
    with pytest.raises(InvalidInput):
        answer(running, number, "accepted", rejected_because=RejectedBecause.OTHER)
    accepted = answer(running, number, "accepted", alternative="rephase")
    assert (accepted["status"], accepted["alternative"]) == ("accepted", {"name": "rephase"})
    assert accepted["closed_at"] is None


# --- time -----------------------------------------------------------------------------------------


def test_what_was_put_off_comes_back_with_as_many_days_as_its_rule_gives(running: House) -> None:
    judge(running, 700)
    number = every(running)[0]["id"]
    answer(running, number, "deferred", deferred_until=date(2026, 12, 15))
    assert ticked(running, date(2026, 12, 14)) == [], "a day that passed while it was put off"
    assert ticked(running, date(2026, 12, 15)) == [("recommendation.resumed", "Max, Sam")]
    [back] = every(running)
    assert (back["status"], back["deferred_until"]) == ("proposed", None)
    assert back["decide_by"] == date(2026, 12, 29)
    assert ticked(running, date(2026, 12, 15)) == []
    answer(
        running, number, "deferred", deferred_until=date(2026, 12, 31), now=at(date(2026, 12, 16))
    )
    assert ticked(running, date(2026, 12, 31)) == [("recommendation.resumed", "Max, Sam")]


def test_without_its_rule_it_comes_back_with_as_many_days_as_it_had(running: House) -> None:
    judge(running, 700)
    answer(running, every(running)[0]["id"], "deferred", deferred_until=date(2026, 12, 15))
    put_in_force(running, RULES.replace("behind-plan", "far-behind"))
    ticked(running, date(2026, 12, 15))
    assert every(running)[0]["decide_by"] == date(2026, 12, 29)


def test_the_last_day_and_the_day_after_are_told_once_each(running: House) -> None:
    judge(running, 700)
    assert ticked(running, date(2026, 12, 7)) == []
    assert ticked(running, DECIDE_BY) == [("recommendation.due", "Max, Sam")]
    assert ticked(running, DECIDE_BY) == []
    told = notices.list_notices(
        running.runtime, running.sam, PageRequest(), kind="recommendation.due"
    )
    number = every(running)[0]["id"]
    assert [each["text"] for each in told.items] == [
        f"Recommendation {number} for P1, KPI P1-K1 (descope, rule behind-plan) is to be answered today, "
        "2026-12-08."
    ]
    assert ticked(running, date(2026, 12, 9)) == [("recommendation.overdue", "Gus, Max, Pia, Sam")]
    assert ticked(running, date(2026, 12, 10)) == []


def test_what_nobody_answers_expires_and_does_not_come_back_in_its_episode(running: House) -> None:
    put_in_force(running, OTHER_ACTION)
    judge(running, 700)
    red, amber = every(running)
    answer(running, amber["id"], "rejected", by="fay")
    ticked(running, date(2027, 1, 5))
    assert every(running)[0]["status"] == "proposed", "the twentieth working day after"
    assert ticked(running, date(2027, 1, 6)) == [("recommendation.expired", "Gus, Max, Pia, Sam")]
    assert ticked(running, date(2027, 1, 6)) == []
    found = every(running)[0]
    assert (found["id"], found["status"]) == (red["id"], "expired")
    assert found["closed_at"] == at(date(2027, 1, 6))
    assert judge_later(running, date(2027, 1, 7), 600).proposed == 0
    assert judge_later(running, date(2027, 1, 8), 1200).counts["silent"] == 2
    assert judge_later(running, date(2027, 1, 11), 600).proposed == 2, "a new episode"


# --- done and verified ----------------------------------------------------------------------------


def done(house: House, number: int, by: str = "pia", **more: Any) -> Record:
    values = {"note": "The branches offer it.", "version": None, "now": NOW, **more}
    return report_done(house.runtime, house.actors[by], number, **values)


def test_what_was_accepted_is_reported_as_done_with_what_it_is_to_bring(running: House) -> None:
    put_in_force(running, OTHER_ACTION)
    judge(running, 850)
    number = every(running)[0]["id"]
    with pytest.raises(RecommendationNotReady):
        done(running, number)
    accepted = answer(running, number, "accepted", by="fay")
    with pytest.raises(NotAllowed):
        done(running, number, by="dan")
    with pytest.raises(StaleVersion):
        done(running, number, version=accepted["version"] + 1)
    with pytest.raises(InvalidInput):
        done(running, number, effects=[{"kpi": "P9-K1", "size": 1, "by": date(2027, 6, 30)}])
    asked = {"kpi": "P1-K1", "size": Decimal(50), "by": date(2027, 3, 31)}
    found = done(running, number, link="https://example.org/x", effects=[asked])
    assert found["status"] == "implemented"
    assert (found["implemented_by"], found["implemented_at"]) == (running.pia.person_id, NOW)
    assert (found["implemented_note"], found["implemented_link"]) == (
        "The branches offer it.",
        "https://example.org/x",
    )
    [effect] = effects.list_effects(running.runtime, running.pia, "P1")
    assert (effect["recommendation"], effect["state"]) == (number, "running")
    with pytest.raises(RecommendationNotReady):
        done(running, number)


def test_whoever_answers_it_may_report_it_too(running: House) -> None:
    judge(running, 700)
    number = every(running)[0]["id"]
    answer(running, number, "accepted")
    assert done(running, number, by="sam")["status"] == "implemented"


def test_what_a_scope_change_is_to_do_nobody_reports_by_hand(running: House) -> None:
    judge(running, 700)
    number = every(running)[0]["id"]
    answer(running, number, "accepted")
    with running.runtime.store.writing() as connection:
        mark_raised(connection, running.pia, number, scope_change=4711, now=NOW)
    assert waiting_for(running.runtime, running.pia, now=NOW)["to_do"] == []
    with pytest.raises(RecommendationNotReady) as refused:
        done(running, number)
    assert refused.value.facts == {"state": "accepted", "scope_change": 4711}
    with running.runtime.store.writing() as connection:
        mark_raised(connection, running.pia, number, scope_change=None, now=NOW)
    assert done(running, number)["scope_change"] is None


def test_only_what_has_not_helped_is_recommended_anew(running: House) -> None:
    judge(running, 700)
    number = every(running)[0]["id"]
    answer(running, number, "accepted")
    assert judge(running, 690).proposed == 0
    end(running, number)
    assert judge(running, 680).proposed == 0
    end(running, number, effective=True)
    version = every(running)[0]["version"]
    end(running, number, effective=True)
    assert every(running)[0]["version"] == version, "the same again"
    end(running, number, effective=False)
    assert judge(running, 670).proposed == 1
    assert judge(running, 660).proposed == 0
    assert [each for each in statuses(running) if each[0] == "behind-plan"] == [
        ("behind-plan", "ineffective"),
        ("behind-plan", "proposed"),
    ]


def test_what_is_not_done_is_not_verified(running: House) -> None:
    judge(running, 700)
    with pytest.raises(RecommendationNotReady):
        end(running, every(running)[0]["id"], effective=True)


# --- lists ----------------------------------------------------------------------------------------


def test_what_waits_for_whom(running: House) -> None:
    put_in_force(running, OTHER_ACTION)
    judge(running, 700)
    red, amber = every(running)
    assert [each["id"] for each in _waiting(running, "sam", "recommendations")] == [red["id"]]
    answer(running, red["id"], "accepted")
    answer(running, amber["id"], "accepted", by="fay")
    assert _waiting(running, "sam", "recommendations") == []
    assert _waiting(running, "sam", "to_do") == []
    assert [(each["id"], each["what"]) for each in _waiting(running, "pia", "to_do")] == [
        (red["id"], "raise_scope_change"),
        (amber["id"], "report_implementation"),
    ]


def _waiting(house: House, who: str, what: str) -> list[Record]:
    return waiting_for(house.runtime, house.actors[who], now=NOW)[what]


def test_a_snooze_is_shown_with_the_recommendation_it_lets_be(running: House) -> None:
    judge(running, 700)
    put_in_force(running, RULES, {"snoozes.yaml": SNOOZE})
    [found] = every(running)
    told = {"until": date(2026, 12, 4), "by": "ana@example.org", "because": "Looked at."}
    assert found["snoozed"] == told
    assert every(running, at(date(2026, 12, 5)))[0]["snoozed"] is None
    answer(running, found["id"], "rejected")
    assert every(running)[0]["snoozed"] is None


def test_a_list_is_narrowed(running: House) -> None:
    put_in_force(running, OTHER_ACTION)
    judge(running, 700)
    red, amber = [each["id"] for each in every(running)]
    answer(running, red, "accepted")

    def numbers(now: datetime = NOW, **wanted: Any) -> list[int]:
        return [each["id"] for each in every(running, now, **wanted)]

    assert numbers(severity="red") == [red]
    assert numbers(open=True) == [amber]
    assert numbers(open=False) == [red]
    assert numbers(kpi="P1-K1") == [red, amber]
    assert numbers(kpi="P1-K2") == []
    assert numbers(decided_by_role="finance") == [amber]
    assert numbers(at(date(2026, 12, 1)), overdue=True) == []
    assert numbers(at(date(2026, 12, 2)), overdue=True) == [amber]
    assert [each["overdue"] for each in every(running, at(date(2026, 12, 2)))] == [False, True]


def test_what_waits_is_grouped_by_project(running: House) -> None:
    put_in_force(running, OTHER_ACTION, {"snoozes.yaml": SNOOZE})
    to_stage(running, add_project(running, "P2"), "monitoring")
    report(running, "P2-K1", {"2026-10-31": 700})
    put_in_force(running, OTHER_ACTION)
    judge(running, 700)
    one, two, three, four = [each["id"] for each in every(running)]
    of = {each["id"]: (each["project"], each["rule"]) for each in every(running)}
    assert of == {
        one: ("P1", "behind-plan"),
        two: ("P2", "behind-plan"),
        three: ("P1", "slipping"),
        four: ("P2", "slipping"),
    }
    answer(running, three, "accepted", by="fay")
    answer(running, two, "deferred", deferred_until=date(2027, 1, 11))
    answer(running, four, "rejected", by="fay")
    page = by_project(running.runtime, running.sam, PageRequest(), now=at(date(2026, 12, 9)))
    first, second = page.items
    assert first == {
        "project": "P1",
        "project_name": "Project P1",
        "open": 1,
        "by_severity": {"green": 0, "amber": 0, "red": 1},
        "by_action": {"descope": 1},
        "next_decide_by": DECIDE_BY,
        "overdue": 1,
        "deferred": 0,
        "snoozed": 0,
        "to_do": 1,
        "in_scope_changes": 0,
        "oldest": {"recommendation": one, "since": NOW},
        "turn": [
            {"role": "project_manager", "recommendations": 1},
            {"role": "sponsor", "recommendations": 1},
        ],
    }
    assert (second["project"], second["open"], second["deferred"]) == ("P2", 1, 1)
    assert (second["next_decide_by"], second["turn"]) == (None, [])
    short = by_project(running.runtime, running.sam, PageRequest(limit=1), now=NOW)
    assert [each["project"] for each in short.items] == ["P1"]
    rest = PageRequest(limit=1, cursor=short.next_cursor)
    assert [
        each["project"] for each in by_project(running.runtime, running.sam, rest, now=NOW).items
    ] == ["P2"]
    only = by_project(running.runtime, running.sam, PageRequest(), project="P2", now=NOW)
    assert [each["project"] for each in only.items] == ["P2"]
    with pytest.raises(NotFound):
        by_project(running.runtime, running.sam, PageRequest(), project="P9", now=NOW)
