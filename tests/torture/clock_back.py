"""A clock that goes back, by seconds or days, and on again, while people act and time is ticked.

Each chain keeps its order and verifies, no checkpoint is older than the one before, the figure in force is
the one that was reported last, what a tick has done is done once, a key that was answered is answered so
again, and nobody waits for the clock to come again to where it was.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.sealing import seal
from govern.services.ticking import tick
from govern.services.working import take_turn
from govern.store import readings
from govern.store.tables import checkpoint, notice, reading
from govern.web.app import create_app
from tests.services.house import NOW
from tests.torture.asking import Ask, in_process
from tests.torture.books import READING, Books, compare
from tests.torture.clerk import Clerk, clerks_of
from tests.torture.place import Place
from tests.torture.tally import Tally
from tests.torture.town import opened, settle

NAME = "clock going back"
ON = ("sqlite", "postgresql")
JUMPS = (timedelta(seconds=1), timedelta(minutes=61), timedelta(hours=23), timedelta(days=9))
ACTS = 6
"""Between two jumps."""
EVERY_S = 60


class _Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=10)
        return self.now

    def today(self) -> date:
        # The same month all the time, so that one figure is corrected again and again.
        return NOW.date()


def run(place: Place, pick: random.Random, rounds: Iterable[int]) -> Tally:
    result = Tally()
    with place.database() as (url, folder):
        town = settle(url, folder, NOW - timedelta(days=100))
        runtime = opened(url, town.keys)
        clock, books = _Clock(), Books()
        try:
            ask = in_process(create_app(runtime, clock))
            for number in rounds:
                name = f"b{number}."
                clerks = clerks_of(town, ask, books, pick, clock.today, name=name)
                first = _report(ask, clerks[0])
                ticked = _act(runtime, clerks, clock, pick)
                clock.now -= pick.choice(JUMPS)
                wrong = [*_act_again(runtime, clerks, clock, ticked)]
                if _report(ask, clerks[0]) != first:
                    wrong.append("what was asked again, with the same key, was answered otherwise")
                result += Tally(1, wrong=tuple(wrong))
                clock.now = max(clock.now, NOW) + timedelta(days=1)
            result += Tally(wrong=tuple(_out_of_order(runtime, books)))
            return result + compare(runtime, books)
        finally:
            runtime.store.close()


def _act(runtime: Runtime, clerks: Sequence[Clerk], clock: _Clock, pick: random.Random) -> datetime:
    for _ in range(ACTS):
        pick.choice(clerks).act()
    seal(runtime, clock())
    moment = clock()
    take_turn(runtime, moment, EVERY_S)
    tick(runtime, OPERATOR, now=moment)
    return moment


def _act_again(
    runtime: Runtime, clerks: Sequence[Clerk], clock: _Clock, ticked: datetime
) -> Iterator[str]:
    for each in clerks:
        each.act()
    seal(runtime, clock())
    notices = _count(runtime)
    if not take_turn(runtime, clock(), EVERY_S) and not take_turn(
        runtime, clock() + timedelta(seconds=2 * EVERY_S), EVERY_S
    ):
        yield "the tick waits until the clock is again where it was"
    for moment in (clock(), ticked):
        failed = tick(runtime, OPERATOR, now=moment).failed
        yield from (f"a tick fails: {each}" for each in failed)
    if _count(runtime) != notices:
        yield "a tick of a moment that had come did something again"


def _report(ask: Ask, clerk: Clerk) -> bytes:
    """What is answered to a reading of this round, which is asked for more than once."""
    body = {
        "period": "2026-09-30",
        "actual": "7",
        "note": f"{clerk.name} again",
        "reason": "Counted again.",
    }
    token = clerk.town.tokens["owner"][0]
    return ask(token, "POST", "/kpis/R-2-K1/readings", body, key=f"{clerk.name}-again").raw


def _count(runtime: Runtime) -> int:
    with runtime.store.reading() as connection:
        return len(connection.execute(select(notice.c.id)).all())


def _out_of_order(runtime: Runtime, books: Books) -> Iterator[str]:
    with runtime.store.reading() as connection:
        sealed = list(
            connection.scalars(select(checkpoint.c.sealed_at).order_by(checkpoint.c.size))
        )
        rows = connection.execute(select(reading).order_by(reading.c.id)).all()
    if sealed != sorted(sealed):
        yield "a checkpoint is older than the one before"
    done = [each.mark for each in books.done if each.kind == READING]
    order = [row.note for row in rows if row.note in set(done)]
    if order != done:
        yield "readings stand in another order than they were acknowledged in"
    with runtime.store.reading() as connection:
        in_force = readings.in_force(connection)
    for row in rows:
        newest = in_force[row.kpi_id, row.period]
        if row.id > newest.id:
            yield f"of {row.kpi_id}, {row.period}, {newest.note} is in force, and {row.note} came later"
