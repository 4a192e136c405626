"""The log, as those read it who check it: checkpoints, proofs, its key, and what witnesses send."""

from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound, NotSealed
from govern.domain.role import Permission
from govern.ledger.merkle import consistency, inclusion
from govern.ledger.note import (
    Algorithm,
    NoteFault,
    Verifier,
    encode_base64,
    open_note,
    read_signature_line,
    split_note,
)
from govern.ledger.proof_file import ProofFile, write_proof
from govern.services.access import project_for, require_everywhere
from govern.services.ledger import SERVICE
from govern.services.runtime import Runtime
from govern.services.sealing import key_of
from govern.store import checkpoints, log


def checkpoint(runtime: Runtime, size: int | None = None) -> str:
    """The signed note of the last checkpoint, or of the one over `size` events, with the cosignatures
    of witnesses under it. Raises NotFound and NotSealed."""
    with runtime.store.reading() as connection:
        return _cosigned(connection, _checkpoint(connection, size))


def consistency_proof(runtime: Runtime, old: int, new: int | None = None) -> tuple[list[str], str]:
    """The hashes, in base64, that show the log of `new` events to begin with that of `old` (RFC 6962,
    section 2.1.2); `new` is the last checkpoint's size unless given. And that checkpoint's note.
    Raises NotFound, NotSealed, InvalidInput.
    """
    with runtime.store.reading() as connection:
        found = _checkpoint(connection, new)
        size, note = found["size"], _cosigned(connection, found)
        if not 0 <= old <= size:
            raise InvalidInput(
                "No log of the later size begins with one of the earlier.",
                errors={"from": [f"0 to {size}"]},
            )
        if old in (0, size):
            return [], note
        proof = consistency(old, size, log.hashes(connection))
        return [encode_base64(each) for each in proof], note


def proof(
    runtime: Runtime, actor: Actor, project: str, seq: int, *, size: int | None = None
) -> str:
    """The C2SP `.tlog-proof` of an event, under the last checkpoint or the one of `size` events.

    Raises NotFound, and NotSealed for an event that is not in the log yet.
    """
    with runtime.store.reading() as connection:
        if project == SERVICE:
            require_everywhere(actor, Permission.READ_AUDIT)
        else:
            project_for(connection, actor, project)
        return proof_in(connection, project, seq, size=size)


def proof_in(connection: Connection, project: str, seq: int, *, size: int | None = None) -> str:
    """As `proof`, for whoever may see the event already."""
    entry = log.entry_of(connection, project, seq)
    if entry is None:
        if log.event_leaf(connection, project, seq) is None:
            raise NotFound(f"{project} has no event {seq}.", project=project, seq=seq)
        raise NotSealed(
            f"Event {seq} of {project} is not in the log yet: govern audit seal",
            project=project,
            seq=seq,
        )
    found = _checkpoint(connection, size)
    if entry.index >= found["size"]:
        raise NotSealed(
            f"Event {seq} of {project} is number {entry.index} in the log, beyond that checkpoint.",
            project=project,
            seq=seq,
            index=entry.index,
        )
    hashes = inclusion(entry.index, found["size"], log.hashes(connection))
    return write_proof(ProofFile(entry.index, hashes, _cosigned(connection, found)))


def key(runtime: Runtime) -> Record:
    """The public key that signs and those before it, as an auditor pins them. Raises NoKey."""
    keys, signer = key_of(runtime)
    return {
        "origin": signer.name,
        "key": str(signer.verifier),
        "retired": [str(each) for each in keys.verifiers() if each != signer.verifier],
    }


def take_cosignature(
    runtime: Runtime, actor: Actor, *, size: int, witness: str, line: str, now: datetime
) -> Record:
    """Keeps what a witness signed under the checkpoint of a size. `witness` is its public key.

    Whether that witness counts is for an auditor's policy to say; that it signed this checkpoint is
    checked here. Raises NotFound, NotAllowed, InvalidInput.
    """
    require_everywhere(actor, Permission.READ_AUDIT)
    try:
        verifier = Verifier.read(witness)
        signature = read_signature_line(line)
    except NoteFault as fault:
        raise InvalidInput("This is no cosignature.", errors={"line": [str(fault)]}) from fault
    with runtime.store.writing() as connection:
        found = _checkpoint(connection, size)
        text, _ = split_note(found["note"])
        try:
            note = open_note(f"{text}\n{signature.line}", [verifier])
        except NoteFault as fault:
            raise InvalidInput(
                "This does not cosign the checkpoint.", errors={"line": [str(fault)]}
            ) from fault
        if verifier.algorithm is not Algorithm.COSIGNATURE or note.signed_by(verifier) is None:
            raise InvalidInput(
                "This does not cosign the checkpoint.", errors={"witness": ["no witness's key"]}
            )
        checkpoints.cosign(connection, size, str(verifier), signature.line, now)
        kept = checkpoints.cosignatures(connection, size)
    return {"size": size, "witnesses": [each["witness"] for each in kept]}


def sealed_size(runtime: Runtime) -> int:
    """How many events the last checkpoint covers; 0 where nothing was sealed."""
    with runtime.store.reading() as connection:
        last = checkpoints.last(connection)
    return 0 if last is None else last["size"]


def _checkpoint(connection: Connection, size: int | None) -> Record:
    found = checkpoints.last(connection) if size is None else checkpoints.at(connection, size)
    if found is None:
        if size is None:
            raise NotSealed("Nothing has been sealed yet: govern audit seal")
        raise NotFound(f"There is no checkpoint over {size} events.", size=size)
    return found


def _cosigned(connection: Connection, found: Record) -> str:
    lines = [each["line"] for each in checkpoints.cosignatures(connection, found["size"])]
    return found["note"] + "".join(line.removesuffix("\n") + "\n" for line in lines)
