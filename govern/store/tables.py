"""The tables, as SQLAlchemy Core sees them. Migrations hold the same shape as frozen history.

Projects, KPIs and deliverables are named by the organisation's own ids. Readings, planned values,
events and blobs are only ever added to; everything else carries a `version` that a write must name.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from govern.store.types import Exact, Json, UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# --- people -----------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
)

token = Table(
    "token",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    Column("sha256", Text, nullable=False, unique=True),
    Column("label", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Index(None, "person_id"),
)

role_grant = Table(
    "role_grant",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("portfolio_id", Text, ForeignKey("portfolio.id")),
    Column("project_id", Text, ForeignKey("project.id")),
    Column("granted_by", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("until", UtcTime),
    Column("revoked_at", UtcTime),
    Index(None, "person_id"),
    Index(None, "project_id"),
)

# --- what is governed -------------------------------------------------------------------------

portfolio = Table(
    "portfolio",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
)

workflow_revision = Table(
    "workflow_revision",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("workflow_id", Text, nullable=False),
    Column("workflow_version", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "workflow_id"),
)

project = Table(
    "project",
    metadata,
    Column("id", Text, primary_key=True),
    Column("portfolio_id", Text, ForeignKey("portfolio.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("owner", Text),
    Column("department", Text),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("budget", Exact),
    Column("spent", Exact),
    Column("status_text", Text),
    Column("objective", Text),
    Column("tags", Json, nullable=False),
    Column("workflow_digest", Text, ForeignKey("workflow_revision.digest"), nullable=False),
    Column("stage", Text, nullable=False),
    Column("held_from", Text),
    Column("baseline_frozen_at", UtcTime),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "portfolio_id"),
    Index(None, "stage"),
)

stage_move = Table(
    "stage_move",
    metadata,
    Column("project_id", Text, ForeignKey("project.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("from_stage", Text),
    Column("to_stage", Text, nullable=False),
    Column("since", Date),
    Column("recorded_at", UtcTime, nullable=False),
)

kpi = Table(
    "kpi",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("category", Text),
    Column("unit", Text),
    Column("direction", Text),
    Column("baseline", Exact),
    Column("baseline_on", Date),
    Column("target", Exact),
    Column("target_on", Date),
    Column("tolerance", Exact),
    Column("weight", Exact, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("owner", Text),
    Column("source", Text),
    Column("aggregation", Text, nullable=False),
    Column("cumulative", Boolean, nullable=False),
    Column("disbenefit", Boolean, nullable=False),
    Column("reporting_lag_days", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "project_id"),
    Index(None, "category"),
)

planned_value = Table(
    "planned_value",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kpi_id", Text, ForeignKey("kpi.id"), nullable=False),
    Column("period", Date, nullable=False),
    Column("planned", Exact, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Index(None, "kpi_id", "period", "id"),
)

reading = Table(
    "reading",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kpi_id", Text, ForeignKey("kpi.id"), nullable=False),
    Column("period", Date, nullable=False),
    Column("actual", Exact),
    Column("reported_on", Date),
    Column("note", Text),
    Column("recorded_at", UtcTime, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Index(None, "kpi_id", "period", "id"),
)

deliverable = Table(
    "deliverable",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("owner", Text),
    Column("state", Text, nullable=False),
    Column("due", Date),
    Column("done_on", Date),
    Column("cost", Exact),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "project_id"),
)

deliverable_kpi = Table(
    "deliverable_kpi",
    metadata,
    Column("deliverable_id", Text, ForeignKey("deliverable.id"), primary_key=True),
    Column("kpi_id", Text, ForeignKey("kpi.id"), primary_key=True),
    Column("contribution", Exact),
    Index(None, "kpi_id"),
)

# --- gates ------------------------------------------------------------------------------------

submission = Table(
    "submission",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("gate", Text, nullable=False),
    Column("iteration", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("submitted_by", Text, ForeignKey("person.id"), nullable=False),
    Column("note", Text),
    Column("evidence", Json, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("facts_digest", Text, ForeignKey("blob.digest"), nullable=False),
    Column("rulebook_digest", Text),
    Column("workflow_digest", Text, nullable=False),
    Column("results", Json, nullable=False),
    Column("advice", Text, nullable=False),
    Column("advice_because", Json, nullable=False),
    Column("decide_by", Date),
    Column("decision", Text),
    Column("decided_at", UtcTime),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("project_id", "gate", "iteration"),
    Index(None, "state"),
)

vote = Table(
    "vote",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", Integer, ForeignKey("submission.id"), nullable=False),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("override_reason", Text),
    Column("conditions", Json, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("submission_id", "person_id"),
)

condition = Table(
    "condition",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("submission_id", Integer, ForeignKey("submission.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("evidence", Text),
    Column("closed_by", Text, ForeignKey("person.id")),
    Column("closed_at", UtcTime),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "project_id"),
)

# --- rules ------------------------------------------------------------------------------------

rulebook_proposal = Table(
    "rulebook_proposal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, ForeignKey("blob.digest"), nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("digest"),
)

rulebook_revision = Table(
    "rulebook_revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, ForeignKey("blob.digest"), nullable=False),
    Column("published_by", Text, nullable=False),
    Column("note", Text),
    Column("recorded_at", UtcTime, nullable=False),
)

sweep = Table(
    "sweep",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("facts_digest", Text, nullable=False),
    Column("outcome_digest", Text, nullable=False),
    Column("counts", Json, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "as_of"),
)

finding = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule_id", Text, nullable=False),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("kpi_id", Text, ForeignKey("kpi.id")),
    Column("period", Date, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("streak", Integer, nullable=False),
    Column("severity", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("observed", Json, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("facts_digest", Text, ForeignKey("blob.digest"), nullable=False),
    Column("snoozed", Json),
    Column("withheld", Boolean, nullable=False, server_default=false()),
    Column("sweep_id", Integer, ForeignKey("sweep.id"), nullable=False),
    Index(None, "project_id", "as_of"),
    Index(None, "sweep_id"),
    Index(None, "rule_id"),
    Index(None, "state"),
)

recommendation = Table(
    "recommendation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("kpi_id", Text, ForeignKey("kpi.id")),
    Column("rule_id", Text, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("facts_digest", Text, ForeignKey("blob.digest"), nullable=False),
    Column("period", Date, nullable=False),
    Column("action", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("proposal", Json, nullable=False),
    Column("observed", Json, nullable=False),
    Column("status", Text, nullable=False),
    Column("decided_by_role", Text, nullable=False),
    Column("decide_by", Date),
    Column("answered_by", Text, ForeignKey("person.id")),
    Column("answered_at", UtcTime),
    Column("reason", Text),
    Column("deferred_until", Date),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "project_id"),
    Index(None, "status"),
    Index(None, "rule_id"),
)

# --- the ledger -------------------------------------------------------------------------------

event = Table(
    "event",
    metadata,
    Column("project", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("prev", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("leaf", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "kind"),
)

chain = Table(
    "chain",
    metadata,
    Column("project", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("head", Text, nullable=False),
)

blob = Table(
    "blob",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
)
