"""How a log grew: a checkpoint, and the proof that it begins with all that was there at an old size.

The text is the body of an `add-checkpoint` request of c2sp.org/tlog-witness: a line `old <size>`, the
hashes of the consistency proof in base64 (RFC 6962, section 2.1.2; none where old is 0), an empty
line, the signed checkpoint. The same text serves as a file that is carried to a witness by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from govern.ledger.checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint, read_count
from govern.ledger.merkle import EMPTY_ROOT, ProofFault, check_consistency
from govern.ledger.note import NoteFault, Verifier, encode_base64
from govern.ledger.policy import Policy
from govern.ledger.proof_file import read_hashes

_OLD = "old "


@dataclass(frozen=True, slots=True)
class Growth:
    """From `old` entries to those of the signed note `checkpoint`."""

    old: int
    hashes: tuple[bytes, ...]
    checkpoint: str


def write_growth(growth: Growth) -> str:
    lines = [f"{_OLD}{growth.old}", *(encode_base64(digest) for digest in growth.hashes)]
    return "\n".join([*lines, "", growth.checkpoint])


def read_growth(text: str) -> Growth:
    """The growth of such a text, not yet checked; `NoteFault` for any other text."""
    head, found, checkpoint = text.partition("\n\n")
    first, *hashes = head.split("\n")
    if not found or not first.startswith(_OLD):
        raise NoteFault("how a log grew is told by a line 'old <size>', hashes and a checkpoint")
    old = read_count(first.removeprefix(_OLD), "the old size")
    return Growth(old, read_hashes(hashes), checkpoint)


def check_growth(
    growth: Growth, seen: Checkpoint | None, logs: Iterable[Verifier]
) -> SignedCheckpoint:
    """The new checkpoint, where it continues the one that was seen last (`None` for the first).

    Raises `NoteFault` where no key in `logs` has signed it, and `ProofFault` where the log went
    back, tells another story of the same size, or the proof does not lead from one to the other.
    """
    opened = open_checkpoint(growth.checkpoint, Policy(tuple(logs)))
    new = opened.checkpoint
    if seen is not None and seen.origin != new.origin:
        raise NoteFault(f"this is the log {new.origin}, not {seen.origin}")
    size, root = (0, EMPTY_ROOT) if seen is None else (seen.size, seen.root)
    if new.size < size:
        raise ProofFault(f"the log has {new.size} entries; {size} were seen before")
    if growth.old != size:
        raise ProofFault(f"the proof begins at {growth.old} entries; {size} were seen before")
    check_consistency(
        old_size=size,
        old_root=root,
        new_size=new.size,
        new_root=new.root,
        proof=growth.hashes,
    )
    return opened
