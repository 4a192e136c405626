"""The benefits map beyond deliverables and KPIs: outcomes between them, objectives above them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from govern.store.tables.base import metadata
from govern.store.types import Exact, UtcTime

objective = Table(
    "objective",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("owner", Text),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
)

outcome = Table(
    "outcome",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("owner", Text),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "project_id"),
)

outcome_link = Table(
    "outcome_link",
    metadata,
    Column("outcome_id", Text, ForeignKey("outcome.id")),
    Column("target_kind", Text),
    Column("target_id", Text),
    Column("contribution", Exact),
    PrimaryKeyConstraint("outcome_id", "target_kind", "target_id"),
)

deliverable_outcome = Table(
    "deliverable_outcome",
    metadata,
    Column("deliverable_id", Text, ForeignKey("deliverable.id"), primary_key=True),
    Column("outcome_id", Text, ForeignKey("outcome.id"), primary_key=True),
    Column("contribution", Exact),
    Index(None, "outcome_id"),
)

kpi_objective = Table(
    "kpi_objective",
    metadata,
    Column("kpi_id", Text, ForeignKey("kpi.id"), primary_key=True),
    Column("objective_id", Text, ForeignKey("objective.id"), primary_key=True),
    Column("contribution", Exact),
    Index(None, "objective_id"),
)
