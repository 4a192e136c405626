"""What the role may do that the service signs in with, where it is not the owner of the tables.

PostgreSQL only. The owner migrates; the service adds to the history and may not change it: no UPDATE,
DELETE, TRUNCATE or TRIGGER on what is append-only, and, owning nothing, no ALTER and no DROP. A role
that is no superuser cannot set `session_replication_role` either.
"""

import re

from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql

from govern.store.guards import APPEND_ONLY, ERASABLE
from govern.store.tables import metadata

ROWS_GO = frozenset(
    {
        "deliverable_kpi",
        "deliverable_outcome",
        "idempotency_key",
        "kpi_objective",
        "news_delivery",
        "news_try",
        "notice_mail",
        "outcome_link",
        "person_identity",
        "rate_window",
        "sign_in_attempt",
        "swept_input",
        "waiting_file",
    }
)
"""The tables that the service takes rows out of; everywhere else a row that is there stays."""

_NAME = re.compile(r"[^\x00]{1,63}")
_quote = postgresql.dialect().identifier_preparer.quote_identifier


def statements(role: str, schema: str = "public") -> tuple[str, ...]:
    """The SQL, to be run by the owner of the tables, and again after every migration.

    Takes from the role whatever it was given before on the tables of `schema`. Raises `ValueError`
    for what can be no name of a role.
    """
    if not _NAME.fullmatch(role):
        raise ValueError(f"{role!r} is no name of a role")
    to, within = _quote(role), _quote(schema)
    return (
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {within} FROM {to}",
        f"REVOKE CREATE ON SCHEMA {within} FROM {to}, PUBLIC",
        f"GRANT USAGE ON SCHEMA {within} TO {to}",
        f"GRANT SELECT ON {within}.alembic_version TO {to}",
        *(
            f"GRANT {_rights(table)} ON {within}.{_quote(table)} TO {to}"
            for table in sorted(metadata.tables)
        ),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {within} TO {to}",
    )


def give(connection: Connection, role: str) -> tuple[str, ...]:
    """Run the statements, in the caller's transaction; returns them."""
    schema = connection.scalar(text("SELECT current_schema()"))
    done = statements(role, schema)
    for statement in done:
        connection.exec_driver_sql(statement)
    return done


def _rights(table: str) -> str:
    if table in ERASABLE:
        # A name that is erased goes from the texts; the guard lets nothing else of the row change.
        return f"SELECT, INSERT, UPDATE ({', '.join(ERASABLE[table].texts)})"
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE" + (", DELETE" if table in ROWS_GO else "")
