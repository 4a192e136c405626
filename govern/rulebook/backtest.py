"""What rules would have done: every period of a range judged, counted, and held against outcomes.

A portfolio comes in pieces of whole projects: what each gives is added up, so that the result does
not depend on how it was cut.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, cast

import polars as pl

from govern.domain.finding import FindingState
from govern.observation.frame import Observations
from govern.rulebook.episodes import episodes
from govern.rulebook.judge import JudgedRule, judge_each
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

    The range holds the periods that end from `first` to `last`. Pieces may be added in several, by the
    same rules over the same range, that are joined afterwards.
    """

    rules: Sequence[Rule]
    first: date
    last: date
    outcomes: Outcomes | None = None
    _counts: dict[str, Counts] = field(default_factory=dict[str, Counts])
    _fired: dict[str, int] = field(default_factory=dict[str, int])
    _episodes: dict[str, list[pl.DataFrame]] = field(default_factory=dict[str, list[pl.DataFrame]])
    _looked_at: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    _projects: int = 0

    def add(self, observations: Observations) -> None:
        """Judges a piece, observed as of the range's end; a project is in one piece only."""
        self._projects += observations.projects.filter("is_last").height
        looks: dict[Hashable, _Looks] = {}
        for judged in judge_each(self.rules, observations):
            rule, where = judged.rule, _where(judged.rule)
            if where not in looks:
                looks[where] = self._looks(judged)
            place = pl.col("subject", "period", "is_last").gather(judged.loud["row"])
            loud = judged.loud.hstack(judged.rows.select(place))
            states = loud.filter(self._inside()).get_column("state")
            found = self._found(rule, judged.rows, loud)
            counts = _counts(looks[where], states)
            self._counts[rule.id] = self._counts.get(rule.id, Counts()) + counts
            fired = found.get_column("subject").n_unique()
            self._fired[rule.id] = self._fired.get(rule.id, 0) + fired
            self._episodes.setdefault(rule.id, []).append(found.select(list(EPISODES)))
            self._looked_at.setdefault(rule.id, set()).update(looks[where].projects)

    def join(self, other: "Backtesting") -> None:
        """Takes over what was added to another; a project is in one of them only."""
        self._projects += other._projects
        for rule in self.rules:
            counts = other._counts.get(rule.id, Counts())
            self._counts[rule.id] = self._counts.get(rule.id, Counts()) + counts
            self._fired[rule.id] = self._fired.get(rule.id, 0) + other._fired.get(rule.id, 0)
            self._episodes.setdefault(rule.id, []).extend(other._episodes.get(rule.id, []))
            looked_at = other._looked_at.get(rule.id, set())
            self._looked_at.setdefault(rule.id, set()).update(looked_at)

    def _inside(self) -> pl.Expr:
        return pl.col("period").is_between(self.first, self.last)

    def _looks(self, judged: JudgedRule) -> "_Looks":
        seen = judged.rows.select("project", "subject", inside=self._inside())
        if judged.applies is not None:
            seen = seen.with_columns(pl.col("inside") & judged.applies)
        seen = seen.filter("inside")
        projects = frozenset[str]()
        if self.outcomes is not None:
            named = pl.col("project").is_in(list(self.outcomes.on))
            projects = frozenset(seen.filter(named).get_column("project").unique().to_list())
        # The subjects are sorted: each is one run.
        runs = seen.get_column("subject").rle_id().max()
        return _Looks(0 if runs is None else cast(int, runs) + 1, seen.height, projects)

    def _found(self, rule: Rule, rows: pl.DataFrame, loud: pl.DataFrame) -> pl.DataFrame:
        inside = (pl.col("end") >= self.first) & (pl.col("start") <= self.last)
        found = episodes(loud).filter(inside)
        subjects = rows.select(pl.col("project", "kpi").gather(found.get_column("row")))
        return found.hstack(subjects).with_columns(rule=pl.lit(rule.id))

    def result(self) -> Backtest:
        by_rule = {rule.id: self._sorted(rule) for rule in self.rules}
        nothing = pl.DataFrame(schema=EPISODES)
        found = pl.concat([nothing, *(by_rule[rule] for rule in sorted(by_rule))])
        return Backtest(
            first=self.first,
            last=self.last,
            projects=self._projects,
            rules=tuple(self._record(rule, by_rule[rule.id]) for rule in self.rules),
            episodes=found,
            together=self._accuracy(found, set[str]().union(*self._looked_at.values())),
        )

    def _sorted(self, rule: Rule) -> pl.DataFrame:
        pieces = self._episodes.get(rule.id, [])
        return pl.concat([pl.DataFrame(schema=EPISODES), *pieces]).sort("project", "kpi", "start")

    def _record(self, rule: Rule, found: pl.DataFrame) -> RuleRecord:
        return RuleRecord(
            rule=rule,
            counts=self._counts.get(rule.id, Counts()),
            subjects_fired=self._fired.get(rule.id, 0),
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


@dataclass(frozen=True, slots=True)
class _Looks:
    """Where a rule looks in a piece, within the range; `projects` are those with an outcome."""

    subjects: int
    periods: int
    projects: frozenset[str]


def _where(rule: Rule) -> Hashable:
    """Equal for rules that look at the same rows."""
    versions: dict[str | None, Rule] = {None: rule, **rule.portfolios}
    conditions = ((name, version.applies_to) for name, version in versions.items())
    return rule.scope, tuple((name, each and each.meaning) for name, each in conditions)


def _counts(looks: _Looks, states: pl.Series) -> Counts:
    found = dict(states.value_counts().iter_rows())
    return Counts(
        subjects=looks.subjects,
        periods=looks.periods,
        fired=found.get(FindingState.FIRES, 0),
        pending=found.get(FindingState.PENDING, 0),
        unknown=found.get(FindingState.UNKNOWN, 0),
    )
