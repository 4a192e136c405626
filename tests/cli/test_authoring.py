"""The commands an author of rules works with."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern

BAD = "schema: govern/rules/v1\narea: x\nrules:\n  - {id: a, wehn: x}\n"
UNTESTED = """schema: govern/rules/v1
area: x
rules:
  - {id: a, title: A, when: attainment < 80%, severity: red, message: m}
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "rules"
    folder.mkdir()
    return folder


def run(*words: str) -> Result:
    return CliRunner().invoke(govern, ["--rules", "rules", *words], prog_name="govern")


def test_a_check_is_told_in_every_format(rules: Path) -> None:
    (rules / "a.yaml").write_text(BAD)
    for form in ("text", "table", "json", "sarif", "github", "junit"):
        assert run("rules", "check", "--format", form).exit_code == 1, form
    assert "did you mean 'when'?" in run("rules", "check").stderr
    sarif = json.loads(run("rules", "check", "--format", "sarif").stdout)
    assert {each["level"] for each in sarif["runs"][0]["results"]} == {"error"}
    lines = run("rules", "check", "--format", "github").stdout.splitlines()
    assert lines
    assert all(line.startswith("::error file=rules/a.yaml,line=4,") for line in lines)
    suites = ET.fromstring(run("rules", "check", "--format", "junit").stdout)  # noqa: S314 - our own
    assert suites.get("failures") == "1"


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit"])
def test_exit_codes_are_the_same_in_every_format(rules: Path, form: str) -> None:
    (rules / "a.yaml").write_text(UNTESTED)
    assert run("rules", "check", "--format", form).exit_code == 0
    assert run("rules", "check", "--format", form, "--strict").exit_code == 3
    (rules / "a.yaml").write_text(BAD)
    assert run("rules", "check", "--format", form, "--strict").exit_code == 1
    assert run("rules", "check", "--format", "xml").exit_code == 2


def test_workflows_are_checked_in_the_same_formats() -> None:
    for form in ("text", "json", "sarif", "github", "junit"):
        result = CliRunner().invoke(govern, ["workflow", "check", "--strict", "--format", form])
        assert result.exit_code == 0, form


@pytest.mark.parametrize("words", [("rules", "schema"), ("workflow", "schema")])
def test_a_schema_is_printed(words: tuple[str, ...]) -> None:
    schema = json.loads(CliRunner().invoke(govern, words).stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
