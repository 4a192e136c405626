"""The command line: what it prints for programs, and the exit codes it ends with."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern
from govern.domain.refusal import BadConfiguration, Refusal
from govern.settings import Settings, shipped
from govern.store.folder import Folder
from govern.wiring import started
from tests.databases import only_sqlite

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str) -> Run:
    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(govern, ["--database", database_url, *arguments])

    return invoke


def told(result: Result) -> Any:
    assert result.exception is None, result.output
    return json.loads(result.stdout)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two projects of the example, small enough to look through."""
    small = tmp_path / "portfolio"
    small.mkdir()
    shutil.copy(shipped("examples") / "portfolio" / "objectives.csv", small)
    for name in ("projects", "kpis", "readings", "outcomes", "deliverables"):
        lines = (shipped("examples") / "portfolio" / f"{name}.csv").read_text().splitlines()
        kept = [line for line in lines[1:] if "LE-001" in line[:12] or "LE-020" in line[:12]]
        (small / f"{name}.csv").write_text("\n".join([lines[0], *kept]) + "\n")
    return small


def test_the_demo_does_the_main_job_and_the_second_time_changes_nothing(run: Run) -> None:
    first = told(run("demo", "--format", "json"))
    assert first["import"]["added"]["projects"] == 27
    assert set(first["status"]["stages"]) == {
        "draft", "value_defined", "planned", "monitoring", "post_review", "closed", "on_hold",
        "terminated",
    }  # fmt: skip
    assert len(first["status"]["gates"]) == 6
    assert first["status"]["recommendations"]
    second = told(run("demo", "--format", "json"))
    assert (second["import"]["added"], second["import"]["changed"]) == ({}, {})
    assert second["sweep"]["unchanged"]
    assert second["status"] == first["status"]
    assert "Gates waiting for a decision" in run("demo").stdout
    assert told(run("audit", "verify", "--format", "json"))["faults"] == []


def test_every_list_is_told_to_programs_too(run: Run, folder: Path) -> None:
    assert told(run("import", str(folder), "--format", "json"))["written"]
    assert told(run("sweep", "--format", "json"))["projects"] == 2
    assert [each["id"] for each in told(run("projects", "--format", "json"))] == [
        "LE-001",
        "LE-020",
    ]
    assert told(run("gates", "--format", "json")) == []
    assert all(each["state"] for each in told(run("findings", "--format", "json")))
    told(run("recommendations", "--format", "json"))
    rag = told(run("status", "--format", "json"))["rag"]
    assert list(rag["values"]) == ["grey", "green", "red", "amber"]
    assert sum(rag["values"].values()) > 0
    assert rag["unrated"] == 0
    assert "KPIs by the table kpi-rag" in run("status").stdout
    history = told(run("history", "LE-001", "--format", "json"))
    assert history[0]["kind"] == "project.added"
    assert told(run("history", "LE-001", "--gate", "planned", "--format", "json")) == []
    assert {each["email"] for each in told(run("people", "list", "--format", "json"))} == {
        "operator@localhost"
    }
    assert told(run("rules", "check", "--format", "json")) == []
    assert all(each["passed"] for each in told(run("rules", "test", "--format", "json")))
    assert len(told(run("rules", "list", "--format", "json"))["rules"]) >= 12
    assert told(run("workflow", "check", "--format", "json")) == []
    for words in ("projects", "findings", "status", "history LE-001", "people list", "rules list"):
        assert run(*words.split()).exit_code == 0


def test_a_refused_row_keeps_everything_out_unless_the_good_ones_are_asked_for(
    run: Run, folder: Path
) -> None:
    readings = folder / "readings.csv"
    readings.write_text(
        readings.read_text().replace(
            "LE-001-K1,2024-11-30,3.837,3.86", "LE-001-K1,2024-11-30,3.837,abc"
        )
    )
    result = run("import", str(folder))
    assert result.exit_code == 1
    assert "readings.csv:2: actual 'abc'" in result.stderr
    assert "Nothing was written" in result.stderr
    assert told(run("projects", "--format", "json")) == []
    result = run("import", str(folder), "--keep-good", "--dry-run")
    assert "Dry run: nothing was written." in result.stdout
    assert told(run("projects", "--format", "json")) == []
    assert run("import", str(folder), "--keep-good").exit_code == 1, "a row was refused"
    assert len(told(run("projects", "--format", "json"))) == 2


def test_people_and_tokens(run: Run) -> None:
    assert run("people", "add", "ann@example.org", "Ann").exit_code == 0
    again = run("people", "add", "ann@example.org", "Ann")
    assert isinstance(again.exception, Refusal)
    assert (
        run("people", "grant", "ann@example.org", "sponsor", "--portfolio", "main").exit_code == 0
    )
    assert run("people", "token", "ann@example.org").stdout.startswith("gov_")
    assert run("people", "grant", "ann@example.org", "boss").exit_code == 2
    assert "sponsor on main" in run("people", "list").stdout


def test_a_typo_in_a_command_is_told_what_was_meant(run: Run) -> None:
    result = run("imoprt", "x")
    assert result.exit_code == 2
    assert "did you mean 'import'?" in result.stderr


def test_rules_with_an_error_leave_the_last_good_rulebook_in_force(
    database_url: str, tmp_path: Path
) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(shipped("rules"), rules)
    runner = CliRunner()
    base = ["--database", database_url, "--rules", str(rules)]
    before = json.loads(runner.invoke(govern, [*base, "rules", "list", "--format", "json"]).stdout)
    broken = next(rules.rglob("*.yaml"))
    broken.write_text(broken.read_text().replace("when:", "wehn:", 1))
    listed = runner.invoke(govern, [*base, "rules", "list", "--format", "json"])
    assert json.loads(listed.stdout)["digest"] == before["digest"]
    assert "did you mean 'when'?" in listed.stderr
    assert "stays in force" in listed.stderr
    for words in (["rules", "check"], ["rules", "test"], ["rules", "publish"]):
        assert runner.invoke(govern, [*base, *words]).exit_code == 1
    by_two = runner.invoke(govern, [*base, "status"], env={"GOVERN_PUBLISH_RULES": "no"})
    assert by_two.stderr == "", "where nothing takes the directory, its errors are its author's"


def test_rules_without_tests_are_warned_of_and_strict_counts_it(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "schema: govern/rules/v1\narea: x\nowner: x@example.org\nrules:\n"
        "  - {id: a, title: A, status: active, when: attainment < 80%, severity: red, message: m}\n"
    )
    runner = CliRunner()
    assert runner.invoke(govern, ["--rules", str(tmp_path), "rules", "check"]).exit_code == 0
    strict = runner.invoke(govern, ["--rules", str(tmp_path), "rules", "check", "--strict"])
    assert strict.exit_code == 3
    assert "E308" in strict.stderr


def test_workflows_with_an_error_stop_the_start(database_url: str, tmp_path: Path) -> None:
    text = (shipped("workflows") / "value-realization.yaml").read_text()
    (tmp_path / "w.yaml").write_text(text.replace("to: planned", "to: plannd"))
    base = ["--database", database_url, "--workflows", str(tmp_path)]
    result = CliRunner().invoke(govern, [*base, "status"])
    assert isinstance(result.exception, BadConfiguration)
    checked = CliRunner().invoke(govern, [*base, "workflow", "check"])
    assert checked.exit_code == 1
    assert "did you mean 'planned'?" in checked.stderr
    assert "stateDiagram" in CliRunner().invoke(govern, ["workflow", "diagram"]).stdout


@only_sqlite
def test_verify_names_what_was_changed_behind_its_back(
    run: Run, database_url: str, folder: Path
) -> None:
    run("import", str(folder))
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE event SET kind = 'x' WHERE project = 'LE-001' AND seq = 2")
    connection.close()
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "LE-001" in result.stdout


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("GOVERN_PORT", "80a", "a number from 1 to 65535"),
        ("GOVERN_WORKERS", "0", "a number from 1 to 64"),
        ("GOVERN_EVIDENCE_MAX_MB", "501", "a number from 1 to 500"),
        ("GOVERN_RULES", "/nowhere", "not a folder"),
        ("GOVERN_PUBLISH_RULES", "maybe", "yes or no"),
        ("GOVERN_DATABSE_URL", "x", "There is no setting GOVERN_DATABSE_URL"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str, words: str) -> None:
    with pytest.raises(BadConfiguration, match=words):
        Settings.from_environment({name: value})


def test_settings_survive_the_way_into_the_workers_environment() -> None:
    settings = Settings(database_url="sqlite:///x.db", port=9000, publish_rules=False)
    assert Settings.from_environment(settings.environment()) == settings
    kept = Settings(evidence_dir=Path("/srv/evidence"), evidence_max_mb=100)
    assert Settings.from_environment(kept.environment()) == kept


def test_evidence_goes_where_the_settings_say_or_the_start_stops(tmp_path: Path) -> None:
    settings = Settings(f"sqlite:///{tmp_path}/x.db", evidence_dir=tmp_path / "kept")
    with started(settings) as ready:
        assert ready.runtime.keeping.folder == Folder(tmp_path / "kept")
    (tmp_path / "file").write_text("no folder")
    with (
        pytest.raises(BadConfiguration, match="GOVERN_EVIDENCE_DIR"),
        started(replace(settings, evidence_dir=tmp_path / "file")),
    ):
        pass


def test_a_database_that_cannot_be_opened_is_refused() -> None:
    with pytest.raises(BadConfiguration), started(Settings(database_url="mysql://x")):
        pass


def test_a_revision_is_published_by_digest_and_publisher(database_url: str) -> None:
    runner = CliRunner()
    digest = "sha256:" + "0" * 64
    for words in ([digest], ["--publisher", "ron@example.org"]):
        called = runner.invoke(govern, ["--database", database_url, "rules", "publish", *words])
        assert called.exit_code == 2
        assert "takes both" in called.stderr


RATED = """\
schema: govern/workflow/v1
id: rated
version: 1
stages: [draft, closed]
gates:
  - id: close
    title: Close
    from: draft
    to: closed
    submit: [project_manager]
    approve: [{role: sponsor}]
    criteria:
      must:
        - id: nothing-red
          require: not(some k in kpis satisfies k.kpi_colour = "red")
"""


def test_gates_read_the_tables_of_the_rules_that_come_with_them(run: Run, tmp_path: Path) -> None:
    rules, flows = tmp_path / "rules", tmp_path / "flows"
    shutil.copytree(shipped("rules"), rules)
    flows.mkdir()
    (flows / "rated.yaml").write_text(RATED)
    new = ["--rules", str(rules), "--workflows", str(flows)]
    assert "kpi_colour" in run(*new, "workflow", "check").stderr
    told(run("status", "--format", "json"))
    refused = run(*new, "status").exception
    assert isinstance(refused, BadConfiguration)
    assert "a KPI has no field `kpi_colour`" in refused.detail

    rating = rules / "rating" / "kpi-rag.yaml"
    before = rating.read_text()
    rating.write_text(before.replace("id: kpi-rag", "id: kpi-colour"))
    assert told(run(*new, "workflow", "check", "--format", "json")) == []
    assert told(run(*new, "status", "--format", "json"))["rag"] is None

    rating.write_text(before)
    kept = run(*new, "status")
    assert kept.exit_code == 0
    assert "error[E417]: the criterion 'nothing-red' of the gate 'close'" in kept.stderr
    assert "the rulebook published last stays in force" in kept.stderr
    assert told(run("rules", "list", "--format", "json"))["rules"]


def test_a_broken_rule_file_is_named_where_a_table_is_missing(run: Run, tmp_path: Path) -> None:
    rules, flows = tmp_path / "rules", tmp_path / "flows"
    shutil.copytree(shipped("rules"), rules)
    flows.mkdir()
    (flows / "rated.yaml").write_text(RATED.replace("kpi_colour", "kpi_rag"))
    rating = rules / "rating" / "kpi-rag.yaml"
    rating.write_text(rating.read_text().replace('"green"', "green"))
    checked = run("--rules", str(rules), "--workflows", str(flows), "workflow", "check")
    assert checked.exit_code == 1
    assert f"{rules} has errors, so that not all of its tables are known here" in checked.stderr
