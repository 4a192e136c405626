"""Held against Go's sumdb/tlog and sumdb/note: what we write they accept, what is damaged nobody."""

# ruff: noqa: S311 - the same trees and damages on every run

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from govern.ledger import merkle
from govern.ledger.checkpoint import Checkpoint, sign_checkpoint
from govern.ledger.note import NoteFault, Signer, Verifier, encode_base64, generate, open_note, sign
from govern.ledger.receipt import sign_receipt
from tests.ledger.sumdb import Sumdb, build, running

pytestmark = pytest.mark.xdist_group("sumdb")

SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 255, 256, 257, 300)
AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def sumdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sumdb]:
    folder: Path = tmp_path_factory.mktemp("sumdb")
    with running(build(folder)) as program:
        yield program


def _leaves(rng: random.Random, size: int) -> list[bytes]:
    return [rng.randbytes(32) for _ in range(size)]


def test_roots_and_proofs_of_many_trees_are_those_of_go(sumdb: Sumdb) -> None:
    rng = random.Random(6962)
    sizes = [*SIZES, *(rng.randint(1, 400) for _ in range(60))]
    for size in sizes:
        leaves = _leaves(rng, size)
        index, old = rng.randrange(size), rng.randint(1, size)
        hashes = merkle.hashes_over(leaves)
        root, old_root = merkle.root(leaves), merkle.root(leaves[:old])
        path = merkle.inclusion(index, size, hashes)
        growth = merkle.consistency(old, size, hashes)
        theirs = sumdb.ask("prove", leaves=leaves, index=index, old=old)
        assert theirs == {
            "Ok": True,
            "Root": encode_base64(root),
            **({"Inclusion": [encode_base64(it) for it in path]} if path else {}),
            **({"Consistency": [encode_base64(it) for it in growth]} if growth else {}),
        }
        assert merkle.root_at(size, hashes) == root
        inclusion = {"index": index, "size": size, "leaf": leaves[index], "proof": path}
        assert _both_accept_inclusion(sumdb, {**inclusion, "root": root})
        consistency = {"old": old, "old_root": old_root, "size": size, "root": root}
        assert _both_accept_consistency(sumdb, {**consistency, "proof": growth})


def test_every_inclusion_and_consistency_proof_of_small_trees_is_accepted(sumdb: Sumdb) -> None:
    leaves = _leaves(random.Random(1), 24)
    hashes = merkle.hashes_over(leaves)
    for size in range(1, 25):
        root = merkle.root(leaves[:size])
        for index in range(size):
            proof = merkle.inclusion(index, size, hashes)
            facts = {"index": index, "size": size, "leaf": leaves[index], "proof": proof}
            assert _both_accept_inclusion(sumdb, {**facts, "root": root})
            old, old_root = index + 1, merkle.root(leaves[: index + 1])
            growth = merkle.consistency(old, size, hashes)
            facts = {"old": old, "old_root": old_root, "size": size, "proof": growth}
            assert _both_accept_consistency(sumdb, {**facts, "root": root})


def test_a_damaged_inclusion_proof_is_rejected_here_and_there(sumdb: Sumdb) -> None:
    rng = random.Random(2)
    for _ in range(1500):
        size = rng.choice((*SIZES, rng.randint(2, 200)))
        leaves = _leaves(rng, size)
        index = rng.randrange(size)
        proof = merkle.inclusion(index, size, merkle.hashes_over(leaves))
        facts = {"index": index, "size": size, "leaf": leaves[index], "proof": proof}
        damaged = _damage(rng, {**facts, "root": merkle.root(leaves)}, ("leaf", "root"))
        assert not _both_accept_inclusion(sumdb, damaged)


def test_a_damaged_consistency_proof_is_rejected_here_and_there(sumdb: Sumdb) -> None:
    rng = random.Random(3)
    for _ in range(1500):
        size = rng.choice((*SIZES, rng.randint(2, 200)))
        leaves = _leaves(rng, size)
        old = rng.randint(1, size)
        proof = merkle.consistency(old, size, merkle.hashes_over(leaves))
        facts = {"old": old, "old_root": merkle.root(leaves[:old]), "size": size, "proof": proof}
        damaged = _damage(rng, {**facts, "root": merkle.root(leaves)}, ("old_root", "root"))
        assert not _both_accept_consistency(sumdb, damaged)


def test_with_another_size_or_place_both_say_the_same(sumdb: Sumdb) -> None:
    # A root does not tell its size: that is why a checkpoint signs both. Some such claims hold.
    rng = random.Random(4)
    for _ in range(800):
        size = rng.randint(1, 40)
        leaves = _leaves(rng, size)
        hashes, root = merkle.hashes_over(leaves), merkle.root(leaves)
        index, old = rng.randrange(size), rng.randint(1, size)
        other = size + rng.choice((-2, -1, 1, 2, 5))
        path = merkle.inclusion(index, size, hashes)
        facts: dict[str, Any] = {"index": index, "size": size, "leaf": leaves[index], "root": root}
        _both_accept_inclusion(sumdb, {**facts, "proof": path, "size": max(other, 1)})
        _both_accept_inclusion(sumdb, {**facts, "proof": path, "index": rng.randrange(size + 1)})
        growth = merkle.consistency(old, size, hashes)
        facts = {"old": old, "old_root": merkle.root(leaves[:old]), "root": root, "size": size}
        _both_accept_consistency(sumdb, {**facts, "proof": growth, "size": max(other, 1)})
        _both_accept_consistency(sumdb, {**facts, "proof": growth, "old": rng.randint(1, size)})


def test_our_checkpoints_and_receipts_open_in_go(sumdb: Sumdb) -> None:
    rng = random.Random(5)
    signer = generate("example.org/govern")
    key = str(signer.verifier)
    for size in SIZES:
        checkpoint = Checkpoint(signer.name, size, merkle.root(_leaves(rng, size)), AT)
        signed = sign_checkpoint(checkpoint, signer)
        assert sumdb.ask("open", note=signed, keys=[key]) == {
            "Ok": True,
            "Text": checkpoint.text(),
        }
    receipt = sign_receipt(signer, project="LIRR – Linie\n%", seq=7, leaf=b"\x01" * 32)
    assert sumdb.accepts("open", note=receipt, keys=[key])


def test_go_reads_the_body_of_our_checkpoints(sumdb: Sumdb) -> None:
    # tlog.ParseTree takes one origin only, that of Go's own database.
    root = merkle.root(_leaves(random.Random(6), 77))
    text = Checkpoint("go.sum database tree", 77, root, AT).text()
    assert sumdb.ask("tree", text=text) == {"Ok": True, "Size": 77, "Root": encode_base64(root)}


def test_keys_and_notes_of_go_open_here_and_the_other_way_round(sumdb: Sumdb) -> None:
    secret, public = sumdb.ask("generate", name="go.example/log")["Keys"]
    theirs = Signer.read(secret)
    assert theirs.verifier == Verifier.read(public)
    assert (theirs.secret_text(), str(theirs.verifier)) == (secret, public)
    text = "Ognuno sta solo\n\nsul cuor della terra\n"
    signed = sumdb.ask("sign", text=text, keys=[secret])["Text"]
    assert open_note(signed, [theirs.verifier]).text == text
    # Ed25519 is deterministic: the same key makes the same bytes.
    assert sign(text, theirs) == signed
    ours = generate("ours.example/log")
    assert sumdb.ask("sign", text=text, keys=[ours.secret_text()])["Text"] == sign(text, ours)


def test_a_checkpoint_damaged_in_any_byte_is_rejected_here_and_there(sumdb: Sumdb) -> None:
    rng = random.Random(7)
    signer = generate("example.org/govern")
    checkpoint = Checkpoint(signer.name, 1234, rng.randbytes(32), AT)
    signed = sign_checkpoint(checkpoint, signer)
    for damaged in _damaged_texts(rng, signed):
        with pytest.raises(NoteFault):
            open_note(damaged, [signer.verifier])
        theirs = sumdb.ask("open", note=damaged, keys=[str(signer.verifier)])
        # Go reads a second spelling of the same base64 as the same signature; never another text.
        assert not theirs["Ok"] or theirs["Text"] == checkpoint.text()


def _damaged_texts(rng: random.Random, signed: str) -> Iterator[str]:
    for place, letter in enumerate(signed):
        other = chr(ord(letter) ^ 1 << rng.randrange(7))
        yield signed[:place] + other + signed[place + 1 :]
        yield signed[:place] + signed[place + 1 :]
        yield signed[:place] + rng.choice("0aZ\n ") + signed[place:]
        yield signed[:place]


def _both_accept_inclusion(sumdb: Sumdb, facts: dict[str, Any]) -> bool:
    try:
        merkle.check_inclusion(**facts)
        ours = True
    except merkle.ProofFault:
        ours = False
    assert sumdb.accepts("inclusion", **facts) == ours, facts
    return ours


def _both_accept_consistency(sumdb: Sumdb, facts: dict[str, Any]) -> bool:
    try:
        merkle.check_consistency(
            old_size=facts["old"],
            old_root=facts["old_root"],
            new_size=facts["size"],
            new_root=facts["root"],
            proof=facts["proof"],
        )
        ours = True
    except merkle.ProofFault:
        ours = False
    theirs = {"old": "old", "old_root": "OldRoot", "size": "size", "root": "root"}
    asked = {theirs.get(name, name): value for name, value in facts.items()}
    assert sumdb.accepts("consistency", **asked) == ours, facts
    return ours


def _damage(rng: random.Random, facts: dict[str, Any], hashes: tuple[str, ...]) -> dict[str, Any]:
    """One change that no valid proof survives: to a hash, or to the number or order of hashes."""
    proof = list(facts["proof"])
    ways = ["hash", "add"]
    if proof:
        ways += ["step", "drop"]
    if len(proof) > 1:
        ways.append("swap")
    match rng.choice(ways):
        case "hash":
            name = rng.choice(hashes)
            return {**facts, name: _flip(rng, facts[name])}
        case "add":
            proof.insert(rng.randint(0, len(proof)), rng.randbytes(32))
        case "step":
            place = rng.randrange(len(proof))
            proof[place] = _flip(rng, proof[place])
        case "drop":
            del proof[rng.randrange(len(proof))]
        case _:
            one, other = rng.sample(range(len(proof)), 2)
            proof[one], proof[other] = proof[other], proof[one]
    return {**facts, "proof": proof}


def _flip(rng: random.Random, digest: bytes) -> bytes:
    place = rng.randrange(len(digest))
    return digest[:place] + bytes([digest[place] ^ 1 << rng.randrange(8)]) + digest[place + 1 :]
