"""A sweep after 100 projects have changed, against a sweep that looks at all of them.

The portfolio of `dense` stands in a database, swept. Then 100 projects get a corrected figure. The sweep of
all that would follow is measured and taken back; the one that looks at what has changed follows. Both must
leave the same findings, or there are no figures. What is measured is the clock, as most of the work may be
the database's.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, insert, select

from benchmarks import dense
from benchmarks.backtest import rules
from benchmarks.filled import postgresql
from benchmarks.goal import Goal, at_most
from govern.domain.actor import Actor, Grant
from govern.domain.role import Role
from govern.ledger.event import GENESIS
from govern.observation.tables import ObservationTables
from govern.services import readings
from govern.services.catalog import Catalog
from govern.services.importing import ensure_portfolio
from govern.services.people import OPERATOR, ensure_operator
from govern.services.rulebooks import publish
from govern.services.runtime import Runtime
from govern.services.sweeps import SweepResult, sweep
from govern.store import bulk
from govern.store.engine import open_engine
from govern.store.migrate import upgrade
from govern.store.tables import chain, finding, kpi, project, stage_move, workflow_revision
from govern.store.transaction import Store

MIGRATIONS = Path(__file__).parents[1] / "migrations"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
REPEATS = 3
AT_ONCE = 2_000
"""Projects that are made together."""
_Rows = list[dict[str, object]]


class TakenBack(Exception):  # noqa: N818 - it is no error
    """Leaves nothing of a transaction."""


@dataclass(frozen=True)
class Measured:
    """Seconds: the first sweep, which writes every finding; one of all projects that finds what 100 of
    them have changed; the one that looks at these alone, and that looks at none. Medians."""

    first: float
    of_all: float
    of_changed: float
    of_none: float
    looked_at: int

    @property
    def percent(self) -> float:
        return 100 * self.of_changed / self.of_all


def measure(url: str, projects: int, months: int, changed: int) -> Measured:
    upgrade(url, MIGRATIONS)
    store = Store(open_engine(url))
    try:
        runtime = Runtime(store, Catalog())
        fill(runtime, projects, months)
        first, _ = timed(runtime)
        timed(runtime)  # What the first one proposed is looked at once more.
        of_all, of_changed, of_none = list[float](), list[float](), list[float]()
        looked_at = 0
        for turn in range(REPEATS):
            change(runtime, projects, changed, turn)
            seconds, expected = taken_back(runtime)
            of_all.append(seconds)
            seconds, told = timed(runtime)
            of_changed.append(seconds)
            looked_at = told.looked_at
            with store.reading() as connection:
                if standing(connection) != expected:
                    raise SystemExit("the two sweeps left different findings")
            timed(runtime)
            of_none.append(timed(runtime)[0])
        return Measured(
            first,
            statistics.median(of_all),
            statistics.median(of_changed),
            statistics.median(of_none),
            looked_at,
        )
    finally:
        store.close()


def timed(runtime: Runtime, *, everything: bool = False) -> tuple[float, SweepResult]:
    started = time.perf_counter()
    told = sweep(runtime, OPERATOR, as_of=dense.AS_OF, everything=everything, now=NOW)
    return time.perf_counter() - started, told


def taken_back(runtime: Runtime) -> tuple[float, set[tuple[object, ...]]]:
    """How long a sweep of all takes, until it would be committed, and what would stand then."""
    told: list[float] = []
    left: set[tuple[object, ...]] = set()
    started = time.perf_counter()

    def end(connection: Connection) -> None:
        told.append(time.perf_counter() - started)
        left.update(standing(connection))
        raise TakenBack

    try:
        timed(replace(runtime, store=runtime.store.ending(end)), everything=True)
    except TakenBack:
        return told[0], left
    raise SystemExit("the sweep of all was not taken back")


def standing(connection: Connection) -> set[tuple[object, ...]]:
    columns = finding.c
    query = select(
        *(columns.rule_id, columns.project_id, columns.kpi_id, columns.period, columns.state),
        *(columns.streak, columns.message),
    ).where(columns.ended_by.is_(None))
    return {tuple(row) for row in connection.execute(query)}


def change(runtime: Runtime, projects: int, changed: int, turn: int) -> None:
    """Another figure for the last month of so many projects, all over the portfolio."""
    somebody = Actor(OPERATOR.person_id, OPERATOR.name, (Grant(Role.DATA_OWNER),))
    for number in range(0, projects, projects // changed):
        told = {
            "kpi": f"P{number:06}-{turn % dense.KPIS}",
            "period": dense.AS_OF,
            "actual": Decimal(1000 + 7 * turn + number % 50),
            "reason": "Counted again.",
        }
        readings.record_readings(runtime, somebody, [told], now=NOW)


def fill(runtime: Runtime, projects: int, months: int) -> None:
    """The portfolio, written into the tables; of each project there is an event that does not exist."""
    ensure_operator(runtime, now=NOW)
    ensure_portfolio(runtime, OPERATOR, "all", "All", now=NOW)
    publish(runtime, OPERATOR, rules(), note=None, now=NOW)
    workflow = {
        "digest": "sha256:none",
        "workflow_id": "none",
        "workflow_version": 1,
        "path": "none",
    }
    with runtime.store.writing() as connection:
        connection.execute(insert(workflow_revision), [{**workflow, "recorded_at": NOW}])
    for start in range(0, projects, AT_ONCE):
        made = dense.tables(min(AT_ONCE, projects - start), months, first=start)
        with runtime.store.writing() as connection:
            _write(connection, made)


def _write(connection: Connection, made: ObservationTables) -> None:
    stood = dict(
        made.stages.group_by("project", maintain_order=True)
        .last()
        .select("project", "stage")
        .iter_rows()
    )
    own = {"workflow_digest": "sha256:none", "version": 1, "recorded_at": NOW, "tags": []}
    rows: _Rows = [
        {
            **own,
            "id": each["project"],
            "portfolio_id": each["portfolio"],
            "name": each["name"],
            "starts_on": each["start"],
            "ends_on": each["end"],
            "budget": Decimal(each["budget"]),
            "spent": Decimal(each["spent"]),
            "stage": stood[each["project"]],
        }
        for each in made.projects.to_dicts()
    ]
    connection.execute(insert(project), rows)
    heads = [{"project": each["id"], "seq": 1, "head": GENESIS} for each in rows]
    connection.execute(insert(chain), heads)
    _write_moves(connection, made.stages)
    _write_kpis(connection, made.kpis)
    for table, figure in ((bulk.PLANNED, "planned"), (bulk.READINGS, "actual")):
        told = made.values.filter(pl.col(figure).is_not_null()).select(
            pl.col("kpi").alias("kpi_id"),
            "period",
            pl.col(figure).cast(pl.Decimal(38, 9)).cast(pl.String),
        )
        ids = bulk.reserve(connection, table, told.height)
        bulk.add(connection, table, told.with_columns(id=ids), NOW, OPERATOR.person_id)


def _write_moves(connection: Connection, stages: pl.DataFrame) -> None:
    numbered = stages.with_columns(number=pl.int_range(pl.len()).over("project") + 1)
    rows: _Rows = [
        {
            "project_id": each["project"],
            "number": each["number"],
            "to_stage": each["stage"],
            "since": each["since"],
            "recorded_at": NOW,
        }
        for each in numbered.to_dicts()
    ]
    connection.execute(insert(stage_move), rows)


def _write_kpis(connection: Connection, kpis: pl.DataFrame) -> None:
    same = ("name", "category", "unit", "direction", "cadence", "aggregation", "cumulative")
    numbers = ("baseline", "target", "tolerance", "weight")
    rows: _Rows = [
        {
            "id": each["kpi"],
            "project_id": each["project"],
            "disbenefit": False,
            "reporting_lag_days": 0,
            "version": 1,
            "recorded_at": NOW,
            **{name: each[name] for name in same},
            **{name: None if each[name] is None else Decimal(str(each[name])) for name in numbers},
        }
        for each in kpis.to_dicts()
    ]
    connection.execute(insert(kpi), rows)


@contextmanager
def database(kind: str) -> Generator[str]:
    if kind == "postgresql":
        with postgresql() as url:
            yield url
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/govern.db"


def goals(*, full: bool = False) -> list[Goal]:
    """On SQLite, one changed project in a thousand: 10 of 10,000, or 100 of 100,000."""
    projects = 100_000 if full else 10_000
    changed = projects // 1_000
    with database("sqlite") as url:
        found = measure(url, projects, 3, changed)
    what = f"sweep of {changed} changed projects of {projects:,}, against one of all"
    return [at_most(what, 1, found.percent, "%")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--changed", type=int, default=100)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    given = parser.parse_args()
    with database(given.database) as url:
        found = measure(url, given.projects, given.months, given.changed)
    rows = given.projects * dense.KPIS * given.months
    print(f"{given.projects:,} projects, {rows:,} readings at most, {given.database}")
    print("| sweep | wall time |")
    print("|---|---|")
    print(f"| the first one | {found.first:.2f} s |")
    print(f"| of all, {given.changed} changed | {found.of_all:.2f} s |")
    print(f"| the same by looking at {found.looked_at} | {1000 * found.of_changed:.0f} ms |")
    print(f"| nothing changed | {1000 * found.of_none:.0f} ms |")
    print(f"{found.percent:.2f} % of a sweep of all")


if __name__ == "__main__":
    main()
