"""The state that a transaction sees, for other processes to read while it lasts.

PostgreSQL hands its snapshot over (`pg_export_snapshot`, PostgreSQL 9.2 and later). SQLite cannot; but
whatever is judged is changed together with an event, so that a database without a further event is still
in that state.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, func, make_url, select, text

from govern.domain.refusal import BadConfiguration, Busy
from govern.store.engine import READS, is_sqlite, open_engine
from govern.store.tables import chain


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`address` has the password, `name` is that of PostgreSQL's snapshot, `events` how many there were
    in an SQLite database."""

    address: str = field(repr=False)
    name: str | None
    events: int

    @property
    def is_file(self) -> bool:
        """It is in a file of this machine."""
        return self.name is None


def snapshot_of(connection: Connection) -> Snapshot:
    """The state that the transaction sees now; to be called before it writes events."""
    address = connection.engine.url.render_as_string(hide_password=False)
    if is_sqlite(connection):
        path = Path(make_url(address).database or "").resolve()
        return Snapshot(f"sqlite:///{path}", None, _events(connection))
    # While others read, this transaction is idle, for as long as that takes.
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    name: str = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    return Snapshot(address, name, 0)


@contextmanager
def reading_at(snapshot: Snapshot) -> Generator[Connection]:
    """A transaction that reads that state. Raises BadConfiguration where it cannot be reached from here,
    Busy where it is past."""
    path = make_url(snapshot.address).database or ""
    if snapshot.is_file and not Path(path).is_file():
        raise BadConfiguration(f"The database {path} is a file of another machine.")
    engine = open_engine(snapshot.address)
    try:
        options = (
            {READS: True}
            if snapshot.is_file
            else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        with engine.connect().execution_options(**options) as connection, connection.begin():
            if snapshot.name is not None:
                # A literal, as the statement takes no parameter; the server's own word for it.
                literal = snapshot.name.replace("'", "''")
                connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{literal}'")
            elif _events(connection) != snapshot.events:
                raise Busy(
                    "Somebody wrote to the database while it was read; nothing was written. Try "
                    "again, or read a folder that govern export parquet wrote."
                )
            yield connection
    finally:
        engine.dispose()


def _events(connection: Connection) -> int:
    """Chains only grow, by events with the next number."""
    return connection.execute(select(func.coalesce(func.sum(chain.c.seq), 0))).scalar_one()
