"""`govern catalogue`: list, show, check, schema; and a start with a catalogue of one's own."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern
from govern.domain.refusal import BadConfiguration
from govern.settings import Settings

OWN = """\
schema: govern/catalogue/v1
category: service
templates:
  - id: answer-days
    title: Days until an answer
    unit: days
    direction: decrease
    cadence: monthly
    calculation: Mean of the days from receipt to answer.
"""


def call(*words: str) -> Result:
    return CliRunner().invoke(govern, ["catalogue", *words])


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    return path


def test_the_templates_are_listed_by_category() -> None:
    told = json.loads(call("list", "--category", "market_share", "--format", "json").output)
    assert {each["category"] for each in told} == {"market_share"}
    assert "relative-share" in [each["id"] for each in told]
    assert "money" in call("list").output
    assert call("list", "--category", "none").output == "There is no such template.\n"


def test_a_template_is_shown_with_what_its_formula_reads() -> None:
    told = json.loads(call("show", "unit-cost", "--format", "json").output)
    assert told["formula"] == "cost / volume"
    assert [each["name"] for each in told["inputs"]] == ["cost", "volume"]
    assert "volume: Units of the period." in call("show", "unit-cost").output
    missing = call("show", "unit-csot")
    assert missing.exit_code == 2
    assert "did you mean 'unit-cost'?" in missing.output


def test_what_comes_with_govern_has_no_problem() -> None:
    told = call("check", "--strict")
    assert told.exit_code == 0
    assert "templates in 4 files." in told.output


def test_ones_own_lie_over_what_comes_with_govern(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = tmp_path / "second.yaml"
    second.write_text(OWN.replace("answer-days", "unit-cost"))
    monkeypatch.setenv("GOVERN_CATALOGUE", f"{own}:{second}")
    ids = [each["id"] for each in json.loads(call("list", "--format", "json").output)]
    assert {"answer-days", "unit-cost", "churn"} <= set(ids)
    told = json.loads(call("show", "unit-cost", "--format", "json").output)
    assert told["title"] == "Days until an answer"
    assert told["replaces"] == "catalogue/cost.yaml:26:9"
    assert call("check").exit_code == 0
    strict = call("check", "--strict")
    assert (strict.exit_code, "E550" in strict.output) == (3, True)


def test_places_are_checked_before_they_are_in_use(own: Path) -> None:
    assert call("check", str(own)).output == "1 template in 1 file.\n"
    own.write_text(OWN.replace("decrease", "less"))
    told = call("check", str(own), "--format", "json")
    assert told.exit_code == 1
    assert "E113" in told.output


def test_a_catalogue_with_an_error_stops_the_start(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.write_text(OWN.replace("    unit: days\n", ""))
    monkeypatch.setenv("GOVERN_CATALOGUE", str(own))
    monkeypatch.setenv("GOVERN_DATABASE_URL", f"sqlite:///{tmp_path / 'govern.db'}")
    refused = CliRunner().invoke(govern, ["status"])
    assert isinstance(refused.exception, BadConfiguration)
    assert "Run: govern catalogue check" in refused.exception.detail


def test_a_place_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadConfiguration, match="neither a folder nor a file"):
        Settings.from_environment({"GOVERN_CATALOGUE": "/nowhere"})


def test_the_setting_comes_back_from_the_environment(own: Path, tmp_path: Path) -> None:
    settings = Settings(catalogue=(own, tmp_path))
    assert Settings.from_environment(settings.environment()).catalogue == (own, tmp_path)


def test_the_schema_is_json() -> None:
    assert json.loads(call("schema").output)["title"] == "govern catalogue file"
