"""Two executors, and one of them lost, find what this process finds, bit for bit."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "pyspark", reason="Spark is tried by `make spark`, in an environment of its own"
)

from sqlalchemy import select

from govern.domain.plain import plain
from govern.domain.refusal import BadConfiguration, Busy, InvalidInput, NotFound
from govern.ledger.canonical import canonical
from govern.services import judged
from govern.services.backtests import backtest
from govern.services.engines import EMBEDDED, Engine
from govern.services.frame_export import export_frame
from govern.services.frame_folder import open_frame
from govern.services.importing import import_folder
from govern.services.observing import load_tables
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.spark.engine import SparkEngine
from govern.spark.session import spark_engine
from govern.store import projects
from govern.store.engine import open_engine
from govern.store.tables import event, finding, recommendation
from govern.store.transaction import Store
from tests.databases import only_sqlite
from tests.services.house import NOW, ROOT, House, add_project, build
from tests.spark.held import Losing

MASTER = "local-cluster[2,1,1024]"
LAST = date(2026, 10, 31)
AT_ONCE = 4
EXAMPLE = ROOT / "examples" / "portfolio"


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkEngine]:
    with spark_engine(MASTER, {"spark.executorEnv.PYTHONPATH": str(ROOT)}) as engine:
        yield engine


@pytest.fixture
def example(store: Store) -> House:
    house = build(store)
    import_folder(house.runtime, OPERATOR, EXAMPLE, now=NOW)
    return house


@pytest.fixture
def losing(spark: SparkEngine, tmp_path: Path) -> Losing:
    (tmp_path / "losing").mkdir()
    return Losing(spark, tmp_path / "losing")


def told(house: House, **more: Any) -> bytes:
    found = backtest(house.runtime, OPERATOR, last=LAST, now=NOW, at_once=AT_ONCE, **more)
    assert sum(rule["fired"] for rule in found["rules"]) > 0
    return canonical(plain(found))


def swept(house: House, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """All that a sweep leaves: findings, recommendations and the events that tell them."""
    monkeypatch.setattr(judged, "PROJECTS_AT_ONCE", AT_ONCE)
    result = sweep(house.runtime, OPERATOR, as_of=LAST, engine=engine, now=NOW)
    assert result.counts["fires"] > 0
    with house.runtime.store.reading() as connection:
        rows = [
            [dict(row) for row in connection.execute(query).mappings()]
            for query in (
                select(finding).order_by(finding.c.id),
                select(recommendation).order_by(recommendation.c.id),
            )
        ]
        bodies = connection.execute(select(event.c.body).order_by(event.c.project, event.c.seq))
        rows.append([_without_salts(json.loads(body)) for body in bodies.scalars()])
    assert all(rows)
    return json.dumps(plain(rows), sort_keys=True).encode()


def _without_salts(body: Any) -> Any:
    """An event but for what salts make differ in every run: references to what people wrote, and the leaf of
    the event before."""
    if isinstance(body, dict):
        return {name: _without_salts(value) for name, value in body.items() if name != "prev"}
    if isinstance(body, list):
        return [_without_salts(value) for value in body]
    return "personal" if isinstance(body, str) and body.startswith("personal:") else body


@dataclass(frozen=True)
class Twins:
    """The same portfolio in two databases, event for event."""

    one: House
    other: House


@pytest.fixture
def twins(
    example: House, database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Twins]:
    example.runtime.store.close()
    with ExitStack() as stack:
        if database_url.startswith("sqlite"):
            copied = tmp_path / "twin.db"
            shutil.copyfile(tmp_path / "govern.db", copied)
            address = f"sqlite:///{copied}"
        else:
            postgres = request.getfixturevalue("postgres")
            address = stack.enter_context(postgres.database(migrated=True, like=database_url))
        other = Store(open_engine(address))
        stack.callback(other.close)
        yield Twins(example, House(replace(example.runtime, store=other), example.actors))


def test_a_backtest_finds_the_same(spark: SparkEngine, example: House, tmp_path: Path) -> None:
    embedded = told(example)
    assert told(example, engine=spark) == embedded
    (tmp_path / "frame").mkdir()
    export_frame(example.runtime, OPERATOR, tmp_path / "frame", buckets=3, now=NOW)
    assert told(example, folder=open_frame(tmp_path / "frame"), engine=spark) == embedded


def test_a_sweep_finds_and_writes_the_same(
    spark: SparkEngine, twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded = swept(twins.one, EMBEDDED, monkeypatch)
    assert swept(twins.other, spark, monkeypatch) == embedded


def test_a_sweep_that_loses_an_executor_writes_the_same(
    losing: Losing, twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded = swept(twins.one, EMBEDDED, monkeypatch)
    assert swept(twins.other, losing, monkeypatch) == embedded
    assert (losing.place / "killed").exists()


@only_sqlite
def test_a_backtest_of_a_folder_that_loses_an_executor_finds_the_same(
    losing: Losing, example: House, tmp_path: Path
) -> None:
    (tmp_path / "frame").mkdir()
    export_frame(example.runtime, OPERATOR, tmp_path / "frame", buckets=3, now=NOW)
    frame = open_frame(tmp_path / "frame")
    assert told(example, folder=frame, engine=losing) == told(example)
    assert (losing.place / "killed").exists()


def _ids(house: House) -> list[str]:
    with house.runtime.store.reading() as connection:
        return [project_id for project_id, _ in projects.portfolios(connection)]


def _heights(connection: Any, project_ids: list[str]) -> tuple[list[str], int]:
    return project_ids, load_tables(connection, set(project_ids)).values.height


def test_pieces_come_in_order_and_none_is_missing(spark: SparkEngine, example: House) -> None:
    ids = _ids(example)
    seen: list[tuple[int, int]] = []
    with example.runtime.store.reading() as connection:
        found = [
            list(engine.over_database(_heights, connection, ids, 3, lambda *at: seen.append(at)))
            for engine in (EMBEDDED, spark)
        ]
    assert found[0] == found[1]
    assert [each for piece, _ in found[1] for each in piece] == ids
    assert seen[-1] == (len(ids), len(ids))


def _refusing(connection: Any, project_ids: list[str]) -> None:
    raise NotFound(f"{project_ids[0]} is gone.", project=project_ids[0])


@only_sqlite
def test_what_an_executor_refuses_is_refused(spark: SparkEngine, example: House) -> None:
    ids = _ids(example)
    with example.runtime.store.reading() as connection, pytest.raises(NotFound) as refused:
        list(spark.over_database(_refusing, connection, ids, 100, lambda *_: None))
    assert refused.value.facts == {"project": ids[0]}


@only_sqlite
def test_a_file_that_changes_meanwhile_is_not_read_half(spark: SparkEngine, example: House) -> None:
    ids = _ids(example)
    with example.runtime.store.reading() as connection:
        pieces = spark.over_database(_heights, connection, ids, 100, lambda *_: None)
        add_project(example, "MORE-1")
        with pytest.raises(Busy):
            list(pieces)


@only_sqlite
def test_executors_elsewhere_are_not_given_a_file_of_this_machine(
    spark: SparkEngine, example: House
) -> None:
    elsewhere = SparkEngine(spark.session, is_here=False)
    with example.runtime.store.reading() as connection, pytest.raises(BadConfiguration):
        list(elsewhere.over_database(_heights, connection, ["P"], 1, lambda *_: None))


@only_sqlite
def test_a_folder_that_spark_would_take_for_a_pattern_is_refused(
    spark: SparkEngine, example: House, tmp_path: Path
) -> None:
    place = tmp_path / "frame[1]"
    place.mkdir()
    export_frame(example.runtime, OPERATOR, place, now=NOW)
    with pytest.raises(InvalidInput, match="pattern"):
        told(example, folder=open_frame(place), engine=spark)
