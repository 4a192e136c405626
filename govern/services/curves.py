"""How value came, and is expected to come: the roll-up of a portfolio or a project, point by point in time.

A curve has the KPIs whose plan and results are both known on the day that is asked about: the others are
named beside it, with why. So both lines are about the same KPIs at each of their points, and end at sums of
the roll-up. Before its first period a KPI has come to nothing; after its completion it stays where it ended.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from govern.domain.actor import Actor
from govern.domain.measures import CONTEXT
from govern.domain.period import Cadence, ends_between
from govern.domain.record import Record
from govern.domain.rollup import Bounds, Line, Span, added, counted_in, interval
from govern.domain.worth import Exchange, Per, Worth, expected, planned_to_date, realised
from govern.forecasting.forecast import Forecast, Step
from govern.services.courses import Course, chosen_projects, courses, day_of
from govern.services.rollup import Used, check_currency, exchange_into, line_of, shown
from govern.services.runtime import Runtime
from govern.store import exchange_rates

MOST_POINTS = 40
"""A curve has a point a month, and where that were more than so many, one a quarter or a year."""


def realisation_curves(
    runtime: Runtime,
    actor: Actor,
    *,
    portfolio: str | None = None,
    project: str | None = None,
    currency: str | None = None,
    at: date | None = None,
    now: datetime,
) -> Record:
    """`curves`, one per currency and kind of amount, each with its `points`; see the module.

    Raises NotFound, InvalidInput.
    """
    check_currency(currency)
    day = day_of(at, now)
    with runtime.store.reading() as connection:
        found = chosen_projects(connection, actor, portfolio=portfolio, project=project)
        listed = courses(connection, found, day)
        rates = exchange_rates.table(connection, day)
    used: Used = {}
    forecasts = {each.kpi["id"]: each.forecast() for each in listed}
    lines = {
        each.kpi["id"]: line_of(each, day, currency, rates, used, forecasts[each.kpi["id"]])
        for each in listed
    }
    left_out = counted_in(lines.values())
    runs: list[_Run] = []
    for each in listed:
        line = lines[each.kpi["id"]]
        if line.of_money and line.kpi not in left_out:
            own = each.kpi["currency"]
            exchange = exchange_into(own, currency or own, rates, used)
            runs.append(_Run(each, line, forecasts[line.kpi], exchange, day))
    ordered = sorted(runs, key=lambda run: (*run.kind, run.line.kpi))
    return {
        "at": day,
        "currency": currency,
        "curves": [
            {"currency": money, "per": list(Per)[per].value, **_curve([*members], day)}
            for (money, per), members in groupby(ordered, key=lambda run: run.kind)
        ],
    }


@dataclass(frozen=True, slots=True)
class _Run:
    """One KPI over time."""

    course: Course
    line: Line
    found: Forecast
    exchange: Exchange
    at: date

    @property
    def kind(self) -> tuple[str, int]:
        return self.line.currency or "", list(Per).index(self.line.per)

    @property
    def why(self) -> str | None:
        """Why it is in no curve."""
        for name in ("planned", "realised"):
            if self.line.worth[name].value is None:
                return f"{name}: {self.line.worth[name].why}"
        return None

    @property
    def begins(self) -> date:
        measured = self.course.measured
        return min((*measured.planned, *measured.actual))

    @property
    def ends(self) -> date:
        """Its completion, or the last of its plan."""
        last = max((*self.course.measured.planned, *self.course.measured.actual))
        return max(last, self.found.completes_on or last)

    def planned(self, day: date) -> Worth:
        until = min(day, max(self.course.measured.planned, default=day))
        return planned_to_date(self.course.measured, max(until, min(day, self.at)), self.exchange)

    def realised(self, day: date) -> Worth:
        return realised(self.course.measured, day, self.exchange)

    def forecast(self) -> "_Ahead":
        return _Ahead.of(self)


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What the forecast of one KPI is worth: its steps, each as `start` and so much for each unit."""

    steps: Sequence[Step]
    start: Decimal
    each: Decimal
    so_far: Decimal

    @classmethod
    def of(cls, run: _Run) -> "_Ahead":
        measured = run.course.measured
        nothing = expected(measured, Decimal(0), run.at, run.exchange).value or Decimal(0)
        one = expected(measured, Decimal(1), run.at, run.exchange).value or Decimal(0)
        # Of a KPI that has come to its completion, that is what it came to.
        now = run.line.worth["realised" if run.found.path else "forecast"]
        known = now.value or Decimal(0)
        return cls(run.found.path, nothing, CONTEXT.subtract(one, nothing), known)

    def by(self, day: date) -> Span:
        """By a day; as it is now, where no period ends in between."""
        passed = [step for step in self.steps if step.period <= day]
        if not passed:
            return Span(self.so_far, self.so_far, self.so_far)
        step = passed[-1]
        value, low, high = (
            CONTEXT.add(self.start, CONTEXT.multiply(self.each, end))
            for end in (step.value, step.low, step.high)
        )
        return Span(value, min(low, high), max(low, high))


def _curve(runs: Sequence[_Run], at: date) -> Record:
    inside = [run for run in runs if run.why is None]
    unknown = [run for run in inside if run.line.worth["forecast"].value is None]
    return {
        "kpis": [run.line.kpi for run in inside],
        "left_out": [
            {"kpi": run.line.kpi, "project": run.course.project["id"], "why": run.why}
            for run in runs
            if run.why is not None
        ],
        "no_forecast": [
            {"kpi": run.line.kpi, "why": run.line.worth["forecast"].why} for run in unknown
        ],
        "points": shown([*_points(inside, at, ahead=not unknown)]) if inside else [],
    }


def _points(runs: Sequence[_Run], at: date, *, ahead: bool) -> Iterator[Record]:
    forecasts = {run.line.kpi: run.forecast() for run in runs} if ahead else {}
    first, last = min(run.begins for run in runs), max(run.ends for run in runs)
    for day in _days(runs[0].line.per, first, at, last):
        begun = [run for run in runs if run.begins <= day]
        spans = [forecasts[run.line.kpi].by(day) for run in runs if ahead and day >= at]
        between = _between(spans)
        yield {
            "day": day,
            "planned": _sum({run.line.kpi: run.planned(day) for run in begun}),
            "realised": _sum({run.line.kpi: run.realised(day) for run in begun})
            if day <= at
            else None,
            "forecast": added(span.value for span in spans) if spans else None,
            "independent": between and [*between.independent],
            "together": between and [*between.together],
        }


def _between(spans: Sequence[Span]) -> Bounds | None:
    return interval(spans, [Decimal(1)] * len(spans), Decimal(1))


def _sum(worths: Mapping[str, Worth]) -> Decimal | None:
    """Of all of them; unknown where one is."""
    values = [each.value for each in worths.values()]
    known = [each for each in values if each is not None]
    return added(known) if len(known) == len(values) else None


def _days(per: Per, first: date, at: date, last: date) -> list[date]:
    """The ends of months, quarters or years from the first to the last, and the day itself."""
    finest = {Per.QUARTER: 1, Per.HALF_YEAR: 1, Per.YEAR: 2}.get(per, 0)
    for cadence in (Cadence.MONTHLY, Cadence.QUARTERLY)[finest:]:
        ends = ends_between(cadence, first, max(last, at))
        if len(ends) <= MOST_POINTS:
            return sorted({*ends, at})
    return sorted({*ends_between(Cadence.YEARLY, first, max(last, at)), at})
