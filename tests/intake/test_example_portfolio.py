"""The example portfolio: it is what its script writes, reads clean, and holds the stories told."""

import csv
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from govern.domain.kpi import Direction
from govern.domain.project import DeliverableState
from govern.domain.role import Role
from govern.intake.folder import read_folder
from govern.intake.rows import Intake

EXAMPLES = Path(__file__).parents[2] / "examples"
TODAY = date(2026, 11, 24)
STAGES = (
    "draft",
    "value_defined",
    "planned",
    "monitoring",
    "post_review",
    "closed",
    "on_hold",
    "terminated",
)


@pytest.fixture(scope="module")
def intake() -> Intake:
    return read_folder(EXAMPLES / "portfolio", stages=STAGES)


@pytest.fixture(scope="module")
def people() -> list[dict[str, str]]:
    with (EXAMPLES / "people.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_script_writes_the_files_byte_for_byte(tmp_path: Path) -> None:
    script = EXAMPLES / "make_portfolio.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, cwd=tmp_path)
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.csv"))
    assert len(written) == 8
    for path in written:
        assert (tmp_path / path).read_bytes() == (EXAMPLES / path).read_bytes(), path


def test_it_reads_without_a_refusal_or_a_note(intake: Intake) -> None:
    assert intake.refusals == ()
    assert intake.notes == ()


def test_it_has_projects_in_every_stage_and_kpis_of_every_kind(intake: Intake) -> None:
    assert len(intake.projects) == 27
    assert {row.stage for row in intake.projects} == set(STAGES)
    categories = Counter(row.kpi.category for row in intake.kpis)
    assert all(categories[name] >= 5 for name in ("revenue", "cost", "satisfaction"))
    assert categories["market_share"] >= 5
    assert {"adoption", "quality", "safety", "emissions"} <= set(categories)
    assert 80 <= len(intake.kpis) <= 110
    directions = {row.kpi.direction for row in intake.kpis}
    assert {Direction.AT_LEAST, Direction.AT_MOST} <= directions
    assert any(row.kpi.disbenefit for row in intake.kpis)
    assert {row.deliverable.state for row in intake.deliverables} == set(DeliverableState)


def test_readings_run_for_two_years_and_no_report_comes_from_the_future(intake: Intake) -> None:
    reported = [row.reading for row in intake.readings if row.reading]
    assert min(reading.period for reading in reported) == date(2024, 11, 30)
    assert max(reading.period for reading in reported) == date(2026, 10, 31)
    assert all(
        reading.reported_on and reading.period < reading.reported_on <= TODAY
        for reading in reported
    )


def test_no_kpi_is_promised_more_than_once_over(intake: Intake) -> None:
    shares: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in intake.deliverables:
        for kpi, share in row.deliverable.serves.items():
            shares[kpi] += share or 0
    assert max(shares.values()) == 1


def test_people_hold_every_role_and_own_what_is_owned(
    intake: Intake, people: list[dict[str, str]]
) -> None:
    assert {row["role"] for row in people} == {role.value for role in Role}
    names = {row["name"]: row["email"] for row in people}
    assert len(set(names.values())) == len(names)
    managed = {row["project"]: row["name"] for row in people if row["role"] == "project_manager"}
    assert managed == {row.project.id: row.project.owner for row in intake.projects}
    owners = {row.kpi.owner for row in intake.kpis}
    owners |= {row.deliverable.owner for row in intake.deliverables}
    owners |= {row.outcome.owner for row in intake.outcomes}
    owners |= {row.objective.owner for row in intake.objectives}
    assert owners - {None} <= set(names)
    assert all(row["portfolio"] in ("", "main") for row in people)


def attainments(intake: Intake, kpi_id: str) -> list[float]:
    """Per reported period with a plan; sums to date for a cumulative KPI."""
    [kpi] = [row.kpi for row in intake.kpis if row.kpi.id == kpi_id]
    found: list[float] = []
    planned = actual = Decimal(0)
    for row in intake.readings:
        if not row.planned or not row.reading or row.planned.kpi_id != kpi_id:
            continue
        assert row.reading.actual is not None
        planned = row.planned.planned + (planned if kpi.cumulative else 0)
        actual = row.reading.actual + (actual if kpi.cumulative else 0)
        if kpi.direction is Direction.AT_MOST:
            found.append(float(planned / actual))
        elif kpi.direction is Direction.AT_LEAST:
            found.append(float(actual / planned))
        else:
            baseline = kpi.baseline or Decimal(0)
            found.append(float((actual - baseline) / (planned - baseline)))
    return found


@pytest.mark.parametrize(
    ("kpi_id", "at_first", "at_last"),
    [
        ("LE-001-K1", (0.85, 1.0), (1.0, 1.1)),  # healthy
        ("LE-002-K1", (1.0, 1.1), (0.7, 0.8)),  # slips
        ("LE-003-K1", (0.85, 1.0), (0.5, 0.65)),  # delivered, not used
        ("LE-003-K4", (0.9, 1.1), (0.95, 1.05)),
        ("LE-005-K3", (0.95, 1.05), (1.15, 1.25)),  # ahead
        ("LE-008-K1", (0.85, 0.95), (0.5, 0.6)),  # to be ended
        ("LE-010-K3", (1.0, 1.1), (0.9, 0.96)),  # a level no longer held
        ("LE-010-K4", (1.2, 1.6), (0.5, 0.7)),  # a drawback beyond its limit
    ],
)
def test_the_stories_are_in_the_figures(
    intake: Intake, kpi_id: str, at_first: tuple[float, float], at_last: tuple[float, float]
) -> None:
    found = attainments(intake, kpi_id)
    assert at_first[0] <= found[0] <= at_first[1]
    assert at_last[0] <= found[-1] <= at_last[1]


def test_the_late_meters_recover(intake: Intake) -> None:
    found = attainments(intake, "LE-004-K1")
    assert min(found) < 0.75
    assert found.index(min(found)) in range(8, 14)
    assert found[-1] > 1


def test_reports_are_missing_and_stop(intake: Intake) -> None:
    blank = {
        row.planned.kpi_id
        for row in intake.readings
        if row.planned and not row.reading and row.planned.period <= date(2026, 6, 30)
    }
    assert {"LE-006-K1", "LE-006-K2", "LE-006-K3", "LE-010-K5"} <= blank
