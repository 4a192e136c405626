"""What is due: from whom readings are to come, and by when."""

from typing import Any

from govern.services import reporting as use
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.reporting import DuePage, DueQuery, PunctualityQuery, ReportsOfKpi
from govern.web.site import actor, now, runtime

reporting = Resource("reporting", "Which readings are due, from whom, by when.")


@reporting.read("/readings/due", DuePage, query=DueQuery, headers=["Link"], past=True)
def list_due(query: dict[str, Any]) -> Any:
    """List the KPIs with readings to come, each with its periods that have no figure.

    Of projects whose value is monitored: not before, on hold, or after their end. A reading is due so
    many days after its period's end as the KPI's reporting lag says, or on the next working day.
    """
    page = page_request(query)
    return page_answer(use.list_due(runtime(), actor(), page, **query, now=now()))


@reporting.read("/kpis/<id:kpi>/punctuality", ReportsOfKpi, query=PunctualityQuery, past=True)
def tell_punctuality(kpi: str, query: dict[str, Any]) -> Any:
    """Tell how the last reports of a KPI came: in time, late, or not at all."""
    return use.punctuality(runtime(), actor(), kpi, **query, now=now())
