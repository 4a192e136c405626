"""Connections that are cut after the server has committed, and clients who ask again with the same key.

A proxy reads each answer to the end, then loses it, or some of it. Whoever asks again with the same
Idempotency-Key gets the first answer, byte for byte, and what was asked for stands once.
"""

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from tests.torture.asking import over_network
from tests.torture.books import Books, compare
from tests.torture.clerk import at_work, clerks_of
from tests.torture.killing import today
from tests.torture.place import Place
from tests.torture.proxy import Given, cutting
from tests.torture.server import serving
from tests.torture.tally import Tally
from tests.torture.town import opened, settle

NAME = "connection cut after COMMIT"
ON = ("sqlite", "postgresql")
SHARE = 0.5
CUTS = 20
"""In a round."""
LONGEST_S = 240.0


def run(place: Place, pick: random.Random, rounds: Iterable[int]) -> Tally:
    with place.database() as (url, folder):
        town = settle(url, folder, datetime.now(UTC))
        books = Books()
        with (
            serving(url, folder, town.environment()) as server,
            cutting(lambda: server.address, pick, SHARE) as proxy,
        ):
            for number in rounds:
                ask = over_network(lambda: proxy.address)
                name = f"c{number}."
                clerks = clerks_of(town, ask, books, pick, today, name=name, patience_s=60.0)
                enough, until = proxy.cuts + CUTS, time.monotonic() + LONGEST_S
                with at_work(clerks):
                    while proxy.cuts < enough and time.monotonic() < until:
                        time.sleep(0.05)
            books.wrong += _other_answers(proxy.given)
            runtime = opened(url, town.keys)
            try:
                return compare(runtime, books, injected=proxy.cuts)
            finally:
                runtime.store.close()


def _other_answers(given: Mapping[str, Sequence[Given]]) -> Iterator[str]:
    """Keys that were answered once so and once otherwise."""
    for key, answers in given.items():
        final = {each for each in answers if not _asks_to_wait(each)}
        if len(final) > 1:
            yield f"{key} was answered in {len(final)} ways: {sorted(str(each) for each in final)[:2]}"


def _asks_to_wait(given: Given) -> bool:
    return given.status == 503 or (given.status == 409 and b"still-answering" in given.raw)
