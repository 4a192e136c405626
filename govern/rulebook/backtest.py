"""What rules would have done: every period of a range judged, counted, and held against outcomes.

A portfolio comes in pieces of whole projects: what each gives is added up, so that the result does
not depend on how it was cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

import polars as pl

from govern.domain.finding import FindingState
from govern.observation.frame import Observations
from govern.rulebook.episodes import episodes
from govern.rulebook.judge import judge_each
from govern.rulebook.outcomes import Accuracy, Outcomes, accuracy, median, share
from govern.rulebook.rule import Rule

EPISODES: Final = {
    "rule": pl.String,
    "project": pl.String,
    "kpi": pl.String,
    "start": pl.Date,
    "end": pl.Date,
    "periods": pl.Int64,
    "ongoing": pl.Boolean,
    "flaps": pl.Boolean,
}
"""Columns of `Backtest.episodes`, sorted by the first four; `kpi` is null for a rule on projects."""


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


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """One rule's part of a backtest.

    `subjects_fired`: for how many it fired at least once. `median_periods` is the length of its
    episodes. `accuracy` is there where outcomes were given.
    """

    rule: Rule
    counts: Counts
    subjects_fired: int
    episodes: int
    ongoing: int
    flapping: int
    median_periods: Decimal | None
    accuracy: Accuracy | None

    @property
    def unknown_share(self) -> Decimal | None:
        """Of the periods it applies to, to four places; `None` where there are none."""
        return share(self.counts.unknown, self.counts.periods)


@dataclass(frozen=True, slots=True)
class Backtest:
    """`together` is the accuracy of all rules as one alarm."""

    first: date
    last: date
    projects: int
    rules: tuple[RuleRecord, ...]
    episodes: pl.DataFrame
    together: Accuracy | None


@dataclass(slots=True)
class Backtesting:
    """A backtest in the making: `add` every piece of the portfolio, then read the `result`.

    The range holds the periods that end from `first` to `last`.
    """

    rules: Sequence[Rule]
    first: date
    last: date
    outcomes: Outcomes | None = None
    _counts: dict[str, Counts] = field(default_factory=dict[str, Counts])
    _episodes: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])
    _looked_at: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    _projects: int = 0

    def add(self, observations: Observations) -> None:
        """Judges a piece, observed as of the range's end; a project is in one piece only."""
        self._projects += observations.projects.filter("is_last").height
        for rule, judged in judge_each(self.rules, observations):
            inside = pl.col("period").is_between(self.first, self.last)
            subject = pl.col("is_first").cum_sum().alias("subject")
            seen = judged.with_columns(subject).filter(inside & pl.col("applies"))
            self._counts[rule.id] = self._counts.get(rule.id, Counts()) + _counts(seen)
            self._episodes.append(self._found(rule, judged))
            if self.outcomes is not None:
                named = pl.col("project").is_in(list(self.outcomes.on))
                projects = seen.filter(named).get_column("project").unique()
                self._looked_at.setdefault(rule.id, set()).update(projects.to_list())

    def _found(self, rule: Rule, judged: pl.DataFrame) -> pl.DataFrame:
        found = episodes(judged)
        subjects = judged.select("project", "kpi").select(pl.all().gather(found.get_column("row")))
        inside = (pl.col("end") >= self.first) & (pl.col("start") <= self.last)
        return (
            pl.concat([found, subjects], how="horizontal")
            .filter(inside)
            .select(pl.lit(rule.id).alias("rule"), *list(EPISODES)[1:])
        )

    def result(self) -> Backtest:
        found = pl.concat([pl.DataFrame(schema=EPISODES), *self._episodes]).sort(
            "rule", "project", "kpi", "start"
        )
        by_rule = {rule: part for (rule,), part in found.partition_by("rule", as_dict=True).items()}
        empty = found.clear()
        return Backtest(
            first=self.first,
            last=self.last,
            projects=self._projects,
            rules=tuple(self._record(rule, by_rule.get(rule.id, empty)) for rule in self.rules),
            episodes=found,
            together=self._accuracy(found, set[str]().union(*self._looked_at.values())),
        )

    def _record(self, rule: Rule, found: pl.DataFrame) -> RuleRecord:
        return RuleRecord(
            rule=rule,
            counts=self._counts.get(rule.id, Counts()),
            subjects_fired=found.select("project", "kpi").n_unique(),
            episodes=found.height,
            ongoing=found.filter("ongoing").height,
            flapping=found.filter("flaps").height,
            median_periods=median(found.get_column("periods").to_list()),
            accuracy=self._accuracy(found, self._looked_at.get(rule.id, set())),
        )

    def _accuracy(self, found: pl.DataFrame, looked_at: set[str]) -> Accuracy | None:
        if self.outcomes is None:
            return None
        alarms = found.group_by("project").agg(pl.col("start").min())
        return accuracy(self.outcomes, dict(alarms.iter_rows()), looked_at, self.first, self.last)


def _counts(seen: pl.DataFrame) -> Counts:
    states = dict(seen.get_column("state").value_counts().iter_rows())
    return Counts(
        subjects=seen.get_column("subject").n_unique(),
        periods=seen.height,
        fired=states.get(FindingState.FIRES, 0),
        pending=states.get(FindingState.PENDING, 0),
        unknown=states.get(FindingState.UNKNOWN, 0),
    )
