"""`govern rates`, `rollup` and `forecast`: what they print, as tables, JSON and CSV, and what they refuse."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern
from govern.domain.refusal import InvalidInput, NotFound
from govern.store.transaction import Store
from tests.services.house import House, add_project, build
from tests.services.test_rollup import add

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("GOVERN_PUBLISH_RULES", "no")

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(govern, ["--database", database_url, *words])

    return invoke


@pytest.fixture
def house(store: Store) -> House:
    house = build(store)
    add_project(house)
    add(house, "SAVING", [8] * 10, name="=SUM(A1)", cashable=True)
    add(house, "GAPPY", [8, None, *[8] * 8])
    return house


DAY = ("--at", "2026-11-20")


@pytest.mark.usefixtures("house")
def test_the_roll_up_as_a_table_tells_what_is_unknown(run: Run) -> None:
    told = run("rollup", *DAY)
    assert told.exit_code == 0, told.output
    assert "240,000" in told.stdout
    assert "80,000 (1" in told.stdout
    assert "of 0; 1 unknown" in told.stdout


@pytest.mark.usefixtures("house")
def test_the_roll_up_as_csv_has_a_row_per_kpi_and_no_formula(run: Run) -> None:
    told = run("rollup", *DAY, "--format", "csv")
    rows = {row["kpi"]: row for row in csv.DictReader(StringIO(told.stdout))}
    assert set(rows) == {"P1-K1", "SAVING", "GAPPY"}
    assert rows["SAVING"]["realised"] == "80000"
    assert rows["SAVING"]["cashable"] == "yes"
    assert rows["SAVING"]["name"] == "'=SUM(A1)"
    assert rows["GAPPY"]["realised"] == ""
    assert "realised: no figure for 2026-02-28" in rows["GAPPY"]["unknown"]


@pytest.mark.usefixtures("house")
def test_the_roll_up_of_one_project_has_its_kpis(run: Run) -> None:
    told = run("rollup", "--project", "P1", *DAY, "--no-forecast")
    assert "SAVING" in told.stdout
    as_json = json.loads(run("rollup", "--project", "P1", *DAY, "--format", "json").stdout)
    assert as_json["total"]["counted"] == 3
    assert isinstance(run("rollup", "--project", "NOBODY").exception, NotFound)
    assert isinstance(run("rollup", "--at", "2199-01-01").exception, InvalidInput)


@pytest.mark.usefixtures("house")
def test_a_forecast_says_what_it_rests_on(run: Run) -> None:
    told = run("forecast", "--kpi", "SAVING", *DAY)
    assert "will have come to 96 on 2026-12-31; promised 120, attainment 80 %" in told.stdout
    assert "By the model 'last value', which from 5 past periods was off by 0" in told.stdout
    assert "was estimated" in run("forecast", "--kpi", "GAPPY", *DAY).stdout
    assert "no figure was reported yet" in run("forecast", "--kpi", "P1-K1", *DAY).stdout
    listed = run("forecast", "--project", "P1", *DAY)
    assert "80 % to 80 %" in listed.stdout
    assert run("forecast", "--kpi", "SAVING", "--project", "P1").exit_code == 2


HEADER = "currency,to_currency,rate_on,rate,origin\n"


@pytest.mark.usefixtures("house")
def test_rates_go_in_and_amounts_come_out_in_another_currency(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text(HEADER + "EUR,USD,2025-12-31,2,ECB\n", encoding="utf-8")
    assert "1 rate: 1 recorded" in run("rates", "import", str(file), "--dry-run").stdout
    assert "There are no such" in run("rates", "list").stdout
    assert "1 rate: 1 recorded" in run("rates", "import", str(file)).stdout
    assert "1 unchanged" in run("rates", "import", str(file)).stdout
    assert "ECB" in run("rates", "list", "--currency", "EUR", "--to", "USD").stdout
    told = run("rollup", *DAY, "--currency", "USD")
    assert "160,000" in told.stdout
    assert "1 EUR = 2 USD (quoted, 2025-12-31)" in told.stdout


@pytest.mark.usefixtures("house")
def test_a_rate_that_slipped_is_named_by_line_and_asked_about(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    text = HEADER + "EUR,USD,2026-09-30,1.09,\nEUR,USD,2026-10-30,109,\n"
    file.write_text(text, encoding="utf-8")
    refused = run("rates", "import", str(file))
    assert isinstance(refused.exception, InvalidInput)
    assert list(refused.exception.facts["errors"]) == ["rates.csv:3 rate"]
    as_json = run("rates", "import", str(file), "--format", "json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["refusals"][0]["place"] == "rates.csv:3 rate"
    assert run("rates", "import", str(file), "--confirm").exit_code == 0
