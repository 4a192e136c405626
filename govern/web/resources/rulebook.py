"""The rulebook in force, and the revisions that were proposed."""

from typing import Any

from flask import url_for

from govern.domain.token_scope import TokenScope
from govern.services import rulebooks as use
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.rulebooks import (
    NewRevision,
    Publication,
    RevisionPage,
    RevisionQuery,
    RevisionWithFiles,
)
from govern.web.schemas.rules import Rulebook
from govern.web.site import actor, now, runtime
from govern.web.version import tagged, unless_known

rulebook = Resource("rulebook", "The rules by which sweeps judge.", writes=TokenScope.RULES)


@rulebook.read("/rulebook", Rulebook, refuses=(409,), past=True)
def get_rulebook() -> Any:
    """Read the published rulebook: its digest, who published it, and its rules."""
    return unless_known(use.published(runtime()))


@rulebook.read("/rulebook/revisions", RevisionPage, query=RevisionQuery, headers=["Link"])
def list_revisions(query: dict[str, Any]) -> Any:
    """List the rulebooks that were proposed or in force, the newest first."""
    return page_answer(use.list_revisions(runtime(), page_request(query), **query))


@rulebook.write(
    "POST",
    "/rulebook/revisions",
    RevisionWithFiles,
    body=NewRevision,
    status=201,
    headers=["ETag", "Location"],
)
def propose_revision(body: dict[str, Any]) -> Any:
    """Propose rule files as a rulebook. Takes the role rule_author on the whole installation.

    It judges nothing until somebody else publishes it. Files with errors are refused as
    `faulty-rules`, with every problem and its place.
    """
    made = use.propose(runtime(), actor(), body["sources"], note=body["note"], now=now())
    return tagged(made, Location=url_for("rulebook.get_revision", digest=made["digest"]))


@rulebook.read("/rulebook/revisions/<digest:digest>", RevisionWithFiles)
def get_revision(digest: str) -> Any:
    """Read a revision with its files."""
    return unless_known(use.get_revision(runtime(), digest))


@rulebook.write(
    "POST",
    "/rulebook/revisions/<digest:digest>/publish",
    RevisionWithFiles,
    body=Publication,
    versioned=True,
    headers=["ETag"],
)
def publish_revision(digest: str, body: dict[str, Any], version: int) -> Any:
    """Put a revision in force. Takes the role rule_publisher on the whole installation.

    `If-Match` names the version of the revision. Whoever proposed it never publishes it; the attempt
    is recorded. Sweeps judge by it from then on.
    """
    published = use.publish_proposed(
        runtime(), actor(), digest, note=body.get("note"), version=version, now=now()
    )
    return tagged(published)
