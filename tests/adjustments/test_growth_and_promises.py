"""More of what works, back to what was planned, another promise, better knowledge."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from govern.adjustments.alternative import Alternative, Ask, Budget, NotPossible
from govern.adjustments.compute import beside, compute, side_by_side
from govern.adjustments.standing import Standing
from govern.domain.recommendation import Action
from tests.adjustments.standings import benefit, effects, month, standing, values, work

D = Decimal

SAVE = benefit("SAVE", [8] * 10, [10] * 12, cumulative=True)
LEVEL = benefit("LEVEL", [70] * 10, [*range(10, 130, 10)])
CALLS = benefit("CALLS", [140] * 10, [130] * 12, disbenefit=True, baseline=100, target=130)
MADE = standing(
    [SAVE, LEVEL, CALLS],
    [work("A", "done", cost=200), work("B", cost=100), work("C", "dropped")],
    {"A": {"SAVE": "0.5", "CALLS": "0.5"}, "B": {"LEVEL": "0.4"}},
)


def asked(action: Action, *deliverables: str, on: Standing = MADE, **more: Any) -> Alternative:
    return compute(on, Ask(action, deliverables, **more))


def test_expanded_it_brings_and_costs_a_tenth_more() -> None:
    found = asked(Action.EXPAND)
    # A: 0.1 x 0.5 of the 16 to come, and 0.1 x 0.5 of a drawback of 40.
    assert values(found) == {"SAVE": D("96.8"), "LEVEL": 70, "CALLS": 142}
    assert effects(found)["CALLS"].change == -2
    assert effects(found)["SAVE"].left == 120
    assert found.budget == Budget(D(20), D(0), D(0))
    assert found.changes == ({"kind": "project", "fields": {"budget": D(1020)}},)


def test_expanded_by_as_much_as_is_asked_for() -> None:
    found = asked(Action.EXPAND, "B", by=D("0.5"))
    # 70 + 0.5 x 0.4 x 70.
    assert values(found)["LEVEL"] == 84
    assert found.changes == (
        {"kind": "deliverable", "deliverable": "B", "fields": {"cost": 150}},
        {"kind": "project", "fields": {"budget": 1050}},
    )
    nobody = replace(MADE, works=(work("B"),))
    assert asked(Action.EXPAND, "B", on=nobody).budget.why == "nobody has said what B costs"


def test_adopted_as_planned_it_reaches_what_is_planned() -> None:
    found = asked(Action.DRIVE_ADOPTION)
    # 80 are reported and 10 a month planned for November and December; the level is planned at 120.
    assert values(found) == {"SAVE": 100, "LEVEL": 120, "CALLS": 140}
    assert found.changes == ()
    assert found.budget.change is None
    one = asked(Action.DRIVE_ADOPTION, kpi="SAVE", cost=D(7))
    assert values(one) == {"SAVE": 100, "LEVEL": 70, "CALLS": 140}
    assert one.budget.change == 7


def test_what_is_planned_may_be_unknown() -> None:
    gaps = benefit("GAPS", [8, None, *[8] * 8], [10] * 12, cumulative=True)
    short = benefit("SHORT", [8] * 10, [10] * 11, cumulative=True)
    on = replace(MADE, benefits=(gaps, short))
    for kpi, why in (
        ("GAPS", "no figure for 2026-02-28"),
        ("SHORT", "nothing is planned for 2026-12-31"),
    ):
        found = effects(asked(Action.DRIVE_ADOPTION, on=on, kpi=kpi))[kpi]
        assert (found.value, found.why) == (None, why)


def test_a_drawback_goes_back_to_what_was_accepted() -> None:
    found = asked(Action.MITIGATE)
    assert values(found) == {"SAVE": 96, "LEVEL": 70, "CALLS": 130}
    assert effects(found)["CALLS"].change == 10
    with pytest.raises(NotPossible, match="no KPI is forecast to go beyond what is planned"):
        asked(Action.MITIGATE, on=replace(MADE, benefits=(SAVE,)))


def test_the_forecast_becomes_the_promise() -> None:
    found = asked(Action.REBASELINE, kpi="SAVE")
    saved = effects(found)["SAVE"]
    # 24 of the 120 are given up.
    assert (saved.value, saved.left, saved.change, saved.attainment) == (96, 96, 0, 1)
    assert saved.benefit.forecast.attainment == D("0.8")
    assert found.changes == (
        {"kind": "kpi", "kpi": "SAVE", "fields": {"target": D(96)}},
        {
            "kind": "plan",
            "kpi": "SAVE",
            "planned": [{"period": month(n), "planned": D(8)} for n in (11, 12)],
        },
    )
    assert found.proposes == ("Promise 96 of SAVE KPI SAVE instead of 120.",)


def test_better_knowledge_changes_no_value() -> None:
    kpis = (benefit("GAP", [8, None, 8, 8, 8, None], cumulative=True, baseline=None), LEVEL)
    on = replace(MADE, benefits=kpis)
    found = asked(Action.REMEASURE, "A", "C", on=on, kpi="GAP")
    assert values(found) == values(compute(on, Ask()))
    assert found.proposes == (
        "Report GAP KPI GAP for 2026-02-28, 2026-06-30, 2026-07-31, 2026-08-31, 2026-09-30, 2026-10-31.",
    )
    assert [each.id for each in found.works] == ["A"]
    assert found.budget == Budget(D(0), D(0), D(0))
    late = replace(MADE, works=(work("B", due=date(2026, 9, 30)),))
    assert asked(Action.DEEP_DIVE, on=late, kpi="LEVEL").proposes == (
        "LEVEL KPI LEVEL: why it comes to 70 where 120 was promised.",
        "B Thing B, which serves LEVEL: why it is late.",
    )


def test_a_recommendation_is_shown_beside_the_usual_ones() -> None:
    asks = beside(Action.EXPAND, ("A",), "SAVE")
    assert [(each.action, each.deliverables) for each in asks] == [
        (None, ()),
        (Action.EXPAND, ("A",)),
        (Action.DESCOPE, ()),
        (Action.REPHASE, ()),
        (Action.TERMINATE, ()),
    ]
    possible, ruled_out = side_by_side(replace(MADE, works=MADE.works[:1]), asks)
    assert [each.name for each in possible] == ["nothing", "expand", "rephase", "terminate"]
    assert [(each.name, each.why) for each in ruled_out] == [
        ("descope", "there is no open deliverable of which all shares are agreed")
    ]
    assert len(beside(Action.DESCOPE, ("B",), None)) == 4


@pytest.mark.parametrize("action", list(Action))
def test_every_action_tells_of_every_kpi_or_why_not(action: Action) -> None:
    on = replace(MADE, works=(*MADE.works, work("L", due=date(2026, 9, 30), cost=1)))
    found = asked(action, on=on, kpi="CALLS" if action is Action.MITIGATE else "SAVE")
    assert list(effects(found)) == ["SAVE", "LEVEL", "CALLS"]
    assert found.proposes
    assert found.assumes


def test_what_goes_by_its_plan_or_is_over_is_let_be() -> None:
    even = benefit("EVEN", [10] * 10, [10] * 12, cumulative=True)
    over = benefit("OVER", [8] * 12, [10] * 12, cumulative=True)
    on = replace(MADE, benefits=(SAVE, even))
    assert asked(Action.DRIVE_ADOPTION, on=on).title == "Drive adoption: SAVE back to plan"
    level = benefit("LEVEL", [70] * 12, [120] * 12)
    done = replace(MADE, benefits=(over, level))
    for kpi in ("OVER", "LEVEL"):
        found = asked(Action.DRIVE_ADOPTION, on=done, kpi=kpi)
        assert values(found) == {"OVER": 96, "LEVEL": 70}


def test_a_promise_is_made_anew_where_it_is_another() -> None:
    gap = benefit("GAP", [8, None, *[8] * 8], cumulative=True)
    same = benefit("SAME", [8] * 10, [8] * 12, cumulative=True, target=96)
    made = benefit("MADE", [70] * 10, inputs=("SAME",))
    found = asked(Action.REBASELINE, on=replace(MADE, benefits=(gap, same, made)))
    # No plan where the forecast rests on a figure that is missing, nor for a composite.
    assert [(each["kind"], each["kpi"]) for each in found.changes] == [
        ("kpi", "GAP"),
        ("kpi", "MADE"),
    ]
