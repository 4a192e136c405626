"""Receipts, the change of a key, and the heads of a day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.ledger import merkle
from govern.ledger.heads import Head, check_head, heads_root, prove_head
from govern.ledger.keys import (
    KeyFault,
    TrustedKey,
    check_key,
    follow,
    open_rotation,
    sign_rotation,
)
from govern.ledger.note import Algorithm, NoteFault, Signer, open_note, sign
from govern.ledger.receipt import Receipt, open_receipt, sign_receipt
from tests.ledger.signing import AT, LEAVES, LOG, NEXT, STRANGER, WITNESS, checkpoint, signed

PROJECTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
THIRD = Signer(LOG.name, Algorithm.ED25519, b"\x06" * 32)


@given(PROJECTS, st.integers(1, 2**53))
def test_a_receipt_says_what_was_promised(project: str, seq: int) -> None:
    note = sign_receipt(LOG, project=project, seq=seq, leaf=LEAVES[0])
    assert open_receipt(note, [LOG.verifier]) == Receipt(LOG.name, project, seq, LEAVES[0])


def test_a_receipt_is_these_lines_and_no_other_note() -> None:
    note = sign_receipt(LOG, project="LIRR 100%", seq=7, leaf=b"\x00" * 32)
    text = open_note(note, [LOG.verifier]).text
    assert text == f"example.org/govern/receipt\nLIRR%20100%25\n7\n{'A' * 43}=\n"
    for other in (
        signed(3),
        sign(text.replace("%25", "%"), LOG),
        sign(text.replace("/receipt", ""), LOG),
        sign(text.replace("\n7\n", "\n07\n"), LOG),
        sign(text.replace("govern/", "other/"), LOG),
    ):
        with pytest.raises(NoteFault):
            open_receipt(other, [LOG.verifier])
    with pytest.raises(NoteFault):
        open_receipt(note, [STRANGER.verifier, WITNESS.verifier])


def test_trust_follows_a_key_that_was_replaced() -> None:
    first = open_rotation(sign_rotation(LOG, NEXT, size=10, at=AT))
    second = open_rotation(sign_rotation(NEXT, THIRD, size=30, at=AT))
    keys = follow(LOG.verifier, [first, second])
    assert keys == (
        TrustedKey(LOG.verifier, 0, 10),
        TrustedKey(NEXT.verifier, 10, 30),
        TrustedKey(THIRD.verifier, 30),
    )
    assert follow(NEXT.verifier, [first, second]) == (
        TrustedKey(NEXT.verifier, 0, 30),
        TrustedKey(THIRD.verifier, 30),
    )
    for size, signer in ((0, LOG), (10, LOG), (10, NEXT), (30, NEXT), (31, THIRD)):
        check_key(signer.verifier, size, keys)
    for size, signer in ((11, LOG), (9, NEXT), (31, NEXT), (10, STRANGER)):
        with pytest.raises(KeyFault):
            check_key(signer.verifier, size, keys)


def test_a_change_that_does_not_follow_is_refused() -> None:
    first = open_rotation(sign_rotation(LOG, NEXT, size=10, at=AT))
    fork = open_rotation(sign_rotation(LOG, STRANGER, size=12, at=AT))
    with pytest.raises(KeyFault, match="was the log's key then"):
        follow(LOG.verifier, [first, fork])
    back = open_rotation(sign_rotation(NEXT, THIRD, size=9, at=AT))
    with pytest.raises(KeyFault, match="cannot follow at 9"):
        follow(LOG.verifier, [first, back])
    returned = open_rotation(sign_rotation(NEXT, LOG, size=20, at=AT))
    with pytest.raises(KeyFault, match="cannot follow"):
        follow(LOG.verifier, [first, returned])


def test_both_keys_sign_and_nobody_else_counts() -> None:
    note = sign_rotation(LOG, NEXT, size=10, at=AT)
    text = open_note(note, [LOG.verifier]).text
    for wrong in (
        sign(text, LOG),
        sign(text, NEXT),
        sign(text, LOG, STRANGER),
        note.replace("\n10\n", "\n11\n"),
        sign(text.replace("\n10\n", "\n010\n"), LOG, NEXT),
        sign(text.replace("2026", "26"), LOG, NEXT),
        sign(checkpoint(3).text(), LOG),
    ):
        with pytest.raises(NoteFault):
            open_rotation(wrong)
    with pytest.raises(ValueError, match="follow itself"):
        sign_rotation(LOG, LOG, size=1, at=AT)
    other = Signer("other.example", Algorithm.ED25519, b"\x07" * 32)
    with pytest.raises(ValueError, match="cannot follow that of"):
        sign_rotation(LOG, other, size=1, at=AT)


def test_one_head_is_proven_without_the_others() -> None:
    heads = [Head(name, seq, f"{seq:064x}") for seq, name in enumerate("Zéa@A", start=1)]
    root = heads_root(heads)
    assert root == heads_root(reversed(heads))
    for head in heads:
        proof = prove_head(heads, head.project)
        assert proof.head == head
        check_head(proof, root)
        shorter = Head(head.project, head.seq - 1, head.leaf)
        with pytest.raises(merkle.ProofFault):
            check_head(type(proof)(shorter, proof.index, proof.size, proof.hashes), root)
    with pytest.raises(KeyError):
        prove_head(heads, "none of these")
    with pytest.raises(ValueError, match="two heads"):
        heads_root([*heads, heads[0]])
