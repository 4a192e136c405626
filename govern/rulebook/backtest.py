"""What rules would have done: every period of a range judged, counted, and held against outcomes.

A portfolio comes in pieces of whole projects: what each gives is added up, so that the result does
not depend on how it was cut.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, cast

import polars as pl

from govern.domain.finding import FindingState
from govern.observation.frame import Observations, observe
from govern.observation.tables import ObservationTables
from govern.rulebook.episodes import episode_query
from govern.rulebook.judge import JudgedRule, columns_judged, judge_each
from govern.rulebook.outcomes import Accuracy, Outcomes, accuracy, median_of, share
from govern.rulebook.rule import Rule
from govern.rulebook.states import AS_IT_IS
from govern.rulebook.tally import Counts, Tally, begin_earlier

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

_COUNTED: Final = (FindingState.FIRES, FindingState.PENDING, FindingState.UNKNOWN)


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
    same rules over the same range, that are joined afterwards. All episodes are counted; `listed` limits
    how many of each rule are kept, the first ones, so that memory does not grow with the portfolio.
    """

    rules: Sequence[Rule]
    first: date
    last: date
    outcomes: Outcomes | None = None
    listed: int | None = None
    _tallies: dict[str, Tally] = field(default_factory=dict[str, Tally])
    _projects: int = 0

    def observed(self, tables: ObservationTables) -> Observations:
        """A piece as far as the rules read it: the rest would take most of the memory."""
        return observe(tables, self.last, columns_judged(self.rules))

    def add(self, observations: Observations) -> None:
        """Judges a piece, observed as of the range's end; a project is in one piece only."""
        self._projects += observations.projects.filter("is_last").height
        looks: dict[Hashable, _Looks] = {}
        judged = list(judge_each(self.rules, observations))
        # All at once: what one query costs by itself would be paid for each rule and piece.
        loud = pl.collect_all([_placed(each) for each in judged], optimizations=AS_IT_IS)
        queries = [
            query
            for each, rows in zip(judged, loud, strict=True)
            for query in self._queries(each, rows.lazy())
        ]
        told = pl.collect_all(queries, optimizations=AS_IT_IS)
        for each, states, found in zip(judged, told[::2], told[1::2], strict=True):
            where = _where(each.rule)
            if where not in looks:
                looks[where] = self._looks(each)
            self._tally(each.rule).join(self._tallied(looks[where], states, found))
            self._keep_few(each.rule)

    def join(self, other: "Backtesting") -> None:
        """Takes over what was added to another; a project is in one of them only."""
        self._projects += other._projects
        for rule in self.rules:
            self._tally(rule).join(other._tally(rule))
            self._keep_few(rule)

    def _tally(self, rule: Rule) -> Tally:
        return self._tallies.setdefault(rule.id, Tally())

    def _tallied(self, looks: "_Looks", states: pl.DataFrame, found: pl.DataFrame) -> Tally:
        alarms: dict[str, date] = {}
        if self.outcomes is not None:
            alarms = dict(found.group_by("project").agg(pl.col("start").min()).iter_rows())
        return Tally(
            counts=_counts(looks, states),
            fired=found.get_column("subject").n_unique(),
            ongoing=int(found.get_column("ongoing").sum()),
            flapping=int(found.get_column("flaps").sum()),
            lengths=Counter(dict(found.get_column("periods").value_counts().iter_rows())),
            alarms=alarms,
            looked_at=set(looks.projects),
            episodes=[found.select(list(EPISODES))],
        )

    def _keep_few(self, rule: Rule) -> None:
        if self.listed is not None:
            tally = self._tally(rule)
            tally.episodes = [self._sorted(rule).head(self.listed)] if self.listed else []

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

    def _queries(self, judged: JudgedRule, loud: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
        """How many rows within the range are in which state, and the episodes that reach into it."""
        inside = (pl.col("end") >= self.first) & (pl.col("start") <= self.last)
        states = loud.filter(self._inside()).select(
            (pl.col("state") == state).sum().alias(state.value) for state in _COUNTED
        )
        found = episode_query(loud).filter(inside)
        subjects = (_at_row(judged.rows[name]) for name in ("project", "kpi"))
        return states, found.with_columns(*subjects, rule=pl.lit(judged.rule.id))

    def result(self) -> Backtest:
        by_rule = {rule.id: self._sorted(rule) for rule in self.rules}
        nothing = pl.DataFrame(schema=EPISODES)
        alarms: dict[str, date] = {}
        looked_at: set[str] = set()
        for each in self._tallies.values():
            begin_earlier(alarms, each.alarms)
            looked_at |= each.looked_at
        return Backtest(
            first=self.first,
            last=self.last,
            projects=self._projects,
            rules=tuple(self._record(rule) for rule in self.rules),
            episodes=pl.concat([nothing, *(by_rule[rule] for rule in sorted(by_rule))]),
            together=self._accuracy(alarms, looked_at),
        )

    def _sorted(self, rule: Rule) -> pl.DataFrame:
        pieces = self._tally(rule).episodes
        return pl.concat([pl.DataFrame(schema=EPISODES), *pieces]).sort("project", "kpi", "start")

    def _record(self, rule: Rule) -> RuleRecord:
        tally = self._tally(rule)
        return RuleRecord(
            rule=rule,
            counts=tally.counts,
            subjects_fired=tally.fired,
            episodes=tally.lengths.total(),
            ongoing=tally.ongoing,
            flapping=tally.flapping,
            median_periods=median_of(tally.lengths),
            accuracy=self._accuracy(tally.alarms, tally.looked_at),
        )

    def _accuracy(self, alarms: Mapping[str, date], looked_at: set[str]) -> Accuracy | None:
        if self.outcomes is None:
            return None
        return accuracy(self.outcomes, alarms, looked_at, self.first, self.last)


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


def _placed(judged: JudgedRule) -> pl.LazyFrame:
    """The rows that are not silent, with what they are rows of."""
    return judged.query.with_columns(
        _at_row(judged.rows[name]) for name in ("subject", "period", "is_last")
    )


def _at_row(column: pl.Series) -> pl.Expr:
    """The column where `row` says."""
    return pl.lit(column).gather(pl.col("row")).alias(column.name)


def _counts(looks: _Looks, states: pl.DataFrame) -> Counts:
    found = states.row(0, named=True)
    return Counts(
        subjects=looks.subjects,
        periods=looks.periods,
        fired=found[FindingState.FIRES],
        pending=found[FindingState.PENDING],
        unknown=found[FindingState.UNKNOWN],
    )
