"""What a witness remembers: for each log the last checkpoint it saw, one file each in a folder.

A checkpoint is on the disk before it is cosigned: a witness that was cut off there cosigns the same
checkpoint again, and never an older one or another story of the same size.
"""

import fcntl
import hashlib
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from govern.domain.refusal import BadConfiguration
from govern.ledger.checkpoint import Checkpoint
from govern.ledger.note import NoteFault, split_note


class WitnessState:
    """The folder. Only inside `locked` is what was read still so when it is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def locked(self) -> Generator[None]:
        """Keeps every other run of a witness on this folder waiting."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def last(self, origin: str) -> Checkpoint | None:
        """The last checkpoint of this log; `BadConfiguration` where its file was damaged."""
        path = self._path(origin)
        if not path.exists():
            return None
        try:
            seen = Checkpoint.read(split_note(path.read_text(encoding="utf-8"))[0])
        except (NoteFault, UnicodeDecodeError) as error:
            raise BadConfiguration(
                f"{path} is not the checkpoint that was kept there: {error}. Bring the file back from"
                " a backup: without it this witness would take any log for the first it sees."
            ) from None
        if seen.origin != origin:
            raise BadConfiguration(f"{path} is of the log {seen.origin}, not {origin}.")
        return seen

    def keep(self, origin: str, note: str) -> None:
        """Replace the last checkpoint of this log, whole or not at all, and on the disk."""
        write_durably(self._path(origin), note)

    def keep_evidence(self, origin: str, text: str) -> Path:
        """What a log has signed that does not fit what it had signed before: proof against it."""
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        path = self._path(origin).with_suffix(f".{name}.evidence")
        write_durably(path, text)
        return path

    def _path(self, origin: str) -> Path:
        return self.folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.checkpoint"


def write_durably(path: Path, text: str) -> None:
    """Write a file so that after any crash it holds the old text or the new one, never a part."""
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
