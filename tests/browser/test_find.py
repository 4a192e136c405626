"""Where no browser can be had the tests say what to do; they are left out only where that is asked for."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.find import ROOT, Chromium, NoBrowser, found

ENDS_AT_ONCE = "/bin/true"


def test_a_browser_that_does_not_start_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVERN_CHROMIUM", ENDS_AT_ONCE)
    with pytest.raises(NoBrowser, match="GOVERN_CHROMIUM is '/bin/true', which does not start"):
        found(tmp_path)


def test_what_was_tried_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOVERN_CHROMIUM", raising=False)
    monkeypatch.setenv("GOVERN_CHROMIUM_FROM", "installed, debian")
    # Nothing can be called.
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoBrowser) as told:
        found(tmp_path)
    for each in ("apt install chromium", "BROWSER=skip", "- installed: none of chromium"):
        assert each in str(told.value)
    assert "- debian: there is no apt-get" in str(told.value)


def test_a_source_that_is_not_known_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOVERN_CHROMIUM", raising=False)
    monkeypatch.setenv("GOVERN_CHROMIUM_FROM", "attic")
    with pytest.raises(NoBrowser, match="'attic'; right would be some of installed, debian, npm"):
        found(tmp_path)


def test_what_was_found_is_kept_until_it_changes(
    chromium: Chromium, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = tmp_path / "started"
    program = tmp_path / "chromium"
    real = f'exec {shlex.quote(chromium.program)} "$@"\n'
    program.write_text(f"#!/bin/sh\necho x >> {shlex.quote(str(started))}\n{real}")
    program.chmod(0o755)
    monkeypatch.setenv("GOVERN_CHROMIUM", str(program))
    first = found(tmp_path / "kept")
    assert first.version == chromium.version
    tries = started.read_text()
    assert found(tmp_path / "kept") == first
    assert started.read_text() == tries
    program.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(NoBrowser):
        found(tmp_path / "kept")


def test_a_test_without_a_browser_is_an_error_and_not_skipped() -> None:
    test = "tests/browser/test_watching.py::test_the_checker_finds_what_is_bad"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", test],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "GOVERN_CHROMIUM": ENDS_AT_ONCE},
        timeout=120,
    )
    assert done.returncode == 1, done.stdout
    assert "1 error" in done.stdout
    assert "GOVERN_CHROMIUM is '/bin/true', which does not start" in done.stdout


def _make(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["make", "-n", "test", *words], check=False, capture_output=True, text=True, cwd=ROOT
    )


def test_make_test_looks_for_a_browser_unless_it_is_told_not_to() -> None:
    usual = _make()
    assert "tests.browser.find" in usual.stdout
    assert "not browser" not in usual.stdout
    skipping = _make("BROWSER=skip")
    assert "tests.browser.find" not in skipping.stdout
    assert 'pytest -m "not browser"' in skipping.stdout
    assert "are left out" in skipping.stdout
    other = _make("BROWSER=none")
    assert other.returncode != 0
    assert "right would be BROWSER=skip" in other.stderr
