"""Reviews: what came of a project, months after its rollout."""

from typing import Any

from flask import url_for

from govern.domain.token_scope import TokenScope
from govern.services import reviews as use
from govern.services.dossiers import dossier
from govern.services.review_signature import sign
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.dossiers import Dossier, ProjectDossierQuery
from govern.web.schemas.reviews import (
    DecidedReview,
    DossierQuery,
    NewAnswer,
    NewReview,
    NewSignature,
    Review,
    ReviewChange,
    ReviewPage,
    ReviewQuery,
)
from govern.web.site import actor, now, runtime
from govern.web.version import tagged

reviews = Resource(
    "reviews", "What came of projects, months after their rollout.", writes=TokenScope.PLAN
)


@reviews.read("/projects/<id:project>/dossier", Dossier, query=ProjectDossierQuery, past=True)
def get_project_dossier(project: str, query: dict[str, Any]) -> Any:
    """Read what came of a project: value, cost, time, decisions, recommendations and scope changes."""
    return dossier(runtime(), actor(), project, **query, now=now())


@reviews.write(
    "POST",
    "/projects/<id:project>/reviews",
    Review,
    body=NewReview,
    status=201,
    headers=["ETag", "Location"],
)
def open_review(project: str, body: dict[str, Any]) -> Any:
    """Open a review before the workflow does, from the rollout on.

    Takes the role project_manager or sponsor on the project. 409 while one is open.
    """
    made = use.open_review(runtime(), actor(), project, now=now())
    return tagged(made, Location=url_for("reviews.get_review", review=made["id"]))


@reviews.read(
    "/projects/<id:project>/reviews", ReviewPage, query=ReviewQuery, headers=["Link"], past=True
)
def list_project_reviews(project: str, query: dict[str, Any]) -> Any:
    """List the reviews of a project, the newest first."""
    page = page_request(query)
    return page_answer(use.list_reviews(runtime(), actor(), page, project=project, **query))


@reviews.read("/reviews", ReviewPage, query=ReviewQuery, headers=["Link"], past=True)
def list_reviews(query: dict[str, Any]) -> Any:
    """List the reviews of all projects that you may see, the newest first."""
    page = page_request(query)
    return page_answer(use.list_reviews(runtime(), actor(), page, **query))


@reviews.read("/reviews/<number:review>", Review, past=True)
def get_review(review: int) -> Any:
    """Read a review: its draft, survey and KPIs, the rating that the figures suggest, what it lacks."""
    return tagged(use.get_review(runtime(), actor(), review, now=now()))


@reviews.read("/reviews/<number:review>/dossier", Dossier, query=DossierQuery, past=True)
def get_review_dossier(review: int, query: dict[str, Any]) -> Any:
    """Read what a review rests on: as it is now, or as it was frozen with the signature."""
    return use.get_dossier(runtime(), actor(), review, **query, now=now())


@reviews.write(
    "PATCH",
    "/reviews/<number:review>",
    Review,
    body=ReviewChange,
    versioned=True,
    headers=["ETag"],
)
def change_review(review: int, body: dict[str, Any], version: int) -> Any:
    """Write the fields that are named, and what becomes of the KPIs that are.

    `If-Match` names its version. Takes the role project_manager, or one that may sign. Whoever writes
    does not sign.
    """
    return tagged(use.change(runtime(), actor(), review, body, version=version, now=now()))


@reviews.write(
    "POST",
    "/reviews/<number:review>/answers",
    Review,
    body=NewAnswer,
    status=201,
    headers=["ETag"],
    scope=TokenScope.DECIDE,
)
def answer_review(review: int, body: dict[str, Any]) -> Any:
    """Answer a question of the survey, in a role that it is asked of; again to answer otherwise."""
    return tagged(use.answer(runtime(), actor(), review, **body, now=now()))


@reviews.write(
    "POST",
    "/reviews/<number:review>/signature",
    DecidedReview,
    body=NewSignature,
    status=201,
    versioned=True,
    headers=["ETag"],
    scope=TokenScope.DECIDE,
)
def sign_review(review: int, body: dict[str, Any], version: int) -> Any:
    """Sign a review off: its dossier is frozen with it.

    `If-Match` names its version. Takes a role that the workflow lets sign; whoever opened it or wrote in
    it never does. 422 with everything that is missing.
    """
    return tagged(sign(runtime(), actor(), review, **body, version=version, now=now()))
