"""A review of what came of a project: its rating, what becomes of value still owed, and its survey."""

import calendar
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from statistics import median

from govern.domain.kpi import Direction
from govern.domain.measures import CONTEXT, LOWER_IS_BETTER, rounded


class ReviewState(StrEnum):
    OPEN = "open"
    SIGNED = "signed"


class Rating(StrEnum):
    EXCEEDED = "exceeded"
    MET = "met"
    PARTLY_MET = "partly_met"
    MISSED = "missed"
    NOT_KNOWN = "not_known"


class FollowUp(StrEnum):
    """What becomes of a KPI after the review."""

    SETTLED = "settled"
    KEEP_MEASURING = "keep_measuring"
    HANDED_OVER = "handed_over"
    WRITTEN_OFF = "written_off"


OWED = frozenset({FollowUp.KEEP_MEASURING, FollowUp.HANDED_OVER})
"""After these the KPI's figures are still owed, by its owner and until a day."""

LEAST_RATE = (
    (Rating.EXCEEDED, Decimal("1.1")),
    (Rating.MET, Decimal("0.9")),
    (Rating.PARTLY_MET, Decimal("0.5")),
)
"""From which realisation rate on a project is rated so; below the last it has missed."""

SCORES = range(1, 6)


@dataclass(frozen=True, slots=True)
class Suggested:
    """`rate` is the weighted mean that the rating follows from; unknown with `why`."""

    rating: Rating
    rate: Decimal | None
    why: str | None = None


def suggested(rates: Iterable[tuple[str, Decimal | None, Decimal | None]]) -> Suggested:
    """What the realisation rates of KPIs say: (KPI, rate, weight), a weight that is not said is 1.

    The mean of the rates by weight. Unknown where one of them is: what is not measured is no success.
    """
    listed = [(kpi, rate, Decimal(1) if weight is None else weight) for kpi, rate, weight in rates]
    unknown = [kpi for kpi, rate, weight in listed if rate is None and weight > 0]
    if unknown:
        more = f" and of {len(unknown) - 1} more" if len(unknown) > 1 else ""
        why = f"the realisation rate of {unknown[0]}{more} is unknown"
        return Suggested(Rating.NOT_KNOWN, None, why)
    total = sum((weight for _, _, weight in listed), Decimal(0))
    if total == 0:
        return Suggested(Rating.NOT_KNOWN, None, "no KPI counts")
    weighted = Decimal(0)
    for _, rate, weight in listed:
        weighted = CONTEXT.add(weighted, CONTEXT.multiply(rate or Decimal(0), weight))
    mean = rounded(CONTEXT.divide(weighted, total))
    return Suggested(
        next((rating for rating, least in LEAST_RATE if mean >= least), Rating.MISSED), mean
    )


def reached(
    direction: Direction | None, target: Decimal | None, actual: Decimal | None
) -> bool | None:
    """Whether a KPI is where it was promised to be; `None` where nobody knows."""
    if direction is None or target is None or actual is None:
        return None
    return actual <= target if direction in LOWER_IS_BETTER else actual >= target


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def faults(
    follow_up: FollowUp | None,
    owner: str | None,
    until: date | None,
    note: str | None,
    today: date,
) -> dict[str, str]:
    """What a follow-up lacks: field → what is wrong with it."""
    found: dict[str, str] = {}
    if follow_up is None:
        return {"follow_up": "say what becomes of it"}
    if follow_up in OWED:
        if not (owner or "").strip():
            found["owner"] = "say who answers for it"
        if until is None or until <= today:
            found["until"] = f"say until when: a day after {today.isoformat()}"
    if follow_up in (FollowUp.WRITTEN_OFF, FollowUp.HANDED_OVER) and not (note or "").strip():
        found["note"] = (
            "say why it is written off"
            if follow_up is FollowUp.WRITTEN_OFF
            else "say what was agreed with them"
        )
    return found


@dataclass(frozen=True, slots=True)
class Summary:
    """`distribution` has how many gave 1, 2, 3, 4 and 5."""

    n: int
    median: Decimal | None
    distribution: tuple[int, ...]


def summary(scores: Sequence[int]) -> Summary:
    counted = Counter(scores)
    return Summary(
        len(scores),
        Decimal(str(median(scores))) if scores else None,
        tuple(counted[each] for each in SCORES),
    )
