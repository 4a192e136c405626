"""Sealing: events that are not in the Merkle log yet are put into it, and a checkpoint is signed.

One seals at a time, and no writer waits for it. Before anything is added the stored log is held
against what was signed of it last: a log that lost something, or that says something else, is not
built upon.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from govern.domain.record import Record
from govern.domain.refusal import BadConfiguration, LogBehind, LogContradicted, NoKey
from govern.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from govern.ledger.merkle import root_at
from govern.ledger.note import NoteFault, Signer, Verifier
from govern.ledger.policy import Policy
from govern.services.key_changes import finish
from govern.services.runtime import Runtime
from govern.services.watch import Work
from govern.store import checkpoints, log
from govern.store.key_folder import KeyFolder

AT_ONCE = 2_000
"""Events that one transaction puts into the log: on SQLite others write only between two of them."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What sealing came to. `note` is the last checkpoint, None where nothing was ever sealed.

    `waiting` names chains whose next event is not there, which keeps the rest of them out of the log;
    `elsewhere` says that somebody else was sealing.
    """

    events: int
    size: int
    note: str | None
    waiting: tuple[str, ...] = ()
    elsewhere: bool = False


def seal(runtime: Runtime, now: datetime) -> Sealed:
    """Puts every event that is not in the log into it, and signs. Sealing again changes nothing.

    What is written meanwhile may be left to the next time: a sealer that ran after writers who never
    rest would never end, and take from them what it runs on.

    A checkpoint's time never goes back, nor before an event it covers. Raises NoKey; LogBehind where
    the log is shorter than what this key signed last, as after an older backup was restored;
    LogContradicted where it differs.
    """
    keys, signer = key_of(runtime)
    with keys.turn(wait=False) as ours:
        if not ours:
            return _standing(runtime, elsewhere=True)
        signer = finish(runtime, keys) or signer
        if _idle(runtime, keys):
            return _standing(runtime)
        with runtime.store.reading() as connection:
            due = log.unsealed(connection)
        count = 0
        while True:
            with runtime.watch.work(Work.SEALING) as told:
                batch = _batch(runtime, keys, signer, now)
                told.count(events=0 if batch is None else batch.events)
            if batch is None:
                return _standing(runtime, count, elsewhere=True)
            count += batch.events
            # A chain whose next event is missing keeps the count below what is due to the end.
            if batch.events == 0 or count >= due > 0:
                return _standing(runtime, count, batch.waiting if batch.events == 0 else ())


def key_of(runtime: Runtime) -> tuple[KeyFolder, Signer]:
    """The folder and the key in it. Raises NoKey, and BadConfiguration for a key that is none."""
    signer = signer_of(runtime)
    if runtime.keys is None or signer is None:
        where = "" if runtime.keys is None else f" in {runtime.keys.root}"
        raise NoKey(
            f"There is no key{where}: nothing is sealed. Make one: govern keys new --origin NAME"
        )
    return runtime.keys, signer


def signer_of(runtime: Runtime) -> Signer | None:
    """The key that signs, if there is one. Raises BadConfiguration for a file that holds none."""
    if runtime.keys is None:
        return None
    try:
        return runtime.keys.signer()
    except (NoteFault, OSError, ValueError) as error:
        raise _unusable(runtime.keys, error) from error


def _unusable(keys: KeyFolder, error: Exception) -> BadConfiguration:
    return BadConfiguration(
        f"The log's key in {keys.root} cannot be used: {error}", setting="GOVERN_KEYS_DIR"
    )


def hold_against(connection: Connection, keys: KeyFolder) -> Record | None:
    """The stored log's last checkpoint, once the log is what was signed of it. Raises LogBehind and
    LogContradicted."""
    try:
        verifiers = keys.verifiers()
    except (NoteFault, OSError, ValueError) as error:
        raise _unusable(keys, error) from error
    found = checkpoints.last(connection)
    size = log.size(connection)
    told = keys.last_checkpoint()
    signed = None if told is None else _open(told, verifiers, f"{keys.root}/sealed.checkpoint")
    if signed is not None and size < signed.size:
        raise LogBehind(
            f"The log holds {size} events, and the checkpoint that was signed last covers "
            f"{signed.size}: {signed.size - size} are lost, as after an older backup was restored. "
            "Nothing is sealed. Restore a newer backup. If this is another database, give it keys of "
            "its own (GOVERN_KEYS_DIR). If what is lost will not come back, begin a new log, which "
            "tells of the loss: govern keys new --origin NEW-NAME --after-loss REASON",
            size=size,
            signed=signed.size,
        )
    stored = None if found is None else _open(found["note"], verifiers, "the last checkpoint")
    try:
        hashes = log.hashes(connection)
        for each in (stored, signed):
            if each is not None and each.size <= size and root_at(each.size, hashes) != each.root:
                raise _contradicted(f"its first {each.size} events are not those that were signed")
    except log.LogDamaged as damaged:
        raise _contradicted(str(damaged)) from damaged
    if size != (0 if stored is None else stored.size):
        raise _contradicted(
            f"it holds {size} events, and its last checkpoint covers "
            f"{0 if stored is None else stored.size}"
        )
    return found


def _contradicted(what: str) -> LogContradicted:
    return LogContradicted(
        f"The log was changed: {what}. Nothing is sealed. Run govern audit verify, which names the "
        "first event that does not hold, and restore a backup from before the change.",
    )


def _open(note: str, verifiers: tuple[Verifier, ...], where: str) -> Checkpoint:
    try:
        return open_checkpoint(note, Policy(logs=verifiers)).checkpoint
    except NoteFault as fault:
        raise LogContradicted(
            f"{where} does not hold: {fault}. Nothing is sealed. If the key is that of another "
            "database, give this one keys of its own (GOVERN_KEYS_DIR)."
        ) from fault


def _idle(runtime: Runtime, keys: KeyFolder) -> bool:
    """Nothing to seal, seen without keeping a writer waiting."""
    with runtime.store.reading() as connection:
        last = checkpoints.last(connection)
        return (
            last is not None
            and last["note"] == keys.last_checkpoint()
            and log.size(connection) == last["size"]
            and not log.behind(connection, 1)
        )


@dataclass(frozen=True, slots=True)
class _Batch:
    events: int
    waiting: tuple[str, ...] = ()


def _batch(runtime: Runtime, keys: KeyFolder, signer: Signer, now: datetime) -> _Batch | None:
    """Seals some. None where somebody else has the turn."""
    with runtime.store.writing() as connection:
        if not log.take_turn(connection):
            return None
        last = hold_against(connection, keys)
        if last is not None and last["note"] != keys.last_checkpoint():
            keys.remember(last["note"])
        behind = log.behind(connection)
        links = log.waiting(connection, AT_ONCE)
        if not links:
            return _Batch(0, tuple(behind))
        frontier = log.append(connection, links)
        at = max(now, *(link.recorded_at for link in links))
        at = at if last is None else max(at, last["sealed_at"])
        root = frontier.root()
        before = 0 if last is None else last["size"]
        sealed = Checkpoint(signer.name, frontier.size, root, at, before)
        note = sign_checkpoint(sealed, signer)
        checkpoints.add(connection, frontier.size, root.hex(), note, at)
    keys.remember(note)
    return _Batch(len(links))


def _standing(
    runtime: Runtime, count: int = 0, waiting: tuple[str, ...] = (), *, elsewhere: bool = False
) -> Sealed:
    with runtime.store.reading() as connection:
        last = checkpoints.last(connection)
    if last is None:
        return Sealed(count, 0, None, waiting, elsewhere)
    return Sealed(count, last["size"], last["note"], waiting, elsewhere)
