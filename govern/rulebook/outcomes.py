"""How well rules foretold what became of projects: precision, recall, lead time."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What happened to which project, and when first; `undated`: it happened, nobody knows when."""

    name: str
    on: Mapping[str, date]
    undated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Accuracy:
    """An alarm, from the day it began, against the outcomes of a range of days.

    - `outcomes`: projects whose outcome fell into the range; `looked_at`: those of them that the
      rule applied to in at least one period of it.
    - `warned`: of `outcomes`, those with an alarm that began before the outcome's day. `late`:
      those whose first alarm began on that day or later.
    - `false_alarms`: projects with an alarm and no outcome by the range's end.
    - `left_out`: projects whose outcome came before the range or has no date: in none of these.
    - `lead_days`: the median of days from the first alarm to the outcome, over `warned`.
    """

    outcomes: int
    looked_at: int
    warned: int
    late: int
    false_alarms: int
    left_out: int
    lead_days: Decimal | None

    @property
    def precision(self) -> Decimal | None:
        """warned / (warned + false alarms), to four places; `None` without any of them."""
        return share(self.warned, self.warned + self.false_alarms)

    @property
    def recall(self) -> Decimal | None:
        """warned / outcomes, to four places; `None` without outcomes."""
        return share(self.warned, self.outcomes)


def accuracy(
    outcomes: Outcomes,
    alarms: Mapping[str, date],
    looked_at: Set[str],
    first: date,
    last: date,
) -> Accuracy:
    """`alarms`: project → the day its first alarm began. The range is `first` to `last`."""
    left_out = {project for project, day in outcomes.on.items() if day < first} | outcomes.undated
    bad = {project: day for project, day in outcomes.on.items() if first <= day <= last}
    raised = {project: day for project, day in alarms.items() if project not in left_out}
    leads = [
        (bad[project] - day).days
        for project, day in raised.items()
        if project in bad and day < bad[project]
    ]
    return Accuracy(
        outcomes=len(bad),
        looked_at=len(bad.keys() & looked_at),
        warned=len(leads),
        late=len(bad.keys() & raised.keys()) - len(leads),
        false_alarms=len(raised.keys() - bad.keys()),
        left_out=len(left_out),
        lead_days=median(leads),
    )


def share(part: int, whole: int) -> Decimal | None:
    """To four places, half up; `None` of nothing."""
    if whole == 0:
        return None
    return (Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def median(numbers: Sequence[int]) -> Decimal | None:
    """The middle one, or the mean of the two in the middle."""
    return median_of(Counter(numbers))


def median_of(counts: Mapping[int, int]) -> Decimal | None:
    """The median of numbers that are there so many times each."""
    total = sum(counts.values())
    if total == 0:
        return None
    return Decimal(_at(counts, total // 2) + _at(counts, (total - 1) // 2)) / 2


def _at(counts: Mapping[int, int], place: int) -> int:
    """The number at a place among all of them in order."""
    passed = accumulate(counts[number] for number in sorted(counts))
    return next(number for number, end in zip(sorted(counts), passed, strict=True) if place < end)
