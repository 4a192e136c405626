"""A real `govern serve` that is killed, whole, and started again."""

import os
import signal
import subprocess
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.walk.served import (
    command,
    plain_environment,
    port_that_is_free,
    wait_until_it_answers,
)

WORKERS = 2


@dataclass
class Server:
    url: str
    folder: Path
    environment: Mapping[str, str]
    workers: int = WORKERS
    before: Callable[[], None] | None = None
    """Done in the new process before it becomes govern: limits on what it may use."""
    address: str = ""
    process: "subprocess.Popen[bytes] | None" = None
    _log: Path = field(init=False)

    def __post_init__(self) -> None:
        self._log = self.folder / "serve.log"

    def start(self) -> None:
        """Returns once it answers. Raises AssertionError, with what it said, where it does not."""
        port = port_that_is_free()
        words = ("serve", "--port", str(port), "--workers", str(self.workers))
        with self._log.open("ab") as out:
            self.process = subprocess.Popen(
                command(self.url, *words),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={
                    **plain_environment(),
                    "GOVERN_TICKS": "no",
                    "GOVERN_REQUESTS_PER_MINUTE": "0",
                    "GOVERN_METRICS": "off",
                    **self.environment,
                },
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=self.before,  # noqa: PLW1509 - nothing but a limit is set
            )
        self.address = f"http://127.0.0.1:{port}"
        wait_until_it_answers(self.process, self.address, self._log)

    def kill(self) -> None:
        """SIGKILL to all of its processes at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def said(self) -> str:
        return self._log.read_text(errors="replace")


@contextmanager
def serving(
    url: str,
    folder: Path,
    environment: Mapping[str, str],
    *,
    workers: int = WORKERS,
    before: Callable[[], None] | None = None,
) -> Generator[Server]:
    server = Server(url, folder, environment, workers, before)
    try:
        server.start()
        yield server
    finally:
        server.kill()
