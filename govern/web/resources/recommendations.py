"""Recommendations: list, read, answer."""

from typing import Any

from govern.domain.recommendation import RecommendationStatus, RejectedBecause
from govern.domain.token_scope import TokenScope
from govern.services import recommendations as use
from govern.services.recommendation_done import report_done
from govern.services.recommendation_summary import by_project
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.recommendations import (
    Answer,
    AnsweredRecommendation,
    Implementation,
    ProjectRecommendationsPage,
    ProjectRecommendationsQuery,
    Recommendation,
    RecommendationPage,
    RecommendationQuery,
)
from govern.web.site import actor, now, runtime
from govern.web.version import tagged, unless_known

recommendations = Resource(
    "recommendations", "What firing rules propose to change.", writes=TokenScope.DECIDE
)

_STATUS = {
    "accept": RecommendationStatus.ACCEPTED,
    "reject": RecommendationStatus.REJECTED,
    "defer": RecommendationStatus.DEFERRED,
}


@recommendations.read(
    "/recommendations", RecommendationPage, query=RecommendationQuery, headers=["Link"], past=True
)
def list_recommendations(query: dict[str, Any]) -> Any:
    """List recommendations, the newest first."""
    page = page_request(query)
    return page_answer(use.list_recommendations(runtime(), actor(), page, now=now(), **query))


@recommendations.read(
    "/recommendations/by-project",
    ProjectRecommendationsPage,
    query=ProjectRecommendationsQuery,
    headers=["Link"],
    past=True,
)
def list_recommendations_by_project(query: dict[str, Any]) -> Any:
    """Tell for each project how many recommendations wait, how bad, for whom, and by when."""
    page = page_request(query)
    return page_answer(by_project(runtime(), actor(), page, now=now(), **query))


@recommendations.read(
    "/recommendations/<number:recommendation>",
    Recommendation,
    past=True,
)
def get_recommendation(recommendation: int) -> Any:
    """Read a recommendation, with the numbers that fired it."""
    return unless_known(use.get_recommendation(runtime(), actor(), recommendation, now=now()))


@recommendations.write(
    "POST",
    "/recommendations/<number:recommendation>/answers",
    AnsweredRecommendation,
    body=Answer,
    versioned=True,
    headers=["ETag"],
)
def answer_recommendation(recommendation: int, body: dict[str, Any], version: int) -> Any:
    """Accept, reject or defer, with a reason.

    `If-Match` names the version of the recommendation. Takes the role that the rule names as
    decider. A deferral says until when. A rejection may say why in a word that is counted per rule, and
    what is accepted may be an alternative to what the rule recommends.
    """
    because = body.get("rejected_because")
    answered = use.answer(
        runtime(),
        actor(),
        recommendation,
        status=_STATUS[body["answer"]],
        reason=body["reason"],
        deferred_until=body.get("deferred_until"),
        rejected_because=None if because is None else RejectedBecause(because),
        alternative=body.get("alternative"),
        version=version,
        now=now(),
    )
    return tagged(answered)


@recommendations.write(
    "POST",
    "/recommendations/<number:recommendation>/implementation",
    AnsweredRecommendation,
    body=Implementation,
    versioned=True,
    headers=["ETag"],
    scope=TokenScope.PLAN,
)
def implement_recommendation(recommendation: int, body: dict[str, Any], version: int) -> Any:
    """Report that what was accepted is done, without a scope change.

    `If-Match` names the version of the recommendation. Takes the role project_manager on the project, or
    the one that answers the recommendation. With `effects`, what it brings is measured later against
    what is forecast now.
    """
    done = report_done(runtime(), actor(), recommendation, **body, version=version, now=now())
    return tagged(done)
