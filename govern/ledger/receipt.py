"""A receipt: the log's promise, given at once, that an event is in a chain and will be in the log.

A signed note of four lines: `<origin>/receipt`, the project, the event's number, its leaf in base64.
Whoever holds one can prove an event missing that was cut away before it was sealed. A checkpoint is
never taken for a receipt nor the other way round: their first lines differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from govern.ledger.checkpoint import read_count
from govern.ledger.merkle import HASH_SIZE
from govern.ledger.note import (
    NoteFault,
    Signer,
    Verifier,
    decode_base64,
    encode_base64,
    open_note,
    sign,
)

_SUFFIX = "/receipt"
_LINES = 4


@dataclass(frozen=True, slots=True)
class Receipt:
    """Event `seq` of this project's chain has this leaf hash (32 bytes), says the log `origin`."""

    origin: str
    project: str
    seq: int
    leaf: bytes

    def text(self) -> str:
        """The text that is signed. What is no plain character of a project's id is written %XX."""
        lines = [
            self.origin + _SUFFIX,
            _escape(self.project),
            str(self.seq),
            encode_base64(self.leaf),
        ]
        return "\n".join([*lines, ""])


def sign_receipt(signer: Signer, *, project: str, seq: int, leaf: bytes) -> str:
    """The signed note; the log's origin is the name of its key."""
    return sign(Receipt(signer.name, project, seq, leaf).text(), signer)


def open_receipt(signed: str, verifiers: Iterable[Verifier]) -> Receipt:
    """The receipt, signed by a known key of the log it names; raises `NoteFault`."""
    verifiers = tuple(verifiers)
    note = open_note(signed, verifiers)
    lines = note.text[:-1].split("\n")
    if len(lines) != _LINES or not lines[0].endswith(_SUFFIX):
        raise NoteFault("this note is no receipt")
    first, project, seq, leaf = lines
    receipt = Receipt(
        first.removesuffix(_SUFFIX),
        unquote(project),
        read_count(seq, "the number of an event"),
        decode_base64(leaf),
    )
    if len(receipt.leaf) != HASH_SIZE or receipt.text() != note.text:
        raise NoteFault("this receipt is not written as receipts are")
    if not any(it.name == receipt.origin and note.signed_by(it) for it in verifiers):
        raise NoteFault(f"the log {receipt.origin} has not signed this receipt")
    return receipt


def _escape(project: str) -> str:
    return "".join(
        quote(it, safe="") if it <= " " or it in "%\x7f" or it.isspace() else it for it in project
    )
