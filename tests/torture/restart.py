"""The database is killed in the middle of requests and comes again, while the service stays (PostgreSQL).

Whoever asks meanwhile gets an honest answer, no fault of ours; what was told to be undone is undone; and the
service finds the database again by itself. SQLite is no process that could end alone.
"""

import random
import time
from collections.abc import Iterable
from datetime import UTC, datetime

from tests.torture.asking import over_network
from tests.torture.books import Books
from tests.torture.clerk import at_work, clerks_of
from tests.torture.killing import held_against, today, wait_for_more
from tests.torture.place import Place
from tests.torture.server import serving
from tests.torture.tally import Tally
from tests.torture.town import settle

NAME = "database restarted mid-request"
ON = ("postgresql",)
MOST = 15
"""Things acknowledged before the database goes, and again after it came."""
LONGEST_AWAY_S = 2.0


def run(place: Place, pick: random.Random, rounds: Iterable[int]) -> Tally:
    assert place.server is not None
    with place.database() as (url, folder):
        town = settle(url, folder, datetime.now(UTC))
        books, result = Books(), Tally()
        with serving(url, folder, town.environment()) as server:
            ask = over_network(lambda: server.address)
            for number in rounds:
                with at_work(clerks_of(town, ask, books, pick, today, name=f"r{number}.")):
                    wait_for_more(books, pick.randrange(1, MOST))
                    place.server.kill()
                    time.sleep(pick.uniform(0, LONGEST_AWAY_S))
                    place.server.start()
                    if not wait_for_more(books, MOST):
                        books.complain("nothing went on once the database was there again")
                result = held_against(url, town, books, result)
        return result
