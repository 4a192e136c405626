"""What changes are expected to bring: named with them, begun when they are decided, and measured."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.decision import Answer
from govern.domain.recommendation import RecommendationStatus
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.services import (
    effects,
    history,
    kpis,
    raising,
    readings,
    recommendations,
    scope_changes,
    scope_votes,
)
from govern.services.people import OPERATOR
from govern.services.recommendation_ends import mark_implemented
from govern.services.sweeps import sweep
from govern.services.ticking import tick
from govern.store import projects
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, add_project, report
from tests.services.test_gates import to_stage

FIGURES = {
    "2026-05-31": 100,
    "2026-06-30": 100,
    "2026-07-31": 100,
    "2026-08-31": 100,
    "2026-09-30": 100,
    "2026-10-31": 100,
}
"""Nothing moves: every model that knows no plan carries 100 on."""

JANUARY = date(2027, 1, 31)
ORDERS: Mapping[str, Any] = {"kpi": "P1-K2", "size": Decimal(20), "by": JANUARY}


def name(house: House, *asked: Mapping[str, Any], **of: int) -> list[int]:
    with house.runtime.store.writing() as connection:
        project = projects.locked(connection, "P1")
        return effects.name_effects(connection, house.sam, project, asked, now=NOW, **of)


def begin(house: House, **of: int) -> None:
    with house.runtime.store.writing() as connection:
        project = projects.locked(connection, "P1")
        effects.begin(house.runtime, connection, house.sam, project, now=NOW, **of)


def later(house: House, actuals: Mapping[str, int | None], now: datetime) -> None:
    """Figures of P1-K2 that come, or are corrected, afterwards."""
    reported = [
        {
            "kpi": "P1-K2",
            "period": date.fromisoformat(period),
            "actual": None if actual is None else Decimal(actual),
            "reason": "Counted again.",
        }
        for period, actual in actuals.items()
    ]
    readings.record_readings(house.runtime, house.dan, reported, now=now)


def listed(house: House) -> list[Record]:
    return effects.list_effects(house.runtime, house.pia, "P1")


@pytest.fixture
def advised(house: House, request: pytest.FixtureRequest) -> int:
    """Project P1 in monitoring, with orders that stand still at 100, and a recommendation about it.
    More orders are better, unless a test says otherwise."""
    direction: str = getattr(request, "param", "increase")
    to_stage(house, add_project(house), "monitoring")
    with house.runtime.store.writing() as connection:
        kpis_by_id = kpis.DEFAULTS | {"id": "P1-K2", "project": "P1", "name": "Orders"}
        kpis.write_new(
            connection,
            house.pia,
            kpis_by_id | {"direction": direction},
            NOW,
            seen_by=house.pia,
        )
    report(house, "P1-K2", FIGURES)
    report(house, "P1-K1", {"2026-10-31": 700})
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    asked = recommendations.list_recommendations(house.runtime, house.sam, PageRequest(), now=NOW)
    return asked.items[0]["id"]


def test_an_effect_is_kept_by_the_last_day_of_its_period(house: House, advised: int) -> None:
    asked = {"kpi": "P1-K2", "size": Decimal(20), "by": date(2027, 1, 5)}
    [number] = name(house, asked, recommendation=advised)
    [found] = listed(house)
    assert found["id"] == number
    assert (found["kpi"], found["size"], found["by"]) == ("P1-K2", Decimal(20), JANUARY)
    assert (found["state"], found["counterfactual"]) == ("named", None)


def test_those_named_later_replace_the_first_ones(house: House, advised: int) -> None:
    name(house, ORDERS, recommendation=advised)
    [second] = name(house, {**ORDERS, "size": Decimal(30)}, recommendation=advised)
    assert [(each["id"], each["size"]) for each in listed(house)] == [(second, Decimal(30))]


def test_what_the_kpi_would_come_to_is_kept_when_the_change_is_decided(
    house: House, advised: int
) -> None:
    name(house, ORDERS, recommendation=advised)
    begin(house, recommendation=advised)
    later(house, {"2026-11-30": 500}, datetime(2026, 12, 2, tzinfo=UTC))
    [found] = listed(house)
    assert found["state"] == "running"
    assert (found["counterfactual"], found["low"], found["high"]) == (100, 100, 100)
    assert (found["model"], found["why"], found["forecast_at"]) == ("last value", None, NOW)


def test_without_a_forecast_it_is_said_why(house: House, advised: int) -> None:
    name(house, {**ORDERS, "kpi": "P1-K1"}, recommendation=advised)
    begin(house, recommendation=advised)
    [found] = listed(house)
    assert (found["state"], found["counterfactual"]) == ("running", None)
    assert found["why"] == "1 figure was reported; a forecast needs 4"


@pytest.mark.parametrize(
    ("asked", "field", "why"),
    [
        ({"kpi": "P2-K1"}, "effects.0.kpi", "a KPI of project P1"),
        ({"size": Decimal(0)}, "effects.0.size", "more than 0"),
        ({"by": date(2026, 10, 31)}, "effects.0.by", "a period that ends after today, 2026-11-24"),
    ],
)
def test_an_effect_that_cannot_be_is_refused_with_its_field(
    house: House, advised: int, asked: Mapping[str, Any], field: str, why: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        name(house, {**ORDERS, **asked}, recommendation=advised)
    assert refused.value.facts["errors"][field][0].startswith(why)
    assert listed(house) == []


def test_the_same_kpi_and_period_stands_once(house: House, advised: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        name(house, ORDERS, {**ORDERS, "by": date(2027, 1, 5)}, recommendation=advised)
    assert "effects.1.by" in refused.value.facts["errors"]


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC)


AFTER = at(date(2027, 2, 5))
MONTHS = {"2026-11-30": 100, "2026-12-31": 100}


def running(house: House, advised: int, *asked: Mapping[str, Any]) -> None:
    """The recommendation is accepted and done, with what it is expected to bring."""
    recommendations.answer(
        house.runtime,
        house.sam,
        advised,
        status=RecommendationStatus.ACCEPTED,
        reason="It is worth it.",
        version=None,
        now=NOW,
    )
    name(house, *(asked or (ORDERS,)), recommendation=advised)
    begin(house, recommendation=advised)
    with house.runtime.store.writing() as connection:
        mark_implemented(connection, house.pia, advised, now=NOW)


def measure(house: House, now: datetime = AFTER) -> list[str]:
    """The texts of the notices of what was measured."""
    result = tick(house.runtime, OPERATOR, now=now)
    assert result.failed == ()
    return [each.text for each in result.done if each.kind == "effect.measured"]


def status(house: House, advised: int) -> str:
    found = recommendations.get_recommendation(house.runtime, house.sam, advised, now=AFTER)
    return found["status"]


@pytest.mark.parametrize(
    ("figure", "came", "state", "noise"),
    [
        (120, 20, "effective", True),
        (110, 10, "effective", True),
        (109, 9, "ineffective", True),
        (100, 0, "ineffective", False),
        (90, -10, "ineffective", False),
    ],
)
def test_half_of_the_size_is_enough(
    house: House, advised: int, figure: int, came: int, state: str, noise: bool
) -> None:
    running(house, advised)
    later(house, {**MONTHS, "2027-01-31": figure}, AFTER)
    [told] = measure(house)
    assert told == f"The effect expected of Orders by 2027-01-31 is {state}: {came} of 20."
    [found] = listed(house)
    assert (found["state"], found["effect"], found["actual"]) == (state, came, figure)
    assert found["beyond_noise"] is noise
    assert found["measured_at"] == AFTER
    assert status(house, advised) == state


def test_before_the_figure_is_there_nothing_is_measured_and_nothing_is_told(
    house: House, advised: int
) -> None:
    running(house, advised)
    later(house, MONTHS, AFTER)
    assert measure(house) == []
    assert [each["state"] for each in listed(house)] == ["running"]


def test_it_is_measured_once(house: House, advised: int) -> None:
    running(house, advised)
    later(house, {**MONTHS, "2027-01-31": 120}, AFTER)
    assert len(measure(house)) == 1
    assert measure(house, AFTER + timedelta(days=1)) == []


def test_a_figure_that_never_comes_is_waited_for_two_periods(house: House, advised: int) -> None:
    running(house, advised)
    assert measure(house, at(date(2027, 3, 31))) == []
    [told] = measure(house, at(date(2027, 4, 1)))
    assert told == (
        "The effect expected of Orders by 2027-01-31 cannot be measured: no figure was reported for "
        "2027-01-31."
    )
    assert [each["state"] for each in listed(house)] == ["unmeasurable"]
    assert status(house, advised) == "implemented"


def test_a_correction_measures_again_and_turns_what_was_verified(
    house: House, advised: int
) -> None:
    running(house, advised)
    later(house, {**MONTHS, "2027-01-31": 120}, AFTER)
    measure(house)
    assert status(house, advised) == "effective"
    corrected = AFTER + timedelta(days=3)
    later(house, {"2027-01-31": 101}, corrected)
    assert measure(house, corrected) == [
        "The effect expected of Orders by 2027-01-31 is ineffective: 1 of 20."
    ]
    assert status(house, advised) == "ineffective"


def test_without_a_counterfactual_it_can_never_be_verified(house: House, advised: int) -> None:
    running(house, advised, {**ORDERS, "kpi": "P1-K1"})
    [told] = measure(house)
    assert told.endswith(
        "cannot be measured: what would have come without the change is not known: 1 figure was "
        "reported; a forecast needs 4."
    )
    assert status(house, advised) == "implemented"


def test_one_effect_of_two_that_did_not_come_is_not_effective(house: House, advised: int) -> None:
    december = {**ORDERS, "by": date(2026, 12, 31)}
    running(house, advised, ORDERS, december)
    later(house, {"2026-11-30": 100, "2026-12-31": 130}, AFTER)
    assert len(measure(house)) == 1
    assert status(house, advised) == "implemented"
    later(house, {"2027-01-31": 100}, AFTER)
    measure(house, AFTER + timedelta(hours=1))
    assert status(house, advised) == "ineffective"


def test_those_who_decided_and_the_manager_are_told(house: House, advised: int) -> None:
    running(house, advised)
    later(house, {**MONTHS, "2027-01-31": 120}, AFTER)
    result = tick(house.runtime, OPERATOR, now=AFTER)
    [done] = [each for each in result.done if each.kind == "effect.measured"]
    assert done.told == ("Max", "Pia", "Sam")


def test_what_a_measurement_rests_on_is_in_its_event(house: House, advised: int) -> None:
    running(house, advised)
    later(house, {**MONTHS, "2027-01-31": 115}, AFTER)
    measure(house)
    [event] = [
        each["data"]
        for each in history.project_history(house.runtime, house.aud, "P1", limit=500).items
        if each["kind"] == "effect.measured"
    ]
    assert (event["counterfactual"], event["model"]) == ("100", "last value")
    assert (event["actual"], event["came"], event["size"], event["enough"]) == (
        *("115", "15", "20"),
        "0.5",
    )
    assert len(event["readings"]) == 1


def accept_and_raise(house: House, advised: int) -> Record:
    """A scope change from the recommendation, with the orders that it is to bring."""
    recommendations.answer(
        house.runtime,
        house.sam,
        advised,
        status=RecommendationStatus.ACCEPTED,
        reason="It is worth it.",
        version=None,
        now=NOW,
    )
    return raising.raise_scope_change(
        house.runtime,
        house.pia,
        advised,
        changes=[{"kind": "kpi", "kpi": "P1-K1", "fields": {"target": Decimal(1000)}}],
        effects=[ORDERS],
        version=None,
        now=NOW,
    )


@pytest.mark.parametrize("advised", ["decrease"], indirect=True)
def test_what_a_scope_change_does_is_verified_by_the_effects_named_with_it(
    house: House, advised: int
) -> None:
    raised = accept_and_raise(house, advised)
    assert [each["state"] for each in listed(house)] == ["named"]
    for by in ("sam", "fay"):
        scope_votes.vote(
            house.runtime,
            house.actors[by],
            raised["id"],
            decision=Answer.GO,
            reason="Better.",
            version=None,
            now=NOW,
        )
    assert status(house, advised) == "implemented"
    [begun] = listed(house)
    assert (begun["state"], begun["counterfactual"], begun["scope_change"]) == (
        *("running", Decimal(100)),
        raised["id"],
    )
    later(house, {**MONTHS, "2027-01-31": 85}, AFTER)
    result = tick(house.runtime, OPERATOR, now=AFTER)
    [done] = [each for each in result.done if each.kind == "effect.measured"]
    # Fewer are better here: 15 less than there would have been, where 10 are enough.
    assert done.text == "The effect expected of Orders by 2027-01-31 is effective: 15 of 20."
    assert done.told == ("Fay", "Max", "Pia", "Sam")
    assert status(house, advised) == "effective"


@pytest.mark.parametrize("end", ["rejected", "withdrawn"])
def test_nothing_is_expected_any_more_of_a_change_that_came_to_nothing(
    house: House, advised: int, end: str
) -> None:
    raised = accept_and_raise(house, advised)
    about: dict[str, Any] = {"reason": "Not now.", "version": None, "now": NOW}
    if end == "withdrawn":
        scope_changes.withdraw(house.runtime, house.pia, raised["id"], **about)
    else:
        scope_votes.vote(house.runtime, house.sam, raised["id"], decision=Answer.KILL, **about)
    assert [each["state"] for each in listed(house)] == ["dropped"]
    told = [
        each["kind"]
        for each in history.project_history(house.runtime, house.aud, "P1", limit=500).items
    ]
    assert told.count("effect.dropped") == 1
