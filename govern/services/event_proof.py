"""Whether one event is in the log as it stands: its proof, made and checked at once."""

from dataclasses import dataclass
from datetime import datetime

from govern.domain.actor import Actor
from govern.domain.refusal import NoKey, NotSealed
from govern.ledger.event import leaf_hash
from govern.ledger.merkle import ProofFault
from govern.ledger.note import NoteFault
from govern.ledger.policy import Policy
from govern.ledger.proof_file import check_proof, read_proof
from govern.services import log_reading
from govern.services.runtime import Runtime
from govern.services.sealing import key_of
from govern.store import checkpoints, events


@dataclass(frozen=True, slots=True)
class Proven:
    """`wrong` and `not_yet` are None where the proof holds; `text` is the `.tlog-proof` file."""

    text: str | None = None
    index: int | None = None
    size: int | None = None
    sealed_at: datetime | None = None
    signed_by: str | None = None
    wrong: str | None = None
    not_yet: str | None = None


def prove(runtime: Runtime, actor: Actor, chain: str, seq: int) -> Proven:
    """Recomputes the event's leaf from the bytes that are stored, and follows the proof up to what the
    log's key has signed. Raises NotFound."""
    try:
        text = log_reading.proof(runtime, actor, chain, seq)
        keys, signer = key_of(runtime)
    except (NotSealed, NoKey) as refused:
        return Proven(not_yet=refused.detail)
    proof = read_proof(text)
    with runtime.store.reading() as connection:
        event = events.one(connection, chain, seq)
        over = checkpoints.covering(connection, proof.index)
    if event is None:
        return Proven(text, proof.index, wrong="the event is gone")
    leaf = bytes.fromhex(leaf_hash(event.body))
    try:
        opened = check_proof(proof, leaf=leaf, policy=Policy(tuple(keys.verifiers())))
    except (NoteFault, ProofFault) as fault:
        return Proven(text, proof.index, wrong=str(fault))
    return Proven(
        text,
        proof.index,
        opened.checkpoint.size,
        None if over is None else over["sealed_at"],
        signer.name,
    )
