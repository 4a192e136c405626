"""EIO from fsync, for a while (SQLite): what was written before it may be gone for good, as on Linux."""

import random
from collections.abc import Iterable

import apsw

from tests.torture import disk_faults
from tests.torture.disk import SYNC
from tests.torture.place import Place
from tests.torture.tally import Tally

NAME = "EIO from fsync"
ON = ("sqlite",)


def run(place: Place, pick: random.Random, rounds: Iterable[int]) -> Tally:
    return disk_faults.trial(place, pick, rounds, SYNC, apsw.SQLITE_IOERR_FSYNC)
