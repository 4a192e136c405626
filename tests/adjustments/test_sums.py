"""What is cut of a sum: its share of what is still to come, calculated by hand; what was reported stays."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from govern.adjustments.alternative import Alternative, Ask
from govern.adjustments.compute import compute
from govern.adjustments.standing import Benefit, Standing
from govern.adjustments.value import to_go, valued
from govern.domain.kpi import Direction
from govern.domain.recommendation import Action
from tests.adjustments.standings import TODAY, benefit, effects, standing, values, work

D = Decimal

LOW: dict[str, Any] = {"direction": Direction.DECREASE, "baseline": 120, "target": 84}
"""A sum that is to be low: 10 a month without the project, 7 were promised."""


def total(actual: list[Any], forecast: int | None = None, **fields: Any) -> Benefit:
    """SUM over the twelve months of 2026, as if it had been forecast to come to so much."""
    found = benefit("SUM", actual, cumulative=True, **fields)
    if forecast is None:
        return found
    told = replace(found.forecast, value=D(forecast), ahead=12 - len(actual))
    return replace(found, forecast=told)


def served(kpi: Benefit, share: str | None = "0.5", **more: str) -> Standing:
    """By A, which is planned, and what else is named, in progress."""
    works = [work("A"), *(work(key, "in_progress") for key in more)]
    return standing(
        [kpi], works, {key: {"SUM": each} for key, each in {"A": share, **more}.items()}
    )


def dropped(kpi: Benefit, share: str | None = "0.5") -> Any:
    return effects(compute(served(kpi, share), Ask(Action.DESCOPE, ("A",))))["SUM"]


def terminated(on: Standing) -> Alternative:
    return compute(on, Ask(Action.TERMINATE))


@pytest.mark.parametrize("action", [Action.DESCOPE, Action.TERMINATE, Action.HOLD_FUNDING])
def test_every_cut_loses_its_share_of_what_is_still_to_come(action: Action) -> None:
    # 80 are reported of 96: A brings a quarter of the other 16. Of the promise of 120 it takes 30.
    found = effects(compute(served(total([8] * 10), "0.25"), Ask(action)))["SUM"]
    assert (found.value, found.change, found.left) == (92, -4, 90)


def test_a_project_that_alone_serves_a_sum_loses_all_that_is_to_come_with_its_end() -> None:
    found = terminated(served(total([8] * 10), "0.25", B="0.5", C="0.25"))
    assert values(found) == {"SUM": 80}
    assert effects(found)["SUM"].left == 0


def test_what_is_done_goes_on_bringing_its_share_of_what_is_to_come() -> None:
    on = served(total([8] * 10), "0.25", B="0.75")
    done = replace(on, works=(on.works[0], work("B", "done")))
    # 80, and B's 0.75 of 16.
    assert values(terminated(done)) == {"SUM": 92}


def test_nothing_reported_is_all_to_come() -> None:
    assert dropped(total([0] * 4, 100)).value == 50


def test_one_that_is_past_its_target_loses_what_is_to_come_beyond_it() -> None:
    # 12 x 13 are 156 where 120 were promised, and 130 are there: half of 26.
    found = dropped(total([13] * 10))
    assert (found.value, found.change, found.left) == (143, -13, 60)


@pytest.mark.parametrize(
    "kpi",
    [
        total([8] * 10, 70),  # figures exceed what is forecast
        total([8] * 10, 80),
        total([8] * 12),  # reported to its end
    ],
    ids=["less", "as much", "complete"],
)
def test_where_nothing_is_to_come_nothing_is_lost(kpi: Benefit) -> None:
    for share in ("0.5", "1"):
        found = dropped(kpi, share)
        assert (found.value, found.change) == (kpi.forecast.value, 0)
    assert dropped(kpi).left == 60
    said = f"{kpi.reported} was reported already and stays; shared out is what is still to come, 0."
    assert f"SUM KPI SUM: {said}" in terminated(served(kpi)).assumes


def test_an_unknown_forecast_has_an_unknown_loss() -> None:
    found = dropped(total([8] * 3))
    assert (found.value, found.change, found.left) == (None, None, 60)
    assert found.why == "3 figures were reported; a forecast needs 4"
    # Nor is it nothing where a share is not agreed, though little is to come.
    found = dropped(total([8] * 10), None)
    assert (found.value, found.change, found.why) == (
        None,
        None,
        "what A brings to it is not agreed",
    )


def test_a_month_that_nobody_reported_is_still_to_come() -> None:
    # 9 months of 8 are there; November and December are to come, and March is estimated at 8.
    assert dropped(total([8, 8, None, *[8] * 7])).value == 96 - 12


def test_no_more_is_lost_than_is_gained_from_the_baseline() -> None:
    # Of the 16 to come 6 are above the 90 that would have come anyway.
    assert dropped(total([8] * 10, baseline=90)).value == 93
    assert dropped(total([8] * 10, baseline=20)).value == 88
    worse = dropped(total([8] * 10, baseline=100))
    assert worse.value is None
    assert (worse.why or "").startswith("it is forecast to be worse than its baseline")


def test_of_a_drawback_only_what_is_to_come_is_avoided() -> None:
    # 80 of 96 have happened: of the other 16 half is A's.
    found = dropped(total([8] * 10, disbenefit=True, direction=Direction.AT_MOST))
    assert (found.value, found.change) == (88, 8)
    over = dropped(total([8] * 10, 70, disbenefit=True, direction=None))
    assert (over.value, over.change) == (70, 0)


def test_a_sum_that_is_to_be_low_loses_what_the_months_to_come_save() -> None:
    # 10 a month without, 8 with: November and December save 2 each, and half of that is A's.
    found = dropped(total([8] * 10, **LOW))
    assert (found.value, found.change, found.left) == (98, -2, 102)
    # All of it gone: 80, and twice 10.
    assert dropped(total([8] * 10, **LOW), "1").value == 100


def test_a_sum_that_is_to_be_low_and_begins_to_be_loses_all_it_gains() -> None:
    # Nothing is saved yet: 6 months of 10, and 6 of 5 to come, which save 30.
    assert dropped(total([10] * 6, 90, **LOW), "1").value == 120


def test_a_sum_that_is_to_be_low_loses_no_more_than_it_gains() -> None:
    # 5 below the baseline at the end: that the year began badly is nobody's gain.
    assert dropped(total([11] * 10, 115, **LOW), "1").value == 120


@pytest.mark.parametrize(
    "kpi",
    [
        total([2] * 10, 100, **LOW),  # what is to come is more than the baseline has for it
        total([8] * 12, **LOW),
    ],
    ids=["worse to come", "complete"],
)
def test_a_sum_that_is_to_be_low_and_saves_no_more_loses_nothing(kpi: Benefit) -> None:
    assert dropped(kpi, "1").change == 0


def test_shares_of_more_than_all_take_no_more_than_all() -> None:
    assert values(terminated(served(total([8] * 10), "0.75", B="0.75"))) == {"SUM": 80}


def test_a_whole_loses_with_its_part_no_more_than_is_still_to_come_of_it() -> None:
    part = benefit("PART", [8] * 6, cumulative=True, part_of="SUM")
    on = standing([part, total([8] * 10)], [work("A")], {"A": {"PART": "1"}})
    # Of the part 48 are to come, of the whole 16: its figures are four months ahead.
    found = compute(on, Ask(Action.DESCOPE, ("A",)))
    assert values(found) == {"PART": 48, "SUM": 80}
    level = replace(on, benefits=(part, total([8] * 6)))
    assert values(compute(level, Ask(Action.DESCOPE, ("A",)))) == {"PART": 48, "SUM": 48}


def test_what_is_still_to_come_is_held_against_what_it_costs() -> None:
    def ahead(kpi: Benefit) -> Any:
        money = [valued(each, TODAY) for each in terminated(served(kpi)).effects]
        return to_go(served(kpi), money, {}).benefit

    money: dict[str, Any] = {"currency": "EUR", "scale": 1000}
    assert ahead(total([8] * 10, **money)) == 16_000
    assert ahead(total([8] * 10, **LOW, **money)) == 4_000
    assert ahead(total([8] * 10, 70, **money)) == 0
    # A drawback that is still to come is no benefit.
    assert ahead(total([8] * 10, disbenefit=True, **money)) == -16_000
    assert ahead(total([8] * 3, **money)) is None


def test_only_what_is_to_come_can_be_expanded() -> None:
    found = compute(served(total([8] * 10)), Ask(Action.EXPAND, ("A",), by=D("0.5")))
    # Half more of A's half of 16.
    assert values(found) == {"SUM": 100}


SHARE = st.decimals(0, 1, places=3)


@st.composite
def totals(draw: st.DrawFn) -> Benefit:
    """Sums that grow, that are to be low, and drawbacks, with any figures and any forecast."""
    disbenefit = draw(st.booleans())
    return total(
        draw(st.lists(st.integers(-20, 50), max_size=3)),
        draw(st.integers(-100, 600)),
        disbenefit=disbenefit,
        direction=draw(st.sampled_from(Direction)),
        baseline=draw(st.none() | st.integers(-50, 500)),
        target=draw(st.integers(0, 600)),
    )


@given(totals(), SHARE, SHARE)
def test_a_loss_lies_between_nothing_and_what_is_to_come_and_grows_with_the_share(
    kpi: Benefit, one: Decimal, other: Decimal
) -> None:
    less, more = sorted((one, other))
    size = 1 if not kpi.measured.disbenefit else -1
    first, second = (dropped(kpi, str(each)).change for each in (less, more))
    assume(first is not None and second is not None)
    value, begins = kpi.forecast.value, kpi.begins_at
    assert value is not None
    assert begins is not None
    assert 0 <= -size * first <= -size * second <= abs(value - begins)
    if kpi.grows:
        assert -size * second <= max(value - kpi.reported, D(0))
    assert 0 <= -size * second <= (kpi.to_come or 0)


@given(totals(), st.lists(SHARE, min_size=1, max_size=4))
def test_the_end_of_a_project_takes_no_more_than_is_to_come(
    kpi: Benefit, shares: list[Decimal]
) -> None:
    named = {key: str(share) for key, share in zip("BCDE", shares, strict=False)}
    all_of_it = dropped(kpi, "1").change
    assume(all_of_it is not None)
    lost = abs(effects(terminated(served(kpi, "0", **named)))["SUM"].change or D(0))
    assert lost <= (kpi.to_come or 0)
    # One after the other they lose as much as together, as far as they are not more than all.
    if sum(shares) <= 1:
        assert lost == sum(abs(dropped(kpi, each).change) for each in named.values())
    # And all of it is lost with all of it.
    assert abs(all_of_it) == min(
        abs((kpi.forecast.value or D(0)) - (kpi.begins_at or D(0))), kpi.to_come or D(0)
    )
