"""`govern tick`: what it prints and the exit codes it ends with."""

import json

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern
from govern.store import projects
from govern.store.transaction import Store
from tests.databases import only_sqlite
from tests.services.house import House, add_project, build, submit


@pytest.fixture
def house(store: Store) -> House:
    return build(store)


def run(url: str, *words: str) -> Result:
    return CliRunner().invoke(govern, ["--database", url, "tick", *words])


@only_sqlite
def test_it_tells_what_it_did_whom_it_told_and_when_there_is_nothing(
    database_url: str, house: House
) -> None:
    assert (
        "Nothing was due at 2026-11-25T10:00Z."
        in run(database_url, "--at", "2026-11-25T11:00+01:00").stdout
    )
    submit(house, add_project(house), "value_defined")
    result = run(database_url, "--at", "2026-12-04")
    assert result.exit_code == 0
    assert "Due at 2026-12-04T00:00Z: 2 things done" in result.stdout
    assert "gate.reminded" in result.stdout
    assert "Sam" in result.stdout
    told = json.loads(run(database_url, "--at", "2026-12-04", "--format", "json").stdout)
    assert (told["done"], told["failed"]) == ([], [])


@only_sqlite
def test_what_cannot_be_done_is_told_and_the_rest_is_done(database_url: str, house: House) -> None:
    add_project(house, "P1")
    submit(house, add_project(house, "P2"), "value_defined")
    with house.runtime.store.writing() as connection:
        held = {"stage": "on_hold", "held_from": "draft", "resume_when": "no name at all"}
        projects.change(connection, "P1", 1, held)
    result = run(database_url, "--at", "2026-12-04")
    assert result.exit_code == 1
    assert "govern: P1: The condition to resume cannot be read." in result.stderr
    assert "gate.reminded" in result.stdout


@only_sqlite
@pytest.mark.parametrize("moment", ["tomorrow", "2026-13-01", "1", "0001-01-01T00:00+10:00"])
def test_a_moment_that_is_none_is_refused(database_url: str, moment: str) -> None:
    result = run(database_url, "--at", moment)
    assert result.exit_code == 2
    assert "is no moment; one looks like" in result.stderr
