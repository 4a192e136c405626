"""Verification of a real database with a sealed log: what was done to it by hand is named."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from govern.ledger.note import Algorithm, Verifier, cosign, generate
from govern.ledger.policy import read_policy
from govern.ledger.verify import Fault
from govern.services.audit import LedgerAudit, verify_ledger
from govern.services.audit_stamps import stamped
from govern.services.daily_heads import seal_heads
from govern.services.ledger import SERVICE, record_event
from govern.services.log_keys import rotate, shown
from govern.services.people import OPERATOR
from govern.services.sealing import seal
from govern.services.timestamping import Authority, roots_in, timestamp
from govern.store import checkpoints, events, guards
from govern.store.engine import is_sqlite
from tests.databases import only_postgresql
from tests.services.house import NOW, House, add_project
from tests.services.sealed import with_key
from tests.services.timestamp_authority import LocalAuthority
from tests.store.tampering import drop_triggers


@pytest.fixture
def sealed(house: House, tmp_path: Path) -> House:
    """Sealed twice, with another key the second time."""
    keyed = with_key(house, tmp_path / "keys")
    add_project(keyed)
    seal(keyed.runtime, NOW)
    rotate(keyed.runtime, OPERATOR, now=NOW + timedelta(hours=1))
    seal(keyed.runtime, NOW + timedelta(hours=2))
    return keyed


def _verified(house: House) -> LedgerAudit:
    return verify_ledger(house.runtime, OPERATOR)


def _tampered(house: House, *statements: str) -> LedgerAudit:
    _tamper(house, *statements)
    return _verified(house)


def _tamper(house: House, *statements: str) -> None:
    with house.runtime.store.writing() as connection:
        drop_triggers(connection)
        _unbind(connection)
        for statement in statements:
            connection.execute(text(statement))


def _unbind(connection: Connection) -> None:
    if is_sqlite(connection):
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")


def test_a_sealed_ledger_holds_over_a_change_of_keys(sealed: House) -> None:
    found = _verified(sealed)
    assert found.holds, found
    assert found.events == found.sealed == found.vouched
    assert found.checkpoints >= 2
    # The first event seen by the new key is the one that tells of it.
    assert not any("not sealed" in remark for remark in found.remarks)


def test_the_first_pinned_key_leads_to_the_one_that_signs_now(sealed: House) -> None:
    retired = shown(sealed.runtime).retired[0]
    found = verify_ledger(sealed.runtime, OPERATOR, read_policy(f"log {retired}\nquorum none\n"))
    assert found.holds, found
    stranger = generate(Verifier.read(retired).name).verifier
    found = verify_ledger(sealed.runtime, OPERATOR, read_policy(f"log {stranger}\nquorum none\n"))
    assert not found.holds
    assert found.vouched == 0


def test_without_any_key_it_is_said_that_nobody_looked_who_signed(sealed: House) -> None:
    found = verify_ledger(replace(sealed.runtime, keys=None), OPERATOR)
    assert found.holds
    assert any("who signed them was not looked at" in remark for remark in found.remarks)


def test_what_is_not_sealed_yet_is_said(sealed: House) -> None:
    add_project(sealed, "LATER")
    assert any("not sealed yet" in remark for remark in _verified(sealed).remarks)


def test_what_a_witness_has_signed_counts_with_its_policy(sealed: House) -> None:
    witness = generate("witness.example", Algorithm.COSIGNATURE)
    with sealed.runtime.store.writing() as connection:
        last = checkpoints.last(connection)
        assert last is not None
        body = last["note"].partition("\n\n")[0] + "\n"
        line = cosign(body, witness, NOW)
        checkpoints.cosign(connection, last["size"], "witness.example", line, NOW)
    key = shown(sealed.runtime)
    pinned = read_policy(f"log {key.retired[0]}\nwitness w1 {witness.verifier}\nquorum w1\n")
    found = verify_ledger(sealed.runtime, OPERATOR, pinned)
    assert found.holds, found
    assert found.witnessed == found.vouched
    assert any("cosignature" in remark for remark in _verified(sealed).remarks)


@pytest.mark.parametrize(
    ("statement", "project", "seq"),
    [
        ("UPDATE event SET kind = 'other' WHERE project = '@service' AND seq = 3", "@service", 3),
        ("DELETE FROM log_entry WHERE project = '@service' AND seq = 2", "@service", 2),
        (
            "UPDATE log_entry SET leaf = repeat('a', 64) WHERE project = '@service' AND seq = 2",
            "@service",
            2,
        ),
        ("DELETE FROM sealed_chain WHERE project = '@service'", "@service", 1),
        ("UPDATE checkpoint SET root = repeat('a', 64)", "@service", 1),
        ("DELETE FROM checkpoint WHERE size = (SELECT min(size) FROM checkpoint)", "@service", 1),
        ("UPDATE personal SET value = value || ' and more'", "@service", None),
        ("DELETE FROM personal", "@service", None),
    ],
)
def test_what_was_changed_by_hand_is_named(
    sealed: House, statement: str, project: str, seq: int | None
) -> None:
    if is_sqlite(sealed.runtime.store.engine):
        statement = statement.replace("repeat('a', 64)", f"'{'a' * 64}'")
    found = _tampered(sealed, statement)
    assert not found.holds
    named = {(fault.project, fault.seq) for fault in found.faults}
    assert (project, seq) in named or (seq is None and project in dict(named)), found


@only_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_entry SET leaf = 'none' WHERE log_index = 1",
        "UPDATE event SET kind = 'other' WHERE project = '@service' AND seq = 3",
    ],
)
def test_what_was_not_read_to_its_end_is_closed(
    sealed: House, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fallen, left = guards.fallen, list[str]()

    def asked_at_the_end(connection: Connection) -> tuple[str, ...]:
        left.extend(connection.scalars(text("SELECT name FROM pg_cursors WHERE name LIKE '%\\_%'")))
        return fallen(connection)

    monkeypatch.setattr(guards, "fallen", asked_at_the_end)
    assert not _tampered(sealed, statement).holds
    assert left == []


def test_a_log_that_was_cut_with_all_that_tells_of_it_is_missed_by_the_folder_of_keys(
    sealed: House,
) -> None:
    found = _tampered(
        sealed,
        "DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)",
        "DELETE FROM log_entry WHERE log_index >= (SELECT max(size) FROM checkpoint)",
        "DELETE FROM event WHERE NOT EXISTS (SELECT 1 FROM log_entry WHERE "
        "log_entry.project = event.project AND log_entry.seq = event.seq)",
        "DELETE FROM chain",
        "INSERT INTO chain SELECT project, seq, leaf FROM event AS last WHERE seq = "
        "(SELECT max(seq) FROM event WHERE event.project = last.project)",
        "DELETE FROM sealed_chain",
        "INSERT INTO sealed_chain SELECT project, seq FROM chain",
    )
    (fault,) = found.faults
    assert (fault.project, fault.seq) == ("@log", found.vouched + 1)


def test_triggers_that_are_gone_are_told(sealed: House) -> None:
    found = _tampered(sealed)
    assert not found.holds
    assert not found.faults
    assert any("event_no_" in what for what in found.fallen)


def _with_heads(sealed: House, day: datetime) -> None:
    assert seal_heads(sealed.runtime, OPERATOR, day) is not None
    add_project(sealed, f"P{day.day}")
    seal(sealed.runtime, day + timedelta(hours=3))


@pytest.mark.parametrize("bad", ["no body", "{}", ""])
@pytest.mark.parametrize("kind", ["key.rotated", "heads.sealed"])
def test_what_states_the_log_and_cannot_be_read_is_named(
    sealed: House, kind: str, bad: str
) -> None:
    """It is read ahead of the others, when nothing is known of it yet."""
    _with_heads(sealed, NOW + timedelta(days=1))
    with sealed.runtime.store.writing() as connection:
        drop_triggers(connection)
        changed = connection.execute(
            text("UPDATE event SET body = :bad WHERE kind = :kind RETURNING seq"),
            {"bad": bad.encode(), "kind": kind},
        )
        (seq,) = changed.scalars().all()
    found = _verified(sealed)
    assert (SERVICE, seq) in {(fault.project, fault.seq) for fault in found.faults}, found


def test_heads_of_days_are_made_again(sealed: House) -> None:
    for days in (1, 2):
        _with_heads(sealed, NOW + timedelta(days=days))
    found = _verified(sealed)
    assert found.holds, found
    assert found.heads == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"root": "0" * 64}, "under '000000000000'"),
        ({"count": 40}, "states 40 heads"),
        ({"size": 4000}, "has not so many"),
        ({"day": "yesterday"}, "not which"),
    ],
)
def test_heads_that_the_log_never_had_are_named(
    sealed: House, change: dict[str, Any], says: str
) -> None:
    """Nothing was changed by hand here: an event that is sealed and signed can state what is not so."""
    _with_heads(sealed, NOW + timedelta(days=1))
    later = NOW + timedelta(days=2)
    with sealed.runtime.store.writing() as connection:
        (true,) = events.of_kind(connection, SERVICE, "heads.sealed")
        data = true["data"] | {"day": later.date().isoformat()} | change
        record_event(connection, SERVICE, OPERATOR, "heads.sealed", data, later)
    seal(sealed.runtime, later)
    found = _verified(sealed)
    (fault,) = found.faults
    assert (fault.project, found.heads) == (SERVICE, 1)
    assert says in fault.what


@pytest.fixture
def authority(tmp_path: Path) -> LocalAuthority:
    return LocalAuthority(tmp_path / "tsa")


def test_timestamps_count_where_the_roots_of_their_authorities_are_known(
    sealed: House, authority: LocalAuthority, tmp_path: Path
) -> None:
    def post(_: str, request: bytes) -> bytes:
        return authority.answer(request)

    roots = roots_in(authority.roots)
    timestamp(sealed.runtime, Authority("https://tsa.example", roots), now=NOW, post=post)
    unread = _verified(sealed)
    assert (unread.holds, unread.timestamps) == (True, 0)
    assert any(remark.startswith("1 timestamp ") for remark in unread.remarks)
    found = verify_ledger(sealed.runtime, OPERATOR, roots=roots)
    assert (found.holds, found.timestamps) == (True, 1)
    assert not any("timestamp" in remark for remark in found.remarks)
    strangers = roots_in(LocalAuthority(tmp_path / "stranger").roots)
    (fault,) = verify_ledger(sealed.runtime, OPERATOR, roots=strangers).faults
    assert (fault.project, fault.seq) == ("@log", found.vouched)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checkpoint_timestamp SET token = substr(token, 1, length(token) - 1) || {last}",
        "UPDATE checkpoint_timestamp SET token = {last}",
        "UPDATE checkpoint_timestamp SET size = (SELECT min(size) FROM checkpoint)",
    ],
)
def test_a_timestamp_that_was_changed_is_named(
    sealed: House, authority: LocalAuthority, statement: str
) -> None:
    def post(_: str, request: bytes) -> bytes:
        return authority.answer(request)

    roots = roots_in(authority.roots)
    timestamp(sealed.runtime, Authority("https://tsa.example", roots), now=NOW, post=post)
    last = "x'00'" if is_sqlite(sealed.runtime.store.engine) else r"'\x00'::bytea"
    _tamper(sealed, statement.format(last=last.replace(":", r"\:")))
    (fault,) = verify_ledger(sealed.runtime, OPERATOR, roots=roots).faults
    assert fault.project == "@log"
    assert "the timestamp of https://tsa.example" in fault.what


def test_a_timestamp_under_no_checkpoint_is_named_though_no_roots_are_known() -> None:
    rows = [(7, "https://tsa.example", b"", "")] * 2
    assert stamped(rows, ()) == (
        0,
        0,
        [
            Fault(
                "@log",
                7,
                "the timestamp of https://tsa.example on the checkpoint over 7 entries does not hold: "
                "there is no such checkpoint",
            )
        ],
    )
