"""Scope changes: changing what was agreed, by a proposal that others decide."""

from typing import Any

from flask import url_for

from govern.domain.decision import Answer
from govern.domain.role import Role
from govern.domain.token_scope import TokenScope
from govern.services import scope_changes as use
from govern.services.raising import raise_scope_change
from govern.services.scope_amending import amend
from govern.services.scope_votes import vote as cast
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.scope_changes import (
    DecidedScopeChange,
    NewScopeChange,
    NewScopeVote,
    RaisedScopeChange,
    ScopeAmendment,
    ScopeChange,
    ScopeChangePage,
    ScopeChangeQuery,
    ScopeEffects,
    ScopePreviewed,
    ScopeWithdrawal,
)
from govern.web.site import actor, now, runtime
from govern.web.version import tagged

scope_changes = Resource(
    "scope-changes", "Changing what a gate has frozen.", writes=TokenScope.PLAN
)


@scope_changes.write(
    "POST",
    "/projects/<id:project>/scope-change-previews",
    ScopeEffects,
    body=ScopePreviewed,
)
def preview_scope_change(project: str, body: dict[str, Any]) -> Any:
    """Tell what changes would do to KPIs, deliverables and the project, and which value is lost or
    gained. Nothing is written.

    Takes the role project_manager on the project.
    """
    return use.preview(runtime(), actor(), project, **body, now=now())


@scope_changes.write(
    "POST",
    "/projects/<id:project>/scope-changes",
    DecidedScopeChange,
    body=NewScopeChange,
    status=201,
    headers=["ETag", "Location"],
)
def propose_scope_change(project: str, body: dict[str, Any]) -> Any:
    """Propose changes of a plan that a gate has frozen.

    Takes the role project_manager on the project. The changes are tried first; the answer says what
    they do and whose votes are needed. Trajectories become the values that they mean.
    """
    made = use.propose(runtime(), actor(), project, **body, now=now())
    where = url_for("scope-changes.get_scope_change", scope_change=made["id"])
    return tagged(made, Location=where)


@scope_changes.read(
    "/projects/<id:project>/scope-changes",
    ScopeChangePage,
    query=ScopeChangeQuery,
    headers=["Link"],
    past=True,
)
def list_scope_changes(project: str, query: dict[str, Any]) -> Any:
    """List the scope changes of a project, the newest first."""
    page = page_request(query)
    found = use.list_scope_changes(runtime(), actor(), page, project=project, **query)
    return page_answer(found)


@scope_changes.read("/scope-changes/<number:scope_change>", ScopeChange, past=True)
def get_scope_change(scope_change: int) -> Any:
    """Read a scope change: what it does, who has voted how, and whose votes are missing."""
    return tagged(use.get_scope_change(runtime(), actor(), scope_change, now=now()))


@scope_changes.write(
    "POST",
    "/recommendations/<number:recommendation>/scope-change",
    DecidedScopeChange,
    body=RaisedScopeChange,
    status=201,
    versioned=True,
    headers=["ETag", "Location"],
)
def raise_from_recommendation(recommendation: int, body: dict[str, Any], version: int) -> Any:
    """Propose as a scope change what was accepted of a recommendation.

    `If-Match` names the version of the recommendation. Takes the role project_manager on the project.
    Without `changes` they are those of the alternative that was accepted, or of the one that is named;
    title and reason are the recommendation's unless given. 409 where one of it waits or was applied.
    """
    made = raise_scope_change(
        runtime(), actor(), recommendation, **body, version=version, now=now()
    )
    where = url_for("scope-changes.get_scope_change", scope_change=made["id"])
    return tagged(made, Location=where)


@scope_changes.write(
    "PATCH",
    "/scope-changes/<number:scope_change>",
    DecidedScopeChange,
    body=ScopeAmendment,
    versioned=True,
    headers=["ETag"],
)
def amend_scope_change(scope_change: int, body: dict[str, Any], version: int) -> Any:
    """Amend a scope change that waits: for whoever has proposed it, and for those who could decide it.

    `If-Match` names its version. Votes on the revision before count no more, and whoever amends it never
    decides it. All its changes are tried anew.
    """
    amended = amend(runtime(), actor(), scope_change, body, version=version, now=now())
    return tagged(amended)


@scope_changes.write(
    "POST",
    "/scope-changes/<number:scope_change>/votes",
    DecidedScopeChange,
    body=NewScopeVote,
    status=201,
    versioned=True,
    headers=["ETag"],
    scope=TokenScope.DECIDE,
)
def vote_on_scope_change(scope_change: int, body: dict[str, Any], version: int) -> Any:
    """Decide a scope change: go, recycle, kill, or abstain, with a reason.

    `If-Match` names its version. Takes a role that decides the gate which freezes the plan; whoever has
    proposed or amended it never does. `on_behalf_of` votes for a colleague who delegated that gate. Once
    the votes suffice for a go, all of it is applied at once, and the next version of the baseline is kept.
    409 where something that it changes is not as it was.
    """
    role = body.get("role")
    voted = cast(
        runtime(),
        actor(),
        scope_change,
        decision=Answer(body["decision"]),
        reason=body["reason"],
        role=None if role is None else Role(role),
        on_behalf_of=body.get("on_behalf_of"),
        version=version,
        now=now(),
    )
    return tagged(voted)


@scope_changes.write(
    "POST",
    "/scope-changes/<number:scope_change>/withdrawal",
    DecidedScopeChange,
    body=ScopeWithdrawal,
    versioned=True,
    headers=["ETag"],
)
def withdraw_scope_change(scope_change: int, body: dict[str, Any], version: int) -> Any:
    """Take a proposal back: for whoever has made it.

    `If-Match` names its version.
    """
    withdrawn = use.withdraw(
        runtime(), actor(), scope_change, reason=body["reason"], version=version, now=now()
    )
    return tagged(withdrawn)
