"""What KPIs, projects and the portfolio will have come to at completion."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.forecasting.forecast import Forecast
from govern.services.access import kpi_for
from govern.services.courses import Course, chosen_projects, courses, day_of, forecasts_of
from govern.services.rollup import roll_up
from govern.services.runtime import Runtime


def kpi_forecast(
    runtime: Runtime,
    actor: Actor,
    kpi_id: str,
    *,
    at: date | None = None,
    within: float | None = None,
    now: datetime,
) -> Record:
    """The value and the attainment of a KPI at completion, with intervals of 80 and 95 %, the model
    that gives them, how wrong it was on the past, and the path there. With `within` it is unknown where
    it takes more than so many seconds, and worked out for the next who asks. Raises NotFound."""
    day = day_of(at, now)
    with runtime.store.reading() as connection:
        _, project = kpi_for(connection, actor, kpi_id)
        [course] = courses(connection, [project], day, only=kpi_id)
    return {"at": day, **told(course, forecasts_of([course], within)[kpi_id], path=True)}


def forecasts(
    runtime: Runtime,
    actor: Actor,
    *,
    portfolio: str | None = None,
    project: str | None = None,
    currency: str | None = None,
    at: date | None = None,
    now: datetime,
) -> Record:
    """The forecast of each KPI of a project, a portfolio or all of them, without the paths there, and
    what they come to together (`total`, as the roll-up has it). Raises NotFound, InvalidInput."""
    day = day_of(at, now)
    with runtime.store.reading() as connection:
        found = chosen_projects(connection, actor, portfolio=portfolio, project=project)
        listed = courses(connection, found, day)
    rolled = roll_up(
        runtime,
        actor,
        portfolio=portfolio,
        project=project,
        currency=currency,
        at=day,
        now=now,
    )
    return {
        "at": day,
        "total": rolled["total"],
        "rates": rolled["rates"],
        "items": [told(each, each.forecast()) for each in listed],
    }


def told(course: Course, found: Forecast, *, path: bool = False) -> Record:
    kpi = course.kpi
    plain: dict[str, Any] = asdict(found)
    model = plain["model"]
    return {
        "kpi": kpi["id"],
        "name": kpi["name"],
        "project": kpi["project"],
        "unit": kpi["unit"],
        "currency": kpi["currency"],
        **plain,
        "model": None if model is None else model.value,
        "completes_by": None if found.completes_by is None else found.completes_by.value,
        "path": plain["path"] if path else [],
    }
