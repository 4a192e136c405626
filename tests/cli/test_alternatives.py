"""`govern alternatives`: side by side for people, as data for programs, and what cannot be asked."""

import json

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.store.transaction import Store
from tests.services.house import NOW, House, add_project, build, report
from tests.services.test_rollup import MONTHS, add


@pytest.fixture
def house(store: Store) -> House:
    """P1-K1 is at 700 of 1,000 planned; P1-D1 is begun and brings 60 % of it. SAVING comes to 96."""
    house = build(store)
    add_project(house)
    add(house, "SAVING", [8] * 10)
    report(house, "P1-K1", dict.fromkeys(MONTHS, 700))
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    return house


@pytest.fixture(autouse=True)
def no_rules(monkeypatch: pytest.MonkeyPatch, house: House) -> None:
    monkeypatch.setenv("GOVERN_PUBLISH_RULES", "no")


def run(database_url: str, *words: str) -> Result:
    return CliRunner().invoke(govern, ["--database", database_url, "alternatives", *words])


def test_they_stand_side_by_side(database_url: str) -> None:
    found = run(database_url, "1")
    assert found.exit_code == 0, found.output
    told = " ".join(found.stdout.split())
    assert "descope (recommended) Drop P1-D1" in told
    # 700 less 60 % of it.
    assert "280 (worse by 420)" in told
    assert "descope: of the budget: nobody has said what P1-D1 costs." in told
    assert told.count("Each deliverable brings its share") == 1


def test_programs_get_the_same_as_data(database_url: str) -> None:
    words = ("--project", "P1", "--action", "descope", "--deliverable", "P1-D1")
    found = json.loads(run(database_url, *words, "--format", "json").stdout)
    [nothing, descoped] = found["alternatives"]
    rows = {each["kpi"]: each for each in descoped["kpis"]}
    assert (rows["P1-K1"]["with"], rows["SAVING"]["with"]) == ("280", "96")
    assert nothing["kpis"][0]["change"] == "0"
    assert descoped["changes"] == [{"kind": "drop_deliverable", "deliverable": "P1-D1"}]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "Name a recommendation, or a project and an action."),
        (("1", "--project", "P1"), "Name a recommendation, or a project and an action."),
        (("--project", "P1"), "Say with --action what is done."),
        (("1", "--periods", "2"), "What a recommendation is about it says itself"),
        (("--project", "P1", "--action", "expand", "--by", "more"), "not a number of at least 0"),
    ],
)
def test_what_is_called_wrongly_is_said(
    database_url: str, words: tuple[str, ...], complaint: str
) -> None:
    found = run(database_url, *words)
    assert found.exit_code == 2
    assert complaint in found.output


def test_what_cannot_be_had_says_why(database_url: str) -> None:
    words = ("--project", "P1", "--action", "accelerate", "--deliverable", "P1-D1")
    found = run(database_url, *words, "--to", "2999-12-31")
    assert found.exit_code == 0, found.output
    assert "accelerate is not possible: nothing that is open would be earlier" in found.stdout
