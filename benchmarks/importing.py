"""A million readings from CSV, by `govern import`, beside the database's own bulk load of the same rows.

500 projects with 10 weekly KPIs each, all there already; 200 weeks of readings, each with an actual and
the day on which it was reported. The bulk load is `.import` of SQLite's shell and COPY of PostgreSQL,
from a file that holds the columns of the table ready to take, into the same table in a database that was
set up in the same way: indexes, foreign keys and triggers are on. Both are whole transactions, and take
turns. `govern import` runs in a process of its own, start and all; its peak memory is the operating
system's figure.
"""

import argparse
import csv
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from sqlalchemy import make_url

from benchmarks.goal import Goal, at_most
from govern.domain.period import Cadence, numbered_end, period_number
from govern.store.tables import reading
from tests.postgres import server

PROJECTS, KPIS, ROUNDS, BOUND = 500, 10, 3, 5
ROWS = 1_000_000
LAST = date(2026, 10, 25)
WHEN = "2026-11-01T00:00:00.000000Z"
COLUMNS = tuple(column.name for column in reading.columns)


@dataclass(frozen=True)
class Measured:
    """Seconds of wall time; MiB at the peak."""

    seconds: float
    peak_mib: float = 0


def made(folder: Path, rows: int) -> tuple[Path, Path, Path]:
    """What is there before, what `govern` reads, and what the bulk load reads."""
    before, readings, bare = folder / "before", folder / "readings", folder / "bare.csv"
    before.mkdir()
    readings.mkdir()
    with (before / "projects.csv").open("w") as file:
        file.write("project_id,name,stage\n")
        file.writelines(f"P-{p:03d},Project {p},monitoring\n" for p in range(PROJECTS))
    ids = [f"K-{p:03d}-{k}" for p in range(PROJECTS) for k in range(KPIS)]
    with (before / "kpis.csv").open("w") as file:
        file.write("kpi_id,project_id,name,category,cadence\n")
        file.writelines(f"{each},P-{each[2:5]},Saving {each},cost,weekly\n" for each in ids)
    (before / "readings.csv").write_text("kpi_id,period_end,actual\n")
    number = period_number(Cadence.WEEKLY, LAST)
    weeks = [
        numbered_end(Cadence.WEEKLY, number - back).isoformat()
        for back in range(rows // len(ids))[::-1]
    ]
    draw = random.Random(1)  # noqa: S311 - figures, no secrets
    with (readings / "readings.csv").open("w", newline="") as file, bare.open("w") as ready:
        out, loaded = csv.writer(file, lineterminator="\n"), csv.writer(ready, lineterminator="\n")
        out.writerow(["kpi_id", "period_end", "actual", "reported_at"])
        # By week, as reports come in: every batch has readings of every project.
        for at, (week, kpi) in enumerate((w, k) for w in weeks for k in ids):
            actual = f"{draw.randint(0, 99999)}.{draw.randint(1, 9)}"
            out.writerow([kpi, week, actual, week])
            row = {"id": at + 1, "kpi_id": kpi, "period": week, "actual": actual}
            row |= {"reported_on": week, "recorded_at": WHEN, "recorded_by": "operator"}
            loaded.writerow([row.get(column) for column in COLUMNS])
    return before, readings, bare


def govern(url: str, *arguments: str) -> Measured:
    started = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-c", "from govern.cli.main import main; main()", *arguments],
        env={**os.environ, "GOVERN_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"govern {' '.join(arguments)} exited with {child.returncode}")
    return Measured(seconds, usage.ru_maxrss / 1024)


def shell_import(database: Path, bare: Path) -> Measured:
    commands = f"""
PRAGMA foreign_keys = ON;
PRAGMA recursive_triggers = ON;
PRAGMA synchronous = FULL;
.mode csv
.import {bare} reading
"""
    started = time.perf_counter()
    subprocess.run(["sqlite3", str(database)], input=commands, text=True, check=True)
    return Measured(time.perf_counter() - started)


def copy(url: str, bare: Path) -> Measured:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    started = time.perf_counter()
    with (
        psycopg.connect(plain) as connection,
        connection.cursor() as cursor,
        bare.open("rb") as file,
        cursor.copy(f"COPY reading ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv)".encode()) as to,
    ):
        while part := file.read(1 << 20):
            to.write(part)
    return Measured(time.perf_counter() - started)


@dataclass(frozen=True)
class Loaded:
    """Medians of the rounds: seconds of the bulk load and of the import, and the import's peak in MiB."""

    database: str
    by: str
    load: float
    took: float
    peak: float


def on_sqlite(folder: Path, before: Path, readings: Path, bare: Path, rounds: int) -> Loaded:
    if shutil.which("sqlite3") is None:
        raise SystemExit("the bulk load of SQLite takes its shell: apt install sqlite3")
    first = folder / "before.db"
    govern(f"sqlite:///{first}", "import", str(before))
    with sqlite3.connect(first) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    place = folder / "turn.db"

    def fresh() -> None:
        for path in folder.glob("turn.db*"):
            path.unlink()
        shutil.copyfile(first, place)

    def by_shell() -> Measured:
        fresh()
        return shell_import(place, bare)

    def by_govern() -> Measured:
        fresh()
        return govern(f"sqlite:///{place}", "import", str(readings))

    return in_turns("SQLite", "`.import`", by_shell, by_govern, rounds)


def on_postgresql(before: Path, readings: Path, bare: Path, rounds: int) -> Loaded:
    with server() as url:
        first = make_url(url).set(database="before")
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

        def run(statement: str) -> None:
            with psycopg.connect(plain, autocommit=True) as connection:
                connection.execute(statement.encode())

        run("CREATE DATABASE before")
        govern(first.render_as_string(hide_password=False), "import", str(before))
        turn = make_url(url).set(database="turn").render_as_string(hide_password=False)

        def fresh() -> None:
            run("DROP DATABASE IF EXISTS turn")
            run("CREATE DATABASE turn TEMPLATE before")
            run("CHECKPOINT")

        def by_copy() -> Measured:
            fresh()
            return copy(turn, bare)

        def by_govern() -> Measured:
            fresh()
            return govern(turn, "import", str(readings))

        return in_turns("PostgreSQL", "COPY", by_copy, by_govern, rounds)


def in_turns(
    database: str,
    by: str,
    bare: Callable[[], Measured],
    ours: Callable[[], Measured],
    rounds: int,
) -> Loaded:
    loads, imports = [], []
    for _ in range(rounds):
        loads.append(bare())
        imports.append(ours())
    return Loaded(
        database,
        by,
        statistics.median(each.seconds for each in loads),
        statistics.median(each.seconds for each in imports),
        statistics.median(each.peak_mib for each in imports),
    )


def goals(*, full: bool = False) -> list[Goal]:
    """Fewer than all rows are told against the bound as they are, though starting is most of it."""
    rows, rounds = (ROWS, ROUNDS) if full else (ROWS // 5, 1)
    with TemporaryDirectory() as place:
        folder = Path(place)
        files = made(folder, rows)
        loaded = [on_sqlite(folder, *files, rounds), on_postgresql(*files, rounds)]
    return [
        at_most(f"import of {rows:,} readings, {each.database}", BOUND, each.took / each.load)
        for each in loaded
    ]


def tell(loaded: Loaded) -> None:
    print(
        f"| {loaded.database} | {loaded.load:.1f} s ({loaded.by}) | {loaded.took:.1f} s "
        f"| **{loaded.took / loaded.load:.2f} ×** (within {BOUND}) | {loaded.peak:.0f} MiB |",
        flush=True,
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("rows", nargs="?", type=int, default=ROWS)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--only", choices=["sqlite", "postgresql"])
    given = asked.parse_args()
    with TemporaryDirectory() as place:
        folder = Path(place)
        before, readings, bare = made(folder, given.rows)
        print(f"{given.rows} readings, median of {given.rounds}")
        print("| database | bulk load | `govern import` | ratio | peak memory |")
        print("|---|---|---|---|---|")
        if given.only != "postgresql":
            tell(on_sqlite(folder, before, readings, bare, given.rounds))
        if given.only != "sqlite":
            tell(on_postgresql(before, readings, bare, given.rounds))


if __name__ == "__main__":
    main()
