"""`govern rules table`: what it says, where, and its exit codes."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern

TEXT = """\
schema: govern/rules/v1
area: x
tables:
  - id: kpi-rag
    hit: first
    rows: |
      | attainment || rag     |
      | >= 80%     || "green" |
      | -          || "red"   |
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "a.yaml").write_text(TEXT)
    return folder


def run(*words: str | Path, before: tuple[str, ...] = ()) -> Result:
    return CliRunner().invoke(govern, [*before, "rules", "table", *map(str, words)])


def test_there_and_back_with_the_rules_before_or_behind_the_command(rules: Path) -> None:
    book, other = rules.parent / "a.xlsx", rules.parent / "b.xlsx"
    done = run("export", "kpi-rag", book, "--rules", rules)
    assert (done.exit_code, done.output) == (0, f"kpi-rag is in {book}.\n")
    assert run("export", "kpi-rag", other, before=("--rules", str(rules))).exit_code == 0
    for each in (book, other):
        done = run("import", each, "--rules", rules)
        assert done.exit_code == 0
        assert "is as the workbook has it; nothing changes." in done.output
    assert (rules / "a.yaml").read_text() == TEXT


def test_a_file_that_is_there_is_written_over_only_if_that_is_said(rules: Path) -> None:
    book = rules.parent / "a.xlsx"
    book.write_text("mine")
    refused = run("export", "kpi-rag", book, "--rules", rules)
    assert refused.exit_code == 1
    assert book.read_text() == "mine"
    assert run("export", "kpi-rag", book, "--rules", rules, "--force").exit_code == 0


def test_a_dry_run_shows_the_difference_and_an_import_makes_it(rules: Path) -> None:
    path, book = rules / "a.yaml", rules.parent / "a.xlsx"
    assert run("export", "kpi-rag", book, "--rules", rules).exit_code == 0
    path.write_text(TEXT.replace("80%", "90%"))
    shown = run("import", book, "--rules", rules, "--dry-run")
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert lines[:2] == [f"--- {path.as_posix()}", f"+++ {path.as_posix()}"]
    assert '-      | >= 90%     || "green" |' in lines
    assert '+      | >= 80%     || "green" |' in lines
    assert "has changed in" in shown.stderr
    assert "would change: 1 row came, 1 went." in shown.stderr
    assert path.read_text() != TEXT
    done = run("import", book, "--rules", rules)
    assert done.exit_code == 0
    assert "changed: 1 row came, 1 went." in done.stdout
    assert path.read_text() == TEXT


def test_rows_in_another_order_are_told_as_such(rules: Path) -> None:
    path, book = rules / "a.yaml", rules.parent / "a.xlsx"
    assert run("export", "kpi-rag", book, "--rules", rules).exit_code == 0
    *head, first, second = TEXT.splitlines(keepends=True)
    path.write_text("".join([*head, second, first]).replace("first", "collect", 1))
    assert run("import", book, "--rules", rules).exit_code == 1
    path.write_text("".join([*head, second, first]))
    done = run("import", book, "--rules", rules)
    assert "the rows stand in another order" in done.stdout
    assert path.read_text() == TEXT


def test_rules_with_errors_are_told_and_a_workbook_is_not_written(rules: Path) -> None:
    book = rules.parent / "a.xlsx"
    (rules / "a.yaml").write_text(TEXT.replace("attainment", "attainmnt "))
    refused = run("export", "kpi-rag", book, "--rules", rules)
    assert refused.exit_code == 1
    assert "did you mean 'attainment'?" in refused.stderr
    assert not book.exists()


def test_what_is_no_workbook_is_told_and_nothing_is_written(rules: Path) -> None:
    refused = run("import", rules / "a.yaml", "--rules", rules)
    assert refused.exit_code == 1
    assert "a.yaml: error[E340]: this is no Excel workbook" in refused.stderr
    assert "Nothing was written." in refused.stderr
    assert run("import", rules.parent / "none.xlsx", "--rules", rules).exit_code == 2
