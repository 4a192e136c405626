"""Eight writers on PostgreSQL, with sealing off and on: what sealing costs them, and how long an event
is in no checkpoint at most.

Each writer appends to a chain of its own, one event in a transaction, as fast as it can. The two ways
take turns, and by turns begin, so that both meet the machine in every mood and neither always finds
what the other left to be written out; the ratio is the median of those of the rounds. With sealing on
the service's own loop runs in this process, twice a second. How long an event was unsealed is asked of
the database: the time of the checkpoint's commit is at most when a reader first saw it. The longest that
a writer waited for one of its own commits stands beside it: where the disk stands still, all stand.
"""

import argparse
import json
import statistics
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from benchmarks.goal import Goal, at_least, at_most
from govern.domain.actor import Actor
from govern.services.catalog import Catalog
from govern.services.importing import DEFAULT_PORTFOLIO, ensure_portfolio
from govern.services.ledger import record_event
from govern.services.log_keys import new_key
from govern.services.log_upkeep import kept_up
from govern.services.people import OPERATOR, ensure_operator
from govern.services.runtime import Runtime
from govern.store.engine import open_engine
from govern.store.key_folder import KeyFolder
from govern.store.migrate import upgrade
from govern.store.tables import checkpoint, event, log_entry
from govern.store.transaction import Store
from tests.postgres import server

WRITERS = 8
SECONDS = 8.0
ROUNDS = 6
LEAST_RATE, MOST_UNSEALED_S = 0.9, 2
MIGRATIONS = Path(__file__).parents[1] / "migrations"
DATA: dict[str, Any] = {
    "submission": 1,
    "gate": "planned",
    "decision": "go",
    "reason_digest": "sha256:" + "0" * 64,
    "facts_digest": "sha256:" + "1" * 64,
    "rulebook_digest": "sha256:" + "2" * 64,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians of events a second of all writers together; `ratios` are sealed / unsealed, one a round,
    `ratio` their median. `longest_s`: seconds that an event was unsealed; `commit_s`: that one of a
    writer's commits took, with sealing off and on."""

    unsealed_per_s: float
    sealed_per_s: float
    ratio: float
    ratios: tuple[float, ...]
    longest_s: float
    commit_s: tuple[float, float]
    events: int


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=SECONDS)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--format", choices=["text", "json"], default="text")
    given = asked.parse_args()
    with server() as url, TemporaryDirectory() as folder:
        found = measure(url, Path(folder), given.seconds, given.rounds)
    if given.format == "json":
        print(json.dumps(asdict(found)))
        return
    print(f"{WRITERS} writers, {found.events} events sealed")
    print(f"  sealing off  {found.unsealed_per_s:8.0f} events/s")
    print(f"  sealing on   {found.sealed_per_s:8.0f} events/s, {found.ratio:.2f} of it")
    print("  by round     " + " ".join(f"{each:.2f}" for each in found.ratios))
    print(f"  an event was unsealed for at most {found.longest_s:.2f} s")
    off, on = found.commit_s
    print(f"  a writer's commit took at most {off:.2f} s with sealing off, {on:.2f} s with it on")


def goals(*, full: bool = False) -> list[Goal]:
    with server() as url, TemporaryDirectory() as folder:
        found = measure(url, Path(folder), SECONDS if full else 4, ROUNDS if full else 4)
    return [
        at_least("writers' rate with sealing on", LEAST_RATE, found.ratio),
        at_most("longest that an event is unsealed", MOST_UNSEALED_S, found.longest_s, "s"),
    ]


def measure(url: str, folder: Path, seconds: float, rounds: int) -> Measured:
    upgrade(url, MIGRATIONS)
    runtime = Runtime(Store(open_engine(url)), Catalog(), keys=KeyFolder(folder))
    now = datetime.now(UTC)
    ensure_operator(runtime, now=now)
    ensure_portfolio(runtime, OPERATOR, DEFAULT_PORTFOLIO, "Main", now=now)
    new_key(runtime, OPERATOR, "bench.example/log", now=now)
    off, on = _Side(), _Side()
    longest = 0.0
    for number in range(rounds):
        for sealing in (False, True) if number % 2 == 0 else (True, False):
            if not sealing:
                with _watched(runtime):  # so that what asking costs is in both
                    off.add(*_write(url, seconds))
                continue
            with _sealing(runtime):
                _until_sealed(runtime)  # what was written with sealing off
                with _watched(runtime) as seen:
                    on.add(*_write(url, seconds))
                    _until_sealed(runtime)
            longest = max(longest, _longest_unsealed(runtime, seen))
    with runtime.store.reading() as connection:
        events = connection.scalar(select(func.count()).select_from(log_entry)) or 0
    runtime.store.close()
    ratios = tuple(sealed / plain for plain, sealed in zip(off.rates, on.rates, strict=True))
    return Measured(
        statistics.median(off.rates),
        statistics.median(on.rates),
        statistics.median(ratios),
        ratios,
        longest,
        (off.longest_s, on.longest_s),
        events,
    )


@dataclass(slots=True)
class _Side:
    rates: list[float] = field(default_factory=list[float])
    longest_s: float = 0.0

    def add(self, rate: float, longest_s: float) -> None:
        self.rates.append(rate)
        self.longest_s = max(self.longest_s, longest_s)


def _write(url: str, seconds: float) -> tuple[float, float]:
    """Events a second of all writers together, and the longest that a commit took."""
    context = get_context("fork")
    ready, begin = context.Barrier(WRITERS + 1), context.Event()
    counts, longest = context.Array("i", WRITERS), context.Array("d", WRITERS)
    writers = [
        context.Process(target=_writer, args=(url, number, seconds, ready, begin, counts, longest))
        for number in range(WRITERS)
    ]
    for each in writers:
        each.start()
    ready.wait()
    begin.set()
    for each in writers:
        each.join()
    return sum(counts[:]) / seconds, max(longest[:])


def _writer(
    url: str, number: int, seconds: float, ready: Any, begin: Any, counts: Any, longest: Any
) -> None:
    store = Store(open_engine(url))
    actor = Actor("bench", "Bench")
    ready.wait()
    begin.wait()
    end = time.monotonic() + seconds
    while (began := time.monotonic()) < end:
        with store.writing() as connection:
            record_event(connection, f"W{number}", actor, "vote.cast", DATA, datetime.now(UTC))
        counts[number] += 1
        longest[number] = max(longest[number], time.monotonic() - began)
    store.close()


def _sealing(runtime: Runtime) -> Any:
    return kept_up(runtime, OPERATOR, lambda: datetime.now(UTC), print)


def _until_sealed(runtime: Runtime) -> None:
    while True:
        with runtime.store.reading() as connection:
            events = connection.scalar(select(func.count()).select_from(event))
            sealed = connection.scalar(select(func.coalesce(func.max(checkpoint.c.size), 0)))
        if events == sealed:
            return
        time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class _Seen:
    """That a checkpoint over events `first` ≤ index < `end` was there at a time."""

    first: int
    end: int
    at: datetime


@contextmanager
def _watched(runtime: Runtime) -> Generator[list[_Seen]]:
    """Asks often whether there is a new checkpoint, and keeps when it was first seen."""
    found: list[_Seen] = []
    ending = threading.Event()

    def watch() -> None:
        with runtime.store.reading() as connection:
            seen = connection.scalar(select(func.max(checkpoint.c.size))) or 0
        over = False
        while not over:
            over = ending.wait(0.1)
            with runtime.store.reading() as connection:
                size = connection.scalar(select(func.max(checkpoint.c.size))) or 0
            if size != seen:
                found.append(_Seen(seen, size, datetime.now(UTC)))
                seen = size

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        ending.set()
        watcher.join()


def _longest_unsealed(runtime: Runtime, seen: list[_Seen]) -> float:
    """Seconds from the oldest event under a checkpoint to when the checkpoint was first seen.

    Asked when all is written, so that the asking costs neither side anything.
    """
    waits = [0.0]
    with runtime.store.reading() as connection:
        for each in seen:
            oldest = connection.scalar(
                select(func.min(event.c.recorded_at))
                .join(
                    log_entry,
                    (log_entry.c.project == event.c.project) & (log_entry.c.seq == event.c.seq),
                )
                .where(log_entry.c.log_index >= each.first, log_entry.c.log_index < each.end)
            )
            if oldest is not None:
                waits.append((each.at - oldest).total_seconds())
    return max(waits)


if __name__ == "__main__":
    main()
