"""KPIs: list, read, add, change, and their trajectories."""

from dataclasses import replace
from typing import Any

from flask import url_for

from govern.domain.record import Record
from govern.domain.token_scope import TokenScope
from govern.domain.trajectory import Point, Shape
from govern.services import kpis as use
from govern.services import readings
from govern.services.composing import list_computed
from govern.services.forecast_bias import By
from govern.services.rating import with_rag
from govern.services.trajectories import Asked, draw
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.bulk import NewPlan
from govern.web.schemas.computed import ComputedValues
from govern.web.schemas.kpis import Kpi, KpiChange, KpiPage, KpiQuery, NewKpi, Plan, RecordedPlan
from govern.web.schemas.plans import NewTrajectory, Trajectory
from govern.web.site import actor, now, runtime
from govern.web.version import tagged, unless_known

kpis = Resource(
    "kpis",
    "What a project promised to change, by how much, and the plan to get there.",
    writes=TokenScope.PLAN,
)


@kpis.read("/kpis", KpiPage, query=KpiQuery, headers=["Link"], past=True)
def list_kpis(query: dict[str, Any]) -> Any:
    """List the KPIs that you may see."""
    page = page_request(query)
    found = use.list_kpis(runtime(), actor(), page, **query)
    return page_answer(replace(found, items=with_rag(runtime(), found.items, now=now())))


@kpis.write(
    "POST",
    "/kpis",
    Kpi,
    body=NewKpi,
    status=201,
    headers=["ETag", "Location"],
)
def add_kpi(body: dict[str, Any]) -> Any:
    """Add a KPI to a project, before its plan is agreed at a gate.

    With `template` the catalogue says what is left out. Takes the role project_manager or
    benefit_owner on the project.
    """
    added = use.add_kpi(runtime(), actor(), body, now=now())
    return tagged(_rated(added), Location=url_for("kpis.get_kpi", kpi=added["id"]))


@kpis.read("/kpis/<id:kpi>", Kpi, past=True)
def get_kpi(kpi: str) -> Any:
    """Read a KPI, and how it stands today."""
    return unless_known(_rated(use.get_kpi(runtime(), actor(), kpi)))


@kpis.write(
    "PATCH",
    "/kpis/<id:kpi>",
    Kpi,
    body=KpiChange,
    versioned=True,
    headers=["ETag"],
)
def change_kpi(kpi: str, body: dict[str, Any], version: int) -> Any:
    """Change the fields that are named; null empties one.

    Takes the role project_manager or benefit_owner. Once a gate has frozen the baseline, what was
    agreed is refused: direction, unit, baseline, target, aggregation, cumulative, cadence, scale,
    currency, attribution, formula, inputs, part_of.
    """
    changed = use.change_kpi(runtime(), actor(), kpi, body, version=version, now=now())
    return tagged(_rated(changed))


@kpis.read("/kpis/<id:kpi>/computed", ComputedValues, past=True)
def get_computed(kpi: str) -> Any:
    """Read what a composite KPI's formula comes to in each period, and from which values."""
    return list_computed(runtime(), actor(), kpi)


@kpis.read("/kpis/<id:kpi>/plan", Plan, past=True)
def get_plan(kpi: str) -> Any:
    """Read a KPI's trajectory: the value planned for each period."""
    return {"kpi": kpi, "planned": readings.list_plan(runtime(), actor(), kpi)}


@kpis.write("POST", "/kpis/<id:kpi>/plan", RecordedPlan, body=NewPlan)
def record_plan(kpi: str, body: dict[str, Any]) -> Any:
    """Set planned values of a trajectory; periods that are not named stay as they are.

    Takes the role project_manager or benefit_owner, and is refused once a gate has frozen the
    baseline. All values are set or none.
    """
    recorded = readings.record_plan(runtime(), actor(), kpi, body["planned"], now=now())
    planned = readings.list_plan(runtime(), actor(), kpi)
    return {"kpi": kpi, "recorded": recorded, "planned": planned}


@kpis.write("POST", "/kpis/<id:kpi>/trajectory", Trajectory, body=NewTrajectory)
def draw_trajectory(kpi: str, body: dict[str, Any]) -> Any:
    """Draw a trajectory through points, or from the baseline to the target, and record its values.

    Takes the role project_manager or benefit_owner. With `preview` the values are told and nothing is
    recorded; without, it is refused once a gate has frozen the baseline. What reviews say of forecasts
    of the KPI's category and owner comes with it; with `adjust` the plan is taken as they adjust it.
    """
    asked = Asked(
        Shape(body["shape"]),
        [Point(each["day"], each["value"]) for each in body.get("points", ())],
        body.get("from"),
        body.get("to"),
        By(body["adjust"]) if "adjust" in body else None,
    )
    record = not body.get("preview", False)
    return draw(runtime(), actor(), kpi, asked, record=record, now=now())


def _rated(kpi: Record) -> Record:
    return with_rag(runtime(), [kpi], now=now())[0]
