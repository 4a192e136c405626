"""Personal texts and the references that stand for them: one row and one random salt for each."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from govern.domain.personal import ERASED, PREFIX, REFERENCE
from govern.store.engine import is_sqlite
from govern.store.tables import personal

_AT_ONCE = 500
_SALT_BYTES = 32
_SLOTS = 64
"""Advisory locks, at most so many for a transaction: a server has room for some thousand."""
_LOCKS = 0x676F7665
"""Keeps the slots apart from other advisory locks of the database."""
_REFERENCES = select(personal.c.value_sha256, personal.c.ref).where(
    personal.c.value_sha256.in_(bindparam("hashes", expanding=True))
)
"""Made once: every event asks it."""


def reference_of(value: str, salt: bytes) -> str:
    """`personal:` and the HMAC-SHA256 (RFC 2104) of the text in UTF-8 under its salt."""
    return PREFIX + hmac.digest(salt, value.encode(), "sha256").hex()


def references_of(connection: Connection, values: Iterable[str], at: datetime) -> dict[str, str]:
    """Text → its reference. A text that has none yet gets one, in the caller's transaction.

    Waits for nobody: a text that another transaction is bringing in at the same moment gets a
    second reference.
    """
    wanted = {_sha256(value): value for value in values}
    found = _by_sha256(connection, wanted)
    new = [(sha256, value) for sha256, value in wanted.items() if sha256 not in found]
    if new:
        found |= _add(connection, sorted(new), at)
    return {value: found[sha256] for sha256, value in wanted.items()}


def texts_of(connection: Connection, references: Collection[str]) -> dict[str, str]:
    """Reference → text, or `ERASED`. One that is not known is left out.

    Of a text from which a name was taken out, what is left of it.
    """
    found: dict[str, str] = {}
    for some in _in_pieces(references):
        rows = connection.execute(
            select(personal.c.ref, personal.c.value, personal.c.erased_at).where(
                personal.c.ref.in_(some)
            )
        ).all()
        instead = {
            row.ref: row.value
            for row in rows
            if row.erased_at is not None and row.value and REFERENCE.fullmatch(row.value)
        }
        found |= {
            row.ref: ERASED if row.erased_at is not None else row.value
            for row in rows
            if row.ref not in instead
        }
        if instead:
            left = texts_of(connection, set(instead.values()))
            found |= {ref: left.get(other, ERASED) for ref, other in instead.items()}
    return found


def any_erased(connection: Connection, references: Collection[str]) -> bool:
    """Whether a text that one of these stands for was erased, whole or in part, or is not known."""
    for some in _in_pieces(references):
        there = select(personal.c.ref).where(
            personal.c.ref.in_(some), personal.c.erased_at.is_(None)
        )
        if len(connection.execute(there).all()) < len(some):
            return True
    return False


def every_text(connection: Connection) -> Iterator[tuple[str, str]]:
    """Every reference with its text, but for what is erased; streamed."""
    query = select(personal.c.ref, personal.c.value).where(
        personal.c.erased_at.is_(None), personal.c.value.is_not(None)
    )
    with connection.execute(query, execution_options={"yield_per": _AT_ONCE}) as rows:
        for row in rows:
            yield row.ref, row.value


def erase(connection: Connection, instead: Mapping[str, str | None], at: datetime) -> None:
    """Removes texts and their salts. `instead` is reference → the reference of what is left of the
    text, or None where nothing is."""
    for ref, other in instead.items():
        connection.execute(
            update(personal)
            .where(personal.c.ref == ref)
            .values(value=other, salt=None, value_sha256=None, erased_at=at)
        )


def _by_sha256(connection: Connection, wanted: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in _in_pieces(wanted):
        rows = connection.execute(_REFERENCES, {"hashes": some})
        found |= {row.value_sha256: row.ref for row in rows}
    return found


def _add(connection: Connection, new: list[tuple[str, str]], at: datetime) -> dict[str, str]:
    """`new` are hashes and texts, in order of hash. Hash → reference."""
    mine = _claimed(connection, {_slot(sha256) for sha256, _ in new})
    made: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    for sha256, value in new:
        salt = secrets.token_bytes(_SALT_BYTES)
        made[sha256] = reference_of(value, salt)
        rows.append(
            {
                "ref": made[sha256],
                "value": value,
                "salt": salt,
                "value_sha256": sha256 if _slot(sha256) in mine else None,
                "recorded_at": at,
            }
        )
    dialect = sqlite if is_sqlite(connection) else postgresql
    connection.execute(dialect.insert(personal).on_conflict_do_nothing(), rows)
    # Somebody may have brought the same text in since it was looked up.
    return made | _by_sha256(connection, [sha256 for sha256, _ in new])


def _claimed(connection: Connection, slots: set[int]) -> set[int]:
    """The slots in which nobody else brings texts in until this transaction ends.

    PostgreSQL would let an insert of an equal text wait for the other transaction, and two that
    bring in the same two texts in turn would wait for each other. SQLite has one writer.
    """
    if is_sqlite(connection):
        return slots
    rows = connection.execute(
        text(
            "SELECT slot, pg_try_advisory_xact_lock(:locks, slot) AS got "
            "FROM unnest(CAST(:slots AS integer[])) AS slot"
        ).bindparams(bindparam("locks", _LOCKS), bindparam("slots", sorted(slots)))
    )
    return {row.slot for row in rows if row.got}


def _slot(sha256: str) -> int:
    return int(sha256[:2], 16) % _SLOTS


def _sha256(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _in_pieces(values: Collection[str]) -> Iterator[list[str]]:
    left = iter(sorted(values))
    while some := list(islice(left, _AT_ONCE)):
        yield some
