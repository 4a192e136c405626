"""apsw behind the face of Python's own driver, as far as SQLAlchemy and govern look at it.

A file system that is written in Python (`disk`) is known to one copy of SQLite only: that which apsw brings
along. So govern's own engine is opened on that copy: its pragmas, its BEGIN and COMMIT, its statements and
its pool are those of `store.engine`; another is the copy of SQLite and this face.
"""

import sqlite3
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Any

import apsw
from sqlalchemy import Engine, event

_NAMES = {
    **apsw.mapping_result_codes,
    **apsw.mapping_extended_result_codes,
}
_KINDS: tuple[tuple[type[apsw.Error], type[sqlite3.Error]], ...] = (
    (apsw.ConstraintError, sqlite3.IntegrityError),
    (apsw.CorruptError, sqlite3.DatabaseError),
    (apsw.NotADBError, sqlite3.DatabaseError),
)


@contextmanager
def driven_by_apsw(vfs: str) -> Generator[None]:
    """Connections that are opened in the block go through this file system."""

    def connect(dialect: Any, record: Any, words: Sequence[Any], named: Any) -> "Face | None":
        return Face(str(words[0]), vfs) if dialect.name == "sqlite" else None

    event.listen(Engine, "do_connect", connect)
    try:
        yield
    finally:
        event.remove(Engine, "do_connect", connect)


class Face:
    """A `sqlite3.Connection`."""

    def __init__(self, file: str, vfs: str) -> None:
        with _as_sqlite3():
            self._connection = apsw.Connection(file, vfs=vfs)
        self.isolation_level: str | None = None

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def cursor(self) -> "FaceCursor":
        return FaceCursor(self._connection)

    def execute(self, statement: str, values: Sequence[Any] = ()) -> "FaceCursor":
        return self.cursor().execute(statement, values)

    def create_function(
        self,
        name: str,
        arguments: int,
        function: Callable[..., Any],
        *,
        deterministic: bool = False,
    ) -> None:
        self._connection.create_scalar_function(
            name, function, arguments, deterministic=deterministic
        )

    def commit(self) -> None:
        self._end("COMMIT")

    def rollback(self) -> None:
        self._end("ROLLBACK")

    def close(self) -> None:
        with _as_sqlite3():
            self._connection.close()

    def _end(self, how: str) -> None:
        if self._connection.in_transaction:
            self.execute(how)


class FaceCursor:
    """A `sqlite3.Cursor` that has all its rows at once."""

    arraysize = 1

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._rows: list[Any] = []

    def execute(self, statement: str, values: Sequence[Any] = ()) -> "FaceCursor":
        self._run(statement, values)
        return self

    def executemany(self, statement: str, several: Iterable[Sequence[Any]]) -> "FaceCursor":
        count = 0
        for each in several:
            self._run(statement, each)
            count += max(self.rowcount, 0)
        self.rowcount = count
        return self

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        count = size or self.arraysize
        found, self._rows = self._rows[:count], self._rows[count:]
        return found

    def fetchall(self) -> list[Any]:
        found, self._rows = self._rows, []
        return found

    def close(self) -> None:
        self._rows = []

    def _run(self, statement: str, values: Sequence[Any]) -> None:
        self.description, self.rowcount = None, -1
        cursor = self._connection.cursor()

        def look(which: apsw.Cursor, said: str, bound: Any) -> bool:
            columns = which.get_description()
            self.description = tuple((each[0], *(None,) * 6) for each in columns) or None
            if not which.is_readonly:
                self.rowcount = 0
            return True

        cursor.exec_trace = look
        with _as_sqlite3():
            self._rows = list(cursor.execute(statement, tuple(values)))
        if self.rowcount == 0:
            self.rowcount = self._connection.changes()
            self.lastrowid = self._connection.last_insert_rowid()


@contextmanager
def _as_sqlite3() -> Generator[None]:
    try:
        yield
    except apsw.Error as error:
        kind = next((to for of, to in _KINDS if isinstance(error, of)), sqlite3.OperationalError)
        told = kind(str(error))
        code: int = getattr(error, "extendedresult", apsw.SQLITE_ERROR)
        told.sqlite_errorcode = code
        told.sqlite_errorname = str(_NAMES.get(code, "SQLITE_ERROR"))
        raise told from error
