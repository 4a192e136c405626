"""Run by Alembic, inside the transaction that `govern.store.migrate` has opened and locked.

Timeouts: a migration that waits for a lock makes everybody behind it wait too, so it gives up
early instead; the start that ran it fails, nothing has changed, and it can be tried again.
"""

from alembic import context

LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "60s"

connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'")
context.configure(connection=connection)
with context.begin_transaction():
    context.run_migrations()
