"""`kill -9` under load: the server with all its workers, and on PostgreSQL the database too.

Clients ask without a pause. At a moment that nobody chose everything is killed at once and started
again by the same command, with which nothing is repaired. Between kills the books are compared: what
was acknowledged stands once, what was refused nowhere, the ledger verifies, and every row is what the
events say.
"""

import random
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from tests.torture.asking import over_network
from tests.torture.books import Books, compare
from tests.torture.clerk import at_work, clerks_of
from tests.torture.place import Place
from tests.torture.server import serving
from tests.torture.tally import Tally
from tests.torture.town import Town, opened, settle

NAME = "kill -9"
ON = ("sqlite", "postgresql")
PATIENCE_S = 5.0
MOST = 25
"""Things acknowledged before a kill; how many it is, is chosen anew each time."""
LONGEST_S = 240.0
"""Of load before a kill, however little was acknowledged."""


def run(place: Place, pick: random.Random, rounds: Iterable[int]) -> Tally:
    """One kill a round."""
    with place.database() as (url, folder):
        town = settle(url, folder, datetime.now(UTC))
        books, result = Books(), Tally()
        with serving(url, folder, town.environment()) as server:
            ask = over_network(lambda: server.address)
            for number in rounds:
                name = f"k{number}."
                clerks = clerks_of(town, ask, books, pick, today, name=name, patience_s=PATIENCE_S)
                with at_work(clerks):
                    wait_for_more(books, pick.randrange(1, MOST))
                    time.sleep(pick.uniform(0, 0.2))
                    database = place.server if pick.random() < 0.5 else None
                    if database is not None:
                        database.kill()
                    server.kill()
                    for each in clerks:
                        each.ending.set()
                if database is not None:
                    database.start()
                server.start()
                result = held_against(url, town, books, result)
        return result


def held_against(url: str, town: Town, books: Books, before: Tally) -> Tally:
    """One fault more than `before`; the books are compared from their first page on."""
    runtime = opened(url, town.keys)
    try:
        found = compare(runtime, books, injected=before.injected + 1)
    finally:
        runtime.store.close()
    books.wrong.clear()
    return replace(found, wrong=before.wrong + found.wrong)


def wait_for_more(books: Books, more: int) -> bool:
    """Whether so many more things were acknowledged in time."""
    enough, until = len(books.done) + more, time.monotonic() + LONGEST_S
    while len(books.done) < enough and time.monotonic() < until:
        time.sleep(0.01)
    return len(books.done) >= enough


def today() -> date:
    """The server's own clock is the real one too."""
    return datetime.now(UTC).date()
