"""Databases as sources: what is new goes in once, what cannot be taken is told and asked for again."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from govern.domain.refusal import NotAllowed, NotFound, PulledMeanwhile, SourceUnreadable
from govern.intake.source_load import LoadedSources, load_sources
from govern.services import pulling, readings
from govern.services.people import OPERATOR
from govern.services.pulling import pull, pull_due, sql_sources
from govern.services.state_audit import audit_state
from govern.services.ticking import tick
from govern.store.paging import PageRequest
from tests.databases import KINDS
from tests.services.house import NOW, House, add_project
from tests.services.test_gates import to_stage

FILE = """\
schema: govern/source/v1
id: warehouse
title: The warehouse
owner: dwh@example.org
kind: sql
url_env: WAREHOUSE_URL
query: |
  SELECT changed, label, ended, amount, remark, line FROM figures
  WHERE changed >= :watermark ORDER BY changed, line
watermark: {column: changed, holds: number, starts: "0"}
columns: {kpi: label, period: ended, actual: amount, note: remark, row: line}
kpis:
  - {label: Turnover, kpi: P1-K1}
  - {label: Weather, skip: true}
every: 6 hours
"""


@dataclass
class Warehouse:
    """A database of somebody else's, and the source file that asks it."""

    address: str
    folder: Path
    house: House

    def run(self, statement: str, **values: Any) -> None:
        engine = create_engine(self.address)
        with engine.begin() as connection:
            connection.execute(text(statement), values)
        engine.dispose()

    def add(
        self, changed: int, ended: Any, amount: Any, label: str = "Turnover", remark: Any = None
    ) -> None:
        self.run(
            "INSERT INTO figures (changed, label, ended, amount, remark) "
            "VALUES (:changed, :label, :ended, :amount, :remark)",
            changed=changed,
            label=label,
            ended=ended,
            amount=amount,
            remark=remark,
        )

    def write(self, content: str) -> None:
        (self.folder / "warehouse.yaml").write_text(content)


@pytest.fixture(params=KINDS)
def warehouse(request: pytest.FixtureRequest, tmp_path: Path, house: House) -> Iterator[Warehouse]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            address, key = f"sqlite:///{tmp_path / 'warehouse.db'}", "INTEGER PRIMARY KEY"
        else:
            databases = request.getfixturevalue("postgres")
            address = stack.enter_context(databases.database(migrated=False))
            key = "SERIAL PRIMARY KEY"
        folder = tmp_path / "sources"
        folder.mkdir()
        known = {"WAREHOUSE_URL": address}

        def sources() -> LoadedSources:
            return load_sources(folder)

        runtime = replace(house.runtime, sources=sources, secret=known.get)
        made = Warehouse(address, folder, House(runtime, house.actors))
        amount = "NUMERIC" if request.param == "postgresql" else "TEXT"
        made.run(
            f"CREATE TABLE figures (line {key}, changed INTEGER, label TEXT, ended TEXT, "
            f"amount {amount}, remark TEXT)"
        )
        made.write(FILE)
        add_project(house)
        yield made


def _pull(warehouse: Warehouse, now: datetime = NOW, **options: Any) -> pulling.Pulled:
    return pull(warehouse.house.runtime, OPERATOR, "warehouse", now=now, **options)


def _figures(warehouse: Warehouse, *, history: bool = False) -> list[Any]:
    found = readings.list_readings(
        warehouse.house.runtime, OPERATOR, "P1-K1", PageRequest(), history=history
    )
    return [(each["period"].month, each["actual"]) for each in found.items]


def test_what_is_new_goes_in_once_with_where_it_is_from(warehouse: Warehouse) -> None:
    warehouse.add(1, "2026-01-31", "90.50", remark="Closed.")
    warehouse.add(1, "2026-01-31", "14", label="Weather")
    warehouse.add(2, "2026-02-28", None)
    first = _pull(warehouse)
    assert (first.recorded, first.skipped, first.empty, first.refused) == (1, 1, 1, ())
    assert (first.since, first.watermark) == ("0", "2")
    [reading] = readings.list_readings(
        warehouse.house.runtime, OPERATOR, "P1-K1", PageRequest()
    ).items
    assert reading["actual"] == Decimal("90.5")
    assert (reading["origin"], reading["note"], reading["reason"]) == (
        "warehouse:1",
        "Closed.",
        None,
    )
    warehouse.add(3, "2026-02-28", "120")
    second = _pull(warehouse)
    assert (second.since, second.watermark, second.read, second.recorded) == ("2", "3", 2, 1)
    assert _figures(warehouse) == [(1, Decimal("90.5")), (2, Decimal(120))]
    assert audit_state(warehouse.house.runtime, OPERATOR).differences == ()


def test_another_figure_is_a_correction_that_says_why(warehouse: Warehouse) -> None:
    warehouse.add(1, "2026-01-31", "90")
    _pull(warehouse)
    warehouse.add(2, "2026-01-31", "91")
    # Of a period that comes again behind a later watermark, the last is meant.
    warehouse.add(3, "2026-01-31", "92")
    second = _pull(warehouse)
    assert (second.superseded, second.corrected) == (2, 1)
    assert _figures(warehouse, history=True) == [(1, Decimal(90)), (1, Decimal(92))]
    newest = readings.list_readings(warehouse.house.runtime, OPERATOR, "P1-K1", PageRequest())
    assert newest.items[0]["reason"] == "The source warehouse gives another figure."


def test_a_row_that_cannot_be_taken_is_told_and_asked_for_again(warehouse: Warehouse) -> None:
    warehouse.add(1, "2026-01-31", "90")
    warehouse.add(2, "2026-02-27", "100")
    warehouse.add(3, "2026-03-31", "110", label="Turnovr")
    warehouse.add(4, "2026-04-30", "120")
    pulled = _pull(warehouse)
    assert pulled.recorded == 2
    assert pulled.watermark == "1"
    told = sorted((each.number, each.row, *each.errors.items()) for each in pulled.refused)
    assert told == [
        (
            2,
            "2",
            (
                "period",
                ["2026-02-27 does not end a monthly period; the one it lies in ends on 2026-02-28"],
            ),
        ),
        (
            3,
            "3",
            ("kpi", ["the label 'Turnovr' is not among `kpis`; did you mean 'Turnover'?"]),
        ),
    ]
    warehouse.run("UPDATE figures SET ended = '2026-02-28' WHERE changed = 2")
    warehouse.run("UPDATE figures SET label = 'Turnover' WHERE changed = 3")
    mended = _pull(warehouse)
    assert (mended.since, mended.recorded, mended.unchanged, mended.watermark) == ("1", 2, 2, "4")
    assert [month for month, _ in _figures(warehouse)] == [1, 2, 3, 4]


WRONG: list[tuple[Any, Any, str, str]] = [
    ("31.01.2026", "1", "period", "'31.01.2026' is no day"),
    ("2026-02-30", "1", "period", "'2026-02-30' is no day"),
    (None, "1", "period", "no period is named"),
    ("2026-12-31", "1", "period", "there can be no actual yet"),
]


@pytest.mark.parametrize(("ended", "amount", "field", "says"), WRONG)
def test_what_is_wrong_with_a_row_is_said(
    warehouse: Warehouse, ended: Any, amount: Any, field: str, says: str
) -> None:
    warehouse.add(1, ended, amount)
    [refused] = _pull(warehouse).refused
    [(named, [why])] = refused.errors.items()
    assert named == field
    assert says in why
    assert _figures(warehouse) == []


def test_a_dry_run_writes_nothing(warehouse: Warehouse) -> None:
    warehouse.add(1, "2026-01-31", "90")
    pulled = _pull(warehouse, dry_run=True)
    assert (pulled.recorded, pulled.written) == (1, False)
    assert _figures(warehouse) == []
    [told] = sql_sources(warehouse.house.runtime, OPERATOR, now=NOW)
    assert (told["pulled_at"], told["due"]) == (None, True)


def test_it_goes_on_where_it_stopped_and_tears_no_watermark_apart(warehouse: Warehouse) -> None:
    warehouse.write(FILE + "most_rows: 3\n")
    for month, changed in enumerate((1, 1, 2, 2, 3), start=1):
        warehouse.add(changed, f"2026-{month:02}-{[31, 28, 31, 30, 31][month - 1]}", month)
    first = _pull(warehouse)
    assert (first.read, first.more, first.watermark) == (2, True, "1")
    with pytest.raises(SourceUnreadable, match="raise `most_rows`"):
        # The two of watermark 1 come again, and with them too few of watermark 2.
        _pull(warehouse)
    warehouse.write(FILE + "most_rows: 4\n")
    assert (_pull(warehouse).watermark, _pull(warehouse).watermark) == ("2", "3")
    assert len(_figures(warehouse)) == 5


def test_planned_values_are_pulled_until_a_gate_has_frozen_them(warehouse: Warehouse) -> None:
    warehouse.write(FILE.replace("actual: amount", "planned: amount"))
    warehouse.add(1, "2027-01-31", "1300")
    warehouse.add(1, "2026-01-31", "100")
    first = _pull(warehouse)
    assert (first.planned, first.refused) == (1, ())
    to_stage(warehouse.house, "P1", "monitoring")
    warehouse.add(2, "2027-01-31", "1400")
    second = _pull(warehouse)
    [refused] = second.refused
    assert "agreed at a gate" in refused.errors["planned"][0]
    assert second.watermark == "1"
    assert audit_state(warehouse.house.runtime, OPERATOR).differences == ()


def test_of_those_who_pull_at_once_one_writes(warehouse: Warehouse) -> None:
    warehouse.add(1, "2026-01-31", "90")
    gate = Barrier(4)

    def call(_: int) -> str:
        gate.wait()
        try:
            return str(_pull(warehouse).recorded)
        except PulledMeanwhile:
            return "meanwhile"

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(call, range(4)))
    assert set(told) <= {"0", "1", "meanwhile"}
    assert told.count("1") == 1
    assert _figures(warehouse, history=True) == [(1, Decimal(90))]
    assert audit_state(warehouse.house.runtime, OPERATOR).differences == ()


def test_a_tick_pulls_what_is_due(warehouse: Warehouse) -> None:
    runtime = warehouse.house.runtime
    warehouse.add(1, "2026-01-31", "90")
    kinds = [each.kind for each in tick(runtime, OPERATOR, now=NOW).done]
    assert kinds.count("source.pulled") == 1
    before = NOW + timedelta(hours=6) - timedelta(seconds=1)
    assert pull_due(runtime, OPERATOR, now=before) == ([], [])
    warehouse.add(2, "2026-02-27", "90")
    [done], [failed] = pull_due(runtime, OPERATOR, now=NOW + timedelta(hours=6))
    assert "1 unchanged" in done.text
    assert "asked for again" in failed
    assert "ends on 2026-02-28" in failed


def test_a_database_that_does_not_answer_is_told_and_keeps_nothing_from_being_done(
    warehouse: Warehouse,
) -> None:
    runtime = warehouse.house.runtime
    (warehouse.folder / "broken.yaml").write_text("schema: govern/source/v1\n")
    warehouse.write(FILE.replace("FROM figures", "FROM nowhere"))
    warehouse.add(1, "2026-01-31", "90")
    (warehouse.folder / "other.yaml").write_text(FILE.replace("id: warehouse", "id: other"))
    result = tick(runtime, OPERATOR, now=NOW)
    told = [each.why for each in result.failed]
    assert any("broken.yaml" in each for each in told)
    assert any("nowhere" in each for each in told)
    assert [each.kind for each in result.done].count("source.pulled") == 1
    assert _figures(warehouse) == [(1, Decimal(90))]
    # Due still: the next tick asks again.
    warehouse.write(FILE)
    assert [each.text[:9] for each in pull_due(runtime, OPERATOR, now=NOW)[0]] == ["warehouse"]


WRITING = {
    "sqlite": (
        "DELETE FROM figures WHERE changed >= :watermark "
        "RETURNING changed, label, ended, amount, remark, line"
    ),
    # What is asked there is a cursor's, which takes no DELETE; what a SELECT calls could still write.
    "postgresql": (
        "SELECT nextval('figures_line_seq') AS changed, label, ended, amount, remark, line "
        "FROM figures WHERE changed >= :watermark"
    ),
}


def test_nothing_is_ever_written_to_the_source(warehouse: Warehouse) -> None:
    warehouse.add(1, "2026-01-31", "90")
    start, end = FILE.index("query:"), FILE.index("watermark: {")
    kind = warehouse.address.partition(":")[0].partition("+")[0]
    warehouse.write(f"{FILE[:start]}query: {json.dumps(WRITING[kind])}\n{FILE[end:]}")
    with pytest.raises(SourceUnreadable, match=r"read-?only"):
        _pull(warehouse)
    warehouse.write(FILE)
    assert _pull(warehouse).recorded == 1


BAD_QUERIES = [
    ("ORDER BY changed, line", "ORDER BY changed DESC", "in the order of their watermark"),
    ("SELECT changed,", "SELECT line AS nr,", "gives no column changed"),
    ("SELECT changed,", "SELECT NULL AS changed,", "has nothing as its watermark"),
    ("SELECT changed,", "SELECT remark AS changed,", "where `holds` says number"),
]


@pytest.mark.parametrize(("old", "new", "says"), BAD_QUERIES)
def test_an_answer_that_would_lose_rows_is_refused_whole(
    warehouse: Warehouse, old: str, new: str, says: str
) -> None:
    warehouse.write(FILE.replace(old, new))
    warehouse.add(1, "2026-01-31", "90", remark="x")
    warehouse.add(2, "2026-02-28", "90", remark="x")
    with pytest.raises(SourceUnreadable, match=says):
        _pull(warehouse)
    assert _figures(warehouse) == []


def test_a_query_that_takes_too_long_is_stopped(warehouse: Warehouse) -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) "
        "SELECT count(*) AS changed, '' AS label, '' AS ended, 0 AS amount, '' AS remark, "
        "1 AS line FROM n WHERE i >= :watermark"
    )
    start = FILE.index("query:")
    end = FILE.index("watermark: {")
    warehouse.write(f'{FILE[:start]}query: "{endless}"\n{FILE[end:]}timeout: 1 second\n')
    with pytest.raises(SourceUnreadable, match=r"interrupted|timeout"):
        _pull(warehouse)


def test_the_address_is_told_nowhere(warehouse: Warehouse, tmp_path: Path) -> None:
    secret = "hunter2-very-secret"  # noqa: S105 - nobody's
    for address in (
        f"postgresql+psycopg://me:{secret}@localhost:1/x",
        f"nosuch://me:{secret}@localhost/x",
        f"{secret}",
        f"sqlite:///{tmp_path}/not-there.db",
    ):
        runtime = replace(warehouse.house.runtime, secret={"WAREHOUSE_URL": address}.get)
        with pytest.raises(SourceUnreadable) as refused:
            pull(runtime, OPERATOR, "warehouse", now=NOW)
        assert secret not in str(refused.value)
        assert refused.value.__cause__ is None
    assert not (tmp_path / "not-there.db").exists()
    nothing = replace(warehouse.house.runtime, secret=lambda _: None)
    with pytest.raises(SourceUnreadable, match="WAREHOUSE_URL is not set"):
        pull(nothing, OPERATOR, "warehouse", now=NOW)


def test_only_the_operator_pulls_and_only_what_there_is(warehouse: Warehouse) -> None:
    runtime = warehouse.house.runtime
    with pytest.raises(NotAllowed):
        pull(runtime, warehouse.house.dan, "warehouse", now=NOW)
    with pytest.raises(NotFound, match="there are: warehouse"):
        pull(runtime, OPERATOR, "elsewhere", now=NOW)


MARKS = {
    "moment": ("TIMESTAMP", "2026-01-01T00:00:00", ["2026-02-01T10:00:00", "2026-03-01T00:00:00"]),
    "day": ("DATE", "2026-01-01", ["2026-02-01", "2026-03-01"]),
    "text": ("TEXT", "a", ["b", "c"]),
}


@pytest.mark.parametrize("holds", MARKS)
def test_a_watermark_may_be_a_moment_a_day_or_a_text(warehouse: Warehouse, holds: str) -> None:
    kind, starts, marks = MARKS[holds]
    if holds != "text" and warehouse.address.startswith("sqlite"):
        pytest.skip("SQLite has neither days nor moments: there they are texts")
    warehouse.run("DROP TABLE figures")
    warehouse.run(f"CREATE TABLE figures (changed {kind}, ended DATE, amount NUMERIC)")
    start = FILE.index("query:")
    mark = f"{{column: changed, holds: {holds}, starts: {starts!r}}}"
    query = "SELECT * FROM figures WHERE changed > :watermark ORDER BY changed"
    columns = "{period: ended, actual: amount}"
    said = {"query": query, "watermark": mark, "columns": columns, "kpi": "P1-K1"}
    lines = [f"{name}: {value}\n" for name, value in said.items()]
    warehouse.write(FILE[:start] + "".join(lines))
    for number, mark in enumerate(marks, start=1):
        ended = date(2026, number, [31, 28][number - 1])
        insert = "INSERT INTO figures VALUES (:changed, :ended, :amount)"
        warehouse.run(insert, changed=mark, ended=ended.isoformat(), amount=number)
        pulled = _pull(warehouse)
        assert (pulled.read, pulled.recorded, pulled.refused) == (1, 1, ())
    assert [month for month, _ in _figures(warehouse)] == [1, 2]
    assert _pull(warehouse).read == 0
