"""The survey of a review: what the workflow asks people in certain roles, and what they say."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotAllowed
from govern.domain.review import summary
from govern.process.definition import Reviews
from govern.services.ledger import record_event
from govern.store import people, reviews


def answer(
    connection: Connection,
    actor: Actor,
    project: Record,
    found: Record,
    asked: Reviews,
    *,
    question: str,
    score: int | None,
    said: str | None,
    now: datetime,
) -> None:
    """Keeps what somebody answers to a question; their newest answer counts. The caller holds the lock.

    Raises InvalidInput for a question that is not asked and for an answer that says nothing, NotAllowed.
    """
    known = asked.question(question)
    if known is None:
        ids = ", ".join(each.id for each in asked.survey) or "none"
        raise InvalidInput(
            f"The survey does not ask '{question}'.", errors={"question": [f"possible: {ids}"]}
        )
    held = actor.roles_on(project["portfolio"], project["id"])
    if held.isdisjoint(known.of):
        raise NotAllowed(
            f"'{question}' is asked of {', '.join(known.of)} of project {project['id']}.",
            needed=sorted(role.value for role in known.of),
            held=sorted(role.value for role in held),
        )
    if score is None and said is None:
        raise InvalidInput(
            "An answer says something.", errors={"score": ["from 1 to 5, or words in `said`"]}
        )
    values: dict[str, Any] = {"question": question, "score": score, "said": said}
    row = {"review_id": found["id"], "recorded_by": actor.person_id, **values}
    number = reviews.add_answer(connection, row, now)
    told = {"review": found["id"], "answer": number, **values}
    record_event(connection, project["id"], actor, "review.answered", told, now)


def told(connection: Connection, found: Record, asked: Reviews | None) -> list[Record]:
    """Each question with its answers that count, how many gave a score, its median, and how many gave
    1, 2, 3, 4 and 5. What was asked under an earlier workflow version is told, too."""
    given = reviews.answers(connection, found["id"])
    named = people.names(connection, {each["recorded_by"] for each in given})
    questions = {} if asked is None else {each.id: each for each in asked.survey}
    return [
        {
            "question": question,
            "ask": questions[question].ask if question in questions else None,
            "of": [role.value for role in questions[question].of] if question in questions else [],
            **_summed([each["score"] for each in given if each["question"] == question]),
            "answers": [
                {
                    "person_name": named.get(each["recorded_by"]),
                    "score": each["score"],
                    "said": each["said"],
                    "recorded_at": each["recorded_at"],
                }
                for each in given
                if each["question"] == question
            ],
        }
        for question in dict.fromkeys((*questions, *(each["question"] for each in given)))
    ]


def _summed(scores: list[int | None]) -> dict[str, int | Decimal | list[int] | None]:
    found = summary([each for each in scores if each is not None])
    return {"n": found.n, "median": found.median, "distribution": list(found.distribution)}
