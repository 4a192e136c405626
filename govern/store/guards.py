"""What keeps the history append-only inside the database: do all the guards stand as they were set up?

Triggers and grants are depth, not proof: whoever owns the database can take them away (on SQLite with
`PRAGMA writable_schema`, which fires nothing). So verification looks whether they are there, and are
still what the migrations made them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from govern.store.engine import is_sqlite

KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "event": (("project", "seq"), ("rowid",)),
    "blob": (("digest",), ("rowid",)),
    "reading": (("id",),),
    "planned_value": (("id",),),
    "rulebook_proposal": (("id",), ("digest",)),
    "rulebook_revision": (("id",),),
    "reading_validation": (("id",), ("reading_id",)),
    "separation_switch": (("id",),),
    "baseline_version": (("id",), ("project_id", "number")),
    "exchange_rate": (("id",),),
    "source_pull": (("id",),),
    "log_entry": (("log_index",), ("project", "seq")),
    "log_tile": (("level", "tile"), ("rowid",)),
    "checkpoint": (("size",),),
    "cosignature": (("id",), ("size", "witness")),
    "checkpoint_timestamp": (("id",), ("size", "authority")),
}
"""The tables that are only added to, each with every key by which a row could be in another's way."""

APPEND_ONLY = tuple(KEYS)


@dataclass(frozen=True, slots=True)
class Erasable:
    """The texts of a table that can lose a name that was erased, and every other column."""

    texts: tuple[str, ...]
    others: tuple[str, ...]


ERASABLE = {
    "reading": Erasable(
        ("note", "reason", "link"),
        (
            "id",
            "kpi_id",
            "period",
            "actual",
            "reported_on",
            "recorded_at",
            "recorded_by",
            "confidence",
            "origin",
        ),
    ),
    "rulebook_proposal": Erasable(("note",), ("id", "digest", "author", "recorded_at")),
    "rulebook_revision": Erasable(("note",), ("id", "digest", "published_by", "recorded_at")),
    "separation_switch": Erasable(
        ("note",), ("id", "pair", "separated", "recorded_by", "recorded_at")
    ),
}

_FUNCTION = """
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
"""
_ERASING = """
BEGIN
    IF TG_OP = 'UPDATE'
        AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD)
        AND to_jsonb(NEW) - ARRAY['note', 'reason', 'link'] = to_jsonb(OLD) - ARRAY['note', 'reason', 'link']
        AND NOT EXISTS (
            SELECT 1 FROM jsonb_each_text(to_jsonb(NEW)) AS now JOIN
            jsonb_each_text(to_jsonb(OLD)) AS was USING (key)
            WHERE now.value IS DISTINCT FROM was.value
            AND coalesce(now.value, '') NOT LIKE '%(erased)%'
        )
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
"""
_FUNCTIONS = {"govern_append_only": _FUNCTION, "govern_only_erased": _ERASING}
_BEFORE, _FOR_EACH_ROW = 2, 1
_ON_DELETE, _ON_UPDATE, _ON_TRUNCATE = 8, 16, 32
"""Bits of `pg_trigger.tgtype`, as PostgreSQL's catalog/pg_trigger.h has them."""


def fallen(connection: Connection) -> tuple[str, ...]:
    """What no longer stands, one sentence each; none where every guard is as it was set up."""
    if is_sqlite(connection):
        return tuple(_fallen_on_sqlite(connection))
    return tuple(_fallen_on_postgresql(connection))


def owned(connection: Connection) -> tuple[str, ...]:
    """The append-only tables that this connection's role may alter or drop, being their owner.

    Empty on SQLite, where whoever can write the file can do anything, and there are no roles.
    """
    if is_sqlite(connection):
        return ()
    found = connection.scalars(
        text(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname = ANY(:names) "
            "AND relnamespace = current_schema()::regnamespace "
            "AND pg_has_role(current_user, relowner, 'MEMBER') ORDER BY relname"
        ),
        {"names": list(APPEND_ONLY)},
    )
    return tuple(found)


def _fallen_on_sqlite(connection: Connection) -> Iterator[str]:
    query = text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    stored = {name: _one_line(sql) for name, sql in connection.execute(query)}
    wanted = {name: sql for table, keys in KEYS.items() for name, sql in _on_sqlite(table, keys)}
    for name, sql in wanted.items():
        if name not in stored:
            yield f"the trigger {name} is gone"
        elif stored[name] != _one_line(sql):
            yield f"the trigger {name} is another than the one that was set up"
    # A trigger of somebody else's could undo what ours refuse, or hide what was done.
    for name in sorted(stored.keys() - wanted.keys()):
        yield f"the trigger {name} was not set up by govern"


def _on_sqlite(table: str, keys: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, str]]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    erasing = ""
    if table in ERASABLE:
        erasing = f"WHEN NOT coalesce({_only_erased(ERASABLE[table])}, 0) "
    for what, unless in (("update", erasing), ("delete", "")):
        name = f"{table}_no_{what}"
        yield name, f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table} {unless}{refuse}"
    there = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE "  # noqa: S608 - our names, never executed
        + " AND ".join(f"{column} = NEW.{column}" for column in key)
        + ")"
        for key in keys
    )
    name = f"{table}_no_replace"
    yield name, f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {there} {refuse}"


def _only_erased(found: Erasable) -> str:
    same = " AND ".join(f"NEW.{each} IS OLD.{each}" for each in found.others)
    if len(found.texts) == 1:
        (text_,) = found.texts
        return f"NEW.{text_} IS NOT OLD.{text_} AND NEW.{text_} LIKE '%(erased)%' AND {same}"
    differs = " OR ".join(f"NEW.{each} IS NOT OLD.{each}" for each in found.texts)
    erased = " AND ".join(
        f"(NEW.{each} IS OLD.{each} OR NEW.{each} LIKE '%(erased)%')" for each in found.texts
    )
    return f"({differs}) AND {erased} AND {same}"


def _fallen_on_postgresql(connection: Connection) -> Iterator[str]:
    found = connection.execute(
        text(
            "SELECT proname, prosrc FROM pg_proc WHERE proname = ANY(:names) "
            "AND pronamespace = current_schema()::regnamespace"
        ),
        {"names": list(_FUNCTIONS)},
    )
    functions = {row.proname: row.prosrc for row in found}
    for name, body in _FUNCTIONS.items():
        if name not in functions:
            yield f"the function {name} is gone"
        elif _one_line(functions[name]) != _one_line(body):
            yield f"the function {name} is another than the one that was set up"
    stored = {
        (table, name): (kind, enabled, called, conditional)
        for table, name, kind, enabled, called, conditional in connection.execute(
            text(
                "SELECT relname, tgname, tgtype, tgenabled::text, proname, "
                "tgqual IS NOT NULL OR tgattr::text <> '' "
                "FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "JOIN pg_proc ON pg_proc.oid = tgfoid "
                "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
            )
        )
    }
    change = _BEFORE | _FOR_EACH_ROW | _ON_DELETE | _ON_UPDATE
    wanted = {
        (table, f"{table}_no_{what}"): (kind, "A", function, False)
        for table in APPEND_ONLY
        for what, kind, function in (
            (
                "change",
                change,
                "govern_only_erased" if table in ERASABLE else "govern_append_only",
            ),
            ("truncate", _BEFORE | _ON_TRUNCATE, "govern_append_only"),
        )
    }
    for key, expected in wanted.items():
        if key not in stored:
            yield f"the trigger {key[1]} is gone"
        elif stored[key] != expected:
            yield f"the trigger {key[1]} is switched off, or another than the one that was set up"
    for _, name in sorted(stored.keys() - wanted.keys()):
        yield f"the trigger {name} was not set up by govern"


def _one_line(sql: str | None) -> str:
    return " ".join((sql or "").split())
