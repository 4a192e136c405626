"""The sealer is killed at any step: the next one goes on, and signs nothing that contradicts what was signed.

Between the commit of a checkpoint and the moment that the folder of keys remembers it the folder is one step
behind, and must never be ahead (`store.key_folder`).
"""

import random
from collections.abc import Iterable
from datetime import timedelta

from govern.services.sealing import seal
from govern.web.app import create_app
from tests.services.house import NOW
from tests.torture.asking import in_process
from tests.torture.books import Books, compare
from tests.torture.clerk import clerks_of
from tests.torture.dying import SEAL, Spec, dying
from tests.torture.place import Place
from tests.torture.power_loss import clock, today
from tests.torture.tally import Tally
from tests.torture.town import opened, settle

NAME = "sealer killed"
ON = ("sqlite", "postgresql")
EACH = 4
"""Kills in a round, after which somebody else seals."""


def run(place: Place, pick: random.Random, rounds: Iterable[int]) -> Tally:
    result, kills = Tally(), 0
    with place.database() as (url, folder):
        town = settle(url, folder, NOW)
        books, runtime = Books(), opened(url, town.keys)
        spec = Spec(SEAL, url, str(town.keys), {})
        try:
            ask = in_process(create_app(runtime, clock))
            clerks = clerks_of(town, ask, books, pick, today, name="sealed")
            with dying(spec) as process:
                steps = 3000
                for _ in rounds:
                    for turn in range(EACH):
                        pick.choice(clerks).act()
                        now = NOW + timedelta(seconds=turn)
                        ended = process.go(pick.randrange(1, steps), now, turn)
                        kills += ended.steps is None
                        steps = ended.steps or steps
                    # What was left verifies before anybody goes on with it.
                    before = compare(runtime, books)
                    sealed = seal(runtime, NOW)
                    after = compare(runtime, books, injected=kills)
                    unsealed = () if not sealed.waiting else (f"{sealed.waiting} are not sealed",)
                    result = Tally(
                        kills,
                        after.acknowledged,
                        after.lost,
                        after.duplicated,
                        result.wrong + before.wrong + after.wrong + unsealed,
                    )
        finally:
            runtime.store.close()
    return result
