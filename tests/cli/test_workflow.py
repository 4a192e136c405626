"""`govern workflow`: test, list, diff, migrate."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "workflows"


def call(*words: str, database: str | None = None, workflows: Path | None = None) -> Result:
    base = ["--database", database] if database else []
    base += ["--workflows", str(workflows)] if workflows else []
    return CliRunner().invoke(govern, [*base, "workflow", *words])


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    """The shipped workflows with one changed, as a directory."""
    for path in SHIPPED.glob("*.yaml"):
        text = path.read_text()
        if path.stem == "value-realization":
            for old, new in changes:
                assert old in text
                text = text.replace(old, new)
        (folder / path.name).write_text(text)
    return folder


def test_the_shipped_workflows_pass_their_tests_and_lack_none() -> None:
    told = call("test", "--strict")
    assert told.exit_code == 0, told.output
    assert ", 0 failed." in told.output


def test_a_test_that_fails_says_what_came_and_what_was_read(tmp_path: Path) -> None:
    folder = changed(tmp_path, ("k.staleness_days <= 100", "k.staleness_days <= 300"))
    told = call("test", workflows=folder)
    assert told.exit_code == 1
    assert "value-realization, gate 'value_check'" in told.stderr
    assert "expected not_met\n      found    met" in told.stderr
    junit = call("test", "--format", "junit", workflows=folder)
    cases = ElementTree.fromstring(junit.stdout).iter("testcase")  # noqa: S314 - our own output
    assert sum(case.find("failure") is not None for case in cases) == 2
    plain = json.loads(call("test", "--format", "json", workflows=folder).stdout)
    assert sum(not each["passed"] for each in plain["tests"]) == 2


def test_a_criterion_without_its_tests_is_named(tmp_path: Path) -> None:
    folder = changed(
        tmp_path, ("expect: {data-fresh: not_met, red-answered: not_met, ", "expect: {")
    )
    told = call("test", "--strict", workflows=folder)
    assert told.exit_code == 3
    assert "no test of gate 'value_check' shows 'data-fresh' not met" in told.stderr


@pytest.mark.usefixtures("database_url")
def test_versions_are_listed_compared_and_migrated(database_url: str, tmp_path: Path) -> None:
    runner = CliRunner()
    base = ["--database", database_url]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "projects.csv").write_text("project_id,name,stage\nP1,One,value_defined\n")
    (tmp_path / "in" / "kpis.csv").write_text("kpi_id,project_id,name,cadence\n")
    (tmp_path / "in" / "readings.csv").write_text("kpi_id,period_end,planned,actual\n")
    assert runner.invoke(govern, [*base, "import", str(tmp_path / "in")]).exit_code == 0
    folder = tmp_path / "flows"
    folder.mkdir()
    changed(
        folder,
        ("version: 3\n", "version: 4\n"),
        ("stages: [draft, value_defined,", "stages: [draft, promised,"),
        ("to: value_defined\n", "to: promised\n"),
        ("from: value_defined\n", "from: promised\n"),
    )
    listed = json.loads(
        call("list", "--format", "json", database=database_url, workflows=folder).stdout
    )
    assert [(e["version"], e["projects"]) for e in listed if e["id"] == "value-realization"] == [
        (4, 0),
        (3, 1),
    ]

    names = ("value-realization@3", "value-realization")
    compared = call("diff", *names, "--exit-code", database=database_url)
    assert compared.exit_code == 1
    assert "The stage 'value_defined' is gone." in compared.stdout
    assert "1 project in value_defined: cannot be migrated as it is" in compared.stdout
    files = call(
        *("diff", str(SHIPPED / "value-realization.yaml"), str(folder / "value-realization.yaml")),
        *("--format", "json"),
        database=database_url,
    )
    assert json.loads(files.stdout)["in_flight"][0]["projects"] == 1
    same = call("diff", names[0], names[0], "--exit-code", database=database_url)
    assert (same.exit_code, "They say the same." in same.stdout) == (0, True)

    refused = call("migrate", "value-realization", "--dry-run", database=database_url)
    assert refused.exit_code == 1
    assert "--map value_defined=STAGE" in refused.stderr
    words = ("migrate", "value-realization@4", "--map", "value_defined=promised")
    dry = call(*words, "--dry-run", "--format", "json", database=database_url)
    assert json.loads(dry.stdout)["projects"][0]["to_stage"] == "promised"
    assert call(*words, "--yes", database=database_url).exit_code == 2
    done = call(*words, "--yes", "--reason", "Renamed.", database=database_url)
    assert done.exit_code == 0, done.output
    assert "1 project migrated." in done.output
    told = runner.invoke(govern, [*base, "history", "P1"]).stdout
    assert "stage value_defined is now promised: Renamed." in " ".join(told.split())


@pytest.mark.parametrize(
    "words",
    [
        ("migrate", "Value Realization", "--dry-run"),
        ("migrate", "value-realization", "--map", "draft", "--dry-run"),
        ("migrate", "value-realization", "--map", "a=b", "--map", "a=c", "--dry-run"),
        ("diff", "nowhere.yaml", "value-realization"),
    ],
)
def test_a_command_that_is_called_wrongly_says_how(
    words: tuple[str, ...], database_url: str
) -> None:
    assert call(*words, database=database_url).exit_code == 2
