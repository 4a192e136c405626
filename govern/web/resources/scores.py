"""Scores: what people give the criteria that no condition can tell."""

from typing import Any

from govern.domain.role import Role
from govern.domain.token_scope import TokenScope
from govern.services import scores as use
from govern.web.resource import Resource
from govern.web.schemas.gates import Submission
from govern.web.schemas.scores import NewScore
from govern.web.site import actor, now, runtime
from govern.web.version import tagged

scores = Resource("scores", "Scoring the criteria that people judge.", writes=TokenScope.DECIDE)


@scores.write(
    "POST",
    "/submissions/<number:submission>/scores",
    Submission,
    body=NewScore,
    status=201,
    versioned=True,
    headers=["ETag"],
)
def score_criterion(submission: int, body: dict[str, Any], version: int) -> Any:
    """Score a criterion of an open submission from 0 to 10.

    `If-Match` names the version of the submission. Takes a role of your own that the criterion
    names; whoever submitted never scores. Score again to correct yours: the newest counts. The
    submission is judged again at once, and votes that were cast before may be asked for again.
    """
    role = body.get("role")
    scored = use.score(
        runtime(),
        actor(),
        submission,
        criterion=body["criterion"],
        given=body["score"],
        note=body.get("note"),
        role=None if role is None else Role(role),
        version=version,
        now=now(),
    )
    return tagged(scored)
