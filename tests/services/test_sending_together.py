"""Many ticks at one moment, in threads and in processes: every report is made and sent once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from multiprocessing import get_context

from sqlalchemy import select

from govern.domain.distribution import Channel, Every
from govern.services import audit, report_schedules
from govern.services.catalog import Catalog
from govern.services.outlets import Outlets
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.ticking import tick
from govern.store.engine import open_engine
from govern.store.tables import delivery, event
from govern.store.transaction import Store
from tests.services.house import NOW, House, add_project
from tests.services.receivers import Hook, hook, hooks_of, with_outlets
from tests.services.timed import at

PROCESSES, THREADS, SCHEDULES = 2, 2, 3
FAILING = 2
"""So many of the first POSTs are answered with 503."""


def _tick(given: tuple[str, datetime, Outlets]) -> list[str]:
    """In a process of its own: several threads, one database."""
    url, now, outlets = given
    store = Store(open_engine(url))
    runtime = Runtime(store, Catalog(), outlets=outlets)

    def once(_: int) -> list[str]:
        return [each.kind for each in tick(runtime, OPERATOR, now=now).done]

    with ThreadPoolExecutor(THREADS) as pool:
        done = [each for found in pool.map(once, range(THREADS)) for each in found]
    store.close()
    return done


def _together(database_url: str, now: datetime, there: Hook) -> Counter[str]:
    given = (database_url, now, Outlets(hooks=hooks_of(there)))
    with get_context("spawn").Pool(PROCESSES) as pool:
        found = pool.map(_tick, [given] * PROCESSES, chunksize=1)
    return Counter(each for done in found for each in done if each.startswith("report."))


def test_every_report_is_made_and_sent_once(house: House, database_url: str) -> None:
    add_project(house)
    with hook() as there:
        sending = with_outlets(house, to=there)
        for _ in range(SCHEDULES):
            report_schedules.add(
                sending.runtime,
                sending.sam,
                report="portfolio-value",
                portfolio="main",
                every=Every.DAILY,
                channel=Channel.WEBHOOK,
                address=there.url,
                first_on=date(2026, 11, 25),
                now=NOW,
            )
        there.answers = [503] * FAILING
        # Some days were missed; what failed waits for another tick.
        told = _together(database_url, at("2026-11-28"), there)
        assert told == {"report.due": SCHEDULES, "report.sent": SCHEDULES - FAILING}
        assert len(there.bodies) == SCHEDULES
        assert _together(database_url, at("2026-11-28"), there) == {}
        later = at("2026-11-28").replace(minute=5)
        assert _together(database_url, later, there) == {"report.sent": FAILING}
        assert len(there.bodies) == SCHEDULES + FAILING
        numbers = Counter(each["webhook-id"] for each in there.headers)
        assert sorted(numbers.values()) == [1] * (SCHEDULES - FAILING) + [2] * FAILING
    with house.runtime.store.reading() as connection:
        states = connection.execute(select(delivery.c.state, delivery.c.due_on)).all()
        kinds = Counter(connection.scalars(select(event.c.kind)))
    assert {tuple(each) for each in states} == {("sent", date(2026, 11, 28))}
    assert (kinds["report.sent"], kinds["report_schedule.moved_on"]) == (SCHEDULES, SCHEDULES)
    assert audit.verify_ledger(house.runtime, OPERATOR).faults == ()
