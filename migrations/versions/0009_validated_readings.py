"""Readings that finance has validated, and separations of duties that were switched off.

Both are only ever added to; a note can lose a name that was erased.
"""

from alembic import op
from sqlalchemy import (
    TIMESTAMP,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

revision = "0009"
down_revision = "0008"

UTC_TIME = TIMESTAMP(timezone=True).with_variant(Text(), "sqlite")
TABLES = ("reading_validation", "separation_switch")


def upgrade() -> None:
    op.create_table(
        "reading_validation",
        Column("id", Integer),
        Column("reading_id", Integer, nullable=False),
        Column("recorded_by", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name="pk_reading_validation"),
        UniqueConstraint("reading_id", name="uq_reading_validation_reading_id"),
        ForeignKeyConstraint(
            ["reading_id"], ["reading.id"], name="fk_reading_validation_reading_id_reading"
        ),
        ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name="fk_reading_validation_recorded_by_person"
        ),
    )
    op.create_table(
        "separation_switch",
        Column("id", Integer),
        Column("pair", Text, nullable=False),
        Column("separated", Boolean, nullable=False),
        Column("note", Text, nullable=False),
        Column("recorded_by", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name="pk_separation_switch"),
        ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name="fk_separation_switch_recorded_by_person"
        ),
    )
    op.create_index("ix_separation_switch_pair_id", "separation_switch", ["pair", "id"])
    for table in TABLES:
        if op.get_bind().dialect.name == "sqlite":
            _guard_sqlite(table)
        else:
            _guard_postgresql(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _guard_sqlite(table: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    erasing = ""
    if table == "separation_switch":
        columns = ("id", "pair", "separated", "recorded_by", "recorded_at")
        same = " AND ".join(f"NEW.{each} IS OLD.{each}" for each in columns)
        erases = "NEW.note IS NOT OLD.note AND NEW.note LIKE '%(erased)%'"
        erasing = f"WHEN NOT coalesce({erases} AND {same}, 0) "
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {erasing}{refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    # REPLACE takes the old row out without firing delete triggers, unless a connection wants it.
    keys = ("id", "reading_id") if table == "reading_validation" else ("id",)
    there = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - our names
        for key in keys
    )
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")


def _guard_postgresql(table: str) -> None:
    function = "govern_only_erased" if table == "separation_switch" else "govern_append_only"
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION govern_append_only()"
    )
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change")
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate")
