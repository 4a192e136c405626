"""Many at once, in threads and processes that are killed: each event arrives at least once, those of a
project in their order, none is lost."""

import contextlib
import os
import random
import signal
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers

from govern.domain.refusal import Busy
from govern.services import news, webhooks
from govern.services.backing_off import FIRST, LONGEST, pause
from govern.services.catalog import Catalog
from govern.services.ledger import record_event
from govern.services.news_relay import relay
from govern.services.news_sending import TAKEN_FOR
from govern.services.outlets import Hooks, Outlets
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.store import events
from govern.store import news as stored
from govern.store.engine import open_engine
from govern.store.paging import PageRequest
from govern.store.transaction import Store
from tests.services.house import NOW, House, add_project
from tests.services.receivers import Hook, hook, with_outlets

PROJECTS = ("P1", "P2", "P3")
KIND = "evidence.added"
"""Changes no row, so that events can be written without what they tell of."""


def _write(runtime: Runtime, project: str, number: int, now: datetime) -> None:
    while True:
        try:
            with runtime.store.writing() as connection:
                record_event(connection, project, OPERATOR, KIND, {"number": number}, now)
                return
        except Busy:
            continue


def _numbers(there: Hook, project: str) -> list[int]:
    told = [there.event(index) for index in range(len(there.bodies))]
    return [int(each["sequence"]) for each in told if each["subject"] == project]


def _taken(there: Hook, statuses: Sequence[int], project: str) -> list[int]:
    """Those that were answered with success, in order of their first success."""
    told: list[int] = []
    for index, status in enumerate(statuses):
        event = there.event(index)
        if event["subject"] == project and 200 <= status <= 299:
            number = int(event["sequence"])
            if number not in told:
                told.append(number)
    return told


def _of(house: House, project: str, after: int) -> list[int]:
    with house.runtime.store.reading() as connection:
        found = events.events_of(connection, project, after=after)
    return [each.seq for each in found]


def _worker(given: tuple[str, Outlets, datetime]) -> None:
    """In a process of its own: relays and sends until it is killed, or for a while."""
    url, outlets, now = given
    store = Store(open_engine(url))
    runtime = Runtime(store, Catalog(), outlets=outlets)

    def loop(number: int) -> None:
        for turn in range(30):
            with contextlib.suppress(Busy):
                news.pass_on(runtime, OPERATOR, now=now + timedelta(minutes=turn), for_s=0.3)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(loop, range(2)))
    store.close()


def _everything(house: House, there: Hook) -> None:
    """What was taken by who was killed is taken over, and sent."""
    at = NOW + timedelta(hours=1)
    for _ in range(200):
        news.pass_on(house.runtime, OPERATOR, now=at, for_s=10)
        if webhooks.get_webhook(house.runtime, OPERATOR, 1)["waiting"] == 0:
            return
        at += TAKEN_FOR
    raise AssertionError("something waits still")


def test_killed_processes_lose_nothing(house: House, database_url: str) -> None:
    for project in PROJECTS:
        add_project(house, project)
    statuses: list[int] = []
    chance = random.Random(7)  # noqa: S311 - a test's
    with hook() as there:
        lock = threading.Lock()

        def answer(body: bytes) -> int:
            with lock:
                statuses.append(chance.choice((204, 204, 204, 204, 204, 503)))
                return statuses[-1]

        there.answer = answer
        sending = with_outlets(house, to=there)
        webhooks.add(sending.runtime, sending.sam, url=there.url, kinds=[KIND], now=NOW)
        before = {each: len(_of(house, each, 0)) for each in PROJECTS}
        context = get_context("spawn")
        given = (database_url, sending.runtime.outlets, NOW)
        workers = [context.Process(target=_worker, args=(given,)) for _ in range(3)]
        for each in workers:
            each.start()

        def write(project: str) -> None:
            for number in range(25):
                _write(house.runtime, project, number, NOW)

        with ThreadPoolExecutor(len(PROJECTS)) as pool:
            list(pool.map(write, PROJECTS))
        # Two are killed in the midst of it, as soon as something was sent.
        waited = threading.Event()
        for _ in range(200):
            if len(there.bodies) > 5:
                break
            waited.wait(0.1)
        for each in workers[:2]:
            assert each.pid is not None
            os.kill(each.pid, signal.SIGKILL)
        for each in workers:
            each.join(120)
        _everything(sending, there)
        assert len(statuses) == len(there.bodies)
        for project in PROJECTS:
            wanted = _of(house, project, before[project])
            assert len(wanted) == 25
            assert _taken(there, statuses, project) == wanted
            # In order: whoever is sent an event was sent each one before it.
            seen: set[int] = set()
            for number in _numbers(there, project):
                assert number - 1 in seen or number == wanted[0]
                seen.add(number)


class _Killed(Exception):  # noqa: N818 - what stops a process in the midst of it
    pass


@pytest.mark.parametrize("seed", range(4))
def test_whatever_fails_wherever_nothing_is_lost(house: House, seed: int) -> None:
    """Writers, relays and senders in threads; some transactions fail before they commit, some tries
    end between sending and writing, some receivers fail."""
    chance = random.Random(seed)  # noqa: S311 - a test's
    for project in PROJECTS:
        add_project(house, project)
    lock = threading.Lock()

    def unlucky(share: float) -> bool:
        with lock:
            return chance.random() < share

    statuses: list[int] = []
    with hook() as there:

        def answer(body: bytes) -> int:
            status = 503 if unlucky(0.2) else 204
            with lock:
                statuses.append(status)
            return status

        there.answer = answer
        sending = with_outlets(house, to=there)
        webhooks.add(sending.runtime, sending.sam, url=there.url, kinds=[KIND], now=NOW)
        before = {each: len(_of(house, each, 0)) for each in PROJECTS}

        def crash(connection: Any) -> None:
            if unlucky(0.15):
                raise _Killed

        crashing = Runtime(
            house.runtime.store.ending(crash), Catalog(), outlets=sending.runtime.outlets
        )

        def write(project: str) -> None:
            for number in range(12):
                _write(house.runtime, project, number, NOW)

        def work(number: int) -> None:
            for turn in range(12):
                try:
                    news.pass_on(
                        crashing, OPERATOR, now=NOW + timedelta(minutes=6 * turn), for_s=0.5
                    )
                except (_Killed, Busy):
                    continue

        with ThreadPoolExecutor(6) as pool:
            jobs = [pool.submit(write, each) for each in PROJECTS]
            jobs += [pool.submit(work, each) for each in range(3)]
            for job in jobs:
                job.result()
        news.pass_on(sending.runtime, OPERATOR, now=NOW + timedelta(hours=2), for_s=10)
        at = NOW + timedelta(hours=2)
        while webhooks.get_webhook(sending.runtime, OPERATOR, 1)["waiting"]:
            at += timedelta(minutes=30)
            assert at < NOW + timedelta(days=20)
            news.pass_on(sending.runtime, OPERATOR, now=at, for_s=10)
        for project in PROJECTS:
            assert _taken(there, statuses, project) == _of(house, project, before[project])


def test_a_relay_beside_others_puts_each_event_down_once(house: House) -> None:
    for project in PROJECTS:
        add_project(house, project)
    hooks = Hooks(frozenset({"hooks.example.org"}), b"s" * 16)
    runtime = Runtime(house.runtime.store, Catalog(), outlets=Outlets(hooks=hooks))
    webhooks.add(runtime, house.sam, url="https://hooks.example.org/", now=NOW)

    def write(project: str) -> None:
        for number in range(20):
            _write(runtime, project, number, NOW)

    def relays(_: int) -> None:
        for _ in range(15):
            with contextlib.suppress(Busy):  # it goes on where that left it
                relay(runtime, now=NOW)

    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(write, each) for each in PROJECTS]
        jobs += [pool.submit(relays, each) for each in range(3)]
        for job in jobs:
            job.result()
    relay(runtime, now=NOW)
    assert relay(runtime, now=NOW).news == 0
    with runtime.store.reading() as connection:
        page = stored.page(connection, PageRequest(limit=500, sort="id"), 1)
        assert stored.unrelayed(connection) == 0
    found: Mapping[str, list[int]] = {
        project: [each["seq"] for each in page.items if each["project"] == project]
        for project in PROJECTS
    }
    assert all(len(each) == 20 for each in found.values())


def test_an_event_that_commits_late_is_not_passed_over(house: House) -> None:
    """Two transactions of two projects; the one that began first commits last, and relays ran in
    between. On SQLite there is one writer at a time, so there is nothing to be late."""
    for project in ("P1", "P2"):
        add_project(house, project)
    hooks = Hooks(frozenset({"hooks.example.org"}), b"s" * 16)
    runtime = Runtime(house.runtime.store, Catalog(), outlets=Outlets(hooks=hooks))
    webhooks.add(runtime, house.sam, url="https://hooks.example.org/", kinds=[KIND], now=NOW)
    if runtime.store.engine.dialect.name == "sqlite":
        for project in ("P1", "P2"):
            _write(runtime, project, 1, NOW)
        assert relay(runtime, now=NOW).news == 2
        return
    with runtime.store.writing() as early:
        record_event(early, "P1", OPERATOR, KIND, {"number": 1}, NOW)
        _write(runtime, "P2", 2, NOW + timedelta(seconds=1))
        assert relay(runtime, now=NOW).news == 1
    assert relay(runtime, now=NOW).news == 1
    assert relay(runtime, now=NOW).news == 0


@given(integers(1, 30), integers(0, 100))
@settings(max_examples=50)
def test_pauses_grow_and_stay_within_their_spread(tries: int, about: int) -> None:
    whole = min(FIRST * 4 ** min(tries - 1, 8), LONGEST)
    assert whole * 0.8 <= pause(tries, str(about)) <= whole * 1.2
    assert pause(tries, str(about)) == pause(tries, str(about))
