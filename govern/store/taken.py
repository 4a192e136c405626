"""Keys that are taken already, told by the database: looking first would leave a gap for another."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from govern.domain.refusal import Refusal

_SQLITE = ("SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE")
_POSTGRESQL = "23505"


@contextmanager
def refused_if_taken(refusal: Refusal) -> Generator[None]:
    """Raises the refusal where a row of the block has a key that is there already.

    The transaction cannot go on then: let the refusal end it.
    """
    try:
        yield
    except IntegrityError as error:
        if isinstance(error.orig, sqlite3.Error):
            taken = error.orig.sqlite_errorname in _SQLITE
        else:
            taken = getattr(error.orig, "sqlstate", None) == _POSTGRESQL
        if not taken:
            raise
        raise refusal from error
