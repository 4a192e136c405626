"""One KPI's value at completion, with intervals, the model that gives it, and its error on the past."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from math import fsum, hypot, inf, sqrt

from govern.domain import measures
from govern.domain.period import numbered_end, period_number
from govern.forecasting.candidates import Model, candidates
from govern.forecasting.damped import student
from govern.forecasting.history import CompletesBy, History, Series
from govern.forecasting.models import Path
from govern.forecasting.past import Past, chosen, error_of, tried

FEWEST = 4
"""Figures that a forecast needs."""

LEVELS = (Decimal("0.8"), Decimal("0.95"))
DIGITS = 12
"""Significant digits that a forecast is told with."""

FARTHEST = 600
"""Periods ahead that are forecast at most."""


@dataclass(frozen=True, slots=True)
class Range:
    """Between `low` and `high` with a probability of `level`."""

    level: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Step:
    """The forecast of one period; for a cumulative KPI of the sum up to it."""

    period: date
    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Error:
    """How wrong the model was, from `origins` past periods. `mean` is in the KPI's unit, per period;
    `scaled` is the MASE; `against_last` is the mean by that of carrying the last figure on; `covered`
    is the share of the `held` figures that lay in the model's own 80 % interval."""

    origins: int
    held: int
    mean: Decimal
    scaled: Decimal | None
    against_last: Decimal | None
    covered: Decimal


@dataclass(frozen=True, slots=True)
class Forecast:
    """`value` is what the KPI will have come to on `completes_on`, and `promised` what it is held
    against. `ahead` is how many periods are forecast: 0 where completion was reported. `estimated` are
    the periods before the last figure that have none, and that the sum of a cumulative KPI needs.
    Where `value` is unknown `why` says why."""

    completes_on: date | None
    completes_by: CompletesBy | None
    figures: int
    last_figure: date | None
    promised: Decimal | None
    value: Decimal | None = None
    ranges: tuple[Range, ...] = ()
    attainment: Decimal | None = None
    attainment_ranges: tuple[Range, ...] = ()
    model: Model | None = None
    ahead: int | None = None
    estimated: tuple[date, ...] = ()
    error: Error | None = None
    path: tuple[Step, ...] = ()
    why: str | None = None


@lru_cache(maxsize=4096)
def forecast(history: History) -> Forecast:
    """The forecast of a KPI. The same history has the same forecast, bit for bit.

    Unknown, and why, without a day of completion or with fewer than 4 figures.
    """
    actual = dict(history.actual)
    last = max(actual, default=None)
    told = Forecast(
        history.completes_on, history.completes_by, len(actual), last, _promised(history)
    )
    if history.completes_on is None:
        return _unknown(
            told, "nobody has said until when: no target_on, no end of the project, no plan"
        )
    if last is None:
        return _unknown(told, "no figure was reported yet")
    reached = _reached(history, actual)
    if reached is not None:
        return _told(told, history, reached, ahead=0)
    if last >= history.completes_on and not history.cumulative:
        return _unknown(told, f"no figure was reported for {history.completes_on.isoformat()}")
    if len(actual) < FEWEST:
        return _unknown(told, f"{_figures(len(actual))} reported; a forecast needs {FEWEST}")
    return _ahead(history, told, actual)


def _ahead(history: History, told: Forecast, actual: dict[date, Decimal]) -> Forecast:
    completes = told.completes_on
    assert completes is not None  # noqa: S101 - the caller has looked
    cadence = history.cadence
    start = period_number(cadence, min([*actual, *(day for day, _ in history.planned)]))
    until = period_number(cadence, completes) - start
    series = _series(history, actual, start)
    last = min(series.indexes[-1], until)
    steps = until - last
    if steps > FARTHEST:
        return _unknown(told, f"completion is {steps} periods ahead; at most {FARTHEST} are told")
    gaps = [i for i in range(min(last, until) + 1) if i not in series.known]
    missing = gaps if history.cumulative else []
    pasts = tried(series, max(steps, 1), float(LEVELS[0]))
    largest = max(map(abs, series.known.values()))
    best = chosen(pasts, largest)
    if best is None:
        return _unknown(told, "no model could be held against the past: figures lie too far apart")
    laid = _laid(best, series, max(steps, 1))
    if laid is None:
        return _unknown(told, f"the model {best.candidate.model.value} could not be laid ahead")
    base = 0.0
    if history.cumulative:
        filled = [_filled(series, i) for i in range(last + 1)]
        base = fsum(filled)
    path: list[Step] = []
    value = base
    widths = [0.0 for _ in LEVELS]
    for step in range(1, steps + 1):
        weights = [1.0] * step if history.cumulative else [0.0] * (step - 1) + [1.0]
        value = base + fsum(laid.means[:step]) if history.cumulative else laid.means[step - 1]
        widths = [_width(best, laid, weights, len(missing), float(level)) for level in LEVELS]
        period = numbered_end(cadence, start + last + step)
        path.append(Step(period, *map(_number, (value, value - widths[0], value + widths[0]))))
    if steps == 0:
        widths = [_width(best, laid, [], len(missing), float(level)) for level in LEVELS]
    ranges = tuple(
        Range(level, _number(value - width), _number(value + width))
        for level, width in zip(LEVELS, widths, strict=True)
    )
    return _told(
        told,
        history,
        _number(value),
        ranges=ranges,
        ahead=steps,
        model=best.candidate.model,
        estimated=tuple(numbered_end(cadence, start + each) for each in missing),
        error=_error(best, pasts, series),
        path=tuple(path),
    )


def _series(history: History, actual: dict[date, Decimal], start: int) -> Series:
    def numbered(values: dict[date, Decimal]) -> dict[int, float]:
        found = {period_number(history.cadence, day) - start: v for day, v in values.items()}
        return {index: float(found[index]) for index in sorted(found)}

    zero = 0.0 if history.cumulative or history.baseline is None else float(history.baseline)
    if history.direction in measures.LEVELS:
        zero = 0.0
    return Series(numbered(actual), numbered(dict(history.planned)), zero, history.cumulative)


def _laid(best: Past, series: Series, steps: int) -> Path | None:
    """The chosen model, its parameters estimated from all that is known now."""
    model = best.candidate.model
    again = candidates(series, model is Model.DAMPED)
    return next(each for each in again if each.model is model).lay(series, steps)


def _width(best: Past, path: Path, weights: Sequence[float], missing: int, level: float) -> float:
    """Half the interval: the model's own, or what held so many of the past errors where that is more.

    A period that was estimated is as uncertain as the next one that is to come.
    """
    ahead = path.deviation(weights) * best.reach(len(weights)) if weights else 0.0
    deviation = hypot(ahead, sqrt(missing) * path.deviation([1.0]))
    widening = best.widening(level)
    own = deviation * student(level, path.freedom)
    if widening == inf:
        return max(own, max(best.errors) * (fsum(weights) + missing))
    return max(own, deviation * widening)


def _filled(series: Series, index: int) -> float:
    """A figure, or what lies on the line between its neighbours; at the ends the nearest one."""
    if index in series.known:
        return series.known[index]
    before = max((i for i in series.known if i < index), default=None)
    after = min((i for i in series.known if i > index), default=None)
    if before is None or after is None:
        near = before if after is None else after
        assert near is not None  # noqa: S101 - there are figures
        return series.known[near]
    share = (index - before) / (after - before)
    return series.known[before] + share * (series.known[after] - series.known[before])


def _reached(history: History, actual: dict[date, Decimal]) -> Decimal | None:
    """What was reported at completion, where it was: for a cumulative KPI each figure up to it."""
    completes = history.completes_on
    assert completes is not None  # noqa: S101 - the caller has looked
    if completes not in actual:
        return None
    if not history.cumulative:
        return actual[completes]
    begun = min([*actual, *(day for day, _ in history.planned)])
    first, last = (period_number(history.cadence, day) for day in (begun, completes))
    days = [numbered_end(history.cadence, number) for number in range(first, last + 1)]
    if any(day not in actual for day in days):
        return None
    return _exact_sum(actual[day] for day in days)


def _promised(history: History) -> Decimal | None:
    """The target, or what the plan says for completion where nobody set one."""
    if history.target is not None or history.completes_on is None:
        return history.target
    planned = dict(history.planned)
    if not history.cumulative:
        return planned.get(history.completes_on)
    within = [value for day, value in planned.items() if day <= history.completes_on]
    return _exact_sum(within) if history.completes_on in planned else None


def _exact_sum(values: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = measures.CONTEXT.add(total, value)
    return total


def _unknown(told: Forecast, why: str) -> Forecast:
    return replace(told, why=why)


def _told(
    told: Forecast,
    history: History,
    value: Decimal,
    *,
    ahead: int,
    ranges: tuple[Range, ...] | None = None,
    model: Model | None = None,
    estimated: tuple[date, ...] = (),
    error: Error | None = None,
    path: tuple[Step, ...] = (),
) -> Forecast:
    """The forecast with its attainment: a value between two others attains what lies between theirs."""
    if ranges is None:
        ranges = tuple(Range(level, value, value) for level in LEVELS)

    def attained(reached: Decimal | None) -> Decimal | None:
        return measures.attainment(history.direction, history.baseline, told.promised, reached)

    attainment = attained(value)
    attained_ranges: list[Range] = []
    for each in ranges:
        ends = (attained(each.low), attained(each.high))
        if history.direction in measures.LOWER_IS_BETTER:
            ends = (ends[1], ends[0])
        attained_ranges.append(Range(each.level, *ends))
    return replace(
        told,
        value=value,
        ranges=ranges,
        attainment=attainment,
        attainment_ranges=() if attainment is None else tuple(attained_ranges),
        model=model,
        ahead=ahead,
        estimated=estimated,
        error=error,
        path=path,
    )


def _error(best: Past, pasts: Sequence[Past], series: Series) -> Error:
    indexes = series.indexes
    moves = [abs(series.known[b] - series.known[a]) for a, b in pairwise(indexes) if b == a + 1]
    step = fsum(moves) / len(moves) if moves else 0.0
    last = error_of(pasts, Model.LAST)
    return Error(
        best.origins,
        len(best.errors),
        _number(best.mean_error),
        _number(best.mean_error / step) if step > 0 else None,
        _number(best.mean_error / last) if last else None,
        measures.rounded(Decimal(best.covered) / len(best.errors)),
    )


def _figures(count: int) -> str:
    return "1 figure was" if count == 1 else f"{count} figures were"


def _number(value: float) -> Decimal:
    """To so many significant digits, so that a machine that adds otherwise tells the same."""
    return Decimal(f"{value:.{DIGITS}g}")
