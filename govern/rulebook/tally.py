"""What a backtest counts of one rule, piece by piece."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one rule, over the periods of the range that it applies to.

    `subjects` (KPIs, or projects) are those that it applies to in at least one; `periods` counts
    subject × period, of which `fired`, `pending` and `unknown` were in that state.
    """

    subjects: int = 0
    periods: int = 0
    fired: int = 0
    pending: int = 0
    unknown: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.subjects + other.subjects,
            self.periods + other.periods,
            self.fired + other.fired,
            self.pending + other.pending,
            self.unknown + other.unknown,
        )


@dataclass(slots=True)
class Tally:
    """What became of one rule in the pieces so far. `lengths` has how many episodes are how many periods
    long, `alarms` the day on which the first one of a project began."""

    counts: Counts = field(default_factory=Counts)
    fired: int = 0
    ongoing: int = 0
    flapping: int = 0
    lengths: Counter[int] = field(default_factory=Counter[int])
    alarms: dict[str, date] = field(default_factory=dict[str, date])
    looked_at: set[str] = field(default_factory=set[str])

    def join(self, other: "Tally") -> None:
        self.counts += other.counts
        self.fired += other.fired
        self.ongoing += other.ongoing
        self.flapping += other.flapping
        self.lengths += other.lengths
        begin_earlier(self.alarms, other.alarms)
        self.looked_at |= other.looked_at


def begin_earlier(alarms: dict[str, date], others: Mapping[str, date]) -> None:
    """Each project has the earlier of both days."""
    for project, day in others.items():
        alarms[project] = min(day, alarms.get(project, day))
