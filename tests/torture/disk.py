"""A disk that forgets: what was not synced is lost when the power goes, in whole or in part.

An SQLite file system (VFS) that writes through to real files, so that everybody reads what was written, and
keeps beside them what a disk would hold. Of what was written since the last sync of a file, at a loss of
power, each sector is there or not, whatever came before it, and one may be there in part: SQLite asks no
more of a disk (sqlite.org/atomiccommit.html, section 2), and in WAL mode needs no sector to be whole. A sync
that fails may leave what was written lost for good though it can be read until then (P. Hillis and others,
Can Applications Recover from fsync Failures?, 2020).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import RLock
from typing import Any

import apsw

SECTOR = 512
_names = count(1)
WRITE, SYNC = "write", "sync"


@dataclass
class Held:
    """What a disk holds of one file, and what it was told since: bytes from an offset, or a new size."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list[tuple[int, bytes | None]])

    def settle(self) -> None:
        for change in self.pending:
            _apply(self.durable, change)
        self.pending.clear()

    def after_loss(self, pick: random.Random) -> bytes:
        left = bytearray(self.durable)
        # From nearly all of it to nearly nothing: both ends are where mistakes show.
        share = pick.choice((0.0, 0.05, 0.5, 0.95, 1.0))
        for offset, data in self.pending:
            if data is None:
                if pick.random() < share:
                    _apply(left, (offset, None))
                continue
            for start in range(0, len(data), SECTOR):
                if pick.random() < share:
                    piece = data[start : start + SECTOR]
                    if pick.random() < 0.02:
                        piece = piece[: pick.randrange(len(piece) + 1)]
                    _apply(left, (offset + start, piece))
        return bytes(left)


def _apply(content: bytearray, change: tuple[int, bytes | None]) -> None:
    offset, data = change
    if data is None:
        del content[offset:]
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


class Disk(apsw.VFS):
    """`lies`: it says that it has synced, and has not. `before` is called before each write and sync, with
    which of both it is; what it raises is what the disk answers."""

    def __init__(self, pick: random.Random, *, lies: bool = False) -> None:
        self.name = f"forgetful{next(_names)}"
        super().__init__(self.name, "")
        self.pick, self.lies = pick, lies
        self.before: Callable[[str], None] = lambda _: None
        self.held: dict[str, Held] = {}
        self.lock = RLock()

    def xOpen(self, name: Any, flags: list[int]) -> "DiskFile":  # noqa: N802 - SQLite's name
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        opened = DiskFile(self, name, flags)
        with self.lock:
            if path is not None and path not in self.held:
                file = Path(path)
                there = file.read_bytes() if file.exists() else b""
                self.held[path] = Held(bytearray(there))
        opened.path = path
        return opened

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        with self.lock:
            super().xDelete(filename, syncdir)
            self.held.pop(filename, None)

    def change(self, path: str | None, offset: int, data: bytes | None) -> None:
        if path is not None:
            self.held[path].pending.append((offset, data))

    def synced(self, path: str | None) -> None:
        if path is not None and not self.lies:
            self.held[path].settle()

    def sync_failed(self, path: str | None) -> None:
        """What the system held for the disk is marked as written, and never is."""
        if path is not None and self.pick.random() < 0.5:
            self.held[path].pending.clear()

    def lose_power(self) -> dict[str, bytes]:
        """Name of the file → what is left of it. The index of a WAL is in memory, and gone."""
        with self.lock:
            return {
                Path(path).name: held.after_loss(self.pick)
                for path, held in self.held.items()
                if not path.endswith("-shm")
            }


class DiskFile(apsw.VFSFile):
    path: str | None = None

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        with self._disk.lock:
            self._disk.before(WRITE)
            super().xWrite(data, offset)
            self._disk.change(self.path, offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        with self._disk.lock:
            super().xTruncate(newsize)
            self._disk.change(self.path, newsize, None)

    def xSync(self, flags: int) -> None:  # noqa: N802
        with self._disk.lock:
            try:
                self._disk.before(SYNC)
            except apsw.Error:
                self._disk.sync_failed(self.path)
                raise
            self._disk.synced(self.path)
