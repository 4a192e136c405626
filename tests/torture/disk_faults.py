"""A disk that is full, or fails to sync, while clients are at work: what both trials share.

The disk (`disk`) answers some writes and syncs with the fault, for a while, then none. Whoever asks
meanwhile is told so by an honest answer and asks again; nothing is half there; once the disk is well
everything goes on by itself, in the same process.
"""

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import apsw

from tests.services.house import NOW
from tests.torture.books import Books, compare
from tests.torture.disk import Disk
from tests.torture.place import Place
from tests.torture.power_loss import under_load
from tests.torture.tally import Tally
from tests.torture.town import opened, settle

SPELL = 12
"""Faults in a row, at most."""
BEFORE = 40
"""Writes and syncs that go well before a spell, at most."""
SPELLS = 3
LONGEST_S = 240.0


@dataclass
class Spells:
    """Answers with the fault in spells; `left` is how many more of them there are to be."""

    what: str
    code: int
    pick: random.Random
    left: int
    count: int = 0
    _well: int = 5
    _ill: int = 0

    def __call__(self, what: str) -> None:
        if what != self.what or not self.left:
            return
        if self._well:
            self._well -= 1
            return
        if not self._ill:
            self._ill = self.pick.randrange(1, SPELL)
        self._ill -= 1
        if not self._ill:
            self.left -= 1
            self._well = self.pick.randrange(1, BEFORE)
        self.count += 1
        raise apsw.exception_for(self.code)


def trial(place: Place, pick: random.Random, rounds: Iterable[int], what: str, code: int) -> Tally:
    result = Tally()
    for _ in rounds:
        with place.database() as (url, folder):
            town = settle(url, folder, NOW)
            disk, books = Disk(pick), Books()
            spells = Spells(what, code, pick, SPELLS)
            with under_load(url, town, disk, books, pick):
                disk.before = spells
                recovered = _goes_on(spells, books)
            runtime = opened(url, town.keys)
            try:
                found = compare(runtime, books, injected=spells.count)
            finally:
                runtime.store.close()
            told = () if recovered else ("nothing went on once the disk was well",)
            result += replace(found, wrong=found.wrong + told)
    return result


def _goes_on(spells: Spells, books: Books) -> bool:
    """Whether something is acknowledged once the disk is well."""
    until = time.monotonic() + LONGEST_S
    while spells.left and time.monotonic() < until:
        time.sleep(0.02)
    spells.left = 0
    enough = len(books.done) + 4
    while len(books.done) < enough and time.monotonic() < 2 * LONGEST_S + until:
        time.sleep(0.02)
    return len(books.done) >= enough
