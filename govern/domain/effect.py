"""What a change is expected to bring for a KPI, and whether it did.

An effect has a size, in the KPI's unit and the better way, and a period by which it is there. It is
measured against what the KPI would have come to without the change: the forecast as it was known when
the change was decided.
"""

from collections.abc import Collection
from decimal import Decimal
from enum import StrEnum

from govern.domain.kpi import Direction
from govern.domain.measures import CONTEXT, LOWER_IS_BETTER

ENOUGH = Decimal("0.5")
"""The share of its size from which an effect counts as there. This limit is our own."""

PATIENCE = 2
"""How many more periods of its cadence a KPI's figure is waited for."""


class EffectState(StrEnum):
    """`NAMED`: not decided yet. `REPLACED`: others were named in its place before that. `DROPPED`: its change
    came to nothing."""

    NAMED = "named"
    REPLACED = "replaced"
    DROPPED = "dropped"
    RUNNING = "running"
    EFFECTIVE = "effective"
    INEFFECTIVE = "ineffective"
    UNMEASURABLE = "unmeasurable"


VERDICTS = frozenset({EffectState.EFFECTIVE, EffectState.INEFFECTIVE})
MEASURED = VERDICTS | {EffectState.UNMEASURABLE}
BEGUN = MEASURED | {EffectState.RUNNING}


def lower_is_better(direction: Direction | None, disbenefit: bool) -> bool | None:
    """Which way is good, None where nobody has said. Less of a disbenefit is always better."""
    if disbenefit:
        return True
    return None if direction is None else direction in LOWER_IS_BETTER


def effect_of(actual: Decimal, counterfactual: Decimal, lower: bool) -> Decimal:
    """How much better the KPI is than it would have been; below zero it is worse."""
    if lower:
        return CONTEXT.subtract(counterfactual, actual)
    return CONTEXT.subtract(actual, counterfactual)


def verdict(effect: Decimal, size: Decimal) -> EffectState:
    enough = effect >= CONTEXT.multiply(ENOUGH, size)
    return EffectState.EFFECTIVE if enough else EffectState.INEFFECTIVE


def beyond_noise(
    actual: Decimal | None,
    counterfactual: Decimal | None,
    low: Decimal | None,
    high: Decimal | None,
    effect: Decimal | None,
) -> bool | None:
    """Whether the figure lies on the better side of all that the forecast thought likely (80 %)."""
    if actual is None or counterfactual is None or effect is None or low is None or high is None:
        return None
    if effect <= 0:
        return False
    return actual > high if actual > counterfactual else actual < low


def all_came(states: Collection[EffectState]) -> bool | None:
    """Whether the effects of one change came, as far as they could be measured.

    None while one is still to be measured, and where none could be.
    """
    begun = [each for each in states if each is not EffectState.REPLACED]
    if not begun or any(each not in MEASURED for each in begun):
        return None
    measured = [each for each in begun if each in VERDICTS]
    return all(each is EffectState.EFFECTIVE for each in measured) if measured else None
