"""The log and what was signed of it is only added to; and on SQLite no way around the guards is left.

REPLACE takes out every row that the new one is in conflict with, and fires no delete trigger unless a
connection wants it. The guards so far looked at the primary key alone: a row could still be taken out
by a conflict on another unique column, or on the `rowid` that a table keeps under its own key.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

GUARDED = {
    "event": (("project", "seq"), ("rowid",)),
    "blob": (("digest",), ("rowid",)),
    "reading": (("id",),),
    "planned_value": (("id",),),
    "rulebook_proposal": (("id",), ("digest",)),
    "rulebook_revision": (("id",),),
}
"""Guarded already, each with its keys; the first of them is what the guard looked at until now."""

NEW = {
    "log_entry": (("log_index",), ("project", "seq")),
    "log_tile": (("level", "tile"), ("rowid",)),
    "checkpoint": (("size",),),
    "cosignature": (("id",), ("size", "witness")),
    "checkpoint_timestamp": (("id",), ("size", "authority")),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, keys in GUARDED.items():
            if len(keys) > 1:
                op.execute(f"DROP TRIGGER {table}_no_replace")
                _no_replace(table, keys)
        for table, keys in NEW.items():
            refuse = _refuse(table)
            op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
            _no_replace(table, keys)
    else:
        for table in NEW:
            _guard_postgresql(table)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in NEW:
            for what in ("update", "delete", "replace"):
                op.execute(f"DROP TRIGGER {table}_no_{what}")
        for table, keys in GUARDED.items():
            if len(keys) > 1:
                op.execute(f"DROP TRIGGER {table}_no_replace")
                _no_replace(table, keys[:1])
    else:
        for table in NEW:
            op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")


def _refuse(table: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"


def _no_replace(table: str, keys: tuple[tuple[str, ...], ...]) -> None:
    there = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE "  # noqa: S608 - our names
        + " AND ".join(f"{column} = NEW.{column}" for column in key)
        + ")"
        for key in keys
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {_refuse(table)}"
    )


def _guard_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION govern_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION govern_append_only()"
    )
    # ALWAYS: also in a session that calls itself a replica, where ordinary triggers rest.
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change")
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate")
