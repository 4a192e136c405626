"""The course of each KPI: what was planned and what was reported, as far as it is known on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import polars as pl
from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.kpi import Direction
from govern.domain.period import Cadence
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound
from govern.domain.worth import Measured, completion
from govern.forecasting.forecast import Forecast, forecast
from govern.forecasting.history import CompletesBy, History
from govern.services.access import project_for
from govern.services.forecast_worker import WORKER, pending
from govern.services.observing import load_tables
from govern.store import kpis, projects, readings

Values = dict[str, dict[date, Decimal]]
"""KPI id → last day of the period → value."""


@dataclass(frozen=True, slots=True)
class Course:
    """A KPI of a project with its values. `known` is the number of its figures."""

    kpi: Record
    project: Record
    measured: Measured

    def history(self) -> History:
        kpi, measured = self.kpi, self.measured
        until, source = completion(
            measured.cadence, kpi["target_on"], self.project["end"], measured.planned
        )
        return History(
            cadence=measured.cadence,
            actual=tuple(sorted(measured.actual.items())),
            planned=tuple(sorted(measured.planned.items())),
            direction=measured.direction,
            baseline=measured.baseline,
            target=measured.target,
            cumulative=measured.cumulative,
            completes_on=until,
            completes_by=CompletesBy(source) if source else None,
        )

    def forecast(self) -> Forecast:
        return forecast(self.history())


def forecasts_of(listed: Sequence[Course], within: float | None = None) -> dict[str, Forecast]:
    """KPI id → its forecast. With `within`, those that take longer than so many seconds say that they
    are being worked out."""
    if within is None:
        return {each.kpi["id"]: each.forecast() for each in listed}
    histories = {each.kpi["id"]: each.history() for each in listed}
    known = WORKER.find(histories.values(), within)
    return {kpi: known.get(each) or pending(each) for kpi, each in histories.items()}


def day_of(at: date | None, now: datetime) -> date:
    """The day that is asked about, today unless said. Raises InvalidInput for one that is to come."""
    today = now.date()
    if at is not None and at > today:
        raise InvalidInput(
            "What is to come is not known yet.",
            errors={"at": [f"today, {today.isoformat()}, or an earlier day"]},
        )
    return at or today


def chosen_projects(
    connection: Connection, actor: Actor, *, portfolio: str | None, project: str | None
) -> list[Record]:
    """The projects asked for that somebody may see, in order of id.

    Raises NotFound for a project, and for a portfolio of which they see no project.
    """
    if project is not None:
        found = project_for(connection, actor, project)
        if portfolio is not None and found["portfolio"] != portfolio:
            raise NotFound(f"There is no project '{project}' in portfolio '{portfolio}'.")
        return [found]
    visible = set(projects.visible_ids(connection, actor))
    seen = [each for each in projects.every(connection) if each["id"] in visible]
    if portfolio is None:
        return seen
    inside = [each for each in seen if each["portfolio"] == portfolio]
    if not inside:
        raise NotFound(
            f"There is no portfolio '{portfolio}' with a project that you may see.",
            portfolio=portfolio,
        )
    return inside


def courses(
    connection: Connection,
    found: Sequence[Record],
    at: date,
    only: str | None = None,
) -> list[Course]:
    """Every KPI of the projects, or `only` one, in order of its id, with the periods that ended by `at`.

    The values of a composite KPI are those that every judgement reads.
    """
    by_id = {each["id"]: each for each in found}
    listed = [
        each
        for project_id in sorted(by_id)
        for each in kpis.of_project(connection, project_id)
        if only is None or each["id"] == only
    ]
    ids = set(by_id)
    planned: Values = {}
    for (kpi_id, day), value in readings.planned_in_force(connection, ids).items():
        planned.setdefault(kpi_id, {})[day] = value
    actual: Values = {}
    for (kpi_id, day), row in readings.in_force(connection, ids).items():
        if row.actual is not None and day <= at:
            actual.setdefault(kpi_id, {})[day] = row.actual
    composite = {each["id"] for each in listed if each["formula"] is not None}
    if composite:
        _computed(connection, ids, composite, at, planned, actual)
    return [
        Course(each, by_id[each["project"]], _measured(each, planned, actual))
        for each in sorted(listed, key=lambda each: each["id"])
    ]


def _computed(
    connection: Connection,
    project_ids: set[str],
    composite: Iterable[str],
    at: date,
    planned: Values,
    actual: Values,
) -> None:
    values = load_tables(connection, project_ids).values
    rows = values.filter(pl.col("kpi").is_in(sorted(composite)))
    for kpi_id, day, plan, figure in rows.select("kpi", "period", "planned", "actual").iter_rows():
        if plan is not None:
            planned.setdefault(kpi_id, {})[day] = Decimal(repr(plan))
        if figure is not None and day <= at:
            actual.setdefault(kpi_id, {})[day] = Decimal(repr(figure))


def _measured(kpi: Record, planned: Values, actual: Values) -> Measured:
    return Measured(
        id=kpi["id"],
        direction=Direction(kpi["direction"]) if kpi["direction"] else None,
        baseline=kpi["baseline"],
        target=kpi["target"],
        cadence=Cadence(kpi["cadence"]),
        lag_days=kpi["reporting_lag_days"],
        cumulative=kpi["cumulative"],
        disbenefit=kpi["disbenefit"],
        scale=kpi["scale"],
        attribution=kpi["attribution"],
        planned=planned.get(kpi["id"], {}),
        actual=actual.get(kpi["id"], {}),
    )
