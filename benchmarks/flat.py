"""`python -m benchmarks.flat [EVENTS]`: pages of lists and of history in a govern with a million events,
beside the same govern with as few as fill one page.

The many events are on the chains of the portfolio's projects, hashed and sealed as the service does it,
of kinds of their own; nothing else differs. The few are a page of them on one project's chain, so that a
page of its history says as much in both. What a database plans by (`ANALYZE`) is up to date. Measured are the
application's answers, in this process and without a socket: lists, a project's history from its beginning and
from a cursor far inside, and looking for events over all chains, from the end and from the middle of the
log, of one project, of a kind that is common and of one that is rare.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import bindparam, insert, text, update

from benchmarks.filled import fill, postgresql, project_id
from benchmarks.goal import Goal, at_most
from govern.domain.actor import Actor
from govern.domain.role import Role
from govern.ledger.event import compose
from govern.services import event_search, log_keys, people, tokens
from govern.services.event_search import Search
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.sealing import seal
from govern.settings import Settings
from govern.store import events, log
from govern.store import people as stored_people
from govern.store.tables import chain, event
from govern.web.app import create_app
from govern.wiring import started

EVENTS, FEWER, PROJECTS, TIMES = 1_000_000, 50_000, 100, 15
PAGE, SHOWN = 50, 7
MOST = 2.0
"""Times as long, at most; what does not lie in an index would take thousands."""
AT_ONCE = 20_000
KINDS = ("measured.first", "measured.second", "measured.third", "measured.fourth")
RARE = "noted.once"
"""Kinds of their own: their data are told as they are, and need not be those of a real one."""
DATABASES = ("SQLite", "PostgreSQL")

Page = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of one page, the shortest of several: with few events, and with many."""

    database: str
    page: str
    few: float
    many: float

    @property
    def ratio(self) -> float:
        return self.many / self.few


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("events", type=int, nargs="?", default=EVENTS)
    asked.add_argument("--database", choices=DATABASES, action="append")
    given = asked.parse_args()
    for found in measure(given.events, given.database or DATABASES):
        print(
            f"{found.database:11}{found.page:40}{found.few:8.2f} ms{found.many:8.2f} ms"
            f"{found.ratio:7.2f} x"
        )


def goals(*, full: bool = False) -> list[Goal]:
    """The page that grows most, of each database."""
    many = EVENTS if full else FEWER
    found = measure(many, DATABASES)
    worst = [
        max((each for each in found if each.database == name), key=lambda each: each.ratio)
        for name in DATABASES
    ]
    return [
        at_most(f"pages at {many:,} events, {each.database} ({each.page})", MOST, each.ratio)
        for each in worst
    ]


def measure(many: int, databases: tuple[str, ...] | list[str]) -> list[Measured]:
    found: list[Measured] = []
    for name in databases:
        few, much = _on(name, PAGE, [SHOWN]), _on(name, many, range(PROJECTS))
        found += [Measured(name, page, few[page], took) for page, took in much.items()]
    return found


def _on(name: str, count: int, projects: Sequence[int]) -> dict[str, float]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        url = f"sqlite:///{folder / 'govern.db'}"
        if name == "PostgreSQL":
            url = stack.enter_context(postgresql())
        fill(url, folder, PROJECTS)
        settings = Settings(database_url=url, keys_dir=folder / "keys")
        runtime = stack.enter_context(started(settings)).runtime
        log_keys.new_key(runtime, OPERATOR, "bench.example/log", now=datetime.now(UTC))
        _add(runtime, count, [project_id(each) for each in projects])
        seal(runtime, datetime.now(UTC))
        with runtime.store.writing() as connection:
            connection.execute(text("ANALYZE"))
        return {page: _time(each) for page, each in _pages(runtime).items()}


def _add(runtime: Runtime, count: int, chains: Sequence[str]) -> None:
    """So many events more, on these chains by turns; one of the rare kind among them."""
    at = datetime.now(UTC)
    with runtime.store.reading() as connection:
        heads = {each: events.head_of(connection, each) for each in chains}
    for first in range(0, count, AT_ONCE):
        rows: list[dict[str, Any]] = []
        for number in range(first, min(first + AT_ONCE, count)):
            chained = chains[number % len(chains)]
            kind = RARE if number == count // 2 else KINDS[number // len(chains) % len(KINDS)]
            seq, prev = heads[chained]
            link = compose(
                project=chained,
                seq=seq + 1,
                prev=prev,
                at=at,
                actor=OPERATOR.person_id,
                kind=kind,
                data={"gate": "planned", "number": number, "digest": f"sha256:{number:064}"},
            )
            heads[chained] = link.seq, link.leaf
            rows.append(
                {name: getattr(link, name) for name in ("project", "seq", "prev", "body", "leaf")}
                | {"kind": kind, "recorded_at": at}
            )
        moved = [{"of": each, "seq": seq, "head": head} for each, (seq, head) in heads.items()]
        with runtime.store.writing() as connection:
            connection.execute(insert(event), rows)
            connection.execute(update(chain).where(chain.c.project == bindparam("of")), moved)


def _pages(runtime: Runtime) -> dict[str, Page]:
    auditor, get = _auditor(runtime)
    with runtime.store.reading() as connection:
        size = log.size(connection)
        last, _ = events.head_of(connection, project_id(SHOWN))
    history = f"/projects/{project_id(SHOWN)}/history?limit={PAGE}"

    def search(before: int | None = None, **wanted: Any) -> Page:
        return lambda: event_search.search(runtime, auditor, Search(**wanted), before=before)

    return {
        "projects": get("/projects"),
        "projects, by name": get("/projects?sort=name"),
        "KPIs": get("/kpis"),
        "readings of a KPI": get(f"/kpis/K-{SHOWN:05}-1/readings"),
        "submissions": get("/submissions"),
        "findings": get("/findings"),
        "what waits": get("/waiting"),
        "history of a project": get(history),
        "history of a project, its last page": get(f"{history}&cursor={max(last - PAGE, 0)}"),
        "history of the service": get(f"/service/history?limit={PAGE}"),
        "all events, from the end": search(),
        "all events, from the middle": search(before=size // 2 + PAGE),
        "events of a project": search(chain=project_id(SHOWN)),
        "events of a project, from the middle": search(
            chain=project_id(SHOWN), before=size // 2 + PAGE
        ),
        "events of a common kind": search(kind=KINDS[0]),
        "events of a rare kind": search(kind=RARE),
        "events of kinds that begin alike": search(kind="measured.*"),
        "kinds of events": lambda: event_search.kinds(runtime),
    }


def _auditor(runtime: Runtime) -> tuple[Actor, Callable[[str], Page]]:
    """An auditor, and what asks the application for a page in their name."""
    now, email = datetime.now(UTC), "aud@example.org"
    person = people.add_person(runtime, OPERATOR, email=email, name="Aud", now=now)
    for role in (Role.AUDITOR, Role.SPONSOR):
        people.grant_role(runtime, OPERATOR, email=email, role=role, now=now)
    secret = tokens.issue_token(
        runtime, OPERATOR, email=email, label="bench", lifetime=timedelta(days=1), now=now
    )
    with runtime.store.reading() as connection:
        actor = stored_people.actor_of_person(connection, person, now)
    if actor is None:
        raise SystemExit("the auditor is gone")
    client = create_app(runtime, lambda: datetime.now(UTC)).test_client()
    return actor, lambda path: lambda: _got(client, path, secret)


def _got(client: FlaskClient, path: str, secret: str) -> None:
    answer = client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {secret}"})
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}: {answer.text}")


def _time(page: Page) -> float:
    """Milliseconds on the clock: the shortest of several, as the server's work counts too."""
    page()
    return min(_spans(page)) * 1000


def _spans(page: Page) -> Iterator[float]:
    for _ in range(TIMES):
        began = time.perf_counter()
        page()
        yield time.perf_counter() - began


if __name__ == "__main__":
    main()
