"""Power that goes while clients decide, vote, report and the log is sealed (SQLite).

The application runs in this process over its own store, on a disk that forgets what was not synced (`disk`).
At moments that nobody chose, before a write or a sync, the disk as it would be found is set aside, with the
books as they stand at that moment. Each is opened with Python's own SQLite, as the next start would: it is
whole, holds all that was acknowledged, verifies, and takes what is written next. PostgreSQL's files cannot
be written by Python; there `killing` ends the server itself, with `fsync` on.
"""

import random
import shutil
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from govern.domain.refusal import Busy, Refusal
from govern.services.runtime import Runtime
from govern.services.sealing import seal
from govern.web.app import create_app
from tests.services.house import NOW
from tests.torture.apsw_driver import driven_by_apsw
from tests.torture.asking import in_process
from tests.torture.books import Books, compare
from tests.torture.clerk import Clerk, at_work, clerks_of
from tests.torture.disk import Disk
from tests.torture.place import Place
from tests.torture.tally import Tally
from tests.torture.town import Town, opened, settle

NAME = "power loss"
ON = ("sqlite",)
LOSSES = 4
"""In a round."""
APART = 60
"""Writes and syncs between two of them, at most."""
FIRST = 5
"""So many things are acknowledged before the first: else there would be little to lose."""
LONGEST_S = 240.0


@dataclass(frozen=True)
class Found:
    """What is there once the power is back."""

    files: dict[str, bytes]
    keys: dict[str, bytes]
    books: Books


@dataclass
class Losses:
    """Sets aside what would be found, every so many writes."""

    disk: Disk
    books: Books
    keys: Path
    pick: random.Random
    most: int
    found: list[Found] = field(default_factory=list[Found])
    _next: int = 1

    def __call__(self, what: str) -> None:
        self._next -= 1
        waits = self._next > 0 or len(self.books.done) < FIRST
        if waits or len(self.found) >= self.most:
            return
        self._next = self.pick.randrange(1, APART)
        # In this order: what is acknowledged, or signed, after it was looked at is not missed.
        books, keys = self.books.now(), _contents(self.keys)
        self.found.append(Found(self.disk.lose_power(), keys, books))


def run(place: Place, pick: random.Random, rounds: Iterable[int], *, lies: bool = False) -> Tally:
    """`lies`: a disk on which all this must be seen to fail."""
    result = Tally()
    for _ in rounds:
        with place.database() as (url, folder):
            town = settle(url, folder, NOW)
            disk = Disk(pick, lies=lies)
            books = Books()
            losses = Losses(disk, books, town.keys, pick, LOSSES)
            with under_load(url, town, disk, books, pick):
                disk.before = losses
                until = time.monotonic() + LONGEST_S
                while len(losses.found) < LOSSES and time.monotonic() < until:
                    time.sleep(0.02)
                disk.before = lambda _: None
            for number, found in enumerate(losses.found):
                result += _next_start(folder / f"found-{number}", found, town, pick)
    return result


@contextmanager
def under_load(
    url: str, town: Town, disk: Disk, books: Books, pick: random.Random
) -> Generator[Sequence[Clerk]]:
    """Clerks at work in this process, and somebody who seals, on the disk."""
    with driven_by_apsw(disk.name):
        runtime = opened(url, town.keys)
        try:
            clerks = _clerks(runtime, town, books, pick)
            with at_work(clerks), _sealing(runtime, books):
                yield clerks
        finally:
            runtime.store.close()


def _clerks(
    runtime: Runtime, town: Town, books: Books, pick: random.Random, name: str = "p"
) -> list[Clerk]:
    ask = in_process(create_app(runtime, clock))
    return clerks_of(town, ask, books, pick, today, name=name)


@contextmanager
def _sealing(runtime: Runtime, books: Books) -> Generator[None]:
    ending = Event()

    def go_on() -> None:
        while not ending.wait(0.05):
            try:
                seal(runtime, clock())
            except Busy:
                continue  # or its disk is broken: later, as the server does
            except Exception as error:  # told with all else that is wrong
                books.complain(f"sealing: {error!r}")

    thread = Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(60)


def _next_start(folder: Path, found: Found, town: Town, pick: random.Random) -> Tally:
    folder.mkdir()
    try:
        for name, content in found.files.items():
            (folder / name).write_bytes(content)
        keys = folder / "keys"
        keys.mkdir()
        for name, content in found.keys.items():
            (keys / name).write_bytes(content)
        runtime = opened(f"sqlite:///{folder / 'govern.db'}", keys)
        try:
            result = compare(runtime, found.books, injected=1)
            return replace(result, wrong=result.wrong + _goes_on(runtime, town, pick))
        finally:
            runtime.store.close()
    except (SQLAlchemyError, Refusal) as error:
        count = len(found.books.done)
        return Tally(1, count, count, wrong=(f"the database cannot be used: {error!r:.300}",))
    finally:
        shutil.rmtree(folder)


def _goes_on(runtime: Runtime, town: Town, pick: random.Random) -> tuple[str, ...]:
    """What is wrong where somebody goes on with it, as it was found."""
    with runtime.store.reading() as connection:
        checked = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    books = Books()
    for each in _clerks(runtime, town, books, pick, name="after"):
        each.act()
    seal(runtime, clock())
    more = compare(runtime, books)
    told = () if checked == "ok" else (f"integrity_check: {checked}",)
    lost = (f"{more.lost} lost after the next start",) if more.lost else ()
    return told + more.wrong + lost


def _contents(folder: Path) -> dict[str, bytes]:
    """Those files that are whole under their names."""
    found: dict[str, bytes] = {}
    for each in folder.iterdir():
        if each.is_file() and not each.name.startswith("."):
            found[each.name] = each.read_bytes()
    return found


def clock() -> datetime:
    return NOW


def today() -> date:
    return NOW.date()
