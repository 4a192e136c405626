"""`govern baselines` and what `govern status` says of scope changes."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern
from govern.services import scope_changes
from govern.store.transaction import Store
from tests.services.house import House, build, report
from tests.services.test_scope_changes import LATER, TARGET, frozen, propose, vote


@pytest.fixture
def house(store: Store) -> House:
    return build(store)


def run(address: str, *words: str) -> Result:
    return CliRunner().invoke(govern, ["--database", address, *words])


def approved(house: House) -> None:
    frozen(house)
    report(house, "P1-K1", {"2026-10-31": 800})
    plan = [{"period": date(2026, 10, 31), "planned": Decimal(800)}]
    found = propose(house, [*TARGET, {"kind": "plan", "kpi": "P1-K1", "planned": plan}])
    for name in ("sam", "fay"):
        vote(house, name, found)


def test_the_versions_are_listed_and_compared(house: House, database_url: str) -> None:
    approved(house)
    listed: list[dict[str, Any]] = json.loads(
        run(database_url, "baselines", "P1", "--format", "json").stdout
    )
    assert [(each["number"], each["scope_change"]) for each in listed] == [(1, None), (2, 1)]
    told = run(database_url, "baselines", "P1").stdout
    assert "the gate" in told
    compared = run(database_url, "baselines", "P1", "--compare", "1,2")
    assert compared.exit_code == 0, compared.output
    for words in ("-300", "80.0 %", "100.0 %", "planned 2026-10-31", "target"):
        assert words in compared.stdout
    same: dict[str, Any] = json.loads(
        run(database_url, "baselines", "P1", "--compare", "1,2", "--format", "json").stdout
    )
    assert same["kpis"][0]["promised"]["change"] == "-300"


def test_what_differs_of_deliverables_and_the_project_is_shown(
    house: House, database_url: str
) -> None:
    frozen(house)
    changes: list[Any] = [
        {"kind": "drop_deliverable", "deliverable": "P1-D1"},
        {"kind": "project", "fields": {"budget": Decimal(640)}},
    ]
    found = propose(house, changes)
    for name in ("sam", "fay"):
        vote(house, name, found)
    compared = run(database_url, "baselines", "P1", "--compare", "1,2")
    assert compared.exit_code == 0, compared.output
    for words in ("P1-D1", "dropped", "the project", "budget", "640"):
        assert words in compared.stdout


def test_what_cannot_be_compared_is_refused(house: House, database_url: str) -> None:
    frozen(house)
    wrong = run(database_url, "baselines", "P1", "--compare", "1")
    assert (wrong.exit_code, "such are 1,2" in wrong.output) == (2, True)
    none = run(database_url, "baselines", "P1", "--compare", "1,2")
    assert none.exit_code != 0
    assert "it has 1" in str(none.exception)


def test_a_point_that_is_none_is_refused(house: House, database_url: str) -> None:
    frozen(house)
    for point in (
        "2027-01-31",
        "31.01.2027=5",
        "2027-01-31=x",
        "2027-01-31=NaN",
        "2027-01-31=1e99",
    ):
        told = run(database_url, "trajectory", "P1-K1", "--shape", "step", "--point", point)
        assert (told.exit_code, "is no point" in told.output) == (2, True), point
    shown = run(database_url, "trajectory", "P1-K1", "--shape", "step", "--point", "2027-01-31=5")
    assert shown.exit_code == 0, shown.output
    assert "12 planned values of other periods stay" in shown.stdout


def test_the_status_says_which_scope_changes_wait(house: House, database_url: str) -> None:
    frozen(house)
    found = propose(house)
    told = run(database_url, "status")
    assert "Scope changes waiting for a decision" in told.stdout
    assert "Less, and sooner" in told.stdout
    scope_changes.withdraw(
        house.runtime, house.pia, found["id"], reason="No.", version=None, now=LATER
    )
    assert "Scope changes" not in run(database_url, "status").stdout
