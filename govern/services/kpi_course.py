"""How a KPI went, in its own unit: planned, reported, forecast; what was corrected, by whom, and why."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from govern.domain.actor import Actor
from govern.domain.measures import CONTEXT
from govern.domain.period import ends_between
from govern.domain.record import Record
from govern.domain.worth import Measured, attained, last_judged
from govern.forecasting.forecast import Forecast
from govern.services.access import kpi_for, project_for
from govern.services.courses import Course, courses, forecasts_of
from govern.services.everything import everything
from govern.services.forecasts import told as told_forecast
from govern.services.readings import list_readings
from govern.services.runtime import Runtime
from govern.store import people

SHOWN = 12
"""So many periods of each KPI of a project are told: the last that are known."""


def project_kpis(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    *,
    within: float | None = None,
    now: datetime,
) -> list[Record]:
    """Every KPI of a project with where it stands on the day of `now` and its last `points`. Raises
    NotFound."""
    today = now.date()
    with runtime.store.reading() as connection:
        project = project_for(connection, actor, project_id)
        listed = courses(connection, [project], today)
    ahead = forecasts_of(listed, within)
    return [_stands(each, ahead[each.kpi["id"]], today) for each in listed]


def kpi_course(
    runtime: Runtime, actor: Actor, kpi_id: str, *, within: float | None = None, now: datetime
) -> Record:
    """One KPI: as `project_kpis`, with every one of its `points`, its `forecast` with the path there, and
    its `corrections`. Raises NotFound."""
    today = now.date()
    with runtime.store.reading() as connection:
        kpi, project = kpi_for(connection, actor, kpi_id)
        [course] = courses(connection, [project], today, only=kpi_id)
    found = forecasts_of([course], within)[kpi_id]
    corrected = [] if kpi["formula"] is not None else corrections_of(runtime, actor, kpi_id)
    points = points_of(course.measured)
    return {
        **_stands(course, found, today),
        "points": points,
        "forecast": told_forecast(course, found, path=True),
        "corrections": corrected,
        "was": _as_first_reported(course.measured, points, corrected),
    }


def points_of(measured: Measured) -> list[Record]:
    """Each period (`day`) with what was `planned` and `actual`: for a cumulative KPI the sum up to it,
    which is unknown from the first period that lacks a value."""
    days = sorted({*measured.planned, *measured.actual})
    if not days:
        return []
    every = ends_between(measured.cadence, days[0], days[-1])
    planned, actual = (
        _running(every, values) if measured.cumulative else values
        for values in (measured.planned, measured.actual)
    )
    return [
        {
            "day": day,
            "planned": planned.get(day),
            "actual": actual.get(day),
            "of_period": measured.actual.get(day),
        }
        for day in every
    ]


def corrections_of(runtime: Runtime, actor: Actor, kpi_id: str) -> list[Record]:
    """Each correction, the last first: the `period`, what stood before it (`was`, since when, by whom),
    what it was corrected to, when, by whom and why."""
    rows = everything(lambda request: list_readings(runtime, actor, kpi_id, request, history=True))
    by_number = {each["id"]: each for each in rows}
    with runtime.store.reading() as connection:
        named = people.names(connection, {each["recorded_by"] for each in rows})

    def who(row: Record) -> str:
        return named.get(row["recorded_by"]) or str(row["recorded_by"])

    found = [
        {
            "period": each["period"],
            "was": before["actual"],
            "reported_at": before["recorded_at"],
            "reported_by": who(before),
            "corrected_to": each["actual"],
            "corrected_at": each["recorded_at"],
            "corrected_by": who(each),
            "reason": each["reason"] or each["note"],
            "is_first": before["corrects"] is None,
        }
        for each in rows
        if each["corrects"] is not None and (before := by_number.get(each["corrects"])) is not None
    ]
    return sorted(found, key=lambda each: each["corrected_at"], reverse=True)


def _as_first_reported(
    measured: Measured, points: Iterable[Record], corrections: Iterable[Record]
) -> list[Record]:
    """Where the figures of corrected periods stood before anybody corrected them (`day`, `value`)."""
    first = {each["period"]: each["was"] for each in corrections if each["is_first"]}
    found: list[Record] = []
    for each in points:
        was, now_is = first.get(each["day"]), each["of_period"]
        if was is None or (measured.cumulative and None in (each["actual"], now_is)):
            continue
        value = was
        if measured.cumulative:
            value = CONTEXT.add(CONTEXT.subtract(each["actual"], now_is), was)
        found.append({"day": each["day"], "value": value})
    return found


def _running(days: Iterable[date], values: Mapping[date, Decimal]) -> dict[date, Decimal]:
    total = Decimal(0)
    sums: dict[date, Decimal] = {}
    for day in days:
        if day not in values:
            # The sum after a gap is unknown, up to the last value too.
            break
        total = CONTEXT.add(total, values[day])
        sums[day] = total
    return sums


def _stands(course: Course, found: Forecast, today: date) -> Record:
    kpi, measured = course.kpi, course.measured
    points = points_of(measured)
    reported = [each for each in points if each["actual"] is not None and each["day"] <= today]
    judged = last_judged(measured, today)
    at = next((each for each in points if each["day"] == judged), None)
    narrow = found.ranges[0] if found.ranges else None
    return {
        **{
            name: kpi[name]
            for name in (
                *("id", "project", "name", "category", "unit", "currency", "direction"),
                *("baseline", "target", "owner", "cadence", "disbenefit", "cumulative", "formula"),
            )
        },
        "period": judged,
        "planned": at and at["planned"],
        "actual": at and at["actual"],
        "last": reported[-1] if reported else None,
        "attainment": attained(measured, today).value,
        "attainment_why": attained(measured, today).why,
        "expected": found.value,
        "low": narrow and narrow.low,
        "high": narrow and narrow.high,
        "completes_on": found.completes_on,
        "why": found.why,
        "points": [each for each in points if each["day"] <= today][-SHOWN:],
    }
