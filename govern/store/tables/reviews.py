"""What scope changes are expected to bring, reviews of what came of projects, and lessons."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from govern.store.tables.base import metadata
from govern.store.types import Exact, Json, UtcTime

expected_effect = Table(
    "expected_effect",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("scope_change_id", Integer, ForeignKey("scope_change.id")),
    Column("recommendation_id", Integer, ForeignKey("recommendation.id")),
    Column("kpi_id", Text, ForeignKey("kpi.id"), nullable=False),
    Column("size", Exact, nullable=False),
    Column("by_period", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("counterfactual", Exact),
    Column("low", Exact),
    Column("high", Exact),
    Column("model", Text),
    Column("why", Text),
    Column("forecast_at", UtcTime),
    Column("actual", Exact),
    Column("effect", Exact),
    Column("measured_at", UtcTime),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "project_id"),
    Index(None, "state"),
    Index(None, "scope_change_id"),
    Index(None, "recommendation_id"),
)

review = Table(
    "review",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("rolled_out_on", Date),
    Column("due_on", Date),
    Column("rating", Text),
    Column("summary", Text),
    Column("went_well", Text),
    Column("went_badly", Text),
    Column("dossier_digest", Text, ForeignKey("blob.digest")),
    Column("signed_by", Text, ForeignKey("person.id")),
    Column("signed_at", UtcTime),
    Column("recorded_by", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("project_id", "number"),
    Index(None, "state"),
)

review_answer = Table(
    "review_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("review_id", Integer, ForeignKey("review.id"), nullable=False),
    Column("question", Text, nullable=False),
    Column("score", Integer),
    Column("said", Text),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "review_id"),
)

review_kpi = Table(
    "review_kpi",
    metadata,
    Column("review_id", Integer, ForeignKey("review.id"), primary_key=True),
    Column("kpi_id", Text, ForeignKey("kpi.id"), primary_key=True),
    Column("promised", Exact),
    Column("realised", Exact),
    Column("rate", Exact),
    Column("follow_up", Text),
    Column("owner", Text),
    Column("until", Date),
    Column("note", Text),
    Index(None, "kpi_id"),
)

lesson = Table(
    "lesson",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("review_id", Integer, ForeignKey("review.id")),
    Column("state", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("happened", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("next_time", Text, nullable=False),
    Column("categories", Json, nullable=False),
    Column("tags", Json, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("words", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "project_id"),
)

lesson_shown = Table(
    "lesson_shown",
    metadata,
    Column("submission_id", Integer, ForeignKey("submission.id"), primary_key=True),
    Column("lesson_id", Integer, ForeignKey("lesson.id"), primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("alike", Text, nullable=False),
    Index(None, "lesson_id"),
)
