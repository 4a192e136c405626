"""Receipts: whoever decided something takes home a signature over the event that it became."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from govern.domain.refusal import BadConfiguration, InvalidInput
from govern.ledger.note import NoteFault
from govern.ledger.receipt import open_receipt, sign_receipt
from govern.services.runtime import Runtime
from govern.services.sealing import key_of, signer_of
from govern.store import checkpoints, events, log


def receipt(runtime: Runtime, connection: Connection, chain: str) -> str | None:
    """The signed note for the last event of a chain, which is one of the caller's transaction: with
    it everything before it in the chain. None where there is no key; what is wrong with one is told
    by `govern status` and by the health of the service, and stops no decision.
    """
    seq, leaf = events.head_of(connection, chain)
    return receipt_over(runtime, chain, seq, leaf)


def receipt_over(runtime: Runtime, chain: str, seq: int, leaf: str) -> str | None:
    """The signed note for one event of a chain, by its number and its leaf (hex). None where there is
    no key."""
    try:
        signer = signer_of(runtime)
    except BadConfiguration:
        return None
    if signer is None:
        return None
    return sign_receipt(signer, project=chain, seq=seq, leaf=bytes.fromhex(leaf))


def receipts(runtime: Runtime, connection: Connection, chains: Iterable[str]) -> list[str]:
    """Those for a decision that became an event in several chains: one each, by the chains' names.
    Empty where there is no key."""
    found = (receipt(runtime, connection, each) for each in sorted(set(chains)))
    return [each for each in found if each is not None]


@dataclass(frozen=True, slots=True)
class Held:
    """What has become of the event of a receipt. `index` is null while it is not in the log; `size` is
    that of the first checkpoint over it. `wrong` is null where the event stands as it was promised.
    """

    project: str
    seq: int
    leaf: str
    index: int | None
    size: int | None
    wrong: str | None


def check_receipt(runtime: Runtime, text: str) -> Held:
    """Holds a receipt against the ledger and the log. Raises InvalidInput for one that this log has
    not signed, and NoKey."""
    keys, _ = key_of(runtime)
    try:
        found = open_receipt(text, keys.verifiers())
    except NoteFault as fault:
        raise InvalidInput(
            "This is no receipt of this log.", errors={"receipt": [str(fault)]}
        ) from fault
    leaf = found.leaf.hex()
    with runtime.store.reading() as connection:
        stored = log.event_leaf(connection, found.project, found.seq)
        entry = log.entry_of(connection, found.project, found.seq)
        over = None if entry is None else checkpoints.covering(connection, entry.index)
    wrong = None
    if stored is None:
        wrong = "the event is gone: it was promised, and the chain does not have it"
    elif stored != leaf:
        wrong = f"another event stands in its place, with the leaf {stored}"
    elif entry is not None and entry.leaf != leaf:
        wrong = f"the log has another event in its place, with the leaf {entry.leaf}"
    return Held(
        found.project,
        found.seq,
        leaf,
        None if entry is None else entry.index,
        None if over is None else over["size"],
        wrong,
    )
