"""Baselines: the versions of a project's agreed plan, alone and side by side."""

from typing import Any

from govern.services import baselines as use
from govern.web.resource import Resource
from govern.web.schemas.plans import Baseline, BaselineVersions, Comparison, ComparisonQuery
from govern.web.site import actor, now, runtime

baselines = Resource("baselines", "The plan as it was agreed, one version after the other.")


@baselines.read("/projects/<id:project>/baselines", BaselineVersions, past=True)
def list_baselines(project: str) -> Any:
    """List the versions of a project's agreed plan; none before a gate has frozen it."""
    return {"items": use.list_baselines(runtime(), actor(), project)}


@baselines.read("/projects/<id:project>/baselines/<number:number>", Baseline, past=True)
def get_baseline(project: str, number: int) -> Any:
    """Read a version: what was agreed of each KPI, and the values that were planned."""
    return use.get_baseline(runtime(), actor(), project, number)


@baselines.read(
    "/projects/<id:project>/baselines/<number:number>/compare",
    Comparison,
    query=ComparisonQuery,
    past=True,
)
def compare_baselines(project: str, number: int, query: dict[str, Any]) -> Any:
    """Hold two versions side by side, and today's results against each of them."""
    return use.compare(runtime(), actor(), project, number, query["with"], now=now())
