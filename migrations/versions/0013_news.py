"""News of events: webhooks, what is on its way to them, and notices by mail.

Nothing that happened before is news: what is told begins with what comes after.
"""

from typing import Any

from alembic import op
from sqlalchemy import (
    TIMESTAMP,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"

UTC_TIME = TIMESTAMP(timezone=True).with_variant(Text(), "sqlite")
JSON = JSONB().with_variant(Text(), "sqlite")

NEW_TABLES = (
    *("webhook", "webhook_health", "relayed_chain", "news_lane", "news_delivery", "news_try"),
    *("mail_choice", "notice_mail", "turn"),
)


def upgrade() -> None:
    op.create_table(
        "webhook",
        Column("id", Integer),
        Column("address", Text, nullable=False),
        Column("label", Text),
        Column("kinds", JSON, nullable=False),
        Column("portfolio_id", Text),
        Column("project_id", Text),
        Column("state", Text, nullable=False),
        Column("because", Text),
        Column("rotation", Integer, nullable=False),
        Column("rotated_at", UTC_TIME),
        Column("recorded_by", Text, nullable=False),
        *_versioned(),
        PrimaryKeyConstraint("id", name="pk_webhook"),
        _to("webhook", "portfolio_id", "portfolio"),
        _to("webhook", "project_id", "project"),
    )
    op.create_index("ix_webhook_state", "webhook", ["state"])
    op.create_table(
        "webhook_health",
        Column("webhook_id", Integer),
        Column("failures", Integer, nullable=False),
        Column("failing_since", UTC_TIME),
        Column("sent_at", UTC_TIME),
        PrimaryKeyConstraint("webhook_id", name="pk_webhook_health"),
        _to("webhook_health", "webhook_id", "webhook"),
    )
    op.create_table(
        "relayed_chain",
        Column("project", Text),
        Column("seq", Integer, nullable=False),
        PrimaryKeyConstraint("project", name="pk_relayed_chain"),
    )
    _on_their_way()
    _mail()
    op.create_table(
        "turn",
        Column("name", Text),
        Column("until", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("name", name="pk_turn"),
    )


def downgrade() -> None:
    for table in reversed(NEW_TABLES):
        op.drop_table(table)


def _on_their_way() -> None:
    op.create_table(
        "news_lane",
        Column("webhook_id", Integer),
        Column("project", Text),
        Column("next_try_at", UTC_TIME),
        Column("taken_until", UTC_TIME),
        Column("version", Integer, nullable=False),
        PrimaryKeyConstraint("webhook_id", "project", name="pk_news_lane"),
        _to("news_lane", "webhook_id", "webhook"),
    )
    op.create_index("ix_news_lane_next_try_at", "news_lane", ["next_try_at"])
    op.create_table(
        "news_delivery",
        Column("id", Integer),
        Column("webhook_id", Integer, nullable=False),
        Column("project", Text, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("tries", Integer, nullable=False),
        Column("status", Integer),
        Column("duration_ms", Integer),
        Column("failure", Text),
        Column("ended_at", UTC_TIME),
        Column("recorded_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name="pk_news_delivery"),
        UniqueConstraint(
            "webhook_id", "project", "seq", name="uq_news_delivery_webhook_id_project_seq"
        ),
        _to("news_delivery", "webhook_id", "webhook"),
    )
    op.create_index(
        "ix_news_delivery_webhook_id_project_state_seq",
        "news_delivery",
        ["webhook_id", "project", "state", "seq"],
    )
    op.create_index("ix_news_delivery_ended_at", "news_delivery", ["ended_at"])
    op.create_table(
        "news_try",
        Column("id", Integer),
        Column("delivery_id", Integer, nullable=False),
        Column("tried_at", UTC_TIME, nullable=False),
        Column("status", Integer),
        Column("duration_ms", Integer),
        Column("failure", Text),
        PrimaryKeyConstraint("id", name="pk_news_try"),
        _to("news_try", "delivery_id", "news_delivery"),
    )
    op.create_index("ix_news_try_delivery_id", "news_try", ["delivery_id"])


def _mail() -> None:
    op.create_table(
        "mail_choice",
        Column("person_id", Text),
        Column("choice", Text, nullable=False),
        *_versioned(),
        PrimaryKeyConstraint("person_id", name="pk_mail_choice"),
        _to("mail_choice", "person_id", "person"),
    )
    op.create_table(
        "notice_mail",
        Column("id", Integer),
        Column("notice_id", Integer, nullable=False),
        Column("person_id", Text, nullable=False),
        Column("daily", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("tries", Integer, nullable=False),
        Column("next_try_at", UTC_TIME),
        Column("failure", Text),
        Column("ended_at", UTC_TIME),
        Column("stop_sha256", Text),
        *_versioned(),
        PrimaryKeyConstraint("id", name="pk_notice_mail"),
        UniqueConstraint("notice_id", "person_id", name="uq_notice_mail_notice_id_person_id"),
        _to("notice_mail", "notice_id", "notice"),
        _to("notice_mail", "person_id", "person"),
    )
    op.create_index("ix_notice_mail_state_next_try_at", "notice_mail", ["state", "next_try_at"])
    op.create_index("ix_notice_mail_stop_sha256", "notice_mail", ["stop_sha256"])


def _versioned() -> tuple[Column[Any], ...]:
    return (
        Column("version", Integer, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
    )


def _to(table: str, column: str, other: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
