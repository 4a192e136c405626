"""Descope, terminate, hold: what is cut takes its share of what is to come with it; nothing is guessed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.adjustments.alternative import Alternative, Ask, Budget, NotPossible
from govern.adjustments.compute import compute
from govern.adjustments.standing import Benefit, Standing
from govern.adjustments.value import not_counted, sums, to_go, valued
from govern.domain.kpi import Direction
from govern.domain.recommendation import Action
from tests.adjustments.standings import TODAY, benefit, effects, standing, values, work

D = Decimal

# Forecast at completion: SAVE 12 months of 8 are 96, of which 80 are reported and 16 to come; CHURN stays
# at 7, CALLS at 140, FREE at 55.
SAVE = benefit("SAVE", [8] * 10, [10] * 12, cumulative=True, currency="EUR", scale=1000)
CHURN = benefit("CHURN", [7] * 10, direction=Direction.DECREASE, baseline=10, target=4)
CALLS = benefit(
    "CALLS", [140] * 10, direction=Direction.AT_MOST, disbenefit=True, baseline=100, target=130
)
FREE = benefit("FREE", [55] * 10, baseline=50, target=60)

MADE = standing(
    [SAVE, CHURN, CALLS, FREE],
    [
        work("A", cost=300),
        work("B", "in_progress", cost=200),
        work("C", "done", cost=100),
        work("D", cost=50),
        work("E", "dropped", cost=70),
    ],
    {
        "A": {"SAVE": "0.3", "CHURN": "0.28"},
        "B": {"SAVE": "0.3", "CHURN": "0.72", "CALLS": "0.5"},
        "C": {"SAVE": "0.4"},
        "D": {"CALLS": "0.25"},
        "E": {"FREE": "1"},
    },
)


def cut(*deliverables: str, on: Standing = MADE) -> Alternative:
    return compute(on, Ask(Action.DESCOPE, deliverables))


def test_a_descoped_deliverable_takes_its_share_of_the_gains() -> None:
    found = cut("A")
    # SAVE: 96 - 0.3 x 16. CHURN falls from 10 to 7, which is a gain of 3: 7 + 0.28 x 3.
    assert values(found) == {"SAVE": D("91.2"), "CHURN": D("7.84"), "CALLS": 140, "FREE": 55}
    # Of the promise: 0.3 x 120 = 36; and of the way from 10 to 4, which is 6: 4 + 0.28 x 6.
    assert {kpi: each.left for kpi, each in effects(found).items()} == {
        "SAVE": D(84),
        "CHURN": D("5.68"),
        "CALLS": 130,
        "FREE": 60,
    }
    changes = {kpi: each.change for kpi, each in effects(found).items()}
    assert changes == {"SAVE": D("-4.8"), "CHURN": D("-0.84"), "CALLS": 0, "FREE": 0}
    assert effects(found)["SAVE"].attainment == D("0.76")
    assert found.budget == Budget(D(-300), D(300), D(300))
    assert found.changes == ({"kind": "drop_deliverable", "deliverable": "A"},)


def test_what_was_reported_is_not_lost_any_more() -> None:
    said = (
        "SAVE KPI SAVE: 80 was reported already and stays; shared out is what is still to come, 16."
    )
    assert said in cut("A").assumes
    # D does not reach it.
    assert len(cut("D").assumes) == 1
    # Where nothing was, there is nothing to say.
    begun = benefit("SUM", [0] * 4, cumulative=True)
    begun = replace(begun, forecast=replace(begun.forecast, value=D(100)))
    found = cut("A", on=standing([begun], [work("A")], {"A": {"SUM": "0.2"}}))
    assert (values(found), len(found.assumes)) == ({"SUM": 80}, 1)


def test_what_is_lost_and_gained_in_money() -> None:
    found = cut("A")
    [money] = sums([valued(each, TODAY) for each in found.effects], not_counted(found.effects))
    # Thousands: 96 less 4.8, and of the promise of 120 the share of 36.
    assert (money.without, money.kept, money.lost, money.gained) == (96_000, 91_200, 4_800, 0)
    assert (money.promised_lost, money.promised_gained) == (36_000, 0)
    assert (money.currency, money.per.value, money.not_known) == ("EUR", "to_date", ())


def test_a_drawback_that_is_not_brought_is_gained() -> None:
    found = effects(cut("B"))["CALLS"]
    # The drawback is 40; half of it is B's.
    assert (found.value, found.change, found.left) == (120, 20, 115)


def test_a_part_of_one_that_is_begun_is_spent() -> None:
    found = cut("A", "B")
    assert values(found) == {"SAVE": D("86.4"), "CHURN": 10, "CALLS": 120, "FREE": 55}
    assert (found.budget.change, found.budget.saved, found.budget.at_most) == (None, None, 500)
    assert found.budget.why == "B is begun: what of it is spent is unknown"


def test_terminating_drops_all_that_is_open_and_saves_what_is_not_spent() -> None:
    found = compute(MADE, Ask(Action.TERMINATE, ("A",)))
    # A, B and D go, C stays: of the 16 to come SAVE keeps 0.4, CALLS a quarter of its 40.
    assert values(found) == {"SAVE": D("86.4"), "CHURN": 10, "CALLS": 110, "FREE": 55}
    assert [each.id for each in found.works] == ["A", "B", "D"]
    assert found.budget == Budget(D(-900), D(900), D(900))
    assert found.changes == ({"kind": "terminate"},)


def test_benefit_to_go_is_held_against_cost_to_go() -> None:
    found = compute(MADE, Ask(Action.TERMINATE))
    money = [valued(each, TODAY) for each in found.effects]
    ahead = to_go(MADE, money, not_counted(found.effects))
    # Of 96 thousand 80 are realised; 1,000 - 100 are to be spent.
    assert (ahead.benefit, ahead.cost, ahead.ratio) == (16_000, 900, D("17.777777778"))
    poor = replace(MADE, spent=None)
    ahead = to_go(poor, money, not_counted(found.effects))
    assert (ahead.benefit, ahead.cost, ahead.ratio) == (16_000, None, None)
    assert ahead.why == "budget or spent is unknown"


@pytest.mark.parametrize(
    ("fields", "budget"),
    [
        ({"spent": None}, Budget(None, None, why="the project has no spent")),
        (
            {"budget": None, "spent": None},
            Budget(None, None, why="the project has no budget and no spent"),
        ),
        ({"spent": D(1200)}, Budget(D(0), D(0), D(0), why="more is spent than the budget")),
    ],
)
def test_what_terminating_saves_is_unknown_without_both_figures(
    fields: Any, budget: Budget
) -> None:
    assert compute(replace(MADE, **fields), Ask(Action.TERMINATE)).budget == budget


def test_what_is_held_is_at_risk_and_not_saved() -> None:
    found = compute(MADE, Ask(Action.HOLD_FUNDING))
    assert [each.id for each in found.works] == ["A", "D"]
    # At worst SAVE loses A's 0.3 of 16, and CALLS D's quarter of 40.
    assert values(found) == {"SAVE": D("91.2"), "CHURN": D("7.84"), "CALLS": 130, "FREE": 55}
    assert (found.budget.change, found.budget.saved, found.budget.held) == (0, 0, 350)
    assert found.changes == ({"kind": "hold"},)


def test_an_effect_is_unknown_where_the_share_is_not_agreed() -> None:
    on = standing([SAVE, CHURN], [work("A"), work("B")], {"A": {"SAVE": None}, "B": {"SAVE": 0.5}})
    found = cut("A", "B", on=on)
    assert values(found) == {"SAVE": None, "CHURN": 7}
    lost = effects(found)["SAVE"]
    assert lost.why == lost.left_why == "what A brings to it is not agreed"
    assert lost.left is None
    assert found.budget == Budget(None, None, why="nobody has said what A, B costs")
    [money] = sums([valued(each, TODAY) for each in found.effects], {})
    assert (money.lost, money.not_known, money.promised_not_known) == (None, ("SAVE",), ("SAVE",))


def test_without_a_baseline_or_a_direction_nobody_knows_what_is_lost() -> None:
    kpis = [
        benefit("LEVEL", [5] * 10, baseline=None),
        benefit("WAY", [5] * 10, direction=None),
        benefit("SUM", [5] * 10, baseline=None, cumulative=True),
    ]
    on = standing(kpis, [work("A")], {"A": dict.fromkeys(("LEVEL", "WAY", "SUM"), "0.5")})
    found = effects(cut("A", on=on))
    assert {kpi: each.value for kpi, each in found.items()} == {
        "LEVEL": None,
        "WAY": None,
        "SUM": 55,  # 12 x 5 less half of the 2 x 5 to come
    }
    assert found["LEVEL"].why == "it has no baseline to count gains from"
    assert found["WAY"].why == "nobody has said in which direction it is good"


def test_the_map_shares_out_gains_and_no_losses() -> None:
    on = standing([benefit("K", [40] * 10, baseline=50)], [work("A")], {"A": {"K": "0.5"}})
    found = effects(cut("A", on=on))["K"]
    assert found.value is None
    assert (found.why or "").startswith("it is forecast to be worse than its baseline")
    assert found.left == 85  # of the 70 that were promised half


def test_a_forecast_that_is_unknown_has_an_unknown_effect_and_a_known_promise() -> None:
    on = standing([benefit("K", [40, 40])], [], {})
    on = replace(on, works=(work("A"),), shares={"A": {"K": D("0.25")}})
    found = effects(cut("A", on=on))["K"]
    assert (found.without, found.value, found.left) == (None, None, 90)
    assert found.why == "2 figures were reported; a forecast needs 4"


def test_only_what_is_open_can_be_dropped() -> None:
    found = cut("A", "C", "E", "X")
    assert [each.id for each in found.works] == ["A"]
    assert {each.deliverable: each.why for each in found.left_out} == {
        "C": "it is done",
        "E": "it is dropped",
        "X": "the project has no such deliverable",
    }
    with pytest.raises(NotPossible, match="C: it is done"):
        cut("C")


def test_where_none_is_named_those_that_bring_little_are_dropped() -> None:
    works = [work("A"), work("B"), work("C", "in_progress"), work("D", "done"), work("E")]
    shares = {"A": {"SAVE": 0.04}, "B": {"SAVE": 0.3}, "C": {}, "D": {}, "E": {"SAVE": None}}
    assert [each.id for each in cut(on=standing([SAVE], works, shares)).works] == ["A", "C"]
    # Where each brings more, the one that brings least.
    least = standing([SAVE], works[:2], {"A": {"SAVE": 0.4}, "B": {"SAVE": 0.3}})
    assert [each.id for each in cut(on=least).works] == ["B"]
    with pytest.raises(NotPossible, match="no open deliverable of which all shares are agreed"):
        cut(on=standing([SAVE], [work("E")], {"E": {"SAVE": None}}))


def test_a_whole_changes_with_its_parts_and_is_counted_once() -> None:
    part = benefit("PART", [4] * 10, cumulative=True, currency="EUR", part_of="WHOLE")
    whole = benefit("WHOLE", [8] * 10, cumulative=True, currency="EUR")
    on = standing([part, whole], [work("A")], {"A": {"PART": "0.5"}})
    found = cut("A", on=on)
    # The part comes to 48 and loses half of the 8 to come; so does the whole, which comes to 96.
    assert values(found) == {"PART": 44, "WHOLE": 92}
    left_out = not_counted(found.effects)
    assert left_out == {"PART": ("WHOLE",)}
    [money] = sums([valued(each, TODAY) for each in found.effects], left_out)
    assert money.lost == 4


def test_where_a_whole_is_unlike_its_part_the_part_is_counted() -> None:
    part = benefit("PART", [4] * 10, cumulative=True, currency="EUR", part_of="WHOLE")
    whole = benefit("WHOLE", [8] * 10, cumulative=True, currency="EUR", scale=1000)
    found = cut("A", on=standing([part, whole], [work("A")], {"A": {"PART": "0.5"}}))
    assert values(found) == {"PART": 44, "WHOLE": None}
    assert effects(found)["WHOLE"].why == "it is made up of PART, which changes"
    left_out = not_counted(found.effects)
    [money] = sums([valued(each, TODAY) for each in found.effects], left_out)
    assert (money.lost, money.not_known) == (4, ())


def test_what_becomes_of_a_composite_is_not_known() -> None:
    made = benefit("MADE", [5] * 10, inputs=("SAVE", "FREE"))
    found = cut("A", on=replace(MADE, benefits=(*MADE.benefits, made)))
    assert effects(found)["MADE"].why == "it is made up of SAVE, which changes"
    assert effects(found)["MADE"].value is None
    untouched = cut("D", on=replace(MADE, benefits=(*MADE.benefits, made)))
    assert values(untouched)["MADE"] == 5


SHARES = st.decimals(0, D("0.2"), places=3)


def _forecast(found: Benefit, value: int) -> Benefit:
    """As if that had been forecast, without the time that it takes."""
    return replace(found, forecast=replace(found.forecast, value=D(value)))


@st.composite
def maps(draw: st.DrawFn) -> Standing:
    """Five open deliverables with shares of two KPIs that gain, and of a drawback."""
    keys = "ABCDE"
    gaining = [
        _forecast(benefit("UP", []), draw(st.integers(1, 500))),
        _forecast(
            benefit("DOWN", [], direction=Direction.DECREASE, baseline=100, target=0),
            draw(st.integers(0, 99)),
        ),
    ]
    harm = _forecast(benefit("HARM", [], disbenefit=True), draw(st.integers(1, 50)))
    states = st.sampled_from(["planned", "in_progress"])
    return standing(
        [*gaining, harm],
        [work(key, draw(states), cost=draw(st.integers(0, 900))) for key in keys],
        {key: {kpi: draw(SHARES) for kpi in ("UP", "DOWN", "HARM")} for key in keys},
    )


CHOSEN = st.sets(st.sampled_from("ABCDE"))


@given(maps(), CHOSEN)
def test_terminating_loses_no_less_than_any_cut(on: Standing, chosen: set[str]) -> None:
    ended = effects(compute(on, Ask(Action.TERMINATE)))
    less = effects(cut(*sorted(chosen), on=on)) if chosen else effects(compute(on, Ask()))
    for kpi in ("UP", "DOWN"):
        assert (ended[kpi].change or 0) <= (less[kpi].change or 0) <= 0
    assert (ended["HARM"].change or 0) >= (less["HARM"].change or 0) >= 0


@given(maps(), CHOSEN, CHOSEN)
def test_cuts_add_up(on: Standing, one: set[str], other: set[str]) -> None:
    other = other - one
    found = [effects(cut(*sorted(each), on=on)) for each in (one, other, one | other) if each]
    if not (one and other):
        return
    first, second, both = found
    for kpi, each in both.items():
        assert each.change == (first[kpi].change or 0) + (second[kpi].change or 0)


@given(maps())
def test_a_cut_of_what_brings_nothing_is_no_change(on: Standing) -> None:
    idle = replace(on, works=(*on.works, work("Z", cost=5)))
    nothing = compute(idle, Ask())
    found = cut("Z", on=idle)
    assert values(found) == values(nothing)
    assert {each.left for each in found.effects} == {each.left for each in nothing.effects}
    assert found.budget.saved == 5


def test_a_whole_that_the_map_reaches_itself_is_what_the_map_says() -> None:
    part = benefit("PART", [4] * 10, cumulative=True, part_of="WHOLE")
    whole = benefit("WHOLE", [8] * 10, cumulative=True)
    shares = {"A": {"PART": "0.5", "WHOLE": "0.125"}}
    found = cut("A", on=standing([part, whole], [work("A")], shares))
    assert values(found) == {"PART": 44, "WHOLE": 94}


def test_a_drawback_counts_from_nothing_where_nobody_said_from_what() -> None:
    harm = benefit("HARM", [40] * 10, disbenefit=True, baseline=None)
    found = cut("A", on=standing([harm], [work("A")], {"A": {"HARM": "0.25"}}))
    assert values(found) == {"HARM": 30}


def test_what_is_reported_counts_up_to_completion() -> None:
    assert benefit("SUM", [8] * 10, cumulative=True, target_on=date(2026, 6, 30)).reported == 48


def test_of_two_that_bring_alike_the_one_that_is_not_begun_is_dropped() -> None:
    works = [work("A", "in_progress"), work("B")]
    alike = standing([SAVE], works, {"A": {"SAVE": 0.3}, "B": {"SAVE": 0.3}})
    assert [each.id for each in cut(on=alike).works] == ["B"]
    # 5 % is not little: only the one that brings least goes.
    edge = standing([SAVE], works, {"A": {"SAVE": "0.06"}, "B": {"SAVE": "0.05"}})
    assert [each.id for each in cut(on=edge).works] == ["B"]


def test_no_ratio_where_nothing_is_to_be_spent_or_a_kpi_counts_no_sum() -> None:
    found = compute(MADE, Ask(Action.TERMINATE))
    money = [valued(each, TODAY) for each in found.effects]
    spent = to_go(replace(MADE, spent=D(1100)), money, {})
    assert (spent.cost, spent.ratio, spent.why) == (0, None, "nothing is left to be spent")
    level = standing([benefit("LEVEL", [5] * 10, currency="EUR")], [work("A")], {})
    ended = compute(level, Ask(Action.TERMINATE))
    ahead = to_go(level, [valued(each, TODAY) for each in ended.effects], {})
    assert (ahead.benefit, ahead.ratio) == (None, None)
    assert ahead.why == "LEVEL counts what is so at a time, not a sum"
