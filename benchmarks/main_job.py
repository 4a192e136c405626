"""The main job on a real portfolio: `govern import FOLDER`, then `govern sweep`, each in a process
of its own, beside two bounds measured in the same run: reading the same CSV files and inserting the
same rows with Python's own csv and sqlite3, and starting `govern` to do nothing but open its database.
"""

import argparse
import csv
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from govern.services.example import TODAY
from govern.settings import shipped

REPEATS = 3


@dataclass(frozen=True)
class Measured:
    """Seconds of wall time and MiB of resident memory at the peak, each the median of the repeats."""

    seconds: float
    peak_mib: float


def govern(folder: Path, database: Path, *arguments: str) -> Measured:
    """One run of the command line, measured by the operating system as the child ends."""
    environment = {
        **os.environ,
        "GOVERN_DATABASE_URL": f"sqlite:///{database}",
        "PYTHONWARNINGS": "error",
    }
    started = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-c", "from govern.cli.main import main; main()", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"govern {' '.join(arguments)} exited with {child.returncode}")
    return Measured(seconds, usage.ru_maxrss / 1024)


def bare_load(folder: Path, database: Path) -> float:
    """Seconds to read the folder's CSV files and insert every row into tables without a schema."""
    started = time.perf_counter()
    connection = sqlite3.connect(database)
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="") as file:
            rows = list(csv.reader(file))
        table = path.stem
        connection.execute(
            f'CREATE TABLE "{table}" ({", ".join(f"c{i}" for i in range(len(rows[0])))})'
        )
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows[1:])  # noqa: S608
    connection.commit()
    connection.close()
    return time.perf_counter() - started


def median(runs: list[Measured]) -> Measured:
    return Measured(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.peak_mib for run in runs),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=shipped("examples") / "portfolio")
    parser.add_argument("--as-of", default=TODAY.isoformat())
    given = parser.parse_args()
    folder = given.folder.resolve()
    imports, sweeps, again, starts, bounds = [], [], [], [], []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as place:
            work = Path(place)
            database = work / "govern.db"
            govern(work, database, "people", "list")
            starts.append(govern(work, database, "people", "list"))
            imports.append(govern(work, database, "import", str(folder)))
            sweeps.append(govern(work, database, "sweep", "--as-of", given.as_of))
            again.append(govern(work, database, "sweep", "--as-of", given.as_of))
            bounds.append(bare_load(folder, work / "bare.db"))
    with (folder / "readings.csv").open(newline="") as file:
        rows = sum(1 for _ in csv.reader(file)) - 1
    start, bound = median(starts).seconds, statistics.median(bounds)
    print(f"{folder.name}: {rows} rows of readings, median of {REPEATS}")
    print("| job | wall time | peak memory | against its bound |")
    print("|---|---|---|---|")
    print(f"| start and open the database | {start:.2f} s | {median(starts).peak_mib:.0f} MiB | |")
    for name, runs in (("import", imports), ("sweep", sweeps), ("sweep again", again)):
        found = median(runs)
        ratio = (
            f"{(found.seconds - start) / bound:.0f} × bare csv and sqlite3 ({bound * 1000:.0f} ms)"
            if name == "import"
            else f"{found.seconds / start:.1f} × starting"
        )
        print(f"| {name} | {found.seconds:.2f} s | {found.peak_mib:.0f} MiB | {ratio} |")


if __name__ == "__main__":
    main()
