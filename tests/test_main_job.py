"""`make run` as its user has it: `govern demo --serve` in an empty folder, called, and stopped."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from tests.walk.served import GOVERN, plain_environment, port_that_is_free, wait_until_it_answers

STOP_S = 30


@dataclass(frozen=True)
class Demo:
    process: subprocess.Popen[bytes]
    address: str
    log: Path


@contextmanager
def demo(folder: Path) -> Generator[Demo]:
    """The demo, as soon as it answers; with everything that it started it is gone behind the block."""
    port = port_that_is_free()
    log = folder / "demo.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(GOVERN), "demo", "--serve"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**plain_environment(), "GOVERN_PORT": str(port)},
            cwd=folder,
            start_new_session=True,  # a group of its own: whatever it starts can be found
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_it_answers(process, address, log)
            yield Demo(process, address, log)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(STOP_S)


def read(address: str, token: str | None = None) -> tuple[int, Any]:
    signed = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with build_opener(ProxyHandler({})).open(
            Request(address, headers=signed),  # noqa: S310 - an address of our own
            timeout=30,
        ) as got:
            return got.status, json.load(got)
    except HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def is_gone(group: int) -> bool:
    """Whether no process of the group runs. A child may take a moment to be reaped."""
    until = time.monotonic() + STOP_S
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
def test_the_main_job_is_served_until_it_is_stopped(tmp_path: Path, stop: signal.Signals) -> None:
    with demo(tmp_path) as running:
        printed = running.log.read_text(encoding="utf-8")
        assert f"Web API   {running.address}/api/v1" in printed
        assert "Recommendations waiting for an answer" in printed
        tokens = dict(re.findall(r"^ (\w+) .*(gov_\S+)$", printed, re.MULTILINE))
        assert {"sponsor", "rule_author", "rule_publisher", "auditor"} <= tokens.keys()
        status, health = read(f"{running.address}/api/v1/health")
        assert (status, health["status"]) == (200, "ok")
        assert read(f"{running.address}/api/v1/waiting")[0] == 401
        for role in ("sponsor", "auditor"):
            status, me = read(f"{running.address}/api/v1/me", tokens[role])
            assert (status, [each["role"] for each in me["roles"]]) == (200, [role])
        status, waiting = read(f"{running.address}/api/v1/waiting", tokens["sponsor"])
        assert status == 200
        assert waiting["gates"]

        # Ctrl-C reaches every process of the terminal's group, `kill` the first one only.
        if stop is signal.SIGINT:
            os.killpg(running.process.pid, stop)
        else:
            running.process.send_signal(stop)
        assert running.process.wait(STOP_S) == 0
        assert is_gone(running.process.pid), "a process is left behind"
        assert "Traceback" not in running.log.read_text(encoding="utf-8")
    assert (tmp_path / "var" / "govern.db").exists()
