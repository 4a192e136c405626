"""A log, a witness and a policy for the tests of what is signed. The keys are the same each time."""

import hashlib
from datetime import UTC, datetime

from govern.ledger import merkle
from govern.ledger.checkpoint import Checkpoint, sign_checkpoint
from govern.ledger.growth import Growth
from govern.ledger.note import Algorithm, Signer

AT = datetime(2026, 11, 24, 10, 0, 0, 25, tzinfo=UTC)
LOG = Signer("example.org/govern", Algorithm.ED25519, b"\x01" * 32)
NEXT = Signer("example.org/govern", Algorithm.ED25519, b"\x02" * 32)
STRANGER = Signer("example.org/govern", Algorithm.ED25519, b"\x03" * 32)
WITNESS = Signer("audit.example.org/w1", Algorithm.COSIGNATURE, b"\x04" * 32)
OTHER_WITNESS = Signer("board.example.org/w2", Algorithm.COSIGNATURE, b"\x05" * 32)

LEAVES = [hashlib.sha256(bytes([0, number])).digest() for number in range(40)]
FORKED = [*LEAVES[:10], hashlib.sha256(b"another event").digest(), *LEAVES[11:]]


def checkpoint(size: int, leaves: list[bytes] = LEAVES) -> Checkpoint:
    return Checkpoint(LOG.name, size, merkle.root(leaves[:size]), AT)


def signed(size: int, leaves: list[bytes] = LEAVES, signer: Signer = LOG) -> str:
    return sign_checkpoint(checkpoint(size, leaves), signer)


def growth(old: int, new: int, leaves: list[bytes] = LEAVES, signer: Signer = LOG) -> Growth:
    proof = merkle.consistency(old, new, merkle.hashes_over(leaves))
    return Growth(old, proof, signed(new, leaves, signer))
