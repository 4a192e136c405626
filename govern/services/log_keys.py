"""The log's key: made, shown, replaced. Every change of it is in the ledger before it is in force."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from govern.domain.actor import Actor
from govern.domain.refusal import BadConfiguration, Duplicate, InvalidInput
from govern.domain.role import Permission
from govern.ledger.keys import sign_rotation
from govern.ledger.note import NoteFault, Signer, generate
from govern.services.access import require_everywhere
from govern.services.key_changes import MADE, RESTARTED, ROTATED, finish
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.services.sealing import key_of, seal, signer_of
from govern.store import checkpoints, log
from govern.store.key_folder import KeyFolder


@dataclass(frozen=True, slots=True)
class LogKey:
    """`key` is the public key that auditors pin: `<origin>+<id>+<base64>`."""

    origin: str
    key: str
    folder: str
    retired: tuple[str, ...] = ()


def new_key(
    runtime: Runtime,
    actor: Actor,
    origin: str,
    *,
    now: datetime,
    after_loss: str | None = None,
) -> LogKey:
    """A key for a log named `origin`. Raises Duplicate where there is one.

    With `after_loss`, which says why, a log that lost events is given up: a new log with another
    name begins over what is there, and the ledger keeps what was signed of the old one last.
    """
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    keys = _folder(runtime)
    with keys.turn(wait=True):
        finish(runtime, keys)
        current = signer_of(runtime)
        if current is not None and after_loss is None:
            raise Duplicate(
                f"There is a key in {keys.root}: {current.verifier}. Replace it: govern keys rotate",
                key=str(current.verifier),
            )
        if current is not None and current.name == origin:
            raise InvalidInput(
                "A new log has another name than the one that is given up.",
                errors={"origin": [f"another than {origin}"]},
            )
        made = _made(origin)
        keys.prepare(made)
        with runtime.store.writing() as connection:
            data: dict[str, Any] = {"origin": origin, "key": str(made.verifier)}
            if current is None:
                record_event(connection, SERVICE, actor, MADE, data, now)
            else:
                last = checkpoints.last(connection)
                data |= {
                    "retired": str(current.verifier),
                    "lost": keys.last_checkpoint(),
                    "checkpoint": None if last is None else last["note"],
                    "found": log.size(connection),
                    "reason": after_loss,
                }
                record_event(connection, SERVICE, actor, RESTARTED, data, now)
        keys.install()
    return shown(runtime)


def rotate(runtime: Runtime, actor: Actor, *, now: datetime) -> LogKey:
    """A new key takes over: a statement that both sign is an event, which is the first that the new
    key seals.

    Raises NoKey, and what `seal` raises: a log that lost something has no key to hand over.
    """
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    keys, _ = key_of(runtime)
    seal(runtime, now)
    with keys.turn(wait=True):
        finish(runtime, keys)
        _, old = key_of(runtime)
        new = _made(old.name)
        keys.prepare(new)
        with runtime.store.writing() as connection:
            last = checkpoints.last(connection)
            size = 0 if last is None else last["size"]
            statement = sign_rotation(old, new, size=size, at=now)
            data = {
                "origin": old.name,
                "retired": str(old.verifier),
                "key": str(new.verifier),
                "size": size,
                "statement": statement,
            }
            record_event(connection, SERVICE, actor, ROTATED, data, now)
        keys.install(statement)
    return shown(runtime)


def shown(runtime: Runtime) -> LogKey:
    """The key that signs, by its public half. Raises NoKey."""
    keys, signer = key_of(runtime)
    retired = tuple(str(each) for each in keys.verifiers() if each != signer.verifier)
    return LogKey(signer.name, str(signer.verifier), str(keys.root), retired)


def _folder(runtime: Runtime) -> KeyFolder:
    if runtime.keys is None:
        raise BadConfiguration("There is no folder for keys.", setting="GOVERN_KEYS_DIR")
    return runtime.keys


def _made(origin: str) -> Signer:
    try:
        return generate(origin)
    except NoteFault as fault:
        raise InvalidInput(
            "A log's key cannot have this name.", errors={"origin": [str(fault)]}
        ) from fault
