"""An effect is how much better a KPI is than it would have been, whichever way is good."""

from decimal import Decimal

import pytest

from govern.domain.effect import (
    EffectState,
    all_came,
    beyond_noise,
    effect_of,
    lower_is_better,
    verdict,
)
from govern.domain.kpi import Direction

N = EffectState.NAMED
R = EffectState.RUNNING
E = EffectState.EFFECTIVE
F = EffectState.INEFFECTIVE
U = EffectState.UNMEASURABLE
X = EffectState.REPLACED


@pytest.mark.parametrize(
    ("direction", "disbenefit", "lower"),
    [
        (Direction.INCREASE, False, False),
        (Direction.AT_LEAST, False, False),
        (Direction.MILESTONE, False, False),
        (Direction.DECREASE, False, True),
        (Direction.AT_MOST, False, True),
        (None, False, None),
        (None, True, True),
        (Direction.INCREASE, True, True),
    ],
)
def test_which_way_is_good(
    direction: Direction | None, disbenefit: bool, lower: bool | None
) -> None:
    assert lower_is_better(direction, disbenefit) is lower


def test_less_is_an_effect_where_lower_is_better() -> None:
    assert effect_of(Decimal(90), Decimal(100), lower=True) == 10
    assert effect_of(Decimal(90), Decimal(100), lower=False) == -10
    assert effect_of(Decimal("-5"), Decimal("-8"), lower=False) == 3


@pytest.mark.parametrize(
    ("effect", "state"), [("10", E), ("9.999", F), ("20", E), ("-30", F), ("0", F)]
)
def test_half_of_twenty_is_enough(effect: str, state: EffectState) -> None:
    assert verdict(Decimal(effect), Decimal(20)) is state


@pytest.mark.parametrize(
    ("actual", "lower", "beyond"),
    [(121, False, True), (120, False, False), (79, True, True), (80, True, False)],
)
def test_beyond_noise_is_outside_the_interval_on_the_better_side(
    actual: int, lower: bool, beyond: bool
) -> None:
    reached, low, would_be, high = (Decimal(each) for each in (actual, 80, 100, 120))
    effect = effect_of(reached, would_be, lower)
    assert beyond_noise(reached, would_be, low, high, effect) is beyond


def test_outside_on_the_worse_side_is_no_effect() -> None:
    assert beyond_noise(*map(Decimal, (79, 100, 80, 120, -21))) is False


def test_without_an_interval_nobody_knows_the_noise() -> None:
    assert beyond_noise(Decimal(130), Decimal(100), None, None, Decimal(30)) is None


@pytest.mark.parametrize(
    ("states", "came"),
    [
        ([], None),
        ([X], None),
        ([E, R], None),
        ([E, N], None),
        ([U, U], None),
        ([E, U], True),
        ([E, E, X], True),
        ([E, F], False),
        ([F, U], False),
    ],
)
def test_a_change_was_effective_if_all_that_could_be_measured_came(
    states: list[EffectState], came: bool | None
) -> None:
    assert all_came(states) is came
