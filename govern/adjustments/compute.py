"""An alternative from what is asked for, and alternatives side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from govern.adjustments import cuts, growth, promises, times
from govern.adjustments.alternative import NOTHING, Alternative, Ask, NotPossible
from govern.adjustments.standing import Standing
from govern.domain.recommendation import Action

ALWAYS = (Action.DESCOPE, Action.REPHASE, Action.TERMINATE)
"""What is shown beside a recommendation and doing nothing, where it can be done."""

_BY_ACTION: Mapping[Action | None, Callable[[Standing, Ask], Alternative]] = {
    None: promises.nothing,
    Action.DESCOPE: cuts.descope,
    Action.ACCELERATE: times.accelerate,
    Action.EXPAND: growth.expand,
    Action.DRIVE_ADOPTION: growth.drive_adoption,
    Action.REPHASE: times.rephase,
    Action.REMEASURE: promises.remeasure,
    Action.MITIGATE: growth.mitigate,
    Action.REBASELINE: promises.rebaseline,
    Action.HOLD_FUNDING: cuts.hold_funding,
    Action.TERMINATE: cuts.terminate,
    Action.DEEP_DIVE: promises.deep_dive,
}


@dataclass(frozen=True, slots=True)
class RuledOut:
    """An alternative that cannot be had, and why."""

    name: str
    why: str


def compute(standing: Standing, ask: Ask) -> Alternative:
    """Raises NotPossible, which says why."""
    return _BY_ACTION[ask.action](standing, ask)


def side_by_side(
    standing: Standing, asks: Sequence[Ask]
) -> tuple[list[Alternative], list[RuledOut]]:
    """Those that can be had, in order, and the others with why not."""
    possible: list[Alternative] = []
    ruled: list[RuledOut] = []
    for ask in asks:
        try:
            possible.append(compute(standing, ask))
        except NotPossible as why:
            ruled.append(RuledOut(NOTHING if ask.action is None else ask.action.value, str(why)))
    return possible, ruled


def beside(action: Action, deliverables: tuple[str, ...], kpi: str | None) -> list[Ask]:
    """What is shown for a recommendation: nothing, what it recommends, and what always is. Deliverables
    that it names are those of its own action alone."""
    own = Ask(action, deliverables, kpi)
    others = [Ask(each, kpi=kpi) for each in ALWAYS if each is not action]
    return [Ask(), own, *others]
