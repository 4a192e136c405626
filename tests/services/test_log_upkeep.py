"""The log keeps up by itself: at a tick, and while the service runs; once a day with all heads."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from govern.domain.refusal import NotFound
from govern.ledger.heads import check_head
from govern.ledger.merkle import ProofFault
from govern.services.daily_heads import prove, seal_heads
from govern.services.ledger import SERVICE
from govern.services.log_keys import new_key
from govern.services.log_upkeep import keep_up, kept_up, standing
from govern.services.people import OPERATOR
from govern.services.ticking import tick
from govern.store import events, log
from govern.store.key_folder import KEY
from tests.services.house import NOW, House, add_project
from tests.services.sealed import with_key, with_keys

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def keyed(house: House, tmp_path: Path) -> House:
    return with_key(house, tmp_path / "keys")


def _unsealed(house: House) -> int:
    with house.runtime.store.reading() as connection:
        return log.unsealed(connection)


def test_a_tick_seals_and_without_a_key_does_all_else(keyed: House, house: House) -> None:
    assert tick(house.runtime, OPERATOR, now=NOW).sealed is None
    add_project(keyed)
    assert tick(keyed.runtime, OPERATOR, now=NOW).sealed == standing(keyed.runtime)["size"]
    assert _unsealed(keyed) == 0


def test_a_log_that_cannot_be_sealed_fails_a_tick_and_stops_nothing_else(
    keyed: House, tmp_path: Path
) -> None:
    (tmp_path / "keys" / KEY).write_text("nothing")
    result = tick(keyed.runtime, OPERATOR, now=NOW)
    assert [(each.project, "cannot be used" in each.why) for each in result.failed] == [
        (SERVICE, True)
    ]
    assert "cannot be used" in standing(keyed.runtime)["wrong"]


def test_the_heads_of_all_chains_are_an_event_once_a_day(keyed: House) -> None:
    add_project(keyed)
    assert seal_heads(keyed.runtime, OPERATOR, NOW) is None
    made = keep_up(keyed.runtime, OPERATOR, NOW).heads
    assert made is not None
    assert keep_up(keyed.runtime, OPERATOR, NOW).heads is None
    assert _unsealed(keyed) == 0
    with keyed.runtime.store.reading() as connection:
        told = events.of_kind(connection, SERVICE, "heads.sealed")[0]["data"]
        seq, leaf = events.head_of(connection, "P1")
    proof = prove(keyed.runtime, "P1", NOW.date().isoformat())
    assert (proof.head.seq, proof.head.leaf, proof.size) == (seq, leaf, told["count"])
    check_head(proof, bytes.fromhex(told["root"]))
    with pytest.raises(ProofFault):
        check_head(proof, bytes(32))
    add_project(keyed, "P2")
    with pytest.raises(NotFound):
        prove(keyed.runtime, "P2", NOW.date().isoformat())
    later = keep_up(keyed.runtime, OPERATOR, TOMORROW).heads
    assert later is not None
    assert later.count == made.count + 1
    assert prove(keyed.runtime, "P1", NOW.date().isoformat()) == proof


def test_a_service_seals_as_soon_as_there_is_a_key_and_tells_once_what_hinders_it(
    house: House, tmp_path: Path
) -> None:
    served = with_keys(house, tmp_path / "keys")
    told: list[str] = []
    with kept_up(served.runtime, OPERATOR, lambda: NOW, told.append, every_s=0.01):
        assert _unsealed(served) > 0
        new_key(served.runtime, OPERATOR, "example.org/log", now=NOW)
        _until(lambda: _unsealed(served) == 0)
        key = (tmp_path / "keys" / KEY).read_text()
        (tmp_path / "keys" / KEY).write_text("nothing")
        _until(lambda: bool(told))
        time.sleep(0.05)
        (tmp_path / "keys" / KEY).write_text(key)
        add_project(served)
        _until(lambda: _unsealed(served) == 0)
    assert len(told) == 1
    assert "the log is not sealed: The log's key" in told[0]


def _until(met: Callable[[], bool]) -> None:
    for _ in range(500):
        if met():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to pass")
