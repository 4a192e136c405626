"""A proof that stands alone: this entry is in the log (c2sp.org/tlog-proof, `.tlog-proof` files)."""

from dataclasses import dataclass

from govern.ledger.checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint, read_count
from govern.ledger.merkle import HASH_SIZE, check_inclusion
from govern.ledger.note import NoteFault, decode_base64, encode_base64, split_note
from govern.ledger.policy import Policy

FIRST_LINE = "c2sp.org/tlog-proof@v1"
_EXTRA = "extra "
_INDEX = "index "
_MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class ProofFile:
    """Entry `index` of the log, the hashes from its sibling up, and the checkpoint's signed note.

    `extra` is not covered by any signature: a hint for a reader, never evidence.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None


def write_proof(proof: ProofFile) -> str:
    """The text of the file."""
    lines = [FIRST_LINE]
    if proof.extra is not None:
        lines.append(_EXTRA + encode_base64(proof.extra))
    lines.append(f"{_INDEX}{proof.index}")
    lines += [encode_base64(digest) for digest in proof.hashes]
    return "\n".join([*lines, "", proof.checkpoint])


def read_proof(text: str) -> ProofFile:
    """The proof of a file's text, not yet checked; `NoteFault` for what is no such file."""
    head, found, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not found or lines.pop(0) != FIRST_LINE:
        raise NoteFault(f"a proof begins with {FIRST_LINE} and holds a checkpoint")
    extra = None
    if lines and lines[0].startswith(_EXTRA):
        extra = decode_base64(lines.pop(0).removeprefix(_EXTRA))
    if not lines or not lines[0].startswith(_INDEX):
        raise NoteFault("a proof says the index of its entry")
    index = read_count(lines.pop(0).removeprefix(_INDEX), "the index of an entry")
    return ProofFile(index, read_hashes(lines), checkpoint, extra)


def read_hashes(lines: list[str]) -> tuple[bytes, ...]:
    """One base64 hash per line, at most 63 of them; `NoteFault`."""
    if len(lines) > _MOST_HASHES:
        raise NoteFault(f"a proof has at most {_MOST_HASHES} hashes")
    hashes = tuple(decode_base64(line) for line in lines)
    if any(len(digest) != HASH_SIZE for digest in hashes):
        raise NoteFault(f"a hash of a proof has {HASH_SIZE} bytes")
    return hashes


def check_proof(proof: ProofFile, *, leaf: bytes, policy: Policy) -> SignedCheckpoint:
    """That the entry with this leaf hash is in the log, by a checkpoint that the policy accepts.

    Raises `NoteFault` (the checkpoint), `QuorumFault` (its witnesses) or `ProofFault` (the path).
    """
    opened = open_checkpoint(proof.checkpoint, policy)
    check_inclusion(
        index=proof.index,
        size=opened.checkpoint.size,
        leaf=leaf,
        proof=proof.hashes,
        root=opened.checkpoint.root,
    )
    return opened


def claimed_checkpoint(proof: ProofFile) -> Checkpoint:
    """The checkpoint a proof carries, whoever signed it. For display, not for trust; `NoteFault`."""
    text, _ = split_note(proof.checkpoint)
    return Checkpoint.read(text)
