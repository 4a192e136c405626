"""A govern with a portfolio in it, for benchmarks of the service: made by `govern import`, as people do it.

Every project is monitored, has 8 monthly KPIs with a plan and a figure for each of 24 months, and four
deliverables that serve them: the size of a project that a gate is held for.
"""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from govern.domain.period import Cadence, numbered_end, period_number
from tests.postgres import server

KPIS, MONTHS, DELIVERABLES = 8, 24, 4
LAST = date(2026, 10, 31)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PROJECT = {
    "owner": "Ada Berg",
    "start": "2024-09-01",
    "end": "2027-12-31",
    "budget": 2_400_000,
    "spent": 1_835_000,
    "stage": "monitoring",
    "stage_since": "2024-11-04",
}
KPI = {
    "unit": "EUR",
    "direction": "increase",
    "baseline": 0,
    "baseline_on": "2024-10-31",
    "target": 2400,
    "target_on": "2027-10-31",
    "tolerance": "10%",
    "weight": 1,
    "cadence": "monthly",
    "owner": "Ada Berg",
}
CATEGORIES = ("revenue", "cost", "satisfaction", "market_share")


def project_id(number: int) -> str:
    return f"P-{number:05}"


def kpi_id(project: int, kpi: int) -> str:
    return f"K-{project:05}-{kpi}"


def fill(url: str, folder: Path, projects: int) -> None:
    """A database with so many projects, at an address where there is none yet, or an empty one."""
    source = folder / "portfolio"
    write(source, projects)
    govern(url, "import", str(source))


def govern(url: str, *arguments: str) -> None:
    command = [sys.executable, "-c", "from govern.cli.main import main; main()", *arguments]
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "GOVERN_DATABASE_URL": url},
    )


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database `govern` on a server of its own."""
    with server() as url:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("CREATE DATABASE govern TEMPLATE template0")
        yield make_url(url).set(database="govern").render_as_string(hide_password=False)


def write(folder: Path, projects: int) -> None:
    """The same portfolio as files to import."""
    folder.mkdir(parents=True)
    number = period_number(Cadence.MONTHLY, LAST)
    months = [numbered_end(Cadence.MONTHLY, number - back) for back in range(MONTHS)][::-1]
    _csv(
        folder / "projects.csv",
        ["project_id", "name", *PROJECT],
        ([project_id(p), f"Project {p}", *PROJECT.values()] for p in range(projects)),
    )
    _csv(
        folder / "kpis.csv",
        ["kpi_id", "project_id", "name", "category", *KPI],
        (
            [kpi_id(p, k), project_id(p), f"KPI {k}", CATEGORIES[k % 4], *KPI.values()]
            for p in range(projects)
            for k in range(KPIS)
        ),
    )
    _csv(
        folder / "deliverables.csv",
        ["deliverable_id", "project_id", "name", "owner", "state", "due", "serves"],
        (
            [*_deliverable(p, d), f"{kpi_id(p, d)}:40%; {kpi_id(p, d + 4)}:60%"]
            for p in range(projects)
            for d in range(DELIVERABLES)
        ),
    )
    _csv(
        folder / "readings.csv",
        ["kpi_id", "period_end", "planned", "actual", "reported_at"],
        (
            [kpi_id(p, k), month, 100 * at + 50, f"{100 * at + 40 + (p + k + at) % 20}.5", month]
            for at, month in enumerate(months)
            for p in range(projects)
            for k in range(KPIS)
        ),
    )


def _deliverable(project: int, number: int) -> list[str]:
    known = f"D-{project:05}-{number}", project_id(project), f"Deliverable {number}"
    return [*known, "Ada Berg", "in_progress", "2027-06-30"]


def _csv(path: Path, header: list[str], rows: Iterator[list[object]]) -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
