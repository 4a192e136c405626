"""The bound of the service's benchmark: the rows that it writes, by the driver alone, in one transaction."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import make_url

from benchmarks.filled import KPIS, kpi_id, project_id

PER_CLIENT = 24
"""Projects that are one client's own, as people have theirs."""
BODY = b"x" * 700
"""As long as the event of a reading; that of a vote or a decision is about twice as long."""


@dataclass(frozen=True, slots=True)
class Place:
    """The service under measurement, its database, and who calls."""

    url: str
    port: int
    tokens: dict[str, str]
    people: dict[str, str]


Work = Iterator[Any]
Client = Callable[[Place, int, Callable[[], Work]], int]
"""Works through what it is given once the clients begin; returns how much that was."""


def mine(number: int, count: int) -> tuple[int, int]:
    """Project and KPI: each client has projects of its own, as people have."""
    return number * PER_CLIENT + count % PER_CLIENT, count % KPIS


@dataclass(frozen=True, slots=True)
class Bare:
    """The same rows by the driver: `mark` is how its statements name a value."""

    mark: str
    connect: Callable[[str], Any]

    def reading(self, place: Place, number: int, begin: Callable[[], Work]) -> int:
        with self._run(place) as (run, commit):
            count = 0
            for count, _ in enumerate(begin(), 1):
                project, kpi = mine(number, count)
                seq = self._locked(run, project_id(project))
                run(
                    "INSERT INTO reading (kpi_id, period, actual, reason, recorded_at, recorded_by)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (kpi_id(project, kpi), "2026-10-31", f"{number}.{count}", "again", _now(), "x"),
                )
                self._events(run, project_id(project), seq, ["readings.recorded"], BODY)
                commit()
        return count

    def decision(self, place: Place, number: int, begin: Callable[[], Work]) -> int:
        with self._run(place) as (run, commit):
            count = 0
            for lap, each in begin():
                count += 1
                seq = self._locked(run, each["project"])
                run("SELECT version FROM submission WHERE id = ? FOR UPDATE", (each["id"],))
                run(
                    "INSERT INTO vote (submission_id, round, person_id, roles, through, seat, decision,"
                    " reason, override_reason, conditions, seen_digest, recorded_at)"
                    " VALUES (?, ?, ?, '[\"sponsor\"]', 'role', 'sponsor', 'go', ?, ?, '[]', ?, ?)",
                    (
                        *(each["id"], lap, place.people["sam"]),
                        *("So.", "So.", each["seen_digest"], _now()),
                    ),
                )
                self._events(run, each["project"], seq, ["vote.cast", "gate.decided"], BODY * 2)
                run(
                    "UPDATE submission SET state = 'decided', decision = 'go', decided_at = ?,"
                    " version = version + 1 WHERE id = ?",
                    (_now(), each["id"]),
                )
                run(
                    "UPDATE project SET stage = 'monitoring', version = version + 1 WHERE id = ?",
                    (each["project"],),
                )
                commit()
        return count

    def _locked(self, run: Callable[..., Any], project: str) -> int:
        run("SELECT id FROM project WHERE id = ? FOR UPDATE", (project,))
        found = run("SELECT seq FROM chain WHERE project = ? FOR UPDATE", (project,))
        return int(found[0])

    def _events(
        self, run: Callable[..., Any], project: str, seq: int, kinds: list[str], body: bytes
    ) -> None:
        leaf = os.urandom(32).hex()
        for further, kind in enumerate(kinds, 1):
            run(
                "INSERT INTO event (project, seq, prev, body, leaf, kind, recorded_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (project, seq + further, leaf, body, leaf, kind, _now()),
            )
        run(
            "UPDATE chain SET seq = ?, head = ? WHERE project = ?",
            (seq + len(kinds), leaf, project),
        )

    @contextmanager
    def _run(self, place: Place) -> Iterator[tuple[Callable[..., Any], Callable[[], None]]]:
        """What runs one statement and gives its first row, and what commits."""
        connection = self.connect(place.url)
        cursor = connection.cursor()
        begun = False

        def run(statement: str, values: tuple[Any, ...]) -> Any:
            nonlocal begun
            if not begun and self.mark == "?":
                cursor.execute("BEGIN IMMEDIATE")
            begun = True
            if self.mark == "?":  # SQLite has one writer
                statement = statement.removesuffix(" FOR UPDATE")
            cursor.execute(statement.replace("?", self.mark), values)
            return cursor.fetchone() if statement.startswith("SELECT") else None

        def commit() -> None:
            nonlocal begun
            if self.mark == "?":
                cursor.execute("COMMIT")
            else:
                connection.commit()
            begun = False

        yield run, commit
        connection.close()


def _psycopg(url: str) -> Any:
    return psycopg.connect(
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    )


def _sqlite(url: str) -> Any:
    """With the pragmas of the service."""
    connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    for pragma in ("busy_timeout = 60000", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    for pragma in ("recursive_triggers = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


BARE = {
    "SQLite": Bare("?", _sqlite),
    "PostgreSQL": Bare("%s", _psycopg),
}
