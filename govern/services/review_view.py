"""A review as it is read: the draft with what is missing, or what was frozen with its signature."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.instant import read_instant
from govern.domain.record import Record
from govern.domain.review import ReviewState, Suggested, suggested
from govern.process.definition import Reviews
from govern.services import review_follow_up, review_survey
from govern.services.dossier_values import values_of
from govern.services.ledger import kept
from govern.services.runtime import Runtime
from govern.services.working_days import days_of
from govern.store import events, people

FORMAT = "govern/review/v1"
MEANING = "I answer for what this review says came of the project."


def view(
    runtime: Runtime, connection: Connection, found: Record, project: Record, now: datetime
) -> Record:
    workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
    asked = workflow.reviews
    named = people.names(
        connection, {each for each in (found["recorded_by"], found["signed_by"]) if each}
    )
    frozen = content_of(connection, found)
    if frozen is None:
        today = days_of(runtime, connection, workflow).today(now)
        values = values_of(connection, project, today, None).kpis
        advice = suggestion(values)
        told: dict[str, Any] = {
            "suggested": {"rating": advice.rating.value, "rate": advice.rate, "why": advice.why},
            "survey": review_survey.told(connection, found, asked),
            "kpis": review_follow_up.told(connection, found, values, today),
            "reason": None,
            "meaning": None,
        }
        missing = missing_for_signature(found, told["kpis"])
    else:
        told = _typed(frozen)
        told |= {name: frozen["signature"][name] for name in ("reason", "meaning")}
        missing = []
    is_open = found["state"] == ReviewState.OPEN
    return {
        **found,
        **told,
        "opened_by_name": named.get(found["recorded_by"]),
        "signed_by_name": named.get(found["signed_by"]),
        "overdue": is_open and found["due_on"] is not None and found["due_on"] < now.date(),
        "signers": _signers(connection, found, project, asked, now) if is_open and asked else [],
        "missing": missing,
        "receipt": None,
    }


def content_of(connection: Connection, found: Record) -> Record | None:
    """What was frozen with the signature, as plain data; None of a review that is open."""
    digest = found["dossier_digest"]
    return None if digest is None else kept(connection, digest)


def suggestion(values: Sequence[Record]) -> Suggested:
    """By the realisation rates of the KPIs, without disbenefits: more of those is no success."""
    return suggested(
        (each["kpi"], each["rate"], each["weight"]) for each in values if not each["disbenefit"]
    )


def missing_for_signature(found: Record, kpis: Sequence[Record]) -> list[str]:
    """What the review lacks before it can be signed, one sentence each."""
    told = [] if found["rating"] else ["rating: say how the project is rated"]
    if not (found["summary"] or "").strip():
        told.append("summary: say what came of the project")
    return [*told, *(f"{each['kpi']}: {why}" for each in kpis for why in each["missing"])]


def writers(connection: Connection, found: Record) -> set[str]:
    """Who opened the review and who wrote in it: they do not sign it."""
    return {
        found["recorded_by"],
        *(
            each["actor"]
            for each in events.of_kind(connection, found["project"], "review.changed")
            if each["data"]["review"] == found["id"]
        ),
    }


def _signers(
    connection: Connection, found: Record, project: Record, asked: Reviews, now: datetime
) -> list[str]:
    """The names of those who can sign now."""
    out = writers(connection, found)
    able = {
        each["id"]: each["name"]
        for role in asked.sign
        for each in people.holders(connection, role, project["portfolio"], project["id"], now)
        if each["id"] not in out
    }
    return sorted(able.values())


def _typed(frozen: Record) -> dict[str, Any]:
    """What was frozen, with numbers, days and moments instead of their text."""
    return {
        "suggested": {**frozen["suggested"], "rate": _number(frozen["suggested"]["rate"])},
        "survey": [
            {
                **each,
                "median": _number(each["median"]),
                "answers": [
                    {**given, "recorded_at": read_instant(given["recorded_at"])}
                    for given in each["answers"]
                ],
            }
            for each in frozen["survey"]
        ],
        "kpis": [
            {
                **each,
                **{name: _number(each[name]) for name in ("promised", "realised", "rate")},
                "until": _day(each["until"]),
                "before": None
                if each["before"] is None
                else {**each["before"], "until": _day(each["before"]["until"])},
            }
            for each in frozen["kpis"]
        ],
    }


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
