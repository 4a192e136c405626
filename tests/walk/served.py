"""A real `govern serve` in a process of its own, on a free port of the loopback interface."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

GOVERN = Path(sys.executable).with_name("govern")
START_S = 120
STOP_S = 20
POLL_S = 0.1


def command(database_url: str, *words: str) -> list[str]:
    return [str(GOVERN), "--database", database_url, *words]


def plain_environment() -> dict[str, str]:
    """Without settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GOVERN_")}


@contextmanager
def served(
    database_url: str,
    folder: Path,
    *,
    workers: int = 1,
    environment: Mapping[str, str] | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Generator[str]:
    """The server's address, each worker a process. It is stopped when the block ends, however."""
    port = port_that_is_free()
    log = folder / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command(database_url, "serve", "--port", str(port), "--workers", str(workers)),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            # Time does nothing by itself and nobody is limited, unless a test wants it so.
            env={
                **plain_environment(),
                "GOVERN_TICKS": "no",
                "GOVERN_REQUESTS_PER_MINUTE": "0",
                **(environment or {}),
            },
            cwd=folder,
            # A group of its own, so that no worker can outlive it.
            start_new_session=True,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_it_answers(process, address, log)
            yield address
        finally:
            _stop(process, stop)


def port_that_is_free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    opener = build_opener(ProxyHandler({}))
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"govern ended with {process.returncode}:\n{log.read_text()}")
        try:
            with opener.open(f"{address}/api/v1/health", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(POLL_S)
    raise AssertionError(f"govern did not answer within {START_S} s:\n{log.read_text()}")


def _stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    process.send_signal(how)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOP_S)
        raise
