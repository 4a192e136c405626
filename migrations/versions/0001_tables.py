"""The tables, in their first shape.

A migration is frozen history: it spells out the types of its day and imports nothing of govern.
"""

from alembic import op
from sqlalchemy import (
    TIMESTAMP,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

EXACT = Numeric().with_variant(Text(), "sqlite")
UTC_TIME = TIMESTAMP(timezone=True).with_variant(Text(), "sqlite")
JSON = JSONB().with_variant(Text(), "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# --- people -----------------------------------------------------------------------------------

Table(
    "person",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
)

Table(
    "token",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("sha256", Text, nullable=False, unique=True),
    Column("label", Text, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
    Column("expires_at", UTC_TIME, nullable=False),
    Column("revoked_at", UTC_TIME),
    Index(None, "person_id"),
)

Table(
    "role_grant",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("portfolio_id", ForeignKey("portfolio.id")),
    Column("project_id", ForeignKey("project.id")),
    Column("granted_by", Text, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
    Column("until", UTC_TIME),
    Column("revoked_at", UTC_TIME),
    Index(None, "person_id"),
    Index(None, "project_id"),
)

# --- what is governed -------------------------------------------------------------------------

Table(
    "portfolio",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
)

Table(
    "workflow_revision",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("workflow_id", Text, nullable=False),
    Column("workflow_version", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
    Index(None, "workflow_id"),
)

Table(
    "project",
    metadata,
    Column("id", Text, primary_key=True),
    Column("portfolio_id", ForeignKey("portfolio.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("owner", Text),
    Column("department", Text),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("budget", EXACT),
    Column("spent", EXACT),
    Column("status_text", Text),
    Column("objective", Text),
    Column("tags", JSON, nullable=False),
    Column("workflow_digest", ForeignKey("workflow_revision.digest"), nullable=False),
    Column("stage", Text, nullable=False),
    Column("held_from", Text),
    Column("baseline_frozen_at", UTC_TIME),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
    Index(None, "portfolio_id"),
    Index(None, "stage"),
)

Table(
    "stage_move",
    metadata,
    Column("project_id", ForeignKey("project.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("from_stage", Text),
    Column("to_stage", Text, nullable=False),
    Column("since", Date),
    Column("recorded_at", UTC_TIME, nullable=False),
)

Table(
    "kpi",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("category", Text),
    Column("unit", Text),
    Column("direction", Text),
    Column("baseline", EXACT),
    Column("baseline_on", Date),
    Column("target", EXACT),
    Column("target_on", Date),
    Column("tolerance", EXACT),
    Column("weight", EXACT, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("owner", Text),
    Column("source", Text),
    Column("aggregation", Text, nullable=False),
    Column("cumulative", Boolean, nullable=False),
    Column("disbenefit", Boolean, nullable=False),
    Column("reporting_lag_days", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
    Index(None, "project_id"),
    Index(None, "category"),
)

Table(
    "planned_value",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kpi_id", ForeignKey("kpi.id"), nullable=False),
    Column("period", Date, nullable=False),
    Column("planned", EXACT, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Index(None, "kpi_id", "period", "id"),
)

Table(
    "reading",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kpi_id", ForeignKey("kpi.id"), nullable=False),
    Column("period", Date, nullable=False),
    Column("actual", EXACT),
    Column("reported_on", Date),
    Column("note", Text),
    Column("recorded_at", UTC_TIME, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Index(None, "kpi_id", "period", "id"),
)

Table(
    "deliverable",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("owner", Text),
    Column("state", Text, nullable=False),
    Column("due", Date),
    Column("done_on", Date),
    Column("cost", EXACT),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
    Index(None, "project_id"),
)

Table(
    "deliverable_kpi",
    metadata,
    Column("deliverable_id", ForeignKey("deliverable.id"), primary_key=True),
    Column("kpi_id", ForeignKey("kpi.id"), primary_key=True),
    Column("contribution", EXACT),
    Index(None, "kpi_id"),
)

# --- gates ------------------------------------------------------------------------------------

Table(
    "submission",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("gate", Text, nullable=False),
    Column("iteration", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("submitted_by", ForeignKey("person.id"), nullable=False),
    Column("note", Text),
    Column("evidence", JSON, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("facts_digest", ForeignKey("blob.digest"), nullable=False),
    Column("rulebook_digest", Text),
    Column("workflow_digest", Text, nullable=False),
    Column("results", JSON, nullable=False),
    Column("advice", Text, nullable=False),
    Column("advice_because", JSON, nullable=False),
    Column("decide_by", Date),
    Column("decision", Text),
    Column("decided_at", UTC_TIME),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
    UniqueConstraint("project_id", "gate", "iteration"),
    Index(None, "state"),
)

Table(
    "vote",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", ForeignKey("submission.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("override_reason", Text),
    Column("conditions", JSON, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
    UniqueConstraint("submission_id", "person_id"),
)

Table(
    "condition",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("submission_id", ForeignKey("submission.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("evidence", Text),
    Column("closed_by", ForeignKey("person.id")),
    Column("closed_at", UTC_TIME),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
    Index(None, "project_id"),
)

# --- rules ------------------------------------------------------------------------------------

Table(
    "rulebook_revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", ForeignKey("blob.digest"), nullable=False),
    Column("published_by", Text, nullable=False),
    Column("note", Text),
    Column("recorded_at", UTC_TIME, nullable=False),
)

Table(
    "sweep",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("facts_digest", Text, nullable=False),
    Column("outcome_digest", Text, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
    Index(None, "as_of"),
)

Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule_id", Text, nullable=False),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("kpi_id", ForeignKey("kpi.id")),
    Column("period", Date, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("streak", Integer, nullable=False),
    Column("severity", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("observed", JSON, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("facts_digest", ForeignKey("blob.digest"), nullable=False),
    Column("sweep_id", ForeignKey("sweep.id"), nullable=False),
    Index(None, "project_id", "as_of"),
    Index(None, "sweep_id"),
    Index(None, "rule_id"),
    Index(None, "state"),
)

Table(
    "recommendation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("kpi_id", ForeignKey("kpi.id")),
    Column("rule_id", Text, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("facts_digest", ForeignKey("blob.digest"), nullable=False),
    Column("period", Date, nullable=False),
    Column("action", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("proposal", JSON, nullable=False),
    Column("observed", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Column("decided_by_role", Text, nullable=False),
    Column("decide_by", Date),
    Column("answered_by", ForeignKey("person.id")),
    Column("answered_at", UTC_TIME),
    Column("reason", Text),
    Column("deferred_until", Date),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
    Index(None, "project_id"),
    Index(None, "status"),
    Index(None, "rule_id"),
)

# --- the ledger -------------------------------------------------------------------------------

Table(
    "event",
    metadata,
    Column("project", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("prev", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("leaf", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
    Index(None, "kind"),
)

Table(
    "chain",
    metadata,
    Column("project", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("head", Text, nullable=False),
)

Table(
    "blob",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("recorded_at", UTC_TIME, nullable=False),
)


def upgrade() -> None:
    metadata.create_all(op.get_bind(), checkfirst=False)


def downgrade() -> None:
    metadata.drop_all(op.get_bind(), checkfirst=False)
