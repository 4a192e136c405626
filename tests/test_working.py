"""Real workers and servers, in processes of their own: they share the work; one that is killed leaves it."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from govern.services import projects, webhooks
from govern.services.working import TURN, take_turn
from govern.settings import clock
from govern.store.tables import turn
from govern.store.transaction import Store
from tests.services import house as made
from tests.services.house import NOW, House
from tests.services.receivers import SECRET, Hook, hook, with_outlets
from tests.walk.served import command, plain_environment, served

WITHIN_S = 240


@pytest.fixture
def there() -> Iterator[Hook]:
    with hook() as found:
        yield found


@pytest.fixture
def telling(store: Store, there: Hook) -> House:
    house = with_outlets(made.build(store), to=there)
    webhooks.add(house.runtime, house.sam, url=there.url, kinds=["project.*"], now=NOW)
    return house


def _environment(there: Hook, **more: str) -> dict[str, str]:
    own = {"GOVERN_WEBHOOK_HOSTS": there.host, "GOVERN_WEBHOOK_SECRET": SECRET}
    return {**plain_environment(), **own, **more}


def _worker(database_url: str, there: Hook, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(database_url, "worker", "--every", "3600", "--senders", "2"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=_environment(there),
        cwd=folder,
        start_new_session=True,
    )


def _wait_for(what: Callable[[], bool], by: subprocess.Popen[bytes] | None = None) -> None:
    waiting = threading.Event()
    for _ in range(WITHIN_S * 10):
        if what():
            return
        if by is not None and by.poll() is not None:
            raise AssertionError(by.communicate()[0].decode())
        waiting.wait(0.1)
    raise AssertionError("it did not come")


def _add(house: House, name: str) -> None:
    values = {"id": name, "portfolio": "main", "name": name}
    projects.add_project(house.runtime, house.pia, values, now=NOW)


def _subjects(there: Hook) -> list[str]:
    return sorted(there.event(each)["subject"] for each in range(len(there.bodies)))


def _turns(house: House) -> int:
    with house.runtime.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(turn)) or 0


def test_workers_share_the_work_and_end_when_they_are_told(
    telling: House, there: Hook, database_url: str, tmp_path: Path
) -> None:
    workers = [_worker(database_url, there, tmp_path) for _ in range(2)]
    try:
        _add(telling, "A")
        _wait_for(lambda: _subjects(there) == ["A"], workers[0])
        _wait_for(lambda: _turns(telling) == 1, workers[0])
        # The tick of this hour is done: of another process, too.
        assert not take_turn(telling.runtime, clock(), 3600)
        os.kill(workers[0].pid, signal.SIGKILL)
        workers[0].wait(30)
        _add(telling, "B")
        _wait_for(lambda: _subjects(there) == ["A", "B"], workers[1])
        workers[1].send_signal(signal.SIGTERM)
        said, _ = workers[1].communicate(timeout=60)
        assert workers[1].returncode == 0, said
        assert b"govern worker: ended." in said
    finally:
        for each in workers:
            if each.poll() is None:
                each.kill()
            each.communicate()
    assert _subjects(there) == ["A", "B"]
    assert TURN == "tick"


def test_a_server_does_it_by_itself_unless_it_is_told_not_to(
    telling: House, there: Hook, database_url: str, tmp_path: Path
) -> None:
    own = {"GOVERN_WEBHOOK_HOSTS": there.host, "GOVERN_WEBHOOK_SECRET": SECRET}
    with served(database_url, tmp_path, workers=2, environment={**own, "GOVERN_TICKS": "yes"}):
        _add(telling, "A")
        _wait_for(lambda: _subjects(there) == ["A"])
        _wait_for(lambda: _turns(telling) == 1)
    with served(database_url, tmp_path, environment={**own, "GOVERN_TICKS": "no"}):
        _add(telling, "B")
        threading.Event().wait(4)
        assert _subjects(there) == ["A"]
