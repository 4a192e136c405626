"""One KPI and its periods: the rows of `kpi_rows`, each cell worked out when it is asked for."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from math import floor
from typing import Any

from govern.domain import measures
from govern.domain.kpi import Direction, ToleranceIn
from govern.domain.period import Cadence, numbered_end, period_number
from govern.domain.profile import missing
from govern.observation.errors import NotUniqueError, UnknownCadenceError
from govern.observation.plain_calendar import completed_by, start_of
from govern.observation.plain_rows import Row, finite

_SUM_UNITS = 1e6
_LARGEST_SUM = float(2**127)
_NOTHING: Row = {}
_end = lru_cache(maxsize=4096)(numbered_end)
_DIRECTIONS = {each.value: each for each in Direction}
_FLAGS = frozenset({"cumulative", "disbenefit"})


class PlainKpi:
    """A KPI with its span: `first` and `last` are the numbers of the periods that are judged.

    `values` are its rows of the table. Raises what `numbered_kpis` and `placed_values` raise.
    """

    def __init__(self, row: Row, values: list[Row], as_of: date) -> None:
        self.row = row
        self.cadence = _cadence(row)
        self.as_of = as_of
        self.values = self._placed(values)
        self._actuals = {number: finite(each["actual"]) for number, each in self.values.items()}
        self._known: dict[tuple[str, int], Any] = {}
        self.lag = max(row["reporting_lag_days"] or 0, 0)
        completed = completed_by(self.cadence, as_of)
        due = completed_by(self.cadence, as_of - timedelta(days=self.lag))
        known = [number for number in self.values if number <= completed]
        reported = [number for number in known if self.actual(number) is not None]
        self.last = max([due, *reported])
        self.first = min([*known, self.last])
        self._sums: dict[str, list[float | None]] = {}

    def __len__(self) -> int:
        return self.last - self.first + 1

    def cell(self, column: str, at: int) -> Any:
        """Of the row so many periods after the first one. Raises KeyError for a column of a project."""
        worked_out = _WORKED_OUT.get(column)
        if worked_out is not None:
            key = column, at
            if key not in self._known:
                self._known[key] = worked_out(self, self.first + at)
            return self._known[key]
        value = self.row[column]
        if column in _FLAGS:
            return bool(value)
        return finite(value) if isinstance(value, float) else value

    def end(self, number: int) -> date:
        return _end(self.cadence, number)

    def seen_on(self, number: int) -> date:
        return self.as_of if number == self.last else self.end(number)

    def figure(self, name: str, number: int) -> Any:
        """What is known of a period: `planned`, `actual`, `validated`, …"""
        value = self.values.get(number, _NOTHING).get(name)
        return finite(value) if isinstance(value, float) else value

    def actual(self, number: int) -> float | None:
        return self._actuals.get(number)

    def to_date(self, name: str, number: int) -> float | None:
        """The figure of a period, or of a cumulative KPI the sum up to it."""
        if not self.row["cumulative"]:
            return self.figure(name, number)
        if name not in self._sums:
            self._sums[name] = self._summed(name)
        return self._sums[name][number - self.first]

    def exact(self, value: float | None) -> Decimal | None:
        return None if value is None else Decimal(repr(value))

    def own(self, name: str) -> Decimal | None:
        """One of the KPI's own numbers, as the decimal that it is."""
        return self.exact(finite(self.row[name]))

    @property
    def direction(self) -> Direction | None:
        return _DIRECTIONS.get(self.row["direction"])

    def _placed(self, values: list[Row]) -> dict[int, Row]:
        """The values with a figure by the number of their period."""
        placed: dict[int, Row] = {}
        met: set[int] = set()
        for each in values:
            if each["period"] is None:
                continue
            number = period_number(self.cadence, each["period"])
            if number in met:
                message = f"KPI '{self.row['kpi']}' has more than one value for the period to"
                raise NotUniqueError("values", f"{message} {self.end(number)}")
            met.add(number)
            if finite(each["planned"]) is not None or finite(each["actual"]) is not None:
                placed[number] = each
        return placed

    def _summed(self, name: str) -> list[float | None]:
        """As `numbers.sum_to_date`: to six decimal places, unknown from the first gap on."""
        sums: list[float | None] = []
        total: int | None = 0
        for number in range(self.first, self.last + 1):
            value = self.figure(name, number)
            scaled = None if value is None else value * _SUM_UNITS + 0.5
            if total is None or scaled is None or abs(scaled) >= _LARGEST_SUM:
                total = None
            else:
                total += floor(scaled)
            sums.append(None if total is None else float(total) / _SUM_UNITS)
        return sums


def _cadence(row: Row) -> Cadence:
    try:
        return Cadence(row["cadence"])
    except ValueError:
        message = f"KPI '{row['kpi']}' has the cadence {row['cadence']!r}"
        raise UnknownCadenceError("kpis", message) from None


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _attainment(kpi: PlainKpi, number: int) -> float | None:
    return _number(_attained(kpi, number, kpi.own("baseline"), "planned"))


def _original_attainment(kpi: PlainKpi, number: int) -> float | None:
    return _number(_attained(kpi, number, kpi.own("original_baseline"), "original_planned"))


def _attained(kpi: PlainKpi, number: int, baseline: Decimal | None, plan: str) -> Decimal | None:
    planned, actual = kpi.to_date(plan, number), kpi.to_date("actual", number)
    return measures.attainment(kpi.direction, baseline, kpi.exact(planned), kpi.exact(actual))


def _weighted_attainment(kpi: PlainKpi, number: int) -> float | None:
    attained, weight = kpi.exact(_attainment(kpi, number)), kpi.own("weight")
    if attained is None or weight is None:
        return None
    return float(measures.rounded(measures.CONTEXT.multiply(attained, weight)))


def _progress(kpi: PlainKpi, number: int) -> float | None:
    actual = kpi.exact(kpi.to_date("actual", number))
    return _number(measures.progress(kpi.direction, kpi.own("baseline"), kpi.own("target"), actual))


def _variance(kpi: PlainKpi, number: int) -> float | None:
    planned, actual = kpi.to_date("planned", number), kpi.to_date("actual", number)
    return _number(measures.variance(kpi.direction, kpi.exact(planned), kpi.exact(actual)))


def _band(kpi: PlainKpi, number: int) -> str | None:
    in_unit = kpi.row["tolerance_in"] == ToleranceIn.UNIT.value
    found = measures.band(
        kpi.exact(_variance(kpi, number)),
        kpi.exact(kpi.to_date("planned", number)),
        kpi.own("tolerance"),
        kpi.own("tolerance_red"),
        ToleranceIn.UNIT if in_unit else ToleranceIn.SHARE,
    )
    return None if found is None else found.value


def _previous_actual(kpi: PlainKpi, number: int) -> float | None:
    return kpi.actual(number - 1) if number > kpi.first else None


def _planned_points(kpi: PlainKpi, number: int) -> int:
    return sum(1 for each in kpi.values if kpi.figure("planned", each) is not None)


def _staleness_days(kpi: PlainKpi, number: int) -> int:
    """Days from the last reported period's end, or the first period's start, to this row's end."""
    reported = (each for each in range(number, kpi.first - 1, -1) if kpi.actual(each) is not None)
    last = next(reported, None)
    since = start_of(kpi.cadence, kpi.first) if last is None else kpi.end(last)
    return (kpi.end(number) - since).days


def _overdue_days(kpi: PlainKpi, number: int) -> int:
    """Days from the day on which the oldest missing report was due to the day of this row."""
    if kpi.row["formula"] is not None:
        return 0
    missed = (each for each in range(kpi.first, number + 1) if kpi.actual(each) is None)
    oldest = next(missed, None)
    if oldest is None:
        return 0
    return max((kpi.seen_on(number) - kpi.end(oldest)).days - kpi.lag, 0)


def _unvalidated_periods(kpi: PlainKpi, number: int) -> int:
    """How many periods up to this one have a figure that finance has not validated."""
    if kpi.row["formula"] is not None:
        return 0
    return sum(
        1
        for each, value in kpi.values.items()
        if kpi.first <= each <= number and kpi.actual(each) is not None and not value["validated"]
    )


def _profile_complete(kpi: PlainKpi, number: int) -> bool:
    known = {name: finite(it) if isinstance(it, float) else it for name, it in kpi.row.items()}
    return not missing({**known, "department": kpi.row["responsible"]})


@cache
def _figure(name: str) -> Callable[[PlainKpi, int], Any]:
    return lambda kpi, number: kpi.figure(name, number)


_WORKED_OUT: Mapping[str, Callable[[PlainKpi, int], Any]] = {
    "period": PlainKpi.end,
    "seen_on": PlainKpi.seen_on,
    "as_of": PlainKpi.seen_on,
    "is_first": lambda kpi, number: number == kpi.first,
    "is_last": lambda kpi, number: number == kpi.last,
    **{
        name: _figure(name)
        for name in ("planned", "actual", "validated", "confidence", "original_planned")
    },
    "planned_to_date": lambda kpi, number: kpi.to_date("planned", number),
    "actual_to_date": lambda kpi, number: kpi.to_date("actual", number),
    "previous_actual": _previous_actual,
    "planned_points": _planned_points,
    "attainment": _attainment,
    "original_attainment": _original_attainment,
    "weighted_attainment": _weighted_attainment,
    "progress": _progress,
    "variance": _variance,
    "band": _band,
    "staleness_days": _staleness_days,
    "overdue_days": _overdue_days,
    "unvalidated_periods": _unvalidated_periods,
    "profile_complete": _profile_complete,
}
