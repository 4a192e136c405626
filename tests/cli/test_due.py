"""`govern due`: what it lists, and the exit codes it ends with."""

import json

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern
from govern.store.transaction import Store
from tests.databases import only_sqlite
from tests.services import timed
from tests.services.house import House, build

pytestmark = only_sqlite


@pytest.fixture
def house(store: Store) -> House:
    """P1 reports, and nothing of it has been reported."""
    built = build(store)
    timed.take(built)
    timed.pass_gate(built, timed.start(built), "start")
    return built


def run(url: str, *words: str) -> Result:
    return CliRunner().invoke(govern, ["--database", url, "due", *words])


@pytest.mark.usefixtures("house")
def test_it_lists_from_whom_what_and_by_when(database_url: str) -> None:
    result = run(database_url, "--project", "P1")
    assert result.exit_code == 0, result.output
    assert "of 1 KPI" in result.stdout
    # The oldest three, and how many more there are on the day that the test runs.
    for text in ("P1-K1", "Olga", "2026-01-31", "2026-03-31", "and ", "2026-02-02"):
        assert text in result.stdout
    (found,) = json.loads(run(database_url, "--overdue", "--format", "json").stdout)
    assert found["kpi"] == "P1-K1"
    assert [each["period"] for each in found["periods"]][:2] == ["2026-01-31", "2026-02-28"]


@pytest.mark.usefixtures("house")
def test_by_a_day_and_by_owner(database_url: str) -> None:
    (found,) = json.loads(run(database_url, "--by", "2026-03-31", "--format", "json").stdout)
    assert [each["due"] for each in found["periods"]] == ["2026-02-02", "2026-03-02", "2026-03-31"]
    assert run(database_url, "--owner", "Ulf").stdout == "No reading is due.\n"
    assert json.loads(run(database_url, "--owner", "Ulf", "--format", "json").stdout) == []


@pytest.mark.usefixtures("house")
def test_what_is_not_there_is_refused(database_url: str) -> None:
    result = run(database_url, "--project", "P9")
    assert result.exit_code == 1
    assert "There is no project 'P9'" in str(result.exception)
    assert run(database_url, "--by", "soon").exit_code == 2
