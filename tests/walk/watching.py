"""A real `govern rules watch` in a process of its own, as an author runs it."""

import queue
import signal
import subprocess
import threading
from pathlib import Path

from tests.walk.served import GOVERN, plain_environment

LONGEST_S = 60


class Watching:
    """Reads its output line by line; nothing waits longer than `LONGEST_S`. `folder` is named as
    from `cwd`."""

    def __init__(self, folder: Path | str, cwd: Path | None = None) -> None:
        self.process = subprocess.Popen(
            [str(GOVERN), "rules", "watch", "--rules", str(folder)],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=plain_environment(),
            text=True,
            start_new_session=True,
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def until(self, wanted: str) -> list[str]:
        """The lines up to the first one that has the text."""
        told: list[str] = []
        while not told or wanted not in told[-1]:
            try:
                told.append(self.lines.get(timeout=LONGEST_S))
            except queue.Empty:
                raise AssertionError(f"no {wanted!r} in {told}") from None
        return told

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=LONGEST_S)

    def __enter__(self) -> "Watching":
        return self

    def __exit__(self, *_: object) -> None:
        """However it went, nothing is left running."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=LONGEST_S)
        self.reader.join(LONGEST_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
