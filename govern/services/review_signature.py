"""The signature under a review: what is known of the project is frozen with it, and stays."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.plain import plain
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, SeparationOfDuties
from govern.domain.review import Rating, ReviewState
from govern.services import review_follow_up, review_survey, review_view
from govern.services.access import check_version
from govern.services.attempts import recorded_if_refused
from govern.services.dossiers import dossier_of
from govern.services.ledger import keep, record_event
from govern.services.receipts import receipt
from govern.services.reviews import get_review, locked, put, require_open, require_role
from govern.services.rollup import check_currency
from govern.services.runtime import Runtime
from govern.services.working_days import days_of
from govern.store import reviews


def sign(
    runtime: Runtime,
    actor: Actor,
    review_id: int,
    *,
    reason: str | None = None,
    currency: str | None = None,
    version: int | None,
    now: datetime,
) -> Record:
    """Signs a review off, in a role that the workflow names; its dossier is frozen, with money in
    `currency` where it is named. `reason` says why the rating is another than suggested.

    Raises NotFound, NotAllowed, SeparationOfDuties for who opened it or wrote in it, StaleVersion,
    ReviewSigned, and InvalidInput with everything that is missing.
    """
    check_currency(currency)
    tried = {"review": review_id, "reason": reason}
    with (
        recorded_if_refused(runtime, actor, "review.refused", tried, now),
        runtime.store.writing() as connection,
    ):
        found, project, asked = locked(runtime, connection, actor, review_id)
        require_role(actor, project, set(asked.sign))
        require_open(found)
        check_version(found, version)
        if actor.person_id in review_view.writers(connection, found):
            raise SeparationOfDuties(
                "You opened this review or wrote in it: somebody else signs it off, whatever roles you "
                "hold.",
                project=project["id"],
                review=review_id,
            )
        signed = _signed(runtime, connection, actor, project, found, reason, currency, now)
        put(connection, review_id, signed["kpis"])
        values = {
            "state": ReviewState.SIGNED.value,
            "dossier_digest": signed["digest"],
            "signed_by": actor.person_id,
            "signed_at": now,
        }
        reviews.change(connection, review_id, found["version"], values)
        record_event(connection, project["id"], actor, "review.signed", signed, now)
        taken = receipt(runtime, connection, project["id"])
    return {**get_review(runtime, actor, review_id, now=now), "receipt": taken}


def _signed(
    runtime: Runtime,
    connection: Connection,
    actor: Actor,
    project: Record,
    found: Record,
    reason: str | None,
    currency: str | None,
    now: datetime,
) -> dict[str, Any]:
    """What the event says; the content is kept. Raises InvalidInput for what is missing."""
    workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
    today = days_of(runtime, connection, workflow).today(now)
    dossier = dossier_of(runtime, connection, project, min(today, now.date()), currency, now)
    values = [_typed(each) for each in dossier["value"]["kpis"]]
    advice = review_view.suggestion(values)
    kpis = review_follow_up.told(connection, found, values, today)
    missing = review_view.missing_for_signature(found, kpis)
    if missing:
        raise InvalidInput("The review cannot be signed yet.", errors={"review": missing})
    rating = Rating(found["rating"])
    if rating is not advice.rating and not (reason or "").strip():
        raise InvalidInput(
            "The rating is another than the figures suggest.",
            errors={"reason": [f"say why {rating.value}, and not {advice.rating.value}"]},
        )
    content = {
        "format": review_view.FORMAT,
        "review": found["id"],
        "project": project["id"],
        "number": found["number"],
        "rolled_out_on": found["rolled_out_on"],
        "rating": rating,
        "suggested": {"rating": advice.rating, "rate": advice.rate, "why": advice.why},
        **{name: found[name] for name in ("summary", "went_well", "went_badly")},
        "survey": review_survey.told(connection, found, workflow.reviews),
        "kpis": kpis,
        "signature": {
            "by": actor.person_id,
            "at": now,
            "meaning": review_view.MEANING,
            "reason": reason,
        },
        "dossier": dossier,
    }
    digest = keep(connection, plain(content), now)
    return {
        "review": found["id"],
        "number": found["number"],
        "rating": rating.value,
        "suggested": advice.rating.value,
        "reason": reason,
        "digest": digest,
        "kpis": [{name: each[name] for name in ("kpi", *reviews.OF_A_KPI)} for each in kpis],
    }


def _typed(value: Record) -> Record:
    figures = ("promised", "realised", "rate", "weight")
    typed: dict[str, Decimal | None] = {
        name: None if value[name] is None else Decimal(value[name]) for name in figures
    }
    return {**value, **typed}
