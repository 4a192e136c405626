"""A database that is slow: somebody holds the project, or the whole file, for longer than anybody waits.

Whoever asks meanwhile is told, in time, that nothing was written, and nothing was. Once the lock is gone
the same request with the same key is done, once.
"""

import random
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select

from govern.store.engine import open_engine
from govern.store.tables import project
from govern.web.app import create_app
from tests.services.house import NOW
from tests.torture.asking import Answer, Ask, in_process
from tests.torture.books import READING, SUBMISSION, Books, Done, compare
from tests.torture.place import Place
from tests.torture.power_loss import clock
from tests.torture.tally import Tally
from tests.torture.town import GATE, GATED, REPORTED, Town, opened, settle

NAME = "slow database"
ON = ("sqlite", "postgresql")


@dataclass(frozen=True)
class _Asked:
    """A request that can be made again as it was."""

    ask: Ask
    kind: str
    mark: str
    token: str
    path: str
    body: dict[str, str]
    version: str | None = None

    def __call__(self) -> Answer:
        return self.ask(
            self.token, "POST", self.path, self.body, version=self.version, key=self.mark
        )


def run(place: Place, pick: random.Random, rounds: Iterable[int]) -> Tally:
    result = Tally()
    with place.database() as (url, folder):
        town = settle(url, folder, NOW)
        runtime = opened(url, town.keys)
        books = Books()
        try:
            ask = in_process(create_app(runtime, clock))
            for number in rounds:
                requests = _requests(ask, town, pick, number)
                with _held(url), ThreadPoolExecutor(len(requests)) as pool:
                    answers = list(pool.map(lambda each: each(), requests))
                result += Tally(injected=len(requests), wrong=_dishonest(requests, answers))
                refused = Books(refused={each.mark for each in requests})
                result += Tally(wrong=compare(runtime, refused).wrong)
                for each in requests:
                    _do_now(each, books)
            return result + compare(runtime, books)
        finally:
            runtime.store.close()


def _requests(ask: Ask, town: Town, pick: random.Random, number: int) -> Sequence[_Asked]:
    """Of one project each, so that none waits for another."""
    gated = GATED[number % len(GATED)]
    manager, owner = (pick.choice(town.tokens[each]) for each in ("manager", "owner"))
    seen = ask(manager, "GET", f"/projects/{gated}")
    submitted = _Asked(
        ask,
        SUBMISSION,
        f"s{number}",
        manager,
        f"/projects/{gated}/submissions",
        {"gate": GATE, "note": f"s{number}"},
        seen.version,
    )
    body = {
        "period": "2026-10-31",
        "actual": str(number),
        "note": f"r{number}",
        "reason": "Counted again.",
    }
    path = f"/kpis/{REPORTED[0]}-K1/readings"
    reported = _Asked(ask, READING, f"r{number}", owner, path, body)
    return (submitted, reported) if number < len(GATED) else (reported,)


@contextmanager
def _held(url: str) -> Generator[None]:
    """By somebody else, for as long as the block: an SQLite file whole, of PostgreSQL the projects."""
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(select(project.c.id).with_for_update())
            yield
    finally:
        engine.dispose()


def _dishonest(requests: Sequence[_Asked], answers: Sequence[Answer]) -> tuple[str, ...]:
    return tuple(
        f"{asked.mark} on a slow database: {answer.status} {answer.raw[:200]!r}"
        for asked, answer in zip(requests, answers, strict=True)
        if answer.status != 503 or answer.body["code"] != "busy"
    )


def _do_now(asked: _Asked, books: Books) -> None:
    first, again = asked(), asked()
    if first.status not in (200, 201) or again.raw != first.raw:
        books.complain(
            f"{asked.mark}, asked again: {first.status} {first.raw[:200]!r}, {again.status}"
        )
        return
    books.acknowledge(Done(asked.kind, asked.mark, None, first.body.get("receipt")))
