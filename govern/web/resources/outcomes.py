"""Outcomes: what deliverables bring about, and what that leads to."""

from typing import Any

from flask import url_for

from govern.domain.token_scope import TokenScope
from govern.services import outcomes as use
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.benefits import (
    NewOutcome,
    Outcome,
    OutcomeChange,
    OutcomePage,
    OutcomeQuery,
)
from govern.web.site import actor, now, runtime
from govern.web.version import tagged, unless_known

outcomes = Resource(
    "outcomes", "What deliverables bring about, and the KPIs that it moves.", writes=TokenScope.PLAN
)


@outcomes.read("/outcomes", OutcomePage, query=OutcomeQuery, headers=["Link"], past=True)
def list_outcomes(query: dict[str, Any]) -> Any:
    """List the outcomes that you may see."""
    page = page_request(query)
    return page_answer(use.list_outcomes(runtime(), actor(), page, **query))


@outcomes.write(
    "POST",
    "/outcomes",
    Outcome,
    body=NewOutcome,
    status=201,
    headers=["ETag", "Location"],
)
def add_outcome(body: dict[str, Any]) -> Any:
    """Add an outcome to a project, with the KPIs it serves and the outcomes it leads to.

    Takes the role project_manager on the project. The shares of one KPI or outcome add up to at most
    100 %, and no outcome leads back to itself.
    """
    added = use.add_outcome(runtime(), actor(), body, now=now())
    return tagged(added, Location=url_for("outcomes.get_outcome", outcome=added["id"]))


@outcomes.read("/outcomes/<id:outcome>", Outcome, past=True)
def get_outcome(outcome: str) -> Any:
    """Read an outcome."""
    return unless_known(use.get_outcome(runtime(), actor(), outcome))


@outcomes.write(
    "PATCH",
    "/outcomes/<id:outcome>",
    Outcome,
    body=OutcomeChange,
    versioned=True,
    headers=["ETag"],
)
def change_outcome(outcome: str, body: dict[str, Any], version: int) -> Any:
    """Change the fields that are named; `serves` and `leads_to` are each replaced as a whole.

    Takes the role project_manager on the project.
    """
    changed = use.change_outcome(runtime(), actor(), outcome, body, version=version, now=now())
    return tagged(changed)
