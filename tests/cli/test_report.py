"""`govern report`: a page or data, of now or of then."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern
from govern.domain.refusal import InvalidInput, NotFound
from govern.store.transaction import Store
from tests.reports.pages import well_made
from tests.services.house import NOW, House, add_project, build, report
from tests.web.test_as_of import seal

Run = Callable[..., Result]
VALUE = "portfolio-value"


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("GOVERN_PUBLISH_RULES", "no")

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(govern, ["--database", database_url, "report", *words])

    return invoke


@pytest.fixture
def house(store: Store) -> House:
    house = build(store)
    add_project(house)
    report(house, "P1-K1", {"2026-10-31": 700})
    return house


def test_a_page_is_written_to_a_file(run: Run, house: House, tmp_path: Path) -> None:
    out = tmp_path / "value.html"
    done = run(VALUE, "main", "--at", "2026-10-31", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert done.stdout == f"Portfolio value report of Main, as on 2026-10-31: {out}\n"
    told = json.loads(run(VALUE, "main", "--at", "2026-10-31", "--format", "json").stdout)
    well_made(out.read_text(), told)


def test_it_is_printed_where_no_file_is_named(run: Run, house: House) -> None:
    assert run(VALUE).stdout.startswith("<!DOCTYPE html>")
    told = json.loads(run(VALUE, "--portfolio", "main", "--format", "json").stdout)
    assert told["about"] == {"type": "portfolio", "id": "main", "name": "Main"}


def test_what_was_known_then_is_told_again(run: Run, house: House) -> None:
    size = seal(house, NOW - timedelta(hours=3))
    asked = (VALUE, "--as-of", str(size), "--format", "json")
    then = run(*asked)
    assert f"As of log size {size}" in then.stderr
    report(house, "P1-K1", {"2026-10-31": 1000})
    seal(house, NOW - timedelta(hours=1))
    assert run(*asked).stdout == then.stdout
    assert json.loads(then.stdout)["as_of_size"] == size
    now = json.loads(run(VALUE, "--format", "json").stdout)
    assert now["sections"] != json.loads(then.stdout)["sections"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((VALUE, "main", "--portfolio", "other"), "Two portfolios are named"),
        (("project-status",), "about one project: name it as ID"),
        (("project-status", "P1", "--portfolio", "main"), "takes no --portfolio"),
        (("gate-pack", "P1"), "named by its number"),
    ],
)
def test_what_is_called_wrongly_is_said(
    run: Run, house: House, words: tuple[str, ...], why: str
) -> None:
    told = run(*words)
    assert told.exit_code == 2
    assert why in told.stderr


def test_what_there_is_none_of_is_refused(run: Run, house: House) -> None:
    assert isinstance(run("portfolio-values").exception, NotFound)
    assert isinstance(run(VALUE, "nowhere").exception, NotFound)
    assert isinstance(run(VALUE, "--currency", "XXY").exception, InvalidInput)
