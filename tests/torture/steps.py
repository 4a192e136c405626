"""`kill -9` at any step of one thing that somebody does: between any two calls of the code, down to those
into the database's driver. `killing` kills whole servers, some times a minute; this does many.

The next one goes on at once with what was left, as another process: nothing is repaired, nothing waits.
"""

import random
from collections.abc import Iterable
from datetime import timedelta

from tests.services.house import NOW
from tests.torture.books import Books, compare
from tests.torture.dying import ACT, NEVER, Spec, dying
from tests.torture.place import Place
from tests.torture.tally import Tally
from tests.torture.town import opened, settle

NAME = "kill -9 at any step"
ON = ("sqlite", "postgresql")
EACH = 8
"""Kills in a round, after which the books are compared."""


def run(place: Place, pick: random.Random, rounds: Iterable[int]) -> Tally:
    result, kills = Tally(), 0
    with place.database() as (url, folder):
        town = settle(url, folder, NOW - timedelta(days=100))
        books = Books()
        spec = Spec(ACT, url, str(town.keys), {k: list(v) for k, v in town.tokens.items()})
        with dying(spec) as process:
            steps, number = 2000, 0
            for _ in rounds:
                for turn in range(EACH):
                    number += 1
                    # One in three ends, so that there is always something to come to.
                    step = NEVER if turn % 3 == 0 else pick.randrange(1, steps)
                    ended = process.go(step, NOW + timedelta(seconds=number), number)
                    kills += ended.steps is None
                    steps = max(steps, ended.steps or 0)
                    for each in ended.done:
                        books.acknowledge(each)
                runtime = opened(url, town.keys)
                try:
                    found = compare(runtime, books, injected=kills)
                finally:
                    runtime.store.close()
                result = Tally(
                    kills,
                    found.acknowledged,
                    found.lost,
                    found.duplicated,
                    result.wrong + found.wrong,
                )
    return result
