"""What people wrote or are called, kept apart from the events that refer to it, so that it can go."""

from sqlalchemy import Column, LargeBinary, Table, Text

from govern.store.tables.base import metadata
from govern.store.types import UtcTime

personal = Table(
    "personal",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("value", Text),
    Column("salt", LargeBinary),
    Column("value_sha256", Text, unique=True),
    Column("recorded_at", UtcTime, nullable=False),
    Column("erased_at", UtcTime),
)
"""`ref` is `personal:` and the hex HMAC-SHA256 of the value under the salt; all but `ref` and the
moments is null once it is erased. `value_sha256` finds the row of a value, however long."""
