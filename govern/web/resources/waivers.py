"""Waivers: letting a project pass without a criterion, for a reason and until a day."""

from typing import Any

from flask import url_for

from govern.domain.token_scope import TokenScope
from govern.services import waiver_list
from govern.services import waivers as use
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.waivers import (
    DecidedWaiver,
    NewWaiver,
    Waiver,
    WaiverPage,
    WaiverQuery,
    WaiverRevocation,
)
from govern.web.site import actor, now, runtime
from govern.web.version import tagged

waivers = Resource(
    "waivers",
    "Which criterion a project need not meet, until when, who says so.",
    writes=TokenScope.DECIDE,
)


@waivers.write(
    "POST",
    "/projects/<id:project>/waivers",
    DecidedWaiver,
    body=NewWaiver,
    status=201,
    headers=["ETag", "Location"],
)
def grant_waiver(project: str, body: dict[str, Any]) -> Any:
    """Waive a criterion of a gate for a project, until a day.

    Takes a role that the gate's `waive` names; whoever has put the project before the gate never
    waives. The criterion reads `waived` from now on, and an open submission is judged again.
    """
    made = use.grant(runtime(), actor(), project, **body, now=now())
    return tagged(made, Location=url_for("waivers.get_waiver", waiver=made["id"]))


@waivers.read("/waivers", WaiverPage, query=WaiverQuery, headers=["Link"], past=True)
def list_waivers(query: dict[str, Any]) -> Any:
    """List waivers, those that have ended too, the newest first."""
    page = page_request(query)
    return page_answer(waiver_list.list_waivers(runtime(), actor(), page, **query, now=now()))


@waivers.read("/waivers/<number:waiver>", Waiver, past=True)
def get_waiver(waiver: int) -> Any:
    """Read a waiver, with what has passed its gate with it."""
    return tagged(waiver_list.get_waiver(runtime(), actor(), waiver, now=now()))


@waivers.write(
    "POST",
    "/waivers/<number:waiver>/revoke",
    DecidedWaiver,
    body=WaiverRevocation,
    versioned=True,
    headers=["ETag"],
)
def revoke_waiver(waiver: int, body: dict[str, Any], version: int) -> Any:
    """End a waiver at once. What has passed with it stays passed.

    `If-Match` names its version. Takes a role that the gate's `waive` names. An open submission is
    judged again.
    """
    revoked = use.revoke(
        runtime(), actor(), waiver, reason=body["reason"], version=version, now=now()
    )
    return tagged(revoked)
