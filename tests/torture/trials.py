"""Every trial, in the order in which they are run: one module for each fault."""

import random
from collections.abc import Iterable
from typing import Protocol, cast

from tests.torture import (
    clock_back,
    cut,
    delivery,
    disk_full,
    fuzz,
    histories,
    killing,
    power_loss,
    restart,
    sealer,
    slow,
    steps,
    sync_fails,
)
from tests.torture.place import Place
from tests.torture.tally import Tally


class Trial(Protocol):
    """`NAME` says what is done to it, `ON` on which databases. `run` does it once a round."""

    NAME: str
    ON: tuple[str, ...]

    def run(self, place: Place, pick: random.Random, rounds: Iterable[int]) -> Tally: ...


TRIALS: dict[str, Trial] = {
    name: cast(Trial, module)
    for name, module in {
        "power-loss": power_loss,
        "steps": steps,
        "killing": killing,
        "histories": histories,
        "cut": cut,
        "disk-full": disk_full,
        "sync-fails": sync_fails,
        "restart": restart,
        "slow": slow,
        "clock-back": clock_back,
        "sealer": sealer,
        "delivery": delivery,
        "fuzz": fuzz,
    }.items()
}
