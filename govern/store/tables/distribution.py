"""Reports that are sent again and again, and each of those that are on their way or have arrived."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text

from govern.store.tables.base import metadata
from govern.store.types import UtcTime

report_schedule = Table(
    "report_schedule",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("report", Text, nullable=False),
    Column("portfolio_id", Text, ForeignKey("portfolio.id")),
    Column("project_id", Text, ForeignKey("project.id")),
    Column("every", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("currency", Text),
    Column("first_on", Date, nullable=False),
    Column("next_on", Date),
    Column("state", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "state", "next_on"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("schedule_id", Integer, ForeignKey("report_schedule.id"), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", UtcTime),
    Column("failure", Text),
    Column("sent_at", UtcTime),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "state", "next_try_at"),
)
