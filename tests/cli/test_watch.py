"""`govern rules watch`: in a process of its own, as an author runs it, and what a look decides."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern
from govern.cli.rules import watch as watching
from govern.documents.files import differences, read_yaml_files
from tests.walk.watching import Watching

RULE = """schema: govern/rules/v1
area: x
rules:
  - id: late
    title: Late
    when: attainment < 80%
    severity: red
    message: "{kpi} is late"
    tests:
      - {name: below, given: {planned: 100, actual: 70}, expect: fires}
      - {name: above, given: {planned: 100, actual: 90}, expect: silent}
      - {name: nothing, given: {planned: 100, actual: ~}, expect: unknown}
"""
GOOD = "0 errors, 0 warnings; tests: 3 passed, 0 failed."


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    (folder / "x").mkdir(parents=True)
    (folder / "x" / "late.yaml").write_text(RULE)
    return folder


@pytest.fixture
def start() -> Iterator[Callable[[Path], Watching]]:
    with ExitStack() as running:
        yield lambda folder: running.enter_context(Watching(folder))


def save(path: Path, text: str) -> None:
    """As editors do: a new file, then a rename over the old one."""
    beside = path.with_suffix(".tmp")
    beside.write_text(text)
    os.replace(beside, path)


def test_each_save_is_checked_and_tested_until_ctrl_c(
    rules: Path, start: Callable[[Path], Watching]
) -> None:
    path = rules / "x" / "late.yaml"
    watch = start(rules)
    first = watch.until("Ctrl-C ends it")
    assert any(line.endswith(f" 1 file in {rules}") for line in first)
    assert GOOD in first

    path.write_text(RULE.replace("80%", "60%"))
    told = watch.until("2 passed, 1 failed.")
    assert any(line.endswith(" changed x/late.yaml") for line in told)
    assert f"{path}:10:16: late: below" in told
    assert "   expected fires" in told

    save(path, RULE.replace("attainment", "atainment"))
    told = watch.until("no test was run")
    assert f"{path}:6:11: error[E210]: unknown name `atainment`" in told
    assert told[-1] == "1 error, 0 warnings; no test was run."

    save(path, RULE)
    for number in range(20):
        (rules / "x" / f"burst{number}.yaml").write_text(RULE.replace("late", f"late{number}"))
    watch.until("tests: 63 passed, 0 failed.")

    assert watch.interrupt() == 0
    assert watch.until("Ended.")


def test_it_ends_as_cleanly_when_nothing_ever_changed(
    rules: Path, start: Callable[[Path], Watching]
) -> None:
    watch = start(rules)
    watch.until("Ctrl-C ends it")
    assert watch.interrupt() == 0


def once(*words: str) -> Result:
    return CliRunner().invoke(govern, ["rules", "watch", *words])


def test_once_ends_with_what_it_found(rules: Path) -> None:
    found = once("--rules", str(rules), "--once")
    assert (found.exit_code, found.stdout.splitlines()[-1]) == (0, GOOD)
    (rules / "x" / "late.yaml").write_text(RULE.replace("expect: fires", "expect: pending"))
    found = once("--rules", str(rules), "--once")
    assert found.exit_code == 1
    assert "   expected pending" in found.stdout
    (rules / "x" / "late.yaml").write_text(RULE.replace("when:", "wehn:"))
    found = once("--rules", str(rules), "--once")
    assert found.exit_code == 1
    assert "did you mean 'when'?" in found.stdout
    assert once("--rules", str(rules / "nowhere"), "--once").exit_code == 2


def test_a_warning_does_not_end_it_badly(rules: Path) -> None:
    text = "".join(line for line in RULE.splitlines(keepends=True) if "nothing" not in line)
    (rules / "x" / "late.yaml").write_text(text)
    found = once("--rules", str(rules), "--once")
    assert found.exit_code == 0
    assert found.stdout.splitlines()[-1].startswith("0 errors, 1 warning; tests: 2 passed")


def test_without_a_folder_it_watches_the_one_of_the_settings(rules: Path) -> None:
    found = CliRunner().invoke(govern, ["--rules", str(rules), "rules", "watch", "--once"])
    assert f"1 file in {rules}" in found.stdout


def test_only_changed_content_is_judged_again(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rules / "x" / "late.yaml"

    def looks(folder: Path) -> Iterator[None]:
        yield
        path.touch()
        (rules / "x" / ".late.yaml.swp").write_text("an editor's own")
        yield
        path.write_text(RULE.replace("80%", "70%"))
        yield
        yield
        raise KeyboardInterrupt

    monkeypatch.setattr(watching, "_looks", looks)
    found = once("--rules", str(rules))
    assert found.exit_code == 0
    assert found.stdout.count("changed x/late.yaml") == 1
    assert found.stdout.count("tests: ") == 2
    assert found.stdout.endswith("Ended.\n")


def test_where_the_system_tells_no_changes_the_files_are_looked_at(
    rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool | None] = []

    def told(folder: Path, *, force_polling: bool | None, **_: object) -> Iterator[set[object]]:
        asked.append(force_polling)
        if not force_polling:
            raise OSError("OS file watch limit reached.")
        yield set()
        raise KeyboardInterrupt

    monkeypatch.setattr("watchfiles.watch", told)
    assert once("--rules", str(rules)).exit_code == 0
    assert asked == [None, True]


def test_what_became_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a")
    (tmp_path / "b.yaml").write_text("b")
    (tmp_path / "c.yaml").write_text("c")
    before = read_yaml_files(tmp_path)
    assert differences(before, before) == ()
    (tmp_path / "a.yaml").write_text("b")
    (tmp_path / "b.yaml").unlink()
    (tmp_path / "d.yaml").write_text("d")
    (tmp_path / "e.yaml").write_bytes(b"\xff")
    assert differences(before, read_yaml_files(tmp_path)) == (
        "gone b.yaml",
        "changed a.yaml",
        "new d.yaml",
        f"unreadable {tmp_path.as_posix()}/e.yaml",
    )
