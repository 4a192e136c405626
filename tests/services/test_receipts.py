"""Whoever decides takes home a receipt, which shows a decision missing that was cut away."""

from pathlib import Path

import pytest
from sqlalchemy import delete, update

from govern.domain.decision import Answer
from govern.domain.refusal import InvalidInput
from govern.ledger.event import GENESIS
from govern.ledger.note import Verifier, generate
from govern.ledger.receipt import open_receipt, sign_receipt
from govern.services import decisions
from govern.services.ballots import Ballot
from govern.services.log_keys import shown
from govern.services.receipts import check_receipt
from govern.services.sealing import seal
from govern.store import events
from govern.store.key_folder import KEY
from govern.store.tables import chain, event
from govern.store.transaction import Store
from tests.services.house import NOW, House, add_project, build, submit
from tests.services.sealed import with_key
from tests.store.tampering import drop_triggers


@pytest.fixture
def keyed(house: House, tmp_path: Path) -> House:
    return with_key(house, tmp_path / "keys")


def _decide(house: House) -> str | None:
    submission = submit(house, add_project(house), "value_defined")
    ballot = Ballot(Answer.GO, "Good.", "Known and accepted.")
    for by in ("sam", "gus"):
        voted = decisions.vote(
            house.runtime, house.actors[by], submission["id"], ballot, version=None, now=NOW
        )
        if voted["state"] == "decided":
            return voted["receipt"]
    raise AssertionError("it was not decided")


def test_a_decision_is_acknowledged_with_the_last_event_it_made(keyed: House) -> None:
    receipt = _decide(keyed)
    assert receipt is not None
    found = open_receipt(receipt, [Verifier.read(shown(keyed.runtime).key)])
    with keyed.runtime.store.reading() as connection:
        assert events.head_of(connection, "P1") == (found.seq, found.leaf.hex())
        kinds = [each.kind for each in events.events_of(connection, "P1")]
    assert "gate.decided" in kinds[: found.seq]
    held = check_receipt(keyed.runtime, receipt)
    assert (held.wrong, held.index) == (None, None)
    seal(keyed.runtime, NOW)
    assert check_receipt(keyed.runtime, receipt).size == seal(keyed.runtime, NOW).size


def test_without_a_key_there_is_no_receipt_and_the_decision_stands(house: House) -> None:
    assert _decide(house) is None


def test_a_key_that_is_none_stops_no_decision(keyed: House, tmp_path: Path) -> None:
    (tmp_path / "keys" / KEY).write_text("nothing")
    assert _decide(keyed) is None


@pytest.mark.parametrize("what", ["cut", "replaced"])
def test_a_decision_that_was_cut_before_it_was_sealed_is_shown_missing(
    store: Store, tmp_path: Path, what: str
) -> None:
    keyed = with_key(build(store), tmp_path / "keys")
    receipt = _decide(keyed)
    assert receipt is not None
    seq = check_receipt(keyed.runtime, receipt).seq
    with keyed.runtime.store.writing() as connection:
        drop_triggers(connection)
        last = (event.c.project == "P1") & (event.c.seq == seq)
        if what == "cut":
            connection.execute(delete(event).where(last))
            connection.execute(update(chain).where(chain.c.project == "P1").values(seq=seq - 1))
        else:
            connection.execute(update(event).where(last).values(leaf=GENESIS))
    wrong = check_receipt(keyed.runtime, receipt).wrong
    assert wrong is not None
    assert ("gone" in wrong) == (what == "cut")


def test_what_the_log_has_not_signed_is_no_receipt(keyed: House) -> None:
    other = sign_receipt(generate("other"), project="P1", seq=1, leaf=bytes(32))
    for text in (other, "nothing", ""):
        with pytest.raises(InvalidInput, match="no receipt"):
            check_receipt(keyed.runtime, text)
