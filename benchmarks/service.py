"""A gate decision and a reading, by `govern serve` to sixteen clients at once, beside the bare transaction.

Both are measured in one run on one database, by turns. The service runs as it is deployed (granian, a worker
per core on PostgreSQL and one on SQLite, signing receipts, counting requests, sealing beside it); its clients
are sixteen processes that keep their connections. The bound is the driver itself, in sixteen processes too:
one transaction that locks what the service locks and writes the rows that it writes (the reading, its event
and the chain's head; or the vote, its two events, the chain's head, the submission and the project), with
the same durability, and reads nothing, checks nothing and hashes nothing. PostgreSQL runs as in the tests.
Each client does some uncounted first, so that workers have compiled what they run and drivers prepared it,
and what it takes to begin and to end counts for neither. The service decides each gate once, until all
submissions are used up; the bare transaction goes over them again, a round further each time.
"""

import argparse
import itertools
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from multiprocessing import get_context
from threading import BrokenBarrierError
from typing import Any

from benchmarks.bare import BARE, PER_CLIENT, Client, Place, Work, mine
from benchmarks.filled import kpi_id
from benchmarks.goal import Goal, at_least
from benchmarks.processor import spent
from benchmarks.served import WORKERS, placed

CLIENTS, SECONDS, ROUNDS = 16, 4.0, 3
WARM_READINGS, WARM_DECISIONS = 20, 4
"""By each client, before it is counted."""
PROJECTS = CLIENTS * PER_CLIENT
LEAST = 0.30


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians over the rounds, of the service and of the bare transaction: how many a second, and how
    many milliseconds of processor time one took of all: clients, service and server of the database."""

    database: str
    what: str
    served: float
    bare: float
    served_ms: float
    bare_ms: float

    @property
    def by_clock(self) -> float:
        return self.served / self.bare

    @property
    def by_processor(self) -> float:
        return self.bare_ms / self.served_ms

    @property
    def share(self) -> float:
        """On SQLite one writes at a time, and the bare transaction waits for the disk, so the clock tells; on
        PostgreSQL both use up the cores, and the processor's time tells it also where other work does."""
        return self.by_clock if self.database == "SQLite" else self.by_processor


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=SECONDS)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--database", choices=list(WORKERS), action="append")
    given = asked.parse_args()
    for found in measure(given.seconds, given.rounds, given.database or list(WORKERS)):
        print(
            f"{found.database:11}{found.what:14}{found.served:7.0f}/s of {found.bare:6.0f}/s bare"
            f"{found.by_clock:7.1%}   processor {found.served_ms:6.2f} ms, {found.bare_ms:5.2f} ms bare"
            f"{found.by_processor:7.1%}"
        )


def goals(*, full: bool = False) -> list[Goal]:
    return [
        at_least(
            f"{each.what}, {each.database}, share of the bare transaction",
            LEAST * 100,
            each.share * 100,
            "%",
        )
        for each in measure(SECONDS, ROUNDS if full else 1, list(WORKERS))
    ]


def measure(seconds: float, rounds: int, databases: list[str]) -> list[Measured]:
    return [found for each in databases for found in _on(each, seconds, rounds)]


def _on(name: str, seconds: float, rounds: int) -> list[Measured]:
    seen: dict[str, tuple[list[Pace], list[Pace]]] = {
        "reading": ([], []),
        "gate decision": ([], []),
    }
    with placed(name, PROJECTS) as (place, submitted):
        bare = BARE[name]
        for _ in range(rounds):
            served, bound = seen["reading"]
            served.append(_pace(place, _reports, _nothing, WARM_READINGS, seconds))
            bound.append(_pace(place, bare.reading, _nothing, WARM_READINGS, seconds))
            waiting = submitted()
            served, bound = seen["gate decision"]
            served.append(_pace(place, _decides, _each(waiting), WARM_DECISIONS))
            bound.append(_pace(place, bare.decision, _again(waiting), WARM_DECISIONS, seconds))
    return [
        Measured(name, what, *map(_rate, (served, bound)), *map(_cost, (served, bound)))
        for what, (served, bound) in seen.items()
    ]


@dataclass(frozen=True, slots=True)
class Pace:
    per_second: float
    processor_ms: float


def _rate(paces: list[Pace]) -> float:
    return statistics.median(each.per_second for each in paces)


def _cost(paces: list[Pace]) -> float:
    return statistics.median(each.processor_ms for each in paces)


# --- the clients ------------------------------------------------------------------------------


Given = Callable[[int], Work]
"""By the number of a client: what it works through."""


def _nothing(_: int) -> Work:
    return itertools.repeat(None)


def _each(things: list[Any]) -> Given:
    return lambda number: iter(things[number::CLIENTS])


def _again(things: list[Any]) -> Given:
    """Each with its lap, lap after lap."""
    return lambda number: (
        (lap, each) for lap in itertools.count(2) for each in things[number::CLIENTS]
    )


def _pace(
    place: Place, client: Client, given: Given, warm: int, seconds: float | None = None
) -> Pace:
    """Of all clients together, without the `warm` that each does first; for so many seconds, or until
    all is worked through."""
    context = get_context("fork")
    together = context.Barrier(CLIENTS + 1)
    done = context.Array("i", CLIENTS)

    def one(number: int) -> None:
        def begin() -> Work:
            work = given(number)
            yield from itertools.islice(work, warm)
            together.wait()
            yield from work if seconds is None else _within(seconds, work)
            together.wait()
            # What the end of a process takes is in nobody's time.
            together.wait()

        try:
            done[number] = client(place, number, begin) - warm
        except BaseException:
            together.abort()
            raise

    clients = [context.Process(target=one, args=(number,)) for number in range(CLIENTS)]
    for each in clients:
        each.start()
    try:
        together.wait()
        began, spent_before = time.monotonic(), spent()
        together.wait()
        took, worked = time.monotonic() - began, spent() - spent_before
        together.wait()
    except BrokenBarrierError:
        raise SystemExit("a client failed") from None
    for each in clients:
        each.join()
    return Pace(sum(done[:]) / took, worked * 1000 / sum(done[:]))


def _within(seconds: float, work: Work) -> Work:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield next(work)


def _reports(place: Place, number: int, begin: Callable[[], Work]) -> int:
    call = _caller(place, "dan")
    count = 0
    for count, _ in enumerate(begin(), 1):
        project, kpi = mine(number, count)
        body = {"period": "2026-10-31", "actual": f"{number}.{count}", "reason": "counted again"}
        call(f"/kpis/{kpi_id(project, kpi)}/readings", body, {})
    return count


def _decides(place: Place, number: int, begin: Callable[[], Work]) -> int:
    call = _caller(place, "sam")
    count = 0
    for each in begin():
        count += 1
        body = {"decision": "go", "reason": "It holds.", "override_reason": "It holds."}
        version = {"If-Match": f'"v{each["version"]}"'}
        answer = call(f"/submissions/{each['id']}/votes", body, version)
        if answer["state"] != "decided":
            raise SystemExit(f"submission {each['id']} is {answer['state']}")
    return count


def _caller(place: Place, name: str) -> Callable[[str, Any, dict[str, str]], Any]:
    connection = HTTPConnection("127.0.0.1", place.port, timeout=120)
    sent = {"Authorization": f"Bearer {place.tokens[name]}", "Content-Type": "application/json"}

    def call(path: str, body: Any, headers: dict[str, str]) -> Any:
        connection.request("POST", f"/api/v1{path}", json.dumps(body), {**sent, **headers})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise SystemExit(f"{path} answered {answer.status}: {text.decode()}")
        return json.loads(text)

    return call


if __name__ == "__main__":
    main()
