"""Delegations: letting a colleague vote for you while you are away."""

from typing import Any

from flask import url_for

from govern.domain.token_scope import TokenScope
from govern.services import delegations as use
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.delegations import (
    Delegation,
    DelegationPage,
    DelegationQuery,
    NewDelegation,
    Revocation,
)
from govern.web.site import actor, now, runtime
from govern.web.version import tagged

delegations = Resource(
    "delegations", "Who votes for whom, from when until when.", writes=TokenScope.DECIDE
)


@delegations.write(
    "POST",
    "/delegations",
    Delegation,
    body=NewDelegation,
    status=201,
    headers=["ETag", "Location"],
)
def delegate(body: dict[str, Any]) -> Any:
    """Let a colleague vote for you, in your roles, from one day to another.

    It covers all gates where you vote, or those that `portfolio`, `project` and `gate` name. It is
    not handed on, and never lets somebody decide what they or you submitted.
    """
    made = use.delegate(
        runtime(),
        actor(),
        to=body["to"],
        of=body.get("of"),
        starts_on=body["starts_on"],
        ends_on=body["ends_on"],
        reason=body["reason"],
        portfolio=body.get("portfolio"),
        project=body.get("project"),
        gate=body.get("gate"),
        now=now(),
    )
    return tagged(made, Location=url_for("delegations.get_delegation", delegation=made["id"]))


@delegations.read("/delegations", DelegationPage, query=DelegationQuery, headers=["Link"])
def list_delegations(query: dict[str, Any]) -> Any:
    """List delegations from and to you, the newest first; all of them for admin and auditor."""
    return page_answer(use.list_delegations(runtime(), actor(), page_request(query)))


@delegations.read("/delegations/<number:delegation>", Delegation)
def get_delegation(delegation: int) -> Any:
    """Read a delegation."""
    return tagged(use.get_delegation(runtime(), actor(), delegation))


@delegations.write(
    "POST",
    "/delegations/<number:delegation>/revoke",
    Delegation,
    body=Revocation,
    versioned=True,
    headers=["ETag"],
)
def revoke_delegation(delegation: int, body: dict[str, Any], version: int) -> Any:
    """End a delegation at once. Votes that were cast stay.

    `If-Match` names its version. For whose votes it is, or an administrator.
    """
    revoked = use.revoke(
        runtime(), actor(), delegation, reason=body["reason"], version=version, now=now()
    )
    return tagged(revoked)
