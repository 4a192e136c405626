"""The organisation's strategic objectives."""

from typing import Any

from flask import url_for

from govern.domain.token_scope import TokenScope
from govern.services import objectives as use
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.benefits import (
    NewObjective,
    Objective,
    ObjectiveChange,
    ObjectivePage,
    ObjectiveQuery,
)
from govern.web.site import actor, now, runtime
from govern.web.version import tagged, unless_known

objectives = Resource(
    "objectives", "What the organisation strives for, and KPIs support.", writes=TokenScope.PLAN
)


@objectives.read("/objectives", ObjectivePage, query=ObjectiveQuery, headers=["Link"], past=True)
def list_objectives(query: dict[str, Any]) -> Any:
    """List the strategic objectives. Everybody who has signed in may."""
    return page_answer(use.list_objectives(runtime(), page_request(query)))


@objectives.write(
    "POST",
    "/objectives",
    Objective,
    body=NewObjective,
    status=201,
    headers=["ETag", "Location"],
)
def add_objective(body: dict[str, Any]) -> Any:
    """Add a strategic objective. Takes the role admin or sponsor on the whole installation."""
    added = use.add_objective(runtime(), actor(), body, now=now())
    where = url_for("objectives.get_objective", objective=added["id"])
    return tagged(added, Location=where)


@objectives.read("/objectives/<id:objective>", Objective, past=True)
def get_objective(objective: str) -> Any:
    """Read a strategic objective."""
    return unless_known(use.get_objective(runtime(), objective))


@objectives.write(
    "PATCH",
    "/objectives/<id:objective>",
    Objective,
    body=ObjectiveChange,
    versioned=True,
    headers=["ETag"],
)
def change_objective(objective: str, body: dict[str, Any], version: int) -> Any:
    """Change the fields that are named; null empties one.

    Takes the role admin or sponsor on the whole installation.
    """
    changed = use.change_objective(runtime(), actor(), objective, body, version=version, now=now())
    return tagged(changed)
