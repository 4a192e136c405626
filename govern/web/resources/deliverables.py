"""Deliverables: list, read, add, change, and tie to the KPIs they serve."""

from typing import Any

from flask import url_for

from govern.domain.token_scope import TokenScope
from govern.services import deliverables as use
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.deliverables import (
    Deliverable,
    DeliverableChange,
    DeliverablePage,
    DeliverableQuery,
    NewDeliverable,
)
from govern.web.site import actor, now, runtime
from govern.web.version import tagged, unless_known

deliverables = Resource(
    "deliverables",
    "What a project delivers, and the KPIs that each serves.",
    writes=TokenScope.PLAN,
)


@deliverables.read(
    "/deliverables", DeliverablePage, query=DeliverableQuery, headers=["Link"], past=True
)
def list_deliverables(query: dict[str, Any]) -> Any:
    """List the deliverables that you may see."""
    page = page_request(query)
    return page_answer(use.list_deliverables(runtime(), actor(), page, **query))


@deliverables.write(
    "POST",
    "/deliverables",
    Deliverable,
    body=NewDeliverable,
    status=201,
    headers=["ETag", "Location"],
)
def add_deliverable(body: dict[str, Any]) -> Any:
    """Add a deliverable to a project, with the KPIs it serves.

    Takes the role project_manager on the project. The shares of one KPI add up to at most 100 %.
    """
    added = use.add_deliverable(runtime(), actor(), body, now=now())
    where = url_for("deliverables.get_deliverable", deliverable=added["id"])
    return tagged(added, Location=where)


@deliverables.read("/deliverables/<id:deliverable>", Deliverable, past=True)
def get_deliverable(deliverable: str) -> Any:
    """Read a deliverable."""
    return unless_known(use.get_deliverable(runtime(), actor(), deliverable))


@deliverables.write(
    "PATCH",
    "/deliverables/<id:deliverable>",
    Deliverable,
    body=DeliverableChange,
    versioned=True,
    headers=["ETag"],
)
def change_deliverable(deliverable: str, body: dict[str, Any], version: int) -> Any:
    """Change the fields that are named; `serves` is replaced as a whole.

    Takes the role project_manager on the project.
    """
    changed = use.change_deliverable(
        runtime(), actor(), deliverable, body, version=version, now=now()
    )
    return tagged(changed)
