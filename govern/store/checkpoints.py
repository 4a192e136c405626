"""What was signed of the log: checkpoints, cosignatures of witnesses, timestamps of authorities."""

from datetime import datetime

from sqlalchemy import Connection, select

from govern.domain.record import Record
from govern.store.query import AnySelect
from govern.store.tables import checkpoint, checkpoint_timestamp, cosignature


def add(connection: Connection, size: int, root: str, note: str, sealed_at: datetime) -> None:
    """Keep a signed checkpoint: `root` is lowercase hex, `note` the C2SP signed note."""
    connection.execute(
        checkpoint.insert().values(size=size, root=root, note=note, sealed_at=sealed_at)
    )


def last(connection: Connection) -> Record | None:
    """The checkpoint over most of the log: size, root, note, sealed_at."""
    return _one(connection, select(checkpoint).order_by(checkpoint.c.size.desc()).limit(1))


def at(connection: Connection, size: int) -> Record | None:
    """The checkpoint over exactly so many entries."""
    return _one(connection, select(checkpoint).where(checkpoint.c.size == size))


def covering(connection: Connection, index: int) -> Record | None:
    """The first checkpoint over the entry at an index."""
    query = select(checkpoint).where(checkpoint.c.size > index)
    return _one(connection, query.order_by(checkpoint.c.size).limit(1))


def sealed_by(connection: Connection, moment: datetime) -> Record | None:
    """The last checkpoint that was sealed at or before a moment."""
    query = select(checkpoint).where(checkpoint.c.sealed_at <= moment)
    return _one(connection, query.order_by(checkpoint.c.size.desc()).limit(1))


def cosign(
    connection: Connection, size: int, witness: str, line: str, recorded_at: datetime
) -> bool:
    """Keep a witness's signature line under a checkpoint; False where it has signed that one before."""
    there = select(cosignature.c.id).where(
        cosignature.c.size == size, cosignature.c.witness == witness
    )
    if connection.scalar(there) is not None:
        return False
    connection.execute(
        cosignature.insert().values(size=size, witness=witness, line=line, recorded_at=recorded_at)
    )
    return True


def cosignatures(connection: Connection, size: int) -> list[Record]:
    """Who else has signed the checkpoint of a size: witness, line, recorded_at."""
    query = select(cosignature.c.witness, cosignature.c.line, cosignature.c.recorded_at).where(
        cosignature.c.size == size
    )
    found = connection.execute(query.order_by(cosignature.c.id)).mappings()
    return [dict(row) for row in found]


def add_timestamp(
    connection: Connection, size: int, authority: str, token: bytes, recorded_at: datetime
) -> None:
    """Keep an RFC 3161 token over the note of a checkpoint."""
    connection.execute(
        checkpoint_timestamp.insert().values(
            size=size, authority=authority, token=token, recorded_at=recorded_at
        )
    )


def timestamps(connection: Connection, size: int) -> list[Record]:
    """The RFC 3161 tokens over the checkpoint of a size: authority, token, recorded_at."""
    query = select(
        checkpoint_timestamp.c.authority,
        checkpoint_timestamp.c.token,
        checkpoint_timestamp.c.recorded_at,
    ).where(checkpoint_timestamp.c.size == size)
    return [dict(row) for row in connection.execute(query).mappings()]


def last_timestamp(connection: Connection, authority: str) -> Record | None:
    """The newest RFC 3161 token of an authority: size, authority, token, recorded_at."""
    query = select(checkpoint_timestamp).where(checkpoint_timestamp.c.authority == authority)
    return _one(connection, query.order_by(checkpoint_timestamp.c.size.desc()).limit(1))


def _one(connection: Connection, query: AnySelect) -> Record | None:
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)
