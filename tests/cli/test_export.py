"""`govern audit export`: a bundle in a file, whole or not at all."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from govern.audit_bundle import verify as verifier
from govern.cli.main import govern
from govern.domain.refusal import NoKey, NotFound


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Run":
    monkeypatch.chdir(tmp_path)
    for name, value in (("DATABASE_URL", "sqlite:///govern.db"), ("KEYS_DIR", "keys")):
        monkeypatch.setenv(f"GOVERN_{name}", value)
    return Run()


class Run:
    def __call__(self, *arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(govern, list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output


def test_a_bundle_is_written_and_verifies(run: Run, tmp_path: Path) -> None:
    with pytest.raises(NoKey):
        run("audit", "export", "all.zip")
    run("keys", "new", "--origin", "govern.example.org/log")
    code, told = run("audit", "export", "all.zip", "--from", "2020-01-01")
    assert (code, "Verify it" in told) == (0, True)
    policy = tmp_path / "policy.txt"
    policy.write_text((tmp_path / "keys" / "log.pub").read_text().join(("log ", "quorum none\n")))
    assert verifier.main(["all.zip", "--policy", str(policy)]) == 0
    assert not list(tmp_path.glob(".export-*"))


def test_what_is_there_is_not_written_over(run: Run, tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_text("mine")
    code, told = run("audit", "export", "all.zip")
    assert (code, "is there already" in told) == (2, True)
    assert (tmp_path / "all.zip").read_text() == "mine"


@pytest.mark.parametrize(
    "wrong",
    [["--project", "P1", "--from", "2026-01-01"], ["--gate", "planned"], ["--from", "yesterday"]],
)
def test_a_call_that_says_two_things_or_none_is_refused(run: Run, wrong: list[str]) -> None:
    assert run("audit", "export", "all.zip", *wrong)[0] == 2


def test_a_project_that_is_not_there_leaves_no_file(run: Run, tmp_path: Path) -> None:
    run("keys", "new", "--origin", "govern.example.org/log")
    with pytest.raises(NotFound):
        run("audit", "export", "no.zip", "--project", "P9")
    assert not list(tmp_path.glob("*.zip"))
