"""The work that goes on by itself: ticks, and news sent as it comes.

Threads of one process do it, in any number of processes: of a tick that is due one of them takes the turn,
each piece of news is taken by one of them for a while, and what a process that was killed had taken is taken
by another when that while is over.
"""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

from govern.domain.actor import Actor
from govern.domain.refusal import Refusal
from govern.services import news
from govern.services.runtime import Runtime
from govern.services.ticking import tick
from govern.store import turns

TICK_EVERY_S = 60
LOOK_EVERY_S = 1.0
SEND_FOR_S = 30.0
SENDERS = 4
STOP_WITHIN_S = 15.0

TURN = "tick"

Clock = Callable[[], datetime]
Tell = Callable[[str], None]


@contextmanager
def at_work(
    runtime: Runtime,
    actor: Actor,
    clock: Clock,
    tell: Tell,
    *,
    senders: int = SENDERS,
    tick_every_s: float = TICK_EVERY_S,
    look_every_s: float = LOOK_EVERY_S,
) -> Generator[None]:
    """Ticks and sends while the block lasts, then ends what was begun. What hinders it is told, once
    as long as it stays the same."""
    ending = threading.Event()

    def ticks() -> None:
        if take_turn(runtime, clock(), tick_every_s):
            result = tick(runtime, actor, now=clock())
            for failed in result.failed:
                tell(f"govern: {failed.project}: {failed.why}")

    def sends() -> None:
        while not ending.is_set():
            if not news.pass_on(runtime, actor, now=clock(), for_s=SEND_FOR_S).anything:
                return

    jobs = {"govern-ticker": ticks, **{f"govern-sender-{each}": sends for each in range(senders)}}
    threads = [
        threading.Thread(
            target=_again_and_again,
            args=(job, ending, look_every_s, tell, name),
            name=name,
            daemon=True,
        )
        for name, job in jobs.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        last = monotonic() + STOP_WITHIN_S
        for thread in threads:
            thread.join(max(0.0, last - monotonic()))


def take_turn(runtime: Runtime, now: datetime, every_s: float) -> bool:
    """Whether a tick is due, and ours to do."""
    until = now + timedelta(seconds=every_s)
    with runtime.store.reading() as connection:
        if not turns.is_free(connection, TURN, now, until):
            return False
    with runtime.store.writing() as connection:
        return turns.take(connection, TURN, now, until)


def _again_and_again(
    job: Callable[[], None], ending: threading.Event, every_s: float, tell: Tell, name: str
) -> None:
    told = None
    while not ending.is_set():
        try:
            job()
        except Exception as error:  # the others go on, and this is tried again
            said = error.detail if isinstance(error, Refusal) else f"{error!r}"
            if said != told:
                tell(f"govern: {name.removeprefix('govern-')}: {said}")
            told = said
        else:
            told = None
        ending.wait(every_s)
