"""Work that an executor begins and does not end before one of them is lost; and how one is lost."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from govern.domain.progress import Progress
from govern.services.engines import OfProjects, OfTables
from govern.services.frame_folder import FrameFolder
from govern.spark.engine import SparkEngine

WAITS_S = 120


@dataclass(frozen=True)
class Held:
    """In an executor: says that it has begun, and waits for the loss of one of them."""

    work: Any
    place: Path

    def __call__(self, *given: Any) -> Any:
        (self.place / f"{os.getpid()}.begun").touch()
        _wait_for(self.place / "lost")
        return self.work(*given)


@dataclass(frozen=True)
class Losing:
    """Spark, of which an executor is killed as soon as it has begun to work."""

    spark: SparkEngine
    place: Path

    def over_database(
        self,
        work: OfProjects[Any],
        connection: Any,
        project_ids: Any,
        at_once: int,
        progress: Progress,
    ) -> Any:
        killer = Thread(target=self._kill)
        killer.start()
        held = Held(work, self.place)
        yield from self.spark.over_database(held, connection, project_ids, at_once, progress)
        killer.join()

    def over_folder(
        self, work: OfTables[Any], folder: FrameFolder, at_once: int, progress: Progress
    ) -> Any:
        killer = Thread(target=self._kill)
        killer.start()
        yield from self.spark.over_folder(Held(work, self.place), folder, at_once, progress)
        killer.join()

    def _kill(self) -> None:
        worker = int(_wait_for_one(self.place).stem)
        executor = _executor_of(worker)
        os.kill(executor, signal.SIGKILL)
        (self.place / "killed").write_text(str(executor))
        (self.place / "lost").touch()


def _wait_for(path: Path) -> None:
    until = time.monotonic() + WAITS_S
    while not path.exists():
        if time.monotonic() > until:
            raise TimeoutError(f"{path} did not come")
        time.sleep(0.05)


def _wait_for_one(place: Path) -> Path:
    until = time.monotonic() + WAITS_S
    while not (begun := sorted(place.glob("*.begun"))):
        if time.monotonic() > until:
            raise TimeoutError("nothing has begun")
        time.sleep(0.05)
    return begun[0]


def _executor_of(pid: int) -> int:
    """The Java process that started the Python worker, by way of the daemon that forks them; it is one
    of Spark's executors, which this process started, and not this process's own Java."""
    while pid > 1:
        pid = _parent(pid)
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"CoarseGrainedExecutorBackend" in command:
            return pid
    raise AssertionError("the worker is not of an executor")


def _parent(pid: int) -> int:
    stat = Path(f"/proc/{pid}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])
