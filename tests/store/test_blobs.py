"""Content is kept under its own hash, once, and is checked when it is read."""

import hashlib

import pytest
from sqlalchemy import func, select, update

from govern.store import blobs
from govern.store.tables import blob
from govern.store.transaction import Store
from tests.store.rows import AT
from tests.store.tampering import drop_triggers


def test_what_is_put_is_got(store: Store) -> None:
    content = bytes(range(256))
    with store.writing() as connection:
        digest = blobs.put(connection, content, "application/octet-stream", AT)
    assert digest == "sha256:" + hashlib.sha256(content).hexdigest()
    with store.reading() as connection:
        kept = blobs.get(connection, digest)
    assert kept == blobs.Blob(digest, "application/octet-stream", content)


def test_the_same_content_is_kept_once(store: Store) -> None:
    with store.writing() as connection:
        first = blobs.put(connection, b"", "text/plain", AT)
        assert blobs.put(connection, b"", "text/plain", AT) == first
    with store.writing() as connection:
        assert blobs.put(connection, b"", "text/plain", AT) == first
        assert connection.scalar(select(func.count()).select_from(blob)) == 1


def test_what_was_never_put_is_none(store: Store) -> None:
    with store.reading() as connection:
        assert blobs.get(connection, blobs.digest_of(b"never")) is None


def test_changed_content_is_not_given_out(store: Store) -> None:
    with store.writing() as connection:
        digest = blobs.put(connection, b"what was decided on", "text/plain", AT)
        drop_triggers(connection)
        connection.execute(update(blob).values(content=b"something else"))
    with store.reading() as connection, pytest.raises(blobs.Corrupt, match=digest):
        blobs.get(connection, digest)


def test_changed_content_is_found_without_asking_for_it(store: Store) -> None:
    with store.writing() as connection:
        digests = [blobs.put(connection, bytes([n]), "text/plain", AT) for n in range(25)]
        assert list(blobs.changed(connection)) == []
        drop_triggers(connection)
        connection.execute(update(blob).where(blob.c.digest == digests[7]).values(content=b"?"))
    with store.reading() as connection:
        assert list(blobs.changed(connection)) == [digests[7]]
