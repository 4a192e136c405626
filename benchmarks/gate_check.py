"""One gate check: the facts of one project from the database to the verdict, as a submission and every vote
make it, on SQLite and on PostgreSQL.

A portfolio of monitored projects with 8 monthly KPIs, 24 months and 4 deliverables each; the gate is the
value check of the workflow that comes with govern. Measured is what `gate_judgement` does before it
writes: reading the project's rows in a transaction, observing them, every criterion with why it came out
so, the advice, and the facts as they are kept. The same by frames, as a sweep has it, is told beside it.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from benchmarks.filled import NOW, fill, postgresql, project_id
from benchmarks.goal import Goal, at_most
from govern.observation.facts import facts_of
from govern.observation.frame import Observations, observe
from govern.observation.one_project import OneProject
from govern.process import verdict
from govern.services.gate_tables import readable_gate
from govern.services.gates import gate_of
from govern.services.observing import load_tables
from govern.services.observing_one import load_project
from govern.services.runtime import Runtime
from govern.settings import Settings
from govern.store import projects, rulebooks
from govern.wiring import started

PROJECTS, CHECKS = 200, 200
MOST_MS = 8.0
GATE = "value_check"
DATABASES = ("SQLite", "PostgreSQL")

Check = Callable[[Connection, str], Observations | OneProject]


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of one check: the median and the 95th of a hundred on the clock, and the median of
    the processor's time; `by_frames` is the median of the same by frames."""

    database: str
    p50: float
    p95: float
    processor: float
    by_frames: float


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--projects", type=int, default=PROJECTS)
    asked.add_argument("--checks", type=int, default=CHECKS)
    given = asked.parse_args()
    for found in measure(given.projects, given.checks):
        print(
            f"{found.database:11} p50 {found.p50:5.2f} ms   p95 {found.p95:5.2f} ms   "
            f"processor {found.processor:5.2f} ms   by frames {found.by_frames:5.2f} ms"
        )


def goals(*, full: bool = False) -> list[Goal]:
    many = PROJECTS if full else PROJECTS // 4
    return [
        at_most(f"one gate check, {found.database}, p50", MOST_MS, found.p50, "ms")
        for found in measure(many, CHECKS)
    ]


def measure(many: int = PROJECTS, checks: int = CHECKS) -> list[Measured]:
    return [_on(each, many, checks) for each in DATABASES]


def _on(name: str, many: int, checks: int) -> Measured:
    with (
        TemporaryDirectory() as folder,
        _database(name, Path(folder)) as url,
        _filled(url, Path(folder), many) as runtime,
    ):
        ids = [project_id(number % many) for number in range(checks)]
        clock, processor = _times(runtime, _by_rows, ids)
        frames, _ = _times(runtime, _by_frames, ids[: checks // 4])
    return Measured(
        name,
        statistics.median(clock),
        statistics.quantiles(clock, n=20)[-1],
        statistics.median(processor),
        statistics.median(frames),
    )


@contextmanager
def _database(name: str, folder: Path) -> Iterator[str]:
    if name == "SQLite":
        yield f"sqlite:///{folder / 'govern.db'}"
        return
    with postgresql() as url:
        yield url


@contextmanager
def _filled(url: str, folder: Path, many: int) -> Iterator[Runtime]:
    fill(url, folder, many)
    with started(Settings(database_url=url, keys_dir=folder / "keys")) as ready:
        yield ready.runtime


def _times(runtime: Runtime, check: Check, ids: list[str]) -> tuple[list[float], list[float]]:
    _checked(runtime, check, ids[0])  # parses the workflow and the rulebook, once in a process
    clock: list[float] = []
    processor: list[float] = []
    for each in ids:
        began, worked = time.perf_counter(), time.process_time()
        _checked(runtime, check, each)
        clock.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - worked) * 1000)
    return clock, processor


def _checked(runtime: Runtime, check: Check, each: str) -> verdict.Verdict:
    with runtime.store.reading() as connection:
        project = projects.find(connection, each)
        if project is None:
            raise SystemExit(f"there is no project {each}")
        process = runtime.catalog.process(connection, project["workflow_digest"])
        revision = rulebooks.in_force(connection)
        gate = readable_gate(
            runtime, connection, gate_of(process, GATE), project["portfolio"], revision
        )
        observed = check(connection, each)
        return verdict.verdict(gate, observed, scores={}, provided=set(), waived={})


def _by_rows(connection: Connection, project: str) -> OneProject:
    observed = OneProject(load_project(connection, project), NOW.date())
    observed.facts()
    return observed


def _by_frames(connection: Connection, project: str) -> Observations:
    tables = load_tables(connection, {project})
    facts_of(tables, project, NOW.date())
    return observe(tables, NOW.date())


if __name__ == "__main__":
    main()
