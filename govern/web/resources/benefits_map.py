"""The benefits map of a project, as data and as drawings."""

from typing import Any

from flask import Response

from govern.services import benefits_map as use
from govern.web.resource import Resource
from govern.web.schemas.benefits import BenefitsMap
from govern.web.site import actor, runtime

benefits_map = Resource(
    "benefits-map", "From deliverables by way of outcomes to KPIs and strategic objectives."
)


@benefits_map.read("/projects/<id:project>/benefits-map", BenefitsMap, past=True)
def get_benefits_map(project: str) -> Any:
    """Read a project's benefits map: links with their shares, what follows from them, what is wrong."""
    return use.benefits_map(runtime(), actor(), project)


@benefits_map.download(
    "/projects/<id:project>/benefits-map.svg", types=["image/svg+xml"], past=True
)
def draw_benefits_map(project: str) -> Response:
    """Draw a project's benefits map as SVG."""
    drawn = use.draw_svg(runtime(), actor(), project)
    answer = Response(drawn, mimetype="image/svg+xml")
    # A drawing, whatever else a browser might take it for.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer


@benefits_map.download("/projects/<id:project>/benefits-map.mmd", types=["text/plain"], past=True)
def write_benefits_map(project: str) -> Response:
    """Write a project's benefits map as a Mermaid flowchart."""
    return Response(use.draw_mermaid(runtime(), actor(), project), mimetype="text/plain")
