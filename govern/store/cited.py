"""What events cite by its hash: is it kept, and is it still what it was?"""

import hmac
from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Connection, select

from govern.domain.personal import PREFIX
from govern.store.personal import reference_of
from govern.store.query import AnySelect
from govern.store.tables import blob, personal

_IN_ONE_QUERY = 500


def kept(connection: Connection, digests: Collection[str]) -> set[str]:
    """Those of the digests whose content is in the database."""
    return _there(connection, blob.c.digest, digests)


def known(connection: Connection, references: Collection[str]) -> set[str]:
    """Those of the references to personal values that there is a row of, erased or not."""
    return _there(connection, personal.c.ref, references)


def changed_personal(connection: Connection) -> Iterator[tuple[str, str]]:
    """References whose row is not what the reference was made of, and what is wrong with it."""
    query: AnySelect = select(
        personal.c.ref, personal.c.value, personal.c.salt, personal.c.erased_at
    ).order_by(personal.c.ref)
    options = {"stream_results": True, "yield_per": 1000}
    with connection.execute(query, execution_options=options) as rows:
        for ref, value, salt, erased_at in rows:
            if erased_at is not None:
                if salt is not None or (value is not None and not value.startswith(PREFIX)):
                    yield ref, "is said to be erased, and is still there"
            elif (
                not isinstance(value, str)
                or not isinstance(salt, bytes)
                or not hmac.compare_digest(reference_of(value, salt), ref)
            ):
                yield ref, "was changed"


def _there(connection: Connection, column: ColumnElement[str], wanted: Collection[str]) -> set[str]:
    found: set[str] = set()
    names = sorted(wanted)
    for first in range(0, len(names), _IN_ONE_QUERY):
        some = names[first : first + _IN_ONE_QUERY]
        found.update(connection.scalars(select(column).where(column.in_(some))))
    return found
