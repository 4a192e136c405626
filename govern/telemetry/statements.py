"""How many statements a request or a piece of work sent to the database, and how long they took."""

from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event

_BEGUN = "govern_statement_begun"


@dataclass(slots=True)
class Spent:
    statements: int = 0
    seconds: float = 0.0


_spending: ContextVar[Spent | None] = ContextVar("govern_spending", default=None)


def begin_spending() -> Spent:
    """What this thread's statements are added to from here on."""
    spent = Spent()
    _spending.set(spent)
    return spent


def spent_so_far() -> Spent:
    """A copy of what this thread has spent; where nobody has begun, it begins here."""
    spent = _spending.get() or begin_spending()
    return Spent(spent.statements, spent.seconds)


def count_statements(engine: Engine) -> None:
    event.listen(engine, "before_cursor_execute", _before)
    event.listen(engine, "after_cursor_execute", _after)


def _before(connection: Any, *_: Any) -> None:
    if _spending.get() is not None:
        connection.info[_BEGUN] = perf_counter()


def _after(connection: Any, *_: Any) -> None:
    spent = _spending.get()
    begun = connection.info.pop(_BEGUN, None)
    if spent is not None and begun is not None:
        spent.statements += 1
        spent.seconds += perf_counter() - begun
