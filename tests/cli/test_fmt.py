"""`govern rules fmt`: what it writes, what it only lists, and its exit codes."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern

RULE = "schema: govern/rules/v1\narea: x\n\nrules:\n  - id: a\n    title: A\n    when: {}\n"
REST = "    severity: red\n    message: m # why\n"
UGLY, PRETTY = RULE.format("actual<1") + REST, RULE.format("actual < 1") + REST


def run(rules: Path, *words: str) -> Result:
    return CliRunner().invoke(govern, ["--rules", str(rules), "rules", "fmt", *words])


def test_it_lists_with_check_and_writes_without(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(UGLY)
    listed = run(tmp_path, "--check")
    assert (listed.exit_code, listed.stdout.strip()) == (1, path.as_posix())
    assert path.read_text() == UGLY
    assert run(tmp_path).exit_code == 0
    assert path.read_text() == PRETTY
    assert run(tmp_path, "--check").exit_code == 0


@pytest.mark.parametrize("words", [(), ("--check",)])
def test_a_file_with_errors_is_told_and_stays(tmp_path: Path, words: tuple[str, ...]) -> None:
    bad = UGLY.replace("title:", "titel:")
    (tmp_path / "a.yaml").write_text(bad)
    result = run(tmp_path, *words)
    assert result.exit_code == 1
    assert "did you mean 'title'?" in result.stderr
    assert (tmp_path / "a.yaml").read_text() == bad
