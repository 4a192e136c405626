"""Gates: submissions, the votes on them, and what a conditional go leaves owed."""

from typing import Any

from flask import url_for

from govern.domain.decision import Answer
from govern.domain.role import Role
from govern.domain.token_scope import TokenScope
from govern.services import conditions, decisions
from govern.services import gates as use
from govern.services.ballots import Ballot
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.gates import (
    ClosedCondition,
    Closing,
    Condition,
    ConditionPage,
    ConditionQuery,
    NewSubmission,
    NewVote,
    Submission,
    SubmissionPage,
    SubmissionQuery,
)
from govern.web.site import actor, now, runtime
from govern.web.version import tagged

gates = Resource(
    "gates", "Putting a project before a gate, and deciding it.", writes=TokenScope.DECIDE
)


@gates.write(
    "POST",
    "/projects/<id:project>/submissions",
    Submission,
    body=NewSubmission,
    status=201,
    versioned=True,
    headers=["ETag", "Location"],
    scope=TokenScope.PLAN,
)
def submit(project: str, body: dict[str, Any], version: int) -> Any:
    """Put a project before a gate, judged on the facts as they are known now.

    `If-Match` names the version of the project. Takes a role that the gate lets submit. The answer
    holds each criterion with the values it saw, the machine's advice, and whose votes are missing.
    """
    made = use.submit(
        runtime(),
        actor(),
        project,
        body["gate"],
        note=body.get("note"),
        provided=body.get("evidence", ()),
        version=version,
        now=now(),
    )
    return tagged(made, Location=url_for("gates.get_submission", submission=made["id"]))


@gates.read("/submissions", SubmissionPage, query=SubmissionQuery, headers=["Link"], past=True)
def list_submissions(query: dict[str, Any]) -> Any:
    """List submissions, the newest first."""
    page = page_request(query)
    return page_answer(use.list_submissions(runtime(), actor(), page, **query))


@gates.read("/submissions/<number:submission>", Submission, past=True)
def get_submission(submission: int) -> Any:
    """Read a submission: criteria, advice, votes, what is missing, conditions."""
    return tagged(use.get_submission(runtime(), actor(), submission, now=now()))


@gates.write(
    "POST",
    "/submissions/<number:submission>/votes",
    Submission,
    body=NewVote,
    status=201,
    versioned=True,
    headers=["ETag"],
)
def vote(submission: int, body: dict[str, Any], version: int) -> Any:
    """Decide: go, conditional_go, recycle, hold, kill, or abstain, with a reason.

    `If-Match` names the version of the submission. Takes a role that decides at the gate; whoever
    submitted never does. A vote against the advice needs `override_reason`, a conditional go needs
    `conditions`; a hold may say when it ends. `on_behalf_of` votes for a colleague who delegated
    the gate. The project moves once the votes suffice; until then the answer says what is missing
    and who can help. 412 where what you saw has changed: `changed` says how.
    """
    role = body.get("role")
    voted = decisions.vote(
        runtime(),
        actor(),
        submission,
        Ballot(
            Answer(body["decision"]),
            body["reason"],
            body.get("override_reason"),
            body.get("conditions", ()),
            body.get("resume_on"),
            body.get("resume_when"),
        ),
        role=None if role is None else Role(role),
        on_behalf_of=body.get("on_behalf_of"),
        version=version,
        now=now(),
    )
    return tagged(voted)


@gates.read("/conditions", ConditionPage, query=ConditionQuery, headers=["Link"], past=True)
def list_conditions(query: dict[str, Any]) -> Any:
    """List what conditional goes left owed, the next due first."""
    page = page_request(query)
    return page_answer(conditions.list_conditions(runtime(), actor(), page, **query))


@gates.read("/conditions/<number:condition>", Condition, past=True)
def get_condition(condition: int) -> Any:
    """Read a condition."""
    return tagged(conditions.get_condition(runtime(), actor(), condition))


@gates.write(
    "POST",
    "/conditions/<number:condition>/close",
    ClosedCondition,
    body=Closing,
    versioned=True,
    headers=["ETag"],
)
def close_condition(condition: int, body: dict[str, Any], version: int) -> Any:
    """Close a condition on the evidence named.

    `If-Match` names the version of the condition. Takes the role sponsor, finance or gatekeeper.
    """
    closed = conditions.close_condition(
        runtime(), actor(), condition, evidence=body["evidence"], version=version, now=now()
    )
    return tagged(closed)
