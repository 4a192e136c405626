"""Counting together: several processes keep their figures in one folder, each in files of its own.

prometheus-client names those files by process id, and would leave two behind for each process that
ends. Here a process takes the first place that nobody holds, and goes on counting from what stands
there: the folder does not grow with the number of `govern tick`s, and no figure ever goes back.
"""

import contextlib
import os
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, values
from prometheus_client.multiprocess import MultiProcessCollector

from govern.domain.refusal import BadConfiguration
from govern.settings import hand_on

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Which prometheus-client reads itself."""

PLACES = 512

_held: list[Any] = []
"""The locks of this process, open as long as it lives."""


def count_in(folder: Path) -> None:
    """From here on this process counts in the folder, which is made where it is missing.

    To be called before anything is counted, in the process that counts. Raises BadConfiguration for
    a folder that cannot be written to, or in which every place is taken.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place = _take_place(folder)
    except OSError as error:
        raise BadConfiguration(
            f"GOVERN_METRICS_DIR is '{folder}', where nothing can be counted: "
            f"{type(error).__name__}.",
            setting="GOVERN_METRICS_DIR",
        ) from error
    hand_on(FOLDER, str(folder))
    values.ValueClass = values.MultiProcessValue(lambda: place)  # type: ignore[misc]


def _take_place(folder: Path) -> int:
    try:
        import fcntl  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return os.getpid()
    for place in range(PLACES):
        lock = (folder / f"{place}.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            _held.append(lock)
            return place
    raise BadConfiguration(
        f"In '{folder}' {PLACES} processes count already.", setting="GOVERN_METRICS_DIR"
    )


def all_counted(folder: Path, registry: CollectorRegistry) -> None:
    """Lets the registry tell of what every process has counted in the folder."""
    MultiProcessCollector(registry, path=str(folder))


def stop_counting() -> None:
    """For tests: this process counts for itself again, and its place is free."""
    values.ValueClass = values.MutexValue  # type: ignore[misc]
    while _held:
        with contextlib.suppress(OSError):
            _held.pop().close()
