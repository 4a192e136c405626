"""Rephase and accelerate: whole periods later or earlier, by the forecast."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.adjustments.alternative import Alternative, Ask, Budget, NotPossible
from govern.adjustments.compute import compute
from govern.adjustments.shifting import later, whole_periods
from govern.adjustments.standing import Standing
from govern.domain.period import Cadence, period_end
from govern.domain.recommendation import Action
from tests.adjustments.standings import END, TODAY, benefit, effects, month, standing, values, work

D = Decimal

# 8 a month: 96 at the end of the year where 120 were promised.
SAVE = benefit("SAVE", [8] * 10, [10] * 12, cumulative=True)
LEVEL = benefit("LEVEL", [70] * 10, [*range(10, 130, 10)])
MADE = standing(
    [SAVE, LEVEL],
    [
        work("A", due=date(2027, 6, 30)),
        work("B", "in_progress", due=date(2026, 9, 30)),
        work("C", "done", due=date(2026, 3, 31)),
        work("D"),
    ],
    {"A": {"SAVE": "0.5", "LEVEL": "0.5"}, "B": {"SAVE": "0.25"}},
)


def rephased(on: Standing = MADE, **asked: Any) -> Alternative:
    return compute(on, Ask(Action.REPHASE, **asked))


def earlier(*deliverables: str, on: Standing = MADE, **asked: Any) -> Alternative:
    return compute(on, Ask(Action.ACCELERATE, deliverables, **asked))


def test_the_end_moves_until_the_promise_is_kept() -> None:
    found = rephased(kpi="SAVE")
    # 96 + 8 n reaches 120 after 3 months.
    assert found.title == "Rephase by 3 months"
    assert values(found) == {"SAVE": 120, "LEVEL": 70}
    assert found.budget == Budget(D(0), D(0), D(0))
    assert found.assumes[0] == "After 3 months SAVE KPI SAVE is forecast to keep its promise."


def test_everything_that_is_to_come_moves_along() -> None:
    found = rephased(kpi="SAVE")
    moved = date(2027, 3, 31)
    assert {(each.of.value, each.of_id): each.becomes for each in found.dates} == {
        ("project", "P"): moved,
        ("deliverable", "A"): date(2027, 9, 30),
        ("deliverable", "B"): month(12),
        ("kpi", "SAVE"): moved,
        ("kpi", "LEVEL"): moved,
    }
    plans = {each["kpi"]: each["planned"] for each in found.changes if each["kind"] == "plan"}
    # The last judged period is October: November and December come in February and March.
    assert [(each["period"], each["planned"]) for each in plans["SAVE"]] == [
        *((month(n), 0) for n in (11, 12, 13)),
        *((month(n), 10) for n in (14, 15)),
    ]
    assert [(each["period"], each["planned"]) for each in plans["LEVEL"]] == [
        *((month(n), 100) for n in (11, 12, 13)),
        (month(14), 110),
        (month(15), 120),
    ]
    assert [each for each in found.changes if each["kind"] != "plan"] == [
        {"kind": "project", "fields": {"end": moved}},
        {"kind": "deliverable", "deliverable": "A", "fields": {"due": date(2027, 9, 30)}},
        {"kind": "deliverable", "deliverable": "B", "fields": {"due": month(12)}},
        {"kind": "kpi", "kpi": "SAVE", "fields": {"target_on": moved}},
        {"kind": "kpi", "kpi": "LEVEL", "fields": {"target_on": moved}},
    ]


def test_by_as_many_periods_as_are_asked_for() -> None:
    found = rephased(kpi="SAVE", periods=1)
    assert (found.title, values(found)["SAVE"]) == ("Rephase by 1 month", 104)


def test_what_does_not_help_within_two_years_is_a_quarter() -> None:
    # 2 a month: 24, and after 24 months more 72 of 120.
    slow = replace(MADE, benefits=(benefit("SAVE", [2] * 10, cumulative=True), LEVEL))
    found = rephased(slow, kpi="SAVE")
    assert (found.title, values(found)["SAVE"]) == ("Rephase by 3 months", 30)
    assert (
        found.assumes[0]
        == "SAVE KPI SAVE is not forecast to keep its promise within 24 months more: a quarter."
    )


def test_just_within_two_years_is_found() -> None:
    # 12 n + 24 n = 36 n: at 3.34 a month 40.08 by the end, 3.34 x 24 more are 80.16: 120.24.
    just = replace(MADE, benefits=(benefit("SAVE", [D("3.34")] * 10, cumulative=True),))
    assert rephased(just, kpi="SAVE").title == "Rephase by 24 months"


def test_what_needs_no_more_time_is_not_rephased() -> None:
    enough = replace(MADE, benefits=(benefit("SAVE", [10] * 10, cumulative=True),))
    with pytest.raises(NotPossible, match="SAVE KPI SAVE is forecast to keep its promise in time"):
        rephased(enough, kpi="SAVE")
    assert values(rephased(enough, kpi="SAVE", periods=2)) == {"SAVE": 140}
    over = replace(MADE, benefits=(benefit("SAVE", [8] * 12, cumulative=True),))
    with pytest.raises(NotPossible, match="what SAVE KPI SAVE came to at completion was reported"):
        rephased(over, kpi="SAVE")


def test_what_is_complete_stays() -> None:
    over = benefit("OVER", [5] * 10, cumulative=True, target_on=month(10))
    found = rephased(replace(MADE, benefits=(SAVE, over)), kpi="SAVE")
    assert values(found)["OVER"] == 50
    assert not [each for each in found.changes if each.get("kpi") == "OVER"]


def test_a_kpi_moves_by_whole_periods_of_its_own() -> None:
    yearly = replace(
        benefit("YEAR", [5] * 10), history=replace(SAVE.history, cadence=Cadence.YEARLY)
    )
    yearly = replace(yearly, measured=replace(yearly.measured, cadence=Cadence.YEARLY))
    found = rephased(replace(MADE, benefits=(SAVE, yearly)), kpi="SAVE")
    assert [each.of_id for each in found.dates if each.of.value == "kpi"] == ["SAVE"]


def test_without_an_end_there_is_nothing_to_move() -> None:
    with pytest.raises(NotPossible, match="neither the project nor a KPI has an end"):
        rephased(standing([benefit("K", [1], target_on=None)], [], {}, end=None))


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.sampled_from(Cadence),
    st.integers(0, 40),
)
def test_the_end_of_a_period_becomes_the_end_of_a_period(
    day: date, cadence: Cadence, periods: int
) -> None:
    end = period_end(cadence, day)
    moved = later(end, cadence, periods)
    assert moved == period_end(cadence, moved)
    assert whole_periods(cadence, end, moved) == periods


@pytest.mark.parametrize(
    ("day", "months", "moved"),
    [
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2026, 2, 28), 1, date(2026, 3, 31)),
        (date(2026, 12, 15), 2, date(2027, 2, 15)),
        (date(9999, 12, 31), 1, date(9999, 12, 31)),
    ],
)
def test_days_move_by_months(day: date, months: int, moved: date) -> None:
    assert later(day, Cadence.MONTHLY, months) == moved


def test_finished_earlier_it_brings_its_share_for_longer() -> None:
    # To the end of the year 16 are still forecast for 2 months: 8 a month, of which half is A's. Brought
    # forward from the end of February to the end of December it wins January and February.
    long = benefit("SAVE", [8] * 10, cumulative=True, target_on=month(18))
    on = replace(MADE, benefits=(long, LEVEL), works=(work("A", due=month(14)),))
    found = earlier("A", on=on)
    assert found.title == "Bring A forward to 2026-12-31"
    # 18 months of 8 are 144, and half of 8 for two months 8.
    assert values(found) == {"SAVE": 152, "LEVEL": 70}
    assert found.changes == ({"kind": "deliverable", "deliverable": "A", "fields": {"due": END}},)
    assert found.budget == Budget(None, D(0), D(0), why="nobody has said what that costs")
    assert earlier("A", on=on, cost=D(40)).budget.change == 40


def test_nothing_is_won_beyond_completion() -> None:
    # A is due half a year after the KPI is held against its promise.
    assert values(earlier("A", to=month(12)))["SAVE"] == 96
    # One month is won of those that count: December, and half of 8 in it.
    assert values(earlier("A", to=month(11)))["SAVE"] == 100
    # A period that is won in part is not won.
    assert values(earlier("A", to=date(2026, 11, 28)))["SAVE"] == 100


def test_of_what_is_late_nobody_knows_when_it_would_have_come() -> None:
    found = earlier()
    assert [each.id for each in found.works] == ["B"]
    assert values(found) == {"SAVE": None, "LEVEL": 70}
    why = "B is late, and nobody has said when it is expected"
    assert effects(found)["SAVE"].why == why
    # Expected at the end of December it wins that month, and a quarter of 8 in it.
    said = earlier(to=month(11), expected=month(12))
    assert values(said)["SAVE"] == 98
    undue = replace(MADE, shares={"D": {"SAVE": D(1)}})
    why = "D is without a due date, and nobody has said when it is expected"
    assert effects(earlier("D", on=undue))["SAVE"].why == why


def test_what_comes_by_then_is_not_brought_forward() -> None:
    with pytest.raises(NotPossible, match="nothing that is open would be earlier by 2027-06-30"):
        earlier("A", to=date(2027, 6, 30))
    with pytest.raises(NotPossible, match="2026-11-23 is past"):
        earlier("A", to=date(2026, 11, 23))
    none = replace(MADE, works=(work("A", due=TODAY),))
    with pytest.raises(NotPossible, match="no open deliverable is late"):
        earlier(on=none)


def test_a_pause_adds_nothing_to_a_sum_and_no_plan_to_a_composite() -> None:
    some = benefit("SOME", [8] * 10, [10] * 12, cumulative=True, baseline=5)
    made = benefit("MADE", [8] * 10, [10] * 12, inputs=("SOME",))
    found = rephased(replace(MADE, benefits=(some, made)), periods=1)
    [plan] = [each for each in found.changes if each["kind"] == "plan"]
    assert plan["kpi"] == "SOME"
    assert [(each["period"], each["planned"]) for each in plan["planned"]] == [
        (month(11), 0),
        (month(13), 10),
    ]


def test_a_period_without_a_figure_is_one_that_is_forecast() -> None:
    # 9 months of 8 are reported, and 3 of 8 are estimated or to come: 8 a month.
    gap = benefit("SAVE", [8, None, *[8] * 8], cumulative=True)
    on = replace(MADE, benefits=(gap,))
    assert values(earlier("A", on=on, to=month(11)))["SAVE"] == 100


def test_nothing_is_won_of_what_is_complete() -> None:
    over = benefit("SAVE", [8] * 12, cumulative=True)
    assert values(earlier("A", on=replace(MADE, benefits=(over,))))["SAVE"] == 96


def test_what_is_due_today_is_not_late() -> None:
    on = replace(MADE, works=(work("A", due=TODAY), work("B", due=month(15))))
    found = earlier("A", "B", on=on)
    assert [each.id for each in found.works] == ["B"]
    [left] = found.left_out
    assert (left.deliverable, left.why) == ("A", "it is expected by 2026-12-31 already")
