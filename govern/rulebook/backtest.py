"""What rules would have done: every period of a range judged, counted, and held against outcomes.

A portfolio comes in pieces of whole projects: what each gives is added up, so that the result does
not depend on how it was cut.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, cast

import polars as pl

from govern.domain.finding import FindingState
from govern.observation.frame import Observations, observe
from govern.observation.tables import ObservationTables
from govern.rulebook.episodes import episode_query
from govern.rulebook.judge import JudgedTogether, columns_judged, judge_scopes
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
    _episodes: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])
    _projects: int = 0

    def observed(self, tables: ObservationTables) -> Observations:
        """A piece as far as the rules read it: the rest would take most of the memory."""
        return observe(tables, self.last, columns_judged(self.rules))

    def add(self, observations: Observations) -> None:
        """Judges a piece, observed as of the range's end; a project is in one piece only."""
        self._projects += observations.projects.filter("is_last").height
        for judged in judge_scopes(self.rules, observations):
            placed = _placed(judged)
            found = self._episodes_in(judged, placed)
            self._count(judged, placed, found)
            self._keep(judged, found)

    def join(self, other: "Backtesting") -> None:
        """Takes over what was added to another; a project is in one of them only."""
        self._projects += other._projects
        for rule in self.rules:
            self._tally(rule).join(other._tally(rule))
        self._list([*self._episodes, *other._episodes])

    def _tally(self, rule: Rule) -> Tally:
        return self._tallies.setdefault(rule.id, Tally())

    def _count(self, judged: JudgedTogether, placed: pl.DataFrame, found: pl.DataFrame) -> None:
        inside, number, state = self._inside(), pl.col("number"), pl.col("state")
        states = _by_number(
            placed.lazy()
            .set_sorted("number")
            .group_by(number, maintain_order=True)
            .agg((inside & (state == each)).sum().alias(each.value) for each in _COUNTED)
        )
        told = _by_number(
            found.lazy()
            .group_by(number)
            .agg(pl.col("subject").n_unique(), pl.col("ongoing").sum(), pl.col("flaps").sum())
        )
        lengths: dict[int, Counter[int]] = {}
        alarms: dict[int, dict[str, date]] = {}
        for of, periods, length in found.group_by(number, "periods").len().iter_rows():
            lengths.setdefault(of, Counter())[periods] = length
        if self.outcomes is not None:
            began = found.group_by(number, "project").agg(pl.col("start").min())
            for of, project, start in began.iter_rows():
                alarms.setdefault(of, {})[project] = start
        looks: dict[Hashable, _Looks] = {}
        for of, (rule, applies) in enumerate(zip(judged.rules, judged.applies, strict=True)):
            where = _where(rule)
            if where not in looks:
                looks[where] = self._looks(judged.rows, applies)
            subjects, ongoing, flapping = told.get(of, (0, 0, 0))
            tally = Tally(
                counts=_counts(looks[where], *states.get(of, (0, 0, 0))),
                fired=subjects,
                ongoing=ongoing,
                flapping=flapping,
                lengths=lengths.get(of, Counter()),
                alarms=alarms.get(of, {}),
                looked_at=set(looks[where].projects),
            )
            self._tally(rule).join(tally)

    def _keep(self, judged: JudgedTogether, found: pl.DataFrame) -> None:
        if self.listed == 0:
            return
        rules = pl.Series("rule", [rule.id for rule in judged.rules], pl.String)
        named = found.with_columns(rules.gather(found["number"]))
        self._list([*self._episodes, named.select(list(EPISODES))])

    def _list(self, episodes: list[pl.DataFrame]) -> None:
        """Keeps these, as far as they are wanted."""
        if self.listed is None:
            self._episodes = episodes
        else:
            first = _sorted(episodes).group_by("rule", maintain_order=True).head(self.listed)
            self._episodes = [first]

    def _inside(self) -> pl.Expr:
        return pl.col("period").is_between(self.first, self.last)

    def _looks(self, rows: pl.DataFrame, applies: pl.Series | None) -> "_Looks":
        seen = rows.select("project", "subject", inside=self._inside())
        if applies is not None:
            seen = seen.with_columns(pl.col("inside") & applies)
        seen = seen.filter("inside")
        projects = frozenset[str]()
        if self.outcomes is not None:
            named = pl.col("project").is_in(list(self.outcomes.on))
            projects = frozenset(seen.filter(named).get_column("project").unique().to_list())
        # The subjects are sorted: each is one run.
        runs = seen.get_column("subject").rle_id().max()
        return _Looks(0 if runs is None else cast(int, runs) + 1, seen.height, projects)

    def _episodes_in(self, judged: JudgedTogether, placed: pl.DataFrame) -> pl.DataFrame:
        """The episodes that reach into the range, each with the `number` of its rule."""
        inside = (pl.col("end") >= self.first) & (pl.col("start") <= self.last)
        number = pl.col("subject") // _subjects(judged.rows)
        return (
            episode_query(placed.lazy())
            .filter(inside)
            .with_columns(number.alias("number"), *_at_row(judged.rows, "project", "kpi"))
            .collect(optimizations=AS_IT_IS)
        )

    def result(self) -> Backtest:
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
            episodes=_sorted(self._episodes),
            together=self._accuracy(alarms, looked_at),
        )

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


def _placed(judged: JudgedTogether) -> pl.DataFrame:
    """The rows that are not silent, with what they are rows of; `subject` is another for each rule."""
    of_rule = pl.col("number").cast(pl.Int64) * _subjects(judged.rows)
    return (
        judged.loud.lazy()
        .select("number", "row", "state", *_at_row(judged.rows, "subject", "period", "is_last"))
        .with_columns(pl.col("subject") + of_rule)
        .collect(optimizations=AS_IT_IS)
    )


def _subjects(rows: pl.DataFrame) -> int:
    """More than the number of any subject."""
    return int(rows["subject"][-1]) + 1 if rows.height else 1


def _at_row(rows: pl.DataFrame, *names: str) -> Iterator[pl.Expr]:
    """The columns where `row` says."""
    return (pl.lit(rows[name]).gather(pl.col("row")).alias(name) for name in names)


def _by_number(told: pl.LazyFrame) -> dict[int, tuple[int, ...]]:
    """What is told of each rule, by its number."""
    return {number: tuple(each) for number, *each in told.collect().iter_rows()}


def _sorted(episodes: Sequence[pl.DataFrame]) -> pl.DataFrame:
    found = pl.concat([pl.DataFrame(schema=EPISODES), *episodes])
    return found.sort("rule", "project", "kpi", "start")


def _counts(looks: _Looks, fired: int, pending: int, unknown: int) -> Counts:
    return Counts(looks.subjects, looks.periods, fired, pending, unknown)
