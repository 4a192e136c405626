"""A whole database as one file and back: SQLite by VACUUM INTO, PostgreSQL by its own programs.

Both copies are of one moment, while others go on writing: VACUUM INTO and pg_dump read in one transaction.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Engine, text

from govern.domain.refusal import BadConfiguration
from govern.store.engine import READS, is_sqlite

_PATIENCE_MS = 60_000


def copy_out(engine: Engine, file: Path) -> None:
    """Writes the database to a file that is not there. Raises BadConfiguration where that fails."""
    if not is_sqlite(engine):
        _run("pg_dump", engine.url, "--format=custom", f"--file={file}")
        return
    try:
        with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as database:
            database.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
            database.execute("VACUUM INTO ?", (str(file),))
    except sqlite3.Error as error:
        raise BadConfiguration(f"The database cannot be copied: {error}.") from error


def copy_in(engine: Engine, file: Path) -> None:
    """Brings what `copy_out` wrote into an empty database, all of it or nothing.

    Raises BadConfiguration where the database is not empty, or does not take it. The engine is to be
    disposed of then: what stands behind its connections is another file.
    """
    if not is_empty(engine):
        raise BadConfiguration(
            f"There is something in {engine.url.render_as_string(hide_password=True)} already: a "
            "backup is restored into a database that holds nothing. Make another, or name a new file."
        )
    if not is_sqlite(engine):
        told = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        _run("pg_restore", engine.url, *told, str(file), database="--dbname")
        return
    engine.dispose()
    target = Path(str(engine.url.database))
    for leftover in (target, *(Path(f"{target}{end}") for end in ("-wal", "-shm"))):
        leftover.unlink(missing_ok=True)
    beside = target.with_name(f"{target.name}.restored")
    shutil.copyfile(file, beside)
    with beside.open("rb+") as written:
        os.fsync(written.fileno())
    beside.rename(target)


def is_empty(engine: Engine) -> bool:
    """Whether there is no table at all."""
    listed = (
        "SELECT count(*) FROM sqlite_master WHERE type = 'table'"
        if is_sqlite(engine)
        else "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    )
    with engine.connect().execution_options(**{READS: True}) as connection:
        return not connection.execute(text(listed)).scalar_one()


def _run(program: str, url: URL, *options: str, database: str = "--dbname") -> None:
    """A program of PostgreSQL on the database; the password goes by a file that only we read (libpq,
    passfile), and stands in no list of processes."""
    # `url.set` would keep the password.
    plain = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    )
    with tempfile.TemporaryDirectory(prefix="govern-pass-") as folder:
        if url.password:
            secret = str(url.password).replace("\\", "\\\\").replace(":", "\\:")
            passfile = Path(folder) / "pass"
            passfile.touch(mode=0o600)
            passfile.write_text(f"*:*:*:*:{secret}\n", encoding="utf-8")
            plain = plain.update_query_dict({"passfile": str(passfile)})
        address = plain.render_as_string()
        try:
            done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, and an address without a shell
                [program, f"{database}={address}", *options],
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            raise BadConfiguration(
                f"{program} is not there. Install the client programs of PostgreSQL (on Debian: "
                "postgresql-client), of the server's version or newer."
            ) from None
    if done.returncode:
        raise BadConfiguration(f"{program} failed: {done.stderr.strip()[-500:]}")
