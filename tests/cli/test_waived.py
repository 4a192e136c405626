"""Waivers and overrides on the command line: in tables for people and as JSON for programs."""

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from govern.cli.main import govern
from govern.domain.decision import Answer
from govern.services import waivers
from govern.services.ballots import Ballot
from govern.store.transaction import Store
from tests.services.house import NOW, build
from tests.services.waived_house import submitted, vote


@pytest.fixture
def passed(store: Store) -> int:
    """A project that has passed its gate with a waiver that has ended since, against the advice."""
    house = build(store)
    opened = submitted(house)
    waivers.grant(
        house.runtime,
        house.gus,
        "P1",
        gate="start",
        criterion="strategic-fit",
        reason="The board has said so.",
        expires_on=date(2026, 11, 24),
        now=NOW,
    )
    for by in ("sam", "fay"):
        vote(house, by, opened["id"], Ballot(Answer.GO, "Good.", "The rest is in sight."))
    return opened["id"]


def run(database_url: str, *words: str) -> str:
    result = CliRunner().invoke(govern, ["--database", database_url, *words])
    assert result.exception is None, result.output
    return result.stdout


def told(database_url: str, *words: str) -> Any:
    return json.loads(run(database_url, *words, "--format", "json"))


def test_status_and_projects_list_what_was_waived(passed: int, database_url: str) -> None:
    (waiver,) = told(database_url, "status")["waivers"]
    assert (waiver["by"], waiver["criterion"], waiver["expires_on"]) == (
        "Gus",
        "strategic-fit",
        "2026-11-24",
    )
    assert [each["submission"] for each in waiver["passed"]] == [passed]
    shown = " ".join(run(database_url, "status").split())
    for text in ("Criteria that were waived (1)", "strategic-fit", "Gus (gatekeeper)", "go on"):
        assert text in shown
    (project,) = told(database_url, "projects")
    assert [each["id"] for each in project["waivers"]] == [waiver["id"]]
    assert "strategic-fit" in run(database_url, "projects")


def test_the_record_of_the_gates_lists_what_was_waived(passed: int, database_url: str) -> None:
    told_lines = run(database_url, "history", "P1", "--gates").splitlines()
    at = told_lines.index("Criteria that were waived")
    first, reason, with_it = told_lines[at + 1 : at + 4]
    assert first.startswith(
        "  strategic-fit at gate start: by Gus as gatekeeper until 2026-11-24, "
    )
    assert reason == "    Reason: The board has said so."
    assert with_it.startswith(f"    Passed with it: go on submission {passed}, 2026-11-24")


def test_overrides_as_tables_and_json(passed: int, database_url: str) -> None:
    found = told(database_url, "overrides", "--workflow", "scored", "--gate", "start")
    assert [(each["decisions"], each["overrides"], each["rate"]) for each in found["gates"]] == [
        (1, 1, "1")
    ]
    shown = run(database_url, "overrides", "--from", "2026-11-24", "--to", "2026-11-24")
    assert "100.0 %" in shown
    assert "strategic-fit" in shown
    assert "budget-set" not in shown, "it never stood in the way"
    assert run(database_url, "overrides", "--to", "2026-11-23") == "No gate has been decided.\n"
