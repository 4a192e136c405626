"""What is governed: portfolios, projects, KPIs and their values, deliverables."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from govern.store.tables.base import metadata
from govern.store.types import Exact, Json, UtcTime

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
    Column("resume_on", Date),
    Column("resume_when", Text),
    Column("held_by_lapse", Boolean, nullable=False, server_default=false()),
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
    Column("description", Text),
    Column("currency", Text),
    Column("scale", Exact, nullable=False, server_default=text("'1'")),
    Column("baseline_source", Text),
    Column("tolerance_red", Exact),
    Column("tolerance_in", Text, nullable=False, server_default=text("'share'")),
    Column("department", Text),
    Column("calculation", Text),
    Column("cashable", Boolean),
    Column("attribution", Exact),
    Column("template", Text),
    Column("formula", Text),
    Column("inputs", Json, nullable=False, server_default=text("'{}'")),
    Column("part_of", Text),
    Column("calendar", Text),
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
    Column("reason", Text),
    Column("confidence", Text),
    Column("link", Text),
    Column("origin", Text),
    Column("recorded_at", UtcTime, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Index(None, "kpi_id", "period", "id"),
)

reading_validation = Table(
    "reading_validation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reading_id", Integer, ForeignKey("reading.id"), nullable=False),
    Column("recorded_by", Text, ForeignKey("person.id"), nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("reading_id"),
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
