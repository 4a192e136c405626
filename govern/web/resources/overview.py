"""A portfolio at a glance: how value came, how projects stand, where they wait."""

from typing import Any

from govern.services.curves import realisation_curves
from govern.services.pipeline import pipeline
from govern.services.rating import rag_by_project
from govern.web.resource import Resource
from govern.web.schemas.overview import (
    Curves,
    CurvesQuery,
    Pipeline,
    PortfolioQuery,
    PortfolioRag,
    RagQuery,
)
from govern.web.site import actor, now, runtime

overview = Resource("overview", "A portfolio at a glance.")


@overview.read("/rollup/curves", Curves, query=CurvesQuery, past=True)
def get_curves(query: dict[str, Any]) -> Any:
    """Read how value was planned, came, and is expected to come: the roll-up, point by point in time.

    One curve per currency and kind of amount, about the KPIs whose plan and results are known on the
    day; the others are named beside it.
    """
    return realisation_curves(runtime(), actor(), **query, now=now())


@overview.read("/portfolio/rag", PortfolioRag, query=RagQuery, past=True)
def get_portfolio_rag(query: dict[str, Any]) -> Any:
    """Read how the KPIs of each project stand on a day, as the table `kpi-rag` says."""
    return rag_by_project(runtime(), actor(), **query, now=now())


@overview.read("/portfolio/pipeline", Pipeline, query=PortfolioQuery, past=True)
def get_pipeline(query: dict[str, Any]) -> Any:
    """Read how many projects stand in each stage, since when, and which gates wait for how long."""
    return pipeline(runtime(), actor(), **query, now=now())
