"""What somebody does who owns the database: first the triggers go."""

from sqlalchemy import Connection, text

from govern.store.engine import is_sqlite


def drop_triggers(connection: Connection) -> None:
    if is_sqlite(connection):
        query = "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'trigger'"
    else:
        query = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    for name, table in connection.execute(text(query)).all():
        on = "" if is_sqlite(connection) else f" ON {table}"
        connection.execute(text(f"DROP TRIGGER {name}{on}"))
