"""Less: descope, terminate, hold funding. What is cut takes its share of what is to come with it."""

from collections.abc import Sequence
from decimal import Decimal

from govern.adjustments.alternative import Alternative, Ask, Budget, NotPossible
from govern.adjustments.choosing import bringing_least, named
from govern.adjustments.effect import Effect, scaled, shared_out
from govern.adjustments.standing import Standing, Work
from govern.domain.measures import CONTEXT
from govern.domain.plain import plain_decimal
from govern.domain.project import DeliverableState

SHARES = (
    "Each deliverable brings its share of what a KPI gains from its baseline to completion, and of a sum "
    "its share of what is still to come, as the benefits map says; what is left goes on as it was forecast."
)
_ALL = Decimal(-1)


def descope(standing: Standing, ask: Ask) -> Alternative:
    """Deliverables that are not done are dropped."""
    works, left_out = named(standing, ask, lambda each: each.is_open, bringing_least)
    effects = tuple(scaled(standing, works, _ALL))
    return Alternative(
        ask,
        f"Drop {_ids(works)}",
        effects,
        _saved(works),
        works,
        left_out,
        proposes=tuple(f"Drop {told(each)}." for each in works),
        changes=tuple({"kind": "drop_deliverable", "deliverable": each.id} for each in works),
        assumes=(SHARES, *_reported(effects)),
    )


def terminate(standing: Standing, ask: Ask) -> Alternative:
    """The project ends now: nothing that is open is made, and what is not spent is saved."""
    works = standing.open_works
    effects = tuple(scaled(standing, works, _ALL))
    return Alternative(
        ask,
        "Terminate the project",
        effects,
        _unspent(standing),
        works,
        proposes=("End the project now.", *(f"Do not make {told(each)}." for each in works)),
        changes=({"kind": "terminate"},),
        assumes=(
            SHARES,
            *_reported(effects),
            "What is done stays and goes on bringing its share.",
            "Ending costs nothing: there is no figure for what contracts still take.",
        ),
    )


def hold_funding(standing: Standing, ask: Ask) -> Alternative:
    """What is not begun is not begun for now."""
    planned = [each for each in standing.works if each.state is DeliverableState.PLANNED]

    def chosen(_: Standing) -> Sequence[Work]:
        return planned

    works, left_out = named(standing, ask, lambda each: each in planned, chosen)
    if not works:
        raise NotPossible("every deliverable is begun: there is nothing to hold")
    held, why = _cost_of(works)
    change = {"kind": "hold"} if ask.until is None else {"kind": "hold", "until": ask.until}
    until = "" if ask.until is None else f" until {ask.until.isoformat()}"
    effects = tuple(scaled(standing, works, _ALL))
    return Alternative(
        ask,
        f"Hold what is not begun{until}",
        effects,
        Budget(Decimal(0), Decimal(0), held, held, why or "what is held is not saved"),
        works,
        left_out,
        proposes=tuple(f"Do not begin {told(each)}{until}." for each in works),
        changes=(change,),
        assumes=(
            SHARES,
            *_reported(effects),
            "Shown is the worst: that what is held is never released.",
            "What is begun goes on.",
        ),
    )


def _reported(effects: Sequence[Effect]) -> list[str]:
    """For each sum that is cut and of which a part is there: what stays, and what is shared out."""
    told: list[str] = []
    for each in effects:
        benefit, change, shared = each.benefit, each.change, shared_out(each.benefit)
        if change is None or shared is None or each.follows or not each.is_changed:
            continue
        if benefit.to_come == abs(shared) and benefit.reported != 0:
            told.append(
                f"{benefit.id} {benefit.name}: {plain_decimal(benefit.reported)} was reported already "
                f"and stays; shared out is what is still to come, {plain_decimal(abs(shared))}."
            )
    return told


def _saved(works: Sequence[Work]) -> Budget:
    """What a deliverable costs is saved where it is not begun; of one that is begun a part is spent
    that nobody knows."""
    whole, why = _cost_of(works)
    if whole is None:
        return Budget(None, None, why=why)
    begun = [each.id for each in works if each.is_begun]
    if begun:
        return Budget(
            None, None, whole, why=f"{_ids(begun)} is begun: what of it is spent is unknown"
        )
    return Budget(-whole, whole, whole)


def _unspent(standing: Standing) -> Budget:
    missing = [
        name
        for name, value in (("budget", standing.budget), ("spent", standing.spent))
        if value is None
    ]
    if standing.budget is None or standing.spent is None:
        return Budget(None, None, why=f"the project has no {' and no '.join(missing)}")
    left = CONTEXT.subtract(standing.budget, standing.spent)
    if left < 0:
        return Budget(Decimal(0), Decimal(0), Decimal(0), why="more is spent than the budget")
    return Budget(-left, left, left)


def _cost_of(works: Sequence[Work]) -> tuple[Decimal | None, str | None]:
    total = Decimal(0)
    missing = [each.id for each in works if each.cost is None]
    for each in works:
        total = CONTEXT.add(total, each.cost or Decimal(0))
    if missing:
        return None, f"nobody has said what {_ids(missing)} costs"
    return total, None


def told(work: Work) -> str:
    more = [work.state.value.replace("_", " ")]
    more += [f"due {work.due.isoformat()}"] if work.due else []
    return f"{work.id} {work.name} ({', '.join(more)})"


def _ids(works: Sequence[Work | str]) -> str:
    return ", ".join(each if isinstance(each, str) else each.id for each in works) or "nothing"
