"""Mixed load at 80 % of what the server can do, for as long as is asked: nothing grows, nothing fails.

First the limit is measured: how much as many clients get done as there are people, who ask without a pause.
Then as many ask at four fifths of that, while memory, file handles and threads of the server's processes and
the connections of PostgreSQL are counted. The last third of the time is held against the second: the first
is when caches fill. `python -m tests.torture.soak --minutes 60`, or `make soak MINUTES=60`.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Any

import psycopg
from sqlalchemy import make_url

from tests.torture.asking import Answer, Ask, over_network
from tests.torture.books import Books, compare
from tests.torture.clerk import Clerk, at_work, clerks_of
from tests.torture.killing import today
from tests.torture.place import Place, place
from tests.torture.server import Server, serving
from tests.torture.tally import Tally
from tests.torture.town import opened, settle

NAME = "soak"
SHARE = 0.8
MEASURED_S = 20.0
SAMPLES = 60
GROWTH = 0.05
"""Of memory, in the last third against the one before: what is not settled is not yet a leak."""
HANDLES = 4
"""File handles, threads and connections more, at most."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Of all processes of the server: bytes that are theirs alone, handles, threads; connections of
    the database, 0 on SQLite."""

    memory: int
    handles: int
    threads: int
    connections: int


@dataclass
class Paced:
    """Lets so many requests a second through, however many clients there are; `failed` counts answers
    that are a fault of the server."""

    ask: Ask
    every_s: float = 0.0
    count: int = 0
    failed: int = 0
    _next: float = 0.0
    _lock: Any = field(default_factory=Lock)

    def __call__(
        self,
        token: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: str | None = None,
        key: str | None = None,
    ) -> Answer:
        with self._lock:
            self.count += 1
            now = time.monotonic()
            # Who came too late is not made up for by a crowd.
            self._next = max(self._next + self.every_s, now - 1)
            wait = self._next - now if self.every_s else 0.0
        time.sleep(max(0.0, wait))
        answer = self.ask(token, method, path, body, version=version, key=key)
        with self._lock:
            self.failed += answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return answer


def soak(there: Place, minutes: float, pick: random.Random, tell: Callable[[str], None]) -> Tally:
    with there.database() as (url, folder):
        town = settle(url, folder, datetime.now(UTC))
        books = Books()
        with serving(url, folder, town.environment()) as server:
            paced = Paced(over_network(lambda: server.address))
            limit = _limit(paced, clerks_of(town, paced, books, pick, today, name="limit"))
            paced.every_s = 1 / (SHARE * limit)
            tell(
                f"{there.kind}: the limit is {limit:.1f} requests/s; {SHARE * limit:.1f} are asked for"
            )
            begun = paced.count
            samples = []
            with at_work(clerks_of(town, paced, books, pick, today, name="soak")):
                for number in range(SAMPLES):
                    time.sleep(60 * minutes / SAMPLES)
                    samples.append(_sample(server, url))
                    if number % (SAMPLES // 6) == 0:
                        tell(f"{there.kind}: {_told(samples[-1])}, {paced.count - begun} requests")
        runtime = opened(url, town.keys)
        try:
            found = compare(runtime, books)
        finally:
            runtime.store.close()
        failed = (f"{paced.failed} answers were 500 or more",) if paced.failed else ()
        return found + Tally(wrong=(*grown(samples), *failed))


def _limit(paced: Paced, clerks: Sequence[Clerk]) -> float:
    """Requests a second, of clients who do not pause, once the server is warm."""
    with at_work(clerks):
        time.sleep(MEASURED_S / 2)
        before = paced.count
        time.sleep(MEASURED_S)
        done = paced.count - before
    return max(done / MEASURED_S, 0.5)


def grown(samples: Sequence[Sample]) -> list[str]:
    """What grew, in words."""
    third = len(samples) // 3
    before, last = samples[third : 2 * third], samples[-third:]
    told: list[str] = []
    for name, slack in (
        ("memory", None),
        ("handles", HANDLES),
        ("threads", HANDLES),
        ("connections", HANDLES),
    ):
        was, now = (
            statistics.median(getattr(each, name) for each in part) for part in (before, last)
        )
        most = was * (1 + GROWTH) if slack is None else was + slack
        if now > most:
            told.append(f"{name} grew from {was:.0f} to {now:.0f}")
    return told


def _sample(server: Server, url: str) -> Sample:
    assert server.process is not None
    group = server.process.pid
    processes = [each for each in Path("/proc").glob("[0-9]*") if _group_of(each) == group]
    connections = 0
    if url.startswith("postgresql"):
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as connection:
            query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'govern'"
            row = connection.execute(query).fetchone()
            connections = 0 if row is None else int(row[0])
    return Sample(
        sum(_own_memory(each) for each in processes),
        sum(len(list((each / "fd").iterdir())) for each in processes),
        sum(len(list((each / "task").iterdir())) for each in processes),
        connections,
    )


def _group_of(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[2])
    except (OSError, IndexError):
        return 0


def _own_memory(process: Path) -> int:
    """Anonymous memory, in bytes (proc(5), RssAnon)."""
    for line in (process / "status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    return 0


def _told(sample: Sample) -> str:
    return (
        f"{sample.memory / 2**20:.0f} MiB, {sample.handles} handles, {sample.threads} threads, "
        f"{sample.connections} connections"
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--on", choices=("sqlite", "postgresql"), action="append")
    asked = options.parse_args()
    kinds = asked.on or ("sqlite", "postgresql")
    result = Tally()

    def tell(what: str) -> None:
        sys.stdout.write(f"{what}\n")
        sys.stdout.flush()

    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder, place(kind, Path(folder) / kind) as there:
            pick = random.Random(asked.seed)  # noqa: S311
            found = soak(there, asked.minutes / len(kinds), pick, tell)
            tell(
                f"{kind}: {found.acknowledged} acknowledged, {found.lost} lost, "
                f"{found.duplicated} duplicated"
            )
            for each in found.wrong:
                tell(f"{kind}: {each}")
            result += found
    return 0 if result.holds else 1


if __name__ == "__main__":
    sys.exit(main())
