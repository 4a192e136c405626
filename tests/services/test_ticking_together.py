"""Many ticks at one moment, in threads and in processes: each thing is done once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from multiprocessing import get_context
from typing import Any

from sqlalchemy import select

from govern.services import audit, moves
from govern.services.catalog import Catalog
from govern.services.holds import Until
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.sweeps import sweep
from govern.services.ticking import tick
from govern.store.engine import open_engine
from govern.store.tables import notice
from govern.store.transaction import Store
from tests.services.house import NOW, House, report
from tests.services.timed import at, events, pass_gate, put, start, take, vote

PROCESSES, THREADS = 3, 4

EFFECTS = (
    "gate.reminded",
    "gate.escalated",
    "gate.expired",
    "gate.lapsed",
    "gate.submitted",
    "stage.moved",
    "recommendation.expired",
)


def _tick(given: tuple[str, datetime]) -> list[tuple[str, str]]:
    """In a process of its own: several threads, one database."""
    url, now = given
    store = Store(open_engine(url))
    runtime = Runtime(store, Catalog())

    def once(_: int) -> list[tuple[str, str]]:
        result = tick(runtime, OPERATOR, now=now)
        assert result.failed == (), result.failed
        return [(each.kind, each.text) for each in result.done]

    with ThreadPoolExecutor(THREADS) as pool:
        done = [each for found in pool.map(once, range(THREADS)) for each in found]
    store.close()
    return done


def _portfolio(house: House) -> None:
    """One project for each thing that time does."""
    take(house)
    put(house, start(house, "WAITS"), "start")
    owed: list[dict[str, Any]] = [
        {"text": "Contract", "owner": "Fay", "due": date(2026, 12, 1)},
        {"text": "Team", "owner": "Sam", "due": date(2026, 12, 2)},
    ]
    pass_gate(house, start(house, "LAPSES"), "start", "conditional_go", owed=owed)
    put(house, "LAPSES", "next")
    moves.move(
        house.runtime,
        house.sam,
        start(house, "HELD"),
        to_do="hold",
        reason="Wait.",
        until=Until(on=date(2026, 12, 1)),
        version=None,
        now=NOW,
    )
    pass_gate(house, start(house, "CHECKED"), "start")
    report(house, "CHECKED-K1", {"2026-10-31": 700})
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    voted = put(house, start(house, "VOTED"), "start")
    vote(house, "sam", voted["id"])


def test_each_thing_is_done_once(house: House, database_url: str) -> None:
    _portfolio(house)
    projects = ("WAITS", "LAPSES", "HELD", "CHECKED", "VOTED")
    before = {each: Counter(e["kind"] for e in events(house, each)) for each in projects}
    now = at("2027-02-10")
    with get_context("spawn").Pool(PROCESSES) as pool:
        found = pool.map(_tick, [(database_url, now)] * PROCESSES, chunksize=1)
    told = Counter(each for done in found for each in done)
    assert set(told.values()) == {1}
    after = {each: Counter(e["kind"] for e in events(house, each)) for each in projects}
    effects = {
        each: {kind: n for kind in EFFECTS if (n := (after[each] - before[each])[kind])}
        for each in projects
    }
    deadlines = {"gate.reminded": 1, "gate.escalated": 2, "gate.expired": 1}
    assert effects == {
        "WAITS": deadlines,
        "LAPSES": {"gate.expired": 1, "gate.lapsed": 1, "stage.moved": 1},
        "HELD": {"stage.moved": 1},
        "CHECKED": {"gate.submitted": 1, "recommendation.expired": 1},
        "VOTED": deadlines,
    }
    with house.runtime.store.reading() as connection:
        keys = list(connection.execute(select(notice.c.key)).scalars())
    assert len(keys) == len(set(keys)) == sum(told.values())
    assert audit.verify_ledger(house.runtime, OPERATOR).faults == ()
    again = tick(house.runtime, OPERATOR, now=now)
    assert (again.done, again.failed) == ((), ())
