"""The log's key, in a folder outside the database, with the last checkpoint that it signed.

`log.key` is the private key as Go's `note` writes it, readable by its owner only; `log.pub` the public
one. `retired/` keeps the public keys that came before, each with the statement that replaced it.
`sealed.checkpoint` is what a restored database is held against: it must not lie beside the database's
backups. It is written after the checkpoint is committed, never before, so that a crash in between
leaves it one step behind the log and never ahead of it: ahead means that the log lost something.
Before anything more is sealed it catches up.
"""

import fcntl
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from govern.ledger.note import Signer, Verifier

KEY, PUBLIC, NEXT = "log.key", "log.pub", "next.key"
SEALED, RETIRED, TURN = "sealed.checkpoint", "retired", "turn"
_PRIVATE, _OPEN = 0o600, 0o644


class KeyFolder:
    """May be used from any thread. A key that is replaced on disk is used from then on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._seen: tuple[tuple[int, int, int], Signer] | None = None

    def signer(self) -> Signer | None:
        """The key that signs; None where there is none. Raises `NoteFault` for a file that holds no
        key, and `OSError` for one that cannot be read."""
        try:
            stat = (self.root / KEY).stat()
        except FileNotFoundError:
            return None
        state = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
        if self._seen is None or self._seen[0] != state:
            self._seen = (state, Signer.read((self.root / KEY).read_text()))
        return self._seen[1]

    def verifiers(self) -> tuple[Verifier, ...]:
        """The public key of the log and those before it."""
        retired = sorted((self.root / RETIRED).glob("*.pub"))
        found = [Verifier.read(path.read_text()) for path in retired]
        signer = self.signer()
        return tuple(found if signer is None else [*found, signer.verifier])

    def last_checkpoint(self) -> str | None:
        """The note of the last checkpoint that was signed here, as far as is known here."""
        return self._text(SEALED)

    def remember(self, note: str) -> None:
        """Keep the last checkpoint; it is on the disk when this returns."""
        self._write(SEALED, note, _OPEN)

    def prepare(self, signer: Signer) -> None:
        """Lay a key ready that is to follow, or to be the first."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._write(NEXT, signer.secret_text() + "\n", _PRIVATE)

    def prepared(self) -> Signer | None:
        """The key that lies ready."""
        text = self._text(NEXT)
        return None if text is None else Signer.read(text)

    def discard(self) -> None:
        """Take away the key that lies ready."""
        (self.root / NEXT).unlink(missing_ok=True)

    def install(self, statement: str | None = None) -> None:
        """The key that lies ready becomes the log's; the one before it is gone but for its public half.

        `statement` is what both signed. May be repeated where it was interrupted.
        """
        following = self.prepared()
        current = self.signer()
        if following is None:
            return
        if current is not None and current != following:
            name = f"{RETIRED}/{current.verifier.key_id.hex()}"
            (self.root / RETIRED).mkdir(exist_ok=True)
            if statement is not None:
                self._write(f"{name}.rotation", statement, _OPEN)
            elif (self.root / SEALED).exists():
                (self.root / SEALED).rename(self.root / f"{name}.checkpoint")
            self._write(f"{name}.pub", f"{current.verifier}\n", _OPEN)
        self._write(PUBLIC, f"{following.verifier}\n", _OPEN)
        (self.root / NEXT).rename(self.root / KEY)
        _settle(self.root)

    @contextmanager
    def turn(self, *, wait: bool) -> Generator[bool]:
        """Whether this process may seal or change the key; with `wait` it is the next that may."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.root / TURN, os.O_RDWR | os.O_CREAT, _PRIVATE)
        try:
            got = False
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
                got = True
            yield got
        finally:
            os.close(handle)

    def _text(self, name: str) -> str | None:
        try:
            return (self.root / name).read_text()
        except FileNotFoundError:
            return None

    def _write(self, name: str, text: str, mode: int) -> None:
        """The file is whole under its name or as it was, also after a crash."""
        path = self.root / name
        handle, new = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(new).chmod(mode)
            Path(new).rename(path)
        except BaseException:
            Path(new).unlink(missing_ok=True)
            raise
        _settle(path.parent)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
