"""What value was promised, is realised and is to be expected: forecasts and the roll-up."""

from typing import Any

from govern.services import forecasts as use
from govern.services.rollup import roll_up
from govern.web.resource import Resource
from govern.web.schemas.values import (
    ForecastQuery,
    Forecasts,
    ForecastsQuery,
    OneForecast,
    PortfolioForecastQuery,
    RollUp,
    RollUpQuery,
)
from govern.web.site import actor, now, runtime

values = Resource("value", "What was promised, planned, realised, and what is to be expected.")


@values.read("/rollup", RollUp, query=RollUpQuery, past=True)
def get_rollup(query: dict[str, Any]) -> Any:
    """Read what the projects that you may see come to: portfolio, project, category, KPI.

    With `currency` every sum of money is in it; without it each KPI stays in its own. A KPI that is
    part of another one here, and a composite of others, is shown and not counted. What is unknown is
    no part of a sum and is named beside it.
    """
    return roll_up(runtime(), actor(), **query, now=now())


@values.read("/kpis/<id:kpi>/forecast", OneForecast, query=ForecastQuery, past=True)
def get_kpi_forecast(kpi: str, query: dict[str, Any]) -> Any:
    """Read what a KPI will have come to at completion, how sure that is, and how wrong it was before."""
    return use.kpi_forecast(runtime(), actor(), kpi, **query, now=now())


@values.read("/projects/<id:project>/forecast", Forecasts, query=ForecastsQuery, past=True)
def get_project_forecast(project: str, query: dict[str, Any]) -> Any:
    """Read the forecasts of a project's KPIs, and what they come to together."""
    return use.forecasts(runtime(), actor(), project=project, **query, now=now())


@values.read("/portfolio/forecast", Forecasts, query=PortfolioForecastQuery, past=True)
def get_portfolio_forecast(query: dict[str, Any]) -> Any:
    """Read the forecasts of all KPIs that you may see, and what they come to together."""
    return use.forecasts(runtime(), actor(), **query, now=now())
