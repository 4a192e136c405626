"""Recommendations: list, read, answer."""

from typing import Any

from govern.domain.recommendation import RecommendationStatus
from govern.services import recommendations as use
from govern.web.examples import ANSWER
from govern.web.pages import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.rules import (
    Answer,
    AnsweredRecommendation,
    Recommendation,
    RecommendationPage,
    RecommendationQuery,
)
from govern.web.site import actor, now, runtime
from govern.web.version import tagged, unless_known

recommendations = Resource("recommendations", "What firing rules propose to change.")

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
    return page_answer(use.list_recommendations(runtime(), actor(), page, **query))


@recommendations.read(
    "/recommendations/<number:recommendation>",
    Recommendation,
    headers=["ETag"],
    known=True,
    past=True,
)
def get_recommendation(recommendation: int) -> Any:
    """Read a recommendation, with the numbers that fired it."""
    return unless_known(use.get_recommendation(runtime(), actor(), recommendation))


@recommendations.write(
    "POST",
    "/recommendations/<number:recommendation>/answers",
    AnsweredRecommendation,
    body=Answer,
    versioned=True,
    headers=["ETag"],
    body_example=ANSWER,
)
def answer_recommendation(recommendation: int, body: dict[str, Any], version: int) -> Any:
    """Accept, reject or defer, with a reason.

    `If-Match` names the version of the recommendation. Takes the role that the rule names as
    decider. A deferral says until when.
    """
    answered = use.answer(
        runtime(),
        actor(),
        recommendation,
        status=_STATUS[body["answer"]],
        reason=body["reason"],
        deferred_until=body.get("deferred_until"),
        version=version,
        now=now(),
    )
    return tagged(answered)
