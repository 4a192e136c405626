"""What is exported comes in again as it was: held against every state table that data travels in."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from govern.domain.period import Cadence, numbered_end, period_number
from govern.domain.reading import Confidence
from govern.domain.refusal import NotAllowed, NotFound
from govern.services import kpis, projects, readings
from govern.services.data_export import data_files
from govern.services.importing import import_folder
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.store import tables
from govern.store.engine import open_engine
from govern.store.transaction import Store
from tests.databases import KINDS, migrated
from tests.published import SHARED, published
from tests.services.house import NOW, ROOT, House, build

NOT_DATA = {"version", "recorded_at", "recorded_by"}
"""Which change it was, and who made it when, is the ledger's to tell."""
STAYS = {"baseline_frozen_at", "held_from", "resume_on", "resume_when", "held_by_lapse"}
"""What gates have made of a project is no data: it does not travel."""
WHOLE = (
    tables.project,
    tables.kpi,
    tables.deliverable,
    tables.deliverable_kpi,
    tables.objective,
    tables.outcome,
    tables.outcome_link,
    tables.deliverable_outcome,
    tables.kpi_objective,
)


def state(store: Store) -> dict[str, Any]:
    """Every row of the tables of data, without what belongs to the ledger and without row numbers."""
    with store.reading() as connection:
        found: dict[str, Any] = {
            table.name: sorted(
                (
                    {name: value for name, value in row.items() if name not in NOT_DATA | STAYS}
                    for row in connection.execute(select(table)).mappings()
                ),
                key=repr,
            )
            for table in WHOLE
        }
        for table in (tables.planned_value, tables.reading):
            found[table.name] = _in_order(connection, table)
        found["since"] = {
            row.project_id: (row.to_stage, row.since)
            for row in connection.execute(
                select(tables.stage_move).order_by(
                    tables.stage_move.c.project_id, tables.stage_move.c.number
                )
            )
        }
    return found


def _in_order(connection: Connection, table: Any) -> dict[tuple[str, date], list[Any]]:
    """KPI and period → what was recorded, the first first."""
    found: dict[tuple[str, date], list[Any]] = {}
    for row in connection.execute(select(table).order_by(table.c.id)).mappings():
        said = {name: value for name, value in row.items() if name not in NOT_DATA | {"id"}}
        found.setdefault((row["kpi_id"], row["period"]), []).append(said)
    return found


def export(runtime: Runtime, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    files = {name: b"".join(parts) for name, parts in data_files(runtime, OPERATOR)}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return files


@contextmanager
def empty_house(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[House]:
    folder.mkdir()
    with migrated(kind, request, folder) as address:
        store = Store(open_engine(address))
        try:
            yield build(store)
        finally:
            store.close()


def comes_back(house: House, request: pytest.FixtureRequest, folder: Path) -> None:
    """Out of one kind of database, into the other."""
    here = house.runtime.store.engine.dialect.name
    (there,) = set(KINDS) - {here}
    first = export(house.runtime, folder / "first")
    with empty_house(there, request, folder / "other") as other:
        report = import_folder(other.runtime, OPERATOR, folder / "first", now=NOW)
        assert report.refusals == []
        assert state(other.runtime.store) == state(house.runtime.store)
        assert export(other.runtime, folder / "second") == first
        again = import_folder(other.runtime, OPERATOR, folder / "first", now=NOW)
        assert (again.refusals, again.added, again.changed) == ([], {}, {})


def test_the_example_comes_back(
    house: House, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    folder = ROOT / "examples" / "portfolio"
    assert import_folder(house.runtime, OPERATOR, folder, now=NOW).written
    comes_back(house, request, tmp_path)


@pytest.mark.parametrize("name", sorted(each.name for each in SHARED.glob("*/")) or ["apg_fy22"])
def test_published_portfolios_come_back(
    house: House, name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    assert import_folder(house.runtime, OPERATOR, published(name), now=NOW).written
    comes_back(house, request, tmp_path)


MONTHS = [
    numbered_end(Cadence.MONTHLY, period_number(Cadence.MONTHLY, date(2026, 10, 31)) - back)
    for back in range(3)
]
FIGURES = st.decimals(-(10**14), 10**14, allow_nan=False, places=3) | st.decimals(
    0, 1, allow_nan=False, places=9
)
LINES = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["C", "Z"], include_characters="\n\t '=+-@;,\"."
    ),
    min_size=1,
    max_size=20,
).map(str.strip)
SAYINGS = st.none() | LINES.filter(bool) | st.sampled_from(["n/a", "-", "'-", "=1+1", "'", "''=x"])
REPORTS = st.lists(
    st.fixed_dictionaries(
        {
            "kpi": st.sampled_from(["K1", "K2"]),
            "period": st.sampled_from(MONTHS),
            "actual": st.none() | FIGURES,
            "reported_on": st.none() | st.dates(date(2020, 1, 1), date(2026, 11, 1)),
            "note": SAYINGS,
            "reason": SAYINGS.filter(bool),
            "confidence": st.none() | st.sampled_from(Confidence),
            "link": st.sampled_from([None, "https://example.org/a?b=1,2"]),
            "origin": st.sampled_from([None, "sales.xlsx:Sheet1!B2", "=erp", "n/a"]),
        }
    ),
    max_size=12,
)
PLANS = st.lists(
    st.tuples(st.sampled_from(["K1", "K2"]), st.sampled_from(MONTHS), FIGURES), max_size=12
)
NAMES = st.sampled_from(["Sales", "=HYPERLINK(1)", "'=quoted", "n/a", "-", "+1", "@home", 'a,"b"'])


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(reports=REPORTS, plans=PLANS, name=NAMES, tags=st.lists(NAMES, unique=True, max_size=3))
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_was_recorded_comes_back(
    kind: str,
    reports: list[dict[str, Any]],
    plans: list[tuple[str, date, Decimal]],
    name: str,
    tags: list[str],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("generated")
    with empty_house(kind, request, folder / "house") as house:
        values = {"id": "=P", "portfolio": "main", "name": name, "owner": name, "tags": tags}
        projects.add_project(house.runtime, house.pia, values, now=NOW)
        for kpi in ("K1", "K2"):
            promised = {
                "id": kpi,
                "project": "=P",
                "name": name,
                "description": "a\n=b",
                "source": name,
            }
            kpis.add_kpi(house.runtime, house.pia, promised, now=NOW)
        for report in reports:
            readings.record_readings(house.runtime, house.dan, [report], now=NOW)
        for kpi, period, planned in plans:
            wanted = [{"period": period, "planned": planned}]
            readings.record_plan(house.runtime, house.pia, kpi, wanted, now=NOW)
        comes_back(house, request, folder)


def test_one_project_leaves_with_what_belongs_to_it(house: House, tmp_path: Path) -> None:
    folder = ROOT / "examples" / "portfolio"
    assert import_folder(house.runtime, OPERATOR, folder, now=NOW).written
    files = {
        name: b"".join(parts).decode()
        for name, parts in data_files(house.runtime, OPERATOR, project="LE-002")
    }
    rows = {name: list(csv.DictReader(text.splitlines())) for name, text in files.items()}
    assert [row["project_id"] for row in rows["projects.csv"]] == ["LE-002"]
    assert {row["project_id"] for row in rows["kpis.csv"]} == {"LE-002"}
    mine = {row["kpi_id"] for row in rows["kpis.csv"]}
    assert {row["kpi_id"] for row in rows["readings.csv"]} == mine
    with house.runtime.store.reading() as connection:
        kept = _in_order(connection, tables.reading)
    assert sum(bool(row["actual"]) for row in rows["readings.csv"]) == sum(
        len(each) for (kpi, _), each in kept.items() if kpi in mine
    )


def test_only_who_may_read_it_all_takes_it_all_away(house: House) -> None:
    with pytest.raises(NotAllowed):
        next(data_files(house.runtime, house.pia))
    with pytest.raises(NotFound):
        next(data_files(house.runtime, house.pia, project="nowhere"))
