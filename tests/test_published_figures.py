"""Real portfolios end to end: imported, observed, swept, and held against what was published."""

import csv
from datetime import date

import polars as pl
import pytest

from govern.domain.refusal import Refusal
from govern.observation.frame import observe
from govern.rulebook.load import load
from govern.services.importing import import_folder
from govern.services.people import OPERATOR
from govern.services.rollup import roll_up
from govern.services.rulebooks import publish
from govern.services.sweeps import sweep
from govern.store.observations import load_tables
from govern.store.transaction import Store
from tests.published import published
from tests.services.house import NOW, ROOT, House, build

COMPARED = 412
"""Readings of increase and decrease KPIs with baseline, target and actual, target ≠ baseline."""


@pytest.fixture
def house(store: Store) -> House:
    built = build(store)
    loaded = load(ROOT / "rules")
    assert loaded.rulebook is not None
    publish(built.runtime, OPERATOR, loaded.rulebook, note=None, now=NOW)
    return built


def bring_in(house: House, name: str) -> None:
    report = import_folder(house.runtime, OPERATOR, published(name), now=NOW)
    assert report.refusals == []
    assert report.written


def test_progress_equals_the_publishers_own_figure(house: House) -> None:
    bring_in(house, "apg_fy22")
    with house.runtime.store.reading() as connection:
        observed = observe(load_tables(connection), date(2023, 9, 30)).kpis
    with (published("apg_fy22") / "expected.csv").open(newline="") as file:
        expected = {
            (row["kpi_id"], date.fromisoformat(row["period_end"])): float(row["source_value"])
            for row in csv.DictReader(file)
            if row["source_value"]
        }
    judged = observed.filter(
        pl.col("direction").is_in(["increase", "decrease"]) & pl.col("progress").is_not_null()
    )
    wrong = [
        (kpi, period, progress, expected.get((kpi, period)))
        for kpi, period, progress in judged.select("kpi", "period", "progress").iter_rows()
        if abs(progress - expected.get((kpi, period), float("inf"))) > 0.001
    ]
    assert wrong == []
    assert judged.height == COMPARED


@pytest.mark.parametrize(
    ("name", "projects", "as_of"),
    [("apg_fy22", 90, date(2022, 9, 30)), ("mta_perf", 6, date(2011, 5, 31))],
)
def test_a_published_portfolio_goes_in_and_is_swept(
    house: House, name: str, projects: int, as_of: date
) -> None:
    bring_in(house, name)
    result = sweep(house.runtime, OPERATOR, as_of=as_of, now=NOW)
    assert result.projects == projects
    assert result.counts["fires"] > 0
    assert result.counts["unknown"] > 0
    again = import_folder(house.runtime, OPERATOR, published(name), now=NOW)
    assert (again.added, again.changed) == ({}, {})
    assert sweep(house.runtime, OPERATOR, as_of=as_of, now=NOW).unchanged


@pytest.mark.parametrize(
    ("name", "kpis", "judged", "as_of"),
    [("apg_fy22", 231, False, date(2022, 9, 30)), ("mta_perf", 147, True, date(2011, 5, 31))],
)
def test_a_published_portfolio_is_rolled_up(
    house: House, name: str, kpis: int, judged: bool, as_of: date
) -> None:
    """Every KPI counts once, on every level; what cannot be known is named, not left out or zero."""
    bring_in(house, name)
    found = roll_up(house.runtime, OPERATOR, at=as_of, now=NOW)
    (portfolio,) = found["portfolios"]
    levels = [
        [found["total"]],
        found["portfolios"],
        portfolio["projects"],
        [each for project in portfolio["projects"] for each in project["categories"]],
    ]
    for level in levels:
        assert sum(each["counted"] + each["not_counted"] for each in level) == kpis
        known = sum(each["attainment"]["known"] for each in level)
        unknown = [kpi for each in level for kpi in each["attainment"]["not_known"]]
        assert known + len(unknown) == len({*unknown}) + known == kpis
        # The agencies publish no planned values: nothing there can be held against a plan.
        assert (known > 0) is judged
    assert (found["total"]["attainment"]["value"] is not None) is judged


def test_what_is_missing_stays_missing(house: House) -> None:
    bring_in(house, "apg_fy22")
    with house.runtime.store.reading() as connection:
        kpis = load_tables(connection).kpis
    assert kpis["direction"].null_count() == 39
    assert kpis["baseline"].null_count() > 0
    assert kpis["target"].null_count() == 16


def test_a_folder_that_is_not_there_is_said_so(house: House) -> None:
    report = import_folder(house.runtime, OPERATOR, ROOT / "nowhere", now=NOW)
    assert report.refused
    assert not report.written
    with pytest.raises(Refusal):
        import_folder(house.runtime, OPERATOR, ROOT, portfolio="nobody", now=NOW)
