"""What a witness sees of the log, and what somebody with the log's key shows it."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytest_bdd import given, then, when

from features.house import House
from govern.domain.refusal import LogNotWitnessed
from govern.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from govern.ledger.growth import Growth, write_growth
from govern.ledger.note import Algorithm, Signer, decode_base64
from govern.ledger.policy import Policy
from govern.services import log_reading
from govern.services.log_keys import new_key
from govern.services.log_source import LogFile
from govern.services.people import OPERATOR
from govern.services.sealing import key_of, seal
from govern.services.witness_state import WitnessState
from govern.services.witnessing import witness
from govern.store.key_folder import KeyFolder

WITNESS = Signer("audit.example.org/w1", Algorithm.COSIGNATURE, b"\x04" * 32)


def _shown(house: House) -> Path:
    return house.folder / "shown"


def _state(house: House) -> WitnessState:
    return WitnessState(house.folder / "witness")


def _logs(house: House) -> Policy:
    return Policy((key_of(house.runtime)[1].verifier,))


def _look(house: House) -> None:
    seen = witness(LogFile(_shown(house)), _logs(house), WITNESS, _state(house), now=house.now)
    house.noted["witnessed"] = seen


def _look_at_the_log(house: House) -> None:
    """Seals, carries the log's growth since the last time to the witness, and lets it look."""
    seal(house.runtime, house.now)
    (origin,) = {log.name for log in _logs(house).logs}
    last = _state(house).last(origin)
    old = 0 if last is None else last.size
    hashes, note = log_reading.consistency_proof(house.runtime, old)
    growth = Growth(old, tuple(map(decode_base64, hashes)), note)
    _shown(house).write_text(write_growth(growth))
    _look(house)


@given("the log has a key, and the auditors have a witness that knows it")
def _(house: House) -> None:
    house.runtime = replace(house.runtime, keys=KeyFolder(house.folder / "keys"))
    new_key(house.runtime, OPERATOR, "govern.example.org/log", now=house.now)


@given("the witness has looked at the log")
@when("the witness looks at the log")
def _(house: House) -> None:
    _look_at_the_log(house)


@given("somebody with the key signs another log, as long as this one")
def _(house: House) -> None:
    _, signer = key_of(house.runtime)
    size = house.noted["witnessed"].size
    forged = sign_checkpoint(Checkpoint(signer.name, size, b"\x00" * 32), signer)
    _shown(house).write_text(write_growth(Growth(size, (), forged)))


@when("the witness looks at what was signed")
def _(house: House) -> None:
    with pytest.raises(LogNotWitnessed) as refused:
        _look(house)
    house.refusal = refused.value


@then("the witness has signed the log with every event so far")
def _(house: House) -> None:
    witnessed = house.noted["witnessed"]
    assert witnessed.size > witnessed.before > 0
    policy = replace(_logs(house), witnesses={"w": WITNESS.verifier}, quorum="w")
    opened = open_checkpoint(log_reading.checkpoint(house.runtime) + witnessed.line, policy)
    assert opened.checkpoint.size == witnessed.size == log_reading.sealed_size(house.runtime)


@then("it signs nothing, because the log does not continue what it saw")
def _(house: House) -> None:
    assert house.refusal is not None
    assert "does not continue what this witness saw" in house.refusal.detail


@then("what was signed is kept as evidence")
def _(house: House) -> None:
    (kept,) = _state(house).folder.glob("*.evidence")
    assert kept.read_text() == _shown(house).read_text()
