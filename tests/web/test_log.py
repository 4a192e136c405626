"""The log over the web: what it serves verifies without govern's word, and witnesses hand in theirs."""

from pathlib import Path

import pytest

from govern.ledger.checkpoint import open_checkpoint
from govern.ledger.growth import read_growth
from govern.ledger.merkle import check_consistency
from govern.ledger.note import Algorithm, Verifier, cosign, generate, split_note
from govern.ledger.policy import Policy
from govern.ledger.proof_file import check_proof, read_proof
from govern.services.sealing import seal
from govern.store import log
from tests.services.house import NOW, House, add_project
from tests.services.sealed import with_key
from tests.web.caller import Callers, everybody, good, problem


@pytest.fixture
def keyed(house: House, tmp_path: Path) -> House:
    return with_key(house, tmp_path / "keys")


@pytest.fixture
def callers(keyed: House) -> Callers:
    return everybody(keyed)


def _policy(callers: Callers) -> Policy:
    return Policy(logs=(Verifier.read(good(callers.aud.get("/log/key"))["key"]),))


def test_checkpoints_grow_into_each_other(keyed: House, callers: Callers) -> None:
    problem(callers.aud.get("/log/checkpoint"), 409, "not-sealed")
    old = seal(keyed.runtime, NOW)
    add_project(keyed)
    new = seal(keyed.runtime, NOW)
    policy = _policy(callers)
    first = open_checkpoint(callers.pia.get(f"/log/checkpoints/{old.size}").text, policy)
    last = open_checkpoint(callers.pia.get("/log/checkpoint").text, policy)
    grown = read_growth(callers.pia.get(f"/log/consistency?from={old.size}").text)
    assert open_checkpoint(grown.checkpoint, policy).checkpoint == last.checkpoint
    check_consistency(
        old_size=old.size,
        old_root=first.checkpoint.root,
        new_size=new.size,
        new_root=last.checkpoint.root,
        proof=grown.hashes,
    )
    problem(callers.pia.get(f"/log/consistency?from={new.size + 1}"), 422, "invalid-input")
    problem(callers.pia.get(f"/log/checkpoints/{new.size + 1}"), 404, "not-found")


def test_an_event_is_shown_to_be_in_the_log_to_those_who_may_see_it(
    keyed: House, callers: Callers
) -> None:
    add_project(keyed)
    path = "/log/entries/1/proof?project=P1"
    problem(callers.pia.get(path), 409, "not-sealed")
    seal(keyed.runtime, NOW)
    with keyed.runtime.store.reading() as connection:
        leaf = log.event_leaf(connection, "P1", 1) or ""
    check_proof(
        read_proof(callers.pia.get(path).text),
        leaf=bytes.fromhex(leaf),
        policy=_policy(callers),
    )
    problem(callers.nil.get(path), 404, "not-found")
    problem(callers.pia.get("/log/entries/1/proof"), 403, "not-allowed")
    problem(callers.pia.get("/log/entries/999/proof?project=P1"), 404, "not-found")
    assert callers.eve.get("/log/entries/1/proof").status_code == 200


def test_a_witness_hands_in_what_it_signed_and_nothing_else(keyed: House, callers: Callers) -> None:
    size = seal(keyed.runtime, NOW).size
    witness = generate("audit.example.org/w1", Algorithm.COSIGNATURE)
    text, _ = split_note(callers.eve.get("/log/checkpoint").text)
    line = cosign(text, witness, NOW)
    key = str(witness.verifier)

    def hand_in(by: str, line: str, key: str = key, size: int = size) -> int:
        return (
            callers[by]
            .call(
                "POST",
                "/log/cosignatures",
                raw=line.encode(),
                headers={"Content-Type": "text/plain"},
                query={"size": size, "witness": key},
            )
            .status_code
        )

    assert hand_in("pia", line) == 403
    assert hand_in("eve", cosign(f"{text}x\n", witness, NOW)) == 422
    assert hand_in("eve", line, str(generate("other", Algorithm.COSIGNATURE).verifier)) == 422
    assert hand_in("eve", "nothing") == 422
    assert hand_in("eve", line, size=size + 1) == 404
    assert hand_in("eve", line) == hand_in("eve", line) == 201
    policy = Policy(_policy(callers).logs, {"w": witness.verifier}, quorum="w")
    opened = open_checkpoint(callers.pia.get("/log/checkpoint").text, policy)
    assert [name for name, _ in opened.witnesses] == ["w"]
