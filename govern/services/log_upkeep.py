"""What keeps the log going: sealing and the daily heads, at a tick or twice a second while serving."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import Refusal
from govern.services.daily_heads import Heads, seal_heads
from govern.services.runtime import Runtime
from govern.services.sealing import Sealed, hold_against, seal, signer_of
from govern.store import checkpoints, log

EVERY_S = 0.5
STOP_WITHIN_S = 15.0


@dataclass(frozen=True, slots=True)
class KeptUp:
    """`sealed` is None where there is no key."""

    sealed: Sealed | None
    heads: Heads | None = None


def keep_up(runtime: Runtime, actor: Actor, now: datetime) -> KeptUp:
    """Seals what is not sealed and, once a day, the heads of all chains. Raises what `seal` raises."""
    if signer_of(runtime) is None:
        return KeptUp(None)
    sealed = seal(runtime, now)
    if sealed.elsewhere:
        return KeptUp(sealed)
    heads = seal_heads(runtime, actor, now)
    return KeptUp(sealed if heads is None else seal(runtime, now), heads)


def standing(runtime: Runtime) -> Record:
    """How the log stands: whether there is a key, `size` under the last checkpoint, when that was
    sealed, and how many events are not sealed. `wrong` says why nothing can be sealed: what is wrong
    with the key, or with the log as it stands against what was signed last."""
    key = wrong = None
    try:
        signer = signer_of(runtime)
        key = None if signer is None else str(signer.verifier)
    except Refusal as refused:
        wrong = refused.detail
    with runtime.store.reading() as connection:
        last = checkpoints.last(connection)
        unsealed = log.unsealed(connection)
        if key is not None and runtime.keys is not None:
            try:
                hold_against(connection, runtime.keys)
            except Refusal as refused:
                wrong = refused.detail
    return {
        "key": key,
        "size": 0 if last is None else last["size"],
        "sealed_at": None if last is None else last["sealed_at"],
        "unsealed": unsealed,
        "wrong": wrong,
    }


@contextmanager
def kept_up(
    runtime: Runtime,
    actor: Actor,
    clock: Callable[[], datetime],
    tell: Callable[[str], None],
    every_s: float = EVERY_S,
) -> Generator[None]:
    """Keeps the log up in a thread of its own while the block lasts. What hinders it is told once.

    A key that is made or replaced meanwhile is used from then on.
    """
    ending = threading.Event()

    def work() -> None:
        told = None
        while not ending.wait(every_s):
            try:
                keep_up(runtime, actor, clock())
            except Exception as error:  # the service goes on, and tries again
                said = error.detail if isinstance(error, Refusal) else f"{error!r}"
                if said != told:
                    tell(f"govern: the log is not sealed: {said}")
                told = said
            else:
                told = None

    worker = threading.Thread(target=work, name="govern-sealer", daemon=True)
    worker.start()
    try:
        yield
    finally:
        ending.set()
        worker.join(STOP_WITHIN_S)
