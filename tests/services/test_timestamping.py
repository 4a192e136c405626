"""A checkpoint is stamped once a day by an authority whose answer holds, or not at all."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from govern.domain.refusal import BadConfiguration, NotSealed, NotTimestamped
from govern.services.sealing import seal
from govern.services.timestamping import Authority, authority_of, timestamp, verify_timestamp
from govern.store import checkpoints
from tests.services.house import NOW, House, add_project
from tests.services.sealed import with_key
from tests.services.timestamp_authority import LocalAuthority


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    return LocalAuthority(tmp_path_factory.mktemp("authority") / "tsa")


@pytest.fixture
def keyed(house: House, tmp_path: Path) -> House:
    return with_key(house, tmp_path / "keys")


def test_the_last_checkpoint_is_stamped_once_a_day(keyed: House, local: LocalAuthority) -> None:
    sealed = seal(keyed.runtime, NOW)
    before = datetime.now(UTC)
    with local.served() as url:
        authority = authority_of(url, local.roots)
        first = timestamp(keyed.runtime, authority, now=NOW)
        add_project(keyed)
        more = seal(keyed.runtime, NOW)
        again = timestamp(keyed.runtime, authority, now=NOW)
        tomorrow = timestamp(keyed.runtime, authority, now=NOW + timedelta(days=1))
    assert (first.size, first.new, first.authority) == (sealed.size, True, url)
    assert abs(first.at - before) < timedelta(minutes=5)
    assert (again.size, again.at, again.new) == (sealed.size, first.at, False)
    assert (tomorrow.size, tomorrow.new) == (more.size, True)
    with keyed.runtime.store.reading() as connection:
        (kept,) = checkpoints.timestamps(connection, sealed.size)
    assert sealed.note is not None
    note = sealed.note.encode()
    assert verify_timestamp(kept["token"], note, authority.roots) == first.at
    assert local.accepts(note, kept["token"])


def test_what_does_not_hold_is_not_kept(
    keyed: House, local: LocalAuthority, tmp_path: Path
) -> None:
    sealed = seal(keyed.runtime, NOW)
    stranger = LocalAuthority(tmp_path / "stranger")
    authority = authority_of("https://tsa.example.org", local.roots)
    earlier: list[bytes] = []

    def first(url: str, request: bytes) -> bytes:
        earlier.append(local.answer(request))
        return earlier[0]

    for post, what in (
        (lambda _, request: stranger.answer(request), "certificate"),
        (lambda _, request: b"hello", "no timestamp"),
        (lambda _, request: local.answer(request)[:-1] + b"\x00", "does not hold|no timestamp"),
    ):
        with pytest.raises(NotTimestamped, match=what):
            timestamp(keyed.runtime, authority, now=NOW, post=post)
    assert timestamp(keyed.runtime, authority, now=NOW, post=first).new
    with pytest.raises(NotTimestamped, match="Nonce"):
        timestamp(
            keyed.runtime,
            authority,
            now=NOW + timedelta(days=1),
            post=lambda _, request: earlier[0],
        )
    with keyed.runtime.store.reading() as connection:
        assert len(checkpoints.timestamps(connection, sealed.size)) == 1
    with pytest.raises(NotTimestamped, match="Mismatch between messages"):
        verify_timestamp(earlier[0], b"another note", authority.roots)


def test_there_is_something_to_stamp_and_somebody_to_ask(house: House, tmp_path: Path) -> None:
    with pytest.raises(NotSealed):
        timestamp(house.runtime, Authority("https://tsa.example.org", ()), now=NOW)
    keyed = with_key(house, tmp_path / "keys")
    seal(keyed.runtime, NOW)
    with pytest.raises(NotTimestamped, match="cannot be reached"):
        timestamp(keyed.runtime, Authority("http://127.0.0.1:9", ()), now=NOW)
    (tmp_path / "empty.pem").write_text("")
    for url, roots, setting in (
        (None, tmp_path, "GOVERN_TSA_URL"),
        ("https://tsa.example.org", None, "GOVERN_TSA_ROOTS"),
        ("ftp://tsa.example.org", tmp_path, "GOVERN_TSA_URL"),
        ("https://tsa.example.org", tmp_path / "empty.pem", "GOVERN_TSA_ROOTS"),
    ):
        with pytest.raises(BadConfiguration, match=setting):
            authority_of(url, roots)
