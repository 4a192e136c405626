"""A process that ends in the middle of a use case: at one of its statements, or at its commit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, event, select

from govern.store import tables
from govern.store.engine import READS
from govern.store.transaction import Store

T = TypeVar("T")


class Crash(BaseException):
    """The process ends here; nothing catches it but the database, which forgets."""


def interrupted(store: Store, do: Callable[[], T], after: int, *, whole: bool) -> tuple[T, bool]:
    """Does it until the process ends at the so-manieth statement; then again, to the end. Also says
    whether there were that many.

    `whole` is what does one thing in one transaction: nothing of it may be there after the crash.
    """
    before = everything(store) if whole else {}
    try:
        with _crashing(store, after, whole):
            return do(), False
    except Crash:
        if whole:
            now = everything(store)
            assert now == before, [name for name in before if now[name] != before[name]]
    return do(), True


def everything(store: Store) -> dict[str, list[str]]:
    with store.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in tables.metadata.sorted_tables
        }


@contextmanager
def _crashing(store: Store, after: int, whole: bool) -> Iterator[None]:
    """With `whole` only within the first transaction that is committed: what is read after it for
    the answer is no part of what is done."""
    left = [after]

    def step(connection: Connection) -> bool:
        options = connection.get_execution_options()
        if options.get(READS) or options.get("postgresql_readonly"):
            return False
        left[0] -= 1
        if left[0] == 0:
            raise Crash
        return True

    def statement(connection: Connection, *_: Any) -> None:
        step(connection)

    def commit(connection: Connection) -> None:
        if step(connection) and whole:
            left[0] = 0

    event.listen(store.engine, "before_cursor_execute", statement)
    event.listen(store.engine, "commit", commit)
    try:
        yield
    finally:
        event.remove(store.engine, "before_cursor_execute", statement)
        event.remove(store.engine, "commit", commit)
