"""Who is told of events by webhook or mail, and each piece of news on its way."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from govern.store.tables.base import metadata
from govern.store.types import Json, UtcTime

webhook = Table(
    "webhook",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", Text, nullable=False),
    Column("label", Text),
    Column("kinds", Json, nullable=False),
    Column("portfolio_id", Text, ForeignKey("portfolio.id")),
    Column("project_id", Text, ForeignKey("project.id")),
    Column("state", Text, nullable=False),
    Column("because", Text),
    Column("rotation", Integer, nullable=False),
    Column("rotated_at", UtcTime),
    Column("recorded_by", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "state"),
)

webhook_health = Table(
    "webhook_health",
    metadata,
    Column("webhook_id", Integer, ForeignKey("webhook.id"), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcTime),
    Column("sent_at", UtcTime),
)
"""How often the last tries of a webhook failed one after the other. No event tells it: there is one for
each try."""

relayed_chain = Table(
    "relayed_chain",
    metadata,
    Column("project", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
)
"""Up to which event each chain was turned into news."""

news_lane = Table(
    "news_lane",
    metadata,
    Column("webhook_id", Integer, ForeignKey("webhook.id"), primary_key=True),
    Column("project", Text, primary_key=True),
    Column("next_try_at", UtcTime),
    Column("taken_until", UtcTime),
    Column("version", Integer, nullable=False),
    Index(None, "next_try_at"),
)
"""The news of one project for one webhook, which goes out in order. Nothing waits where `next_try_at` is
missing; while somebody sends, nobody else does before `taken_until`."""

news_delivery = Table(
    "news_delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("webhook_id", Integer, ForeignKey("webhook.id"), nullable=False),
    Column("project", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("status", Integer),
    Column("duration_ms", Integer),
    Column("failure", Text),
    Column("ended_at", UtcTime),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("webhook_id", "project", "seq"),
    Index(None, "webhook_id", "project", "state", "seq"),
    Index(None, "ended_at"),
)

news_try = Table(
    "news_try",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", Integer, ForeignKey("news_delivery.id"), nullable=False),
    Column("tried_at", UtcTime, nullable=False),
    Column("status", Integer),
    Column("duration_ms", Integer),
    Column("failure", Text),
    Index(None, "delivery_id"),
)

mail_choice = Table(
    "mail_choice",
    metadata,
    Column("person_id", Text, ForeignKey("person.id"), primary_key=True),
    Column("choice", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
)

notice_mail = Table(
    "notice_mail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notice_id", Integer, ForeignKey("notice.id"), nullable=False),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    Column("daily", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", UtcTime),
    Column("failure", Text),
    Column("ended_at", UtcTime),
    Column("stop_sha256", Text),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("notice_id", "person_id"),
    Index(None, "state", "next_try_at"),
    Index(None, "stop_sha256"),
)
"""A notice on its way to a person. `daily` is 1 where it goes with others in the letter of a day, else 0."""

turn = Table(
    "turn",
    metadata,
    Column("name", Text, primary_key=True),
    Column("until", UtcTime, nullable=False),
)
"""Who has begun something that is done once in a while, until when nobody else begins it."""
