"""The hooks for pre-commit and the examples of docs/automation.md run as they stand, and find mistakes."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from govern.settings import shipped
from tests.walk.served import GOVERN, plain_environment

ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
PAGE = (ROOT / "docs" / "automation.md").read_text(encoding="utf-8")
EXAMPLES: dict[str, Any] = {
    name: yaml.safe_load(text)
    for name, text in re.findall(r"^```yaml (\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
}
JOB = EXAMPLES[".github/workflows/rules.yml"]["jobs"]["rules"]
CALLS = [step["run"] for step in JOB["steps"] if step.get("run", "").startswith("govern ")]

MISTAKES = {
    "rules check": (
        "rules/revenue/revenue.yaml",
        "when: attainment < act",
        "when: attainmnt < act",
    ),
    "rules test": ("rules/revenue/revenue.yaml", "act: 80%", "act: 70%"),
    "rules fmt": ("rules/revenue/revenue.yaml", "severity: red", "severity:   red"),
    "workflow check": ("workflows/value-realization.yaml", "to: planned", "to: plannd"),
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in ("rules", "workflows"):
        shutil.copytree(shipped(name), tmp_path / name)
    return tmp_path


def run(line: str, folder: Path, environment: dict[str, str] | None = None) -> int:
    """The exit code of a command line in a shell whose `govern` is ours."""
    path = f"{GOVERN.parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-e", "-c", line],
        check=False,
        cwd=folder,
        env={**plain_environment(), **(environment or {}), "PATH": path},
        capture_output=True,
        timeout=120,
    ).returncode


def break_for(line: str, folder: Path) -> None:
    """Makes the mistake that the command is there to find."""
    (mistake,) = (each for words, each in MISTAKES.items() if words in line)
    name, right, wrong = mistake
    text = (folder / name).read_text(encoding="utf-8")
    assert right in text
    (folder / name).write_text(text.replace(right, wrong, 1), encoding="utf-8")


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_passes_good_files_and_stops_bad_ones(
    hook: dict[str, Any], repository: Path
) -> None:
    before = {path: path.read_bytes() for path in repository.rglob("*.yaml")}
    assert run(hook["entry"], repository) == 0
    assert {path: path.read_bytes() for path in repository.rglob("*.yaml")} == before
    break_for(hook["entry"], repository)
    broken = {path: path.read_bytes() for path in repository.rglob("*.yaml")}
    code = run(hook["entry"], repository)
    # pre-commit also stops where a hook has changed a file.
    mended = {path: path.read_bytes() for path in repository.rglob("*.yaml")} != broken
    assert code != 0 or mended
    assert mended == (hook["id"] == "govern-rules-fmt")


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_when_its_files_change(hook: dict[str, Any]) -> None:
    assert hook["pass_filenames"] is False, "a rulebook is checked whole"
    assert hook["language"] == "python"
    folder = "workflows/" if "workflow" in hook["id"] else "rules/revenue/"
    assert re.search(hook["files"], f"{folder}x.yaml")
    assert not re.search(hook["files"], "src/x.yaml")


def test_every_hook_is_in_the_doc_and_no_other() -> None:
    (used,) = EXAMPLES[".pre-commit-config.yaml"]["repos"]
    ids = {hook["id"] for hook in HOOKS}
    assert {hook["id"] for hook in used["hooks"]} == ids
    assert set(re.findall(r"^\| `(govern-[a-z-]+)` \|", PAGE, re.MULTILINE)) == ids


@pytest.mark.parametrize("line", CALLS)
def test_a_step_of_the_job_passes_good_files_and_fails_on_bad_ones(
    line: str, repository: Path
) -> None:
    assert run(line, repository, JOB["env"]) == 0
    break_for(line, repository)
    assert run(line, repository, JOB["env"]) != 0


def test_what_the_job_uploads_is_written_by_a_step_before() -> None:
    written: set[str] = set()
    uploads = 0
    for step in JOB["steps"]:
        written |= set(re.findall(r"> (\S+)", step.get("run", "")))
        given = step.get("with", {})
        for key in ("sarif_file", "path"):
            if key in given:
                assert given[key] in written
                uploads += 1
    assert uploads == 2
