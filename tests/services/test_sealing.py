"""What is recorded is sealed once, by one sealer, and nothing is built on a log that lost something."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update

from govern.domain.refusal import Duplicate, InvalidInput, LogBehind, LogContradicted, NoKey
from govern.ledger.checkpoint import open_checkpoint
from govern.ledger.keys import follow, open_rotation
from govern.ledger.merkle import root
from govern.ledger.note import Verifier, generate
from govern.ledger.policy import Policy
from govern.services.audit import verify_ledger
from govern.services.ledger import SERVICE
from govern.services.log_keys import new_key, rotate, shown
from govern.services.log_upkeep import standing
from govern.services.people import OPERATOR
from govern.services.sealing import seal
from govern.store import checkpoints, events, log
from govern.store.key_folder import KEY, SEALED, KeyFolder
from govern.store.tables import checkpoint, event, log_entry, log_tile, sealed_chain
from tests.services.house import NOW, House, add_project
from tests.services.sealed import ORIGIN, with_key, with_keys
from tests.store.tampering import drop_triggers

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def keyed(house: House, tmp_path: Path) -> House:
    return with_key(house, tmp_path / "keys")


def _count(house: House) -> int:
    with house.runtime.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(event)) or 0


def test_without_a_key_nothing_is_sealed_and_that_is_said(house: House, tmp_path: Path) -> None:
    for each in (house, with_keys(house, tmp_path / "none")):
        with pytest.raises(NoKey, match="govern keys new"):
            seal(each.runtime, NOW)


def test_every_event_is_sealed_once_under_a_checkpoint_that_holds(keyed: House) -> None:
    add_project(keyed)
    sealed = seal(keyed.runtime, NOW)
    assert sealed.events == sealed.size == _count(keyed)
    key = Verifier.read(shown(keyed.runtime).key)
    opened = open_checkpoint(sealed.note or "", Policy(logs=(key,)))
    assert opened.checkpoint.origin == ORIGIN
    with keyed.runtime.store.reading() as connection:
        leaves = connection.scalars(select(log_entry.c.leaf).order_by(log_entry.c.log_index))
        assert opened.checkpoint.root == root(bytes.fromhex(leaf) for leaf in leaves)
    again = seal(keyed.runtime, LATER)
    assert (again.events, again.note) == (0, sealed.note)


def test_the_time_of_a_checkpoint_never_goes_back(keyed: House) -> None:
    seal(keyed.runtime, LATER)
    add_project(keyed)
    seal(keyed.runtime, NOW)
    with keyed.runtime.store.reading() as connection:
        last = checkpoints.last(connection)
        assert last is not None
        assert last["sealed_at"] == LATER
        assert checkpoints.sealed_by(connection, NOW) is None
        assert (checkpoints.sealed_by(connection, LATER) or {})["size"] == last["size"]


def test_many_sealers_and_writers_seal_each_event_once(keyed: House) -> None:
    def work(number: int) -> None:
        if number % 2:
            add_project(keyed, f"W{number}")
        else:
            for _ in range(5):
                seal(keyed.runtime, NOW)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(9)))
    seal(keyed.runtime, NOW)
    with keyed.runtime.store.reading() as connection:
        assert log.unsealed(connection) == 0
        assert log.size(connection) == _count(keyed)


def test_the_private_key_is_for_its_owner_only_and_in_no_table(
    keyed: House, tmp_path: Path
) -> None:
    path = tmp_path / "keys" / KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    # The key's own text is base64, which may hold a plus too.
    secret = path.read_text().strip().split("+", 4)[4].encode()
    assert len(secret) > 40
    with keyed.runtime.store.reading() as connection:
        for each in events.events_of(connection, SERVICE):
            assert secret not in each.body
    with pytest.raises(Duplicate, match="rotate"):
        new_key(keyed.runtime, OPERATOR, "other", now=NOW)


def test_a_rotation_is_signed_by_both_and_an_event(keyed: House) -> None:
    old = Verifier.read(shown(keyed.runtime).key)
    seal(keyed.runtime, NOW)
    rotated = rotate(keyed.runtime, OPERATOR, now=LATER)
    new = Verifier.read(rotated.key)
    assert rotated.retired == (str(old),)
    with keyed.runtime.store.reading() as connection:
        told = events.of_kind(connection, SERVICE, "key.rotated")[0]["data"]
    rotation = open_rotation(told["statement"])
    assert [each.verifier for each in follow(old, [rotation])] == [old, new]
    sealed = seal(keyed.runtime, LATER)
    assert (
        open_checkpoint(sealed.note or "", Policy(logs=(new,))).checkpoint.size == rotation.size + 1
    )


def test_a_change_of_key_that_was_interrupted_is_ended(
    keyed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = shown(keyed.runtime).key
    keys = keyed.runtime.keys
    assert keys is not None
    with monkeypatch.context() as patch:
        patch.setattr(type(keys), "install", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            rotate(keyed.runtime, OPERATOR, now=NOW)
    assert shown(keyed.runtime).key == old
    seal(keyed.runtime, NOW)
    assert shown(keyed.runtime).key != old
    assert shown(keyed.runtime).retired == (old,)


# --- restore ----------------------------------------------------------------------------------


def _cut(house: House, size: int) -> None:
    """The log as it was at a size, as an older backup has it."""
    with house.runtime.store.writing() as connection:
        drop_triggers(connection)
        connection.execute(delete(checkpoint).where(checkpoint.c.size > size))
        for project, last in connection.execute(
            select(log_entry.c.project, func.min(log_entry.c.seq))
            .where(log_entry.c.log_index >= size)
            .group_by(log_entry.c.project)
        ).all():
            connection.execute(
                update(sealed_chain).where(sealed_chain.c.project == project).values(seq=last - 1)
            )
        connection.execute(delete(log_entry).where(log_entry.c.log_index >= size))
        connection.execute(delete(log_tile))


def test_a_log_shorter_than_what_was_signed_is_not_sealed(keyed: House) -> None:
    first = seal(keyed.runtime, NOW).size
    add_project(keyed)
    seal(keyed.runtime, NOW)
    assert standing(keyed.runtime)["wrong"] is None
    _cut(keyed, first)
    with pytest.raises(LogBehind, match="Restore a newer backup") as refused:
        seal(keyed.runtime, NOW)
    assert refused.value.facts["size"] == first
    assert standing(keyed.runtime)["wrong"] == refused.value.detail
    with keyed.runtime.store.reading() as connection:
        assert log.size(connection) == first


def test_a_log_grown_again_after_a_loss_contradicts_what_was_signed(
    keyed: House, tmp_path: Path
) -> None:
    first = seal(keyed.runtime, NOW).size
    add_project(keyed, "P1")
    seal(keyed.runtime, NOW)
    signed = (tmp_path / "keys" / SEALED).read_text()
    _cut(keyed, first)
    add_project(keyed, "A1")
    (tmp_path / "keys" / SEALED).unlink()
    seal(keyed.runtime, NOW)
    (tmp_path / "keys" / SEALED).write_text(signed)
    with pytest.raises(LogContradicted, match="not those that were signed"):
        seal(keyed.runtime, NOW)


def test_a_loss_is_given_up_for_a_new_log_which_tells_of_it(keyed: House) -> None:
    first = seal(keyed.runtime, NOW).size
    add_project(keyed)
    lost = seal(keyed.runtime, NOW).note
    _cut(keyed, first)
    with pytest.raises(InvalidInput):
        new_key(keyed.runtime, OPERATOR, ORIGIN, now=NOW, after_loss="The disk burnt.")
    new_key(keyed.runtime, OPERATOR, f"{ORIGIN}/2", now=NOW, after_loss="The disk burnt.")
    with keyed.runtime.store.reading() as connection:
        told = events.of_kind(connection, SERVICE, "log.restarted")[0]["data"]
    assert (told["lost"], told["found"]) == (lost, first)
    assert (seal(keyed.runtime, NOW).note or "").startswith(f"{ORIGIN}/2\n")


@pytest.mark.parametrize("what", ["entry changed", "entry moved", "checkpoint gone", "entry gone"])
def test_a_log_that_was_changed_is_not_built_upon(keyed: House, what: str) -> None:
    seal(keyed.runtime, NOW)
    with keyed.runtime.store.writing() as connection:
        drop_triggers(connection)
        if what == "entry changed":
            connection.execute(
                update(log_entry).where(log_entry.c.log_index == 1).values(leaf="00" * 32)
            )
        elif what == "entry gone":
            connection.execute(delete(log_entry).where(log_entry.c.log_index == 1))
        elif what == "checkpoint gone":
            connection.execute(delete(checkpoint))
        else:
            last = log.size(connection) - 1
            moved = update(log_entry).where(log_entry.c.log_index == last)
            connection.execute(moved.values(log_index=last + 1))
    add_project(keyed)
    with pytest.raises(LogContradicted):
        seal(keyed.runtime, NOW)


def test_a_folder_that_forgot_what_was_signed_learns_it_from_the_log(
    keyed: House, tmp_path: Path
) -> None:
    """As after a crash between the commit and the writing of the file."""
    sealed = seal(keyed.runtime, NOW)
    (tmp_path / "keys" / SEALED).unlink()
    assert seal(keyed.runtime, NOW).note == sealed.note
    assert (tmp_path / "keys" / SEALED).read_text() == sealed.note


def test_the_key_of_another_log_does_not_seal_this_one(keyed: House, tmp_path: Path) -> None:
    seal(keyed.runtime, NOW)
    other = with_keys(keyed, tmp_path / "other")
    assert other.runtime.keys is not None
    other.runtime.keys.prepare(generate("another"))
    other.runtime.keys.install()
    add_project(keyed)
    with pytest.raises(LogContradicted, match="GOVERN_KEYS_DIR"):
        seal(other.runtime, NOW)


def test_what_is_sealed_while_the_ledger_is_verified_is_no_fault(keyed: House) -> None:
    seal(keyed.runtime, NOW)

    class SealedMeanwhile(KeyFolder):
        def verifiers(self) -> tuple[Verifier, ...]:
            # Asked for once the snapshot of the database is taken.
            add_project(keyed, "MEANWHILE")
            seal(keyed.runtime, NOW)
            return super().verifiers()

    assert keyed.runtime.keys is not None
    keys = SealedMeanwhile(keyed.runtime.keys.root)
    verified = verify_ledger(replace(keyed.runtime, keys=keys), OPERATOR)
    assert verified.holds, verified.faults
    assert verify_ledger(keyed.runtime, OPERATOR).sealed > verified.sealed
