"""Which deliverables an alternative is about: those that were named, or those that are chosen."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from govern.adjustments.alternative import Ask, LeftOut, NotPossible
from govern.adjustments.standing import Standing, Work
from govern.domain.project import DeliverableState

LITTLE = Decimal("0.05")
"""A deliverable that brings less than this share of every KPI brings little."""


def named(
    standing: Standing,
    ask: Ask,
    fits: Callable[[Work], bool],
    otherwise: Callable[[Standing], Sequence[Work]],
) -> tuple[tuple[Work, ...], tuple[LeftOut, ...]]:
    """The named deliverables that fit, and the others with why; where none was named, those that are
    chosen otherwise. Raises NotPossible where none is left."""
    works, left_out = concerned(standing, ask, fits)
    if ask.deliverables and not works:
        told = "; ".join(f"{each.deliverable}: {each.why}" for each in left_out)
        raise NotPossible(f"none of the deliverables that were named is left ({told})")
    if not ask.deliverables:
        works = tuple(sorted(otherwise(standing), key=lambda each: each.id))
    return works, left_out


def concerned(
    standing: Standing, ask: Ask, fits: Callable[[Work], bool]
) -> tuple[tuple[Work, ...], tuple[LeftOut, ...]]:
    """The named deliverables that fit, in order of their ids, and the others with why."""
    works: list[Work] = []
    left_out: list[LeftOut] = []
    for each in sorted(set(ask.deliverables)):
        found = standing.by_id.get(each)
        if found is None:
            left_out.append(LeftOut(each, "the project has no such deliverable"))
        elif not fits(found):
            left_out.append(LeftOut(each, f"it is {_word(found.state)}"))
        else:
            works.append(found)
    return tuple(works), tuple(left_out)


def bringing_least(standing: Standing) -> list[Work]:
    """The open deliverables that bring little to every KPI that they reach; or else the one whose
    largest share is the smallest. One with a share that is not agreed is not chosen."""
    known: list[tuple[Decimal, bool, str, Work]] = []
    for each in standing.open_works:
        brought = standing.brings(each.id).values()
        shares = [share for share in brought if share is not None]
        if len(shares) == len(brought):
            known.append((max(shares, default=Decimal(0)), each.is_begun, each.id, each))
    if not known:
        raise NotPossible("there is no open deliverable of which all shares are agreed")
    known.sort(key=lambda found: found[:3])
    little = [each for largest, _, _, each in known if largest < LITTLE]
    return little or [known[0][3]]


def late(standing: Standing) -> list[Work]:
    """The open deliverables that were due before today."""
    found = [each for each in standing.open_works if each.due and each.due < standing.today]
    if not found:
        raise NotPossible("no open deliverable is late: name those to bring forward")
    return found


def done(standing: Standing) -> list[Work]:
    found = [each for each in standing.works if each.state is DeliverableState.DONE]
    if not found:
        raise NotPossible("no deliverable is done yet: name those to expand")
    return found


def not_dropped(work: Work) -> bool:
    return work.state is not DeliverableState.DROPPED


def _word(state: DeliverableState) -> str:
    return state.value.replace("_", " ")
