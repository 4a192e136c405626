"""A witness: elsewhere, with a key of its own, it signs that a log only ever grew.

c2sp.org/tlog-witness, turned round: the witness asks the log, so that it needs no address of its own.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from govern.domain.refusal import BadConfiguration, Duplicate, LogNotWitnessed
from govern.ledger.growth import check_growth, write_growth
from govern.ledger.merkle import ProofFault
from govern.ledger.note import (
    Algorithm,
    NoteFault,
    Signer,
    Verifier,
    cosign,
    generate,
    split_note,
)
from govern.ledger.policy import Policy, PolicyFault, read_policy
from govern.services.log_source import LogSource
from govern.services.witness_state import WitnessState


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What was seen and signed: sizes of the log, the line, and whether the log has it."""

    origin: str
    before: int
    size: int
    line: str
    sent: bool


def new_witness_key(name: str, path: Path) -> Verifier:
    """Write a new key to a file that only its owner reads; `Duplicate` where there is one."""
    try:
        signer = generate(name, Algorithm.COSIGNATURE)
    except NoteFault as error:
        raise BadConfiguration(f"{error}.") from None
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Duplicate(f"{path} is there already; a key is never written over.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(signer.secret_text() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return signer.verifier


def read_witness_key(path: Path) -> Signer:
    """The key of a file; `BadConfiguration` where it is not that of a witness."""
    try:
        signer = Signer.read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, NoteFault) as error:
        raise BadConfiguration(f"{path} holds no witness key: {error}.") from None
    if signer.algorithm is not Algorithm.COSIGNATURE:
        raise BadConfiguration(
            f"{path} holds the key of a log; `govern witness new-key` makes one."
        )
    return signer


def read_policy_file(path: Path) -> Policy:
    """The policy of a file; `BadConfiguration` names each line that is wrong."""
    try:
        return read_policy(path.read_text(encoding="utf-8"))
    except PolicyFault as fault:
        told = "; ".join(f"{path}:{line}: {what}" for line, what in fault.problems)
        raise BadConfiguration(f"{told}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{path} cannot be read: {error}.") from None


def witness(
    source: LogSource, policy: Policy, signer: Signer, state: WitnessState, *, now: datetime
) -> Witnessed:
    """See how the log grew since the last time, remember it, cosign it and hand the line over.

    Raises `LogUnreadable`, and `LogNotWitnessed` where the log does not continue what was seen: then
    nothing is signed, and what the log had signed is kept as evidence.
    """
    origins = {log.name for log in policy.logs}
    if len(origins) != 1:
        raise BadConfiguration(
            "The policy of a witness run names one log (each of its keys a line)."
        )
    (origin,) = origins
    with state.locked():
        seen = state.last(origin)
        before = 0 if seen is None else seen.size
        growth = source.growth(before)
        try:
            opened = check_growth(growth, seen, policy.logs)
        except ProofFault as fault:
            kept = state.keep_evidence(origin, write_growth(growth))
            raise LogNotWitnessed(
                f"{origin} does not continue what this witness saw: {fault}. Nothing was cosigned."
                f" What the log has signed is kept in {kept}.",
                seen=before,
            ) from None
        except NoteFault as fault:
            raise LogNotWitnessed(
                f"{origin}: {fault}. Nothing was cosigned.", seen=before
            ) from None
        state.keep(origin, growth.checkpoint)
        line = cosign(split_note(growth.checkpoint)[0], signer, now)
    # Sending comes after remembering: a line that got lost is made again by the next run.
    size = opened.checkpoint.size
    sent = source.send(line, size=size, witness=str(signer.verifier))
    return Witnessed(origin, before, size, line, sent)
