"""What a log says of itself, signed: so many entries, this root (c2sp.org/tlog-checkpoint).

The text has three lines – origin, size, root in base64 – and two extension lines that we write: the
time of sealing, `sealed_at 2026-11-24T10:00:00.000000Z`, and the size that was signed before, `after
40`, so that a checkpoint cannot be left out unseen. Other extension lines are passed over.
"""

from dataclasses import dataclass
from datetime import datetime

from govern.domain.instant import read_instant, write_instant
from govern.ledger.merkle import HASH_SIZE
from govern.ledger.note import (
    Note,
    NoteFault,
    Signature,
    Signer,
    Verifier,
    decode_base64,
    encode_base64,
    open_note,
    sign,
)
from govern.ledger.policy import Policy

_SEALED_AT = "sealed_at "
_AFTER = "after "
_LARGEST = 2**63 - 1


class QuorumFault(NoteFault):
    """The log has signed, but not enough of the witnesses whom the policy asks for."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log. `root` has 32 bytes; `sealed_at`, and `after`, the size of the checkpoint
    before, are `None` where the log does not say."""

    origin: str
    size: int
    root: bytes
    sealed_at: datetime | None = None
    after: int | None = None

    def text(self) -> str:
        """The text that is signed."""
        lines = [self.origin, str(self.size), encode_base64(self.root)]
        if self.sealed_at is not None:
            lines.append(_SEALED_AT + write_instant(self.sealed_at))
        if self.after is not None:
            lines.append(_AFTER + str(self.after))
        return "\n".join([*lines, ""])

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """The checkpoint of a note's text, which says nothing of who signed it; `NoteFault`."""
        if not text.endswith("\n"):
            raise NoteFault("a checkpoint ends in a newline")
        lines = text[:-1].split("\n")
        if len(lines) < 3 or "" in lines:
            raise NoteFault("a checkpoint has three lines or more, none of them empty")
        origin, size, root, *extensions = lines
        digest = decode_base64(root)
        if len(digest) != HASH_SIZE:
            raise NoteFault(f"the root of a checkpoint has {HASH_SIZE} bytes, not {len(digest)}")
        count = read_count(size, "the size of a checkpoint")
        return cls(origin, count, digest, _time(extensions), _before(extensions))


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint that holds: which of the log's keys signed it, and which witnesses cosigned.

    `witnesses` are (name in the policy, when it was seen); `note` is the whole signed text.
    """

    checkpoint: Checkpoint
    signed_by: Verifier
    witnesses: tuple[tuple[str, datetime | None], ...]
    note: str


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The signed note. The log's origin is the name of its key, or `ValueError`."""
    if checkpoint.origin != signer.name:
        raise ValueError(f"the key of {signer.name} does not sign for {checkpoint.origin}")
    return sign(checkpoint.text(), signer)


def open_checkpoint(signed: str, policy: Policy) -> SignedCheckpoint:
    """The checkpoint, signed by a log of the policy and cosigned by a quorum of its witnesses.

    `NoteFault` where it is not signed by such a log for this origin, or any known key's signature
    is wrong; `QuorumFault` where only cosignatures lack.
    """
    note = open_note(signed, policy.verifiers)
    checkpoint = Checkpoint.read(note.text)
    signed_by = next(
        (it for it in policy.logs if it.name == checkpoint.origin and note.signed_by(it)), None
    )
    if signed_by is None:
        raise NoteFault(f"the log {checkpoint.origin} has not signed this with a key known here")
    witnesses = tuple(
        (name, signature.at) for name, signature in _cosignatures(note, policy).items()
    )
    if not policy.seen_enough(name for name, _ in witnesses):
        names = ", ".join(name for name, _ in witnesses) or "no witness"
        raise QuorumFault(f"the policy asks for {policy.quorum}; cosigned by {names}")
    return SignedCheckpoint(checkpoint, signed_by, witnesses, signed)


def read_count(text: str, what: str) -> int:
    """A whole number from 0 to 2^63 − 1 in decimal without leading zeros; `NoteFault`."""
    if text.isascii() and text.isdecimal() and len(text) <= 19:
        number = int(text)
        if str(number) == text and number <= _LARGEST:
            return number
    raise NoteFault(f"{what} is a whole number without leading zeros, not {text[:30]!a}")


def _cosignatures(note: Note, policy: Policy) -> dict[str, Signature]:
    found = {name: note.signed_by(key) for name, key in policy.witnesses.items()}
    return {name: signature for name, signature in found.items() if signature is not None}


def _time(extensions: list[str]) -> datetime | None:
    times = [line.removeprefix(_SEALED_AT) for line in extensions if line.startswith(_SEALED_AT)]
    if len(times) > 1:
        raise NoteFault("a checkpoint says once when it was sealed")
    try:
        return read_instant(times[0]) if times else None
    except ValueError as error:
        raise NoteFault(f"when the checkpoint was sealed: {error}") from None


def _before(extensions: list[str]) -> int | None:
    sizes = [line.removeprefix(_AFTER) for line in extensions if line.startswith(_AFTER)]
    if len(sizes) > 1:
        raise NoteFault("a checkpoint says once which one was before it")
    return read_count(sizes[0], "the size of the checkpoint before") if sizes else None
