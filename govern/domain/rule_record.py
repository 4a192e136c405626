"""The record of a rule: what became of all that it recommended.

All counts are of recommendations, each by how far it came. `None` is unknown: a share of none.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from govern.domain.measures import CONTEXT, ratio, rounded
from govern.domain.recommendation import OPEN, RecommendationStatus, RejectedBecause

FEWEST = 5
"""So many recommendations, or verified ones, are needed before a record is called poor."""

MOST_FALSE_ALARMS = Decimal("0.5")
FEWEST_EFFECTIVE = Decimal("0.3")
"""Limits of our own: a record is poor with more false alarms, or a smaller share of effective ones."""

FALSE = frozenset({RejectedBecause.NOT_A_PROBLEM, RejectedBecause.DATA_WRONG})
"""Why something is rejected that should not have been recommended."""

_VERIFIED = (RecommendationStatus.EFFECTIVE, RecommendationStatus.INEFFECTIVE)
_IMPLEMENTED = (RecommendationStatus.IMPLEMENTED, *_VERIFIED)
_ACCEPTED = (RecommendationStatus.ACCEPTED, *_IMPLEMENTED)
Key = TypeVar("Key", str, tuple[str, str])
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Recommended:
    """One recommendation, and what became of it."""

    rule: str
    action: str
    status: RecommendationStatus
    proposed_at: datetime
    answered_at: datetime | None = None
    implemented_at: datetime | None = None
    rejected_because: str | None = None

    @property
    def is_false_alarm(self) -> bool:
        """Rejected as no problem or as wrong data, or silent again before anybody had answered."""
        if self.status is RecommendationStatus.REJECTED:
            return self.rejected_because in FALSE
        return self.status is RecommendationStatus.CLEARED and self.answered_at is None


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """`accepted` and `implemented` count what came further, too; `answered` is accepted or rejected,
    `closed` all that is not open any more. Days are medians, from when it was proposed."""

    proposed: int
    open: int
    deferred: int
    accepted: int
    rejected: int
    rejected_because: dict[str, int]
    expired: int
    superseded: int
    cleared: int
    implemented: int
    effective: int
    ineffective: int
    answered: int
    closed: int
    verified: int
    false_alarms: int
    accepted_share: Decimal | None
    effective_share: Decimal | None
    false_alarm_share: Decimal | None
    days_to_answer: Decimal | None
    days_to_implement: Decimal | None
    poor: bool
    why: str | None


def record_of(found: Collection[Recommended]) -> RuleRecord:
    def count(*statuses: RecommendationStatus) -> int:
        return sum(each.status in statuses for each in found)

    accepted, rejected = count(*_ACCEPTED), count(RecommendationStatus.REJECTED)
    effective, verified = count(RecommendationStatus.EFFECTIVE), count(*_VERIFIED)
    closed = len(found) - count(*OPEN)
    false_alarms = sum(each.is_false_alarm for each in found)
    why = _poor(closed, false_alarms, verified, effective)
    return RuleRecord(
        proposed=len(found),
        open=count(*OPEN),
        deferred=count(RecommendationStatus.DEFERRED),
        accepted=accepted,
        rejected=rejected,
        rejected_because=_reasons(found),
        expired=count(RecommendationStatus.EXPIRED),
        superseded=count(RecommendationStatus.SUPERSEDED),
        cleared=count(RecommendationStatus.CLEARED),
        implemented=count(*_IMPLEMENTED),
        effective=effective,
        ineffective=verified - effective,
        answered=accepted + rejected,
        closed=closed,
        verified=verified,
        false_alarms=false_alarms,
        accepted_share=_share(accepted, accepted + rejected),
        effective_share=_share(effective, verified),
        false_alarm_share=_share(false_alarms, closed),
        days_to_answer=_days(
            each.answered_at - each.proposed_at
            for each in found
            if each.status in (*_ACCEPTED, RecommendationStatus.REJECTED)
            and each.answered_at is not None
        ),
        days_to_implement=_days(
            each.implemented_at - each.proposed_at
            for each in found
            if each.implemented_at is not None
        ),
        poor=why is not None,
        why=why,
    )


def median(spans: Iterable[timedelta]) -> timedelta | None:
    """The middle one, or half-way between the two in the middle."""
    ordered = sorted(spans)
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def _poor(closed: int, false_alarms: int, verified: int, effective: int) -> str | None:
    """Why a record is poor; None where it is not, or too little is known."""
    told: list[str] = []
    if closed >= FEWEST and Decimal(false_alarms) > MOST_FALSE_ALARMS * closed:
        told.append(f"{false_alarms} of {closed} answered or closed were false alarms")
    if verified >= FEWEST and Decimal(effective) < FEWEST_EFFECTIVE * verified:
        told.append(f"{effective} of {verified} verified were effective")
    return "; ".join(told) or None


def _reasons(found: Collection[Recommended]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in found:
        if each.status is RecommendationStatus.REJECTED:
            # Before reasons were asked for as a word, none was kept.
            why = each.rejected_because or "not_said"
            counts[why] = counts.get(why, 0) + 1
    return dict(sorted(counts.items()))


def _share(part: int, whole: int) -> Decimal | None:
    return ratio(Decimal(part), Decimal(whole))


def _days(spans: Iterable[timedelta]) -> Decimal | None:
    found = median(spans)
    if found is None:
        return None
    days, rest = divmod(found, _A_DAY)
    microseconds = Decimal(rest // timedelta(microseconds=1))
    part = CONTEXT.divide(microseconds, Decimal(_A_DAY // timedelta(microseconds=1)))
    return rounded(CONTEXT.add(Decimal(days), part))


def grouped(
    found: Iterable[Recommended], key: Callable[[Recommended], Key]
) -> dict[Key, list[Recommended]]:
    """By rule, by action, or both: in order."""
    groups: dict[Key, list[Recommended]] = {}
    for each in found:
        groups.setdefault(key(each), []).append(each)
    return dict(sorted(groups.items()))
