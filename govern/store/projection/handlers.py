"""Which function projects which kind of event."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from govern.store.projection import (
    benefits,
    distribution,
    effects,
    gates,
    lessons,
    news,
    people,
    projects,
    rates,
    reviews,
    rules,
    scope,
    sources,
)
from govern.store.projection.fact import Fact, NotProjectable
from govern.store.projection.rows import Rows

Handler = Callable[[Rows, Fact], None]

HANDLERS: Final[Mapping[str, Handler]] = {
    "portfolio.added": people.portfolio_added,
    "person.added": people.person_added,
    "person.erased": people.person_erased,
    "role.granted": people.role_granted,
    "role.revoked": people.role_revoked,
    "token.issued": people.token_issued,
    "token.revoked": people.token_revoked,
    "delegation.given": people.delegation_given,
    "delegation.revoked": people.delegation_revoked,
    "separation.switched": people.separation_switched,
    "source.pulled": sources.source_pulled,
    "report_schedule.added": distribution.schedule_added,
    "report_schedule.moved_on": distribution.schedule_moved_on,
    "report_schedule.ended": distribution.schedule_ended,
    "workflow.recorded": rules.workflow_recorded,
    "rulebook.proposed": rules.rulebook_proposed,
    "rulebook.published": rules.rulebook_published,
    "sweep.recorded": rules.sweep_recorded,
    "findings.recorded": rules.findings_recorded,
    "recommendation.proposed": rules.recommendation_proposed,
    "recommendation.accepted": rules.recommendation_answered,
    "recommendation.rejected": rules.recommendation_answered,
    "recommendation.deferred": rules.recommendation_answered,
    "recommendation.cleared": rules.recommendation_cleared,
    "recommendation.superseded": rules.recommendation_moved,
    "recommendation.expired": rules.recommendation_moved,
    "recommendation.resumed": rules.recommendation_moved,
    "recommendation.raised": rules.recommendation_moved,
    "recommendation.implemented": rules.recommendation_moved,
    "recommendation.effective": rules.recommendation_moved,
    "recommendation.ineffective": rules.recommendation_moved,
    "project.added": projects.project_added,
    "project.changed": projects.project_changed,
    "project.migrated": projects.project_migrated,
    "stage.moved": projects.stage_moved,
    "baseline.frozen": scope.baseline_frozen,
    "baseline.kept": scope.baseline_kept,
    "scope_change.proposed": scope.proposed,
    "scope_change.amended": scope.amended,
    "scope_change.voted": scope.voted,
    "scope_change.decided": scope.decided,
    "scope_change.applied": scope.applied,
    "scope_change.withdrawn": scope.withdrawn,
    "effect.named": effects.named,
    "effect.replaced": effects.replaced,
    "effect.dropped": effects.dropped,
    "effect.begun": effects.begun,
    "effect.measured": effects.measured,
    "kpi.added": projects.kpi_added,
    "kpi.changed": projects.kpi_changed,
    "readings.recorded": projects.readings_recorded,
    "readings.validated": projects.readings_validated,
    "plan.recorded": projects.plan_recorded,
    "rates.recorded": rates.rates_recorded,
    "deliverable.added": projects.deliverable_added,
    "deliverable.changed": projects.deliverable_changed,
    "objective.added": benefits.objective_added,
    "objective.changed": benefits.objective_changed,
    "outcome.added": benefits.outcome_added,
    "outcome.changed": benefits.outcome_changed,
    "gate.submitted": gates.submitted,
    "gate.judged": gates.judged,
    "gate.rejudged": gates.rejudged,
    "vote.cast": gates.vote_cast,
    "gate.decided": gates.decided,
    "gate.escalated": gates.escalated,
    "gate.expired": gates.expired,
    "gate.withdrawn": gates.withdrawn,
    "gate.confirmed": gates.confirmed,
    "gate.lapsed": gates.lapsed,
    "condition.set": gates.condition_set,
    "condition.closed": gates.condition_closed,
    "criterion.scored": gates.scored,
    "waiver.granted": gates.waiver_granted,
    "waiver.revoked": gates.waiver_revoked,
    "evidence.kept": gates.evidence_kept,
    "lesson.added": lessons.added,
    "lesson.changed": lessons.changed,
    "lesson.withdrawn": lessons.withdrawn,
    "review.opened": reviews.opened,
    "review.changed": reviews.changed,
    "review.answered": reviews.answered,
    "review.signed": reviews.signed,
    "notice.sent": gates.notice_sent,
    "webhook.added": news.webhook_added,
    "webhook.changed": news.webhook_changed,
    "webhook.rotated": news.webhook_changed,
    "webhook.paused": news.webhook_paused,
    "webhook.resumed": news.webhook_resumed,
    "webhook.disabled": news.webhook_disabled,
    "webhook.ended": news.webhook_ended,
    "mail.chosen": news.mail_chosen,
}

STATELESS: Final = frozenset(
    {
        # What was refused, and what another event of the same transaction writes.
        "score.refused",
        "vote.refused",
        "validation.refused",
        "waiver.refused",
        "scope_change.refused",
        "review.refused",
        "rulebook.refused",
        "gate.reminded",
        "evidence.added",
        # What became of a report that was to be sent.
        "report.sent",
        "report.not_sent",
        # Who came in, and how: links and sessions are secrets that go, and no state.
        "sign_in_link.issued",
        "session.started",
        "session.ended",
        "identity.linked",
        # What concerns the ledger itself.
        "personal.read",
        "key.recorded",
        "key.rotated",
        "log.restarted",
        "heads.sealed",
    }
)
"""Kinds of events that change no row of a state table."""


def apply(rows: Rows, facts: Iterable[Fact]) -> None:
    """Writes what each event says, in the order of its chain.

    Raises NotProjectable for an event that does not say what its rows hold.
    """
    for fact in facts:
        handler = HANDLERS.get(fact.kind)
        if handler is None:
            if fact.kind not in STATELESS:
                raise NotProjectable(fact, "is of a kind that this version does not know")
            continue
        try:
            handler(rows, fact)
        except KeyError as missing:
            why = f"does not say {missing}: it was written before events told all"
            raise NotProjectable(fact, why) from missing
