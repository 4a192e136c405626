"""What an author asks of rules on the command line, told to people and to programs."""

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from govern.cli import progress
from govern.cli.main import govern
from govern.cli.rules import backtest as backtest_command
from govern.domain.refusal import InvalidInput, NotFound
from govern.settings import shipped

Run = Callable[..., Result]
PROJECTS = ("LE-002", "LE-006")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rules directory to change, which nobody has published."""
    return Path(shutil.copytree(shipped("rules"), tmp_path / "rules"))


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Run:
    """Commands on two projects of the example, with the shipped rules in force."""
    folder = tmp_path / "portfolio"
    folder.mkdir()
    shutil.copy(shipped("examples") / "portfolio" / "objectives.csv", folder)
    for name in ("projects", "kpis", "readings", "outcomes", "deliverables"):
        with (shipped("examples") / "portfolio" / f"{name}.csv").open(encoding="utf-8") as file:
            header, *rows = list(csv.reader(file))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(
                [header, *(row for row in rows if row[0][:6] in PROJECTS or row[1] in PROJECTS)]
            )

    def invoke(*arguments: str, rules: Path | None = None) -> Result:
        given = ("--rules", str(rules)) if rules else ()
        return CliRunner().invoke(govern, ["--database", database_url, *given, *arguments])

    assert invoke("import", str(folder)).exit_code == 0
    return invoke


def told(result: Result) -> Any:
    assert result.exception is None, result.output
    return json.loads(result.stdout)


def change(rules: Path, old: str, new: str) -> None:
    for path in rules.rglob("*.yaml"):
        path.write_text(path.read_text().replace(old, new))


def test_explain_shows_the_tree_the_sentence_and_the_periods(run: Run) -> None:
    shown = run("rules", "explain", "revenue-behind-plan", "LE-002", "2026-10-15").stdout
    assert "Red since the period to 30 September 2026: Early offers" in shown
    assert "  attainment < act = true\n    attainment = 0.774816902\n    act = 0.8\n" in shown
    assert "recommends descope" in shown
    assert "does not look at Early offers" in shown, "its other KPIs"
    assert "2026-09-30   3229.15   2502" in shown
    asked = ("rules", "explain", "revenue-behind-plan", "LE-002", "2026-10-15")
    (item,) = told(run(*asked, "--kpi", "LE-002-K1", "--format", "json"))["items"]
    assert (item["period"], item["state"], item["streak"]) == ("2026-09-30", "fires", 2)


def test_explain_of_a_draft_and_of_an_earlier_revision(run: Run, rules: Path) -> None:
    asked = ("rules", "explain", "revenue-behind-plan", "LE-002", "--format", "json")
    in_force = told(run(*asked, "--kpi", "LE-002-K1"))
    assert in_force["items"][0]["state"] == "fires"
    change(rules, "act: 80%", "act: 50%")
    draft = told(run(*asked, "--kpi", "LE-002-K1", "--draft", rules=rules))
    assert draft["items"][0]["state"] == "silent"
    again = told(run(*asked, "--kpi", "LE-002-K1", rules=rules))
    assert again == in_force, "trying publishes nothing"
    digest = in_force["rulebook_digest"]
    assert told(run(*asked, "--kpi", "LE-002-K1", "--revision", digest)) == in_force
    assert run(*asked, "--draft", "--revision", digest).exit_code == 2
    change(rules, "when:", "wehn:")
    broken = run(*asked, "--draft", rules=rules)
    assert broken.exit_code == 1
    assert "did you mean 'when'?" in broken.stderr


def test_explain_without_anything_to_judge(run: Run) -> None:
    wrong = run("rules", "explain", "revenue-behind", "LE-002")
    assert isinstance(wrong.exception, NotFound)
    assert run("rules", "explain", "revenue-behind-plan", "LE-002", "soon").exit_code == 2


def test_backtest_counts_and_lists(run: Run) -> None:
    asked = ("rules", "backtest", "readings-overdue", "--from", "2026-01-01", "--to", "2026-10-31")
    shown = run(*asked, "--episodes").stdout
    assert "2026-01-01 to 2026-10-31, 2 projects, facts as known now" in shown
    assert "LE-006-K2   2026-01-31   2026-01-31         1        no     yes" in shown
    found = told(run(*asked, "--format", "json"))
    assert [each["rule"] for each in found["rules"]] == ["readings-overdue"]
    assert (found["rules"][0]["episodes"], found["rules"][0]["flapping"]) == (4, 3)
    assert len(found["episodes"]) == 4
    assert found["against"] is None


def test_backtest_lists_no_more_than_people_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest_command, "EPISODES_SHOWN", 1)
    shown = run("rules", "backtest", "readings-overdue", "--to", "2026-10-31", "--episodes").stdout
    assert "more; --format json lists all." in shown


def test_backtest_against_what_became_of_projects(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text("project_id,date,rating\nLE-006,2026-10-31,Failed\nLE-002,2026-10-31,Good\n")
    asked = ("rules", "backtest", "--to", "2026-10-31", "--against", str(path))
    assert isinstance(run(*asked).exception, InvalidInput)
    shown = run(*asked, "--outcome", "failed").stdout
    assert "Against reviews.csv: 1 project in this range" in shown
    assert "any of them" in shown
    found = told(run(*asked, "--outcome", "failed", "--format", "json"))
    overdue = next(each for each in found["rules"] if each["rule"] == "readings-overdue")
    assert (overdue["accuracy"]["recall"], overdue["accuracy"]["precision"]) == ("1", "1")
    stage = told(run("rules", "backtest", "--against", "terminated", "--format", "json"))
    assert stage["together"]["outcomes"] == 0
    assert stage["together"]["recall"] is None


def test_backtest_called_wrongly(run: Run) -> None:
    for words in (
        ("--against", "sha256:" + "0" * 64),
        ("--outcome", "red"),
        ("--draft", "--revision", "sha256:" + "0" * 64),
        ("--from", "yesterday"),
    ):
        assert run("rules", "backtest", *words).exit_code == 2
    unknown = run("rules", "backtest", "--revision", "sha256:" + "0" * 64)
    assert isinstance(unknown.exception, NotFound)
    assert isinstance(run("rules", "backtest", "--against", "ended").exception, InvalidInput)


def test_diff_of_the_published_rulebook_and_a_directory(run: Run, rules: Path) -> None:
    same = run("rules", "diff", "published", str(rules), "--exit-code")
    assert same.exit_code == 0, same.output
    assert "The rules say the same." in same.stdout
    assert "They fire for the same (2 projects" in same.stdout
    change(rules, "act: 80%", "act: 70%")
    asked = ("rules", "diff", "published", str(rules), "--as-of", "2026-10-31")
    shown = run(*asked)
    assert shown.exit_code == 0
    assert "changed revenue-behind-plan" in shown.stdout
    assert "      - 0.8\n      + 0.7\n" in shown.stdout
    assert "LE-002-K1" in shown.stdout
    assert run(*asked, "--exit-code").exit_code == 1
    found = told(run(*asked, "--format", "json"))
    assert found["only"][0]["fires_in"] == "A"
    over = told(
        run("rules", "diff", found["a"], str(rules), "--from", "2026-01-01", "--format", "json")
    )
    assert max(each["periods"] for each in over["only"]) > 1


def test_diff_called_wrongly(run: Run, rules: Path) -> None:
    for words in (
        ("published", "nowhere"),
        ("published", str(rules), "--as-of", "2026-10-31", "--from", "2026-01-01"),
        ("published", str(rules), "--to", "2026-10-31"),
    ):
        assert run("rules", "diff", *words).exit_code == 2
    change(rules, "when:", "wehn:")
    assert run("rules", "diff", "published", str(rules)).exit_code == 1


def test_a_terminal_is_shown_how_far_it_is(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def on_a_terminal() -> Iterator[bool]:
        yield True

    with progress.progress_bar("projects") as mute:
        mute(1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: next(on_a_terminal()))
    with progress.progress_bar("projects") as shown:
        shown(1, 2)


@pytest.mark.parametrize("command", ["check", "test", "fmt", "watch --once"])
def test_the_folder_is_named_before_or_behind_the_command(command: str, rules: Path) -> None:
    words = ["rules", *command.split()]
    behind = CliRunner().invoke(govern, [*words, "--rules", str(rules)])
    before = CliRunner().invoke(govern, ["--rules", str(rules), *words])
    assert behind.exit_code == before.exit_code == 0
    assert behind.stdout.splitlines()[2:] == before.stdout.splitlines()[2:]
    refused = CliRunner().invoke(govern, [*words, str(rules)])
    assert refused.exit_code == 2
    path = f"govern rules {words[1]}"
    assert f"Name the rules folder with --rules: {path} --rules {rules}" in flat(refused.stderr)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_folder_behind_the_command_is_what_the_draft_is_read_from(
    run: Run, rules: Path
) -> None:
    change(rules, "revenue-behind-plan", "revenue-behind-its-plan")
    named = ("--rules", str(rules))
    drafted = run("rules", "backtest", "revenue-behind-its-plan", "--draft", *named)
    assert drafted.exit_code == 0, drafted.output
    lone = run("rules", "backtest", "revenue-behind-its-plan", *named)
    assert (lone.exit_code, "add --draft" in lone.stderr) == (2, True)
    both = run("rules", "publish", "sha256:1", "--publisher", "ana@example.org", *named)
    assert (both.exit_code, "a revision is no folder" in both.stderr) == (2, True)
