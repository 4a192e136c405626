"""The tables, as SQLAlchemy Core sees them. Migrations hold the same shape as frozen history.

Projects, KPIs and deliverables are named by the organisation's own ids. Readings and their
validations, planned values, versions of the agreed plan, exchange rates, switched separations, events
and blobs are only ever added to; everything else carries a `version` that a write must name.
"""

from govern.store.tables.base import metadata
from govern.store.tables.benefits import (
    deliverable_outcome,
    kpi_objective,
    objective,
    outcome,
    outcome_link,
)
from govern.store.tables.distribution import delivery, report_schedule
from govern.store.tables.gates import (
    condition,
    delegation,
    evidence_file,
    notice,
    score,
    submission,
    vote,
    waiver,
)
from govern.store.tables.governed import (
    deliverable,
    deliverable_kpi,
    kpi,
    planned_value,
    portfolio,
    project,
    reading,
    reading_validation,
    stage_move,
    workflow_revision,
)
from govern.store.tables.ledger import (
    blob,
    chain,
    event,
)
from govern.store.tables.log import (
    checkpoint,
    checkpoint_timestamp,
    cosignature,
    log_entry,
    log_tile,
    sealed_chain,
)
from govern.store.tables.news import (
    mail_choice,
    news_delivery,
    news_lane,
    news_try,
    notice_mail,
    relayed_chain,
    turn,
    webhook,
    webhook_health,
)
from govern.store.tables.people import (
    person,
    person_identity,
    person_session,
    rate_window,
    role_grant,
    sign_in_attempt,
    sign_in_link,
    token,
    token_use,
)
from govern.store.tables.personal import personal
from govern.store.tables.reviews import (
    expected_effect,
    lesson,
    lesson_shown,
    review,
    review_answer,
    review_kpi,
)
from govern.store.tables.rules import (
    finding,
    recommendation,
    rulebook_proposal,
    rulebook_revision,
    sweep,
    sweep_base,
    swept_input,
    swept_project,
)
from govern.store.tables.scope import baseline_version, scope_change, scope_change_vote
from govern.store.tables.separation import separation_switch
from govern.store.tables.sources import exchange_rate, idempotency_key, source_pull, waiting_file

__all__ = [
    "baseline_version",
    "blob",
    "chain",
    "checkpoint",
    "checkpoint_timestamp",
    "condition",
    "cosignature",
    "delegation",
    "deliverable",
    "deliverable_kpi",
    "deliverable_outcome",
    "delivery",
    "event",
    "evidence_file",
    "exchange_rate",
    "expected_effect",
    "finding",
    "idempotency_key",
    "kpi",
    "kpi_objective",
    "lesson",
    "lesson_shown",
    "log_entry",
    "log_tile",
    "mail_choice",
    "metadata",
    "news_delivery",
    "news_lane",
    "news_try",
    "notice",
    "notice_mail",
    "objective",
    "outcome",
    "outcome_link",
    "person",
    "person_identity",
    "person_session",
    "personal",
    "planned_value",
    "portfolio",
    "project",
    "rate_window",
    "reading",
    "reading_validation",
    "recommendation",
    "relayed_chain",
    "report_schedule",
    "review",
    "review_answer",
    "review_kpi",
    "role_grant",
    "rulebook_proposal",
    "rulebook_revision",
    "scope_change",
    "scope_change_vote",
    "score",
    "sealed_chain",
    "separation_switch",
    "sign_in_attempt",
    "sign_in_link",
    "source_pull",
    "stage_move",
    "submission",
    "sweep",
    "sweep_base",
    "swept_input",
    "swept_project",
    "token",
    "token_use",
    "turn",
    "vote",
    "waiting_file",
    "waiver",
    "webhook",
    "webhook_health",
    "workflow_revision",
]
