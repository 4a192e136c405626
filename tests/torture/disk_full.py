"""A disk that is full for a while (SQLite): SQLITE_FULL, which ENOSPC becomes, at writes nobody chose.

What PostgreSQL answers with 53100 is made a refusal by the same code (`tests/store/test_transaction.py`); a
full file system under a server needs one to be mounted, which takes root, and is not tried.
"""

import random
from collections.abc import Iterable

import apsw

from tests.torture import disk_faults
from tests.torture.disk import WRITE
from tests.torture.place import Place
from tests.torture.tally import Tally

NAME = "disk full"
ON = ("sqlite",)


def run(place: Place, pick: random.Random, rounds: Iterable[int]) -> Tally:
    return disk_faults.trial(place, pick, rounds, WRITE, apsw.SQLITE_FULL)
