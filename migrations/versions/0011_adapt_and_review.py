"""What becomes of recommendations, what scope changes are expected to bring, reviews, lessons, and
reports that are sent.

Scope changes that were proposed before have never been amended: their votes are on their first text.
"""

from typing import Any

from alembic import op
from sqlalchemy import (
    TIMESTAMP,
    Column,
    Date,
    ForeignKeyConstraint,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"

EXACT = Numeric().with_variant(Text(), "sqlite")
UTC_TIME = TIMESTAMP(timezone=True).with_variant(Text(), "sqlite")
JSON = JSONB().with_variant(Text(), "sqlite")

ADDED = {
    "recommendation": {
        "rejected_because": lambda: Column("rejected_because", Text),
        "alternative": lambda: Column("alternative", JSON),
        "superseded_by": lambda: Column("superseded_by", Integer),
        "scope_change_id": lambda: Column("scope_change_id", Integer),
        "implemented_by": lambda: Column("implemented_by", Text),
        "implemented_at": lambda: Column("implemented_at", UTC_TIME),
        "implemented_note": lambda: Column("implemented_note", Text),
        "implemented_link": lambda: Column("implemented_link", Text),
        "closed_at": lambda: Column("closed_at", UTC_TIME),
    },
    "scope_change": {
        "recommendation_id": lambda: Column("recommendation_id", Integer),
        "action": lambda: Column("action", Text),
        "revision": lambda: Column("revision", Integer, nullable=False, server_default="1"),
        "amended_by": lambda: Column("amended_by", JSON, nullable=False, server_default="[]"),
    },
    "scope_change_vote": {
        "for_person_id": lambda: Column("for_person_id", Text),
        "revision": lambda: Column("revision", Integer, nullable=False, server_default="1"),
    },
}
NEW_TABLES = (
    *("expected_effect", "review", "review_answer", "review_kpi"),
    *("lesson", "lesson_shown", "report_schedule", "delivery"),
)


def upgrade() -> None:
    for table, columns in ADDED.items():
        for column in columns.values():
            op.add_column(table, column())
    with op.batch_alter_table("notice") as notice:
        notice.alter_column("project_id", existing_type=Text(), nullable=True)
    _effects()
    _reviews()
    _lessons()
    _distribution()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE lesson_text")
    for table in reversed(NEW_TABLES):
        op.drop_table(table)
    op.execute("DELETE FROM notice WHERE project_id IS NULL")
    with op.batch_alter_table("notice") as notice:
        notice.alter_column("project_id", existing_type=Text(), nullable=False)
    for table, columns in reversed(ADDED.items()):
        for name in reversed(columns):
            op.drop_column(table, name)


def _effects() -> None:
    op.create_table(
        "expected_effect",
        Column("id", Integer),
        Column("project_id", Text, nullable=False),
        Column("scope_change_id", Integer),
        Column("recommendation_id", Integer),
        Column("kpi_id", Text, nullable=False),
        Column("size", EXACT, nullable=False),
        Column("by_period", Date, nullable=False),
        Column("state", Text, nullable=False),
        Column("counterfactual", EXACT),
        Column("low", EXACT),
        Column("high", EXACT),
        Column("model", Text),
        Column("why", Text),
        Column("forecast_at", UTC_TIME),
        Column("actual", EXACT),
        Column("effect", EXACT),
        Column("measured_at", UTC_TIME),
        *_versioned(),
        PrimaryKeyConstraint("id", name="pk_expected_effect"),
        _to("expected_effect", "project_id", "project"),
        _to("expected_effect", "scope_change_id", "scope_change"),
        _to("expected_effect", "recommendation_id", "recommendation"),
        _to("expected_effect", "kpi_id", "kpi"),
    )
    for name in ("project_id", "state", "scope_change_id", "recommendation_id"):
        op.create_index(f"ix_expected_effect_{name}", "expected_effect", [name])


def _reviews() -> None:
    op.create_table(
        "review",
        Column("id", Integer),
        Column("project_id", Text, nullable=False),
        Column("number", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("rolled_out_on", Date),
        Column("due_on", Date),
        Column("rating", Text),
        Column("summary", Text),
        Column("went_well", Text),
        Column("went_badly", Text),
        Column("dossier_digest", Text),
        Column("signed_by", Text),
        Column("signed_at", UTC_TIME),
        Column("recorded_by", Text, nullable=False),
        *_versioned(),
        PrimaryKeyConstraint("id", name="pk_review"),
        UniqueConstraint("project_id", "number", name="uq_review_project_id_number"),
        _to("review", "project_id", "project"),
        ForeignKeyConstraint(
            ["dossier_digest"], ["blob.digest"], name="fk_review_dossier_digest_blob"
        ),
        _to("review", "signed_by", "person"),
    )
    op.create_index("ix_review_state", "review", ["state"])
    op.create_table(
        "review_answer",
        Column("id", Integer),
        Column("review_id", Integer, nullable=False),
        Column("question", Text, nullable=False),
        Column("score", Integer),
        Column("said", Text),
        Column("recorded_by", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name="pk_review_answer"),
        _to("review_answer", "review_id", "review"),
    )
    op.create_index("ix_review_answer_review_id", "review_answer", ["review_id"])
    op.create_table(
        "review_kpi",
        Column("review_id", Integer),
        Column("kpi_id", Text),
        Column("promised", EXACT),
        Column("realised", EXACT),
        Column("rate", EXACT),
        Column("follow_up", Text),
        Column("owner", Text),
        Column("until", Date),
        Column("note", Text),
        PrimaryKeyConstraint("review_id", "kpi_id", name="pk_review_kpi"),
        _to("review_kpi", "review_id", "review"),
        _to("review_kpi", "kpi_id", "kpi"),
    )
    op.create_index("ix_review_kpi_kpi_id", "review_kpi", ["kpi_id"])


def _lessons() -> None:
    op.create_table(
        "lesson",
        Column("id", Integer),
        Column("project_id", Text, nullable=False),
        Column("review_id", Integer),
        Column("state", Text, nullable=False),
        Column("label", Text, nullable=False),
        Column("happened", Text, nullable=False),
        Column("because", Text, nullable=False),
        Column("next_time", Text, nullable=False),
        Column("categories", JSON, nullable=False),
        Column("tags", JSON, nullable=False),
        Column("evidence", JSON, nullable=False),
        Column("words", Text, nullable=False),
        Column("recorded_by", Text, nullable=False),
        *_versioned(),
        PrimaryKeyConstraint("id", name="pk_lesson"),
        _to("lesson", "project_id", "project"),
        _to("lesson", "review_id", "review"),
    )
    op.create_index("ix_lesson_project_id", "lesson", ["project_id"])
    op.create_table(
        "lesson_shown",
        Column("submission_id", Integer),
        Column("lesson_id", Integer),
        Column("rank", Integer, nullable=False),
        Column("alike", Text, nullable=False),
        PrimaryKeyConstraint("submission_id", "lesson_id", name="pk_lesson_shown"),
        _to("lesson_shown", "submission_id", "submission"),
        _to("lesson_shown", "lesson_id", "lesson"),
    )
    op.create_index("ix_lesson_shown_lesson_id", "lesson_shown", ["lesson_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE lesson_text USING fts5(words, tokenize = 'ascii')")
    else:
        op.execute(
            "CREATE INDEX ix_lesson_text ON lesson "
            "USING gin (array_to_tsvector(string_to_array(words, ' ')))"
        )


def _distribution() -> None:
    op.create_table(
        "report_schedule",
        Column("id", Integer),
        Column("report", Text, nullable=False),
        Column("portfolio_id", Text),
        Column("project_id", Text),
        Column("every", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("address", Text, nullable=False),
        Column("currency", Text),
        Column("first_on", Date, nullable=False),
        Column("next_on", Date),
        Column("state", Text, nullable=False),
        Column("recorded_by", Text, nullable=False),
        *_versioned(),
        PrimaryKeyConstraint("id", name="pk_report_schedule"),
        _to("report_schedule", "portfolio_id", "portfolio"),
        _to("report_schedule", "project_id", "project"),
    )
    op.create_index("ix_report_schedule_state_next_on", "report_schedule", ["state", "next_on"])
    op.create_table(
        "delivery",
        Column("id", Integer),
        Column("key", Text, nullable=False),
        Column("schedule_id", Integer, nullable=False),
        Column("due_on", Date, nullable=False),
        Column("channel", Text, nullable=False),
        Column("address", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("text", Text),
        Column("state", Text, nullable=False),
        Column("tries", Integer, nullable=False),
        Column("next_try_at", UTC_TIME),
        Column("failure", Text),
        Column("sent_at", UTC_TIME),
        *_versioned(),
        PrimaryKeyConstraint("id", name="pk_delivery"),
        UniqueConstraint("key", name="uq_delivery_key"),
        _to("delivery", "schedule_id", "report_schedule"),
    )
    op.create_index("ix_delivery_state_next_try_at", "delivery", ["state", "next_try_at"])


def _versioned() -> tuple[Column[Any], ...]:
    return (
        Column("version", Integer, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
    )


def _to(table: str, column: str, other: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
